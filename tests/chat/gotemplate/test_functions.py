"""The functions of templates. The expected texts are those of Go 1.27."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from omm.chat.gotemplate import Struct, TemplateError, functions, parse

DATA: dict[str, Any] = {
    "l": ["x", 1, True],
    "m": {"k": "v", "a": {"z": 1}},
    "n": None,
    "u": "héł <&>'\"\n\x01日",
    "f": 1.5,
}

CALLS = [
    # comparison
    ('eq "a" "a"', "true"),
    ('eq "a" "b" "a"', "true"),
    ('eq "a" "b" "c"', "false"),
    ("eq 1 1", "true"),
    ("eq 1.5 .f", "true"),
    ("eq true false", "false"),
    ("eq .n nil", "true"),
    ("eq .missing nil", "true"),
    ("eq .l nil", "false"),
    ("eq .n 1", "false"),
    ("ne 1 2", "true"),
    ('lt "a" "b"', "true"),
    ("lt 2 1", "false"),
    ("le 2 2", "true"),
    ("gt 2 1", "true"),
    ("ge 1.5 .f", "true"),
    ("ge 1 2", "false"),
    # logic
    ("not 0", "true"),
    ('not "a"', "false"),
    ("not .missing", "true"),
    ("and 1 0 2", "0"),
    ("and 1 2", "2"),
    ('or 0 "" 3', "3"),
    ('or 0 ""', ""),
    # length, index, slice
    ("len .l", "3"),
    ("len .m", "2"),
    ("len .u", "16"),
    ("index .l 1", "1"),
    ('index .m "a" "z"', "1"),
    ('index .m "none"', ""),
    ("index .u 0", "104"),
    ("index .l", "[x 1 true]"),
    ("slice .l 1", "[1 true]"),
    ("slice .l 1 2", "[1]"),
    ("slice .l 0 1 2", "[x]"),
    ("slice .l", "[x 1 true]"),
    ("slice .l 3", "[]"),
    ('slice "hello" 1 3', "el"),
    ('slice "hello" 2', "llo"),
    # printing
    ("print", ""),
    ('print "a" 1 2 "b" true 3 nil', "a1 2b" + "true 3 <nil>"),
    ('println "a" 1', "a 1\n"),
    ("print .m .l", "map[a:map[z:1] k:v] [x 1 true]"),
    # escaping
    ("html \"<a href='x'>&\"", "&lt;a href=&#39;x&#39;&gt;&amp;"),
    ('html "a" 1 2', "a1 2"),
    ("js .u", "héł \\u003C\\u0026\\u003E\\'\\\"\\u000A\\u0001日"),
    ('js "=\\u00a0"', "\\u003D\\u00A0"),
    ('urlquery "a b&c/é~"', "a+b%26c%2F%C3%A9~"),
    # JSON
    ("json .m", '{"a":{"z":1},"k":"v"}'),
    ("json .u", '"héł \\u003c\\u0026\\u003e\'\\"\\n\\u0001日"'),
    ("json .l", '["x",1,true]'),
    ("json .n", "null"),
    ("json .f", "1.5"),
    ('json "\\u2028\\u2029\\t\\x7f"', '"\\u2028\\u2029\\t\x7f"'),
]


@pytest.mark.parametrize(("call", "expected"), CALLS)
def test_a_function_gives_what_go_gives(call: str, expected: str) -> None:
    assert parse(f"{{{{ {call} }}}}").execute(DATA) == expected


FAILURES = [
    ("eq 1", "eq: missing argument for comparison"),
    ('eq 1 "a"', "eq: incompatible types for comparison: int and string"),
    ("eq .l .l", "eq: non-comparable type [x 1 true]: []interface {}"),
    ("lt 1 2.0", "lt: incompatible types for comparison: int and float64"),
    ("lt true false", "lt: invalid type for comparison"),
    ("ge .l .l", "ge: invalid type for comparison"),
    ("len 3", "len: len of type int"),
    ("len .missing", "len: len of nil pointer"),
    ("index .l 3", "index: index out of range: 3"),
    ("index .l -1", "index: index out of range: -1"),
    ('index .l "a"', "index: cannot index slice/array with type string"),
    ("index .m 1", "index: value has type int; should be string"),
    ("index .n", "index: index of untyped nil"),
    ("index .n 1", "index: index of untyped nil"),
    ("index 1 1", "index: can't index item of type int"),
    ("slice .l 5", "slice: index out of range: 5"),
    ('slice "hello" 5 3', "slice: invalid slice index: 5 > 3"),
    ('slice "hello" 1 2 3', "slice: cannot 3-index slice a string"),
    ("slice .m 1", "slice: can't slice item of type map[string]interface {}"),
    ('slice .l "a"', "slice: cannot index slice/array with type string"),
    ("call .l", "call: non-function of type []interface {}"),
]


@pytest.mark.parametrize(("call", "message"), FAILURES)
def test_a_call_that_fails_says_why(call: str, message: str) -> None:
    with pytest.raises(TemplateError) as failure:
        parse(f"{{{{ {call} }}}}").execute(DATA)
    assert failure.value.message == f'executing "" at <{call}>: error calling {message}'


def test_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "_today", lambda: datetime.date(2024, 3, 1))
    assert parse('{{ currentDate }} {{ yesterdayDate }} {{ currentDate "x" }}').execute({}) == (
        "2024-03-01 2024-02-29 2024-03-01"
    )


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "string"),
        ({"type": "integer"}, "number"),
        ({"type": "array"}, "any[]"),
        ({"type": "object"}, "Record<string, any>"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [{"type": "boolean"}, Struct({}, {"type": "number"})]}, "boolean | number"),
        ({"type": "odd"}, "any"),
        ({"type": 3}, "any"),
        ({"anyOf": 3}, "any"),
        ({}, "any"),
    ],
)
def test_types_in_typescripts_words(schema: dict[str, Any], expected: str) -> None:
    assert parse("{{ toTypeScriptType .p }}").execute({"p": Struct({}, schema)}) == expected


def test_what_is_no_property_has_any_type() -> None:
    assert parse("{{ toTypeScriptType .p }}").execute({"p": "string"}) == "any"


def test_a_number_that_json_does_not_know_prints_nothing() -> None:
    assert parse("[{{ json .f }}]").execute({"f": float("inf")}) == "[]"


def test_every_function_of_go_and_ollama_is_there() -> None:
    of_go = "and call html index slice js len not or print printf println urlquery eq ge gt le lt ne"
    assert {*of_go.split(), "json", "currentDate", "yesterdayDate", "toTypeScriptType"} == functions.NAMES
