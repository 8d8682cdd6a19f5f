"""Go's truth, printing and JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.chat.gotemplate.values import (
    JSONList,
    JSONMap,
    OrderedMap,
    Struct,
    float_text,
    is_true,
    printed,
    text,
    to_json,
    type_name,
)


@pytest.mark.parametrize("value", [True, 1, -1, 0.5, "a", " ", [0], {"a": None}, JSONList([1]), Struct({}, {})])
def test_true(value: Any) -> None:
    assert is_true(value)


@pytest.mark.parametrize("value", [False, 0, 0.0, "", [], {}, (), None, JSONList(), JSONMap()])
def test_false(value: Any) -> None:
    assert not is_true(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (100000.0, "100000"),
        (1e6, "1e+06"),
        (123456789.0, "1.23456789e+08"),
        (1e21, "1e+21"),
        (1e100, "1e+100"),
        (1e-4, "0.0001"),
        (1.23e-5, "1.23e-05"),
        (0.0, "0"),
        (-0.0, "-0"),
        (math.inf, "+Inf"),
        (-math.inf, "-Inf"),
        (math.nan, "NaN"),
    ],
)
def test_floats_print_with_their_shortest_digits(value: float, expected: str) -> None:
    assert float_text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1e20, "100000000000000000000"), (1e21, "1e+21"), (1e-6, "0.000001"), (2.5e-7, "2.5e-7"), (1e6, "1000000")],
)
def test_floats_in_json_have_another_bound(value: float, expected: str) -> None:
    assert to_json(value) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_read_back(value: float) -> None:
    assert float(float_text(value)) == value
    assert json.loads(to_json(value), parse_int=float) == value


def test_printing() -> None:
    nested = {"b": [None, True, "x"], "a": {"z": 1.5}, "c": JSONMap(k="<")}
    assert text(nested) == 'map[a:map[z:1.5] b:[<nil> true x] c:{"k":"\\u003c"}]'
    assert (printed(None), printed(nested), printed("")) == ("", text(nested), "")


def test_keys_are_sorted_unless_they_have_an_order() -> None:
    plain = {"b": 1, "a": {"d": 1, "c": 2}}
    assert to_json(plain) == to_json(JSONMap(plain)) == '{"a":{"c":2,"d":1},"b":1}'
    assert to_json(OrderedMap(plain)) == to_json(Struct({}, plain)) == '{"b":1,"a":{"c":2,"d":1}}'


KEYS = st.text()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e15, 1e15) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=10,
)


@given(VALUES)
def test_json_is_json(value: Any) -> None:
    written = to_json(value)
    assert json.loads(written) == value
    assert not set(written) & set("<>&\u2028\u2029")


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_json_has_no_such_numbers(value: float) -> None:
    with pytest.raises(ValueError, match="unsupported value"):
        to_json([value])


def test_type_names() -> None:
    values = [None, True, 1, 1.5, "", [], {}, Struct({}, {}), b""]
    assert [type_name(value) for value in values] == [
        *("nil", "bool", "int", "float64", "string", "[]interface {}", "map[string]interface {}", "struct", "bytes"),
    ]
