"""`<tool_call>tide<arg_key>port</arg_key><arg_value>Oslo</arg_value></tool_call>`: GLM 4.5 to 4.7, Laguna, Spark.

White space between the tags is free. An answer may begin with a `</think>` alone. Source: their chat templates.
"""

from __future__ import annotations

from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.tags import Tags, blocks, read_call
from omm.chat.dialects.thinking import thought_or_closer

CALL = "<tool_call>"
TAGS = Tags(
    call=CALL,
    end_name="",
    key="<arg_key>",
    end_key="</arg_key>",
    value="<arg_value>",
    end_value="</arg_value>",
    end_call="</tool_call>",
)


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    yield from thought_or_closer(reader, "<think>", "</think>")
    yield from blocks(reader, CALL, read_call(TAGS))
