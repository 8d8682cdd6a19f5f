"""`<think>…</think>` and `<tool_call>{"name": …, "arguments": …}</tool_call>`: Hermes, Qwen 2.5 and 3, and many more.

Granite 4, Bielik, MiMo and Reka write the same. Source: Qwen3's chat template.
"""

from __future__ import annotations

from omm.chat.dialects.calls import bare_calls, json_calls
from omm.chat.dialects.reader import Reader, Steps, Trim, thought

THINK, END_THINK = "<think>", "</think>"
CALL, END_CALL = "<tool_call>", "</tool_call>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    yield from thought(reader, THINK, END_THINK)
    yield from blocks(reader, CALL, END_CALL)


def blocks(reader: Reader, opener: str, closer: str, *, drop: tuple[str, ...] = ()) -> Steps[None]:
    """Answer text with calls in it: JSON objects, or lists of them, between two markers. `drop` is left out of it.

    A malformed call comes back verbatim as text.
    """
    openers = (opener,) if reader.context.tools else ()
    if openers:
        yield from bare_calls(reader)
    while marker := (yield from reader.until(*openers, *drop, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(marker)
        if marker in drop or (yield from _block(reader, closer)):
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back(closer)


def _block(reader: Reader, closer: str) -> Steps[bool]:
    """The calls of one block and its closer, which models forget; False when one of them is malformed."""
    while (yield from json_calls(reader)):
        reader.mark()
        if (yield from reader.closes(closer)):
            return True
    return not reader.consumed
