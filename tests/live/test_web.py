"""A file at a web address, against a real server: pulled, run, and taken by a Modelfile."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from omm.cli.app import invoke
from omm.config import Settings
from tests.live.conftest import running
from tests.sources.hub import Hub, running_hub


def test_pull_run_create_and_repair(
    gguf_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_hub() as hub, running(Settings.load({}, models=tmp_path / "models", host="127.0.0.1:0")) as url:
        monkeypatch.setenv("OMM_HOST", url)
        monkeypatch.setattr("sys.stdin", io.StringIO())
        address = publish(hub, gguf_path)
        assert invoke(["pull", address]) == 1
        assert "insecure protocol http" in capsys.readouterr().err
        assert invoke(["pull", "--insecure", address]) == 0
        assert invoke(["run", address, "What is 2 + 3?"]) == 0
        assert capsys.readouterr().out.strip()

        (tmp_path / "Modelfile").write_text(f"FROM {address}\nSYSTEM Be brief.\n")
        assert invoke(["create", "brief", "-f", str(tmp_path / "Modelfile")]) == 0
        blob = max((tmp_path / "models" / "blobs").iterdir(), key=lambda path: path.stat().st_size)
        blob.write_bytes(b"?" + blob.read_bytes()[1:])
        assert invoke(["verify", "brief"]) == 1
        assert "omm verify --repair" in capsys.readouterr().err
        assert invoke(["verify", "--repair", "brief"]) == 0
        assert blob.read_bytes() == gguf_path.read_bytes()


def test_names_that_nobody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.load({}, models=tmp_path / "models", host="127.0.0.1:0", registry="http://127.0.0.1:9")
    with running(settings) as url:
        monkeypatch.setenv("OMM_HOST", url)
        assert invoke(["pull", "nosuchmodel"]) == 3
        assert "omm search nosuchmodel" in capsys.readouterr().err
        assert invoke(["pull", "lama3.2"]) == 3
        assert "did you mean llama3.2" in capsys.readouterr().err
        assert invoke(["push", "nosuchmodel"]) == 3
        assert "omm list" in capsys.readouterr().err
        assert invoke(["pull", "a//b"]) == 1
        assert capsys.readouterr().err == "Error: invalid model name: a//b\n"


def publish(hub: Hub, path: Path) -> str:
    hub.repos["some/where"] = {path.name: path.read_bytes()}
    hub.etag = '"1"'
    return f"{hub.files_url}/some/where/{path.name}"
