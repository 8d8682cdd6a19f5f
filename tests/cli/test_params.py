"""Reading command lines: options in every form, arguments, and what to say when they make no sense."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
import typer

from omm.cli.params import Command, Unsure, UsageError, at_most_one, read_options, refuse


def cook(
    dish: Annotated[str, typer.Argument(metavar="DISH", help="What to cook")],
    guests: Annotated[list[str] | None, typer.Argument(metavar="[GUEST...]", help="Who eats")] = None,
    salt: Annotated[str | None, typer.Option(metavar="GRAMS", help="How much salt")] = None,
    herbs: Annotated[list[str] | None, typer.Option("--herb", "-e", metavar="HERB", help="Herbs")] = None,
    hot: Annotated[str | None, typer.Option(metavar="[=HOW]", help="How hot")] = None,
    quick: Annotated[bool, typer.Option("--quick", "-q", help="Hurry")] = False,
    meat: Annotated[bool | None, typer.Option("--meat/--no-meat", help="With meat")] = None,
) -> None:
    """Cook a dish"""


COMMAND = Command.of("cook", cook)
PLAIN = {"guests": None, "salt": None, "herbs": None, "hot": None, "quick": False, "meat": None, "help": False}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("soup", {}),
        ("soup ann bob", {"guests": ["ann", "bob"]}),
        ("soup --salt 3", {"salt": "3"}),
        ("--salt=3 soup", {"salt": "3"}),
        ("soup --salt -3", {"salt": "-3"}),
        ("soup --salt=", {"salt": ""}),
        ("soup --salt 1 --salt 2", {"salt": "2"}),
        ("soup -e dill --herb=mint", {"herbs": ["dill", "mint"]}),
        ("soup -edill", {"herbs": ["dill"]}),
        ("soup -qe dill", {"quick": True, "herbs": ["dill"]}),
        ("soup --hot ann", {"hot": "true", "guests": ["ann"]}),
        ("soup --hot=very ann", {"hot": "very", "guests": ["ann"]}),
        ("soup --meat", {"meat": True}),
        ("soup --no-meat", {"meat": False}),
        ("soup -- --salt -q", {"guests": ["--salt", "-q"]}),
        ("soup -", {"guests": ["-"]}),
        ("soup -1 -0.5", {"guests": ["-1", "-0.5"]}),
        ("soup --help", {"help": True, "dish": None}),
        ("-h", {"help": True, "dish": None}),
    ],
)
def test_words_are_read(words: str, expected: dict[str, Any]) -> None:
    assert COMMAND.read(words.split()) == {**PLAIN, "dish": "soup", **expected}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "soup --slat 3",
        "soup -qx",
        "soup --salt",
        "soup -e",
        "soup -e=dill",
        "soup --quick=maybe",
        "soup --quick=true",
    ],
)
def test_what_is_not_plain_is_left_to_typer(line: str) -> None:
    with pytest.raises(Unsure):
        COMMAND.read(line.split())


def serve(dish: Annotated[str, typer.Argument(metavar="DISH", help="What to serve")]) -> None:
    """Serve a dish"""


def test_an_argument_too_many_is_left_to_typer() -> None:
    with pytest.raises(Unsure):
        Command.of("serve", serve).read(["soup", "tea"])


@pytest.mark.parametrize(("function", "synopsis"), [(cook, "DISH [GUEST...]"), (serve, "DISH")])
def test_an_empty_argument_is_refused(function: Any, synopsis: str) -> None:
    command = Command.of("make", function)
    command.refuse_empty(command.read(["soup"]))
    with pytest.raises(UsageError) as raised:
        command.refuse_empty(command.read([""]))
    assert raised.value.message == f"DISH is empty: omm make [OPTIONS] {synopsis}"


def test_global_options_end_at_the_command() -> None:
    given, rest = read_options(COMMAND.options, ["-q", "serve", "--salt", "3"], up_to_argument=True)
    assert (given, rest) == ({"quick": True}, ["serve", "--salt", "3"])


def test_labels() -> None:
    assert [option.label for option in COMMAND.options] == [
        "--salt GRAMS",
        "-e, --herb HERB",
        "--hot[=HOW]",
        "-q, --quick",
        "--meat, --no-meat",
        "-h, --help",
    ]


def test_options_that_exclude_each_other_or_do_nothing() -> None:
    at_most_one({"--a": True, "--b": None, "--c": False})
    refuse("here", {"--a": None, "--b": False})
    with pytest.raises(UsageError, match="only one of '--a', '--b', or '--c' can be specified"):
        at_most_one({"--a": True, "--b": "", "--c": False})
    with pytest.raises(UsageError, match="--b: does nothing here"):
        refuse("here", {"--a": None, "--b": "x"})
