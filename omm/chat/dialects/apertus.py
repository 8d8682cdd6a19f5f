"""`<|tools_prefix|>[{"tide": {"port": "Oslo"}}, {"moon": {}}]<|tools_suffix|>`: Apertus.

Reasoning stands in `<|inner_prefix|>…<|inner_suffix|>` and may hold calls. Source: Apertus' chat template.
"""

from __future__ import annotations

from omm.chat.dialects.calls import json_text, object_call
from omm.chat.dialects.reader import Reader, Steps, Trim, json_or_none, thought

INNER, END_INNER = "<|inner_prefix|>", "<|inner_suffix|>"
CALLS, END_CALLS = "<|tools_prefix|>", "<|tools_suffix|>"
SHOWN = "display_answers"


def read(reader: Reader) -> Steps[None]:
    """Inner and outer text by turns, with lists of calls in both."""
    openers = (CALLS,) if reader.context.tools else ()
    is_inner = reader.context.is_thinking
    while True:
        if is_inner:
            marker = yield from thought(reader, INNER, END_INNER, also=openers, inside=True)
        else:
            marker = yield from reader.until(INNER, END_INNER, *openers, into=reader.say, trim=Trim.BLANKS)
        if marker == CALLS:
            yield from _list(reader)
        elif marker:
            is_inner = marker == INNER
        else:
            return
        yield from reader.skip_blanks()


def _list(reader: Reader) -> Steps[None]:
    """Calls in an array, or one alone; what is none comes back as text."""
    reader.mark(CALLS)
    yield from reader.starts("[")
    while (yield from _call(reader)):
        is_last = not (yield from reader.starts(","))
        reader.mark()
        if is_last:
            yield from reader.starts("]")
            yield from reader.starts(END_CALLS)
            return
    yield from reader.give_back(END_CALLS)


def _call(reader: Reader) -> Steps[bool]:
    """An object whose one key is the tool's name. The model's own way to show an answer is one, too."""
    if not (yield from reader.starts("{")):
        return False
    yield from reader.skip_blanks()
    name = json_or_none((yield from json_text(reader)))
    if not isinstance(name, str) or not (yield from reader.starts(":")):
        return False
    yield from reader.skip_blanks()
    if name == SHOWN and not reader.context.offers(SHOWN):
        reader.say(_shown((yield from json_text(reader))))
    elif not (yield from object_call(reader, name)):
        return False
    yield from reader.starts("}")
    return True


def _shown(text: str) -> str:
    value = json_or_none(text)
    answers = value.get("answers") if isinstance(value, dict) else None
    return "\n".join(map(str, answers)) if isinstance(answers, list) else text
