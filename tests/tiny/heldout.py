"""The held-out examination: prompts with what a right answer is, drawn from the side never trained on."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from typing import Any

from chat import Chat, Message, render_answer, render_prompt
from code_lines import code_line
from json_facts import json_chat
from omm_facts import OMM
from sums import sum_chat
from talk import memory_chat, small_talk
from tools import composed_use, distinct, double_call, family_use, thought, tool_chat, uses_of_different_tools
from words import Source
from world_facts import CHAT, WORLD

ACKNOWLEDGEMENTS = {"ok", "done", "saved", "reserved", "calling"}


@dataclass(frozen=True)
class Case:
    """A prompt in template text, the right answer, and the skill by which it is judged.

    `chat` is the conversation that the prompt renders, with the answer; None for a prompt without turns.
    """

    skill: str
    prompt: str
    answer: str
    thinks: bool = False
    chat: Chat | None = None


def case_of(skill: str, chat: Chat) -> Case:
    return Case(skill, render_prompt(chat), render_answer(chat.messages[-1]), chat.thinks, chat)


def tool_case(src: Source, skill: str) -> Case:
    """One request among one to four tools; the wanted tool is hand-written or put together."""
    while True:
        wanted = (family_use if skill == "tool: everyday" else composed_use)(src)
        others = uses_of_different_tools(src, src.pick((0, 1, 2, 3))) if src.chance(0.8) else []
        if distinct(wanted, others) and all(distinct(use, [wanted]) for use in others):
            break
    tools = [use.tool.schema(src) for use in (wanted, *others)]
    src.rng.shuffle(tools)
    answer = Message("assistant", calls=[(wanted.tool.name, dict(wanted.arguments))], thinking=thought(wanted))
    return case_of(skill, Chat([Message("user", wanted.request), answer], tools, thinks=src.chance(0.5)))


def result_case(src: Source) -> Case:
    """The answer after a tool's result must hold that result."""
    while True:
        chat = tool_chat(src, small_talk, rounds=1)
        if chat.messages[-2].role == "tool":
            return case_of("answer from result", chat)


def question_cases(src: Source) -> list[Case]:
    """Every held-out wording of every topic."""
    cases = []
    for skill, topics in (("omm question", OMM), ("small talk", CHAT + WORLD)):
        for topic in topics:
            some = topic.held if len(topic.held) <= 6 else src.rng.sample(topic.held, 6)
            for question in some:
                messages = [Message("user", question), Message("assistant", topic.answer)]
                cases.append(case_of(skill, Chat(messages, thinks=src.chance(0.3))))
    return cases


def code_case(src: Source) -> Case:
    segments = code_line(src)
    return Case("code", segments[0].text, segments[1].text)


def draw_cases(seed: int, count: int) -> list[Case]:
    """`count` cases of each drawn skill, and all the questions."""
    src = Source(random.Random(seed), held=True)
    cases: list[Case] = []
    for _ in range(count):
        cases += [tool_case(src, "tool: everyday"), tool_case(src, "tool: invented"), result_case(src)]
        cases.append(case_of("json", json_chat(src)))
        cases.append(case_of("memory", memory_chat(src)))
        cases.append(case_of("sum", sum_chat(src)))
        cases.append(code_case(src))
    for _ in range(count // 2):
        cases.append(case_of("two calls", double_call(src)))
    return cases + question_cases(src)


def without_thought(text: str) -> str:
    return text.split("</think>")[-1].strip()


def parse_calls(text: str) -> list[dict[str, Any]] | None:
    try:
        return [json.loads(part) for part in re.findall(r"<tool_call>\s*(.*?)\s*</tool_call>", text, re.S)]
    except ValueError:
        return None


def result_values(prompt: str) -> list[str]:
    """What the last tool gave and an answer must hold; a mere acknowledgement need not be repeated."""
    text = re.findall(r"<tool_response>\n(.*?)\n</tool_response>", prompt, re.S)[-1]
    values = [str(value) for value in json.loads(text).values()] if text.startswith("{") else [text]
    return [value for value in values if value not in ACKNOWLEDGEMENTS]


def is_right(case: Case, output: str) -> bool:
    """Whether an answer does what was asked; tool calls and JSON are compared as values."""
    answer = without_thought(output)
    match case.skill:
        case "tool: everyday" | "tool: invented" | "two calls":
            return parse_calls(answer) == parse_calls(case.answer)
        case "json":
            try:
                return bool(json.loads(answer) == json.loads(case.answer))
            except ValueError:
                return False
        case "answer from result":
            return "<tool_call>" not in answer and all(value in answer for value in result_values(case.prompt))
        case "sum":
            return re.findall(r"\d+", answer)[-1:] == re.findall(r"\d+", case.answer)[-1:]
        case _:
            return answer == case.answer.strip()


def thinks_right(case: Case, output: str) -> bool:
    """A thought when thinking is on, none when it is off."""
    if case.skill == "code":
        return "<think>" not in output
    return output.startswith("<think>\n") and "</think>" in output if case.thinks else "<think>" not in output
