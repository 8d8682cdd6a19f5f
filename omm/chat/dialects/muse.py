"""Muse Glimmer: messages to `self` (reasoning), to `user`, and to tools, which hold a call in ATEM tags.

` to=tide<|message|><atem:function_calls><atem:invoke name="tide"><atem:parameter name="port">Oslo</atem:parameter>…`.
Only the recipient decides: tags in other messages are text. Source: the chat template of Muse Glimmer.
"""

from __future__ import annotations

from omm.chat.dialects.messages import MESSAGE, START, messages
from omm.chat.dialects.reader import Reader, Steps, Trim, thought
from omm.chat.dialects.tags import Tags, block, read_call

THINKING = (" to=self" + MESSAGE, "<|eom|>")
ENDS = ("<|eom|>", "<|eot|>", START)
OPEN, CLOSE = "<atem:function_calls>", "</atem:function_calls>"
TAGS = Tags(
    call='<atem:invoke name="',
    end_name='">',
    key='<atem:parameter name="',
    end_key='">',
    value="",
    end_value="</atem:parameter>",
    end_call="</atem:invoke>",
)


def read(reader: Reader) -> Steps[None]:
    """Messages, whose recipient says what they are."""
    yield from messages(reader, _body, signs=("to=",), ends=ENDS, thinking="to=self")


def _body(reader: Reader, head: str) -> Steps[str]:
    recipient = next((word[3:] for word in head.split() if word.startswith("to=")), "user")
    if recipient == "self":
        return (yield from thought(reader, "", ENDS[0], also=ENDS[1:], inside=True))
    if recipient == "user" or not reader.context.tools:
        return (yield from reader.until(*ENDS, into=reader.say))
    reader.mark()
    if (yield from reader.starts(OPEN)):
        yield from block(reader, TAGS.call, read_call(TAGS), CLOSE)
    return (yield from reader.until(*ENDS, into=reader.say, trim=Trim.BLANKS))
