"""Functionary v3.1's functions and v3.2's recipients."""

from __future__ import annotations

import json

import pytest

from tests.chat.dialects.golden import BOOK, TOOLS, Joined, events, tool

HEADER = "<|start_header_id|>assistant<|end_header_id|>\n\n"
CALL_TIDE = ("call", "tide", {"port": "Oslo", "days": 2})
CALL_MOON = ("call", "moon", {})
NESTED = json.dumps(BOOK, ensure_ascii=False)
V31: dict[str, Joined] = {
    "High water is at noon.": [("text", "High water is at noon.")],
    '<function=tide>{"port": "Oslo", "days": 2}</function>': [CALL_TIDE],
    'One moment.<function=tide>{"port": "Oslo", "days": 2}</function><function=moon>{}</function>': [
        ("text", "One moment."),
        CALL_TIDE,
        CALL_MOON,
    ],
    f"<function=book>{NESTED}</function>": [("call", "book", BOOK)],
    "<function=moon>\n{}\n</function>\nDone.": [CALL_MOON, ("text", "Done.")],
    "<function=moon>{}</func": [CALL_MOON],
    '<function=tide>{"port": "Os': [("call", "tide", '{"port": "Os')],
    "<think>Check.</think>At noon.": [("thinking", "Check."), ("text", "At noon.")],
    "<think>no closer": [("text", "<think>no closer")],
    '<|python_tag|>print("a")\nprint(1)': [("call", "python", {"code": 'print("a")\nprint(1)'})],
}
V31_MALFORMED = [
    "One <function=tide>Oslo</function> two",
    "<function=tide",
    "<function=\n",
    "<function=>{}</function>",
    "<function=tide>",
]
V32: dict[str, Joined] = {
    "all\nHigh water is at noon.\n": [("text", "High water is at noon.\n")],
    'tide\n{"port": "Oslo", "days": 2}': [CALL_TIDE],
    'all\nOne moment.>>>tide\n{"port": "Oslo", "days": 2}>>>moon\n{}': [("text", "One moment."), CALL_TIDE, CALL_MOON],
    f"book\n{NESTED}>>>all\nDone.": [("call", "book", BOOK), ("text", "Done.")],
    'tide\n{"port": "Os': [("call", "tide", '{"port": "Os')],
    'python\nprint(">>>")\n': [("call", "python", {"code": 'print(">>>")\n'})],
    'python\n{"code": "1"}': [("call", "python", {"code": "1"})],
    "all\nType\n>>> 1 + 1\n2\n": [("text", "Type\n>>> 1 + 1\n2\n")],
    "No header at all.": [("text", "No header at all.")],
    "tide\nOslo": [("text", "tide\nOslo")],
    "tid": [("text", "tid")],
    "": [],
}


@pytest.mark.parametrize("text", V31)
def test_functions(text: str) -> None:
    assert events("functionary-v3.1", text, prompt=HEADER) == V31[text]


@pytest.mark.parametrize("text", V31_MALFORMED)
def test_a_malformed_function_comes_back_verbatim(text: str) -> None:
    assert events("functionary-v3.1", text, prompt=HEADER) == [("text", text)]


def test_without_tools_functions_are_text() -> None:
    text = "One moment.\n<function=moon>{}</function><|python_tag|>1"
    assert events("functionary-v3.1", text, tools=()) == [("text", text)]


def test_code_goes_to_the_interpreter_that_is_offered() -> None:
    tools = (*TOOLS, tool("ipython", script={"type": "string"}))
    assert events("functionary-v3.1", "<|python_tag|>1 + 1", tools=tools) == [("call", "ipython", {"script": "1 + 1"})]


@pytest.mark.parametrize("text", V32)
def test_recipients(text: str) -> None:
    assert events("functionary-v3.2", text, prompt=f"{HEADER}>>>") == V32[text]


def test_a_repeated_marker_is_no_text() -> None:
    assert events("functionary-v3.2", ">>>all\nAt noon.", prompt=HEADER) == [("text", "At noon.")]


def test_going_on_with_an_answer() -> None:
    events_ = events("functionary-v3.2", "noon.>>>moon\n{}", prompt=f"{HEADER}>>>all\nAt ")
    assert events_ == [("text", "noon."), CALL_MOON]


def test_without_tools_only_the_answers_header_is_markup() -> None:
    assert events("functionary-v3.2", "all\nAt >>>moon\n{}", tools=(), prompt=">>>") == [("text", "At >>>moon\n{}")]
