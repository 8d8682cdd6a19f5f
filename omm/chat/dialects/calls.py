"""The forms that calls are written in, for dialects to put together: JSON objects, tagged arguments."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from omm.chat.dialects.reader import Reader, Sink, Steps, Trim, json_or_none


class Keys(NamedTuple):
    """The keys of a call's members in JSON."""

    name: Sequence[str] = ("name",)
    arguments: Sequence[str] = ("arguments", "parameters")
    id: Sequence[str] = ("id",)


# --- JSON -------------------------------------------------------------------------------------------------------


def json_value(reader: Reader, into: Sink) -> Steps[bool]:
    """Pass one JSON value on as it comes, control characters inside strings escaped; False when it is cut off.

    Only brackets, quotes and ends are looked at: whether it is valid JSON shows when it is parsed.
    """
    first = yield from reader.peek()
    if first not in ("{", "[", '"'):
        return (yield from _json_word(reader, into))
    depth, in_string, is_escaped = 0, False, False
    while (yield from reader.peek()):
        parts: list[str] = []
        for char in reader.text:
            parts.append(json.dumps(char)[1:-1] if in_string and char < " " else char)
            if in_string:
                in_string = is_escaped or char != '"'
                is_escaped = char == "\\" and not is_escaped
            elif char == '"':
                in_string = True
            else:
                depth += (char in "{[") - (char in "}]")
            if depth <= 0 and not in_string:
                break
        reader.consume(len(parts))
        into("".join(parts))
        if depth <= 0 and not in_string:
            return True
    return False


def _json_word(reader: Reader, into: Sink) -> Steps[bool]:
    """A number, or one of JSON's three words; False when there is none."""
    is_some = False
    while (char := (yield from reader.peek())) not in ("", ",", "]", "}") and not char.isspace():
        into(reader.consume(1))
        is_some = True
    return is_some


def json_text(reader: Reader) -> Steps[str]:
    """One whole JSON value; what there is of it when it is cut off."""
    parts: list[str] = []
    yield from json_value(reader, parts.append)
    return "".join(parts)


def json_call(reader: Reader, keys: Keys = Keys(), *, only_offered: bool = False) -> Steps[bool]:
    """One call as a JSON object, whose arguments are passed on as they come once its name is known.

    Returns False when it is malformed and nothing has been said of it; `reader.consumed` since the caller's `mark`
    is then its text. With `only_offered` any other object is malformed as soon as that shows: for calls without
    markup, which must not be taken for an answer in JSON.
    """
    if not (yield from reader.starts("{")):
        return False
    name, call_id, held = "", "", "{}"
    while key := (yield from _json_key(reader)):
        first = yield from reader.peek()
        if key == "function" and first == "{":
            is_call = yield from json_call(reader, keys, only_offered=only_offered)
            return is_call and (yield from _rest_of_object(reader))
        if key in keys.arguments and name and first == "{":
            yield from object_call(reader, name, call_id)
            return (yield from _rest_of_object(reader))
        text = yield from json_text(reader)
        value = json_or_none(text)
        if key in keys.name and isinstance(value, str):
            name = value
        elif key in keys.id and isinstance(value, str | int):
            call_id = str(value)
        elif key in keys.arguments:
            held = value if isinstance(value, str) else "{}" if value is None else text
        elif only_offered and key != "type":
            return False
        if only_offered and name and not reader.context.offers(name):
            return False
        yield from reader.starts(",")
    if not (yield from reader.starts("}")) or not name or not held.lstrip().startswith("{"):
        return False
    reader.call(name, held, call_id)
    return True


def _json_key(reader: Reader) -> Steps[str]:
    """The next member's key, with its colon; "" when there is no further member."""
    yield from reader.skip_blanks()
    if (yield from reader.peek()) != '"':
        return ""
    key = json_or_none((yield from json_text(reader)))
    if not isinstance(key, str) or not (yield from reader.starts(":")):
        return ""
    yield from reader.skip_blanks()
    return key


def _rest_of_object(reader: Reader) -> Steps[bool]:
    """What follows the arguments in a call's object; always True, the call being told already."""
    while (yield from reader.starts(",")):
        if not (yield from _json_key(reader)):
            break
        yield from json_text(reader)
    yield from reader.starts("}")
    return True


def json_calls(reader: Reader, keys: Keys = Keys(), *, only_offered: bool = False) -> Steps[bool]:
    """A JSON array of calls, or one call alone; False when it is malformed, as with `json_call`.

    Once a call of an array has been told, `reader.consumed` starts behind it.
    """
    if (yield from reader.starts("[")):
        return (yield from json_list(reader, keys, only_offered=only_offered))
    return (yield from json_call(reader, keys, only_offered=only_offered))


def json_list(reader: Reader, keys: Keys = Keys(), *, only_offered: bool = False) -> Steps[bool]:
    """The calls of a JSON array whose bracket has been consumed; False as with `json_calls`."""
    if only_offered and (yield from reader.starts("]")):
        return False
    while not (yield from reader.starts("]")):
        if not (yield from json_call(reader, keys, only_offered=only_offered)):
            return False
        yield from reader.starts(",")
        reader.mark()
    return True


FENCES = ("```json", "```tool_call", "```")


def bare_calls(reader: Reader) -> Steps[None]:
    """At the start of an answer, calls of offered tools in JSON without markup, or in a code fence; else nothing.

    Several may be in a list, or one after the other, semicolons between them or not.
    """
    reader.mark()
    fence = yield from reader.starts(*FENCES)
    num_before = reader.num_calls
    while (yield from json_calls(reader, only_offered=True)):
        yield from reader.skip_blanks()
        reader.mark()
        yield from reader.starts(";")
    reader.rewind()
    if fence and reader.num_calls > num_before and (yield from reader.closes("```")):
        yield from reader.skip_blanks()


def object_call(reader: Reader, name: str, call_id: str = "") -> Steps[bool]:
    """A call whose name is known and whose arguments come next as a JSON object; False when none does."""
    yield from reader.skip_blanks()
    if (yield from reader.peek()) != "{":
        return False
    reader.open_call(name, call_id)
    yield from json_value(reader, reader.arguments)
    reader.close_call()
    return True


# --- code -------------------------------------------------------------------------------------------------------

INTERPRETERS = ("python", "ipython", "code_interpreter")


def code_call(reader: Reader, begun: str = "") -> Steps[None]:
    """Code up to the end of the answer, as a call of the interpreter that is offered, or of `python`.

    The code is the only argument that the tool has, or else the one named `code`. `begun` is code consumed already.
    """
    name = next((name for name in INTERPRETERS if reader.context.offers(name)), INTERPRETERS[0])
    arguments = Arguments(reader, name)
    keys = list(arguments.properties)
    key = keys[0] if len(keys) == 1 else "code"
    yield from arguments.tagged(key, is_string=True, begun=begun)
    arguments.close()


# --- tagged arguments -------------------------------------------------------------------------------------------


class Arguments:
    """Writes an open call's arguments as a JSON object, member by member. Make it, then `close`."""

    def __init__(self, reader: Reader, name: str, call_id: str = "") -> None:
        self._reader = reader
        properties = reader.context.schema(name).get("properties")
        self.properties = properties if isinstance(properties, dict) else {}
        self._separator = "{"
        self._is_cut = False
        reader.open_call(name, call_id)

    def member(self, key: str, value: str) -> None:
        """One argument, its value as JSON text."""
        self._key(key)
        self._reader.arguments(value)

    def tagged(
        self, key: str, *closers: str, trim: Trim = Trim.NOTHING, is_string: bool | None = None, begun: str = ""
    ) -> Steps[str]:
        """One argument up to the first of `closers`, streamed when it is a string; returns the closer, "" if cut off.

        `is_string` is for dialects that say so themselves; else the schema decides. A value that is cut off is given
        as it is, and leaves the whole of the arguments unfinished.
        """
        schema = {"type": "json"} if is_string is False else self.properties.get(key)
        if is_string or (is_string is None and takes_only_strings(schema)):
            self._key(key)
            self._reader.arguments('"')
            self._escaped(begun)
            closer = yield from self._reader.until(*closers, into=self._escaped, trim=trim)
            self._is_cut = bool(closers) and not closer
            self._reader.arguments("" if self._is_cut else '"')
            return closer
        parts: list[str] = []
        closer = yield from self._reader.until(*closers, into=parts.append, trim=trim)
        text = "".join(parts)
        if closer:
            self.member(key, typed(text, schema))
        else:
            self.member(key, text)
            self._is_cut = True
        return closer

    def close(self, *, is_complete: bool = True) -> None:
        """No more arguments. What is not complete, or was cut off in a value, stays raw text without its last brace."""
        if is_complete and not self._is_cut:
            self._reader.arguments("{}" if self._separator == "{" else "}")
        elif self._separator == "{":
            self._reader.arguments("{")
        self._reader.close_call()

    def _key(self, key: str) -> None:
        self._reader.arguments(f"{self._separator}{json.dumps(key, ensure_ascii=False)}: ")
        self._separator = ", "

    def _escaped(self, text: str) -> None:
        self._reader.arguments(json.dumps(text, ensure_ascii=False)[1:-1])


_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),),
    "object": (dict,), "array": (list,),
}  # fmt: skip


def takes_only_strings(schema: Any) -> bool:
    """Whether a value of this schema is a string and nothing else."""
    return types_of(schema) == {"string"}


def typed(text: str, schema: Any) -> str:
    """A raw value as JSON text: a string as it is, other types as JSON or as Python writes them, else a string.

    A union takes JSON when the whole value is valid for one of its other types. Without a schema: JSON if it parses.
    """
    types = types_of(schema)
    if types == {"string"}:
        return json.dumps(text, ensure_ascii=False)
    value = literal(text)
    if value is _NOTHING or not _fits(value, types):
        return json.dumps(text, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


_NOTHING = object()


def literal(text: str) -> Any:
    """The value of a JSON text, or of a Python literal; `_NOTHING` when it is neither."""
    text = text.strip()
    value = json_or_none(text)
    if value is not None or text == "null":
        return value
    try:
        value = ast.literal_eval(text)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return _NOTHING
    return value if isinstance(value, dict | list | tuple | bool | int | float | None) else _NOTHING


def types_of(schema: Any) -> set[str]:
    """The JSON types that a schema admits; empty when it does not say."""
    if not isinstance(schema, dict):
        return set()
    named = schema.get("type")
    if isinstance(named, str):
        return {named} | ({"null"} if schema.get("nullable") is True else set())
    if isinstance(named, list):
        return {name for name in named if isinstance(name, str)}
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            return set().union(*(types_of(part) for part in schema[key]))
    options = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if isinstance(options, list) and options and all(isinstance(option, str) for option in options):
        return {"string"}
    return set()


def _fits(value: Any, types: set[str]) -> bool:
    """Whether a value is of one of the types that are not strings; anything fits no type at all."""
    known = types & _JSON_TYPES.keys()
    if not known:
        return "string" not in types or not isinstance(value, str)
    if isinstance(value, bool):
        return "boolean" in known
    if isinstance(value, float) and value.is_integer() and known & {"integer"}:
        return True
    return any(isinstance(value, _JSON_TYPES[name]) for name in known) or "string" not in types
