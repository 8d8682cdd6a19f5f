"""What a model source is: it turns a name into files with digests, and brings each into the blob store."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol

import msgspec

from omm.names import ModelName
from omm.store.blobs import BlobStore


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file to fetch; `kind` is that of its layer, `location` means something to its source only.

    Where `is_provisional`, nobody knows the digest before the file is here, and `digest` only tells it from others.
    """

    kind: str
    digest: str
    size: int
    location: str
    is_provisional: bool = False


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a model came from, as its config records it."""

    source: str
    revision: str = ""
    file: str = ""


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """What a name stands for: files, and the texts that go with them.

    `manifest` is for sources that keep manifests: its exact bytes, with all its blobs among the files.
    """

    files: tuple[SourceFile, ...]
    manifest: bytes | None = None
    origin: Origin | None = None
    template: str | None = None
    system: str | None = None
    licenses: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}


class Source(Protocol):
    """A place models come from. Sources are asked in the order of the table in `sources/__init__.py`."""

    def matches(self, name: ModelName) -> bool:
        """Whether the name is this source's to resolve. Must not use the network."""

    def resolve(self, name: ModelName) -> Resolved:
        """Find the model. Raises NotFound, Unsupported, SourceUnavailable."""

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Generator[int, None, str]:
        """Bring a file into the store, yielding the bytes that are there so far; closing the iterator cancels.

        When the iterator ends, the blob is in the store and hashes to its digest, which is returned.

        Raises:
            SourceUnavailable, DigestMismatch, StorageFailed.
        """
