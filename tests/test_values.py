"""Texts of settings and their values."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from omm import values
from omm.config import SETTINGS


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (90.0, "1m30s"),
        (-1.0, "-1"),
        (("a", "b"), "a,b"),
        (Path("/srv/models"), "/srv/models"),
        ("auto", "auto"),
    ],
)
def test_values_are_written_as_one_would_type_them(value: Any, text: str) -> None:
    assert values.written(value) == text


@pytest.mark.parametrize("field", SETTINGS.values(), ids=lambda field: field.name)
def test_a_default_that_is_typed_is_the_default(field: dataclasses.Field[Any]) -> None:
    if text := values.written(field.default):
        assert field.metadata["parse"](text) == field.default
