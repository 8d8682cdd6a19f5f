"""omm service: files that systemd and launchd understand, wherever omm lies."""

from __future__ import annotations

import configparser
import os
import plistlib
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from omm.cli import service
from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer

COMMAND = ('/opt/a b/100% "x"/python', "-m", "omm", "serve")
ENV = {"OMM_HOME": '/data/my "models"\\50%'}


@pytest.fixture
def config_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def without_systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def free_address() -> str:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as sock:
        return f"127.0.0.1:{sock.getsockname()[1]}"


def verified(unit: Path) -> str:
    """What systemd has against a unit."""
    command = ["systemd-analyze", "--user", "--man=no", "--recursive-errors=no", "verify", str(unit)]
    env = {**os.environ, "XDG_RUNTIME_DIR": str(unit.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stdout + done.stderr


@pytest.mark.system("systemd-analyze")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s a "b" 50% $HOME'
    folder.mkdir()
    unit = tmp_path / "omm.service"
    text = service.systemd_unit((f"{folder}/python", "-m", "omm", "serve"), folder, ENV)
    unit.write_text(text)
    assert verified(unit) == ""
    unit.write_text(text.replace("/usr/bin/env", "/no/such/env"))
    assert "/no/such/env" in verified(unit)


def test_words_of_the_unit_are_quoted() -> None:
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment]
    parser.read_string(service.systemd_unit((*COMMAND, "$HOME"), Path("/opt/50%"), ENV))
    unit = parser["Service"]
    assert unit["ExecStart"] == r'/usr/bin/env "/opt/a b/100%% \"x\"/python" "-m" "omm" "serve" "$$HOME"'
    assert unit["WorkingDirectory"] == "/opt/50%%"
    assert unit["Environment"] == r'"OMM_HOME=/data/my \"models\"\\50%%"'
    assert (unit["Restart"], parser["Install"]["WantedBy"]) == ("on-failure", "default.target")
    # Were the window shorter than the starts take together, they would never end.
    limits = parser["Unit"]
    assert int(limits["StartLimitIntervalSec"]) > int(limits["StartLimitBurst"]) * int(unit["RestartSec"])


def test_launchd_reads_the_agent() -> None:
    agent = plistlib.loads(service.launchd_agent(COMMAND, Path("/opt/a b"), ENV).encode())
    assert agent["ProgramArguments"] == list(COMMAND)
    assert (agent["WorkingDirectory"], agent["EnvironmentVariables"]) == ("/opt/a b", ENV)
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["StandardErrorPath"].endswith("logs/server.log")


@pytest.mark.parametrize(("platform", "tool"), [("linux", "systemctl"), ("darwin", "launchctl")])
def test_each_system_has_its_tool(platform: str, tool: str) -> None:
    supervisor = service.supervisor_of(platform)
    commands = [*supervisor.enable, *supervisor.disable, *supervisor.after_removal, supervisor.is_running]
    assert {command[0] for command in commands} == {tool} == {supervisor.tool}
    assert str(sys.executable) in supervisor.text()


def test_another_system_is_told_so() -> None:
    with pytest.raises(service.Unsupported, match="no services on win32"):
        service.supervisor_of("win32")


@pytest.mark.usefixtures("without_systemctl")
def test_install_without_systemd_leaves_a_unit_to_enable_later(
    omm: Omm, config_home: Path, home: Path, free_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    unit = config_home / "systemd" / "user" / "omm.service"
    result = omm("--host", free_address, "service", "install")
    assert result.code == 1
    assert result.out == f"Wrote {unit}\n"
    assert "later: systemctl --user daemon-reload && systemctl --user enable --now omm.service" in result.err
    assert f'Environment="OMM_HOME={home}"' in unit.read_text()
    assert stat.S_IMODE((home / "logs").stat().st_mode) == 0o700

    shown = omm("service")
    assert (shown.code, "installed, but does not run" in shown.out) == (1, True)
    removed = omm("service", "uninstall")
    assert removed.out == f"Removed {unit}\n"
    assert not unit.exists()
    assert "no service is installed" in omm("service", "uninstall").err
    assert (omm("service").code, omm("service").out[:11]) == (1, "No service ")


def test_install_beside_a_running_server_is_refused(omm: Omm, server: ScriptedServer, config_home: Path) -> None:
    result = omm("service", "install")
    assert result.code == 1
    assert "a server runs at" in result.err
    assert not config_home.exists()


def test_variables_that_the_service_does_not_see_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    service.note_variables()
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("OLLAMA_KEEP_ALIVE", "1h")
    monkeypatch.setenv("OMM_THREADS", "1")
    service.note_variables()
    assert "does not see OLLAMA_KEEP_ALIVE, OMM_THREADS:" in capsys.readouterr().out


def test_what_a_tool_says_is_passed_on(tmp_path: Path) -> None:
    assert service.run(("sh", "-c", "exit 0")) == ""
    assert service.run(("sh", "-c", "echo out; echo no bus >&2; exit 1")) == "no bus"
    assert service.run(("sh", "-c", "exit 3")) == "it ended with status 3"
    assert "No such file" in service.run((str(tmp_path / "none"),))


def test_an_action_that_does_not_exist(omm: Omm) -> None:
    assert omm("service", "start").code == 2
