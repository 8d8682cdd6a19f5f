"""Messages and tools → prompt, by a template in Go's language.

What the template sees is what Ollama shows it: the messages with neighbours of one role merged, all system texts,
the tools. Older templates know one exchange only and are run once for each.
Source: Ollama, "Template variables" and its template package.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from omm.chat import gotemplate
from omm.chat.gotemplate import JSONList, JSONMap, OrderedMap, Struct, Template
from omm.types import Message, Think, Tool, ToolCall

_TOOL_KEYS = ("type", "items", "function")
_FUNCTION_KEYS = ("name", "description", "parameters")
_PARAMETERS_KEYS = ("type", "$defs", "items", "required", "properties")
_PROPERTY_KEYS = ("anyOf", "type", "items", "description", "enum", "properties", "required")
_END = "\ufdd1"  # a noncharacter: no text may hold it
_THOUGHTS = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)


def render(
    source: str,
    messages: Sequence[Message],
    *,
    tools: Sequence[Tool] = (),
    think: Think | None = None,
    suffix: str | None = None,
) -> str:
    """The prompt's text, ending where the assistant goes on: a final assistant message is continued.

    With a `suffix`, the last message is the text before the gap and the others are not shown.

    Raises:
        gotemplate.TemplateError: the template is broken or fails.
    """
    template = compiled(source)
    # NOTE: gpt-oss was trained on three levels.
    thinking = _thinking("high" if think == "max" and "<|channel|>" in source else think)
    if suffix:
        prompt = messages[-1].content if messages else ""
        return template.execute({"Prompt": prompt, "Suffix": suffix, "Response": "", **thinking})
    if '"developer"' not in source:
        messages = [_as_system(message) for message in messages]
    if thinking_tags(template)[0] == "<think>":
        messages = _without_thoughts(messages)
    turns = collate(messages)
    if "messages" in template.fields():
        return _rendered(template, turns, {"Tools": _tools(tools), "Response": "", **thinking})
    return _exchanges(template, turns, thinking)


@functools.lru_cache(maxsize=64)
def compiled(source: str) -> Template:
    """Parse a template; one that has no place for the answer gets it at its end.

    Raises:
        gotemplate.TemplateError: the template is broken.
    """
    template = gotemplate.parse(source)
    if template.fields().isdisjoint(("messages", "response")):
        return gotemplate.parse(source + "{{ .Response }}")
    return template


def thinking_tags(template: Template) -> tuple[str, str]:
    """What stands before and after the thinking text of a message; empty when the template has no such place."""
    before, after = template.around("Thinking", within="Messages")
    return (before.strip().splitlines() or [""])[-1], (after.strip().splitlines() or [""])[0]


def abilities(source: str) -> frozenset[str]:
    """What a template lets a model do: of "tools", "insert" and "thinking". A broken one, nothing.

    Source: Ollama's capability detection.
    """
    try:
        template = compiled(source)
    except gotemplate.TemplateError:
        return frozenset()
    fields = template.fields()
    has = {"tools": "tools" in fields, "insert": "suffix" in fields, "thinking": all(thinking_tags(template))}
    return frozenset(name for name, is_there in has.items() if is_there)


def takes_suffix(source: str) -> bool:
    """Whether a template knows how to fill the gap before a text."""
    return "insert" in abilities(source)


def collate(messages: Iterable[Message]) -> list[Message]:
    """Merge neighbours of one role, tool results apart."""
    merged: list[Message] = []
    for message in messages:
        if merged and merged[-1].role == message.role != "tool":
            merged[-1] = _joined(merged[-1], message)
        else:
            merged.append(message)
    return merged


def _joined(first: Message, second: Message) -> Message:
    return msgspec.structs.replace(
        first,
        content="\n\n".join(filter(None, (first.content, second.content))),
        thinking="\n\n".join(filter(None, (first.thinking, second.thinking))),
        images=(*first.images, *second.images),
        tool_calls=(*first.tool_calls, *second.tool_calls),
    )


def _as_system(message: Message) -> Message:
    """A developer's instructions as system text, for templates that know no developer."""
    return msgspec.structs.replace(message, role="system") if message.role == "developer" else message


def _without_thoughts(messages: Sequence[Message]) -> list[Message]:
    """Drop the thinking that stands in the contents of answers before the last question."""
    last = max((index for index, message in enumerate(messages) if message.role == "user"), default=0)
    return [
        msgspec.structs.replace(message, content=_THOUGHTS.sub("", message.content, count=1))
        if message.role == "assistant" and index < last and _THOUGHTS.match(message.content)
        else message
        for index, message in enumerate(messages)
    ]


# --- the two ways to run a template -----------------------------------------------------------------------------


def _rendered(template: Template, turns: list[Message], values: dict[str, Any]) -> str:
    """Run a template that lists the messages itself, and cut behind an answer that is to be continued."""
    last = turns[-1] if turns else None
    if last is None or last.role != "assistant" or last.tool_calls or not last.content:
        return template.execute(_conversation(turns) | values)
    # NOTE: many templates close every turn, also the last, so its content is rendered with a mark behind it.
    ending = msgspec.structs.replace(last, content=last.content + _END)
    text, found, _ = template.execute(_conversation([*turns[:-1], ending]) | values).rpartition(_END)
    return text if found else template.execute(_conversation(turns[:-1]) | values) + last.content


def _conversation(turns: list[Message]) -> dict[str, Any]:
    system = "\n\n".join(turn.content for turn in turns if turn.role == "system")
    last = len(turns) - 1
    return {"System": system, "Messages": JSONList(_message(turn, at == last) for at, turn in enumerate(turns))}


def _exchanges(template: Template, turns: list[Message], thinking: dict[str, Any]) -> str:
    """Run a template of one exchange for each there is; the last ends with the answer's beginning."""
    written: list[str] = []
    exchange = {"System": "", "Prompt": "", "Response": ""}
    for turn in turns:
        is_started = exchange["Response"] or (turn.role == "system" and exchange["Prompt"])
        if is_started and turn.role in ("system", "user"):
            written.append(template.execute(exchange | thinking))
            exchange = dict.fromkeys(exchange, "")
        match turn.role:
            case "system":
                exchange["System"] = turn.content
            case "user":
                exchange["Prompt"] = turn.content
            case "assistant":
                exchange["Response"] = turn.content
    written.append(template.until("Response").execute(exchange | thinking))
    return "".join(written)


# --- what templates see -----------------------------------------------------------------------------------------


def _thinking(think: Think | None) -> dict[str, Any]:
    level = "medium" if think is True else think or ""
    return {"Think": bool(think), "ThinkLevel": level, "IsThinkSet": think is not None}


def _message(message: Message, is_last: bool) -> Struct:
    images = [base64.b64encode(image).decode("ascii") for image in message.images]
    calls = JSONList(_tool_call(call) for call in message.tool_calls)
    wire = {"role": message.role, "content": message.content}
    optional = {
        "thinking": message.thinking,
        "images": images,
        "tool_calls": calls,
        "tool_name": message.tool_name,
        "tool_call_id": message.tool_call_id,
    }
    fields = {
        "Role": message.role,
        "Content": message.content,
        "Thinking": message.thinking,
        "Images": images,
        "ToolCalls": calls,
        "ToolName": message.tool_name or "",
        "ToolCallID": message.tool_call_id or "",
        "Last": is_last,
    }
    return Struct(fields, wire | {name: value for name, value in optional.items() if value})


def _tool_call(call: ToolCall) -> Struct:
    arguments = JSONMap(call.arguments) if isinstance(call.arguments, dict) else call.arguments
    wire = {"index": call.index, "name": call.name, "arguments": arguments}
    function = Struct({"Index": call.index, "Name": call.name, "Arguments": arguments}, wire)
    head = {"id": call.id} if call.id else {}
    return Struct({"ID": call.id, "Function": function}, {**head, "function": function})


def _tools(tools: Iterable[Tool]) -> JSONList:
    return JSONList(_tool(tool.spec) for tool in tools)


def _tool(spec: dict[str, Any]) -> Struct:
    return _struct(spec, _TOOL_KEYS, {"Function": _function(_object(spec.get("function")))})


def _function(spec: dict[str, Any]) -> Struct:
    parameters = _object(spec.get("parameters"))
    properties = JSONMap({name: _property(schema) for name, schema in _object(parameters.get("properties")).items()})
    inner = _struct(parameters, _PARAMETERS_KEYS, {"Properties": properties})
    return _struct(spec, _FUNCTION_KEYS, {"Parameters": inner})


def _property(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    parts: dict[str, Any] = {"AnyOf": [_property(choice) for choice in _list(schema.get("anyOf"))]}
    nested = {name: _property(inner) for name, inner in _object(schema.get("properties")).items()}
    # NOTE: inner properties keep their order, where those of the function are sorted.
    return _struct(schema, _PROPERTY_KEYS, parts | {"Properties": OrderedMap(nested)})


def _struct(spec: Mapping[str, Any], keys: Sequence[str], parts: Mapping[str, Any]) -> Struct:
    """A JSON object as a Go struct: `keys` first and in order, then what Ollama would drop.

    `parts` replace the values that are structs themselves.
    """
    names = {key: _go_name(key) for key in keys}
    fields = {name: parts.get(name, spec.get(key)) for key, name in names.items()}
    known = {key: parts.get(name, spec[key]) for key, name in names.items() if key in spec}
    return Struct(fields, known | {key: value for key, value in spec.items() if key not in known})


def _go_name(key: str) -> str:
    bare = key.removeprefix("$")
    return bare[:1].upper() + bare[1:]


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
