"""Where requests and the lines of tools end in rows of tokens, and which belong together: what `matching.py` compares.

And where a key or a value that an answer copies stands already. Besides conversations there are lists of tools and
requests by themselves: more choices for the tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from chat import Segment, render_system
from spans import THOUGHT, Field, Piece, fields, find, find_parameter, find_value
from tokenizer import ALPHABET, Tokenizer
from tools import TRAINED_FAMILIES, Use, distinct, draw_use, loose
from words import Source

HEADER = "# Tools (call with <tool_call>)\n"
CALL = re.compile(r'\{"name": "([^"]*)", "arguments"')
_FAMILY = {text: index for index, family in enumerate(TRAINED_FAMILIES)
           for text in (*family.names.split("|"), *family.descriptions.split("|"))}  # fmt: skip

TOOLS, REQUESTS = 16, 2  # compared at once, and requests of each
LONGEST_REQUEST = 32  # in tokens

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Ids of lists of tools, the lines `[n, 4]` in them, ids of requests, the picks `[m, 3]` in those."""

Places = list[tuple[int, ...]]


@dataclass
class Marks:
    """Places in a row of tokens.

    `lines`: where each tool's line ends, its family (-1: none), the first token of its name. `picks`: where a request
    ends, the index of the line that it is for, where the name in the call is about to be written. `copies`: where a
    key or a value is about to be written, and where it stands already.
    """

    lines: list[tuple[int, int, int]] = field(default_factory=list)
    picks: list[tuple[int, int, int]] = field(default_factory=list)
    copies: list[tuple[int, int]] = field(default_factory=list)


class Marker:
    """Follows the segments of one conversation."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.marks = Marks()
        self._tokenizer = tokenizer
        self._ids = tokenizer.ids
        self._newlines = {i for i, token in enumerate(tokenizer.tokens) if token.endswith(ALPHABET[ord("\n")])}
        self._names: list[str] = []
        self._request = -1
        self._system, self._asked, self._thought = (Piece.of(tokenizer, "", [], 0),) * 3

    def add(self, segment: Segment, piece: list[int], start: int) -> None:
        """One segment, its tokens, and how many came before it."""
        text = segment.text
        whole = Piece.of(self._tokenizer, text, piece, start)
        if segment.trained:
            self._add_answer(whole)
        if text.startswith("<|im_start|>") and "<|im_end|>" in text:
            if text.startswith("<|im_start|>system"):
                self._system = whole
            else:
                self._asked = whole
            end = max(i for i, token in enumerate(piece) if token == self._ids["<|im_end|>"])
            if HEADER in text:
                self._add_tools(text.split(HEADER)[1].split("<|im_end|>")[0].split("\n"), piece[:end], start)
            self._request = start + end
        elif segment.trained and len(calls := CALL.findall(text)) == 1 and calls[0] in self._names:
            before = start + piece.index(self._ids['{"name": "'])
            self.marks.picks.append((self._request, self._names.index(calls[0]), before))

    def _add_answer(self, answer: Piece) -> None:
        if answer.text.startswith(THOUGHT):
            self._thought = answer
            return
        written = self._thought if self._thought.text else answer
        for copied in fields(answer.text, self._thought.text):
            for at, source in ((copied.key_at, self._key(copied)), (copied.value_at, self._value(copied))):
                if source is not None:
                    self.marks.copies.append((written.token_at(at) - 1, source))

    def _value(self, copied: Field) -> int | None:
        found = find_value(self._asked.text, copied.value)
        return None if found is None else self._asked.token_at(found)

    def _key(self, copied: Field) -> int | None:
        """In the line of the tool; for JSON, in the request or else in the system's text."""
        if copied.tool:
            start = self._system.text.find(f"\n{copied.tool}(") + 1
            found = find_parameter(self._system.text[start:].partition("\n")[0], copied.key) if start else None
            return None if found is None else self._system.token_at(start + found)
        for piece in (self._asked, self._system):
            if (found := find(piece.text, copied.key)) is not None:
                return piece.token_at(found)
        return None

    def _add_tools(self, lines: list[str], piece: list[int], start: int) -> None:
        newlines = [i for i, token in enumerate(piece) if token in self._newlines]
        newlines = newlines[len(newlines) - len(lines) :]  # one before each line
        ends = [*newlines[1:], len(piece)]
        self._names = [line.split("(")[0] for line in lines]
        self.marks.lines = [(start + end, family_of(line), piece[before + 1])
                            for before, end, line in zip(newlines, ends, lines, strict=True)]  # fmt: skip


def family_of(line: str) -> int:
    name, _, rest = line.partition("(")
    return _FAMILY.get(rest.partition("): ")[2], _FAMILY.get(name, -1))


def gather(rows: Iterable[Marks]) -> tuple[Places, Places, Places]:
    """Of a batch: lines as (row, position, family, token), picks as (row, position, index of the line, before), and
    copies as (row, before, source).
    """
    lines: Places = []
    picks: Places = []
    copies: Places = []
    for row, marks in enumerate(rows):
        picks += [(row, at, len(lines) + line, before) for at, line, before in marks.picks]
        lines += [(row, *line) for line in marks.lines]
        copies += [(row, *copied) for copied in marks.copies]
    return lines, picks, copies


def draw_uses(src: Source, count: int) -> list[Use]:
    """Tools of which no two are of one family."""
    uses: list[Use] = []
    while len(uses) < count:
        use = draw_use(src, families=0.85)
        if distinct(use, uses, neighbours=True):
            uses.append(use)
    return uses


def pairs(tokenizer: Tokenizer, src: Source) -> Pairs:
    """Tools in short lists, and some requests for each."""
    uses = draw_uses(src, TOOLS)
    rows, marks = [], []
    for start in range(0, TOOLS, 4):
        marker = Marker(tokenizer)
        segment = Segment(render_system([], [use.tool.schema(src) for use in uses[start : start + 4]]))
        rows.append(tokenizer.encode(segment.text))
        marker.add(segment, rows[-1], 0)
        marks.append(marker.marks)
    requests, picks = [], []
    for index, use in enumerate(uses):
        for _ in range(REQUESTS):
            ids = tokenizer.encode(f"<|im_start|>user\n{loose(src, use.again(src)[0])}<|im_end|>")
            if len(ids) <= LONGEST_REQUEST:
                picks.append((len(requests), len(ids) - 1, index))
                requests.append(ids)
    return padded(rows), np.array(gather(marks)[0], np.int64), padded(requests), np.array(picks, np.int64)


def padded(rows: list[list[int]]) -> np.ndarray:
    out = np.zeros((len(rows), -(-max(map(len, rows)) // 32) * 32), np.int64)
    for row, ids in enumerate(rows):
        out[row, : len(ids)] = ids
    return out
