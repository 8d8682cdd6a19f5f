"""`<tool_calls>`, a JSON object on each line, `</tool_calls>`: MiniMax M1.

Source: MiniMax-M1's chat template; the model writes `<think>…</think>` though the template has none.
"""

from __future__ import annotations

from omm.chat.dialects.hermes import END_THINK, THINK, blocks
from omm.chat.dialects.reader import Reader, Steps, thought

CALLS, END_CALLS = "<tool_calls>", "</tool_calls>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with blocks of calls."""
    yield from thought(reader, THINK, END_THINK)
    yield from blocks(reader, CALLS, END_CALLS)
