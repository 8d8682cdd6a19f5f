"""Calls written as tags: a name, then each argument between its own markers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from omm.chat.dialects.calls import Arguments
from omm.chat.dialects.reader import Reader, Steps, Trim

ReadCall = Callable[[Reader], Steps[bool]]
"""Reads one call whose marker is consumed; False when it is malformed and nothing has been said of it."""

_NOT_IN_NAMES = frozenset("<>()[]{}\"'`=,;|")


@dataclass(frozen=True)
class Tags:
    """The markers of a call, in the order they are written; white space between them is free.

    `end_name` is empty when the name ends at the first key or at the end of the call; `quotes` are marks that may
    stand around a value within its tags.
    """

    call: str
    end_name: str
    key: str
    end_key: str
    value: str
    end_value: str
    end_call: str
    quotes: tuple[str, str] | None = None


def blocks(
    reader: Reader, call: str, read_call: ReadCall, opener: str = "", closer: str = "", *, is_open: bool = False
) -> Steps[None]:
    """Answer text with calls in it: each begins with `call`, and some dialects put `opener` and `closer` around all.

    `is_open` says that the first marker has been consumed already.
    """
    if not reader.context.tools:
        yield from reader.until(into=reader.say)
        return
    first = opener or call
    while is_open or (yield from reader.until(first, into=reader.say, trim=Trim.BLANKS)):
        is_open = False
        reader.mark(first)
        if opener:
            yield from block(reader, call, read_call, closer)
        elif (yield from read_call(reader)):
            yield from reader.skip_blanks()
        else:
            yield from reader.give_back()


def block(reader: Reader, call: str, read_call: ReadCall, closer: str) -> Steps[None]:
    """All calls up to `closer`, the opener being consumed. What is no call is given back as text."""
    before = reader.num_calls
    while (yield from reader.starts(call)):
        if not (yield from read_call(reader)):
            yield from reader.give_back()
            return
        reader.mark()
    if reader.num_calls == before:
        yield from reader.give_back()
    else:
        yield from reader.starts(closer)
        yield from reader.skip_blanks()


def read_call(tags: Tags) -> ReadCall:
    """The reader of such calls."""

    def read(reader: Reader) -> Steps[bool]:
        name = yield from word(reader)
        if not name or (tags.end_name and not (yield from reader.starts(tags.end_name))):
            return False
        marker = yield from reader.starts(tags.key, tags.end_call)
        if not marker and not tags.end_name:
            return False
        arguments = Arguments(reader, name)
        while marker == tags.key:
            if not (yield from _argument(reader, arguments, tags)):
                break
            marker = yield from reader.starts(tags.key, tags.end_call)
        yield from finish(reader, arguments, marker, tags.end_call)
        return True

    return read


def _argument(reader: Reader, arguments: Arguments, tags: Tags) -> Steps[bool]:
    """One argument whose first marker is consumed; False when it is cut off or malformed."""
    reader.mark()
    key, marker = yield from reader.take(tags.end_key, tags.end_call)
    if marker != tags.end_key or (tags.value and not (yield from reader.starts(tags.value))):
        reader.rewind()
        return False
    if tags.quotes and (yield from reader.starts(tags.quotes[0], blanks=False)):
        yield from arguments.tagged(key.strip(), tags.quotes[1])
        return bool((yield from reader.starts(tags.end_value)))
    return bool((yield from arguments.tagged(key.strip(), tags.end_value)))


def finish(reader: Reader, arguments: Arguments, marker: str, *closers: str) -> Steps[None]:
    """Close a call at its last marker; without it the text up to one goes with the arguments, which stay raw."""
    if marker in closers:
        arguments.close()
        return
    text, _ = yield from reader.take(*closers)
    if text.strip():
        reader.arguments(text)
        reader.close_call()
    else:
        arguments.close(is_complete=False)


def word(reader: Reader) -> Steps[str]:
    """The name that comes next, after blanks; "" when there is none."""
    yield from reader.skip_blanks()
    parts: list[str] = []
    while (char := (yield from reader.peek())) and not char.isspace() and char not in _NOT_IN_NAMES:
        parts.append(reader.consume(1))
    return "".join(parts)
