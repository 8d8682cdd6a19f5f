"""Functionary's calls: `<function=tide>{"port": "Oslo"}</function>` in v3.1, recipients after `>>>` in v3.2.

v3.1 writes code for an interpreter after `<|python_tag|>`, v3.2 to the recipient `python`; a v3.2 answer is addressed
to `all`. Source: the chat templates of functionary-medium v3.1 and v3.2.
"""

from __future__ import annotations

from omm.chat.dialects.calls import INTERPRETERS, code_call, object_call
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, Trim
from omm.chat.dialects.tags import word
from omm.chat.dialects.thinking import thought_if_closed

FUNCTION, END_FUNCTION = "<function=", "</function>"
PYTHON_TAG = "<|python_tag|>"
RECIPIENT, EVERYONE = ">>>", "all"


def read_v31(reader: Reader) -> Steps[None]:
    """Answer text with calls in it."""
    yield from thought_if_closed(reader, THINK, END_THINK)
    markers = (FUNCTION, PYTHON_TAG) if reader.context.tools else ()
    while marker := (yield from reader.until(*markers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(marker)
        if marker == PYTHON_TAG:
            yield from code_call(reader)
        elif (yield from _function(reader)):
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back(END_FUNCTION)


def _function(reader: Reader) -> Steps[bool]:
    name, end = yield from reader.take(">", "\n", "<")
    if end != ">" or not name or not (yield from object_call(reader, name)):
        return False
    yield from reader.closes(END_FUNCTION)
    return True


def read_v32(reader: Reader) -> Steps[None]:
    """Messages, each to its recipient: the answer, or a call."""
    if reader.context.prompt.endswith(RECIPIENT):
        yield from _message(reader)
    while marker := (yield from reader.until(RECIPIENT, into=reader.say)):
        yield from _message(reader, marker)


def _message(reader: Reader, marker: str = "") -> Steps[None]:
    reader.mark(marker)
    if not (yield from _addressed(reader)):
        yield from reader.give_back()


def _addressed(reader: Reader) -> Steps[bool]:
    """A recipient, and the call if that is a tool; False when it is no message and nothing has been said of it."""
    name = yield from word(reader)
    if not name or not (yield from reader.starts("\n", blanks=False)):
        return False
    if name == EVERYONE:
        return True
    if not reader.context.tools:
        return False
    if (yield from object_call(reader, name)):
        return True
    if name in INTERPRETERS:
        yield from code_call(reader)
        return True
    return False
