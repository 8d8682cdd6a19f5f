"""What an answer must look like → a grammar: formats, tool choice, and calls that keep to their schemas."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import llguidance

from omm.chat import schema as schemas
from omm.chat.dialects.forms import Calls, Grammar, Offer
from omm.chat.dialects.lark import Lark
from omm.chat.dialects.table import Dialect
from omm.errors import InvalidRequest, Unsupported
from omm.types import ChatRequest, CompleteRequest, InferenceRequest, Tool, ToolChoice, Value
from omm.types import Grammar as GivenGrammar

_TOOL_NAME = re.compile(r"[\w.:/-]{1,128}")
_BLANK = "{blank}"
MAX_HELD = 200  # tools; the calls of more are held only when asked for, as each takes a compilation


class Guide(Value):
    """A grammar for the output, in llguidance's Lark or llama.cpp's GBNF.

    With a `trigger`, the output is free until that text, and the grammar is for what follows it.
    """

    grammar: str
    kind: Literal["lark", "gbnf"] = "lark"
    trigger: str = ""


def check(request: InferenceRequest) -> None:
    """Refuse what contradicts itself, or what no grammar can hold.

    Raises:
        InvalidRequest: naming the tool, or the keyword with its place.
    """
    if request.format not in (None, "") and request.grammar is not None:
        raise InvalidRequest("format and grammar exclude each other", param="grammar")
    _check_format(request.format)
    if request.grammar is not None:
        _check_grammar(request.grammar)
    if isinstance(request, ChatRequest):
        _check_tools(request)


def build(request: InferenceRequest, dialect: Dialect, markers: Mapping[str, int]) -> Guide | None:
    """The grammar of an answer in a dialect; None when it is free. `markers` are the texts of control tokens.

    Raises:
        InvalidRequest: a tool's schema cannot be held in the form that this model writes calls in.
    """
    if isinstance(request, CompleteRequest) and (request.raw or request.suffix):
        return _with_format(request, None, Lark(markers), lead="")
    form, lark = dialect.grammar, Lark(markers)
    lead = _BLANK if dialect.thinking is not None and request.think is not False else ""
    plan = _plan(request, form) if isinstance(request, ChatRequest) else None
    if plan is None:
        return _with_format(request, form, lark, lead)
    if plan.is_forced:
        return Guide(grammar=lark.grammar(plan.form.calls(lark, plan.calls)))
    return _with_format(request, form, lark, lead, plan) or _held(plan, lark)


def _with_format(
    request: InferenceRequest, form: Grammar | None, lark: Lark, lead: str, plan: _Plan | None = None
) -> Guide | None:
    """An answer in the request's format, or else calls; None when it asks for none."""
    if request.grammar is not None and request.grammar.kind == "gbnf":
        return Guide(grammar=request.grammar.text, kind="gbnf", trigger=_before(form))
    answer = _answer(request, lark)
    if not answer:
        return None
    before, after = form.answer if form else ("", "")
    parts = [lark.layout(lead), lark.layout(before), answer, lark.optional(after)]
    answer = " ".join(filter(None, parts))
    return Guide(grammar=lark.grammar(f"{plan.form.calls(lark, plan.calls)} | {answer}" if plan else answer))


def _held(plan: _Plan, lark: Lark) -> Guide | None:
    """Calls that keep to their schemas once the model has begun one."""
    form = plan.form
    if form.free is None:
        return Guide(grammar=lark.grammar(form.body(lark, plan.calls)), trigger=form.trigger or form.opener)
    calls = form.calls(lark, plan.calls)
    return Guide(grammar=lark.grammar(f"{calls} | {form.free(lark, calls)}"))


# --- answers ------------------------------------------------------------------------------------------------------


def _answer(request: InferenceRequest, lark: Lark) -> str:
    """An answer's text by its format, empty when it has none."""
    if request.grammar is not None:
        return _given(request.grammar, lark)
    if request.format is None or request.format == "":
        return ""
    return lark.json(schemas.closed({"type": "object"} if request.format == "json" else request.format))


def _given(grammar: GivenGrammar, lark: Lark) -> str:
    if grammar.kind == "regex":
        return lark.terminal(f"/{llguidance.regex_to_lark(grammar.text)}/")
    return lark.rule(f"%lark {{\n{grammar.text}\n}}")


def _before(form: Grammar | None) -> str:
    """The text after which an answer begins, for grammars that can have nothing in front."""
    return form.answer[0].rpartition("}")[2] if form else ""


# --- calls --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """What may be called, in which form, and whether it must be."""

    form: Grammar
    calls: Calls
    is_forced: bool


def _plan(request: ChatRequest, form: Grammar | None) -> _Plan | None:
    """What a request wants of calls; None when there are none."""
    choice = request.tool_choice
    if not request.tools or choice.mode == "none":
        return None
    tools = [tool for tool in request.tools if not choice.names or tool.name in choice.names]
    is_forced = choice.mode == "required"
    if form is None:
        if is_forced:
            raise Unsupported("tool_choice is not supported for this model's tool format", param="tool_choice")
        return None
    if not (is_forced or _is_asked(request, tools)) and (form.free or len(tools) > MAX_HELD):
        return None  # NOTE: without an opener every token of the answer would need a mask
    offers = tuple(_offer(tool, form, must_hold=is_forced or _is_strict(tool)) for tool in tools)
    return _Plan(form, Calls(offers, is_parallel=request.parallel_tool_calls is not False), is_forced)


def _is_asked(request: ChatRequest, tools: list[Tool]) -> bool:
    """Whether what a request says can only be kept when calls keep to a grammar."""
    is_limited = bool(request.tool_choice.names) or request.parallel_tool_calls is False
    return is_limited or bool(request.format or request.grammar) or any(map(_is_strict, tools))


def _offer(tool: Tool, form: Grammar, *, must_hold: bool) -> Offer:
    """A tool whose arguments can be held; unless they must be, as much of its schema as can be."""
    offer = Offer(tool.name, schemas.closed(_parameters(tool)))
    if not (reason := _unfitness(form, tool.name, json.dumps(offer.schema))):
        return offer
    if must_hold:
        raise InvalidRequest(reason, param="tools")
    return Offer(tool.name, json.loads(_loosened(form, tool.name, json.dumps(_parameters(tool)))))


@functools.lru_cache(maxsize=512)
def _loosened(form: Grammar, name: str, schema: str) -> str:
    """What of a tool's schema can be held in a form, any object if nothing; PERF: remembered like `_unfitness`."""
    loose = json.dumps(schemas.closed({"type": "object", **schemas.loosened(json.loads(schema))}))
    return '{"type": "object"}' if _unfitness(form, name, loose) else loose


@functools.lru_cache(maxsize=512)
def _unfitness(form: Grammar, name: str, schema: str) -> str:
    """Why calls of a tool cannot be held in a form; empty when they can.

    PERF: 2 to 20 ms for a tool of twelve arguments, and agents send the same tools with every request.
    """
    lark, offer = Lark(), Offer(name, json.loads(schema))
    try:
        schemas.check(offer.schema, f"tool '{name}'", param="tools")
        _compile(lark.grammar(form.body(lark, Calls((offer,)))), f"tool '{name}'", param="tools")
    except InvalidRequest as error:
        return error.message if error.message.startswith("tool ") else f"tool '{name}': {error.message}"
    except RecursionError:
        return f"tool '{name}': its references lead in circles"
    return ""


def _function(tool: Tool) -> dict[str, Any]:
    """A tool's definition, which some clients wrap."""
    function = tool.spec.get("function")
    return function if isinstance(function, dict) else tool.spec


def _parameters(tool: Tool) -> Any:
    """The schema of a tool's arguments, which are an object; without one there are none."""
    parameters = _function(tool).get("parameters")
    if parameters is None:
        return {"type": "object", "properties": {}}
    if not isinstance(parameters, dict):
        return parameters
    # NOTE: clients written in Go say null for what is empty.
    return {"type": "object", **{key: value for key, value in parameters.items() if value is not None}}


def _is_strict(tool: Tool) -> bool:
    return _function(tool).get("strict") is True


# --- checks -------------------------------------------------------------------------------------------------------


def _check_format(wanted: Any) -> None:
    if wanted is None or wanted == "" or wanted == "json":
        return
    if not isinstance(wanted, dict):
        text = json.dumps(wanted)
        raise InvalidRequest(f'invalid format: {text}; expected "json" or a valid JSON Schema object', param="format")
    schemas.check(wanted, "format", param="format")


def _check_grammar(grammar: GivenGrammar) -> None:
    if len(grammar.text) > schemas.MAX_BYTES:
        raise InvalidRequest(f"the {grammar.kind} is longer than {schemas.MAX_BYTES} characters", param="grammar")
    if not grammar.text.strip():
        raise InvalidRequest(f"the {grammar.kind} is empty", param="grammar")
    if grammar.kind == "gbnf":
        return  # compiled by llama.cpp, where the model is
    if grammar.kind == "regex" and (len(grammar.text) - len(grammar.text.rstrip("\\"))) % 2:
        raise InvalidRequest("regex: nothing follows the last backslash", param="grammar")
    lark = Lark()
    text = grammar.text if grammar.kind == "lark" else lark.grammar(_given(grammar, lark))
    _compile(text, grammar.kind, param="grammar")


def _compile(text: str, what: str, *, param: str) -> None:
    """Refuse a grammar that does not compile, in the compiler's words."""
    is_error, reasons = llguidance.LLMatcher.validate_grammar_with_warnings(text, None)
    if is_error:
        raise InvalidRequest(f"{what}: {reasons[0].strip()}", param=param)


def _check_tools(request: ChatRequest) -> None:
    seen: set[str] = set()
    for tool in request.tools:
        _check_tool(tool)
        if tool.name in seen:
            raise InvalidRequest(f"tool '{tool.name}' is defined twice", param="tools")
        seen.add(tool.name)
    _check_choice(request.tool_choice, seen)
    choice = request.tool_choice
    for tool in request.tools:
        is_allowed = choice.mode != "none" and (not choice.names or tool.name in choice.names)
        if is_allowed and (choice.mode == "required" or _is_strict(tool)):
            schemas.check(_parameters(tool), f"tool '{tool.name}'", param="tools")


def _check_choice(choice: ToolChoice, offered: set[str]) -> None:
    if choice.mode == "required" and not offered:
        raise InvalidRequest("tool_choice asks for a call but no tools are offered", param="tool_choice")
    for name in choice.names:
        if name not in offered:
            raise InvalidRequest(f"tool_choice names '{name}', which is not among the tools", param="tool_choice")


def _check_tool(tool: Tool) -> None:
    if not _TOOL_NAME.fullmatch(tool.name):
        raise InvalidRequest(
            f"tool {json.dumps(tool.name[:140])}: a name is 1 to 128 letters, digits, or any of _ - . : /",
            param="tools",
        )
    parameters = _parameters(tool)
    kind = parameters.get("type", "object") if isinstance(parameters, dict) else None
    if kind != "object" and kind != ["object"]:
        raise InvalidRequest(f"tool '{tool.name}': parameters must be a JSON Schema of type object", param="tools")
    properties = parameters.get("properties", {})
    if not isinstance(properties, dict) or not all(map(schemas.is_schema, properties.values())):
        raise InvalidRequest(f"tool '{tool.name}': properties must map names to JSON Schemas", param="tools")
