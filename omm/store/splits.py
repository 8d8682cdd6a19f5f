"""Split models: llama.cpp finds the parts by their file names, so each model gets a folder of links with such names."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from omm.store.blobs import BlobStore, storage_errors

_FOLDER = "splits"


def link_parts(store: BlobStore, digests: Sequence[str]) -> tuple[Path, ...]:
    """Paths of a model's parts, in order, under the names that llama.cpp expects. Raises StorageFailed."""
    blobs = [store.path_for(digest) for digest in digests]
    name = hashlib.sha256("\n".join(blob.name for blob in blobs).encode()).hexdigest()
    folder = store.folder.parent / _FOLDER / name
    links = tuple(folder / f"model-{index:05}-of-{len(blobs):05}.gguf" for index in range(1, len(blobs) + 1))
    with storage_errors():
        folder.mkdir(parents=True, exist_ok=True)
        for link, blob in zip(links, blobs, strict=True):
            _link(link, os.path.relpath(blob, folder))
    return links


def remove_dangling(store: BlobStore) -> None:
    """Delete the links of models that are gone."""
    for link in (store.folder.parent / _FOLDER).glob("*/*.gguf"):
        if not link.exists():
            with contextlib.suppress(OSError):
                link.unlink()
                link.parent.rmdir()  # the last one


def _link(link: Path, target: str) -> None:
    with contextlib.suppress(OSError):
        if os.readlink(link) == target:
            return
    fresh = link.with_name(f".{secrets.token_hex(8)}")
    fresh.symlink_to(target)
    os.replace(fresh, link)  # so that no other process ever sees a part missing
