"""What a dialect makes of a text, the same however the text is cut. For tests: text in, joined events out."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from omm.chat.dialects import DIALECTS, Context, Parser
from omm.types import Event, TextDelta, ThinkingDelta, TokenLogprob, Tool, ToolCall, ToolCallDelta

Joined = list[tuple[Any, ...]]
"""("thinking", text), ("text", text) and ("call", name, arguments); the call's id comes last when asked for."""

NUM_RANDOM_CUTS = 100


class Loud(logging.Handler):
    """Raises what a parser caught: it never raises on a model's output, and a dialect should not have to be caught."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            raise record.exc_info[1]


logging.getLogger("omm.chat.dialects").addHandler(Loud())


def tool(name: str, **properties: Any) -> Tool:
    """A tool whose parameters have these schemas."""
    parameters = {"type": "object", "properties": properties}
    return Tool(name=name, spec={"type": "function", "function": {"name": name, "parameters": parameters}})


TOOLS = (
    tool("tide", port={"type": "string"}, days={"type": "integer"}),
    tool("moon"),
    tool(
        "book",
        title={"type": "string"},
        pages={"type": "integer"},
        weight={"type": "number"},
        is_new={"type": "boolean"},
        tags={"type": "array", "items": {"type": "string"}},
        author={"type": "object", "properties": {"name": {"type": "string"}, "born": {"type": "integer"}}},
        note={"type": ["string", "null"]},
        shelf={"anyOf": [{"type": "integer"}, {"type": "null"}]},
        size={"anyOf": [{"type": "number"}, {"type": "string"}]},
        kind={"enum": ["novel", "poem"]},
    ),
)
"""Offered unless a test says otherwise: one with two arguments, one with none, one with every type."""


def events(
    dialect: str,
    text: str,
    *,
    tools: Sequence[Tool] = TOOLS,
    prompt: str = "",
    is_thinking: bool = False,
    ids: bool = False,
) -> Joined:
    """The joined events of a whole text, and the assertion that every way of cutting it gives the same."""
    context = Context(tools=tuple(tools), prompt=prompt, is_thinking=is_thinking)
    whole = joined(read(dialect, [text], context))
    for pieces in cuts(text):
        assert joined(read(dialect, pieces, context)) == whole, pieces
    return whole if ids else [event[:3] for event in whole]


def cuts(text: str) -> Iterable[list[str]]:
    """The text in two pieces at every place, in single characters, and in pieces at random."""
    for at in range(1, len(text)):
        yield [text[:at], text[at:]]
    yield list(text)
    choice = random.Random(text)
    for _ in range(NUM_RANDOM_CUTS):
        places = sorted(choice.sample(range(len(text) + 1), k=min(choice.randint(2, 12), len(text) + 1)))
        yield [text[start:end] for start, end in pairwise([0, *places, len(text)])]


def read(dialect: str, pieces: Iterable[str], context: Context) -> list[Event]:
    """The events as they come; log-probabilities keep their order, none comes twice. Made-up ids are `new-0` and on."""
    read = next(row.read for row in DIALECTS if row.name == dialect)
    parser = Parser(read, context, lambda name, number: f"new-{number}")
    made: list[Event] = []
    pieces = list(pieces)
    for piece in pieces:
        made += parser.feed(TextDelta(text=piece, logprobs=(TokenLogprob(token=piece, logprob=0.0, data=b""),)))
    made += parser.flush()
    told = [entry.token for event in made if isinstance(event, TextDelta | ThinkingDelta) for entry in event.logprobs]
    left = iter(pieces)
    assert all(token in left for token in told)
    return made


def joined(made: Iterable[Event]) -> Joined:
    """Adjacent pieces put together. Each call must be told in order: its name, its arguments' pieces, the whole."""
    whole: Joined = []
    begun: ToolCallDelta | None = None
    pieces: list[str] = []
    for event in made:
        match event:
            case TextDelta(text=text) | ThinkingDelta(text=text):
                kind = "text" if isinstance(event, TextDelta) else "thinking"
                assert begun is None or not text, "an answer within a call"
                if whole and whole[-1][0] == kind:
                    whole[-1] = (kind, whole[-1][1] + text)
                elif text:
                    whole.append((kind, text))
            case ToolCallDelta() if begun is None:
                assert event.arguments == ""
                begun, pieces = event, []
            case ToolCallDelta():
                assert (event.index, event.id, event.name) == (begun.index, begun.id, begun.name)
                assert event.arguments
                pieces.append(event.arguments)
            case ToolCall():
                assert begun is not None
                assert (event.index, event.id, event.name) == (begun.index, begun.id, begun.name)
                _same_arguments("".join(pieces), event.arguments)
                assert event.index == sum(kind == "call" for kind, *_ in whole)
                whole.append(("call", event.name, event.arguments, event.id))
                begun = None
            case _:
                raise AssertionError(event)
    assert begun is None, "a call that never ends"
    return whole


def _same_arguments(told: str, arguments: dict[str, Any] | str) -> None:
    assert arguments == (told if isinstance(arguments, str) else json.loads(told or "{}", strict=False))


BOOK: dict[str, Any] = {
    "title": 'Ærø, "the tide" 🌊 {\\}\n\tand </think> more',
    "pages": 312,
    "weight": 0.75,
    "is_new": True,
    "tags": ["hav", "måne 月", "]"],
    "author": {"name": "Søren", "born": 1901},
    "note": None,
}
"""Arguments of every type for `book`, nested and beyond ASCII."""
