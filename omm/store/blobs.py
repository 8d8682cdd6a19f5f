"""Content-addressed files: written aside, hashed, synced, renamed. Knows nothing of what they contain.

The layout is Ollama's: `<root>/blobs/sha256-<64 hex>`. `path_for` is the only function that turns a digest into a path.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from omm.errors import DigestMismatch, InvalidRequest, NotFound, StorageFailed

CHUNK_BYTES = 1 << 20

_INCOMING = ".incoming-"
_DIGEST = re.compile(r"sha256[:-]([0-9a-fA-F]{64})")


def normalise(digest: str) -> str:
    """Check a digest and print it as `sha256:<lower-case hex>`.

    Raises:
        InvalidRequest: it is not a sha256 digest.
    """
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise InvalidRequest("invalid digest format", param="digest")
    return f"sha256:{match[1].lower()}"


def digest_of(content: bytes) -> str:
    """The digest of a small blob."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Translate what the disk says into StorageFailed."""
    try:
        yield
    except OSError as exc:
        reason = "no space left on the disk" if exc.errno == errno.ENOSPC else exc.strerror or str(exc)
        where = f": {exc.filename}" if exc.filename else ""
        raise StorageFailed(f"model store: {reason}{where}") from exc


@contextlib.contextmanager
def _missing(digest: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise NotFound(f"blob {normalise(digest)} not found") from exc


class BlobWriter:
    """A new blob while it grows; a context manager that leaves nothing behind unless `commit` was called."""

    def __init__(self, store: BlobStore, path: Path, file: IO[bytes]) -> None:
        self._store, self._path, self._file = store, path, file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Append bytes."""
        with storage_errors():
            self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    @property
    def path(self) -> Path:
        """Where another process may write the blob's bytes; `reread` comes after that."""
        return self._path

    def reread(self) -> Iterator[int]:
        """Hash what was put into the file at `path`, yielding the bytes done."""
        self._hash, self.size = hashlib.sha256(), 0
        with storage_errors(), self._path.open("rb") as file:
            with contextlib.suppress(OSError):  # some network disks lock only what is open for writing
                holds(file, self._path)  # who wrote may have put another file there, which nobody has locked
            while chunk := file.read(CHUNK_BYTES):
                self._hash.update(chunk)
                self.size += len(chunk)
                yield self.size

    @property
    def digest(self) -> str:
        """Digest of what was written so far."""
        return f"sha256:{self._hash.hexdigest()}"

    def commit(self, expected: str | None = None) -> str:
        """Make the blob visible under its digest, which is returned.

        Raises:
            DigestMismatch: `expected` is another; nothing becomes visible.
        """
        if expected is not None and self.digest != normalise(expected):
            raise DigestMismatch(f'digest mismatch, expected "{normalise(expected)}", got "{self.digest}"')
        self._store.adopt(self._path, self._file, self.digest)
        return self.digest

    def __enter__(self) -> BlobWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        try:
            with storage_errors():
                self._file.close()  # which writes what is buffered, and so fails again on a full disk
        finally:
            self._path.unlink(missing_ok=True)


class BlobStore:
    """The blobs of one models directory. Any number of threads and processes may use one directory."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "blobs"

    @property
    def folder(self) -> Path:
        """Where the blobs lie; it may not exist yet."""
        return self._folder

    def path_for(self, digest: str) -> Path:
        """Where the blob lies or would lie. Raises InvalidRequest on anything but a sha256 digest."""
        return self._folder / normalise(digest).replace(":", "-")

    def has(self, digest: str) -> bool:
        """Whether the blob is there."""
        return self.path_for(digest).is_file()

    def is_whole(self, digest: str, size: int) -> bool:
        """Whether the blob is there, and as long as it should be: a disk that failed may have cut it off."""
        try:
            return self.size(digest) == size
        except NotFound:
            return False

    def is_sound(self, digest: str) -> bool:
        """Whether the blob still has the bytes that its digest says, which are all read. Raises NotFound."""
        with storage_errors(), _missing(digest), self.path_for(digest).open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}" == normalise(digest)

    def size(self, digest: str) -> int:
        """Size in bytes. Raises NotFound."""
        with storage_errors(), _missing(digest):
            return self.path_for(digest).stat().st_size

    def read(self, digest: str, limit: int) -> bytes:
        """The first `limit` bytes of a blob. Raises NotFound."""
        with storage_errors(), _missing(digest), self.path_for(digest).open("rb") as file:
            return file.read(limit)

    def open_writer(self) -> BlobWriter:
        """Start a blob whose digest is not known yet; use as a context manager."""
        with storage_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            while True:
                path = self._folder / f"{_INCOMING}{secrets.token_hex(8)}"
                file = path.open("xb")
                if holds(file, path):  # `remove_abandoned` may have taken it for one of a killed process
                    return BlobWriter(self, path, file)
                file.close()

    def add(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Store bytes; returns their digest and size."""
        with self.open_writer() as writer:
            for chunk in chunks:
                writer.write(chunk)
            return writer.commit(), writer.size

    def add_bytes(self, content: bytes) -> tuple[str, bool]:
        """Store a small blob, also in place of one that was cut off; returns its digest and whether it is new."""
        digest = digest_of(content)
        if self.is_whole(digest, len(content)):
            return digest, False
        self.add((content,))
        return digest, True

    def put(self, digest: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes that must hash to `digest`; False when it was there already (the bytes are not read).

        Raises:
            DigestMismatch: they hash to another; nothing is kept.
        """
        if self.has(digest):
            return False
        with self.open_writer() as writer:
            for chunk in chunks:
                writer.write(chunk)
            writer.commit(digest)
        return True

    def remove(self, digest: str) -> None:
        """Delete a blob; fine when it is not there."""
        with storage_errors():
            self.path_for(digest).unlink(missing_ok=True)

    def adopt(self, path: Path, file: IO[bytes], digest: str) -> None:
        """Sync an open file of this folder and rename it to the name of its digest."""
        with storage_errors():
            file.flush()
            os.fsync(file.fileno())
            os.replace(path, self.path_for(digest))
            sync_folder(self._folder)

    def remove_abandoned(self) -> None:
        """Delete what processes that were killed left half written; unfinished downloads stay, to be resumed."""
        for path in self._folder.glob(f"{_INCOMING}*"):
            with contextlib.suppress(OSError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()

    def free_bytes(self) -> int:
        """Space left on the disk of the store."""
        with storage_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            return shutil.disk_usage(self._folder).free


def holds(file: IO[bytes], path: Path) -> bool:
    """Lock an open file for this handle alone; False while another has it, or when it is no longer at `path`."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    # NOTE: between opening and locking, its last holder may have renamed or deleted the file.
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
