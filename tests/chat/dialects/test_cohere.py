"""Command R7B, Command A and North: everything between tokens of its own."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import events

THINK, END_THINK = "<|START_THINKING|>", "<|END_THINKING|>"
ACTION, END_ACTION = "<|START_ACTION|>", "<|END_ACTION|>"
END = "<|END_OF_TURN_TOKEN|>"
TIDE = '{"tool_call_id": "0", "tool_name": "tide", "parameters": {"port": "Oslo", "days": 2}}'
MOON = '{"tool_call_id": "1", "tool_name": "moon", "parameters": {}}'

each = pytest.mark.parametrize(("dialect", "part"), [("command-r7b", "RESPONSE"), ("north", "TEXT")])


@each
def test_plain(dialect: str, part: str) -> None:
    assert events(dialect, f"<|START_{part}|>At noon.<|END_{part}|>{END}") == [("text", "At noon.")]
    assert events(dialect, "At noon.\n") == [("text", "At noon.\n")]


@each
def test_thinking_and_answer(dialect: str, part: str) -> None:
    text = f"Check the tide.{END_THINK}<|START_{part}|>At <co>noon</co: 0:[1]>.<|END_{part}|>{END}"
    expected = [("thinking", "Check the tide."), ("text", "At <co>noon</co: 0:[1]>.")]
    assert events(dialect, text, is_thinking=True) == expected
    assert events(dialect, THINK + text, tools=()) == expected


@each
def test_the_next_part_ends_the_thinking(dialect: str, part: str) -> None:
    expected = [("thinking", "Check."), ("text", "At noon.")]
    assert events(dialect, f"Check.<|START_{part}|>At noon.<|END_{part}|>", is_thinking=True) == expected
    text = f"Check. {ACTION}[{MOON}]{END_ACTION}"
    assert events(dialect, text, is_thinking=True) == [("thinking", "Check."), ("call", "moon", {})]


@each
def test_one_call_keeps_its_id(dialect: str, part: str) -> None:
    text = f"{ACTION}[\n    {MOON}\n]{END_ACTION}{END}"
    assert events(dialect, text, ids=True) == [("call", "moon", {}, "1")]


@each
def test_thinking_and_parallel_calls(dialect: str, part: str) -> None:
    text = f"{THINK}Check.{END_THINK}{ACTION}[\n    {TIDE},\n    {MOON}\n]{END_ACTION}{END}"
    assert events(dialect, text, ids=True) == [
        ("thinking", "Check."),
        ("call", "tide", {"port": "Oslo", "days": 2}, "0"),
        ("call", "moon", {}, "1"),
    ]


@each
def test_nested_arguments_and_unicode(dialect: str, part: str) -> None:
    arguments = '{"title": "Ærø <|END_ACTION|> 🌊", "author": {"name": "吳", "works": [{"a": [null]}]}}'
    text = ACTION + "[" + MOON.replace("moon", "book").replace("{}", arguments) + "]" + END_ACTION
    assert events(dialect, text) == [
        ("call", "book", {"title": "Ærø <|END_ACTION|> 🌊", "author": {"name": "吳", "works": [{"a": [None]}]}})
    ]


@each
def test_call_is_text_without_tools(dialect: str, part: str) -> None:
    text = f"{ACTION}[{TIDE}]{END_ACTION}"
    assert events(dialect, text, tools=()) == [("text", text)]


@each
def test_truncated_call(dialect: str, part: str) -> None:
    assert events(dialect, f"{ACTION}[{MOON}, {TIDE.partition('slo')[0]}") == [
        ("call", "moon", {}),
        ("call", "tide", '{"port": "O'),
    ]
    text = f'{ACTION}[{{"tool_call_id": "0", "tool_na'
    assert events(dialect, text) == [("text", text)]


@each
def test_malformed_call(dialect: str, part: str) -> None:
    text = f'{ACTION}[{{"tool_name": tide}}]{END_ACTION}'
    assert events(dialect, "Well.\n" + text) == [("text", "Well.\n" + text)]
    assert events(dialect, f"{ACTION}[{MOON}, {{tide}}]{END_ACTION}") == [
        ("call", "moon", {}),
        ("text", " {tide}]" + END_ACTION),
    ]
