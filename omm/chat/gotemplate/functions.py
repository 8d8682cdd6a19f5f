"""The functions a template may call: Go's own and Ollama's. Values in, values out.

Those that need their arguments unevaluated, `and` and `or`, are the executor's; their names are in NAMES too.
Source: Go's text/template, "Functions"; Ollama's template functions.
"""

from __future__ import annotations

import datetime
import html
import itertools
import re
import urllib.parse
from collections.abc import Callable
from typing import Any, NamedTuple

from omm.chat.gotemplate.printf import bounded, is_printable, sprint, sprintf, sprintln
from omm.chat.gotemplate.values import Struct, is_true, text, to_json, type_name
from omm.chat.literal import MARK

_TYPESCRIPT = {
    "string": "string", "number": "number", "integer": "number", "boolean": "boolean", "array": "any[]",
    "object": "Record<string, any>", "null": "null",
}  # fmt: skip
_JS_ESCAPES = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}
_JS_SPECIAL = re.compile(r"[\x00-\x1f\\'\"<>&=]|[^\x00-\x7f]")
_BASIC = {bool: "bool", int: "int", float: "float64", str: "string"}


class FunctionError(Exception):
    """A call that failed; the executor says where."""


class Function(NamedTuple):
    """A function and how many arguments it takes; `most` None means any number."""

    call: Callable[..., Any]
    least: int
    most: int | None
    takes_text: bool = False  # the first argument must be a string


# --- comparison -------------------------------------------------------------------------------------------------


def _eq(first: Any, *others: Any) -> bool:
    if not others:
        raise FunctionError("missing argument for comparison")
    return any(_equal(first, other) for other in others)


def _equal(left: Any, right: Any) -> bool:
    kinds = (_BASIC.get(type(left)), _BASIC.get(type(right)))
    if kinds == (None, None):
        if left is not None and right is not None:
            raise FunctionError(f"non-comparable type {text(left)}: {type_name(left)}")
        return not left and not right and not isinstance(left, Struct) and not isinstance(right, Struct)
    if kinds[0] != kinds[1]:
        if left is None or right is None:
            return False
        raise FunctionError(f"incompatible types for comparison: {type_name(left)} and {type_name(right)}")
    return bool(left == right)


def _ne(left: Any, right: Any) -> bool:
    return not _equal(left, right)


def _lt(left: Any, right: Any) -> bool:
    kinds = (_BASIC.get(type(left)), _BASIC.get(type(right)))
    if None in kinds or "bool" in kinds:
        raise FunctionError("invalid type for comparison")
    if kinds[0] != kinds[1]:
        raise FunctionError(f"incompatible types for comparison: {type_name(left)} and {type_name(right)}")
    return bool(left < right)


def _le(left: Any, right: Any) -> bool:
    return _lt(left, right) or _equal(left, right)


def _gt(left: Any, right: Any) -> bool:
    return not _le(left, right)


def _ge(left: Any, right: Any) -> bool:
    return not _lt(left, right)


# --- texts, lists and maps --------------------------------------------------------------------------------------


def _len(value: Any) -> int:
    """The length; of a string, in bytes of UTF-8."""
    if value is None:
        raise FunctionError("len of nil pointer")
    if isinstance(value, str):
        return len(_bytes(value))
    if isinstance(value, list | tuple | dict):
        return len(value)
    raise FunctionError(f"len of type {type_name(value)}")


def _index(value: Any, *keys: Any) -> Any:
    if value is None:
        raise FunctionError("index of untyped nil")
    for key in keys:
        value = _item(value, key)
    return value


def _item(value: Any, key: Any) -> Any:
    if value is None:
        raise FunctionError("index of untyped nil")
    if isinstance(value, dict):
        if not isinstance(key, str):
            raise FunctionError(f"value has type {type_name(key)}; should be string")
        return value.get(key)
    if isinstance(value, str):
        value = _bytes(value)
    if not isinstance(value, list | tuple | bytes):
        raise FunctionError(f"can't index item of type {type_name(value)}")
    position = _integer(key)
    if not 0 <= position < len(value):
        raise FunctionError(f"index out of range: {position}")
    return value[position]


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise FunctionError(f"cannot index slice/array with type {type_name(value)}")
    return value


def _slice(value: Any, *bounds: Any) -> Any:
    """Part of a list, or of a string in bytes of UTF-8; a character cut in two becomes U+FFFD."""
    if isinstance(value, str):
        if len(bounds) == 3:
            raise FunctionError("cannot 3-index slice a string")
        encoded = _bytes(value)
        return encoded[_range(len(encoded), bounds)].decode("utf-8", "replace")
    if not isinstance(value, list | tuple):
        raise FunctionError(f"can't slice item of type {type_name(value)}")
    return type(value)(value[_range(len(value), bounds)])


def _range(length: int, bounds: tuple[Any, ...]) -> slice:
    numbers = [_integer(bound) for bound in bounds]
    for number in numbers:
        if not 0 <= number <= length:
            raise FunctionError(f"index out of range: {number}")
    for low, high in itertools.pairwise(numbers):
        if low > high:
            raise FunctionError(f"invalid slice index: {low} > {high}")
    start, end = [*numbers, length][:2] if numbers else [0, length]
    return slice(start, end)


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


# --- escaping ---------------------------------------------------------------------------------------------------


def _joined(values: tuple[Any, ...]) -> str:
    """What is to be escaped; nil is nothing, as it is where an action prints it."""
    return sprint(["" if value is None else value for value in values])


def _html(*values: Any) -> str:
    return html.escape(_joined(values)).replace("&quot;", "&#34;").replace("&#x27;", "&#39;").replace("\0", "\ufffd")


def _js(*values: Any) -> str:
    return _JS_SPECIAL.sub(_js_escape, _joined(values))


def _js_escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _JS_ESCAPES:
        return _JS_ESCAPES[character]
    return character if character >= " " and is_printable(character) else f"\\u{ord(character):04X}"


def _urlquery(*values: Any) -> str:
    return MARK.join(urllib.parse.quote_plus(part, safe="~") for part in _joined(values).split(MARK))


def _json(value: Any) -> str:
    try:
        return to_json(value)
    except ValueError:
        return ""  # as Ollama's, which drops the error


# --- Ollama's ---------------------------------------------------------------------------------------------------


def _current_date(*_ignored: Any) -> str:
    return _today().isoformat()


def _yesterday_date(*_ignored: Any) -> str:
    return (_today() - datetime.timedelta(days=1)).isoformat()


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()


def _typescript(value: Any) -> str:
    """A tool property's type in TypeScript's words."""
    return _schema_type(value.wire) if isinstance(value, Struct) else "any"


def _schema_type(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "any"
    match schema:
        case {"anyOf": [_, *_] as choices}:
            names = [_schema_type(choice.wire if isinstance(choice, Struct) else choice) for choice in choices]
        case {"type": [_, *_] as types}:
            names = [_TYPESCRIPT.get(text(name), "any") for name in types]
        case _:
            names = [_TYPESCRIPT.get(text(schema.get("type")), "any")]
    return " | ".join(names)


def _call(function: Any, *_arguments: Any) -> Any:
    raise FunctionError(f"non-function of type {type_name(function)}")


LAZY = frozenset(("and", "or"))

FUNCTIONS: dict[str, Function] = {
    "not": Function(lambda value: not is_true(value), 1, 1),
    "eq": Function(_eq, 1, None),
    "ne": Function(_ne, 2, 2),
    "lt": Function(_lt, 2, 2),
    "le": Function(_le, 2, 2),
    "gt": Function(_gt, 2, 2),
    "ge": Function(_ge, 2, 2),
    "len": Function(_len, 1, 1),
    "index": Function(_index, 1, None),
    "slice": Function(_slice, 1, 4),
    "print": Function(lambda *values: sprint(values), 0, None),
    "println": Function(lambda *values: sprintln(values), 0, None),
    "printf": Function(lambda pattern, *values: sprintf(pattern, values), 1, None, takes_text=True),
    "html": Function(_html, 0, None),
    "js": Function(_js, 0, None),
    "urlquery": Function(_urlquery, 0, None),
    "call": Function(_call, 1, None),
    "json": Function(_json, 1, 1),
    "currentDate": Function(_current_date, 0, None),
    "yesterdayDate": Function(_yesterday_date, 0, None),
    "toTypeScriptType": Function(_typescript, 1, 1),
}
NAMES = LAZY | FUNCTIONS.keys()


def call(name: str, arguments: list[Any]) -> Any:
    """Call a function with its arguments.

    Raises:
        FunctionError: the arguments do not fit, or what comes out is too large.
    """
    function = FUNCTIONS[name]
    try:
        value = function.call(*arguments)
        return bounded([value]) if isinstance(value, str) else value
    except (FunctionError, ValueError, TypeError, OverflowError) as exc:
        raise FunctionError(f"error calling {name}: {exc}") from None
