"""A template's text → tokens: plain text, and the words inside `{{ }}`. Knows no grammar.

Source: Go's text/template, "Text and spaces", and the Go language specification for constants.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NoReturn

from omm.chat.gotemplate.errors import TemplateError

KEYWORDS = frozenset(
    ("block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with", "true", "false")
)
SPACES = " \t\r\n"
_MAX_SHOWN = 40  # characters of a word in a message

_LEFT_TRIM = re.compile(r"-[ \t\r\n]")
_RIGHT = re.compile(r"[ \t\r\n]+-\}\}|\}\}")
_SPACE = re.compile(r"[ \t\r\n]+")
_COMMENT = re.compile(r"(?:-[ \t\r\n])?/\*")
_TOKEN = re.compile(
    r"""
      (?P<number>(?:[+-]|\.(?=[0-9])|[0-9])(?:[eEpP][+-]|[\w.])*)
    | (?P<field>\.\w+)
    | (?P<variable>\$\w*)
    | (?P<name>\w+)
    | (?P<string>"(?:\\[^\n]|[^"\\\n])*")
    | (?P<raw>`[^`]*`)
    | (?P<char>'(?:\\[^\n]|[^'\\\n])*')
    | (?P<mark>:=|[|(),=.])
    """,
    re.VERBOSE,
)
_WORDS = frozenset(("field", "variable", "name"))
_AFTER_WORD = frozenset(SPACES + ".,|:)(}")
_UNTERMINATED = {'"': "unterminated quoted string", "`": "unterminated raw quoted string"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `kind` is "text", "field", "variable", "name", "keyword", "number", "char", "string", "raw",
    "end of text", or the mark itself. `start` and `end` are offsets into the source; `is_spaced` tells of white
    space before it.
    """

    kind: str
    text: str
    start: int
    end: int
    is_spaced: bool = False

    def __str__(self) -> str:
        if self.kind in ("end of text", "text"):
            return "EOF" if self.kind == "end of text" else "text"
        return f"<{self.text}>" if self.kind == "keyword" else json.dumps(self.text[:_MAX_SHOWN], ensure_ascii=False)


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a template; the last is of kind "end of text".

    Raises:
        TemplateError: an action, comment, string or number is malformed.
    """
    position, trims = 0, False
    while (opening := source.find("{{", position)) >= 0:
        after = opening + 2
        trims_left = bool(_LEFT_TRIM.match(source, after))
        yield from _text(source, position, opening, trims, trims_left)
        if comment := _COMMENT.match(source, after):
            position, trims = _comment_end(source, opening, comment.end())
            continue
        yield Token("{{", "{{", opening, after)
        closing = yield from _action(source, opening, after + trims_left)
        position, trims = closing.end(), closing.end() - closing.start() > 2
    yield from _text(source, position, len(source), trims, False)
    yield Token("end of text", "", len(source), len(source))


def _text(source: str, start: int, end: int, trims_start: bool, trims_end: bool) -> Iterator[Token]:
    text = source[start:end]
    if trims_end:
        text = text.rstrip(SPACES)
    if trims_start:
        text = text.lstrip(SPACES)
    if text:
        yield Token("text", text, start, end)


def _comment_end(source: str, opening: int, start: int) -> tuple[int, bool]:
    """Where the text goes on after a comment, and whether its white space is trimmed."""
    end = source.find("*/", start)
    if end < 0:
        raise TemplateError("unclosed comment", source, opening)
    closing = _RIGHT.match(source, end + 2)
    # NOTE: Go wants exactly one space before the hyphen here; more of it is no harm.
    if closing is None:
        raise TemplateError("comment ends before closing delimiter", source, end)
    return closing.end(), closing.end() - closing.start() > 2


def _action(source: str, opening: int, position: int) -> Generator[Token, None, re.Match[str]]:
    """The tokens up to and with the closing `}}`; its match is returned."""
    is_spaced = False
    num_open = 0
    while True:
        if closing := _RIGHT.match(source, position):
            if num_open:
                raise TemplateError("unclosed left paren", source, position)
            yield Token("}}", "}}", closing.start(), closing.end(), is_spaced)
            return closing
        if space := _SPACE.match(source, position):
            position, is_spaced = space.end(), True
            continue
        if position >= len(source):
            raise TemplateError("unclosed action", source, opening)
        token = _token(source, position, is_spaced)
        num_open += {"(": 1, ")": -1}.get(token.kind, 0)
        if num_open < 0:
            raise TemplateError("unexpected right paren", source, position)
        yield token
        position, is_spaced = token.end, False


def _token(source: str, position: int, is_spaced: bool) -> Token:
    match = _TOKEN.match(source, position)
    if match is None or match.lastgroup is None:
        _refuse(source, position)
    text, end, kind = match.group(), match.end(), match.lastgroup
    if kind in _WORDS and end < len(source) and source[end] not in _AFTER_WORD:
        raise TemplateError(f"bad character {_code(source[end])}", source, end)
    if kind == "mark":
        kind = text
    elif text in KEYWORDS:
        kind = "keyword"
    return Token(kind, text, position, end, is_spaced)


def _refuse(source: str, position: int) -> NoReturn:
    character = source[position]
    if character in _UNTERMINATED:
        raise TemplateError(_UNTERMINATED[character], source, position)
    if character == "'":
        raise TemplateError("unterminated character constant", source, position)
    if character == ":":
        raise TemplateError("expected :=", source, position)
    raise TemplateError(f"unexpected {_code(character)} in action", source, position)


def _code(character: str) -> str:
    return f"U+{ord(character):04X} '{character}'"
