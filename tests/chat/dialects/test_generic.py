"""Models without a form of their own: JSON at the start of the answer, fenced or not, or Hermes' form."""

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
    "<think>\nCheck.\n</think>\n\nAt noon.": [("thinking", "Check."), ("text", "At noon.")],
    TIDE: [CALL_TIDE],
    f"<think>\nCheck.\n</think>\n\n{TIDE}": [("thinking", "Check."), CALL_TIDE],
    f"[{TIDE}, {MOON}]": [CALL_TIDE, CALL_MOON],
    f"{TIDE}\n{MOON}\n": [CALL_TIDE, CALL_MOON],
    f"```json\n[{TIDE}]\n```": [CALL_TIDE],
    f"```\n{TIDE}\n```\nDone.": [CALL_TIDE, ("text", "Done.")],
    f"```json\n{TIDE}\n``": [CALL_TIDE],
    f"One moment.\n<tool_call>\n{TIDE}\n</tool_call>": [("text", "One moment."), CALL_TIDE],
    f'{{"name": "book", "arguments": {json.dumps(BOOK, ensure_ascii=False)}}}': [("call", "book", BOOK)],
    '{"type": "function", "function": {"name": "moon", "arguments": "{}"}}': [CALL_MOON],
    '{"name": "tide", "arguments": {"port": "Os': [("call", "tide", '{"port": "Os')],
}
ANSWERS = [
    '{"name": "elsewhere", "arguments": {"port": "Oslo"}}',
    '{"name": "tide", "height": 2.5}',
    '{"answer": {"name": "tide", "arguments": {}}}',
    '[{"name": "Oslo"}]',
    "[]",
    "[1, 2]",
    "{}",
    "{",
    "```python\nprint(1)\n```",
    '```json\n{"port": "Oslo"}\n```',
    "```",
    f"I would write {TIDE}",
    "<tool_call>oops</tool_call>",
]


@pytest.mark.parametrize("dialect", ["generic", "plain", "rwkv"])
@pytest.mark.parametrize("text", TEXTS)
def test_texts(dialect: str, text: str) -> None:
    assert events(dialect, text) == TEXTS[text]


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_in_json_is_no_call(text: str) -> None:
    assert events("generic", text) == [("text", text)]


@pytest.mark.parametrize("dialect", ["generic", "plain"])
@pytest.mark.parametrize("text", [TIDE, f"```json\n{TIDE}\n```", f"<tool_call>{TIDE}</tool_call>"])
def test_without_tools_calls_are_text(dialect: str, text: str) -> None:
    assert events(dialect, text, tools=()) == [("text", text)]
