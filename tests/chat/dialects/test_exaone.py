"""EXAONE 4 and EXAONE Deep: Hermes' calls, their own markers around reasoning."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

CALL = '<tool_call>{"name": "tide", "arguments": {"port": "Bergen", "days": 3}}</tool_call>'
CALL_MOON = '<tool_call>{"name": "moon", "arguments": {}}</tool_call>'
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})
BOTH = pytest.mark.parametrize(("dialect", "tag"), [("exaone", "think"), ("exaone-deep", "thought")])


@pytest.mark.parametrize(
    ("template", "name"),
    [("'[|assistant|]\\n' <tool_call> <think>", "exaone"), ("'[|assistant|]<thought>\\n'", "exaone-deep")],
)
def test_recognised(template: str, name: str) -> None:
    assert choose(template).name == name


@BOTH
def test_plain(dialect: str, tag: str) -> None:
    tail = f"[|assistant|]\n<{tag}>\n\n</{tag}>\n\n"
    assert events(dialect, "The sea is calm.", prompt=tail) == [("text", "The sea is calm.")]


@BOTH
def test_thinking_and_answer(dialect: str, tag: str) -> None:
    expected = [("thinking", "Look outside."), ("text", "The sea is calm.")]
    text = f"<{tag}>\nLook outside.\n</{tag}>\n\nThe sea is calm."
    assert events(dialect, text) == expected
    assert events(dialect, text.removeprefix(f"<{tag}>\n"), is_thinking=True) == expected


@BOTH
def test_calls(dialect: str, tag: str) -> None:
    assert events(dialect, CALL) == [TIDE]
    text = f"<{tag}>Look.</{tag}>Wait.\n{CALL}\n{CALL_MOON}"
    assert events(dialect, text) == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


@BOTH
def test_nested_and_unicode_arguments(dialect: str, tag: str) -> None:
    text = '<tool_call>{"name": "book", "arguments": {"title": "«Sø 🌊»", "author": {"name": "Åse"}}}</tool_call>'
    assert events(dialect, text) == [("call", "book", {"title": "«Sø 🌊»", "author": {"name": "Åse"}})]


@BOTH
def test_truncated_call(dialect: str, tag: str) -> None:
    assert events(dialect, CALL[: CALL.index("gen")]) == [("call", "tide", '{"port": "Ber')]


@BOTH
def test_malformed_call_is_text(dialect: str, tag: str) -> None:
    text = "Wait. <tool_call>tide</tool_call> Oh."
    assert events(dialect, text) == [("text", text)]
