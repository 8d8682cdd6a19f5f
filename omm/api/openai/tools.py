"""Tools, thinking and formats as OpenAI's routes take them → internal values. Knows the wire, not the engine.

Names, schemas and whether a choice fits the tools are checked in the service.
"""

from __future__ import annotations

from typing import Any

import msgspec

from omm.api import options
from omm.api.openai.parts import Model
from omm.api.openai.schema import (
    Effort,
    FunctionCallBody,
    ObjectFormat,
    ResponseFormat,
    SchemaFormat,
    TextFormat,
    ToolCallBody,
)
from omm.errors import InvalidRequest
from omm.types import JSONSchema, Think, Tool, ToolCall

EFFORTS: dict[str, Think] = {
    "none": False,
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "max",
    "max": "max",
    "ultra": "max",
}

# --- tools ------------------------------------------------------------------------------------------------------


def tools(specs: list[dict[str, Any]] | None) -> tuple[Tool, ...]:
    """Functions in the form of chat completions. Raises InvalidRequest."""
    return tuple(_tool(spec, f"tools[{index}]") for index, spec in enumerate(specs or ()))


def _tool(spec: dict[str, Any], path: str) -> Tool:
    if spec.get("type", "function") != "function":
        raise InvalidRequest("only tools of type function are supported", param=f"{path}.type")
    function = spec.get("function")
    if not isinstance(function, dict):
        raise InvalidRequest(
            'each tool must have the form {"type": "function", "function": {"name": …}}', param=f"{path}.function"
        )
    return function_tool(function, f"{path}.function")


def functions(definitions: list[dict[str, Any]] | None) -> tuple[Tool, ...]:
    """Functions in the form from before there were tools. Raises InvalidRequest."""
    return tuple(function_tool(function, f"functions[{i}]") for i, function in enumerate(definitions or ()))


def function_tool(function: dict[str, Any], path: str) -> Tool:
    """A tool of a definition with `name`, `description`, `parameters` and `strict`; nulls are absent.

    Raises:
        InvalidRequest: it has no name; `path` is the JSON path for that.
    """
    given = {key: value for key, value in function.items() if value is not None}
    name = given.get("name")
    if not isinstance(name, str) or not name:
        raise InvalidRequest("a function must have a name", param=f"{path}.name")
    given.setdefault("parameters", {"type": "object", "properties": {}})
    return Tool(name=name, spec={"type": "function", "function": given})


def tool_calls(bodies: list[ToolCallBody] | None) -> tuple[ToolCall, ...]:
    """Earlier calls of the model."""
    return tuple(tool_call(body.id or "", body.function, index) for index, body in enumerate(bodies or ()))


def tool_call(call_id: str, body: FunctionCallBody, index: int = 0) -> ToolCall:
    """An earlier call of the model."""
    return ToolCall(id=call_id, name=body.name, arguments=arguments(body.arguments), index=index)


def arguments(text: str | None) -> dict[str, Any] | str:
    """The object that a JSON text holds; other texts as they are."""
    if not text or not text.strip():
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return text


# --- thinking ---------------------------------------------------------------------------------------------------


def think(effort: str | None, reasoning: Effort | None, extension: Any, model: Model) -> Think | None:
    """`reasoning_effort`, or `reasoning`, or Ollama's `think`. An effort means nothing to a model that cannot think.

    Raises:
        InvalidRequest: an unknown level.
    """
    name, path = (effort, "reasoning_effort") if effort else (reasoning and reasoning.effort, "reasoning.effort")
    if not name:
        return options.think(extension)
    if name not in EFFORTS:
        raise InvalidRequest(f"invalid effort {name!r}; known are {', '.join(EFFORTS)}", param=path)
    return EFFORTS[name] if "thinking" in model.abilities else None


# --- formats ----------------------------------------------------------------------------------------------------


def output_format(wanted: ResponseFormat | None, extension: Any) -> str | JSONSchema | None:
    """`response_format`, or Ollama's `format`. Raises InvalidRequest."""
    match wanted:
        case None:
            return options.output_format(extension)
        case TextFormat():
            return None
        case ObjectFormat():
            return "json"
        case SchemaFormat():
            return "json" if wanted.json_schema.schema is None else wanted.json_schema.schema


def is_strict(wanted: ResponseFormat | None) -> bool:
    """Whether a schema is refused when not all of it can be held."""
    return not isinstance(wanted, SchemaFormat) or wanted.json_schema.strict is True
