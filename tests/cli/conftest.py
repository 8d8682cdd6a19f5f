"""A scripted server, and the command line run against it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from omm.cli import app
from tests.cli.scripted import ScriptedServer


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Omm = Callable[..., Result]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the test's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("OMM_HOME", str(folder))
    return folder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A scripted server that the command line finds."""
    with ScriptedServer() as scripted:
        monkeypatch.setenv("OMM_HOST", scripted.address)
        yield scripted


@pytest.fixture
def clean(home: Path, server: ScriptedServer) -> dict[str, str]:
    """An environment for a process of its own that shall find the scripted server."""
    return {**os.environ, "OMM_HOME": str(home), "OMM_HOST": server.address, "TERM": "xterm-256color"}


@pytest.fixture
def omm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Omm:
    """Run one command in this process: `omm("run", "tiny", stdin="…")`."""

    def run(*args: str, stdin: str = "") -> Result:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        code = app.invoke(args)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run
