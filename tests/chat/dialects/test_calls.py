"""The forms that dialects share: JSON passed on as it comes, and raw values typed by a tool's schema."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from omm.chat.dialects.calls import Arguments, Keys, code_call, json_calls, json_value, typed
from omm.chat.dialects.reader import Context, Parser, Reader, Steps
from omm.types import TextDelta, ToolCallDelta
from tests.chat.dialects.golden import TOOLS, cuts, joined


def values(reader: Reader) -> Steps[None]:
    """Each JSON value between bars, a question mark behind one that is cut off."""
    while (yield from reader.peek()):
        reader.say("|")
        is_whole = yield from json_value(reader, reader.say)
        reader.say("|" if is_whole else "?")
        yield from reader.until(";", into=reader.say)


def said(text: str) -> str:
    """What `values` says of a text, the same for every split."""

    def of(pieces: list[str]) -> str:
        parser = Parser(values, Context())
        made = [event for piece in pieces for event in parser.feed(TextDelta(text=piece))] + parser.flush()
        return "".join(event.text for event in made if isinstance(event, TextDelta))

    whole = of([text])
    for pieces in cuts(text):
        assert of(pieces) == whole, pieces
    return whole


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('{"a": [1, {"b": "}]"}]} x', '|{"a": [1, {"b": "}]"}]}| x'),
        (r'["\"", "\\", "]"]', r'|["\"", "\\", "]"]|'),
        ('"a\n\tb\x01"', r'|"a\n\tb\u0001"|'),
        ("12.5,;true, ;null]", "|12.5|,|true|, |null|]"),
        ('{"a": "b', '|{"a": "b?'),
        ("[[]", "|[[]?"),
        (",", "|?,"),
    ],
)
def test_a_json_value_is_passed_on(text: str, result: str) -> None:
    assert said(text) == result


def test_arguments_are_told_while_they_are_written() -> None:
    def read(reader: Reader) -> Steps[None]:
        yield from json_calls(reader)

    parser = Parser(read, Context())
    told = []
    for piece in ('{"name": "tide", "arg', 'uments": {"por', 't": "Os', 'lo"}}'):
        deltas = [event for event in parser.feed(TextDelta(text=piece)) if isinstance(event, ToolCallDelta)]
        told.append("".join(delta.arguments for delta in deltas))
    assert told == ["", '{"por', 't": "Os', 'lo"}']


def test_a_very_deep_or_long_text_is_no_trouble() -> None:
    def read(reader: Reader) -> Steps[None]:
        reader.mark()
        if not (yield from json_calls(reader)):
            reader.say(reader.consumed)

    for text in ("[" * 100_000, '{"a": ' * 100_000, '{"name": "' + "a" * 1_000_000):
        parser = Parser(read, Context())
        assert joined(parser.feed(TextDelta(text=text)) + parser.flush()) == [("text", text)]


def test_a_dialect_may_name_the_keys() -> None:
    def read(reader: Reader) -> Steps[None]:
        yield from json_calls(reader, Keys(name=("tool",), arguments=("input",), id=("number",)))

    text = '[{"number": 7, "tool": "tide", "input": {"days": 1}, "name": "other"}]'
    parser = Parser(read, Context())
    assert joined(parser.feed(TextDelta(text=text)) + parser.flush()) == [("call", "tide", {"days": 1}, "7")]


STRING = {"type": "string"}
INTEGER = {"type": "integer"}
NULLABLE = {"type": ["string", "null"]}
UNION = {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "object"}]}


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("12", STRING, "12"),
        ("null", STRING, "null"),
        ("12", {"enum": ["12", "13"]}, "12"),
        ("12", {"const": "12"}, "12"),
        ("12", INTEGER, 12),
        (" 12\n", INTEGER, 12),
        ("a dozen", INTEGER, "a dozen"),
        ("2.5", {"type": "number"}, 2.5),
        ("2", {"type": "number"}, 2),
        ("true", {"type": "boolean"}, True),
        ("False", {"type": "boolean"}, False),
        ("None", {"type": "object", "nullable": True}, None),
        ("null", NULLABLE, None),
        ("12", NULLABLE, "12"),
        ("null", {"type": "string", "nullable": True}, None),
        ("12", UNION, 12),
        ("true", UNION, "true"),
        ('{"a": 1}', UNION, {"a": 1}),
        ('{"a": 1} and', UNION, '{"a": 1} and'),
        ('"quoted"', UNION, '"quoted"'),
        ("{'a': [1, None], 'b': (True,)}", {"type": "object"}, {"a": [1, None], "b": [True]}),
        ("[1, 2", {"type": "array"}, "[1, 2"),
        ("__import__('os')", {}, "__import__('os')"),
        ("{1, 2}", {}, "{1, 2}"),
        ("NaN", {"type": "number"}, "NaN"),
        ("1e999", {"type": "number"}, sys.float_info.max),
        ("12", None, 12),
        ("words", None, "words"),
        ("true", {"description": "no type"}, True),
        ("(" * 5000, None, "(" * 5000),
    ],
)
def test_a_raw_value_is_typed_by_its_schema(text: str, schema: Any, value: object) -> None:
    told = typed(text, schema)
    assert json.loads(told) == value
    assert type(json.loads(told)) is type(value)


def test_a_call_without_arguments_is_an_empty_object() -> None:
    def read(reader: Reader) -> Steps[None]:
        Arguments(reader, "moon").close()
        yield from reader.skip_blanks()

    assert joined(Parser(read, Context(tools=TOOLS)).flush())[0][:3] == ("call", "moon", {})


def test_code_is_told_while_it_is_written() -> None:
    parser = Parser(code_call, Context())
    told = [event for text in ("print(", '"a")') for event in parser.feed(TextDelta(text=text))]
    assert [delta.arguments for delta in told if isinstance(delta, ToolCallDelta)] == [
        "",
        '{"code": ',
        '"',
        "print(",
        '\\"a\\")',
    ]
    assert joined(told + parser.flush())[0][2] == {"code": 'print("a")'}
