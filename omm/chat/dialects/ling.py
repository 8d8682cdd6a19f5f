"""`<tool_call>tide <arg_key>port</arg_key> <arg_value>Oslo</arg_value> </tool_call>`: Ling 3.0 (Bailing V3).

The tags of GLM; but a call may come before `</think>`, and then ends reasoning that the prompt has opened.
Source: Ling 3.0's chat template.
"""

from __future__ import annotations

from omm.chat.dialects.glm import CALL, TAGS
from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.tags import blocks, read_call
from omm.chat.dialects.thinking import thought_or_closer


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    also = (CALL,) if reader.context.is_thinking and reader.context.tools else ()
    ended_by = yield from thought_or_closer(reader, "<think>", "</think>", also=also)
    yield from blocks(reader, CALL, read_call(TAGS), is_open=ended_by == CALL)
