"""What schemas allow: strings apart from other values, objects with their alternatives."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat.dialects import values
from omm.chat.dialects.values import Kinds, Member, Object
from omm.errors import InvalidRequest

OTHERS = ["null", "boolean", "number", "integer", "object", "array"]
ROOT = {"$defs": {"Name": {"type": "string"}, "Colour": {"enum": ["red", "blue"]}}}


@pytest.mark.parametrize(
    ("schema", "texts", "others"),
    [
        ({"type": "string", "minLength": 2}, [{"type": "string", "minLength": 2}], []),
        ({"type": "integer"}, [], [{"type": ["integer"]}]),
        ({"type": ["string", "null"], "title": "t"}, [{"type": "string"}], [{"type": ["null"]}]),
        ({}, [{"type": "string"}], [{"type": OTHERS}]),
        (True, [{"type": "string"}], [{"type": OTHERS}]),
        (False, [], []),
        ({"enum": ["a", 1, None]}, [{"enum": ["a"]}], [{"enum": [1, None]}]),
        ({"type": "string", "enum": ["a", 1]}, [{"enum": ["a"]}], []),
        ({"type": "integer", "enum": [1, 1.5, 2.0, True]}, [], [{"enum": [1, 2.0]}]),
        ({"const": "a"}, [{"enum": ["a"]}], []),
        ({"$ref": "#/$defs/Colour"}, [{"enum": ["red", "blue"]}], []),
        ({"anyOf": [{"$ref": "#/$defs/Name"}, {"type": "null"}]}, [{"type": "string"}], [{"type": ["null"]}]),
        ({"allOf": [{"$ref": "#/$defs/Name"}], "description": "d"}, [{"type": "string"}], []),
        ({"properties": {"a": {}}}, [], [{"properties": {"a": {}}, "type": ["object"]}]),
        ({"items": {}}, [], [{"items": {}, "type": ["array"]}]),
    ],
)
def test_strings_are_taken_apart(schema: Any, texts: list[Any], others: list[Any]) -> None:
    assert values.kinds(ROOT, schema) == Kinds(tuple(texts), tuple(others))


def test_objects_have_their_members_in_order() -> None:
    schema = {"properties": {"a": {"type": "string"}, "b": {}}, "required": ["b", "c"], "additionalProperties": False}
    members = (Member("a", {"type": "string"}, False), Member("b", {}, True), Member("c", True, True))
    assert values.objects(schema, schema) == [Object(members)]


def test_alternatives_are_objects_of_their_own() -> None:
    schema = {"properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    needed = [[member.key for member in found.members if member.is_required] for found in values.objects({}, schema)]
    assert needed == [["a"], ["b"]]


def test_parts_of_all_are_one_object() -> None:
    schema = {"allOf": [{"properties": {"a": {}}, "required": ["a"]}, {"properties": {"b": {}}}]}
    assert values.objects({}, schema) == [Object((Member("a", {}, True), Member("b", {}, False)))]


def test_objects_without_names_are_open() -> None:
    assert values.objects({}, {"type": "object"}) == [Object((), True)]
    assert values.objects({}, {"additionalProperties": {"type": "integer"}}) == [Object((), {"type": "integer"})]
    assert values.objects({}, {"properties": {}, "additionalProperties": False}) == [Object(())]


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"patternProperties": {"a": {}}}, "patternProperties"),
        ({"properties": {"a": {}}, "minProperties": 1}, "minProperties"),
        ({"allOf": [{"properties": {"a": {}}}, {"properties": {"a": {"type": "string"}}}]}, "allOf"),
    ],
)
def test_what_has_no_grammar_is_named(schema: Any, keyword: str) -> None:
    with pytest.raises(InvalidRequest, match=f"unsupported keyword '{keyword}'"):
        values.objects({}, schema)


def test_combined_strings_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="unsupported keyword 'allOf'"):
        values.kinds({}, {"allOf": [{"pattern": "a"}, {"pattern": "b"}]})
