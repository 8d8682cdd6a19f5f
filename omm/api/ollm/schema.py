"""The wire shapes of the native routes. Unknown request fields are refused; null means the default.

Source: oLLM's server API.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, dataclass_transform

import msgspec
from msgspec import Meta

DEFAULT_SYSTEM_PROMPT = "You are a helpful assistant."

Natural = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]

# --- requests ---------------------------------------------------------------------------------------------------


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of requests."""


class RuntimeBody(Body, kw_only=True):
    """How a model shall run. The last three are omm's own, as on /api/chat."""

    model_reference: str | None = None
    models_dir: str | None = None
    device: str | None = None
    backend: str | None = None
    adapter_dir: str | None = None
    multimodal: bool | None = None
    use_specialization: bool | None = None
    cache_dir: str | None = None
    use_cache: bool | None = None
    kv_cache_strategy: str | None = None
    strategy_selector_profile: str | None = None
    kv_cache_lifecycle: str | None = None
    kv_cache_adaptation_mode: str | None = None
    kv_cache_window_tokens: Positive | None = None
    dense_projection_chunk_rows: Positive | None = None
    offload_cpu_layers: Natural | None = None
    offload_cpu_policy: str | None = None
    offload_gpu_layers: Natural | None = None
    force_download: bool | None = None
    stats: bool | None = None
    verbose: bool | None = None
    quiet: bool | None = None
    num_ctx: Positive | None = None
    keep_alive: Any = None
    think: Any = None


class LoraBody(Body, kw_only=True):
    """An adapter of the model's, by its name, and how strongly it shall apply."""

    name: str
    scale: Annotated[float, Meta(ge=-100, le=100)] = 1.0


class GenerationBody(Body, kw_only=True):
    """How to sample; what is absent is the model's or omm's default. The last four are omm's own.

    `lora` has the adapters to apply, those and no other; when absent they apply as the model says.
    """

    max_new_tokens: Positive | None = None
    temperature: Annotated[float, Meta(ge=0)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    top_k: Positive | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    repeat_penalty: float | None = None
    min_p: float | None = None
    lora: list[LoraBody] | None = None


class PlanBody(Body, kw_only=True):
    """POST /v1/plan."""

    runtime: RuntimeBody | None = None


class PromptBody(PlanBody, kw_only=True):
    """POST /v1/prompt and /v1/prompt/stream. An empty system prompt is none."""

    prompt: str
    system_prompt: str | None = DEFAULT_SYSTEM_PROMPT
    generation: GenerationBody | None = None


class SessionBody(PlanBody, kw_only=True):
    """POST /v1/sessions."""

    session_name: str | None = "default"
    system_prompt: str | None = DEFAULT_SYSTEM_PROMPT
    generation: GenerationBody | None = None


class SessionPromptBody(Body, kw_only=True):
    """POST /v1/sessions/{session_id}/prompt and its stream."""

    prompt: str


# --- responses --------------------------------------------------------------------------------------------------


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Reply(msgspec.Struct, kw_only=True):
    """Base of responses; null is sent."""


class HealthReply(Reply, kw_only=True):
    """GET /v1/health."""

    ok: bool = True
    service: str = "omm"
    version: str
    server_mode: Literal["local-only", "network"]


class RuntimeConfig(Reply, kw_only=True):
    """A `runtime` with its defaults filled in; `kv_cache_strategy` is `auto` when not chosen."""

    model_reference: str
    models_dir: str
    device: str = "auto"
    backend: str | None = None
    adapter_dir: str | None = None
    multimodal: bool = False
    use_specialization: bool = True
    cache_dir: str = "kv_cache"
    use_cache: bool = True
    kv_cache_strategy: str = "auto"
    strategy_selector_profile: str = "balanced"
    kv_cache_lifecycle: str = "runtime-scoped"
    kv_cache_adaptation_mode: str = "observe-only"
    kv_cache_window_tokens: int | None = None
    dense_projection_chunk_rows: int | None = None
    offload_cpu_layers: int = 0
    offload_cpu_policy: str = "auto"
    offload_gpu_layers: int = 0
    force_download: bool = False
    stats: bool = False
    verbose: bool = False
    quiet: bool = False
    num_ctx: int | None = None
    keep_alive: Any = None
    think: Any = None


SourceKind = Literal["builtin", "hugging-face", "local-path", "opaque"]
SupportLevel = Literal["optimized", "generic", "unsupported"]
Modality = Literal["text", "image", "audio"]
ModelKind = Literal["causal-lm", "image-text-to-text", "seq2seq-lm", "embedding"]


class ResolvedModel(Reply, kw_only=True):
    """What a name stands for."""

    model_reference: str
    normalized_name: str
    source_kind: SourceKind
    support_level: SupportLevel
    modalities: list[Modality]
    requires_processor: bool
    supports_disk_cache: bool
    supports_specialization: bool
    repo_id: str | None
    revision: str | None
    path: str | None
    native_family: str | None
    architecture: str | None
    model_type: str | None
    generic_model_kind: ModelKind | None
    resolution_message: str


class RuntimePlan(Reply, kw_only=True):
    """How a model would run. `details` has the numbers, as texts."""

    backend_id: str | None
    modalities: list[Modality]
    requires_processor: bool
    supports_disk_cache: bool
    supports_cpu_offload: bool
    supports_gpu_offload: bool
    specialization_provider_id: str | None
    specialization_enabled: bool
    specialization_state: Literal["not-planned", "planned", "applied", "fallback"]
    planned_specialization_pass_ids: list[Literal["disk-cache", "cpu-offload", "gpu-offload"]]
    reason: str
    details: dict[str, str]


class PlanReply(Reply, kw_only=True):
    """POST /v1/plan."""

    runtime_config: RuntimeConfig
    resolved_model: ResolvedModel
    runtime_plan: RuntimePlan


class ModelInfo(ResolvedModel, kw_only=True):
    """GET /v1/ollm/models/{model_reference}, and one of a list. The `resolved_` ones are from before planning."""

    materialized: bool
    resolved_support_level: SupportLevel
    resolved_modalities: list[Modality]
    resolved_requires_processor: bool
    resolved_supports_disk_cache: bool
    resolved_resolution_message: str
    runtime_plan: RuntimePlan
    discovery_source: Literal["built-in", "discovered-local"] | None = None


class ModelsReply(Reply, kw_only=True):
    """GET /v1/ollm/models."""

    models: list[ModelInfo]


class PromptReply(Reply, kw_only=True):
    """The answer to a prompt, and how it came about, all as texts. Also the data of the event `complete`."""

    text: str
    metadata: dict[str, str]


class StatusEvent(Reply, kw_only=True):
    """The data of the event `status`."""

    message: str


class TextEvent(Reply, kw_only=True):
    """The data of the event `text`."""

    delta: str


class DetailReply(Reply, kw_only=True):
    """An error, and the data of the event `error`."""

    detail: str


class Part(Reply, kw_only=True):
    """A piece of a message."""

    type: Modality
    value: str


class MessageReply(Reply, kw_only=True):
    """A message of a session."""

    role: Literal["system", "user", "assistant"]
    content: list[Part]


class SessionReply(Reply, kw_only=True):
    """A session with its messages, without its system prompt among them."""

    session_id: str
    session_name: str
    model_reference: str
    system_prompt: str
    messages: list[MessageReply]


class DeletedReply(Reply, kw_only=True):
    """DELETE /v1/sessions/{session_id}."""

    session_id: str
    deleted: bool = True
