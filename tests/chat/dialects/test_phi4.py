"""Phi 4 mini's lists of calls."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

OPEN, CLOSE = "<|tool_call|>", "<|/tool_call|>"
CALL = '{"name": "tide", "arguments": {"port": "Bergen", "days": 3}}'
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    assert choose("'<|tool|>' + message['tools'] + '<|/tool|>' + '<|end|>'").name == "phi-4-mini"


def test_plain() -> None:
    text = "Use functools.partial, or `functools[0]`."
    assert events("phi-4-mini", text) == [("text", text)]


def test_thinking_and_answer() -> None:
    made = events("phi-4-mini", "<think>\nLook outside.\n</think>\nThe sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


@pytest.mark.parametrize(
    "text", [f"{OPEN}[{CALL}]{CLOSE}", f"{OPEN}{CALL}{CLOSE}", f"{OPEN}[{CALL}]", f" functools[{CALL}]"]
)
def test_one_call(text: str) -> None:
    assert events("phi-4-mini", text) == [TIDE]


@pytest.mark.parametrize(("opener", "closer"), [(OPEN + "[", "]" + CLOSE), (" functools[", "]")])
def test_parallel_calls_after_thinking_and_an_answer(opener: str, closer: str) -> None:
    text = f'<think>Look.</think>Wait.{opener}{CALL}, {{"name": "moon", "parameters": {{}}}}{closer}'
    assert events("phi-4-mini", text) == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = f'{OPEN}[{{"name": "book", "arguments": {{"title": "«Sø 🌊»", "author": {{"name": "Åse"}}}}}}]{CLOSE}'
    assert events("phi-4-mini", text) == [("call", "book", {"title": "«Sø 🌊»", "author": {"name": "Åse"}})]


def test_truncated_call() -> None:
    text = f"{OPEN}[{CALL[: CALL.index('gen')]}"
    assert events("phi-4-mini", text) == [("call", "tide", '{"port": "Ber')]


@pytest.mark.parametrize("text", [f"Wait. {OPEN}tide{CLOSE}", "Wait. functools[tide]"])
def test_malformed_call_is_text(text: str) -> None:
    assert events("phi-4-mini", text) == [("text", text)]
