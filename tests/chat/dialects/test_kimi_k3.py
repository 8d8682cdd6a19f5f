"""Kimi K3: sections in XTML, one of which the prompt has always opened."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import Joined, events

MESSAGE = '<|open|>message role="assistant"<|sep|>'
THINKING = MESSAGE + "<|open|>think<|sep|>"
ANSWERING = MESSAGE + "<|open|>response<|sep|>"
END_THINK = "<|close|>think<|sep|>"
RESPONSE, END_RESPONSE = "<|open|>response<|sep|>", "<|close|>response<|sep|>"
TOOLS, END_TOOLS = "<|open|>tools<|sep|>", "<|close|>tools<|sep|>"
END = "<|close|>message<|sep|><|end_of_msg|>"
TIDE = (
    '<|open|>call tool="tide" index="1"<|sep|>'
    '<|open|>argument key="port" type="string"<|sep|>Oslo<|close|>argument<|sep|>'
    '<|open|>argument key="days" type="number"<|sep|>2<|close|>argument<|sep|><|close|>call<|sep|>'
)
MOON = '<|open|>call tool="moon" index="2"<|sep|><|close|>call<|sep|>'


def test_plain() -> None:
    text = f"Use the response tag, then a call.{END_RESPONSE}{END}"
    assert events("kimi-k3", text, prompt=ANSWERING) == [("text", "Use the response tag, then a call.")]


def test_thinking_and_answer() -> None:
    text = f"Check the tide.{END_THINK}{RESPONSE}At noon.{END_RESPONSE}{END}"
    expected = [("thinking", "Check the tide."), ("text", "At noon.")]
    assert events("kimi-k3", text, prompt=THINKING, is_thinking=True) == expected
    assert events("kimi-k3", text, prompt=THINKING, is_thinking=True, tools=()) == expected


def test_the_answer_ends_the_thinking() -> None:
    text = f"Check.{RESPONSE}At noon."
    assert events("kimi-k3", text, is_thinking=True) == [("thinking", "Check."), ("text", "At noon.")]
    assert events("kimi-k3", RESPONSE + "At noon.", is_thinking=True) == [("text", "At noon.")]


def test_thinking_that_is_cut_off() -> None:
    assert events("kimi-k3", "Still checking. ", is_thinking=True) == [("thinking", "Still checking.")]


def test_one_call_after_an_empty_answer() -> None:
    text = f"{END_RESPONSE}{TOOLS}{MOON}{END_TOOLS}{END}"
    assert events("kimi-k3", text, prompt=ANSWERING) == [("call", "moon", {})]


def test_answer_and_parallel_calls() -> None:
    text = f"Check.{END_THINK}{RESPONSE}One moment.{END_RESPONSE}{TOOLS}{TIDE}{MOON}{END_TOOLS}{END}"
    assert events("kimi-k3", text, is_thinking=True) == [
        ("thinking", "Check."),
        ("text", "One moment."),
        ("call", "tide", {"port": "Oslo", "days": 2}),
        ("call", "moon", {}),
    ]


def test_nested_arguments_and_unicode() -> None:
    members = {
        'key="title" type="string"': ' "Ærø" <|close|>call<|sep|> 🌊\n',
        'key="author" type="object"': '{"name": "吳", "works": [1, {"a": null}]}',
        'key="is_new" type="boolean"': "true",
        'key="shelf" type="null"': "null",
        'key="a &quot;b&quot; &amp;c"': "[1]",
    }
    body = "".join(f"<|open|>argument {head}<|sep|>{value}<|close|>argument<|sep|>" for head, value in members.items())
    text = f'{TOOLS}<|open|>call tool="book" index="1"<|sep|>{body}<|close|>call<|sep|>{END_TOOLS}{END}'
    assert events("kimi-k3", text) == [
        (
            "call",
            "book",
            {
                "title": ' "Ærø" <|close|>call<|sep|> 🌊\n',
                "author": {"name": "吳", "works": [1, {"a": None}]},
                "is_new": True,
                "shelf": None,
                'a "b" &c': [1],
            },
        )
    ]


def test_call_is_text_without_tools() -> None:
    text = TOOLS + MOON + END_TOOLS
    assert events("kimi-k3", text + END, tools=()) == [("text", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TOOLS + TIDE.partition("slo")[0], [("call", "tide", '{"port": "O')]),
        (TOOLS + TIDE.partition(" type")[0], [("call", "tide", "{")]),
        (TOOLS + '<|open|>call tool="ti', [("text", TOOLS + '<|open|>call tool="ti')]),
    ],
)
def test_truncated_call(text: str, expected: Joined) -> None:
    assert events("kimi-k3", text) == expected


def test_malformed_call() -> None:
    text = f"Well.{END_RESPONSE}{TOOLS}tide, Oslo"
    assert events("kimi-k3", text, prompt=ANSWERING) == [("text", f"Well.{TOOLS}tide, Oslo")]
    text = TOOLS + '<|open|>call tool="tide" index="1"<|sep|>Oslo<|close|>call<|sep|>' + MOON + END_TOOLS
    assert events("kimi-k3", text) == [("call", "tide", "Oslo"), ("call", "moon", {})]
