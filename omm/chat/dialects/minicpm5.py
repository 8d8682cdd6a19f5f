"""`<function name="tide"><param name="port">Oslo</param></function>`: MiniCPM5.

Values with `<`, `&` or line feeds stand in CDATA, which may hold `</param>`. Source: its chat template.
"""

from __future__ import annotations

from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.tags import Tags, blocks, read_call
from omm.chat.dialects.thinking import thought_or_closer

TAGS = Tags(
    call='<function name="',
    end_name='">',
    key='<param name="',
    end_key='">',
    value="",
    end_value="</param>",
    end_call="</function>",
    quotes=("<![CDATA[", "]]>"),
)


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    yield from thought_or_closer(reader, "<think>", "</think>")
    yield from blocks(reader, TAGS.call, read_call(TAGS))
