"""JSON Schemas as grammars take them: checked, closed to unnamed properties, moved into larger documents.

Knows nothing of requests or dialects. What cannot be held is found out by asking llguidance, not by a list.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import llguidance

from omm.errors import InvalidRequest

MAX_BYTES = 256 * 1024
MAX_DEPTH = 60
MAX_LOOSENED = 50  # keywords, each of which takes a few compilations to find
# NOTE: without a bound a small model may write blanks for ever, which any JSON grammar allows.
GUIDANCE = {"whitespace_pattern": r"[ \n]{0,20}"}

_OPENERS = {"additionalProperties", "unevaluatedProperties", "patternProperties", "anyOf", "oneOf", "$ref", "if"}
# Where a schema holds others, by the draft's vocabularies: as a value, in a list, in a map of names.
_SINGLE = frozenset(
    "items additionalProperties additionalItems contains not if then else propertyNames unevaluatedItems"
    " unevaluatedProperties contentSchema".split()
)
_LISTS = frozenset("anyOf oneOf allOf prefixItems items".split())
_MAPS = frozenset("properties patternProperties $defs definitions dependentSchemas".split())


def check(schema: Any, what: str, *, param: str) -> None:
    """Refuse a schema that no grammar can hold.

    Raises:
        InvalidRequest: beginning with `what`, naming the keyword and its place as a JSON pointer.
    """
    text = json.dumps(schema)
    if len(text) > MAX_BYTES:
        raise InvalidRequest(f"{what}: the schema is longer than {MAX_BYTES} bytes", param=param)
    if _depth(schema) > MAX_DEPTH:
        raise InvalidRequest(f"{what}: the schema is nested deeper than {MAX_DEPTH} levels", param=param)
    if not is_schema(schema):
        raise InvalidRequest(f"{what}: a schema is an object or a boolean, not {text[:40]}", param=param)
    if reason := refusal(schema):
        raise InvalidRequest(f"{what}: {_explained(schema, reason)}", param=param)
    if reference := _endless(schema):
        raise InvalidRequest(f"{what}: the reference '{reference}' leads to nothing but itself", param=param)


def is_schema(value: Any) -> bool:
    """Whether a value may stand where a schema is asked for."""
    return isinstance(value, dict | bool)


def refusal(schema: Any) -> str:
    """Why llguidance cannot compile a schema, in its words; empty when it can."""
    return _refusal(json.dumps(guided(schema)))


@functools.lru_cache(maxsize=512)
def _refusal(text: str) -> str:
    grammar = f'{{"grammars": [{{"json_schema": {text}}}]}}'
    is_error, reasons = llguidance.LLMatcher.validate_grammar_with_warnings(grammar, None)
    return reasons[0] if is_error else ""


def loosened(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without the keywords that no grammar can hold; any JSON when it is not they that are wrong."""
    if _depth(schema) > MAX_DEPTH or len(json.dumps(schema)) > MAX_BYTES:
        return schema  # refused anyway
    result = copy.deepcopy(schema)
    for _ in range(MAX_LOOSENED):
        if not refusal(result):
            return result
        _, part = _innermost(result)
        keywords = _unsupported(result, part)
        for keyword in keywords:
            del part[keyword]
        if not keywords:
            break
    return {}


# --- what was meant -----------------------------------------------------------------------------------------------


def guided(schema: Any) -> dict[str, Any]:
    """A whole schema as it goes to llguidance: closed, with bounded white space."""
    whole = closed(schema)
    if not isinstance(whole, dict):
        whole = {} if whole else {"enum": []}
    return {**whole, "x-guidance": GUIDANCE}


def closed(schema: Any) -> Any:
    """Let objects have just the properties they name, where the schema does not say otherwise.

    NOTE: JSON Schema allows any others, and a model that may invent some does. llama.cpp's grammars do the same.
    Schemas that are combined with `allOf` are left alone, since each part names only some of the properties.
    Unknown formats go: by the draft a `format` is an annotation. A `oneOf` whose branches exclude each other, as those
    of a discriminated union do, becomes an `anyOf`, which a grammar can hold.
    """
    return _closed(_decided(schema, schema))


def _closed(schema: Any, *, is_combined: bool = False) -> Any:
    if not isinstance(schema, dict):
        return schema
    is_combined = is_combined or "allOf" in schema
    result = mapped(schema, functools.partial(_closed, is_combined=is_combined))
    if "properties" in schema and not is_combined and not _OPENERS & schema.keys():
        result["additionalProperties"] = False
    name = schema.get("format")
    if isinstance(name, str) and not _knows_format(name):
        del result["format"]
    return result


@functools.lru_cache(maxsize=256)
def _knows_format(name: str) -> bool:
    return not _refusal(json.dumps({"type": "string", "format": name}))


# --- one of several -----------------------------------------------------------------------------------------------


def _decided(schema: Any, root: Any) -> Any:
    """The schema with `anyOf` for every `oneOf` of which at most one branch can fit."""
    if not isinstance(schema, dict):
        return schema
    result = mapped(schema, lambda inner: _decided(inner, root))
    if isinstance(branches := result.get("oneOf"), list) and "anyOf" not in result:
        if _have_different_types(targets := [resolved(root, branch) for branch in branches]):
            result["anyOf"] = result.pop("oneOf")
        elif name := _discriminator(targets, root):
            del result["oneOf"]
            result["anyOf"] = [{**target, "required": _with(name, target.get("required", []))} for target in targets]
    return result


def _have_different_types(branches: list[Any]) -> bool:
    return _are_disjoint([_types(branch) for branch in branches])


def _types(schema: Any) -> set[str]:
    """The types that a schema names, of which an integer is a number, too; none when it names none."""
    named = schema.get("type") if isinstance(schema, dict) else None
    types = {kind for kind in (named if isinstance(named, list) else [named]) if isinstance(kind, str)}
    return types | {"number"} if "integer" in types else types


def _discriminator(branches: list[Any], root: Any) -> str:
    """A property whose values tell the branches apart, empty when there is none."""
    if not branches or not all(isinstance(branch, dict) and branch.get("type") == "object" for branch in branches):
        return ""
    shared = (name for name in _properties(branches[0]) if _are_disjoint([_constants(b, name, root) for b in branches]))
    return next(shared, "")


def _constants(branch: dict[str, Any], name: str, root: Any) -> set[str]:
    """The values that a branch gives for one of its properties, as JSON; none when it is free."""
    schema = resolved(root, _properties(branch).get(name))
    if not isinstance(schema, dict):
        return set()
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return {json.dumps(value, sort_keys=True) for value in values} if isinstance(values, list) else set()


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    named = schema.get("properties")
    return named if isinstance(named, dict) else {}


def _are_disjoint(sets: list[set[str]]) -> bool:
    return all(sets) and len(set().union(*sets)) == sum(map(len, sets))


def _with(name: str, required: Any) -> Any:
    """The names and one more; what is no list stays, to be refused."""
    return required if not isinstance(required, list) or name in required else [*required, name]


# --- the parts of a schema ----------------------------------------------------------------------------------------


def mapped(schema: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """The schema with every schema directly inside it changed."""

    def part(key: str, value: Any) -> Any:
        if key in _MAPS and isinstance(value, dict):
            return {name: change(inner) for name, inner in value.items()}
        if key in _LISTS and isinstance(value, list):
            return [change(inner) for inner in value]
        return change(value) if key in _SINGLE else value

    return {key: part(key, value) for key, value in schema.items()}


def rebased(schema: Any, base: str) -> Any:
    """A schema's part whose references hold when the whole is put at `base`, such as `#/$defs/0`."""
    if not isinstance(schema, dict):
        return schema
    # NOTE: a part with an id of its own would begin a new document, and its references would not move with it.
    result = mapped({key: value for key, value in schema.items() if key != "$id"}, lambda inner: rebased(inner, base))
    reference = schema.get("$ref")
    if isinstance(reference, str) and (reference == "#" or reference.startswith("#/")):
        result["$ref"] = base + reference[1:]
    return result


def part_of(root: Any, part: Any) -> Any:
    """A part of a schema as a schema of its own."""
    if not isinstance(part, dict) or '"$ref"' not in json.dumps(part):
        return part
    # NOTE: references mostly lead to definitions; the whole is needed for those that lead elsewhere.
    is_elsewhere = _ELSEWHERE.search(json.dumps([part, _definitions(root)]))
    whole = root if is_elsewhere else _definitions(root)
    return {**rebased(part, "#/$defs/all"), "$defs": {"all": rebased(whole, "#/$defs/all")}}


_ELSEWHERE = re.compile(r'"\$ref": "#(?!/(\$defs|definitions)/)')


def _definitions(root: Any) -> dict[str, Any]:
    return {key: root[key] for key in ("$defs", "definitions") if key in root} if isinstance(root, dict) else {}


def with_pattern(schema: Any, pattern: str) -> Any:
    """A schema whose free strings, at any depth, match a pattern, too."""
    if not isinstance(schema, dict):
        return schema
    result = mapped(schema, lambda inner: with_pattern(inner, pattern))
    named = schema.get("type", "string")
    if schema.keys() & _NO_FREE_STRINGS or "string" not in (named if isinstance(named, list) else [named]):
        return result
    if "pattern" in schema:
        return {**result, "allOf": [*result.get("allOf", []), {"pattern": pattern}]}
    return {**result, "pattern": pattern}


_NO_FREE_STRINGS = {"enum", "const", "format", "$ref", "anyOf", "oneOf"}


def inlined(schema: Any, root: Any) -> Any:
    """A part of a schema with what its local references lead to in their place; where they recur it holds itself."""
    known: dict[str, dict[str, Any]] = {}

    def followed(schema: Any) -> Any:
        if not isinstance(schema, dict):
            return schema
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return mapped(schema, followed)
        if reference not in known:
            known[reference] = node = {}
            target = followed(_at(root, reference))
            node.update(target if isinstance(target, dict) else {})
        return known[reference]

    return followed(schema)


def resolved(root: Any, schema: Any) -> Any:
    """What a schema's local references lead to; itself when it has none, or has more than a type beside one."""
    seen: set[str] = set()
    while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
        target = _at(root, reference)
        if reference in seen or target is None or set(schema) & _ASSERTING:
            return schema
        seen.add(reference)
        schema = target
    return schema


_ASSERTING = frozenset("enum const properties anyOf oneOf allOf items required".split())


def _at(root: Any, reference: str) -> Any:
    """What a local JSON pointer leads to; None for anything else."""
    if not reference.startswith("#"):
        return None
    for step in reference[1:].split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(root, list) and step.isdecimal() and int(step) < len(root):
            root = root[int(step)]
        elif isinstance(root, dict) and step in root:
            root = root[step]
        else:
            return None
    return root


# --- what is wrong ------------------------------------------------------------------------------------------------


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        level = list(itertools.chain.from_iterable(map(_values, level)))
        depth += 1
    return depth


def _values(value: Any) -> Iterable[Any]:
    """What is directly inside a JSON value."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _endless(root: Any) -> str:
    """A reference that leads in a circle, empty when there is none. llguidance takes it for what nothing fits."""
    level = [root]
    while level:
        for schema in level:
            seen: set[str] = set()
            while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
                if reference in seen:
                    return reference
                seen.add(reference)
                schema = _at(root, reference)
        level = list(itertools.chain.from_iterable(map(_values, level)))
    return ""


def _explained(root: Any, reason: str) -> str:
    """Which keyword it is, and where."""
    place, schema = _innermost(root)
    keywords = _unsupported(root, schema)
    if not keywords:
        return f"{_first_line(reason)} at {place}"
    if len(keywords) > 1:
        return f"unsupported keywords {', '.join(map(repr, keywords))} at {place}"
    reason = refusal(part_of(root, schema)) or reason
    detail = "" if f'"{keywords[0]}"' in reason else f": {_first_line(reason)}"
    return f"unsupported keyword '{keywords[0]}' at {place}{detail}"


def _innermost(root: Any) -> tuple[str, Any]:
    """A schema that cannot be compiled though all inside it can, and where it is."""
    place, schema = "#", root
    seen = {place}
    while (inner := next(_refused_parts(root, place, schema, seen), None)) is not None:
        place, schema = inner
    return place, schema


def _unsupported(root: Any, schema: Any) -> list[str]:
    """The keywords without which a schema could be compiled; none when it is not they."""
    if not isinstance(schema, dict):
        return []
    for keyword in schema:
        rest = {key: value for key, value in schema.items() if key != keyword}
        if not refusal(part_of(root, rest)):
            return [keyword]
    return [key for key in schema if refusal(part_of(root, {key: schema[key]}))]


def _first_line(reason: str) -> str:
    return " ".join(reason.split())[:300]


def _refused_parts(root: Any, place: str, schema: Any, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """The schemas directly inside one, or referred to by it, that cannot be compiled by themselves."""
    for at, inner in _parts(root, place, schema):
        reference = inner.get("$ref") if isinstance(inner, dict) else None
        if isinstance(reference, str) and (target := _at(root, reference)) is not None:
            at, inner = reference, target
        if at not in seen and is_schema(inner) and refusal(part_of(root, inner)):
            seen.add(at)
            yield at, inner


def _parts(root: Any, place: str, schema: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield place, schema
    for key, value in schema.items():
        if key in _MAPS - {"$defs", "definitions"} and isinstance(value, dict):
            yield from ((f"{place}/{key}/{_escaped(name)}", inner) for name, inner in value.items())
        elif key in _LISTS and isinstance(value, list):
            yield from ((f"{place}/{key}/{index}", inner) for index, inner in enumerate(value))
        elif key in _SINGLE:
            yield f"{place}/{key}", value


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
