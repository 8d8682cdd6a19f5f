"""A runner over a real model, and short ways to ask it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omm.engine import llama
from omm.engine.host import Host, load
from omm.engine.messages import (
    LOAD_ID,
    Command,
    Embed,
    Generate,
    Limits,
    Load,
    LoadSpec,
    ModelShape,
    Outgoing,
    Reply,
    SamplingParams,
    Vectors,
)
from omm.engine.runner import Runner
from omm.engine.stream import Outbox
from omm.engine.worker import Worker, failed
from omm.errors import OmmError, from_code
from omm.types import Failed, Finished, PromptProgress, TextDelta, TokenLogprob

WAIT_S = 60.0
GREEDY = SamplingParams(temperature=0.0, repeat_penalty=1.0, seed=1)
# As greedy, but the model never ends by itself: its end tokens are 0 and 2.
ENDLESS = SamplingParams(temperature=0.0, repeat_penalty=1.0, seed=1, logit_bias={0: -1000.0, 2: -1000.0})
PROMPTS = [
    f"{'word ' * (number * 3 % 11)}question {number}: what comes after {'xyz'[number % 3] * number}?"
    for number in range(16)
]


@dataclass(frozen=True)
class Answer:
    """All replies to one request, folded."""

    text: str
    finished: Finished
    progress: list[PromptProgress]
    deltas: list[TextDelta]
    logprobs: list[TokenLogprob]


def spec_for(path: Path, **fields: Any) -> LoadSpec:
    """How to load a test model: small context, few sequences, one thread unless the test says otherwise."""
    shape = ModelShape(num_layers=2, kv_bytes_per_token=512, weights_bytes=path.stat().st_size, trained_context=2048)
    fields = {"shape": shape, "num_ctx": 256, "num_parallel": 4, "num_thread": 1, "num_gpu": 0, **fields}
    return LoadSpec(path=str(path), **fields)


class Inline:
    """A transport to a worker on a thread of this process, for a look inside."""

    last_words = ""

    def __init__(self, on_replies: Callable[[list[Outgoing]], None], on_exit: Callable[[], None]) -> None:
        self._on_replies, self._on_exit = on_replies, on_exit
        self._host: Host | None = None
        self.worker: Worker | None = None

    def send(self, command: Command) -> None:
        """Run the command; Load happens at once, on the caller's thread."""
        if not isinstance(command, Load):
            if self.worker is not None:
                self.worker.submit(command)
            return
        llama.start_backend()
        try:
            self._host = load(command.spec)
        except OmmError as error:
            self._on_replies([(LOAD_ID, failed(error))])
            return
        self.worker = Worker(self._host, self._on_replies)
        self._thread = threading.Thread(target=self.worker.run, name="worker")
        self._thread.start()
        self._on_replies([(LOAD_ID, self._host.loaded)])

    def close(self) -> None:
        """Stop the worker and free the model."""
        worker, self.worker = self.worker, None
        self._on_exit()
        if worker is not None and self._host is not None:
            worker.close()
            self._thread.join()
            self._host.close()


@contextmanager
def inline(path: Path, **fields: Any) -> Iterator[Runner]:
    """A worker on a thread of this process, closed at the end."""
    runner = Runner(Inline)
    try:
        runner.load(spec_for(path, **fields), WAIT_S)
        yield runner
    finally:
        runner.close()


def worker_of(runner: Runner) -> Worker:
    """The worker inside an inline runner."""
    worker = runner._transport.worker  # type: ignore[attr-defined]
    assert isinstance(worker, Worker)
    return worker


def start(runner: Runner, prompt: str, *, num_predict: int = 16, stop: tuple[str, ...] = (), **fields: Any) -> Outbox:
    """Begin a generation, greedy unless `sampling` is given."""
    limits = fields.pop("limits", Limits(num_predict=num_predict, stop=stop))
    fields = {"sampling": GREEDY, **fields}
    return runner.start(lambda request_id: Generate(id=request_id, prompt=prompt, limits=limits, **fields))


def collect(outbox: Outbox) -> Answer:
    """Read to the end; a failure is raised as the error it tells of."""
    replies: list[Reply] = []
    while not outbox.is_done:
        reply = outbox.next(WAIT_S)
        assert reply is not None, f"no reply within {WAIT_S} s after {replies}"
        replies.append(reply)
    last = replies[-1]
    if isinstance(last, Failed):
        raise from_code(last.code, last.message, last.param)
    assert isinstance(last, Finished)
    assert not any(isinstance(reply, Finished | Failed) for reply in replies[:-1])
    deltas = [reply for reply in replies if isinstance(reply, TextDelta)]
    return Answer(
        text="".join(delta.text for delta in deltas),
        finished=last,
        progress=[reply for reply in replies if isinstance(reply, PromptProgress)],
        deltas=deltas,
        logprobs=[logprob for delta in deltas for logprob in delta.logprobs],
    )


def ask(runner: Runner, prompt: str, **fields: Any) -> Answer:
    """One generation, read to its end."""
    return collect(start(runner, prompt, **fields))


def embed(runner: Runner, *inputs: str, **fields: Any) -> Vectors:
    """One embedding request."""
    reply = runner.call(lambda request_id: Embed(id=request_id, inputs=inputs, **fields), WAIT_S)
    assert isinstance(reply, Vectors)
    return reply
