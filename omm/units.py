"""Sizes, counts, durations and points in time: parse and print. Pure; `now` is an argument."""

from __future__ import annotations

import datetime
import re

_NS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_TERM = re.compile(r"([0-9]*(?:\.[0-9]*)?)([^0-9.]*)")
_BYTES = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b?\s*", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_YEAR_9999_NS = 253_402_300_799 * 10**9
_HOURS_20_YEARS = 20 * 365 * 24
_LONGEST_S = 1e9  # about 31 years; timers of the platform overflow at ten times that


# --- durations --------------------------------------------------------------------------------------------------


def parse_duration(text: str) -> float:
    """Read Go's duration syntax (`1h30m`, `-1s`, `250ms`, `0`) as seconds.

    Raises:
        ValueError: with Go's own wording.
    """
    rest = text.lstrip("+-") if len(text) - len(text.lstrip("+-")) <= 1 else ""
    if rest == "0":
        return 0.0
    if not rest:
        raise ValueError(f'time: invalid duration "{text}"')
    total, position = 0.0, 0
    while position < len(rest):
        term = _TERM.match(rest, position)
        assert term is not None  # the pattern matches the empty string
        total += _term_ns(term[1], term[2], text)
        position = term.end()
    return (-total if text.startswith("-") else total) / 1e9


def _term_ns(number: str, unit: str, text: str) -> float:
    if number in ("", "."):
        raise ValueError(f'time: invalid duration "{text}"')
    if not unit:
        raise ValueError(f'time: missing unit in duration "{text}"')
    if unit not in _NS:
        raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
    return float(number) * _NS[unit]


def bounded(seconds: float) -> float:
    """The same time, or -1, which means for ever, where it is longer than a timer can wait."""
    return seconds if seconds <= _LONGEST_S else -1.0


def format_duration(ns: int) -> str:
    """Print nanoseconds as Go does: `1h0m0s`, `4.799921s`, `45.6ms`, `0s`."""
    if ns == 0:
        return "0s"
    sign, ns = ("-", -ns) if ns < 0 else ("", ns)
    for unit in ("ns", "µs", "ms"):
        if ns < _NS[unit] * 1000:
            return f"{sign}{_decimal(ns, _NS[unit])}{unit}"
    minutes, ns = divmod(ns, _NS["m"])
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{sign}{head}{_decimal(ns, _NS['s'])}s"


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    digits = str(rest).rjust(len(str(unit)) - 1, "0").rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)


# --- points in time ---------------------------------------------------------------------------------------------


def rfc3339(ns: int) -> str:
    """Print Unix nanoseconds in UTC, with as many decimals as needed: `2024-05-04T14:56:49.277302595Z`."""
    seconds, fraction = divmod(max(0, min(ns, _YEAR_9999_NS)), 10**9)
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{moment}{digits}Z"


def human_time(then_ns: int | None, now_ns: int, never: str = "Never") -> str:
    """Say how far a point in Unix time is from now: `3 days ago`, `About a minute from now`, `Forever`."""
    if not then_ns:
        return never
    delta = now_ns - then_ns
    if delta < 0:
        years_ahead = -delta // _NS["h"] >= _HOURS_20_YEARS + 365 * 24
        return "Forever" if years_ahead else f"{human_duration(-delta)} from now"
    return f"{human_duration(delta)} ago"


def human_duration(ns: int) -> str:
    """Say roughly how long: `Less than a second`, `2 minutes`, `About an hour`, `5 weeks`.

    Source: Ollama's tables; below two units the larger one is not used (`47 hours`, `13 days`).
    """
    seconds = ns // 10**9
    if seconds < 60:
        return "Less than a second" if seconds < 1 else "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = seconds // 60
    if minutes < 60:
        return "About a minute" if minutes == 1 else f"{minutes} minutes"
    hours = (seconds + 1800) // 3600
    if hours < 48:
        return "About an hour" if hours == 1 else f"{hours} hours"
    for name, length, limit in (("days", 24, 336), ("weeks", 168, 1440), ("months", 720, 17520)):
        if hours < limit:
            return f"{hours // length} {name}"
    return f"{seconds // 3600 // 8760} years"


# --- sizes and counts -------------------------------------------------------------------------------------------


def format_bytes(n: int) -> str:
    """Print a size with decimal units: `999 B`, `1.3 GB`, `2 GB`, `42 GB` (cut, not rounded, from ten on)."""
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "KB")):
        if n >= 1000**power:
            value = n / 1000**power
            return f"{int(value)} {unit}" if value >= 10 or value == int(value) else f"{value:.1f} {unit}"
    return f"{n} B"


def parse_bytes(text: str) -> int:
    """Read a size: plain bytes, decimal units (`512MB`, `1.5g`) or binary ones (`64MiB`).

    Raises:
        ValueError: it is none of these.
    """
    match = _BYTES.fullmatch(text)
    if match is None or (match[3] and not match[2]):
        raise ValueError(f"not a size: {text!r} (examples: 1048576, 512MB, 2GiB)")
    return int(float(match[1]) * (1024 if match[3] else 1000) ** _POWERS[match[2].lower()])


def format_count(n: int) -> str:
    """Print a number of parameters: `1.2B`, `7B`, `268.10M`, `12K`."""
    if n >= 10**9:
        return f"{n // 10**9}B" if n % 10**9 == 0 else f"{n / 10**9:.1f}B"
    if n >= 10**6:
        return f"{n // 10**6}M" if n % 10**6 == 0 else f"{n / 10**6:.2f}M"
    return f"{n / 1000:.0f}K" if n >= 1000 else str(n)
