"""The wire shapes of the Responses API: requests, the response object, and what else its routes answer.

Source: OpenAI API reference, responses; Open Responses specification. Every key of the object is always sent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from omm.api.openai.responses.items import OutputItem
from omm.api.openai.schema import (
    MAX_TOP_LOGPROBS,
    Body,
    Effort,
    GenerationBody,
    NamedSchema,
    ObjectFormat,
    Positive,
    Reply,
    TextFormat,
)

MAX_LISTED = 100

Metadata = Annotated[
    dict[Annotated[str, Meta(max_length=64)], Annotated[str, Meta(max_length=512)]], Meta(max_length=16)
]
Summary = Literal["auto", "concise", "detailed"]

# --- requests ---------------------------------------------------------------------------------------------------


class FlatSchemaFormat(NamedSchema, kw_only=True, tag_field="type", tag="json_schema"):
    """JSON that matches a schema."""


class TextBody(Body, kw_only=True):
    """What the answer's text must look like."""

    format: TextFormat | ObjectFormat | FlatSchemaFormat | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class ReasoningBody(Effort, kw_only=True):
    """How hard to think. Summaries are always given, so which kind is only repeated."""

    summary: Summary | None = None
    generate_summary: Summary | None = None


class ResponsesBody(GenerationBody, kw_only=True):
    """POST /v1/responses and /v1/responses/input_tokens."""

    input: str | list[dict[str, Any]] | None = None
    instructions: str | None = None
    previous_response_id: str | None = None
    store: bool | None = None
    max_output_tokens: Positive | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=MAX_TOP_LOGPROBS)] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = None
    text: TextBody | None = None
    reasoning: ReasoningBody | None = None
    include: list[str] | None = None
    truncation: Literal["auto", "disabled"] | None = None
    metadata: Metadata | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    max_tool_calls: Positive | None = None
    background: bool | None = None
    conversation: Any = None
    prompt: Any = None
    moderation: Any = None


# --- the response object ----------------------------------------------------------------------------------------


class InputDetails(Reply, kw_only=True):
    """Prompt tokens that were not computed again, and those put aside for later, which are not counted here."""

    cached_tokens: int
    cache_write_tokens: int = 0


class OutputDetails(Reply, kw_only=True):
    """What output tokens were spent on."""

    reasoning_tokens: int


class UsageReply(Reply, kw_only=True):
    """What a response cost."""

    input_tokens: int
    input_tokens_details: InputDetails
    output_tokens: int
    output_tokens_details: OutputDetails
    total_tokens: int


class ErrorReply(Reply, kw_only=True):
    """Why a response failed; `code` is one of OpenAI's closed list."""

    code: str
    message: str


class IncompleteReply(Reply, kw_only=True):
    """Why a response is incomplete."""

    reason: str = "max_output_tokens"


class ReasoningReply(Reply, kw_only=True):
    """What was asked for."""

    effort: str | None = None
    summary: str | None = None


class ResponseReply(Reply, kw_only=True):
    """The response object. Times are Unix seconds, `model` is what the client sent."""

    id: str
    object: str = "response"
    created_at: int
    model: str
    status: str = "in_progress"
    completed_at: int | None = None
    incomplete_details: IncompleteReply | None = None
    error: ErrorReply | None = None
    instructions: str | None
    previous_response_id: str | None
    output: list[OutputItem] = []
    tools: list[dict[str, Any]]
    tool_choice: Any
    parallel_tool_calls: bool
    store: bool
    background: bool = False
    text: dict[str, Any]
    truncation: str
    temperature: float
    top_p: float
    presence_penalty: float
    frequency_penalty: float
    top_logprobs: int
    reasoning: ReasoningReply
    max_output_tokens: int | None
    max_tool_calls: int | None
    service_tier: str = "default"
    metadata: dict[str, str]
    user: str | None
    safety_identifier: str | None
    prompt_cache_key: str | None
    usage: UsageReply | None = None


# --- other answers ----------------------------------------------------------------------------------------------


class DeletedReply(Reply, kw_only=True):
    """DELETE /v1/responses/{id}."""

    id: str
    object: str = "response"
    deleted: bool = True


class ItemsReply(Reply, kw_only=True):
    """GET /v1/responses/{id}/input_items. Without items the ids are empty texts."""

    object: str = "list"
    data: list[dict[str, Any]]
    first_id: str
    last_id: str
    has_more: bool


class InputTokensReply(Reply, kw_only=True):
    """POST /v1/responses/input_tokens."""

    object: str = "response.input_tokens"
    input_tokens: int
