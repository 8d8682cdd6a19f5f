"""Defaults, ranges and the order of sampler stages."""

from __future__ import annotations

import math
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.engine import sampling
from omm.engine.messages import Limits, SamplingParams
from omm.engine.sampling import VOCAB, merge, resolve, stages
from omm.errors import InvalidRequest
from omm.parameters import RANGES
from omm.types import Options

NUMERIC = [name for name, kind in get_type_hints(Options).items() if {int, float} & set(get_args(kind))]
WILD = st.one_of(
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, -1, 10**400, -(10**400), 2**31, 2**31 - 1, 2**32, -(2**63), 5e-324, 1e308, -0.0]),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
)


def params(**fields: Any) -> SamplingParams:
    return SamplingParams(seed=7, **fields)


def names(chain: list[sampling.Stage]) -> list[str]:
    return [stage[0] for stage in chain]


# Defaults and precedence.


def test_defaults() -> None:
    chosen, limits = resolve(Options())
    assert (chosen.temperature, chosen.top_p, chosen.top_k, chosen.repeat_penalty) == (0.7, 0.9, 40, 1.1)
    assert chosen.seed is None
    assert (limits.num_predict, limits.stop, limits.shift) == (4096, (), False)


def test_request_wins_over_modelfile() -> None:
    merged = merge(Options(temperature=0.1), Options(temperature=0.9, top_k=5))
    assert (merged.temperature, merged.top_k, merged.top_p) == (0.1, 5, None)


def test_a_zero_in_the_request_wins_too() -> None:
    assert merge(Options(temperature=0.0, stop=()), Options(temperature=0.9, stop=("x",))) == Options(
        temperature=0.0, stop=()
    )


def test_seed_minus_one_is_random() -> None:
    assert resolve(Options(seed=-1))[0].seed is None


def test_wide_seeds_keep_their_low_bits() -> None:
    assert resolve(merge(Options(seed=2**40 + 5)))[0].seed == 5


def test_every_request_without_a_seed_gets_its_own() -> None:
    seeds = {stages(SamplingParams(), 512)[-1] for _ in range(8)}
    assert len(seeds) > 1


def test_empty_stop_strings_are_dropped() -> None:
    assert resolve(Options(stop=("", "x")))[1].stop == ("x",)


# Ranges.


def test_every_number_has_a_range() -> None:
    assert set(NUMERIC) == set(RANGES)


def test_bounds_are_told_in_full() -> None:
    with pytest.raises(InvalidRequest, match="num_ctx must be between 1 and 16777216, not 0"):
        merge(Options(num_ctx=0))


def test_every_default_is_in_range() -> None:
    for kind in (SamplingParams, Limits):
        for name, value in zip(kind.__struct_fields__, kind.__struct_defaults__, strict=False):
            if name in RANGES and value is not None:
                low, high = RANGES[name]
                assert low <= value <= high


def refusal(options: Options) -> InvalidRequest | None:
    try:
        merge(options)
    except InvalidRequest as error:
        return error
    return None


@given(st.sampled_from(NUMERIC), WILD)
def test_no_number_out_of_range_gets_through(name: str, value: float) -> None:
    low, high = RANGES[name]
    error = refusal(Options(**{name: value}))
    if error is None:
        assert low <= value <= high
        assert math.isfinite(getattr(merge(Options(**{name: value})), name))
    else:
        assert not low <= value <= high
        assert error.param == name
        assert name in error.message
        assert len(error.message) < 200


@given(st.dictionaries(st.integers(-(2**70), 2**70), WILD, max_size=3))
def test_no_bias_out_of_range_gets_through(biases: dict[int, float]) -> None:
    error = refusal(Options(logit_bias=biases))
    if error is None:
        assert all(0 <= token < 2**31 and -1000 <= bias <= 1000 for token, bias in biases.items())
    else:
        assert error.param == "logit_bias"


@given(st.dictionaries(st.sampled_from([n for n in NUMERIC if n in SamplingParams.__struct_fields__]), WILD))
def test_stages_hold_only_numbers_that_c_can_take(values: dict[str, float]) -> None:
    try:
        chosen, _ = resolve(merge(Options(**values)))
    except InvalidRequest:
        return
    for _, *arguments in stages(chosen, 4096):
        numbers = [value for value in arguments if isinstance(value, int | float)]
        assert all(math.isfinite(value) and abs(value) < 2**32 for value in numbers)


@pytest.mark.parametrize(
    "options",
    [
        Options(stop=("x",) * 65),
        Options(stop=("x" * 1025,)),
        Options(dry_sequence_breakers=("x",) * 65),
        Options(logit_bias=dict.fromkeys(range(4097), 1.0)),
    ],
)
def test_lists_are_bounded(options: Options) -> None:
    with pytest.raises(InvalidRequest, match="at most"):
        merge(options)


# Stages.


def test_the_default_chain() -> None:
    assert stages(params(), 2048) == [
        ("penalties", VOCAB, 64, 1.1, 0.0, 0.0),
        ("top_k", 40),
        ("top_p", 0.9, 1),
        ("temp", 0.7),
        ("dist", 7),
    ]


def test_everything_on_keeps_the_order_of_llama_cpp() -> None:
    chosen = params(
        logit_bias={5: 1.0},
        dry_multiplier=0.8,
        top_n_sigma=1.0,
        typical_p=0.9,
        min_p=0.1,
        xtc_probability=0.5,
        dynatemp_range=0.2,
    )
    assert names(stages(chosen, 2048)) == [
        "logit_bias",
        "penalties",
        "dry",
        "top_n_sigma",
        "top_k",
        "typical",
        "top_p",
        "min_p",
        "xtc",
        "temp_ext",
        "dist",
    ]


@pytest.mark.parametrize("temperature", [0.0, 1e-9, 5e-324])
def test_no_temperature_and_no_penalty_needs_no_sampler(temperature: float) -> None:
    assert stages(params(temperature=temperature, repeat_penalty=1.0), 2048) == []


@pytest.mark.parametrize("temperature", [0.0, 1e-9])
def test_penalties_hold_without_temperature(temperature: float) -> None:
    assert names(stages(params(temperature=temperature), 2048)) == ["penalties", "greedy"]


def test_turned_off_stages_are_left_out() -> None:
    off = params(top_k=0, top_p=1.0, repeat_last_n=0)
    assert names(stages(off, 2048)) == ["temp", "dist"]


@pytest.mark.parametrize(("wanted", "window"), [(-1, 512), (10_000, 512), (8, 8)])
def test_the_penalty_window_ends_with_the_context(wanted: int, window: int) -> None:
    assert stages(params(repeat_last_n=wanted), 512)[0][2] == window


@pytest.mark.parametrize(("version", "last"), [(1, "mirostat"), (2, "mirostat_v2")])
def test_mirostat_replaces_truncation(version: int, last: str) -> None:
    assert names(stages(params(mirostat=version), 512)) == ["penalties", "temp", last]


@given(st.floats(-50, 50), st.integers(0, 20), st.floats(0.1, 10), st.floats(-5, 5), st.floats(-5, 5))
def test_newline_is_spared_the_penalties(
    logit: float, count: int, repeat: float, frequency: float, presence: float
) -> None:
    chosen = params(repeat_penalty=repeat, frequency_penalty=frequency, presence_penalty=presence)
    raised = sampling.without_newline_penalty(chosen, logit, count)
    if count:  # what llama.cpp's stage does to a token it has seen
        raised = raised * repeat if raised <= 0 else raised / repeat
        raised -= count * frequency + presence
    assert raised == pytest.approx(logit, abs=1e-6)
