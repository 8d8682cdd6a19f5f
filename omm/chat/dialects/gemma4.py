"""`<|tool_call>call:tide{port:<|"|>Oslo<|"|>,days:2}<tool_call|>`: Gemma 4; FunctionGemma with markers of its own.

Keys are bare, strings stand between marks without escapes. Reasoning is a channel, `<|channel>thought⏎…<channel|>`;
empty and stray channel markers occur anywhere and are dropped. Source: their chat templates.
"""

from __future__ import annotations

from omm.chat.dialects import literals
from omm.chat.dialects.reader import Reader, Steps, Trim, thought
from omm.chat.dialects.tags import word
from omm.chat.dialects.thinking import thought_if_closed

CHANNEL, END_CHANNEL = "<|channel>", "<channel|>"
CALL, END_CALL = "<|tool_call>", "<tool_call|>"
QUOTE = '<|"|>'
FUNCTION = "<start_function_call>"


def read(reader: Reader) -> Steps[None]:
    """Gemma 4: answer text with channels of reasoning and calls in it."""
    openers = (CALL,) if reader.context.tools else ()
    if reader.context.is_thinking:
        yield from thought(reader, CHANNEL, END_CHANNEL, inside=True)
    while marker := (yield from reader.until(CHANNEL, END_CHANNEL, *openers, into=reader.say, trim=Trim.BLANKS)):
        if marker == CALL:
            yield from _block(reader, CALL, END_CALL, QUOTE)
        elif marker == CHANNEL and (yield from reader.starts("thought")):
            yield from thought(reader, CHANNEL, END_CHANNEL, inside=True)
        else:
            yield from reader.skip_blanks()


def read_function(reader: Reader) -> Steps[None]:
    """FunctionGemma: answer text with calls in it."""
    yield from thought_if_closed(reader, "<think>", "</think>")
    openers = (FUNCTION,) if reader.context.tools else ()
    while (yield from reader.until(*openers, into=reader.say, trim=Trim.BLANKS)):
        yield from _block(reader, FUNCTION, "<end_function_call>", "<escape>")


def _block(reader: Reader, opener: str, closer: str, quote: str) -> Steps[None]:
    """One call; a malformed one comes back as text."""
    reader.mark(opener)
    name = (yield from word(reader)) if (yield from reader.starts("call:")) else ""
    if not name or (yield from reader.peek()) != "{":
        yield from reader.give_back(closer)
        return
    reader.open_call(name)
    is_whole = yield from literals.value(reader, reader.arguments, quote)
    if not is_whole:
        yield from reader.until(closer, into=reader.arguments)
    reader.close_call()
    yield from reader.starts(closer)
    yield from reader.skip_blanks()
