"""What is remembered of files that nobody tells the digest of."""

from __future__ import annotations

from pathlib import Path

from omm.store import known
from omm.store.blobs import BlobStore

KEY, DIGEST = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"


def test_it_is_recalled_until_it_is_forgotten(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    assert known.recall(store, KEY) is None
    known.remember(store, KEY, DIGEST)
    assert known.recall(BlobStore(tmp_path), KEY) == DIGEST
    known.forget(store, KEY)
    known.forget(store, KEY)
    assert known.recall(store, KEY) is None


def test_damage_is_like_nothing(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    known.remember(store, KEY, "no digest")
    assert known.recall(store, KEY) is None
