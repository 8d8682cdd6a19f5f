"""Files that other programs on this machine have already: found by digest or name, checked, and linked, not fetched.

Ollama's store and Hugging Face's cache name their files by digest; LM Studio keeps the names of the repository.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from omm.sources.base import SourceFile
from omm.store.blobs import CHUNK_BYTES, BlobStore, BlobWriter, normalise, storage_errors

_FICLONE = 0x40049409  # Linux: share the blocks of another file, on file systems that can


class Nearby:
    """Where to look: folders of Ollama's blobs, of Hugging Face's cache, and of LM Studio's models."""

    def __init__(
        self, ollama: tuple[Path, ...] = (), hub: tuple[Path, ...] = (), lm_studio: tuple[Path, ...] = ()
    ) -> None:
        self._ollama, self._hub, self._lm_studio = ollama, hub, lm_studio

    @classmethod
    def of_this_machine(cls) -> Nearby:
        """The places where those programs keep their files by default."""
        from huggingface_hub import constants

        home = Path.home()
        return cls(
            ollama=(home / ".ollama/models/blobs", Path("/usr/share/ollama/.ollama/models/blobs")),
            hub=(Path(constants.HF_HUB_CACHE),),
            lm_studio=(home / ".lmstudio/models", home / ".cache/lm-studio/models"),
        )

    def find(self, file: SourceFile) -> Path | None:
        """A file that may be the wanted one: of its size, and of its digest or name."""
        for path in self._candidates(file):
            with contextlib.suppress(OSError):
                found = path.resolve(strict=True)
                if found.is_file() and found.stat().st_size == file.size and os.access(found, os.R_OK):
                    return found
        return None

    def _candidates(self, file: SourceFile) -> Iterator[Path]:
        digest = normalise(file.digest)
        for folder in self._ollama:
            yield folder / digest.replace(":", "-")
        for folder in self._hub:
            yield from folder.glob(f"models--*/blobs/{digest.removeprefix('sha256:')}")
        name = unquote(urlsplit(file.location).path).rpartition("/")[2].lower()
        for folder in self._lm_studio if name.endswith(".gguf") else ():
            yield from (path for path in folder.glob("*/*/*") if path.name.lower() == name)


def take(path: Path, digest: str, blobs: BlobStore) -> Iterator[int]:
    """Make a file a blob without copying where the file system allows it, yielding the bytes hashed so far.

    Nothing happens to the file. When it turns out to hold other bytes, no blob is made.
    """
    with blobs.open_writer() as writer:
        if _link(path, writer.path) or _share_blocks(path, writer.path):
            yield from writer.reread()
        else:
            yield from _copy(path, writer)
        if writer.digest == normalise(digest):
            writer.commit(digest)


def _link(path: Path, target: Path) -> bool:
    fresh = target.with_name(f"{target.name}-{secrets.token_hex(4)}")
    try:
        os.link(path, fresh)
    except OSError:  # another file system, or another owner
        return False
    os.replace(fresh, target)
    return True


def _share_blocks(path: Path, target: Path) -> bool:
    try:
        with path.open("rb") as source, target.open("r+b") as copy:
            fcntl.ioctl(copy, _FICLONE, source.fileno())
    except OSError:
        return False
    return True


def _copy(path: Path, writer: BlobWriter) -> Iterator[int]:
    with storage_errors(), path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            writer.write(chunk)
            yield writer.size


def register(path: Path, blobs: BlobStore) -> Generator[int, None, str]:
    """Make a file a blob and never copy it, yielding the bytes hashed so far; returns its digest.

    On another file system the blob is a symbolic link, and so lives as long as the file stays where it is.
    """
    path = path.resolve()
    with blobs.open_writer() as writer:
        if not (_link(path, writer.path) or _share_blocks(path, writer.path)):
            with storage_errors():
                writer.path.unlink()
                writer.path.symlink_to(path)
        yield from writer.reread()
        return writer.digest if blobs.has(writer.digest) else writer.commit()
