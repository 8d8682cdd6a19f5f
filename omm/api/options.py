"""Options, think, format and keep_alive as every protocol takes them → internal values.

Ranges of options are checked in the engine.
"""

from __future__ import annotations

import math
import re
import types
import typing
from collections.abc import Callable
from typing import Any

import msgspec

from omm import units
from omm.errors import InvalidRequest
from omm.parameters import INT32_MAX
from omm.types import JSONSchema, Options, Think

THINK_LEVELS = frozenset({"low", "medium", "high", "max"})


# --- think, format, keep_alive ----------------------------------------------------------------------------------


def think(value: Any) -> Think | None:
    """Raises InvalidRequest for anything but a boolean or a level."""
    allowed = '"high", "medium", "low", "max", true, or false'
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise InvalidRequest(f"think must be a boolean or string ({allowed})", param="think")
    if value in THINK_LEVELS:
        return typing.cast(Think, value)
    raise InvalidRequest(f'invalid think value: "{value}" (must be {allowed})', param="think")


def thinking_budget(value: int | None) -> int | None:
    """Raises InvalidRequest for what is no number of tokens."""
    if value is not None and not 0 <= value <= INT32_MAX:
        raise InvalidRequest(f"thinking_budget must be between 0 and {INT32_MAX}", param="thinking_budget")
    return value


def output_format(value: Any) -> str | JSONSchema | None:
    """Raises InvalidRequest for anything but "json" or an object."""
    if value is None or value == "":
        return None
    if value == "json" or isinstance(value, dict):
        return typing.cast("str | JSONSchema", value)
    shown = msgspec.json.encode(value).decode()
    raise InvalidRequest(f'invalid format: {shown}; expected "json" or a valid JSON Schema object', param="format")


_GO_TYPES: dict[type, str] = {bool: "bool", list: "[]interface {}", dict: "map[string]interface {}"}


def keep_alive(value: Any) -> float | None:
    """Seconds, negative for ever. Numbers are seconds; texts are Go durations. Raises InvalidRequest."""
    if value is None:
        return None
    if type(value) in _GO_TYPES:
        raise InvalidRequest(f"Unsupported type: '{_GO_TYPES[type(value)]}'", param="keep_alive")
    try:
        return units.bounded(units.parse_duration(value) if isinstance(value, str) else float(value))
    except (ValueError, OverflowError) as exc:
        raise InvalidRequest(str(exc), param="keep_alive") from exc


# --- options ----------------------------------------------------------------------------------------------------


class _WrongType(Exception):
    """The value is not of the option's type, which is named in Ollama's words."""


def options(values: dict[str, Any], path: str = "options.") -> Options:
    """Raises InvalidRequest for a value of the wrong type; unknown names and nulls are ignored.

    `path` is what errors put before an option's name.
    """
    typed: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or name not in READERS:
            continue
        try:
            typed[name] = READERS[name](value)
        except _WrongType as exc:
            raise InvalidRequest(f'option "{name}" must be {exc}', param=path + name) from exc
    return Options(**typed)


def _read_int(value: Any) -> int:
    if isinstance(value, float) and math.isfinite(value):
        return int(value)  # WIRE: clients send 4096.0; Ollama cuts fractions
    if isinstance(value, bool) or not isinstance(value, int):
        raise _WrongType("of type integer")
    return value


def _read_float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _WrongType("of type float32")
    try:
        return float(value)
    except OverflowError as exc:
        raise _WrongType("of type float32") from exc


def _read_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongType("of type boolean")
    return value


def _read_texts(value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _WrongType("of an array of strings")
    return tuple(texts)


def _read_biases(value: Any) -> dict[int, float]:
    if not isinstance(value, dict) or not all(re.fullmatch(r"-?[0-9]{1,10}", key) for key in value):
        raise _WrongType("an object of token ids and numbers")
    return {int(token): _read_float(bias) for token, bias in value.items()}


def _reader(annotation: Any) -> Callable[[Any], Any]:
    (kind,) = (arg for arg in typing.get_args(annotation) if arg is not types.NoneType)
    plain = {int: _read_int, float: _read_float, bool: _read_bool}
    return plain.get(kind) or (_read_texts if typing.get_origin(kind) is tuple else _read_biases)


READERS = {name: _reader(annotation) for name, annotation in typing.get_type_hints(Options).items()}
