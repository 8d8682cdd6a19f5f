"""What a chat template takes instead of the plain form of a conversation, where it would refuse it or lose part of it.

Found by rendering small conversations once per template (`learn`), not by a table of names. Knows nothing of Jinja:
a template is a function here.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from omm.chat import adaptations as ways
from omm.chat.adaptations import Adaptation
from omm.chat.turns import THINKING_FIELDS, Conversation, Turn

Render = Callable[[dict[str, Any]], str]

_CALL_MARKER = re.compile(r"<[^<>]*call[^<>]*>|\[[^\[\]]*call[^\[\]]*\]", re.IGNORECASE)


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
    learned: tuple[Adaptation, ...] = () if "developer" in text else (ways.DEVELOPER,)
    for need in _NEEDS:
        learned += next((more for more in _choices(need, learned, text) if need.is_met(render, (*learned, *more))), ())
    return learned + _told_of_tools(render, learned)


def _told_of_tools(render: Render, learned: tuple[Adaptation, ...]) -> tuple[Adaptation, ...]:
    """Tools in the system text, where nothing else has made them show."""
    if _TOOLS_SHOW.is_met(render, learned):
        return ()
    try:
        apply = functools.partial(ways.described_tools, how=_how_to_call(render, learned))
    except ValueError:
        return ()
    in_system = Adaptation(ways.TOOLS_IN_SYSTEM, 0, apply)
    return (in_system,) if _TOOLS_SHOW.is_met(render, (*learned, in_system)) else ()


def _choices(need: Need, learned: tuple[Adaptation, ...], text: str) -> Iterator[tuple[Adaptation, ...]]:
    new = [remedy for remedy in need.remedies if remedy not in learned and remedy.marker in text]
    for size in range(len(new) + 1):
        yield from itertools.combinations(new, size)


def _how_to_call(render: Render, learned: tuple[Adaptation, ...]) -> str:
    """How a call is written, for the model to read: what the template prints for one where an answer would stand."""
    if ways.HERMES_CALLS in learned:
        return ways.HERMES_FORM
    call, answer = (
        render(adapt(_talk(_USER, turn), learned).arguments() | {"add_generation_prompt": False})
        for turn in (_ask({"ARGUMENT": "VALUE"}, name="FUNCTION"), _ANSWER)
    )
    start = next((at for at, (one, other) in enumerate(zip(call, answer, strict=False)) if one != other), 0)
    form = call[start:]
    ends = [form.rfind("}") + 1, *(match.end() for match in _CALL_MARKER.finditer(form))]
    return f"{ways.OTHER_FORM}{form[: max(ends)].strip()}"


def adapt(conversation: Conversation, adaptations: Iterable[Adaptation]) -> Conversation:
    """Apply adaptations in the order of their stages."""
    for adaptation in sorted(adaptations, key=lambda adaptation: adaptation.stage):
        conversation = adaptation.apply(conversation)
    return conversation


# --- what is looked into ----------------------------------------------------------------------------------------

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
    Need(_talk(_USER), ("omm question",), (ways.PARTS, ways.EMPTY_TOOLS)),
    Need(_talk(_SYSTEM, _USER), ("omm system", "omm question"), (ways.SYSTEM_IN_USER,)),
    Need(_talk({**_SYSTEM, "role": "developer"}, _USER), ("omm system", "omm question"), (ways.DEVELOPER,)),
    Need(_talk(_SYSTEM, _SYSTEM_2, _USER), ("omm system", "omm rules"), (ways.SYSTEM_FIRST,)),
    Need(_talk(_USER, _ANSWER, _SYSTEM_2, _USER_2), ("omm rules", "omm further"), (ways.SYSTEM_FIRST,)),
    Need(_talk(_USER, _USER_2), ("omm question", "omm further"), (ways.MERGED,)),
    Need(_talk(_USER, _ANSWER, _ANSWER_2, _USER_2), ("omm answer", "omm more"), (ways.MERGED,)),
    Need(_talk(_ANSWER, _USER), ("omm answer", "omm question"), (ways.USER_FIRST,)),
    Need(_offer(_USER), _TOOL, (ways.BARE_FUNCTIONS, ways.FUNCTIONS_TEXT)),
    Need(_offer(_SYSTEM, _USER), ("omm system", "omm_tool", "omm question"), (ways.SYSTEM_IN_USER,)),
    Need(
        _CALL, _CALLED, (ways.NULL_CONTENT, ways.TEXT_ARGUMENTS, ways.NINE_CHARACTERS, ways.NAMED_NUMBERS), _AS_PYTHON
    ),
    Need(
        _CALL, _CALLED, (ways.GRANITE_CALLS, ways.PYTHONIC_CALLS, ways.HERMES_CALLS, ways.RESULTS_IN_TEXT), _AS_PYTHON
    ),
    Need(_offer(_USER, _ask("{omm raw"), _reply()), ("omm raw",), (ways.OBJECT_ARGUMENTS,)),
    Need(
        _offer(_USER, _ask(_OBJECT, _OBJECT_2), _reply(0), _reply(1)),
        ("omm value", "omm second", "omm result 0", "omm result 1"),
        (ways.ONE_CALL,),
    ),
    Need(_offer(_USER, _ask(_OBJECT, **_THOUGHTS), _reply()), ("omm thought", "omm value"), (ways.BLOCKS,), _AS_DATA),
    Need(
        _offer(_USER, _ask(_OBJECT, content="omm answer", **_THOUGHTS), _reply()),
        ("omm thought", "omm value"),
        (ways.ONE_OF_BOTH,),
        _AS_DATA,
    ),
    Need(_offer(_USER, _ask(_OBJECT), _reply(), _USER_2), ("omm result 0", "omm further"), (ways.ANSWERED,)),
)
_TOOLS_SHOW = Need(_offer(_USER), _TOOL, ())
