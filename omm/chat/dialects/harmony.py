"""gpt-oss: messages on the channels analysis, commentary and final, and calls as messages to `functions.tide`.

`<|channel|>analysis<|message|>…<|end|>`; `<|start|>assistant to=functions.tide<|channel|>commentary json<|message|>`
and the arguments; the recipient may also follow the channel. Source: OpenAI, "OpenAI harmony response format".
"""

from __future__ import annotations

from omm.chat.dialects.messages import MESSAGE, START, messages
from omm.chat.dialects.reader import Reader, Steps, thought
from omm.chat.dialects.sections import json_arguments

CHANNEL, CONSTRAIN = "<|channel|>", "<|constrain|>"
ENDS = ("<|end|>", "<|return|>", "<|call|>", START)
FUNCTIONS = "functions."
THINKING = (CHANNEL + "analysis" + MESSAGE, "<|end|>")


def read(reader: Reader) -> Steps[None]:
    """Messages, whose recipient and channel say what they are."""
    yield from messages(reader, _body, signs=(CHANNEL, "to="), ends=ENDS, thinking=CHANNEL + "analysis")


def _body(reader: Reader, head: str) -> Steps[str]:
    """A message to a function is a call; to another tool it is nobody's, unless a tool of that name was offered."""
    recipient, channel = _addressed(head)
    name = recipient.removeprefix(FUNCTIONS)
    is_function = name != recipient
    if reader.context.tools and name and (is_function or reader.context.offers(name)):
        return (yield from _call(reader, name))
    if recipient and not is_function:
        return (yield from reader.until(*ENDS, into=reader.drop))
    if channel == "analysis" and not recipient:
        return (yield from thought(reader, "", ENDS[0], also=ENDS[1:], inside=True))
    return (yield from reader.until(*ENDS, into=reader.say))


def _addressed(head: str) -> tuple[str, str]:
    """Recipient and channel. Models begin a head twice at times, the first for `assistant`: the last ones count."""
    words = head.replace(CHANNEL, " channel=").replace(CONSTRAIN, " type=").split()
    found = dict(word.split("=", 1) for word in words if "=" in word and word != "to=assistant")
    return found.get("to", ""), found.get("channel", "")


def _call(reader: Reader, name: str) -> Steps[str]:
    reader.open_call(name)
    end = yield from json_arguments(reader, *ENDS)
    reader.close_call()
    return end or (yield from reader.until(*ENDS, into=reader.drop))
