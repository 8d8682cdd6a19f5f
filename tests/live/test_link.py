"""omm link, against a real server: the file becomes a model and is not copied."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from omm.cli.app import invoke
from omm.config import Settings
from tests.live.conftest import running


@pytest.fixture
def file(tmp_path: Path, gguf_path: Path) -> Path:
    return Path(shutil.copy(gguf_path, tmp_path / "My Model (Q8).gguf"))


def test_a_file_becomes_a_model_in_place(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    models = tmp_path / "models"
    monkeypatch.setenv("OMM_MODELS", str(models))
    with running(Settings.load({}, models=models, host="127.0.0.1:0")) as url:
        monkeypatch.setenv("OMM_HOST", url)
        assert invoke(["link", str(file)]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "my-model-q8"
        assert invoke(["link", str(file), "--name", "other:1b"]) == 0
        assert invoke(["list"]) == 0
        listed = capsys.readouterr().out
        assert "my-model-q8:latest" in listed
        assert "other:1b" in listed
    assert [path for path in (models / "blobs").iterdir() if os.path.samefile(path, file)]
    assert (
        sum(path.stat().st_size for path in (models / "blobs").iterdir() if not os.path.samefile(path, file)) < 10_000
    )


def test_a_server_with_another_store_is_told(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OMM_MODELS", str(tmp_path / "mine"))
    with running(Settings.load({}, models=tmp_path / "its", host="127.0.0.1:0")) as url:
        monkeypatch.setenv("OMM_HOST", url)
        assert invoke(["link", str(file)]) != 0
    assert "the server keeps its models elsewhere" in capsys.readouterr().err


def test_what_is_no_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["link", str(tmp_path / "none.gguf")]) != 0
    assert "no such file" in capsys.readouterr().err
