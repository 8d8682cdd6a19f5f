"""Ways to put a conversation for a chat template, each a function from one conversation to another.

Source of the forms: the templates of the model families that want them.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import json
from collections.abc import Callable
from typing import Any

from omm.chat.turns import Conversation, Turn

_TOOLS = """\
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
{tools}
</tools>

"""
# NOTE: word for word what Hermes and Qwen models were trained with.
HERMES_FORM = """\
For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""
OTHER_FORM = """\
For each function call, write exactly this, with the function's name and a JSON object of its arguments:
"""

_BETWEEN = "\n\n"  # the texts of turns that become one
_ID_LENGTH = 9


@dataclasses.dataclass(frozen=True, slots=True)
class Adaptation:
    """One way to put a conversation differently. Those of a lower `stage` are applied first.

    It is tried only for templates in whose text `marker` occurs.
    """

    name: str
    stage: int
    apply: Callable[[Conversation], Conversation]
    marker: str = ""


# --- tools ------------------------------------------------------------------------------------------------------


def _bare_functions(conversation: Conversation) -> Conversation:
    tools = conversation.variables.get("tools") or []
    bare = [tool.get("function", tool) for tool in tools]
    return Conversation(conversation.turns, {**conversation.variables, "tools": bare or None})


def _empty_tools(conversation: Conversation) -> Conversation:
    """A list in any case, for templates that run through it unasked."""
    tools = conversation.variables.get("tools") or []
    return Conversation(conversation.turns, {**conversation.variables, "tools": tools})


def _functions_text(conversation: Conversation) -> Conversation:
    """FireFunction's: the functions as JSON text under a name of their own."""
    tools = conversation.variables.get("tools") or []
    text = json.dumps([tool.get("function", tool) for tool in tools], ensure_ascii=False, indent=4)
    return Conversation(conversation.turns, {**conversation.variables, "functions": text if tools else ""})


def described_tools(conversation: Conversation, how: str) -> Conversation:
    """Tools in the system text, for templates that drop them."""
    tools = conversation.variables.get("tools")
    if not tools:
        return conversation
    text = _TOOLS.format(tools="\n".join(json.dumps(tool, ensure_ascii=False) for tool in tools)) + how
    return Conversation(with_system(conversation.turns, text), {**conversation.variables, "tools": None})


def with_system(turns: tuple[Turn, ...], text: str) -> tuple[Turn, ...]:
    """Turns with `text` at the end of the system message in front."""
    if turns and turns[0]["role"] in ("system", "developer"):
        return ({**turns[0], "content": _joined(turns[0]["content"], text)}, *turns[1:])
    return ({"role": "system", "content": text}, *turns)


# --- calls and their results ------------------------------------------------------------------------------------


def _each_call(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Conversation], Conversation]:
    def apply(conversation: Conversation) -> Conversation:
        return conversation.with_turns(
            {**turn, "tool_calls": [change(call) for call in turn["tool_calls"]]} if turn.get("tool_calls") else turn
            for turn in conversation.turns
        )

    return apply


def _with_arguments(call: dict[str, Any], arguments: Any) -> dict[str, Any]:
    return {**call, "function": {**call["function"], "arguments": arguments}}


def _text_arguments(call: dict[str, Any]) -> dict[str, Any]:
    return _with_arguments(call, _as_text(call["function"]["arguments"]))


def _object_arguments(call: dict[str, Any]) -> dict[str, Any]:
    """What is no object becomes one."""
    arguments = call["function"]["arguments"]
    return call if isinstance(arguments, dict) else _with_arguments(call, {"arguments": arguments})


def _as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


def _null_content(conversation: Conversation) -> Conversation:
    return conversation.with_turns(
        {**turn, "content": turn["content"] or None} if turn.get("tool_calls") else turn for turn in conversation.turns
    )


def _new_ids(conversation: Conversation, new_id: Callable[[dict[str, Any], int], str]) -> Conversation:
    """Give calls new ids, and their results the same."""
    numbers = itertools.count()
    ids: dict[str, str] = {}
    turns: list[Turn] = []
    for turn in conversation.turns:
        if turn.get("tool_calls"):
            calls = [{**call, "id": new_id(call, next(numbers))} for call in turn["tool_calls"]]
            ids |= {old["id"]: new["id"] for old, new in zip(turn["tool_calls"], calls, strict=True)}
            turn = {**turn, "tool_calls": calls}
        elif (old_id := turn.get("tool_call_id")) is not None:
            turn = {**turn, "tool_call_id": ids.get(old_id, old_id)}
        turns.append(turn)
    return conversation.with_turns(turns)


def _nine_characters(call: dict[str, Any], _number: int) -> str:
    """Mistral's ids: nine letters or digits."""
    own = str(call["id"])
    is_fit = len(own) == _ID_LENGTH and own.isascii() and own.isalnum()
    return own if is_fit else hashlib.sha256(own.encode("utf-8", "replace")).hexdigest()[:_ID_LENGTH]


def _named_number(call: dict[str, Any], number: int) -> str:
    """Kimi K2's ids hold the function's name, counted over the conversation."""
    own = str(call["id"])
    return own if own.startswith("functions.") else f"functions.{call['function']['name']}:{number}"


def _one_call_a_turn(conversation: Conversation) -> Conversation:
    """Parallel calls one after the other, each before its result."""
    turns: list[Turn] = []
    results = {turn["tool_call_id"]: turn for turn in conversation.turns if turn.get("tool_call_id")}
    placed: set[int] = set()
    for turn in conversation.turns:
        calls = turn.get("tool_calls") or []
        if len(calls) < 2:
            turns += [] if id(turn) in placed else [turn]
            continue
        for number, call in enumerate(calls):
            first = {} if number == 0 else {"content": ""}
            turns.append({**turn, **first, "tool_calls": [call]})
            if (result := results.get(call["id"])) is not None and id(result) not in placed:
                turns.append(result)
                placed.add(id(result))
    return conversation.with_turns(turns)


def _calls_in_text(conversation: Conversation, write: Callable[[list[dict[str, Any]]], str]) -> Conversation:
    """Calls in the content, for templates that leave them to it."""
    return conversation.with_turns(_with_written_calls(turn, write) for turn in conversation.turns)


def _with_written_calls(turn: Turn, write: Callable[[list[dict[str, Any]]], str]) -> Turn:
    if not turn.get("tool_calls"):
        return turn
    text = write([call["function"] for call in turn["tool_calls"]])
    rest = {key: value for key, value in turn.items() if key != "tool_calls"}
    return {**rest, "content": f"{turn['content']}\n{text}" if turn["content"] else text}


def _hermes(functions: list[dict[str, Any]]) -> str:
    return "\n".join(f"<tool_call>\n{_call_text(function)}\n</tool_call>" for function in functions)


def _granite(functions: list[dict[str, Any]]) -> str:
    return f"<|tool_call|>[{', '.join(map(_call_text, functions))}]"


def _pythonic(functions: list[dict[str, Any]]) -> str:
    calls = ", ".join(f"{function['name']}({_keywords(function['arguments'])})" for function in functions)
    return f"<|tool_call_start|>[{calls}]<|tool_call_end|>"


def _keywords(arguments: Any) -> str:
    if isinstance(arguments, str):
        return arguments
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def _call_text(function: dict[str, Any]) -> str:
    name = json.dumps(function["name"], ensure_ascii=False)
    return f'{{"name": {name}, "arguments": {_as_text(function["arguments"])}}}'


def _results_in_text(conversation: Conversation) -> Conversation:
    """Results as the user's words, for templates that know no tools."""
    return conversation.with_turns(
        {"role": "user", "content": f"<tool_response>\n{turn['content']}\n</tool_response>"}
        if turn["role"] == "tool"
        else turn
        for turn in conversation.turns
    )


# --- thinking ---------------------------------------------------------------------------------------------------


def _thinking_blocks(conversation: Conversation) -> Conversation:
    """Reasoning as a part of the content, as Mistral's templates take it."""
    return conversation.with_turns(_in_blocks(turn) for turn in conversation.turns)


def _in_blocks(turn: Turn) -> Turn:
    thinking = turn.get("reasoning_content")
    if not thinking:
        return turn
    blocks = [{"type": "thinking", "thinking": thinking}, *_parts(turn["content"])]
    return {**turn, "content": blocks}


def _thinking_before_calls(conversation: Conversation) -> Conversation:
    """Text beside calls goes to the reasoning, where a template takes just one of them."""
    return conversation.with_turns(_all_thought(turn) for turn in conversation.turns)


def _all_thought(turn: Turn) -> Turn:
    if not (turn.get("tool_calls") and turn.get("reasoning_content") and turn["content"]):
        return turn
    thinking = turn["reasoning_content"]
    fields = [name for name, value in turn.items() if value == thinking and name not in ("role", "content")]
    return {**turn, **dict.fromkeys(fields, _joined(thinking, turn["content"])), "content": ""}


# --- roles and content ------------------------------------------------------------------------------------------


def _developer_as_system(conversation: Conversation) -> Conversation:
    return conversation.with_turns(
        {**turn, "role": "system"} if turn["role"] == "developer" else turn for turn in conversation.turns
    )


def _system_in_front(conversation: Conversation) -> Conversation:
    """All system messages as one, before the rest."""
    texts = [turn["content"] for turn in conversation.turns if turn["role"] == "system"]
    rest = [turn for turn in conversation.turns if turn["role"] != "system"]
    first = [{"role": "system", "content": _joined(*texts)}] if texts else []
    return conversation.with_turns([*first, *rest])


def _system_in_user(conversation: Conversation) -> Conversation:
    """Each system message at the head of the user's next."""
    turns: list[Turn] = []
    waiting: list[str] = []
    for turn in conversation.turns:
        if turn["role"] == "system":
            waiting.append(turn["content"])
        elif turn["role"] == "user" and waiting:
            turns.append({**turn, "content": _joined(*waiting, turn["content"])})
            waiting = []
        else:
            turns.append(turn)
    if waiting:
        turns.append({"role": "user", "content": _joined(*waiting)})
    return conversation.with_turns(turns)


def _merged_neighbours(conversation: Conversation) -> Conversation:
    """Neighbours of the same role as one, but for calls and results, which stay with each other."""
    turns: list[Turn] = []
    for turn in conversation.turns:
        before = turns[-1] if turns else {"role": ""}
        if turn["role"] == before["role"] and turn["role"] != "tool" and not before.get("tool_calls"):
            turns[-1] = {**before, **turn, "content": _joined(before["content"], turn["content"])}
        else:
            turns.append(turn)
    return conversation.with_turns(turns)


def _user_first(conversation: Conversation) -> Conversation:
    """An empty user message before an assistant's that opens the conversation."""
    turns = conversation.turns
    start = 1 if turns and turns[0]["role"] == "system" else 0
    if len(turns) > start and turns[start]["role"] == "assistant":
        turns = (*turns[:start], {"role": "user", "content": ""}, *turns[start:])
    return conversation.with_turns(turns)


def _assistant_after_results(conversation: Conversation) -> Conversation:
    """A short answer between a tool's result and the user's next message."""
    turns: list[Turn] = []
    for turn in conversation.turns:
        if turn["role"] == "user" and turns and turns[-1]["role"] == "tool":
            turns.append({"role": "assistant", "content": "OK."})
        turns.append(turn)
    return conversation.with_turns(turns)


def _content_parts(conversation: Conversation) -> Conversation:
    return conversation.with_turns({**turn, "content": _parts(turn["content"])} for turn in conversation.turns)


def _parts(content: Any) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return list(content or ())


def _joined(*texts: str) -> str:
    return _BETWEEN.join(text for text in texts if text)


# --- the table --------------------------------------------------------------------------------------------------

TOOLS_IN_SYSTEM = "tools in the system text"
EMPTY_TOOLS = Adaptation("no tools as an empty list", 1, _empty_tools)
BARE_FUNCTIONS = Adaptation("tools without their wrapping", 0, _bare_functions)
FUNCTIONS_TEXT = Adaptation("tools as the text `functions`", 0, _functions_text)
TEXT_ARGUMENTS = Adaptation("arguments as JSON text", 1, _each_call(_text_arguments))
OBJECT_ARGUMENTS = Adaptation("arguments always an object", 1, _each_call(_object_arguments))
NINE_CHARACTERS = Adaptation("ids of nine characters", 1, lambda talk: _new_ids(talk, _nine_characters))
NAMED_NUMBERS = Adaptation("ids with the function's name", 1, lambda talk: _new_ids(talk, _named_number))
ONE_CALL = Adaptation("one call a turn", 2, _one_call_a_turn)
ONE_OF_BOTH = Adaptation("text beside calls as thinking", 2, _thinking_before_calls)
GRANITE_CALLS = Adaptation(
    "calls in the text, as Granite's", 2, functools.partial(_calls_in_text, write=_granite), "<|tool_call|>"
)
PYTHONIC_CALLS = Adaptation(
    "calls in the text, as LFM2's", 2, functools.partial(_calls_in_text, write=_pythonic), "List of tools: "
)
HERMES_CALLS = Adaptation("calls in the text, as Hermes'", 2, functools.partial(_calls_in_text, write=_hermes))
RESULTS_IN_TEXT = Adaptation("results in the user's words", 2, _results_in_text)
DEVELOPER = Adaptation("developer as system", 3, _developer_as_system)
SYSTEM_FIRST = Adaptation("one system message in front", 4, _system_in_front)
SYSTEM_IN_USER = Adaptation("system in the user's message", 4, _system_in_user)
USER_FIRST = Adaptation("a user message first", 5, _user_first)
ANSWERED = Adaptation("an answer after results", 5, _assistant_after_results)
MERGED = Adaptation("neighbours of a role merged", 5, _merged_neighbours)
BLOCKS = Adaptation("thinking as a part of the content", 6, _thinking_blocks)
NULL_CONTENT = Adaptation("no content beside calls", 6, _null_content)
PARTS = Adaptation("content as parts", 7, _content_parts)
