"""What a command takes: declared with typer in its function's signature, read off the command line.

PERF: typer takes 40 ms to import, half of what `omm list` takes altogether. So plain command lines are read here, by
the same declarations, and it is imported for all others: `Unsure` sends them to `application.py`.
"""

from __future__ import annotations

import inspect
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, get_type_hints

import msgspec

from omm.errors import InvalidRequest


class UsageError(InvalidRequest):
    """The command line makes no sense."""


class Unsure(Exception):
    """A command line that is not plain, or makes no sense: typer knows."""


class Exit(Exception):
    """Ends a command that has said everything with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def refuse(case: str, given: Mapping[str, object]) -> None:
    """Refuse options that would do nothing, by their names. Raises UsageError."""
    for name, value in given.items():
        if value not in (None, False, ""):
            raise UsageError(f"{name}: does nothing {case}")


def at_most_one(given: Mapping[str, object]) -> None:
    """Refuse options that exclude each other, by their names. Raises UsageError."""
    if sum(value not in (None, False) for value in given.values()) > 1:
        *names, last = (f"'{name}'" for name in given)
        comma = "," if len(names) > 1 else ""
        raise UsageError(f"only one of {', '.join(names)}{comma} or {last} can be specified")


class Option:
    """What `typer.Option` declares: `Annotated[str | None, typer.Option("--file", "-f", metavar="FILE", help="…")]`.

    A bool is a switch, `--on/--off` one for both ways, and a list an option that may be repeated. Without names it is
    called as the parameter. A `metavar` in brackets is a value that may be left out, which then is `true`.
    """

    def __init__(self, *names: str, metavar: str = "VALUE", help: str) -> None:
        self.names, self.metavar, self.help = names, metavar, help


class Argument:
    """What `typer.Argument` declares; a list takes all there are."""

    def __init__(self, *, metavar: str, help: str) -> None:
        self.metavar, self.help = metavar, help


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a command takes. An argument has no `names`, a switch no `metavar`."""

    name: str
    help: str
    names: tuple[str, ...] = ()
    names_off: tuple[str, ...] = ()
    metavar: str = ""
    is_list: bool = False
    is_required: bool = False
    default: Any = None

    @property
    def all_names(self) -> tuple[str, ...]:
        """An option's names, the short ones first, those that switch it off last."""
        return (*sorted(self.names, key=lambda name: name.startswith("--")), *self.names_off)

    @property
    def has_optional_value(self) -> bool:
        """Whether the option may go without its value."""
        return self.metavar.startswith("[")

    @property
    def label(self) -> str:
        """How help shows an option: `-f, --file FILE`, `--think[=LEVEL]`."""
        return ", ".join(self.all_names) + (" " if self.metavar and not self.has_optional_value else "") + self.metavar


HELP = Parameter(name="help", names=("-h", "--help"), help="Show this help", default=False)


class Command(msgspec.Struct, frozen=True):
    """A function that the command line calls; its docstring says what it does."""

    name: str
    function: Callable[..., None]
    takes: tuple[Parameter, ...]
    needs_session: bool

    @classmethod
    def of(cls, name: str, function: Callable[..., None]) -> Command:
        """Read the function's signature."""
        takes = map(_parameter, declared(function, sys.modules[__name__]))
        return cls(name, function, (*takes, HELP), "session" in inspect.signature(function).parameters)

    @property
    def summary(self) -> str:
        """What it does."""
        return inspect.getdoc(self.function) or ""

    @property
    def options(self) -> tuple[Parameter, ...]:
        """What has a name."""
        return tuple(one for one in self.takes if one.names)

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """What is told by its place."""
        return tuple(one for one in self.takes if not one.names)

    @property
    def synopsis(self) -> str:
        """How it is called."""
        return " ".join(["omm", self.name, "[OPTIONS]", *(one.metavar for one in self.arguments)])

    def read(self, words: Sequence[str]) -> dict[str, Any]:
        """The function's arguments, and whether to show `help` instead, when nothing else is checked. Raises Unsure."""
        given, rest = read_options(self.options, words)
        if not given.get("help"):
            given |= self._read_arguments(rest)
        return {one.name: given.get(one.name, one.default) for one in self.takes}

    def _read_arguments(self, words: list[str]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for one in self.arguments:
            if words:
                given[one.name], words = (words, []) if one.is_list else (words[0], words[1:])
            elif one.is_required:
                raise Unsure
        if words:
            raise Unsure
        return given

    def refuse_empty(self, values: Mapping[str, Any]) -> None:
        """Refuse required arguments that are empty, which typer takes. Raises UsageError."""
        for one in self.arguments:
            if one.is_required and values[one.name][:1] in ("", [""]):
                raise UsageError(f"{one.metavar} is empty: {self.synopsis}")


class Line(msgspec.Struct, frozen=True):
    """A command line as it was read: the global options, and the command, if there is one, with its arguments."""

    options: dict[str, Any]
    command: Command | None = None
    values: dict[str, Any] = {}


def declared(function: Callable[..., None], typer: Any) -> list[inspect.Parameter]:
    """What a function takes beside the session. Its annotations are evaluated with `typer` as what has that name."""
    found = [one for one in inspect.signature(function).parameters.values() if one.name != "session"]
    texts = SimpleNamespace(__annotations__={one.name: one.annotation for one in found})
    kinds = get_type_hints(texts, {**vars(sys.modules[function.__module__]), "typer": typer}, include_extras=True)
    return [one.replace(annotation=kinds[one.name]) for one in found]


def _parameter(declared: inspect.Parameter) -> Parameter:
    kind, told = declared.annotation.__origin__, declared.annotation.__metadata__[0]
    kinds = (kind, *getattr(kind, "__args__", ()))
    is_required = declared.default is inspect.Parameter.empty
    pairs = [name.partition("/") for name in _names(told, declared.name)]
    return Parameter(
        name=declared.name,
        help=told.help,
        names=tuple(on for on, _, _ in pairs),
        names_off=tuple(off for _, _, off in pairs if off),
        metavar="" if bool in kinds else told.metavar,
        is_list=any(getattr(one, "__origin__", one) is list for one in kinds),
        is_required=is_required,
        default=None if is_required else declared.default,
    )


def _names(told: Option | Argument, parameter: str) -> tuple[str, ...]:
    return () if isinstance(told, Argument) else told.names or (f"--{parameter.replace('_', '-')}",)


# --- reading words ------------------------------------------------------------------------------------------------


def read_options(
    options: Iterable[Parameter], words: Sequence[str], *, up_to_argument: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """The options' values by the parameters' names, and the words that are no options. Raises Unsure."""
    known = {name: option for option in options for name in option.all_names}
    values: dict[str, Any] = {}
    rest: list[str] = []
    left = deque(words)
    while left and not (rest and up_to_argument):
        word = left.popleft()
        if word == "--":
            break
        if is_argument(word):
            rest.append(word)
            continue
        for name, text in _pieces(word, known):
            option = known.get(name)
            if option is None:
                raise Unsure
            value = _value(option, name, text, left)
            values[option.name] = [*values.get(option.name, []), value] if option.is_list else value
    return values, [*rest, *left]


def is_argument(word: str) -> bool:
    """Whether a word is no option where it stands, as a negative number is not."""
    return word == "-" or not word.startswith("-") or word[1].isdigit()


def _pieces(word: str, known: Mapping[str, Parameter]) -> Iterator[tuple[str, str | None]]:
    """The options of a word, each with the value that is written to it: `--name=value`, `-abc`, `-nvalue`."""
    if word.startswith("--"):
        name, equals, text = word.partition("=")
        yield name, text if equals else None
        return
    for at in range(1, len(word)):
        name, text = f"-{word[at]}", word[at + 1 :]
        if text.startswith("="):
            raise Unsure
        if name in known and known[name].metavar:
            yield name, text or None
            return
        yield name, None


def decodable(text: str) -> str:
    """Bytes that were no UTF-8 are surrogates, which neither a file nor a request can hold."""
    return text.encode(errors="replace").decode()


def near(name: str, known: Iterable[str]) -> str:
    """What to add to a message about a word that is none of the known ones."""
    from difflib import get_close_matches  # PERF: 5 ms that only a mistake has to pay

    found = get_close_matches(name, known, 1)
    return f", did you mean {found[0]}?" if found else ""


def _value(option: Parameter, name: str, text: str | None, left: deque[str]) -> Any:
    if not option.metavar:
        if text is not None:
            raise Unsure
        return name not in option.names_off
    if text is not None:
        return text
    if option.has_optional_value:
        return "true"
    if not left:
        raise Unsure
    return left.popleft()
