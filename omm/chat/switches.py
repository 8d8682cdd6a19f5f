"""`think` → the variables by which a template turns thinking on and off.

One table: which variable, and what it takes for off, on, and each level. Where several values are named, the template
has the first of them that occurs in its text; where none does, the last.
Source: the templates of the families.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Set
from typing import Any

from omm.types import Think

_EFFORTS = {"low": ("low",), "medium": ("medium", "high"), "high": ("high",), "max": ("max", "high")}


@dataclasses.dataclass(frozen=True, slots=True)
class Switch:
    """A variable and its values; `on` and `levels` empty leave it unset."""

    variable: str
    off: tuple[Any, ...]
    on: tuple[Any, ...] = ()
    levels: dict[str, tuple[Any, ...]] = dataclasses.field(default_factory=dict)
    is_main: bool = True  # tells thinking from not thinking; the others only say how much

    def value(self, think: Think, words: Set[str], *, has_main: bool) -> Any:
        """What the variable takes; None leaves it unset."""
        if isinstance(think, str):
            values = self.levels.get(think, self.on)
        elif self.is_main or not has_main:
            values = self.on if think else self.off
        else:
            values = ()
        return next((value for value in values if value in words), values[-1] if values else None)


SWITCHES = (
    Switch("enable_thinking", off=(False,), on=(True,)),
    Switch("thinking", off=(False,), on=(True,)),
    Switch("thinking_mode", off=("disabled", "off", "chat"), on=("enabled", "on", "thinking")),
    Switch("thinking_budget", off=(0,)),
    Switch(
        "reasoning_effort",
        off=("none", "no_think", "minimal", "low"),
        on=("medium", "high"),
        levels=_EFFORTS,
        is_main=False,
    ),
    Switch("reasoning_strength", off=("none", "minimal", "low"), levels=_EFFORTS, is_main=False),
    Switch("thinking_effort", off=("low",), levels=_EFFORTS, is_main=False),
)

# Words in the system text, for templates that know no variable.
OFF_WORD = "/no_think"


def variables(think: Think | None, named: Set[str], words: Set[str]) -> dict[str, Any]:
    """The switches of a template that names the variables `named` and the texts `words`."""
    if think is None:
        return {}
    present = [switch for switch in SWITCHES if switch.variable in named]
    has_main = any(switch.is_main for switch in present)
    values = {switch.variable: switch.value(think, words, has_main=has_main) for switch in present}
    return {name: value for name, value in values.items() if value is not None}


def needs_word(think: Think | None, named: Set[str], words: Set[str]) -> bool:
    """Whether thinking is turned off by `OFF_WORD` in the system text."""
    return think is False and OFF_WORD in words and not any(switch.variable in named for switch in SWITCHES)
