"""`<tool_calls><tool_call>tide<tool_sep><arg_key>port</arg_key><arg_value>Oslo</arg_value></tool_call></tool_calls>`.

Hunyuan 3, each tag with a suffix (`<tool_call:opensource>`) that the prompt's role token shows. Older ones write a list
of JSON calls within `<tool_calls>`, and the answer within `<answer>`. Source: their chat templates.
"""

from __future__ import annotations

import re

from omm.chat.dialects.calls import json_calls
from omm.chat.dialects.reader import Reader, Steps, Trim
from omm.chat.dialects.tags import Tags, blocks, read_call
from omm.chat.dialects.thinking import thought_or_closer

SUFFIX = ":opensource"
_ROLE = re.compile(r"hy_Assistant(:\w+)?")


def tags(suffix: str) -> Tags:
    """The tags of Hunyuan 3."""
    return Tags(
        call=f"<tool_call{suffix}>",
        end_name=f"<tool_sep{suffix}>",
        key=f"<arg_key{suffix}>",
        end_key=f"</arg_key{suffix}>",
        value=f"<arg_value{suffix}>",
        end_value=f"</arg_value{suffix}>",
        end_call=f"</tool_call{suffix}>",
    )


def read(reader: Reader) -> Steps[None]:
    """Hunyuan 3: reasoning, then answer text with blocks of calls in it."""
    role = _ROLE.search(reader.context.prompt)
    suffix = (role.group(1) or "") if role else SUFFIX
    yield from thought_or_closer(reader, f"<think{suffix}>", f"</think{suffix}>")
    call = tags(suffix)
    yield from blocks(reader, call.call, read_call(call), f"<tool_calls{suffix}>", f"</tool_calls{suffix}>")


def read_answer(reader: Reader) -> Steps[None]:
    """Older Hunyuan: reasoning, the answer between its tags, lists of calls."""
    yield from thought_or_closer(reader, "<think>", "</think>")
    is_tagged = bool((yield from reader.starts("<answer>")))
    if is_tagged:
        yield from reader.skip_blanks()
    openers = ("<tool_calls>",) if reader.context.tools else ()
    closers = ("</answer>",) if is_tagged else ()
    while marker := (yield from reader.until(*openers, *closers, into=reader.say, trim=Trim.BLANKS)):
        reader.mark(marker)
        if marker in openers and not (yield from _list(reader)):
            yield from reader.give_back("</tool_calls>")
        else:
            yield from reader.skip_blanks()


def _list(reader: Reader) -> Steps[bool]:
    return (yield from json_calls(reader)) and bool((yield from reader.starts("</tool_calls>")))
