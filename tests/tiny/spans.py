"""Where what an answer copies stands in what was said before: the keys and values of calls and of JSON.

Knows the forms that `chat.py` renders; offsets are in characters, and in tokens where a `Piece` is asked.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from tokenizer import Tokenizer
from words import NUMBER_WORDS

CALLED = re.compile(r'\{"name": "([^"]*)", "arguments": (\{.*\})\}\n</tool_call>')
THOUGHT = "<think>\n"


@dataclass(frozen=True)
class Piece:
    """A text, its tokens, and how many tokens came before it."""

    text: str
    ends: Sequence[int]
    start: int

    @classmethod
    def of(cls, tokenizer: Tokenizer, text: str, ids: list[int], start: int) -> Piece:
        return cls(text, list(accumulate(map(tokenizer.num_bytes, ids))), start)

    def token_at(self, offset: int) -> int:
        """The token that holds the character at `offset`, counted from the start of the row."""
        return self.start + bisect_right(self.ends, len(self.text[:offset].encode()))


@dataclass(frozen=True)
class Field:
    """A key and a value, and where each begins in the answer; of a call, the name of its tool."""

    key: str
    value: Any
    key_at: int
    value_at: int
    tool: str = ""


def json_fields(values: dict[str, Any], at: int, tool: str = "") -> Iterator[Field]:
    """Of an object that begins at `at`, as `json.dumps` writes it."""
    at += 1
    for key, value in values.items():
        after = at + len(dumps(key)) + 2
        yield Field(key, value, at + 1, after + isinstance(value, str), tool)
        at = after + len(dumps(value)) + 2


def thought_fields(values: dict[str, Any], at: int, joint: str, tool: str = "") -> Iterator[Field]:
    """Of a thought, whose list of values begins at `at`."""
    for key, value in values.items():
        after = at + len(key) + len(joint)
        yield Field(key, value, at, after, tool)
        at = after + len(said(value)) + 2


def fields(answer: str, thought: str) -> Iterator[Field]:
    """What an answer copies: in its thought where it has one, since what follows is copied from there."""
    calls = [(match[1], json.loads(match[2]), match.start(2)) for match in CALLED.finditer(answer)]
    at = len(THOUGHT)
    for tool, values, start in calls:
        if thought:
            at = thought.index(f"I call {tool}: ", at) + len(f"I call {tool}: ")
            yield from thought_fields(values, at, " = ", tool)
        else:
            yield from json_fields(values, start, tool)
    if answer.startswith("{"):
        begin = f"{THOUGHT}I fill in "
        values = json.loads(answer)
        if thought.startswith(begin):
            yield from thought_fields(values, len(begin), ": ")
        elif not thought:
            yield from json_fields(values, 0)


def find_value(text: str, value: Any) -> int | None:
    """Where a value is said in a request, when that is one place only."""
    found = find(text, said(value))
    if found is None and type(value) is int and 0 <= value < len(NUMBER_WORDS):
        return find(text, NUMBER_WORDS[value])
    return found


def find_parameter(line: str, key: str) -> int | None:
    """Where a parameter stands in the line of a tool."""
    match = re.search(rf"[(,] ?({re.escape(key)})\??: ", line)
    return match.start(1) if match else None


def find(text: str, wanted: str) -> int | None:
    """The one place where `wanted` stands as whole words or a whole number."""
    if not wanted:
        return None
    number = r"(?<![\d][.])" if wanted[0].isdigit() else ""
    places = [m.start() for m in re.finditer(rf"{number}(?<!\w){re.escape(wanted)}(?!\w|\.\d)", text)]
    return places[0] if len(places) == 1 else None


def said(value: Any) -> str:
    return dumps(value) if isinstance(value, bool) else str(value)


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
