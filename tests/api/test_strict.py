"""What a real server refuses before the application sees it, byte by byte."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any, BinaryIO

import pytest

from tests.fakes import FakeLibrary

Serve = Callable[..., tuple[str, int]]
DIGEST = "sha256:" + "0" * 64
PATIENCE_S = 60


def talk(address: tuple[str, int], raw: bytes) -> tuple[int, dict[str, Any]]:
    """Send bytes; return the first answer's status and JSON body."""
    with socket.create_connection(address, timeout=PATIENCE_S) as connection:
        connection.sendall(raw)
        with connection.makefile("rb") as file:
            return read_answer(file)


def read_answer(file: BinaryIO) -> tuple[int, dict[str, Any]]:
    status = int(file.readline().split()[1])
    headers = {}
    while line := file.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return status, json.loads(file.read(int(headers["content-length"])) or b"{}")


def request(*headers: str, start: str = "POST /api/show HTTP/1.1", body: bytes = b"") -> bytes:
    return "\r\n".join([start, *headers, "", ""]).encode() + body


BODY = b'{"model": "tiny:latest"}'
LENGTH = f"Content-Length: {len(BODY)}"


def test_a_plain_request_passes(serve: Serve) -> None:
    status, shown = talk(serve(), request("Host: localhost", LENGTH, body=BODY))
    assert status == 200
    assert shown["details"]["family"] == "llama"


def test_a_chunked_request_passes(serve: Serve) -> None:
    chunked = f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n\r\n"
    assert talk(serve(), request("Host: localhost", "Transfer-Encoding: chunked", body=chunked))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        ("Host: localhost", "Host: evil.example", LENGTH),
        ("Host: localhost", "hOST: localhost", LENGTH),
        ("Host: localhost", LENGTH, LENGTH),
        ("Host: localhost", LENGTH, "Content-Length: 5"),
        ("Host: localhost", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        ("Host: localhost", LENGTH, "Transfer-Encoding: chunked"),
        ("Host: localhost", "Content-Length: +24"),
        ("Host: localhost", "Content-Length: 24, 24"),
        ("Host: localhost", "Content-Type: a/b", "Content-Type: c/d", LENGTH),
        ("Host: localhost", "Host : localhost", LENGTH),
    ],
)
def test_ambiguous_headers_are_refused(serve: Serve, headers: tuple[str, ...]) -> None:
    status, body = talk(serve(), request(*headers, body=BODY))
    assert status == 400
    assert list(body) == ["error"]


def test_nothing_behind_a_refused_request_is_run(serve: Serve, library: FakeLibrary) -> None:
    smuggled = request("Host: localhost", LENGTH, start="DELETE /api/delete HTTP/1.1", body=BODY)
    first = request("Host: localhost", LENGTH, "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + smuggled)
    assert talk(serve(), first)[0] == 400
    assert list(library.records) == ["tiny:latest"]


def test_unknown_transfer_codings_are_refused(serve: Serve) -> None:
    status, body = talk(serve(), request("Host: localhost", "Transfer-Encoding: gzip"))
    assert status == 501
    assert list(body) == ["error"]


def test_refusals_have_the_protocols_shape(serve: Serve) -> None:
    address = serve(max_body=50)
    start = "POST /v1/chat/completions HTTP/1.1"
    status, body = talk(address, request("Host: localhost", "Content-Length: 51", start=start))
    assert status == 413
    assert body["error"]["code"] == "request_too_large"
    start = "POST /v1/messages HTTP/1.1"
    assert talk(address, request("Host: localhost", "Content-Length: 51", start=start))[1]["type"] == "error"


def test_a_long_body_is_refused_before_it_is_sent(serve: Serve) -> None:
    start = "POST /api/chat HTTP/1.1"
    waiting = request("Host: localhost", "Content-Length: 1000000000000", "Expect: 100-continue", start=start)
    assert talk(serve(), waiting)[0] == 413


def test_a_refused_length_is_not_asked_to_continue(serve: Serve) -> None:
    waiting = request("Host: localhost", "Content-Length: 1e3", "Expect: 100-continue")
    assert talk(serve(), waiting)[0] == 400


def test_a_chunked_body_is_counted(serve: Serve) -> None:
    endless = b"400\r\n" + b"x" * 0x400 + b"\r\n"
    headers = ("Host: localhost", "Transfer-Encoding: chunked")
    assert talk(serve(max_body=1000), request(*headers, body=endless))[0] == 413


def test_a_blob_needs_the_key_before_its_body(serve: Serve, library: FakeLibrary) -> None:
    address = serve(api_key="secret")
    start = f"POST /api/blobs/{DIGEST} HTTP/1.1"
    waiting = ("Host: localhost", "Content-Length: 1000000000", "Expect: 100-continue")
    status, body = talk(address, request(*waiting, start=start))
    assert (status, list(body)) == (401, ["error"])
    allowed = request("Host: localhost", "Content-Length: 3", "X-Api-Key: secret", start=start, body=b"abc")
    assert talk(address, allowed)[0] == 201
    bearer = request("Host: localhost", "Content-Length: 3", "Authorization: Bearer secret", start=start, body=b"abc")
    assert talk(address, bearer)[0] == 200
    assert library.blobs == {DIGEST: b"abc"}


@pytest.mark.parametrize(
    "header", ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Origin: null", "Host: evil.example"]
)
def test_a_page_cannot_fill_the_disk_with_a_blob(serve: Serve, header: str) -> None:
    host = () if header.startswith("Host") else ("Host: localhost",)
    waiting = request(*host, header, "Content-Length: 30000000", start=f"POST /api/blobs/{DIGEST} HTTP/1.1")
    assert talk(serve(), waiting)[0] == 403


def test_a_preflight_for_a_blob_needs_no_key(serve: Serve) -> None:
    asks = ("Host: localhost", "Origin: http://localhost:3000", "Access-Control-Request-Method: POST")
    start = f"OPTIONS /api/blobs/{DIGEST} HTTP/1.1"
    with socket.create_connection(serve(api_key="secret"), timeout=PATIENCE_S) as connection:
        connection.sendall(request(*asks, start=start))
        assert connection.makefile("rb").readline().split()[1] == b"204"


def test_a_blob_that_cannot_fit_is_refused_before_it_is_sent(serve: Serve) -> None:
    waiting = request("Host: localhost", f"Content-Length: {10**18}", start=f"POST /api/blobs/{DIGEST} HTTP/1.1")
    status, body = talk(serve(), waiting)
    assert status == 500
    assert body["error"].startswith("not enough disk space: 2000000 TB needed, ")


def test_a_blob_may_exceed_the_limit_of_bodies(serve: Serve, library: FakeLibrary) -> None:
    content = b"x" * 2_000_000
    start = f"POST /api/blobs/{DIGEST} HTTP/1.1"
    head = request("Host: localhost", f"Content-Length: {len(content)}", start=start, body=content)
    assert talk(serve(max_body=1000), head)[0] == 201
    assert library.blobs == {DIGEST: content}


def test_one_connection_serves_many_requests(serve: Serve) -> None:
    one = request("Host: localhost", LENGTH, body=BODY)
    with socket.create_connection(serve(), timeout=PATIENCE_S) as connection, connection.makefile("rb") as file:
        for _ in range(3):
            connection.sendall(one)
            assert read_answer(file)[0] == 200
