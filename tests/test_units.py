"""Sizes, counts, durations and times, against Ollama's and Go's tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm import units

SECOND = 10**9
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("0", 0), ("-0", 0), ("+5m", 300), ("1h30m", 5400), ("-1s", -1), ("250ms", 0.25), ("1.5h", 5400)),
        *((".5s", 0.5), ("1.s", 1), ("1µs", 1e-6), ("1μs", 1e-6), ("10us", 1e-5), ("7ns", 7e-9), ("1h0m0.5s", 3600.5)),
    ],
)
def test_parse_duration(text: str, seconds: float) -> None:
    assert units.parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("300", 'time: missing unit in duration "300"'),
        ("1h30", 'time: missing unit in duration "1h30"'),
        ("1d", 'time: unknown unit "d" in duration "1d"'),
        ("3 s", 'time: unknown unit " s" in duration "3 s"'),
        *((bad, f'time: invalid duration "{bad}"') for bad in ("", "-", "+", ".s", "s", "--1s", "+-1s", "h1")),
    ],
)
def test_parse_duration_fails_in_gos_words(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        units.parse_duration(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        *((0, "0s"), (1, "1ns"), (1500, "1.5µs"), (45_600_000, "45.6ms"), (130_079_000, "130.079ms")),
        *((4_799_921_000, "4.799921s"), (MINUTE, "1m0s"), (HOUR, "1h0m0s"), (90 * MINUTE + 1, "1h30m0.000000001s")),
        *((-SECOND, "-1s"), (999_999_999, "999.999999ms"), (80 * SECOND, "1m20s")),
    ],
)
def test_format_duration(ns: int, text: str) -> None:
    assert units.format_duration(ns) == text


@given(st.integers(-(10**18), 10**18))
def test_durations_survive_printing(ns: int) -> None:
    assert units.parse_duration(units.format_duration(ns)) * 1e9 == pytest.approx(ns, rel=1e-9, abs=1)


@pytest.mark.parametrize(
    ("n", "text"),
    [
        *((0, "0 B"), (999, "999 B"), (1000, "1 KB"), (1500, "1.5 KB"), (10_999, "10 KB"), (1_300_000_000, "1.3 GB")),
        *((2 * 10**9, "2 GB"), (42_900_000_000, "42 GB"), (5 * 10**12, "5 TB"), (2_019_393_189, "2.0 GB")),
    ],
)
def test_format_bytes(n: int, text: str) -> None:
    assert units.format_bytes(n) == text


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("0", 0),
        ("1024", 1024),
        ("512MB", 512_000_000),
        ("64 MiB", 64 << 20),
        ("1.5g", 1_500_000_000),
        ("2TiB", 2 << 40),
    ],
)
def test_parse_bytes(text: str, n: int) -> None:
    assert units.parse_bytes(text) == n


@pytest.mark.parametrize("text", ["", "MB", "-1", "1 XB", "1iB", "1e9", "ten", "1.MB"])
def test_parse_bytes_refuses_the_rest(text: str) -> None:
    with pytest.raises(ValueError, match="not a size"):
        units.parse_bytes(text)


@pytest.mark.parametrize(
    ("n", "text"),
    [
        *((12, "12"), (1000, "1K"), (12_400, "12K"), (268_098_176, "268.10M"), (270_000_000, "270M")),
        *((1_235_814_400, "1.2B"), (7 * 10**9, "7B"), (999, "999")),
    ],
)
def test_format_count(n: int, text: str) -> None:
    assert units.format_count(n) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        *((0, "Less than a second"), (SECOND, "1 second"), (59 * SECOND, "59 seconds"), (MINUTE, "About a minute")),
        *((119 * SECOND, "About a minute"), (2 * MINUTE, "2 minutes"), (59 * MINUTE, "59 minutes")),
        *((HOUR, "About an hour"), (89 * MINUTE, "About an hour"), (91 * MINUTE, "2 hours"), (47 * HOUR, "47 hours")),
        *((2 * DAY, "2 days"), (13 * DAY, "13 days"), (14 * DAY, "2 weeks"), (59 * DAY, "8 weeks")),
        *((60 * DAY, "2 months"), (729 * DAY, "24 months"), (730 * DAY, "2 years")),
    ],
)
def test_human_duration(ago: int, text: str) -> None:
    assert units.human_duration(ago) == text


def test_human_time_knows_past_future_never_and_forever() -> None:
    now = 1_700_000_000 * SECOND
    assert units.human_time(now - 3 * DAY, now) == "3 days ago"
    assert units.human_time(now + 4 * MINUTE + SECOND, now) == "4 minutes from now"
    assert units.human_time(now + 292 * 365 * DAY, now) == "Forever"
    assert units.human_time(now + 20 * 365 * DAY, now) == "20 years from now"
    assert units.human_time(None, now) == "Never"
    assert units.human_time(0, now, "-") == "-"


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_714_834_609_277_302_595, "2024-05-04T14:56:49.277302595Z"),
        (1_714_834_609_500_000_000, "2024-05-04T14:56:49.5Z"),
        (2**63 * 100, "9999-12-31T23:59:59Z"),
    ],
)
def test_rfc3339(ns: int, text: str) -> None:
    assert units.rfc3339(ns) == text
