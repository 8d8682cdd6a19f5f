"""Reasoning that folds and unfolds, on a screen."""

from __future__ import annotations

from collections.abc import Callable

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.cli.thinking import Thinking


class Screen:
    """What a terminal of 60 columns shows of what is written."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(60, 40)
        self._stream = pyte.Stream(self._screen)

    def write(self, text: str) -> None:
        self._stream.feed(text.replace("\n", "\r\n"))

    @property
    def lines(self) -> list[str]:
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip().split("\n")


@pytest.fixture(autouse=True)
def sixty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


def shown(*steps: Callable[[Thinking], str], is_folded: bool = False) -> list[str]:
    screen = Screen()
    thinking = Thinking("2", lambda: 60, is_folded=is_folded, can_redraw=True)
    for step in steps:
        screen.write(step(thinking))
    return screen.lines


def say(text: str) -> Callable[[Thinking], str]:
    return lambda thinking: thinking.add(text)


def test_unfolded_it_is_shown_as_it_comes() -> None:
    assert shown(say("Let me"), say(" see."), Thinking.end) == ["Thinking...", "Let me see.", "...done thinking."]


def test_folded_it_is_one_line_that_counts() -> None:
    assert shown(say("Let"), is_folded=True) == ["Thinking... 1 word (Ctrl-T shows it)"]
    assert shown(say("Let me"), say(" see."), is_folded=True) == ["Thinking... 3 words (Ctrl-T shows them)"]
    assert shown(say("Let me"), Thinking.end, is_folded=True) == ["Thought for 2 words (Ctrl-T shows them)"]


def test_unfolding_shows_what_was_folded_in_place_of_the_line() -> None:
    steps = (say("Let me"), Thinking.turn, say(" see."), Thinking.end)
    assert shown(*steps, is_folded=True) == ["Thinking...", "Let me see.", "...done thinking."]


def test_folding_leaves_what_was_shown_and_unfolding_goes_on_from_there() -> None:
    folded = (say("One "), Thinking.turn, say("two "))
    assert shown(*folded) == ["Thinking...", "One", "Thinking... 2 words (Ctrl-T shows them)"]
    unfolded = (*folded, Thinking.turn, say("three."), Thinking.end)
    assert shown(*unfolded) == ["Thinking...", "One", "two three.", "...done thinking."]


def test_nothing_is_said_of_an_answer_without_thinking() -> None:
    assert shown(Thinking.turn, Thinking.turn, Thinking.end) == [""]


def test_a_terminal_that_cannot_redraw_gets_one_line_at_the_end() -> None:
    thinking = Thinking("", None, is_folded=True, can_redraw=False)
    written = [thinking.add("Let me"), thinking.add(" see."), thinking.end()]
    assert written == ["", "", "Thought for 3 words (Ctrl-T shows them)\n\n"]


@given(st.lists(st.one_of(st.just(None), st.text("ab ", min_size=1, max_size=9)), max_size=20))
def test_however_often_it_is_turned_everything_is_shown_once(steps: list[str | None]) -> None:
    screen = Screen()
    thinking = Thinking("2", lambda: 60, is_folded=False, can_redraw=True)
    for step in steps:
        screen.write(thinking.turn() if step is None else thinking.add(step))
    if thinking.is_folded:
        screen.write(thinking.turn())
    text = "".join(step or "" for step in steps)
    assert "".join("".join(screen.lines).split()) == ("Thinking..." + "".join(text.split()) if text else "")
