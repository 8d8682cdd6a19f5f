"""FireFunction's list of calls, which nothing closes."""

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
    "<think>Check.</think> At noon.": [("thinking", "Check."), ("text", "At noon.")],
    f" functools[{TIDE}]": [CALL_TIDE],
    f"One moment. functools[{TIDE}, {MOON}]": [
        ("text", "One moment."),
        CALL_TIDE,
        CALL_MOON,
    ],
    f' functools[{{"name": "book", "arguments": {json.dumps(BOOK, ensure_ascii=False)}}}]\n': [("call", "book", BOOK)],
    ' functools[{"name": "moon"}] Done.': [CALL_MOON, ("text", "Done.")],
    'functools[{"name": "tide", "arguments": {"port": "Os': [("call", "tide", '{"port": "Os')],
    'functools[{"name": "moon"}, {"nam': [CALL_MOON, ("text", ' {"nam')],
    "import functools; functools.cache": [("text", "import functools; functools.cache")],
    "A functools[oops] and more": [("text", "A functools[oops] and more")],
    ' functools[{"name": "ti': [("text", ' functools[{"name": "ti')],
}


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text: str) -> None:
    assert events("firefunction", text) == TEXTS[text]


def test_without_tools_calls_are_text() -> None:
    text = ' functools[{"name": "moon", "arguments": {}}]'
    assert events("firefunction", text, tools=()) == [("text", text)]
