"""HTTP as sources need it: redirects that carry no credentials away, bounded answers, and failures worth a retry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urljoin, urlsplit

import requests

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


def open_session() -> requests.Session:
    """A session that uses the environment's proxies and nobody's passwords. The caller closes it."""
    session = requests.Session()
    session.auth = _keep_headers
    return session


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
        target = urljoin(url, response.headers["Location"])
        response.close()
        _check_target(url, target)
        if origin(target) != origin(url):
            sent = {name: text for name, text in sent.items() if name.lower() in _REDIRECT_KEEPS}
        url = target
    raise SourceUnavailable(f"too many redirects from {host_of(url)}")


def read_limited(response: requests.Response) -> bytes:
    """The body of a short answer, unpacked, and closed.

    Raises:
        SourceUnavailable: it is longer than any honest answer, packed or not.
    """
    with response:
        content: bytes = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=True)
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


def reason_of(exc: Exception) -> str:
    """Why there is no answer, for people."""
    if isinstance(exc, requests.Timeout):
        return "no answer in time"
    return "the connection broke" if isinstance(exc, requests.ConnectionError) else str(exc)


def _check_target(url: str, target: str) -> None:
    scheme, host = origin(target)
    if scheme not in ("http", "https") or not host:
        raise SourceUnavailable(f"{host_of(url)} redirects to something that is not on the web")
    if scheme == "http" and origin(url)[0] == "https":
        raise SourceUnavailable(f"{host_of(url)} redirects to an insecure address")


def _keep_headers(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # NOTE: with an `auth` of our own, requests does not add passwords from ~/.netrc.
    return request
