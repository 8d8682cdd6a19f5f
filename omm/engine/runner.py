"""One loaded model: a child process with a worker in it.

Commands go in, replies come out by request id. When a child dies, all its requests fail with a clear error.
"""

from __future__ import annotations

import collections
import itertools
import logging
import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from omm.engine import messages
from omm.engine.messages import LOAD_ID, Cancel, Command, Load, Loaded, LoadSpec, Outgoing, is_last
from omm.engine.pace import Pace
from omm.engine.stream import Outbox
from omm.errors import Cancelled, EngineFailed, LoadFailed, OmmError, from_code
from omm.types import Failed, TextDelta

log = logging.getLogger(__name__)

STOPPED = "the model runner has unexpectedly stopped; this may be due to too little memory or an internal error"
EXIT_TIMEOUT_S = 5.0
POLL_S = 0.5  # between looks at whether somebody still waits


class Transport(Protocol):
    """Carries commands to a worker and calls back with its replies, then once when it is gone."""

    def send(self, command: Command) -> None: ...

    def close(self) -> None: ...

    @property
    def last_words(self) -> str: ...


class ChildProcess:
    """A worker in a child process. `env` is its whole environment."""

    def __init__(
        self, env: Mapping[str, str], on_replies: Callable[[list[Outgoing]], None], on_exit: Callable[[], None]
    ) -> None:
        self._process = subprocess.Popen(
            # NOTE: -P, because else a file in the current directory could take the place of any module.
            [sys.executable, "-P", "-m", "omm.engine.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(env),
        )
        self._lock = threading.Lock()  # guards stdin: many HTTP threads send
        self._log_lines: collections.deque[str] = collections.deque(maxlen=50)
        self._on_replies, self._on_exit = on_replies, on_exit
        self._log_reader = threading.Thread(target=self._read_log, name=f"runner-{self.pid}-log", daemon=True)
        self._reader = threading.Thread(target=self._read, name=f"runner-{self.pid}-replies", daemon=True)
        self._log_reader.start()
        self._reader.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The last line the child logged."""
        return self._log_lines[-1] if self._log_lines else ""

    def send(self, command: Command) -> None:
        """Send a command; nothing happens when the child is gone, since its requests have failed already.

        Raises:
            InvalidRequest: it holds something that cannot be sent.
        """
        assert self._process.stdin is not None
        with self._lock:
            try:
                messages.write_command(self._process.stdin, command)
            except (OSError, ValueError):
                log.debug("runner %d is gone", self.pid)

    def close(self) -> None:
        """End the child and reap it: first by closing its stdin, then by force."""
        assert self._process.stdin is not None
        if not self._lock.acquire(timeout=EXIT_TIMEOUT_S):
            self._process.kill()  # it does not read, so somebody waits in `send`
            self._lock.acquire()
        try:
            self._process.stdin.close()
        except OSError:
            pass
        finally:
            self._lock.release()
        self._reap()
        for thread in (self._reader, self._log_reader):
            if thread is not threading.current_thread():
                thread.join(EXIT_TIMEOUT_S)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            try:
                while (replies := messages.read_replies(pipe)) is not None:
                    self._on_replies(replies)
            except (OSError, ValueError):
                log.exception("reading from runner %d failed", self.pid)
                self._process.kill()
        self._reap()
        self._log_reader.join(EXIT_TIMEOUT_S)  # its last words
        self._on_exit()

    def _reap(self) -> None:
        try:
            self._process.wait(EXIT_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as pipe:
            for raw in pipe:
                line = raw.decode("utf-8", "replace").rstrip()
                self._log_lines.append(line)
                log.debug("runner %d: %s", self.pid, line)


class Runner:
    """A model being loaded or loaded. Thread-safe; close when done."""

    def __init__(self, connect: Callable[[Callable[[list[Outgoing]], None], Callable[[], None]], Transport]) -> None:
        self._ids = itertools.count(LOAD_ID + 1)
        self._lock = threading.Lock()  # guards _outboxes, _pace and is_alive
        self._outboxes: dict[int, Outbox] = {}
        self._pace = Pace()
        self.is_alive = True
        self._transport = connect(self._on_replies, self._on_exit)

    def load(self, spec: LoadSpec, timeout_s: float | None) -> Loaded:
        """Load the model and wait for it.

        Raises:
            LoadFailed, OutOfMemory: it could not be loaded, or not in time; the runner must be closed.
        """
        outbox = self._open(LOAD_ID, lambda: None)
        self._transport.send(Load(spec=spec))
        reply = outbox.next(timeout_s)
        match reply:
            case Loaded():
                return reply
            case Failed():
                error = from_code(reply.code, reply.message, reply.param)
                raise error if isinstance(error, LoadFailed) else LoadFailed(error.message)
            case _:
                raise LoadFailed(f"the model was not loaded within {timeout_s:.0f} seconds")

    def start(self, make: Callable[[int], Command]) -> Outbox:
        """Send the command `make` builds for a new request id; its replies come through the outbox."""
        request_id = next(self._ids)
        outbox = self._open(request_id, lambda: self._cancel(request_id))
        try:
            self._transport.send(make(request_id))
        except OmmError:
            outbox.close()
            raise
        return outbox

    def call(
        self,
        make: Callable[[int], Command],
        timeout_s: float = math.inf,
        is_gone: Callable[[], bool] = lambda: False,
    ) -> messages.Reply:
        """Send a command with a single reply and wait for it. Raises the error it failed with.

        Raises:
            Cancelled: `is_gone` says that nobody waits any more; the work is stopped.
            EngineFailed: there was no reply in time.
        """
        outbox = self.start(make)
        try:
            reply = _wait_for(outbox, timeout_s, is_gone)
        finally:
            outbox.close()
        if isinstance(reply, Failed):
            raise from_code(reply.code, reply.message, reply.param)
        return reply

    def close(self) -> None:
        """End the worker and free its memory; requests still running fail."""
        self._transport.close()

    def _open(self, request_id: int, cancel: Callable[[], None]) -> Outbox:
        outbox = Outbox(cancel)
        with self._lock:
            if self.is_alive:
                self._outboxes[request_id] = outbox
                return outbox
        outbox.put(self._stopped())
        return outbox

    def _cancel(self, request_id: int) -> None:
        with self._lock:
            known = self._outboxes.pop(request_id, None)
        if known is not None:
            self._transport.send(Cancel(id=request_id))

    @property
    def tokens_per_second(self) -> float:
        """How fast answers have come in the last seconds, all together."""
        with self._lock:
            return self._pace.per_second(time.monotonic())

    def _on_replies(self, replies: list[Outgoing]) -> None:
        for request_id, reply in replies:
            with self._lock:
                if isinstance(reply, TextDelta) and reply.num_tokens:
                    self._pace.add(reply.num_tokens, time.monotonic())
                take = self._outboxes.pop if is_last(reply) else self._outboxes.get
                outbox = take(request_id, None)
            if outbox is not None:
                outbox.put(reply)

    def _on_exit(self) -> None:
        with self._lock:
            self.is_alive = False
            orphans, self._outboxes = list(self._outboxes.values()), {}
        for outbox in orphans:
            outbox.put(self._stopped())

    def _stopped(self) -> Failed:
        words = self._transport.last_words if hasattr(self, "_transport") else ""
        return Failed(code=EngineFailed.code, message=f"{STOPPED}: {words}" if words else STOPPED)


def _wait_for(outbox: Outbox, timeout_s: float, is_gone: Callable[[], bool]) -> messages.Reply:
    end_s = time.monotonic() + timeout_s
    while (reply := outbox.next(min(POLL_S, max(0.0, end_s - time.monotonic())))) is None:
        if is_gone():
            raise Cancelled("the client left")
        if time.monotonic() >= end_s:
            raise EngineFailed("the model did not answer in time")
    return reply
