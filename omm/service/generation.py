"""One running answer: waits for the model, renders, sends, and turns the engine's replies into events."""

from __future__ import annotations

import collections
import functools
import logging
import time
from collections.abc import Iterator

import msgspec

from omm.engine.messages import Generate, Tokenize, Tokens
from omm.engine.pool import Lease, Ticket
from omm.engine.sampling import resolve
from omm.engine.stream import Outbox
from omm.errors import EngineFailed, OmmError
from omm.service import prompts
from omm.types import (
    ChatRequest,
    CompleteRequest,
    Event,
    Failed,
    Finished,
    Message,
    ModelRecord,
    Options,
    PromptProgress,
    TextDelta,
)

log = logging.getLogger(__name__)
prompt_log = logging.getLogger("omm.prompts")
prompt_log.disabled = True  # what people ask is nobody's business, unless the server was told to log it

_TOKENIZE_TIMEOUT_S = 60.0
_POLL_S = 3600.0


class Generation:
    """A stream of events ending with exactly one Finished or Failed. One reader; `close` cancels and may be repeated.

    Nothing blocks but `next`: the model may still be loading when this is made.
    """

    def __init__(
        self,
        ticket: Ticket,
        request: ChatRequest | CompleteRequest,
        record: ModelRecord,
        options: Options,
        scales: tuple[float, ...] = (),
    ) -> None:
        self._ticket, self._scales = ticket, scales
        self._request, self._record, self._options = request, record, options
        self._lease: Lease | None = None
        self._outbox: Outbox | None = None
        self._prompt: prompts.Prompt | None = None
        self._ready: collections.deque[Event] = collections.deque()
        self._started_ns = time.monotonic_ns()
        self._is_done = False
        self._num_reasoning = 0

    def __iter__(self) -> Iterator[Event]:
        """All events, waiting as long as it takes."""
        while not self._is_done:
            event = self.next(_POLL_S)
            if event is not None:
                yield event

    def next(self, timeout_s: float) -> Event | None:
        """The next event, or None if there is none within the time or the stream has ended."""
        deadline = time.monotonic() + timeout_s
        while not self._ready and not self._is_done:
            remaining = max(0.0, deadline - time.monotonic())
            if not self._try_advance(remaining) and time.monotonic() >= deadline:
                return None
        if not self._ready:
            return None
        event = self._ready.popleft()
        if isinstance(event, Finished | Failed):
            self.close()
        return event

    def drain(self, gather_s: float = 0.0) -> list[Event]:
        """The events that are there after `gather_s`, or sooner when the stream ends."""
        if gather_s > 0 and self._outbox is not None:
            self._outbox.gather(gather_s)
        events: list[Event] = []
        while (event := self.next(0)) is not None:
            events.append(event)
        return events

    def close(self) -> None:
        """Stop the work and give the model back."""
        self._is_done = True
        if self._outbox is not None:
            self._outbox.close()
        self._ticket.close()
        if self._lease is not None:
            self._lease.close()

    def _try_advance(self, timeout_s: float) -> bool:
        try:
            return self._advance(timeout_s)
        except OmmError as error:
            self._ready.append(Failed(code=error.code, message=error.message, param=error.param))
            return True

    def _advance(self, timeout_s: float) -> bool:
        """Get one step further: the model, the prompt, then reply by reply. False when nothing came in time."""
        if self._lease is None:
            prompts.warm(self._record)  # PERF: 40 ms, once, while the model loads
            self._lease = self._ticket.wait(timeout_s)
            return self._lease is not None
        if self._outbox is None:
            self._outbox = self._send(self._lease)
            return True
        reply = self._outbox.next(timeout_s)
        if reply is None:
            return False
        self._read(reply)
        return True

    def _send(self, lease: Lease) -> Outbox:
        self._prompt = prompt = self._build(lease)
        params, limits = resolve(self._options)
        limits = msgspec.structs.replace(limits, shift=bool(self._request.shift), stop=(*limits.stop, *prompt.stops))
        log.debug("%s: %s %s", self._record.name, params, limits)
        prompt_log.info("prompt of %s: %s", self._record.name, prompt.text)
        request = self._request
        prefix = request.context if isinstance(request, CompleteRequest) else ()
        return lease.runner.start(
            lambda request_id: Generate(
                id=request_id,
                prompt=prompt.text,
                cuts=prompt.cuts,
                prefix=prefix,
                sampling=params,
                limits=limits,
                thinking=prompt.thinking,
                constraint=prompt.constraint,
                special=prompt.special,
                truncate=bool(request.truncate),
                want_tokens=isinstance(request, CompleteRequest) and not request.raw,
                logprobs=request.logprobs,
                top_logprobs=request.top_logprobs,
                scales=self._scales,
            )
        )

    def _build(self, lease: Lease) -> prompts.Prompt:
        if isinstance(self._request, ChatRequest) and self._request.truncate:
            return self._build_shortened(lease, self._request)
        return prompts.build(self._request, self._record, lease.loaded)

    def _build_shortened(self, lease: Lease, request: ChatRequest) -> prompts.Prompt:
        """Drop as few of the oldest messages as make the prompt fit; the last message always stays."""
        messages = prompts.messages_of(request, self._record)
        prompt = prompts.build(request, self._record, lease.loaded)
        if self._fits(lease, prompt):
            return prompt
        low, high = 0, max(0, len(messages) - 1)
        while low < high:
            middle = (low + high) // 2
            fits = self._fits(lease, self._build_without(lease, request, messages, middle))
            low, high = (low, middle) if fits else (middle + 1, high)
        return self._build_without(lease, request, messages, low)

    def _build_without(
        self, lease: Lease, request: ChatRequest, messages: tuple[Message, ...], count: int
    ) -> prompts.Prompt:
        kept = prompts.without_oldest(messages, count)
        return prompts.build(request, self._record, lease.loaded, kept)

    def _fits(self, lease: Lease, prompt: prompts.Prompt) -> bool:
        command = functools.partial(Tokenize, text=prompt.text, cuts=prompt.cuts)
        reply = lease.runner.call(lambda request_id: command(id=request_id), _TOKENIZE_TIMEOUT_S)
        return isinstance(reply, Tokens) and len(reply.ids) < lease.loaded.num_ctx

    def _read(self, reply: object) -> None:
        assert self._prompt is not None
        match reply:
            case TextDelta():
                self._ready.extend(self._prompt.parser.feed(reply))
                self._num_reasoning += reply.num_tokens if self._prompt.parser.is_thinking else 0
            case PromptProgress() | Failed():
                self._ready.append(reply)
            case Finished():
                self._ready.extend(self._prompt.parser.flush())
                self._ready.append(self._timed(reply))
            case _:
                raise EngineFailed(f"unexpected reply {type(reply).__name__}")

    def _timed(self, finished: Finished) -> Finished:
        load_ns = self._lease.load_ns if self._lease else 0
        total_ns = time.monotonic_ns() - self._started_ns
        usage = msgspec.structs.replace(
            finished.usage, load_ns=load_ns, total_ns=total_ns, reasoning_tokens=self._num_reasoning
        )
        # NOTE: that a model ended its turn in ordinary tokens is no stop text of the client's.
        stop = finished.stop_sequence
        is_own = self._prompt is not None and stop in self._prompt.stops and stop not in (self._options.stop or ())
        return msgspec.structs.replace(finished, usage=usage, stop_sequence=None if is_own else stop)
