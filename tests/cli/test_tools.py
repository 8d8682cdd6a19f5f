"""omm launch: tools find omm through what they read themselves, and leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from omm.cli import tools
from omm.cli.tools import TOOLS, Target
from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer

TARGET = Target("http://127.0.0.1:1", "sk-1", 'odd "name":1b')
PROBE = '#!/bin/sh\necho "$0 $*"; env | grep -E "^(ANTHROPIC|CLAUDE)" | sort; exit 7\n'


@pytest.fixture
def models(server: ScriptedServer) -> None:
    server.answers["GET", "/api/version"] = (200, {"version": "1"})
    server.answers["GET", "/api/tags"] = (200, {"models": [{"name": "new:1b"}, {"name": "old:1b"}]})
    server.answers["POST", "/api/show"] = (200, {"capabilities": ["completion", "tools"]})


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


@pytest.mark.usefixtures("models")
def test_the_tool_takes_over_with_its_arguments_and_its_exit_code(
    server: ScriptedServer, programs: Path, home: Path
) -> None:
    (programs / "claude").write_text(PROBE)
    (programs / "claude").chmod(0o755)
    command = [sys.executable, "-m", "omm", "launch", "claude", "--model", "old:1b", "--", "-p", "hi there"]
    env = {**os.environ, "OMM_HOST": server.address, "OMM_HOME": str(home), "OMM_API_KEY": "sk-1"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    head, *variables = done.stdout.splitlines()
    assert (done.returncode, head) == (7, f"{programs}/claude -p hi there")
    values = dict(line.split("=", 1) for line in variables)
    assert values["ANTHROPIC_BASE_URL"] == f"http://{server.address}"
    assert (values["ANTHROPIC_AUTH_TOKEN"], values["ANTHROPIC_API_KEY"]) == ("sk-1", "")
    assert {value for name, value in values.items() if name.endswith("MODEL")} == {"old:1b"}


@pytest.mark.usefixtures("models")
def test_without_a_model_the_newest_is_taken_and_named(omm: Omm) -> None:
    result = omm("launch", "aider", "--print", "--", "--yes")
    assert result.code == 0
    assert result.out.endswith("aider --model openai/new:1b --no-show-model-warnings --yes\n")
    assert "export OPENAI_API_KEY=omm\n" in result.out
    assert result.err == "Using new:1b, the newest model; --model takes another one.\n"


@pytest.mark.usefixtures("models")
def test_a_model_without_tools_is_warned_of(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (200, {"capabilities": ["completion"]})
    assert "Warning: m does not know tools" in omm("launch", "codex", "--model", "m", "--print").err


@pytest.mark.usefixtures("models")
def test_a_model_that_is_missing_or_none_at_all(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (404, {"error": "model 'm' not found"})
    result = omm("launch", "codex", "--model", "m", "--print")
    assert result.code != 0
    assert "model 'm' not found" in result.err
    server.answers["GET", "/api/tags"] = (200, {"models": []})
    assert "there is no model yet" in omm("launch", "codex", "--print").err


def test_a_tool_that_is_not_installed_or_unknown(omm: Omm, programs: Path) -> None:
    result = omm("launch", "opencode")
    assert result.code != 0
    assert result.err == "Error: opencode is not installed: see https://opencode.ai\n"
    assert omm("launch", "emacs").code == 2


def test_tools_are_listed(omm: Omm, programs: Path) -> None:
    (programs / "goose").write_text("")
    (programs / "goose").chmod(0o755)
    rows = {line.split()[0]: line.split()[1] for line in omm("launch").out.splitlines()[1:]}
    assert rows.keys() == TOOLS.keys()
    assert [name for name, second in rows.items() if second == "installed"] == ["goose"]


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_gets_address_key_and_model(name: str) -> None:
    start = TOOLS[name].prepare(TARGET)
    values = [*start.arguments, *start.env.values()]
    for part in (TARGET.url, TARGET.key, TARGET.model):
        assert any(part in value or json.dumps(part) in value for value in values)
    assert not any(TARGET.key in word for word in start.arguments)  # other users see command lines


def test_codex_reads_its_flags_as_toml() -> None:
    words = tools.codex(TARGET).arguments
    settings = tomllib.loads("\n".join(words[position + 1] for position, word in enumerate(words) if word == "-c"))
    assert settings["model_provider"] == "omm"
    provider = settings["model_providers"]["omm"]
    assert (provider["base_url"], provider["wire_api"]) == ("http://127.0.0.1:1/v1", "responses")
    assert tools.codex(TARGET).env[provider["env_key"]] == "sk-1"


def test_opencode_reads_its_configuration_as_json() -> None:
    content = json.loads(tools.opencode(TARGET).env["OPENCODE_CONFIG_CONTENT"])
    assert content["model"] == f"omm/{TARGET.model}"
    assert content["provider"]["omm"]["models"].keys() == {TARGET.model}
