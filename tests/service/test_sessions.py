"""Conversations in memory: bounded, in order, changed by whole turns only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from omm.errors import Busy, NotFound
from omm.service.sessions import SessionStore, Turn
from omm.types import ChatRequest, Failed, Finished, Message, TextDelta, ThinkingDelta
from tests.fakes import FakeStream, answer

BASE = ChatRequest(model="tiny", messages=())


class Clock:
    """A time that tests set."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def begin(store: SessionStore, system_prompt: str = "") -> str:
    return store.create("default", system_prompt, BASE, note="a note").id


def run(*streams: FakeStream) -> Callable[[ChatRequest], FakeStream]:
    left = list(streams)
    return lambda request: left.pop(0)


def finish(turn: Turn) -> None:
    while not isinstance(turn.next(1), Finished | Failed):
        continue
    turn.close()


def contents(store: SessionStore, session: str) -> list[str]:
    return [message.content for message in store.find(session).messages]


def test_a_turn_sees_all_before_it() -> None:
    store, requests = SessionStore(), []
    session = begin(store, "Be brief.")

    def note(request: ChatRequest) -> FakeStream:
        requests.append(request)
        return FakeStream(ThinkingDelta(text="hm"), *answer("Yes"))

    finish(store.turn(session, "one", note))
    finish(store.turn(session, "two", note))
    assert requests[1].messages == (
        Message(role="system", content="Be brief."),
        Message(role="user", content="one"),
        Message(role="assistant", content="Yes", thinking="hm"),
        Message(role="user", content="two"),
    )


def test_both_messages_are_there_when_the_reader_sees_the_end() -> None:
    store = SessionStore()
    session = begin(store)
    turn = store.turn(session, "one", run(FakeStream(*answer("Yes"))))
    assert isinstance(turn.next(1), TextDelta)
    assert contents(store, session) == []
    assert isinstance(turn.drain()[-1], Finished)
    assert contents(store, session) == ["one", "Yes"]
    assert turn.note == "a note"
    turn.close()


def test_a_cancelled_turn_changes_nothing_and_makes_way() -> None:
    store = SessionStore()
    session = begin(store)
    cancelled = FakeStream(TextDelta(text="He"))
    turn = store.turn(session, "one", run(cancelled))
    assert isinstance(turn.next(1), TextDelta)
    turn.close()
    turn.close()
    assert cancelled.closed.is_set()
    finish(store.turn(session, "two", run(FakeStream(*answer("Yes")))))
    assert contents(store, session) == ["two", "Yes"]


def test_turns_come_in_the_order_of_arrival() -> None:
    store = SessionStore()
    session = begin(store)
    turns = [store.turn(session, str(n), run(FakeStream(*answer(f"to {n}")))) for n in range(3)]
    assert [turn.next(0) for turn in (turns[2], turns[1])] == [None, None]
    assert turns[2].drain() == []
    turns[1].close()  # who gives up before its turn
    assert turns[2].next(0) is None
    finish(turns[0])
    finish(turns[2])
    assert contents(store, session) == ["0", "to 0", "2", "to 2"]


def test_what_cannot_be_started_is_a_failed_event() -> None:
    store = SessionStore()
    session = begin(store)

    def refuse(request: ChatRequest) -> FakeStream:
        raise Busy("full", param="model")

    assert store.turn(session, "one", refuse).next(1) == Failed(code="busy", message="full", param="model")
    finish(store.turn(session, "two", run(FakeStream(*answer("Yes")))))
    assert contents(store, session) == ["two", "Yes"]


def test_the_least_recently_used_makes_room() -> None:
    store = SessionStore(max_sessions=2)
    first, second = begin(store), begin(store)
    store.find(first)
    third = begin(store)
    assert [store.find(session).id for session in (first, third)] == [first, third]
    with pytest.raises(NotFound, match=f"Session '{second}' does not exist"):
        store.find(second)


def test_idle_sessions_end() -> None:
    clock = Clock()
    store = SessionStore(max_idle_s=10, clock=clock)
    used, idle = begin(store), begin(store)
    clock.now_s = 6
    finish(store.turn(used, "one", run(FakeStream(*answer("Yes")))))
    clock.now_s = 12
    assert contents(store, used) == ["one", "Yes"]
    with pytest.raises(NotFound):
        store.turn(idle, "one", run())


def test_a_turn_outlives_its_session() -> None:
    store = SessionStore()
    session = begin(store)
    turn = store.turn(session, "one", run(FakeStream(*answer("Yes"))))
    store.delete(session)
    finish(turn)
    with pytest.raises(NotFound):
        store.find(session)
    with pytest.raises(NotFound):
        store.delete(session)
