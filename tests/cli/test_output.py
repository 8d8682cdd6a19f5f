"""Tables, bars and wrapped words as text."""

from __future__ import annotations

import pytest

from omm.cli import output


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


@pytest.mark.parametrize(
    ("timestamp", "ns"),
    [("", 0), ("0001-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01Z", 10**9), ("1970-01-01T01:00:01+01:00", 10**9)],
)
def test_unix_time(timestamp: str, ns: int) -> None:
    assert output.unix_ns(timestamp) == ns
