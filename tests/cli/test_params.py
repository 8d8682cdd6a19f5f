"""Reading command lines: options in every form, arguments, and what to say when they make no sense."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from omm.cli.params import Argument, Command, Option, UsageError, at_most_one, read_options, refuse


def cook(
    dish: Annotated[str, Argument(metavar="DISH", help="What to cook")],
    guests: Annotated[list[str] | None, Argument(metavar="[GUEST...]", help="Who eats")] = None,
    salt: Annotated[str | None, Option(metavar="GRAMS", help="How much salt")] = None,
    herbs: Annotated[list[str] | None, Option("--herb", "-e", metavar="HERB", help="Herbs")] = None,
    hot: Annotated[str | None, Option(metavar="[=HOW]", help="How hot")] = None,
    quick: Annotated[bool, Option("--quick", "-q", help="Hurry")] = False,
    meat: Annotated[bool | None, Option("--meat/--no-meat", help="With meat")] = None,
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
        ("soup -e=dill", {"herbs": ["dill"]}),
        ("soup -qe dill", {"quick": True, "herbs": ["dill"]}),
        ("soup --hot ann", {"hot": "true", "guests": ["ann"]}),
        ("soup --hot=very ann", {"hot": "very", "guests": ["ann"]}),
        ("soup --quick=false", {"quick": False}),
        ("soup --meat", {"meat": True}),
        ("soup --no-meat", {"meat": False}),
        ("soup --no-meat=false", {"meat": True}),
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
    ("words", "message"),
    [
        ([], "DISH is missing: omm cook [OPTIONS] DISH [GUEST...]"),
        ([""], "DISH is empty: omm cook [OPTIONS] DISH [GUEST...]"),
        (["soup", "--slat", "3"], "no such option: --slat, did you mean --salt?"),
        (["soup", "--xyzzy"], "no such option: --xyzzy"),
        (["soup", "-qx"], "no such option: -x"),
        (["soup", "--salt"], "--salt needs a value: --salt GRAMS"),
        (["soup", "-e"], "-e needs a value: -e HERB"),
        (["soup", "--quick=maybe"], "--quick is a switch, which takes no value 'maybe'"),
    ],
)
def test_what_makes_no_sense_is_explained(words: list[str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        COMMAND.read(words)
    assert raised.value.message == message


def serve(dish: Annotated[str, Argument(metavar="DISH", help="What to serve")]) -> None:
    """Serve a dish"""


def test_an_argument_too_many_is_named() -> None:
    with pytest.raises(UsageError, match="there is no place for 'tea': omm serve"):
        Command.of("serve", serve).read(["soup", "tea"])


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
