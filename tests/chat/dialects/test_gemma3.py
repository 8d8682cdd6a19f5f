"""Calls as people have Gemma 3 write them."""

from __future__ import annotations

import pytest

from omm.chat.dialects import choose
from tests.chat.dialects.golden import events

TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})
CALL = 'tide(port="Bergen", days=3)'
CALL_JSON = '{"name": "tide", "parameters": {"port": "Bergen", "days": 3}}'


@pytest.mark.parametrize("image", ["<start_of_image>", "<image_soft_token>"])
def test_recognised(image: str) -> None:
    assert choose(f"{{{{ '<start_of_turn>' + role }}}} '{image}'").name == "gemma-3"


@pytest.mark.parametrize("text", ["The sea is calm.", "```python\nprint(3)\n```", "[1, 2] and tide(port)", "{a: 1}"])
def test_plain(text: str) -> None:
    assert events("gemma-3", text) == [("text", text)]


def test_thinking_and_answer() -> None:
    made = events("gemma-3", "<think>Look outside.</think>\nThe sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


@pytest.mark.parametrize(
    "text",
    [
        f"[{CALL}]",
        CALL_JSON,
        f"```json\n{CALL_JSON}\n```",
        f"```tool_code\n{CALL}\n```",
        f"```tool_code\n[{CALL}]\n```\n",
        f"```tool_code\n{CALL_JSON}\n```",
        f"<tool_call>\n{CALL_JSON}\n</tool_call>",
    ],
)
def test_one_call(text: str) -> None:
    assert events("gemma-3", text) == [TIDE]


@pytest.mark.parametrize("calls", [f"{CALL}\nmoon()", f"[{CALL}, moon()]"])
def test_parallel_calls_after_an_answer(calls: str) -> None:
    assert events("gemma-3", f"Wait.\n```tool_code\n{calls}\n```") == [("text", "Wait."), TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    text = "[book(title='«Sø 🌊»', author={'name': 'Åse', 'born': 1901}, tags=[])]"
    arguments = {"title": "«Sø 🌊»", "author": {"name": "Åse", "born": 1901}, "tags": []}
    assert events("gemma-3", text) == [("call", "book", arguments)]


def test_truncated_call() -> None:
    assert events("gemma-3", "[tide(port='Ber") == [("call", "tide", '{"port": "Ber"')]


@pytest.mark.parametrize("text", ["[sail(port='Bergen')]", "Wait.\n```tool_code\nnothing\n``` Oh.", "```tool_code\n"])
def test_malformed_call_is_text(text: str) -> None:
    assert events("gemma-3", text) == [("text", text)]


def test_calls_are_text_without_tools() -> None:
    assert events("gemma-3", f"[{CALL}]", tools=()) == [("text", f"[{CALL}]")]
