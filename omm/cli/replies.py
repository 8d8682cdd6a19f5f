"""The shapes a server answers with, as far as the command line reads them. Unknown fields are ignored.

Source: Ollama's API, as omm serves it.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all answers."""


class ErrorLine(Reply, frozen=True):
    """The body of a refusal, and of a failure in the middle of a stream; `detail` is what native routes call it."""

    error: str = ""
    detail: str = ""


class Version(ErrorLine, frozen=True):
    """`GET /api/version`: a version, or why the server does not tell it.

    `version` is Ollama's, which servers of its API tell; an omm server has its own in `omm`.
    """

    version: str = ""
    omm: str = ""


class Details(Reply, frozen=True, omit_defaults=False):
    """What listings tell of a model's file."""

    parent_model: str = ""
    format: str = ""
    family: str = ""
    families: tuple[str, ...] | None = None
    parameter_size: str = ""
    quantization_level: str = ""
    context_length: int = 0
    embedding_length: int = 0


class ModelRow(Reply, frozen=True):
    """One stored model."""

    name: str
    model: str = ""
    modified_at: str = ""
    size: int = 0
    digest: str = ""
    details: Details = Details()
    capabilities: tuple[str, ...] | None = None
    remote_model: str = ""


class Tags(Reply, frozen=True):
    """`GET /api/tags`."""

    models: tuple[ModelRow, ...] | None = None


class RunningRow(Reply, frozen=True, omit_defaults=False):
    """One loaded model. `parallel`, `active` and `waiting` count requests."""

    name: str
    model: str = ""
    size: int = 0
    size_vram: int = 0
    digest: str = ""
    details: Details = Details()
    expires_at: str = ""
    context_length: int = 0
    parallel: int = 0
    active: int = 0
    waiting: int = 0
    tokens_per_second: float = 0.0


class Running(Reply, frozen=True):
    """`GET /api/ps`."""

    models: tuple[RunningRow, ...] | None = None


class Turn(Reply, frozen=True):
    """One message, in answers and in a conversation kept by the command line."""

    role: str
    content: str = ""
    thinking: str = ""
    images: tuple[str, ...] | None = None
    tool_calls: tuple[dict[str, Any], ...] | None = None
    tool_name: str | None = None
    tool_call_id: str | None = None


class Tensor(Reply, frozen=True):
    """One tensor of `show --verbose`."""

    name: str
    type: str
    shape: tuple[int, ...] = ()


class Prompting(Reply, frozen=True):
    """How prompts for a model are made."""

    origin: str = ""
    language: str = ""
    dialect: str = ""
    adaptations: tuple[str, ...] = ()


class Provenance(Reply, frozen=True):
    """Where a model came from."""

    digest: str = ""
    source: str = ""
    revision: str = ""
    file: str = ""
    license: str = ""


class Adapter(Reply, frozen=True):
    """A LoRA adapter of a model."""

    name: str
    scale: float = 1.0
    base: str = ""


class Effective(Reply, frozen=True, omit_defaults=False):
    """A value that requests to a model get; none where omm chooses."""

    value: Any = None
    origin: str = msgspec.field(name="from", default="")


class ModelInfo(Reply, frozen=True):
    """`POST /api/show`."""

    license: str = ""
    modelfile: str = ""
    parameters: str = ""
    template: str = ""
    system: str = ""
    details: Details = Details()
    messages: tuple[Turn, ...] | None = None
    model_info: dict[str, Any] | None = None
    projector_info: dict[str, Any] | None = None
    tensors: tuple[Tensor, ...] | None = None
    capabilities: tuple[str, ...] | None = None
    modified_at: str = ""
    requires: str = ""
    prompting: Prompting | None = None
    provenance: Provenance | None = None
    adapters: tuple[Adapter, ...] = ()
    alias_of: str = ""
    think: bool | str | None = None
    effective: dict[str, Effective] | None = None

    @property
    def wanted_think(self) -> bool | str | None:
        """What to ask of the model where nobody says: to think if it can, unless its configuration says otherwise."""
        return (True if self.think is None else self.think) if self.can("thinking") else None

    @property
    def takes_media(self) -> bool:
        """Whether the model sees or hears."""
        return self.can("vision") or self.can("audio")

    def can(self, ability: str) -> bool:
        """Whether the model has a capability."""
        return ability in (self.capabilities or ())


class DebugInfo(Reply, frozen=True):
    """What the model would see."""

    rendered_template: str = ""


class PromptProgress(Reply, frozen=True):
    """How much of the prompt is read, in tokens; `processed` counts those that came from the cache, too."""

    total: int = 0
    cache: int = 0
    processed: int = 0


class Chunk(Reply, frozen=True):
    """One line of a chat or generate stream; the last has `done` and the timings."""

    response: str = ""
    thinking: str = ""
    message: Turn | None = None
    tool_calls: tuple[dict[str, Any], ...] | None = None
    done: bool = False
    done_reason: str = ""
    total_duration: int = 0
    load_duration: int = 0
    prompt_eval_count: int = 0
    prompt_cached_count: int = 0
    prompt_eval_duration: int = 0
    eval_count: int = 0
    eval_duration: int = 0
    prompt_progress: PromptProgress | None = None
    error: str = ""
    code: str = ""
    debug_info: DebugInfo | None = msgspec.field(name="_debug_info", default=None)


class ProgressLine(Reply, frozen=True):
    """One line of a pull or create stream."""

    status: str = ""
    digest: str = ""
    total: int = 0
    completed: int = 0
    error: str = ""
    code: str = ""


class Planned(Reply, frozen=True):
    """How a model would run; `details` has the numbers, as texts."""

    backend_id: str | None = None
    reason: str = ""
    details: dict[str, str] = {}


class Plan(Reply, frozen=True):
    """`POST /v1/plan`."""

    runtime_config: dict[str, Any] = {}
    resolved_model: dict[str, Any] = {}
    runtime_plan: Planned = Planned()


class Tokens(Reply, frozen=True):
    """`POST /api/tokenize`."""

    tokens: tuple[int, ...] = ()


class Embedded(Reply, frozen=True):
    """`POST /api/embed`."""

    embeddings: tuple[tuple[float, ...], ...] = ()
