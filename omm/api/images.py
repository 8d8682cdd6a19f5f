"""Pictures in requests: base64, data URLs and web addresses → bytes. Knows no protocol and no model.

A request must not make the server a way into its own network: only public addresses are fetched, each redirect is
checked again, and the address that was checked is the one connected to.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, urljoin, urlsplit

import omm
from omm import addresses
from omm.addresses import Address, is_public
from omm.api.errors import InvalidImage, InvalidImageURL

MAX_BYTES = 20 << 20
MAX_REDIRECTS = 5
TIMEOUT_S = 10.0
CHUNK_BYTES = 1 << 16
_DATA_URL = re.compile(r"data:(?:image/(?:png|jpeg|jpg|webp|gif|bmp))?;base64,", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
IsAllowed = Callable[[Address], bool]


def from_url(url: str, param: str) -> bytes:
    """The picture at a data URL or a web address.

    Raises:
        InvalidImage: not base64, or no picture.
        InvalidImageURL: another kind of address, or one that cannot or must not be fetched.
    """
    if match := _DATA_URL.match(url):
        return from_base64(url[match.end() :], param)
    scheme = url.partition(":")[0].lower()
    if scheme == "data":
        raise InvalidImage("a data URL must be base64 of a png, jpeg, webp, gif or bmp image", param=param)
    if scheme not in ("http", "https"):
        raise InvalidImageURL("an image URL must be a data URL or begin with http:// or https://", param=param)
    return checked(fetch(url, param), param)


def from_base64(text: str, param: str) -> bytes:
    """Raises InvalidImage."""
    try:
        return checked(base64.b64decode(_SPACE.sub("", text), validate=True), param)
    except binascii.Error as exc:
        raise InvalidImage(f"the image is not valid base64: {exc}", param=param) from exc


def checked(content: bytes, param: str) -> bytes:
    """The same bytes if they begin as a picture does. Raises InvalidImage."""
    known = content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM"))
    if known or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return content
    raise InvalidImage("the image is not png, jpeg, webp, gif or bmp", param=param)


# --- fetching ---------------------------------------------------------------------------------------------------


def fetch(url: str, param: str, is_allowed: IsAllowed = is_public) -> bytes:
    """Load a web address, bounded in bytes, time and redirects. Raises InvalidImageURL."""
    deadline = time.monotonic() + TIMEOUT_S
    try:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _get(urlsplit(url), deadline, is_allowed)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise ValueError("too many redirects")
    except (OSError, http.client.HTTPException, ValueError) as exc:
        raise InvalidImageURL(f"the image cannot be fetched: {exc}", param=param) from exc


def _get(parts: SplitResult, deadline: float, is_allowed: IsAllowed) -> bytes | str:
    """The content, or where it is instead. Raises ValueError and what sockets raise."""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not a web address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    with contextlib.closing(http.client.HTTPConnection(parts.hostname, port)) as connection:
        connection.sock = sock = _connect(parts.hostname, port, parts.scheme == "https", deadline, is_allowed)
        with _cut_at(deadline, sock):
            return _ask(connection, parts, deadline)


def _ask(connection: http.client.HTTPConnection, parts: SplitResult, deadline: float) -> bytes | str:
    sock: socket.socket = connection.sock
    if isinstance(sock, ssl.SSLSocket):
        sock.do_handshake()
    target = parts._replace(scheme="", netloc="", fragment="", path=parts.path or "/").geturl()
    connection.request("GET", target, headers={"user-agent": f"omm/{omm.__version__}", "accept": "image/*"})
    with connection.getresponse() as response:
        location = response.getheader("location")
        if 300 <= response.status < 400 and location:
            return location
        if response.status != 200:
            raise ValueError(f"the server answered {response.status}")
        return _read(response, sock, deadline)


@contextlib.contextmanager
def _cut_at(deadline: float, sock: socket.socket) -> Iterator[None]:
    """NOTE: a socket's own limit is for each read; a server that sends a byte now and then would never meet it."""
    alarm = threading.Timer(_remaining_s(deadline), _cut, (sock,))
    alarm.daemon = True
    alarm.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        _remaining_s(deadline)  # it ended because it was cut
        raise
    finally:
        alarm.cancel()


def _cut(sock: socket.socket) -> None:
    """End a connection that another thread reads from."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # below TLS, whose state is the reader's


def _connect(host: str, port: int, is_secure: bool, deadline: float, is_allowed: IsAllowed) -> socket.socket:
    """NOTE: connects to the very address that was checked, as a second look-up could give another."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_allowed(addresses.parse(address)) for address in found):
        raise ValueError("the address is not a public one")
    raw = socket.create_connection((found[0], port), timeout=_remaining_s(deadline))
    if not is_secure:
        return raw
    try:
        # NOTE: the handshake comes later, as it can drip, too.
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)
    except BaseException:
        raw.close()
        raise


def _read(response: http.client.HTTPResponse, sock: socket.socket, deadline: float) -> bytes:
    content = bytearray()
    while True:
        if sock.fileno() >= 0:  # it is closed with the last byte
            sock.settimeout(_remaining_s(deadline))
        chunk = response.read1(CHUNK_BYTES)
        if not chunk:
            _remaining_s(deadline)  # cut is not complete
            return bytes(content)
        content += chunk
        if len(content) > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES >> 20} MB")


def _remaining_s(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError("it took too long")
    return remaining
