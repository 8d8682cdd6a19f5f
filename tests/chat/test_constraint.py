"""A request's format becomes a grammar."""

from __future__ import annotations

import json
from typing import Any

import llguidance
import pytest

from omm.chat import constraint
from omm.errors import InvalidRequest


def schema_of(wanted: Any) -> dict[str, Any]:
    grammar = constraint.grammar(wanted)
    assert grammar is not None
    schema: dict[str, Any] = json.loads(grammar)["grammars"][0]["json_schema"]
    return schema


def test_no_format_is_free() -> None:
    assert constraint.grammar(None) is None
    assert constraint.grammar("") is None


def test_json_is_any_object() -> None:
    assert schema_of("json")["type"] == "object"
    assert "additionalProperties" not in schema_of("json")


@pytest.mark.parametrize("wanted", ["yaml", "JSON", "{}"])
def test_other_texts_are_refused(wanted: str) -> None:
    with pytest.raises(InvalidRequest, match="invalid format") as caught:
        constraint.grammar(wanted)
    assert caught.value.param == "format"


def test_named_properties_are_all_there_is() -> None:
    inner = {"type": "object", "properties": {"x": {"type": "integer"}}}
    schema = schema_of({"type": "object", "properties": {"list": {"type": "array", "items": inner}, "one": inner}})
    assert schema["additionalProperties"] is False
    assert schema["properties"]["one"]["additionalProperties"] is False
    assert schema["properties"]["list"]["items"]["additionalProperties"] is False


def test_a_property_may_be_called_properties() -> None:
    schema = schema_of({"type": "object", "properties": {"properties": {"type": "string"}}})
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
    assert schema_of(wanted).get("additionalProperties") == opened.get("additionalProperties")


def test_grammars_compile() -> None:
    for wanted in ("json", {"type": "object", "properties": {"a": {"enum": [1, 2]}}}, {"type": "string"}):
        is_error, problems = llguidance.LLMatcher.validate_grammar_with_warnings(constraint.grammar(wanted), None)
        assert not is_error, problems
