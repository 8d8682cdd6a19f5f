"""Go's fmt.Sprint, Sprintln and Sprintf over template values. Source: Go's package fmt, "Printing"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from omm.chat.gotemplate.values import JSONList, JSONMap, Struct, text, type_name
from omm.chat.literal import MARK

MAX_CHARS = 32 << 20  # of any one text
_MAX_WIDTH = 1_000_000
_DIRECTIVE = re.compile(
    r"%(?P<flags>[-+# 0]*)(?P<width>(?:\[\d+\])?\*|\d+)?(?:\.(?P<precision>(?:\[\d+\])?\*|\d+)?(?P<point>))?"
    r"(?:\[(?P<index>\d+)\])?(?P<verb>\D|$)"
)
_FOR_INTEGERS = frozenset("bcdoOqxXU")
_FOR_FLOATS = frozenset("eEfFgG")
_FOR_STRINGS = frozenset("sqxX")
_QUOTES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\"}
_BASES = {"b": ("b", "0b"), "d": ("d", ""), "o": ("o", "0"), "O": ("o", ""), "x": ("x", "0x"), "X": ("X", "0X")}


def bounded(parts: Iterable[str]) -> str:
    """Join, unless that makes a text that is too large. Raises ValueError."""
    kept, size = [], 0
    for part in parts:
        size += len(part)
        if size > MAX_CHARS:
            raise ValueError(f"it makes a text of more than {MAX_CHARS} characters")
        kept.append(part)
    return "".join(kept)


def sprint(values: Sequence[Any]) -> str:
    """The values one after another, with a space between two neighbours of which neither is a string."""
    spaced: list[str] = []
    for at, value in enumerate(values):
        if at and not isinstance(value, str) and not isinstance(values[at - 1], str):
            spaced.append(" ")
        spaced.append(text(value))
    return bounded(spaced)


def sprintln(values: Sequence[Any]) -> str:
    """The values with spaces between them and a line's end behind."""
    return bounded([" ".join(map(text, values)), "\n"])


def sprintf(pattern: str, values: Sequence[Any]) -> str:
    """The pattern with its directives filled in; mistakes show in the text as Go shows them."""
    return bounded(_Filling(values).parts(pattern))


@dataclass(frozen=True, slots=True)
class _Form:
    """What a directive asks for besides its verb."""

    flags: str
    width: int | None
    precision: int | None

    def pad(self, written: str, *, is_number: bool = False) -> str:
        width = self.width or 0
        if "-" in self.flags:
            return written.ljust(width)
        if "0" not in self.flags:
            return written.rjust(width)
        return written.zfill(width) if is_number or written[:1] not in "+-" else written.rjust(width, "0")

    def signed(self, written: str) -> str:
        if written.startswith("-"):
            return written
        return ("+" if "+" in self.flags else " " if " " in self.flags else "") + written


class _Filling:
    """The arguments of one call, and which of them comes next."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self._at = 0
        self._is_reordered = False

    def parts(self, pattern: str) -> Iterable[str]:
        end = 0
        for found in _DIRECTIVE.finditer(pattern):
            yield pattern[end : found.start()]
            yield self._directive(found)
            end = found.end()
        yield pattern[end:]
        if not self._is_reordered and self._at < len(self._values):
            extra = ", ".join(_with_type(value) for value in self._values[self._at :])
            yield f"%!(EXTRA {extra})"

    def _directive(self, found: re.Match[str]) -> str:
        verb = found["verb"]
        width, precision = self._number(found["width"]), self._number(found["precision"])
        if verb == "":
            return "%!(NOVERB)"
        if verb == "%":
            return "%"
        if found["index"]:
            self._is_reordered = True
            self._at = int(found["index"]) - 1
        if not 0 <= self._at < len(self._values):
            return f"%!{verb}(BADINDEX)" if found["index"] else f"%!{verb}(MISSING)"
        self._at += 1
        flags = found["flags"] + ("-" if width is not None and width < 0 else "")
        precision = 0 if precision is None and found["point"] is not None else precision
        return _formatted(verb, self._values[self._at - 1], _Form(flags, abs(width or 0) or None, precision))

    def _number(self, written: str | None) -> int | None:
        """A width or precision, which `*` takes from the arguments."""
        if written is None:
            return None
        if not written.endswith("*"):
            return min(int(written[:8]), _MAX_WIDTH)
        if written != "*":
            self._is_reordered = True
            self._at = int(written[1:-2]) - 1
        value = self._values[self._at] if 0 <= self._at < len(self._values) else None
        self._at += 1
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return max(-_MAX_WIDTH, min(value, _MAX_WIDTH)) if is_number and value is not None else None


def _with_type(value: Any) -> str:
    return "<nil>" if value is None else f"{type_name(value)}={text(value)}"


def _formatted(verb: str, value: Any, form: _Form) -> str:
    if verb == "T":
        return form.pad("<nil>" if value is None else type_name(value))
    match value:
        case JSONMap() | JSONList() | Struct() if verb == "v" or verb in _FOR_STRINGS:
            return _string("s" if verb == "v" else verb, text(value), form)
        case list() | tuple():
            return f"[{_spaced(_element(verb, item, form) for item in value)}]"
        case dict():
            pairs = (f"{_formatted(verb, key, form)}:{_element(verb, value[key], form)}" for key in sorted(value))
            return f"map[{_spaced(pairs)}]"
        case _ if verb == "v":
            return _plain(value, form)
        case bool() if verb == "t":
            return form.pad(text(value))
        case bool() | None:
            pass
        case int() if verb in _FOR_INTEGERS:
            return _integer(verb, value, form)
        case float() if verb in _FOR_FLOATS:
            return form.pad(form.signed(_float(verb, value, form)), is_number=True)
        case str() if verb in _FOR_STRINGS:
            return _string(verb, value, form)
    return f"%!{verb}({_with_type(value)})"


def _spaced(parts: Iterable[str]) -> str:
    return bounded(f" {part}" for part in parts)[1:]


def _element(verb: str, value: Any, form: _Form) -> str:
    return form.pad("<nil>") if value is None else _formatted(verb, value, form)


def _plain(value: Any, form: _Form) -> str:
    """`%v`, which with `#` quotes a string."""
    if isinstance(value, str):
        return form.pad(quoted(value) if "#" in form.flags else value[: form.precision])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return form.pad(form.signed(text(value)), is_number=True)
    return form.pad(text(value))


def _integer(verb: str, value: int, form: _Form) -> str:
    if verb in "cq":
        letter = chr(value) if 0 <= value < 0x110000 and not 0xD800 <= value < 0xE000 else "\ufffd"
        return form.pad(letter if verb == "c" else quoted(letter, "'"))
    if verb == "U":
        return form.pad(f"U+{value:04X}")
    kind, prefix = _BASES[verb]
    digits = format(abs(value), kind).zfill(form.precision or 0)
    prefix = "0o" if verb == "O" else prefix if "#" in form.flags else ""
    sign = "-" if value < 0 else ""
    return form.pad(form.signed(sign + prefix + digits), is_number=True)


def _float(verb: str, value: float, form: _Form) -> str:
    if form.precision is None and verb in "gG":
        return text(value) if verb == "g" else text(value).upper()
    return f"{value:.{6 if form.precision is None else form.precision}{verb}}"


def _string(verb: str, value: str, form: _Form) -> str:
    value = value[: form.precision]
    if verb == "s":
        return form.pad(value)
    if verb == "q":
        is_raw = "#" in form.flags and "`" not in value and all(char == "\t" or is_printable(char) for char in value)
        return form.pad(f"`{value}`" if is_raw else quoted(value))
    encoded = value.encode("utf-8", "replace")
    digits = encoded.hex(" ") if " " in form.flags else encoded.hex()
    return form.pad(digits if verb == "x" else digits.upper())


def is_printable(character: str) -> bool:
    """Whether Go writes a character as it is when it quotes, as the mark of literal text must be, too."""
    return character == MARK or character.isprintable()


def quoted(value: str, quote: str = '"') -> str:
    """A Go string constant."""
    return quote + "".join(_quoted(character, quote) for character in value) + quote


def _quoted(character: str, quote: str) -> str:
    if character == quote:
        return "\\" + character
    if character in _QUOTES:
        return _QUOTES[character]
    if is_printable(character):
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
