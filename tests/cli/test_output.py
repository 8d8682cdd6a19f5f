"""Tables, bars and wrapped words as text."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.cli import output
from omm.cli.replies import Chunk


def test_table_knows_wide_characters() -> None:
    assert output.plain_table(("NAME", "ID"), [("模型:latest", "1"), ("e\u0301a", "2")]) == [
        "NAME           ID ",
        "模型:latest    1     ",
        "e\u0301a             2     ",
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (("pulling manifest", 0, None, None, 10), "pulling manifest"),
        (("pulling 6a07", 0, 4.7e9, None, 10), "pulling 6a07:   0% ▕          ▏ 0 B/4.7 GB"),
        (
            ("pulling 6a07", 2.115e9, 4.7e9, 52e6, 10),
            "pulling 6a07:  45% ▕████      ▏ 2.1 GB/4.7 GB   52 MB/s   49s",
        ),
        (("pulling 6a07", 4.7e9, 4.7e9, 52e6, 10), "pulling 6a07: 100% ▕██████████▏ 4.7 GB"),
        (("x", 1, 1e9, 1, 4), "x:   0% ▕    ▏ 1 B/1 GB   1 B/s   99h+"),
    ],
)
def test_transfer_line(line: tuple[str, float, float | None, float | None, int], text: str) -> None:
    assert output.transfer_line(*line) == text


def test_timings_leave_out_what_is_zero() -> None:
    assert output.timings(Chunk(total_duration=5_000_000, eval_count=2)) == [
        "total duration:       5ms",
        "eval count:           2 token(s)",
    ]


@pytest.mark.parametrize(
    ("timestamp", "ns"),
    [("", 0), ("0001-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01Z", 10**9), ("1970-01-01T01:00:01+01:00", 10**9)],
)
def test_unix_time(timestamp: str, ns: int) -> None:
    assert output.unix_ns(timestamp) == ns


WORDS = st.lists(st.text(alphabet="abc,é界", min_size=1, max_size=12), min_size=1, max_size=40)


@given(WORDS, st.lists(st.integers(1, 9), min_size=1), st.integers(25, 60))
def test_wrapped_words_are_whole_and_keep_their_order(words: list[str], cuts: list[int], width: int) -> None:
    screen = pyte.Screen(width, 200)
    stream = pyte.Stream(screen)
    wrap = output.WordWrap(width)
    text, position = " ".join(words), 0
    for turn in range(len(text)):
        piece = text[position : position + cuts[turn % len(cuts)]]
        position += len(piece)
        stream.feed(wrap.feed(piece).replace("\n", "\r\n"))
    lines = [line.rstrip() for line in screen.display]
    assert all(output.display_width(line) <= width - output.WRAP_MARGIN for line in lines)
    if "界" in text:  # may be broken anywhere
        assert "".join("".join(lines).split()) == "".join(words)
    else:
        assert " ".join(lines).split() == words


def test_word_longer_than_a_line_is_cut() -> None:
    wrapped = output.WordWrap(25).feed("x" * 50)
    assert wrapped.replace("\n", "") == "x" * 50
    assert max(map(len, wrapped.split("\n"))) == 20


def test_newlines_of_the_answer_stay() -> None:
    assert output.WordWrap(80).feed("a\n\n- b\n") == "a\n\n- b\n"
