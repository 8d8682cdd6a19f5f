"""Schemas are closed, moved and checked; what cannot be held is named with its place."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from omm.chat import schema as schemas
from omm.errors import InvalidRequest
from tests.chat.dialects.tokens import Vocabulary

UNIQUE = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
LIST = {"type": "array", "items": {"type": "string"}}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "friends": {"type": "array", "items": {"$ref": "#/$defs/Person"}}},
    "required": ["name"],
}


def complaint(schema: Any) -> str:
    with pytest.raises(InvalidRequest) as caught:
        schemas.check(schema, "format", param="format")
    assert caught.value.param == "format"
    return caught.value.message


def allows(schema: Any, *values: Any) -> list[bool]:
    grammar = f"start: %json {json.dumps(schemas.guided(schema))}"
    return [Vocabulary().accepts(grammar, json.dumps(value)) for value in values]


# --- one of several -----------------------------------------------------------------------------------------------

CAT = {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}, "required": ["lives"]}
DOG = {"type": "object", "properties": {"kind": {"enum": ["dog", "pup"]}, "name": {"type": "string"}}}


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [CAT, DOG]},
        {"oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}], "$defs": {"Cat": CAT, "Dog": DOG}},
    ],
)
def test_a_union_is_told_by_its_discriminator(schema: Any) -> None:
    schemas.check(schema, "format", param="format")
    cat, pup = {"kind": "cat", "lives": 9}, {"kind": "pup", "name": "Rex"}
    assert allows(schema, cat, pup, {"kind": "dog"}) == [True, True, True]
    assert allows(schema, {"lives": 9}, {"name": "Rex"}, {**cat, "name": "Tom"}) == [False, False, False]
    for fitting in (cat, pup):
        jsonschema.validate(fitting, schema)


def test_a_union_of_types_is_told_by_them() -> None:
    schema = {"type": "object", "properties": {"at": {"oneOf": [{"type": "string"}, {"type": ["integer", "null"]}]}}}
    schemas.check(schema, "format", param="format")
    assert allows(schema, {"at": "noon"}, {"at": 12}, {"at": None}, {"at": 1.5}) == [True, True, True, False]


@pytest.mark.parametrize(
    "branches",
    [
        [{"type": "integer"}, {"type": "number"}],
        [{"type": "string"}, {}],
        [CAT, CAT],
        [CAT, {"type": "object", "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}}],
        [{"required": ["a"]}, {"required": ["b"]}],
        [],
    ],
)
def test_branches_that_may_both_fit_are_refused(branches: Any) -> None:
    assert "oneOf" in complaint({"oneOf": branches})


@pytest.mark.parametrize("part", [{"type": 5}, {"type": [[]]}, {"required": 1}, {"properties": []}, {"properties": 5}])
def test_unions_of_what_is_no_schema_are_refused(part: Any) -> None:
    assert complaint({"oneOf": [{**CAT, **part}, DOG]})


@pytest.mark.parametrize("kind", [{"enum": 5}, {"enum": [[], {}]}, 5, True, {"const": {"a": 1}}])
def test_odd_discriminators_do_no_harm(kind: Any) -> None:
    schemas.closed({"oneOf": [{**CAT, "properties": {"kind": kind}}, DOG]})


# --- closed -------------------------------------------------------------------------------------------------------


def test_named_properties_are_all_there_is() -> None:
    inner = {"type": "object", "properties": {"x": {"type": "integer"}}}
    schema = schemas.closed(
        {
            "type": "object",
            "properties": {"list": {"type": "array", "items": inner}, "one": inner},
            "$defs": {"d": inner},
        }
    )
    assert schema["additionalProperties"] is False
    assert schema["properties"]["one"]["additionalProperties"] is False
    assert schema["properties"]["list"]["items"]["additionalProperties"] is False
    assert schema["$defs"]["d"]["additionalProperties"] is False


def test_a_property_may_be_called_properties() -> None:
    schema = schemas.closed({"type": "object", "properties": {"properties": {"type": "string"}}})
    assert schema["properties"] == {"properties": {"type": "string"}}


@pytest.mark.parametrize(
    "opened",
    [
        {"additionalProperties": True},
        {"patternProperties": {"^x": {"type": "string"}}},
        {"anyOf": [{"required": ["a"]}]},
        {"allOf": [{"properties": {"b": {"type": "string"}}}]},
    ],
)
def test_what_the_schema_says_itself_holds(opened: dict[str, Any]) -> None:
    wanted = {"type": "object", "properties": {"a": {"type": "string"}}, **opened}
    assert schemas.closed(wanted).get("additionalProperties") == opened.get("additionalProperties")


def test_parts_that_are_combined_stay_open() -> None:
    parts = [{"properties": {name: {"type": "integer"}}, "required": [name]} for name in "ab"]
    assert allows({"type": "object", "allOf": parts}, {"a": 1, "b": 2}, {"a": 1}) == [True, False]


def test_annotations_are_ignored() -> None:
    schema = {
        "type": "string", "title": "t", "description": "d", "default": "x", "examples": ["y"], "$comment": "c",
        "deprecated": True, "readOnly": True, "writeOnly": False, "x-order": 3, "example": "z", "format": "our-own",
    }  # fmt: skip
    schemas.check(schema, "format", param="format")
    assert allows(schema, "anything", 1) == [True, False]


def test_formats_that_are_known_hold() -> None:
    assert allows({"type": "string", "format": "date"}, "2024-05-01", "tomorrow") == [True, False]


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (True, [1], None),
        ({"enum": ["a", 1, None]}, 1, 2),
        ({"type": ["integer", "null"], "minimum": 3}, None, 2),
        ({"anyOf": [{"type": "string", "maxLength": 2}, {"const": 7}]}, "ab", "abc"),
        ({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "string"}}, [1, "a"], ["a"]),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"x": 1}, {"x": "1"}),
        ({"$ref": "#/$defs/Person", "$defs": {"Person": PERSON}}, {"name": "a", "friends": [{"name": "b"}]}, {}),
        ({"type": "number", "multipleOf": 0.5}, 1.5, 1.2),
        ({"type": "string", "pattern": "^a+$"}, "aa", "ab"),
    ],
)
def test_grammars_allow_what_is_valid(schema: Any, good: Any, bad: Any) -> None:
    schemas.check(schema, "format", param="format")
    jsonschema.validate(good, schema)
    if bad is None:
        assert allows(schema, good) == [True]
        return
    assert not jsonschema.Draft202012Validator(schema).is_valid(bad)
    assert allows(schema, good, bad) == [True, False]


def test_blanks_are_bounded() -> None:
    grammar = f"start: %json {json.dumps(schemas.guided({'type': 'array'}))}"
    assert Vocabulary().accepts(grammar, "[" + " " * 20 + "]")
    assert not Vocabulary().accepts(grammar, "[" + " " * 21 + "]")


# --- moved --------------------------------------------------------------------------------------------------------


def test_references_move_with_their_schema() -> None:
    moved = schemas.rebased({"properties": {"$ref": {"$ref": "#/$defs/a"}, "own": {"$ref": "#"}}}, "#/$defs/0")
    assert moved == {"properties": {"$ref": {"$ref": "#/$defs/0/$defs/a"}, "own": {"$ref": "#/$defs/0"}}}
    assert schemas.rebased({"const": {"$ref": "#/x"}}, "#/y") == {"const": {"$ref": "#/x"}}


@pytest.mark.parametrize(
    "root",
    [
        {"properties": {"who": {"$ref": "#/$defs/Person"}}, "$defs": {"Person": PERSON}},
        {"properties": {"who": {"$ref": "#/properties/other"}, "other": {**PERSON, "properties": {"name": {}}}}},
    ],
)
def test_a_part_stands_alone(root: dict[str, Any]) -> None:
    part = schemas.part_of(root, root["properties"]["who"])
    assert allows(part, {"name": "a"}, {}) == [True, False]


def test_inlined_schemas_hold_themselves_where_they_recur() -> None:
    root = {"$ref": "#/$defs/Person", "$defs": {"Person": PERSON}}
    person = schemas.inlined(root, root)
    friends = person["properties"]["friends"]
    assert friends["items"]["properties"]["friends"] is friends
    assert schemas.inlined({"$ref": "#/nowhere"}, root) == {}


def test_a_pattern_reaches_all_free_strings() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "array", "items": {"type": "string", "pattern": "^x"}}},
    }
    held = schemas.with_pattern(schema, "^[^<]*$")
    assert allows(held, {"a": "yes"}, {"a": "<"}, {"b": ["xy"]}, {"b": ["x<"]}) == [True, False, True, False]


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "object", "properties": {"tags": UNIQUE}}, "unsupported keyword 'uniqueItems' at #/properties/tags"),
        ({"items": {"anyOf": [{"type": "null"}, UNIQUE]}}, "unsupported keyword 'uniqueItems' at #/items/anyOf/1"),
        ({"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": UNIQUE}}, "keyword 'uniqueItems' at #/$defs/x"),
        ({"$ref": "#/$defs/x", "$defs": {"x": UNIQUE}}, "keyword 'uniqueItems' at #/$defs/x"),
        ({"properties": {"a": {"$ref": "#"}, "b/c": {"not": {}}}}, "unsupported keyword 'not' at #/properties/b~1c"),
        ({"uniqueItems": True, "not": {}}, "unsupported keywords 'uniqueItems', 'not' at #"),
        ({"$ref": "https://example.org/s.json"}, "unsupported keyword '$ref' at #"),
        ({"type": "string", "pattern": "(?=a)"}, "unsupported keyword 'pattern' at #: regex parse error"),
        ({"items": {"type": "nope"}}, "keyword 'type' at #/items: Invalid type: nope"),
        ({"type": "object", "properties": {"a": {"enum": []}}, "required": ["a"]}, "keyword 'enum' at #/properties/a"),
        ({"$ref": "#"}, "the reference '#' leads to nothing but itself"),
        ({"items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"$ref": "#/$defs/a"}}}, "reference '#/$defs/a' leads to"),
        (False, "Unsatisfiable schema"),
        ("json", "a schema is an object or a boolean"),
    ],
)
def test_what_cannot_be_held_is_named_with_its_place(schema: Any, message: str) -> None:
    assert message in complaint(schema)
    assert complaint(schema).startswith("format: ")


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ({"type": "object", "properties": {"a": {"type": "null"}}}, None),
        ({"type": "object", "properties": {"tags": UNIQUE}}, {"type": "object", "properties": {"tags": LIST}}),
        ({"items": {"anyOf": [{"type": "null"}, UNIQUE]}}, {"items": {"anyOf": [{"type": "null"}, LIST]}}),
        ({"$ref": "#/$defs/x", "$defs": {"x": UNIQUE}}, {"$ref": "#/$defs/x", "$defs": {"x": LIST}}),
        ({"uniqueItems": True, "not": {}, "type": "array"}, {"type": "array"}),
        ({"type": "string", "pattern": "(?=a)"}, {"type": "string"}),
        ({"$ref": "https://example.org/s.json"}, {}),
    ],
)
def test_what_cannot_be_held_can_be_left_out(schema: Any, kept: Any) -> None:
    before = json.dumps(schema)
    assert schemas.loosened(schema) == (schema if kept is None else kept)
    assert json.dumps(schema) == before


def test_what_is_refused_anyway_is_not_searched() -> None:
    deep: dict[str, Any] = {"not": {}}
    for _ in range(schemas.MAX_DEPTH):
        deep = {"items": deep}
    assert schemas.loosened(deep) is deep
    many = {"properties": {str(number): {"not": {"const": number}} for number in range(schemas.MAX_LOOSENED + 1)}}
    assert schemas.loosened(many) == {}


def test_schemas_are_bounded() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(schemas.MAX_DEPTH):
        deep = {"items": deep}
    assert "nested deeper than" in complaint(deep)
    assert "longer than" in complaint({"enum": ["x" * schemas.MAX_BYTES]})
    parts = [{"anyOf": [{"properties": {f"{a}{b}": {}}} for b in range(12)]} for a in range(5)]
    assert "keyword 'allOf' at #: schema too large" in complaint({"allOf": parts})
