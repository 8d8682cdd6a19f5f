"""What models do, in numbers."""

from __future__ import annotations

import msgspec
import pytest
from prometheus_client import CollectorRegistry

from omm.errors import InvalidRequest, NotFound
from omm.service.metrics import MeteredInference, Metrics, ModelCollector, label
from omm.types import (
    ChatRequest,
    CompleteRequest,
    EmbedRequest,
    Failed,
    LoadCounts,
    LoadedModel,
    PromptProgress,
    RerankRequest,
    TextDelta,
)
from tests.fakes import DETAILS, FakeInference, FakeStream

CHAT = ChatRequest(model="Tiny", messages=())


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def inference() -> FakeInference:
    return FakeInference()


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"omm_{name}", {"model": "tiny:latest", **labels})


def read_all(stream: FakeStream) -> None:
    while stream.next(0) is not None:
        continue
    stream.close()


def test_an_answer_is_counted(metrics: Metrics, inference: FakeInference) -> None:
    metered = MeteredInference(inference, metrics, str)
    read_all(metered.chat(CHAT))  # type: ignore[arg-type]
    assert metered.complete(CompleteRequest(model="tiny:latest", prompt="")).drain()
    assert value(metrics, "prompt_tokens_total") == 14
    assert value(metrics, "prompt_tokens_cached_total") == 6
    assert value(metrics, "tokens_predicted_total") == 4
    assert value(metrics, "prompt_seconds_total") == pytest.approx(600e-9)
    assert value(metrics, "tokens_predicted_seconds_total") == pytest.approx(1000e-9)
    assert value(metrics, "time_to_first_token_seconds_count") == 2
    assert value(metrics, "time_per_output_token_seconds_count") == 2
    assert value(metrics, "time_per_output_token_seconds_sum") == pytest.approx(500e-9)
    assert value(metrics, "generations_total", outcome="ok") == 2


def test_an_alias_counts_for_its_model(metrics: Metrics, inference: FakeInference) -> None:
    metered = MeteredInference(inference, metrics, lambda name: "tiny")
    read_all(metered.chat(ChatRequest(model="any name@all", messages=())))  # type: ignore[arg-type]
    metered.embed(EmbedRequest(model="any name@all", inputs=("a",)))
    assert value(metrics, "prompt_tokens_total") == 11


def test_a_name_that_is_none_starts_nothing(metrics: Metrics, inference: FakeInference) -> None:
    with pytest.raises(InvalidRequest):
        MeteredInference(inference, metrics, str).chat(ChatRequest(model="no name", messages=()))
    assert inference.streams == []


def test_waiting_is_no_first_token(metrics: Metrics, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(PromptProgress(done=1, total=2))
    stream = MeteredInference(inference, metrics, str).chat(CHAT)
    stream.next(0)
    assert value(metrics, "time_to_first_token_seconds_count") is None
    stream.close()
    stream.close()
    assert value(metrics, "generations_total", outcome="cancelled") == 1
    assert inference.streams[0].closed.is_set()


def test_failures_are_told_apart(metrics: Metrics, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(TextDelta(text="He"), Failed(code="engine_failed", message="broke"))
    read_all(MeteredInference(inference, metrics, str).chat(CHAT))  # type: ignore[arg-type]
    assert value(metrics, "generations_total", outcome="failed") == 1
    assert value(metrics, "generations_total", outcome="cancelled") is None


def test_what_is_refused_makes_no_label(metrics: Metrics, inference: FakeInference) -> None:
    inference.raises = NotFound("no such model")
    with pytest.raises(NotFound):
        MeteredInference(inference, metrics, str).chat(ChatRequest(model="made-up", messages=()))
    samples = [sample for family in metrics.registry.collect() for sample in family.samples]
    assert not any("made-up" in sample.labels.get("model", "") for sample in samples)


def test_other_tokens_that_models_read(metrics: Metrics, inference: FakeInference) -> None:
    metered = MeteredInference(inference, metrics, str)
    metered.embed(EmbedRequest(model="tiny", inputs=("a",)))
    metered.rerank(RerankRequest(model="tiny", query="a", documents=("b",)))
    assert value(metrics, "prompt_tokens_total") == 15


def test_everything_else_is_passed_on(metrics: Metrics, inference: FakeInference) -> None:
    metered = MeteredInference(inference, metrics, str)
    metered.unload("tiny")
    assert inference.calls == [("unload", "tiny")]
    assert metered.loaded() == []


def test_models_in_memory(inference: FakeInference) -> None:
    inference.rows = [
        LoadedModel(
            name="Tiny:latest",
            digest="a" * 64,
            details=DETAILS,
            size=300,
            size_vram=100,
            context_length=2048,
            expires_ns=None,
            num_parallel=4,
            num_active=3,
            num_waiting=2,
        )
    ]
    inference.counts = LoadCounts(loads=5, failures=1, evictions=2, expirations=3, crashes=4)
    registry = CollectorRegistry()
    registry.register(ModelCollector(inference))
    gauges = {
        "requests_processing": 3,
        "requests_deferred": 2,
        "model_parallel": 4,
        "model_context_tokens": 2048,
        "model_memory_bytes": 300,
        "model_device_memory_bytes": 100,
    }
    for name, expected in gauges.items():
        assert registry.get_sample_value(f"omm_{name}", {"model": "tiny:latest"}) == expected
    assert registry.get_sample_value("omm_models_loaded") == 1
    counts = {"loads": 5, "load_failures": 1, "evictions": 2, "expirations": 3, "crashes": 4}
    for name, expected in counts.items():
        assert registry.get_sample_value(f"omm_model_{name}_total") == expected
    assert (registry.get_sample_value("omm_host_memory_available_bytes") or 0) > 0


def test_a_model_that_is_in_memory_twice_is_one_sample(inference: FakeInference) -> None:
    old = LoadedModel(
        name="tiny:latest", digest="a", details=DETAILS, size=300, size_vram=0, context_length=2048, expires_ns=None
    )
    inference.rows = [old, msgspec.structs.replace(old, digest="b", size=200, context_length=4096)]
    found = {family.name: family.samples for family in ModelCollector(inference).collect()}
    assert [sample.value for sample in found["omm_model_memory_bytes"]] == [500]
    assert [sample.value for sample in found["omm_model_context_tokens"]] == [4096]
    assert [sample.value for sample in found["omm_models_loaded"]] == [2]


def test_names_of_one_model_have_one_label() -> None:
    assert label("Tiny") == label("tiny:latest") == label("registry.ollama.ai/library/TINY:latest") == "tiny:latest"
    assert label("hf.co/User/Repo") == "hf.co/user/repo:latest"
