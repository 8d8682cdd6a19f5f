"""MiniMax M3's nested tags."""

from __future__ import annotations

import pytest

from omm.chat.dialects import Context, choose
from tests.chat.dialects.golden import Joined, events, joined, read, tool

PREFIX = "]<]minimax[>["
SHIP = tool(
    "ship",
    cargo={
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "what": {"type": "string"},
                "tons": {"type": "number"},
                "marks": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
    at={"anyOf": [{"type": "object", "properties": {"pier": {"type": "string"}}}, {"type": "null"}]},
    label={"type": ["string", "object"]},
    extra={},
)
TIDE = ("call", "tide", {"port": "Bergen", "days": 3})
MOON = ("call", "moon", {})


def marked(text: str) -> str:
    """The text with the prefix before each tag, in which tags are written as `‹name›`."""
    return text.replace("‹", PREFIX + "<").replace("›", ">")


CALL = marked('‹tool_call›\n‹invoke name="tide"›‹port›Bergen‹/port›‹days›3‹/days›‹/invoke›\n‹/tool_call›')


def ship(arguments: str) -> Joined:
    """What becomes of one call with these arguments."""
    text = marked(f'‹tool_call›\n‹invoke name="ship"›{arguments}‹/invoke›\n‹/tool_call›')
    return events("minimax-m3", text, tools=[SHIP])


def test_recognised() -> None:
    assert choose("{%- set ns = ']<]minimax[>[' -%} '<tool_call>' '<invoke name=\"'").name == "minimax-m3"


def test_plain() -> None:
    assert events("minimax-m3", "The sea is calm.") == [("text", "The sea is calm.")]


def test_closer_alone_is_dropped() -> None:
    assert events("minimax-m3", "</mm:think>The sea is calm.") == [("text", "The sea is calm.")]


def test_thinking_and_answer() -> None:
    made = events("minimax-m3", "<mm:think>Look outside.</mm:think>The sea is calm.")
    assert made == [("thinking", "Look outside."), ("text", "The sea is calm.")]


def test_thinking_opened_by_the_prompt() -> None:
    made = events("minimax-m3", "Look outside.</mm:think>Calm.", prompt="]~b]ai\n<mm:think>", is_thinking=True)
    assert made == [("thinking", "Look outside."), ("text", "Calm.")]


def test_one_call() -> None:
    assert events("minimax-m3", CALL) == [TIDE]


def test_parallel_calls_after_thinking_and_an_answer() -> None:
    calls = CALL.replace(marked("\n‹/tool_call›"), marked('\n‹invoke name="moon"›‹/invoke›\n‹/tool_call›'))
    made = events("minimax-m3", f"<mm:think>Look.</mm:think>Wait.{calls}")
    assert made == [("thinking", "Look."), ("text", "Wait."), TIDE, MOON]


def test_nested_and_unicode_arguments() -> None:
    made = ship(
        "‹cargo›‹item›‹what›tørrfisk 🐟‹/what›‹tons›2.5‹/tons›‹/item›"
        "\n‹item›‹what›12‹/what›‹marks›‹item›a b‹/item›‹item›7‹/item›‹/marks›‹/item›‹/cargo›"
        "‹at›‹pier›№ 4‹/pier›‹/at›"
    )
    cargo = [{"what": "tørrfisk 🐟", "tons": 2.5}, {"what": "12", "marks": ["a b", "7"]}]
    assert made == [("call", "ship", {"cargo": cargo, "at": {"pier": "№ 4"}})]


def test_what_admits_a_string_stays_raw() -> None:
    raw = marked("‹pier›4‹/pier›")
    assert ship("‹label›‹pier›4‹/pier›‹/label›") == [("call", "ship", {"label": raw})]
    assert ship("‹label›12‹/label›") == [("call", "ship", {"label": "12"})]


def test_without_a_schema_the_text_decides() -> None:
    made = ship("‹extra›‹item›1‹/item›‹item›‹deep›so‹/deep›‹/item›‹/extra›‹other›true‹/other›")
    assert made == [("call", "ship", {"extra": [1, {"deep": "so"}], "other": True})]


def test_empty_structures() -> None:
    assert ship("‹cargo›‹/cargo›‹at›‹/at›") == [("call", "ship", {"cargo": [], "at": {}})]


def test_structures_as_json_are_understood() -> None:
    made = ship('‹cargo›[{"what": "salt"}]‹/cargo›‹at›null‹/at›')
    assert made == [("call", "ship", {"cargo": [{"what": "salt"}], "at": None})]


@pytest.mark.parametrize(
    ("end", "raw"),
    [
        ("gen", '{"port": "Ber'),
        ("‹/port›", '{"port": "Bergen'),
        ("‹days›", '{"port": "Bergen"'),
        ("3‹/days›", '{"port": "Bergen", "days": '),
    ],
)
def test_truncated_call(end: str, raw: str) -> None:
    assert events("minimax-m3", CALL[: CALL.index(marked(end))]) == [("call", "tide", raw)]


def test_truncated_structure_keeps_its_text() -> None:
    text = marked('‹tool_call›\n‹invoke name="ship"›‹cargo›‹item›‹what›sa')
    raw = '{"cargo": ' + marked("‹item›‹what›sa")
    assert events("minimax-m3", text, tools=[SHIP]) == [("call", "ship", raw)]


@pytest.mark.parametrize("inside", ["tide", "‹invoke name=tide›", '‹invoke name=""›'])
def test_malformed_call_is_text(inside: str) -> None:
    text = marked(f"Wait. ‹tool_call›{inside}‹/tool_call› Oh.")
    assert events("minimax-m3", text) == [("text", text)]


def test_malformed_arguments_stay_raw() -> None:
    text = marked('‹tool_call›‹invoke name="tide"›‹port›Bergen‹/port› and 3 days‹/invoke›‹/tool_call›')
    assert events("minimax-m3", text) == [("call", "tide", '{"port": "Bergen" and 3 days')]


def test_nesting_without_end_is_bounded() -> None:
    text = marked('‹tool_call›‹invoke name="ship"›' + "‹extra›" * 3000)
    made = joined(read("minimax-m3", [text], Context(tools=(SHIP,))))
    assert [event[:2] for event in made] == [("call", "ship")]
