"""omm doctor: each finding with its fix, and an exit code that scripts can go by."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from omm import __version__
from omm.cli import doctor
from omm.cli.client import Client
from omm.cli.doctor import Device
from omm.config import Settings
from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer

GIB = 1 << 30


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch, server: ScriptedServer) -> None:
    """Look at the scripted server for models, so that no test needs the internet."""
    monkeypatch.setenv("HF_ENDPOINT", f"http://{server.address}")
    monkeypatch.setattr(doctor, "OLLAMA_REGISTRY", f"http://{server.address}/none")


def findings(omm: Omm) -> dict[str, Any]:
    return {check["name"]: check for check in json.loads(omm("doctor", "--json").out)}


def test_a_path_that_cannot_be_looked_at_is_below_one_that_can(tmp_path: Path) -> None:
    assert doctor.existing(tmp_path / ("x" * 300) / "models") == tmp_path


@pytest.mark.usefixtures("registries")
@pytest.mark.model
def test_a_machine_that_runs_these_tests_is_well(omm: Omm, server: ScriptedServer, home: Path) -> None:
    server.answers["GET", "/api/version"] = (200, {"version": __version__})
    checks = findings(omm)
    names = [
        "python",
        "engine",
        "memory",
        "settings",
        "disk",
        "models",
        "state",
        "server",
        "proxies",
        "hf.co",
        "ollama",
    ]
    assert list(checks) == names
    assert not [check for check in checks.values() if check["status"] == "fail"]
    assert checks["engine"]["found"].startswith("llama-cpp-python 0.")
    assert checks["hf.co"]["status"] == checks["ollama"]["status"] == "ok"
    assert list(home.iterdir()) == []
    result = omm("doctor")
    assert result.code == 0
    assert result.out.startswith("ok    python     3.")


@pytest.mark.model
def test_a_bad_setting_fails_and_the_rest_is_left_out(omm: Omm, home: Path) -> None:
    (home / "config.toml").write_text("max_queue = 'x'\n")
    result = omm("doctor")
    assert result.code == 1
    assert f"fail  settings   {home}/config.toml:1: max_queue: expected" in result.out
    assert result.out.endswith(f"{'':<17}omm config edit, or mend the variable\n")


@pytest.mark.model
def test_an_engine_that_does_not_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.engine().status != "fail"
    (tmp_path / "llama_cpp.py").write_text("raise ImportError('no libcudart.so.12')")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    check = doctor.engine()
    assert (check.status, check.found) == ("fail", "llama.cpp does not load: ImportError: no libcudart.so.12")
    assert "install.sh" in check.fix


def test_devices_are_listed_and_an_unused_one_is_told() -> None:
    check = doctor.engine_with("0.3", [Device("CUDA0", 3 * 10**9, 4 * 10**9)], "cuda")
    assert (check.status, check.found) == ("ok", "llama-cpp-python 0.3, CUDA0 (3 GB of 4 GB free)")
    check = doctor.engine_with("0.3", [], "cuda")
    assert (check.status, "OMM_BACKEND=cuda" in check.fix) == ("warn", True)
    assert doctor.engine_with("0.3", [], "").status == "ok"


@pytest.mark.parametrize(("free", "status"), [(GIB, "warn"), (1 << 20, "fail"), (6 * GIB, "ok")])
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, status: str) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    check = doctor.disk(tmp_path / "not" / "yet")
    assert (check.status, bool(check.fix)) == (status, status != "ok")


def test_a_folder_that_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    models, state = doctor.permissions(tmp_path / "models" / "below")
    assert (models.name, models.status, state.status) == ("models", "fail", "ok")
    assert f"{tmp_path}/models is no folder" in models.found


def test_a_key_that_others_can_read(home: Path) -> None:
    file = home / "config.toml"
    file.write_text('api_key = "sk-1"\n')
    file.chmod(0o644)
    check = doctor.configuration(Settings.load())
    assert (check.status, check.fix) == ("warn", f"chmod 600 {file}")
    file.chmod(0o600)
    assert doctor.configuration(Settings.load()).status == "ok"


def test_an_open_server_without_a_key() -> None:
    assert "api_key" in doctor.configuration(Settings.load(host="0.0.0.0")).fix
    assert doctor.configuration(Settings.load(host="0.0.0.0", api_key="k")).status == "ok"


def check_server(address: str) -> doctor.Check:
    return doctor.server(Client(Settings.load({}, host=address)))


def test_the_server_is_ours_or_an_older_one_or_none(server: ScriptedServer) -> None:
    server.answers["GET", "/api/version"] = (200, {"version": __version__})
    assert check_server(server.address).status == "ok"
    server.answers["GET", "/api/version"] = (200, {"version": "0.0.1"})
    assert "omm shutdown" in check_server(server.address).fix
    server.answers["GET", "/api/version"] = (401, {"error": "an API key is needed"})
    assert "api_key" in check_server(server.address).fix
    server.answers["GET", "/api/version"] = (200, {})
    assert "another port" in check_server(server.address).fix


def test_nothing_answers() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        assert check_server(f"127.0.0.1:{port}").status == "fail"  # taken, and nobody listens
    assert check_server(f"127.0.0.1:{port}").status == "ok"
    assert check_server("http://192.0.2.1.invalid:1").status == "fail"


def test_a_proxy_that_catches_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.example:3128")
    check = doctor.proxies()
    assert (check.status, check.found) == ("warn", "https through http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
    assert doctor.proxies().status == "ok"
    monkeypatch.delenv("https_proxy")
    assert doctor.proxies().found == "none"


def test_a_registry_that_cannot_be_reached() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        check = doctor.registry("hf.co", f"http://127.0.0.1:{sock.getsockname()[1]}")
    assert check.status == "warn"
    assert "Connection refused" in check.found
    assert doctor.registry("hf.co", "nonsense").status == "warn"
