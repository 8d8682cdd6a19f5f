"""Where a TOML text says what, and the same text with one value changed: comments and order stay.

tomllib tells values, but neither their lines nor how to write them back. All texts here are valid TOML already.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

Keys = tuple[str, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CLOSERS = re.compile("\"\"\"|'''|[]}]")  # of which the last line of several has one


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A value in a file: by its keys, and the `lines` of all keys, from 1."""

    file: str
    lines: Mapping[Keys, int]
    keys: Keys = ()

    def at(self, key: str) -> Place:
        """A value in the table here."""
        return dataclasses.replace(self, keys=(*self.keys, key))

    @property
    def where(self) -> str:
        """`FILE:LINE`."""
        return f"{self.file}:{self.lines.get(self.keys, 1)}"

    @property
    def name(self) -> str:
        """The keys as TOML has them."""
        return dotted(self.keys)


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """Lines `start` to before `end`, from 0: a table's header, or a key with its value inside `table`.

    `paths` are the keys it gives values to, from the top; a header has its own.
    """

    start: int
    end: int
    table: Keys
    paths: tuple[Keys, ...]
    is_header: bool

    def is_within(self, keys: Keys) -> bool:
        """Whether it says something of the value, or of something inside it."""
        return any(path[: len(keys)] == keys for path in self.paths)


def statements(text: str) -> list[Statement]:
    """All headers and values, in order."""
    lines = text.split("\n")
    found: list[Statement] = []
    table: Keys = ()
    start = 0
    while start < len(lines):
        head = lines[start].strip()
        if not head or head.startswith("#"):
            start += 1
            continue
        end, values = _complete(lines, start)
        if is_header := head.startswith("["):
            table = max(_paths(values), key=len)
        paths = (table,) if is_header else tuple(table + path for path in _paths(values))
        found.append(Statement(start, end, table, paths, is_header))
        start = end
    return found


def _complete(lines: list[str], start: int) -> tuple[int, dict[str, Any]]:
    """Where the statement that begins on a line ends, and what it says."""
    for end in range(start + 1, len(lines)):
        if end > start + 1 and not _CLOSERS.search(lines[end - 1]):
            continue
        try:
            return end, tomllib.loads("\n".join(lines[start:end]) + "\n")
        except tomllib.TOMLDecodeError:
            continue
    return len(lines), tomllib.loads("\n".join(lines[start:]))


def _paths(values: Mapping[str, Any]) -> Iterator[Keys]:
    for key, value in values.items():
        yield (key,)
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            yield from ((key, *path) for path in _paths(inner))


def lines(text: str) -> dict[Keys, int]:
    """The line of each key and table, from 1; that of the first where several make up a table."""
    found: dict[Keys, int] = {}
    for statement in statements(text):
        for path in statement.paths:
            for length in range(1, len(path) + 1):
                found.setdefault(path[:length], statement.start + 1)
    return found


def with_value(text: str, keys: Keys, value: str | None) -> str:
    """The text with a value, in TOML, at these keys: where one was, else at the end of its table; None takes it out.

    NOTE: a value of an inline table takes its neighbours with it; compare before you trust the result.
    """
    before = text.rstrip("\n").split("\n") if text.strip() else []
    there = [statement for statement in statements(text) if statement.is_within(keys)]
    if value is None or not there:
        kept = _without(before, there)
        return _joined(kept if value is None else _inserted(kept, keys, value))
    first = there[0]
    line = f"{dotted(keys[len(first.table) :])} = {value}"
    return _joined([*before[: first.start], line, *before[first.end :]])


def _without(lines: list[str], gone: list[Statement]) -> list[str]:
    dropped = {number for statement in gone for number in range(statement.start, statement.end)}
    return [line for number, line in enumerate(lines) if number not in dropped]


def _inserted(lines: list[str], keys: Keys, value: str) -> list[str]:
    table, found = keys[:-1], statements(_joined(lines))
    line = f"{dotted(keys[-1:])} = {value}"
    if same := [statement for statement in found if statement.table == table]:
        end = same[-1].end
        return [*lines[:end], line, *lines[end:]]
    if table:
        return [*lines, *([""] if lines else []), f"[{dotted(table)}]", line]
    first = next((statement.start for statement in found if statement.is_header), len(lines))
    while 0 < first < len(lines) and lines[first - 1].startswith("#"):
        first -= 1  # the comment above a header belongs to it
    return [*lines[:first], line, *([""] if first < len(lines) else []), *lines[first:]]


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def is_valid(text: str) -> bool:
    """Whether it is TOML at all."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def dotted(keys: Keys) -> str:
    """Keys as TOML has them: `model."qwen3*".temperature`."""
    return ".".join(key if _BARE.fullmatch(key) else quoted(key) for key in keys)


def quoted(text: str) -> str:
    """A text as a basic string, which is one of JSON but for the character DEL."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


def literal(value: Any) -> str:
    """A value as TOML has it, on one line: booleans, numbers, texts, lists, and tables of these."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list() | tuple():
            return f"[{', '.join(map(literal, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{dotted((str(key),))} = {literal(item)}' for key, item in value.items())}}}"
    return quoted(str(value))
