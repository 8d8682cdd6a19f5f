"""Conversations kept in memory: bounded, one turn at a time each, changed by turns that succeed and by nothing else."""

from __future__ import annotations

import collections
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from omm.errors import NotFound, OmmError
from omm.types import ChatRequest, Event, Failed, Finished, Message, TextDelta, ThinkingDelta, Value

MAX_SESSIONS = 1000
MAX_IDLE_S = 24 * 3600.0


class Stream(Protocol):
    """A running answer: events that end with one Finished or Failed."""

    def next(self, timeout_s: float) -> Event | None: ...

    def drain(self, gather_s: float = 0.0) -> list[Event]: ...

    def close(self) -> None: ...


class Transcript(Value):
    """A session as it stands; `messages` are the turns, without the system prompt."""

    id: str
    name: str
    system_prompt: str
    model: str
    messages: tuple[Message, ...] = ()


@dataclass(slots=True, eq=False)
class Session:
    """A conversation. All fields are guarded by the store's lock; `queue` is who wants a turn, in order of arrival.

    `note` is what its creator wants to find again at each turn.
    """

    transcript: Transcript
    base: ChatRequest
    note: Any
    last_used: float
    queue: collections.deque[Turn] = field(default_factory=collections.deque)


class SessionStore:
    """All sessions of a server. Safe to call from any thread."""

    def __init__(
        self,
        max_sessions: int = MAX_SESSIONS,
        max_idle_s: float = MAX_IDLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_sessions, self._max_idle_s, self._clock = max_sessions, max_idle_s, clock
        self._changed = threading.Condition()  # guards _sessions and every Session
        self._sessions: collections.OrderedDict[str, Session] = collections.OrderedDict()  # least recently used first

    def create(self, name: str, system_prompt: str, base: ChatRequest, note: Any = None) -> Transcript:
        """Begin a conversation; `base` is its requests without their messages. The oldest make room."""
        transcript = Transcript(id=str(uuid.uuid4()), name=name, system_prompt=system_prompt, model=base.model)
        with self._changed:
            self._drop_idle()
            while len(self._sessions) >= self._max_sessions:
                self._sessions.popitem(last=False)
            self._sessions[transcript.id] = Session(transcript, base, note, self._clock())
        return transcript

    def find(self, session_id: str) -> Transcript:
        """Raises NotFound."""
        with self._changed:
            return self._find(session_id).transcript

    def delete(self, session_id: str) -> None:
        """Forget a session; a turn that runs ends as it would have. Raises NotFound."""
        with self._changed:
            self._find(session_id)
            del self._sessions[session_id]

    def turn(self, session_id: str, prompt: str, run: Callable[[ChatRequest], Stream]) -> Turn:
        """Queue for a session's next turn, which `run` answers. The caller closes it. Raises NotFound."""
        with self._changed:
            session = self._find(session_id)
            turn = Turn(self, session, prompt, run)
            session.queue.append(turn)
            return turn

    def _find(self, session_id: str) -> Session:
        self._drop_idle()
        session = self._sessions.get(session_id)
        if session is None:
            raise NotFound(f"Session '{session_id}' does not exist")
        self._touch(session)
        return session

    def _touch(self, session: Session) -> None:
        session.last_used = self._clock()
        if session.transcript.id in self._sessions:
            self._sessions.move_to_end(session.transcript.id)

    def _drop_idle(self) -> None:
        earliest = self._clock() - self._max_idle_s
        while self._sessions and next(iter(self._sessions.values())).last_used < earliest:
            self._sessions.popitem(last=False)

    # --- turns ------------------------------------------------------------------------------------------------

    def wait_for(self, turn: Turn, timeout_s: float) -> ChatRequest | None:
        """The request of a turn once all before it are over, None if they are not after `timeout_s`."""
        session = turn.session
        with self._changed:
            if not self._changed.wait_for(lambda: session.queue[0] is turn, timeout_s):
                return None
            known = session.transcript
            system = (Message(role="system", content=known.system_prompt),) if known.system_prompt else ()
            messages = (*system, *known.messages, turn.message)
            return msgspec.structs.replace(session.base, messages=messages)

    def commit(self, turn: Turn, answer: Message) -> None:
        """Add a turn's two messages."""
        with self._changed:
            known = turn.session.transcript
            messages = (*known.messages, turn.message, answer)
            turn.session.transcript = msgspec.structs.replace(known, messages=messages)
            self._touch(turn.session)

    def leave(self, turn: Turn) -> None:
        """Let the next one have its turn. May be called again."""
        with self._changed:
            if turn in turn.session.queue:
                turn.session.queue.remove(turn)
                self._changed.notify_all()


class Turn:
    """One prompt to a session and its answer, as a stream of events. One reader; `close` may be repeated.

    The transcript has both before the reader sees Finished, and neither when it ends in another way.
    """

    def __init__(
        self, store: SessionStore, session: Session, prompt: str, run: Callable[[ChatRequest], Stream]
    ) -> None:
        self.session = session
        self.message = Message(role="user", content=prompt)
        self._store, self._run = store, run
        self._stream: Stream | None = None
        self._text: list[str] = []
        self._thinking: list[str] = []

    @property
    def note(self) -> Any:
        """What the session was created with."""
        return self.session.note

    def next(self, timeout_s: float) -> Event | None:
        """The next event; None when there is none within the time."""
        if self._stream is None:
            request = self._store.wait_for(self, timeout_s)
            if request is None:
                return None
            try:
                self._stream = self._run(request)
            except OmmError as error:
                return self._noted(Failed(code=error.code, message=error.message, param=error.param))
        event = self._stream.next(timeout_s)
        return event and self._noted(event)

    def drain(self, gather_s: float = 0.0) -> list[Event]:
        """The events that are there after `gather_s`, or sooner when the stream ends."""
        return [self._noted(event) for event in self._stream.drain(gather_s)] if self._stream else []

    def close(self) -> None:
        """Cancel what still runs, and give up the place in the queue."""
        if self._stream is not None:
            self._stream.close()
        self._store.leave(self)

    def _noted(self, event: Event) -> Event:
        match event:
            case TextDelta():
                self._text.append(event.text)
            case ThinkingDelta():
                self._thinking.append(event.text)
            case Finished():
                answer = Message(role="assistant", content="".join(self._text), thinking="".join(self._thinking))
                self._store.commit(self, answer)
                self._store.leave(self)
            case Failed():
                self._store.leave(self)
        return event
