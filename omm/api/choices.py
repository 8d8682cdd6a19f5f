"""What the protocols say alike about tools and grammars → internal values."""

from __future__ import annotations

from typing import Any

from omm.errors import InvalidRequest
from omm.types import Grammar, ToolChoice

_EXPECTED = '"auto", "none", "required", {"type": "function", "function": {"name": …}} or allowed tools'


def tool_choice(value: Any) -> ToolChoice:
    """`auto`, `none`, `required`, one function, or a list of allowed ones; nested and flat forms.

    Raises:
        InvalidRequest: anything else.

    Source: OpenAI API reference, chat completions and responses.
    """
    match value:
        case None | "auto":
            return ToolChoice()
        case "none":
            return ToolChoice(mode="none")
        case "required" | "any":
            return ToolChoice(mode="required")
        case {"type": "function"}:
            return ToolChoice(mode="required", names=(_function_name(value),))
        case {"type": "allowed_tools", "allowed_tools": dict() as allowed}:
            return _allowed(allowed)
        case {"type": "allowed_tools"}:
            return _allowed(value)
    raise InvalidRequest(f"tool_choice must be {_EXPECTED}", param="tool_choice")


def _allowed(value: dict[str, Any]) -> ToolChoice:
    mode, tools = value.get("mode", "auto"), value.get("tools")
    if mode not in ("auto", "required") or not isinstance(tools, list) or not tools:
        raise InvalidRequest('allowed tools need "mode" (auto or required) and "tools"', param="tool_choice")
    return ToolChoice(mode=mode, names=tuple(map(_function_name, tools)))


def _function_name(value: Any) -> str:
    function = value.get("function", value) if isinstance(value, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str) or not name:
        raise InvalidRequest("tool_choice names no function", param="tool_choice")
    return name


def grammar(*, regex: str | None = None, lark: str | None = None, gbnf: str | None = None) -> Grammar | None:
    """The one grammar that is given.

    Raises:
        InvalidRequest: several are.
    """
    given = [Grammar(kind=kind, text=text) for kind, text in _kinds(regex, lark, gbnf) if text]
    if len(given) > 1:
        raise InvalidRequest("only one of regex, lark and grammar can be given", param="grammar")
    return given[0] if given else None


def _kinds(regex: str | None, lark: str | None, gbnf: str | None) -> list[tuple[Any, str | None]]:
    return [("regex", regex), ("lark", lark), ("gbnf", gbnf)]
