"""Model text → events: reasoning and tool calls told apart from the answer. One file per output dialect."""

from __future__ import annotations

from typing import Protocol

from omm.chat.parsers.hermes import HermesParser
from omm.chat.parsers.plain import PlainParser
from omm.types import Event, TextDelta, Think, Tool


class Parser(Protocol):
    """Reads the text of one answer piece by piece; any split gives the same events. Never raises on model output."""

    def feed(self, delta: TextDelta) -> list[Event]: ...

    def flush(self) -> list[Event]: ...


def parser_for(template: str, prompt: str, tools: tuple[Tool, ...], think: Think | None) -> Parser:
    """Choose the dialect by the markers in the template; `prompt` tells whether reasoning has begun already."""
    has_thinking = think is not None and "</think>" in template
    has_tools = bool(tools) and "<tool_call>" in template
    if not has_thinking and not has_tools:
        return PlainParser()
    starts_inside = has_thinking and prompt.rstrip().endswith("<think>")
    return HermesParser(thinking=has_thinking, tools=has_tools, is_thinking=starts_inside)


def thinking_end(template: str) -> str:
    """The marker after which the answer begins, empty when the template knows no reasoning."""
    return "</think>" if "</think>" in template else ""
