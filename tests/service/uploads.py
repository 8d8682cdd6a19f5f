"""Files that come to a library as clients bring them."""

from __future__ import annotations

from pathlib import Path

from omm.service.library import Library
from tests.sources.registries import sha256


def upload(library: Library, file: bytes | Path) -> str:
    """Put a file into the store; returns its digest."""
    content = file.read_bytes() if isinstance(file, Path) else file
    library.put_blob(sha256(content), [content])
    return sha256(content)
