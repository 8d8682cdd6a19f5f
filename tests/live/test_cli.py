"""The command line as its user meets it: real processes, a real server, the model that ships."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.cli.terminal import Terminal

pytestmark = pytest.mark.model

Done = subprocess.CompletedProcess[str]
Omm = Callable[..., Done]
PROMPT = ">>> Send a message (/? for help)"
BRIEF = ("-o", "temperature=0", "-o", "num_predict=12", "--think=false")


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def servers_of(home: Path) -> list[psutil.Process]:
    """Servers that commands with this home have started."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            if (process.info["cmdline"] or [])[-2:] == ["omm", "serve"] and process.environ().get("OMM_HOME") == str(
                home
            ):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A home of its own and an address where nothing listens yet; ends what was started for it."""
    home = tmp_path_factory.mktemp("home")
    yield {**os.environ, "OMM_HOME": str(home), "OMM_HOST": free_address(), "OMM_SOURCES": "tiny,catalogue"}
    started = servers_of(home)
    for process in started:
        process.terminate()
    _, alive = psutil.wait_procs(started, timeout=60)
    assert not alive


@pytest.fixture
def omm(env: dict[str, str], tmp_path: Path) -> Omm:
    """Run a command to its end."""

    def run(*args: str, stdin: str = "", **more: str) -> Done:
        command = [sys.executable, "-m", "omm", *args]
        return subprocess.run(
            command,
            env={**env, **more},
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_commands_that_start_together_start_one_server(env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "omm", "list"]
    running = [
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    outputs = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert all(out.startswith("NAME") for out, _ in outputs)
    log = Path(env["OMM_HOME"]) / "logs" / f"server-{env['OMM_HOST'].rpartition(':')[2]}.log"
    assert [err for _, err in outputs if err] == [f"Started the omm server (log: {log})\n"]
    assert len(servers_of(Path(env["OMM_HOME"]))) == 1
    assert "listens on" in log.read_text()


def test_run_pulls_and_answers_and_stdout_is_the_answer(omm: Omm) -> None:
    first = omm("run", "tiny", "Hello", *BRIEF)
    assert first.returncode == 0, first.stderr
    assert first.stderr.splitlines()[-1] == "success"
    assert first.stdout.strip()
    again = omm("run", "tiny", *BRIEF, stdin="Hello")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert "pulling" not in again.stderr


def test_verbose_run_tells_its_timings(omm: Omm) -> None:
    omm("pull", "tiny")
    done = omm("run", "tiny", "Hello", "--verbose", *BRIEF)
    labels = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert labels[0] == "total duration"
    assert labels[-4:-2] == ["eval duration", "eval rate"]
    assert labels[-2:] == ["prompt cached", "time to first token"]


def test_json_format_gives_json(omm: Omm) -> None:
    schema = json.dumps({"type": "object", "properties": {"name": {"enum": ["x"]}}, "required": ["name"]})
    done = omm("run", "tiny", "Name?", "--format", schema, "--think=false", "-o", "num_predict=60")
    assert json.loads(done.stdout) == {"name": "x"}, done.stderr


def test_life_of_a_model(omm: Omm, gguf_path: Path) -> None:
    pulled = omm("pull", str(gguf_path))
    assert pulled.returncode == 0, pulled.stderr
    omm("pull", "tiny")
    assert omm("run", "tiny", "--keepalive", "5m").stdout == ""
    assert omm("ps").stdout.splitlines()[1].startswith("tiny:latest ")
    assert [row["name"] for row in json.loads(omm("ps", "--json").stdout)["models"]] == ["tiny:latest"]
    assert omm("stop", "tiny").returncode == 0
    assert omm("cp", "tiny", "second").stdout == "copied 'tiny' to 'second'\n"
    assert omm("list", "second").stdout.splitlines()[1].startswith("second:latest ")
    shown = json.loads(omm("show", "second", "--json").stdout)
    assert shown["details"]["family"] == "llama"
    assert "completion" in shown["capabilities"]
    assert omm("rm", "second").stdout == "deleted 'second'\n"
    gone = omm("rm", "second")
    assert (gone.returncode, gone.stdout) == (3, "")
    assert gone.stderr.startswith("Error: model 'second")


def test_create_and_save_what_a_modelfile_says(omm: Omm, gguf_path: Path, tmp_path: Path) -> None:
    (tmp_path / "base.gguf").symlink_to(gguf_path)
    (tmp_path / "Modelfile").write_text(
        'FROM ./base.gguf\nSYSTEM Be brief.\nPARAMETER temperature 0\nPARAMETER stop "###"\n'
    )
    created = omm("create", "brief")
    assert created.returncode == 0, created.stderr
    assert omm("show", "brief", "--system").stdout == "Be brief."
    (tmp_path / "second").write_text(omm("show", "brief", "--modelfile").stdout)
    assert omm("create", "again", "-f", "second").returncode == 0
    assert omm("show", "again", "--parameters").stdout == omm("show", "brief", "--parameters").stdout
    assert "temperature" in omm("show", "again", "--parameters").stdout
    assert omm("run", "again", "Hello", *BRIEF).returncode == 0


def test_unknown_model_is_an_error_that_names_it(omm: Omm) -> None:
    done = omm("run", "no-such-model", "Hello")
    assert done.returncode == 3
    assert done.stdout == ""
    assert "no-such-model" in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].startswith("Error: ")


def test_interrupt_stops_the_answer(env: dict[str, str], omm: Omm) -> None:
    omm("pull", "tiny")
    command = [sys.executable, "-m", "omm", "run", "tiny", "Hello", "-o", "num_predict=100000", "--think=false"]
    command += ["--format", '{"type": "array", "items": {"const": "again"}, "minItems": 100000}']
    with subprocess.Popen(command, env=env, stdin=-3, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.read(10)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (-signal.SIGINT, b"")


def test_conversation_on_a_terminal(env: dict[str, str]) -> None:
    with Terminal(["run", "tiny", "--verbose", *BRIEF], env) as screen:
        screen.wait_for(">>> Send a message (/? for help)")
        screen.send("My name is Ada.\r")
        screen.wait_for("eval rate:")
        screen.send("/set system Be brief.\r")
        screen.wait_for("Set system message.")
        screen.send("What is my name?\r")
        screen.wait_for("prompt eval rate:", count=2)
        screen.send("/save ada\r")
        screen.wait_for("Created new model 'ada'")
        screen.send("/bye\r")
        assert screen.wait_end() == 0


AGAIN = '{"type": "array", "items": {"const": "again"}, "minItems": 100000}'


def talk(env: dict[str, str], *args: str) -> Terminal:
    """A conversation with short answers."""
    return Terminal(["run", "tiny", *BRIEF, *args], {**env, "TERM": "xterm-256color"})


def ask(screen: Terminal, text: str) -> None:
    """Type something and wait until the prompt is there again."""
    count = screen.text.count(PROMPT)
    screen.send(f"{text}\r")
    screen.wait_for(f">>> {text}")
    screen.wait_for(PROMPT, count=count)


def test_three_turns_and_a_paste_are_remembered(
    env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with talk(env) as screen:
        screen.wait_for(PROMPT)
        ask(screen, "My name is Ada.")
        ask(screen, "I live in Rome.")
        screen.send("\x1b[200~What is my name?\nWhere do I live?\x1b[201~")
        screen.wait_for("... Where do I live?")
        screen.send("\r")
        screen.wait_for(PROMPT)
        ask(screen, "/tokens")
        screen.wait_for("template")  # what it takes beside the six messages
        ask(screen, "/export talk.json")
        screen.send("\x04")
        assert screen.wait_end() == 0
    said = json.loads((tmp_path / "talk.json").read_text())["messages"]
    questions = ["My name is Ada.", "I live in Rome.", "What is my name?\nWhere do I live?"]
    assert [turn["content"] for turn in said[::2]] == questions
    assert [turn["role"] for turn in said] == ["user", "assistant"] * 3


def test_an_answer_that_was_stopped_is_part_of_the_conversation(
    env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with talk(env, "-o", "num_predict=100000", "--format", AGAIN) as screen:
        screen.wait_for(PROMPT)
        screen.send("Repeat\r")
        screen.wait_for('"again"', count=3)
        screen.send("\x03")
        screen.wait_for(PROMPT)
        ask(screen, "/set noformat")
        ask(screen, "/set parameter num_predict 5")
        ask(screen, "Go on")
        ask(screen, "/export talk.json")
        screen.send("/bye\r")
        assert screen.wait_end() == 0
    said = json.loads((tmp_path / "talk.json").read_text())["messages"]
    assert [turn["role"] for turn in said] == ["user", "assistant"] * 2
    assert said[1]["content"].count('"again"') >= 3


def test_a_server_killed_in_the_middle_of_an_answer_is_started_again(env: dict[str, str]) -> None:
    with talk(env, "-o", "num_predict=100000", "--format", AGAIN) as screen:
        screen.wait_for(PROMPT)
        screen.send("Repeat\r")
        screen.wait_for('"again"', count=3)
        (server,) = servers_of(Path(env["OMM_HOME"]))
        server.kill()
        screen.wait_for("error: the server hung up in the middle of the answer")
        screen.wait_for(PROMPT)
        screen.send("/retry\r")
        screen.wait_for('"again"', count=6)
        assert servers_of(Path(env["OMM_HOME"])) != [server]
        screen.send("\x03")
        screen.wait_for(PROMPT)
        screen.send("/bye\r")
        assert screen.wait_end() == 0


def test_serve_stops_cleanly_and_its_port_is_its_own(env: dict[str, str], tmp_path: Path) -> None:
    own = {**env, "OMM_HOME": str(tmp_path), "OMM_HOST": free_address(), "OMM_NO_START": "1"}
    command = [sys.executable, "-m", "omm"]
    with subprocess.Popen(
        [*command, "serve", "--api-key", "secret"], env=own, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        while "listens on" not in (line := server.stderr.readline()):
            assert line, "the server ended"
        second = subprocess.run([*command, "serve"], env=own, capture_output=True, text=True, check=False)
        refused = subprocess.run([*command, "list"], env=own, capture_output=True, text=True, check=False)
        let_in = {**own, "OMM_API_KEY": "secret"}
        listed = subprocess.run([*command, "list"], env=let_in, capture_output=True, text=True, check=False)
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=120)
    assert server.returncode == 0
    assert "secret" not in log
    assert second.returncode == 1
    assert second.stderr.splitlines()[-1].startswith(f"Error: cannot listen on {own['OMM_HOST']}")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: ")
    assert (listed.returncode, listed.stderr) == (0, "")


@pytest.mark.system("tmux")
def test_conversation_in_tmux(env: dict[str, str], tmp_path: Path) -> None:
    tmux = ["tmux", "-S", str(tmp_path / "tmux.sock"), "-f", "/dev/null"]
    script = tmp_path / "run.sh"
    settings = " ".join(f"{name}={env[name]}" for name in ("OMM_HOME", "OMM_HOST"))
    script.write_text(f"{settings} {sys.executable} -m omm run tiny {' '.join(BRIEF)}; echo left with $?; cat\n")
    subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "24", f"sh {script}"], env=env, check=True)
    try:
        see(tmux, ">>> Send a message (/? for help)")
        subprocess.run([*tmux, "send-keys", "/set verbose", "Enter"], check=True)
        see(tmux, "Set 'verbose' mode.")
        subprocess.run([*tmux, "send-keys", "Hello there", "Enter"], check=True)
        see(tmux, "eval rate:")
        subprocess.run([*tmux, "send-keys", "C-d"], check=True)
        see(tmux, "left with 0")
    finally:
        subprocess.run([*tmux, "kill-server"], check=True)


def see(tmux: list[str], text: str) -> None:
    """Wait until the pane shows a text; tmux itself tells when it has something new."""
    watch = subprocess.run(
        ["sh", "-c", f'until {" ".join(tmux)} capture-pane -p | grep -qF -- "$1"; do sleep 0.1; done', "sh", text],
        timeout=60,
        check=False,
    )
    assert watch.returncode == 0
