"""install.sh, as far as it goes without building anything: it is run for real, with the machine it sees arranged."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omm.cli import service

Run = Callable[..., subprocess.CompletedProcess[str]]

# What the script itself needs of a system; compilers and package managers are added test by test.
BASIC_TOOLS = [
    "sh", "dirname", "basename", "uname", "mkdir", "cat", "cksum", "find", "sort", "sed", "rm", "rmdir", "cut",
    "ln", "cp", "chmod", "readlink", "tail", "env", "grep", "tr", "sleep",
]  # fmt: skip


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH of basic tools and no compiler, of a user who is not root: all that is installed is below the home."""
    directory = tmp_path / "tools"
    directory.mkdir()
    for name in BASIC_TOOLS:
        found = shutil.which(name)
        assert found, f"this system has no {name}"
        (directory / name).symlink_to(found)
    add_tool(directory, "id", "echo 1000")
    return directory


def add_tool(tools: Path, name: str, body: str = "exit 0") -> None:
    """Put an executable of one line on the PATH."""
    path = tools / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def run(repository: Path, tmp_path: Path, tools: Path) -> Run:
    """Run install.sh with the arranged PATH and a home of its own."""

    def run_script(
        *arguments: str, script: Path = repository / "install.sh", **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script, *arguments],
            env={"PATH": str(tools), "HOME": str(tmp_path / "home"), **env},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run_script


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    """The files the script reads, where a test may change them."""
    copy = tmp_path / "checkout"
    for name in ("omm", "completions", "man"):
        (copy / name).mkdir(parents=True)
    for name in ("install.sh", "pyproject.toml", "README.md"):
        shutil.copy(repository / name, copy / name)
    for name in ("completions/omm.bash", "completions/omm.zsh", "completions/omm.fish", "man/omm.1", "omm/__init__.py"):
        (copy / name).write_text(f"{name}\n")
    return copy


def fake_python(tools: Path, log: Path) -> None:
    """A Python that passes every check, makes a virtual environment of itself, and logs what pip is asked for."""
    add_tool(
        tools,
        "python3",
        f"""case "$*" in
"-m venv "*) mkdir -p "$3/bin" && cp "{tools}/python3" "$3/bin/python" && ln -s python "$3/bin/omm" ;;
"-m pip "*) printf '%s | %s\\n' "$*" "$CMAKE_ARGS" >>"{log}" ;;
"-m pytest"* | "run "*) echo "ran: $0 $*" ;;
"service uninstall") rm "$HOME/.config/systemd/user/omm.service" ;;
esac""",
    )


@contextlib.contextmanager
def server_named(program: str, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that the system lists as `PROGRAM -m omm serve` and that does nothing until it is stopped."""
    (directory / "omm").mkdir(parents=True, exist_ok=True)
    (directory / "omm" / "__main__.py").write_text("import sys; print('up', flush=True); sys.stdin.read()")
    with subprocess.Popen(
        [program, "-m", "omm", "serve"],
        executable=sys.executable,
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        yield process
        process.kill()


def test_is_valid_posix_shell(repository: Path) -> None:
    shells = [name for name in ("dash", "sh", "bash") if shutil.which(name)]
    for shell in shells:
        subprocess.run([shell, "-n", repository / "install.sh"], check=True)


@pytest.mark.system("shellcheck")
def test_shellcheck_has_no_complaint(repository: Path) -> None:
    subprocess.run(["shellcheck", repository / "install.sh", repository / ".ci" / "run"], check=True)


def test_help_names_every_way_to_call(run: Run) -> None:
    result = run("--help")
    assert result.returncode == 0
    for word in ("run ARGS", "test ARGS", "--prefix DIR", "--uninstall", "OMM_BACKEND"):
        assert word in result.stdout


@pytest.mark.parametrize("argument", ["--nonsense", "frobnicate"])
def test_unknown_argument_shows_usage(run: Run, argument: str) -> None:
    result = run(argument)
    assert result.returncode == 2
    assert "Usage: ./install.sh" in result.stderr


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install g++ cmake"),
        ("dnf", "sudo dnf install gcc-c++ cmake"),
        ("pacman", "sudo pacman -S gcc cmake"),
        ("apk", "sudo apk add g++ linux-headers cmake"),
        ("zypper", "sudo zypper install gcc-c++ cmake"),
    ],
)
def test_missing_tools_are_named_with_their_packages(
    run: Run, tools: Path, tmp_path: Path, manager: str, command: str
) -> None:
    add_tool(tools, manager)
    (tools / "python3").symlink_to(sys.executable)
    result = run("--prefix", str(tmp_path / "prefix"))
    assert result.returncode == 1
    assert "omm needs a C++ compiler, CMake." in result.stderr
    assert f"Install with: {command}\n" in result.stderr


def test_an_old_python_is_not_taken(run: Run, tools: Path, tmp_path: Path) -> None:
    for name in ("apt-get", "c++", "cmake"):
        add_tool(tools, name)
    add_tool(tools, "python3", "exit 1")
    result = run("--prefix", str(tmp_path / "prefix"))
    assert result.returncode == 1
    assert "omm needs Python 3.11 or newer." in result.stderr
    assert "sudo apt-get install python3 python3-venv" in result.stderr


def test_a_bad_backend_is_named(run: Run, tmp_path: Path) -> None:
    result = run("--prefix", str(tmp_path / "prefix"), OMM_BACKEND="abacus")
    assert result.returncode == 1
    assert "OMM_BACKEND: expected cpu, cuda, rocm, vulkan, metal or auto, not 'abacus'" in result.stderr


@pytest.fixture
def machine(tools: Path, tmp_path: Path) -> Path:
    """A machine with all that installing needs; returns the log of its pip."""
    log = tmp_path / "pip.log"
    for name in ("c++", "cmake"):
        add_tool(tools, name)
    fake_python(tools, log)
    return log


def test_second_run_installs_nothing(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "some where"
    first = run("--prefix", str(prefix), script=checkout / "install.sh")
    assert first.returncode == 0, first.stderr
    asked = machine.read_text()
    assert f"{checkout} |" in asked
    second = run("--prefix", str(prefix), "run", "tiny", "How do I list my models?", script=checkout / "install.sh")
    assert machine.read_text() == asked
    assert second.stdout == f"ran: {prefix}/share/omm/venv/bin/omm run tiny How do I list my models?\n"
    assert second.stderr == ""


def test_changed_source_updates_the_program_alone(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    run("--prefix", str(tmp_path / "p"), script=checkout / "install.sh")
    machine.unlink()
    (checkout / "omm" / "__init__.py").write_text("changed\n")
    run("--prefix", str(tmp_path / "p"), script=checkout / "install.sh")
    (line,) = machine.read_text().splitlines()
    assert "--no-deps" in line


def test_test_tools_are_added_once_and_kept(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "p"
    run("--prefix", str(prefix), script=checkout / "install.sh")
    tested = run("--prefix", str(prefix), "test", "-k", "x", script=checkout / "install.sh")
    assert tested.stdout == f"ran: {prefix}/share/omm/venv/bin/python -m pytest -k x\n"
    run("--prefix", str(prefix), script=checkout / "install.sh")
    plain, with_tools = machine.read_text().splitlines()
    assert "[test]" not in plain
    assert f"{checkout}[test] |" in with_tools


@pytest.mark.parametrize(
    ("backend", "flag"), [("cuda", "-DGGML_CUDA=on"), ("vulkan", "-DGGML_VULKAN=on"), ("rocm", "-DGGML_HIP=on")]
)
def test_a_gpu_build_has_its_flags_and_its_own_wheel_cache(
    run: Run, tools: Path, machine: Path, checkout: Path, tmp_path: Path, backend: str, flag: str
) -> None:
    add_tool(tools, "hipconfig", "echo /opt/rocm")
    cache = tmp_path / "cache"
    options = {"script": checkout / "install.sh", "XDG_CACHE_HOME": str(cache)}
    run("--prefix", str(tmp_path / "p"), OMM_BACKEND=backend, **options)
    (line,) = machine.read_text().splitlines()
    assert flag in line
    assert f"--cache-dir={cache}/omm/pip-{backend} " in line


def test_another_backend_starts_a_new_environment(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "p"
    run("--prefix", str(prefix), script=checkout / "install.sh", OMM_BACKEND="cpu")
    left_behind = prefix / "share" / "omm" / "venv" / "built-for-cpu"
    left_behind.touch()
    run("--prefix", str(prefix), script=checkout / "install.sh", OMM_BACKEND="vulkan")
    assert not left_behind.exists()
    assert len(machine.read_text().splitlines()) == 2


@pytest.mark.parametrize("device", ["", "GPU 0: NVIDIA H200"])
def test_a_toolkit_alone_is_no_gpu(
    run: Run, tools: Path, machine: Path, checkout: Path, tmp_path: Path, device: str
) -> None:
    if Path("/dev/nvidia0").exists():
        device = "GPU 0"  # this machine has one, whatever the arranged nvidia-smi says
    add_tool(tools, "nvcc")
    add_tool(tools, "nvidia-smi", f"echo '{device}'")
    result = run("--prefix", str(tmp_path / "p"), script=checkout / "install.sh", OMM_BACKEND="auto")
    assert ("llama.cpp for cuda" in result.stderr) == bool(device)
    assert ("-DGGML_CUDA=on" in machine.read_text()) == bool(device)


@pytest.mark.parametrize("tool", ["pgrep", ""])
def test_an_update_stops_the_server_that_runs_from_the_old_files(
    run: Run, tools: Path, machine: Path, checkout: Path, tmp_path: Path, tool: str
) -> None:
    if tool:
        found = shutil.which(tool)
        assert found
        (tools / tool).symlink_to(found)
    prefix = tmp_path / "p+(1)"
    run("--prefix", str(prefix), script=checkout / "install.sh")
    (checkout / "omm" / "__init__.py").write_text("changed\n")
    with (
        server_named(f"{prefix}/share/omm/venv/bin/python", tmp_path / "fake") as server,
        server_named("/elsewhere/share/omm/venv/bin/python", tmp_path / "fake") as foreign,
    ):
        result = run("--prefix", str(prefix), script=checkout / "install.sh")
        assert f"Stopping the omm server that is running (process {server.pid})" in result.stderr
        assert server.wait() == -signal.SIGTERM
        assert foreign.poll() is None


def test_uninstall_removes_all_of_it_and_keeps_models(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "p"
    run("--prefix", str(prefix), script=checkout / "install.sh")
    model = prefix / "share" / "omm" / "models" / "blobs" / "sha256-0"
    model.parent.mkdir(parents=True)
    model.touch()
    result = run("--prefix", str(prefix), "--uninstall", script=checkout / "install.sh")
    assert result.returncode == 0
    assert [path for path in prefix.rglob("*") if not path.is_dir()] == [model]
    assert (
        result.stderr
        == f"Kept {prefix}/share/omm, which has models, settings or a history of yours.\nUninstalled omm.\n"
    )


def test_uninstall_leaves_no_directory_of_its_own(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "p"
    theirs = prefix / "share" / "man"
    theirs.mkdir(parents=True)
    run("--prefix", str(prefix), script=checkout / "install.sh")
    (checkout / "omm" / "__init__.py").write_text("changed\n")
    run("--prefix", str(prefix), script=checkout / "install.sh")
    assert (theirs / "man1" / "omm.1").exists()
    run("--prefix", str(prefix), "--uninstall", script=checkout / "install.sh")
    assert list(prefix.rglob("*")) == [prefix / "share", theirs]


def test_uninstall_keeps_what_the_user_wrote_and_no_trace_of_the_program(
    run: Run, machine: Path, checkout: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    state, cache = home / ".local" / "state" / "omm", home / ".cache" / "omm"
    history, settings = state / "history", home / ".config" / "omm" / "config.toml"
    for path in (
        history,
        settings,
        state / "logs" / "server.log",
        state / "server-11434.json",
        cache / "pip-cuda" / "x",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    run(script=checkout / "install.sh")
    result = run("--uninstall", script=checkout / "install.sh")
    assert {path for path in home.rglob("*") if not path.is_dir()} == {history, settings}
    assert not cache.exists()
    assert [line.split(",")[0] for line in result.stderr.splitlines()] == [
        f"Kept {state}",
        f"Kept {settings.parent}",
        "Uninstalled omm.",
    ]


def unit_of(venv: Path, home: Path, tools: Path) -> Path:
    """A service that starts the omm of a virtual environment, as omm service install writes it on Linux."""
    (tools / "uname").unlink()
    add_tool(tools, "uname", "echo Linux")
    unit = home / ".config" / "systemd" / "user" / "omm.service"
    unit.parent.mkdir(parents=True)
    unit.write_text(service.systemd_unit((f"{venv}/bin/python", "-m", "omm", "serve"), venv, {}))
    return unit


@pytest.mark.parametrize("is_ours", [True, False])
def test_uninstall_removes_the_service_that_starts_this_omm(
    run: Run, tools: Path, machine: Path, checkout: Path, tmp_path: Path, is_ours: bool
) -> None:
    prefix = tmp_path / 'p 50% "$x"'
    run("--prefix", str(prefix), script=checkout / "install.sh")
    unit = unit_of((prefix if is_ours else tmp_path / "other") / "share" / "omm" / "venv", tmp_path / "home", tools)
    run("--prefix", str(prefix), "--uninstall", script=checkout / "install.sh")
    assert unit.exists() != is_ours


def test_an_update_stops_the_service_and_starts_it_again(
    run: Run, tools: Path, machine: Path, checkout: Path, tmp_path: Path
) -> None:
    log = tmp_path / "systemctl.log"
    add_tool(tools, "systemctl", f'echo "$@" >>"{log}"')
    prefix = tmp_path / "p"
    run("--prefix", str(prefix), script=checkout / "install.sh")
    unit_of(prefix / "share" / "omm" / "venv", tmp_path / "home", tools)
    (checkout / "omm" / "__init__.py").write_text("changed\n")
    result = run("--prefix", str(prefix), script=checkout / "install.sh")
    assert log.read_text().splitlines() == [f"--user {word} omm.service" for word in ("is-active", "stop", "start")]
    assert "Started the omm service again." in result.stderr


def test_a_foreign_omm_is_not_overwritten(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "p" / "bin" / "omm"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("someone else's")
    result = run("--prefix", str(tmp_path / "p"), script=checkout / "install.sh")
    assert result.returncode == 1
    assert "exists and is not from here" in result.stderr
    assert foreign.read_text() == "someone else's"
    assert not machine.exists()


def test_an_install_that_was_cut_short_is_taken_up_again(
    run: Run, tools: Path, machine: Path, checkout: Path, tmp_path: Path
) -> None:
    prefix = tmp_path / "p"
    working = (tools / "python3").read_text()
    add_tool(tools, "python3", working.replace("printf", "echo no network; exit 1; printf"))
    failed = run("--prefix", str(prefix), script=checkout / "install.sh")
    assert failed.returncode == 1
    assert "no network" in failed.stderr
    assert "pip failed" in failed.stderr
    (prefix / "share" / "omm" / "venv" / "bin" / "python").write_text(working)
    again = run("--prefix", str(prefix), script=checkout / "install.sh")
    assert again.returncode == 0
    assert f"{checkout} |" in machine.read_text()


def test_says_when_its_directory_is_not_on_path(run: Run, machine: Path, checkout: Path, tmp_path: Path) -> None:
    first = run("--prefix", str(tmp_path / "p"), script=checkout / "install.sh")
    assert f'export PATH="{tmp_path}/p/bin:$PATH"' in first.stderr
    found = os.pathsep.join([str(tmp_path / "tools"), f"{tmp_path}/q/bin"])
    second = run("--prefix", str(tmp_path / "q"), script=checkout / "install.sh", PATH=found)
    assert "export PATH" not in second.stderr
