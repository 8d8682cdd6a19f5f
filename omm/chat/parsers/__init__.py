"""Model text → events: reasoning and tool calls told apart from the answer. One file per output dialect."""

from __future__ import annotations

from typing import Protocol

from omm.chat.parsers.hermes import CALL, END_THINK, THINK, HermesParser
from omm.chat.parsers.plain import PlainParser
from omm.types import Event, TextDelta, Think, Tool


class Parser(Protocol):
    """Reads the text of one answer piece by piece; any split gives the same events. Never raises on model output."""

    def feed(self, delta: TextDelta) -> list[Event]: ...

    def flush(self) -> list[Event]: ...


def parser_for(template: str, prompt: str, tools: tuple[Tool, ...], think: Think | None) -> Parser:
    """Choose the dialect by the markers in the template; `prompt` tells whether reasoning has begun already."""
    has_thinking = think is not None and END_THINK in template
    has_tools = bool(tools) and CALL in template
    if not has_thinking and not has_tools:
        return PlainParser()
    return HermesParser(thinking=has_thinking, tools=has_tools, is_thinking=has_thinking and _is_thinking(prompt))


def thinking_markers(template: str, prompt: str) -> tuple[str, str]:
    """The markers around reasoning still to come: the first is empty when the prompt ends with it, both without any."""
    if END_THINK not in template:
        return "", ""
    return "" if _is_thinking(prompt) else THINK, END_THINK


def _is_thinking(prompt: str) -> bool:
    return prompt.rstrip().endswith(THINK)
