"""What is promised of `omm serve`: where it listens, whom it answers, what it forgets. A server process each."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from omm.config import Settings

KEY = "sk-your-secret-key"
BEARER = {"authorization": f"Bearer {KEY}"}
OPEN_PATHS = ("/", "/api/version", "/api/tags", "/v1/health", "/v1/models", "/openapi.json", "/docs", "/metrics")


@dataclasses.dataclass
class Served:
    """A running `omm serve` and what it has logged so far."""

    process: subprocess.Popen[str]
    port: int
    log: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bound(self) -> set[tuple[str, int]]:
        """Every address that it listens on."""
        connections = psutil.Process(self.process.pid).net_connections("tcp")
        return {tuple(one.laddr) for one in connections if one.status == psutil.CONN_LISTEN}


@contextlib.contextmanager
def serve(home: Path, *flags: str, **env: str) -> Iterator[Served]:
    """Run the command until the block ends."""
    command = [sys.executable, "-m", "omm", "serve", *flags]
    where = {**os.environ, "OMM_HOME": str(home), "OMM_THREADS": "1", **env}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=where) as process:
        assert process.stderr is not None
        lines: list[str] = []
        try:
            for line in process.stderr:
                lines.append(line)
                if found := re.search(r"listens on .*?:(\d+)", line):
                    break
            reader = threading.Thread(target=lines.extend, args=(process.stderr,), daemon=True)
            reader.start()  # or a full pipe would stop the server
            yield Served(process, int(found[1]) if found else 0, lines)
        finally:
            process.terminate()
            process.wait(60)


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


# --- where it listens -------------------------------------------------------------------------------------------


def test_000_01_000_02_001_38_002_01_002_40_alone_on_the_loopback_address(tmp_path: Path) -> None:
    assert Settings.load({}).address == ("127.0.0.1", 11434)
    begun = time.monotonic()
    with serve(tmp_path, OMM_PORT=free_port()) as served:  # the port alone, as another server may have the default
        assert requests.get(served.url, timeout=60).text == "Ollama is running"
        assert time.monotonic() - begun < 30
        assert {host for host, _ in served.bound} <= {"127.0.0.1", "::1"}
        assert ("127.0.0.1", served.port) in served.bound
        assert requests.get(f"{served.url}/api/ps", timeout=60).json() == {"models": []}
        assert psutil.Process(served.process.pid).children() == []


def test_000_03_flags_decide_where(tmp_path: Path) -> None:
    port = free_port()
    with serve(tmp_path, "--host", "0.0.0.0", "--port", port) as served:
        assert served.bound == {("0.0.0.0", int(port))}


def test_002_41_the_flag_over_our_variable_over_ollamas(tmp_path: Path) -> None:
    theirs, ours, flag = (free_port() for _ in range(3))
    variables = {"OLLAMA_HOST": f"0.0.0.0:{theirs}"}
    with serve(tmp_path, **variables) as served:
        assert served.bound == {("0.0.0.0", int(theirs))}
    variables["OMM_HOST"] = f"127.0.0.1:{ours}"
    with serve(tmp_path, **variables) as served:
        assert ("127.0.0.1", int(ours)) in served.bound
    with serve(tmp_path, "--host", f"127.0.0.1:{flag}", **variables) as served:
        assert {port for _, port in served.bound} == {int(flag)}


# --- whom it answers --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("home"), "--host", "127.0.0.1:0", "--api-key", KEY) as served:
        yield served


@pytest.mark.parametrize("path", OPEN_PATHS)
def test_000_04_000_23_000_24_000_27_the_key_is_wanted_everywhere(guarded: Served, path: str) -> None:
    url = guarded.url + path
    assert requests.get(url, timeout=60).status_code == 401
    assert requests.get(url, headers=BEARER, timeout=60).status_code == 200
    assert requests.get(url, headers={"x-api-key": KEY}, timeout=60).status_code == 200
    asked = {"origin": "http://localhost:3000", "access-control-request-method": "GET"}
    assert requests.options(url, headers=asked, timeout=60).status_code == 204


def test_000_25_000_26_both_headers_on_every_protocol(guarded: Served) -> None:
    body = {"model": "nobody", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]}
    for path in ("/anthropic/v1/messages", "/v1/messages", "/v1/chat/completions", "/api/chat"):
        for headers, status in [({"x-api-key": KEY}, 404), (BEARER, 404), ({"x-api-key": "wrong"}, 401), ({}, 401)]:
            answer = requests.post(guarded.url + path, json=body, headers=headers, timeout=60)
            assert answer.status_code == status, path


def test_000_29_the_key_is_in_no_log_and_no_output(guarded: Served) -> None:
    for headers in (BEARER, {"x-api-key": KEY}, {"authorization": f"Bearer {KEY}x"}):
        requests.get(f"{guarded.url}/api/tags", headers=headers, timeout=60)
    env = {**os.environ, "OMM_HOST": guarded.url, "OMM_API_KEY": KEY, "OMM_NO_START": "1"}
    for command in ("ps", "status", "config"):
        done = subprocess.run(
            [sys.executable, "-m", "omm", command], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert KEY not in done.stdout + done.stderr
    assert KEY not in "".join(guarded.log)


# --- what it forgets --------------------------------------------------------------------------------------------


def test_001_53_sessions_are_gone_after_a_restart(tmp_path: Path) -> None:
    with serve(tmp_path, OMM_HOST="127.0.0.1:0") as served:
        requests.post(f"{served.url}/api/pull", json={"model": "tiny"}, timeout=60).raise_for_status()
        begun = requests.post(f"{served.url}/v1/sessions", json={"runtime": {"model_reference": "tiny"}}, timeout=60)
        path = f"/v1/sessions/{begun.json()['session_id']}"
        assert requests.get(served.url + path, timeout=60).status_code == 200
    with serve(tmp_path, OMM_HOST="127.0.0.1:0") as served:
        assert requests.get(served.url + path, timeout=60).status_code == 404
