"""omm run --mcp: a scripted model that calls the tools of a real server, on a terminal and in a pipe."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli import toolserver
from tests.cli.conftest import Omm
from tests.cli.scripted import DONE, INFO, ScriptedServer, chatted
from tests.cli.terminal import Terminal

READY = ">>> Send a message"
OSLO = {"city": "Oslo"}
ALLOW = "Allow weather.get_weather? y once, a always in this session, n no:"


def calls(*names_and_arguments: tuple[str, dict[str, Any]], text: str = "") -> list[Any]:
    """An answer that calls tools."""
    made = [
        {"id": f"c{n}", "function": {"name": name, "arguments": a}} for n, (name, a) in enumerate(names_and_arguments)
    ]
    return [{"message": {"role": "assistant", "content": text, "tool_calls": made}, "done": False}, DONE]


def script(server: ScriptedServer, *answers: list[Any]) -> None:
    """What the model says, one after the other."""
    left = list(answers)
    server.answers["POST", "/api/chat"] = (200, lambda body: left.pop(0))


def asked(server: ScriptedServer, turn: int = -1) -> Any:
    """The body of a request."""
    return server.asked("/api/chat")[turn].body


def results(server: ScriptedServer, turn: int = -1) -> list[tuple[str, str]]:
    """What tools said, as a request has it."""
    return [(m["tool_name"], m["content"]) for m in asked(server, turn)["messages"] if m["role"] == "tool"]


def config(folder: Path, **entries: Any) -> str:
    path = folder / "c.json"
    path.write_text(json.dumps({"mcpServers": entries}))
    return str(path)


def entry(*args: str) -> dict[str, Any]:
    return {"command": sys.executable, "args": [toolserver.__file__, *(args or ("weather",))]}


@pytest.fixture
def mcp(tmp_path: Path) -> tuple[str, ...]:
    """The flag for one server."""
    return ("--mcp", config(tmp_path, weather=entry()))


# --- in a pipe ----------------------------------------------------------------------------------------------------


def test_calls_are_carried_out_and_stdout_is_the_answer(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    script(server, calls(("get_weather", OSLO)), [chatted("It is sunny."), DONE])
    done = omm("run", "tiny", "--system", "Be brief.", *mcp, "--mcp-allow", "all", stdin="Oslo?")
    assert done == (0, "It is sunny.\n\n", '→ weather.get_weather(city="Oslo")\n← sunny in Oslo\n')
    assert [message["role"] for message in asked(server)["messages"]] == ["system", "user", "assistant", "tool"]
    call, result = asked(server)["messages"][-2:]
    assert call["tool_calls"] == [{"id": "c0", "function": {"name": "get_weather", "arguments": OSLO}}]
    assert result == {"role": "tool", "content": "sunny in Oslo", "tool_name": "get_weather", "tool_call_id": "c0"}


def test_the_model_is_told_of_the_tools(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "get_weather")
    (tool,) = asked(server)["tools"]
    assert tool["type"] == "function"
    assert tool["function"]["name"] == "get_weather"
    assert tool["function"]["parameters"]["properties"]["city"]["type"] == "string"


@pytest.mark.parametrize("name", ["weather", "weather.get_weather", "fail, get_weather"])
def test_allowed_by_several_kinds_of_names(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...], name: str) -> None:
    script(server, calls(("get_weather", OSLO)), [chatted("Fine."), DONE])
    assert omm("run", "tiny", "Hi", *mcp, "--mcp-allow", name).code == 0
    assert results(server) == [("get_weather", "sunny in Oslo")]


def test_what_nobody_allowed_is_neither_offered_nor_called(
    omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]
) -> None:
    script(server, calls(("get_weather", OSLO)), [chatted("Fine."), DONE])
    omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "fail")
    assert [tool["function"]["name"] for tool in asked(server)["tools"]] == ["fail"]
    assert results(server) == [("get_weather", 'Error: there is no tool "get_weather", only fail')]


def test_without_anybody_to_ask_something_must_be_allowed(
    omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]
) -> None:
    done = omm("run", "tiny", "Hi", *mcp)
    assert (done.code, done.out) == (1, "")
    assert "nobody can be asked here: say what may be called, with --mcp-allow" in done.err
    assert not server.asked("/api/chat")


def test_allowing_what_is_not_there_is_an_error(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    done = omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "rm")
    assert done.code == 1
    assert 'there is no tool "rm", only get_weather, fail, ' in done.err


def test_a_servers_grant_is_not_anothers(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    both = config(tmp_path, get_weather=entry("other"), weather=entry())
    omm("run", "tiny", "Hi", "--mcp", both, "--mcp-allow", "get_weather")
    assert [tool["function"]["name"] for tool in asked(server)["tools"]] == ["get_weather__get_weather"]


def test_flags_that_would_do_nothing_are_refused(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    assert omm("run", "tiny", "Hi", "--mcp-allow", "all").code == 2
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["embedding"]})
    assert omm("run", "tiny", "Hi", *mcp).code == 2


def test_a_model_without_tools_is_asked_without(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["completion"]})
    done = omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "all")
    assert (done.out, done.err) == ("Hello there\n\n", "warning: this model does not know tools\n")
    assert "tools" not in asked(server)


def test_several_calls_and_rounds(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    both = calls(("get_weather", OSLO), ("fail", {}), text="Let me see.")
    script(server, both, calls(("get_weather", {"city": "Rome"})), [chatted("Done."), DONE])
    done = omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "all")
    assert done.out == "Let me see.\nDone.\n\n"
    assert results(server) == [
        ("get_weather", "sunny in Oslo"),
        ("fail", "Error: Error executing tool fail: no such luck"),
        ("get_weather", "sunny in Rome"),
    ]


def test_a_server_that_dies_is_a_result(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    script(server, calls(("die", {}), ("get_weather", OSLO)), [chatted("Oh."), DONE])
    done = omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "all")
    assert (done.code, done.out) == (0, "Oh.\n\n")
    assert [content.startswith("Error: Connection closed") for _, content in results(server)] == [True, True]


def test_rounds_are_bounded(
    omm: Omm, server: ScriptedServer, mcp: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMM_MCP_ROUNDS", "3")
    server.answers["POST", "/api/chat"] = (200, calls(("get_weather", OSLO)))
    done = omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "all")
    assert done.code == 1
    assert "the model called tools in 3 answers in a row" in done.err
    assert len(server.asked("/api/chat")) == 3


def test_json_has_calls_and_results(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    script(server, calls(("get_weather", OSLO)), [chatted("Sunny."), DONE])
    done = omm("run", "tiny", "Hi", "--json", *mcp, "--mcp-allow", "all")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert [event["type"] for event in events] == ["tool_call", "tool_result", "text", "done"]
    assert events[1] == {"type": "tool_result", "name": "get_weather", "content": "sunny in Oslo"}


def test_images_reach_a_model_that_sees(omm: Omm, server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["completion", "tools", "vision"]})
    script(server, calls(("picture", {})), [chatted("Red."), DONE])
    omm("run", "tiny", "Hi", *mcp, "--mcp-allow", "all")
    (image,) = asked(server)["messages"][-1]["images"]
    assert image.startswith("iVBORw0KGgo")


def test_one_broken_server_is_a_warning_and_none_but_broken_ones_an_error(
    omm: Omm, server: ScriptedServer, tmp_path: Path
) -> None:
    both = config(tmp_path, weather=entry(), broken={"command": "/no/such/program"})
    done = omm("run", "tiny", "Hi", "--mcp", both, "--mcp-allow", "all")
    assert (done.code, done.out) == (0, "Hello there\n\n")
    assert done.err == f"warning: {both}: mcpServers.broken: /no/such/program: No such file or directory\n"
    broken = config(tmp_path, broken={"command": "/no/such/program"})
    done = omm("run", "tiny", "Hi", "--mcp", broken, "--mcp-allow", "all")
    assert (done.code, done.err) == (
        1,
        f"Error: {broken}: mcpServers.broken: /no/such/program: No such file or directory\n",
    )


def test_lines_that_are_no_messages_go_to_a_private_log(
    clean: dict[str, str], server: ScriptedServer, tmp_path: Path, home: Path
) -> None:
    chatty = (
        f"import runpy; print('a secret', flush=True); runpy.run_path({toolserver.__file__!r}, run_name='__main__')"
    )
    broken = config(tmp_path, weather={"command": sys.executable, "args": ["-c", chatty, "weather"]})
    command = [sys.executable, "-m", "omm", "run", "tiny", "Hi", "--mcp", broken, "--mcp-allow", "all"]
    done = subprocess.run(command, env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("Hello there\n\n", "")
    log = home / "logs" / "mcp.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "a secret" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_why_an_address_failed_does_not_tell_its_keys(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    server.answers["GET", "/sse"] = (401, {"error": "no"})
    remote = config(tmp_path, far={"type": "sse", "url": f"http://user:word@{server.address}/sse"})
    done = omm("run", "tiny", "Hi", "--mcp", remote, "--mcp-allow", "all")
    assert (done.code, done.err) == (1, f"Error: {remote}: mcpServers.far: 401 Unauthorized\n")


# --- ends ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_the_servers_too(
    clean: dict[str, str], server: ScriptedServer, tmp_path: Path, number: signal.Signals
) -> None:
    os.mkfifo(tmp_path / "called")
    script(server, calls(("hang", {"path": str(tmp_path / "called")})))
    stubborn = config(tmp_path, weather=entry("weather", str(tmp_path / "pid")))
    command = [sys.executable, "-m", "omm", "run", "tiny", "Hi", "--mcp", stubborn, "--mcp-allow", "all"]
    with subprocess.Popen(command, env=clean, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        (tmp_path / "called").read_bytes()  # returns when the call has begun
        process.send_signal(number)
        # Of Ctrl-C it dies itself, which shells call 130 as well.
        assert process.wait(60) == (-number if number == signal.SIGINT else 128 + number)
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


# --- on a terminal ------------------------------------------------------------------------------------------------


def test_the_user_is_asked(clean: dict[str, str], server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    call = calls(("get_weather", OSLO))
    said = iter(["One.", "Two.", "Three.", "Four."])
    server.answers["POST", "/api/chat"] = (
        200,
        lambda body: call if body["messages"][-1]["role"] == "user" else [chatted(next(said)), DONE],
    )
    with Terminal(["run", "tiny", *mcp], clean) as screen:
        screen.wait_for(READY)
        screen.send("no\r")
        screen.wait_for(f'→ weather.get_weather(city="Oslo")\n{ALLOW}')
        screen.send("maybe\r")
        screen.wait_for(ALLOW, count=2)
        screen.send("n\r")
        screen.wait_for(f"← Error: the user did not allow this call\nOne.\n\n{READY}")
        assert results(server) == [("get_weather", "Error: the user did not allow this call")]
        screen.send("once\r")
        screen.wait_for(ALLOW, count=3)
        screen.send("y\r")
        screen.wait_for(f"← sunny in Oslo\nTwo.\n\n{READY}")
        screen.send("always\r")
        screen.wait_for(ALLOW, count=4)
        screen.send("a\r")
        screen.wait_for(f"Three.\n\n{READY}")
        screen.send("again\r")
        screen.wait_for(f'>>> again\n→ weather.get_weather(city="Oslo")\n← sunny in Oslo\nFour.\n\n{READY}')
        screen.send("/bye\r")
        assert screen.wait_end() == 0


def test_what_was_typed_before_the_question_is_no_answer(
    clean: dict[str, str], server: ScriptedServer, mcp: tuple[str, ...]
) -> None:
    script(server, calls(("get_weather", OSLO)), [chatted("Fine."), DONE])
    with Terminal(["run", "tiny", *mcp, "Hi"], clean) as screen:
        screen.send("y\ra\r")
        screen.wait_for(ALLOW)
        screen.send("\x04")
        assert screen.wait_end() == 0
    assert results(server) == [("get_weather", "Error: the user did not allow this call")]


def test_ctrl_c_ends_a_call_and_the_conversation_goes_on(
    clean: dict[str, str], server: ScriptedServer, mcp: tuple[str, ...], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "called")
    script(server, calls(("hang", {"path": str(tmp_path / "called")}), ("fail", {})), [chatted("Well."), DONE])
    with Terminal(["run", "tiny", *mcp, "--mcp-allow", "hang"], clean) as screen:
        screen.wait_for(READY)
        screen.send("Hi\r")
        (tmp_path / "called").read_bytes()
        screen.send("\x03")
        screen.wait_for(READY)
        screen.send("Go on\r")
        screen.wait_for(f"Well.\n\n{READY}")
        assert results(server) == [(name, "Error: the user interrupted this call") for name in ("hang", "fail")]
        (child,) = psutil.Process(screen.process.pid).children()
        screen.send("/bye\r")
        assert screen.wait_end() == 0
        assert not child.is_running()


def test_ctrl_c_at_the_question_stops_too(clean: dict[str, str], server: ScriptedServer, mcp: tuple[str, ...]) -> None:
    script(server, calls(("get_weather", OSLO)))
    with Terminal(["run", "tiny", *mcp], clean) as screen:
        screen.wait_for(READY)
        screen.send("Hi\r")
        screen.wait_for(ALLOW)
        screen.send("\x03")
        screen.wait_for(f"{ALLOW} ^C\n{READY}")


def test_tools_are_listed_and_switched(clean: dict[str, str], server: ScriptedServer, tmp_path: Path) -> None:
    both = config(tmp_path, other=entry("other"), weather=entry())
    with Terminal(["run", "tiny", "--mcp", both, "--mcp-allow", "weather.fail"], clean) as screen:
        screen.wait_for(READY)
        screen.send("/tools\r")
        text = screen.wait_for("A variable of the server's")
        rows = [line.split(maxsplit=3) for line in text.splitlines()]
        assert [row[:3] for row in rows if row[3:] and row[3].lower().startswith("get the current")] == [
            ["other__get_weather", "ask", "other"],
            ["weather__get_weather", "ask", "weather"],
        ]
        assert ["fail", "allowed", "weather", "Raise an error."] in rows
        screen.send("/tools off weather\r")
        screen.wait_for("weather__get_weather, fail, die, hang, picture, long, link, variable, learn: off")
        screen.send("/tools on fail\r")
        screen.wait_for("fail: on")
        screen.send("/tools off nothing\r")
        screen.wait_for('error: there is no tool "nothing", only')
        screen.send("/tools sideways\r")
        screen.wait_for("Usage:\n  /tools [on|off <tool or server>]")
        screen.send("Hi\r")
        screen.wait_for("Hello there")
    assert [tool["function"]["name"] for tool in asked(server)["tools"]] == ["other__get_weather", "fail"]


def test_a_failed_question_can_be_asked_again(
    clean: dict[str, str], server: ScriptedServer, mcp: tuple[str, ...]
) -> None:
    script(server, calls(("get_weather", OSLO)), [{"error": "the model crashed"}], [chatted("Fine."), DONE])
    with Terminal(["run", "tiny", *mcp, "--mcp-allow", "all"], clean) as screen:
        screen.wait_for(READY)
        screen.send("Hi\r")
        screen.wait_for(f"error: the model crashed\n{READY}")
        screen.send("/retry\r")
        screen.wait_for("Fine.")
    assert [message["content"] for message in asked(server)["messages"]] == ["Hi"]


def test_calls_are_exported_and_left_out_of_saved_models(
    clean: dict[str, str], server: ScriptedServer, mcp: tuple[str, ...], tmp_path: Path
) -> None:
    script(server, calls(("get_weather", OSLO)), [chatted("Sunny."), DONE])
    with Terminal(["run", "tiny", *mcp, "--mcp-allow", "all"], clean) as screen:
        screen.wait_for(READY)
        screen.send("Hi\r")
        screen.wait_for("Sunny.")
        screen.wait_for(READY)
        screen.send(f"/export {tmp_path}/a.md\r")
        screen.wait_for("Wrote the conversation")
        screen.send("/save mine\r")
        screen.wait_for("Created new model 'mine'")
    text = (tmp_path / "a.md").read_text()
    assert '*Call:* `{"name":"get_weather","arguments":{"city":"Oslo"}}`' in text
    assert "## Tool\n\nsunny in Oslo\n" in text
    saved = server.asked("/api/create")[0].body["messages"]
    assert saved == [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Sunny."}]


def test_without_tools_the_way_to_them_is_named(clean: dict[str, str], server: ScriptedServer) -> None:
    with Terminal(["run", "tiny"], clean) as screen:
        screen.wait_for(READY)
        screen.send("/tools\r")
        screen.wait_for("There are no tools. 'omm run MODEL --mcp FILE' brings those of MCP servers.")
