"""Apriel's reasoning up to a heading, and its lists of calls."""

from __future__ import annotations

import json

import pytest

from tests.chat.dialects.golden import BOOK, Joined, events

TAIL = "\n<|begin_assistant|>\nHere are my reasoning steps:\n"
TIDE = '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}'
MOON = '{"name": "moon", "arguments": {}}'
CALL_TIDE = ("call", "tide", {"port": "Oslo", "days": 2})
CALL_MOON = ("call", "moon", {})
OPENED: dict[str, Joined] = {
    "Check.\n[BEGIN FINAL RESPONSE]\nAt noon.": [("thinking", "Check."), ("text", "At noon.")],
    f"Check.\n[BEGIN FINAL RESPONSE]\nOne moment.\n<tool_calls>[{TIDE}, {MOON}]</tool_calls>\n": [
        ("thinking", "Check."),
        ("text", "One moment."),
        CALL_TIDE,
        CALL_MOON,
    ],
    "Here are my reasoning steps:\nCheck.\n[BEGIN FINAL RESPONSE]\nAt noon.": [
        ("thinking", "Check."),
        ("text", "At noon."),
    ],
    f"Check <tool_calls>[{TIDE}]</tool_calls>": [("thinking", f"Check <tool_calls>[{TIDE}]</tool_calls>")],
    "Check.\n[BEGIN FINAL": [("thinking", "Check.\n[BEGIN FINAL")],
}
UNOPENED: dict[str, Joined] = {
    "At noon.\n": [("text", "At noon.\n")],
    "Check.\n[BEGIN FINAL RESPONSE]\nAt noon.\n[END FINAL RESPONSE]\n": [("thinking", "Check."), ("text", "At noon.")],
    "[BEGIN FINAL RESPONSE]\nAt noon.": [("text", "At noon.")],
    f"One moment.\n<tool_calls>[{TIDE}]</tool_calls>": [("text", "One moment."), CALL_TIDE],
    "Here are my reasoning steps:\nCheck.\n[BEGIN FINAL RESPONSE]\nAt noon.": [
        ("thinking", "Check."),
        ("text", "At noon."),
    ],
    f'<tool_calls>[{{"name": "book", "arguments": {json.dumps(BOOK, ensure_ascii=False)}}}]</tool_calls>': [
        ("call", "book", BOOK)
    ],
    '<tool_calls>[{"name": "tide", "arguments": {"port": "Os': [("call", "tide", '{"port": "Os')],
    "a\n<tool_calls>[oops]</tool_calls> b": [("text", "a\n<tool_calls>[oops]</tool_calls> b")],
}


@pytest.mark.parametrize("text", OPENED)
def test_reasoning_that_the_prompt_opened(text: str) -> None:
    assert events("apriel", text, prompt=TAIL, is_thinking=True) == OPENED[text]


@pytest.mark.parametrize("text", UNOPENED)
def test_reasoning_that_the_model_begins_or_does_not(text: str) -> None:
    assert events("apriel", text, prompt="<|assistant|>\n") == UNOPENED[text]


def test_without_tools_calls_are_text() -> None:
    text = f"Check.\n[BEGIN FINAL RESPONSE]\n<tool_calls>[{TIDE}]</tool_calls>\n[END FINAL RESPONSE]"
    assert events("apriel", text, tools=()) == [("thinking", "Check."), ("text", f"<tool_calls>[{TIDE}]</tool_calls>")]
