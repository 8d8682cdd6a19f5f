"""Timings and wrapped words as text."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from omm.cli import output
from omm.cli.answer import WRAP_MARGIN, WordWrap, timings
from omm.cli.replies import Chunk


def test_timings_leave_out_what_is_zero() -> None:
    assert timings(Chunk(total_duration=5_000_000, eval_count=2)) == [
        "total duration:       5ms",
        "eval count:           2 token(s)",
    ]


WORDS = st.lists(st.text(alphabet="abc,é界", min_size=1, max_size=12), min_size=1, max_size=40)


@given(WORDS, st.lists(st.integers(1, 9), min_size=1), st.integers(25, 60))
def test_wrapped_words_are_whole_and_keep_their_order(words: list[str], cuts: list[int], width: int) -> None:
    screen = pyte.Screen(width, 200)
    stream = pyte.Stream(screen)
    wrap = WordWrap(width)
    text, position = " ".join(words), 0
    for turn in range(len(text)):
        piece = text[position : position + cuts[turn % len(cuts)]]
        position += len(piece)
        stream.feed(wrap.feed(piece).replace("\n", "\r\n"))
    lines = [line.rstrip() for line in screen.display]
    assert all(output.display_width(line) <= width - WRAP_MARGIN for line in lines)
    if "界" in text:  # may be broken anywhere
        assert "".join("".join(lines).split()) == "".join(words)
    else:
        assert " ".join(lines).split() == words


def test_word_longer_than_a_line_is_cut() -> None:
    wrapped = WordWrap(25).feed("x" * 50)
    assert wrapped.replace("\n", "") == "x" * 50
    assert max(map(len, wrapped.split("\n"))) == 20


def test_newlines_of_the_answer_stay() -> None:
    assert WordWrap(80).feed("a\n\n- b\n") == "a\n\n- b\n"
