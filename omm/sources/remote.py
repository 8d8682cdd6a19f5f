"""One file behind a URL: opens ranges of it. Knows redirects, tokens and status codes, not where the bytes go."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping

import requests

from omm.errors import DigestMismatch, NotFound, SourceUnavailable
from omm.sources import http

_EXPIRED = frozenset({400, 401, 403, 404, 410})  # what storage says of a signed URL that is too old
_MAX_WAIT_S = 60.0
# Of no more digits than any file's size has.
_LENGTH = re.compile(r"[0-9]{1,18}")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")

Renew = Callable[[requests.Response], Mapping[str, str]]


class Remote:
    """Opens ranges of one file, from any thread.

    `headers` go to the origin of the URL only; `renew` turns a 401 into new ones. `version` is what all answers must
    say of the file, where its digest does not tell; without `any_address`, only the internet is asked.
    """

    def __init__(
        self,
        url: str,
        size: int,
        headers: Mapping[str, str],
        renew: Renew | None = None,
        timeout_s: tuple[float, float] = http.TIMEOUT_S,
        *,
        version: str = "",
        any_address: bool = True,
    ) -> None:
        self.any_address, self._version = any_address, version
        self.host = http.host_of(url)
        self._url, self._size, self._timeout_s = url, size, timeout_s
        self._renew = renew
        self._lock = threading.Lock()  # guards what follows
        self._headers = dict(headers)
        self._direct = ""  # where the URL redirected to: asking there spares the hub one request per range

    def open(self, session: requests.Session, start: int, end: int) -> tuple[requests.Response, int]:
        """Ask for `[start, end)`; returns the response and the offset of its first byte: `start`, or 0 of it all.

        The caller closes the response.

        Raises:
            http.Temporary, requests.RequestException: worth another try.
            NotFound, SourceUnavailable, DigestMismatch: for good.
        """
        # PERF: whole files are asked for without a range, which some caches answer faster.
        wanted = {} if (start, end) == (0, self._size) else {"Range": f"bytes={start}-{end - 1}"}
        response = self._get(session, wanted)
        try:
            return response, self._checked_offset(response, start)
        except BaseException:
            response.close()
            raise

    def _get(self, session: requests.Session, wanted: Mapping[str, str]) -> requests.Response:
        with self._lock:
            direct, headers = self._direct, self._headers
        if direct:
            response = http.get(session, direct, wanted, self._timeout_s)
            if response.status_code not in _EXPIRED:
                return response
            response.close()
        response = http.get(session, self._url, {**headers, **wanted}, self._timeout_s)
        if response.status_code == 401 and self._renew:
            with self._lock:
                self._headers = headers = dict(self._renew(response))
            response = http.get(session, self._url, {**headers, **wanted}, self._timeout_s)
        is_elsewhere = http.origin(response.url) != http.origin(self._url)
        with self._lock:
            self._direct = response.url if is_elsewhere and response.ok else ""
        return response

    def _checked_offset(self, response: requests.Response, start: int) -> int:
        self._check_status(response)
        # NOTE: we asked for none. A kilobyte of it can hold a gigabyte, and ranges do not count its bytes.
        if (coding := response.headers.get("Content-Encoding", "identity")) != "identity":
            raise SourceUnavailable(f"{self.host} sent the file in the coding {coding!r}")
        if self._version and http.version_of(response) != self._version:
            raise DigestMismatch(f"{self.host} has another version of the file by now; pull it again")
        if response.status_code == 206:
            told = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if told is None or int(told[1]) != start:
                raise http.Temporary("another range than the one asked for")
            self._check_size(told[3])
            return start
        self._check_size(response.headers.get("Content-Length", "*"))
        return 0

    def _check_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status in (200, 206):
            return
        if status == 404:
            raise NotFound(f"{self.host} no longer has the file")
        if status in (408, 416, 425, 429) or status >= 500:
            raise http.Temporary(f"HTTP {status}", _retry_after_s(response))
        raise SourceUnavailable(f"{self.host} refused the download: HTTP {status}")

    def _check_size(self, told: str) -> None:
        if told != "*" and told != str(self._size):
            raise DigestMismatch(f"{self.host} has {told} bytes under this name where {self._size} were announced")


def full_size(response: requests.Response) -> int:
    """How many bytes the file has, of which an answer may be a part; 0 when the server does not say."""
    if response.status_code == 206:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        told = match[3] if match else ""
    else:
        told = response.headers.get("Content-Length", "")
    return int(told) if _LENGTH.fullmatch(told) else 0


def _retry_after_s(response: requests.Response) -> float:
    text = response.headers.get("Retry-After", "")
    return min(float(text), _MAX_WAIT_S) if text.isdecimal() else 0.0
