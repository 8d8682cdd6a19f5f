"""`think` becomes each template's own switch."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat import switches
from omm.types import Think


@pytest.mark.parametrize(
    ("named", "words", "think", "expected"),
    [
        ("enable_thinking", "", True, {"enable_thinking": True}),
        ("enable_thinking", "", False, {"enable_thinking": False}),
        ("enable_thinking", "", "low", {"enable_thinking": True}),
        ("enable_thinking", "", None, {}),
        ("thinking enable_thinking", "", False, {"thinking": False, "enable_thinking": False}),
        # An effort beside a switch says how much, and nothing unless asked.
        ("thinking reasoning_effort", "high max", True, {"thinking": True}),
        ("thinking reasoning_effort", "high max", False, {"thinking": False}),
        ("thinking reasoning_effort", "high max", "max", {"thinking": True, "reasoning_effort": "max"}),
        ("thinking thinking_effort", "low high max", "medium", {"thinking": True, "thinking_effort": "high"}),
        # An effort alone is the switch.
        ("reasoning_effort", "medium", True, {"reasoning_effort": "medium"}),
        ("reasoning_effort", "medium", "max", {"reasoning_effort": "high"}),
        ("reasoning_effort", "medium", False, {"reasoning_effort": "low"}),
        ("reasoning_effort", "none", False, {"reasoning_effort": "none"}),
        ("reasoning_effort", "low high no_think", True, {"reasoning_effort": "high"}),
        ("reasoning_effort", "low high no_think", False, {"reasoning_effort": "no_think"}),
        ("reasoning_effort", "low high no_think", "medium", {"reasoning_effort": "high"}),
        ("reasoning_strength", "high", True, {}),
        ("reasoning_strength", "high", "low", {"reasoning_strength": "low"}),
        ("thinking_mode", "adaptive enabled disabled", True, {"thinking_mode": "enabled"}),
        ("thinking_mode", "adaptive enabled disabled", False, {"thinking_mode": "disabled"}),
        ("thinking_budget", "", False, {"thinking_budget": 0}),
        ("thinking_budget", "", True, {}),
        ("messages", "", False, {}),
    ],
)
def test_each_template_has_its_switch(named: str, words: str, think: Think | None, expected: dict[str, Any]) -> None:
    assert switches.variables(think, set(named.split()), set(words.split())) == expected


@pytest.mark.parametrize(
    ("think", "named", "words", "needs"),
    [
        (False, "messages", "/think /no_think", True),
        (True, "messages", "/think /no_think", False),
        (None, "messages", "/think /no_think", False),
        (False, "enable_thinking", "/think /no_think", False),
        (False, "messages", "<think>", False),
    ],
)
def test_a_word_turns_thinking_off_where_no_variable_does(
    think: Think | None, named: str, words: str, needs: bool
) -> None:
    assert switches.needs_word(think, set(named.split()), set(words.split())) is needs
