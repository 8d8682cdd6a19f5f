"""What a JSON Schema costs: tokens per second with and without one, at 1 and 8 streams, side by side in one run.

    python -m tests.bench.masks [--model FILE.gguf]

The runner is asked directly, so that nothing but the engine is measured. Free and bound answers take turns and have
the same number of tokens; the schema is one that never ends. Beside other work, the processor time that the runner took
(last column, with --threads 1) says more than the clock; the masks that are computed while the model is decoding count
in full there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from omm.config import runner_env
from omm.engine.messages import Constraint, Generate, Limits, LoadSpec, ModelShape, SamplingParams
from omm.engine.runner import ChildProcess, Runner
from omm.engine.stream import Outbox
from omm.types import Failed, Finished
from tests.bench.throughput import TINY, prompts

WAIT_S = 600.0
CLOCK_TICK_S = 0.01  # of processor time
ROW = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 12},
        "kind": {"enum": ["river", "city", "mountain"]},
        "height": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2,8}$"}, "maxItems": 3},
    },
    "required": ["name", "kind", "height", "tags"],
    "additionalProperties": False,
}
ENDLESS = {"type": "array", "items": ROW, "minItems": 10**6, "x-guidance": {"whitespace_flexible": False}}
BOUND = Constraint(grammar=f"start: %json {json.dumps(ENDLESS)}")


@dataclass(frozen=True, slots=True)
class Turn:
    """One batch of answers: tokens per second by the clock, and per second of processor time."""

    by_clock: float
    by_processor: float


@contextlib.contextmanager
def loaded(args: argparse.Namespace) -> Iterator[Runner]:
    """The model in a runner of its own."""
    shape = ModelShape(
        num_layers=1, kv_bytes_per_token=0, weights_bytes=args.model.stat().st_size, trained_context=4096
    )
    runner = Runner(lambda on_replies, on_exit: ChildProcess(runner_env(), on_replies, on_exit))
    try:
        num_parallel = max(args.streams)
        spec = LoadSpec(
            path=str(args.model), shape=shape, num_ctx=1024, num_parallel=num_parallel, num_thread=args.threads
        )
        runner.load(spec, WAIT_S)
        yield runner
    finally:
        runner.close()


def measure(runner: Runner, texts: list[str], num_tokens: int, constraint: Constraint | None) -> Turn:
    """Ask all at once and read to the end; the clock runs from the first token on."""
    before = processor_s(runner)
    outboxes = [start(runner, text, num_tokens, constraint) for text in texts]
    ends = [read(outbox) for outbox in outboxes]
    if any(end.usage.output_tokens != num_tokens for end in ends):
        raise RuntimeError(f"an answer ended early: {ends}")
    total, wall_ns = num_tokens * len(ends), max(end.usage.output_ns for end in ends)
    return Turn(total / wall_ns * 1e9, total / max(processor_s(runner) - before, CLOCK_TICK_S))


def processor_s(runner: Runner) -> float:
    """Processor time of the runner so far."""
    transport = runner._transport
    assert isinstance(transport, ChildProcess)
    times = psutil.Process(transport.pid).cpu_times()
    return times.user + times.system


def start(runner: Runner, text: str, num_tokens: int, constraint: Constraint | None) -> Outbox:
    sampling = SamplingParams(repeat_penalty=1.0, seed=1)
    limits = Limits(num_predict=num_tokens, ignore_eos=True)
    return runner.start(
        lambda id: Generate(id=id, prompt=text, sampling=sampling, limits=limits, constraint=constraint)
    )


def read(outbox: Outbox) -> Finished:
    """Wait for the end of an answer."""
    while True:
        match outbox.next(WAIT_S):
            case Finished() as end:
                return end
            case Failed() | None as failure:
                raise RuntimeError(f"an answer failed: {failure}")


def print_row(runner: Runner, num_streams: int, args: argparse.Namespace) -> None:
    turns: dict[Constraint | None, list[Turn]] = {None: [], BOUND: []}
    for number in range(args.rounds):
        for constraint in [None, BOUND] if number % 2 == 0 else [BOUND, None]:
            texts = prompts(num_streams, 8, seed=f"{num_streams} {number} {constraint is None}")
            turns[constraint].append(measure(runner, texts, args.tokens, constraint))
    free, bound = (statistics.median(turn.by_clock for turn in turns[constraint]) for constraint in (None, BOUND))
    pairs = list(zip(turns[None], turns[BOUND], strict=True))
    ratios = [with_schema.by_clock / without.by_clock for without, with_schema in pairs]
    by_processor = statistics.median(with_schema.by_processor / without.by_processor for without, with_schema in pairs)
    spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
    print(f"{num_streams:7d} {free:10.1f} {bound:10.1f}", end=" ")
    print(f"{statistics.median(ratios):8.3f} {spread:>11} {by_processor:10.3f}", flush=True)


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=TINY, help="a GGUF file (default: the model that omm ships)")
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--tokens", type=int, default=128, help="tokens to generate in each stream")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    args = parse_arguments(arguments)
    print(f"model {args.model.name}, {args.model.stat().st_size / 1e6:.1f} MB; {args.threads} threads;", end=" ")
    print(f"{args.tokens} tokens a stream; median of {args.rounds} rounds")
    print(f"{'':7} {'tokens/s':>10} {'':10} {'schema /':>8} {'':>11} {'by time of':>10}")
    print(f"{'streams':>7} {'free':>10} {'schema':>10} {'free':>8} {'from–to':>11} {'processor':>10}")
    with loaded(args) as runner:
        measure(runner, prompts(1, 8, seed="warm up"), 8, BOUND)  # builds the tokenizer
        for num_streams in args.streams:
            print_row(runner, num_streams, args)


if __name__ == "__main__":
    main()
