"""Go's view of values: truth, types, printing and JSON. Knows no templates.

A bool, int, float, str, list, dict or None stands for itself (`dict` is `map[string]any`); `Struct` and the two
containers that print as JSON stand for types of Ollama's. An integer stays one, where Ollama reads
every number of a JSON text as a float and prints a million as 1e+06.
"""

from __future__ import annotations

import decimal
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_JSON_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_JSON_ESCAPED = re.compile("[<>&\u2028\u2029]")
_EXPONENT = re.compile(r"e([+-])0*(\d+)$")


@dataclass(frozen=True, slots=True)
class Struct:
    """A Go struct that prints as JSON: its `fields` by name, and its `wire` form in the order of its keys."""

    fields: Mapping[str, Any]
    wire: Mapping[str, Any]


class JSONMap(dict[str, Any]):
    """A map that prints as JSON, its keys sorted."""


class OrderedMap(JSONMap):
    """A map that prints as JSON, its keys in their own order."""


class JSONList(list[Any]):
    """A slice that prints as JSON."""


def is_true(value: Any) -> bool:
    """Whether `if` takes a value for true: not zero, not empty. A struct is always."""
    return isinstance(value, Struct) or bool(value)


def type_name(value: Any) -> str:
    """A value's type as Go's messages name it."""
    match value:
        case None:
            return "nil"
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float64"
        case str():
            return "string"
        case Struct():
            return "struct"
        case dict():
            return "map[string]interface {}"
        case list() | tuple():
            return "[]interface {}"
    return type(value).__name__


def printed(value: Any) -> str:
    """A value as an action prints it. What is not there prints nothing, where Go would write `<no value>`."""
    return "" if value is None else text(value)


def text(value: Any) -> str:
    """A value as `%v` prints it."""
    match value:
        case str():
            return value
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return float_text(value)
        case Struct() | JSONMap() | JSONList():
            return to_json(value)
        case dict():
            return f"map[{' '.join(f'{key}:{text(value[key])}' for key in sorted(value))}]"
        case list() | tuple():
            return f"[{' '.join(map(text, value))}]"
    return str(value)


def float_text(value: float) -> str:
    """The shortest text that reads back as the number, with an exponent from a million on, as `%v` has it."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    if value and not 1e-4 <= abs(value) < 1e6:
        return _EXPONENT.sub(lambda found: f"e{found[1]}{found[2]:0>2}", _scientific(value))
    return _positional(value)


def to_json(value: Any) -> str:
    """A value as Go's `json.Marshal` writes it: compact, with `<`, `>` and `&` escaped, plain maps sorted.

    Raises:
        ValueError: a number is not finite.
    """
    match value:
        case str():
            return _JSON_ESCAPED.sub(lambda found: _JSON_ESCAPES[found[0]], json.dumps(value, ensure_ascii=False))
        case None | bool() | int():
            return json.dumps(value)
        case float():
            return _json_float(value)
        case Struct(wire=wire):
            return _json_object(wire, list(wire))
        case OrderedMap():
            return _json_object(value, list(value))
        case dict():
            return _json_object(value, sorted(value))
        case list() | tuple():
            return f"[{','.join(map(to_json, value))}]"
    return json.dumps(str(value), ensure_ascii=False)


def _json_object(value: Mapping[str, Any], keys: list[str]) -> str:
    return f"{{{','.join(f'{to_json(key)}:{to_json(value[key])}' for key in keys)}}}"


def _json_float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"json: unsupported value: {float_text(value)}")
    if value and not 1e-6 <= abs(value) < 1e21:
        return _EXPONENT.sub(lambda found: f"e{found[1]}{found[2]}", _scientific(value))
    return _positional(value)


def _scientific(value: float) -> str:
    """The shortest digits with an exponent."""
    return f"{_digits(value):e}"


def _positional(value: float) -> str:
    """The shortest digits without an exponent."""
    return f"{_digits(value):f}"


def _digits(value: float) -> decimal.Decimal:
    return decimal.Decimal(repr(value)).normalize()
