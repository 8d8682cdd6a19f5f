"""The manual pages that are about no command name all there is."""

from __future__ import annotations

from pathlib import Path

import msgspec

from omm import config
from omm.api.app import ROUTES
from omm.cli import generate, pages
from omm.store import modelfile
from omm.types import Options


def plain(page: str) -> str:
    return page.replace("\\-", "-").replace("\\&", "")


def test_every_option_is_explained() -> None:
    assert set(pages.OPTIONS) == {field.name for field in msgspec.structs.fields(Options)}
    assert all(about.endswith(".") for about in pages.OPTIONS.values())


def test_every_instruction_is_explained() -> None:
    named = [term.split()[0].lower() for term, _ in pages.INSTRUCTIONS]
    assert sorted(named) == sorted(modelfile.INSTRUCTIONS)


def test_the_example_of_a_modelfile_is_one() -> None:
    parsed = modelfile.parse("\n".join(pages.MODELFILE_EXAMPLE))
    assert (parsed.base, parsed.parameters["temperature"], parsed.warnings) == ("tiny", 0.2, ())


def test_the_example_of_a_configuration_is_one() -> None:
    found = config.parse_file("\n".join(pages.FILE_EXAMPLE), Path("config.toml"))
    values = {name: row.value for name, row in found.items()}
    (table,) = values.pop("model")
    assert (table.pattern, {name: row.value for name, row in table.values.items()}) == (
        "qwen3*",
        {"temperature": 0.6, "num_ctx": 16384},
    )
    assert [(alias.pattern, alias.target) for alias in values.pop("alias")] == [
        ("gpt-4o", "qwen3:8b"),
        ("claude-*", "llama3.2"),
    ]
    assert values == {
        "models": Path("/srv/models"),
        "keep_alive": 3600.0,
        "max_queue": 64,
        "origins": ("https://chat.example.com",),
    }


def test_every_setting_is_explained_with_its_variable_and_flag() -> None:
    page = plain(pages.configuration())
    for field in config.SETTINGS.values():
        assert f"\n.B {field.name}\n" in page
        assert f"OMM_{field.name.upper()}" in page


def test_every_route_is_listed_under_its_protocol() -> None:
    paths = generate.api_paths()
    page = plain(pages.api(paths))
    for path, methods in paths.items():
        assert all(f"\n.B {method.upper()} {path}\n" in page for method in methods)
        assert all(set(operation["tags"]) <= dict(pages.PROTOCOLS).keys() for operation in methods.values())
    assert len(paths) > len(ROUTES) / 2
