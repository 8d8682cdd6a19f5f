"""The speed of the last seconds."""

from __future__ import annotations

import pytest

from omm.engine.pace import WINDOW_S, Pace


def test_nothing_has_no_speed() -> None:
    assert Pace().per_second(10.0) == 0


def test_steady_tokens() -> None:
    pace = Pace()
    for step in range(200):
        pace.add(2, step / 20)
    assert pace.per_second(10.0) == pytest.approx(40, rel=0.02)


def test_the_first_tokens_do_not_look_endlessly_fast() -> None:
    pace = Pace()
    pace.add(3, 7.0)
    assert pace.per_second(7.0) == 6


def test_what_is_long_ago_is_forgotten() -> None:
    pace = Pace()
    pace.add(100, 0.0)
    pace.add(10, WINDOW_S)
    assert pace.per_second(WINDOW_S + 1) == 10
    assert pace.per_second(3 * WINDOW_S) == 0
