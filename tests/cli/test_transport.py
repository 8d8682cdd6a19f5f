"""HTTP as bytes on a socket: whole, in pieces, cut off, and not HTTP at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from omm.cli import transport
from omm.cli.transport import Answer, ProtocolError

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


Ends = tuple[socket.socket, socket.socket]


def answer_to(ends: Ends, content: bytes, *, has_body: bool = True) -> Answer:
    ours, theirs = ends
    theirs.sendall(content)
    theirs.shutdown(socket.SHUT_WR)
    return Answer(ours, has_body=has_body)


@pytest.mark.parametrize(
    ("content", "body", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", 5),
        (b"HTTP/1.0 200 OK\n\nhello", b"hello", None),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", b"", 0),
        (CHUNKED + b"5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: 1\r\n\r\n", b"hello world", None),
        (CHUNKED + b"0\r\n\r\n", b"", None),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", 0),
    ],
)
def test_bodies(ends: Ends, content: bytes, body: bytes, length: int | None) -> None:
    with answer_to(ends, content) as answer:
        assert (answer.body.read(), answer.length) == (body, length)


def test_status_and_reason(ends: Ends) -> None:
    with answer_to(ends, b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n", has_body=False) as answer:
        assert (answer.status, answer.reason, answer.body.read()) == (404, "Not Found", b"")


def test_a_line_is_there_before_the_answer_ends(ends: Ends) -> None:
    ours, theirs = ends
    theirs.sendall(CHUNKED + b"6\r\none\ntw\r\n")
    with Answer(ours) as answer:
        assert answer.body.readline() == b"one\n"
        theirs.sendall(b"2\r\no\n\r\n0\r\n\r\n")
        assert answer.body.readline() == b"two\n"
        assert answer.body.readline() == b""


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
        CHUNKED + b"9\r\nhello",
        CHUNKED + b"5\r\nhello\r\n",
        CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"x\r\n",
    ],
)
def test_a_body_that_breaks_off_is_an_error(ends: Ends, content: bytes) -> None:
    with answer_to(ends, content) as answer, pytest.raises(ProtocolError):
        answer.body.read()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
        b"x" * 70000,
    ],
)
def test_what_is_no_http_is_an_error(ends: Ends, content: bytes) -> None:
    with pytest.raises(ProtocolError):
        answer_to(ends, content)


def test_closing_wakes_whoever_reads(ends: Ends) -> None:
    ours, theirs = ends
    theirs.sendall(CHUNKED + b"1\r\na")
    answer = Answer(ours)
    assert answer.body.read(1) == b"a"
    failures: list[Exception] = []

    def read() -> None:
        try:
            answer.body.read()
        except (ProtocolError, OSError, ValueError) as exc:
            failures.append(exc)

    thread = threading.Thread(target=read)
    thread.start()
    answer.close()
    thread.join(60)
    assert failures


def test_a_tunnel_is_dug_through_a_proxy_and_a_refusal_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        heard: list[bytes] = []

        def refuse() -> None:
            connection, _ = proxy.accept()
            with connection:
                heard.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 407 Who are you\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        with pytest.raises(OSError, match="the proxy refuses: 407 Who are you"):
            transport.connect("box", 443, is_tls=True, timeout_s=60, proxy=proxy.getsockname())
        thread.join()
    assert heard == [b"CONNECT box:443 HTTP/1.1\r\nHost: box:443\r\n\r\n"]


def test_a_silent_connection_is_probed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sock = transport.connect("127.0.0.1", listener.getsockname()[1], is_tls=False, timeout_s=10, proxy=None)
        with sock:
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 10


def test_authority() -> None:
    assert transport.authority("::1", 5) == "[::1]:5"
    assert transport.authority("bücher.example", 80) == "xn--bcher-kva.example:80"
