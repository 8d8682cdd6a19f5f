"""LFM2's Python calls."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events, tool

OPEN, CLOSE = "<|tool_call_start|>", "<|tool_call_end|>"
CALL = "tide(port='Bergen', days=3)"
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def test_recognised() -> None:
    assert choose('system_prompt + "List of tools: ["').name == "lfm2"


def test_plain() -> None:
    text = "See [the harbour](https://example.com), [tide(port='Bergen')] and more."
    assert events("lfm2", text) == [("text", text)]


def test_thinking_and_answer() -> None:
    made = events("lfm2", "<think>Look outside.</think>The sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_one_call() -> None:
    assert events("lfm2", f"{OPEN}[{CALL}]{CLOSE}") == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    made = events("lfm2", f"<think>Look.</think>Wait.\n{OPEN}[{CALL}, moon()]{CLOSE} Done.")
    assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON, ("text", "Done.")]


@pytest.mark.parametrize(
    "calls",
    [
        '[ tide( port = "Bergen" , days=3, ) ,\n moon( ) ]',
        f"{CALL}, moon()",
        '[{"name": "tide", "arguments": {"port": "Bergen", "days": 3}}, {"name": "moon", "arguments": {}}]',
    ],
)
def test_other_ways_to_write_a_list(calls: str) -> None:
    assert events("lfm2", OPEN + calls + CLOSE) == [TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = (
        f"{OPEN}[shelf.book(title='«Sø 🌊»\\n\\u00e5 \\ud83c\\udf0a it\\'s', tags=['salt', \"fog\"], "
        "author={'name': 'Åse', 'born': None, \"dead\": false}, at=(1, -2.5e3), is_new=True, note=null)]"
        f"{CLOSE}"
    )
    arguments = {
        "title": "«Sø 🌊»\nå 🌊 it's",
        "tags": ["salt", "fog"],
        "author": {"name": "Åse", "born": None, "dead": False},
        "at": [1, -2500.0],
        "is_new": True,
        "note": None,
    }
    assert events("lfm2", text, tools=[tool("shelf.book")]) == [("call", "shelf.book", arguments)]


@pytest.mark.parametrize(
    ("value", "port"),
    [
        ("'it's here'", "it's here"),
        ('"a \\"b\\", c"', 'a "b", c'),
        ("''", ""),
        ("'''a 'b' \\\nc'''", "a 'b' c"),
        ("Bergen", "Bergen"),
        ("New York", "New York"),
        ("'C:\\dir\\\\x'", "C:\\dir\\x"),
        ("'a)]<|tool_call_end|>'", "a)]<|tool_call_end|>"),
    ],
)
def test_strings(value: str, port: str) -> None:
    assert events("lfm2", f"{OPEN}[tide(port={value}, days=3)]{CLOSE}") == [("call", "tide", {"port": port, "days": 3})]


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("[tide(port='Ber", '{"port": "Ber"'),
        ("[tide(port='Bergen', ", '{"port": "Bergen"'),
        ("[tide(port='Bergen', days=3", '{"port": "Bergen", "days": 3'),
        ("[tide(port='Bergen', da", '{"port": "Bergen" da'),
        ("[tide(", "{"),
        ("[tide(days=[1, 2", '{"days": [1, 2'),
        ("[tide(days={'a'", '{"days": {"a"'),
    ],
)
def test_truncated_call(text: str, raw: str) -> None:
    assert events("lfm2", OPEN + text) == [("call", "tide", raw)]


@pytest.mark.parametrize("inside", ["", "[]", "[tide]", "what?", "[tide port='x']", '{"no": 1}'])
def test_malformed_call_is_text(inside: str) -> None:
    text = f"Wait. {OPEN}{inside}{CLOSE} Oh."
    assert events("lfm2", text) == [("text", text)]


def test_malformed_call_after_a_good_one_is_text() -> None:
    assert events("lfm2", f"{OPEN}[{CALL}, what?]{CLOSE}") == [TIDE, ("text", f" what?]{CLOSE}")]


@pytest.mark.parametrize(
    ("inside", "raw"),
    [("tide('Bergen')", "'Bergen')]"), ("tide(port=)", '{"port": )]'), ("tide(days=[)", '{"days": [)]')],
)
def test_malformed_arguments_stay_raw(inside: str, raw: str) -> None:
    assert events("lfm2", f"{OPEN}[{inside}]{CLOSE}Done.") == [("call", "tide", raw), ("text", "Done.")]


def test_calls_are_text_without_tools() -> None:
    text = f"{OPEN}[{CALL}]{CLOSE}"
    assert events("lfm2", text, tools=()) == [("text", text)]
