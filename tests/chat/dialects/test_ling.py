"""Ling 3.0: GLM's tags, and calls that end the reasoning."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

TAIL = "<role>ASSISTANT</role>\n<think>"
CALL = (
    "<tool_call>tide\n<arg_key>port</arg_key>\n<arg_value>Bergen</arg_value><arg_key>days</arg_key>\n"
    "<arg_value>3</arg_value>\n</tool_call>"
)
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    assert choose("<role>ASSISTANT</role> <think> <arg_key>").name == "ling"


def test_plain() -> None:
    assert events("ling", "The sea is calm.", prompt=TAIL + "</think>") == [("text", "The sea is calm.")]


def test_thinking_and_answer() -> None:
    made = events("ling", "Look outside.</think>The sea is calm.", prompt=TAIL, is_thinking=True)
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_one_call() -> None:
    assert events("ling", CALL) == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    text = f"Look outside.</think>Wait.\n{CALL}\n<tool_call>moon\n\n</tool_call> Done."
    made = events("ling", text, prompt=TAIL, is_thinking=True)
    assert made == [("thinking", "Look outside."), ("text", "Wait."), TIDE, MOON, ("text", "Done.")]


def test_call_ends_thinking_that_the_prompt_opened() -> None:
    made = events("ling", f"Look outside.\n{CALL}\n", prompt=TAIL, is_thinking=True)
    assert made == [("thinking", "Look outside."), TIDE]


def test_call_does_not_end_thinking_that_the_model_opened() -> None:
    made = events("ling", f"<think>Perhaps {CALL}</think>No.")
    assert made == [("thinking", f"Perhaps {CALL}"), ("text", "No.")]


def test_call_in_thinking_is_text_without_tools() -> None:
    made = events("ling", f"Look. {CALL}</think>Calm.", tools=(), is_thinking=True)
    assert made == [("thinking", f"Look. {CALL}"), ("text", "Calm.")]


def test_nested_and_unicode_arguments() -> None:
    text = (
        "<tool_call>book<arg_key>title</arg_key><arg_value>Sø 🌊 </think><tool_call></arg_value>"
        '<arg_key>author</arg_key><arg_value>{"name": "Åse", "born": 1901}</arg_value>'
        "<arg_key>size</arg_key><arg_value>large</arg_value></tool_call>"
    )
    arguments = {"title": "Sø 🌊 </think><tool_call>", "author": {"name": "Åse", "born": 1901}, "size": "large"}
    assert events("ling", text) == [("call", "book", arguments)]


def test_truncated_call() -> None:
    made = events("ling", CALL[: CALL.index("gen")], is_thinking=True)
    assert made == [("call", "tide", '{"port": "Ber')]


@pytest.mark.parametrize("is_thinking", [False, True])
def test_malformed_call_is_text(is_thinking: bool) -> None:
    text = "<tool_call>, I think</tool_call>"
    assert events("ling", text, is_thinking=is_thinking) == [("text", text)]
