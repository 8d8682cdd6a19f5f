"""Hunyuan 3's suffixed tags, and the lists and answer tags of older Hunyuan models."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

TAIL = "<｜hy_Assistant:opensource｜><think:opensource>"
CALL = (
    "<tool_call:opensource>tide<tool_sep:opensource>\n"
    "<arg_key:opensource>port</arg_key:opensource>\n<arg_value:opensource>Bergen</arg_value:opensource>\n"
    "<arg_key:opensource>days</arg_key:opensource>\n<arg_value:opensource>3</arg_value:opensource>\n"
    "</tool_call:opensource>\n"
)
CALL_MOON = "<tool_call:opensource>moon<tool_sep:opensource>\n</tool_call:opensource>\n"
OPEN, CLOSE = "<tool_calls:opensource>\n", "</tool_calls:opensource>"
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("'<｜hy_Assistant{}｜>' '<arg_key{}>'.format(suffix) <tool_calls{}>", "hunyuan-3"),
        ("'<｜hy_Assistant｜>' <think>", "hunyuan"),
        ("'<|startoftext|>' '<|extra_0|>' <tool_calls>", "hunyuan"),
    ],
)
def test_recognised(template: str, name: str) -> None:
    assert choose(template).name == name


def test_plain() -> None:
    tail = TAIL + "</think:opensource>"
    assert events("hunyuan-3", "The sea is calm.", prompt=tail) == [("text", "The sea is calm.")]


def test_thinking_and_answer() -> None:
    made = events("hunyuan-3", "Look outside.</think:opensource>The sea is calm.", prompt=TAIL, is_thinking=True)
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_one_call() -> None:
    assert events("hunyuan-3", OPEN + CALL + CLOSE, prompt=TAIL + "</think:opensource>") == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    text = f"Look outside.</think:opensource>Wait.{OPEN}{CALL}{CALL_MOON}{CLOSE}"
    made = events("hunyuan-3", text, prompt=TAIL, is_thinking=True)
    assert made == [("thinking", "Look outside."), ("text", "Wait."), TIDE, MOON]


@pytest.mark.parametrize("suffix", ["", ":lab"])
def test_suffix_is_read_in_the_prompt(suffix: str) -> None:
    text = f"Look.</think:opensource>{OPEN}{CALL}{CLOSE}".replace(":opensource", suffix)
    made = events("hunyuan-3", text, prompt=TAIL.replace(":opensource", suffix), is_thinking=True)
    assert made == [("thinking", "Look."), TIDE]


def test_nested_and_unicode_arguments() -> None:
    text = (
        "<tool_calls><tool_call>book<tool_sep><arg_key>author</arg_key><arg_value>{'name': 'Åse'}</arg_value>"
        "<arg_key>title</arg_key><arg_value>«Sø 🌊» </tool_call></arg_value></tool_call></tool_calls>"
    )
    for tag in ("tool_calls", "tool_call", "tool_sep", "arg_key", "arg_value"):
        text = text.replace(f"{tag}>", f"{tag}:opensource>")
    arguments = {"author": {"name": "Åse"}, "title": "«Sø 🌊» </tool_call:opensource>"}
    assert events("hunyuan-3", text) == [("call", "book", arguments)]


def test_truncated_call() -> None:
    text = OPEN + CALL[: CALL.index("gen")]
    assert events("hunyuan-3", text) == [("call", "tide", '{"port": "Ber')]


def test_malformed_call_is_text() -> None:
    text = "Wait. <tool_calls:opensource> none </tool_calls:opensource>"
    assert events("hunyuan-3", text) == [("text", text)]


def test_malformed_call_after_a_good_one_is_text() -> None:
    text = f"{OPEN}{CALL}<tool_call:opensource>?{CLOSE}"
    assert events("hunyuan-3", text) == [TIDE, ("text", f"\n<tool_call:opensource>?{CLOSE}")]


class TestOlder:
    """Hunyuan A13B and its small siblings."""

    CALLS = '<tool_calls>[{"name": "tide", "arguments": {"port": "Bergen", "days": 3}}, {"name": "moon"}]</tool_calls>'

    def test_thinking_and_answer(self) -> None:
        made = events("hunyuan", "<think>\nLook outside.\n</think>\n<answer>\nThe sea is calm.\n</answer>")
        assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]

    def test_answer_without_tags(self) -> None:
        assert events("hunyuan", "Say </answer> now.") == [("text", "Say </answer> now.")]

    def test_answer_cut_off(self) -> None:
        assert events("hunyuan", "<answer>The sea is </ans", tools=()) == [("text", "The sea is </ans")]

    def test_parallel_calls(self) -> None:
        made = events("hunyuan", f"<think>\nLook.\n</think>\n<answer>Wait.\n{self.CALLS}\n</answer>")
        assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]

    def test_truncated_call(self) -> None:
        text = self.CALLS[: self.CALLS.index("gen")]
        assert events("hunyuan", text) == [("call", "tide", '{"port": "Ber')]

    def test_malformed_call_is_text(self) -> None:
        text = "Wait. <tool_calls>[tide]</tool_calls> Oh."
        assert events("hunyuan", text) == [("text", text)]
