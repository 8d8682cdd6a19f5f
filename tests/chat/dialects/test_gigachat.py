"""GigaChat 3 and 3.1: one call, and an end of turn that may be the beginning of it."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import events

END = "<|message_sep|>\n\n"
TIDE = '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}'
BEGINNINGS = {"gigachat-3.1": "<|function_call|>", "gigachat-3": END + "function call<|role_sep|>\n"}

each = pytest.mark.parametrize(("dialect", "begin"), BEGINNINGS.items(), ids=BEGINNINGS)


@each
def test_plain(dialect: str, begin: str) -> None:
    assert events(dialect, "At noon.\n") == [("text", "At noon.\n")]
    assert events(dialect, "At noon." + END) == [("text", "At noon.")]
    assert events(dialect, "At noon." + END + "user<|role_sep|>\nAnd then?") == [("text", "At noon.")]


@each
def test_thinking_and_answer(dialect: str, begin: str) -> None:
    text = "<think>Check the tide.</think>\nAt noon." + END
    assert events(dialect, text) == [("thinking", "Check the tide."), ("text", "At noon.")]
    assert events(dialect, "<think> is a tag.") == [("text", "<think> is a tag.")]


@each
def test_one_call(dialect: str, begin: str) -> None:
    expected = [("call", "tide", {"port": "Oslo", "days": 2})]
    assert events(dialect, begin + TIDE) == expected
    assert events(dialect, begin + TIDE + END) == expected
    assert events(dialect, "One moment." + begin + TIDE + END) == [("text", "One moment."), *expected]


@each
def test_parallel_calls_although_there_should_be_one(dialect: str, begin: str) -> None:
    text = begin + TIDE + begin + '{"name": "moon", "arguments": {}}'
    assert events(dialect, text) == [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]


@each
def test_nested_arguments_and_unicode(dialect: str, begin: str) -> None:
    text = (
        begin
        + '{"name": "book", "arguments": {"title": "Ærø <|message_sep|> 🌊", "author": {"name": "吳", "a": [[]]}}}'
    )
    assert events(dialect, text) == [
        ("call", "book", {"title": "Ærø <|message_sep|> 🌊", "author": {"name": "吳", "a": [[]]}})
    ]


@each
def test_truncated_call(dialect: str, begin: str) -> None:
    assert events(dialect, begin + TIDE.partition("slo")[0]) == [("call", "tide", '{"port": "O')]
    text = begin + '{"name": "ti'
    assert events(dialect, "Well." + text) == [("text", "Well." + text)]


@each
def test_malformed_call(dialect: str, begin: str) -> None:
    text = begin + '{"tide": Oslo}'
    assert events(dialect, text) == [("text", text)]


def test_call_without_tools() -> None:
    text = "Well. " + BEGINNINGS["gigachat-3.1"] + TIDE
    assert events("gigachat-3.1", text, tools=()) == [("text", text)]
    assert events("gigachat-3", "Well." + BEGINNINGS["gigachat-3"] + TIDE, tools=()) == [("text", "Well.")]
