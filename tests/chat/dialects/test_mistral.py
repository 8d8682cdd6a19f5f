"""Mistral's three ways to call, and its reasoning."""

from __future__ import annotations

import re

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})
ARGUMENTS = '{"port": "Bergen", "days": 3}'
CALLS = {
    "mistral-ids": f"[TOOL_CALLS]tide[CALL_ID]bQ7mZ2xK9[ARGS]{ARGUMENTS}[TOOL_CALLS]moon[CALL_ID]pL4sD8vN1[ARGS]{{}}",
    "mistral": f"[TOOL_CALLS]tide[ARGS]{ARGUMENTS}[TOOL_CALLS]moon[ARGS]{{}}",
    "mistral-list": (
        f'[TOOL_CALLS][{{"name": "tide", "arguments": {ARGUMENTS}, "id": "bQ7mZ2xK9"}}, '
        '{"name": "moon", "arguments": {}, "id": "pL4sD8vN1"}]'
    ),
}
ALL = pytest.mark.parametrize("dialect", CALLS)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("[INST] [TOOL_CALLS] [CALL_ID] [ARGS]", "mistral-ids"),
        ("[INST] [TOOL_CALLS] [ARGS] [THINK]", "mistral"),
        ("[INST] [SYSTEM_PROMPT] [THINK]", "mistral"),
        ("[INST] [TOOL_CALLS] [ARGS]", "mistral"),
        ("[INST] [TOOL_CALLS][", "mistral-list"),
        ("[INST] [SYSTEM_PROMPT] <think>", "magistral"),
    ],
)
def test_recognised(template: str, name: str) -> None:
    assert choose(template).name == name


@ALL
def test_plain(dialect: str) -> None:
    assert events(dialect, " The sea [1] is calm.") == [("text", " The sea [1] is calm.")]


@ALL
def test_thinking_and_answer(dialect: str) -> None:
    made = events(dialect, "[THINK]Look [TOOL_CALLS] outside.[/THINK]The sea is calm.")
    assert made == [("thinking", "Look [TOOL_CALLS] outside."), ("text", "The sea is calm.")]


@ALL
def test_thinking_in_other_marks_needs_its_closer(dialect: str) -> None:
    made = events(dialect, "<think>\nLook outside.\n</think>\nThe sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]
    assert events(dialect, "<think> is a tag.") == [("text", "<think> is a tag.")]


@ALL
def test_one_call(dialect: str) -> None:
    text = CALLS[dialect]
    one = text[: text.index("[TOOL_CALLS]", 1)] if dialect != "mistral-list" else text[: text.index(", {")] + "]"
    assert events(dialect, one) == [TIDE]


@ALL
def test_parallel_calls_after_thinking_and_an_answer(dialect: str) -> None:
    made = events(dialect, f"[THINK]Look.[/THINK]Wait.{CALLS[dialect]}")
    assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


def test_ids_are_the_models() -> None:
    assert [event[3] for event in events("mistral-ids", CALLS["mistral-ids"], ids=True)] == ["bQ7mZ2xK9", "pL4sD8vN1"]
    listed = f'[TOOL_CALLS][{{"id": "bQ7mZ2xK9", "name": "tide", "arguments": {ARGUMENTS}}}]'
    assert events("mistral-list", listed, ids=True) == [(*TIDE, "bQ7mZ2xK9")]


def test_missing_id_is_made_up() -> None:
    assert events("mistral-ids", CALLS["mistral"], ids=True) == [(*TIDE, "new-0"), (*MOON, "new-1")]
    # Arguments are passed on as they come, so an id behind them is too late.
    assert events("mistral-list", CALLS["mistral-list"], ids=True) == [(*TIDE, "new-0"), (*MOON, "new-1")]
    assert events("mistral-ids", f"[TOOL_CALLS]tide[CALL_ID][ARGS]{ARGUMENTS}", ids=True) == [(*TIDE, "new-0")]


@pytest.mark.parametrize("dialect", [*CALLS, "magistral"])
def test_made_up_ids_have_nine_characters(dialect: str) -> None:
    new_id = choose("", dialect).new_id
    assert re.fullmatch("[a-zA-Z0-9]{9}", new_id("tide", 0))
    assert new_id("tide", 0) != new_id("tide", 0)


@ALL
def test_nested_and_unicode_arguments(dialect: str) -> None:
    arguments = '{"title": "«Sø 🌊» [TOOL_CALLS] \\"}", "author": {"name": "\\u00c5se", "born": 1901}, "tags": [["a"]]}'
    listed = f' [{{"name": "book", "arguments": {arguments}}}]'
    text = "[TOOL_CALLS]" + (listed if dialect == "mistral-list" else f"book[ARGS]{arguments}")
    expected = {"title": '«Sø 🌊» [TOOL_CALLS] "}', "author": {"name": "Åse", "born": 1901}, "tags": [["a"]]}
    assert events(dialect, text) == [("call", "book", expected)]


@ALL
def test_truncated_call(dialect: str) -> None:
    text = CALLS[dialect]
    assert events(dialect, text[: text.index("gen")]) == [("call", "tide", '{"port": "Ber')]


@ALL
@pytest.mark.parametrize("inside", ["", "tide", "tide[ARGS]", "tide[ARGS]none", "[tide", "{tide}", "?"])
def test_malformed_call_is_text(dialect: str, inside: str) -> None:
    text = f"Wait. [TOOL_CALLS]{inside}"
    assert events(dialect, text) == [("text", text)]


@ALL
def test_calls_are_text_without_tools(dialect: str) -> None:
    assert events(dialect, CALLS[dialect], tools=()) == [("text", CALLS[dialect])]


def test_magistral() -> None:
    text = f"<think>\nLook outside.\n</think>\nWait.{CALLS['mistral-list']}"
    assert events("magistral", text) == [("thinking", "Look outside."), ("text", "Wait."), TIDE, MOON]
    assert events("magistral", "<think>\nLook out") == [("thinking", "Look out")]
