"""Solar Open: messages by their first token."""

from __future__ import annotations

import re

from omm.chat.dialects import solar
from tests.chat.dialects.golden import events

TAIL = "<|begin|>assistant"
NEXT = "<|end|>" + TAIL
TIDE = (
    '<|tool_call:begin|>k3v9x1m2qa<|tool_call:name|>tide<|tool_call:args|>{"port": "Oslo", "days": 2}<|tool_call:end|>'
)
MOON = "<|tool_call:begin|>p7t0c4w8zb<|tool_call:name|>moon<|tool_call:args|>{}<|tool_call:end|>"
CALLS = [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]


def test_plain() -> None:
    assert events("solar", "<|content|>At noon.<|end|>", prompt=TAIL) == [("text", "At noon.")]
    assert events("solar", "At noon.\n", prompt=TAIL) == [("text", "At noon.\n")]


def test_thinking_and_answer() -> None:
    text = f"<|think|>Check the tide.{NEXT}<|content|>At noon.<|end|>"
    expected = [("thinking", "Check the tide."), ("text", "At noon.")]
    assert events("solar", text, prompt=TAIL) == expected
    assert events("solar", text, prompt=TAIL, tools=()) == expected


def test_thinking_that_the_prompt_has_opened() -> None:
    text = f" the tide.{NEXT}<|content|>At noon."
    assert events("solar", text, prompt=TAIL + "<|think|>Check", is_thinking=True) == [
        ("thinking", "the tide."),
        ("text", "At noon."),
    ]


def test_one_call_keeps_its_id() -> None:
    text = f"<|tool_calls|>{TIDE}<|calls|>"
    assert events("solar", text, prompt=TAIL, ids=True) == [(*CALLS[0], "k3v9x1m2qa")]


def test_thinking_and_parallel_calls() -> None:
    text = f"<|think|>Check.{NEXT}<|tool_calls|>{TIDE}{MOON}<|calls|>"
    assert events("solar", text, prompt=TAIL) == [("thinking", "Check."), *CALLS]


def test_answer_and_call() -> None:
    text = f"<|content|>One moment.{NEXT}<|tool_calls|>{TIDE}<|calls|>"
    assert events("solar", text, prompt=TAIL) == [("text", "One moment."), CALLS[0]]


def test_nested_arguments_and_unicode() -> None:
    arguments = '{"title": "Ærø\\t🌊", "author": {"name": "吳", "works": [{"a": [null]}]}}'
    text = "<|tool_calls|>" + MOON.replace("moon", "book").replace("{}", arguments) + "<|calls|>"
    assert events("solar", text) == [
        ("call", "book", {"title": "Ærø\t🌊", "author": {"name": "吳", "works": [{"a": [None]}]}})
    ]


def test_call_is_text_without_tools() -> None:
    text = f"<|tool_calls|>{TIDE}<|calls|>"
    assert events("solar", text, tools=()) == [("text", text)]


def test_truncated_call() -> None:
    assert events("solar", "<|tool_calls|>" + TIDE.partition("slo")[0]) == [("call", "tide", '{"port": "O')]
    text = "<|tool_calls|>" + TIDE.partition("<|tool_call:args|>")[0]
    assert events("solar", text) == [("text", text)]


def test_malformed_call() -> None:
    text = "<|tool_calls|><|tool_call:begin|>k3v9x1m2qa tide<|tool_call:end|><|calls|>"
    assert events("solar", text) == [("text", text)]
    text = "<|tool_calls|>" + MOON.replace("{}", "[Oslo") + TIDE + "<|calls|>"
    assert events("solar", text) == [("call", "moon", "[Oslo"), CALLS[0]]


def test_new_ids_are_as_the_model_makes_them() -> None:
    assert re.fullmatch("[a-z0-9]{10}", solar.new_id("moon", 0))
    assert solar.new_id("moon", 0) != solar.new_id("moon", 0)
