"""MiniMax M2's blocks of invocations."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

OPEN, CLOSE = "<minimax:tool_call>\n", "</minimax:tool_call>"
CALL = (
    '<invoke name="tide">\n<parameter name="port">Bergen</parameter>\n<parameter name="days">3</parameter>\n</invoke>\n'
)
CALL_MOON = '<invoke name="moon">\n</invoke>\n'
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    assert choose("{%- set begin = '<minimax:tool_call>' -%} <think>").name == "minimax-m2"


def test_plain() -> None:
    made = events("minimax-m2", "\n</think>\n\nThe sea is calm.", prompt="]~b]ai\n<think>\n", is_thinking=True)
    assert made == [("text", "The sea is calm.")]


def test_thinking_and_answer() -> None:
    made = events("minimax-m2", "Look outside.\n</think>\n\nThe sea is calm.", is_thinking=True)
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_one_call() -> None:
    assert events("minimax-m2", f"\n{OPEN}{CALL}{CLOSE}") == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    text = f"Look.\n</think>\n\nWait.\n{OPEN}{CALL}{CALL_MOON}{CLOSE}\n{OPEN}{CALL_MOON}{CLOSE}"
    made = events("minimax-m2", text, is_thinking=True)
    assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = (
        f'{OPEN}<invoke name="book"><parameter name="title">\n «Sø 🌊» </invoke>\n</parameter>'
        '<parameter name="tags">["salt", "fog", "\\u00e5"]</parameter><parameter name="shelf">null</parameter>'
        '<parameter name="author">{"name": "Åse", "born": 1901}</parameter></invoke>'
        f"{CLOSE}"
    )
    arguments = {
        "title": "\n «Sø 🌊» </invoke>\n",
        "tags": ["salt", "fog", "å"],
        "shelf": None,
        "author": {"name": "Åse", "born": 1901},
    }
    assert events("minimax-m2", text) == [("call", "book", arguments)]


@pytest.mark.parametrize(("end", "raw"), [("gen", '{"port": "Ber'), ("</parameter>", '{"port": "Bergen')])
def test_truncated_call(end: str, raw: str) -> None:
    assert events("minimax-m2", OPEN + CALL[: CALL.index(end)]) == [("call", "tide", raw)]


def test_truncated_before_arguments_is_no_whole_call() -> None:
    assert events("minimax-m2", OPEN + '<invoke name="tide">\n') == [("call", "tide", "{")]


def test_missing_closer_of_the_block() -> None:
    assert events("minimax-m2", OPEN + CALL) == [TIDE]


@pytest.mark.parametrize(
    "text",
    [
        f"Wait.\n{OPEN}tide{CLOSE} Oh.",
        f'{OPEN}<invoke name="">{CLOSE}',
        f"{OPEN}{CLOSE}",
        f'{OPEN}<invoke name="tide',
    ],
)
def test_malformed_call_is_text(text: str) -> None:
    assert events("minimax-m2", text) == [("text", text)]


def test_arguments_as_json_are_understood() -> None:
    text = f'{OPEN}<invoke name="tide">{{"port": "Bergen", "days": 3}}</invoke>{CLOSE}'
    assert events("minimax-m2", text) == [TIDE]


def test_calls_are_text_without_tools() -> None:
    assert events("minimax-m2", OPEN + CALL + CLOSE, tools=()) == [("text", OPEN + CALL + CLOSE)]
