"""The wire shapes of a response's stream. The tag is the event's name; numbers are given as they are sent.

Source: OpenAI API reference, responses, streaming events. Clients break at names they do not know: there are no others.
"""

from __future__ import annotations

from typing import Any, dataclass_transform

import msgspec

from omm.api.openai.responses.items import OutputItem, OutputText, SummaryText
from omm.api.openai.responses.schema import ResponseReply


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class StreamEvent(msgspec.Struct, kw_only=True, tag_field="type"):
    """Base of events."""

    sequence_number: int = 0

    @property
    def kind(self) -> str:
        """Its name on the wire."""
        return str(self.__struct_config__.tag)


# --- the response's life ----------------------------------------------------------------------------------------


class Lifecycle(StreamEvent, kw_only=True):
    """Base of those that hold the whole object."""

    response: ResponseReply


class Created(Lifecycle, kw_only=True, tag="response.created"):
    """The first event."""


class InProgress(Lifecycle, kw_only=True, tag="response.in_progress"):
    """The second."""


class Completed(Lifecycle, kw_only=True, tag="response.completed"):
    """The last one of a response that came to its end."""


class Incomplete(Lifecycle, kw_only=True, tag="response.incomplete"):
    """The last one of a response that was cut short."""


class Failed(Lifecycle, kw_only=True, tag="response.failed"):
    """The last one of a response that broke."""


# --- items ------------------------------------------------------------------------------------------------------


class ItemAdded(StreamEvent, kw_only=True, tag="response.output_item.added"):
    """An item begins, empty."""

    output_index: int
    item: OutputItem


class ItemDone(StreamEvent, kw_only=True, tag="response.output_item.done"):
    """An item is whole."""

    output_index: int
    item: OutputItem


class ItemEvent(StreamEvent, kw_only=True):
    """Base of those about what an item holds."""

    item_id: str
    output_index: int


class PartAdded(ItemEvent, kw_only=True, tag="response.content_part.added"):
    """A part of a message begins, empty."""

    content_index: int = 0
    part: OutputText


class PartDone(ItemEvent, kw_only=True, tag="response.content_part.done"):
    """A part of a message is whole."""

    content_index: int = 0
    part: OutputText


class TextPiece(ItemEvent, kw_only=True, tag="response.output_text.delta"):
    """More text."""

    content_index: int = 0
    delta: str
    logprobs: list[Any]


class TextDone(ItemEvent, kw_only=True, tag="response.output_text.done"):
    """The whole text."""

    content_index: int = 0
    text: str
    logprobs: list[Any]


class SummaryPartAdded(ItemEvent, kw_only=True, tag="response.reasoning_summary_part.added"):
    """Reasoning begins."""

    summary_index: int = 0
    part: SummaryText


class SummaryPartDone(ItemEvent, kw_only=True, tag="response.reasoning_summary_part.done"):
    """Reasoning is whole."""

    summary_index: int = 0
    part: SummaryText


class SummaryPiece(ItemEvent, kw_only=True, tag="response.reasoning_summary_text.delta"):
    """More reasoning."""

    summary_index: int = 0
    delta: str


class SummaryDone(ItemEvent, kw_only=True, tag="response.reasoning_summary_text.done"):
    """The whole reasoning."""

    summary_index: int = 0
    text: str


class ArgumentsPiece(ItemEvent, kw_only=True, tag="response.function_call_arguments.delta"):
    """More of a call's arguments."""

    delta: str


class ArgumentsDone(ItemEvent, kw_only=True, tag="response.function_call_arguments.done"):
    """All arguments of a call."""

    name: str
    arguments: str


class CustomInputPiece(ItemEvent, kw_only=True, tag="response.custom_tool_call_input.delta"):
    """More of a custom call's text."""

    delta: str


class CustomInputDone(ItemEvent, kw_only=True, tag="response.custom_tool_call_input.done"):
    """The whole text of a custom call."""

    input: str
