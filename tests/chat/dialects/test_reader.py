"""What every dialect stands on: markers found at every split, nothing held back for long, calls told in order."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest

from omm.chat.dialects.reader import Context, Parser, Reader, Steps, Trim, json_or_none, new_call_id, thought
from omm.types import Event, TextDelta, ThinkingDelta, TokenLogprob, ToolCall, ToolCallDelta
from tests.chat.dialects.golden import TOOLS, cuts, joined

Read = Callable[[Reader], Steps[None]]


def until(*markers: str, trim: Trim = Trim.NOTHING) -> Read:
    """Text in parentheses around each of the markers."""

    def read(reader: Reader) -> Steps[None]:
        while marker := (yield from reader.until(*markers, into=reader.say, trim=trim)):
            reader.say(f"({marker})")

    return read


def run(read: Read, text: str, context: Context = Context()) -> list[tuple[object, ...]]:
    """The joined events, the same for every split."""

    def of(pieces: list[str]) -> list[tuple[object, ...]]:
        parser = Parser(read, context, lambda name, number: f"{name}-{number}")
        made = [event for piece in pieces for event in parser.feed(TextDelta(text=piece))]
        return joined(made + parser.flush())

    whole = of([text])
    for pieces in cuts(text):
        assert of(pieces) == whole, pieces
    return whole


@pytest.mark.parametrize(
    ("markers", "text", "result"),
    [
        (("<a>",), "x<a>y<a", "x(<a>)y<a"),
        (("<a>", "<a>b"), "<a>b<a>c<a>", "(<a>b)(<a>)c(<a>)"),
        (("a", "xab"), "xab xa", "(xab) x(a)"),
        (("aab",), "aaab", "a(aab)"),
        (("<a>",), "", ""),
        ((), "<a>", "<a>"),
    ],
)
def test_the_first_and_longest_marker_counts(markers: tuple[str, ...], text: str, result: str) -> None:
    assert "".join(str(text) for _, text in run(until(*markers), text)) == result


@pytest.mark.parametrize(
    ("trim", "result"),
    [
        (Trim.NOTHING, "a \n\n(|) \n b \n"),
        (Trim.NEWLINE, "a \n(|) \n b \n"),
        (Trim.BLANKS, "a(|) \n b \n"),
    ],
)
def test_blanks_before_a_marker(trim: Trim, result: str) -> None:
    assert run(until("|", trim=trim), "a \n\n| \n b \n") == [("text", result)]


def test_text_is_held_back_only_while_it_may_be_a_marker() -> None:
    parser = Parser(until("<call>", trim=Trim.BLANKS), Context())
    told = [joined(parser.feed(TextDelta(text=char))) for char in "a <c> <b\n<"]
    assert told == [[("text", "a")], [], [], [], [("text", " <c>")], [], [], [("text", " <b")], [], []]
    assert joined(parser.flush()) == [("text", "\n<")]


def test_a_choice_between_texts_waits_until_it_is_certain() -> None:
    def read(reader: Reader) -> Steps[None]:
        found = yield from reader.starts("ab", "abc", "x")
        reader.say(f"[{found}]")

    assert run(read, "  abcd") == [("text", "[abc]d")]
    assert run(read, "abd") == [("text", "[ab]d")]
    assert run(read, " ab") == [("text", "[ab]")]
    assert run(read, " a") == [("text", "[] a")]
    assert run(read, "") == [("text", "[]")]


def test_a_closer_that_is_cut_off_is_no_text() -> None:
    def read(reader: Reader) -> Steps[None]:
        yield from reader.until("(", into=reader.say)
        yield from reader.closes("<end>")

    assert run(read, "a(<end>b") == [("text", "ab")]
    assert run(read, "a( <en") == [("text", "a")]
    assert run(read, "a( <en ") == [("text", "a <en ")]
    assert run(read, "a(<b") == [("text", "a<b")]


def test_what_was_read_can_be_given_back_or_read_again() -> None:
    def read(reader: Reader) -> Steps[None]:
        marker = yield from reader.until("<", into=reader.say, trim=Trim.BLANKS)
        reader.mark(marker)
        yield from reader.take("=")
        yield from reader.give_back(">")
        reader.mark()
        text, _ = yield from reader.take("!")
        reader.say(f"[{text}]")
        reader.rewind()

    assert run(read, "one \n<two=three>four!five") == [("text", "one \n<two=three>[four]four!five")]


@pytest.mark.parametrize(
    ("text", "is_thinking", "result"),
    [
        ("<t> \n", False, []),
        ("<t>a</t>\n\nb", False, [("thinking", "a"), ("text", "b")]),
        ("\n<t>\na \n</t>b", False, [("thinking", "a"), ("text", "b")]),
        ("<t>a \n", False, [("thinking", "a")]),
        ("a</t>b</t>", True, [("thinking", "a"), ("text", "b</t>")]),
        ("<t>a</t>b", True, [("thinking", "a"), ("text", "b")]),
        (" </t> b", True, [("text", "b")]),
        ("a!b", True, [("thinking", "a"), ("text", "b")]),
        ("a<t>b</t>", False, [("text", "a<t>b</t>")]),
    ],
)
def test_reasoning(text: str, is_thinking: bool, result: object) -> None:
    def read(reader: Reader) -> Steps[None]:
        yield from thought(reader, "<t>", "</t>", also=("!",))

    assert run(read, text, Context(is_thinking=is_thinking)) == result


def test_a_call_is_told_piece_by_piece_and_whole() -> None:
    def read(reader: Reader) -> Steps[None]:
        reader.open_call("tide")
        yield from reader.until("|", into=reader.arguments)
        reader.close_call()

    parser = Parser(read, Context(), lambda name, number: f"{name}-{number}")
    made: list[Event] = [e for t in ('{"a"', ": 1", "}", "|") for e in parser.feed(TextDelta(text=t))] + parser.flush()
    head = ToolCallDelta(index=0, id="tide-0", name="tide")
    assert made == [
        head,
        *(ToolCallDelta(index=0, id="tide-0", name="tide", arguments=part) for part in ('{"a"', ": 1", "}")),
        ToolCall(id="tide-0", name="tide", arguments={"a": 1}, index=0),
    ]


def test_a_call_that_its_dialect_leaves_open_is_closed_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    def read(reader: Reader) -> Steps[None]:
        reader.open_call("tide")
        yield from reader.until(into=reader.arguments)

    assert run(read, '{"a": ') == [("call", "tide", '{"a": ', "tide-0")]
    assert "the model called tide with arguments that are no JSON object" in caplog.text


def test_a_mistake_in_a_dialect_costs_no_text(caplog: pytest.LogCaptureFixture) -> None:
    def read(reader: Reader) -> Steps[None]:
        yield from reader.until("!", into=reader.say)
        raise ZeroDivisionError

    log = logging.getLogger("omm.chat.dialects")
    loud, log.handlers = log.handlers, []
    try:
        assert run(read, "one!two<b>") == [("text", "onetwo<b>")]
    finally:
        log.handlers = loud
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("size", [1, 2, 3, 99])
def test_log_probabilities_are_those_of_the_text(size: int) -> None:
    parser = Parser(lambda reader: (yield from thought(reader, "<t>", "</t>")), Context())
    tokens = ["<t>", "a", " b", "</t>", "\n\n", "c", "d"]
    entries = [TokenLogprob(token=token, logprob=-1.0, data=b"") for token in tokens]
    groups = [entries[at : at + size] for at in range(0, len(entries), size)]
    deltas = [TextDelta(text="".join(e.token for e in group), logprobs=tuple(group)) for group in groups]
    made = [event for delta in deltas for event in parser.feed(delta)] + parser.flush()
    told = [(type(event), entry.token) for event in made if not isinstance(event, ToolCall) for entry in event.logprobs]  # type: ignore[union-attr]
    assert told == [(ThinkingDelta, "a"), (ThinkingDelta, " b"), (TextDelta, "c"), (TextDelta, "d")]


def test_the_parser_knows_whether_reasoning_goes_on() -> None:
    parser = Parser(lambda reader: (yield from thought(reader, "<t>", "</t>")), Context(is_thinking=True))
    known = [parser.is_thinking]
    for text in ("a", "b</t>", "c"):
        parser.feed(TextDelta(text=text))
        known.append(parser.is_thinking)
    assert known == [True, True, True, False]


def test_new_ids() -> None:
    ids = {new_call_id("tide", number) for number in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch(r"call_[0-9a-f]{24}", made) for made in ids)


def test_schemas_of_offered_tools() -> None:
    context = Context(tools=TOOLS)
    assert context.schema("tide")["properties"]["days"] == {"type": "integer"}
    assert context.schema("elsewhere") == {}
    assert context.offers("moon")
    assert not context.offers("elsewhere")


@pytest.mark.parametrize(
    ("text", "value"),
    [('{"a": 1}', {"a": 1}), ('"a\nb"', "a\nb"), ("{", None), ('"\\ud800"', None), ("[" * 100_000, None), ("", None)],
)
def test_json(text: str, value: object) -> None:
    assert json_or_none(text) == value
