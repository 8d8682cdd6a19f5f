"""Reasoning in the less usual places: a closer without its opener, markers that only some copies of a model write."""

from __future__ import annotations

from collections.abc import Sequence

from omm.chat.dialects.reader import Reader, Steps, thought


def thought_or_closer(reader: Reader, opener: str, closer: str, *, also: Sequence[str] = ()) -> Steps[str]:
    """Reasoning as in `thought`; the closer alone, here or at the end of the prompt, says that there is none."""
    if not reader.context.is_thinking:
        is_closed = bool((yield from reader.starts(closer)))
        if is_closed or reader.context.prompt.rstrip().endswith(closer):
            yield from reader.skip_blanks()
            return closer
    return (yield from thought(reader, opener, closer, also=also))


def thought_if_closed(reader: Reader, opener: str, closer: str) -> Steps[None]:
    """Reasoning of a model that has none by its template: without the closer it is the answer's text."""
    if reader.context.is_thinking:
        yield from thought(reader, opener, closer)
        return
    reader.mark()
    if not (yield from reader.starts(opener)):
        return
    text, marker = yield from reader.take(closer)
    if marker:
        reader.think(text.strip())
        yield from reader.skip_blanks()
    else:
        reader.say(reader.consumed)
