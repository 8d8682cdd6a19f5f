"""The wire shapes of Anthropic's API: requests, answers and the events of a stream.

Source: Anthropic Messages API reference and the types of its SDKs. Unknown request fields are ignored, so fields that
have no effect are not declared; null means absent. A field of an answer that is UNSET is not sent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, dataclass_transform

import msgspec
from msgspec import UNSET, Meta, UnsetType

Temperature = Annotated[float, Meta(ge=0, le=2)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
MAX_INT = 2**31 - 1  # what the engine takes; told here so that errors name the field that the client sent
Natural = Annotated[int, Meta(ge=0, le=MAX_INT)]
Positive = Annotated[int, Meta(ge=1, le=MAX_INT)]
Text = Annotated[str, Meta(min_length=1)]

# NOTE: no union of shapes, as blocks of kinds that we do not know must pass; `turns.py` reads those that we do.
Block = dict[str, Any]


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Body(msgspec.Struct, kw_only=True):
    """Base of what comes in."""


# --- content blocks -----------------------------------------------------------------------------------------------


class Base64Source(Body, kw_only=True, tag_field="type", tag="base64"):
    """Bytes."""

    data: str
    media_type: str | None = None


class URLSource(Body, kw_only=True, tag_field="type", tag="url"):
    """A web address."""

    url: str


class FileSource(Body, kw_only=True, tag_field="type", tag="file"):
    """A file uploaded before, which there are none of."""

    file_id: str


class TextSource(Body, kw_only=True, tag_field="type", tag="text"):
    """Plain text."""

    data: str
    media_type: str | None = None


class ContentSource(Body, kw_only=True, tag_field="type", tag="content"):
    """Blocks of text and pictures."""

    content: str | list[Block]


class TextBlock(Body, kw_only=True, tag_field="type", tag="text"):
    """Text."""

    text: str


class ImageBlock(Body, kw_only=True, tag_field="type", tag="image"):
    """A picture."""

    source: Base64Source | URLSource | FileSource


class DocumentBlock(Body, kw_only=True, tag_field="type", tag="document"):
    """A text to work on."""

    source: TextSource | ContentSource | Base64Source | URLSource | FileSource
    title: str | None = None
    context: str | None = None


class SearchResultBlock(Body, kw_only=True, tag_field="type", tag="search_result"):
    """A text that a search of the client's found."""

    source: str
    title: str
    content: list[Block]


class ToolReferenceBlock(Body, kw_only=True, tag_field="type", tag="tool_reference"):
    """The name of a tool, in what a search for tools found."""

    tool_name: str


class ToolUseBlock(Body, kw_only=True, tag_field="type", tag="tool_use"):
    """An earlier call of the model."""

    id: Text
    name: Text
    input: dict[str, Any] = {}


class ToolResultBlock(Body, kw_only=True, tag_field="type", tag="tool_result"):
    """What a call gave."""

    tool_use_id: Text
    content: str | list[Block] | None = None
    is_error: bool | None = None


class ThinkingBlock(Body, kw_only=True, tag_field="type", tag="thinking"):
    """Earlier reasoning of the model; the signature is what we sent with it, or another server."""

    thinking: str
    signature: str | None = None


# --- requests -----------------------------------------------------------------------------------------------------


class MessageBody(Body, kw_only=True):
    """One turn."""

    role: Literal["user", "assistant", "system"]
    content: str | list[Block]


class ToolBody(Body, kw_only=True):
    """A tool of the client's, whose `type` is absent or `custom`; others are run by Anthropic's servers only."""

    type: str | None = None
    name: str | None = None
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    strict: bool | None = None
    defer_loading: bool | None = None
    cache_control: Any = None


class AutoChoice(Body, kw_only=True, tag_field="type", tag="auto"):
    """The model decides."""

    disable_parallel_tool_use: bool | None = None


class AnyChoice(Body, kw_only=True, tag_field="type", tag="any"):
    """At least one call."""

    disable_parallel_tool_use: bool | None = None


class NamedChoice(Body, kw_only=True, tag_field="type", tag="tool"):
    """A call of this tool."""

    name: str
    disable_parallel_tool_use: bool | None = None


class NoChoice(Body, kw_only=True, tag_field="type", tag="none"):
    """No calls."""


class ThinkingOff(Body, kw_only=True, tag_field="type", tag="disabled"):
    """No reasoning."""


class ThinkingOn(Body, kw_only=True, tag_field="type", tag="enabled"):
    """Reasoning of so many tokens at most."""

    budget_tokens: Positive
    display: Literal["summarized", "omitted"] | None = None


class ThinkingAdaptive(Body, kw_only=True, tag_field="type", tag="adaptive"):
    """Reasoning as the model finds it needed."""

    display: Literal["summarized", "omitted"] | None = None


class ThinkingBetweenTools(Body, kw_only=True, tag_field="type", tag="between_tools"):
    """The same."""

    display: Literal["summarized", "omitted"] | None = None


class SchemaFormat(Body, kw_only=True, tag_field="type", tag="json_schema"):
    """JSON that matches a schema."""

    schema: dict[str, Any]


class OutputConfig(Body, kw_only=True):
    """How hard to work, and on what form of answer."""

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: SchemaFormat | None = None


class CountBody(Body, kw_only=True):
    """POST /v1/messages/count_tokens: a request without its limit.

    omm's own: `options` in Ollama's names, `parameters` its synonym, `keep_alive`.
    """

    model: Text
    messages: Annotated[list[MessageBody], Meta(min_length=1)]
    system: str | list[Block] | None = None
    tools: list[ToolBody] | None = None
    tool_choice: AutoChoice | AnyChoice | NamedChoice | NoChoice | None = None
    thinking: ThinkingOff | ThinkingOn | ThinkingAdaptive | ThinkingBetweenTools | None = None
    output_config: OutputConfig | None = None
    output_format: SchemaFormat | None = None
    temperature: Temperature | None = None
    top_p: Fraction | None = None
    top_k: Natural | None = None
    stop_sequences: list[str] | None = None
    max_tokens: Positive | None = None
    cache_control: Any = None
    container: Any = None
    mcp_servers: Any = None
    options: dict[str, Any] | None = None
    parameters: dict[str, Any] | None = None
    keep_alive: Any = None


class MessagesBody(CountBody, kw_only=True):
    """POST /v1/messages."""

    max_tokens: Positive
    stream: bool | None = None


# --- answers ------------------------------------------------------------------------------------------------------


class TextReply(Body, kw_only=True, tag_field="type", tag="text"):
    """Text of the answer."""

    text: str = ""
    citations: UnsetType | None = UNSET


class ThinkingReply(Body, kw_only=True, tag_field="type", tag="thinking"):
    """Reasoning."""

    thinking: str = ""
    signature: str = ""


class ToolUseReply(Body, kw_only=True, tag_field="type", tag="tool_use"):
    """A call."""

    id: str
    name: str
    input: dict[str, Any] = {}


ContentReply = TextReply | ThinkingReply | ToolUseReply


class OutputDetails(Body, kw_only=True):
    """Of the output's tokens, those of reasoning."""

    thinking_tokens: int


class UsageReply(Body, kw_only=True):
    """Tokens; the three kinds of input add up to the prompt."""

    input_tokens: int
    output_tokens: int
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0
    output_tokens_details: OutputDetails | UnsetType = UNSET
    service_tier: Literal["standard"] | UnsetType = UNSET


StopReason = Literal["end_turn", "max_tokens", "stop_sequence", "tool_use", "model_context_window_exceeded"]


class MessageReply(Body, kw_only=True, tag_field="type", tag="message"):
    """One answer; without `content` and `stop_reason` where a stream of it begins."""

    id: str
    role: Literal["assistant"] = "assistant"
    model: str
    content: list[ContentReply] = []
    stop_reason: StopReason | None = None
    stop_sequence: str | None = None
    usage: UsageReply


class CountReply(Body, kw_only=True):
    """The size of a prompt."""

    input_tokens: int


class ModelReply(Body, kw_only=True, tag_field="type", tag="model"):
    """A model on disk. `max_input_tokens` is the context it was trained with, which answers share."""

    id: str
    display_name: str
    created_at: str
    lifecycle: Literal["active"] = "active"
    max_input_tokens: int | None = None
    max_tokens: int | None = None


class ModelsReply(Body, kw_only=True):
    """A page of models."""

    data: list[ModelReply]
    has_more: bool
    first_id: str | None
    last_id: str | None


# --- the events of a stream -----------------------------------------------------------------------------------------


class MessageStart(Body, kw_only=True, tag_field="type", tag="message_start"):
    """The answer begins."""

    message: MessageReply


class Ping(Body, kw_only=True, tag_field="type", tag="ping"):
    """A sign of life."""


class BlockStart(Body, kw_only=True, tag_field="type", tag="content_block_start"):
    """A block begins, empty; `index` is its place in the answer's content."""

    index: int
    content_block: ContentReply


class TextMore(Body, kw_only=True, tag_field="type", tag="text_delta"):
    """More text."""

    text: str


class ThinkingMore(Body, kw_only=True, tag_field="type", tag="thinking_delta"):
    """More reasoning."""

    thinking: str


class Signature(Body, kw_only=True, tag_field="type", tag="signature_delta"):
    """What ends a block of reasoning."""

    signature: str


class InputMore(Body, kw_only=True, tag_field="type", tag="input_json_delta"):
    """More of the JSON text of a call's input."""

    partial_json: str


class BlockDelta(Body, kw_only=True, tag_field="type", tag="content_block_delta"):
    """More of the block."""

    index: int
    delta: TextMore | ThinkingMore | Signature | InputMore


class BlockStop(Body, kw_only=True, tag_field="type", tag="content_block_stop"):
    """The block is complete."""

    index: int


class Stop(Body, kw_only=True):
    """Why the answer ends."""

    stop_reason: StopReason
    stop_sequence: str | None


class MessageDelta(Body, kw_only=True, tag_field="type", tag="message_delta"):
    """The answer is complete; counts are of all of it."""

    delta: Stop
    usage: UsageReply


class MessageStop(Body, kw_only=True, tag_field="type", tag="message_stop"):
    """The stream's end."""


StreamEvent = MessageStart | Ping | BlockStart | BlockDelta | BlockStop | MessageDelta | MessageStop
