"""Gemma 4's channels and notation, and FunctionGemma's."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

CALL = '<|tool_call>call:tide{port:<|"|>Bergen<|"|>,days:3}<tool_call|>'
CALL_MOON = "<|tool_call>call:moon{}<tool_call|>"
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{{- '<|tool_call>call:' + name + '{' -}} '<|channel>thought'", "gemma-4"),
        ("{{- '<start_function_call>call:' + name -}} <start_of_turn> tools", "functiongemma"),
    ],
)
def test_recognised(template: str, name: str) -> None:
    assert choose(template).name == name


def test_plain() -> None:
    assert events("gemma-4", "The sea is calm.") == [("text", "The sea is calm.")]


def test_thinking_and_answer() -> None:
    made = events("gemma-4", "<|channel>thought\nLook outside.\n<channel|>The sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_thinking_begun_in_the_prompt() -> None:
    made = events("gemma-4", " outside.\n<channel|>Calm.", prompt="<|channel>thought\nLook", is_thinking=True)
    assert made == [("thinking", "outside."), ("text", "Calm.")]


def test_thinking_cut_off() -> None:
    assert events("gemma-4", "<|channel>thought\nLook <|tool_call>") == [("thinking", "Look <|tool_call>")]


@pytest.mark.parametrize(
    "text",
    [
        "<|channel><|channel><|channel>thought\n<channel|>The sea is calm.",
        "<|channel>thought<channel|>The sea is calm.",
        "The sea is calm.<|channel>thought\n<channel|>",
        "The sea is calm.<channel|>",
        "The sea is calm.\n<channel|>\n",
    ],
)
@pytest.mark.parametrize("with_tools", [False, True])
def test_empty_and_stray_channels_are_dropped(text: str, with_tools: bool) -> None:
    made = events("gemma-4", text) if with_tools else events("gemma-4", text, tools=())
    assert made == [("text", "The sea is calm.")]


def test_one_call() -> None:
    assert events("gemma-4", CALL) == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    made = events("gemma-4", f"<|channel>thought\nLook.\n<channel|>Wait.{CALL}{CALL_MOON}")
    assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = (
        '<|tool_call>call:book{title:<|"|>«Sø 🌊» "it\'s", {a:1}\n\\n <tool_call|><|"|>,'
        'tags:[<|"|>salt<|"|>,<|"|><|"|>],author:{name:<|"|>Åse<|"|>,<|"|>born<|"|>:1901},shelf:null,is_new:true,weight:-1.5e2,empty:{},none:[]}<tool_call|>'
    )
    arguments = {
        "title": '«Sø 🌊» "it\'s", {a:1}\n\\n <tool_call|>',
        "tags": ["salt", ""],
        "author": {"name": "Åse", "born": 1901},
        "shelf": None,
        "is_new": True,
        "weight": -150.0,
        "empty": {},
        "none": [],
    }
    assert events("gemma-4", text) == [("call", "book", arguments)]


def test_plain_quotes_are_understood() -> None:
    text = '<|tool_call>call:tide{"port": "Bergen", "days": 3}<tool_call|>'
    assert events("gemma-4", text) == [TIDE]


@pytest.mark.parametrize(
    ("end", "raw"),
    [
        ("gen<", '{"port": "Ber"'),
        (",days", '{"port": "Bergen"'),
        ("ays", '{"port": "Bergen"d'),
        ("}<", '{"port": "Bergen", "days": 3'),
        ("port", "{"),
    ],
)
def test_truncated_call(end: str, raw: str) -> None:
    assert events("gemma-4", CALL[: CALL.index(end)]) == [("call", "tide", raw)]


def test_missing_closer_of_a_whole_call() -> None:
    assert events("gemma-4", CALL.removesuffix("<tool_call|>") + CALL_MOON) == [TIDE, MOON]


@pytest.mark.parametrize("inside", ["tide{}", "call:tide", "call:{}", "call:tide(port)"])
def test_malformed_call_is_text(inside: str) -> None:
    text = f"Wait. <|tool_call>{inside}<tool_call|>Oh."
    assert events("gemma-4", text) == [("text", text)]


def test_malformed_arguments_stay_raw() -> None:
    text = "<|tool_call>call:tide{port Bergen}<tool_call|>Done."
    assert events("gemma-4", text) == [("call", "tide", '{"port Bergen"}'), ("text", "Done.")]


def test_calls_are_text_without_tools() -> None:
    assert events("gemma-4", CALL, tools=()) == [("text", CALL)]


class TestFunctionGemma:
    """The small model that only calls."""

    CALL = "<start_function_call>call:tide{days:3,port:<escape>Bergen<escape>}<end_function_call>"

    def test_plain(self) -> None:
        assert events("functiongemma", "The sea is calm.") == [("text", "The sea is calm.")]

    def test_thinking_and_answer(self) -> None:
        made = events("functiongemma", "<think>Look.</think>The sea is calm.")
        assert made == [("thinking", "Look."), ("text", "The sea is calm.")]

    def test_calls(self) -> None:
        made = events("functiongemma", self.CALL + "<start_function_call>call:moon{}<end_function_call>")
        assert made == [TIDE, MOON]

    def test_truncated_call(self) -> None:
        text = self.CALL[: self.CALL.index("gen")]
        assert events("functiongemma", text) == [("call", "tide", '{"days": 3, "port": "Ber"')]

    def test_malformed_call_is_text(self) -> None:
        text = "Wait. <start_function_call>tide<end_function_call>"
        assert events("functiongemma", text) == [("text", text)]
