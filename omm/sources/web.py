"""A GGUF file at any web address: `https://host/folder/x.gguf`, or all files of `x-00001-of-00003.gguf`.

Nobody tells such a file's digest, so what the server says of its version (ETag, size) must hold from the first byte to
the last, and the digest is remembered once the file is here.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator

import msgspec
import requests
import urllib3

from omm.errors import DigestMismatch, NotFound, SourceUnavailable, Unsupported
from omm.names import SHARD, ModelName
from omm.sources import http
from omm.sources.base import Origin, Resolved, SourceFile
from omm.sources.download import Downloads
from omm.sources.remote import full_size
from omm.store import known
from omm.store.blobs import CHUNK_BYTES, BlobStore

MAGIC = b"GGUF"


class WebFile(SourceFile, frozen=True, kw_only=True):
    """`version` is what its server tells it from others by, if it does; `size` is 0 where the server does not tell."""

    version: str
    any_address: bool


class Web:
    """Files at addresses of their own."""

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads

    def matches(self, name: ModelName) -> bool:
        """Whether the name is an address."""
        return bool(name.url)

    def resolve(self, name: ModelName) -> Resolved:
        """Look at the first bytes of each file.

        Names that allow plain HTTP allow addresses of this machine and its network, too: a server must not be a way
        into them for whoever may ask it for models.
        """
        any_address = name.scheme == "http"
        urls = _parts(name.url)
        with http.open_session(any_address=any_address) as session:
            files = tuple(_look(session, url, any_address=any_address) for url in urls)
        folder, _, file = _shown(urls[0]).rpartition("/")
        return Resolved(files=files, origin=Origin(source=folder, revision=files[0].version.strip('"'), file=file))

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Generator[int, None, str]:
        """Download; resumes where an earlier attempt stopped, if the server tells versions of the file apart."""
        assert isinstance(file, WebFile)  # `resolve` made it
        if not file.version or not file.size:
            return (yield from self._fetch_whole(file, blobs))
        key = file.digest
        wanted = file
        if digest := known.recall(blobs, key):
            wanted = msgspec.structs.replace(file, digest=digest, is_provisional=False)
        try:
            digest = yield from self._downloads.fetch(
                wanted, blobs, {}, version=file.version, any_address=file.any_address
            )
        except DigestMismatch:
            known.forget(blobs, key)  # the server has other bytes under the same version
            raise
        known.remember(blobs, key, digest)
        return digest

    def _fetch_whole(self, file: WebFile, blobs: BlobStore) -> Generator[int, None, str]:
        """In one piece and one attempt, as nothing tells whether two pieces are of the same file."""
        host = http.host_of(file.location)
        try:
            with (
                http.open_session(any_address=file.any_address) as session,
                http.get(session, file.location, {}, self._downloads.timeout_s) as response,
                blobs.open_writer() as writer,
            ):
                _check(response, file.location)
                while chunk := response.raw.read1(CHUNK_BYTES, decode_content=False):
                    writer.write(chunk)
                    yield writer.size
                    time.sleep(max(0.0, self._downloads.limiter.wait_s(len(chunk))))
                if file.size not in (0, writer.size):
                    raise SourceUnavailable(f"download from {host} failed: the connection was closed early")
                return writer.commit()
        except (requests.RequestException, urllib3.exceptions.HTTPError) as exc:
            raise SourceUnavailable(f"download from {host} failed: {http.reason_of(exc)}") from exc


def _parts(url: str) -> list[str]:
    """The addresses of all files of a model, given any of them."""
    path, mark, query = url.partition("?")
    match = SHARD.search(path)
    if match is None:
        return [url]
    count = int(match[2])
    return [SHARD.sub(f"-{index:05}-of-{count:05}.gguf", path) + mark + query for index in range(1, count + 1)]


def _look(session: http.Session, url: str, *, any_address: bool) -> WebFile:
    """What the server says of a file, which must begin as a GGUF file does."""
    try:
        with http.get(session, url, {"Range": f"bytes=0-{len(MAGIC) - 1}"}) as response:
            _check(response, url)
            begin = response.raw.read(len(MAGIC), decode_content=False)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as exc:
        raise SourceUnavailable(f"cannot reach {http.host_of(url)}: {http.reason_of(exc)}") from exc
    if begin != MAGIC:
        is_page = "html" in response.headers.get("Content-Type", "") or begin[:1] == b"<"
        what = "a web page; look for the address that its download button has" if is_page else "no GGUF file"
        raise Unsupported(f"what {http.host_of(url)} sent for {_shown(url)} is {what}")
    size, version = full_size(response), http.version_of(response)
    key = hashlib.sha256("\n".join((url, version, str(size))).encode()).hexdigest()
    return WebFile(
        kind="model",
        digest=f"sha256:{key}",
        size=size,
        location=url,
        is_provisional=True,
        version=version,
        any_address=any_address,
    )


def _check(response: requests.Response, url: str) -> None:
    host = http.host_of(url)
    if response.status_code == 404:
        raise NotFound(f"{host} has no file {_shown(url)}", param="model")
    if response.status_code not in (200, 206):
        raise SourceUnavailable(f"{host} answered HTTP {response.status_code} for {_shown(url)}")
    if (coding := response.headers.get("Content-Encoding", "identity")) != "identity":
        raise SourceUnavailable(f"{host} sent the file in the coding {coding!r}")


def _shown(url: str) -> str:
    """An address without its query, which may hold a key."""
    return url.partition("?")[0].partition("#")[0]
