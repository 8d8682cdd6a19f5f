"""`<|tool_call|>[{"name": "tide", "arguments": {"port": "Oslo"}}]`: Granite 3.

Reasoning in `<think>`, the answer then perhaps in `<response>`. Source: Granite 3.3's chat template.
"""

from __future__ import annotations

from omm.chat.dialects.hermes import END_THINK, THINK, blocks
from omm.chat.dialects.reader import Reader, Steps, thought

RESPONSE, END_RESPONSE = "<response>", "</response>"
CALLS, END_TURN = "<|tool_call|>", "<|end_of_text|>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with lists of calls, which nothing closes but the end of the turn."""
    yield from thought(reader, THINK, END_THINK)
    is_wrapped = bool((yield from reader.starts(RESPONSE)))
    if is_wrapped:
        yield from reader.skip_blanks()
    yield from blocks(reader, CALLS, END_TURN, drop=(END_RESPONSE,) if is_wrapped else ())
