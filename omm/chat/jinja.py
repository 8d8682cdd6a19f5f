"""Jinja templates as Hugging Face Transformers renders them, in a sandbox: the one factory of environments.

Templates come from strangers, so nothing else compiles one. Knows nothing of messages.
Source: Hugging Face Transformers, `utils/chat_template_utils.py`.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
import types
from typing import Any

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.parser

from omm.chat import sandbox

_FILE_NAME = "<template>"  # what jinja2 calls a template that comes from no file
_MAX_INDENT = 16
_MAX_PATTERN = 200


class Failure(ValueError):
    """A template that cannot be compiled or rendered; the text names line and cause.

    `is_refusal`: the template itself raised it, about what it was given. `is_broken`: whatever it is given, it fails.
    """

    def __init__(self, message: str, *, is_refusal: bool = False, is_broken: bool = False) -> None:
        super().__init__(message)
        self.is_refusal, self.is_broken = is_refusal, is_broken


@dataclasses.dataclass(frozen=True, slots=True)
class Compiled:
    """A template, the variables it reads, and its words: every attribute, key and text that it names."""

    template: jinja2.Template
    variables: frozenset[str]
    words: frozenset[str]

    def render(self, variables: dict[str, Any], seconds: float | None = None) -> str:
        """Render within `seconds` at most. Raises Failure."""
        try:
            return sandbox.render(self.template, variables, seconds)
        except _Refusal as exc:
            raise Failure(str(exc), is_refusal=True) from exc
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as exc:
            is_limit = isinstance(exc, sandbox.Limit)
            raise Failure(f"{_line(exc.__traceback__)}{exc}", is_broken=is_limit) from exc


@functools.lru_cache(maxsize=32)
def compile_template(source: str) -> Compiled:
    """Compile a template. Raises Failure."""
    environment = _environment()
    try:
        tree = environment.parse(source)
        variables, words = _names(tree)
        return Compiled(environment.from_string(tree), variables, words)
    except jinja2.TemplateSyntaxError as exc:
        raise Failure(f"line {exc.lineno}: {exc.message}", is_broken=True) from exc
    except SyntaxError as exc:  # in the Python code that it becomes
        raise Failure(str(exc.msg), is_broken=True) from exc
    except (RecursionError, MemoryError) as exc:
        raise Failure(f"nested too deep: {exc}", is_broken=True) from exc


class _Refusal(jinja2.TemplateError):
    """What a template raises itself."""


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
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Transformers' filter: plain JSON, where jinja2's own escapes for HTML."""
    indent = min(indent, _MAX_INDENT) if isinstance(indent, int) else indent and indent[:_MAX_INDENT]
    separators = separators and (separators[0][:_MAX_INDENT], separators[1][:_MAX_INDENT])
    encoder = json.JSONEncoder(ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    value = sandbox.weighed(value)
    # NOTE: what is nested deep has long lines when they are indented.
    return encoder.encode(value) if indent is None else sandbox.Sandbox.concat(encoder.iterencode(value))


def _raise_exception(message: str) -> None:
    raise _Refusal(message)


def _strftime_now(pattern: str) -> str:
    if len(pattern) > _MAX_PATTERN:  # a field may be of any width
        raise sandbox.Limit(f"a date's pattern is longer than {_MAX_PATTERN} characters")
    now = datetime.datetime.now().astimezone()
    return now.replace(tzinfo=None).strftime(pattern)


@functools.cache
def _environment() -> sandbox.Sandbox:
    environment = sandbox.Sandbox(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = sandbox.measured(_tojson)
    environment.globals.update(raise_exception=_raise_exception, strftime_now=_strftime_now)
    return environment


def _names(tree: jinja2.nodes.Template) -> tuple[frozenset[str], frozenset[str]]:
    variables = {node.name for node in tree.find_all(jinja2.nodes.Name)}
    attributes = {node.attr for node in tree.find_all(jinja2.nodes.Getattr)}
    texts = {node.value for node in tree.find_all(jinja2.nodes.Const) if isinstance(node.value, str)}
    return frozenset(variables), frozenset(attributes | texts)


def _line(traceback: types.TracebackType | None) -> str:
    """Where in the template it happened; jinja2 has put its lines into the traceback."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == _FILE_NAME:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return f"line {line}: " if line else ""
