"""Pushing a model to a registry: its blobs, then its manifest, byte for byte.

Source: OCI distribution specification, "push"; Ollama's client for the statuses.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import requests

from omm.errors import (
    NOT_JSON,
    Cancelled,
    Corrupt,
    DigestMismatch,
    InvalidRequest,
    SourceUnavailable,
    Unsupported,
)
from omm.names import DEFAULT_HOST, ModelName
from omm.sources import http
from omm.sources.registry import Registry, url_of
from omm.store.blobs import CHUNK_BYTES, BlobStore, normalise
from omm.store.manifests import Layer, Stored
from omm.types import Progress

PART_BYTES = 64 << 20  # what a broken connection costs at most
RETRY_WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)

_POLL_S = 0.2
_PROGRESS_INTERVAL_S = 0.06
_RECEIVED = re.compile(r"(?:bytes=)?0-([0-9]{1,18})")


class _Refused(SourceUnavailable):
    """The registry said no, and would say so again."""


def check_name(name: ModelName) -> None:
    """Refuse names that stand for no registry one may push to.

    Raises:
        Unsupported.
    """
    if name.host.lower() == DEFAULT_HOST:
        raise Unsupported(
            f"'{name.display}' names no registry, and ollama.com takes models from its own client only; "
            f"give it a name that says where to: omm cp {name.display} HOST/NAMESPACE/{name.model}",
            param="model",
        )
    if name.is_huggingface:
        raise Unsupported("Hugging Face takes uploads with git or its own client, not by push", param="model")


def push(
    name: ModelName, model: tuple[Stored, bytes], blobs: BlobStore, logins: Mapping[str, str]
) -> Iterator[Progress]:
    """Bring a stored model, with its manifest's bytes, to the registry that `name` says; closing cancels.

    Raises:
        SourceUnavailable: the registry is not there, fails for long, or refuses.
        Corrupt: a blob is missing here. DigestMismatch: the registry has something else than was sent.
    """
    running = _Push(name, model, blobs, logins)
    last = Progress(status="retrieving manifest")
    yield last
    with ThreadPoolExecutor(1, "push") as pool:
        future = pool.submit(running.run)
        try:
            for step in running.reports(future):
                # NOTE: repeated while nothing moves, as its reader looks only then whether its client is still there.
                last = step or last
                yield last
        finally:
            running.cancel()
    yield Progress(status="success")


class _Push:
    """One push: `run` works on a thread of its own and `reports` tells another how far it is."""

    def __init__(
        self, name: ModelName, model: tuple[Stored, bytes], blobs: BlobStore, logins: Mapping[str, str]
    ) -> None:
        self._name, self._blobs = name, blobs
        self._stored, self._content = model
        self._registry = Registry(url_of(name), logins, actions="pull,push")
        self._reports: queue.SimpleQueue[Progress] = queue.SimpleQueue()
        self._reported_s = 0.0
        self._is_cancelled = threading.Event()

    def reports(self, future: Future[None]) -> Iterator[Progress | None]:
        """What is new, None when nothing was for a while, until `run` has ended; raises what it raised."""
        while not (future.done() and self._reports.empty()):
            try:
                yield self._reports.get(timeout=_POLL_S)
            except queue.Empty:
                yield None
        future.result()

    def cancel(self) -> None:
        """Make `run` end at its next step."""
        self._is_cancelled.set()

    def run(self) -> None:
        """Push everything."""
        with self._registry:
            config, *layers = self._stored.manifest.blobs
            for layer in {normalise(layer.digest): layer for layer in (*layers, config)}.values():
                self._push_blob(layer)
            self._reports.put(Progress(status="pushing manifest"))
            self._push_manifest()

    def _push_manifest(self) -> None:
        headers = {"Content-Type": self._stored.manifest.media_type}
        where = f"manifests/{self._name.tag}"
        with self._registry.ask("PUT", where, headers=headers, content=self._content) as response:
            self._check(response, 200, 201)
            told = response.headers.get("Docker-Content-Digest", "")
        if told and told != f"sha256:{self._stored.digest}":
            raise DigestMismatch(f"{self._name.host} stored {told} instead of sha256:{self._stored.digest}")

    # --- blobs --------------------------------------------------------------------------------------------------

    def _push_blob(self, layer: Layer) -> None:
        name = self._stored.name.display
        if not self._blobs.has(layer.digest):
            raise Corrupt(f"model '{name}' is incomplete: {layer.digest} is missing")
        if self._blobs.size(layer.digest) != layer.size:
            raise Corrupt(f"model '{name}' is broken: {layer.digest} has not the size its manifest says")
        if not self._has(layer):
            where = self._start(layer)
            if where is not None:
                self._upload(layer, where)
        self._report(layer, layer.size, is_last=True)

    def _has(self, layer: Layer) -> bool:
        with self._registry.ask("HEAD", f"blobs/{normalise(layer.digest)}") as response:
            if response.status_code != 404:
                self._check(response, 200)
            return response.status_code == 200

    def _start(self, layer: Layer) -> str | None:
        """Ask for a place to send a blob to; None when the registry has found it in the repository it came from."""
        query = urlencode({"mount": normalise(layer.digest), "from": base}) if (base := self._base(layer)) else ""
        with self._registry.ask("POST", f"blobs/uploads/?{query}" if query else "blobs/uploads/") as response:
            self._check(response, 201, 202)
            return None if response.status_code == 201 else self._next(response)

    def _base(self, layer: Layer) -> str:
        """The repository of the same registry that a layer came from."""
        try:
            base = ModelName.parse(layer.base)
        except InvalidRequest:
            return ""
        return f"{base.namespace}/{base.model}" if base.host.lower() == self._name.host.lower() else ""

    def _upload(self, layer: Layer, where: str) -> None:
        offset, failures = 0, 0
        while True:
            before = offset
            try:
                while offset < layer.size:
                    where, offset = self._send_part(layer, where, offset)
                self._finish(layer, where)
                return
            except _Refused:
                raise
            except SourceUnavailable:
                failures = 0 if offset > before else failures
                if failures == len(RETRY_WAITS_S):
                    raise
                self._is_cancelled.wait(RETRY_WAITS_S[failures])
                failures += 1
                if self._has(layer):  # it was the answer that got lost
                    return
                where, offset = self._resumed(layer, where)

    def _send_part(self, layer: Layer, where: str, offset: int) -> tuple[str, int]:
        """Send bytes from `offset` on; returns where the next ones go, and their offset."""
        end = min(offset + PART_BYTES, layer.size)
        headers = {"Content-Type": "application/octet-stream", "Content-Range": f"{offset}-{end - 1}"}
        part = _Part(self._blobs.path_for(layer.digest), offset, end, lambda sent: self._report(layer, sent))
        with self._registry.ask("PATCH", where, headers=headers, content=part) as response:
            self._check(response, 202)
            received = _received(response) or end
            if received <= offset:
                raise SourceUnavailable(f"{self._name.host} takes nothing of what it is sent")
            return self._next(response), received

    def _resumed(self, layer: Layer, where: str) -> tuple[str, int]:
        """Where an upload stands in the registry's eyes; a new one when it has forgotten it."""
        with self._registry.ask("GET", where) as response:
            if response.status_code == 204:
                return self._next(response), _received(response)
        return self._start(layer) or where, 0

    def _finish(self, layer: Layer, where: str) -> None:
        joint = "&" if "?" in where else "?"
        digest = urlencode({"digest": normalise(layer.digest)})
        with self._registry.ask("PUT", f"{where}{joint}{digest}", headers={"Content-Length": "0"}) as response:
            self._check(response, 201, 204)

    # --- answers ------------------------------------------------------------------------------------------------

    def _next(self, response: requests.Response) -> str:
        """Where the registry wants the next request of an upload; nobody else gets a model, or a token."""
        target = http.location_of(response)
        if http.origin(target) != http.origin(response.url):
            raise _Refused(f"{self._name.host} wants the model sent to another host, {http.host_of(target)}")
        return target

    def _check(self, response: requests.Response, *expected: int) -> None:
        status = response.status_code
        if status in expected:
            return
        if status == 403:
            raise _Refused(f"{self._name.host} does not let you push to {self._name.namespace}/{self._name.model}")
        message = f"{self._name.host} answered HTTP {status}{_reason(response)}"
        raise SourceUnavailable(message) if status == 429 or status >= 500 else _Refused(message)

    def _report(self, layer: Layer, completed: int, *, is_last: bool = False) -> None:
        if self._is_cancelled.is_set():
            raise Cancelled("nobody waits for this push any more")
        now_s = time.monotonic()
        if is_last or now_s - self._reported_s >= _PROGRESS_INTERVAL_S:
            self._reported_s = now_s
            digest = normalise(layer.digest)
            status = f"pushing {digest[7:19]}"
            self._reports.put(Progress(status=status, digest=digest, total=layer.size, completed=completed))


class _Part:
    """A range of a file as the body of a request, which may be sent again; tells after each chunk how far it is."""

    def __init__(self, path: Path, start: int, end: int, sent: Callable[[int], None]) -> None:
        self._path, self._start, self._end, self._sent = path, start, end, sent

    def __len__(self) -> int:
        return self._end - self._start

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(self._start)
            position = self._start
            while chunk := file.read(min(CHUNK_BYTES, self._end - position)):
                yield chunk
                position += len(chunk)
                self._sent(position)


class _ErrorBody(msgspec.Struct, frozen=True):
    """What registries say of an error."""

    class Item(msgspec.Struct, frozen=True):
        code: str = ""
        message: str = ""

    errors: tuple[Item, ...] = ()


def _reason(response: requests.Response) -> str:
    try:
        body = msgspec.json.decode(http.read_limited(response), type=_ErrorBody)
    except (SourceUnavailable, *NOT_JSON):
        return ""
    text = next((item.message or item.code for item in body.errors), "")
    return f": {text}" if text.isprintable() and text else ""


def _received(response: requests.Response) -> int:
    """How many bytes of an upload a registry has; 0 when it does not say."""
    told = _RECEIVED.fullmatch(response.headers.get("Range", ""))
    # WIRE: registries tell nothing at all as `0-0`, which is one byte as the specification counts.
    return int(told[1]) + 1 if told and told[1] != "0" else 0
