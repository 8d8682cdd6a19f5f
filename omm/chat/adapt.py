"""What a chat template takes instead of the plain form of a conversation, where it would refuse it or lose part of it.

Found by rendering small conversations once per template (`learn`), not by a table of names. Knows nothing of Jinja:
a template is a function here. Source of the forms: the templates of the families themselves.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import json
import os.path
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from omm.chat.turns import THINKING_FIELDS, Turn

Render = Callable[[dict[str, Any]], str]

_TOOLS = """\
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
{tools}
</tools>

"""
# NOTE: word for word what Hermes and Qwen models were trained with.
_HERMES_CALL = """\
For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""
_OTHER_CALL = """\
For each function call, write exactly this, with the function's name and a JSON object of its arguments:
"""

_CALL_MARKER = re.compile(r"<[^<>]*call[^<>]*>|\[[^\[\]]*call[^\[\]]*\]", re.IGNORECASE)
_BETWEEN = "\n\n"  # the texts of turns that become one
_ID_LENGTH = 9


@dataclasses.dataclass(frozen=True, slots=True)
class Conversation:
    """What a template is rendered with: turns, and variables such as `tools`."""

    turns: tuple[Turn, ...]
    variables: dict[str, Any] = dataclasses.field(default_factory=dict)

    def with_turns(self, turns: Iterable[Turn]) -> Conversation:
        """The same with other turns."""
        return Conversation(tuple(turns), self.variables)

    def arguments(self) -> dict[str, Any]:
        """All variables of the template."""
        return {**self.variables, "messages": list(self.turns)}


@dataclasses.dataclass(frozen=True, slots=True)
class Adaptation:
    """One way to put a conversation differently. Those of a lower `stage` are applied first.

    It is tried only for templates in whose text `marker` occurs.
    """

    name: str
    stage: int
    apply: Callable[[Conversation], Conversation]
    marker: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Need:
    """A conversation of which all `words` must show in the prompt, and none of `not_words`; else what may help."""

    conversation: Conversation
    words: tuple[str, ...]
    remedies: tuple[Adaptation, ...]
    not_words: tuple[str, ...] = ()

    def is_met(self, render: Render, adaptations: Iterable[Adaptation]) -> bool:
        """Whether the conversation shows once adapted."""
        try:
            text = render(adapt(self.conversation, adaptations).arguments())
        except ValueError:
            return False
        return all(word in text for word in self.words) and not any(word in text for word in self.not_words)


def learn(render: Render, text: str) -> tuple[Adaptation, ...]:
    """The fewest adaptations with which a template shows what it can; those that help nothing are left out.

    `render` takes the variables and raises ValueError when the template fails; `text` is the template's own.
    """
    # NOTE: many templates print any role, also one that their model has never seen.
    learned: tuple[Adaptation, ...] = () if "developer" in text else (_DEVELOPER,)
    for need in _NEEDS:
        learned += next((more for more in _choices(need, learned, text) if need.is_met(render, (*learned, *more))), ())
    if _TOOLS_SHOW.is_met(render, learned):
        return learned
    in_system = functools.partial(_described_tools, how=_how_to_call(render, learned))
    return (*learned, Adaptation(TOOLS_IN_SYSTEM, 0, in_system))


def _choices(need: Need, learned: tuple[Adaptation, ...], text: str) -> Iterator[tuple[Adaptation, ...]]:
    new = [remedy for remedy in need.remedies if remedy not in learned and remedy.marker in text]
    for size in range(len(new) + 1):
        yield from itertools.combinations(new, size)


def _how_to_call(render: Render, learned: tuple[Adaptation, ...]) -> str:
    """How a call is written, for the model to read: what the template prints for one where an answer would stand."""
    if HERMES_CALLS in learned:
        return _HERMES_CALL
    call, answer = (
        render(adapt(_talk(_USER, turn), learned).arguments() | {"add_generation_prompt": False})
        for turn in (_ask({"ARGUMENT": "VALUE"}, name="FUNCTION"), _ANSWER)
    )
    form = call[len(os.path.commonprefix([call, answer])) :]
    ends = [form.rfind("}") + 1, *(match.end() for match in _CALL_MARKER.finditer(form))]
    return f"{_OTHER_CALL}{form[: max(ends)].strip()}"


def adapt(conversation: Conversation, adaptations: Iterable[Adaptation]) -> Conversation:
    """Apply adaptations in the order of their stages."""
    for adaptation in sorted(adaptations, key=lambda adaptation: adaptation.stage):
        conversation = adaptation.apply(conversation)
    return conversation


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


def _described_tools(conversation: Conversation, how: str) -> Conversation:
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
        _say("user", f"<tool_response>\n{turn['content']}\n</tool_response>") if turn["role"] == "tool" else turn
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
            turns.append(_say("assistant", "OK."))
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


# --- what to try ------------------------------------------------------------------------------------------------

TOOLS_IN_SYSTEM = "tools in the system text"
_EMPTY_TOOLS = Adaptation("no tools as an empty list", 1, _empty_tools)
_BARE_FUNCTIONS = Adaptation("tools without their wrapping", 0, _bare_functions)
_FUNCTIONS_TEXT = Adaptation("tools as the text `functions`", 0, _functions_text)
_TEXT_ARGUMENTS = Adaptation("arguments as JSON text", 1, _each_call(_text_arguments))
_OBJECT_ARGUMENTS = Adaptation("arguments always an object", 1, _each_call(_object_arguments))
_NINE_CHARACTERS = Adaptation("ids of nine characters", 1, lambda talk: _new_ids(talk, _nine_characters))
_NAMED_NUMBERS = Adaptation("ids with the function's name", 1, lambda talk: _new_ids(talk, _named_number))
_ONE_CALL = Adaptation("one call a turn", 2, _one_call_a_turn)
_ONE_OF_BOTH = Adaptation("text beside calls as thinking", 2, _thinking_before_calls)
_GRANITE_CALLS = Adaptation(
    "calls in the text, as Granite's", 2, functools.partial(_calls_in_text, write=_granite), "<|tool_call|>"
)
_PYTHONIC_CALLS = Adaptation(
    "calls in the text, as LFM2's", 2, functools.partial(_calls_in_text, write=_pythonic), "List of tools: "
)
HERMES_CALLS = Adaptation("calls in the text, as Hermes'", 2, functools.partial(_calls_in_text, write=_hermes))
_RESULTS_IN_TEXT = Adaptation("results in the user's words", 2, _results_in_text)
_DEVELOPER = Adaptation("developer as system", 3, _developer_as_system)
_SYSTEM_FIRST = Adaptation("one system message in front", 4, _system_in_front)
_SYSTEM_IN_USER = Adaptation("system in the user's message", 4, _system_in_user)
_USER_FIRST = Adaptation("a user message first", 5, _user_first)
_ANSWERED = Adaptation("an answer after results", 5, _assistant_after_results)
_MERGED = Adaptation("neighbours of a role merged", 5, _merged_neighbours)
_BLOCKS = Adaptation("thinking as a part of the content", 6, _thinking_blocks)
_NULL_CONTENT = Adaptation("no content beside calls", 6, _null_content)
_PARTS = Adaptation("content as parts", 7, _content_parts)

_SPEC = {
    "type": "function",
    "function": {
        "name": "omm_tool",
        "description": "omm tool",
        "parameters": {
            "type": "object",
            "properties": {"omm_key": {"type": "string", "description": "omm"}},
            "required": ["omm_key"],
        },
    },
}


def _say(role: str, content: str, **rest: Any) -> Turn:
    return {"role": role, "content": content, **rest}


def _ask(*values: Any, content: str = "", name: str = "omm_called", **rest: Any) -> Turn:
    """An assistant's turn with a call for each of `values`."""
    calls = [
        {"id": f"call_omm_{number}", "type": "function", "function": {"name": name, "arguments": value}}
        for number, value in enumerate(values)
    ]
    return _say("assistant", content, tool_calls=calls, **rest)


def _reply(number: int = 0) -> Turn:
    return _say("tool", f"omm result {number}", name="omm_called", tool_call_id=f"call_omm_{number}")


_SYSTEM, _SYSTEM_2 = _say("system", "omm system"), _say("system", "omm rules")
_USER, _USER_2 = _say("user", "omm question"), _say("user", "omm further")
_ANSWER, _ANSWER_2 = _say("assistant", "omm answer"), _say("assistant", "omm more")
_OBJECT, _OBJECT_2 = {"omm_key": "omm value"}, {"omm_key": "omm second"}
_THOUGHTS = dict.fromkeys(THINKING_FIELDS, "omm thought")
_CALLED = ("omm_called", "omm_key", "omm value", "omm result 0")
_TOOL = ("omm_tool", "omm_key")
_AS_PYTHON = ("{'omm_key'",)  # how a mapping prints where a template wants text
_AS_DATA = ('"thinking"', "'thinking'")  # how a part of the content prints where a template wants text


def _talk(*turns: Turn) -> Conversation:
    return Conversation(turns, {"tools": None})


def _offer(*turns: Turn) -> Conversation:
    return Conversation(turns, {"tools": [_SPEC]})


_CALL = _offer(_USER, _ask(_OBJECT), _reply())

# In the order in which they are looked into: a later one is adapted with what the earlier ones found.
_NEEDS = (
    Need(_talk(_USER), ("omm question",), (_PARTS, _EMPTY_TOOLS)),
    Need(_talk(_SYSTEM, _USER), ("omm system", "omm question"), (_SYSTEM_IN_USER,)),
    Need(_talk({**_SYSTEM, "role": "developer"}, _USER), ("omm system", "omm question"), (_DEVELOPER,)),
    Need(_talk(_SYSTEM, _SYSTEM_2, _USER), ("omm system", "omm rules"), (_SYSTEM_FIRST,)),
    Need(_talk(_USER, _ANSWER, _SYSTEM_2, _USER_2), ("omm rules", "omm further"), (_SYSTEM_FIRST,)),
    Need(_talk(_USER, _USER_2), ("omm question", "omm further"), (_MERGED,)),
    Need(_talk(_USER, _ANSWER, _ANSWER_2, _USER_2), ("omm answer", "omm more"), (_MERGED,)),
    Need(_talk(_ANSWER, _USER), ("omm answer", "omm question"), (_USER_FIRST,)),
    Need(_offer(_USER), _TOOL, (_BARE_FUNCTIONS, _FUNCTIONS_TEXT)),
    Need(_offer(_SYSTEM, _USER), ("omm system", "omm_tool", "omm question"), (_SYSTEM_IN_USER,)),
    Need(_CALL, _CALLED, (_NULL_CONTENT, _TEXT_ARGUMENTS, _NINE_CHARACTERS, _NAMED_NUMBERS), _AS_PYTHON),
    Need(_CALL, _CALLED, (_GRANITE_CALLS, _PYTHONIC_CALLS, HERMES_CALLS, _RESULTS_IN_TEXT), _AS_PYTHON),
    Need(_offer(_USER, _ask("{omm raw"), _reply()), ("omm raw",), (_OBJECT_ARGUMENTS,)),
    Need(
        _offer(_USER, _ask(_OBJECT, _OBJECT_2), _reply(0), _reply(1)),
        ("omm value", "omm second", "omm result 0", "omm result 1"),
        (_ONE_CALL,),
    ),
    Need(_offer(_USER, _ask(_OBJECT, **_THOUGHTS), _reply()), ("omm thought", "omm value"), (_BLOCKS,), _AS_DATA),
    Need(
        _offer(_USER, _ask(_OBJECT, content="omm answer", **_THOUGHTS), _reply()),
        ("omm thought", "omm value"),
        (_ONE_OF_BOTH,),
        _AS_DATA,
    ),
    Need(_offer(_USER, _ask(_OBJECT), _reply(), _USER_2), ("omm result 0", "omm further"), (_ANSWERED,)),
)
_TOOLS_SHOW = Need(_offer(_USER), _TOOL, ())
