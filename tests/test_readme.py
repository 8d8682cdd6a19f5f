"""What the README says can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from omm.cli import app
from omm.config import SETTINGS, env_names

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")


def command_lines() -> list[str]:
    """Every line of a shell block that calls omm, without comment, redirection or leading assignment."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line.split(" #")[0].split(" < ")[0].strip() for block in blocks for line in block.splitlines()]
    return [re.sub(r"^([A-Z_]+=\S+ )+", "", line) for line in lines if re.match(r"([A-Z_]+=\S+ )*omm ", line)]


def test_readme_shows_each_command() -> None:
    shown = {line.split()[1] for line in command_lines()}
    assert {"run", "pull", "list", "show", "ps", "create", "cp", "rm", "stop", "serve"} <= shown


@pytest.mark.parametrize("line", command_lines())
def test_command_lines_are_accepted(line: str) -> None:
    _, name, *arguments = shlex.split(line)
    app.load(name).read(arguments)


def test_variables_named_in_the_text_exist() -> None:
    fields = SETTINGS.values()
    known = {name for field in fields for name in env_names(field)} | {
        "OMM_BACKEND",
        "OMM_PYTHON",
        "OMM_HOME",
        "OMM_CONFIG",
    }
    assert set(re.findall(r"\bOMM_[A-Z_]+\b", README)) <= known


def test_files_named_in_the_layout_exist(repository: Path) -> None:
    layout = re.search(r"## How the code is laid out\n\n```\n(.*?)```", README, re.DOTALL)
    assert layout
    named = re.findall(r"^(omm/\S*|tests/\S*)", layout[1], re.MULTILINE)
    assert named
    assert [name for name in named if not (repository / name).exists()] == []
