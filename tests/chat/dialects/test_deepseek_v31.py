"""DeepSeek V3.1: a name and its arguments."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import events

BEGIN, END, END_CALL = "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁end｜>"
TIDE = '<｜tool▁call▁begin｜>tide<｜tool▁sep｜>{"port": "Oslo", "days": 2}' + END_CALL
MOON = "<｜tool▁call▁begin｜>moon<｜tool▁sep｜>{}" + END_CALL
CALLS = [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]


def test_plain() -> None:
    assert events("deepseek-v3.1", "At noon, <｜nearly.\n") == [("text", "At noon, <｜nearly.\n")]


@pytest.mark.parametrize("opener", ["", "<think>"])
def test_thinking_and_answer(opener: str) -> None:
    text = opener + "Check the tide.</think>At noon."
    expected = [("thinking", "Check the tide."), ("text", "At noon.")]
    assert events("deepseek-v3.1", text, is_thinking=not opener) == expected
    assert events("deepseek-v3.1", text, is_thinking=not opener, tools=()) == expected


def test_one_call() -> None:
    assert events("deepseek-v3.1", BEGIN + MOON + END) == CALLS[1:]


def test_answer_and_parallel_calls() -> None:
    text = f"Check.</think>One moment.{BEGIN}{TIDE}{MOON}{END}"
    expected = [("thinking", "Check."), ("text", "One moment."), *CALLS]
    assert events("deepseek-v3.1", text, is_thinking=True) == expected


def test_nested_arguments_and_unicode() -> None:
    arguments = '{"title": "Ærø {\\"🌊\\"", "author": {"name": "吳", "works": [{"a": [null, {}]}]}}'
    text = BEGIN + MOON.replace("moon", "book").replace("{}", arguments) + END
    assert events("deepseek-v3.1", text) == [
        ("call", "book", {"title": 'Ærø {"🌊"', "author": {"name": "吳", "works": [{"a": [None, {}]}]}})
    ]


def test_call_is_text_without_tools() -> None:
    text = "Well. " + BEGIN + TIDE + END
    assert events("deepseek-v3.1", text, tools=()) == [("text", text)]


def test_truncated_call() -> None:
    assert events("deepseek-v3.1", BEGIN + MOON + TIDE.partition("slo")[0]) == [
        CALLS[1],
        ("call", "tide", '{"port": "O'),
    ]
    assert events("deepseek-v3.1", BEGIN + "<｜tool▁call▁begin｜>ti") == [("text", BEGIN + "<｜tool▁call▁begin｜>ti")]


def test_malformed_call() -> None:
    text = BEGIN + "<｜tool▁call▁begin｜>tide(Oslo)" + END_CALL + END
    assert events("deepseek-v3.1", text) == [("text", text)]
    text = BEGIN + MOON.replace("{}", "Oslo") + TIDE + END
    assert events("deepseek-v3.1", text) == [("call", "moon", "Oslo"), CALLS[0]]
