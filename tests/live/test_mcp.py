"""Tools in a conversation: the model that ships calls a real tool server, over stdio and over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from mcp.server.mcpserver import MCPServer

from tests.cli import toolserver
from tests.cli.terminal import Terminal
from tests.live.conftest import MODEL

pytestmark = pytest.mark.model

QUESTION = "What is the weather in Oslo?"
PLAIN = ("--think=false", "-o", "temperature=0")
PROGRAM = {"command": sys.executable, "args": [toolserver.__file__, "other"]}


@pytest.fixture
def env(url: str, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "OMM_HOST": url, "OMM_HOME": str(tmp_path / "home"), "TERM": "xterm-256color"}


def flags(folder: Path, entry: dict[str, Any]) -> tuple[str, ...]:
    path = folder / "tools.json"
    path.write_text(json.dumps({"mcpServers": {"weather": entry}}))
    return ("--mcp", str(path), *PLAIN)


@contextlib.contextmanager
def served(made: MCPServer) -> Iterator[str]:
    """The address of a tool server."""
    http = uvicorn.Server(uvicorn.Config(made.streamable_http_app(), log_config=None, timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=http.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        http.should_exit = True
        thread.join(60)
    assert not thread.is_alive()


def piped(env: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "omm", "run", MODEL, *args, "--mcp-allow", "all"]
    return subprocess.run(command, env=env, input=QUESTION, capture_output=True, text=True, timeout=120, check=False)


def test_in_a_pipe(env: dict[str, str], tmp_path: Path) -> None:
    done = piped(env, *flags(tmp_path, PROGRAM))
    assert done.returncode == 0
    assert "Oslo" in done.stdout
    assert done.stderr == '→ weather.get_weather(city="Oslo")\n← sunny in Oslo\n'


def test_over_http(env: dict[str, str], tmp_path: Path) -> None:
    with served(toolserver.server("other")) as address:
        done = piped(env, *flags(tmp_path, {"url": address}))
    assert done.stderr == '→ weather.get_weather(city="Oslo")\n← sunny in Oslo\n'
    assert "Oslo" in done.stdout


def test_on_a_terminal(env: dict[str, str], tmp_path: Path) -> None:
    with Terminal(["run", MODEL, *flags(tmp_path, PROGRAM)], env) as screen:
        screen.wait_for(">>> Send a message")
        screen.send(f"{QUESTION}\r")
        screen.wait_for('→ weather.get_weather(city="Oslo")\nAllow weather.get_weather?')
        screen.send("y\r")
        screen.wait_for("← sunny in Oslo\n")
        screen.wait_for(">>> Send a message")
        screen.send("/bye\r")
        assert screen.wait_end() == 0
