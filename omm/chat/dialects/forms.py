"""How each dialect writes calls, as grammars: forms for the table's rows to put together.

A layout is exact text with holes: `{name}` the tool's name, `{key}` an argument's, and those that `Lark.layout` knows.
Every form keeps to the layout of the model's own template, so that the mask forbids little of what it learnt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from omm.chat import schema as schemas
from omm.chat.dialects import values
from omm.chat.dialects.calls import takes_only_strings
from omm.chat.dialects.lark import ANY, Lark, without


@dataclass(frozen=True)
class Offer:
    """A tool that may be called; the schema of its arguments is closed."""

    name: str
    schema: Any


@dataclass(frozen=True)
class Calls:
    """What may be called; one call only, or one and more."""

    offers: tuple[Offer, ...]
    is_parallel: bool = True


Body = Callable[[Lark, Calls], str]
"""Writes all calls of an answer: what follows the opener."""
WriteCall = Callable[[Lark, Offer], str]
"""Writes one call of one tool."""


@dataclass(frozen=True)
class Grammar:
    """How a dialect's calls are written, and how an answer is that has a format.

    `opener` is what begins every answer's calls, and `trigger` the end of it by which they are known when the model is
    free to call. Without an opener, `free` writes what an answer may be, so that anything else must be a call; it is
    given the calls. `lead` is a layout for what may stand before the opener. `forced` writes the calls from their
    beginning where that is not opener and body. `answer` are layouts around an answer that has a format.
    """

    opener: str
    body: Body
    trigger: str = ""
    free: Callable[[Lark, str], str] | None = None
    lead: str = "{blank}"
    forced: Body | None = None
    answer: tuple[str, str] = ("", "")

    def calls(self, lark: Lark, calls: Calls) -> str:
        """All of an answer's calls."""
        if self.forced:
            return " ".join(filter(None, [lark.layout(self.lead), self.forced(lark, calls)]))
        parts = [lark.layout(self.lead), lark.text(self.opener), self.body(lark, calls)]
        return " ".join(filter(None, parts))


# --- several calls ------------------------------------------------------------------------------------------------


def blocks(write: WriteCall, *, begin: str = "", between: str = "", end: str = "") -> Body:
    """Calls one after the other, with layouts before the first, between two, and behind the last."""

    def body(lark: Lark, calls: Calls) -> str:
        one = lark.either(write(lark, offer) for offer in calls.offers)
        more = f"({lark.layout(between)} {one})*" if calls.is_parallel else ""
        return " ".join(filter(None, [lark.layout(begin), one, more, lark.layout(end)]))

    return body


def json_list(keys: JSONKeys | None = None, *, begin: str = "", end: str = "") -> Body:
    """A JSON array of calls."""

    def body(lark: Lark, calls: Calls) -> str:
        items, defs = _json_calls(calls.offers, keys or JSONKeys())
        limit = {} if calls.is_parallel else {"maxItems": 1}
        array = lark.json({"type": "array", "items": {"anyOf": items}, "minItems": 1, **limit, "$defs": defs})
        return " ".join(filter(None, [lark.layout(begin), array, lark.layout(end)]))

    return body


def one_of(*bodies: Body) -> Body:
    """Calls in any of some forms."""
    return lambda lark, calls: lark.either(body(lark, calls) for body in bodies)


def once(write: WriteCall, *, begin: str = "", end: str = "") -> Body:
    """One call, of which the dialect never writes several."""
    body = blocks(write, begin=begin, end=end)
    return lambda lark, calls: body(lark, replace(calls, is_parallel=False))


def any_of(*writes: WriteCall) -> WriteCall:
    """One call in any of some forms."""
    return lambda lark, offer: lark.either(write(lark, offer) for write in writes)


def not_beginning(signs: str) -> Callable[[Lark, str], str]:
    """Answers that begin with none of these characters."""
    return lambda lark, calls: lark.terminal(f"/([^\\s{re.escape(signs)}](?s:.*))?/")


# --- one call as JSON ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class JSONKeys:
    """The keys of a call that is a JSON object; `first` and `last` are properties that may stand around them.

    Without `name`, the tool's name is the key and the arguments are its value.
    """

    name: str = "name"
    arguments: str = "arguments"
    first: dict[str, Any] | None = None
    last: dict[str, Any] | None = None

    def schema(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The schema of a call of one tool."""
        pair = {self.name: {"const": name}, self.arguments: arguments} if self.name else {name: arguments}
        properties = {**(self.first or {}), **pair, **(self.last or {})}
        required = [*(self.first or {}), *pair]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _json_calls(offers: Sequence[Offer], keys: JSONKeys) -> tuple[list[Any], dict[str, Any]]:
    """The schemas of calls, and the definitions they refer to."""
    defs = {f"{number}": schemas.rebased(offer.schema, f"#/$defs/{number}") for number, offer in enumerate(offers)}
    items = [keys.schema(offer.name, {"$ref": f"#/$defs/{number}"}) for number, offer in enumerate(offers)]
    return items, defs


def json_call(keys: JSONKeys | None = None) -> WriteCall:
    """One JSON object with name and arguments."""

    def write(lark: Lark, offer: Offer) -> str:
        (item,), defs = _json_calls([offer], keys or JSONKeys())
        return lark.json({**item, "$defs": defs})

    return write


def named(head: str, tail: str = "") -> WriteCall:
    """The tool's name in a layout, then the arguments as one JSON object."""

    def write(lark: Lark, offer: Offer) -> str:
        parts = [lark.layout(head, name=offer.name), lark.json(offer.schema), lark.layout(tail, name=offer.name)]
        return " ".join(filter(None, parts))

    return write


# --- one call as tags ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tagged:
    """Layouts of a call whose arguments are tagged one by one; `end_value` is exact text.

    `said` gives what `{type}` is for a JSON type, when the dialect writes that down; then a string is told from other
    values by it, else by the tool's schema as the parser reads it. `content` is what a string may hold; between
    `quotes`, if there are such, it may hold anything.
    """

    call: str
    argument: str
    end_value: str
    end_argument: str = ""
    end: str = ""
    said: Callable[[str], str] | None = None
    content: str = ANY
    quotes: tuple[str, str] | None = None

    def __call__(self, lark: Lark, offer: Offer) -> str:
        """One call of a tool."""
        head, tail = lark.layout(self.call, name=offer.name), lark.layout(self.end, name=offer.name)
        root = offer.schema
        bodies = [self._arguments(lark, root, found) for found in values.objects(root, root)]
        return " ".join(filter(None, [head, lark.either(bodies), tail]))

    def _arguments(self, lark: Lark, root: Any, found: values.Object) -> str:
        parts: list[str] = []
        for member in found.members:
            argument = self._argument(lark, root, member.key, member.schema)
            parts.append(argument if member.is_required else f"({argument})?")
        if found.others is not None:
            parts.append(f"({self._argument(lark, root, None, found.others)})*")
        return " ".join(parts)

    def _argument(self, lark: Lark, root: Any, key: str | None, schema: Any) -> str:
        """One argument, whose name is free when `key` is None."""
        layout = self.argument.replace("{key}", "{word}") if key is None else self.argument

        def tagged(kind: str, value: str) -> str:
            head = lark.layout(layout, key=key or "", type=self.said(kind) if self.said else "")
            return " ".join(filter(None, [head, value, lark.layout(self.end_argument)]))

        found = values.kinds(root, schema)
        is_text = takes_only_strings(schemas.inlined(schema, root))
        is_told = self.said is not None or is_text
        content = self.content if is_told else values.unmistakable(self.content, found)
        options = [tagged("string", self._text(lark, text, content)) for text in found.texts]
        if not (self.said is None and found.texts and is_text):
            for other in found.others:
                options += [tagged(*option) for option in self._others(lark, root, other)]
        return lark.either(values.some(options))

    def _others(self, lark: Lark, root: Any, schema: dict[str, Any]) -> list[tuple[str, str]]:
        """Values that are no strings, each with its JSON type."""
        if "enum" in schema:
            parts: list[tuple[str, Any]] = [(values.type_of(one), {"enum": [one]}) for one in schema["enum"]]
        else:
            parts = [(name, {**schema, "type": name}) for name in values.types_of(schema)]
        closer, spelled = lark.text(self.end_value), lark.spelled(self.end_value)
        whole = [(name, schemas.part_of(root, part)) for name, part in parts]
        if spelled:
            # NOTE: a value ends at the first closing tag, also at one that is within a string of its JSON.
            whole = [(name, schemas.with_pattern(part, without(spelled))) for name, part in whole]
        return [(name, f"{lark.json(part)} {closer}") for name, part in whole]

    def _text(self, lark: Lark, schema: dict[str, Any], content: str) -> str:
        """A string as it is, up to the closing tag."""
        if "enum" in schema:
            return f"{lark.either(map(json.dumps, schema['enum']))} {lark.text(self.end_value)}"
        plain = lark.until(self.end_value, values.terminal(schema, content))
        if not self.quotes:
            return plain
        opening, closing = self.quotes
        quoted = lark.until(closing, values.terminal(schema))
        return lark.either([plain, f"{lark.text(opening)} {quoted} {lark.text(self.end_value)}"])
