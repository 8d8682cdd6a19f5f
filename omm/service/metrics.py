"""What models do, in numbers, for Prometheus: counted at the edge of the inference service. Knows no HTTP.

Names follow those of llama.cpp's server, with the prefix `omm_` and a label for the model.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from omm.engine import machine
from omm.names import ModelName
from omm.service import work
from omm.service.sessions import Stream
from omm.types import (
    ChatRequest,
    CompleteRequest,
    Embeddings,
    EmbedRequest,
    Event,
    Failed,
    Finished,
    LoadedModel,
    PromptProgress,
    Ranking,
    RerankRequest,
    Usage,
)

Inference = Any  # the service that is measured, or one that looks like it
REQUEST_BUCKETS = (0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800)
FIRST_TOKEN_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
TOKEN_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """The instruments of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = self._counter("http_requests", "HTTP requests answered", "method", "route", "status")
        self.request_seconds = self._histogram(
            "http_request_seconds", "From a request to the end of its answer", REQUEST_BUCKETS, "route"
        )
        self.generations = self._counter("generations", "Answers: ok, failed, or cancelled", "model", "outcome")
        self.prompt_tokens = self._counter("prompt_tokens", "Tokens of prompts, cached ones included", "model")
        self.cached_tokens = self._counter("prompt_tokens_cached", "Tokens of prompts not computed again", "model")
        self.prompt_seconds = self._counter("prompt_seconds", "Time spent on prompts", "model")
        self.output_tokens = self._counter("tokens_predicted", "Tokens generated", "model")
        self.output_seconds = self._counter("tokens_predicted_seconds", "Time spent on generating", "model")
        self.first_token_seconds = self._histogram(
            "time_to_first_token_seconds", "From a request to its first token", FIRST_TOKEN_BUCKETS, "model"
        )
        self.token_seconds = self._histogram(
            "time_per_output_token_seconds", "Mean time between an answer's tokens", TOKEN_BUCKETS, "model"
        )

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"omm_{name}", about, labels, registry=self.registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"omm_{name}", about, labels, registry=self.registry, buckets=buckets)

    def count_usage(self, model: str, usage: Usage) -> None:
        """Add what one answer cost."""
        self.prompt_tokens.labels(model).inc(usage.prompt_tokens)
        self.cached_tokens.labels(model).inc(usage.cached_tokens)
        self.prompt_seconds.labels(model).inc(usage.prompt_ns / 1e9)
        self.output_tokens.labels(model).inc(usage.output_tokens)
        self.output_seconds.labels(model).inc(usage.output_ns / 1e9)
        if usage.output_tokens:
            self.token_seconds.labels(model).observe(usage.output_ns / 1e9 / usage.output_tokens)


def label(model: str) -> str:
    """One spelling for all names of a model. Only of models that were found, as each new label stays for ever."""
    return ModelName.parse(model).display.lower()


# --- models at work ---------------------------------------------------------------------------------------------


class MeteredInference:
    """Counts what runs models, an alias for the model that `target` says; passes everything else on."""

    def __init__(self, inference: Inference, metrics: Metrics, target: Callable[[str], str]) -> None:
        self._inference, self._metrics, self._target = inference, metrics, target

    def _label(self, model: str) -> str:
        return label(self._target(model))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inference, name)

    def chat(self, request: ChatRequest) -> MeteredStream:
        """Answer a conversation."""
        name = self._label(request.model)
        return MeteredStream(self._inference.chat(request), name, self._metrics)

    def complete(self, request: CompleteRequest) -> MeteredStream:
        """Continue a prompt."""
        name = self._label(request.model)
        return MeteredStream(self._inference.complete(request), name, self._metrics)

    def embed(self, request: EmbedRequest, is_gone: Callable[[], bool] = lambda: False) -> Embeddings:
        """Vectors for texts."""
        result: Embeddings = self._inference.embed(request, is_gone)
        self._count_input(request.model, result.prompt_tokens)
        return result

    def rerank(self, request: RerankRequest, is_gone: Callable[[], bool] = lambda: False) -> Ranking:
        """Scores for documents."""
        result: Ranking = self._inference.rerank(request, is_gone)
        self._count_input(request.model, result.prompt_tokens)
        return result

    def _count_input(self, model: str, num_tokens: int) -> None:
        name = self._label(model)
        work.current(name).prompt_tokens += num_tokens
        self._metrics.prompt_tokens.labels(name).inc(num_tokens)


class MeteredStream:
    """A stream whose first token and end are measured."""

    def __init__(self, stream: Stream, model: str, metrics: Metrics) -> None:
        self._stream, self._model, self._metrics = stream, model, metrics
        self._work = work.current(model)
        self._started = time.monotonic()
        self._has_begun = self._is_over = False

    def next(self, timeout_s: float) -> Event | None:
        """The next event."""
        event = self._stream.next(timeout_s)
        if event is not None:
            self._note(event)
        return event

    def drain(self, gather_s: float = 0.0) -> list[Event]:
        """The events that are there."""
        events = self._stream.drain(gather_s)
        for event in events:
            self._note(event)
        return events

    def close(self) -> None:
        """Cancel what still runs."""
        self._end("cancelled")
        self._stream.close()

    def _note(self, event: Event) -> None:
        match event:
            case Finished():
                self._metrics.count_usage(self._model, event.usage)
                self._work.add(event.usage)
                self._end("ok")
            case Failed():
                self._end("failed")
            case PromptProgress():
                pass
            case _ if not self._has_begun:
                self._has_begun = True
                elapsed_s = time.monotonic() - self._started
                self._metrics.first_token_seconds.labels(self._model).observe(elapsed_s)
                if self._work.first_token_s is None:
                    self._work.first_token_s = elapsed_s

    def _end(self, outcome: str) -> None:
        if not self._is_over:
            self._is_over = True
            self._work.outcome = outcome
            self._metrics.generations.labels(self._model, outcome).inc()


# --- what is now ------------------------------------------------------------------------------------------------


class ModelCollector(Collector):
    """Asks the service at each scrape for the models in memory; never touches a keep-alive timer."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def describe(self) -> Iterable[Metric]:
        """Nothing that a registry would have to ask the service for."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Gauges by model, and what happened to models."""
        rows = self._inference.loaded()
        yield _gauge("requests_processing", "Requests that are computed", rows, lambda row: row.num_active)
        yield _gauge("requests_deferred", "Requests that wait", rows, lambda row: row.num_waiting)
        yield _gauge("model_parallel", "Requests computed together at most", rows, lambda row: row.num_parallel)
        yield _gauge("model_context_tokens", "Context of each request", rows, lambda row: row.context_length, max)
        yield _gauge("model_memory_bytes", "Memory of a model in all", rows, lambda row: row.size)
        yield _gauge("model_device_memory_bytes", "Its part on accelerators", rows, lambda row: row.size_vram)
        yield GaugeMetricFamily("omm_models_loaded", "Models in memory", len(rows))
        free = machine.free_memory()
        yield GaugeMetricFamily("omm_host_memory_available_bytes", "Memory that models can have", free)
        counts = self._inference.load_counts()
        yield CounterMetricFamily("omm_model_loads", "Models loaded", counts.loads)
        yield CounterMetricFamily("omm_model_load_failures", "Models that could not be loaded", counts.failures)
        yield CounterMetricFamily("omm_model_evictions", "Models unloaded to make room", counts.evictions)
        yield CounterMetricFamily("omm_model_expirations", "Models unloaded as nobody used them", counts.expirations)
        yield CounterMetricFamily("omm_model_crashes", "Models whose process ended by itself", counts.crashes)


def _gauge(
    name: str,
    about: str,
    rows: list[LoadedModel],
    value: Callable[[LoadedModel], float],
    combine: Callable[[list[float]], float] = sum,
) -> GaugeMetricFamily:
    """One sample a name: a model may be there twice, for who asked before it was changed or with other options."""
    family = GaugeMetricFamily(f"omm_{name}", about, labels=["model"])
    values: dict[str, list[float]] = {}
    for row in rows:
        values.setdefault(label(row.name), []).append(value(row))
    for model, each in values.items():
        family.add_metric([model], combine(each))
    return family
