"""Granite 3's lists of calls."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

CALL = '{"name": "tide", "arguments": {"port": "Bergen", "days": 3}}'
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    assert choose("respond only with <|tool_call|> followed by a JSON list of tools used").name == "granite-3"


def test_plain() -> None:
    text = "The sea is calm. </response>"
    assert events("granite-3", text) == [("text", text)]


@pytest.mark.parametrize("answer", ["Calm.", "<response>Calm.</response>", "\n<response>\nCalm.\n</response>\n"])
def test_thinking_and_answer(answer: str) -> None:
    made = events("granite-3", f"<think>Look outside.</think>{answer}", tools=())
    assert made == [("thinking", "Look outside."), ("text", "Calm.")]


def test_one_call() -> None:
    assert events("granite-3", f"<|tool_call|>[{CALL}]") == [TIDE]
    assert events("granite-3", f"<|tool_call|>{CALL}") == [TIDE]


def test_parallel_calls_after_thinking() -> None:
    made = events("granite-3", f'<think>Look.</think><|tool_call|>[{CALL}, {{"name": "moon", "arguments": {{}}}}]')
    assert made == [("thinking", "Look."), TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = '<|tool_call|>[{"name": "book", "arguments": {"title": "«Sø 🌊»", "author": {"name": "Åse"}, "tags": []}}]'
    arguments = {"title": "«Sø 🌊»", "author": {"name": "Åse"}, "tags": []}
    assert events("granite-3", text) == [("call", "book", arguments)]


def test_truncated_call() -> None:
    text = f"<|tool_call|>[{CALL[: CALL.index('gen')]}"
    assert events("granite-3", text) == [("call", "tide", '{"port": "Ber')]


@pytest.mark.parametrize("text", ["<|tool_call|>[tide]", "Wait. <|tool_call|>", "Wait. <|tool_call|> I will look."])
def test_malformed_call_is_text(text: str) -> None:
    assert events("granite-3", text) == [("text", text)]
