"""Runs a template's tree over values. One run at a time, bounded in time, size and depth.

Source: Go's text/template, "Actions", "Arguments", "Pipelines" and "Variables".
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from omm.chat.gotemplate import functions
from omm.chat.gotemplate.errors import TemplateError
from omm.chat.gotemplate.functions import FUNCTIONS, LAZY, FunctionError
from omm.chat.gotemplate.nodes import (
    Action,
    Break,
    Call,
    Chain,
    Command,
    Constant,
    Continue,
    Dot,
    Field,
    Function,
    If,
    Nil,
    Node,
    Operand,
    Pipe,
    Range,
    Statements,
    Text,
    Variable,
    With,
)
from omm.chat.gotemplate.parser import Tree
from omm.chat.gotemplate.printf import MAX_CHARS
from omm.chat.gotemplate.values import JSONList, JSONMap, Struct, is_true, printed, text, type_name

MAX_MADE = 16 * MAX_CHARS  # of all texts that functions make in one execution, for variables may keep them
MAX_SECONDS = 10.0
MAX_CALLS = 100  # of templates within templates
_MAX_SHOWN = 80  # characters of the template in a message

_Signal = Break | Continue | None


class _Absent:
    """What a command gets from the one before it when there is none."""


_ABSENT: Final = _Absent()


@dataclass(slots=True)
class _Binding:
    """A variable in scope."""

    name: str
    value: Any


def execute(tree: Tree, data: Mapping[str, Any]) -> str:
    """Run a template over its data.

    Raises:
        TemplateError: the template fails, takes too long, or makes too large a text.
    """
    run = _Run(tree)
    try:
        run.statements(tree.statements, data)
    except RecursionError:
        raise TemplateError("nested too deep", is_broken=False) from None
    return "".join(run.written)


class _Run:
    """One execution: what was written, the variables in scope and the template that runs."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.written: list[str] = []
        self._num_chars = self._num_made = 0
        self._deadline = time.monotonic() + MAX_SECONDS
        self._names = [""]
        self._scope: list[_Binding] = []

    def statements(self, statements: Statements, data: Any) -> None:
        """Run a template with its own variables."""
        outer, self._scope = self._scope, [_Binding("$", data)]
        self._run(statements, data)
        self._scope = outer

    def _fail(self, message: str, node: Node) -> TemplateError:
        where = self._tree.source[node.start : min(node.end, node.start + _MAX_SHOWN)]
        message = f'executing "{self._names[-1]}" at <{where}>: {message}'
        return TemplateError(message, self._tree.source, node.start, is_broken=False)

    def _write(self, piece: str, node: Node) -> None:
        self._num_chars += len(piece)
        if self._num_chars > MAX_CHARS:
            raise self._fail(f"it writes more than {MAX_CHARS} characters", node)
        self.written.append(piece)

    def _check_time(self, node: Node) -> None:
        if time.monotonic() > self._deadline:
            raise self._fail(f"it takes longer than {MAX_SECONDS:g} seconds", node)

    # --- statements ---------------------------------------------------------------------------------------------

    def _run(self, statements: Statements, dot: Any) -> _Signal:
        for node in statements:
            self._check_time(node)
            signal: _Signal = None
            match node:
                case Text():
                    self._write(node.text, node)
                case Action(pipe=pipe):
                    value = self._pipe(pipe, dot)
                    if not pipe.names:
                        self._write(printed(value), node)
                case If() | With():
                    signal = self._branch(node, dot)
                case Range():
                    signal = self._range(node, dot)
                case Call():
                    self._call_template(node, dot)
                case Break() | Continue():
                    signal = node
                case _:
                    assert_never(node)
            if signal is not None:
                return signal
        return None

    def _branch(self, node: If | With, dot: Any) -> _Signal:
        depth = len(self._scope)
        value = self._pipe(node.pipe, dot)
        if is_true(value):
            signal = self._run(node.body, value if isinstance(node, With) else dot)
        else:
            signal = self._run(node.orelse, dot)
        del self._scope[depth:]
        return signal

    def _range(self, node: Range, dot: Any) -> _Signal:
        depth = len(self._scope)
        value = self._value(node.pipe, dot)
        is_empty = True
        for key, item in self._items(value, node.pipe):
            self._check_time(node)
            is_empty = False
            self._bind(node.pipe, (key, item)[-len(node.pipe.names) :])
            signal = self._run(node.body, item)
            del self._scope[depth:]
            if isinstance(signal, Break):
                break
        if not is_empty:
            return None
        self._bind(node.pipe, (value,) * len(node.pipe.names))
        signal = self._run(node.orelse, dot)
        del self._scope[depth:]
        # NOTE: a break in the `else` ends this range, as in Go, not the one around it.
        return None if isinstance(signal, Break) else signal

    def _items(self, value: Any, pipe: Pipe) -> Iterable[tuple[Any, Any]]:
        """What a range runs over, with the keys; maps in the order of theirs."""
        match value:
            case None:
                return ()
            case dict():
                return [(key, value[key]) for key in sorted(value)]
            case list() | tuple():
                return enumerate(value)
            case bool():
                pass
            case int():
                if len(pipe.names) > 1:
                    raise self._fail(f"can't use {value} to iterate over more than one variable", pipe)
                return ((number, number) for number in range(value))
        raise self._fail(f"range can't iterate over {text(value)[:100]}", pipe)

    def _call_template(self, node: Call, dot: Any) -> None:
        body = self._tree.defined.get(node.name)
        if body is None:
            raise self._fail(f'template "{node.name}" not defined', node)
        if len(self._names) > MAX_CALLS:
            raise self._fail(f"exceeded maximum template depth ({MAX_CALLS})", node)
        data = self._pipe(node.pipe, dot) if node.pipe else None
        self._names.append(node.name)
        self.statements(body, data)
        self._names.pop()

    # --- pipelines ----------------------------------------------------------------------------------------------

    def _pipe(self, pipe: Pipe, dot: Any) -> Any:
        value = self._value(pipe, dot)
        self._bind(pipe, (value,) * len(pipe.names))
        return value

    def _value(self, pipe: Pipe, dot: Any) -> Any:
        value: Any = _ABSENT
        for command in pipe.commands:
            value = self._command(command, dot, value)
        return value

    def _bind(self, pipe: Pipe, values: Sequence[Any]) -> None:
        """Declare a pipeline's variables, or assign to those there are."""
        for name, value in zip(pipe.names, values, strict=False):
            if pipe.is_assignment:
                self._binding(name, pipe).value = value
            else:
                self._scope.append(_Binding(name, value))

    def _binding(self, name: str, node: Node) -> _Binding:
        for binding in reversed(self._scope):
            if binding.name == name:
                return binding
        raise self._fail(f"undefined variable: {name}", node)

    def _command(self, command: Command, dot: Any, final: Any) -> Any:
        """A command's value; `final` is that of the command before it."""
        first, *rest = command.operands
        if isinstance(first, Function):
            return self._function(first, command, rest, dot, final)
        if isinstance(first, Nil):
            raise self._fail("nil is not a command", first)
        if rest or final is not _ABSENT:
            names = getattr(first, "names", ()) if not isinstance(first, Pipe) else ()
            word = self._tree.source[first.start : first.end]
            problem = f"{names[-1]} is not a method but has arguments" if names else None
            raise self._fail(problem or f"can't give argument to non-function {word}", first)
        return self._operand(first, dot)

    def _operand(self, operand: Operand, dot: Any) -> Any:
        match operand:
            case Dot():
                return dot
            case Nil():
                return None
            case Constant(value=value):
                return value
            case Field(names=names):
                return self._fields(dot, names, operand)
            case Variable(name=name, names=names):
                return self._fields(self._binding(name, operand).value, names, operand)
            case Chain(inner=inner, names=names):
                return self._fields(self._pipe(inner, dot), names, operand)
            case Pipe():
                return self._pipe(operand, dot)
            case Function():
                return self._function(operand, operand, [], dot, _ABSENT)
        assert_never(operand)

    def _fields(self, value: Any, names: tuple[str, ...], node: Node) -> Any:
        # NOTE: a field of nil is nil, but a missing field has no fields.
        for name in names if value is not None else ():
            value = self._field(value, name, node)
        return value

    def _field(self, value: Any, name: str, node: Node) -> Any:
        match value:
            case None:
                raise self._fail(f"nil pointer evaluating interface {{}}.{name}", node)
            case Struct(fields=fields) if name in fields:
                return fields[name]
            case Struct() | JSONMap() | JSONList() if name == "String":
                return text(value)
            case Mapping():
                return value.get(name)
        raise self._fail(f"can't evaluate field {name} in type {type_name(value)}", node)

    # --- functions ----------------------------------------------------------------------------------------------

    def _function(self, function: Function, node: Node, operands: list[Operand], dot: Any, final: Any) -> Any:
        name, last = function.name, [] if final is _ABSENT else [final]
        if name in LAZY:
            return self._logic(function, operands, dot, last)
        arguments = [*(self._operand(operand, dot) for operand in operands), *last]
        self._check_arguments(function, arguments)
        self._check_time(node)
        try:
            value = functions.call(name, arguments)
        except FunctionError as exc:
            raise self._fail(str(exc), node) from None
        self._num_made += len(value) if isinstance(value, str) else 0
        if self._num_made > MAX_MADE:
            raise self._fail(f"all that it makes is together more than {MAX_MADE} characters", node)
        return value

    def _check_arguments(self, function: Function, arguments: list[Any]) -> None:
        name, count = function.name, len(arguments)
        known = FUNCTIONS[name]
        if count < known.least or (known.most is not None and count > known.most):
            wanted = f"{known.least}" if known.most == known.least else f"at least {known.least}"
            raise self._fail(f"wrong number of args for {name}: want {wanted} got {count}", function)
        if known.takes_text and not isinstance(arguments[0], str):
            raise self._fail(f"expected string; found {type_name(arguments[0])}", function)

    def _logic(self, function: Function, operands: list[Operand], dot: Any, last: list[Any]) -> Any:
        """`and` and `or`, which look at no more arguments than they need."""
        if not operands and not last:
            raise self._fail(f"wrong number of args for {function.name}: want at least 1 got 0", function)
        value = None
        for operand in operands:
            value = self._operand(operand, dot)
            if is_true(value) == (function.name == "or"):
                return value
        return last[0] if last else value
