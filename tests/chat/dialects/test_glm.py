"""GLM's tagged arguments: GLM 4.5 to 4.7, Laguna, Spark."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

CALL = (
    "<tool_call>tide\n<arg_key>port</arg_key>\n<arg_value>Bergen</arg_value>\n"
    "<arg_key>days</arg_key>\n<arg_value>3</arg_value>\n</tool_call>"
)
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("<|assistant|><think> <tool_call> <arg_key>", "glm"),
        ("<tool_call> <arg_key> </assistant>", "laguna"),
    ],
)
def test_recognised(template: str, name: str) -> None:
    assert choose(template).name == name


def test_plain() -> None:
    assert events("glm", "The sea is calm.") == [("text", "The sea is calm.")]


def test_thinking_and_answer() -> None:
    text = "\n<think>Look outside.</think>\nThe sea is calm.\n"
    assert events("glm", text) == [("thinking", "Look outside."), ("text", "The sea is calm.\n")]


def test_thinking_opened_by_the_prompt() -> None:
    made = events("laguna", "\nLook outside.\n</think>\nThe sea is calm.", prompt="<think>", is_thinking=True)
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_thinking_cut_off() -> None:
    text = "Look at <tool_call>moon</tool_call> and then"
    assert events("glm", text, is_thinking=True) == [("thinking", text)]


def test_closer_alone_is_dropped() -> None:
    assert events("glm", "</think>The sea is calm.") == [("text", "The sea is calm.")]


def test_closer_in_the_prompt_owns_the_line_feed() -> None:
    tail = "<|assistant|>\n<think></think>"
    assert events("glm", "\nThe sea is calm.", prompt=tail) == [("text", "The sea is calm.")]


def test_one_call() -> None:
    assert events("glm", CALL) == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    text = f"<think>Look outside.</think>\nWait.\n{CALL}\n<tool_call>moon\n</tool_call>\nDone."
    assert events("glm", text) == [("thinking", "Look outside."), ("text", "Wait."), TIDE, MOON, ("text", "Done.")]


def test_calls_without_line_feeds() -> None:
    text = CALL.replace("\n", "") + "<tool_call>moon</tool_call>"
    assert events("glm", text) == [TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = (
        "<tool_call>book\n"
        '<arg_key>title</arg_key>\n<arg_value> «Sø 🌊»\n</think> <tool_call> "42" </arg_value>\n'
        '<arg_key>author</arg_key>\n<arg_value>{"name": "Åse", "born": 1901}</arg_value>\n'
        "<arg_key>tags</arg_key>\n<arg_value>['salt', 'fog']</arg_value>\n"
        "<arg_key>is_new</arg_key>\n<arg_value>True</arg_value>\n"
        "<arg_key>note</arg_key>\n<arg_value>null</arg_value>\n"
        "<arg_key>size</arg_key>\n<arg_value>2.5</arg_value>\n"
        "<arg_key>kind</arg_key>\n<arg_value>poem</arg_value>\n"
        "<arg_key>unknown</arg_key>\n<arg_value>as it is</arg_value>\n"
        "</tool_call>"
    )
    arguments = {
        "title": ' «Sø 🌊»\n</think> <tool_call> "42" ',
        "author": {"name": "Åse", "born": 1901},
        "tags": ["salt", "fog"],
        "is_new": True,
        "note": None,
        "size": 2.5,
        "kind": "poem",
        "unknown": "as it is",
    }
    assert events("glm", text) == [("call", "book", arguments)]


@pytest.mark.parametrize(
    ("end", "arguments"),
    [
        ("days</arg_key>", '{"port": "Bergen"days</arg_key>'),
        ("days", '{"port": "Bergen"days'),
        ("Bergen</arg_value>", '{"port": "Bergen"'),
        ("Ber", '{"port": "Ber'),
        ("<arg_key>po", "po"),
    ],
)
def test_truncated_call(end: str, arguments: str) -> None:
    assert events("glm", CALL[: CALL.index(end) + len(end)]) == [("call", "tide", arguments)]


@pytest.mark.parametrize("text", ["<tool_call>", "<tool_call>tide", "<tool_call>tide\n<arg_k"])
def test_truncated_before_the_call_begins(text: str) -> None:
    assert events("glm", "Wait.\n" + text) == [("text", "Wait.\n" + text)]


@pytest.mark.parametrize(
    "text",
    [
        "Wait. \n<tool_call>what is it?</tool_call> Oh.",
        '<tool_call>{"name": "tide"}</tool_call>',
        "<tool_call></tool_call>",
    ],
)
def test_malformed_call_is_text(text: str) -> None:
    assert events("glm", text) == [("text", text)]


@pytest.mark.parametrize("arguments", ["port</arg_key> is Bergen", "port", "port</arg_key>"])
def test_malformed_arguments_stay_raw(arguments: str) -> None:
    text = f"<tool_call>tide\n<arg_key>{arguments}</tool_call>Done.</arg_key>"
    assert events("glm", text) == [("call", "tide", arguments), ("text", "Done.</arg_key>")]


def test_calls_are_text_without_tools() -> None:
    assert events("glm", CALL, tools=()) == [("text", CALL)]
