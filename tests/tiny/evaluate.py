"""Examine a GGUF of `tiny` on the held-out side, through llama.cpp in this process, and print the figures.

    python tests/tiny/evaluate.py omm/embedded/tiny.gguf [--count 300] [--show 10] [--json figures.json]
    python tests/tiny/evaluate.py --url http://127.0.0.1:11434      # tiny as a server answers, calls held to the tools

Each skill is asked greedily and with omm's default sampling (temperature 0.7, top_p 0.9, top_k 40, repeat penalty
1.1), which is harder on copying.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from chat import Message, render_answer
from heldout import Case, draw_cases, is_right, thinks_right

LIMIT = 200
GREEDY = {"temperature": 0.0, "repeat_penalty": 1.0}
PROPOSED = {"temperature": 0.2, "top_p": 0.9, "top_k": 40, "repeat_penalty": 1.0}
DEFAULT = {"temperature": 0.7, "top_p": 0.9, "top_k": 40, "repeat_penalty": 1.1}
SAMPLINGS: dict[str, dict[str, Any]] = {"greedy": GREEDY, "proposed": PROPOSED, "default": DEFAULT}
TARGETS = {"tool: all": 0.90, "json": 0.80, "ends by itself": 0.95}

Answerer = Callable[[Case, dict[str, Any]], tuple[str, bool]]
"""A case and sampling in; the answer in template text, and whether it ended by itself, out."""


def llama_answerer(path: Path, threads: int) -> Answerer:
    from llama_cpp import Llama

    llama = Llama(str(path), n_ctx=2048, n_threads=threads, verbose=False, seed=7)

    def answer(case: Case, sampling: dict[str, Any]) -> tuple[str, bool]:
        tokens = llama.tokenize(case.prompt.encode(), add_bos=False, special=True)
        choice = llama.create_completion(tokens, max_tokens=LIMIT, **sampling)["choices"][0]
        return choice["text"], choice["finish_reason"] == "stop"

    return answer


def server_answerer(url: str) -> Answerer:
    """Chats go to the server as a client sends them: its template, its grammars, its parsers."""

    def answer(case: Case, sampling: dict[str, Any]) -> tuple[str, bool]:
        options = {"num_predict": LIMIT, **sampling}
        if case.chat is None:
            reply = ask(url, "generate", prompt=case.prompt, raw=True, options=options)
            return reply["response"], reply["done_reason"] == "stop"
        *history, _ = case.chat.messages
        turns = [message.to_openai() for message in history]
        reply = ask(url, "chat", messages=turns, tools=case.chat.tools, think=case.thinks, options=options)
        return in_template(reply["message"]), reply["done_reason"] == "stop"

    return answer


def ask(url: str, route: str, **fields: Any) -> dict[str, Any]:
    reply = requests.post(f"{url}/api/{route}", json={"model": "tiny", "stream": False, **fields}, timeout=120)
    reply.raise_for_status()
    parsed: dict[str, Any] = reply.json()
    return parsed


def in_template(message: dict[str, Any]) -> str:
    """A server's message as the model wrote it."""
    functions = [call["function"] for call in message.get("tool_calls") or []]
    calls = [(function["name"], function["arguments"]) for function in functions]
    thought = f"<think>\n{message['thinking']}\n</think>\n\n" if message.get("thinking") else ""
    return thought + render_answer(Message("assistant", message["content"], calls))


def examine(answer: Answerer, cases: list[Case], sampling: dict[str, Any], show: int) -> dict[str, tuple[int, int]]:
    """Right and asked, by skill, with the figures over all answers at the end."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    shown: defaultdict[str, int] = defaultdict(int)
    for case in cases:
        output, ended = answer(case, sampling)
        is_correct = is_right(case, output)
        groups = [case.skill, *(["tool: all"] if case.skill.startswith("tool") else [])]
        for group in groups:
            asked[group] += 1
            right[group] += is_correct
        right["ends by itself"] += ended
        right["thinks when it should"] += thinks_right(case, output)
        if not is_correct and shown[case.skill] < show:
            shown[case.skill] += 1
            print(f"--- {case.skill}\n{case.prompt[-400:]}\n>>> {output}\n=== {case.answer}\n")
    asked["ends by itself"] = asked["thinks when it should"] = len(cases)
    return {skill: (right[skill], asked[skill]) for skill in asked}


def table(figures: dict[str, dict[str, tuple[int, int]]]) -> str:
    """A Markdown table: skills down, samplings across."""
    lines = [f"| held out | asked | target | {' | '.join(figures)} |", "|---|---:|---:|" + "---:|" * len(figures)]
    for skill, (_, asked) in next(iter(figures.values())).items():
        cells = [f"{100 * figures[name][skill][0] / figures[name][skill][1]:.1f} %" for name in figures]
        target = f"{100 * TARGETS[skill]:.0f} %" if skill in TARGETS else ""
        lines.append(f"| {skill} | {asked} | {target} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("path", type=Path, nargs="?")
    source.add_argument("--url", help="of a server that has tiny")
    parser.add_argument("--count", type=int, default=300, help="cases of each drawn skill")
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="wrong answers to print, of each skill")
    parser.add_argument("--sampling", choices=SAMPLINGS, action="append")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    args = parser.parse_args()
    cases = draw_cases(args.seed, args.count)
    answer = server_answerer(args.url) if args.url else llama_answerer(args.path, args.threads)
    names = args.sampling or list(SAMPLINGS)
    figures = {name: examine(answer, cases, SAMPLINGS[name], args.show) for name in names}
    print(table(figures))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
