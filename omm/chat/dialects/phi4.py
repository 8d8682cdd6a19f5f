"""`<|tool_call|>[{"name": "tide", "arguments": {"port": "Oslo"}}]<|/tool_call|>`, or `functools[…]`: Phi 4 mini.

Source: Phi 4 mini's model card.
"""

from __future__ import annotations

from omm.chat.dialects import firefunction
from omm.chat.dialects.calls import json_calls, json_list
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, Trim, thought

CALLS, END_CALLS = "<|tool_call|>", "<|/tool_call|>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with lists of calls."""
    yield from thought(reader, THINK, END_THINK)
    openers = (CALLS, firefunction.CALLS) if reader.context.tools else ()
    while marker := (yield from reader.until(*openers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(marker)
        if (yield from json_calls(reader) if marker == CALLS else json_list(reader)):
            yield from reader.starts(END_CALLS)
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back()
