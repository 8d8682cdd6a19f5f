"""`<|tool_call_start|>[tide(port="Oslo", days=2), moon()]<|tool_call_end|>`: LFM2 and LFM2.5.

Source: their chat templates, which write calls as Python (JSON on request).
"""

from __future__ import annotations

from omm.chat.dialects.pythonic import calls
from omm.chat.dialects.reader import Reader, Steps, Trim, thought

OPEN, CLOSE = "<|tool_call_start|>", "<|tool_call_end|>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with lists of calls in it."""
    yield from thought(reader, "<think>", "</think>")
    openers = (OPEN,) if reader.context.tools else ()
    while (yield from reader.until(*openers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(OPEN)
        if not (yield from calls(reader, CLOSE)):
            yield from reader.give_back(CLOSE)
        else:
            yield from reader.starts(CLOSE)
            yield from reader.skip_blanks()
