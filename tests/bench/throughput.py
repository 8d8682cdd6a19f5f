"""Compare omm with llama.cpp's llama-server: tokens per second at 1, 8 and 32 streams, side by side in one run.

    python -m tests.bench.throughput --llama-server PATH/TO/llama-server [--model FILE.gguf]

Both servers hold the same model with the same threads, context and number of parallel sequences, and generate the
same number of tokens greedily over HTTP streams. They take turns, so that a busy machine disturbs both alike, and each
figure is the median over the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

import gguf

from tests.bench import servers
from tests.bench.client import Answer, together
from tests.bench.servers import Load, Server

TINY = Path(__file__).resolve().parents[2] / "omm" / "embedded" / "tiny.gguf"
WORDS = ("model", "river", "list", "seven", "copy", "green", "answer", "open", "small", "house", "run", "stone")
EOG_TEXTS = {
    "<|im_end|>", "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "</s>", "<|end|>",
    "<EOT>", "<_EOT>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Round:
    """One server's figures in one round."""

    tokens_per_s: float
    first_token_s: float


def eog_tokens(model: Path) -> list[int]:
    """Ids of all tokens that llama.cpp would take for the end of an answer."""
    reader = gguf.GGUFReader(model)
    tokens = reader.get_field("tokenizer.ggml.tokens")
    texts = tokens.contents() if tokens else []
    named = [reader.get_field(f"tokenizer.ggml.{kind}_token_id") for kind in ("eos", "eot", "eom")]
    found = {int(field.contents()) for field in named if field}
    return sorted(found | {number for number, text in enumerate(texts) if text in EOG_TEXTS})


def prompts(count: int, num_words: int, seed: str) -> list[str]:
    """Prompts that differ from their first word on, so that no server can reuse another's computation."""
    rng = random.Random(seed)
    return [f"{rng.randrange(10**6)} " + " ".join(rng.choices(WORDS, k=num_words)) for _ in range(count)]


def measure(server: Server, texts: list[str], num_tokens: int) -> Round:
    """Send all prompts at once and time them to the last token of the slowest."""
    payloads = [server.payload(text, num_tokens) for text in texts]
    answers = asyncio.run(together(server.port, server.path, payloads))
    check_lengths(server, answers, num_tokens)
    wall_s = max(answer.total_s for answer in answers)
    return Round(num_tokens * len(texts) / wall_s, statistics.median(answer.first_s for answer in answers))


def check_lengths(server: Server, answers: list[Answer], num_tokens: int) -> None:
    """A shorter answer would make a server look faster or slower than it is."""
    counts = [answer.final.get(server.output_count) for answer in answers]
    if any(count != num_tokens for count in counts):
        raise RuntimeError(f"{server.name} generated {counts} tokens, not {num_tokens} each: {answers[0].final}")


def compare(pair: list[Server], num_streams: int, args: argparse.Namespace) -> dict[str, list[Round]]:
    """Let the servers take turns; who goes first changes with every round."""
    rounds: dict[str, list[Round]] = {server.name: [] for server in pair}
    for number in range(args.rounds):
        for server in pair if number % 2 == 0 else pair[::-1]:
            texts = prompts(num_streams, args.prompt_words, seed=f"{server.name} {num_streams} {number}")
            rounds[server.name].append(measure(server, texts, args.tokens))
    return rounds


def print_row(num_streams: int, rounds: dict[str, list[Round]]) -> None:
    ours, theirs = rounds["omm"], rounds["llama-server"]
    rates = [statistics.median(row.tokens_per_s for row in rows) for rows in (ours, theirs)]
    firsts = [statistics.median(row.first_token_s for row in rows) * 1000 for rows in (ours, theirs)]
    ratios = [mine.tokens_per_s / other.tokens_per_s for mine, other in zip(ours, theirs, strict=True)]
    spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
    print(
        f"{num_streams:7d} {rates[0]:10.1f} {rates[1]:14.1f} {statistics.median(ratios):7.2f} {spread:>11}"
        f" {firsts[0]:12.1f} {firsts[1]:16.1f}",
        flush=True,
    )


def print_head(args: argparse.Namespace) -> None:
    print(f"model {args.model.name}, {args.model.stat().st_size / 1e6:.1f} MB; {args.threads} threads;", end=" ")
    print(f"{args.tokens} tokens a stream; prompts of {args.prompt_words} words; median of {args.rounds} rounds")
    print(f"{'':7} {'tokens/s':>10} {'':14} {'omm /':>7} {'':>11} {'first token, ms':>12}")
    print(
        f"{'streams':>7} {'omm':>10} {'llama-server':>14} {'theirs':>7} {'from–to':>11} {'omm':>9} {'llama-server':>16}"
    )


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llama-server", type=Path, required=True, help="the program to compare with")
    parser.add_argument("--model", type=Path, default=TINY, help="a GGUF file (default: the model that omm ships)")
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--tokens", type=int, default=128, help="tokens to generate in each stream")
    parser.add_argument("--prompt-words", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--context", type=int, default=1024, help="context of each sequence in tokens")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    load = Load(model=args.model, threads=args.threads, num_parallel=max(args.streams), context=args.context)
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="omm-bench-")))
        ours = stack.enter_context(servers.omm(load, directory, eog_tokens(args.model)))
        theirs = stack.enter_context(servers.llama_server(load, directory, args.llama_server))
        for server in (ours, theirs):
            measure(server, prompts(1, args.prompt_words, seed="warm up"), 8)  # load and warm up
        print_head(args)
        for num_streams in args.streams:
            print_row(num_streams, compare([ours, theirs], num_streams, args))


if __name__ == "__main__":
    main()
