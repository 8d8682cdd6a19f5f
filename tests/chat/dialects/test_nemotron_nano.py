"""Nemotron Nano v2's lists of calls."""

from __future__ import annotations

import json

import pytest

from tests.chat.dialects.golden import BOOK, Joined, events

TIDE = '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}'
MOON = '{"name": "moon", "arguments": {}}'
CALL_TIDE = ("call", "tide", {"port": "Oslo", "days": 2})
CALL_MOON = ("call", "moon", {})
TEXTS: dict[str, Joined] = {
    "High water is at noon.": [("text", "High water is at noon.")],
    f"<TOOLCALL>[{TIDE}]</TOOLCALL>": [CALL_TIDE],
    f"At once.\n<TOOLCALL>[{TIDE}, {MOON}]</TOOLCALL>\n": [
        ("text", "At once."),
        CALL_TIDE,
        CALL_MOON,
    ],
    f'<TOOLCALL>[{{"name": "book", "arguments": {json.dumps(BOOK, ensure_ascii=False)}}}]</TOOLCALL>': [
        ("call", "book", BOOK)
    ],
    "<TOOLCALL>[]</TOOLCALL>Nothing to call.": [("text", "Nothing to call.")],
    f"<TOOLCALL>[{TIDE}]</TOOLC": [CALL_TIDE],
    '<TOOLCALL>[{"name": "tide", "arguments": {"port": "Os': [("call", "tide", '{"port": "Os')],
    "a <TOOLCALL>[oops]</TOOLCALL> b": [("text", "a <TOOLCALL>[oops]</TOOLCALL> b")],
    '<TOOLCALL>[{"name": ': [("text", '<TOOLCALL>[{"name": ')],
}


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text: str) -> None:
    assert events("nemotron-nano", text) == TEXTS[text]


def test_reasoning_that_the_prompt_opened() -> None:
    text = f"Check the tide.\n</think>\n\n<TOOLCALL>[{TIDE}]</TOOLCALL>"
    assert events("nemotron-nano", text, is_thinking=True) == [("thinking", "Check the tide."), CALL_TIDE]
    assert events("nemotron-nano", "Check the", is_thinking=True) == [("thinking", "Check the")]


def test_without_tools_calls_are_text() -> None:
    text = f"<TOOLCALL>[{TIDE}]</TOOLCALL>"
    assert events("nemotron-nano", text, tools=()) == [("text", text)]
