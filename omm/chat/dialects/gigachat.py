"""GigaChat 3 and 3.1: one call as JSON, as a message of the role "function call", or after `<|function_call|>`.

`<|message_sep|>` ends a turn, unless a call follows it. Source: the chat templates of GigaChat3 and 3.1.
"""

from __future__ import annotations

from omm.chat.dialects.calls import json_call
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, Trim
from omm.chat.dialects.thinking import thought_if_closed

END, CALL, CALL_ROLE = "<|message_sep|>", "<|function_call|>", "function call<|role_sep|>"
STOPS = tuple(f"{END}\n\n{role}<|role_sep|>" for role in ("user", "function result"))


def read(reader: Reader) -> Steps[None]:
    """Answer text, a call, and the end of the turn, after which nothing counts."""
    yield from thought_if_closed(reader, THINK, END_THINK)
    has_tools = bool(reader.context.tools)
    markers = (END, CALL) if has_tools else (END,)
    while marker := (yield from reader.until(*markers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(marker)
        if marker == END and not (has_tools and (yield from reader.starts(CALL_ROLE))):
            yield from reader.until(into=reader.drop)
        elif not (yield from json_call(reader)):
            yield from reader.give_back()
