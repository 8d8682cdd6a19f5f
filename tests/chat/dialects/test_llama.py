"""Llama 3's bare objects and built-in tools, Llama 4's lists of Python calls."""

from __future__ import annotations

import json

import pytest

from tests.chat.dialects.golden import BOOK, Joined, events

TIDE = '{"name": "tide", "parameters": {"port": "Oslo", "days": 2}}'
CALL_TIDE = ("call", "tide", {"port": "Oslo", "days": 2})
CALL_MOON = ("call", "moon", {})
LLAMA_3: dict[str, Joined] = {
    "High water is at noon.\n": [("text", "High water is at noon.\n")],
    TIDE: [CALL_TIDE],
    f"\n\n{TIDE}\n": [CALL_TIDE],
    '{"type": "function", "name": "tide", "parameters": {"port": "Oslo", "days": 2}}': [CALL_TIDE],
    '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}': [CALL_TIDE],
    f'{TIDE}; {{"name": "moon", "parameters": {{}}}}': [CALL_TIDE, CALL_MOON],
    f"{TIDE}\nDone; ok.": [CALL_TIDE, ("text", "Done; ok.")],
    f'{{"name": "book", "parameters": {json.dumps(BOOK, ensure_ascii=False)}}}': [("call", "book", BOOK)],
    "<think>Check.</think>" + TIDE: [("thinking", "Check."), CALL_TIDE],
    '{"name": "tide", "parameters": {"port": "Os': [("call", "tide", '{"port": "Os')],
    '{"name": "tide", "parameters": {"port": Oslo}}': [("call", "tide", '{"port": Oslo}')],
    f"<|python_tag|>{TIDE}": [CALL_TIDE],
    '<|python_tag|>{"name": "elsewhere", "parameters": {}}': [("call", "elsewhere", {})],
    '<|python_tag|>tide.call(port="Oslo", days=2)': [CALL_TIDE],
    'Let me look.\n<|python_tag|>brave_search.call(query="måne \\"月\\"")': [
        ("text", "Let me look."),
        ("call", "brave_search", {"query": 'måne "月"'}),
    ],
    "<|python_tag|>moon.call()": [CALL_MOON],
    '<|python_tag|>tide.call(port="Os': [("call", "tide", '{"port": "Os"')],
    "<|python_tag|>import os\nprint(os.sep)\n": [("call", "python", {"code": "import os\nprint(os.sep)\n"})],
    "<|python_tag|>[1, 2]": [("call", "python", {"code": "[1, 2]"})],
    "<|python_tag|>\n  x.caller(1)": [("call", "python", {"code": "x.caller(1)"})],
}
LLAMA_3_TEXTS = [
    '{"title": "The tide", "parameters": {}}',
    '{"name": "elsewhere", "parameters": {"port": "Oslo"}}',
    '{"name": "tide", "height": 2}',
    '{"name": "tide", "par',
    '{"parameters": {"port": "Oslo"}}',
    f"So: {TIDE}",
    "{",
    "[TIDE]",
]
LLAMA_4: dict[str, Joined] = {
    "High water is at noon.\n": [("text", "High water is at noon.\n")],
    '[tide(port="Oslo", days=2)]': [CALL_TIDE],
    "\n[tide(port='Oslo', days=2), moon()]\n": [CALL_TIDE, CALL_MOON],
    'One moment.<|python_start|>[tide(port="Oslo", days=2), moon()]<|python_end|>': [
        ("text", "One moment."),
        CALL_TIDE,
        CALL_MOON,
    ],
    "<|python_start|>moon()<|python_end|>\nDone.": [CALL_MOON, ("text", "Done.")],
    f"<|python_start|>{TIDE}<|python_end|>": [CALL_TIDE],
    TIDE: [CALL_TIDE],
    f"[book({', '.join(f'{key}={value!r}' for key, value in BOOK.items())})]": [("call", "book", BOOK)],
    '[tide(port="Os': [("call", "tide", '{"port": "Os"')],
    "<|python_start|>[elsewhere(x=[1, {'y': True}])]<|python_end|>": [("call", "elsewhere", {"x": [1, {"y": True}]})],
    "<|python_start|>[moon()]<|python_": [CALL_MOON],
}
LLAMA_4_TEXTS = [
    "[a link](https://example.org) and more",
    "[elsewhere(x=1)]",
    "See [tide(port='Oslo')]",
    "<|python_start|>1 + 1<|python_end|>.",
    "[tide",
    "moon() is a function.",
    "\n [",
    "[]",
]


@pytest.mark.parametrize("text", LLAMA_3)
def test_llama_3(text: str) -> None:
    assert events("llama-3", text) == LLAMA_3[text]


@pytest.mark.parametrize("text", LLAMA_3_TEXTS)
def test_llama_3_answers_that_look_like_calls(text: str) -> None:
    assert events("llama-3", text) == [("text", text)]


@pytest.mark.parametrize("text", LLAMA_4)
def test_llama_4(text: str) -> None:
    assert events("llama-4", text) == LLAMA_4[text]


@pytest.mark.parametrize("text", LLAMA_4_TEXTS)
def test_llama_4_answers_that_look_like_calls(text: str) -> None:
    assert events("llama-4", text) == [("text", text)]


@pytest.mark.parametrize("dialect", ["llama-3", "llama-4"])
@pytest.mark.parametrize("text", [TIDE, "[moon()]", "<|python_tag|>moon.call()", "<|python_start|>[moon()]"])
def test_without_tools_calls_are_text(dialect: str, text: str) -> None:
    assert events(dialect, text, tools=()) == [("text", text)]
