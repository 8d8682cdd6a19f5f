"""Starting fast is a feature: what simple commands must not import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.scripted import ScriptedServer

HEAVY = (
    "falcon waitress jinja2 numpy llama_cpp huggingface_hub requests platformdirs tempfile prompt_toolkit rich tqdm "
    "typer asyncio pydantic omm.store omm.service omm.api omm.engine omm.chat omm.sources"
).split()
PROGRAM = """
import sys
from omm.cli import app
code = app.invoke(sys.argv[1:])
print(*sys.modules, file=open({modules!r}, "w"))
sys.exit(code)
"""


@pytest.mark.parametrize(
    "command",
    [["list"], ["ps"], ["show", "tiny"], ["stop", "tiny"], ["run", "tiny", "Hi"], ["--help"], ["serve", "-h"]],
)
def test_command_imports_nothing_heavy(command: list[str], tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    with ScriptedServer() as server:
        subprocess.run(
            [sys.executable, "-c", PROGRAM.format(modules=str(modules)), *command],
            env={**os.environ, "OMM_HOST": server.address, "OMM_HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
        )
    loaded = modules.read_text().split()
    assert "omm.cli.app" in loaded
    assert not [name for name in loaded if any(name == heavy or name.startswith(heavy + ".") for heavy in HEAVY)]
