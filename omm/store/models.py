"""Manifests and blobs together: what is in use, what may go, and who may change it now.

Any number of threads and processes may use one directory. Changing happens under one lock file; what a pull or a create
needs before a manifest names it is pinned in a file that its process holds, so that a killed one pins nothing.
"""

from __future__ import annotations

import collections
import contextlib
import fcntl
import logging
import secrets
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from omm.errors import NotFound, OmmError
from omm.names import ModelName
from omm.store.blobs import BlobStore, holds, normalise, storage_errors
from omm.store.facts import FactStore
from omm.store.manifests import Manifest, ManifestStore, Stored

log = logging.getLogger(__name__)

_FOLDER, _LOCK, _PINS = ".omm", "lock", "pins-"


class ModelStore:
    """All of one models directory. `noprune` keeps blobs of replaced models."""

    def __init__(self, root: Path, *, noprune: bool = False) -> None:
        self.blobs = BlobStore(root)
        self.manifests = ManifestStore(root)
        self.facts = FactStore(root, self.blobs)
        self.noprune = noprune
        self._folder = root / _FOLDER
        self._lock = threading.RLock()  # guards what follows, and that one thread at a time holds the lock file
        self._depth = 0
        self._unwanted: set[str] = set()  # to be looked at again when what pins them has ended

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the store still: nobody else writes a manifest or removes a blob meanwhile. May be nested."""
        with self._lock, contextlib.ExitStack() as undo:
            if not self._depth:
                with storage_errors():
                    self._folder.mkdir(parents=True, exist_ok=True)
                    file = undo.enter_context((self._folder / _LOCK).open("ab"))
                    fcntl.flock(file, fcntl.LOCK_EX)
            self._depth += 1
            undo.callback(self._left)
            yield

    def _left(self) -> None:
        self._depth -= 1

    # --- looking ------------------------------------------------------------------------------------------------

    def stored(self) -> Iterator[Stored]:
        """All manifests. Those that cannot be read are logged and left out."""
        for name in self.manifests.names():
            try:
                yield self.manifests.read(name)
            except NotFound:  # deleted meanwhile
                continue
            except OmmError as exc:
                log.warning("%s is left out: %s", name, exc)

    def readable(self, name: ModelName) -> Manifest | None:
        """The manifest under a name, if it is there and sound."""
        try:
            return self.manifests.read(name).manifest
        except OmmError:
            return None

    def named(self) -> set[str]:
        """Digests that manifests name. Raises Corrupt when one cannot be read."""
        manifests = [self.manifests.read(name).manifest for name in self.manifests.names()]
        return {normalise(blob.digest) for manifest in manifests for blob in manifest.blobs}

    def pinned(self) -> set[str]:
        """Digests that running pulls and creates hold, of all processes."""
        with self.changing():
            return {digest for path in self._folder.glob(f"{_PINS}*") for digest in _pins_in(path)}

    # --- changing -----------------------------------------------------------------------------------------------

    def replace(self, name: ModelName, content: bytes) -> None:
        """Write a manifest, then remove what only the one before it used."""
        with self.changing():
            old = self.readable(name)
            self.manifests.write(name, content)
            if old and not self.noprune:
                self.sweep(blob.digest for blob in old.blobs)

    def delete(self, name: ModelName) -> None:
        """Remove a manifest, and what only it used. Raises NotFound."""
        with self.changing():
            old = self.readable(name)
            self.manifests.delete(name)
            self.sweep(blob.digest for blob in (old.blobs if old else ()))

    def sweep(self, digests: Iterable[str]) -> None:
        """Remove those of the blobs that nothing needs any more; what is pinned is looked at again later."""
        with self.changing():
            try:
                unnamed = {normalise(digest) for digest in digests} - self.named()
            except OmmError as exc:
                log.warning("unused blobs are kept, because a manifest cannot be read: %s", exc)
                return
            pinned = unnamed & self.pinned()
            self._unwanted |= pinned
            for digest in unnamed - pinned:
                self.remove(digest)

    def sweep_later(self, digests: Iterable[str]) -> None:
        """Have blobs swept when the pull or create that runs on this thread has ended, or another that does before."""
        with self.changing():
            self._unwanted |= {normalise(digest) for digest in digests}

    def remove(self, digest: str) -> None:
        """Delete a blob, whoever needs it."""
        self.blobs.remove(digest)
        self.facts.forget(digest)

    @contextlib.contextmanager
    def pins(self) -> Iterator[Pins]:
        """What a pull or create pins; at its end, all that has become unwanted meanwhile is swept."""
        pins = Pins(self, self._folder / f"{_PINS}{secrets.token_hex(8)}")
        try:
            yield pins
        finally:
            with self.changing():
                pins.drop()
                unwanted, self._unwanted = self._unwanted, set()
                if unwanted:
                    self.sweep(unwanted)


class Pins:
    """Digests that one running pull or create needs, though no manifest names them yet."""

    def __init__(self, store: ModelStore, path: Path) -> None:
        self._store, self._path = store, path
        self._file: IO[bytes] | None = None

    def add(self, digests: Iterable[str]) -> None:
        """Keep blobs, those too that are not there yet."""
        lines = [f"{normalise(digest)}\n".encode() for digest in digests]
        with self._store.changing(), storage_errors():
            if self._file is None:
                self._file = self._path.open("xb")
                fcntl.flock(self._file, fcntl.LOCK_EX)
            self._file.writelines(lines)
            self._file.flush()

    def drop(self) -> None:
        """Pin nothing any more."""
        with self._store.changing():
            if self._file is not None:
                self._path.unlink(missing_ok=True)
                self._file.close()
                self._file = None


class Claims:
    """Uploads that clients brought, or found here, for a create of theirs which has not begun. Safe from any thread."""

    def __init__(self) -> None:
        self._counts: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()  # guards _counts

    def add(self, digest: str) -> None:
        """Somebody is about to use a blob."""
        with self._lock:
            self._counts[normalise(digest)] += 1

    def settle(self, digests: Iterable[str]) -> None:
        """Somebody uses blobs now."""
        with self._lock:
            self._counts -= collections.Counter({normalise(digest) for digest in digests})  # never below zero

    def without(self, digests: Iterable[str]) -> list[str]:
        """Those of the blobs that nobody is about to use."""
        with self._lock:
            return [digest for digest in digests if normalise(digest) not in self._counts]


def _pins_in(path: Path) -> list[str]:
    """What a file pins; nothing, and it is removed, when the process that wrote it is gone."""
    with storage_errors(), path.open("rb") as file:
        if holds(file, path):
            path.unlink()
            return []
        return file.read().decode("ascii").split()
