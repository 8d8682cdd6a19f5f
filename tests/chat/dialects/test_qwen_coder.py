"""Calls in tags with a line each: Qwen3-Coder, Qwen3.5, Nemotron 3 and StepFun."""

from __future__ import annotations

import pytest

from tests.chat.dialects.golden import Joined, events

TIDE = (
    "<tool_call>\n<function=tide>\n<parameter=port>\nOslo\n</parameter>\n<parameter=days>\n2\n</parameter>\n"
    "</function>\n</tool_call>"
)
MOON = "<tool_call>\n<function=moon>\n</function>\n</tool_call>"
CALL_TIDE = ("call", "tide", {"port": "Oslo", "days": 2})
CALL_MOON = ("call", "moon", {})


def book(key: str, value: str) -> str:
    return f"<tool_call>\n<function=book>\n<parameter={key}>\n{value}\n</parameter>\n</function>\n</tool_call>"


CALLS: dict[str, Joined] = {
    TIDE: [CALL_TIDE],
    f"One moment.\n\n{TIDE}\n{MOON}\n": [("text", "One moment."), CALL_TIDE, CALL_MOON],
    f"One moment.{TIDE}{MOON}": [("text", "One moment."), CALL_TIDE, CALL_MOON],
    "<tool_call><function=tide><parameter=port>Oslo</parameter></function></tool_call>Done.": [
        ("call", "tide", {"port": "Oslo"}),
        ("text", "Done."),
    ],
    # The first outer tag is forgotten, or the last, or both, or the function's.
    "<function=tide>\n<parameter=port>\nOslo\n</parameter>\n</function>\n</tool_call>": [
        ("call", "tide", {"port": "Oslo"})
    ],
    "Well.\n<function=moon>\n</function>\nDone.": [("text", "Well."), CALL_MOON, ("text", "Done.")],
    "<tool_call>\n<function=moon>\n</function>\n<function=moon>\n</function>\n": [CALL_MOON, CALL_MOON],
    "<tool_call>\n<function=tide>\n<parameter=days>\n3\n</parameter>\n</tool_call>": [("call", "tide", {"days": 3})],
    '<tool_call>\n{"name": "tide", "arguments": {"days": 3}}\n</tool_call>': [("call", "tide", {"days": 3})],
    "<tool_call>\n<function=elsewhere>\n<parameter=x>\n[1, 2]\n</parameter>\n<parameter=y>\nz\n</parameter>\n"
    "</function>\n</tool_call>": [("call", "elsewhere", {"x": [1, 2], "y": "z"})],
}
VALUES = [
    ("title", "Ærø 🌊", "Ærø 🌊"),
    ("title", "12", "12"),
    ("title", "null", "null"),
    ("title", '"quoted"', '"quoted"'),
    ("title", "\n  indented\n\tmore\n\n", "\n  indented\n\tmore\n\n"),
    ("title", "<tool_call> </think> </function> </parameter", "<tool_call> </think> </function> </parameter"),
    ("title", "", ""),
    ("pages", "312", 312),
    ("pages", "many", "many"),
    ("weight", "0.75", 0.75),
    ("is_new", "true", True),
    ("is_new", "False", False),
    ("tags", '["hav", "måne 月"]', ["hav", "måne 月"]),
    ("tags", "['hav', \"d'or\"]", ["hav", "d'or"]),
    ("author", '{"name": "Søren",\n "born": 1901}', {"name": "Søren", "born": 1901}),
    ("author", "{'name': None, 'born': True}", {"name": None, "born": True}),
    ("note", "null", None),
    ("note", "text", "text"),
    ("shelf", "4", 4),
    ("size", "4.5", 4.5),
    ("size", "4.5 cm", "4.5 cm"),
    ("kind", "poem", "poem"),
    ("unknown", '{"a": 1}', {"a": 1}),
    ("unknown", "words", "words"),
]  # fmt: skip
MALFORMED = [
    "<tool_call>\n<function tide>\n</tool_call> x",
    "<tool_call>\n<function=>\n</function>\n</tool_call>",
    "<tool_call>\n<function=tide>\nOslo\n</function>\n</tool_call>\n",
    "Write <function=elsewhere>\n<parameter=x>\n1</parameter></function> so.",
    "Write <function=name> so.",
    "<tool_call>\n<function=tide>\n",
    "<tool_call>\n<func",
    "<tool_",
]
CUT: dict[str, Joined] = {
    "<tool_call>\n<function=tide>\n<parameter=port>\nOs": [("call", "tide", '{"port": "Os')],
    "<tool_call>\n<function=tide>\n<parameter=days>\n2": [("call", "tide", '{"days": 2')],
    "<tool_call>\n<function=tide>\n<parameter=da": [("call", "tide", "{")],
    "<tool_call>\n<function=tide>\n<parameter=days>\n2\n</parameter>\n": [("call", "tide", '{"days": 2')],
    f"{TIDE}\n{MOON}"[:-5]: [CALL_TIDE, CALL_MOON],
}


def test_plain() -> None:
    assert events("qwen-coder", "High <water> is at noon.\n") == [("text", "High <water> is at noon.\n")]


@pytest.mark.parametrize("text", CALLS)
def test_calls(text: str) -> None:
    assert events("qwen-coder", text) == CALLS[text]


@pytest.mark.parametrize(("key", "text", "value"), VALUES)
def test_values_are_typed_by_the_schema(key: str, text: str, value: object) -> None:
    assert events("qwen-coder", book(key, text)) == [("call", "book", {key: value})]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_call_comes_back_verbatim(text: str) -> None:
    assert events("qwen-coder", text) == [("text", text)]


@pytest.mark.parametrize("text", CUT)
def test_a_call_that_is_cut_off_keeps_its_raw_arguments(text: str) -> None:
    assert events("qwen-coder", text) == CUT[text]


def test_thinking() -> None:
    text = f"Check the tide.\n</think>\n\nOne moment.\n\n{TIDE}\n{MOON}"
    thought = [("thinking", "Check the tide."), ("text", "One moment."), CALL_TIDE, CALL_MOON]
    assert events("qwen-coder", text, is_thinking=True) == thought
    assert events("qwen-coder", "<think>\n" + text, is_thinking=True) == thought
    assert events("qwen-coder", "<think>\n" + text) == thought


def test_a_call_ends_thinking_when_tools_are_offered() -> None:
    text = f"Check the tide.\n{MOON}"
    assert events("qwen-coder", text, is_thinking=True) == [("thinking", "Check the tide."), CALL_MOON]
    assert events("qwen-coder", text, is_thinking=True, tools=()) == [("thinking", text)]


def test_without_tools_calls_are_text() -> None:
    assert events("qwen-coder", f"One moment.\n{TIDE}\n", tools=()) == [("text", f"One moment.\n{TIDE}\n")]
