"""Model parameters (`PARAMETER temperature 0.7`): which exist, their types and ranges, reading them from text or JSON.

Pure; nothing that was checked here overflows in C.
"""

from __future__ import annotations

import math
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


def _read_float(text: str) -> float:
    if math.isfinite(value := float(text)):
        return value
    raise ValueError(text)  # no JSON can carry it to the server


_READERS: dict[type, Any] = {int: int, float: _read_float, bool: _read_bool}


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


# --- ranges -------------------------------------------------------------------------------------------------------

INT32_MAX = 2**31 - 1
SEED_MAX = 2**63 - 1  # clients draw them from wider ranges; llama.cpp takes the low 32 bits
MAX_STOPS = 64
MAX_STOP_LENGTH = 1024
MAX_BIASES = 4096
MAX_BREAKERS = 64

# Inclusive bounds. The upper ones are generous: they exist so that no value overflows in C.
RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 100.0),
    "top_k": (-1, INT32_MAX),
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "typical_p": (0.0, 1.0),
    "top_n_sigma": (-1.0, 1000.0),
    "repeat_last_n": (-1, INT32_MAX),
    "repeat_penalty": (0.01, 100.0),
    "presence_penalty": (-100.0, 100.0),
    "frequency_penalty": (-100.0, 100.0),
    "mirostat": (0, 2),
    "mirostat_eta": (0.0, 100.0),
    "mirostat_tau": (0.0, 100.0),
    "xtc_probability": (0.0, 1.0),
    "xtc_threshold": (0.0, 1.0),
    "dry_multiplier": (0.0, 100.0),
    "dry_base": (0.0, 100.0),
    "dry_allowed_length": (0, INT32_MAX),
    "dry_penalty_last_n": (-1, INT32_MAX),
    "dynatemp_range": (0.0, 100.0),
    "dynatemp_exponent": (0.0, 100.0),
    "seed": (-1, SEED_MAX),
    "num_predict": (-2, INT32_MAX),
    "num_keep": (-1, INT32_MAX),
    "min_tokens": (0, INT32_MAX),
    "num_ctx": (1, 1 << 24),
    "num_batch": (1, 1 << 16),
    "num_gpu": (-1, INT32_MAX),
    "main_gpu": (0, 255),
    "num_thread": (0, 1024),
}


def check_ranges(values: Mapping[str, Any]) -> None:
    """Check every number against its range and every list against its size.

    Raises:
        InvalidRequest: a number is not finite or out of range; `param` names it.
    """
    for name, value in values.items():
        if name in RANGES:
            _check_number(name, value, *RANGES[name])
    _check_list("stop", values.get("stop") or (), MAX_STOPS)
    _check_list("dry_sequence_breakers", values.get("dry_sequence_breakers") or (), MAX_BREAKERS)
    _check_biases(values.get("logit_bias") or {})


def _check_biases(biases: Mapping[int, float]) -> None:
    if len(biases) > MAX_BIASES:
        raise InvalidRequest(f"logit_bias may have at most {MAX_BIASES} entries", param="logit_bias")
    for token, bias in biases.items():
        _check_number("logit_bias", token, 0, INT32_MAX)
        _check_number("logit_bias", bias, -1000.0, 1000.0)


def _check_number(name: str, value: float, low: float, high: float) -> None:
    # NOTE: a comparison, which NaN and infinity fail, holds for integers too large for any float.
    if not low <= value <= high:
        raise InvalidRequest(
            f"{name} must be between {_plain(low)} and {_plain(high)}, not {str(value)[:32]}", param=name
        )


def _plain(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:g}"


def _check_list(name: str, texts: tuple[str, ...], most: int) -> None:
    if len(texts) > most or any(len(text) > MAX_STOP_LENGTH for text in texts):
        raise InvalidRequest(f"{name} may have at most {most} entries of {MAX_STOP_LENGTH} characters each", param=name)
