"""Go's constants → Python values. Source: the Go language specification, "Lexical elements"."""

from __future__ import annotations

import re

_DIGITS = r"[0-9](?:_?[0-9])*"
_INTEGER = re.compile(r"[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])*|[1-9](?:_?[0-9])*)")
_FLOAT = re.compile(rf"[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?")
_HEX_FLOAT = re.compile(r"[+-]?0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*[pP][+-]?[0-9]+")
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[abfnrtv\\'\"]|(?P<bad>.|$))", re.S
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_MAX_INTEGER = 2**63
_MAX_DIGITS = 400


def number(text: str) -> int | float:
    """The value of a number. Raises ValueError with Go's words."""
    if len(text) > _MAX_DIGITS:
        raise ValueError(f'bad number syntax: "{text[:20]}…"')
    if _INTEGER.fullmatch(text):
        value = _integer(text)
        if not -_MAX_INTEGER <= value < _MAX_INTEGER:
            raise ValueError(f"{text} overflows int")
        return value
    digits = text.replace("_", "")
    try:
        if _HEX_FLOAT.fullmatch(text):
            return float.fromhex(digits)
        if _FLOAT.fullmatch(text) and not digits.lstrip("+-").isdigit():
            return _finite(text, float(digits))
    except OverflowError:
        raise ValueError(f"{text} is too large") from None
    raise ValueError(f'bad number syntax: "{text}"')


def _integer(text: str) -> int:
    digits = text.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        return sign * int(digits, 8)
    return sign * int(digits, 0)


def _finite(text: str, value: float) -> float:
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large")
    return value


def quoted(text: str) -> str:
    """The value of `"…"`. Raises ValueError."""
    body = text[1:-1]
    value = _ESCAPE.sub(_unescape, body)
    # NOTE: \x and octal escapes are bytes of UTF-8, so neighbours may make one character together.
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def character(text: str) -> int:
    """The value of `'x'`, a number. Raises ValueError."""
    value = _ESCAPE.sub(_unescape, text[1:-1])
    if len(value) != 1:
        raise ValueError(f"malformed character constant: {text}")
    code = ord(value)
    return code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code


def _unescape(match: re.Match[str]) -> str:
    escape = match.group()[1:]
    if match["bad"] is not None:
        raise ValueError("invalid syntax")
    if escape[0] in _SIMPLE:
        return _SIMPLE[escape]
    if escape[0] in "xuU" or escape.isdigit():
        code = int(escape, 8) if escape.isdigit() else int(escape[1:], 16)
        return _character(code, is_byte=escape[0] not in "uU")
    return escape


def _character(code: int, *, is_byte: bool) -> str:
    if is_byte:
        if code > 0xFF:
            raise ValueError("invalid syntax")
        return chr(code) if code < 0x80 else chr(0xDC00 + code)
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        raise ValueError("invalid syntax")
    return chr(code)
