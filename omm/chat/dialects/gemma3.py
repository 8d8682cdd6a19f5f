"""Gemma 3, which has no markup for calls: Python or JSON, bare at the start or in a code fence, or Hermes' form.

Without a marker only an offered tool's name makes it a call. Source: Google's guide to function calling with Gemma 3,
which asks for `[tide(port="Oslo")]` or `{"name": "tide", "parameters": {"port": "Oslo"}}`.
"""

from __future__ import annotations

from omm.chat.dialects import hermes, pythonic
from omm.chat.dialects.calls import bare_calls
from omm.chat.dialects.reader import Reader, Steps, Trim
from omm.chat.dialects.thinking import thought_if_closed

FENCE, END_FENCE = "```tool_code", "```"
_CLOSERS = {FENCE: END_FENCE, hermes.CALL: hermes.END_CALL}


def read(reader: Reader) -> Steps[None]:
    """Calls at the start, or answer text with blocks of calls in it."""
    yield from thought_if_closed(reader, hermes.THINK, hermes.END_THINK)
    if reader.context.tools:
        yield from _bare(reader)
    openers = tuple(_CLOSERS) if reader.context.tools else ()
    while marker := (yield from reader.until(*openers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(marker)
        if (yield from _block(reader, _CLOSERS[marker])):
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back()


def _bare(reader: Reader) -> Steps[None]:
    yield from bare_calls(reader)
    reader.mark()
    if not (yield from pythonic.calls(reader, only_offered=True)):
        yield from reader.give_back()


def _block(reader: Reader, closer: str) -> Steps[bool]:
    """Calls one after the other and the closer; False when something else is there."""
    while (yield from pythonic.calls(reader, closer)):
        reader.mark()
        if (yield from reader.starts(closer)):
            return True
    return not reader.consumed
