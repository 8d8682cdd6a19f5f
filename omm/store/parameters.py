"""Model parameters (`PARAMETER temperature 0.7`): which exist, their types, and reading them from text or JSON."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any

from omm.errors import InvalidRequest
from omm.types import Options

# NOTE: Ollama dropped these; old Modelfiles still carry them, so they are skipped rather than refused.
IGNORED = frozenset(
    "f16_kv logits_all vocab_only use_mlock low_vram embedding_only num_gqa numa tfs_z rope_frequency_base "
    "rope_frequency_scale draft_num_predict".split()
)

# What a GGUF file recommends, by its key below `general.sampling.`. Source: llama.cpp, gguf-py/gguf/constants.py.
_RECOMMENDED = {
    "temp": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
    "min_p": "min_p",
    "xtc_probability": "xtc_probability",
    "xtc_threshold": "xtc_threshold",
    "penalty_last_n": "repeat_last_n",
    "penalty_repeat": "repeat_penalty",
    "mirostat": "mirostat",
    "mirostat_tau": "mirostat_tau",
    "mirostat_eta": "mirostat_eta",
}

_TRUE = frozenset({"1", "t", "true"})
_FALSE = frozenset({"0", "f", "false"})


def _kinds() -> dict[str, type]:
    """Name → int, float, bool, tuple (of strings) or dict, read off `Options` so that there is one list only."""
    found: dict[str, type] = {}
    for name, hint in typing.get_type_hints(Options).items():
        (kind,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
        origin = typing.get_origin(kind) or kind
        found[name] = dict if origin is Mapping else origin
    return found


KINDS: dict[str, type] = _kinds()


def parse_text(name: str, text: str) -> Any:
    """Read a Modelfile value; a list parameter gives its one item.

    Raises:
        InvalidRequest: the name is unknown or the text is of another type.
    """
    kind = _kind(name)
    if kind is dict:  # there is no way to write an object in a Modelfile
        raise InvalidRequest(f"unknown parameter '{name}'", param=name)
    if kind is tuple:
        return text
    try:
        return _READERS[kind](text)
    except ValueError as exc:
        raise InvalidRequest(f"invalid {kind.__name__} value [{text}]", param=name) from exc


def _read_bool(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


_READERS: dict[type, Any] = {int: int, float: float, bool: _read_bool}


def check(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Check parameters that came as JSON; numbers are converted, a single `stop` becomes a list.

    Raises:
        InvalidRequest: a name is unknown or a value of another type.
    """
    checked = {}
    for name, value in parameters.items():
        if value is None or name in IGNORED:
            continue
        kind = _kind(name)
        if (converted := _convert(kind, value)) is None:
            wanted = {"tuple": "a list of strings", "dict": "an object"}.get(kind.__name__, f"of type {kind.__name__}")
            raise InvalidRequest(f"parameter '{name}' must be {wanted}", param=name)
        checked[name] = converted
    return checked


def lenient(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Convert stored parameters; what this version does not know or cannot convert is left out."""
    known = {name: _convert(KINDS[name], value) for name, value in parameters.items() if name in KINDS}
    return {name: value for name, value in known.items() if value is not None}


def recommended(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a GGUF file's own header recommends."""
    found = {name: metadata.get(f"general.sampling.{key}") for key, name in _RECOMMENDED.items()}
    # NOTE: the file has 32-bit floats, and its author wrote 0.2 rather than 0.20000000298023224.
    return lenient(
        {name: float(f"{value:.7g}") if isinstance(value, float) else value for name, value in found.items()}
    )


def _kind(name: str) -> type:
    if name not in KINDS:
        raise InvalidRequest(f"unknown parameter '{name}'", param=name)
    return KINDS[name]


def _convert(kind: type, value: Any) -> Any:
    """The value as `kind`, or None. Source: Ollama takes floats for integers (cut) and integers for floats."""
    if kind is tuple:
        items = [value] if isinstance(value, str) else value
        return items if isinstance(items, list) and all(isinstance(item, str) for item in items) else None
    if kind in (bool, dict):
        return value if isinstance(value, kind) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return kind(value)
    except (OverflowError, ValueError):  # infinity and NaN are no integers
        return None
