"""`[TOOL_CALLS]tide[ARGS]{"port": "Oslo"}`: Mistral, Ministral, Magistral, Devstral, in all three forms.

The older ones write a list of JSON calls instead (an id behind the arguments comes too late to be used), others a
`[CALL_ID]` of nine characters between name and arguments; nothing closes a call. Reasoning stands in
`[THINK]…[/THINK]`. Source: their chat templates.
"""

from __future__ import annotations

import secrets
import string

from omm.chat.dialects.calls import json_calls, object_call
from omm.chat.dialects.reader import Reader, Steps, Trim, thought
from omm.chat.dialects.tags import word
from omm.chat.dialects.thinking import thought_if_closed

THINK, END_THINK = "[THINK]", "[/THINK]"
CALLS = "[TOOL_CALLS]"


def new_call_id(name: str = "", number: int = 0) -> str:
    """Nine characters of [A-Za-z0-9]: the templates refuse others."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(9))


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text, then calls."""
    if not (yield from thought(reader, THINK, END_THINK)):
        yield from thought_if_closed(reader, "<think>", "</think>")
    yield from _calls(reader)


def read_magistral(reader: Reader) -> Steps[None]:
    """The first Magistral: the same with reasoning in `<think>…</think>`."""
    yield from thought(reader, "<think>", "</think>")
    yield from _calls(reader)


def _calls(reader: Reader) -> Steps[None]:
    openers = (CALLS,) if reader.context.tools else ()
    while (yield from reader.until(*openers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(CALLS)
        yield from reader.skip_blanks()
        is_json = (yield from reader.peek()) in ("[", "{")
        if (yield from json_calls(reader) if is_json else _call(reader)):
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back()


def _call(reader: Reader) -> Steps[bool]:
    """A name, perhaps an id, and the arguments; False when it is something else."""
    name = yield from word(reader)
    call_id = (yield from word(reader)) if (yield from reader.starts("[CALL_ID]")) else ""
    yield from reader.starts("[ARGS]")
    return bool(name) and (yield from object_call(reader, name, call_id))
