"""MiniCPM5's functions and CDATA."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

CALL = '<function name="tide"><param name="port">Bergen</param><param name="days">3</param></function>'
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    template = 'Use <function name="function-name"><param name="param-name">param-value</param></function>'
    assert choose(template).name == "minicpm5"


def test_plain() -> None:
    assert events("minicpm5", "The sea is calm.") == [("text", "The sea is calm.")]


@pytest.mark.parametrize("is_thinking", [False, True])
def test_thinking_and_answer(is_thinking: bool) -> None:
    text = "<think>\nLook outside.\n</think>\n\nThe sea is calm."
    made = events("minicpm5", text.removeprefix("<think>\n") if is_thinking else text, is_thinking=is_thinking)
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_one_call() -> None:
    assert events("minicpm5", CALL) == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    made = events("minicpm5", f'Look.\n</think>\n\nWait.\n{CALL}\n<function name="moon"></function>', is_thinking=True)
    assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


def test_cdata_may_hold_tags() -> None:
    text = (
        '<function name="book">\n<param name="title"><![CDATA[a </param> & <b>\n]] «ø 🌊»]]></param>\n'
        '<param name="tags"><![CDATA[["salt"]]]></param>\n</function>'
    )
    made = events("minicpm5", text.replace("]]]>", "] ]]>"))
    assert made == [("call", "book", {"title": "a </param> & <b>\n]] «ø 🌊»", "tags": ["salt"]})]


def test_nested_and_unicode_arguments() -> None:
    text = (
        "<function name=\"book\"><param name=\"author\">{'name': 'Åse', 'born': None}</param>"
        '<param name="is_new">True</param><param name="title"> 12 </param></function>'
    )
    arguments = {"author": {"name": "Åse", "born": None}, "is_new": True, "title": " 12 "}
    assert events("minicpm5", text) == [("call", "book", arguments)]


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        (CALL[: CALL.index("gen")], '{"port": "Ber'),
        ('<function name="tide"><param name="port"><![CDATA[Ber', '{"port": "Ber'),
        ('<function name="tide"><param name="port"><![CDATA[Bergen]]>', '{"port": "Bergen"'),
        (CALL.removesuffix("</function>"), '{"port": "Bergen", "days": 3'),
    ],
)
def test_truncated_call(text: str, raw: str) -> None:
    assert events("minicpm5", text) == [("call", "tide", raw)]


@pytest.mark.parametrize(
    "text",
    [
        "Write <function>tide</function> so.",
        'Write <function name="a tide"></function> so.',
        "Write <function nam",
    ],
)
def test_malformed_call_is_text(text: str) -> None:
    assert events("minicpm5", text) == [("text", text)]
