"""Reasoning and tool calls are told from the answer alike however the text is cut."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.chat.parsers import PlainParser, parser_for, thinking_markers
from omm.chat.parsers.hermes import HermesParser
from omm.types import Event, TextDelta, ThinkingDelta, TokenLogprob, Tool, ToolCall

TEMPLATE = "<think></think> <tool_call></tool_call>"
TOOL = Tool(name="add", spec={})
GOOD = '<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>'

# What a model may write, with and without mistakes, and what comes out when thinking and tools are on.
FIXTURES: dict[str, list[tuple[str, Any]]] = {
    "": [],
    "Hello there.": [("text", "Hello there.")],
    "  two \n blanks ": [("text", "  two \n blanks ")],
    "<think>hm</think>Yes": [("thinking", "hm"), ("text", "Yes")],
    "\n<think>\nhm, so\n\nwell\n</think>\n\nYes\n": [("thinking", "hm, so\n\nwell"), ("text", "Yes\n")],
    "<think>\n\n</think>\n\nYes": [("text", "Yes")],
    "<think>never ended ": [("thinking", "never ended")],
    "<think>half</thi": [("thinking", "half</thi")],
    "<thi": [("text", "<thi")],
    "<thinking>no": [("text", "<thinking>no")],
    "a <think>b</think>": [("text", "a <think>b</think>")],
    "<think>a<think>b</think>c": [("thinking", "a<think>b"), ("text", "c")],
    GOOD: [("call", "add", {"a": 1})],
    f"<think>use it</think>\n{GOOD}": [("thinking", "use it"), ("call", "add", {"a": 1})],
    f"I add. \n{GOOD}": [("text", "I add."), ("call", "add", {"a": 1})],
    f"{GOOD}\n{GOOD}": [("call", "add", {"a": 1}), ("call", "add", {"a": 1})],
    f"{GOOD} Done.": [("call", "add", {"a": 1}), ("text", "Done.")],
    '<tool_call>{"name": "add", "arguments": {"a": 1}}': [("call", "add", {"a": 1})],
    '<tool_call>{"name": "add"}</tool_call>': [("call", "add", {})],
    '<tool_call>{"name": "add", "parameters": {"a": 1}}</tool_call>': [("call", "add", {"a": 1})],
    '<tool_call>{"name": "add", "arguments": "{\\"a\\": 1}"}</tool_call>': [("call", "add", {"a": 1})],
    '<tool_call>{"name": "add", "arguments": "one"}</tool_call>': [("call", "add", "one")],
    '<tool_call>{"name": "add", "arguments": [1]}</tool_call>': [
        ("text", '<tool_call>{"name": "add", "arguments": [1]}</tool_call>')
    ],
    '<tool_call>{"name": 5}</tool_call>': [("text", '<tool_call>{"name": 5}</tool_call>')],
    "<tool_call>add(1)</tool_call> sorry": [("text", "<tool_call>add(1)</tool_call>sorry")],
    '<tool_call>{"name": "add", "argu': [("text", '<tool_call>{"name": "add", "argu')],
    "<tool_call>[1]</tool_call>": [("text", "<tool_call>[1]</tool_call>")],
    "<tool_call>" + "[" * 100_000: [("text", "<tool_call>" + "[" * 100_000)],
    '<tool_call>{"name": "add", "arguments": {"a": "\\ud800"}}</tool_call>': [
        ("text", '<tool_call>{"name": "add", "arguments": {"a": "\\ud800"}}</tool_call>')
    ],
    "<tool_call>": [("text", "<tool_call>")],
    "a <tool_ca": [("text", "a <tool_ca")],
    "a < b <t <tool_x> c": [("text", "a < b <t <tool_x> c")],
    "</think> and </tool_call>": [("text", "</think> and </tool_call>")],
    "🙂<think>é</think>": [("text", "🙂<think>é</think>")],
}


def fold(events: list[Event]) -> list[tuple[Any, ...]]:
    """Events without ids, neighbouring deltas joined."""
    folded: list[tuple[Any, ...]] = []
    for event in events:
        match event:
            case ToolCall(name=name, arguments=arguments):
                folded.append(("call", name, arguments))
            case TextDelta(text=text) | ThinkingDelta(text=text):
                kind = "text" if isinstance(event, TextDelta) else "thinking"
                if folded and folded[-1][0] == kind:
                    folded[-1] = (kind, folded[-1][1] + text)
                elif text:
                    folded.append((kind, text))
    return folded


def read(pieces: list[str], **fields: Any) -> list[Event]:
    fields = {"thinking": True, "tools": True, **fields}
    parser = HermesParser(**fields)
    events = [event for piece in pieces for event in parser.feed(TextDelta(text=piece))]
    return [*events, *parser.flush()]


def cut(text: str, cuts: list[int]) -> list[str]:
    places = sorted({place % (len(text) + 1) for place in cuts})
    return [text[start:end] for start, end in itertools.pairwise([0, *places, len(text)])]


@pytest.mark.parametrize("text", FIXTURES, ids=lambda text: text[:40])
def test_what_comes_out(text: str) -> None:
    assert fold(read([text])) == FIXTURES[text]


@pytest.mark.parametrize("text", [text for text in FIXTURES if len(text) < 1000], ids=lambda text: text[:40])
def test_one_character_at_a_time_gives_the_same(text: str) -> None:
    assert fold(read(list(text))) == FIXTURES[text]


PARTS = st.lists(
    st.sampled_from(
        [
            "<think>",
            "</think>",
            "<tool_call>",
            "</tool_call>",
            GOOD,
            '{"name": "x"}',
            "a",
            " ",
            "\n",
            "<",
            "</t",
            "é",
            "🙂",
        ]
    ),
    max_size=12,
).map("".join)
MODES = st.fixed_dictionaries({"thinking": st.booleans(), "tools": st.booleans(), "is_thinking": st.booleans()})


@given(PARTS, st.lists(st.integers(0, 500), max_size=10), MODES)
def test_any_cut_gives_the_same_events(text: str, cuts: list[int], modes: dict[str, bool]) -> None:
    assert fold(read(cut(text, cuts), **modes)) == fold(read([text], **modes)) == fold(read(list(text), **modes))


@given(PARTS, MODES)
def test_nothing_is_lost_but_markers_and_blanks(text: str, modes: dict[str, bool]) -> None:
    def letters(value: str) -> str:
        return re.sub(r"</?think>|</?tool_call>|\s", "", value)

    events = fold(read([text], **modes))
    written = "".join(
        json.dumps({"name": event[1], **({"arguments": event[2]} if event[2] else {})})
        if event[0] == "call"
        else event[1]
        for event in events
    )
    assert sorted(letters(written)) == sorted(letters(text))


def test_reasoning_that_began_in_the_prompt() -> None:
    assert fold(read(["\nhm", "</think>\n\nYes"], is_thinking=True)) == [("thinking", "hm"), ("text", "Yes")]


def test_text_is_sent_as_soon_as_it_cannot_be_a_marker() -> None:
    parser = HermesParser(thinking=True, tools=True)
    sent = [fold(parser.feed(TextDelta(text=piece))) for piece in ("He", "llo ", "<to", "x")]
    assert sent == [[("text", "He")], [("text", "llo")], [], [("text", " <tox")]]


def test_a_call_comes_when_it_is_complete() -> None:
    parser = HermesParser(thinking=False, tools=True)
    assert parser.feed(TextDelta(text=GOOD[:-1])) == []
    (call,) = parser.feed(TextDelta(text=GOOD[-1]))
    assert isinstance(call, ToolCall)


def test_calls_are_numbered_and_have_ids() -> None:
    calls = [event for event in read([GOOD * 3]) if isinstance(event, ToolCall)]
    assert [call.index for call in calls] == [0, 1, 2]
    assert len({call.id for call in calls}) == 3
    assert all(re.fullmatch(r"call_[a-z0-9]{8}", call.id) for call in calls)


@pytest.mark.parametrize("text", ["<think>hm</think>Yes", f"a {GOOD}", "<tool_call>{", "plain"])
def test_no_logprob_is_lost(text: str) -> None:
    parser = HermesParser(thinking=True, tools=True)
    entries = [
        TokenLogprob(token=letter, logprob=-float(place), data=letter.encode()) for place, letter in enumerate(text)
    ]
    events = [
        event
        for letter, entry in zip(text, entries, strict=True)
        for event in parser.feed(TextDelta(text=letter, logprobs=(entry,)))
    ] + parser.flush()
    kept = [entry for event in events if isinstance(event, TextDelta | ThinkingDelta) for entry in event.logprobs]
    assert kept == entries


def test_without_tools_a_call_is_text() -> None:
    assert fold(read([GOOD], tools=False)) == [("text", GOOD)]


@pytest.mark.parametrize(
    ("template", "tools", "think", "is_plain"),
    [
        (TEMPLATE, (), None, True),
        (TEMPLATE, (TOOL,), None, False),
        (TEMPLATE, (), True, False),
        (TEMPLATE, (), False, False),
        ("plain", (TOOL,), True, True),
    ],
)
def test_the_template_tells_the_dialect(
    template: str, tools: tuple[Tool, ...], think: bool | None, is_plain: bool
) -> None:
    assert isinstance(parser_for(template, "", tools, think), PlainParser) is is_plain


def test_the_prompt_tells_whether_reasoning_has_begun() -> None:
    parser = parser_for(TEMPLATE, "<|im_start|>assistant\n<think>\n", (), True)
    assert fold([*parser.feed(TextDelta(text="hm</think>Yes")), *parser.flush()]) == [
        ("thinking", "hm"),
        ("text", "Yes"),
    ]


@pytest.mark.parametrize(
    ("template", "prompt", "markers"),
    [
        (TEMPLATE, "x", ("<think>", "</think>")),
        (TEMPLATE, "<think>\n", ("", "</think>")),
        ("plain", "<think>", ("", "")),
    ],
)
def test_markers_of_reasoning_to_come(template: str, prompt: str, markers: tuple[str, str]) -> None:
    assert thinking_markers(template, prompt) == markers


def test_plain_text_passes_unchanged() -> None:
    delta = TextDelta(text=f"<think>{GOOD}")
    assert PlainParser().feed(delta) == [delta]
    assert PlainParser().flush() == []
