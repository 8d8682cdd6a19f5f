"""Messages in the form that templates know."""

from __future__ import annotations

from omm.chat.turns import turns_of
from omm.types import Message, ToolCall

CALL = ToolCall(id="call_1", name="add", arguments={"b": 1, "a": [2]})


def test_turns_have_the_names_that_templates_know() -> None:
    turns = turns_of(
        (
            Message(role="assistant", content="c", thinking="t", tool_calls=(CALL,)),
            Message(role="tool", content="3", tool_name="add", tool_call_id="call_1"),
        )
    )
    function = {"name": "add", "arguments": {"b": 1, "a": [2]}}
    assert turns == (
        {
            "role": "assistant",
            "content": "c",
            "reasoning_content": "t",
            "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
        },
        {"role": "tool", "content": "3", "name": "add", "tool_call_id": "call_1"},
    )


def test_what_is_not_said_is_not_there() -> None:
    assert turns_of((Message(role="user", content="Hi"),)) == ({"role": "user", "content": "Hi"},)


def test_thinking_goes_by_every_name_asked_for() -> None:
    (turn,) = turns_of((Message(role="assistant", thinking="t"),), ["reasoning_content", "thinking"])
    assert turn == {"role": "assistant", "content": "", "reasoning_content": "t", "thinking": "t"}


def test_arguments_that_are_no_object_stay_as_they_are() -> None:
    (turn,) = turns_of((Message(role="assistant", tool_calls=(ToolCall(id="1", name="f", arguments="{x"),)),))
    assert turn["tool_calls"][0]["function"]["arguments"] == "{x"


def calls(*names: str, ids: tuple[str, ...] = ("", "", "")) -> Message:
    made = (ToolCall(id=identity, name=name, arguments={}) for name, identity in zip(names, ids, strict=False))
    return Message(role="assistant", tool_calls=tuple(made))


def test_a_result_without_an_id_gets_that_of_its_call() -> None:
    messages = (
        calls("f", "g"),
        Message(role="tool", content="1", tool_name="g"),
        Message(role="tool", content="2", tool_name="f"),
        calls("f", "f"),
        Message(role="tool", content="3"),
        Message(role="tool", content="4"),
    )
    turns = turns_of(messages)
    ids = [call["id"] for turn in turns for call in turn.get("tool_calls", ())]
    assert len(set(ids)) == 4
    results = [(turn["content"], turn["name"], turn["tool_call_id"]) for turn in turns if turn["role"] == "tool"]
    assert results == [("1", "g", ids[1]), ("2", "f", ids[0]), ("3", "f", ids[2]), ("4", "f", ids[3])]


def test_a_result_with_an_id_gets_the_name_of_its_call() -> None:
    turns = turns_of((calls("f", "g", ids=("a", "b")), Message(role="tool", content="1", tool_call_id="b")))
    assert turns[1] == {"role": "tool", "content": "1", "name": "g", "tool_call_id": "b"}


def test_a_result_of_no_call_stays_as_it_is() -> None:
    stray = Message(role="tool", content="1", tool_call_id="z", tool_name="h")
    plain = {"role": "tool", "content": "1", "name": "h", "tool_call_id": "z"}
    assert turns_of((stray,)) == (plain,)
    assert turns_of((calls("f", ids=("a",)), stray))[1] == plain
