"""Blobs: digests and paths, atomic writes, and nothing visible under a wrong name."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import omm
from omm.errors import DigestMismatch, InvalidRequest, NotFound, StorageFailed
from omm.store.blobs import BlobStore, normalise

HELLO = hashlib.sha256(b"hello").hexdigest()
HELLO_DIGEST = f"sha256:{HELLO}"


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path)


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_add_stores_under_the_digest(blobs: BlobStore, tmp_path: Path) -> None:
    assert blobs.add([b"hel", b"lo"]) == (f"sha256:{HELLO}", 5)
    assert files(tmp_path) == [f"blobs/sha256-{HELLO}"]
    assert blobs.read(f"sha256-{HELLO}", 100) == b"hello"
    assert blobs.size(f"sha256:{HELLO.upper()}") == 5


def test_put_says_whether_the_blob_is_new(blobs: BlobStore) -> None:
    assert blobs.put(f"sha256:{HELLO}", [b"hello"])
    assert not blobs.put(f"sha256:{HELLO}", [b"not read at all"])


def test_bad_sha_never_visible(blobs: BlobStore, tmp_path: Path) -> None:
    with pytest.raises(DigestMismatch, match=f'digest mismatch, expected "sha256:{"0" * 64}", got "sha256:{HELLO}"'):
        blobs.put(f"sha256:{'0' * 64}", [b"hello"])
    assert files(tmp_path) == []


def test_a_body_that_breaks_off_leaves_nothing(blobs: BlobStore, tmp_path: Path) -> None:
    def body() -> Iterator[bytes]:
        yield b"hel"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        blobs.put(f"sha256:{HELLO}", body())
    assert files(tmp_path) == []


def test_nothing_is_visible_before_the_end(blobs: BlobStore) -> None:
    with blobs.open_writer() as writer:
        writer.write(b"hello")
        assert not blobs.has(writer.digest)
        writer.commit()
        assert blobs.has(writer.digest)


def test_missing_blobs_are_not_found(blobs: BlobStore) -> None:
    for action in (blobs.size, lambda digest: blobs.read(digest, 1)):
        with pytest.raises(NotFound):
            action(f"sha256:{HELLO}")
    blobs.remove(f"sha256:{HELLO}")


def test_writers_of_one_blob_do_not_disturb_each_other(blobs: BlobStore, tmp_path: Path) -> None:
    content = [bytes([n]) * 1000 for n in range(200)]
    digest = f"sha256:{hashlib.sha256(b''.join(content)).hexdigest()}"
    threads = [threading.Thread(target=blobs.put, args=(digest, content)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blobs.read(digest, 10**6) == b"".join(content)
    assert len(files(tmp_path)) == 1


def test_a_disk_that_refuses_is_storage_failed(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("in the way")
    with pytest.raises(StorageFailed, match="model store: "):
        BlobStore(tmp_path).add([b"x"])


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Files cannot grow beyond 64 kB, which the system reports as it does a full disk: in the middle of a write.

    NOTE: not a fixture, as that would also hold for what pytest writes between a test's parts.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("chunk_bytes", [3000, 1 << 20])
def test_a_full_disk_leaves_nothing(blobs: BlobStore, tmp_path: Path, chunk_bytes: int) -> None:
    with full_disk(), pytest.raises(StorageFailed, match="model store: "):
        blobs.add(bytes(chunk_bytes) for _ in range(100))
    assert files(tmp_path) == []


def test_what_a_killed_process_left_is_removed_and_what_another_writes_is_not(blobs: BlobStore, tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal; from omm.store.blobs import BlobStore\n"
        f"BlobStore(pathlib.Path({str(tmp_path)!r})).open_writer().write(b'x')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    with blobs.open_writer() as writer:
        writer.write(b"hello")
        assert len(files(tmp_path)) == 2
        blobs.remove_abandoned()
        assert len(files(tmp_path)) == 1
        assert writer.commit() == f"sha256:{HELLO}"
    assert files(tmp_path) == [f"blobs/sha256-{HELLO}"]


def test_a_file_that_was_put_in_place_of_an_unfinished_one_stays_while_it_is_hashed(
    blobs: BlobStore, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"hello")
    with blobs.open_writer() as writer:
        writer.path.unlink()
        os.link(other, writer.path)
        for _ in writer.reread():
            blobs.remove_abandoned()
        assert writer.commit() == HELLO_DIGEST


def test_a_small_blob_that_was_cut_off_is_written_again(blobs: BlobStore) -> None:
    assert blobs.add_bytes(b"hello") == (HELLO_DIGEST, True)
    assert blobs.add_bytes(b"hello") == (HELLO_DIGEST, False)
    os.truncate(blobs.path_for(HELLO_DIGEST), 2)
    assert blobs.add_bytes(b"hello") == (HELLO_DIGEST, True)
    assert blobs.read(HELLO_DIGEST, 100) == b"hello"


def test_a_blob_that_cannot_be_read_is_storage_failed(blobs: BlobStore) -> None:
    blobs.path_for(HELLO_DIGEST).mkdir(parents=True)
    with pytest.raises(StorageFailed, match="Is a directory"):
        blobs.read(HELLO_DIGEST, 1)


@pytest.mark.parametrize(
    "digest",
    [
        *("", "sha256:", HELLO, f"sha256:{HELLO[:-1]}", f"sha256:{HELLO}0", f"sha256:{HELLO}\n", f"sha512:{HELLO}"),
        *(
            f"sha256/{HELLO}",
            f"sha256:../../{HELLO[6:]}",
            f"SHA256:{HELLO}",
            f"sha256:{'g' * 64}",
            f"sha256:{'٣' * 64}",
        ),
    ],
)
def test_digest_grammar(blobs: BlobStore, digest: str) -> None:
    for action in (blobs.path_for, blobs.has, blobs.size, blobs.remove, normalise):
        with pytest.raises(InvalidRequest, match="invalid digest format"):
            action(digest)


@given(st.text() | st.from_regex(r"sha256[:-][0-9a-fA-F./\\]{60,68}", fullmatch=True))
def test_any_text_is_refused_or_stays_in_the_store(text: str) -> None:
    folder = Path("/models/blobs")
    try:
        path = BlobStore(Path("/models")).path_for(text)
    except InvalidRequest:
        return
    assert path.parent == folder
    assert len(path.name) == 71


def test_no_other_module_makes_paths_of_blobs() -> None:
    package = Path(omm.__file__).parent
    guilty = [
        path.name for path in package.rglob("*.py") if 'sha256-"' in (text := path.read_text()) or '"blobs"' in text
    ]
    assert guilty == ["blobs.py"]
