"""Kimi K2's calls: `functions.tide:0`, the call's id and name in one, and its arguments between control tokens.

K2-Thinking writes `<think>…</think>` first, and sometimes begins its calls without ending that.
Source: the chat templates of Kimi-K2-Instruct and Kimi-K2-Thinking.
"""

from __future__ import annotations

from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, thought
from omm.chat.dialects.sections import Section, answer, calls


def _named(head: str) -> tuple[str, str]:
    """`functions.tide:0` → `tide` and all of it; a tool's name may hold dots and colons."""
    name, colon, number = head.strip().removeprefix("functions.").rpartition(":")
    return (name, head.strip()) if colon and number.isdecimal() else (name + colon + number, "")


SECTION = Section(
    begin="<|tool_calls_section_begin|>",
    end="<|tool_calls_section_end|>",
    call="<|tool_call_begin|>",
    arguments=("<|tool_call_argument_begin|>",),
    end_call="<|tool_call_end|>",
    named=_named,
)


def new_id(name: str, number: int) -> str:
    """An id that the template accepts back."""
    return f"functions.{name}:{number}"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    openers = SECTION.openers if reader.context.tools else ()
    marker = yield from thought(reader, THINK, END_THINK, also=openers)
    if marker in openers:
        yield from calls(reader, SECTION, marker)
        yield from reader.starts(END_THINK)
        yield from reader.skip_blanks()
    yield from answer(reader, SECTION)
