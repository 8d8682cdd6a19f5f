"""What a response's input and output consist of: the wire shapes of items and of the parts of their content.

The same shapes are read from requests, written in answers, and kept in a store. Source: OpenAI API reference,
responses, input items; null means absent.
"""

from __future__ import annotations

from typing import Any, Literal, dataclass_transform

import msgspec

from omm.api.openai.parts import AudioData, ImageURL

# Kinds of history that say nothing to a model here; they are kept as they are.
SKIPPED_KINDS = frozenset(
    """
    web_search_call file_search_call code_interpreter_call image_generation_call computer_call computer_call_output
    local_shell_call local_shell_call_output shell_call shell_call_output apply_patch_call apply_patch_call_output
    tool_search_call tool_search_output configuration_update
    """.split()
)
SKIPPED_PREFIXES = ("mcp_", "program")
REFUSED_KINDS = frozenset({"compaction", "compaction_trigger"})

# --- parts of content -------------------------------------------------------------------------------------------


@dataclass_transform(field_specifiers=(msgspec.field,), kw_only_default=True)
class Shape(msgspec.Struct, kw_only=True, omit_defaults=True, tag_field="type"):
    """Base of items and parts: told apart by `type`, and what is at its default is not sent."""


class InputText(Shape, kw_only=True, tag="input_text"):
    """Text of a user or a tool."""

    text: str


class PlainText(Shape, kw_only=True, tag="text"):
    """Text, as some clients call it."""

    text: str


class OutputText(Shape, kw_only=True, omit_defaults=False, tag="output_text"):
    """Text of the assistant."""

    text: str
    annotations: list[Any] | None = []
    logprobs: list[Any] | None = []


class Refusal(Shape, kw_only=True, tag="refusal"):
    """What an assistant said instead of an answer."""

    refusal: str


class InputImage(Shape, kw_only=True, tag="input_image"):
    """A picture at a data URL or web address. `detail` is ignored."""

    image_url: str | ImageURL | None = None
    file_id: str | None = None
    detail: str | None = None


class PlainImage(InputImage, kw_only=True, tag="image"):
    """A picture, as some clients call it."""


class InputAudio(Shape, kw_only=True, tag="input_audio"):
    """Sound."""

    input_audio: AudioData | None = None
    audio_url: str | None = None


class PlainAudio(InputAudio, kw_only=True, tag="audio"):
    """Sound, as some clients call it."""


class InputFile(Shape, kw_only=True, tag="input_file"):
    """A file: its content as base64 or data URL, or where it is."""

    file_data: str | None = None
    filename: str | None = None
    file_url: str | None = None
    file_id: str | None = None


Part = InputText | PlainText | OutputText | Refusal | InputImage | PlainImage | InputAudio | PlainAudio | InputFile
PART_KINDS = frozenset("input_text text output_text refusal input_image image input_audio audio input_file".split())


class SummaryText(Shape, kw_only=True, tag="summary_text"):
    """Reasoning as it is shown."""

    text: str


class ReasoningText(Shape, kw_only=True, tag="reasoning_text"):
    """Reasoning as it was."""

    text: str


# --- items ------------------------------------------------------------------------------------------------------


class Item(Shape, kw_only=True):
    """Base of items. `status` is in_progress, completed or incomplete; that of a request is not looked at."""

    id: str | None = None
    status: Any = None


class MessageItem(Item, kw_only=True, tag="message"):
    """One message. Items without `type` are messages too."""

    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[Part]
    phase: Any = None


class FunctionCallItem(Item, kw_only=True, tag="function_call"):
    """A call of a function, its arguments as JSON text."""

    call_id: str
    name: str
    arguments: str
    namespace: str | None = None


class FunctionOutputItem(Item, kw_only=True, tag="function_call_output"):
    """What a function answered: text, parts, or any other JSON."""

    call_id: str
    output: Any


class CustomCallItem(Item, kw_only=True, tag="custom_tool_call"):
    """A call of a tool that takes free text."""

    call_id: str
    name: str
    input: str
    namespace: str | None = None


class CustomOutputItem(FunctionOutputItem, kw_only=True, tag="custom_tool_call_output"):
    """What such a tool answered."""


class ReasoningItem(Item, kw_only=True, tag="reasoning"):
    """What the model thought. `encrypted_content` is for clients that keep the conversation themselves."""

    summary: list[SummaryText] | None = None
    content: list[ReasoningText | PlainText] | None = None
    encrypted_content: str | None = None


class ReferenceItem(Item, kw_only=True, tag="item_reference"):
    """An item of a stored response, by its id."""


class MoreToolsItem(Item, kw_only=True, tag="additional_tools"):
    """Further tools to offer."""

    tools: list[dict[str, Any]]


ITEMS: dict[str, type[Item]] = {
    "message": MessageItem,
    "function_call": FunctionCallItem,
    "function_call_output": FunctionOutputItem,
    "custom_tool_call": CustomCallItem,
    "custom_tool_call_output": CustomOutputItem,
    "reasoning": ReasoningItem,
    "item_reference": ReferenceItem,
    "additional_tools": MoreToolsItem,
}
# Ids begin with these, as OpenAI's do.
ID_PREFIXES: dict[type[Item], str] = {
    MessageItem: "msg_",
    FunctionCallItem: "fc_",
    FunctionOutputItem: "fco_",
    CustomCallItem: "ctc_",
    CustomOutputItem: "ctco_",
    ReasoningItem: "rs_",
}

OutputItem = MessageItem | FunctionCallItem | CustomCallItem | ReasoningItem
