"""`<seed:tool_call><function=tide><parameter=port>Oslo</parameter></function></seed:tool_call>`: Seed-OSS.

Reasoning stands in `<seed:think>` and may hold remarks on its budget in tags of their own. Values are exact, without
line feeds around them. Source: Seed-OSS's chat template.
"""

from __future__ import annotations

from omm.chat.dialects.reader import Reader, Steps, thought
from omm.chat.dialects.tags import Tags, blocks, read_call

THINK, END_THINK = "<seed:think>", "</seed:think>"
BUDGET, END_BUDGET = "<seed:cot_budget_reflect>", "</seed:cot_budget_reflect>"
OPEN, CLOSE = "<seed:tool_call>", "</seed:tool_call>"
TAGS = Tags(
    call="<function=",
    end_name=">",
    key="<parameter=",
    end_key=">",
    value="",
    end_value="</parameter>",
    end_call="</function>",
)


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with blocks of calls in it."""
    if reader.context.is_thinking or (yield from reader.starts(THINK)):
        yield from _reasoning(reader)
    yield from blocks(reader, TAGS.call, read_call(TAGS), OPEN, CLOSE)


def _reasoning(reader: Reader) -> Steps[None]:
    """Reasoning whose remarks become lines of it."""
    yield from reader.starts(BUDGET)
    while (yield from thought(reader, THINK, END_THINK, also=(BUDGET, END_BUDGET), inside=True)) not in ("", END_THINK):
        yield from reader.skip_blanks()
        if (yield from reader.peek()) not in ("", "<"):
            reader.think("\n")
