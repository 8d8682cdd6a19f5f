"""Messages in the plain form of chat templates: dicts with role, content, tool_calls and the rest.

Source: Hugging Face Transformers, "Chat templates" and "Tool use".
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from omm.types import Message, ToolCall

Turn = dict[str, Any]

# Templates read a turn's reasoning under one of these; the first is the usual one.
THINKING_FIELDS = ("reasoning_content", "thinking", "reasoning", "thought")


@dataclasses.dataclass(frozen=True, slots=True)
class Conversation:
    """What a template is rendered with: turns, and variables such as `tools`."""

    turns: tuple[Turn, ...]
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)

    def with_turns(self, turns: Iterable[Turn]) -> Conversation:
        """The same with other turns."""
        return Conversation(tuple(turns), self.variables)

    def arguments(self) -> dict[str, Any]:
        """All variables of the template."""
        return {**self.variables, "messages": list(self.turns)}


def turns_of(messages: Sequence[Message], fields: Iterable[str] = THINKING_FIELDS[:1]) -> tuple[Turn, ...]:
    """Messages as dicts, reasoning under each of `fields`; a tool's result has the name and id of its call."""
    return tuple(_turn(message, tuple(fields)) for message in _paired(messages))


def _turn(message: Message, fields: tuple[str, ...]) -> Turn:
    turn: Turn = {"role": message.role, "content": message.content}
    if message.thinking:
        turn |= dict.fromkeys(fields, message.thinking)
    if message.tool_calls:
        turn["tool_calls"] = [_tool_call(call) for call in message.tool_calls]
    if message.tool_name:
        turn["name"] = message.tool_name
    if message.tool_call_id:
        turn["tool_call_id"] = message.tool_call_id
    return turn


def _tool_call(call: ToolCall) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _paired(messages: Sequence[Message]) -> Iterator[Message]:
    """Messages whose calls have ids, and whose results say which call they answer: by id, by name, or the next."""
    waiting: list[ToolCall] = []
    numbers = itertools.count()
    for message in messages:
        if message.tool_calls:
            calls = [_with_id(call, next(numbers)) for call in message.tool_calls]
            waiting = list(calls)
            message = msgspec.structs.replace(message, tool_calls=tuple(calls))
        elif message.role == "tool" and (call := _answered(message, waiting)):
            waiting.remove(call)
            name = message.tool_name or call.name
            message = msgspec.structs.replace(message, tool_name=name, tool_call_id=call.id)
        yield message


def _with_id(call: ToolCall, number: int) -> ToolCall:
    return call if call.id else msgspec.structs.replace(call, id=f"call_{number}")


def _answered(result: Message, waiting: list[ToolCall]) -> ToolCall | None:
    if result.tool_call_id:
        return next((call for call in waiting if call.id == result.tool_call_id), None)
    return next((call for call in waiting if result.tool_name in (None, call.name)), None)
