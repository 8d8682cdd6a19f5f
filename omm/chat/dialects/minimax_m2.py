"""`<minimax:tool_call><invoke name="tide"><parameter name="port">Oslo</parameter></invoke></minimax:tool_call>`.

MiniMax M2; the prompt always opens `<think>`. Source: its chat template.
"""

from __future__ import annotations

from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.tags import Tags, blocks, read_call
from omm.chat.dialects.thinking import thought_or_closer

OPEN, CLOSE = "<minimax:tool_call>", "</minimax:tool_call>"
TAGS = Tags(
    call='<invoke name="',
    end_name='">',
    key='<parameter name="',
    end_key='">',
    value="",
    end_value="</parameter>",
    end_call="</invoke>",
)


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with blocks of calls in it."""
    yield from thought_or_closer(reader, "<think>", "</think>")
    yield from blocks(reader, TAGS.call, read_call(TAGS), OPEN, CLOSE)
