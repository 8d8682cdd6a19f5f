"""gpt-oss: channels, recipients in either place, and heads that models get wrong."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import TOOLS, events, tool

TAIL = "<|start|>assistant"
ANALYSIS = "<|channel|>analysis<|message|>Check the tide.<|end|>" + TAIL


def test_plain() -> None:
    text = "<|channel|>final<|message|>High water is at noon.\n<|return|>"
    assert events("harmony", text, prompt=TAIL) == [("text", "High water is at noon.\n")]


def test_answer_without_a_head() -> None:
    assert events("harmony", "  High water to=noon. ", prompt=TAIL) == [("text", "  High water to=noon. ")]


def test_thinking_and_answer() -> None:
    text = ANALYSIS + "<|channel|>final<|message|>At noon.<|return|>"
    assert events("harmony", text, prompt=TAIL, tools=()) == [("thinking", "Check the tide."), ("text", "At noon.")]


@pytest.mark.parametrize(
    "head",
    [
        " to=functions.tide<|channel|>commentary json",
        " to=functions.tide<|channel|>commentary <|constrain|>json",
        " to=functions.tide<|channel|>analysis",
        "<|channel|>commentary to=functions.tide <|constrain|>json",
        "<|channel|>commentary to=functions.tide<|constrain|>json",
        "<|channel|>analysis to=functions.tide",
        "<|channel|>commentary to=assistant<|channel|>commentary to=functions.tide json",
        "<|channel|>commentary to=tide",
    ],
)
def test_call_with_the_recipient_anywhere_in_the_head(head: str) -> None:
    text = ANALYSIS + head + '<|message|>{"port": "Oslo", "days": 2}<|call|>'
    assert events("harmony", text, prompt=TAIL) == [
        ("thinking", "Check the tide."),
        ("call", "tide", {"port": "Oslo", "days": 2}),
    ]


def test_preamble_is_part_of_the_answer() -> None:
    text = "<|channel|>commentary<|message|>One moment.<|end|>" + TAIL + " to=functions.moon<|message|>{}<|call|>"
    assert events("harmony", text, prompt=TAIL) == [("text", "One moment."), ("call", "moon", {})]


def test_parallel_calls() -> None:
    text = (
        ' to=functions.tide<|channel|>commentary json<|message|>{"port": "Oslo"}<|call|>'
        "<|start|>assistant to=functions.moon<|channel|>commentary json<|message|>{}<|call|>"
    )
    assert events("harmony", text, prompt=TAIL) == [("call", "tide", {"port": "Oslo"}), ("call", "moon", {})]


def test_nested_arguments_and_unicode() -> None:
    text = (
        " to=functions.book<|channel|>commentary json<|message|>"
        '{"title": "Ærø \\"<|end|>\\" 🌊", "author": {"name": "吳", "works": [{"a": [1, 2.5, null, true]}]}}<|call|>'
    )
    works = [{"a": [1, 2.5, None, True]}]
    assert events("harmony", text, prompt=TAIL) == [
        ("call", "book", {"title": 'Ærø "<|end|>" 🌊', "author": {"name": "吳", "works": works}})
    ]


def test_line_feed_inside_a_string() -> None:
    text = ' to=functions.tide<|message|>{"port": "Os\nlo\\n"}'
    assert events("harmony", text, prompt=TAIL) == [("call", "tide", {"port": "Os\nlo\n"})]


def test_truncated_call() -> None:
    text = ' to=functions.tide<|channel|>commentary json<|message|>{"port": "Os'
    assert events("harmony", text, prompt=TAIL) == [("call", "tide", '{"port": "Os')]


def test_malformed_call() -> None:
    text = " to=functions.tide<|message|>port = {Oslo<|end|><|start|>assistant<|channel|>final<|message|>Sorry."
    assert events("harmony", text, prompt=TAIL) == [("call", "tide", "port = {Oslo"), ("text", "Sorry.")]


def test_what_follows_the_arguments_is_dropped() -> None:
    text = ' to=functions.tide<|message|>{"port": "Oslo"} and so on<|call|>'
    assert events("harmony", text, prompt=TAIL) == [("call", "tide", {"port": "Oslo"})]


def test_tools_that_were_not_offered_are_swallowed() -> None:
    text = (
        "<|channel|>analysis to=python code<|message|>print(1)<|end|>"
        + TAIL
        + "<|channel|>commentary to=container.exec<|message|>ls<|end|>"
        + TAIL
        + "<|channel|>final<|message|>One.<|return|>"
    )
    assert events("harmony", text, prompt=TAIL) == [("text", "One.")]
    assert events("harmony", text, prompt=TAIL, tools=()) == [("text", "One.")]


def test_offered_tool_of_a_reserved_name() -> None:
    text = '<|channel|>commentary to=python<|message|>{"code": "1"}<|call|>'
    assert events("harmony", text, prompt=TAIL, tools=(tool("python"),)) == [("call", "python", {"code": "1"})]


def test_call_is_text_without_tools() -> None:
    text = ' to=functions.tide<|channel|>commentary json<|message|>{"port": "Oslo"}<|call|>'
    assert events("harmony", text, prompt=TAIL, tools=()) == [("text", '{"port": "Oslo"}')]


def test_thinking_that_is_cut_off() -> None:
    assert events("harmony", "<|channel|>analysis<|message|>Check \n", prompt=TAIL) == [("thinking", "Check")]


def test_thinking_of_blanks_is_none() -> None:
    text = "<|channel|>analysis<|message|>\n<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>"
    assert events("harmony", text, prompt=TAIL) == [("text", "Yes.")]


@pytest.mark.parametrize(
    ("tail", "is_thinking", "text", "expected"),
    [
        (TAIL + "<|channel|>final<|message|>At", False, " noon.<|return|>", [("text", " noon.")]),
        (
            TAIL + "<|channel|>analysis<|message|>Check",
            True,
            "it.<|end|><|start|>assistant<|channel|>final<|message|>At noon.",
            [("thinking", "it."), ("text", "At noon.")],
        ),
        ("", True, "Check it.<|end|>", [("thinking", "Check it.")]),
        (TAIL + " to=functions.moon", False, "<|channel|>commentary json<|message|>{}", [("call", "moon", {})]),
    ],
)
def test_turn_that_the_prompt_has_begun(
    tail: str, is_thinking: bool, text: str, expected: list[tuple[object, ...]]
) -> None:
    assert events("harmony", text, prompt=tail, is_thinking=is_thinking) == expected


def test_head_that_never_ends_shows_no_control_tokens() -> None:
    assert events("harmony", "<|channel|>commentary to=functions.ti", prompt=TAIL) == []
    assert events("harmony", "to=noon", prompt=TAIL) == [("text", "to=noon")]


def test_message_that_is_not_ended() -> None:
    text = "<|channel|>analysis<|message|>Check.<|start|>assistant<|channel|>final<|message|>Yes."
    assert events("harmony", text, prompt=TAIL, tools=TOOLS[:1]) == [("thinking", "Check."), ("text", "Yes.")]
