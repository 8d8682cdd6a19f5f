"""The way from reasoning over a trigger to the grammar, told by tokens of a made-up vocabulary."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.engine.guide import Guide, Marker
from omm.engine.messages import Thinking

PIECES = ["<", "think", ">", "</", "a", "b", " ", "\n", ">a", "ab", "<think>", "</think>", "[go]"]
ID = {piece: id for id, piece in enumerate(PIECES)}
THINKING = Thinking(begin="<think>", end="</think>")


def encode(text: str) -> list[int]:
    """The longest tokens that fit, from the left."""
    ids = []
    while text:
        piece = max((piece for piece in PIECES if text.startswith(piece)), key=len)
        ids.append(ID[piece])
        text = text.removeprefix(piece)
    return ids


class Word:
    """A grammar whose only sentence is one text; every token that goes on with it is allowed."""

    def __init__(self, word: str) -> None:
        self._word, self._left = word, word
        self._computed_for = ""
        self.is_closed = False

    def compute(self) -> None:
        self._computed_for = self._left

    def restrict(self, logits: npt.NDArray[np.float32]) -> None:
        assert self._computed_for == self._left
        logits[[not self._left.startswith(piece) for piece in PIECES]] = -np.inf

    def allows(self, token: int) -> bool:
        assert self._computed_for == self._left
        return self._left.startswith(PIECES[token])

    def accept(self, token: int) -> None:
        assert self._left.startswith(PIECES[token])
        self._left = self._left.removeprefix(PIECES[token])

    def reset(self) -> None:
        self._left = self._word

    @property
    def is_complete(self) -> bool:
        return not self._left

    def close(self) -> None:
        self.is_closed = True


def guide(thinking: Thinking | None = None, word: str = "", trigger: str = "") -> Guide:
    return Guide(thinking, Word(word) if word else None, encode, trigger=trigger)


def allowed(way: Guide) -> list[str]:
    """What may come next."""
    logits: npt.NDArray[np.float32] = np.zeros(len(PIECES), np.float32)
    if matcher := way.computable:
        matcher.compute()
    way.restrict(logits)
    return [piece for piece, logit in zip(PIECES, logits, strict=True) if logit > -np.inf]


def say(way: Guide, *wanted: str) -> list[str]:
    """Sample the wanted tokens one after the other, those that are forced before them; all that went into the text."""
    said = []
    for piece in wanted:
        said += drain(way)
        assert piece in allowed(way)
        token = way.settle(ID[piece], piece.encode())
        way.accept(token, PIECES[token].encode())
        said.append(PIECES[token])
    return said + drain(way)


def drain(way: Guide) -> list[str]:
    said = []
    while (token := way.force()) is not None:
        way.accept(token, PIECES[token].encode())
        said.append(PIECES[token])
    return said


# Markers.


@given(st.text("ab<", max_size=12), st.sampled_from(["a", "ab", "<a<", "aab"]), st.data())
def test_a_marker_is_found_however_the_text_is_cut(text: str, marker: str, data: st.DataObject) -> None:
    finder, read = Marker(marker), ""
    while text and read.find(marker) < 0:
        size = data.draw(st.integers(1, len(text)))
        piece, text = text[:size], text[size:]
        expected = (read + piece).find(marker)
        found = finder.find(piece.encode())
        assert found == finder.feed(piece.encode())
        assert found == (None if expected < 0 else expected + len(marker) - len(read))
        read += piece


# A grammar alone.


def test_a_grammar_holds_from_the_start() -> None:
    way = guide(word="aba")
    assert allowed(way) == ["a", "ab"]
    assert not way.is_complete
    say(way, "ab", "a")
    assert way.is_complete


def test_without_grammar_and_budget_all_is_allowed() -> None:
    way = guide(THINKING)
    assert say(way, "b", "<think>", "</think>") == ["b", "<think>", "</think>"]
    assert allowed(way) == PIECES
    assert not way.is_complete


# Reasoning, then the grammar.


def test_reasoning_may_begin_beside_what_the_grammar_allows() -> None:
    way = guide(THINKING, "ab")
    assert allowed(way) == ["a", "ab", "<think>"]
    say(way, "<think>")
    assert allowed(way) == PIECES
    say(way, "b", "\n", "</think>")
    assert allowed(way) == ["a", "ab"]
    say(way, "ab")
    assert way.is_complete


def test_reasoning_may_not_begin_later() -> None:
    way = guide(THINKING, "aba")
    say(way, "a")
    assert allowed(way) == ["b"]


def test_reasoning_that_the_prompt_opened_is_free_at_once() -> None:
    way = guide(Thinking(begin="", end="</think>"), "a")
    assert allowed(way) == PIECES
    say(way, "</", "think", ">")
    assert allowed(way) == ["a"]


def test_an_opening_of_several_tokens_is_gone_through_in_order() -> None:
    way = guide(Thinking(begin="<a>", end="</think>"), "ba")
    assert allowed(way) == ["<", "b"]
    say(way, "<")
    assert allowed(way) == ["a"]
    say(way, "a")
    assert allowed(way) == [">"]
    say(way, ">")
    assert allowed(way) == PIECES
    say(way, "</think>")
    assert allowed(way) == ["b"]


def test_an_opening_and_the_grammar_may_begin_alike() -> None:
    opening = Thinking(begin="<a>", end="</think>")
    thoughtful = guide(opening, "<b")
    say(thoughtful, "<")
    assert allowed(thoughtful) == ["a", "b"]
    say(thoughtful, "a", ">", "</think>")
    assert allowed(thoughtful) == ["<"]  # from its beginning
    quick = guide(opening, "<ba")
    say(quick, "<", "b")
    assert allowed(quick) == ["a"]
    say(quick, "a")
    assert quick.is_complete


def test_blanks_may_come_before_the_opening() -> None:
    way = guide(THINKING, " \na")
    say(way, " ")
    assert allowed(way) == ["\n", "<think>"]
    say(way, "\n")
    assert allowed(way) == ["a", "<think>"]
    say(way, "<think>", "</think>")
    assert allowed(way) == [" "]


def test_what_goes_on_beyond_the_end_of_reasoning_is_cut() -> None:
    way = guide(THINKING, "ba")
    assert say(way, "<think>", "</", "think", ">a") == ["<think>", "</", "think", ">"]
    assert allowed(way) == ["b"]


def test_without_a_grammar_nothing_is_cut() -> None:
    way = guide(Thinking(begin="<think>", end="</think>", budget=100))
    assert say(way, "<think>", "</", "think", ">a", "b")[3:] == [">a", "b"]


# A budget.


@pytest.mark.parametrize("budget", [0, 1, 3])
@pytest.mark.parametrize("word", ["", "ab"])
def test_a_budget_ends_reasoning(budget: int, word: str) -> None:
    way = guide(Thinking(begin="<think>", end="</think>", budget=budget, forced="\n</think>\n"), word)
    said = say(way, "<think>", *["a"] * budget)
    assert said == ["<think>", *["a"] * budget, "\n", "</think>", "\n"]
    assert allowed(way) == (["a", "ab"] if word else PIECES)


@pytest.mark.parametrize("word", ["", "ab"])
def test_a_budget_of_nothing_ends_at_once_what_the_prompt_opened(word: str) -> None:
    way = guide(Thinking(begin="", end="</think>", budget=0, forced="</think>"), word)
    assert way.computable is None
    assert drain(way) == ["</think>"]
    assert allowed(way) == (["a", "ab"] if word else PIECES)


def test_reasoning_within_its_budget_is_left_alone() -> None:
    way = guide(Thinking(begin="<think>", end="</think>", budget=3, forced="\n</think>"))
    assert say(way, "<think>", "a", "b", "</think>", "a", "a")[3:] == ["</think>", "a", "a"]


def test_without_reasoning_a_budget_means_nothing() -> None:
    way = guide(Thinking(begin="<think>", end="</think>", budget=0, forced="</think>"))
    assert say(way, "a", "<think>", "b") == ["a", "<think>", "b"]


def test_the_end_is_forced_where_nothing_else_is_given() -> None:
    way = guide(Thinking(begin="", end="</think>", budget=1))
    assert say(way, "a") == ["a", "</think>"]


def test_a_text_that_does_not_end_reasoning_is_forced_once() -> None:
    way = guide(Thinking(begin="", end="</think>", budget=1, forced="b"))
    assert say(way, "a", "a", "a") == ["a", "b", "a", "a"]


# The end of the output.


def test_reasoning_before_a_grammar_ends_instead_of_the_output() -> None:
    way = guide(Thinking(begin="<think>", end="</think>", budget=9, forced="\n</think>\n"), "ab")
    assert way.outlive() is None, "the grammar says whether it may end"
    said = say(way, "<think>", "a")
    instead = way.outlive()
    assert instead == ID["\n"]
    way.accept(instead, b"\n")
    assert said + drain(way) == ["<think>", "a", "</think>", "\n"]
    assert allowed(way) == ["a", "ab"]
    assert way.outlive() is None


@pytest.mark.parametrize(("word", "trigger"), [("", ""), ("ab", "[go]")])
def test_reasoning_may_end_the_output_when_nothing_must_follow(word: str, trigger: str) -> None:
    way = guide(Thinking(begin="", end="</think>"), word, trigger)
    say(way, "a")
    assert way.outlive() is None


# A trigger.


@pytest.mark.parametrize("tokens", [["<think>"], ["<", "think", ">"], ["a", "<", "<", "think", ">"]])
def test_a_grammar_waits_for_its_trigger(tokens: list[str]) -> None:
    way = guide(word="ab", trigger="<think>")
    assert way.computable is None
    say(way, "b", *tokens)
    assert allowed(way) == ["a", "ab"]
    say(way, "ab")
    assert way.is_complete


def test_a_trigger_in_reasoning_is_none() -> None:
    way = guide(THINKING, "ab", trigger="[go]")
    say(way, "<think>", "[go]", "</think>", "b")
    assert allowed(way) == PIECES
    say(way, "[go]")
    assert allowed(way) == ["a", "ab"]


def test_a_trigger_may_come_instead_of_reasoning() -> None:
    way = guide(THINKING, "ab", trigger="[go]")
    say(way, "\n", "[go]")
    assert allowed(way) == ["a", "ab"]


def test_a_trigger_may_begin_like_the_opening() -> None:
    way = guide(THINKING, "ab", trigger="<a>")
    say(way, "<", "a", ">")
    assert allowed(way) == ["a", "ab"]


def test_what_goes_on_beyond_the_trigger_is_cut() -> None:
    way = guide(word="ab", trigger="<a>")
    assert say(way, "<", "a", ">a") == ["<", "a", ">"]
    assert allowed(way) == ["a", "ab"]


def test_closing_closes_the_matcher() -> None:
    matcher = Word("a")
    Guide(None, matcher, encode).close()
    assert matcher.is_closed
