"""Anthropic's shapes → internal requests. Knows the wire, not the engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from omm.api import options
from omm.api.anthropic import turns
from omm.api.anthropic.schema import (
    AnyChoice,
    AutoChoice,
    Block,
    CountBody,
    NamedChoice,
    NoChoice,
    ThinkingOff,
    ThinkingOn,
    ToolBody,
)
from omm.api.anthropic.turns import Model
from omm.api.errors import MissingParameter, UnsupportedParameter
from omm.errors import InvalidRequest
from omm.types import ChatRequest, JSONSchema, Message, Options, Think, Tool, ToolChoice

# Where a request has what the service tells of by other names.
FIELDS = {"format": "output_config.format.schema", "stop": "stop_sequences"}
EFFORTS: dict[str, Think] = {"low": "low", "medium": "medium", "high": "high", "xhigh": "max", "max": "max"}


def chat_request(body: CountBody, model: Model) -> ChatRequest:
    """Raises InvalidRequest, and Unsupported for content that the model cannot take."""
    for name in ("container", "mcp_servers"):
        if getattr(body, name):
            raise UnsupportedParameter("is not supported: nothing is run on this server", param=name)
    think = thinking(body, model)
    tools = offered(body.tools or ())
    return ChatRequest(
        model=body.model,
        messages=messages(body, model, is_thinking=bool(think)),
        options=generation_options(body),
        format=output_format(body),
        think=think,
        thinking_budget=body.thinking.budget_tokens if think and isinstance(body.thinking, ThinkingOn) else None,
        tools=tools,
        tool_choice=tool_choice(body, tools),
        parallel_tool_calls=False if getattr(body.tool_choice, "disable_parallel_tool_use", None) else None,
        keep_alive_s=options.keep_alive(body.keep_alive),
    )


def generation_options(body: CountBody) -> Options:
    """A field of its own wins over `options`, which win over `parameters`. Raises InvalidRequest."""
    explicit = {
        "temperature": body.temperature,
        "top_p": body.top_p,
        "top_k": body.top_k,
        "num_predict": body.max_tokens,
        "stop": body.stop_sequences and [text for text in body.stop_sequences if text],
    }
    given = {name: value for name, value in explicit.items() if value is not None}
    typed = options.options(given, path="")
    extra = options.options({**(body.parameters or {}), **(body.options or {})})
    return msgspec.structs.replace(extra, **{name: getattr(typed, name) for name in given})


# --- messages -----------------------------------------------------------------------------------------------------


def messages(body: CountBody, model: Model, *, is_thinking: bool) -> tuple[Message, ...]:
    """The conversation; a last message of the assistant is what the answer goes on from.

    Raises:
        InvalidRequest, Unsupported: as `turns.conversation`; or there is nothing to answer or to go on from.
    """
    found = turns.conversation(body.system, body.messages, model)
    if not any(turn.role != "system" for turn in found):
        raise InvalidRequest("must not be empty", param="messages")
    if found[-1].role == "assistant":
        path = f"messages[{len(body.messages) - 1}]"
        if found[-1].tool_calls:
            raise InvalidRequest("the last message must not have calls without their results", param=path)
        if is_thinking:
            raise InvalidRequest("an answer cannot be begun for a model that is to think first", param=path)
    return tuple(found)


def has_cache_control(body: CountBody) -> bool:
    """Whether the client marks anything to be cached, and so expects to hear what was."""
    contents = [body.system, *(message.content for message in body.messages)]
    marked_tools = any(tool.cache_control for tool in body.tools or ())
    return bool(body.cache_control) or marked_tools or any(map(_is_marked, contents))


def _is_marked(content: str | list[Block] | None) -> bool:
    blocks = content if isinstance(content, list) else []
    return any(block.get("cache_control") or _is_marked(block.get("content")) for block in blocks)


# --- thinking and format ------------------------------------------------------------------------------------------


def thinking(body: CountBody, model: Model) -> Think | None:
    """Off unless asked for, as it changes the form of the answer; means nothing to a model that cannot think."""
    if "thinking" not in model.abilities:
        return None
    if body.thinking is None or isinstance(body.thinking, ThinkingOff):
        return False
    effort = body.output_config and body.output_config.effort
    return EFFORTS[effort] if effort else True


def hides_thinking(body: CountBody) -> bool:
    """Whether reasoning is to be left out, so that blocks of it have a signature only."""
    return getattr(body.thinking, "display", None) == "omitted"


def output_format(body: CountBody) -> JSONSchema | None:
    """The schema of the answer, in its newer or older place."""
    wanted = (body.output_config and body.output_config.format) or body.output_format
    return wanted.schema if wanted else None


# --- tools --------------------------------------------------------------------------------------------------------


def offered(specs: Iterable[ToolBody]) -> tuple[Tool, ...]:
    """The client's tools, without placeholders and without those that only Anthropic's servers have.

    Raises:
        InvalidRequest: one has no name or schema, or two have the same name.
    """
    tools: dict[str, Tool] = {}
    for index, spec in enumerate(specs):
        if spec.type not in (None, "custom"):
            continue
        tool = _tool(spec, f"tools[{index}]")
        if tool.name in tools:
            raise InvalidRequest(f"another tool is named {tool.name!r}, too", param=f"tools[{index}].name")
        if not spec.defer_loading:
            tools[tool.name] = tool
    return tuple(tools.values())


def _tool(spec: ToolBody, path: str) -> Tool:
    if not spec.name:
        raise MissingParameter("a tool must have a name", param=f"{path}.name")
    if spec.input_schema is None:
        raise MissingParameter("a tool must have an input_schema", param=f"{path}.input_schema")
    function: dict[str, Any] = {"name": spec.name}
    if spec.description:
        function["description"] = spec.description
    function["parameters"] = spec.input_schema
    if spec.strict:
        function["strict"] = True
    return Tool(name=spec.name, spec={"type": "function", "function": function})


def tool_choice(body: CountBody, tools: tuple[Tool, ...]) -> ToolChoice:
    """Raises InvalidRequest for a choice that the tools leave no way to keep to."""
    match body.tool_choice:
        case None | AutoChoice():
            return ToolChoice()
        case NoChoice():
            return ToolChoice(mode="none")
        case AnyChoice():
            if not tools:
                raise InvalidRequest("asks for a call, but there is no tool to call", param="tool_choice")
            return ToolChoice(mode="required")
        case NamedChoice(name=name):
            if all(tool.name != name for tool in tools):
                raise InvalidRequest(f"there is no tool {name!r} to call", param="tool_choice.name")
            return ToolChoice(mode="required", names=(name,))
