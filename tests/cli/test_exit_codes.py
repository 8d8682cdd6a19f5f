"""Help, versions, mistakes: what is printed where, and the exit code."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from omm import __version__
from omm.cli import app
from tests.cli.conftest import Omm
from tests.cli.scripted import DONE, ScriptedServer, generated


def test_no_arguments_print_help(omm: Omm) -> None:
    result = omm()
    assert result.code == 0
    assert "Usage: omm [OPTIONS] COMMAND" in result.out
    assert not result.err


@pytest.mark.parametrize("command", [name for name in app.COMMANDS if name != "help"])
def test_help_of_each_command_names_it_and_its_environment(omm: Omm, command: str) -> None:
    result = omm("help", command)
    assert result.code == 0
    assert f"Usage: omm {command} [OPTIONS]" in result.out
    assert ("OMM_CONFIG" if command == "config" else "OMM_HOST") in result.out
    assert result.out == omm(command, "--help").out


def test_help_lists_commands_in_the_tables_order_without_aliases(omm: Omm) -> None:
    lines = omm("help").out.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines] == list(app.COMMANDS)


def test_unknown_command_suggests_the_nearest(omm: Omm) -> None:
    result = omm("lst")
    assert result.code == 2
    assert result.err == "Error: No such command 'lst'. Did you mean 'list', 'ls'?\n"


def test_unknown_command_without_a_near_one(omm: Omm) -> None:
    assert omm("xyzzy").err == "Error: No such command 'xyzzy'.\n"


def test_help_about_an_unknown_command(omm: Omm) -> None:
    assert omm("help", "xyzzy") == omm("xyzzy") == (2, "", "Error: No such command 'xyzzy'.\n")


@pytest.mark.parametrize("args", [("run",), ("rm",), ("cp", "a"), ("show", "a", "b"), ("list", "--nonsense"), ("-x",)])
def test_usage_errors_are_one_line_and_exit_2(omm: Omm, args: tuple[str, ...]) -> None:
    result = omm(*args)
    assert result.code == 2
    assert result.err.startswith("Error: ")
    assert result.err.count("\n") == 1
    assert not result.out


@pytest.mark.parametrize("command", ["serve", "start"])
def test_the_server_to_talk_to_is_no_address_to_listen_on(omm: Omm, command: str) -> None:
    result = omm("--host", "0.0.0.0", command)
    assert (result.code, result.err.splitlines()[0]) == (
        2,
        f"Error: the address to listen on goes after the command: omm {command} --host 0.0.0.0",
    )


def test_error_of_the_server_is_one_line_and_exits_1(omm: Omm, server: ScriptedServer) -> None:
    server.answers["DELETE", "/api/delete"] = (409, {"error": "model 'x' is busy"})
    assert omm("rm", "x") == (1, "", "Error: model 'x' is busy\n")


def test_missing_model_exits_3(omm: Omm, server: ScriptedServer) -> None:
    server.answers["DELETE", "/api/delete"] = (404, {"error": "model 'x' not found"})
    assert omm("rm", "x") == (3, "", "Error: model 'x' not found\n")


def test_model_that_cannot_be_pulled_exits_3(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (404, {"error": "model 'x' not found"})
    server.answers["POST", "/api/pull"] = (200, [{"error": "pull model manifest: file does not exist"}])
    assert omm("run", "x", "Hi") == (3, "", "Error: pull model manifest: file does not exist\n")


def test_no_server_exits_4(omm: Omm, monkeypatch: pytest.MonkeyPatch) -> None:
    result = omm("--host", "127.0.0.1:1", "--no-start", "list")
    assert (result.code, result.out) == (4, "")
    assert result.err == "Error: no omm server at http://127.0.0.1:1, start one with 'omm serve'\n"


def test_server_that_hangs_up_in_the_middle_exits_4(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("Once")])
    server.cuts_off = True
    result = omm("run", "tiny", "Hi")
    assert (result.code, result.out) == (4, "Once")
    assert result.err == "Error: the server hung up in the middle of the answer (the connection was closed)\n"


def test_bad_setting_names_the_variable(omm: Omm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMM_PORT", "many")
    result = omm("list")
    assert result.code == 1
    assert result.err == "Error: OMM_PORT: expected a whole number, not 'many'\n"


def test_a_place_that_cannot_be_written_is_named(omm: Omm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OMM_HOME", str(tmp_path / "file" / "omm"))
    monkeypatch.delenv("OMM_NO_START", raising=False)
    result = omm("--host", "127.0.0.1:1", "list")
    assert (result.code, result.err) == (1, f"Error: {tmp_path / 'file' / 'omm' / 'logs'}: Not a directory\n")


def test_version_of_the_server(omm: Omm, server: ScriptedServer) -> None:
    assert omm("--version") == (0, f"omm version is {__version__}\n", "")


def test_version_says_when_server_and_client_differ(omm: Omm, server: ScriptedServer) -> None:
    server.answers["GET", "/api/version"] = (200, {"version": "9.9"})
    assert omm("-v").out == f"omm version is 9.9\nWarning: client version is {__version__}\n"


def test_version_without_a_server_starts_none(omm: Omm) -> None:
    result = omm("--host", "127.0.0.1:1", "-v")
    assert result.code == 0
    assert result.out.splitlines() == [
        "Warning: could not connect to a running omm instance",
        f"Warning: client version is {__version__}",
    ]
    assert not result.err


def test_interrupt_ends_by_the_signal_quietly_and_hangs_up(server: ScriptedServer, clean: dict[str, str]) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("Once"), threading.Event()])
    command = [sys.executable, "-m", "omm", "run", "tiny", "Hi"]
    with subprocess.Popen(command, env=clean, stdin=-3, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(4) == b"Once"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGINT  # which shells call 130
    assert err == b""
    assert server.hung_up.wait(60)


def test_interrupt_before_the_command_is_read_leaves_no_trace() -> None:
    program = """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path, target=None):
        if name == "omm.cli.app":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
from omm.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def test_reader_that_leaves_is_no_error(server: ScriptedServer, clean: dict[str, str]) -> None:
    row = {"name": "m" * 200, "digest": "a" * 64, "size": 1}
    server.answers["GET", "/api/tags"] = (200, {"models": [row] * 5000})
    command = f"{sys.executable} -m omm list | head -n 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], env=clean, capture_output=True, check=False)
    assert done.returncode == 141
    assert done.stdout.startswith(b"NAME")
    assert done.stderr == b""


@pytest.mark.parametrize("command", ["list >&-", "list 2>&-", "list >&- 2>&-", "run tiny <&-", "export tiny - >&-"])
def test_a_closed_stream_is_no_error(server: ScriptedServer, clean: dict[str, str], command: str) -> None:
    server.answers["GET", "/api/export?model=tiny"] = (200, b"tar")
    command = f"{sys.executable} -m omm {command}"
    done = subprocess.run(["bash", "-c", command], env=clean, capture_output=True, check=False)
    assert (done.returncode, done.stderr.replace(b"exporting tiny\n", b"")) == (0, b"")


def test_stray_bytes_in_a_prompt_are_replaced(server: ScriptedServer, clean: dict[str, str]) -> None:
    command = [sys.executable, "-m", "omm", "run", "tiny"]
    done = subprocess.run(command, env=clean, input=b"caf\xe9", capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert server.asked("/api/generate")[0].body["prompt"] == "caf\ufffd"


def test_stray_bytes_in_arguments_are_replaced_or_told_of(server: ScriptedServer, clean: dict[str, str]) -> None:
    command = [sys.executable, "-m", "omm", "run", "tiny", "--system", b"caf\xe9", b"caf\xe9"]
    done = subprocess.run(command, env=clean, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    body = server.asked("/api/generate")[0].body
    assert (body["system"], body["prompt"]) == ("caf?", "caf?")
    done = subprocess.run(
        [sys.executable, "-m", "omm", "show", b"caf\xe9"], env=clean, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"Error: not a text in UTF-8: 'caf\\udce9'\n")


def test_answers_survive_a_terminal_of_few_characters(server: ScriptedServer, clean: dict[str, str]) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("caf\xe9 ✓"), DONE])
    command = [sys.executable, "-m", "omm", "run", "tiny", "Hi"]
    done = subprocess.run(command, env={**clean, "PYTHONIOENCODING": "latin-1"}, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"caf\xe9 ?\n\n")


def test_home_that_cannot_be_written_is_an_error_of_one_line(omm: Omm, home: Path) -> None:
    home.rmdir()
    home.write_text("a file")
    result = omm("--host", "127.0.0.1:1", "list")
    assert result.code == 1
    assert result.err.startswith("Error: ")
    assert str(home) in result.err
    assert result.err.count("\n") == 1


def test_host_flag_wins_over_the_environments_port(
    omm: Omm, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMM_PORT", "1")
    assert omm("--host", server.address, "list").code == 0
