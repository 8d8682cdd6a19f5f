"""Reasoning before `[BEGIN FINAL RESPONSE]`, and `<tool_calls>[{"name": …, "arguments": …}]</tool_calls>`: Apriel.

Apriel 1.6's prompt ends with a sentence that begins the reasoning, and 1.5 writes the same sentence itself: it stands
for an opening marker. The answer may end with `[END FINAL RESPONSE]`. Source: the chat templates of Apriel 1.5, 1.6.
"""

from __future__ import annotations

from omm.chat.dialects.hermes import blocks
from omm.chat.dialects.reader import Reader, Steps, thought

THINK, END_THINK = "Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"
END_ANSWER = "[END FINAL RESPONSE]"
CALLS, END_CALLS = "<tool_calls>", "</tool_calls>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with lists of calls."""
    if not (yield from thought(reader, THINK, END_THINK)):
        yield from _unopened(reader)
    yield from blocks(reader, CALLS, END_CALLS, drop=(END_ANSWER,))


def _unopened(reader: Reader) -> Steps[None]:
    """Reasoning without its sentence, which only the answer's marker tells from an answer: held until that is known."""
    reader.mark()
    text, marker = yield from reader.take(END_THINK, CALLS, END_ANSWER)
    if marker == END_THINK:
        reader.think(text.strip())
        yield from reader.skip_blanks()
    else:
        reader.rewind()
