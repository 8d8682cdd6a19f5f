"""Clients that hang up: a real server notices and cancels, whatever it was waiting for."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from falcon.testing import TestClient

from omm.types import Finished, Progress, TextDelta
from tests.fakes import FakeInference, FakeLibrary, FakeStream, answer

Serve = Callable[..., tuple[str, int]]
CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}
PATIENCE_S = 60


@pytest.fixture
def silent(inference: FakeInference) -> Iterator[FakeStream]:
    """The stream of the next request: nothing comes unless the test pushes it."""
    stream = FakeStream()
    inference.stream = lambda: stream
    yield stream
    stream.push(Finished(reason="stop"))  # so that a server that missed the loss can still shut down


def send(address: tuple[str, int], path: str, body: dict[str, object]) -> socket.socket:
    content = json.dumps(body).encode()
    connection = socket.create_connection(address, timeout=PATIENCE_S)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n\r\n"
    connection.sendall(head.encode() + content)
    return connection


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
def test_leaving_before_the_first_word_cancels(
    serve: Serve, inference: FakeInference, silent: FakeStream, path: str, stream: bool
) -> None:
    with send(serve(), path, {**CHAT, "prompt": "hi", "stream": stream}):
        assert inference.started.wait(PATIENCE_S)
    assert silent.closed.wait(PATIENCE_S)


@pytest.mark.parametrize("path", ["/api/embed", "/api/embeddings", "/v1/embeddings", "/v1/rerank"])
def test_who_computes_vectors_and_scores_can_see_that_the_client_left(
    client: TestClient, inference: FakeInference, path: str
) -> None:
    gone = threading.Event()
    body = {"model": "tiny", "input": "x", "prompt": "x", "query": "x", "documents": ["x"]}
    assert (
        client.simulate_post(path, json=body, extras={"waitress.client_disconnected": gone.is_set}).status_code == 200
    )
    assert not inference.is_gone()
    gone.set()
    assert inference.is_gone()


def test_leaving_in_the_middle_cancels(serve: Serve, silent: FakeStream) -> None:
    with send(serve(), "/api/chat", {**CHAT}) as connection:
        silent.push(TextDelta(text="Hello"))
        assert b"Hello" in read_until(connection, b"Hello")
        assert not silent.closed.is_set()
    assert silent.closed.wait(PATIENCE_S)


def test_leaving_a_talkative_stream_cancels(serve: Serve, inference: FakeInference) -> None:
    done = threading.Event()

    class Endless(FakeStream):
        def next(self, timeout_s: float) -> TextDelta | Finished:  # type: ignore[override]
            return Finished(reason="stop") if done.is_set() else TextDelta(text="word " * 100)

    endless = Endless()
    inference.stream = lambda: endless
    with send(serve(), "/api/chat", {**CHAT}) as connection:
        read_until(connection, b"word")
    try:
        assert endless.closed.wait(PATIENCE_S)
    finally:
        done.set()


def test_each_word_arrives_when_it_is_said(serve: Serve, silent: FakeStream) -> None:
    with send(serve(), "/api/chat", {**CHAT}) as connection:
        for word in ("one", "two", "three"):
            silent.push(TextDelta(text=word))
            assert word.encode() in read_until(connection, b'"done":false')
        silent.push(*answer())
        assert b'"done":true' in read_until(connection, b"0\r\n\r\n")
    assert silent.num_closes == 1


@pytest.mark.parametrize("stream", [True, False])
def test_leaving_a_pull_cancels_it(serve: Serve, library: FakeLibrary, stream: bool) -> None:
    stop = threading.Event()
    library.steps = [Progress(status="pulling", total=10**6, completed=done) for done in range(10**5)]
    started = threading.Event()

    def step() -> None:
        started.set()
        stop.wait(0.001)

    library.next_step = step
    with send(serve(), "/api/pull", {"model": "x", "stream": stream}):
        assert started.wait(PATIENCE_S)
    try:
        assert library.cancelled.wait(PATIENCE_S)
    finally:
        library.steps.clear()


def test_two_hundred_clients_that_hang_up_leave_nothing(serve: Serve, inference: FakeInference) -> None:
    address = serve()
    inference.stream = FakeStream
    num_threads = threading.active_count()
    for number in range(200):
        connection = send(address, "/api/chat", {**CHAT, "stream": bool(number % 2)})
        if number % 3:
            connection.shutdown(socket.SHUT_WR)
        connection.close()
    inference.stream = lambda: FakeStream(*answer("still here"))
    with send(address, "/api/chat", {**CHAT, "stream": False}) as connection:
        assert b"still here" in read_until(connection, b"}")
    assert all(stream.closed.wait(PATIENCE_S) for stream in inference.streams)
    assert threading.active_count() == num_threads


def read_until(connection: socket.socket, mark: bytes) -> bytes:
    seen = b""
    while mark not in seen:
        piece = connection.recv(65536)
        assert piece, f"the connection ended after {seen!r}"
        seen += piece
    return seen
