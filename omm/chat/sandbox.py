"""The sandbox that chat templates run in: bounded in reach by Jinja's own, in time and size by this one.

A template is a program from a stranger, and it runs on a thread of the server. Jinja's sandbox keeps it from the
machine but lets it count to 9**9**9, so loops, calls and whatever makes something large out of something small check
a budget here. Knows nothing of messages.
"""

from __future__ import annotations

import functools
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox
import jinja2.visitor

MAX_CHARS = 32 << 20  # of any one text
MAX_MADE = 16 * MAX_CHARS  # of all that one rendering makes, for it may keep it; an item of a list counts as eight
MAX_SECONDS = 10.0
MAX_INTEGER_BITS = 1024
MAX_ARGUMENT = 100_000
MAX_NODES = 1 << 18  # of a nested value that is printed or compared: a list that holds itself twice, 40 times over

# For web pages: no chat template needs them, and each is slow or large on a text made for it.
_REMOVED_FILTERS = ("urlize", "xmlattr")
_REMOVED_GLOBALS = ("lipsum",)
# They make a large thing out of a small one when a number among their arguments is large, or print a value.
_BOUNDED_FILTERS = ("batch", "center", "pprint", "round", "slice", "string", "truncate", "wordwrap")
_WIDE_PERCENT = re.compile(r"%[^a-zA-Z%]*(?:\d{4}|\*)")
_WIDE_BRACES = re.compile(r"\{[^{}]*(?:\{|:[^{}]*\d{4})")

_CONTAINERS = (list, tuple, dict, set, jinja2.utils.Namespace)

Made = TypeVar("Made")

_budget = threading.local()  # `seconds`, `deadline` and what is `made` of the rendering on this thread


class Limit(jinja2.TemplateRuntimeError):
    """A template takes too long, or makes something too large."""


class Sandbox(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """A Jinja environment whose templates end in time and stay small; use `render`."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name in _REMOVED_FILTERS:
            del self.filters[name]
        for name in _REMOVED_GLOBALS:
            del self.globals[name]
        self.filters |= {name: _bounded(self.filters[name]) for name in _BOUNDED_FILTERS}
        self.filters.update(join=_join, replace=_replace, indent=_indent, format=_format)
        self.filters = {name: measured(function) for name, function in self.filters.items()}
        self.filters.update(_counted=_counted, _concat=measured(_concat), _weighed=weighed, _made=_made)
        self.finalize = weighed

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Run an arithmetic operator whose result is not too large."""
        _check_time()
        _check_operation(operator, left, right)
        return _made(super().call_binop(context, operator, left, right))

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what the template calls, unless its arguments ask for something large."""
        _check_time()
        _check_call(__obj, [*args, *kwargs.values()])
        if getattr(__obj, "__name__", "") == "join" and isinstance(getattr(__obj, "__self__", None), str):
            return _made(_bounded_join(__obj.__self__, *args))
        return _made(super().call(__context, __obj, *args, **kwargs))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """What Jinja's own sandbox allows; also to lengthen and shorten lists that the template has made itself."""
        is_own = type(obj) is list and attr in ("append", "pop")
        return is_own or super().is_safe_attribute(obj, attr, value)

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """Join what a template, a macro or a block has written."""
        return _made(_bounded_join("", parts))

    def _parse(self, source: str, name: str | None, filename: str | None) -> jinja2.nodes.Template:
        tree: jinja2.nodes.Template = _Guard().visit(super()._parse(source, name, filename))
        tree.set_environment(self)
        return tree


def render(template: jinja2.Template, variables: dict[str, Any], seconds: float | None = None) -> str:
    """Render within a time limit. Raises Limit beyond it, and whatever the template raises."""
    _budget.seconds = MAX_SECONDS if seconds is None else min(seconds, MAX_SECONDS)
    _budget.deadline = time.monotonic() + _budget.seconds
    _budget.made = 0
    try:
        return template.render(_given(variables))
    except (RecursionError, MemoryError) as exc:
        raise Limit(f"too deep or too large: {exc}") from None
    finally:
        del _budget.deadline, _budget.made


class _Given(list[Any]):
    """A list that the template was given; it may not change it."""


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _given(item) for key, item in value.items()}
    return _Given(map(_given, value)) if isinstance(value, list | tuple) else value


class _Guard(jinja2.visitor.NodeTransformer):
    """Rewrites loops to count what they run over, `~`, comparisons and slices to look at what they take or make."""

    def visit_For(self, node: jinja2.nodes.For) -> jinja2.nodes.Node:
        self.generic_visit(node)
        node.iter = _filter(node.iter, "_counted")
        return node

    def visit_Compare(self, node: jinja2.nodes.Compare) -> jinja2.nodes.Node:
        self.generic_visit(node)
        for operand in node.ops:
            operand.expr = _filter(operand.expr, "_weighed")
        node.expr = _filter(node.expr, "_weighed")
        return node

    def visit_Getitem(self, node: jinja2.nodes.Getitem) -> jinja2.nodes.Node:
        self.generic_visit(node)
        return _filter(node, "_made") if isinstance(node.arg, jinja2.nodes.Slice) else node

    def visit_Concat(self, node: jinja2.nodes.Concat) -> jinja2.nodes.Node:
        self.generic_visit(node)
        return _filter(jinja2.nodes.List(node.nodes, lineno=node.lineno), "_concat")


def _filter(value: Any, name: str) -> jinja2.nodes.Filter:
    return jinja2.nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


@jinja2.pass_context
def _counted(_context: Any, items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        _check_time()
        yield item


@jinja2.pass_context
def _concat(_context: Any, parts: list[Any]) -> str:
    return _bounded_join("", map(_text, parts))


@jinja2.pass_context
def _join(_context: Any, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    if attribute is not None:
        value = map(jinja2.filters.make_attrgetter(_context.environment, attribute), value)
    return _bounded_join(_text(d), map(_text, value))


def _replace(value: Any, old: Any, new: Any, count: int | None = None) -> str:
    text, old, new = _text(value), _text(old), _text(new)
    _check_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new, -1 if count is None else count)


def _format(value: Any, *args: Any, **kwargs: Any) -> str:
    text = _text(value)
    _check_operation("%", text, kwargs or args)
    return jinja2.filters.do_format(text, *args, **kwargs)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that takes small numbers and values that can be printed."""

    @functools.wraps(function)  # NOTE: keeps the mark by which jinja2 knows that a filter wants its environment
    def run(*args: Any, **kwargs: Any) -> Any:
        _check_time()
        weighed(args[0])
        _check_arguments([*args[1:], *kwargs.values()])
        return function(*args, **kwargs)

    return run


def measured(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose results count among what the rendering makes."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        return _made(function(*args, **kwargs))

    return run


def _made(value: Made) -> Made:
    """The value, unless the rendering has made too much with it."""
    if isinstance(value, str):
        size = len(value)
    elif isinstance(value, list | tuple):
        size = 8 * len(value) + _num_chars(value)
    else:
        return value
    if hasattr(_budget, "made"):  # constants are put together before
        _budget.made += size
        if _budget.made > MAX_MADE:
            raise Limit(f"all that it makes is together more than {MAX_MADE} characters")
    return value


def weighed(value: Any) -> Any:
    """The value, unless printing or comparing it would never end, or makes too large a text.

    Containers may hold the same value many times.
    """
    if not isinstance(value, _CONTAINERS):
        return value
    num_nodes, num_chars, waiting = 0, 0, [value]
    while waiting:
        container = waiting.pop()
        children = _children(container)
        num_nodes += len(children)
        num_chars += _num_chars(children) + (_num_chars(container) if isinstance(container, dict) else 0)
        if num_nodes > MAX_NODES:
            raise Limit(f"a value of more than {MAX_NODES} items")
        _check_size(num_chars)
        waiting.extend(child for child in children if isinstance(child, _CONTAINERS))
    return value


def _num_chars(values: Iterable[Any]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))


def _children(value: Any) -> Collection[Any]:
    if isinstance(value, jinja2.utils.Namespace):
        value = object.__getattribute__(value, "_Namespace__attrs")
    return value.values() if isinstance(value, dict) else value


def _text(value: Any) -> str:
    return str(weighed(value))


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
        raise Limit(f"it takes longer than {_budget.seconds:g} seconds")


def _check_size(size: int) -> None:
    if size > MAX_CHARS:
        raise Limit(f"it makes a text of more than {MAX_CHARS} characters")


def _check_operation(operator: str, left: Any, right: Any) -> None:
    if operator == "%" and isinstance(left, str):
        weighed(right)
        _check_pattern(_WIDE_PERCENT, left)
    elif isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
        if bits > MAX_INTEGER_BITS:
            raise Limit("it makes a number that is too large")
    elif operator == "*":
        text, count = (right, left) if isinstance(left, int) else (left, right)
        if isinstance(count, int) and hasattr(text, "__len__"):
            _check_size(len(text) * count)
    elif operator == "+" and hasattr(left, "__len__") and hasattr(right, "__len__"):
        _check_size(len(left) + len(right))


def _check_call(function: Callable[..., Any], arguments: list[Any]) -> None:
    _check_arguments(arguments)
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


def _check_arguments(arguments: Iterable[Any]) -> None:
    for argument in arguments:
        if isinstance(argument, int) and abs(argument) > MAX_ARGUMENT:
            raise Limit(f"a number in a call is larger than {MAX_ARGUMENT}")
        weighed(argument)


def _check_pattern(wide: re.Pattern[str], pattern: str) -> None:
    if wide.search(pattern):
        raise Limit("a field in a format is too wide")
