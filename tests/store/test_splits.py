"""Links to the parts of split models."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from omm.store.blobs import BlobStore
from omm.store.splits import link_parts, remove_dangling


def stored(blobs: BlobStore, *contents: bytes) -> list[str]:
    return [blobs.add([content])[0] for content in contents]


def test_parts_get_the_names_that_belong_together(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    digests = stored(blobs, b"one", b"two")
    first, second = link_parts(blobs, digests)
    assert (first.name, second.name) == ("model-00001-of-00002.gguf", "model-00002-of-00002.gguf")
    assert first.parent == second.parent
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert link_parts(blobs, digests) == (first, second)
    assert link_parts(blobs, digests[::-1])[0].read_bytes() == b"two"


def test_a_link_to_elsewhere_is_put_right(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    digests = stored(blobs, b"one", b"two")
    first, _ = link_parts(blobs, digests)
    first.unlink()
    first.symlink_to("/etc/hostname")
    assert link_parts(blobs, digests)[0].read_bytes() == b"one"


def test_the_store_may_be_moved(tmp_path: Path) -> None:
    links = link_parts(blobs := BlobStore(tmp_path / "a"), stored(blobs, b"one", b"two"))
    os.rename(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b" / links[1].relative_to(tmp_path / "a")).read_bytes() == b"two"


def test_links_go_with_their_model(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    remove_dangling(blobs)
    digests = stored(blobs, b"one", b"two")
    first, second = link_parts(blobs, digests)
    remove_dangling(blobs)
    assert first.exists()
    blobs.remove(f"sha256:{hashlib.sha256(b'one').hexdigest()}")
    remove_dangling(blobs)
    assert (first.is_symlink(), second.exists()) == (False, True)
    blobs.remove(digests[1])
    remove_dangling(blobs)
    assert not second.parent.exists()
