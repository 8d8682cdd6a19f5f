"""What the HTTP edge needs of the layers below: the seam that the real services and the tests' fakes both fill."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from omm.config import Settings
from omm.service import planning
from omm.service.housekeeping import Archive
from omm.service.metrics import Metrics
from omm.service.sessions import SessionStore
from omm.types import (
    ChatRequest,
    CompleteRequest,
    CreateRequest,
    DetokenizeRequest,
    Embeddings,
    EmbedRequest,
    Event,
    LoadCounts,
    LoadedModel,
    ModelRecord,
    ModelSummary,
    Options,
    Progress,
    Prompting,
    Ranking,
    RerankRequest,
    StoredResponse,
    TensorInfo,
    TokenizeRequest,
)


class EventStream(Protocol):
    """One running request: events ending with exactly one Finished or Failed."""

    def next(self, timeout_s: float) -> Event | None:
        """Wait for the next event; None when there is none within the time."""

    def drain(self, gather_s: float = 0.0) -> list[Event]:
        """Take the events that are there after `gather_s`, or sooner when the stream ends."""

    def close(self) -> None:
        """Cancel what still runs. May be called twice."""


class InferenceService(Protocol):
    """Models at work. What is decided early is raised as an OmmError; what comes later is a Failed event.

    What is no stream is given up when `is_gone` tells that the client left.
    """

    def chat(self, request: ChatRequest, /) -> EventStream: ...

    def complete(self, request: CompleteRequest, /) -> EventStream: ...

    def embed(self, request: EmbedRequest, is_gone: Callable[[], bool] = ..., /) -> Embeddings: ...

    def rerank(self, request: RerankRequest, is_gone: Callable[[], bool] = ..., /) -> Ranking: ...

    def render(self, request: ChatRequest | CompleteRequest, /) -> str: ...

    def tokenize(self, request: TokenizeRequest, /) -> tuple[int, ...]: ...

    def detokenize(self, request: DetokenizeRequest, /) -> str: ...

    def count_tokens(self, request: ChatRequest, /) -> int: ...

    def load(self, model: str, options: Options, keep_alive_s: float | None, /) -> None: ...

    def unload(self, model: str, /) -> None: ...

    def loaded(self) -> list[LoadedModel]: ...

    def load_counts(self) -> LoadCounts: ...

    @property
    def is_closing(self) -> bool: ...


class LibraryService(Protocol):
    """Models on disk."""

    def list(self) -> list[ModelSummary]: ...

    def find(self, name: str, /, *, arrays: bool = False) -> ModelRecord: ...

    def target(self, name: str, /) -> str: ...

    def tensors(self, name: str, /) -> Iterable[TensorInfo]: ...

    def projector_metadata(self, name: str, /, *, arrays: bool = False) -> dict[str, Any] | None: ...

    def prompting(self, record: ModelRecord, /) -> Prompting: ...

    def modelfile(self, record: ModelRecord, /) -> str: ...

    def pull(self, name: str, /, insecure: bool = False) -> Iterator[Progress]: ...

    def push(self, name: str, /, insecure: bool = False) -> Iterator[Progress]: ...

    def create(self, request: CreateRequest, /) -> Iterator[Progress]: ...

    def copy(self, source: str, destination: str, /) -> None: ...

    def delete(self, name: str, /) -> None: ...

    def prune(self, *, is_dry: bool = False) -> Iterator[Progress]: ...

    def verify(self, name: str = "", /, *, repair: bool = False) -> Iterator[Progress]: ...

    def export(self, name: str, /) -> Archive: ...

    def import_manifest(self, name: str, content: bytes, /) -> None: ...

    def has_blob(self, digest: str, /) -> bool: ...

    def put_blob(self, digest: str, chunks: Iterable[bytes], /) -> bool: ...


class ResponseStore(Protocol):
    """Answers kept for later requests to look at and to go on from; bounded, so that old ones go."""

    def put(self, stored: StoredResponse, /) -> None: ...

    def find(self, response_id: str, /) -> StoredResponse | None: ...

    def find_by_item(self, item_id: str, /) -> StoredResponse | None: ...

    def delete(self, response_id: str, /) -> bool: ...


@dataclasses.dataclass(frozen=True)
class Services:
    """All that routes may call. `responses` is None when answers are not kept."""

    inference: InferenceService
    library: LibraryService
    responses: ResponseStore | None = None
    settings: Settings = dataclasses.field(default_factory=lambda: Settings.load({}))
    devices: planning.Devices = dataclasses.field(default_factory=planning.no_devices)
    sessions: SessionStore = dataclasses.field(default_factory=SessionStore)
    metrics: Metrics = dataclasses.field(default_factory=Metrics)

    @property
    def planner(self) -> planning.Planner:
        """What plans for these models on this machine."""
        return planning.Planner(self.library, self.settings, self.devices)
