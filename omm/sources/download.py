"""Resumable download of one file into a blob, with progress. Knows HTTP and digests, no particular hub."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

import requests

from omm.errors import NotFound, SourceUnavailable, StorageFailed
from omm.sources.base import SourceFile
from omm.store.blobs import BlobStore, PartialBlob
from omm.units import format_bytes

RETRY_WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)

_TIMEOUT_S = (10.0, 30.0)  # to connect, and between two pieces of data
_WAIT_FOR_OTHER_S = 0.1
_READ_BYTES = 1 << 17  # one step of progress, and of noticing that nobody waits: 1 s on a slow line
_MAX_REDIRECTS = 5


class _TryAgain(Exception):
    """The server answered, but not with what a later attempt may still get."""


class Download:
    """Fetches files over HTTP. `headers` go to the origin of the first URL only, never to where it redirects."""

    def __init__(self, headers: Mapping[str, str], retry_waits_s: tuple[float, ...] = RETRY_WAITS_S) -> None:
        self._headers = dict(headers)
        self._waits_s = retry_waits_s

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Iterator[int]:
        """Bring `file.location` into the store, yielding the bytes there so far.

        Several at once for one digest are fine, in this process or others: one downloads, the others watch it and
        take over where it stopped if it is cancelled.
        """
        while not blobs.has(file.digest):
            partial = blobs.open_partial(file.digest)
            if partial is None:
                yield blobs.partial_size(file.digest)
                time.sleep(_WAIT_FOR_OTHER_S)
                continue
            with partial:
                if blobs.has(file.digest):  # whoever held it finished before we did open it
                    partial.discard()
                    return
                yield from self._complete(file, partial, blobs)

    def _complete(self, file: SourceFile, partial: PartialBlob, blobs: BlobStore) -> Iterator[int]:
        yield from partial.resume()
        if partial.size > file.size:
            partial.restart()
        _check_space(file.size - partial.size, blobs)
        failures = 0
        while partial.size < file.size:
            before = partial.size
            try:
                yield from self._append(file, partial)
            except (requests.RequestException, _TryAgain) as exc:
                failures = 0 if partial.size > before else failures
                if failures == len(self._waits_s):
                    raise SourceUnavailable(f"download from {_host(file)} failed: {_reason(exc)}") from exc
                yield partial.size
                time.sleep(self._waits_s[failures])
                failures += 1
        partial.commit(file.digest)

    def _append(self, file: SourceFile, partial: PartialBlob) -> Iterator[int]:
        with requests.Session() as session:
            session.auth = _keep_headers
            with self._get(session, file.location, partial.size) as response:
                _check_status(response, file)
                if response.status_code != 206 and partial.size:
                    partial.restart()  # the server does not do ranges
                for chunk in response.iter_content(_READ_BYTES):
                    partial.write(chunk)
                    if partial.size > file.size:
                        return  # more than was announced: the digest will not match either
                    yield partial.size
        if partial.size < file.size:
            raise _TryAgain("the connection was closed early")

    def _get(self, session: requests.Session, url: str, start: int) -> requests.Response:
        headers = {**self._headers, "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        for _ in range(_MAX_REDIRECTS):
            response = session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=_TIMEOUT_S)
            if not response.is_redirect:
                return response
            target = urljoin(url, response.headers["Location"])
            response.close()
            if urlsplit(target)[:2] != urlsplit(url)[:2]:
                headers = {name: text for name, text in headers.items() if name.lower() in ("range", "accept-encoding")}
            url = target
        raise SourceUnavailable(f"too many redirects from {urlsplit(url).netloc}")


def _keep_headers(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # NOTE: with an `auth` of our own, requests does not add passwords from ~/.netrc.
    return request


def _check_space(needed: int, blobs: BlobStore) -> None:
    if needed > (free := blobs.free_bytes()):
        raise StorageFailed(f"not enough disk space: {format_bytes(needed)} needed, {format_bytes(free)} free")


def _check_status(response: requests.Response, file: SourceFile) -> None:
    status = response.status_code
    if status in (200, 206):
        # NOTE: we asked for none. A kilobyte of it can hold a gigabyte, and ranges do not count its bytes.
        if (coding := response.headers.get("Content-Encoding", "identity")) != "identity":
            raise SourceUnavailable(f"{_host(file)} sent the file in the coding {coding!r}")
        return
    if status == 404:
        raise NotFound(f"{_host(file)} no longer has the file")
    if status == 429 or status >= 500 or status == 416:
        raise _TryAgain(f"HTTP {status}")
    raise SourceUnavailable(f"{_host(file)} refused the download: HTTP {status}")


def _host(file: SourceFile) -> str:
    return urlsplit(file.location).netloc


def _reason(exc: Exception) -> str:
    if isinstance(exc, requests.Timeout):
        return "no answer in time"
    return "the connection broke" if isinstance(exc, requests.ConnectionError) else str(exc)
