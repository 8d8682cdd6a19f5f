"""A GGUF file's values, read one after the other. Knows nothing of what they mean.

The file comes from strangers: no step goes past its end, and what is taken into memory is bounded.
"""

from __future__ import annotations

import dataclasses
import mmap
import struct
from typing import Any

SHORT_ARRAY = 1024  # up to so many items an array is kept as a tuple, e.g. one number per layer
STRING, ARRAY = 8, 9  # types of values that are no scalars

_MAX_ITEMS = 1 << 23  # of all arrays of a file together; the largest vocabularies need about 10**6
MAX_STRING_BYTES = 1 << 24
_MAX_KEPT_BYTES = 1 << 26  # of what one reading takes into memory; the largest vocabularies need half of it
_ITEM_BYTES = 32  # a number or an empty string in a tuple, roughly

U32, U64 = struct.Struct("<I"), struct.Struct("<Q")
SCALARS: dict[int, struct.Struct] = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: U32,
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    7: struct.Struct("<?"),
    10: U64,
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class LongArray:
    """An array that was checked but left in the file; `Header.array` reads it."""

    item_type: int
    count: int
    offset: int


class Broken(Exception):
    """What is wrong with the file, in words."""


class Cursor:
    """A position in the file; no step goes past its end."""

    __slots__ = ("bytes_left", "content", "end", "items_left", "position")

    def __init__(self, content: mmap.mmap, position: int) -> None:
        self.content = content
        self.position = position
        self.end = len(content)
        self.items_left = _MAX_ITEMS
        self.bytes_left = _MAX_KEPT_BYTES

    def keep(self, size: int) -> None:
        """Account for memory, before it is taken."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise Broken(f"more than {_MAX_KEPT_BYTES >> 20} MiB of texts and lists")

    def number(self, kind: struct.Struct) -> Any:
        start = self.skip(kind.size)
        return kind.unpack_from(self.content, start)[0]

    def skip(self, size: int) -> int:
        start = self.position
        if size > self.end - start:
            raise Broken("the header is cut off")
        self.position = start + size
        return start

    def raw_string(self, limit: int, what: str) -> bytes:
        size = self.number(U64)
        if size > limit:
            raise Broken(f"{what} of {size} bytes")
        start = self.skip(size)
        self.keep(size)
        return self.content[start : start + size]

    def string(self, limit: int, what: str) -> str:
        return self.raw_string(limit, what).decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind == STRING:
            return self.string(MAX_STRING_BYTES, "a string")
        if kind == ARRAY:
            return self.array()
        if kind not in SCALARS:
            raise Broken(f"unknown value type {kind}")
        return self.number(SCALARS[kind])

    def array(self) -> tuple[Any, ...] | LongArray:
        kind, count = self.number(U32), self.number(U64)
        if kind not in SCALARS and kind != STRING:
            raise Broken(f"an array of value type {kind}")
        self.items_left -= count
        if self.items_left < 0:
            raise Broken(f"an array of {count} items")
        if count <= SHORT_ARRAY:
            return self.items(kind, count)
        start = self.position
        if kind == STRING:
            self.skip_strings(count)
        else:
            self.skip(count * SCALARS[kind].size)
        return LongArray(kind, count, start)

    def items(self, kind: int, count: int) -> tuple[Any, ...]:
        self.keep(count * _ITEM_BYTES)
        if kind == STRING:
            return tuple(self.string(MAX_STRING_BYTES, "a string") for _ in range(count))
        size = SCALARS[kind].size * count
        start = self.skip(size)
        return struct.unpack(f"<{count}{SCALARS[kind].format[1:]}", self.content[start : start + size])

    def skip_strings(self, count: int) -> None:
        # PERF: 15 ms for 150,000 strings, half of what a method call each takes.
        unpack, content, position, end = U64.unpack_from, self.content, self.position, self.end - 8
        for _ in range(count):
            if position > end:
                raise Broken("the header is cut off")
            position += 8 + unpack(content, position)[0]
        if position > self.end:
            raise Broken("the header is cut off")
        self.position = position
