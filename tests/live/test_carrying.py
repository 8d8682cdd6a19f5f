"""A model carried from one server to another as a file, by the commands that people use."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from omm.cli.app import invoke
from omm.config import Settings
from tests.live.conftest import MODEL, running


def command(url: str, *args: str) -> None:
    assert invoke(["--host", url, *args]) == 0


def digest_of(url: str, model: str) -> str:
    rows = requests.get(f"{url}/api/tags", timeout=60).json()["models"]
    return next(row["digest"] for row in rows if row["name"] == model)


@pytest.mark.model
def test_export_and_import(url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command(url, "export", MODEL, str(tmp_path / "tiny.tar"))
    with running(Settings.load({}, models=tmp_path / "models", host="127.0.0.1:0", threads=1)) as other:
        command(other, "import", str(tmp_path / "tiny.tar"))
        assert digest_of(other, f"{MODEL}:latest") == digest_of(url, f"{MODEL}:latest")
        command(other, "verify")
        assert "1 model with" in capfd.readouterr().out
        command(other, "prune", "--dry-run")
        assert capfd.readouterr().out == "would free 0 B\n"
        answer = requests.post(f"{other}/api/show", json={"model": MODEL}, timeout=60).json()
        assert answer["provenance"]["digest"] == f"sha256:{digest_of(url, f'{MODEL}:latest')}"
