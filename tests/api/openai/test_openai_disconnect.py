"""Clients that hang up: all choices are cancelled. And that words and signs of life arrive at once."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator

import pytest

from omm.types import Finished, PromptProgress, TextDelta
from tests.fakes import FakeInference, FakeStream, answer

Serve = Callable[..., tuple[str, int]]
BODY = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}], "prompt": "hi"}
PATIENCE_S = 60


@pytest.fixture
def streams(inference: FakeInference) -> Iterator[list[FakeStream]]:
    """The streams of the next requests: nothing comes unless the test pushes it."""
    made = [FakeStream(), FakeStream()]
    left = iter(made)
    inference.stream = lambda: next(left)
    yield made
    for stream in made:
        stream.push(Finished(reason="stop"))  # so that a server that missed the loss can still shut down


def send(address: tuple[str, int], path: str, **fields: object) -> socket.socket:
    content = json.dumps({**BODY, **fields}).encode()
    connection = socket.create_connection(address, timeout=PATIENCE_S)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n\r\n"
    connection.sendall(head.encode() + content)
    return connection


def read_until(connection: socket.socket, mark: bytes) -> bytes:
    read = b""
    while mark not in read:
        chunk = connection.recv(1 << 16)
        assert chunk, f"closed after {read!r}"
        read += chunk
    return read


@pytest.mark.parametrize("is_stream", [True, False])
@pytest.mark.parametrize("num_choices", [1, 2])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions"])
def test_leaving_before_the_first_word_cancels_all(
    serve: Serve, inference: FakeInference, streams: list[FakeStream], path: str, num_choices: int, is_stream: bool
) -> None:
    with send(serve(), path, stream=is_stream, n=num_choices):
        assert inference.started.wait(PATIENCE_S)
    for stream in streams[:num_choices]:
        assert stream.closed.wait(PATIENCE_S)


def test_leaving_in_the_middle_cancels_all(serve: Serve, streams: list[FakeStream]) -> None:
    with send(serve(), "/v1/chat/completions", stream=True, n=2) as connection:
        streams[1].push(TextDelta(text="Hello"))
        read_until(connection, b"Hello")
        assert not any(stream.closed.is_set() for stream in streams)
    assert all(stream.closed.wait(PATIENCE_S) for stream in streams)


def test_each_word_of_each_choice_arrives_when_it_is_said(serve: Serve, streams: list[FakeStream]) -> None:
    with send(serve(), "/v1/chat/completions", stream=True, n=2) as connection:
        for index, word in [(1, "one"), (0, "two"), (1, "three")]:
            streams[index].push(TextDelta(text=word))
            read_until(connection, word.encode())
        for stream in streams:
            stream.push(*answer())
        read_until(connection, b"[DONE]")


@pytest.mark.parametrize("num_choices", [1, 2])
def test_signs_of_life_begin_when_the_prompt_is_read(
    serve: Serve, streams: list[FakeStream], monkeypatch: pytest.MonkeyPatch, num_choices: int
) -> None:
    monkeypatch.setattr("omm.api.openai.streams.BEAT_S", 0.01)
    with send(serve(), "/v1/chat/completions", stream=True, n=num_choices) as connection:
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)  # a model that cannot be loaded could still say so
        connection.settimeout(PATIENCE_S)
        streams[0].push(PromptProgress(done=1, total=9))
        assert b"200 OK" in read_until(connection, b": keep-alive\n\n")
        for stream in streams:
            stream.push(*answer())
        read_until(connection, b"[DONE]")
