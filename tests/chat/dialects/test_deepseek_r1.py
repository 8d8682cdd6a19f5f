"""DeepSeek R1 and V3: a type, a name and a code fence."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import events

TAIL = "<｜Assistant｜><think>\n"
BEGIN, END, END_CALL = "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁end｜>"
TIDE = '<｜tool▁call▁begin｜>function<｜tool▁sep｜>tide\n```json\n{"port": "Oslo", "days": 2}\n```' + END_CALL
MOON = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>moon\n```json\n{}\n```" + END_CALL
CALLS = [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]


def test_plain_with_code_fences() -> None:
    text = "Run this:\n```json\n{}\n```\nand ```that```.\n"
    assert events("deepseek-r1", text) == [("text", text)]


@pytest.mark.parametrize("is_thinking", [True, False])
def test_thinking_and_answer(is_thinking: bool) -> None:
    text = ("" if is_thinking else "<think>\n") + "Check the tide.\n</think>\n\nAt noon."
    expected = [("thinking", "Check the tide."), ("text", "At noon.")]
    assert events("deepseek-r1", text, prompt=TAIL * is_thinking, is_thinking=is_thinking) == expected
    assert events("deepseek-r1", text, prompt=TAIL * is_thinking, is_thinking=is_thinking, tools=()) == expected


def test_empty_thinking() -> None:
    assert events("deepseek-r1", "\n</think>\n\nAt noon.", is_thinking=True) == [("text", "At noon.")]


def test_thinking_that_is_cut_off() -> None:
    assert events("deepseek-r1", "Check\n\n", is_thinking=True) == [("thinking", "Check")]


def test_one_call() -> None:
    assert events("deepseek-r1", BEGIN + TIDE + END) == CALLS[:1]


def test_answer_and_parallel_calls() -> None:
    text = f"Check.\n</think>\n\nOne moment.\n{BEGIN}{TIDE}\n{MOON}{END}"
    expected = [("thinking", "Check."), ("text", "One moment."), *CALLS]
    assert events("deepseek-r1", text, is_thinking=True) == expected


@pytest.mark.parametrize("fence", ["```", "\n```\n", "\n```\n\n "])
def test_blanks_around_the_fence_are_free(fence: str) -> None:
    text = BEGIN + (TIDE + MOON).replace("\n```<", fence + "<") + END
    assert events("deepseek-r1", text) == CALLS


def test_calls_do_not_end_the_thinking() -> None:
    text = BEGIN + MOON + END
    assert events("deepseek-r1", f"See {text}</think>{text}", is_thinking=True) == [
        ("thinking", "See " + text),
        CALLS[1],
    ]


def test_nested_arguments_and_unicode() -> None:
    arguments = '{\n  "title": "Ærø ```\\n🌊",\n  "author": {"name": "吳", "works": [{"a": [null]}]}\n}'
    text = BEGIN + TIDE.replace("tide", "book").replace('{"port": "Oslo", "days": 2}', arguments) + END
    assert events("deepseek-r1", text) == [
        ("call", "book", {"title": "Ærø ```\n🌊", "author": {"name": "吳", "works": [{"a": [None]}]}})
    ]


def test_call_is_text_without_tools() -> None:
    text = "Well.\n" + BEGIN + TIDE + END
    assert events("deepseek-r1", text, tools=()) == [("text", text)]


def test_truncated_call() -> None:
    assert events("deepseek-r1", BEGIN + TIDE.partition("slo")[0]) == [("call", "tide", '{"port": "O')]
    assert events("deepseek-r1", BEGIN + TIDE.removesuffix(END_CALL)) == CALLS[:1]
    text = BEGIN + TIDE.partition("json")[0]
    assert events("deepseek-r1", text.partition("```")[0]) == [("text", text.partition("```")[0])]


def test_malformed_call() -> None:
    text = BEGIN + "<｜tool▁call▁begin｜>tide Oslo" + END_CALL + END
    assert events("deepseek-r1", "Well.\n" + text) == [("text", "Well.\n" + text)]
    text = BEGIN + TIDE.replace('"Oslo"', "Oslo}") + "\n" + MOON + END
    (kind, name, arguments), *rest = events("deepseek-r1", text)
    assert (kind, name, arguments) == ("call", "tide", '{"port": Oslo}')
    assert rest[-1] == CALLS[1]
