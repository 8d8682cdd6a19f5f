"""The tree of a parsed template. Values only; every node knows the piece of source it was made of, for messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`start` and `end` are offsets into the source."""

    start: int
    end: int


# --- operands: what a command is made of ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot(Node):
    """`.`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nil(Node):
    """`nil`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Node):
    """A bool, int, float or str."""

    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Node):
    """A function's name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Node):
    """`.A.B`"""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Node):
    """`$x.A.B`; `name` has its dollar."""

    name: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Node):
    """`(…).A.B`"""

    inner: Pipe
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Node):
    """A value, or a function or field with arguments."""

    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe(Node):
    """`$a, $b := command | command`; each command's value is the last argument of the next."""

    names: tuple[str, ...]
    is_assignment: bool
    commands: tuple[Command, ...]


Operand = Dot | Nil | Constant | Function | Field | Variable | Chain | Pipe


# --- statements -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    """Text outside actions, trimmed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Node):
    """`{{ pipe }}`"""

    pipe: Pipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Node):
    """What `if`, `with` and `range` have in common; an `else if` is a branch alone in `orelse`."""

    pipe: Pipe
    body: Statements
    orelse: Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Branch):
    """`{{ if pipe }}`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class With(Branch):
    """`{{ with pipe }}`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Branch):
    """`{{ range pipe }}`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break(Node):
    """`{{ break }}`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Continue(Node):
    """`{{ continue }}`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """`{{ template "name" pipe }}`"""

    name: str
    pipe: Pipe | None


Statement = Text | Action | If | With | Range | Break | Continue | Call
Statements = tuple[Statement, ...]
