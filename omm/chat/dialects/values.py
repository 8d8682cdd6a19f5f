"""What a tool's schema allows, as dialects need to know it that do not write arguments as one JSON object.

The schemas are closed already. What a grammar cannot hold in such a notation is refused, naming the keyword.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from omm.chat import schema as schemas
from omm.chat.dialects.lark import ANY, pattern
from omm.errors import InvalidRequest

_OTHER_TYPES = ("null", "boolean", "number", "integer", "object", "array")
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),), "boolean": (bool,), "integer": (int,), "number": (float,), "string": (str,),
    "object": (dict,), "array": (list,),
}  # fmt: skip
_SAYS_NOTHING = frozenset("title description default examples deprecated readOnly writeOnly $comment $defs".split())


@dataclass(frozen=True)
class Member:
    """One property of an object."""

    key: str
    schema: Any
    is_required: bool


@dataclass(frozen=True)
class Object:
    """The properties that an object may have, in order; `others` is the schema of any further ones, None for none."""

    members: tuple[Member, ...]
    others: Any = None


def unfit(keyword: str) -> InvalidRequest:
    """A tool's schema asks for what the notation of the model's calls has no grammar for."""
    return InvalidRequest(f"unsupported keyword '{keyword}' for a tool of this model", param="tools")


def some(options: list[str]) -> list[str]:
    """At least one option.

    Raises:
        InvalidRequest: there is none, since no value would do.
    """
    if not options:
        raise unfit("enum")
    return options


def objects(root: Any, schema: Any) -> list[Object]:
    """The objects that a schema allows, one for each of its alternatives."""
    schema = schemas.resolved(root, schema)
    if not isinstance(schema, dict):
        return [Object((), True)]
    for keyword in ("$ref", "patternProperties", "minProperties", "maxProperties"):
        if keyword in schema:
            raise unfit(keyword)
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            return _alternatives(root, schema, keyword)
    return [_object(root, schema)]


def _object(root: Any, schema: dict[str, Any]) -> Object:
    required = [name for name in schema.get("required", []) if isinstance(name, str)]
    properties = dict.fromkeys(required, True) | schema.get("properties", {})
    ordered = {name: properties[name] for name in (*schema.get("properties", {}), *required)}
    members = tuple(
        Member(name, value, name in required)
        for name, value in ordered.items()
        if name in required or kinds(root, value) != Kinds()
    )
    others = schema.get("additionalProperties", True)
    return Object(members, None if ordered or others is False else others)


def _alternatives(root: Any, schema: dict[str, Any], keyword: str) -> list[Object]:
    base = {key: value for key, value in schema.items() if key != keyword}
    parts = [schemas.resolved(root, part) for part in schema[keyword]]
    if keyword == "allOf" and len(parts) > 1 and any(_OPEN & part.keys() for part in parts if isinstance(part, dict)):
        raise unfit("allOf")
    if keyword == "allOf":
        merged = base
        for part in parts:
            merged = _merged(merged, part)
        return objects(root, merged)
    fitting = [part for part in parts if "object" in types_of(part)]
    if not fitting:
        raise unfit(keyword)
    return [found for part in fitting for found in objects(root, _merged(base, part))]


_OPEN = frozenset(("anyOf", "oneOf", "allOf", "$ref", "additionalProperties"))


def _merged(base: dict[str, Any], part: Any) -> dict[str, Any]:
    if not isinstance(part, dict):
        return base
    shared = base.get("properties", {}).keys() & part.get("properties", {}).keys()
    if shared:
        raise unfit("allOf")
    return {
        **base,
        **part,
        "properties": {**base.get("properties", {}), **part.get("properties", {})},
        "required": [*base.get("required", []), *part.get("required", [])],
    }


# --- strings and others -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kinds:
    """A schema's strings apart from its other values, each as alternatives."""

    texts: tuple[dict[str, Any], ...] = ()
    others: tuple[dict[str, Any], ...] = ()

    def __add__(self, more: Kinds) -> Kinds:
        return Kinds(self.texts + more.texts, self.others + more.others)


def kinds(root: Any, schema: Any) -> Kinds:
    """Take a schema's strings apart from its other values."""
    schema = schemas.resolved(root, schema)
    if not isinstance(schema, dict):
        schema = {} if schema else {"enum": []}
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            return _combined(root, schema, keyword)
    types = types_of(schema)
    rest = {key: value for key, value in schema.items() if key not in _SAYS_NOTHING}
    if "$ref" in schema and types != ["object"]:
        raise unfit("$ref")
    if "enum" in schema or "const" in schema:
        options = schema["enum"] if "enum" in schema else [schema["const"]]
        options = [option for option in options if any(_is_a(option, name) for name in types)]
        texts = [option for option in options if isinstance(option, str)]
        others = [option for option in options if not isinstance(option, str)]
        return Kinds(({"enum": texts},) if texts else (), ({"enum": others},) if others else ())
    others = [name for name in types if name != "string"]
    return Kinds(
        ({**rest, "type": "string"},) if "string" in types else (), ({**rest, "type": others},) if others else ()
    )


def _combined(root: Any, schema: dict[str, Any], keyword: str) -> Kinds:
    rest = {key: value for key, value in schema.items() if key != keyword and key not in _SAYS_NOTHING}
    parts = schema[keyword]
    if keyword == "allOf" and len(parts) != 1:
        raise unfit(keyword)
    if rest.keys() - {"type"} or ("type" in rest and any(types_of(part) != types_of(rest) for part in parts)):
        return Kinds((), ({**schema, "type": "object"},)) if types_of(rest) == ["object"] else _refused(keyword)
    found = Kinds()
    for part in parts:
        found += kinds(root, part)
    return found


def _refused(keyword: str) -> Kinds:
    raise unfit(keyword)


def types_of(schema: Any) -> list[str]:
    """The JSON types of a schema's values, as far as it says; those that its keywords mean when it does not."""
    named = schema.get("type") if isinstance(schema, dict) else None
    if isinstance(named, str):
        return [named]
    if isinstance(named, list):
        return [name for name in named if isinstance(name, str)]
    if isinstance(schema, dict) and schema.keys() & {"properties", "required", "additionalProperties"}:
        return ["object"]
    if isinstance(schema, dict) and schema.keys() & {"items", "prefixItems"}:
        return ["array"]
    return ["string", *_OTHER_TYPES]


def type_of(value: Any) -> str:
    """The JSON type of a value; an integer is also a number."""
    return next(name for name, types in _PYTHON_TYPES.items() if isinstance(value, types))


def _is_a(value: Any, name: str) -> bool:
    own = type_of(value)
    is_whole = own == "number" and name == "integer" and value.is_integer()
    return own == name or is_whole or (own == "integer" and name == "number")


def terminal(schema: dict[str, Any], content: str = ANY) -> str:
    """What a string of a schema looks like as a terminal; `content` is all that any string may hold."""
    parts = [content]
    if isinstance(regex := schema.get("pattern"), str):
        parts.append(f"({pattern(regex)})")
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    if low or high is not None:
        parts.append(f"/(?s:.{{{low},{'' if high is None else high}}})/")
    return " & ".join(parts)


def unmistakable(content: str, found: Kinds) -> str:
    """What strings may hold where nothing but their looks tells them from other values.

    Those that look like JSON or Python are left out, unless any value that they could be taken for would do.
    """
    is_bare = bool(found.others) and all(other.keys() <= {"type"} for other in found.others)
    return content if is_bare else f"{content} & {_NO_LITERAL}"


_NO_LITERAL = (
    r"""/([^\s\d+\-.\[\]{}()"'](?s:.*))?/ & ~/(true|false|null|True|False|None|NaN|Infinity)\s*/ & /(?s:.*)/"""
)
