"""Streams at the edge: merging, peeking, ending, closing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.api.wire import BodyStream, end_with_error, merge_text, peek, sse, watch_events, watch_items
from omm.errors import Busy, Cancelled, EngineFailed, OmmError
from omm.types import Event, Failed, Finished, PromptProgress, TextDelta, ThinkingDelta, TokenLogprob, ToolCall
from tests.fakes import FakeStream, answer

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(TextDelta, text=st.text(max_size=3)),
    st.builds(ThinkingDelta, text=st.text(max_size=3)),
    st.just(ToolCall(id="c", name="f", arguments={})),
)


@given(st.lists(EVENTS, max_size=12))
def test_merging_loses_nothing_and_keeps_the_order(events: list[Event]) -> None:
    def kinds(stream: list[Event]) -> list[tuple[type, str]]:
        texts = [(type(event), getattr(event, "text", "")) for event in stream]
        groups = itertools.groupby(texts, key=lambda pair: pair[0])
        return [(kind, "".join(text for _, text in group)) for kind, group in groups]

    merged = merge_text(events)
    assert kinds(merged) == kinds(events)
    assert sum(isinstance(event, ToolCall) for event in merged) == sum(isinstance(e, ToolCall) for e in events)
    pairs = itertools.pairwise(merged)
    assert not any(type(a) is type(b) and not isinstance(a, ToolCall) for a, b in pairs)


def test_merging_keeps_logprobs_in_order() -> None:
    def delta(token: str) -> TextDelta:
        return TextDelta(text=token, logprobs=(TokenLogprob(token=token, logprob=0, data=b""),))

    (merged,) = merge_text([delta("a"), delta("b")])
    assert isinstance(merged, TextDelta)
    assert [entry.token for entry in merged.logprobs] == ["a", "b"]


def test_events_end_at_finished() -> None:
    stream = FakeStream(*answer("a"), TextDelta(text="too late"))
    events = [*watch_events(stream, lambda: False)]
    assert [type(event) for event in events] == [TextDelta, Finished]


def test_failed_is_raised() -> None:
    stream = FakeStream(TextDelta(text="a"), Failed(code="engine_failed", message="died"))
    events = watch_events(stream, lambda: False)
    assert isinstance(next(events), TextDelta)
    with pytest.raises(EngineFailed, match="died"):
        next(events)


def test_a_lost_client_is_noticed_while_nothing_happens() -> None:
    checks = iter([False, True])
    with pytest.raises(Cancelled):
        next(watch_events(FakeStream(), lambda: next(checks)))


def test_items_stop_for_a_lost_client() -> None:
    checks = iter([False, True])
    items = watch_items(iter("abc"), lambda: next(checks))
    assert next(items) == "a"
    with pytest.raises(Cancelled):
        next(items)


def test_peeking_takes_the_first_and_loses_none() -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for number in range(3):
            taken.append(number)
            yield number

    items = peek(source())
    assert taken == [0]
    assert [*items] == [0, 1, 2]
    assert [*peek(iter(()))] == []


def test_peeking_raises_what_comes_first() -> None:
    def source() -> Iterator[int]:
        raise Busy("full")
        yield 1

    with pytest.raises(Busy):
        peek(source())


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (Busy("full"), ["full"]),
        (Cancelled("gone"), []),
        (RuntimeError("a bug"), ["internal error; the server's log has the details"]),
    ],
)
def test_a_broken_stream_ends_with_an_error(error: Exception, last: list[str]) -> None:
    def source() -> Iterator[str]:
        yield "a"
        raise error

    def shape(failure: OmmError) -> str:
        return failure.message

    assert [*end_with_error(source(), shape)] == ["a", *last]


def test_lines_close_once_even_when_never_started() -> None:
    closed: list[str] = []
    stream = BodyStream([b"line"], lambda: closed.append("first"))
    stream.add_close(lambda: closed.append("second"))
    stream.close()
    stream.close()
    assert closed == ["first", "second"]


def test_server_sent_events_have_one_data_line_each() -> None:
    assert sse({"a": "é\n"}) == 'data: {"a":"é\\n"}\n\n'.encode()
    assert sse(b"{}", "ping") == b"event: ping\ndata: {}\n\n"


def test_the_start_is_told_once_the_prompt_is_known() -> None:
    known = PromptProgress(done=1, total=9)
    stream = FakeStream(PromptProgress(done=0, total=0), known, PromptProgress(done=2, total=9), *answer("x"))
    assert [*watch_events(stream, lambda: False, tells_start=True)] == [known, *answer("x")]


def test_a_silent_stream_shows_signs_of_life() -> None:
    stream = FakeStream(PromptProgress(done=1, total=9), *answer("x"))
    kinds = [type(event) for event in watch_events(stream, lambda: False, beat_s=0)]
    assert kinds[-2:] == [TextDelta, Finished]
    quiet = FakeStream()
    events = watch_events(quiet, lambda: False, beat_s=0.01)
    assert next(events) == PromptProgress(done=0, total=0)
    quiet.push(PromptProgress(done=5, total=9))
    assert next(event for event in events if event != PromptProgress(done=0, total=0)).done == 5  # type: ignore[union-attr]
