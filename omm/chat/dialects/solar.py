"""Solar Open's turns: messages that begin with `<|think|>`, `<|content|>` or `<|tool_calls|>`.

`<|tool_call:begin|>`, an id of ten characters, `<|tool_call:name|>`, a name, `<|tool_call:args|>`, the arguments.
Source: the chat template of Solar-Open-100B.
"""

from __future__ import annotations

import secrets
import string

from omm.chat.dialects.reader import Reader, Steps, Trim, thought
from omm.chat.dialects.sections import Section, calls

THINK, CONTENT, END, NEXT = "<|think|>", "<|content|>", "<|end|>", "<|begin|>assistant"
NAME = "<|tool_call:name|>"


def _named(head: str) -> tuple[str, str]:
    call_id, _, name = head.partition(NAME)
    return name.strip(), call_id.strip()


SECTION = Section(
    begin="<|tool_calls|>",
    end="<|calls|>",
    call="<|tool_call:begin|>",
    arguments=("<|tool_call:args|>",),
    end_call="<|tool_call:end|>",
    named=_named,
)


def new_id(name: str, number: int) -> str:
    """Ten characters of [a-z0-9], as the model makes them."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(10))


def read(reader: Reader) -> Steps[None]:
    """Messages; their frames are dropped."""
    markers = (THINK, CONTENT, END, NEXT, *((SECTION.begin, *SECTION.closers) if reader.context.tools else ()))
    marker = THINK if reader.context.is_thinking else ""
    while True:
        if marker == THINK:
            yield from thought(reader, THINK, END, inside=True)
        elif marker in SECTION.openers:
            yield from calls(reader, SECTION, marker)
        marker = yield from reader.until(*markers, into=reader.say, trim=Trim.BLANKS)
        if not marker:
            return
