"""`<tool_call><function=tide><parameter=port>Oslo</parameter></function></tool_call>`, each tag on a line of its own.

Qwen3-Coder, Qwen3.5, Nemotron 3 and StepFun. One newline on each side of a value is markup. Models leave the outer
tags out, repeat `<think>`, and call without ending their reasoning. Source: Qwen3-Coder's chat template.
"""

from __future__ import annotations

from omm.chat.dialects.calls import Arguments, json_calls
from omm.chat.dialects.hermes import CALL, END_CALL, END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, Trim, thought
from omm.chat.dialects.tags import finish

FUNCTION, END_FUNCTION = "<function=", "</function>"
PARAMETER, END_PARAMETER = "<parameter=", "</parameter>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    openers = (CALL, FUNCTION) if reader.context.tools else ()
    marker = yield from thought(reader, THINK, END_THINK, also=openers[:1])
    if marker != CALL:
        marker = yield from reader.until(*openers, into=reader.say, trim=Trim.BLANKS)
    while marker:
        yield from _block(reader, marker)
        marker = yield from reader.until(*openers, into=reader.say, trim=Trim.BLANKS)


def _block(reader: Reader, opener: str) -> Steps[None]:
    """The calls between the outer tags, or without them; what is malformed comes back as text."""
    reader.mark(opener)
    is_wrapped = opener == CALL
    if is_wrapped and not (yield from reader.starts(FUNCTION)):
        is_call = yield from json_calls(reader)
    else:
        is_call = yield from _function(reader, only_offered=not is_wrapped)
        while is_call and (yield from reader.starts(FUNCTION)):
            reader.mark(FUNCTION)
            is_call = yield from _function(reader)
    if is_call:
        yield from reader.closes(END_CALL)
        yield from reader.skip_blanks()
    else:
        yield from reader.give_back(*((END_CALL,) if is_wrapped else ()))


def _function(reader: Reader, *, only_offered: bool = False) -> Steps[bool]:
    """A call from behind `<function=` to its end; False when it is malformed and nothing has been said of it."""
    name, end = yield from reader.take(">", "\n", "<")
    if end != ">" or not name or (only_offered and not reader.context.offers(name)):
        return False
    tag = yield from reader.starts(PARAMETER, END_FUNCTION)
    if not tag:
        return False
    arguments = Arguments(reader, name)
    while tag == PARAMETER:
        tag = yield from _parameter(reader, arguments)
    yield from finish(reader, arguments, tag, END_FUNCTION, END_CALL)
    return True


def _parameter(reader: Reader, arguments: Arguments) -> Steps[str]:
    """An argument from behind `<parameter=` on, and the tag that comes next."""
    key, end = yield from reader.take(">")
    if not end:
        return ""
    yield from reader.starts("\n", blanks=False)
    yield from arguments.tagged(key, END_PARAMETER, trim=Trim.NEWLINE)
    return (yield from reader.starts(PARAMETER, END_FUNCTION, END_CALL))
