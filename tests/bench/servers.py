"""Starts the two servers that are compared, with the same model, threads, context and parallel sequences."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODEL = "bench"
START_TIMEOUT_S = 120.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """What both servers are set to."""

    model: Path
    threads: int
    num_parallel: int
    context: int


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: where it takes a prompt, and in which words."""

    name: str
    port: int
    path: str
    payload: Callable[[str, int], dict[str, Any]]
    output_count: str


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def call(port: int, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
    """One request and its whole answer; `body` is bytes, an open file or something for JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_TIMEOUT_S)
    with contextlib.closing(connection):
        if body is not None and not isinstance(body, bytes) and not hasattr(body, "read"):
            body = json.dumps(body).encode()
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()


@contextlib.contextmanager
def process(command: list[str], log: Path, port: int, ready: str, env: dict[str, str]) -> Iterator[None]:
    """Run a server from when it answers `ready` with 200 to the end of the block."""
    with log.open("wb") as output:
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=env)
        try:
            wait_until_ready(child, port, ready, log)
            yield
        finally:
            child.terminate()
            child.wait(timeout=30)


def wait_until_ready(child: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if call(port, "GET", path)[0] == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{child.args!r} did not start:\n{log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def omm(load: Load, directory: Path, eog_tokens: list[int]) -> Iterator[Server]:
    """omm's server with the model created in a store of its own."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OMM_", "OLLAMA_"))} | {
        "OMM_HOST": f"127.0.0.1:{port}",
        "OMM_HOME": str(directory / "omm"),
        "OMM_NUM_PARALLEL": str(load.num_parallel),
        "OMM_CONTEXT_LENGTH": str(load.context),
        "OMM_THREADS": str(load.threads),
        "OMM_FLASH_ATTENTION": "on",
        "OMM_KEEP_ALIVE": "-1",
    }
    # What llama-server's ignore_eos does: no token may end the answer.
    logit_bias = {str(token): -1000.0 for token in eog_tokens}

    def payload(prompt: str, num_tokens: int) -> dict[str, Any]:
        options = {"temperature": 0, "repeat_penalty": 1.0, "num_predict": num_tokens, "logit_bias": logit_bias}
        return {"model": MODEL, "prompt": prompt, "raw": True, "stream": True, "options": options}

    with process([sys.executable, "-m", "omm", "serve"], directory / "omm.log", port, "/", env):
        create_model(port, load.model)
        yield Server(name="omm", port=port, path="/api/generate", payload=payload, output_count="eval_count")


def create_model(port: int, model: Path) -> None:
    """Upload the file as a blob and name it."""
    with model.open("rb") as source:
        digest = "sha256:" + hashlib.file_digest(source, "sha256").hexdigest()
    status, answer = call(port, "POST", f"/api/blobs/{digest}", model.read_bytes())
    if status not in {200, 201}:
        raise RuntimeError(f"blob: {status} {answer!r}")
    status, answer = call(port, "POST", "/api/create", {"model": MODEL, "files": {model.name: digest}, "stream": False})
    if status != 200:
        raise RuntimeError(f"create: {status} {answer!r}")


@contextlib.contextmanager
def llama_server(load: Load, directory: Path, program: Path) -> Iterator[Server]:
    """llama.cpp's own server; its cache of old prompts is off, as no prompt here returns."""
    port = free_port()
    command = [str(program), "-m", str(load.model), "--host", "127.0.0.1", "--port", str(port)]
    command += ["-t", str(load.threads), "-np", str(load.num_parallel), "-c", str(load.context * load.num_parallel)]
    command += ["-fa", "on", "--cache-ram", "0"]

    def payload(prompt: str, num_tokens: int) -> dict[str, Any]:
        greedy = {"temperature": 0, "repeat_penalty": 1.0, "ignore_eos": True}
        return {"prompt": prompt, "n_predict": num_tokens, "stream": True, **greedy}

    with process(command, directory / "llama-server.log", port, "/health", dict(os.environ)):
        yield Server(
            name="llama-server", port=port, path="/completion", payload=payload, output_count="tokens_predicted"
        )
