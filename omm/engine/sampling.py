"""Options → SamplingParams → sampler stages. Pure. Every number is checked here before it reaches C."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from omm.engine.messages import Limits, SamplingParams
from omm.errors import InvalidRequest
from omm.types import Options

# A stage is the name of a `llama_sampler_init_…` function and its arguments; VOCAB stands for the vocabulary size.
Stage = tuple[Any, ...]
VOCAB = "vocab"

INT32_MAX = 2**31 - 1
UINT32_MAX = 2**32 - 1
SEED_MAX = 2**63 - 1  # clients draw them from wider ranges; llama.cpp takes the low 32 bits
MAX_STOPS = 64
MAX_STOP_LENGTH = 1024
MAX_BIASES = 4096
MAX_BREAKERS = 64

# Below this, dividing log-odds by the temperature overflows a 32-bit float, and what is meant is "none".
MIN_TEMPERATURE = 1e-3

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


def merge(*layers: Options) -> Options:
    """Merge options, the first layer that names a value winning.

    Raises:
        InvalidRequest: a number is not finite or out of range; `param` names it.
    """
    values: dict[str, Any] = {}
    for options in reversed(layers):
        given = msgspec.structs.asdict(options)
        values.update({name: value for name, value in given.items() if value is not None})
    check(values)
    return Options(**values)


def check(values: dict[str, Any]) -> None:
    """Check every number against its range and every list against its size."""
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


def resolve(options: Options) -> tuple[SamplingParams, Limits]:
    """Fill in omm's defaults. `options` must come from `merge`."""
    given = {name: value for name, value in msgspec.structs.asdict(options).items() if value is not None}
    if given.get("seed") == -1:
        del given["seed"]
    if "seed" in given:
        given["seed"] = int(given["seed"]) & UINT32_MAX
    if "stop" in given:
        given["stop"] = tuple(text for text in given["stop"] if text)
    return _pick(SamplingParams, given), _pick(Limits, given)


def _pick(kind: Any, values: dict[str, Any]) -> Any:
    return kind(**{name: values[name] for name in kind.__struct_fields__ if name in values})


def is_greedy(params: SamplingParams) -> bool:
    """Whether the most likely token is simply taken, so that no sampler is needed."""
    return (
        params.temperature < MIN_TEMPERATURE
        and not params.mirostat
        and not params.logit_bias
        and not params.dry_multiplier
        and not _has_penalties(params)
    )


def _has_penalties(params: SamplingParams) -> bool:
    return params.repeat_last_n != 0 and (
        params.repeat_penalty != 1.0 or params.presence_penalty != 0.0 or params.frequency_penalty != 0.0
    )


def stages(params: SamplingParams, num_ctx: int) -> list[Stage]:
    """The sampler chain of one sequence, in llama.cpp's order; empty when greedy.

    Source: llama.cpp, common/sampling.cpp.
    """
    if is_greedy(params):
        return []
    seed = secrets.randbits(32) if params.seed is None else params.seed
    chain = list(_bias_stages(params, num_ctx))
    if params.temperature < MIN_TEMPERATURE:
        chain.append(("greedy",))
    elif params.mirostat == 1:
        chain += [
            ("temp", params.temperature),
            ("mirostat", VOCAB, seed, params.mirostat_tau, params.mirostat_eta, 100),
        ]
    elif params.mirostat == 2:
        chain += [("temp", params.temperature), ("mirostat_v2", seed, params.mirostat_tau, params.mirostat_eta)]
    else:
        chain += [*_truncation_stages(params, seed), ("dist", seed)]
    return chain


def _bias_stages(params: SamplingParams, num_ctx: int) -> Iterator[Stage]:
    """Stages that change log-odds before any token is dropped."""
    if params.logit_bias:
        yield ("logit_bias", tuple(params.logit_bias.items()))
    if _has_penalties(params):
        window = num_ctx if params.repeat_last_n == -1 else min(params.repeat_last_n, num_ctx)
        yield ("penalties", VOCAB, window, params.repeat_penalty, params.frequency_penalty, params.presence_penalty)
    if params.dry_multiplier > 0:
        window = num_ctx if params.dry_penalty_last_n == -1 else min(params.dry_penalty_last_n, num_ctx)
        breakers = params.dry_sequence_breakers
        yield ("dry", params.dry_multiplier, params.dry_base, params.dry_allowed_length, window, breakers)


def _truncation_stages(params: SamplingParams, seed: int) -> Iterator[Stage]:
    if params.top_n_sigma > 0:
        yield ("top_n_sigma", params.top_n_sigma)
    if params.top_k > 0:
        yield ("top_k", params.top_k)
    if params.typical_p < 1:
        yield ("typical", params.typical_p, 1)
    if params.top_p < 1:
        yield ("top_p", params.top_p, 1)
    if params.min_p > 0:
        yield ("min_p", params.min_p, 1)
    if params.xtc_probability > 0:
        yield ("xtc", params.xtc_probability, params.xtc_threshold, 1, seed)
    if params.dynatemp_range > 0:
        yield ("temp_ext", params.temperature, params.dynatemp_range, params.dynatemp_exponent)
    else:
        yield ("temp", params.temperature)


def without_newline_penalty(params: SamplingParams, logit: float, count: int) -> float:
    """The log-odds to give the newline token so that the penalties stage turns them back into `logit`.

    `count` is how often it stands in the penalty window. llama.cpp divides positive log-odds by the repeat penalty,
    multiplies negative ones, then subtracts the other two penalties.
    """
    if not count or not _has_penalties(params) or params.repeat_penalty <= 0:
        return logit
    before = logit + count * params.frequency_penalty + params.presence_penalty
    return before * params.repeat_penalty if before > 0 else before / params.repeat_penalty
