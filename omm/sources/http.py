"""HTTP as sources need it: redirects that carry no credentials away, bounded answers, and failures worth a retry."""

from __future__ import annotations

import contextlib
import socket
import weakref
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import requests.adapters
import urllib3
import urllib3.connection

from omm import addresses
from omm.errors import SourceUnavailable

TIMEOUT_S = (10.0, 30.0)  # to connect, and between two pieces of data: what takes longer has stalled
MAX_ANSWER_BYTES = 1 << 20  # of manifests, tokens and other things that are not models

_MAX_REDIRECTS = 5
_REDIRECT_KEEPS = frozenset({"range", "accept", "accept-encoding"})

Body = bytes | Iterable[bytes]


class Temporary(Exception):
    """The server answered, but not with what a later attempt may still get; `wait_s` is how long it asks to wait."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class Session(requests.Session):
    """Uses the environment's proxies and nobody's passwords; the caller closes it.

    Without `any_address`, it connects to the internet only and not to this machine or its network. It is the address
    connected to that is looked at, as a name may have another one the next time.
    """

    def __init__(self, *, any_address: bool = True) -> None:
        super().__init__()
        self.auth = _keep_headers
        self.any_address = any_address
        self.sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.is_cut = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: `get` follows redirects, and requests would read their addresses even where it must not."""

    def cut(self) -> None:
        """End what another thread waits for now; it fails as if the other side had hung up."""
        self.is_cut = True
        for sock in list(self.sockets):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # below TLS, whose state is the reader's


class _Adapter(requests.adapters.HTTPAdapter):
    def __init__(self, session: Session) -> None:
        self._session = session
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        # Each pool makes connections of its class, which must know the session.
        own = {"session": weakref.ref(self._session)}
        http = type("Connection", (_Connection, urllib3.connection.HTTPConnection), own)
        https = type("Connection", (_Connection, urllib3.connection.HTTPSConnection), own)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": http}),
            "https": type("Pool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": https}),
        }


class _Connection:
    """What urllib3's connections do, with the rules of a session."""

    session: weakref.ref[Session]
    host: str
    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        session = self.session()
        if session and not session.any_address and not addresses.is_public(addresses.parse(sock.getpeername()[0])):
            sock.close()
            raise SourceUnavailable(f"{self.host} is this machine or in its network: allow that with --insecure")
        return sock

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        if (session := self.session()) and self.sock is not None:
            session.sockets.add(self.sock)
            if session.is_cut:  # while it connected
                session.cut()


def open_session(*, any_address: bool = True) -> Session:
    """As `Session`. The caller closes it."""
    return Session(any_address=any_address)


def get(
    session: requests.Session,
    url: str,
    headers: Mapping[str, str],
    timeout_s: tuple[float, float] = TIMEOUT_S,
    method: str = "GET",
) -> requests.Response:
    """Send a GET or HEAD and follow redirects; `headers` with secrets go to the origin of `url` only.

    Raises:
        SourceUnavailable: redirects go in a circle, or to where no one should follow.
        requests.RequestException: no answer.
    """
    sent = {"Accept-Encoding": "identity", **headers}
    for _ in range(_MAX_REDIRECTS):
        response = session.request(method, url, headers=sent, stream=True, allow_redirects=False, timeout=timeout_s)
        if not response.is_redirect:
            return response
        target = _redirected(url, response)
        if origin(target) != origin(url):
            sent = {name: text for name, text in sent.items() if name.lower() in _REDIRECT_KEEPS}
        url = target
    raise SourceUnavailable(f"too many redirects from {host_of(url)}")


def read_limited(response: requests.Response) -> bytes:
    """The body of a short answer, unpacked, and closed.

    Raises:
        SourceUnavailable: it breaks off, or is longer than any honest answer, packed or not.
    """
    try:
        with response:
            content: bytes = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=True)
    except urllib3.exceptions.HTTPError as exc:
        raise SourceUnavailable(f"cannot read the answer of {host_of(response.url)}: {reason_of(exc)}") from exc
    if len(content) > MAX_ANSWER_BYTES:
        raise SourceUnavailable(f"{host_of(response.url)} sent more than 1 MiB where a short text belongs")
    return content


def origin(url: str) -> tuple[str, str]:
    """Scheme and host of a URL: what credentials are bound to."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def host_of(url: str | None) -> str:
    """The host of a URL, with its port, for messages."""
    return urlsplit(url or "").netloc.rpartition("@")[2]


def location_of(response: requests.Response) -> str:
    """The address that an answer gives, which is its own when it gives none. Raises SourceUnavailable."""
    try:
        target = urljoin(response.url, response.headers.get("Location", ""))
        origin(target)
    except ValueError as exc:  # such as half of an IPv6 address
        raise SourceUnavailable(f"{host_of(response.url)} points to something that is no address") from exc
    return target


def version_of(response: requests.Response) -> str:
    """What tells this version of a file from others; empty where the server does not say."""
    return response.headers.get("ETag") or response.headers.get("Last-Modified") or ""


def reason_of(exc: Exception) -> str:
    """Why there is no answer, for people."""
    match getattr(exc.args[0] if exc.args else None, "reason", None):
        case urllib3.exceptions.NameResolutionError():
            return "no host has this name"
        case urllib3.exceptions.NewConnectionError():
            return "nobody answers there"
        case urllib3.exceptions.SSLError():
            return "no TLS with a certificate that can be trusted"
    if isinstance(exc, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return "no answer in time"
    if isinstance(exc, urllib3.exceptions.DecodeError):
        return "it cannot be unpacked"
    is_broken = isinstance(exc, (requests.ConnectionError, urllib3.exceptions.ProtocolError))
    return "the connection broke" if is_broken else str(exc)


def _redirected(url: str, response: requests.Response) -> str:
    response.close()
    target = location_of(response)
    scheme, host = origin(target)
    if scheme not in ("http", "https") or not host:
        raise SourceUnavailable(f"{host_of(url)} redirects to something that is not on the web")
    if scheme == "http" and origin(url)[0] == "https":
        raise SourceUnavailable(f"{host_of(url)} redirects to an insecure address")
    return target


def _keep_headers(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # NOTE: with an `auth` of our own, requests does not add passwords from ~/.netrc.
    return request
