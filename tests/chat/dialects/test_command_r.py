"""Command R and R+: actions in a code fence."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import events

TIDE = '{\n        "tool_name": "tide",\n        "parameters": {"port": "Oslo", "days": 2}\n    }'
MOON = '{"tool_name": "moon", "parameters": {}}'
NOTHING = '{"tool_name": "directly-answer", "parameters": {}}'
CALLS = [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]


def test_plain() -> None:
    text = "Action: go there.\n```json\n[1]\n```\nAction:\n"
    assert events("command-r", text) == [("text", text)]
    assert events("command-r", "<|CHATBOT_TOKEN|>At noon.<|END_OF_TURN_TOKEN|>") == [("text", "At noon.")]


def test_thinking_and_answer() -> None:
    text = "<think>Check the tide.</think>\nAt noon."
    assert events("command-r", text) == [("thinking", "Check the tide."), ("text", "At noon.")]


@pytest.mark.parametrize(
    ("begin", "end"), [("\n```json\n", "```"), ("```json\n", "\n```\n"), (" ```", "```"), ("", "")]
)
def test_one_call(begin: str, end: str) -> None:
    assert events("command-r", f"Action:{begin}[\n    {TIDE}\n]{end}<|END_OF_TURN_TOKEN|>") == CALLS[:1]


def test_answer_and_parallel_calls() -> None:
    text = f"One moment.\nAction:\n```json\n[\n    {TIDE},\n    {MOON}\n]```"
    assert events("command-r", text) == [("text", "One moment."), *CALLS]


def test_no_call_at_all() -> None:
    assert events("command-r", f"Yes.\nAction:\n```json\n[{NOTHING}]\n```") == [("text", "Yes.")]
    assert events("command-r", f"Action:\n```json\n[{NOTHING}, {MOON}]\n```") == CALLS[1:]


def test_nested_arguments_and_unicode() -> None:
    arguments = '{"title": "Ærø ``` 🌊", "author": {"name": "吳", "works": [{"a": [null]}]}}'
    text = "Action:\n```json\n[" + MOON.replace("moon", "book").replace("{}", arguments) + "]```"
    assert events("command-r", text) == [
        ("call", "book", {"title": "Ærø ``` 🌊", "author": {"name": "吳", "works": [{"a": [None]}]}})
    ]


def test_call_is_text_without_tools() -> None:
    text = f"Well.\nAction:\n```json\n[{TIDE}]```"
    assert events("command-r", text, tools=()) == [("text", text)]


@pytest.mark.parametrize(
    "call",
    [
        TIDE.partition("slo")[0],
        TIDE + "}",
        '{"tool_name": tide}',
        '{"name": "tide"}',
        '{"tool_name": "tide", "parameters": "Oslo"}',
        "",
        "7",
    ],
    ids=["truncated", "unbalanced", "no string", "no name", "no object", "none", "a number"],
)
def test_malformed_calls_are_text(call: str) -> None:
    text = f"Well.\nAction:\n```json\n[{call}]```"
    assert events("command-r", text) == [("text", text)]
