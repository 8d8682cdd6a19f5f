"""status, logs and shutdown: the real thing against a real server in the background, and what they say without one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omm import instance
from omm.instance import Note
from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        number: int = sock.getsockname()[1]
        return number


@pytest.fixture
def run(home: Path, port: int) -> Iterator[Run]:
    """Run omm in a process of its own; a server that is left running ends with the test."""
    env = {**os.environ, "OMM_HOME": str(home), "OMM_HOST": f"127.0.0.1:{port}"}

    def omm(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "omm", *args], env=env, capture_output=True, text=True, check=False
        )

    yield omm
    if note := instance.find(port):
        os.kill(note.pid, signal.SIGKILL)


@pytest.mark.slow
def test_a_server_in_the_background_from_start_to_end(run: Run, home: Path, port: int) -> None:
    log = home / "logs" / f"server-{port}.log"
    started = run("serve", "--detach", "--threads", "1", "--api-key", "sk-1")
    assert (started.returncode, started.stderr) == (0, f"Started the omm server (log: {log})\n")
    note = instance.find(port)
    assert note is not None
    assert b"sk-1" not in Path(f"/proc/{note.pid}/cmdline").read_bytes()

    again = run("serve", "--detach")
    assert again.returncode == 1
    foreground = run("serve")
    assert foreground.returncode == 1
    assert f"an omm server has it already (process {note.pid})" in foreground.stderr

    assert "API key" in run("status").stderr  # it was told one, and this command was not
    assert run("config", "set", "api_key", "sk-1").returncode == 0
    status = run("status")
    assert status.stdout.splitlines()[0].endswith(f"runs at http://127.0.0.1:{port}")
    assert f"process  {note.pid}" in status.stdout
    assert f"log      {log}" in status.stdout
    facts = json.loads(run("status", "--json").stdout)
    assert (facts["pid"], facts["models"], facts["models_loaded"]) == (note.pid, str(home / "models"), [])

    assert "GET /api/version 401" in log.read_text()
    last = run("logs", "-n", "1").stdout
    assert last.endswith("ms\n")
    assert last.count("\n") == 1

    stopped = run("shutdown")
    assert (stopped.returncode, stopped.stdout) == (0, f"Stopped the omm server (process {note.pid})\n")
    assert instance.find(port) is None
    assert log.read_text().rstrip().endswith("stopped")
    assert "no omm server at" in run("shutdown").stderr


def test_nothing_runs(omm: Omm, port: int) -> None:
    for command in ("status", "shutdown"):
        result = omm("--host", f"127.0.0.1:{port}", command)
        assert result.code != 0
        assert result.err == f"Error: no omm server at http://127.0.0.1:{port}, start one with 'omm serve'\n"
    assert instance.find(port) is None


def test_a_server_of_someone_else_is_shown_and_not_stopped(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/ps"] = (200, {"models": [{"name": "tiny:latest", "active": 2, "waiting": 1}]})
    shown = omm("status")
    assert shown.code == 0
    assert shown.out.endswith("  loaded   tiny:latest, 2 active, 1 waiting\n")
    assert "process" not in shown.out
    result = omm("shutdown")
    assert result.code == 1
    assert "runs on another machine or for another user" in result.err


def test_what_is_no_omm_server_is_not_stopped(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/version"] = (200, {"hello": 1})
    result = omm("shutdown")
    assert result.code == 1
    assert "it is not an omm server" in result.err


def test_a_note_that_nobody_holds_stops_nobody(omm: Omm, home: Path, port: int) -> None:
    with instance.claim(Note(pid=os.getpid(), host="h", port=port, version="", models="", started_ns=0)):
        pass
    result = omm("--host", f"127.0.0.1:{port}", "shutdown")
    assert "no omm server at" in result.err


@pytest.mark.parametrize("lines", ["x", "-1", "9" * 5000])
def test_a_bad_number_of_lines(omm: Omm, lines: str) -> None:
    assert omm("logs", "-n", lines).code == 2


def test_logs_without_a_log_say_where_else_to_look(omm: Omm) -> None:
    result = omm("logs")
    assert result.code == 1
    assert "journalctl --user -u omm" in result.err


def test_the_log_of_an_earlier_server_is_not_shown_as_that_of_one_in_the_foreground(
    omm: Omm, server: ScriptedServer
) -> None:
    port = int(server.address.rpartition(":")[2])
    path = instance.log_path(port)
    path.parent.mkdir()
    path.write_text("old\n")
    with instance.claim(Note(pid=7, host="h", port=port, version="", models="/m", started_ns=1)):
        result = omm("logs")
        assert (result.code, result.out) == (1, "")
        assert "the server (process 7) has no log file: one in the foreground logs to its terminal" in result.err
        assert "log" not in omm("status").out
        assert json.loads(omm("status", "--json").out)["log"] is None
    with instance.claim(Note(pid=7, host="h", port=port, version="", models="/m", started_ns=1, log=str(path))):
        assert omm("logs").out == "old\n"
        assert f"log      {path}" in omm("status").out


def test_the_last_lines(omm: Omm) -> None:
    path = instance.log_path(11434)
    path.parent.mkdir()
    path.write_text("".join(f"{number}\n" for number in range(100)))
    assert omm("logs", "-n", "2").out == "98\n99\n"
    assert len(omm("logs").out.splitlines()) == 50
    assert omm("logs", "-n", "0").out == ""


def test_following_goes_on_when_the_log_moves_aside(home: Path) -> None:
    path = instance.log_path(11434)
    path.parent.mkdir()
    path.write_text("old\n")
    env = {**os.environ, "OMM_HOME": str(home)}
    command = [sys.executable, "-m", "omm", "logs", "-f"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "old\n"
        with path.open("a") as log:
            log.write("added\n")
        assert process.stdout.readline() == "added\n"
        with path.open("a") as log:
            log.write("last\n")
        path.rename(path.with_suffix(".log.1"))
        path.write_text("new\n")
        assert process.stdout.readline() == "last\n"
        assert process.stdout.readline() == "new\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT
