"""HTTP/1.1 as far as the command line needs it: one request a connection, and the answer as it comes.

PERF: http.client takes 25 ms to import, as it reads headers with a parser for e-mails.
Source: RFC 9110, RFC 9112.
"""

from __future__ import annotations

import contextlib
import io
import re
import socket
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any

MAX_LINE_BYTES = 1 << 16
MAX_HEADERS = 100
# Seconds of silence before the first probe (macOS has another name for it), seconds between probes, how many in vain.
_PROBES = {"TCP_KEEPIDLE": 30, "TCP_KEEPALIVE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 6}
STATUS = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d)(?: ([^\r\n]*))?\r?\n")
CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,15}")


class ProtocolError(Exception):
    """What came is no HTTP, or it ended too early."""


class Answer:
    """A response whose body is still to come. Closing it early hangs up."""

    def __init__(self, sock: socket.socket, *, has_body: bool = True) -> None:
        self._sock = sock
        self._reader = sock.makefile("rb")
        self.status, self.reason, headers = _head(self._reader)
        is_chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        has_body = has_body and self.status not in (204, 304)
        self.length = None if is_chunked else _length(headers) if has_body else 0
        self.body = io.BufferedReader(_Body(self._reader, self.length, is_chunked=is_chunked and has_body))

    def close(self) -> None:
        """Hang up, whoever reads."""
        with contextlib.suppress(OSError):  # the other side did so already
            self._sock.shutdown(socket.SHUT_RDWR)
        self.body.close()
        self._reader.close()
        self._sock.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class _Body(io.RawIOBase):
    """The bytes of a body, without how they are framed. A length of None lasts until the end."""

    def __init__(self, reader: io.BufferedReader, length: int | None, *, is_chunked: bool) -> None:
        self._reader = reader
        self._left = 0 if is_chunked else length
        self._is_chunked = is_chunked
        self._is_first = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._left == 0 and self._is_chunked:
            self._left = self._next_chunk()
        room = memoryview(buffer)[: self._left]
        got = self._reader.readinto1(room) if len(room) else 0
        if self._left:
            if not got:
                raise ProtocolError("the connection was closed")
            self._left -= got
        return got

    def _next_chunk(self) -> int:
        """The size of the next chunk; the last one has none."""
        if not self._is_first:
            _line(self._reader)
        self._is_first = False
        text = _line(self._reader).partition(b";")[0].strip()
        if not CHUNK_SIZE.fullmatch(text):
            raise ProtocolError(f"a chunk of the size {text!r}")
        size = int(text, 16)
        if size == 0:
            self._is_chunked = False
            while _line(self._reader).strip():
                pass  # trailers
        return size


def connect(
    host: str, port: int, *, is_tls: bool, timeout_s: float, proxy: tuple[str, int] | None = None
) -> socket.socket:
    """A connection, for TLS through a tunnel where there is a proxy.

    Raises:
        OSError, UnicodeError: there is none; the latter for what is no name of a host.
        ProtocolError: the proxy speaks something else.
    """
    # PERF: a name in bytes spares the codec for international ones, which takes 4 ms to import.
    to_host, to_port = proxy or (host, port)
    sock = socket.create_connection((wire_host(to_host), to_port), timeout_s)  # type: ignore[arg-type]
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(sock)
        if proxy and is_tls:
            _tunnel(sock, authority(host, port))
        return _encrypted(sock, host) if is_tls else sock
    except BaseException:
        sock.close()
        raise


def _keep_alive(sock: socket.socket) -> None:
    """Probe a connection that is silent: an answer may take any time to begin, and a host may have vanished."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _PROBES.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def wire_host(host: str) -> bytes:
    """A host's name as the resolver takes it. Raises UnicodeError."""
    return host.encode() if host.isascii() else host.encode("idna")


def authority(host: str, port: int) -> str:
    """Host and port as a request names them."""
    name = wire_host(host).decode()
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _tunnel(sock: socket.socket, to: str) -> None:
    sock.sendall(f"CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n".encode())
    # Unbuffered, as what follows is not this module's to read.
    with sock.makefile("rb", buffering=0) as reader:
        status, reason, _ = _head(reader)
    if status != 200:
        raise OSError(f"the proxy refuses: {status} {reason}")


def _encrypted(sock: socket.socket, host: str) -> socket.socket:
    import ssl  # PERF: 5 ms that a server on this machine does not need

    return ssl.create_default_context().wrap_socket(sock, server_hostname=host)


def send(
    sock: socket.socket, method: str, target: str, headers: Mapping[str, str], payload: bytes | Iterable[bytes] = b""
) -> None:
    """Send a request; a `payload` in pieces must be as long as its Content-Length says."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items()), "", ""]
    head = "\r\n".join(lines).encode()
    try:
        sock.sendall(head + payload if isinstance(payload, bytes) else head)
        for piece in () if isinstance(payload, bytes) else payload:
            sock.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server refused before it had read all of it; its answer says why


def _head(reader: Any) -> tuple[int, str, dict[str, str]]:
    while True:
        match = STATUS.fullmatch(_line(reader))
        if not match:
            raise ProtocolError("no HTTP")
        headers = _headers(reader)
        if int(match[1]) >= 200:  # those below only announce it
            return int(match[1]), (match[2] or b"").decode("latin-1"), headers


def _headers(reader: Any) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MAX_HEADERS):
        line = _line(reader).decode("latin-1").strip()
        if not line:
            return headers
        name, _, text = line.partition(":")
        headers[name.lower()] = text.strip()
    raise ProtocolError("too many headers")


def _line(reader: Any) -> bytes:
    line: bytes = reader.readline(MAX_LINE_BYTES)
    if not line.endswith(b"\n"):
        raise ProtocolError("the connection was closed" if len(line) < MAX_LINE_BYTES else "a line too long")
    return line


def _length(headers: Mapping[str, str]) -> int | None:
    text = headers.get("content-length", "")
    return int(text) if text.isdecimal() else None
