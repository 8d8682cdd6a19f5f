"""Seed-OSS's functions, and the remarks in its reasoning."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

CALL = (
    "<seed:tool_call>\n<function=tide>\n<parameter=port>Bergen</parameter>\n<parameter=days>3</parameter>\n"
    "</function>\n</seed:tool_call>"
)
CALL_MOON = "<seed:tool_call>\n<function=moon>\n</function>\n</seed:tool_call>"
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    assert choose("'<seed:tool_call>' '<function=' '<parameter='").name == "seed-oss"


def test_plain() -> None:
    assert events("seed-oss", "The sea is calm.\n") == [("text", "The sea is calm.\n")]


def test_thinking_and_answer() -> None:
    made = events("seed-oss", "<seed:think>Look outside.</seed:think>\nThe sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_remarks_become_lines_of_the_reasoning() -> None:
    text = (
        "<seed:think>\nLook outside.\n<seed:cot_budget_reflect>9 of 512 used.</seed:cot_budget_reflect>\nIt is blue.\n"
        "<seed:cot_budget_reflect>All used.</seed:cot_budget_reflect>\n</seed:think>\nThe sea is calm."
    )
    thinking = "Look outside.\n9 of 512 used.\nIt is blue.\nAll used."
    assert events("seed-oss", text) == [("thinking", thinking), ("text", "The sea is calm.")]


def test_remark_alone() -> None:
    text = "<seed:cot_budget_reflect>Nothing left.</seed:cot_budget_reflect>\n</seed:think>Calm."
    assert events("seed-oss", text, is_thinking=True) == [("thinking", "Nothing left."), ("text", "Calm.")]


def test_thinking_cut_off() -> None:
    assert events("seed-oss", "<seed:think>Look out \n") == [("thinking", "Look out")]
    text = "<seed:think>Look <seed:cot_budget_reflect>9 us"
    assert events("seed-oss", text) == [("thinking", "Look\n9 us")]


def test_one_call() -> None:
    assert events("seed-oss", CALL) == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    made = events("seed-oss", f"<seed:think>Look.</seed:think>\nWait.\n\n{CALL}\n{CALL_MOON}")
    assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = (
        "<seed:tool_call><function=book><parameter=title>\n «Sø 🌊»\n</function></parameter>"
        "<parameter=author>{'name': 'Åse', 'born': 1901}</parameter><parameter=note>null</parameter>"
        "<parameter=shelf>4</parameter></function></seed:tool_call>"
    )
    arguments = {
        "title": "\n «Sø 🌊»\n</function>",
        "author": {"name": "Åse", "born": 1901},
        "note": None,
        "shelf": 4,
    }
    assert events("seed-oss", text) == [("call", "book", arguments)]


@pytest.mark.parametrize(("end", "raw"), [("gen", '{"port": "Ber'), ("<parameter=days", '{"port": "Bergen"')])
def test_truncated_call(end: str, raw: str) -> None:
    assert events("seed-oss", CALL[: CALL.index(end)]) == [("call", "tide", raw)]


@pytest.mark.parametrize(
    "text", ["Wait.\n<seed:tool_call>tide()</seed:tool_call> Oh.", "<seed:tool_call>\n<function=>", "<seed:tool_call>"]
)
def test_malformed_call_is_text(text: str) -> None:
    assert events("seed-oss", text) == [("text", text)]
