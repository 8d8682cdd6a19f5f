"""Events → Anthropic's shapes. Knows the wire, not the engine.

Source: Anthropic Messages API reference, streaming.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import UNSET

from omm.api.anthropic import parse, signature
from omm.api.anthropic.schema import (
    BlockDelta,
    BlockStart,
    BlockStop,
    ContentReply,
    InputMore,
    MessageDelta,
    MessageReply,
    MessagesBody,
    MessageStart,
    MessageStop,
    OutputDetails,
    Ping,
    Signature,
    Stop,
    StopReason,
    StreamEvent,
    TextMore,
    TextReply,
    ThinkingMore,
    ThinkingReply,
    ToolUseReply,
    UsageReply,
)
from omm.api.anthropic.turns import CALL_ID
from omm.api.wire import encode
from omm.errors import OmmError
from omm.types import (
    ChatRequest,
    Event,
    Finished,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
    Value,
)

PING_S = 10.0  # between signs of life, also while the model writes what the client does not want to see
ENGINE_ID = "call_"


class Form(Value):
    """What the client asked of the answer's shape, and the limits that tell why it ended."""

    model: str
    max_tokens: int
    stops: tuple[str, ...] = ()
    tells_cache: bool = False
    hides_thinking: bool = False


def form(body: MessagesBody, request: ChatRequest) -> Form:
    """The form of a request's answer."""
    return Form(
        model=body.model,
        max_tokens=body.max_tokens,
        stops=request.options.stop or (),
        tells_cache=parse.has_cache_control(body),
        hides_thinking=parse.hides_thinking(body),
    )


# --- whole answers ------------------------------------------------------------------------------------------------


def fold(events: Iterable[Event], form: Form) -> MessageReply:
    """One answer of all events."""
    thinking, text = "", ""
    calls: list[ToolCall] = []
    for event in events:
        match event:
            case ThinkingDelta():
                thinking += event.text
            case TextDelta():
                text += event.text
            case ToolCall():
                calls.append(event)
            case Finished():
                reply = _message(form, usage(event.usage, form))
                reply.content = _content(thinking, text, calls, form)
                reply.stop_reason = stop_reason(event, calls, form)
                reply.stop_sequence = stop_sequence(event, reply.stop_reason)
                return reply
    raise OmmError("the answer has no end")


def _message(form: Form, counts: UsageReply) -> MessageReply:
    counts.service_tier = "standard"
    return MessageReply(id=f"msg_{secrets.token_hex(12)}", model=form.model, usage=counts)


def _content(thinking: str, text: str, calls: Iterable[ToolCall], form: Form) -> list[ContentReply]:
    thoughts = ThinkingReply(thinking="" if form.hides_thinking else thinking, signature=_signature(thinking, form))
    return [
        *([thoughts] if thinking else []),
        *([TextReply(text=text, citations=None)] if text else []),
        *(ToolUseReply(id=_call_id(call.id), name=call.name, input=_input(call)) for call in calls),
    ]


def _signature(thinking: str, form: Form) -> str:
    return signature.carrying(thinking) if form.hides_thinking else signature.of_text(thinking)


def _call_id(engine_id: str) -> str:
    return CALL_ID + engine_id.removeprefix(ENGINE_ID)


def _input(call: ToolCall) -> dict[str, Any]:
    # WIRE: clients demand an object, so arguments that are no JSON travel as they are under one key.
    return call.arguments if isinstance(call.arguments, dict) else {"_raw": call.arguments}


# --- ends ---------------------------------------------------------------------------------------------------------


def usage(counts: Usage, form: Form) -> UsageReply:
    """What the answer cost. What came from the cache counts apart only for clients that speak of caching."""
    cached = counts.cached_tokens if form.tells_cache else 0
    thought = counts.reasoning_tokens
    return UsageReply(
        input_tokens=counts.prompt_tokens - cached,
        output_tokens=counts.output_tokens,
        cache_read_input_tokens=cached,
        output_tokens_details=OutputDetails(thinking_tokens=thought) if thought else UNSET,
    )


def stop_reason(end: Finished, calls: Iterable[ToolCall], form: Form) -> StopReason:
    """Why the answer ended; calls tell more than a limit, unless it cut one of them."""
    calls = list(calls)
    if end.reason == "length" and not (calls and all(isinstance(call.arguments, dict) for call in calls)):
        return "max_tokens" if end.usage.output_tokens >= form.max_tokens else "model_context_window_exceeded"
    if calls:
        return "tool_use"
    return "stop_sequence" if end.stop_sequence in form.stops else "end_turn"


def stop_sequence(end: Finished, reason: StopReason) -> str | None:
    """The client's text that ended the answer."""
    return end.stop_sequence if reason == "stop_sequence" else None


# --- streams ------------------------------------------------------------------------------------------------------


def stream(events: Iterator[Event], form: Form) -> Iterator[StreamEvent]:
    """The events of a stream. Where the first tells of the prompt, the start knows its size."""
    blocks = Blocks(form)
    calls: list[ToolCall] = []
    for number, event in enumerate(events):
        if number == 0:
            known = event if isinstance(event, PromptProgress) else PromptProgress(done=0, total=0)
            counts = Usage(prompt_tokens=known.total, cached_tokens=known.cached)
            yield MessageStart(message=_message(form, usage(counts, form)))
            yield Ping()
        match event:
            case PromptProgress():
                if number:
                    yield Ping()
            case Finished():
                yield from blocks.close()
                yield from _end(event, calls, form)
            case _:
                if isinstance(event, ToolCall):
                    calls.append(event)
                yield from blocks.write(event)


def _end(end: Finished, calls: list[ToolCall], form: Form) -> Iterator[StreamEvent]:
    reason = stop_reason(end, calls, form)
    stop = Stop(stop_reason=reason, stop_sequence=stop_sequence(end, reason))
    yield MessageDelta(delta=stop, usage=usage(end.usage, form))
    yield MessageStop()


def name_of(event: StreamEvent) -> str:
    """The event's name, which its JSON repeats as `type`."""
    return str(event.__struct_config__.tag)


class Blocks:
    """The content of an answer as it is written: one block after another, each begun and ended."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._index = -1
        self._open: str | int | None = None  # the kind of the block, or the number of its call
        self._thinking = ""
        self._has_input = False
        self._spoke = time.monotonic()

    def write(self, event: Event) -> Iterator[StreamEvent]:
        """One event's part."""
        match event:
            case TextDelta(text=text) if text:
                yield from self._begin("text", TextReply())
                yield self._more(TextMore(text=text))
            case ThinkingDelta(text=text) if text:
                yield from self._think(text)
            case ToolCallDelta():
                yield from self._call(event.index, event.id, event.name, event.arguments)
            case ToolCall():
                is_told = self._open == event.index and self._has_input
                text = "" if is_told else encode(_input(event)).decode()
                yield from self._call(event.index, event.id, event.name, text)
                yield from self.close()

    def close(self) -> Iterator[StreamEvent]:
        """End the block that is open, if one is."""
        if self._open == "thinking":
            yield self._more(Signature(signature=_signature(self._thinking, self._form)))
        if self._open is not None:
            yield BlockStop(index=self._index)
        self._open = None

    def _begin(self, key: str | int, block: ContentReply) -> Iterator[StreamEvent]:
        if self._open == key:
            return
        yield from self.close()
        self._open, self._thinking, self._has_input = key, "", False
        self._index += 1
        yield BlockStart(index=self._index, content_block=block)

    def _more(self, delta: TextMore | ThinkingMore | Signature | InputMore) -> BlockDelta:
        return BlockDelta(index=self._index, delta=delta)

    def _think(self, text: str) -> Iterator[StreamEvent]:
        yield from self._begin("thinking", ThinkingReply())
        self._thinking += text
        if not self._form.hides_thinking:
            yield self._more(ThinkingMore(thinking=text))
        elif time.monotonic() - self._spoke >= PING_S:
            self._spoke = time.monotonic()
            yield Ping()

    def _call(self, number: int, engine_id: str, name: str, arguments: str) -> Iterator[StreamEvent]:
        yield from self._begin(number, ToolUseReply(id=_call_id(engine_id), name=name))
        if arguments:
            self._has_input = True
            yield self._more(InputMore(partial_json=arguments))
