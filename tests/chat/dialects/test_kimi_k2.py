"""Kimi K2: ids that hold the names, and markers that models leave out or put in the wrong place."""

from __future__ import annotations

from omm.chat.dialects import kimi_k2
from tests.chat.dialects.golden import events

BEGIN, END = "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"
END_CALL = "<|tool_call_end|>"
TIDE = '<|tool_call_begin|>functions.tide:0<|tool_call_argument_begin|>{"port": "Oslo", "days": 2}'
MOON = "<|tool_call_begin|>functions.moon:1<|tool_call_argument_begin|>{}"
CALLS = [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]


def test_plain() -> None:
    assert events("kimi-k2", "At noon: {0, 1}.\n") == [("text", "At noon: {0, 1}.\n")]


def test_thinking_and_answer() -> None:
    text = "<think>Check the tide.</think>At noon."
    assert events("kimi-k2", text) == [("thinking", "Check the tide."), ("text", "At noon.")]
    assert events("kimi-k2", text, tools=()) == [("thinking", "Check the tide."), ("text", "At noon.")]


def test_one_call_keeps_its_id() -> None:
    text = BEGIN + TIDE + END_CALL + END
    assert events("kimi-k2", text, ids=True) == [(*CALLS[0], "functions.tide:0")]


def test_answer_and_parallel_calls() -> None:
    text = "<think>Check.</think>One moment." + BEGIN + TIDE + END_CALL + MOON + END_CALL + END
    assert events("kimi-k2", text) == [("thinking", "Check."), ("text", "One moment."), *CALLS]


def test_names_may_hold_dots_and_colons() -> None:
    text = MOON.replace("moon", "sky.moon:new") + END_CALL
    assert events("kimi-k2", text, ids=True) == [("call", "sky.moon:new", {}, "functions.sky.moon:new:1")]


def test_name_alone_gets_an_id() -> None:
    text = "<|tool_call_begin|> moon <|tool_call_argument_begin|> {} " + END_CALL
    assert events("kimi-k2", text, ids=True) == [("call", "moon", {}, "new-0")]
    assert kimi_k2.new_id("moon", 3) == "functions.moon:3"


def test_nested_arguments_and_unicode() -> None:
    arguments = '{"title": "Ærø <|tool_call_end|> \\"🌊\\"\n", "author": {"name": "吳", "works": [[], {"a": null}]}}'
    text = BEGIN + "<|tool_call_begin|>functions.book:4<|tool_call_argument_begin|>" + arguments + END_CALL + END
    title = 'Ærø <|tool_call_end|> "🌊"\n'
    assert events("kimi-k2", text) == [
        ("call", "book", {"title": title, "author": {"name": "吳", "works": [[], {"a": None}]}})
    ]


def test_markers_left_out() -> None:
    assert events("kimi-k2", "Well.\n" + TIDE + END_CALL + MOON + END_CALL) == [("text", "Well."), *CALLS]
    assert events("kimi-k2", BEGIN + TIDE + MOON + END) == CALLS
    assert events("kimi-k2", BEGIN + TIDE + END_CALL + "\n\n" + BEGIN + MOON) == CALLS


def test_calls_end_the_thinking() -> None:
    expected = [("thinking", "Check."), *CALLS]
    assert events("kimi-k2", "<think>Check. " + BEGIN + TIDE + MOON + END) == expected
    assert events("kimi-k2", "<think>Check." + TIDE + END_CALL + MOON + END_CALL + "</think>") == expected
    text = "<think>Check." + BEGIN + TIDE + END_CALL + END + "</think>\nDone." + MOON
    assert events("kimi-k2", text) == [expected[0], CALLS[0], ("text", "Done."), CALLS[1]]


def test_call_is_text_without_tools() -> None:
    text = "<think>See " + TIDE + "</think>So:\n" + BEGIN + TIDE + END_CALL + END
    thinking = text.removeprefix("<think>").partition("</think>")[0]
    assert events("kimi-k2", text, tools=()) == [("thinking", thinking), ("text", text.partition("</think>")[2])]


def test_truncated_call() -> None:
    assert events("kimi-k2", BEGIN + TIDE[:-8]) == [("call", "tide", '{"port": "Oslo", "d')]
    assert events("kimi-k2", BEGIN + "<|tool_call_begin|>functions.ti") == [
        ("text", BEGIN + "<|tool_call_begin|>functions.ti")
    ]


def test_malformed_call() -> None:
    no_arguments = "<|tool_call_begin|>functions.tide:0 Oslo" + END_CALL
    text = "Well.\n" + BEGIN + no_arguments + END
    assert events("kimi-k2", text) == [("text", text)]
    text = BEGIN + no_arguments + MOON + END_CALL + no_arguments + END
    assert events("kimi-k2", text) == [("text", BEGIN + no_arguments), CALLS[1], ("text", no_arguments + END)]
    text = "<|tool_call_begin|>functions.tide:0<|tool_call_argument_begin|>{Oslo" + END_CALL + MOON
    assert events("kimi-k2", text) == [("call", "tide", "{Oslo"), CALLS[1]]
    text = "<|tool_call_begin|>  <|tool_call_argument_begin|>{}" + END_CALL
    assert events("kimi-k2", text) == [("text", text)]


def test_section_without_calls() -> None:
    assert events("kimi-k2", "No" + BEGIN + "thing") == [("text", "No" + BEGIN + "thing")]
