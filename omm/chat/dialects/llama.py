"""Llama's calls: one bare JSON object that is the whole message, built-in tools after `<|python_tag|>`, or Python.

Llama 3 writes `{"name": "tide", "parameters": {"port": "Oslo"}}`, `<|python_tag|>tide.call(port="Oslo")` and code
behind the same marker; Llama 4 `[tide(port="Oslo"), moon()]` or such objects, between `<|python_start|>` and
`<|python_end|>` or alone. Without a marker only an offered tool's name makes it a call.
Source: the chat templates of Llama 3.1, 3.2, 3.3 and Llama 4, and Meta's prompt format pages.
"""

from __future__ import annotations

from omm.chat.dialects import pythonic
from omm.chat.dialects.calls import bare_calls, code_call, json_calls
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, Trim
from omm.chat.dialects.tags import word
from omm.chat.dialects.thinking import thought_if_closed

PYTHON_TAG = "<|python_tag|>"
BUILT_IN = ".call"
PYTHON, END_PYTHON = "<|python_start|>", "<|python_end|>"


def read_3(reader: Reader) -> Steps[None]:
    """A call at the start, or answer text with calls behind markers."""
    yield from thought_if_closed(reader, THINK, END_THINK)
    if reader.context.tools:
        yield from bare_calls(reader)
    markers = (PYTHON_TAG,) if reader.context.tools else ()
    while (yield from reader.until(*markers, into=reader.say, trim=Trim.BLANKS)):
        yield from _tagged(reader)
        yield from reader.skip_blanks()


def _tagged(reader: Reader) -> Steps[None]:
    """What stands behind the marker: a JSON call, a built-in tool's call, or code."""
    reader.mark()
    if (yield from json_calls(reader)):
        return
    if not reader.consumed:
        name = yield from word(reader)
        if name.endswith(BUILT_IN) and (yield from reader.starts("(")):
            yield from pythonic.keywords(reader, name.removesuffix(BUILT_IN))
            return
    yield from code_call(reader, begun=reader.consumed.lstrip())


def read_4(reader: Reader) -> Steps[None]:
    """A call at the start, or answer text with calls between markers."""
    yield from thought_if_closed(reader, THINK, END_THINK)
    if reader.context.tools:
        yield from bare_calls(reader)
        yield from _bare_python(reader)
    markers = (PYTHON,) if reader.context.tools else ()
    while (yield from reader.until(*markers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(PYTHON)
        if (yield from pythonic.calls(reader, END_PYTHON)):
            yield from reader.closes(END_PYTHON)
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back(END_PYTHON)


def _bare_python(reader: Reader) -> Steps[None]:
    """A list of Python calls of offered tools; anything else is left to be read as text."""
    reader.mark()
    yield from reader.skip_blanks()
    if (yield from reader.peek()) == "[" and (yield from pythonic.calls(reader, only_offered=True)):
        yield from reader.skip_blanks()
    else:
        reader.rewind()
