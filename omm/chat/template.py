"""Messages and tools → prompt, by a model's Jinja chat template in a sandbox.

Templates come from strangers, so there is one environment, the sandbox, and nothing else renders one.
Source: Hugging Face Transformers, "Chat templates".
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterable
from typing import Any

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.parser

from omm.chat import sandbox
from omm.errors import InvalidRequest, Unsupported
from omm.types import Message, Think, Tool, ToolCall

CHATML = """\
{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
"""

_MAX_INDENT = 16


class _Generation(jinja2.ext.Extension):
    """`{% generation %}…{% endgeneration %}` marks assistant text for training; here it is just its body."""

    tags = {"generation"}

    def parse(self, parser: jinja2.parser.Parser) -> jinja2.nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return jinja2.nodes.Scope(body, lineno=line)


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Transformers' filter: plain JSON, where jinja2's own escapes for HTML."""
    indent = None if indent is None else min(indent, _MAX_INDENT)
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _raise_exception(message: str) -> None:
    raise jinja2.TemplateError(message)


def _strftime_now(pattern: str) -> str:
    return datetime.datetime.now().astimezone().strftime(pattern)


@functools.cache
def _environment() -> sandbox.Sandbox:
    environment = sandbox.Sandbox(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = _tojson
    environment.globals.update(raise_exception=_raise_exception, strftime_now=_strftime_now)
    return environment


@functools.lru_cache(maxsize=32)
def _compile(source: str) -> jinja2.Template:
    try:
        return _environment().from_string(source)
    except jinja2.TemplateSyntaxError as exc:
        raise InvalidRequest(
            f"the chat template is broken: line {exc.lineno}: {exc.message}", param="template"
        ) from exc
    except (RecursionError, MemoryError, SyntaxError) as exc:
        raise InvalidRequest(f"the chat template is broken: nested too deep: {exc}", param="template") from exc


def choose(request: str | None, manifest: str, gguf: str) -> str:
    """The template to use: the request's, else the manifest's, else the one in the model file, else ChatML.

    Ollama's Go templates are not Jinja: one in the manifest is passed over when the model file has its own.

    Raises:
        Unsupported: the request brings a Go template, or there is nothing else.
    """
    if request:
        if not is_jinja(request):
            raise Unsupported("only Jinja templates can be rendered, this one is in Go's syntax", param="template")
        return request
    if manifest and is_jinja(manifest):
        return manifest
    if not gguf and manifest:
        raise Unsupported("the model has a template in Go's syntax only, and just Jinja templates can be rendered")
    return gguf or CHATML


def is_jinja(source: str) -> bool:
    """Whether a template is Jinja rather than Go: Go has no `{%`, and its variables begin with a dot."""
    return "{%" in source or "{{" not in source or "messages" in source


def render(
    source: str,
    messages: Iterable[Message],
    *,
    tools: Iterable[Tool] = (),
    think: Think | None = None,
    bos: str = "",
    eos: str = "",
) -> str:
    """Render a conversation, ending where the assistant goes on: a final assistant message is continued.

    Raises:
        InvalidRequest: the template is broken or refuses the conversation.
    """
    turns = list(messages)
    prefill = ""
    if turns and turns[-1].role == "assistant" and not turns[-1].tool_calls:
        prefill = turns.pop().content
    variables: dict[str, Any] = {
        "messages": [_message(turn) for turn in turns],
        "tools": [tool.spec for tool in tools] or None,
        "add_generation_prompt": True,
        "bos_token": bos,
        "eos_token": eos,
        **_thinking(think),
    }
    try:
        text = sandbox.render(_compile(source), variables)
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as exc:
        raise InvalidRequest(f"the chat template failed: {exc}", param="messages") from exc
    return text + prefill


def _thinking(think: Think | None) -> dict[str, Any]:
    if think is None:
        return {}
    if isinstance(think, bool):
        return {"enable_thinking": think}
    return {"enable_thinking": True, "reasoning_effort": "high" if think == "max" else think}


def _message(message: Message) -> dict[str, Any]:
    turn: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.thinking:
        turn["reasoning_content"] = message.thinking
    if message.tool_calls:
        turn["tool_calls"] = [_tool_call(call) for call in message.tool_calls]
    if message.tool_name:
        turn["name"] = message.tool_name
    if message.tool_call_id:
        turn["tool_call_id"] = message.tool_call_id
    return turn


def _tool_call(call: ToolCall) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
