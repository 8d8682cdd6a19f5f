"""Muse Glimmer: messages to itself, to the user and to tools."""

from __future__ import annotations

from tests.chat.dialects.golden import events

TAIL = "<|start|>assistant"
TIDE = (
    ' to=tide<|message|><atem:function_calls>\n<atem:invoke name="tide">\n'
    '<atem:parameter name="port">Oslo</atem:parameter>\n<atem:parameter name="days">2</atem:parameter>\n'
    "</atem:invoke>\n</atem:function_calls>"
)
MOON = ' to=moon<|message|><atem:function_calls>\n<atem:invoke name="moon">\n</atem:invoke>\n</atem:function_calls>'
NEXT = "<|eom|><|start|>assistant"


def test_plain() -> None:
    assert events("muse", " to=user<|message|>At noon.\n<|eot|>", prompt=TAIL) == [("text", "At noon.\n")]
    assert events("muse", "<|message|>At noon.", prompt=TAIL) == [("text", "At noon.")]


def test_thinking_and_answer() -> None:
    text = f" to=self<|message|>Check the tide.{NEXT} to=user<|message|>At noon.<|eot|>"
    assert events("muse", text, prompt=TAIL) == [("thinking", "Check the tide."), ("text", "At noon.")]


def test_answer_and_parallel_calls() -> None:
    text = f" to=user<|message|>One moment.{NEXT}{TIDE}{NEXT}{MOON}<|eot|>"
    assert events("muse", text, prompt=TAIL) == [
        ("text", "One moment."),
        ("call", "tide", {"port": "Oslo", "days": 2}),
        ("call", "moon", {}),
    ]


def test_nested_arguments_and_unicode() -> None:
    text = (
        ' to=book<|message|><atem:function_calls>\n<atem:invoke name="book">\n'
        '<atem:parameter name="title"> "Ærø"\n</atem:invoke> 🌊 </atem:parameter>\n'
        '<atem:parameter name="author">{"name": "吳", "born": 1950}</atem:parameter>\n'
        '<atem:parameter name="tags">["a", "b"]</atem:parameter>\n<atem:parameter name="note">null</atem:parameter>\n'
        "</atem:invoke>\n</atem:function_calls><|eot|>"
    )
    assert events("muse", text, prompt=TAIL) == [
        (
            "call",
            "book",
            {
                "title": ' "Ærø"\n</atem:invoke> 🌊 ',
                "author": {"name": "吳", "born": 1950},
                "tags": ["a", "b"],
                "note": None,
            },
        )
    ]


def test_dotted_name() -> None:
    text = MOON.replace("moon", "sky.moon")
    assert events("muse", text, prompt=TAIL) == [("call", "sky.moon", {})]


def test_only_the_recipient_makes_a_call() -> None:
    markup = TIDE.removeprefix(" to=tide<|message|>")
    text = f" to=self<|message|>I could write {markup}.{NEXT} to=user<|message|>Write {markup}<|eot|>"
    assert events("muse", text, prompt=TAIL) == [("thinking", f"I could write {markup}."), ("text", f"Write {markup}")]


def test_call_is_text_without_tools() -> None:
    assert events("muse", TIDE, prompt=TAIL, tools=()) == [("text", TIDE.removeprefix(" to=tide<|message|>"))]


def test_truncated_call() -> None:
    text = TIDE.partition("slo")[0]
    assert events("muse", text, prompt=TAIL) == [("call", "tide", '{"port": "O')]


def test_malformed_call() -> None:
    text = " to=tide<|message|><atem:function_calls>\ntide, Oslo\n</atem:function_calls><|eot|>"
    assert events("muse", text, prompt=TAIL) == [("text", "<atem:function_calls>\ntide, Oslo\n</atem:function_calls>")]
    assert events("muse", " to=tide<|message|>Oslo please<|eot|>", prompt=TAIL) == [("text", "Oslo please")]


def test_turn_that_the_prompt_has_begun() -> None:
    tail = TAIL + " to=self<|message|>Check"
    text = f" it.{NEXT} to=user<|message|>At noon."
    assert events("muse", text, prompt=tail, is_thinking=True) == [("thinking", "it."), ("text", "At noon.")]
    assert events("muse", " noon.<|eot|>", prompt=TAIL + " to=user<|message|>At") == [("text", " noon.")]
