"""Command R7B, Command A and North: every part of a turn between its own control tokens, calls as a JSON array.

`<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "tide", "parameters": {…}}]<|END_ACTION|>`; an answer stands
between `<|START_RESPONSE|>` and its end, in North `<|START_TEXT|>`. Source: the chat templates of these models.
"""

from __future__ import annotations

from omm.chat.dialects.calls import Keys, json_calls
from omm.chat.dialects.reader import Reader, Steps, Trim, thought

THINK, END_THINK = "<|START_THINKING|>", "<|END_THINKING|>"
THINKING = (THINK, END_THINK)
ACTION, END_ACTION = "<|START_ACTION|>", "<|END_ACTION|>"
OPENERS = ("<|START_RESPONSE|>", "<|START_TEXT|>")
KEYS = Keys(name=("tool_name",), arguments=("parameters",), id=("tool_call_id",))
DROPPED = (*OPENERS, "<|END_RESPONSE|>", "<|END_TEXT|>", "<|END_OF_TURN_TOKEN|>")


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then the answer or calls."""
    actions = (ACTION, END_ACTION) if reader.context.tools else ()
    marker = yield from thought(reader, THINK, END_THINK, also=(*OPENERS, *actions[:1]))
    while True:
        if marker == ACTION:
            yield from _calls(reader)
        marker = yield from reader.until(*DROPPED, *actions, into=reader.say, trim=Trim.BLANKS)
        if not marker:
            return


def _calls(reader: Reader) -> Steps[None]:
    """The array behind `ACTION`; what is malformed in it comes back as text."""
    reader.mark(ACTION)
    if not (yield from json_calls(reader, KEYS)):
        yield from reader.give_back(END_ACTION)
