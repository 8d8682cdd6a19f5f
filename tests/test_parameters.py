"""Parameters: their types, and that what is checked is in range."""

from __future__ import annotations

import math
from typing import Any

import pytest

from omm import parameters
from omm.errors import InvalidRequest


def test_json_parameters_are_converted_as_ollama_does() -> None:
    given_values = {"top_k": 40.9, "temperature": 1, "stop": "x", "seed": None, "num_gqa": 8, "use_mmap": True}
    assert parameters.check(given_values) == {"top_k": 40, "temperature": 1.0, "stop": ["x"], "use_mmap": True}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("nope", 1, "unknown parameter 'nope'"),
        ("top_k", "40", "parameter 'top_k' must be of type int"),
        ("top_k", True, "parameter 'top_k' must be of type int"),
        ("top_k", float("inf"), "parameter 'top_k' must be of type int"),
        ("use_mmap", 1, "parameter 'use_mmap' must be of type bool"),
        ("stop", [1], "parameter 'stop' must be a list of strings"),
        ("logit_bias", [1], "parameter 'logit_bias' must be an object"),
    ],
)
def test_json_parameters_of_a_wrong_type_are_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        parameters.check({name: value})


def test_stored_parameters_are_read_with_forbearance() -> None:
    assert parameters.lenient({"temperature": 1, "num_gqa": 8, "top_k": "x", "seed": None}) == {"temperature": 1.0}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("temperature", math.nan, "temperature must be between 0 and 100, not nan"),
        ("top_k", 10**400, "top_k must be between -1 and 2147483647, not 1000"),
        ("stop", ("x" * 1025,), "stop may have at most 64 entries of 1024 characters each"),
        ("dry_sequence_breakers", ("x",) * 65, "dry_sequence_breakers may have at most 64 entries"),
        ("logit_bias", {-1: 0.0}, "logit_bias must be between 0 and 2147483647, not -1"),
        ("logit_bias", {1: math.inf}, "logit_bias must be between -1000 and 1000, not inf"),
        ("logit_bias", dict.fromkeys(range(4097), 0.0), "logit_bias may have at most 4096 entries"),
    ],
)
def test_what_is_out_of_range_is_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        parameters.check_ranges({"seed": 1, name: value})
