"""MiniMax M3: tags named after the arguments, nested for structured values, with `]<]minimax[>[` before each.

Without that prefix: `<tool_call><invoke name="tide"><port>Oslo</port></invoke></tool_call>`; arrays hold `<item>`s.
Source: MiniMax M3's chat template.
"""

from __future__ import annotations

import json
from typing import Any

from omm.chat.dialects.calls import Arguments, typed, types_of
from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.tags import blocks, finish, word
from omm.chat.dialects.thinking import thought_or_closer

PREFIX = "]<]minimax[>["
THINK, END_THINK = "<mm:think>", "</mm:think>"
OPEN, CLOSE = PREFIX + "<tool_call>", PREFIX + "</tool_call>"
CALL, END_CALL = PREFIX + '<invoke name="', PREFIX + "</invoke>"
_TAG = PREFIX + "<"
_MAX_DEPTH = 50


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with blocks of calls in it."""
    yield from thought_or_closer(reader, THINK, END_THINK)
    yield from blocks(reader, CALL, _call, OPEN, CLOSE)


def _call(reader: Reader) -> Steps[bool]:
    name = yield from word(reader)
    if not name or not (yield from reader.starts('">')):
        return False
    arguments = Arguments(reader, name)
    schema = reader.context.schema(name)
    while (marker := (yield from reader.starts(_TAG, END_CALL))) == _TAG:
        if not (yield from _argument(reader, arguments, schema)):
            break
    yield from finish(reader, arguments, marker, END_CALL)
    return True


def _argument(reader: Reader, arguments: Arguments, schema: Any) -> Steps[bool]:
    """One argument, its tag begun; False when it is cut off or malformed. What admits a string is one, tags and all."""
    reader.mark()
    key, closer = yield from _opened(reader)
    if not closer:
        reader.rewind()
        return False
    schema = _within(schema, "properties", key)
    if "string" in types_of(schema):
        return bool((yield from arguments.tagged(key, closer, is_string=True)))
    reader.mark()
    value = yield from _value(reader, schema, closer)
    arguments.member(key, reader.consumed if value is None else value)
    return value is not None


def _opened(reader: Reader) -> Steps[tuple[str, str]]:
    """The name of a tag whose first marker is consumed, and what closes it; "" when it is none."""
    name, end = yield from reader.take(">")
    return name, f"{_TAG}/{name}>" if end and not name.startswith("/") else ""


def _value(reader: Reader, schema: Any, closer: str, depth: int = 0) -> Steps[str | None]:
    """A value up to its closer, as JSON text; None when it is cut off or malformed."""
    is_nested = "string" not in types_of(schema) and depth < _MAX_DEPTH
    match (yield from reader.starts(_TAG, closer)) if is_nested else "":
        case "":
            text, end = yield from reader.take(closer)
            return typed(text, schema) if end else None
        case marker if marker == closer:
            return {"object": "{}", "array": "[]"}.get("".join(types_of(schema) - {"null"})) or typed("", schema)
        case _:
            return (yield from _container(reader, schema, closer, depth))


def _container(reader: Reader, schema: Any, closer: str, depth: int) -> Steps[str | None]:
    """An object or array, its first member's tag begun."""
    types = types_of(schema)
    members: list[str] = []
    is_array = "array" in types
    marker = _TAG
    while marker == _TAG:
        key, end = yield from _opened(reader)
        is_array = is_array or (key == "item" and "object" not in types)
        inner = _within(schema, "items") if is_array else _within(schema, "properties", key)
        value = (yield from _value(reader, inner, end, depth + 1)) if end else None
        if value is None:
            return None
        members.append(value if is_array else f"{json.dumps(key, ensure_ascii=False)}: {value}")
        marker = yield from reader.starts(_TAG, closer)
    if not marker:
        return None
    return f"[{', '.join(members)}]" if is_array else f"{{{', '.join(members)}}}"


def _within(schema: Any, *path: str) -> Any:
    """A schema inside another, or inside one of its alternatives."""
    if not isinstance(schema, dict):
        return None
    inner: Any = schema
    for key in path:
        inner = inner.get(key) if isinstance(inner, dict) else None
    branches = schema.get("anyOf") or schema.get("oneOf")
    if inner is None and isinstance(branches, list):
        return next((found for branch in branches if (found := _within(branch, *path)) is not None), None)
    return inner
