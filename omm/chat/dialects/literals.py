"""Values written as Python or JavaScript would: `{'port': "Oslo", days: [1, 2.5], open: True}` → JSON text.

Strings stand in either quote, or between two marks without escapes where a dialect has such; JSON's and Python's
words are understood; keys may be bare.
"""

from __future__ import annotations

import json
import re

from omm.chat.dialects.calls import typed
from omm.chat.dialects.reader import Reader, Sink, Steps

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|([\s\S]))")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_KEEPS = "\\'\"/"


def value(reader: Reader, into: Sink, mark: str = "", ends: str = ",)]}") -> Steps[bool]:
    """Pass one value on as JSON text, as it comes; False when it is cut off or is no value.

    `mark` stands on both sides of strings without escapes; `ends` are the characters that end a bare word.
    """
    if mark and (yield from reader.starts(mark)):
        return (yield from _marked_string(reader, into, mark))
    yield from reader.skip_blanks()
    match (yield from reader.peek()):
        case "'" | '"':
            return (yield from _string(reader, into))
        case "[":
            return (yield from _sequence(reader, into, mark, "]"))
        case "(":
            return (yield from _sequence(reader, into, mark, ")"))
        case "{":
            return (yield from _mapping(reader, into, mark))
        case _:
            return (yield from _word(reader, into, ends))


def _sequence(reader: Reader, into: Sink, mark: str, closer: str) -> Steps[bool]:
    reader.consume(1)
    into("[")
    separator = ""
    while not (yield from reader.starts(closer)):
        into(separator)
        if not (yield from value(reader, into, mark)):
            return False
        separator = ", "
        yield from reader.starts(",")
    into("]")
    return True


def _mapping(reader: Reader, into: Sink, mark: str) -> Steps[bool]:
    reader.consume(1)
    into("{")
    separator = ""
    while not (yield from reader.starts("}")):
        key: list[str] = []
        if not (yield from value(reader, key.append, mark, ends=":,}")) or not (yield from reader.starts(":")):
            into("".join(key))
            return False
        into(f"{separator}{_as_key(''.join(key))}: ")
        if not (yield from value(reader, into, mark)):
            return False
        separator = ", "
        yield from reader.starts(",")
    into("}")
    return True


def _as_key(text: str) -> str:
    return text if text.startswith('"') else _quoted(text)


def _word(reader: Reader, into: Sink, ends: str) -> Steps[bool]:
    """A number, a word, or text that was not quoted."""
    parts: list[str] = []
    while (char := (yield from reader.peek())) and char not in ends:
        parts.append(reader.consume(1))
    text = "".join(parts).strip()
    if not text or not char:
        into(text)
        return False
    into(typed(text, None))
    return True


def _marked_string(reader: Reader, into: Sink, mark: str) -> Steps[bool]:
    into('"')
    is_closed = bool((yield from reader.until(mark, into=lambda text: into(_quoted(text)[1:-1]))))
    into('"')
    return is_closed


def _string(reader: Reader, into: Sink) -> Steps[bool]:
    """A quoted string; a quote inside is forgiven when what follows it shows that the string goes on."""
    quote = reader.consume(1)
    if (yield from reader.starts(quote * 2, blanks=False)):
        text, closer = yield from reader.take(quote * 3)
        into(_quoted(_unescaped(text)))
        return bool(closer)
    parts: list[str] = []
    while char := (yield from reader.peek()):
        reader.consume(1)
        if char == quote and (yield from _is_end(reader)):
            into(_quoted(_unescaped("".join(parts))))
            return True
        parts.append(char)
        if char == "\\" and (yield from reader.peek()):
            parts.append(reader.consume(1))
    into(_quoted(_unescaped("".join(parts))))
    return False


def _is_end(reader: Reader) -> Steps[bool]:
    """Whether what comes next can follow a string."""
    while not reader.text.lstrip() and (yield from reader.more()):
        pass
    return reader.text.lstrip()[:1] in (*",)]}:", "")


def _unescaped(text: str) -> str:
    decoded = _ESCAPE.sub(_character, text)
    # NOTE: JSON writes characters beyond U+FFFF as two escapes, which only together are one.
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    short, byte, long, char = escape.groups()
    if char:
        return _ESCAPES.get(char, char if char in _KEEPS else "\\" + char)
    code = int(short or byte or long, 16)
    return chr(code) if code <= 0x10FFFF else escape.group()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
