"""Timings as text."""

from __future__ import annotations

from omm.cli.answer import timings
from omm.cli.replies import Chunk


def test_timings_leave_out_what_is_zero() -> None:
    assert timings(Chunk(total_duration=5_000_000, eval_count=2)) == [
        "total duration:       5ms",
        "eval count:           2 token(s)",
    ]


def test_timings_tell_of_the_cache_and_of_the_first_token() -> None:
    assert timings(Chunk(prompt_eval_count=30, prompt_cached_count=20), 12_000_000) == [
        "prompt eval count:    30 token(s)",
        "prompt cached:        20 token(s)",
        "time to first token:  12ms",
    ]
