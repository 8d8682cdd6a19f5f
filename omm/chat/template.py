"""Messages and tools → prompt, by a model's chat template: which one is taken, and how it is rendered.

Source: Hugging Face Transformers, `apply_chat_template`; Ollama's templates for those in Go's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from omm.chat import goprompt, gotemplate, jinja
from omm.chat.adaptations import HERMES_CALLS, TOOLS_IN_SYSTEM
from omm.chat.source import source_of
from omm.errors import Corrupt, InvalidRequest, OmmError
from omm.types import Message, Think, Tool, Value

CHATML = """\
{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
"""

_GO_ACTION = re.compile(
    r"\{\{-?\s*(?:[.$]|/\*|(?:end|else|currentDate)\b"
    r"|(?:if|range|with|block|template|define|json|len|index|slice|eq|ne|and|or|not|print|printf)\s+[.$(\"])"
)

# What a request may not set: the conversation itself, and the names that templates call.
_RESERVED = frozenset(
    {
        *("messages", "tools", "documents", "add_generation_prompt", "bos_token", "eos_token", "functions"),
        *("raise_exception", "strftime_now", "namespace", "range", "dict", "cycler", "joiner", "loop", "self"),
    }
)
_MAX_KWARGS_CHARS = 1 << 16
_MAX_KWARGS_DEPTH = 16


class Template(Value, kw_only=True):
    """A template's text, its language, and where it comes from."""

    text: str
    kind: Literal["jinja", "go", "chatml"]
    origin: Literal["request", "modelfile", "gguf", "default"]


def choose(
    request: str | None,
    manifest: str,
    gguf: str,
    named: Mapping[str, str] | None = None,
    *,
    has_tools: bool = False,
    has_documents: bool = False,
) -> Template:
    """The template to use: the request's, else the Modelfile's, else one in the model file, else ChatML.

    A model file may hold several: `named` are those beside the default `gguf`. A Modelfile's template that has no
    place for tools gives way to the model file's when there are tools.
    """
    if request:
        return Template(text=request, kind=_kind(request), origin="request")
    named = named or {}
    if manifest and not (has_tools and gguf and _drops_tools(manifest)):
        return Template(text=manifest, kind=_kind(manifest), origin="modelfile")
    wanted = (has_tools and named.get("tool_use")) or (has_documents and named.get("rag"))
    if text := wanted or gguf or named.get("default") or next(iter(named.values()), ""):
        return Template(text=text, kind="jinja", origin="gguf")
    return Template(text=CHATML, kind="chatml", origin="default")


def _kind(source: str) -> Literal["jinja", "go"]:
    return "jinja" if is_jinja(source) else "go"


def _drops_tools(source: str) -> bool:
    return not is_jinja(source) and "tools" not in goprompt.abilities(source)


def is_jinja(source: str) -> bool:
    """Whether a template is Jinja rather than Go: Go has no `{%`, and its actions begin with a dot or a keyword."""
    return "{%" in source or _GO_ACTION.search(source) is None


def render(
    template: Template,
    messages: Sequence[Message],
    *,
    tools: Sequence[Tool] = (),
    think: Think | None = None,
    bos: str = "",
    eos: str = "",
    kwargs: Mapping[str, Any] | None = None,
    documents: Sequence[Any] = (),
    suffix: str | None = None,
) -> str:
    """Render a conversation, ending where the assistant goes on: a final assistant message is continued.

    `kwargs` are variables of the client's for a Jinja template, `documents` what it may quote. With a `suffix`, a
    template in Go's language asks for what comes between the last message and that text.

    Raises:
        InvalidRequest: the template refuses the conversation, or it is the request's and broken.
        Corrupt: the model's own template is broken.
    """
    check_kwargs(kwargs or {})
    try:
        if template.kind == "go":
            return goprompt.render(template.text, messages, tools=tools, think=think, suffix=suffix)
        variables = {
            **(kwargs or {}),
            "tools": [tool.spec for tool in tools] or None,
            "documents": list(documents) or None,
            "bos_token": bos,
            "eos_token": eos,
        }
        return source_of(template.text).prompt(messages, variables, think)
    except (jinja.Failure, gotemplate.TemplateError) as exc:
        raise _error(template, exc) from exc


def _error(template: Template, failure: jinja.Failure | gotemplate.TemplateError) -> OmmError:
    if isinstance(failure, jinja.Failure) and failure.is_refusal:
        return InvalidRequest(str(failure), param="messages")
    if not failure.is_broken:
        return InvalidRequest(f"the chat template failed: {failure}", param="messages")
    if template.origin == "request":
        return InvalidRequest(f"the chat template is broken: {failure}", param="template")
    return Corrupt(f"the model's chat template is broken: {failure}")


def check(source: str) -> None:
    """Raises InvalidRequest, naming the line and the cause, for what is no template in either language."""
    try:
        jinja.compile_template(source) if is_jinja(source) else gotemplate.parse(source)
    except (jinja.Failure, gotemplate.TemplateError) as exc:
        raise InvalidRequest(f"the template is broken: {exc}", param="template") from exc


def adaptations(template: Template) -> tuple[str, ...]:
    """What is put differently for a template, in words; nothing for those in Go, or broken."""
    try:
        return () if template.kind == "go" else source_of(template.text).names
    except jinja.Failure:
        return ()


def is_told_hermes(template: Template) -> bool:
    """Whether tools are described, and calls asked for, as Hermes models know them, the template having no way."""
    return {TOOLS_IN_SYSTEM, HERMES_CALLS.name} <= set(adaptations(template))


# --- the client's variables -------------------------------------------------------------------------------------


def check_kwargs(kwargs: Mapping[str, Any]) -> None:
    """Refuse variables for a template that would replace its own, or that are no small JSON values.

    Raises:
        InvalidRequest: naming the variable.
    """
    for name, value in kwargs.items():
        param = f"chat_template_kwargs.{name}"
        if not name.isidentifier() or name.startswith("_"):
            raise InvalidRequest(f'"{name}" is no name for a template\'s variable', param="chat_template_kwargs")
        if name in _RESERVED:
            raise InvalidRequest(f'the template variable "{name}" cannot be set', param=param)
        if _weight(value, _MAX_KWARGS_DEPTH) > _MAX_KWARGS_CHARS:
            raise InvalidRequest(f'the template variable "{name}" is too large', param=param)


def _weight(value: Any, depth: int) -> int:
    """Characters of a JSON value, about; beyond every limit for what is no JSON or nested deeper than `depth`."""
    if depth == 0:
        return _MAX_KWARGS_CHARS + 1
    match value:
        case str():
            return len(value) + 1
        case None | bool() | int() | float():
            return len(str(value)) + 1
        case list() | tuple():
            return 1 + sum(_weight(item, depth - 1) for item in value)
        case dict():
            return 1 + sum(_weight(item, depth - 1) for pair in value.items() for item in pair)
        case _:
            return _MAX_KWARGS_CHARS + 1
