"""Values that are written neither as JSON nor as raw text: Python's, Gemma's and MiniMax M3's nested notations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from omm.chat import schema as schemas
from omm.chat.dialects import values
from omm.chat.dialects.calls import types_of as types_read
from omm.chat.dialects.forms import Offer
from omm.chat.dialects.lark import ANY, Lark

_JSON_WORDS = {None: "null", True: "true", False: "false"}


@dataclass(frozen=True)
class Style:
    """How values are written within brackets. `key` and `argument` are layouts before a member's and an argument's.

    `quote` stands on both sides of a string without escapes; it is empty for JSON's strings.
    """

    key: str
    argument: str
    comma: str = ","
    quote: str = ""
    words: Mapping[Any, str] | None = None


PYTHON = Style('"{key}": ', "{key}=", "/, ?/", words={None: "None", True: "True", False: "False"})
GEMMA = Style("{key}:", "{key}:", '","', quote='<|"|>')
FUNCTION_GEMMA = Style("{key}:", "{key}:", '","', quote="<escape>")


@dataclass(frozen=True)
class Bracketed:
    """One call with its arguments in brackets, such as `tide(port="Oslo")`; `head` and `tail` are layouts."""

    style: Style
    head: str
    tail: str

    def __call__(self, lark: Lark, offer: Offer) -> str:
        """One call of a tool."""
        writer = _Writer(self.style, lark, offer.schema)
        found = values.objects(offer.schema, offer.schema)
        arguments = lark.either(writer.members(one, self.style.argument) for one in found)
        return " ".join(
            filter(None, [lark.layout(self.head, name=offer.name), arguments, lark.layout(self.tail, name=offer.name)])
        )


class _Writer:
    """Writes the values of one tool's schema, `root`, in a style."""

    def __init__(self, style: Style, lark: Lark, root: Any) -> None:
        self._style, self._lark, self._root = style, lark, root
        self._rules: dict[str, str] = {}

    def value(self, schema: Any) -> str:
        """A value of a schema."""
        found = values.kinds(self._root, schema)
        options = [self._string(text) for text in found.texts]
        for other in found.others:
            options += self._others(other)
        return self._lark.either(values.some(options))

    def members(self, found: values.Object, layout: str) -> str:
        """The members of an object, with commas between those that are there."""
        if found.others is not None:
            free = layout.replace("{key}", "{word}")
            one = f"{self._lark.layout(free)} {self.value(found.others)}"
            return self._lark.rule(f"({one} ({self._style.comma} {one})*)?")
        parts = [
            (f"{self._lark.layout(layout, key=member.key)} {self.value(member.schema)}", member.is_required)
            for member in found.members
        ]
        return _separated(self._lark, parts, self._style.comma)

    def _string(self, schema: dict[str, Any]) -> str:
        quote = self._style.quote
        if not quote:
            return self._lark.json(schema, json_allowed_escapes='nrbtf\\"')
        opening = self._lark.text(quote)
        if "enum" in schema:
            options = self._lark.either(map(json.dumps, schema["enum"]))
            return f"{opening} {options} {self._lark.text(quote)}"
        return f"{opening} {self._lark.until(quote, values.terminal(schema))}"

    def _others(self, schema: dict[str, Any]) -> list[str]:
        if "enum" in schema:
            return [self._literal(option) for option in schema["enum"]]
        return [self._other(name, {**schema, "type": name}) for name in values.types_of(schema)]

    def _other(self, name: str, schema: dict[str, Any]) -> str:
        """A value of one type."""
        match name:
            case "null":
                return self._literal(None)
            case "boolean":
                return self._lark.either([self._literal(True), self._literal(False)])
            case "array" | "object":
                return self._recursive(name, schema)
            case _:
                return self._lark.json(schema)

    def _recursive(self, name: str, schema: dict[str, Any]) -> str:
        key = json.dumps(schema)
        if key not in self._rules:
            self._rules[key] = rule = self._lark.reserve()
            self._lark.define(rule, self._array(schema) if name == "array" else self._object(schema))
        return self._rules[key]

    def _object(self, schema: dict[str, Any]) -> str:
        found = values.objects(self._root, schema)
        members = self._lark.either(self.members(one, self._style.key) for one in found)
        return f'"{{" {members} "}}"'

    def _array(self, schema: dict[str, Any]) -> str:
        one, low, high = items(schema)
        return f'"[" {_repeated(self.value(one), self._style.comma, low, high)} "]"'

    def _literal(self, value: Any) -> str:
        words = self._style.words or _JSON_WORDS
        if isinstance(value, dict | list):
            raise values.unfit("enum")
        return json.dumps(words[value] if value is None or isinstance(value, bool) else json.dumps(value))


def items(schema: dict[str, Any]) -> tuple[Any, int, int | None]:
    """The schema of an array's items, and how few and how many there may be."""
    if "prefixItems" in schema or isinstance(schema.get("items"), list):
        raise values.unfit("prefixItems")
    high = schema.get("maxItems")
    if schema.get("items") is False:
        high = 0
    return schema.get("items", True), int(schema.get("minItems", 0)), high if high is None else int(high)


def _repeated(one: str, comma: str, low: int, high: int | None) -> str:
    """Values with commas between them, `low` to `high` of them."""
    if high == 0:
        return '""'
    most = "" if high is None else high - 1
    some = f"{one} ({comma} {one}){{{max(low - 1, 0)},{most}}}"
    return some if low else f"({some})?"


def _separated(lark: Lark, parts: Iterable[tuple[str, bool]], comma: str) -> str:
    """Parts in their order, with commas between those that are there; each is required or may be left out."""
    first, later = '""', '""'  # what may come next: when nothing has come yet, and after a part
    for part, is_required in reversed(list(parts)):
        after = f"{part} {later}"
        first = lark.either([after] if is_required else [after, first])
        later = lark.either([f"{comma} {after}"] if is_required else [f"{comma} {after}", later])
    return first


# --- nested tags --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nested:
    """One call whose arguments are tags, in which objects and arrays are tags again. `prefix` is before every tag."""

    prefix: str
    head: str
    tail: str
    item: str = "item"

    def __call__(self, lark: Lark, offer: Offer) -> str:
        """One call of a tool."""
        writer = _TagWriter(self, lark, offer.schema)
        arguments = lark.either(writer.members(one) for one in values.objects(offer.schema, offer.schema))
        parts = [lark.layout(self.head, name=offer.name), arguments, lark.layout(self.tail, name=offer.name)]
        return " ".join(filter(None, parts))


class _TagWriter:
    """Writes the values of one tool's schema, `root`, as tags."""

    def __init__(self, form: Nested, lark: Lark, root: Any) -> None:
        self._form, self._lark, self._root = form, lark, root
        self._rules: dict[str, str] = {}

    def members(self, found: values.Object) -> str:
        """The members of an object; those that are not required may be left out."""
        tagged = [(self._tagged(member.key, member.schema), member.is_required) for member in found.members]
        return " ".join(part if is_required else f"({part})?" for part, is_required in tagged)

    def _tagged(self, tag: str, schema: Any) -> str:
        """A value between its tags. What may be a string is read as one, whatever else it may be."""
        closer = f"{self._form.prefix}</{tag}>"
        found = values.kinds(self._root, schema)
        options = [self._string(text, closer, schema, found) for text in found.texts]
        if not (options and "string" in types_read(schemas.inlined(schema, self._root))):
            end = self._lark.text(closer)
            options += [f"{other} {end}" for schema in found.others for other in self._others(schema)]
        opener = self._lark.text(f"{self._form.prefix}<{tag}>")
        return self._lark.rule(f"{opener} {self._lark.either(values.some(options))}")

    def _string(self, schema: dict[str, Any], closer: str, whole: Any, found: values.Kinds) -> str:
        if "enum" in schema:
            return f"{self._lark.either(map(json.dumps, schema['enum']))} {self._lark.text(closer)}"
        is_text = "string" in types_read(schemas.inlined(whole, self._root))
        content = ANY if is_text else values.unmistakable(ANY, found)
        return self._lark.until(closer, values.terminal(schema, content))

    def _others(self, schema: dict[str, Any]) -> list[str]:
        if "enum" in schema:
            return [self._lark.json({"enum": [option]}) for option in schema["enum"]]
        names = values.types_of(schema)
        return [self._other(name, {**schema, "type": name}) for name in names]

    def _other(self, name: str, schema: dict[str, Any]) -> str:
        if name not in ("array", "object"):
            return self._lark.json(schemas.part_of(self._root, schema))
        key = json.dumps(schema)
        if key not in self._rules:
            self._rules[key] = rule = self._lark.reserve()
            self._lark.define(rule, self._array(schema) if name == "array" else self._object(schema))
        return self._rules[key]

    def _object(self, schema: dict[str, Any]) -> str:
        return self._lark.either(self.members(one) for one in values.objects(self._root, schema)) or '""'

    def _array(self, schema: dict[str, Any]) -> str:
        one, low, high = items(schema)
        return f"{self._tagged(self._form.item, one)}{{{low},{'' if high is None else high}}}"
