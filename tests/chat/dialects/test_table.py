"""Which dialect a chat template speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm.chat.dialects import DIALECTS, Context, choose, table
from tests.chat.dialects.recognition import SNIPPETS, mistaken


@pytest.mark.parametrize("name", [dialect.name for dialect in DIALECTS])
def test_every_dialect_is_recognised(name: str) -> None:
    assert [choose(snippet).name for snippet in SNIPPETS[name]] == [name] * len(SNIPPETS[name])


def test_the_override_decides() -> None:
    assert choose("<tool_call>", "mistral").name == "mistral"
    assert choose("<tool_call>", "no such dialect").name == "hermes"


def test_names_are_unique() -> None:
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS)


def test_a_parser_starts_where_the_prompt_ends() -> None:
    assert choose("<tool_call>").parser(Context(is_thinking=True)).is_thinking
    assert not choose("<tool_call>").parser(Context()).is_thinking


def test_the_check_of_a_folder_names_what_is_mistaken(tmp_path: Path) -> None:
    (tmp_path / "GLM-4.6.jinja").write_text(SNIPPETS["glm"][0])
    (tmp_path / "Kimi-K3.jinja").write_text("<|im_start|>")
    (tmp_path / "unknown.jinja").write_text("<|im_start|>")
    assert mistaken(tmp_path) == {"Kimi-K3": "plain"}


def test_names_of_ollamas_parsers_are_understood() -> None:
    assert all(table.named(name) is not None for name in table.ALIASES)
    assert choose("<tool_call>", "glm-4.7").name == "glm"
    assert choose("<tool_call>", "nobody").name == "hermes"
