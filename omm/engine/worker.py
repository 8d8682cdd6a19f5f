"""The thread that owns llama.cpp: inbox, step loop, last-resort guard. Token ids in, text events out.

A step is admit, plan, decode, publish. What needs no context happens before: tokenizing on the thread that read the
command; compiling a grammar and tokenizing a long text, which may take seconds, on one of a few others.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import assert_never

from omm.engine import choice, messages, prepare, scheduler
from omm.engine.constraint import Masks
from omm.engine.host import Host
from omm.engine.messages import (
    Cancel,
    Command,
    Detokenize,
    Embed,
    Generate,
    Outgoing,
    Text,
    Tokenize,
    Tokens,
    Vectors,
)
from omm.engine.prepare import EmbedJob
from omm.engine.sequence import Sequence
from omm.engine.slots import Placement, Slots
from omm.errors import EngineFailed, OmmError
from omm.types import Failed, Finished, FinishReason, PromptProgress, TextDelta

log = logging.getLogger(__name__)

MAX_FAILURES = 3  # steps in a row; then the runner gives up, and the next request starts a fresh one
NUM_PREPARERS = 2  # threads; what takes long keeps one of them busy and no other request waiting
LONG_TEXT = 20_000  # characters; up to 1 us each


Job = Sequence | EmbedJob | Cancel


class Worker:
    """Runs one model. `publish` gets the replies of a step, from the worker thread or from `submit`'s caller."""

    def __init__(self, host: Host, publish: messages.Publish) -> None:
        self._host = host
        self._publish = publish
        self._inbox: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._preparers = ThreadPoolExecutor(NUM_PREPARERS, "preparer")
        self._masks = Masks()
        self._lock = threading.Lock()  # guards _preparing, and that a request is put into the inbox before its Cancel
        self._preparing: set[int] = set()  # requests of the preparers that were not cancelled
        self._waiting: deque[Sequence] = deque()
        self._running: list[Sequence] = []
        self._embeds: deque[EmbedJob] = deque()
        self._slots = Slots(host.num_parallel, can_copy=host.can_copy)
        self._out: list[Outgoing] = []
        self._turns = scheduler.Turns()
        self._turn = 0
        self._failures = 0
        self._is_closing = False

    # --- any thread -------------------------------------------------------------------------------------------

    def submit(self, command: Command) -> None:
        """Take a command; answers come through `publish`. Never raises for a bad request."""
        if isinstance(command, Generate | Embed | Tokenize) and _takes_long(command):
            with self._lock:
                self._preparing.add(command.id)
            self._preparers.submit(self._enter, command, takes_long=True)
        else:
            self._enter(command)

    def close(self) -> None:
        """Ask the loop to end after the current step; running requests fail."""
        self._inbox.put(None)

    def _enter(self, command: Command, *, takes_long: bool = False) -> None:
        job: Job | None = None
        request_id = messages.LOAD_ID if isinstance(command, messages.Load) else command.id
        if takes_long and request_id not in self._preparing:
            return
        try:
            job = self._prepare(command)
        except Exception as exc:
            if not isinstance(exc, OmmError):
                log.exception("preparing a request failed")
            self._publish([(request_id, failed(as_omm_error(exc)))])
        with self._lock:
            is_cancelled = takes_long and request_id not in self._preparing
            self._preparing.discard(request_id)
            if job is not None and not is_cancelled:
                self._inbox.put(job)
        if is_cancelled and isinstance(job, Sequence):
            job.close()

    def _prepare(self, command: Command) -> Job | None:
        """What the worker thread has to do for a command, None when it is answered already."""
        vocabulary = self._host.vocabulary
        match command:
            case Generate():
                return prepare.generation(self._host, command)
            case Embed():
                return prepare.embedding(self._host, command)
            case Cancel():
                return command
            case Tokenize():
                ids = vocabulary.tokenize(command.text, command.cuts, special=command.special, bos=command.bos)
                self._publish([(command.id, Tokens(ids=tuple(ids)))])
                return None
            case Detokenize():
                text = vocabulary.detokenize(command.ids, special=command.special)
                self._publish([(command.id, Text(text=text))])
                return None
            case messages.Load():
                raise EngineFailed("the model is loaded already")
            case _:
                assert_never(command)

    # --- worker thread ----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Step until closed. One broad guard: a failing step fails its requests, and three in a row end the worker."""
        while not self._is_closing and self._failures < MAX_FAILURES:
            try:
                self.step()
                self._failures = 0
            except Exception as exc:
                self._failures += 1
                log.exception("a step failed")
                self._fail_begun(as_omm_error(exc))
        self._fail_begun(EngineFailed("the model was unloaded"))
        self._fail_waiting(EngineFailed("the model was unloaded"))
        self._preparers.shutdown(cancel_futures=True)
        self._masks.close()

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to compute."""
        return not (self._waiting or self._running or self._embeds)

    def step(self) -> None:
        """Admit, plan, decode, publish. Blocks while there is nothing to do."""
        self._take(block=self.is_idle)
        self._admit()
        self._flush()  # NOTE: whoever waits to be admitted need not wait for the decode, too
        if self._running:
            self._decode(self._turns.next(self._running))
            self._turn += 1
        if self._embeds:
            self._embed()
        self._flush()

    def _take(self, *, block: bool) -> None:
        try:
            while True:
                job = self._inbox.get(block=block)
                block = False
                match job:
                    case None:
                        self._is_closing = True
                    case Sequence():
                        self._waiting.append(job)
                    case EmbedJob():
                        self._embeds.append(job)
                    case Cancel():
                        self._cancel(job.id)
        except queue.Empty:
            pass

    def _cancel(self, request_id: int) -> None:
        for sequence in [sequence for sequence in self._waiting if sequence.id == request_id]:
            self._waiting.remove(sequence)
            sequence.close()
        self._embeds = deque(job for job in self._embeds if job.id != request_id)
        for sequence in [sequence for sequence in self._running if sequence.id == request_id]:
            self._release(sequence)

    def _admit(self) -> None:
        while self._waiting:
            sequence = self._waiting[0]
            placement = self._slots.acquire(
                sequence.tokens, sequence.scales, reuse=sequence.command.limits.cache_prompt
            )
            if placement is None:
                return
            self._waiting.popleft()
            sequence.slot = placement.slot
            self._running.append(sequence)
            try:
                self._place(sequence, placement)
            except OmmError as error:
                self._fail(sequence, error)

    def _place(self, sequence: Sequence, placement: Placement) -> None:
        sequence.started_ns = time.monotonic_ns()
        source = placement.source.id if placement.source else None
        cached = self._host.reuse(placement.slot.id, placement.num_cached, source)
        sequence.num_cached = sequence.num_computed = cached
        placement.slot.tokens = sequence.tokens[:cached]
        sequence.sampler = self._host.sampler(sequence.command.sampling)
        self._report(sequence)

    def _report(self, sequence: Sequence) -> None:
        """Tell how much of the prompt is read; once at least, as it tells what came from the cache."""
        progress = PromptProgress(done=sequence.num_computed, total=sequence.num_prompt, cached=sequence.num_cached)
        self._out.append((sequence.id, progress))

    def _decode(self, group: list[Sequence]) -> None:
        """Compute one step of sequences with the same adapters."""
        batch = self._host.batch
        batch.clear()
        are_others_waiting = len(group) < len(self._running)
        chunks = scheduler.plan(group, self._host.num_batch, self._turn, are_others_waiting=are_others_waiting)
        stepping = [(group[chunk.index], chunk.num_tokens) for chunk in chunks]
        for sequence, count in stepping:
            part = sequence.tokens[sequence.num_computed : sequence.num_computed + count]
            is_last = count == sequence.num_waiting
            row = batch.add(part, sequence.num_computed, sequence.slot_id, outputs="last" if is_last else "none")
            sequence.row = row if is_last else -1
        guides = [sequence.guide for sequence, _ in stepping if sequence.guide is not None and sequence.row >= 0]
        with self._masks.computing([guide.computable for guide in guides if guide.computable is not None]):
            if self._host.decode(group[0].scales):
                raise EngineFailed("the KV cache has no room left")
        for sequence, count in stepping:
            sequence.num_computed += count
            try:
                self._advance(sequence)
            except OmmError as error:
                self._fail(sequence, error)

    def _advance(self, sequence: Sequence) -> None:
        """After a decode: report progress, or choose the next token and see whether it was the last."""
        if sequence.row < 0:
            self._report(sequence)
            return
        if sequence.is_spent():  # num_predict 0: read the prompt, say nothing
            self._finish(sequence, "length")
            return
        sequence.first_ns = sequence.first_ns or time.monotonic_ns()
        token = choice.next_token(self._host, sequence)
        if token is None:
            self._finish(sequence, "stop")
            return
        sequence.num_output += 1
        if self._host.is_end(token):
            self._finish(sequence, "stop")
            return
        self._append(sequence, token)
        is_complete = sequence.guide is not None and sequence.guide.is_complete
        if sequence.decoder.has_stopped or is_complete:
            self._finish(sequence, "stop")
        elif sequence.is_spent() or not self._has_room(sequence):
            self._finish(sequence, "length")

    def _append(self, sequence: Sequence, token: int) -> None:
        """Add a token to the answer and send the text that is certain now."""
        sequence.tokens.append(token)
        sequence.num_unsent += 1
        piece = self._host.piece(token, special=True)
        if sequence.guide is not None:
            sequence.guide.accept(token, piece)
        if not sequence.command.special:
            piece = self._host.piece(token, special=False)
        self._send(sequence, sequence.decoder.feed(piece))

    def _send(self, sequence: Sequence, text: str, *, is_last: bool = False) -> None:
        if not text and not (is_last and (sequence.num_unsent or sequence.logprobs)):
            return
        delta = TextDelta(text=text, num_tokens=sequence.num_unsent, logprobs=tuple(sequence.logprobs))
        self._out.append((sequence.id, delta))
        sequence.num_unsent, sequence.logprobs = 0, []

    def _has_room(self, sequence: Sequence) -> bool:
        """Whether one more token fits, after discarding old ones if the request allows it."""
        if len(sequence.tokens) < self._host.num_ctx:
            return True
        limits = sequence.command.limits
        if not limits.shift or not self._host.can_shift or sequence.slot is None:
            return False
        keep, discard = shift_range(len(sequence.tokens), prepare.num_kept(limits.num_keep, sequence.num_prompt))
        if discard <= 0:
            return False
        # The newest token is not in the cache yet, so the cache ends before it.
        self._host.discard(sequence.slot_id, keep, discard, sequence.num_computed)
        del sequence.tokens[keep : keep + discard]
        sequence.num_computed -= discard
        sequence.shifted_from = keep
        del sequence.slot.tokens[keep:]  # no other prompt may copy what has moved
        return True

    def _finish(self, sequence: Sequence, reason: FinishReason) -> None:
        self._send(sequence, sequence.decoder.flush(), is_last=True)
        tokens = tuple(sequence.tokens) if sequence.command.want_tokens else ()
        stop = sequence.decoder.stopped_by
        finished = Finished(reason=reason, usage=sequence.usage(), stop_sequence=stop, tokens=tokens)
        self._out.append((sequence.id, finished))
        self._release(sequence)

    def _release(self, sequence: Sequence) -> None:
        self._running.remove(sequence)
        sequence.close()
        if sequence.slot is not None:
            self._slots.release(sequence.slot, sequence.reusable)

    def _fail(self, sequence: Sequence, error: OmmError) -> None:
        self._out.append((sequence.id, failed(error)))
        self._release(sequence)

    def _embed(self) -> None:
        """Compute one batch of inputs of the oldest embedding request."""
        job = self._embeds[0]
        group: list[list[int]] = []
        room = self._host.num_embed_ctx
        while job.inputs and len(job.inputs[0]) <= room and len(group) < self._host.max_embed_group:
            group.append(job.inputs.popleft())
            room -= len(group[-1])
        try:
            job.rows += self._host.embed(group, job.scales)
        except Exception as exc:
            self._embeds.popleft()
            self._out.append((job.id, failed(as_omm_error(exc))))
            if isinstance(exc, OmmError):
                return
            raise
        if not job.inputs:
            self._embeds.popleft()
            self._out.append((job.id, Vectors(rows=tuple(job.rows), num_tokens=job.num_tokens)))

    def _fail_begun(self, error: OmmError) -> None:
        """Fail the answers a step may have worked on, and forget what it left in the cache."""
        for sequence in self._running[:]:
            self._fail(sequence, error)
        self._slots.forget()
        self._host.clear()
        self._flush()

    def _fail_waiting(self, error: OmmError) -> None:
        for sequence in self._waiting:
            self._out.append((sequence.id, failed(error)))
            sequence.close()
        self._out += [(job.id, failed(error)) for job in self._embeds]
        self._waiting.clear()
        self._embeds.clear()
        self._flush()

    def _flush(self) -> None:
        if self._out:
            out, self._out = self._out, []
            self._publish(out)


def _takes_long(command: Generate | Embed | Tokenize) -> bool:
    """Whether a cancellation, or another request, should not wait for its preparation."""
    match command:
        case Generate():
            return command.constraint is not None or len(command.prompt) > LONG_TEXT
        case Embed():
            return sum(len(text) + len(command.query or "") for text in command.inputs) > LONG_TEXT
        case Tokenize():
            return len(command.text) > LONG_TEXT


def failed(error: OmmError) -> Failed:
    """The event that ends a stream with this error."""
    return Failed(code=error.code, message=error.message, param=error.param)


def as_omm_error(exc: Exception) -> OmmError:
    """The error itself, or what to tell a client of one that nobody foresaw."""
    return exc if isinstance(exc, OmmError) else EngineFailed(f"inference failed: {exc}")


def shift_range(num_tokens: int, num_keep: int) -> tuple[int, int]:
    """Where to discard tokens when the context is full: after `keep`, half of the rest."""
    keep = min(num_keep, num_tokens // 2)
    return keep, (num_tokens - keep) // 2
