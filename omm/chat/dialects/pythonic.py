"""Calls written as Python: `[tide(port="Oslo", days=2), moon()]`."""

from __future__ import annotations

from omm.chat.dialects import literals
from omm.chat.dialects.calls import Arguments, json_call
from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.tags import finish, word


def calls(reader: Reader, *closers: str, only_offered: bool = False) -> Steps[bool]:
    """A list of calls with keyword arguments, or calls without the brackets; JSON objects are understood too.

    A call that breaks off takes all text up to the first of `closers` as its raw arguments. Returns False when there
    is no call and nothing has been said; `reader.consumed` since the caller's `mark` is then the text.
    """
    is_list = bool((yield from reader.starts("[")))
    before = reader.num_calls
    while not (is_list and (yield from reader.starts("]"))):
        if not (yield from _call(reader, closers, only_offered)):
            if reader.num_calls > before:
                yield from reader.give_back()
            break
        is_more = yield from reader.starts(",", "]")
        reader.mark()
        if is_more != ",":
            break
    return reader.num_calls > before


def _call(reader: Reader, closers: tuple[str, ...], only_offered: bool) -> Steps[bool]:
    yield from reader.skip_blanks()
    if (yield from reader.peek()) == "{":
        return (yield from json_call(reader, only_offered=only_offered))
    name = yield from word(reader)
    if not name or not (yield from reader.starts("(", blanks=False)):
        return False
    if only_offered and not reader.context.offers(name):
        return False
    yield from keywords(reader, name, *closers)
    return True


def keywords(reader: Reader, name: str, *closers: str) -> Steps[None]:
    """A call's arguments, from behind its opening bracket to the closing one."""
    arguments = Arguments(reader, name)
    while not (yield from reader.starts(")")):
        if not (yield from _argument(reader, arguments)):
            yield from finish(reader, arguments, "", *closers)
            return
        yield from reader.starts(",")
    arguments.close()


def _argument(reader: Reader, arguments: Arguments) -> Steps[bool]:
    """`key=value`; False when it is something else or cut off, and then it has become part of the raw arguments."""
    reader.mark()
    key = yield from word(reader)
    if not key or not (yield from reader.starts("=")):
        reader.rewind()
        return False
    parts: list[str] = []
    is_whole = yield from literals.value(reader, parts.append)
    arguments.member(key, "".join(parts))
    return is_whole
