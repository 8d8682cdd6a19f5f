"""Digests of files whose sources tell none: remembered when a file has been fetched, so that it is fetched once.

A key is the digest of whatever tells one version of a file from another.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from omm.errors import InvalidRequest
from omm.store.blobs import BlobStore, normalise, storage_errors

_FOLDER = (".omm", "known")


def recall(store: BlobStore, key: str) -> str | None:
    """The digest of the file with a key, if it was ever fetched."""
    with contextlib.suppress(OSError, InvalidRequest):
        return normalise(_path(store, key).read_text("ascii", "replace").strip())
    return None


def remember(store: BlobStore, key: str, digest: str) -> None:
    """Note what was fetched. Raises StorageFailed."""
    path = _path(store, key)
    with storage_errors():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{secrets.token_hex(8)}")
        aside.write_text(f"{digest}\n", "ascii")
        os.replace(aside, path)


def forget(store: BlobStore, key: str) -> None:
    """The file is another one now."""
    with storage_errors():
        _path(store, key).unlink(missing_ok=True)


def _path(store: BlobStore, key: str) -> Path:
    return store.folder.parent.joinpath(*_FOLDER, store.path_for(key).name)
