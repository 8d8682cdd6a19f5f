"""The sandbox that chat templates run in: bounded in reach by Jinja's own, in time and size by this one.

A template is a program from a stranger, and it runs on a thread of the server. Jinja's sandbox keeps it from the
machine but lets it count to 9**9**9, so loops, calls and whatever makes something large out of something small check
a budget here. Knows nothing of messages.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox
import jinja2.visitor

MAX_CHARS = 32 << 20  # of any one text
MAX_SECONDS = 10.0
MAX_INTEGER_BITS = 1024
MAX_ARGUMENT = 100_000

# Each can make a large text out of a small one; no chat template needs them.
_REMOVED_FILTERS = ("batch", "center", "format", "pprint", "round", "slice", "urlize", "wordwrap", "xmlattr")
_REMOVED_GLOBALS = ("cycler", "joiner", "lipsum")
_WIDE_PERCENT = re.compile(r"%[^a-zA-Z%]*(?:\d{4}|\*)")
_WIDE_BRACES = re.compile(r"\{[^{}]*(?:\{|:[^{}]*\d{4})")

_budget = threading.local()  # `deadline` of the rendering on this thread


class Sandbox(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """A Jinja environment whose templates end in time and stay small; use `render`."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name in _REMOVED_FILTERS:
            del self.filters[name]
        for name in _REMOVED_GLOBALS:
            del self.globals[name]
        self.filters.update(_counted=_counted, _concat=_concat, join=_join, replace=_replace, indent=_indent)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Run an arithmetic operator whose result is not too large."""
        _check_time()
        _check_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what the template calls, unless its arguments ask for something large."""
        _check_time()
        _check_call(__obj, [*args, *kwargs.values()])
        if getattr(__obj, "__name__", "") == "join" and isinstance(getattr(__obj, "__self__", None), str):
            return _bounded_join(__obj.__self__, *args)
        return super().call(__context, __obj, *args, **kwargs)

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """Join what a template, a macro or a block has written."""
        return _bounded_join("", parts)

    def _parse(self, source: str, name: str | None, filename: str | None) -> jinja2.nodes.Template:
        tree: jinja2.nodes.Template = _Guard().visit(super()._parse(source, name, filename))
        tree.set_environment(self)
        return tree


def render(template: jinja2.Template, variables: dict[str, Any]) -> str:
    """Render within the time limit. Raises jinja2.TemplateError beyond it, and whatever the template raises."""
    _budget.deadline = time.monotonic() + MAX_SECONDS
    try:
        return template.render(variables)
    except (RecursionError, MemoryError) as exc:
        raise jinja2.TemplateRuntimeError(f"too deep or too large: {exc}") from None
    finally:
        del _budget.deadline


class _Guard(jinja2.visitor.NodeTransformer):
    """Rewrites loops to count what they run over, and `~` to look at what it makes."""

    def visit_For(self, node: jinja2.nodes.For) -> jinja2.nodes.Node:
        self.generic_visit(node)
        node.iter = jinja2.nodes.Filter(node.iter, "_counted", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: jinja2.nodes.Concat) -> jinja2.nodes.Node:
        self.generic_visit(node)
        parts = jinja2.nodes.List(node.nodes, lineno=node.lineno)
        return jinja2.nodes.Filter(parts, "_concat", [], [], None, None, lineno=node.lineno)


@jinja2.pass_context
def _counted(_context: Any, items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        _check_time()
        yield item


@jinja2.pass_context
def _concat(_context: Any, parts: list[Any]) -> str:
    return _bounded_join("", map(str, parts))


@jinja2.pass_context
def _join(_context: Any, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    if attribute is not None:
        value = map(jinja2.filters.make_attrgetter(_context.environment, attribute), value)
    return _bounded_join(str(d), map(str, value))


def _replace(value: Any, old: str, new: str, count: int = -1) -> str:
    text = str(value)
    _check_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new, count)


def _indent(value: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    step = len(width) if isinstance(width, str) else width
    _check_size(len(value) + (value.count("\n") + 1) * step)
    return jinja2.filters.do_indent(value, width, first, blank)


def _bounded_join(separator: str, parts: Iterable[str]) -> str:
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part) + len(separator)
        _check_size(size)
        _check_time()
        kept.append(part)
    return separator.join(kept)


def _check_time() -> None:
    if time.monotonic() > getattr(_budget, "deadline", float("inf")):
        raise jinja2.TemplateRuntimeError(f"it takes longer than {MAX_SECONDS:.0f} seconds")


def _check_size(size: int) -> None:
    if size > MAX_CHARS:
        raise jinja2.TemplateRuntimeError(f"it makes a text of more than {MAX_CHARS} characters")


def _check_operation(operator: str, left: Any, right: Any) -> None:
    if operator == "%" and isinstance(left, str):
        _check_pattern(_WIDE_PERCENT, left)
    elif isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
        if bits > MAX_INTEGER_BITS:
            raise jinja2.TemplateRuntimeError("it makes a number that is too large")
    elif operator == "*":
        text, count = (right, left) if isinstance(left, int) else (left, right)
        if isinstance(count, int) and hasattr(text, "__len__"):
            _check_size(len(text) * count)
    elif operator == "+" and hasattr(left, "__len__") and hasattr(right, "__len__"):
        _check_size(len(left) + len(right))


def _check_call(function: Callable[..., Any], arguments: list[Any]) -> None:
    if any(isinstance(argument, int) and abs(argument) > MAX_ARGUMENT for argument in arguments):
        raise jinja2.TemplateRuntimeError(f"a number in a call is larger than {MAX_ARGUMENT}")
    method = getattr(function, "__wrapped__", function)  # jinja2 wraps str.format
    owner, name = getattr(method, "__self__", None), getattr(method, "__name__", "")
    if not isinstance(owner, str):
        return
    if name in ("format", "format_map"):
        _check_pattern(_WIDE_BRACES, owner)
    elif name == "replace" and len(arguments) > 1:
        _check_size(len(owner) + owner.count(str(arguments[0])) * len(str(arguments[1])))
    elif name in ("center", "ljust", "rjust", "zfill", "expandtabs"):
        _check_size(len(owner) * max((a for a in arguments if isinstance(a, int)), default=8))


def _check_pattern(wide: re.Pattern[str], pattern: str) -> None:
    if wide.search(pattern):
        raise jinja2.TemplateRuntimeError("a field in a format is too wide")
