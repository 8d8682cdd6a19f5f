"""A hub on this machine, and a blob store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from omm.sources.download import Downloads
from omm.sources.huggingface import HuggingFace
from omm.store.blobs import BlobStore
from tests.sources.hub import Hub, running_hub


def quick(**settings: Any) -> Downloads:
    """Downloads that try again at once."""
    return Downloads(**{"retry_waits_s": (0.0, 0.0), **settings})


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as running:
        yield running


@pytest.fixture
def source(hub: Hub) -> HuggingFace:
    return HuggingFace(endpoint=hub.url, downloads=quick())


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path)
