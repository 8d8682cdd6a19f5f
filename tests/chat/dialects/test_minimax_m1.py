"""MiniMax M1's blocks with a call on each line."""

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
    f"<tool_calls>\n{TIDE}\n</tool_calls>": [CALL_TIDE],
    f"<think>Check.</think>\nOne moment.\n<tool_calls>\n{TIDE}\n{MOON}\n</tool_calls>\n": [
        ("thinking", "Check."),
        ("text", "One moment."),
        CALL_TIDE,
        CALL_MOON,
    ],
    f'<tool_calls>\n{{"name": "book", "arguments": {json.dumps(BOOK, ensure_ascii=False)}}}\n</tool_calls>': [
        ("call", "book", BOOK)
    ],
    '<tool_calls>\n{"name": "tide", "arguments": {"port": "Os': [("call", "tide", '{"port": "Os')],
    f"<tool_calls>\n{TIDE}\noops\n</tool_calls>.": [CALL_TIDE, ("text", "oops\n</tool_calls>.")],
    f'<tool_calls>\n{TIDE}\n{{"name": 7}}\n</tool_calls>.': [CALL_TIDE, ("text", '\n{"name": 7}\n</tool_calls>.')],
    "a\n<tool_calls>\noops\n</tool_calls> b": [("text", "a\n<tool_calls>\noops\n</tool_calls> b")],
}


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text: str) -> None:
    assert events("minimax-m1", text) == TEXTS[text]


def test_without_tools_calls_are_text() -> None:
    text = f"<tool_calls>\n{TIDE}\n</tool_calls>"
    assert events("minimax-m1", text, tools=()) == [("text", text)]
