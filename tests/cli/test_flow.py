"""Wrapped words on a screen."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm.cli import output
from omm.cli.flow import MARGIN, Flow

WORDS = st.lists(st.text(alphabet="abc,é界", min_size=1, max_size=12), min_size=1, max_size=40)


def screen_of(pieces: list[str], width: int) -> list[str]:
    screen = pyte.Screen(width, 120)
    stream = pyte.Stream(screen)
    for piece in pieces:
        stream.feed(piece.replace("\n", "\r\n"))
    return [line.rstrip() for line in screen.display]


@settings(deadline=None, max_examples=60)
@given(WORDS, st.lists(st.integers(1, 9), min_size=1), st.integers(25, 60))
def test_wrapped_words_are_whole_and_keep_their_order(words: list[str], cuts: list[int], width: int) -> None:
    flow = Flow(lambda: width)
    text, position, pieces = " ".join(words), 0, []
    for turn in range(len(text)):
        piece = text[position : position + cuts[turn % len(cuts)]]
        position += len(piece)
        pieces.append(flow.put(piece, "1"))
    lines = screen_of(pieces, width)
    assert all(output.display_width(line) <= width - MARGIN for line in lines)
    if "界" in text:  # may be broken anywhere
        assert "".join("".join(lines).split()) == "".join(words)
    else:
        assert " ".join(lines).split() == words


def test_word_longer_than_a_line_is_cut() -> None:
    wrapped = Flow(lambda: 25).put("x" * 50)
    assert wrapped.replace("\n", "") == "x" * 50
    assert max(map(len, wrapped.split("\n"))) == 20


def test_accents_that_combine_take_no_room_and_stay_with_their_letter() -> None:
    accented = "e\u0301" * 9
    assert Flow(lambda: 25).put(f"{accented} {accented} {accented}") == f"{accented} {accented}\n{accented}"
    assert Flow(lambda: 25).put("界\u3099" * 12) == "界\u3099" * 10 + "\n" + "界\u3099" * 2


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("界", 2),
        ("e\u0301", 1),
        ("👩\u200d👩\u200d👧", 2),
        ("👍🏽", 2),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("🇫🇷", 2),
        ("a\u200bb", 2),
        ("한", 2),
    ],
)
def test_columns(text: str, width: int) -> None:
    assert output.display_width(text) == width


def test_joined_emoji_stay_in_one_piece() -> None:
    family = "👩\u200d👩\u200d👧"
    assert Flow(lambda: 25).put(family * 11).split("\n") == [family * 10, family]


def test_newlines_and_indents_stay() -> None:
    assert Flow(lambda: 80).put("a\n\n- b\n    c\td") == "a\n\n- b\n    c\td"


def test_without_a_width_nothing_is_wrapped() -> None:
    assert Flow(None).put("word " * 100 + "end") == "word " * 100 + "end"


def test_a_word_that_was_written_moves_and_keeps_its_style() -> None:
    flow = Flow(lambda: 25)
    lines = screen_of([flow.put("aaaa bbbb cccc "), flow.put("ddd", "1"), flow.put("dddd", "1")], 25)
    assert lines[:2] == ["aaaa bbbb cccc", "ddddddd"]


def test_hanging_indent_holds_until_the_line_ends() -> None:
    flow = Flow(lambda: 25)
    lines = screen_of([flow.lead("- ", "  "), flow.put("one two three four five\nsix")], 25)
    assert lines[:3] == ["- one two three four", "  five", "six"]


def test_a_narrower_terminal_is_seen_at_the_next_line() -> None:
    widths = iter([80, 25])
    now = next(widths)
    flow = Flow(lambda: now)
    flow.put("x")
    now = next(widths)
    assert flow.put("\n" + "word " * 5) == "\nword word word word\nword"
