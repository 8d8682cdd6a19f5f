"""Options → SamplingParams → sampler stages. Pure. Every number is checked before it reaches C."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import msgspec

from omm import parameters
from omm.engine.messages import Limits, SamplingParams
from omm.types import Options

# A stage is the name of a `llama_sampler_init_…` function and its arguments; VOCAB stands for the vocabulary size.
Stage = tuple[Any, ...]
VOCAB = "vocab"

UINT32_MAX = 2**32 - 1

# Below this, dividing log-odds by the temperature overflows a 32-bit float, and what is meant is "none".
MIN_TEMPERATURE = 1e-3


def merge(*layers: Options) -> Options:
    """Merge options, the first layer that names a value winning.

    Raises:
        InvalidRequest: a number is not finite or out of range; `param` names it.
    """
    values: dict[str, Any] = {}
    for options in reversed(layers):
        given = msgspec.structs.asdict(options)
        values.update({name: value for name, value in given.items() if value is not None})
    parameters.check_ranges(values)
    return Options(**values)


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
