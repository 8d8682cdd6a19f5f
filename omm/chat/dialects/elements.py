"""Calls written as XML-like elements whose heads have attributes."""

from __future__ import annotations

from dataclasses import dataclass

from omm.chat.dialects.calls import Arguments
from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.tags import ReadCall, finish


@dataclass(frozen=True)
class Elements:
    """The markers of a call; heads are given up to the quote before the name or key, and end with `end_head`.

    An attribute of an argument may say whether it is a string, as `string` does, or not, as `other` does.
    """

    call: str
    argument: str
    end_head: str
    end_argument: str
    end_call: str
    string: str
    other: str


def read_call(elements: Elements) -> ReadCall:
    """The reader of such calls."""

    def read(reader: Reader) -> Steps[bool]:
        name, _, end = yield from _head(reader, elements)
        if not name or not end:
            return False
        arguments = Arguments(reader, name)
        marker = yield from reader.starts(elements.argument, elements.end_call)
        while marker == elements.argument:
            if not (yield from _argument(reader, arguments, elements)):
                break
            marker = yield from reader.starts(elements.argument, elements.end_call)
        yield from finish(reader, arguments, marker, elements.end_call)
        return True

    return read


def _argument(reader: Reader, arguments: Arguments, elements: Elements) -> Steps[bool]:
    """One argument whose head has begun; False when it is cut off."""
    key, attributes, end = yield from _head(reader, elements)
    if not end:
        return False
    is_string = True if elements.string in attributes else False if elements.other in attributes else None
    return bool((yield from arguments.tagged(key, elements.end_argument, is_string=is_string)))


def _head(reader: Reader, elements: Elements) -> Steps[tuple[str, str, str]]:
    """The rest of a head: the quoted text, other attributes, and its end, which is "" when it is cut off."""
    text, end = yield from reader.take(elements.end_head)
    quoted, _, attributes = text.partition('"')
    return quoted.replace("&quot;", '"').replace("&amp;", "&"), attributes, end
