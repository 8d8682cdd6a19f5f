"""` functools[{"name": "tide", "arguments": {"port": "Oslo"}}]`: FireFunction v2, without a closer.

Source: FireFunction v2's chat template.
"""

from __future__ import annotations

from omm.chat.dialects.calls import json_list
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, Trim
from omm.chat.dialects.thinking import thought_if_closed

CALLS = "functools["


def read(reader: Reader) -> Steps[None]:
    """Answer text with a list of calls."""
    yield from thought_if_closed(reader, THINK, END_THINK)
    markers = (CALLS,) if reader.context.tools else ()
    while (yield from reader.until(*markers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(CALLS)
        if (yield from json_list(reader)):
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back()
