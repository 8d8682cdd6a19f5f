"""DeepSeek V3.2's and V4's calls: elements whose tags begin with `｜DSML｜`, after `<think>…</think>`.

`<｜DSML｜invoke name="tide">` with `<｜DSML｜parameter name="port" string="true">Oslo</｜DSML｜parameter>` in it,
several of them in a block that V3.2 and V4 name differently. Source: the chat templates of both models.
"""

from __future__ import annotations

from omm.chat.dialects import tags
from omm.chat.dialects.elements import Elements, read_call
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, thought

ELEMENTS = Elements(
    call='<｜DSML｜invoke name="',
    argument='<｜DSML｜parameter name="',
    end_head=">",
    end_argument="</｜DSML｜parameter>",
    end_call="</｜DSML｜invoke>",
    string='string="true"',
    other='string="false"',
)


def read(reader: Reader, block: str) -> Steps[None]:
    """Reasoning, then answer text with blocks of calls of this name in it; a block may also end the reasoning."""
    opener, closer = f"<｜DSML｜{block}>", f"</｜DSML｜{block}>"
    marker = yield from thought(reader, THINK, END_THINK, also=(opener,) if reader.context.tools else ())
    yield from tags.blocks(reader, ELEMENTS.call, read_call(ELEMENTS), opener, closer, is_open=marker == opener)
