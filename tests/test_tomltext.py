"""TOML as text: lines of keys, and one value changed while the rest stays."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.tomltext import Place, dotted, is_valid, lines, literal, statements, with_value

TEXT = '''\
# first
debug = true  # yes
origins = [
  "a",  # [not.a.header]
]

# of qwen
[model."qwen3*"]
temperature = 0.2
system = """
[alias]
stop = 1
"""
[model]
tiny.top_k = 3
"b:1" = { top_p = 0.5, stop = ["x"] }

[alias]
gpt = "tiny"
'''


def test_every_key_has_its_line() -> None:
    found = lines(TEXT)
    assert {dotted(keys): line for keys, line in found.items()} == {
        "debug": 2,
        "origins": 3,
        "model": 8,
        'model."qwen3*"': 8,
        'model."qwen3*".temperature': 9,
        'model."qwen3*".system': 10,
        "model.tiny": 15,
        "model.tiny.top_k": 15,
        'model."b:1"': 16,
        'model."b:1".top_p': 16,
        'model."b:1".stop': 16,
        "alias": 18,
        "alias.gpt": 19,
    }


def test_a_place_says_where_it_is() -> None:
    place = Place("f", lines(TEXT)).at("model").at("qwen3*").at("system")
    assert (place.where, place.name) == ("f:10", 'model."qwen3*".system')
    assert place.at("none").where == "f:1"


def test_lists_of_tables_have_lines() -> None:
    assert lines("\n[[a.b]]\nc = 1\n") == {("a",): 2, ("a", "b"): 2, ("a", "b", "c"): 3}


def test_lines_end_as_toml_says_and_windows_writes() -> None:
    assert lines("a = 1\r\nb = '\u2028'\r\nc = 1\r\n") == {("a",): 1, ("b",): 2, ("c",): 3}


@pytest.mark.parametrize(
    ("keys", "value", "before", "after"),
    [
        (("debug",), "false", "debug = true  # yes\n", "debug = false\n"),
        (("threads",), "2", "]\n\n# of qwen", "]\nthreads = 2\n\n# of qwen"),
        (("origins",), None, 'origins = [\n  "a",  # [not.a.header]\n]\n', ""),
        (("model", "qwen3*", "temperature"), "1", "temperature = 0.2\n", "temperature = 1\n"),
        (("model", "qwen3*", "top_k"), "1", '1\n"""\n', '1\n"""\ntop_k = 1\n'),
        (("model", "qwen3*", "system"), "''", 'system = """\n[alias]\nstop = 1\n"""\n', "system = ''\n"),
        (("model", "tiny", "top_k"), "9", "tiny.top_k = 3", "tiny.top_k = 9"),
        (("alias", "gpt"), '"b"', 'gpt = "tiny"\n', 'gpt = "b"\n'),
        (("alias", "claude-*"), '"b"', 'gpt = "tiny"\n', 'gpt = "tiny"\n"claude-*" = "b"\n'),
        (("alias",), None, '[alias]\ngpt = "tiny"\n', ""),
        (("model", "x*", "seed"), "1", 'gpt = "tiny"\n', 'gpt = "tiny"\n\n[model."x*"]\nseed = 1\n'),
    ],
)
def test_one_value_changes(keys: tuple[str, ...], value: str | None, before: str, after: str) -> None:
    assert TEXT.count(before) == 1
    assert with_value(TEXT, keys, value) == TEXT.replace(before, after)


def test_a_plain_key_goes_before_the_tables() -> None:
    text = "# about the file\n\n# about the table\n[alias]\na = 'b'\n"
    assert with_value(text, ("debug",), "true") == text.replace(
        "# about the table", "debug = true\n\n# about the table"
    )
    assert with_value("", ("debug",), "true") == "debug = true\n"


def test_what_is_not_toml_is_told() -> None:
    assert is_valid(TEXT)
    assert not is_valid(TEXT + "debug")
    with pytest.raises(tomllib.TOMLDecodeError):
        statements("a = ")


VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4), st.text(), VALUES)
def test_what_is_written_is_read_back_and_the_rest_stays(table: dict[str, Any], key: str, value: Any) -> None:
    content = [f"{dotted((name,))} = {literal(inner)}\n" for name, inner in table.items()]
    text = "first = 1\n\n[t]\n" + "".join(content)
    changed = with_value(text, ("t", key), literal(value))
    assert tomllib.loads(changed) == {"first": 1, "t": {**table, key: value}}
    assert tomllib.loads(with_value(changed, ("t", key), None)).get("t", {}) == {
        name: inner for name, inner in table.items() if name != key
    }
