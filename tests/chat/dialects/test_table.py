"""Which dialect a chat template speaks."""

from __future__ import annotations

import pytest

from omm.chat.dialects import DIALECTS, Context, choose
from tests.chat.dialects.recognition import FILES, SNIPPETS, mistaken


@pytest.mark.parametrize("name", [dialect.name for dialect in DIALECTS])
def test_every_dialect_is_recognised(name: str) -> None:
    assert [choose(snippet).name for snippet in SNIPPETS[name]] == [name] * len(SNIPPETS[name])


def test_the_override_decides() -> None:
    assert choose("<tool_call>", "mistral").name == "mistral"
    assert choose("<tool_call>", "no such dialect").name == "hermes"


def test_names_are_unique() -> None:
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS)


def test_parsers_start_where_the_prompt_ends() -> None:
    parser = choose("<tool_call>").parser(Context(is_thinking=True))
    assert parser.is_thinking


def test_the_check_of_a_folder_names_what_is_mistaken(tmp_path: object) -> None:
    folder = tmp_path
    name, dialect = next(iter(FILES.items()))
    (folder / f"{name}.jinja").write_text(SNIPPETS[dialect][0])  # type: ignore[operator]
    assert mistaken(folder) == {}  # type: ignore[arg-type]
    (folder / f"{name}.jinja").write_text("nothing")  # type: ignore[operator]
    assert mistaken(folder) == {name: "plain"}  # type: ignore[arg-type]
