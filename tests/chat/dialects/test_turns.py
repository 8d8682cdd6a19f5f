"""A whole turn of every dialect, exactly as its models write it."""

from __future__ import annotations

import pytest

from omm.chat.dialects import DIALECTS, Context
from tests.chat.dialects.golden import TOOLS, events, joined, read
from tests.chat.dialects.turns import THOUGHT, TURNS, Turn

each = pytest.mark.parametrize("turn", TURNS, ids=[turn.model for turn in TURNS])


def test_no_dialect_is_forgotten() -> None:
    assert {turn.dialect for turn in TURNS} == {dialect.name for dialect in DIALECTS}


@each
def test_a_turn(turn: Turn) -> None:
    assert events(turn.dialect, turn.text, prompt=turn.prompt, is_thinking=turn.is_thinking) == turn.events


@each
def test_a_turn_when_no_tools_are_offered(turn: Turn) -> None:
    made = events(turn.dialect, turn.text, tools=(), prompt=turn.prompt, is_thinking=turn.is_thinking)
    assert [kind for kind, *_ in made if kind == "call"] == []
    assert [text for kind, text in made if kind == "thinking"] == ([THOUGHT] if THOUGHT in turn.text else [])


@each
def test_a_turn_that_is_cut_off(turn: Turn) -> None:
    """Wherever it ends, no argument passes for whole that is not, and what came before the cut stands."""
    for end in range(len(turn.text)):
        context = Context(tools=TOOLS, prompt=turn.prompt, is_thinking=turn.is_thinking)
        made = [event[:3] for event in joined(read(turn.dialect, [turn.text[:end]], context))]
        told = [event for event in made if event[0] == "call" and event[2] != {} and isinstance(event[2], dict)]
        assert all(event in turn.events for event in told)
        if len(made) > 1:
            assert made[0] == turn.events[0]
