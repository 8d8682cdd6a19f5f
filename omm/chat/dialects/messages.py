"""Turns made of messages: a head that says whom each is for, `<|message|>`, its text, and a marker that ends it."""

from __future__ import annotations

from collections.abc import Callable

from omm.chat.dialects.reader import Reader, Steps

START, MESSAGE = "<|start|>", "<|message|>"
ROLE = "assistant"
Body = Callable[[Reader, str], Steps[str]]
"""Reads one message's text, given its head, and returns the marker that ended it."""


def messages(
    reader: Reader, body: Body, *, signs: tuple[str, ...], ends: tuple[str, ...], thinking: str
) -> Steps[None]:
    """All messages of a turn, the first of which the prompt may have begun.

    `signs` are what a head begins with besides `START`; text without a head is an answer. `ends` are the markers after
    a text, and `thinking` is the head of reasoning.
    """
    begun = reader.context.prompt.rpartition(START + ROLE)[2]
    if reader.context.is_thinking and MESSAGE not in begun:
        begun = thinking + MESSAGE
    while begun or (yield from reader.peek()):
        end = ""
        if (head := (yield from _head(reader, begun, signs, ends))) is not None:
            end = yield from body(reader, head)
            yield from reader.skip_blanks()
        begun = ROLE if end == START else ""


def _head(reader: Reader, begun: str, signs: tuple[str, ...], ends: tuple[str, ...]) -> Steps[str | None]:
    """The head of the next message, "" if it has none; None when it never ends, and then it is text if it can be."""
    if MESSAGE in begun:
        return begun.partition(MESSAGE)[0]
    reader.mark()
    sign = "" if begun else (yield from reader.starts(START, MESSAGE, *signs))
    if not begun and sign in ("", MESSAGE):
        return ""
    rest, marker = yield from reader.take(MESSAGE, *ends)
    if marker == MESSAGE:
        return begun + sign + rest
    if "<|" not in begun + sign + rest:
        reader.say(reader.consumed.removesuffix(marker))
    return None
