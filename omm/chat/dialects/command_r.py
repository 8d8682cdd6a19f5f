"""Command R and R+: `Action:` and a JSON array in a code fence.

The tool `directly-answer` means that none is called. Source: the chat template "tool_use" of Command R+.
"""

from __future__ import annotations

from typing import Any

from omm.chat.dialects.calls import json_text
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, Trim, json_or_none
from omm.chat.dialects.thinking import thought_if_closed

ACTION = "Action:"
DROPPED = ("<|CHATBOT_TOKEN|>", "<|END_OF_TURN_TOKEN|>")
NO_CALL = "directly-answer"


def read(reader: Reader) -> Steps[None]:
    """Answer text, then calls."""
    yield from thought_if_closed(reader, THINK, END_THINK)
    actions = (ACTION,) if reader.context.tools else ()
    while marker := (yield from reader.until(*DROPPED, *actions, into=reader.say, trim=Trim.BLANKS)):
        if marker == ACTION:
            reader.mark(ACTION)
            yield from _calls(reader)


def _calls(reader: Reader) -> Steps[None]:
    """The array behind `ACTION`, read as a whole, as an action may turn out to be none; what is malformed is text."""
    fence = yield from reader.starts("```json", "```")
    yield from reader.skip_blanks()
    is_json = (yield from reader.peek()) in ("[", "{")
    actions = _actions(json_or_none((yield from json_text(reader)))) if is_json else None
    if actions is None:
        yield from reader.give_back()
        return
    for name, arguments in actions:
        if name != NO_CALL:
            reader.call(name, arguments)
    if fence:
        yield from reader.starts("```")
    yield from reader.skip_blanks()


def _actions(value: Any) -> list[tuple[str, dict[str, Any]]] | None:
    """The names and parameters of actions; None when something else is among them."""
    actions: list[tuple[str, dict[str, Any]]] = []
    for action in value if isinstance(value, list) else [value]:
        name = action.get("tool_name") if isinstance(action, dict) else None
        parameters = action.get("parameters", {}) if isinstance(action, dict) else None
        if not isinstance(name, str) or not name or not isinstance(parameters, dict):
            return None
        actions.append((name, parameters))
    return actions or None
