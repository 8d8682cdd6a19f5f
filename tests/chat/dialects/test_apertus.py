"""Apertus' calls, whose keys are the tools' names, in and outside of the inner part."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events, tool

OPEN, CLOSE = "<|tools_prefix|>", "<|tools_suffix|>"
CALL = '{"tide": {"port": "Bergen", "days": 3}}'
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    assert choose("{%- set calls = '<|tools_prefix|>' -%} <|inner_prefix|>").name == "apertus"


def test_plain() -> None:
    assert events("apertus", "The sea is calm.") == [("text", "The sea is calm.")]


def test_thinking_and_answer() -> None:
    made = events("apertus", "<|inner_prefix|>Look outside.<|inner_suffix|>The sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_thinking_cut_off() -> None:
    assert events("apertus", "<|inner_prefix|>Look out \n") == [("thinking", "Look out")]
    assert events("apertus", "side.<|inner_suffix|>Calm.", is_thinking=True) == [
        ("thinking", "side."),
        ("text", "Calm."),
    ]


def test_one_call() -> None:
    assert events("apertus", f"{OPEN}[{CALL}]{CLOSE}") == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    text = f'<|inner_prefix|>Look.<|inner_suffix|>Wait.\n{OPEN}[{CALL},\n {{"moon": {{}}}}]{CLOSE}'
    assert events("apertus", text) == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


def test_calls_within_the_inner_part() -> None:
    text = f"<|inner_prefix|>Look.{OPEN}[{CALL}]{CLOSE}High.<|inner_suffix|>The sea is high."
    made = [("thinking", "Look."), TIDE, ("thinking", "High."), ("text", "The sea is high.")]
    assert events("apertus", text) == made


def test_shown_answers_are_the_answer() -> None:
    text = f'{OPEN}[{{"display_answers": {{"answers": ["Calm", "Høy"]}}}}]{CLOSE}'
    assert events("apertus", text) == [("text", "Calm\nHøy")]
    offered = [tool("display_answers", answers={"type": "array"})]
    assert events("apertus", text, tools=offered) == [("call", "display_answers", {"answers": ["Calm", "Høy"]})]


def test_nested_and_unicode_arguments() -> None:
    text = f'{OPEN}[{{"book": {{"title": "«Sø 🌊» {CLOSE}", "author": {{"name": "Åse", "born": 1901}}}}}}]{CLOSE}'
    arguments = {"title": f"«Sø 🌊» {CLOSE}", "author": {"name": "Åse", "born": 1901}}
    assert events("apertus", text) == [("call", "book", arguments)]


def test_truncated_call() -> None:
    text = OPEN + "[" + CALL[: CALL.index("gen")]
    assert events("apertus", text) == [("call", "tide", '{"port": "Ber')]


@pytest.mark.parametrize("inside", ["", "[]", "[tide]", '[{"tide"}]', '[{"tide": 3}]', "[{3: {}}]"])
def test_malformed_call_is_text(inside: str) -> None:
    text = f"Wait. {OPEN}{inside}{CLOSE}"
    assert events("apertus", text) == [("text", text)]


def test_malformed_call_after_a_good_one_is_text() -> None:
    assert events("apertus", f"{OPEN}[{CALL}, tide]{CLOSE}Oh.") == [TIDE, ("text", f" tide]{CLOSE}Oh.")]


def test_calls_are_text_without_tools() -> None:
    assert events("apertus", f"{OPEN}[{CALL}]{CLOSE}", tools=()) == [("text", f"{OPEN}[{CALL}]{CLOSE}")]
