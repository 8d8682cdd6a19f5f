"""The commands as a typer application: it reads every command line that is not plain, and says what is wrong with it.

It only reads: who asked does what the line says, as with those that are plain.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer
from typer.main import get_command

from omm.cli.params import HELP, Command, Line, Parameter, Unsure, UsageError, declared, is_argument, read_options

SWITCH_VALUES = {"true": True, "1": True, "false": False, "0": False}
# What typer would do beside reading, and is not wanted.
PLAIN: dict[str, Any] = {"add_completion": False, "add_help_option": False, "rich_markup_mode": None}


def read(words: Sequence[str], root: Command, commands: Mapping[str, Command]) -> Line:
    """What a command line says. Raises UsageError, in typer's words."""
    lines = [Line({})]
    application = typer.Typer(name="omm", **PLAIN)
    application.callback(invoke_without_command=True)(_taking(root, lambda values: lines.append(Line(values))))
    for name, command in commands.items():
        application.command(name, add_help_option=False)(_taking(command, _then(command, lines)))
    try:
        with get_command(application).make_context("omm", [*_spelled_out(words, root, commands)]) as context:
            context.command.invoke(context)
    except typer.TyperException as exc:
        raise UsageError(" ".join(exc.format_message().split())) from exc
    return lines[-1]


def _then(command: Command, lines: list[Line]) -> Callable[[dict[str, Any]], None]:
    return lambda values: lines.append(Line(lines[-1].options, command, values))


def _taking(command: Command, then: Callable[[dict[str, Any]], None]) -> Callable[..., None]:
    """A function that takes what the command does, and hands it on."""

    def take(**values: Any) -> None:
        then(values)

    parameters = [one.replace(kind=one.KEYWORD_ONLY) for one in declared(command.function, typer)]
    take.__signature__ = inspect.Signature([*parameters, _HELP])  # type: ignore[attr-defined]
    return take


def _skip_checks(context: typer.Context, is_asked: bool) -> bool:
    context.resilient_parsing |= is_asked
    return is_asked


_HELP = inspect.Parameter(
    HELP.name,
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option(*HELP.names, help=HELP.help, is_eager=True, callback=_skip_checks)],
)


def _spelled_out(words: Sequence[str], root: Command, commands: Mapping[str, Command]) -> Iterator[str]:
    """The words, with those for a command put so that typer knows them."""
    try:
        _, rest = read_options(root.options, words, up_to_argument=True)
    except Unsure:
        rest = []
    yield from words[: len(words) - len(rest)]
    if rest and rest[0] in commands:
        options = {name: option for option in commands[rest[0]].options for name in option.all_names}
        yield from (rest[0], *_in_order(rest[1:], options, _misplaced(root, rest[0])))
    else:
        yield from rest


def _misplaced(root: Command, command: str) -> dict[str, str]:
    """What to say about global options that come after a command."""
    return {
        name: f"{name} goes before the command: omm {option.label} {command}"
        for option in root.options
        if option.name not in {"help", "version"}
        for name in option.all_names
    }


def _in_order(words: Iterable[str], options: Mapping[str, Parameter], misplaced: Mapping[str, str]) -> Iterator[str]:
    """Options, each spelled out, and then arguments, so that typer takes none for an option, as it would with `-1`.

    Raises UsageError for an option of `misplaced`.
    """
    left, arguments = deque(words), list[str]()
    while left:
        word = left.popleft()
        name, equals, _ = word.partition("=")
        option = options.get(name)
        if word == "--":
            arguments += left
            break
        if is_argument(word):
            arguments.append(word)
        elif option is None and name in misplaced:
            raise UsageError(misplaced[name])
        elif option is None and _begins_with_switch(word, options):
            left.extendleft(("-" + word[2:], word[:2]))
        elif option is None or equals:
            yield from _with_value(word, option)
        elif option.has_optional_value:
            yield f"{name}=true"
        elif not option.metavar:
            yield word
        elif left:
            yield from (word, left.popleft())
        else:  # typer shall miss the value
            yield from (*arguments, word)
            return
    yield from ("--", *arguments)


def _begins_with_switch(word: str, options: Mapping[str, Parameter]) -> bool:
    """Whether a word is several options like `-qe`, of which the first takes no value."""
    first = options.get(word[:2])
    return first is not None and not first.metavar and f"-{word[2]}" in options


def _with_value(word: str, option: Parameter | None) -> Sequence[str]:
    """A word with a value in it, which typer does not know of switches, as in `--verbose=false`, nor in `-n=3`."""
    name, _, value = word.partition("=")
    if option is None or (option.metavar and name.startswith("--")):
        return [word]
    if option.metavar:
        return [name, value]
    is_on = SWITCH_VALUES.get(value.lower())
    if is_on is None:
        return [word]
    if is_on:
        return [name]
    return (option.names if name in option.names_off else option.names_off)[:1]
