"""Starting a server: what becomes of one that dies, and of two commands that start at once."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from omm import instance
from omm.cli import launch
from omm.config import Settings
from omm.errors import SourceUnavailable
from tests.cli.conftest import Omm


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script that is started in place of Python."""
    path = tmp_path / "python"
    monkeypatch.setattr("sys.executable", str(path))
    return path


def write(program: Path, body: str) -> None:
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


def test_server_that_dies_shows_its_last_words(omm: Omm, program: Path, home: Path) -> None:
    log = home / "logs" / "server-1.log"
    log.parent.mkdir()
    log.write_text("words of an earlier server\n")
    write(program, "for i in 1 2 3; do echo line $i; done; echo Error: no such port >&2; exit 3")
    result = omm("--host", "127.0.0.1:1", "list")
    assert result.code == 1
    assert result.err == f"Error: the omm server ended: no such port (log: {log})\n"
    assert "earlier" in log.read_text()


def test_server_gets_the_commands_settings(omm: Omm, program: Path, home: Path, tmp_path: Path) -> None:
    write(program, 'echo "$@ | $OMM_HOST | $OMM_MODELS | $(pwd)"')
    os.chdir(tmp_path)
    result = omm("--host", "127.0.0.1:1", "list")
    root = Path(launch.omm.__file__).parents[1]
    assert f"-m omm serve | 127.0.0.1:1 | {home / 'models'} | {root} (log: " in result.err


def test_flags_reach_the_server_but_not_its_command_line(program: Path, home: Path) -> None:
    write(program, 'echo "$@ | $OMM_API_KEY | $OMM_LOG_FORMAT"')
    answers = iter([False, False, True])
    assert launch.start(Settings.load(), 1, lambda: next(answers), {"api_key": "sk-1", "log_format": "json"})
    assert (home / "logs" / "server-1.log").read_text() == "-m omm serve | sk-1 | json\n"


def test_the_log_is_its_owners_alone_and_named_for_the_port(program: Path, home: Path) -> None:
    write(program, "true")
    answers = iter([False, False, True])
    launch.start(Settings.load(), 1, lambda: next(answers))
    assert (home / "logs").stat().st_mode & 0o077 == 0
    assert instance.log_path(11434).name == "server.log"


def test_loser_of_the_port_uses_the_winners_server(program: Path) -> None:
    write(program, "exit 1")
    answers = iter([False, False, True])
    launch.start(Settings.load(), 1, lambda: next(answers))


def test_server_that_came_up_meanwhile_is_not_started_again(program: Path, home: Path) -> None:
    write(program, "exit 1")
    launch.start(Settings.load(), 1, lambda: True)
    assert not (home / "logs" / "server-1.log").exists()


def test_two_commands_start_one_server(program: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    write(program, f"echo once >> {started}")
    threads = [
        threading.Thread(target=launch.start, args=(Settings.load(), 1, started.exists), daemon=True) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert started.read_text() == "once\n"


def test_server_that_never_gets_ready(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(program, "exec sleep 2")
    monkeypatch.setattr(launch, "READY_TIMEOUT_S", 0.2)
    with pytest.raises(SourceUnavailable, match="was not ready"):
        launch.start(Settings.load(), 1, lambda: False)
