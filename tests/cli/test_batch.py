"""omm batch: order, errors by line, going on where it ended."""

from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from omm.cli import batch
from omm.cli.client import Client
from omm.cli.run import Asking
from omm.config import Settings
from tests.cli.conftest import Omm
from tests.cli.scripted import DONE, ScriptedServer, chatted


@pytest.fixture(autouse=True)
def _echo(server: ScriptedServer) -> None:
    def echo(body: Any) -> list[Any]:
        text = body["messages"][-1]["content"]
        return [{"error": "no"}] if text == "fail" else [chatted(text.upper()), DONE]

    server.answers["POST", "/api/chat"] = (200, echo)
    server.answers["GET", "/api/ps"] = (200, {"models": [{"name": "tiny:latest", "parallel": 4}]})


def results(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def written(path: Path, *lines: object) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def test_answers_come_in_the_order_of_the_prompts(omm: Omm, tmp_path: Path) -> None:
    source, out = written(tmp_path / "in", *(f"p{n}" for n in range(50))), tmp_path / "out"
    assert omm("batch", "--model", "tiny", source, str(out)) == (0, "", "")
    assert [row["response"] for row in results(out)] == [f"P{n}" for n in range(50)]
    assert results(out)[0] == {
        "index": 0, "response": "P0", "done_reason": "stop", "prompt_eval_count": 26, "eval_count": 298,
    }  # fmt: skip


def test_stray_bytes_in_the_system_message_are_replaced(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    source, out = written(tmp_path / "in", "a"), tmp_path / "out"
    assert omm("batch", "--model", "tiny", "--system", "caf\udcff", source, str(out)) == (0, "", "")
    assert server.asked("/api/chat")[0].body["messages"][0] == {"role": "system", "content": "caf?"}


def test_as_many_at_once_as_the_server_answers(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    together = threading.Barrier(4)

    def meet(body: Any) -> list[Any]:
        together.wait(30)
        return [chatted("met"), DONE]

    server.answers["POST", "/api/chat"] = (200, meet)
    source = written(tmp_path / "in", *"abcd")
    assert omm("batch", "--model", "tiny", source, str(tmp_path / "out")).code == 0
    assert len(results(tmp_path / "out")) == 4


def test_lines_may_say_more_than_a_prompt(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    talk = [{"role": "user", "content": "Hi"}]
    source = written(
        tmp_path / "in",
        {"id": "x", "prompt": "a", "model": "other", "options": {"seed": 2}, "system": "S"},
        {"messages": talk, "format": "json"},
    )
    args = ("--model", "tiny", "-o", "seed=1", "-o", "top_k=3", "--parallel", "1")
    assert omm("batch", *args, source, str(tmp_path / "out")).code == 0
    first, second = (request.body for request in server.asked("/api/chat"))
    assert first == {
        "model": "other", "stream": True, "options": {"seed": 2, "top_k": 3},
        "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "a"}],
    }  # fmt: skip
    assert second == {
        "model": "tiny", "stream": True, "options": {"seed": 1, "top_k": 3}, "messages": talk, "format": "json",
    }  # fmt: skip
    assert results(tmp_path / "out")[0]["id"] == "x"


def test_errors_stay_in_their_line(omm: Omm, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.write_text('"a"\nnonsense\n{"id": 7, "prompt": "fail"}\n\n{"text": "a"}\n"b"\n')
    result = omm("batch", "--model", "tiny", str(source), str(out))
    assert (result.code, result.err) == (1, f"Error: 3 of 5 lines failed; their errors are in {out}\n")
    rows = results(out)
    assert [row["index"] for row in rows] == [0, 1, 2, 3, 4]
    assert rows[1]["error"].startswith("the line is not JSON")
    assert rows[2] == {"index": 2, "id": 7, "error": "no"}
    assert rows[3]["error"] == "the line must be a JSON string, or an object with prompt or messages"
    assert rows[4]["response"] == "B"


def test_goes_on_after_what_is_there(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    source, out = written(tmp_path / "in", "a", "b", "c"), tmp_path / "out"
    out.write_text('{"index":0,"response":"kept"}\n{"index":1,"resp')
    assert omm("batch", "--model", "tiny", source, str(out)).code == 0
    assert [row["response"] for row in results(out)] == ["kept", "B", "C"]
    assert len(server.asked("/api/chat")) == 2


def test_a_server_that_is_gone_ends_it_and_keeps_what_was_done(
    omm: Omm, server: ScriptedServer, tmp_path: Path
) -> None:
    def once(body: Any) -> list[Any]:
        server.cuts_off = body["messages"][-1]["content"] == "b"
        return [chatted("x"), DONE] if not server.cuts_off else [chatted("x")]

    server.answers["POST", "/api/chat"] = (200, once)
    source, out = written(tmp_path / "in", "a", "b", "c"), tmp_path / "out"
    result = omm("batch", "--model", "tiny", "--parallel", "1", source, str(out))
    assert result.code == 4
    assert "hung up in the middle of the answer" in result.err
    assert [row["index"] for row in results(out)] == [0]


def test_stopping_waits_for_no_answer(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, stopped = threading.Event(), threading.Event()
    were_stopped: list[bool] = []

    def slow(body: Any) -> list[Any]:
        if body["messages"][0]["content"] == "slow":
            asked.set()
            were_stopped.append(stopped.wait(60))
        return [chatted("x"), DONE]

    server.answers["POST", "/api/chat"] = (200, slow)
    client, lines = Client(Settings.load()), [b'"quick"', *[b'"slow"'] * 2 * batch.AHEAD]
    results = batch.answers(client, Asking(model="tiny"), lines, first=0, num_parallel=2)
    assert next(results)["response"] == "x"
    assert asked.wait(60)
    results.close()  # as Ctrl-C does
    stopped.set()
    assert False not in were_stopped


def test_a_pipe_is_no_file_to_go_on_with(omm: Omm, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor() as pool:
        read = pool.submit((tmp_path / "pipe").read_text)
        assert omm("batch", "--model", "tiny", written(tmp_path / "in", "a"), str(tmp_path / "pipe")).code == 0
        assert json.loads(read.result())["response"] == "A"


def test_another_file_is_not_overwritten(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    source, out = written(tmp_path / "in", "a"), tmp_path / "out"
    out.write_text("my diary\n")
    result = omm("batch", "--model", "tiny", source, str(out))
    assert result.code == 1
    assert "it is no output of omm batch" in result.err
    assert out.read_text() == "my diary\n"


@pytest.mark.parametrize("number", ["0", "00", "x", "-1", "9" * 5000])
def test_parallel_is_a_number(omm: Omm, tmp_path: Path, number: str) -> None:
    source = written(tmp_path / "in", "a")
    result = omm("batch", f"--parallel={number}", source, str(tmp_path / "out"))
    assert result == (2, "", f'Error: invalid value for --parallel: "{number}" (must be from 1 to 9999)\n')


def test_a_line_without_a_model(omm: Omm, tmp_path: Path) -> None:
    source = written(tmp_path / "in", "a")
    assert omm("batch", source, str(tmp_path / "out")).code == 1
    assert results(tmp_path / "out")[0]["error"] == "the line names no model, and neither does --model"
