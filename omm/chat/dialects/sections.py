"""Calls in JSON between control tokens: a head that names the tool, its arguments, several calls in a section."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from omm.chat.dialects.reader import Reader, Steps, Trim


@dataclass(frozen=True)
class Section:
    """The markers of a section and of a call in it; models leave out any but `call` and `arguments`.

    `named` makes the tool's name and the call's id of the head, the text between `call` and `arguments`; either may be
    empty, but a call without a name is malformed. `fence` may follow the arguments.
    """

    begin: str
    end: str
    call: str
    arguments: tuple[str, ...]
    end_call: str
    named: Callable[[str], tuple[str, str]]
    fence: str = ""

    @property
    def openers(self) -> tuple[str, str]:
        """Where calls begin."""
        return self.begin, self.call

    @property
    def closers(self) -> tuple[str, ...]:
        """Where a call ends."""
        return self.end_call, self.end, self.call


def answer(reader: Reader, section: Section) -> Steps[None]:
    """Answer text with calls in it; closers that close nothing are dropped."""
    markers = (section.begin, *section.closers) if reader.context.tools else ()
    while marker := (yield from reader.until(*markers, into=reader.say, trim=Trim.BLANKS)):
        if marker in section.openers:
            yield from calls(reader, section, marker)


def calls(reader: Reader, section: Section, marker: str) -> Steps[None]:
    """The calls that begin at `marker`, which `until` has just returned, and the end of their section."""
    reader.mark(marker)
    is_call = False
    if marker == section.begin:
        marker = yield from reader.starts(section.call)
    while marker == section.call:
        is_call, marker = yield from _call(reader, section)
        if marker not in (section.call, section.end):
            marker = yield from reader.starts(section.call, section.end)
    if not is_call:
        yield from reader.give_back()
    yield from reader.skip_blanks()


def _call(reader: Reader, section: Section) -> Steps[tuple[bool, str]]:
    """One call: whether it is one, and the marker that ended it. It is given back as text when it has no name."""
    head, marker = yield from reader.take(*section.arguments, *section.closers)
    name, call_id = section.named(head)
    if marker in section.arguments and name:
        reader.open_call(name, call_id)
        marker = yield from json_arguments(reader, *section.closers)
        if not marker and section.fence and (yield from reader.starts(section.fence)):
            marker = yield from reader.starts(*section.closers)
        reader.close_call()
        reader.mark()
        return True, marker
    if marker in section.arguments:
        _, marker = yield from reader.take(*section.closers)
    yield from reader.give_back()
    return False, marker


def json_arguments(reader: Reader, *closers: str) -> Steps[str]:
    """The open call's arguments as they come, up to the end of the object, or to a closer outside of its strings.

    Returns the closer if it comes next. Control characters inside strings are escaped.
    """
    yield from reader.skip_blanks()
    scan, firsts = _Scan(), frozenset(closer[0] for closer in closers)
    while (yield from reader.peek()):
        parts = scan.take(reader.text, firsts)
        reader.consume(len(parts))
        reader.arguments("".join(parts))
        if scan.is_done:
            return (yield from reader.starts(*closers))
        if reader.text:
            if closer := (yield from reader.starts(*closers, blanks=False)):
                return closer
            reader.arguments(reader.consume(1))
    return ""


@dataclass(slots=True)
class _Scan:
    """Where in a JSON value the text has come to."""

    depth: int = 0
    in_string: bool = False
    is_escaped: bool = False
    is_done: bool = False

    def take(self, text: str, stops: frozenset[str]) -> list[str]:
        """The characters, escaped where needed, up to the value's end or to one of `stops` outside of strings."""
        parts: list[str] = []
        for char in text:
            if not self.in_string and char in stops:
                break
            parts.append(json.dumps(char)[1:-1] if self.in_string and char < " " else char)
            self._step(char)
            if self.is_done:
                break
        return parts

    def _step(self, char: str) -> None:
        if self.in_string:
            self.in_string = self.is_escaped or char != '"'
            self.is_escaped = char == "\\" and not self.is_escaped
        elif char == '"':
            self.in_string = True
        elif char in "{[":
            self.depth += 1
        elif char in "}]":
            self.depth -= 1
            self.is_done = self.depth <= 0
