"""typer has the say about command lines: plain ones are read as it reads them, and it refuses what makes no sense."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm.cli import app, application
from omm.cli.params import Command, Line, Parameter, Unsure, UsageError
from tests.cli.conftest import Omm
from tests.cli.test_params import COMMAND as COOK

COMMANDS = [app.load(name) for name in app.COMMANDS]


def by_typer(*words: str, command: Command = COOK) -> Line:
    return application.read(words, app.ROOT, {command.name: command})


def required(command: Command) -> list[str]:
    return [f"word{number}" for number, one in enumerate(command.arguments) if one.is_required]


def well_formed(option: Parameter) -> Iterator[list[str]]:
    """Words that give an option, in every form."""
    for name in option.all_names:
        if not option.metavar:
            yield [name]
        elif option.has_optional_value:
            yield from ([name], [f"{name}=low"], [f"{name}="])
        elif name.startswith("--"):
            yield from ([name, "3"], [name, "-3"], [name, ""], [name, "--"], [f"{name}=3"], [f"{name}=a=b"])
        else:
            yield from ([name, "3"], [name, "-3"], [f"{name}3"])


def ill_formed(command: Command) -> Iterator[tuple[list[str], str]]:
    """Words that make no sense to a command, and what of them must be named."""
    fitting = required(command)
    yield [*fitting, "--nonsense"], "--nonsense"
    yield [*fitting, "-%"], "-%"
    if fitting:
        yield fitting[:-1], [one for one in command.arguments if one.is_required][-1].metavar
    if not any(one.is_list for one in command.arguments):
        yield [*(["word"] * len(command.arguments)), "surplus"], "surplus"
    for option in command.options:
        for name in option.all_names:
            if option.metavar and not option.has_optional_value:
                yield [*fitting, name], name
            elif not option.metavar and name.startswith("--"):
                yield [*fitting, f"{name}=maybe"], name


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_plain_command_lines_are_read_as_typer_reads_them(command: Command) -> None:
    words = required(command)
    lines = [words, [*words, "--", *["--word"] * (len(command.arguments) - len(words))]]
    forms = [[*well_formed(option)] for option in command.options if option.name != "help"]
    for row in range(max(map(len, forms), default=0)):  # a line has all options, each in one of its forms
        given_ = [word for column in forms for word in column[row % len(column)]]
        lines += [[*given_, *words], [*words, *given_], [*words, *given_, *given_]]
    for line in lines:
        assert app.read_plain([command.name, *line]) == by_typer(command.name, *line, command=command), line


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_needs_nothing_else(command: Command) -> None:
    for line in (["--help"], ["-h", *["word"] * 9]):
        assert app.read_plain([command.name, *line]).values["help"]
        assert by_typer(command.name, *line, command=command).values["help"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_what_makes_no_sense_to_a_command_is_named(command: Command) -> None:
    for line, named in ill_formed(command):
        with pytest.raises(Unsure):
            app.read_plain([command.name, *line])
        with pytest.raises(UsageError) as raised:
            by_typer(command.name, *line, command=command)
        assert named in raised.value.message, line
        assert "\n" not in raised.value.message


@pytest.mark.parametrize("words", [*itertools.chain.from_iterable(map(well_formed, app.ROOT.options))], ids=" ".join)
def test_global_options_are_read_as_typer_reads_them(words: list[str]) -> None:
    assert app.read_plain(words) == by_typer(*words)
    plain, full = (
        app.read_plain([*words, "list", "--json"]),
        by_typer(*words, "list", "--json", command=app.load("list")),
    )
    assert plain.options == full.options
    assert plain == full or plain.command is None


PIECES = (
    *("soup", "ann", "-", "-1", "--", "-q", "--quick", "-qq", "-qe dill", "-qqe dill", "-emint", "--herb=", "--meat"),
    *("--no-meat", "--salt 3", "--salt=3", "--salt --hot", "--salt -q", "--salt --", "-e -q", "--hot", "--hot=very"),
    *("--help", "-h", "-x", "-qx", "-q1", "--slat", "--salt", "-e=dill", "-eq=", "--quick=false", "--no-meat=maybe"),
)


@settings(deadline=None, max_examples=300)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=6))
def test_what_the_quick_way_takes_is_what_typer_makes_of_it(pieces: list[str]) -> None:
    words = " ".join(pieces).split()
    try:
        quick = COOK.read(words)
    except Unsure:
        quick = None
    try:
        full = by_typer("cook", *words).values
    except UsageError:
        full = None
    if quick and not quick["help"]:
        assert quick == full
    else:
        assert full is None or not quick or full["help"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("soup --quick=false", {"quick": False}),
        ("soup --quick=True", {"quick": True}),
        ("soup --meat=0", {"meat": False}),
        ("soup --no-meat=false", {"meat": True}),
        ("soup -e=dill ann", {"herbs": ["dill"], "guests": ["ann"]}),
        ("soup --hot ann --quick=1", {"hot": "true", "guests": ["ann"], "quick": True}),
        ("soup -q=false --salt --hot", {"quick": False, "salt": "--hot"}),
        ("soup -q=false -- --hot -q=1", {"quick": False, "guests": ["--hot", "-q=1"]}),
        ("--help --quick=false", {"help": True, "dish": None}),
        ("soup --quick=false -1 --salt -2", {"quick": False, "guests": ["-1"], "salt": "-2"}),
        ("soup -qe=dill -qqemint --hot=", {"quick": True, "herbs": ["dill", "mint"], "hot": ""}),
    ],
)
def test_what_only_other_programs_know(line: str, expected: dict[str, Any]) -> None:
    with pytest.raises(Unsure):
        COOK.read(line.split())
    plain = COOK.read(["soup"])
    assert by_typer("cook", *line.split()).values == {**plain, **expected}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cook", "Missing argument 'DISH'."),
        ("cook soup --slat 3", "No such option: --slat (Possible options: --meat, --salt)"),
        ("cook soup --salt", "Option '--salt' requires an argument."),
        ("cook soup --quick=maybe", "Option '--quick' does not take a value."),
        ("cok soup", "No such command 'cok'. Did you mean 'cook'?"),
        ("--hst x cook", "No such option: --hst (Possible options: --host)"),
        ("cook soup --host x", "--host goes before the command: omm --host HOST cook"),
        ("cook --no-start=true soup", "--no-start goes before the command: omm --no-start cook"),
    ],
)
def test_what_makes_no_sense_is_told_in_typers_words(line: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        by_typer(*line.split())
    assert raised.value.message == message


@pytest.mark.parametrize(
    "line", ["show a b", "list --nonsense", "run", "logs -n", "lst", "-x", "--host", "list --json=maybe", "help -x"]
)
def test_it_exits_2_with_one_line(omm: Omm, line: str) -> None:
    result = omm(*line.split())
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: ")
    assert result.err.count("\n") == 1


def test_a_word_with_line_breaks_makes_no_second_line(omm: Omm) -> None:
    assert omm("show", "a", "b\nError: c").err.count("\n") == 1
