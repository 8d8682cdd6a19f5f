"""Where options come from, and how they become a load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from omm.config import Settings
from omm.errors import Corrupt, InvalidRequest
from omm.service.loading import load_spec, merge_options, options_from
from omm.types import ModelRecord, Options
from tests import fakes


@pytest.fixture
def record(tmp_path: Path) -> ModelRecord:
    weights = tmp_path / "weights"
    weights.write_bytes(b"x" * 100)
    made = fakes.record(
        parameters={"temperature": 0.2, "num_ctx": 512, "stop": ["a"]}, num_layers=4, kv_elements_per_token=10
    )
    return msgspec.structs.replace(made, weights=str(weights))


def settings(**fields: Any) -> Settings:
    return Settings.load({}, **fields)


def test_request_over_modelfile(record: ModelRecord) -> None:
    merged = merge_options(Options(temperature=0.9, top_k=7), record)
    assert merged == Options(temperature=0.9, top_k=7, num_ctx=512, stop=("a",))


def test_an_empty_stop_list_replaces_the_modelfiles(record: ModelRecord) -> None:
    assert merge_options(Options(stop=()), record).stop == ()


def test_unknown_parameters_are_ignored() -> None:
    assert options_from({"low_vram": True, "top_k": 3}) == Options(top_k=3)


@pytest.mark.parametrize("parameters", [{"top_k": "three"}, {"stop": 5}, {"temperature": []}])
def test_wrong_parameters_are_told(parameters: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="parameters are wrong"):
        options_from(parameters)


def test_a_modelfiles_number_out_of_range_is_told(record: ModelRecord) -> None:
    with pytest.raises(InvalidRequest, match="top_p must be between"):
        merge_options(Options(), msgspec.structs.replace(record, parameters={"top_p": 3.0}))


def test_a_load_says_what_is_wished_and_leaves_the_rest_open(record: ModelRecord) -> None:
    spec = load_spec(record, Options(), settings())
    assert (spec.num_ctx, spec.default_ctx, spec.num_parallel, spec.num_batch, spec.num_gpu) == (0, 0, 0, 0, -1)
    assert (spec.num_thread, spec.use_mmap, spec.flash_attention, spec.kv_cache_type) == (0, None, "auto", "f16")
    assert (spec.shape.weights_bytes, spec.shape.kv_bytes_per_token, spec.shape.num_layers) == (100, 20, 4)
    assert spec.shape.trained_context == record.details.context_length
    assert not spec.shape.is_embedding


def test_options_and_settings_reach_the_load(record: ModelRecord) -> None:
    options = Options(num_ctx=128, num_batch=16, num_gpu=0, main_gpu=1, num_thread=3, use_mmap=False)
    spec = load_spec(
        record,
        options,
        settings(context_length=64, num_parallel=2, threads=8, flash_attention="off", kv_cache_type="q8_0"),
    )
    assert (spec.num_ctx, spec.default_ctx, spec.num_batch, spec.num_gpu, spec.main_gpu) == (128, 64, 16, 0, 1)
    assert (spec.num_thread, spec.num_parallel, spec.use_mmap) == (3, 2, False)
    assert (spec.flash_attention, spec.kv_cache_type) == ("off", "q8_0")


def test_a_setting_holds_where_the_request_says_nothing(record: ModelRecord) -> None:
    assert load_spec(record, Options(), settings(threads=8)).num_thread == 8


def test_sampling_options_do_not_change_the_load(record: ModelRecord) -> None:
    assert load_spec(record, Options(temperature=0.1, seed=5), settings()) == load_spec(record, Options(), settings())


def test_an_embedding_model_is_loaded_as_one(record: ModelRecord) -> None:
    encoder = msgspec.structs.replace(record, capabilities=("embedding",))
    assert load_spec(encoder, Options(), settings()).shape.is_embedding


def test_weights_that_are_gone_are_told(record: ModelRecord) -> None:
    Path(record.weights).unlink()
    with pytest.raises(Corrupt, match="cannot be read"):
        load_spec(record, Options(), settings())
