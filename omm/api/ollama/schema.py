"""The wire shapes of Ollama's API. A field without default is always sent; the others only when they say something.

Source: Ollama API documentation. Unknown request fields are ignored; null means absent.
"""

from __future__ import annotations

from typing import Annotated, Any, dataclass_transform

import msgspec
from msgspec import Meta

# --- requests ---------------------------------------------------------------------------------------------------


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Body(msgspec.Struct, kw_only=True):
    """Base of requests."""


class Named(Body, kw_only=True):
    """A request about one model. `name` is the old spelling of `model`."""

    model: str | None = None
    name: str | None = None


class FunctionBody(Body, kw_only=True):
    """The function of a tool call in a conversation sent back to us."""

    name: str
    arguments: dict[str, Any] | None = None
    index: int | None = None


class ToolCallBody(Body, kw_only=True):
    """An earlier call of the model."""

    function: FunctionBody
    id: str | None = None


class MessageBody(Body, kw_only=True):
    """One turn."""

    role: str
    content: str | None = None
    thinking: str | None = None
    images: list[str] | None = None
    tool_calls: list[ToolCallBody] | None = None
    tool_name: str | None = None
    tool_call_id: str | None = None


class WithOptions(Named, kw_only=True):
    """A request to a loaded model. `parameters` is a synonym of `options`, which wins."""

    options: dict[str, Any] | None = None
    parameters: dict[str, Any] | None = None
    keep_alive: Any = None


class LoraBody(Body, kw_only=True):
    """omm's own: an adapter of the model's, by its name, and how strongly it shall apply."""

    name: str
    scale: Annotated[float, Meta(ge=-100, le=100)] = 1.0


class InferenceBody(WithOptions, kw_only=True):
    """What generate and chat have in common.

    omm's own: `regex`, `lark` and `grammar` (llama.cpp's GBNF) beside `format`, `thinking_budget` in tokens,
    `chat_template_kwargs`, `lora` with the adapters to apply, those and no other, and `return_progress`, with which a
    stream tells how much of a long prompt is read.
    """

    stream: bool | None = None
    format: Any = None
    think: Any = None
    truncate: bool | None = None
    shift: bool | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    regex: str | None = None
    lark: str | None = None
    grammar: str | None = None
    thinking_budget: int | None = None
    chat_template_kwargs: dict[str, Any] | None = None
    lora: list[LoraBody] | None = None
    return_progress: bool | None = None
    debug_render_only: bool | None = msgspec.field(default=None, name="_debug_render_only")


class GenerateBody(InferenceBody, kw_only=True):
    """POST /api/generate."""

    prompt: str | None = None
    suffix: str | None = None
    system: str | None = None
    template: str | None = None
    context: list[int] | None = None
    raw: bool | None = None
    images: list[str] | None = None


class ChatBody(InferenceBody, kw_only=True):
    """POST /api/chat. `tool_choice` and `parallel_tool_calls` are OpenAI's."""

    messages: list[MessageBody] | None = None
    tools: list[dict[str, Any]] | None = None
    documents: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None


class TokenizeBody(WithOptions, kw_only=True):
    """POST /api/tokenize. `content` is llama.cpp's name for `text`."""

    text: str | None = None
    content: str | None = None
    add_special: bool = False
    parse_special: bool = True


class DetokenizeBody(WithOptions, kw_only=True):
    """POST /api/detokenize."""

    tokens: list[int] = []


class EmbedBody(WithOptions, kw_only=True):
    """POST /api/embed."""

    input: Any = None
    truncate: bool | None = None
    dimensions: int | None = None


class EmbeddingsBody(WithOptions, kw_only=True):
    """POST /api/embeddings, the old form."""

    prompt: str | None = None


class ShowBody(Named, kw_only=True):
    """POST /api/show. `effective` asks for every value that requests get, with its origin."""

    verbose: bool | None = None
    effective: bool | None = None
    system: str | None = None
    options: dict[str, Any] | None = None


class PullBody(Named, kw_only=True):
    """POST /api/pull."""

    insecure: bool | None = None
    stream: bool | None = None


class PushBody(Named, kw_only=True):
    """POST /api/push."""

    insecure: bool | None = None
    stream: bool | None = None


class CreateBody(Named, kw_only=True):
    """POST /api/create. `adapter_scales`, by the names in `adapters`, is omm's own."""

    base: str | None = msgspec.field(default=None, name="from")
    files: dict[str, str] | None = None
    adapters: dict[str, str] | None = None
    adapter_scales: dict[str, float] | None = None
    draft_files: dict[str, str] | None = None
    template: str | None = None
    system: str | None = None
    license: str | list[str] | None = None
    parameters: dict[str, Any] | None = None
    messages: list[MessageBody] | None = None
    quantize: str | None = None
    quantization: str | None = None
    imatrix: str | None = None
    requires: str | None = None
    parser: str | None = None
    remote_host: str | None = None
    stream: bool | None = None


class CopyBody(Body, kw_only=True):
    """POST /api/copy."""

    source: str = ""
    destination: str = ""


# --- responses --------------------------------------------------------------------------------------------------


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Reply(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Base of responses."""


class VersionReply(Reply, kw_only=True):
    """GET /api/version: of the Ollama whose API this is, and of omm itself."""

    version: str
    omm: str


class TopLogprobReply(Reply, kw_only=True):
    """One alternative."""

    token: str
    logprob: float
    bytes: list[int]


class LogprobReply(TopLogprobReply, kw_only=True):
    """One chosen token."""

    top_logprobs: list[TopLogprobReply] = []


class DebugInfo(Reply, kw_only=True):
    """The rendered prompt, on request."""

    rendered_template: str
    image_count: int = 0


class FunctionReply(Reply, kw_only=True):
    """What to call."""

    index: int
    name: str
    arguments: dict[str, Any]


class ToolCallReply(Reply, kw_only=True):
    """A call the model makes."""

    id: str
    function: FunctionReply


class PromptProgressReply(Reply, kw_only=True, omit_defaults=False):
    """How much of the prompt has been read, in tokens; `processed` includes what came from the cache."""

    total: int
    cache: int
    processed: int


class Chunk(Reply, kw_only=True):
    """What every line of generate and chat has. Durations are nanoseconds; prompts count their cached tokens."""

    model: str
    created_at: str
    done: bool
    done_reason: str = ""
    total_duration: int = 0
    load_duration: int = 0
    prompt_eval_count: int = 0
    prompt_cached_count: int = 0
    prompt_eval_duration: int = 0
    eval_count: int = 0
    eval_duration: int = 0
    logprobs: list[LogprobReply] = []
    prompt_progress: PromptProgressReply | None = None
    debug_info: DebugInfo | None = msgspec.field(default=None, name="_debug_info")


class GenerateChunk(Chunk, kw_only=True):
    """One line of generate, or its whole answer."""

    response: str
    thinking: str = ""
    context: list[int] = []
    tool_calls: list[ToolCallReply] = []


class MessageReply(Reply, kw_only=True):
    """What the assistant says."""

    role: str
    content: str
    thinking: str = ""
    tool_calls: list[ToolCallReply] = []


class ChatChunk(Chunk, kw_only=True):
    """One line of chat, or its whole answer."""

    message: MessageReply


class EmbedReply(Reply, kw_only=True):
    """POST /api/embed."""

    model: str
    embeddings: list[tuple[float, ...]]
    total_duration: int = 0
    load_duration: int = 0
    prompt_eval_count: int = 0


class EmbeddingsReply(Reply, kw_only=True):
    """POST /api/embeddings."""

    embedding: tuple[float, ...]


class DetailsReply(Reply, kw_only=True):
    """What a model is."""

    parent_model: str
    format: str
    family: str
    families: tuple[str, ...]
    parameter_size: str
    quantization_level: str
    context_length: int = 0
    embedding_length: int = 0


class ModelReply(Reply, kw_only=True):
    """One row of tags."""

    name: str
    model: str
    modified_at: str
    size: int
    digest: str
    details: DetailsReply
    capabilities: tuple[str, ...] = ()


class TagsReply(Reply, kw_only=True):
    """GET /api/tags."""

    models: list[ModelReply]


class RunningReply(Reply, kw_only=True):
    """One row of ps. `parallel`, `active` and `waiting` count requests, `tokens_per_second` is of the last seconds.

    Ollama has none of the four.
    """

    name: str
    model: str
    size: int
    digest: str
    details: DetailsReply
    expires_at: str
    size_vram: int
    context_length: int
    parallel: int
    active: int
    waiting: int
    tokens_per_second: float


class PsReply(Reply, kw_only=True):
    """GET /api/ps."""

    models: list[RunningReply]


class StoredMessage(Reply, kw_only=True):
    """A MESSAGE of the Modelfile."""

    role: str
    content: str


class TensorReply(Reply, kw_only=True):
    """One tensor."""

    name: str
    type: str
    shape: tuple[int, ...]


class PromptingReply(Reply, kw_only=True):
    """omm's own: where the template is from, its language, the model's dialect, and what is put differently."""

    origin: str
    language: str
    dialect: str
    adaptations: tuple[str, ...] = ()


class ProvenanceReply(Reply, kw_only=True):
    """Where a model came from; `digest` is its manifest's."""

    digest: str
    source: str = ""
    revision: str = ""
    file: str = ""
    license: str = ""


class AdapterReply(Reply, kw_only=True):
    """omm's own: a LoRA adapter; requests call it by `name`, `base` is the model it was made for."""

    name: str
    scale: float
    base: str = ""


class EffectiveReply(Reply, kw_only=True, omit_defaults=False):
    """A value in effect, null where omm chooses, and where it is from."""

    value: Any
    origin: str = msgspec.field(name="from")


class ShowReply(Reply, kw_only=True):
    """POST /api/show. `alias_of` is the model's own name where it was asked for by an alias.

    `think` is what the configuration says of thinking, where it does.
    """

    details: DetailsReply
    model_info: dict[str, Any]
    capabilities: tuple[str, ...]
    modified_at: str
    modelfile: str = ""
    license: str = ""
    parameters: str = ""
    template: str = ""
    system: str = ""
    messages: list[StoredMessage] = []
    projector_info: dict[str, Any] | None = None
    tensors: list[TensorReply] = []
    requires: str = ""
    prompting: PromptingReply | None = None
    provenance: ProvenanceReply | None = None
    alias_of: str = ""
    think: bool | str | None = None
    effective: dict[str, EffectiveReply] | None = None
    adapters: list[AdapterReply] = []


class ProgressReply(Reply, kw_only=True):
    """One line of pull or create."""

    status: str
    digest: str | None = None
    total: int | None = None
    completed: int | None = None


class ErrorReply(Reply, kw_only=True):
    """A line or a body that says what went wrong; `code` is the kind of error, where a status cannot tell it."""

    error: str
    code: str | None = None
