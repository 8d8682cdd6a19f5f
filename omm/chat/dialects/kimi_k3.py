"""Kimi K3's XTML: `<|open|>tag attributes<|sep|>…<|close|>tag<|sep|>`, a turn being think, response and tools.

A call is `<|open|>call tool="tide" index="1"<|sep|>` with `<|open|>argument key="port" type="string"<|sep|>Oslo` in it.
"""

from __future__ import annotations

from omm.chat.dialects import tags
from omm.chat.dialects.elements import Elements, read_call
from omm.chat.dialects.reader import Reader, Steps, Trim, thought

THINK, END_THINK = "<|open|>think<|sep|>", "<|close|>think<|sep|>"
THINKING = (THINK, END_THINK)
RESPONSE, END_RESPONSE = "<|open|>response<|sep|>", "<|close|>response<|sep|>"
TOOLS, END_TOOLS = "<|open|>tools<|sep|>", "<|close|>tools<|sep|>"
ENDS = ("<|close|>message<|sep|>", "<|end_of_msg|>")

ELEMENTS = Elements(
    call='<|open|>call tool="',
    argument='<|open|>argument key="',
    end_head="<|sep|>",
    end_argument="<|close|>argument<|sep|>",
    end_call="<|close|>call<|sep|>",
    string='type="string"',
    other='type="',
)


def read(reader: Reader) -> Steps[None]:
    """Reasoning, the answer, calls; without reasoning the prompt may have opened the answer already."""
    tools = (TOOLS, END_TOOLS) if reader.context.tools else ()
    yield from thought(reader, THINK, END_THINK, also=(RESPONSE,))
    while marker := (yield from reader.until(RESPONSE, END_RESPONSE, *tools, *ENDS, into=reader.say, trim=Trim.BLANKS)):
        if marker == TOOLS:
            reader.mark(TOOLS)
            yield from tags.block(reader, ELEMENTS.call, read_call(ELEMENTS), END_TOOLS)
        elif marker in ENDS:
            yield from reader.until(into=reader.drop)
