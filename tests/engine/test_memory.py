"""What fits where."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.engine.memory import (
    AUTO_CONTEXT,
    MAX_PARALLEL,
    MIN_CONTEXT,
    Device,
    kv_bytes,
    layers_that_fit,
    num_threads,
    plan,
)
from omm.engine.messages import LoadSpec, ModelShape

GIB = 1 << 30
SHAPE = ModelShape(num_layers=32, kv_bytes_per_token=128 << 10, weights_bytes=4 * GIB, trained_context=131072)


def spec(shape: ModelShape = SHAPE, **fields: Any) -> LoadSpec:
    return LoadSpec(path="/m.gguf", shape=shape, **fields)


def gpu(free: int) -> Device:
    return Device(name="gpu", free=free, total=2 * free)


@given(
    st.builds(
        ModelShape,
        num_layers=st.integers(1, 200),
        kv_bytes_per_token=st.integers(0, 1 << 20),
        weights_bytes=st.integers(0, 1 << 40),
        trained_context=st.integers(0, 1 << 24),
    ),
    st.lists(st.integers(0, 1 << 38).map(gpu), max_size=4),
    st.integers(0, 1 << 40),
    st.fixed_dictionaries({"num_ctx": st.integers(0, 1 << 24), "num_parallel": st.integers(0, 64)}),
)
def test_every_plan_can_be_carried_out(
    shape: ModelShape, devices: list[Device], host_free: int, wishes: dict[str, int]
) -> None:
    made = plan(spec(shape, **wishes), devices, host_free)
    assert made.num_ctx >= MIN_CONTEXT
    assert made.num_ctx <= max(MIN_CONTEXT, shape.trained_context or AUTO_CONTEXT)
    assert made.num_parallel == wishes["num_parallel"] or 1 <= made.num_parallel <= MAX_PARALLEL
    assert 0 <= made.gpu_layers <= shape.num_layers + 1
    assert made.estimate >= shape.weights_bytes


def test_a_wish_is_granted_up_to_what_the_model_was_trained_for() -> None:
    assert plan(spec(num_ctx=16384), [], 64 * GIB).num_ctx == 16384
    assert plan(spec(num_ctx=1 << 20), [], 64 * GIB).num_ctx == 131072


def test_the_request_wins_over_the_setting() -> None:
    assert plan(spec(num_ctx=512, default_ctx=1024), [], 64 * GIB).num_ctx == 512
    assert plan(spec(default_ctx=1024), [], 64 * GIB).num_ctx == 1024


def test_without_a_wish_the_context_is_moderate() -> None:
    assert plan(spec(), [], 64 * GIB).num_ctx == AUTO_CONTEXT


def test_little_memory_means_a_small_context_and_one_sequence() -> None:
    made = plan(spec(), [], 4 * GIB + (100 << 20))
    assert (made.num_ctx, made.num_parallel) == (2048, 1)


def test_a_small_model_gets_more_sequences() -> None:
    small = ModelShape(num_layers=4, kv_bytes_per_token=4 << 10, weights_bytes=4 << 20, trained_context=2048)
    assert plan(spec(small), [], 8 * GIB).num_parallel == MAX_PARALLEL


def test_the_number_of_sequences_can_be_set() -> None:
    assert plan(spec(num_parallel=7), [], 1 * GIB).num_parallel == 7


def test_without_a_gpu_nothing_is_put_there() -> None:
    assert plan(spec(), [], 64 * GIB).gpu_layers == 0


def test_a_large_gpu_takes_all_layers_and_the_output() -> None:
    assert plan(spec(), [gpu(80 * GIB)], 64 * GIB).gpu_layers == 33


def test_what_fits_is_counted_by_layers() -> None:
    some = layers_that_fit(SHAPE, 0, [gpu(2 * GIB + (512 << 20))], 0)
    assert some == 16
    assert layers_that_fit(SHAPE, 0, [gpu(2 * GIB + (512 << 20))], 1 * GIB) == 8


def test_two_devices_hold_more_than_one() -> None:
    assert layers_that_fit(SHAPE, 0, [gpu(2 * GIB), gpu(2 * GIB)], 0) > layers_that_fit(SHAPE, 0, [gpu(2 * GIB)], 0)


def test_a_wished_number_of_layers_is_taken() -> None:
    assert plan(spec(num_gpu=5), [gpu(80 * GIB)], 64 * GIB).gpu_layers == 5
    assert plan(spec(num_gpu=0), [gpu(80 * GIB)], 64 * GIB).gpu_layers == 0


@pytest.mark.parametrize(("kind", "least", "most"), [("f16", 1.0, 1.0), ("q8_0", 0.5, 0.6), ("q4_0", 0.25, 0.3)])
def test_a_quantised_cache_is_smaller(kind: str, least: float, most: float) -> None:
    assert least <= kv_bytes(SHAPE, kind) / kv_bytes(SHAPE, "f16") <= most


@pytest.mark.parametrize(("size", "cores", "threads"), [(0, 8, 1), (3 << 20, 8, 1), (40 << 20, 8, 3), (4 << 30, 8, 8)])
def test_a_small_model_gets_fewer_threads(size: int, cores: int, threads: int) -> None:
    shape = ModelShape(num_layers=1, kv_bytes_per_token=1, weights_bytes=size, trained_context=8)
    assert num_threads(shape, cores) == threads
