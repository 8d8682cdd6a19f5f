"""Many clients at once, clients that leave, runners that die, and how the server ends. A server process of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.waiting import eventually

GREEDY = {"temperature": 0, "repeat_penalty": 1.0, "num_predict": 48}
PROMPTS = [f"Tell me about number {number}, {'please ' * number}" for number in range(16)]
WAIT_S = 60


@dataclasses.dataclass
class Server:
    """A running `omm serve`."""

    process: subprocess.Popen[str]
    url: str
    port: int

    @property
    def runners(self) -> list[psutil.Process]:
        """Its child processes."""
        return psutil.Process(self.process.pid).children()

    def generate(self, prompt: str, **options: Any) -> str:
        """Answer text, reasoning included; raises what the server reports."""
        body = {"model": "tiny", "prompt": prompt, "options": {**GREEDY, **options}}
        with requests.post(f"{self.url}/api/generate", json=body, stream=True, timeout=WAIT_S) as response:
            return "".join(text_of(json.loads(line)) for line in response.iter_lines())

    @property
    def endless(self) -> dict[str, Any]:
        """Options with which an answer never ends by itself: no end token, and old context makes room."""
        info = requests.post(f"{self.url}/api/show", json={"model": "tiny"}, timeout=WAIT_S).json()["model_info"]
        ends = {info[f"tokenizer.ggml.{name}_token_id"] for name in ("eos", "eot", "padding")}
        return {"num_predict": -1, "logit_bias": {str(token): -1000.0 for token in ends}}

    def num_active(self) -> int:
        """Requests that the loaded model works on, as `/api/ps` tells."""
        models = requests.get(f"{self.url}/api/ps", timeout=WAIT_S).json()["models"]
        return sum(int(model["active"]) for model in models)


def text_of(chunk: dict[str, Any]) -> str:
    if "error" in chunk:
        raise RuntimeError(chunk["error"])
    return str(chunk.get("thinking", "")) + str(chunk["response"])


@contextlib.contextmanager
def serving(home: Path, **env: str) -> Iterator[Server]:
    """Start `omm serve` on a free port with tiny pulled; kill it at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "omm", "serve"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMM_HOME": str(home), "OMM_HOST": "127.0.0.1:0", "OMM_THREADS": "1", **env},
    )
    assert process.stderr is not None
    with process:
        try:
            port = next(int(found[1]) for line in process.stderr if (found := re.search(r"listens on .*?:(\d+)", line)))
            threading.Thread(target=process.stderr.read, daemon=True).start()  # or a full pipe would stop the server
            server = Server(process, f"http://127.0.0.1:{port}", port)
            pull = {"model": "tiny", "stream": False}
            requests.post(f"{server.url}/api/pull", json=pull, timeout=WAIT_S).raise_for_status()
            yield server
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("home")) as running:
        yield running


def test_sixteen_streams_say_what_each_says_alone(server: Server) -> None:
    alone = [server.generate(prompt) for prompt in PROMPTS]
    with ThreadPoolExecutor(len(PROMPTS)) as pool:
        together = list(pool.map(server.generate, PROMPTS))
    assert together == alone


def test_a_killed_runner_fails_its_requests_and_the_next_one_works(server: Server) -> None:
    body = {"model": "tiny", "prompt": "go on", "shift": True, "options": server.endless}
    with requests.post(f"{server.url}/api/generate", json=body, stream=True, timeout=WAIT_S) as response:
        lines = response.iter_lines()
        next(lines)
        for runner in server.runners:
            runner.kill()
        last = [json.loads(line) for line in lines][-1]
    assert "unexpectedly stopped" in last["error"]
    assert server.generate(PROMPTS[0])


def test_a_runner_killed_while_many_wait_fails_each_of_them(server: Server) -> None:
    server.generate("load")
    endless = server.endless
    started = threading.Barrier(9)

    def ask(number: int) -> str:
        started.wait()
        try:
            return server.generate(f"count {number}", **endless)
        except RuntimeError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask, number) for number in range(8)]
        started.wait()
        assert eventually(lambda: server.num_active() == 8)
        for runner in server.runners:
            runner.kill()
        for answer in answers:
            assert "unexpectedly stopped" in answer.result(WAIT_S)
    assert server.generate("again")


def test_clients_that_hang_up_leave_nothing_behind(server: Server) -> None:
    server.generate("warm up")
    endless = server.endless
    process = psutil.Process(server.process.pid)
    before = process.num_fds(), process.num_threads()

    def hang_up(number: int) -> None:
        body = json.dumps({"model": "tiny", "prompt": f"hi {number}", "shift": True, "options": endless})
        head = f"POST /api/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall((head + body).encode())
            if number % 2:
                client.recv(1)  # leave in the middle of the answer

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(hang_up, range(200)))
    assert eventually(lambda: server.num_active() == 0)
    assert eventually(lambda: process.num_fds() <= before[0] and process.num_threads() <= before[1])
    # All slots are free again: as many answers as there are slots come at once, each like alone.
    alone = server.generate(PROMPTS[3])
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(server.generate, [PROMPTS[3]] * 16)) == {alone}
    assert eventually(lambda: process.num_fds() <= before[0])


def test_a_full_queue_answers_503(tmp_path: Path) -> None:
    with serving(tmp_path, OMM_NUM_PARALLEL="1", OMM_MAX_QUEUE="2") as server:
        server.generate("load")

        def status(number: int) -> int:
            body = {"model": "tiny", "prompt": f"{number}", "stream": False, "options": {"num_predict": 200}}
            return requests.post(f"{server.url}/api/generate", json=body, timeout=WAIT_S).status_code

        with ThreadPoolExecutor(12) as pool:
            statuses = list(pool.map(status, range(12)))
        assert set(statuses) == {200, 503}
        assert statuses.count(200) >= 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_streams_with_an_error_and_leaves_no_orphan(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as server:
        body = {"model": "tiny", "prompt": "go on", "shift": True, "options": server.endless}
        with requests.post(f"{server.url}/api/generate", json=body, stream=True, timeout=WAIT_S) as response:
            lines = response.iter_lines()
            next(lines)
            runners = server.runners
            server.process.send_signal(number)
            last = [json.loads(line) for line in lines][-1]
        assert "error" in last
        assert server.process.wait(WAIT_S) == 0
        assert runners
        assert not [runner for runner in runners if runner.is_running()]


def test_a_server_that_dies_takes_its_runners_along(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.generate("load")
        runners = server.runners
        server.process.kill()
        _, alive = psutil.wait_procs(runners, timeout=WAIT_S)
        assert runners
        assert not alive
