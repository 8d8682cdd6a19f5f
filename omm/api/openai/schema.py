"""The wire shapes of OpenAI's API. A field that may be null is sent as null; one that is UNSET is not sent.

Source: OpenAI API reference. Unknown request fields are ignored, so fields that have no effect are not declared; null
means absent. Ranges here are those of the reference; what `options` holds is checked in the engine.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, dataclass_transform

import msgspec
from msgspec import UNSET, Meta, UnsetType

from omm.api.openai.parts import ContentBody

MAX_CHOICES = 8
MAX_STOPS = 16
MAX_TOP_LOGPROBS = 20
MAX_LEGACY_LOGPROBS = 5
MAX_INPUTS = 2048
MAX_INT = 2**31 - 1  # what the engine takes; told here so that errors name the field that the client sent

Temperature = Annotated[float, Meta(ge=0, le=2)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
Penalty = Annotated[float, Meta(ge=-2, le=2)]
Positive = Annotated[int, Meta(ge=1, le=MAX_INT)]
Natural = Annotated[int, Meta(ge=0, le=MAX_INT)]
NumChoices = Annotated[int, Meta(ge=1, le=MAX_CHOICES)]
Text = Annotated[str, Meta(min_length=1)]
Stops = str | Annotated[list[str], Meta(max_length=MAX_STOPS)]
Biases = dict[str, Annotated[float, Meta(ge=-100, le=100)]]

# --- requests ---------------------------------------------------------------------------------------------------


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Body(msgspec.Struct, kw_only=True):
    """Base of requests."""


class Effort(Body, kw_only=True):
    """How hard to think: none, minimal, low, medium, high, xhigh, max or ultra."""

    effort: str | None = None


class TextFormat(Body, kw_only=True, tag_field="type", tag="text"):
    """Any text."""


class ObjectFormat(Body, kw_only=True, tag_field="type", tag="json_object"):
    """One JSON object."""


class NamedSchema(Body, kw_only=True):
    """A JSON Schema. Without `strict`, keywords that cannot be held are ignored."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    schema: dict[str, Any] | None = None
    strict: bool | None = None
    description: str | None = None


class SchemaFormat(Body, kw_only=True, tag_field="type", tag="json_schema"):
    """JSON that matches a schema."""

    json_schema: NamedSchema


ResponseFormat = TextFormat | ObjectFormat | SchemaFormat


class WithOptions(Body, kw_only=True):
    """A request to a model. omm's own: `options` in Ollama's names, `parameters` its synonym, `keep_alive`."""

    model: Text
    options: dict[str, Any] | None = None
    parameters: dict[str, Any] | None = None
    keep_alive: Any = None


class GenerationBody(WithOptions, kw_only=True):
    """What all routes that generate text have in common.

    omm's own are the samplers that OpenAI does not have, `think`, `thinking_budget` in tokens,
    `chat_template_kwargs`, and beside `format` the grammars `regex`, `lark` and `grammar` (llama.cpp's GBNF).
    """

    stream: bool | None = None
    temperature: Temperature | None = None
    top_p: Fraction | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    seed: int | None = None
    stop: Stops | None = None
    logit_bias: Biases | None = None
    top_k: int | None = None
    min_p: float | None = None
    typical_p: float | None = None
    repeat_penalty: float | None = None
    repeat_last_n: int | None = None
    mirostat: int | None = None
    mirostat_eta: float | None = None
    mirostat_tau: float | None = None
    min_tokens: int | None = None
    ignore_eos: bool | None = None
    cache_prompt: bool | None = None
    num_ctx: int | None = None
    format: Any = None
    think: Any = None
    thinking_budget: int | None = None
    reasoning_effort: str | None = None
    reasoning: Effort | None = None
    chat_template_kwargs: dict[str, Any] | None = None
    regex: str | None = None
    lark: str | None = None
    grammar: str | None = None


class StreamOptions(Body, kw_only=True):
    """What a stream holds beside the answer."""

    include_usage: bool | None = None


class FunctionCallBody(Body, kw_only=True):
    """What was called, with its arguments as JSON text."""

    name: str
    arguments: str | None = None


class ToolCallBody(Body, kw_only=True):
    """An earlier call of the model."""

    function: FunctionCallBody
    id: str | None = None
    type: Literal["function"] = "function"


class MessageBody(Body, kw_only=True):
    """One turn."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: ContentBody = None
    name: str | None = None
    refusal: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[ToolCallBody] | None = None
    function_call: FunctionCallBody | None = None
    tool_call_id: str | None = None


class ChatBody(GenerationBody, kw_only=True):
    """POST /v1/chat/completions. omm's own, llama.cpp's: `return_progress` tells how much of the prompt is read."""

    messages: Annotated[list[MessageBody], Meta(min_length=1)]
    stream_options: StreamOptions | None = None
    max_tokens: Positive | None = None
    max_completion_tokens: Positive | None = None
    n: NumChoices | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=MAX_TOP_LOGPROBS)] | None = None
    response_format: ResponseFormat | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    functions: list[dict[str, Any]] | None = None
    function_call: Any = None
    metadata: dict[str, Any] | None = None
    modalities: list[str] | None = None
    audio: Any = None
    web_search_options: Any = None
    moderation: Any = None
    return_progress: bool | None = None


class CompletionBody(GenerationBody, kw_only=True):
    """POST /v1/completions. omm's own: `raw` keeps the chat template away from a prompt."""

    prompt: str | list[str | int | list[int]]
    suffix: str | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Natural | None = None
    n: NumChoices | None = None
    best_of: NumChoices | None = None
    logprobs: Annotated[int, Meta(ge=0, le=MAX_LEGACY_LOGPROBS)] | None = None
    echo: bool | None = None
    response_format: ResponseFormat | None = None
    raw: bool | None = None


class EmbeddingsBody(WithOptions, kw_only=True):
    """POST /v1/embeddings. omm's own: `truncate` false refuses a text that is too long."""

    input: str | list[str | int | list[int]]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: Positive | None = None
    truncate: bool | None = None


# --- responses --------------------------------------------------------------------------------------------------


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Reply(msgspec.Struct, kw_only=True):
    """Base of responses."""


class PromptDetails(Reply, kw_only=True):
    """Prompt tokens that were not computed again."""

    cached_tokens: int
    audio_tokens: int = 0


class CompletionDetails(Reply, kw_only=True):
    """What output tokens were spent on."""

    reasoning_tokens: int
    audio_tokens: int = 0
    accepted_prediction_tokens: int = 0
    rejected_prediction_tokens: int = 0


class UsageReply(Reply, kw_only=True):
    """What a request cost, all its choices together."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails
    completion_tokens_details: CompletionDetails


class TopLogprobReply(Reply, kw_only=True):
    """One alternative."""

    token: str
    logprob: float
    bytes: list[int]


class LogprobReply(TopLogprobReply, kw_only=True):
    """One chosen token."""

    top_logprobs: list[TopLogprobReply]


class LogprobsReply(Reply, kw_only=True):
    """The tokens of an answer's text."""

    content: list[LogprobReply]
    refusal: None = None


class FunctionReply(Reply, kw_only=True):
    """What to call, with its arguments as JSON text; in a stream the name comes once."""

    name: str | UnsetType = UNSET
    arguments: str


class ToolCallReply(Reply, kw_only=True):
    """A call; in a stream its id comes once and `index` says which it continues."""

    index: int | UnsetType = UNSET
    id: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    function: FunctionReply


class MessageReply(Reply, kw_only=True):
    """What the assistant says. `reasoning` and `reasoning_content` hold the same text, for different clients."""

    role: str = "assistant"
    content: str | None
    refusal: None = None
    annotations: list[str] = []
    reasoning: str | UnsetType = UNSET
    reasoning_content: str | UnsetType = UNSET
    tool_calls: list[ToolCallReply] | UnsetType = UNSET
    function_call: FunctionReply | UnsetType = UNSET


class ChoiceReply(Reply, kw_only=True):
    """One answer."""

    index: int
    message: MessageReply
    logprobs: LogprobsReply | None
    finish_reason: str


class ChatReply(Reply, kw_only=True):
    """The whole answer of chat completions."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str
    system_fingerprint: str
    service_tier: str = "default"
    choices: list[ChoiceReply]
    usage: UsageReply
    metadata: dict[str, Any] | UnsetType = UNSET


class Delta(Reply, kw_only=True):
    """What a chunk adds to a message."""

    role: str | UnsetType = UNSET
    content: str | UnsetType = UNSET
    reasoning: str | UnsetType = UNSET
    reasoning_content: str | UnsetType = UNSET
    tool_calls: list[ToolCallReply] | UnsetType = UNSET
    function_call: FunctionReply | UnsetType = UNSET


class ChunkChoice(Reply, kw_only=True):
    """One answer's share of a chunk."""

    index: int
    delta: Delta
    logprobs: LogprobsReply | None = None
    finish_reason: str | None = None


class PromptProgressReply(Reply, kw_only=True):
    """How much of the prompt has been read, in tokens."""

    total: int
    cache: int
    processed: int


class ChatChunk(Reply, kw_only=True):
    """One event of a chat completion's stream."""

    id: str
    object: str = "chat.completion.chunk"
    created: int
    model: str
    system_fingerprint: str
    choices: list[ChunkChoice]
    usage: UsageReply | UnsetType | None = UNSET
    prompt_progress: PromptProgressReply | UnsetType = UNSET


class LegacyLogprobs(Reply, kw_only=True):
    """The tokens of a completion's text; offsets count its characters."""

    tokens: list[str]
    token_logprobs: list[float]
    top_logprobs: list[dict[str, float]]
    text_offset: list[int]


class CompletionChoice(Reply, kw_only=True):
    """One completion, or its share of a chunk."""

    index: int
    text: str
    logprobs: LegacyLogprobs | None = None
    finish_reason: str | None = None


class CompletionReply(Reply, kw_only=True):
    """The answer of completions, or one event of its stream."""

    id: str
    object: str = "text_completion"
    created: int
    model: str
    system_fingerprint: str
    choices: list[CompletionChoice]
    usage: UsageReply | UnsetType | None = UNSET


class EmbeddingReply(Reply, kw_only=True):
    """One vector: numbers, or the base64 of float32, little-endian."""

    object: str = "embedding"
    index: int
    embedding: tuple[float, ...] | str


class EmbeddingUsage(Reply, kw_only=True):
    """What embeddings or a ranking cost."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsReply(Reply, kw_only=True):
    """POST /v1/embeddings."""

    object: str = "list"
    data: list[EmbeddingReply]
    model: str
    usage: EmbeddingUsage
