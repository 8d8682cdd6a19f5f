"""Python's and JavaScript's ways to write values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.chat.dialects import Context, Reader, literals
from omm.chat.dialects.reader import Parser, Steps
from omm.types import TextDelta

END = "|"
Value = Any


def written(text: str, mark: str = "") -> tuple[str, str]:
    """The JSON text of a value that another character follows, and what is left."""
    found: list[str] = []

    def read(reader: Reader) -> Steps[None]:
        is_whole = yield from literals.value(reader, found.append, mark)
        found.append("" if is_whole else "?")

    parser = Parser(read, Context())
    left = [*parser.feed(TextDelta(text=text)), *parser.flush()]
    return "".join(found), "".join(event.text for event in left if isinstance(event, TextDelta))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a \"b\" c'", 'a "b" c'),
        ('"it\'s"', "it's"),
        ("'it's'", "it's"),
        (r"'\x41\u00e5\U0001F30A\n\t\\\'\q'", "Aå🌊\n\t\\'\\q"),
        (r"'\ud83c\udf0a \ud83c'", "🌊 \ufffd"),
        ("'''x 'y'\n'''", "x 'y'\n"),
        ("''", ""),
        ("-3.5e2", -350.0),
        ("0x10", 16),
        ("True", True),
        ("false", False),
        ("None", None),
        ("null", None),
        ("some words", "some words"),
        ("[1, 'a', [None,],]", [1, "a", [None]]),
        ("(1, 2)", [1, 2]),
        ("[]", []),
        ("{}", {}),
        ("{'a': {b: [1], \"c\": true}, 3: 'x'}", {"a": {"b": [1], "c": True}, "3": "x"}),
    ],
)
def test_values(text: str, value: Value) -> None:
    found, left = written(f" {text}) and more")
    assert json.loads(found) == value
    assert left == ") and more"


def test_strings_between_marks_have_no_escapes() -> None:
    found, left = written(r"{a:<q>x'\n" '"' "<q>,<q>b<q>:[<q>,]<q>]}.", "<q>")
    assert json.loads(found) == {"a": "x'\\n\"", "b": [",]"]}
    assert left == "."


@pytest.mark.parametrize("text", ["'a", "[1", "[1,", "{'a'", "{'a':", "{'a': 1", "tr", "", "'''a''", "{a b}", "[)"])
def test_cut_off_or_malformed(text: str) -> None:
    found, _ = written(text)
    assert found.endswith("?")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab'\" :,\\", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_json_is_understood(value: Value) -> None:
    # A quote in front of a bracket or comma would be taken for the end, were it not escaped.
    found, left = written(json.dumps(value) + ")")
    assert (json.loads(found), left) == (value, ")")


@given(VALUES)
def test_python_is_understood(value: Value) -> None:
    found, left = written(repr(value) + ")")
    assert (json.loads(found), left) == (value, ")")
