"""A template's tokens → its tree. Knows the grammar and the names of functions, not what they do.

Source: Go's text/template, "Actions", "Pipelines", "Variables" and "Nested template definitions".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import NoReturn

from omm.chat.gotemplate import constants, lexer
from omm.chat.gotemplate.errors import TemplateError
from omm.chat.gotemplate.lexer import Token
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
    Operand,
    Pipe,
    Range,
    Statement,
    Statements,
    Text,
    Variable,
    With,
)

MAX_NESTING = 100  # of actions and parentheses
_MAX_TOKENS = 50_000

_BRANCHES: dict[str, type[If | With | Range]] = {"if": If, "with": With, "range": Range}
_NOT_EXECUTABLE = (Dot, Nil, Constant)


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed source: its statements, and the templates it defines by name."""

    source: str
    statements: Statements
    defined: dict[str, Statements]


def parse(source: str, functions: Collection[str]) -> Tree:
    """Parse a template.

    Raises:
        TemplateError: the template is malformed, nested too deep, or names a function that is not there.
    """
    return _Parser(source, functions).tree()


class _Parser:
    """Recursive descent with one token of look-ahead; state of one parse."""

    def __init__(self, source: str, functions: Collection[str]) -> None:
        self._source, self._functions = source, functions
        self._tokens = self._read()
        self._at = 0
        self._variables = ["$"]
        self._depth = self._num_ranges = 0
        self._defined: dict[str, Statements] = {}

    def tree(self) -> Tree:
        statements = self._statements(is_top=True)
        return Tree(self._source, statements, self._defined)

    def _read(self) -> list[Token]:
        found: list[Token] = []
        for token in lexer.tokens(self._source):
            found.append(token)
            if len(found) > _MAX_TOKENS:
                raise TemplateError(f"more than {_MAX_TOKENS} tokens", self._source, token.start)
        return found

    # --- tokens -------------------------------------------------------------------------------------------------

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        if token.kind != "end of text":
            self._at += 1
        return token

    def _is_keyword(self, *words: str) -> bool:
        return self._next.kind == "keyword" and self._next.text in words

    def _opens(self, *words: str) -> bool:
        """Whether an action with one of these keywords comes next."""
        if self._next.kind != "{{":
            return False
        word = self._tokens[self._at + 1]
        return word.kind == "keyword" and word.text in words

    def _expect(self, kind: str, context: str) -> Token:
        if self._next.kind != kind:
            self._unexpected(context)
        return self._take()

    def _unexpected(self, context: str) -> NoReturn:
        raise self._error(f"unexpected {self._next} in {context}")

    def _error(self, message: str, token: Token | None = None) -> TemplateError:
        return TemplateError(message, self._source, (token or self._next).start)

    def _span(self, start: int) -> dict[str, int]:
        """From an offset to the end of the last token taken."""
        return {"start": start, "end": self._tokens[self._at - 1].end}

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self._error(f"nested deeper than {MAX_NESTING} levels")

    # --- statements ---------------------------------------------------------------------------------------------

    def _statements(self, *, is_top: bool = False) -> Statements:
        """Up to an `else` or `end`, or to the end of the text at the top."""
        found: list[Statement] = []
        while not (self._opens("end", "else") or self._next.kind == "end of text"):
            if is_top and self._opens("define"):
                self._define()
            else:
                found.append(self._statement())
        if is_top and self._next.kind != "end of text":
            self._take()
            raise self._error(f"unexpected {{{{{self._next.text}}}}}")
        if not is_top and self._next.kind == "end of text":
            raise self._error("unexpected EOF")
        return tuple(found)

    def _statement(self) -> Statement:
        token = self._take()
        if token.kind == "text":
            return Text(text=token.text, start=token.start, end=token.end)
        if self._next.kind == "keyword" and self._next.text in self._actions:
            return self._actions[self._next.text](self, self._take())
        pipe = self._pipe("command")
        self._expect("}}", "command")
        return Action(pipe=pipe, start=pipe.start, end=pipe.end)

    def _branch(self, keyword: Token) -> Statement:
        """An `if`, `with` or `range` up to and with its `end`."""
        self._descend()
        num_variables, kind = len(self._variables), keyword.text
        pipe = self._pipe(kind)
        self._expect("}}", kind)
        self._num_ranges += kind == "range"
        body = self._statements()
        self._num_ranges -= kind == "range"
        orelse = self._orelse(kind)
        del self._variables[num_variables:]
        self._depth -= 1
        return _BRANCHES[kind](pipe=pipe, body=body, orelse=orelse, start=pipe.start, end=pipe.end)

    def _orelse(self, kind: str) -> Statements:
        """What follows a body: `end`, `else … end`, or `else if …`, whose `end` is this one's too."""
        self._take()
        if self._take().text == "end":
            self._expect("}}", "end")
            return ()
        if self._is_keyword(kind) and kind in ("if", "with"):
            return (self._branch(self._take()),)
        self._expect("}}", "else")
        statements = self._statements()
        self._take()
        word = self._take()
        if word.text != "end":
            raise self._error(f"expected end; found {{{{{word.text}}}}}", word)
        self._expect("}}", "end")
        return statements

    def _loop_control(self, keyword: Token) -> Statement:
        if not self._num_ranges:
            raise self._error(f"{{{{{keyword.text}}}}} outside {{{{range}}}}", keyword)
        self._expect("}}", f"{{{{{keyword.text}}}}}")
        kind = Break if keyword.text == "break" else Continue
        return kind(start=keyword.start, end=keyword.end)

    def _call(self, keyword: Token) -> Statement:
        name = self._name("template clause")
        pipe = None if self._next.kind == "}}" else self._pipe("template clause")
        call = Call(name=name, pipe=pipe, **self._span(keyword.start))
        self._expect("}}", "template clause")
        return call

    def _block(self, keyword: Token) -> Statement:
        """A definition and its use in one."""
        name = self._name("block clause")
        pipe = self._pipe("block clause")
        call = Call(name=name, pipe=pipe, **self._span(keyword.start))
        self._expect("}}", "block clause")
        self._definition(name, keyword)
        return call

    def _define(self) -> None:
        self._take()
        keyword = self._take()
        name = self._name("define clause")
        self._expect("}}", "define clause")
        self._definition(name, keyword)

    def _definition(self, name: str, keyword: Token) -> None:
        """The body of a template, which sees no variables but its own `$`."""
        self._descend()
        variables, self._variables = self._variables, ["$"]
        num_ranges, self._num_ranges = self._num_ranges, 0
        body = self._statements()
        self._take()
        if not self._is_keyword("end"):
            self._unexpected(f"{keyword.text} clause")
        self._take()
        self._expect("}}", "end")
        self._variables, self._num_ranges = variables, num_ranges
        self._depth -= 1
        self._add(name, body, keyword)

    def _add(self, name: str, body: Statements, keyword: Token) -> None:
        if _is_empty(self._defined.get(name, ())):
            self._defined[name] = body
        elif not _is_empty(body):
            raise self._error(f'multiple definition of template "{name}"', keyword)

    def _name(self, context: str) -> str:
        if self._next.kind not in ("string", "raw"):
            self._unexpected(context)
        return self._string(self._take())

    _actions: dict[str, Callable[[_Parser, Token], Statement]] = {
        "if": _branch, "with": _branch, "range": _branch, "break": _loop_control, "continue": _loop_control,
        "template": _call, "block": _block,
    }  # fmt: skip

    # --- pipelines ----------------------------------------------------------------------------------------------

    def _pipe(self, context: str) -> Pipe:
        """Up to, and without, the closing `}}` or `)`."""
        start = self._next.start
        names, is_assignment = self._declaration(context)
        commands = [self._command(context)]
        while self._next.kind == "|":
            self._take()
            # NOTE: Go lets a pipeline end with its mark.
            if self._next.kind not in ("}}", ")"):
                commands.append(self._command(context))
        for stage, command in enumerate(commands[1:], start=2):
            if isinstance(command.operands[0], _NOT_EXECUTABLE):
                raise TemplateError(f"non executable command in pipeline stage {stage}", self._source, command.start)
        if not is_assignment:
            self._variables += names
        return Pipe(names=names, is_assignment=is_assignment, commands=tuple(commands), **self._span(start))

    def _declaration(self, context: str) -> tuple[tuple[str, ...], bool]:
        """`$a :=`, `$a =` or, of a range, `$a, $b :=` at the head of a pipeline; ((), False) when there is none."""
        if self._next.kind != "variable":
            return (), False
        names, at = [self._next], self._at + 1
        if context == "range" and self._tokens[at].kind == "," and self._tokens[at + 1].kind == "variable":
            names, at = [*names, self._tokens[at + 1]], at + 2
        mark = self._tokens[at]
        if mark.kind == ",":
            raise self._error(f"too many declarations in {context}", mark)
        if mark.kind not in (":=", "="):
            if len(names) > 1:
                raise self._error("range can only initialize variables", names[1])
            return (), False
        self._at = at + 1
        if mark.kind == "=":
            for token in names:
                self._check_variable(token)
        return tuple(token.text for token in names), mark.kind == "="

    def _check_variable(self, token: Token) -> None:
        if token.text not in self._variables:
            raise self._error(f'undefined variable "{token.text}"', token)

    def _command(self, context: str) -> Command:
        start = self._next.start
        if self._next.kind in ("}}", ")"):
            raise self._error(f"missing value for {context}")
        operands = [self._operand(context)]
        while self._next.kind not in ("|", "}}", ")"):
            if not self._next.is_spaced:
                self._unexpected("operand")
            operands.append(self._operand(context))
        return Command(operands=tuple(operands), **self._span(start))

    def _operand(self, context: str) -> Operand:
        """A term with the fields that follow it without white space."""
        start = self._next.start
        term = self._term(context)
        names = self._fields()
        span = self._span(start)
        if not names:
            return term
        match term:
            case Field(names=first):
                return Field(names=(*first, *names), **span)
            case Variable(name=name):
                return Variable(name=name, names=names, **span)
            case Pipe():
                return Chain(inner=term, names=names, **span)
            case Function(name=name):
                inner = Command(operands=(term,), start=term.start, end=term.end)
                pipe = Pipe(names=(), is_assignment=False, commands=(inner,), start=term.start, end=term.end)
                return Chain(inner=pipe, names=names, **span)
        word = self._source[term.start : term.end]
        raise TemplateError(f'unexpected . after term "{word}"', self._source, term.end)

    def _fields(self) -> tuple[str, ...]:
        names = []
        while self._next.kind == "field" and not self._next.is_spaced:
            names.append(self._take().text[1:])
        return tuple(names)

    def _term(self, context: str) -> Operand:
        token = self._next
        if token.kind == "(":
            return self._parenthesis()
        span = {"start": token.start, "end": token.end}
        if token.kind not in self._terms and token.text not in ("true", "false", "nil"):
            self._unexpected(context)
        self._take()
        if token.kind == "keyword":
            return Nil(**span) if token.text == "nil" else Constant(value=token.text == "true", **span)
        return self._terms[token.kind](self, token, span)

    def _parenthesis(self) -> Pipe:
        self._descend()
        start = self._take().start
        pipe = self._pipe("parenthesized pipeline")
        self._expect(")", "parenthesized pipeline")
        self._depth -= 1
        return dataclasses.replace(pipe, start=start, end=self._tokens[self._at - 1].end)

    def _dot(self, _token: Token, span: dict[str, int]) -> Operand:
        return Dot(**span)

    def _field(self, token: Token, span: dict[str, int]) -> Operand:
        return Field(names=(token.text[1:],), **span)

    def _variable(self, token: Token, span: dict[str, int]) -> Operand:
        self._check_variable(token)
        return Variable(name=token.text, names=(), **span)

    def _function(self, token: Token, span: dict[str, int]) -> Operand:
        if token.text not in self._functions:
            raise self._error(f'function "{token.text}" not defined', token)
        return Function(name=token.text, **span)

    def _constant(self, token: Token, span: dict[str, int]) -> Operand:
        try:
            value = constants.number(token.text) if token.kind == "number" else constants.character(token.text)
        except ValueError as exc:
            raise self._error(str(exc), token) from None
        return Constant(value=value, **span)

    def _text(self, token: Token, span: dict[str, int]) -> Operand:
        return Constant(value=self._string(token), **span)

    def _string(self, token: Token) -> str:
        if token.kind == "raw":
            return token.text[1:-1].replace("\r", "")
        try:
            return constants.quoted(token.text)
        except ValueError as exc:
            raise self._error(f"{exc} in {token.text}", token) from None

    _terms: dict[str, Callable[[_Parser, Token, dict[str, int]], Operand]] = {
        ".": _dot, "field": _field, "variable": _variable, "name": _function,
        "number": _constant, "char": _constant, "string": _text, "raw": _text,
    }  # fmt: skip


def _is_empty(statements: Statements) -> bool:
    """Whether there is nothing but white space."""
    return all(isinstance(node, Text) and not node.text.strip() for node in statements)
