"""Unfinished downloads: for each blob a sparse file of its full size, and a journal of the ranges in it that are safe.

The journal has one line `start end` per range, written after the range itself was synced; a torn last line is ignored.
So a process that is killed, or a power cut, costs what had not been journalled yet and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from omm.errors import DigestMismatch, StorageFailed
from omm.store.blobs import BlobStore, holds, normalise, storage_errors

_PREFIX = ".partial-"
_JOURNAL = ".ranges"
_LINE = re.compile(rb"(\d{1,19}) (\d{1,19})")

_sync = getattr(os, "fdatasync", os.fsync)  # macOS has only the latter

Range = tuple[int, int]  # start, and the first byte after it


class Partial:
    """An unfinished download that only its holder writes, from any thread; a context manager that lets go of it."""

    def __init__(self, store: BlobStore, digest: str, size: int) -> None:
        self._store, self.size = store, size
        self._path = _path(store, digest)
        self._journal_path = _journal_path(self._path)
        self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
        self._journal_lock = threading.Lock()  # one line at a time
        self.kept: list[Range] = []  # what an earlier download left: sorted, not touching

    @property
    def is_held(self) -> bool:
        """Take hold of it; False while another thread or process does."""
        return holds(self._file, self._path)

    def resume(self) -> None:
        """Read the journal, or start anew where data and journal do not fit. Comes before anything is written."""
        with storage_errors():
            if os.fstat(self._file.fileno()).st_size == self.size:
                self.kept = merged(_journalled(self._journal_path), self.size)
                return
            # NOTE: in this order, so that no journal ever tells of bytes that are not there.
            self._journal_path.unlink(missing_ok=True)
            os.ftruncate(self._file.fileno(), 0)
            os.ftruncate(self._file.fileno(), self.size)

    def write(self, offset: int, chunk: bytes) -> None:
        """Put bytes where they belong. Raises StorageFailed."""
        view = memoryview(chunk)
        with storage_errors():
            while view:
                written = os.pwrite(self._file.fileno(), view, offset)
                view, offset = view[written:], offset + written

    def read(self, offset: int, limit: int) -> bytes:
        """Bytes that were written before, at least one. Raises StorageFailed."""
        with storage_errors():
            if chunk := os.pread(self._file.fileno(), limit, offset):
                return chunk
        raise StorageFailed(f"model store: somebody has cut off {self._path.name}")

    def keep(self, ranges: Iterable[Range]) -> None:
        """Make ranges that were written survive whatever happens."""
        with storage_errors(), self._journal_lock:
            lines = b"".join(b"%d %d\n" % (start, end) for start, end in ranges if end > start)
            _sync(self._file.fileno())
            with self._journal_path.open("ab") as journal:
                journal.write(lines)
                journal.flush()
                _sync(journal.fileno())

    def commit(self, digest: str, expected: str) -> None:
        """Make it visible as the blob `expected` if that is its digest.

        Raises:
            DigestMismatch: it is not; the file is deleted, so that the next download starts anew.
        """
        if digest != normalise(expected):
            self.discard()
            raise DigestMismatch(
                f"digest mismatch, file must be downloaded again: want {normalise(expected)}, got {digest}"
            )
        self._store.adopt(self._path, self._file, digest)
        self._journal_path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Delete it."""
        self._journal_path.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Partial:
        return self

    def __exit__(self, *exc: object) -> None:
        with storage_errors():
            self._file.close()  # closing lets go of the lock


def open_partial(store: BlobStore, digest: str, size: int) -> Partial | None:
    """Take hold of the unfinished download of a blob; None while another thread or process holds it."""
    with storage_errors():
        _path(store, digest).parent.mkdir(parents=True, exist_ok=True)
        partial = Partial(store, digest, size)
    if partial.is_held:
        return partial
    partial.__exit__()
    return None


def kept_bytes(store: BlobStore, digest: str, size: int) -> int:
    """How much of an unfinished download is safe, whoever is at it."""
    return sum(end - start for start, end in merged(_journalled(_journal_path(_path(store, digest))), size))


def remove_old(store: BlobStore, age_s: float) -> int:
    """Delete unfinished downloads that nobody continued for `age_s`; returns how many files went."""
    removed = 0
    for path in store.folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime < age_s:
                continue
            with path.open("rb") as file:
                if holds(file, path):
                    path.unlink()
                    removed += 1
    return removed


def merged(ranges: Iterable[Range], size: int) -> list[Range]:
    """Ranges sorted, joined where they touch, without what lies outside the file."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if not 0 <= start < end <= size:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _journalled(path: Path) -> list[Range]:
    try:
        lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last line end was torn
    except FileNotFoundError:
        return []
    matches = [match for line in lines if (match := _LINE.fullmatch(line))]
    return [(int(match[1]), int(match[2])) for match in matches]


def _path(store: BlobStore, digest: str) -> Path:
    path = store.path_for(digest)
    return path.with_name(_PREFIX + path.name)


def _journal_path(path: Path) -> Path:
    return path.with_name(path.name + _JOURNAL)
