"""What a tree says of itself without being run: the fields it names, the text around one, the part before one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from omm.chat.gotemplate.nodes import (
    Action,
    Branch,
    Call,
    Chain,
    Field,
    If,
    Operand,
    Pipe,
    Range,
    Statement,
    Statements,
    Text,
    Variable,
    With,
)


def names(statements: Statements) -> Iterator[str]:
    """Every name of a field or variable."""
    for node in statements:
        if isinstance(node, Action | Branch | Call) and node.pipe is not None:
            yield from pipe_names(node.pipe)
        if isinstance(node, Branch):
            yield from names(node.body)
            yield from names(node.orelse)


def pipe_names(pipe: Pipe) -> Iterator[str]:
    """Every name in a pipeline."""
    for command in pipe.commands:
        for operand in command.operands:
            yield from _operand_names(operand)


def _operand_names(operand: Operand) -> Iterator[str]:
    match operand:
        case Field(names=found):
            yield from found
        case Variable(name=name, names=found):
            yield from (name, *found)
        case Chain(inner=inner, names=found):
            yield from pipe_names(inner)
            yield from found
        case Pipe():
            yield from pipe_names(operand)


def until(statements: Statements, field: str) -> Statements:
    """The statements up to the first that prints a field, and that one too; all when there is none."""
    return _cut(statements, field)[0]


def _cut(statements: Statements, field: str) -> tuple[Statements, bool]:
    kept: list[Statement] = []
    for node in statements:
        is_found = isinstance(node, Action) and field in pipe_names(node.pipe)
        if isinstance(node, If | With | Range):
            node, is_found = _cut_branch(node, field)
        kept.append(node)
        if is_found:
            return tuple(kept), True
    return tuple(kept), False


def _cut_branch(node: If | With | Range, field: str) -> tuple[If | With | Range, bool]:
    body, is_found = _cut(node.body, field)
    if is_found:
        return dataclasses.replace(node, body=body, orelse=()), True
    orelse, is_found = _cut(node.orelse, field)
    return dataclasses.replace(node, orelse=orelse), is_found


def around(statements: Statements, field: str, *, within: str) -> tuple[str, str]:
    """The texts right before and right after where a field is printed, inside a range over another.

    Two empty texts when there is no such place. Source: how Ollama infers thinking tags.
    """
    for body in _bodies(statements, within):
        for before, node, after in zip((None, *body), body, (*body[1:], None), strict=False):
            if isinstance(node, Action) and field in pipe_names(node.pipe):
                return _text(before), _text(after)
    return "", ""


def _text(node: Statement | None) -> str:
    return node.text if isinstance(node, Text) else ""


def _bodies(statements: Iterable[Statement], within: str, *, is_inside: bool = False) -> Iterator[Statements]:
    """Every list of statements inside a range over a field."""
    for node in statements:
        if isinstance(node, Branch):
            inside = is_inside or (isinstance(node, Range) and within in pipe_names(node.pipe))
            for body in (node.body, node.orelse):
                if inside:
                    yield body
                yield from _bodies(body, within, is_inside=inside)
