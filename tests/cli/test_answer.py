"""Timings as text."""

from __future__ import annotations

from omm.cli.answer import one_line, timings
from omm.cli.replies import Chunk


def test_timings_leave_out_what_is_zero() -> None:
    assert timings(Chunk(eval_count=2, eval_duration=5_000_000)) == [
        "eval count:           2 token(s)",
        "eval duration:        5ms",
        "eval rate:            400.00 tokens/s",
    ]


def test_timings_tell_of_the_cache_and_of_the_first_token() -> None:
    last = Chunk(
        total_duration=20_000_000, prompt_eval_count=30, prompt_cached_count=20, eval_count=4, eval_duration=8_000_000
    )
    assert timings(last)[-2:] == ["prompt cached:        20 token(s)", "time to first token:  12ms"]


def test_an_answer_without_tokens_has_no_first_one() -> None:
    assert timings(Chunk(total_duration=20_000_000, prompt_eval_count=30)) == [
        "total duration:       20ms",
        "prompt eval count:    30 token(s)",
    ]


def test_a_line_is_cut_by_columns_not_by_characters() -> None:
    assert one_line("→ a(b=1)", 9) == "→ a(b=1)"
    assert one_line("→ a(b=1)", 8) == "→ a(b=…"
    assert one_line("天気はどうですか", 9) == "天気は…"
    assert one_line("abc", 1) == "…"


def test_one_line_of_a_text_of_any_length() -> None:
    assert one_line("x" * 200_000, 10) == "x" * 8 + "…"
    assert one_line("字" * 200_000, 10) == "字" * 4 + "…"
    assert (one_line("x" * 9, 10), one_line("", 10), one_line("xy", 1)) == ("x" * 9, "", "…")
