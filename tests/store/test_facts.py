"""What listings know of a GGUF file comes from all of its templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from omm.store.facts import facts_of
from omm.store.gguf import read_header
from tests.store.small import write_small

PLAIN = {"name": "default", "template": "{{ messages }}"}


@pytest.mark.parametrize(
    ("templates", "expected"),
    [
        ("{{ messages }}", (False, False)),
        ("{{ tools }}<think></think>", (True, True)),
        ([PLAIN, {"name": "tool_use", "template": "{{ tools }}"}], (True, False)),
        ([PLAIN, {"name": "other", "template": "<think></think>"}], (False, True)),
    ],
)
def test_abilities_are_those_of_all_templates(tmp_path: Path, templates: Any, expected: tuple[bool, bool]) -> None:
    path = write_small(tmp_path / "m.gguf", extra=lambda writer: writer.add_chat_template(templates))
    facts = facts_of(read_header(path))
    assert (facts.has_tools, facts.has_thinking) == expected
