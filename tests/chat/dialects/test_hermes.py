"""Hermes' calls, as Qwen 2.5 and 3, QwQ, MiMo, Reka, Bielik, Granite 4 and many more write them."""

from __future__ import annotations

import json

import pytest

from tests.chat.dialects.golden import BOOK, Joined, events

TIDE = '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}'
MOON = '{"name": "moon", "arguments": {}}'
CALL_TIDE = ("call", "tide", {"port": "Oslo", "days": 2})
CALL_MOON = ("call", "moon", {})
ANSWERS: dict[str, Joined] = {
    "": [],
    "High water is at noon.\n": [("text", "High water is at noon.\n")],
    "  two \n blanks ": [("text", "  two \n blanks ")],
    "a < b <t <tool_x> c": [("text", "a < b <t <tool_x> c")],
    "</think> and </tool_call>": [("text", "</think> and </tool_call>")],
    "a <think>b</think>": [("text", "a <think>b</think>")],
    "<think>\nCheck the tide.\n</think>\n\nAt noon.": [("thinking", "Check the tide."), ("text", "At noon.")],
    "\n<think>so\n\nwell</think>At noon.\n": [("thinking", "so\n\nwell"), ("text", "At noon.\n")],
    "<think>\n\n</think>\n\nAt noon.": [("text", "At noon.")],
    "<think>a<think>b</think>c": [("thinking", "a<think>b"), ("text", "c")],
    "<think>never ended \n": [("thinking", "never ended")],
    "<think>half</thi": [("thinking", "half</thi")],
    "<thi": [("text", "<thi")],
    "<thinking>no": [("text", "<thinking>no")],
}
CALLS: dict[str, Joined] = {
    f"<tool_call>\n{TIDE}\n</tool_call>": [CALL_TIDE],
    f"<tool_call>{TIDE}</tool_call>": [CALL_TIDE],
    f"<think>\nCheck.\n</think>\n\nOne moment.\n<tool_call>\n{TIDE}\n</tool_call>\n<tool_call>\n{MOON}\n</tool_call>": [
        ("thinking", "Check."),
        ("text", "One moment."),
        CALL_TIDE,
        CALL_MOON,
    ],
    f"<tool_call>\n{TIDE}\n</tool_call><tool_call>\n{MOON}\n</tool_call>\n\n": [CALL_TIDE, CALL_MOON],
    f"<think>I write <tool_call>{MOON}</tool_call></think>x": [
        ("thinking", f"I write <tool_call>{MOON}</tool_call>"),
        ("text", "x"),
    ],
    f"<tool_call>{TIDE}</tool_call> Done.": [CALL_TIDE, ("text", "Done.")],
    f"<tool_call>\n{TIDE}\n<tool_call>\n{MOON}\n": [CALL_TIDE, CALL_MOON],
    f"<tool_call>{TIDE}</tool": [CALL_TIDE],
    f"<tool_call>[{TIDE}, {MOON}]</tool_call>": [CALL_TIDE, CALL_MOON],
    f"<tool_call>\n{TIDE}\n{MOON}\n</tool_call>": [CALL_TIDE, CALL_MOON],
    f'<tool_call>{{"name": "book", "arguments": {json.dumps(BOOK, ensure_ascii=False)}}}</tool_call>': [
        ("call", "book", BOOK)
    ],
    f'<tool_call>{{"name": "book", "arguments": {json.dumps(BOOK, indent=1)}}}</tool_call>': [("call", "book", BOOK)],
    '<tool_call>{"arguments": {"port": "Oslo"}, "name": "tide"}</tool_call>': [("call", "tide", {"port": "Oslo"})],
    '<tool_call>{"name": "tide", "parameters": {"port": "Oslo"}, "more": [1]}</tool_call>.': [
        ("call", "tide", {"port": "Oslo"}),
        ("text", "."),
    ],
    '<tool_call>{"name": "tide", "arguments": "{\\"port\\": \\"Oslo\\"}"}</tool_call>': [
        ("call", "tide", {"port": "Oslo"})
    ],
    '<tool_call>{"type": "function", "function": {"name": "tide", "arguments": {"days": 1}}}</tool_call>': [
        ("call", "tide", {"days": 1})
    ],
    '<tool_call>{"name": "moon"}</tool_call>': [CALL_MOON],
    '<tool_call>{"name": "moon", "arguments": null}</tool_call>': [CALL_MOON],
    '<tool_call>{"name": "elsewhere", "arguments": {"x": "line\nfeed"}}</tool_call>': [
        ("call", "elsewhere", {"x": "line\nfeed"})
    ],
}
MALFORMED = [
    '<tool_call>{"name": tide}</tool_call>',
    "<tool_call>tide(1)</tool_call> sorry",
    " \n<tool_call>[1]</tool_call>\n",
    '<tool_call>{"name": 5}</tool_call>',
    '<tool_call>{"name": "tide", "arguments": [1]}</tool_call>',
    '<tool_call>{"name": "tide", "argu',
    '<tool_call>{"na',
    "<tool_call>",
    "a <tool_ca",
    '<tool_call>{"a": {"b": "</tool_call> c',
]
RAW: dict[str, Joined] = {
    '<tool_call>{"name": "tide", "arguments": {"port": "Os': [("call", "tide", '{"port": "Os')],
    '<tool_call>{"name": "tide", "arguments": {"port": Oslo}}</tool_call>': [("call", "tide", '{"port": Oslo}')],
    '<tool_call>{"name": "tide", "arguments": {"port": "\\ud800"}}</tool_call>': [
        ("call", "tide", '{"port": "\\ud800"}')
    ],
    f'<tool_call>[{TIDE}, {{"name": 1}}]</tool_call>.': [CALL_TIDE, ("text", ' {"name": 1}]</tool_call>.')],
}
BARE: dict[str, Joined] = {
    TIDE: [CALL_TIDE],
    f"\n[{TIDE}, {MOON}]\n": [CALL_TIDE, CALL_MOON],
    f"```json\n{TIDE}\n```\nDone.": [CALL_TIDE, ("text", "Done.")],
    '{"name": "elsewhere", "arguments": {}}': [("text", '{"name": "elsewhere", "arguments": {}}')],
    '{"name": "tide", "height": 3}': [("text", '{"name": "tide", "height": 3}')],
    '```json\n{"port": "Oslo"}\n```': [("text", '```json\n{"port": "Oslo"}\n```')],
    f"See {TIDE}": [("text", f"See {TIDE}")],
    "[1, 2]": [("text", "[1, 2]")],
}


@pytest.mark.parametrize("text", ANSWERS)
def test_answers(text: str) -> None:
    assert events("hermes", text) == ANSWERS[text]
    assert events("hermes", text, tools=()) == ANSWERS[text]


@pytest.mark.parametrize("text", CALLS)
def test_calls(text: str) -> None:
    assert events("hermes", text) == CALLS[text]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_call_comes_back_verbatim(text: str) -> None:
    assert events("hermes", text) == [("text", text)]


@pytest.mark.parametrize("text", RAW)
def test_a_call_that_has_begun_keeps_its_raw_arguments(text: str) -> None:
    assert events("hermes", text) == RAW[text]


@pytest.mark.parametrize("text", BARE)
def test_a_bare_object_is_a_call_when_it_names_an_offered_tool(text: str) -> None:
    assert events("hermes", text) == BARE[text]


def test_without_tools_calls_are_text() -> None:
    text = f"One moment.\n<tool_call>\n{TIDE}\n</tool_call>\n"
    assert events("hermes", text, tools=()) == [("text", text)]
    assert events("hermes", TIDE, tools=()) == [("text", TIDE)]


@pytest.mark.parametrize("begun", ["", "<think>\n"])
def test_reasoning_that_the_prompt_opened(begun: str) -> None:
    text = f"{begun}Check the tide.\n</think>\n\n<tool_call>\n{TIDE}\n</tool_call>"
    assert events("hermes", text, is_thinking=True) == [("thinking", "Check the tide."), CALL_TIDE]


def test_an_id_that_the_model_wrote_is_kept() -> None:
    text = f'<tool_call>{{"id": "call-7", "name": "moon", "arguments": {{}}}}</tool_call><tool_call>{MOON}</tool_call>'
    assert events("hermes", text, ids=True) == [("call", "moon", {}, "call-7"), ("call", "moon", {}, "new-1")]
