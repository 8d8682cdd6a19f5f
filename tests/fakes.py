"""Scripted services: what the HTTP edge calls, without a model. They keep what they were asked."""

from __future__ import annotations

import dataclasses
import itertools
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from omm.errors import InvalidRequest, NotFound, OmmError
from omm.types import (
    ChatRequest,
    CompleteRequest,
    CreateRequest,
    DetokenizeRequest,
    Embeddings,
    EmbedRequest,
    Event,
    Finished,
    LoadCounts,
    LoadedModel,
    ModelDetails,
    ModelRecord,
    ModelSummary,
    Options,
    Progress,
    Prompting,
    Ranking,
    RerankRequest,
    TensorInfo,
    TextDelta,
    TokenizeRequest,
    Usage,
)

USAGE = Usage(
    prompt_tokens=7, cached_tokens=3, output_tokens=2, total_ns=900, load_ns=100, prompt_ns=300, output_ns=500
)
DETAILS = ModelDetails(
    family="llama",
    families=("llama",),
    parameter_size="4.2M",
    quantization_level="Q8_0",
    context_length=2048,
    embedding_length=256,
)


def answer(*texts: str, reason: str = "stop", **finished: Any) -> tuple[Event, ...]:
    """The events of a plain answer."""
    return (*(TextDelta(text=text) for text in texts), Finished(reason=reason, usage=USAGE, **finished))  # type: ignore[arg-type]


class FakeStream:
    """A stream that yields what it is given, and more when pushed; `closed` is set by close()."""

    def __init__(self, *events: Event) -> None:
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.closed = threading.Event()
        self.num_closes = 0
        self.push(*events)

    def push(self, *events: Event) -> None:
        for event in events:
            self._queue.put(event)

    def next(self, timeout_s: float) -> Event | None:
        try:
            return self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def drain(self, gather_s: float = 0.0) -> list[Event]:
        events: list[Event] = []
        while not self._queue.empty():
            events.append(self._queue.get_nowait())
        return events

    def close(self) -> None:
        self.num_closes += 1
        self.closed.set()


@dataclasses.dataclass
class FakeInference:
    """Answers every request with `stream()`; `raises` is raised instead."""

    stream: Callable[[], FakeStream] = lambda: FakeStream(*answer("Hello", " there"))
    raises: OmmError | None = None
    embeddings: Embeddings = Embeddings(vectors=((0.5, -0.25),), prompt_tokens=4, total_ns=90, load_ns=10)
    scores: tuple[float, ...] = (0.25, 0.75, 0.5)
    rows: list[LoadedModel] = dataclasses.field(default_factory=list)
    counts: LoadCounts = LoadCounts()
    is_closing: bool = False
    calls: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    streams: list[FakeStream] = dataclasses.field(default_factory=list)
    started: threading.Event = dataclasses.field(default_factory=threading.Event)
    is_gone: Callable[[], bool] = lambda: False

    def _note(self, *call: Any) -> None:
        self.calls.append(call)
        if self.raises:
            raise self.raises

    @property
    def request(self) -> Any:
        """The request of the last call."""
        return self.calls[-1][1]

    def _start(self, kind: str, request: object) -> FakeStream:
        self._note(kind, request)
        self.streams.append(self.stream())
        self.started.set()
        return self.streams[-1]

    def chat(self, request: ChatRequest) -> FakeStream:
        return self._start("chat", request)

    def complete(self, request: CompleteRequest) -> FakeStream:
        return self._start("complete", request)

    def embed(self, request: EmbedRequest, is_gone: Callable[[], bool] = lambda: False) -> Embeddings:
        self._note("embed", request)
        self.is_gone = is_gone
        return self.embeddings

    def rerank(self, request: RerankRequest, is_gone: Callable[[], bool] = lambda: False) -> Ranking:
        self._note("rerank", request)
        self.is_gone = is_gone
        scores = itertools.islice(itertools.cycle(self.scores), len(request.documents))
        return Ranking(scores=tuple(scores), prompt_tokens=11)

    def render(self, request: ChatRequest | CompleteRequest) -> str:
        self._note("render", request)
        return "<|im_start|>user"

    def tokenize(self, request: TokenizeRequest) -> tuple[int, ...]:
        self._note("tokenize", request)
        return tuple(request.text.encode())

    def detokenize(self, request: DetokenizeRequest) -> str:
        self._note("detokenize", request)
        if not all(0 <= token < 256 for token in request.tokens):
            raise InvalidRequest("a token id is not in the vocabulary", param="tokens")
        return bytes(request.tokens).decode(errors="replace")

    def count_tokens(self, request: ChatRequest) -> int:
        self._note("count_tokens", request)
        return sum(len(message.content) for message in request.messages)

    def load(self, model: str, options: Options, keep_alive_s: float | None) -> None:
        self._note("load", model, options, keep_alive_s)

    def unload(self, model: str) -> None:
        self._note("unload", model)

    def loaded(self) -> list[LoadedModel]:
        return self.rows

    def load_counts(self) -> LoadCounts:
        return self.counts


def summary(name: str, *, modified_ns: int = 1_700_000_000_000_000_000, size: int = 4321) -> ModelSummary:
    """A model on disk."""
    return ModelSummary(
        name=name,
        digest="a" * 64,
        size=size,
        modified_ns=modified_ns,
        details=DETAILS,
        capabilities=("completion", "tools"),
    )


def record(name: str = "tiny:latest", **fields: Any) -> ModelRecord:
    """A model on disk, with all that is stored about it."""
    known = summary(name)
    return ModelRecord(
        **{field: getattr(known, field) for field in known.__struct_fields__},
        weights="/models/blobs/sha256-" + "b" * 64,
        **fields,
    )


class FakeArchive(list[bytes]):
    """A tar of one block."""

    size = 512

    def __init__(self) -> None:
        super().__init__([bytes(512)])

    def close(self) -> None:
        pass


@dataclasses.dataclass
class FakeLibrary:
    """Models in a dictionary, and scripted progress; an error in `steps` is raised in its place."""

    records: dict[str, ModelRecord] = dataclasses.field(default_factory=dict)
    steps: list[Progress | OmmError] = dataclasses.field(default_factory=lambda: [Progress(status="success")])
    blobs: dict[str, bytes] = dataclasses.field(default_factory=dict)
    projector: dict[str, Any] | None = None
    actual_digest: str | None = None
    calls: list[tuple[Any, ...]] = dataclasses.field(default_factory=list)
    cancelled: threading.Event = dataclasses.field(default_factory=threading.Event)
    next_step: Callable[[], None] = lambda: None

    def list(self) -> list[ModelSummary]:
        return [*self.records.values()]

    def find(self, name: str, *, arrays: bool = False) -> ModelRecord:
        found = self.records.get(name) or self.records.get(f"{name}:latest")
        if found is None:
            raise NotFound(f"model '{name}' not found")
        return found

    def target(self, name: str) -> str:
        return name

    def projector_metadata(self, name: str, *, arrays: bool = False) -> dict[str, Any] | None:
        return self.projector

    def prompting(self, record: ModelRecord) -> Prompting:
        return Prompting(origin="gguf", language="jinja", dialect="hermes")

    def tensors(self, name: str) -> Iterable[TensorInfo]:
        return [TensorInfo(name="output.weight", type="Q8_0", shape=(256, 1024))]

    def modelfile(self, found: ModelRecord) -> str:
        lines = [f"FROM {found.weights}", *(f"PARAMETER {k} {v}" for k, v in found.own_parameters.items())]
        return "\n".join([*lines, *([f"SYSTEM {found.system}"] if found.system else [])]) + "\n"

    def _progress(self) -> Iterator[Progress]:
        try:
            for step in self.steps:
                self.next_step()
                if isinstance(step, OmmError):
                    raise step
                yield step
        except GeneratorExit:
            self.cancelled.set()
            raise

    def pull(self, name: str, insecure: bool = False) -> Iterator[Progress]:
        self.calls.append(("pull", name, insecure))
        return self._progress()

    def push(self, name: str, insecure: bool = False) -> Iterator[Progress]:
        self.calls.append(("push", name, insecure))
        return self._progress()

    def create(self, request: CreateRequest) -> Iterator[Progress]:
        self.calls.append(("create", request))
        return self._progress()

    def copy(self, source: str, destination: str) -> None:
        self.records[destination] = self.find(source)

    def delete(self, name: str) -> None:
        self.find(name)
        del self.records[name if name in self.records else f"{name}:latest"]

    def prune(self, *, is_dry: bool = False) -> Iterator[Progress]:
        self.calls.append(("prune", is_dry))
        return self._progress()

    def verify(self, name: str = "", *, repair: bool = False) -> Iterator[Progress]:
        self.calls.append(("verify", name))
        if name:
            self.find(name)
        return self._progress()

    def export(self, name: str) -> FakeArchive:
        self.find(name)
        return FakeArchive()

    def import_manifest(self, name: str, content: bytes) -> None:
        self.calls.append(("import", name, content))

    def has_blob(self, digest: str) -> bool:
        return digest in self.blobs

    def put_blob(self, digest: str, chunks: Iterable[bytes]) -> bool:
        content = b"".join(chunks)
        if self.actual_digest:
            raise InvalidRequest(f'digest mismatch, expected "{digest}", got "{self.actual_digest}"')
        is_new = digest not in self.blobs
        self.blobs[digest] = content
        return is_new
