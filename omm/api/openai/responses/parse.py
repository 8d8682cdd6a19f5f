"""A responses request → an internal one, and the object that its answer begins as. Knows the wire, not the engine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import msgspec

from omm.api.errors import MissingParameter, UnsupportedParameter
from omm.api.openai import parse as openai
from omm.api.openai.parts import Model
from omm.api.openai.render import new_id
from omm.api.openai.responses import conversation, offer
from omm.api.openai.responses.inputs import Entry
from omm.api.openai.responses.items import MoreToolsItem
from omm.api.openai.responses.offer import Offer
from omm.api.openai.responses.schema import (
    FlatSchemaFormat,
    ReasoningBody,
    ReasoningReply,
    ResponseReply,
    ResponsesBody,
    TextBody,
)
from omm.api.openai.schema import NamedSchema, ResponseFormat, SchemaFormat, TextFormat
from omm.errors import InvalidRequest
from omm.service import loading
from omm.types import ChatRequest, ModelRecord

WITH_LOGPROBS = "message.output_text.logprobs"
WITH_REASONING = "reasoning.encrypted_content"
_REFUSED = ("conversation", "prompt", "moderation")


@dataclass(frozen=True, slots=True)
class Turn:
    """A request, read: what to ask the model, the conversation it is asked about, and the tools it may call."""

    request: ChatRequest
    entries: list[Entry]
    offer: Offer


def check(body: ResponsesBody) -> None:
    """Raises InvalidRequest for what is never supported, and for no input."""
    if body.background:
        raise UnsupportedParameter("responses in the background are not supported", param="background")
    for name in _REFUSED:
        if getattr(body, name) is not None:
            raise UnsupportedParameter(f"{name} is not supported", param=name)
    if body.input is None and not body.previous_response_id:
        raise MissingParameter("input is required", param="input")
    if not body.input and not body.previous_response_id:
        raise InvalidRequest("input must not be empty", param="input")


def turn(body: ResponsesBody, model: Model, entries: list[Entry]) -> Turn:
    """Raises InvalidRequest, and Unsupported for content that the model cannot take."""
    offered = _offer(body, entries)
    kept = [entry for entry in entries if not isinstance(entry.item, MoreToolsItem)]
    messages = conversation.messages(body.instructions, kept, model)
    if not messages:
        raise InvalidRequest("input has no message", param="input")
    has_logprobs = WITH_LOGPROBS in (body.include or ())
    request = ChatRequest(
        **openai.generation(body, model, max_tokens=body.max_output_tokens, response_format=_format(body.text)),
        messages=messages,
        tools=tuple(offered.tools),
        tool_choice=offer.tool_choice(body.tool_choice, offered),
        parallel_tool_calls=body.parallel_tool_calls,
        truncate=body.truncation == "auto" or None,
        logprobs=has_logprobs,
        top_logprobs=(body.top_logprobs or 0) if has_logprobs else 0,
    )
    return Turn(request, kept, offered)


def _offer(body: ResponsesBody, entries: list[Entry]) -> Offer:
    offered = Offer()
    offered.add(body.tools or (), "tools")
    for entry in entries:
        if isinstance(entry.item, MoreToolsItem):
            offered.add(entry.item.tools, f"{entry.path}.tools")
    return offered


def _format(text: TextBody | None) -> ResponseFormat | None:
    wanted = text.format if text else None
    if not isinstance(wanted, FlatSchemaFormat):
        return wanted
    named = {name: getattr(wanted, name) for name in NamedSchema.__struct_fields__}
    return SchemaFormat(json_schema=NamedSchema(**named))


def draft(body: ResponsesBody, record: ModelRecord, asked: Turn, *, is_stored: bool) -> ResponseReply:
    """The response object before there is an answer."""
    sampling = loading.effective(asked.request.options, record)
    reasoning = body.reasoning or ReasoningBody()
    return ResponseReply(
        id=new_id("resp_"),
        created_at=int(time.time()),
        model=body.model,
        instructions=body.instructions,
        previous_response_id=body.previous_response_id,
        tools=asked.offer.echo,
        tool_choice=offer.choice_echo(body.tool_choice),
        parallel_tool_calls=body.parallel_tool_calls is not False,
        store=is_stored,
        text=_text_echo(body.text),
        truncation=body.truncation or "disabled",
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        presence_penalty=sampling.presence_penalty,
        frequency_penalty=sampling.frequency_penalty,
        top_logprobs=body.top_logprobs or 0,
        reasoning=ReasoningReply(effort=reasoning.effort, summary=reasoning.summary or reasoning.generate_summary),
        max_output_tokens=body.max_output_tokens,
        max_tool_calls=body.max_tool_calls,
        metadata=body.metadata or {},
        user=body.user,
        safety_identifier=body.safety_identifier,
        prompt_cache_key=body.prompt_cache_key,
    )


def _text_echo(text: TextBody | None) -> dict[str, Any]:
    shape = (text and text.format) or TextFormat()
    echo: dict[str, Any] = {"format": msgspec.to_builtins(shape)}
    if text and text.verbosity:
        echo["verbosity"] = text.verbosity
    return echo
