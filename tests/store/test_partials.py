"""Unfinished downloads: what survives, who may write, and when they go."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.errors import DigestMismatch, InvalidRequest, StorageFailed
from omm.store.blobs import BlobStore
from omm.store.partials import Partial, kept_bytes, merged, open_partial, remove_old

CONTENT = b"hello world"
DIGEST = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
SIZE = len(CONTENT)


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path)


def opened(blobs: BlobStore) -> Partial:
    partial = open_partial(blobs, DIGEST, SIZE)
    assert partial is not None
    partial.resume()
    return partial


def names(blobs: BlobStore) -> list[str]:
    return sorted(path.name for path in blobs.folder.iterdir())


def journal(blobs: BlobStore) -> Path:
    return next(blobs.folder.glob("*.ranges"))


def test_ranges_that_were_kept_are_there_the_next_time(blobs: BlobStore) -> None:
    with opened(blobs) as partial:
        partial.write(6, b"world")
        partial.keep([(6, 11)])
        partial.write(0, b"hello")  # and this is lost
    assert kept_bytes(blobs, DIGEST, SIZE) == 5
    assert not blobs.has(DIGEST)
    with opened(blobs) as partial:
        assert partial.kept == [(6, 11)]
        partial.write(0, b"hello ")
        assert partial.read(0, 100) == CONTENT
        partial.commit(DIGEST, DIGEST)
    assert blobs.read(DIGEST, 100) == CONTENT
    assert names(blobs) == [DIGEST.replace(":", "-")]


def test_bytes_that_somebody_took_away_are_missed(blobs: BlobStore) -> None:
    with opened(blobs) as partial:
        partial.write(0, CONTENT)
        os.truncate(next(blobs.folder.iterdir()), 5)
        assert partial.read(0, 100) == b"hello"
        with pytest.raises(StorageFailed, match="cut off"):
            partial.read(5, 100)


def test_a_torn_journal_counts_as_far_as_it_goes(blobs: BlobStore) -> None:
    with opened(blobs) as partial:
        partial.write(0, CONTENT)
        partial.keep([(0, 3)])
    whole = journal(blobs).read_bytes() + b"5 7\n"
    for length in range(len(whole) + 1):
        journal(blobs).write_bytes(whole[:length])
        with opened(blobs) as partial:
            assert partial.kept == [(0, 3), (5, 7)][: whole[:length].count(b"\n")]


@pytest.mark.parametrize(
    "text", [b"\x00" * 50 + b"\n", b"3 2\n", b"-1 3\n", b"0 12\n", b"99999999999999999999 3\n", b"a b\n"]
)
def test_nonsense_in_the_journal_is_nothing(blobs: BlobStore, text: bytes) -> None:
    with opened(blobs) as partial:
        partial.keep([])
    journal(blobs).write_bytes(text)
    with opened(blobs) as partial:
        assert partial.kept == []


def test_a_journal_without_its_data_is_nothing(blobs: BlobStore) -> None:
    with opened(blobs) as partial:
        partial.write(0, CONTENT)
        partial.keep([(0, SIZE)])
    journal(blobs).with_suffix("").unlink()
    with opened(blobs) as partial:
        assert partial.kept == []


def test_it_has_one_holder(blobs: BlobStore) -> None:
    with opened(blobs):
        assert open_partial(blobs, DIGEST, SIZE) is None
    with opened(blobs):
        pass


def test_wrong_bytes_are_deleted(blobs: BlobStore) -> None:
    with opened(blobs) as partial:
        partial.write(0, b"help!")
        partial.keep([(0, 5)])
        with pytest.raises(DigestMismatch, match="must be downloaded again"):
            partial.commit(f"sha256:{'0' * 64}", DIGEST)
    assert names(blobs) == []


def test_only_digests_have_partials(blobs: BlobStore) -> None:
    with pytest.raises(InvalidRequest):
        open_partial(blobs, "sha256:../../x", SIZE)


def test_old_ones_go_unless_someone_is_at_them(blobs: BlobStore) -> None:
    with opened(blobs) as partial:
        partial.write(0, CONTENT)
        partial.keep([(0, 3)])
        before_s = time.time() - 1000
        for path in blobs.folder.iterdir():
            os.utime(path, (before_s, before_s))
        assert remove_old(blobs, 2000) == 0
        assert remove_old(blobs, 500) <= 1  # its data is held
        assert len(names(blobs)) >= 1
    for path in blobs.folder.iterdir():
        os.utime(path, (before_s, before_s))
    remove_old(blobs, 500)
    assert names(blobs) == []


@given(st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40))), st.integers(0, 30))
def test_merged_ranges_hold_the_same_bytes_once(ranges: list[tuple[int, int]], size: int) -> None:
    joined = merged(ranges, size)
    whole = [(start, end) for start, end in ranges if 0 <= start < end <= size]
    assert {at for start, end in joined for at in range(start, end)} == {
        at for start, end in whole for at in range(start, end)
    }
    edges = [edge for pair in joined for edge in pair]
    assert edges == sorted(set(edges))
