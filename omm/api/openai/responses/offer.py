"""The tools of a request: what the model is offered, what answers call it, and what is told back to the client.

Hosted tools run on OpenAI's servers; they are told back and not offered, as clients send them unasked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from omm.api import choices
from omm.api.openai import tools
from omm.errors import InvalidRequest
from omm.types import Tool, ToolChoice

_FIELDS = ("name", "description", "parameters", "strict")
_OFFERED = ("function", "custom")
_FREE_TEXT = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


@dataclass(frozen=True, slots=True)
class Callee:
    """How the client calls a tool that the model has another name for."""

    name: str
    namespace: str | None = None
    is_custom: bool = False


@dataclass(slots=True)
class Offer:
    """`tools` go to the model, `callees` are what their names mean, `echo` goes back to the client."""

    tools: list[Tool] = field(default_factory=list)
    callees: dict[str, Callee] = field(default_factory=dict)
    echo: list[dict[str, Any]] = field(default_factory=list)

    def add(self, specs: Iterable[Any], path: str) -> None:
        """Further tools, which are at `path` in the request. Raises InvalidRequest."""
        for index, spec in enumerate(specs):
            self._add(spec, f"{path}[{index}]")

    def _add(self, spec: dict[str, Any], path: str) -> None:
        match spec.get("type", "function"):
            case "function" | "custom":
                self.echo.append(self._offer(spec, path))
            case "namespace":
                name, members = spec.get("name"), spec.get("tools")
                if not isinstance(name, str) or not isinstance(members, list):
                    raise InvalidRequest("a namespace needs a name and tools", param=path)
                for index, member in enumerate(members):
                    if isinstance(member, dict) and member.get("type", "function") in _OFFERED:
                        self._offer(member, f"{path}.tools[{index}]", name)
                self.echo.append(spec)
            case _:
                self.echo.append(spec)

    def _offer(self, spec: dict[str, Any], path: str, namespace: str | None = None) -> dict[str, Any]:
        """Offer one tool, and say how it is told back."""
        is_custom = spec.get("type") == "custom"
        definition = _definition(spec)
        tool = tools.function_tool(_custom(spec) if is_custom else definition, path)
        name = qualified(tool.name, namespace)
        if name in self.callees:
            raise InvalidRequest(f"there are two tools named {name!r}", param=f"{path}.name")
        self.callees[name] = Callee(tool.name, namespace, is_custom)
        function = {**tool.spec["function"], "name": name}
        self.tools.append(Tool(name=name, spec={"type": "function", "function": function}))
        return spec if is_custom else {"type": "function", **definition}

    def callee(self, name: str) -> Callee:
        """What a name means that the model has called."""
        return self.callees.get(name) or Callee(name)


def qualified(name: str, namespace: str | None) -> str:
    """The model's name for a tool in a namespace."""
    return f"{namespace}.{name}" if namespace else name


def _definition(spec: dict[str, Any]) -> dict[str, Any]:
    """A function of the flat form, or of that of chat completions; nulls where nothing is said."""
    nested = spec.get("function")
    function = nested if isinstance(nested, dict) else spec
    return {key: function.get(key) for key in _FIELDS}


def _custom(spec: dict[str, Any]) -> dict[str, Any]:
    """A tool that takes free text, as a function. Its grammar can only be told: arguments are JSON here."""
    description, shape = spec.get("description") or "", spec.get("format")
    if isinstance(shape, dict) and shape.get("definition"):
        description += f"\n\nThe input must match this {shape.get('syntax', '')} grammar:\n{shape['definition']}"
    return {"name": spec.get("name"), "description": description or None, "parameters": _FREE_TEXT}


# --- choice -----------------------------------------------------------------------------------------------------


def tool_choice(value: Any, offer: Offer) -> ToolChoice:
    """What `tool_choice` says of the tools on offer.

    Raises:
        InvalidRequest: it has another form, or leaves nothing that could be called where something must be.
    """
    choice = choices.tool_choice(_as_functions(value))
    if choice.mode == "required" and not offer.tools:
        raise InvalidRequest("tool_choice asks for a call, and there is no tool to call", param="tool_choice")
    return choice


def _as_functions(value: Any) -> Any:
    """The same choice with only functions in it, by the model's names."""
    match value:
        case {"type": "function" | "custom"}:
            return _by_name(value)
        case {"type": "allowed_tools"}:
            allowed = value.get("allowed_tools")
            allowed = allowed if isinstance(allowed, dict) else value
            listed = allowed.get("tools")
            kept = [_by_name(tool) for tool in listed if _is_offered(tool)] if isinstance(listed, list) else listed
            return {"type": "allowed_tools", "mode": allowed.get("mode") or "auto", "tools": kept}
        case {"type": str(kind)}:
            raise InvalidRequest(f"tools of type {kind[:64]!r} are not available here", param="tool_choice")
    return value


def _is_offered(tool: Any) -> bool:
    return not isinstance(tool, dict) or tool.get("type", "function") in _OFFERED


def _by_name(tool: Any) -> Any:
    if not isinstance(tool, dict) or not isinstance(tool.get("name"), str):
        return {**tool, "type": "function"} if isinstance(tool, dict) else tool
    return {"type": "function", "name": qualified(tool["name"], tool.get("namespace"))}


def choice_echo(value: Any) -> Any:
    """`tool_choice` as it is told back: flat, as the tools are."""
    match value:
        case None:
            return "auto"
        case {"type": "function", "function": {"name": str(name)}}:
            return {"type": "function", "name": name}
    return value
