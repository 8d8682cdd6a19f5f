"""Downloads: parallel ranges, resuming after anything, wrong bytes, slow and broken servers, several askers."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.errors import DigestMismatch, NotFound, OmmError, SourceUnavailable, StorageFailed
from omm.sources.base import SourceFile
from omm.sources.download import Downloads, Limiter, plan
from omm.store.blobs import BlobStore
from omm.store.partials import kept_bytes, open_partial
from tests.sources.conftest import quick
from tests.sources.hub import REVISION, Hub

REPO = "some-user/Some.Model-GGUF"
CONTENT = os.urandom(3_000_000)
DIGEST = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
SEGMENT = 200_000
WAIT_S = 60.0


@pytest.fixture
def file(hub: Hub) -> SourceFile:
    hub.add(REPO, **{"m-Q4_K_M__gguf": CONTENT})
    location = f"{hub.url}/{REPO}/resolve/{REVISION}/m-Q4_K_M.gguf"
    return SourceFile(kind="model", digest=DIGEST, size=len(CONTENT), location=location)


def fetch(downloads: Downloads, file: SourceFile, blobs: BlobStore) -> list[int]:
    return list(downloads.fetch(file, blobs, {}))


def kept(blobs: BlobStore) -> int:
    return kept_bytes(blobs, DIGEST, len(CONTENT))


def content(blobs: BlobStore) -> bytes:
    return blobs.read(DIGEST, 1 << 30)


def let_go(blobs: BlobStore) -> None:
    """Wait until nobody holds the unfinished download any more."""
    give_up_s = time.monotonic() + WAIT_S
    while (partial := open_partial(blobs, DIGEST, len(CONTENT))) is None:
        assert time.monotonic() < give_up_s
        threading.Event().wait(0.005)
    partial.__exit__()


def ranges(hub: Hub) -> list[tuple[int, int]]:
    wanted = [request.headers.get("range", f"bytes=0-{len(CONTENT) - 1}") for request in hub.file_requests]
    pairs = [text.removeprefix("bytes=").split("-") for text in wanted]
    return [(int(start), int(end) + 1) for start, end in pairs]


# --- the plan -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 1000), st.lists(st.integers(0, 1000), max_size=12), st.integers(1, 300))
def test_a_plan_covers_the_file_once_and_in_order(size: int, cuts: list[int], step: int) -> None:
    edges = sorted({cut for cut in cuts if cut <= size})
    there = list(zip(edges[::2], edges[1::2], strict=False))
    segments = plan(size, there, step)
    assert [segment.start for segment in segments] == [0, *(segment.end for segment in segments)][: len(segments)]
    assert sum(segment.end - segment.start for segment in segments) == size
    assert [(one.start, one.end) for one in segments if one.position == one.end] == there
    assert all(one.end - one.start <= step for one in segments if one.position == one.start)


# --- whole downloads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("streams", [1, 3])
def test_a_file_comes_in_ranges(hub: Hub, file: SourceFile, blobs: BlobStore, streams: int) -> None:
    steps = fetch(quick(streams=streams, segment_bytes=SEGMENT), file, blobs)
    assert steps == sorted(steps)
    assert steps[-1] == len(CONTENT)
    assert content(blobs) == CONTENT
    assert sorted(ranges(hub)) == [(start, start + SEGMENT) for start in range(0, len(CONTENT), SEGMENT)]
    assert [path.name for path in blobs.folder.iterdir()] == [DIGEST.replace(":", "-")]


def test_the_hub_is_asked_once_and_its_storage_for_the_rest(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    fetch(quick(streams=1, segment_bytes=SEGMENT), file, blobs)
    assert len(hub.api_requests) == 1
    assert len(hub.file_requests) == 15


def test_an_expired_address_is_asked_for_again(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.file_statuses = [0, 0, 403]
    fetch(quick(streams=1, segment_bytes=SEGMENT), file, blobs)
    assert content(blobs) == CONTENT
    assert len(hub.api_requests) == 2


def test_what_is_there_is_not_fetched(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    blobs.put(DIGEST, [CONTENT])
    assert fetch(quick(), file, blobs) == []
    assert hub.file_requests == []


def test_what_was_cut_off_is_fetched_again(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    blobs.put(DIGEST, [CONTENT])
    os.truncate(blobs.path_for(DIGEST), 1000)
    fetch(quick(), file, blobs)
    assert content(blobs) == CONTENT


def test_who_claims_another_size_does_not_cost_what_is_there(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    blobs.put(DIGEST, [CONTENT])
    with pytest.raises(DigestMismatch):
        fetch(quick(), msgspec.structs.replace(file, size=7), blobs)
    assert content(blobs) == CONTENT


def test_an_empty_file_is_a_file(hub: Hub, blobs: BlobStore) -> None:
    digest = f"sha256:{hashlib.sha256(b'').hexdigest()}"
    fetch(quick(), SourceFile(kind="license", digest=digest, size=0, location=f"{hub.url}/x"), blobs)
    assert blobs.size(digest) == 0


# --- broken connections -------------------------------------------------------------------------------------------


def test_a_broken_connection_goes_on_where_it_broke(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.cut_after = [1_500_000, 1_000_000]
    steps = fetch(quick(), file, blobs)
    assert steps == sorted(steps)
    assert content(blobs) == CONTENT
    assert ranges(hub) == [(0, 3_000_000), (1_500_000, 3_000_000), (2_500_000, 3_000_000)]


@pytest.mark.parametrize("cuts", [[], [1_500_000]])
def test_a_server_without_ranges_sends_it_whole(hub: Hub, file: SourceFile, blobs: BlobStore, cuts: list[int]) -> None:
    num_requests = 1 + len(cuts)
    hub.cut_after, hub.ranges = list(cuts), False
    steps = fetch(quick(segment_bytes=SEGMENT), file, blobs)
    assert steps == sorted(steps)
    assert content(blobs) == CONTENT
    assert len(hub.file_requests) == num_requests


def test_passing_failures_are_retried(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.file_statuses = [503, 429]
    fetch(quick(), file, blobs)
    assert content(blobs) == CONTENT


@pytest.mark.parametrize(
    ("statuses", "error", "message"),
    [
        ([500] * 3, SourceUnavailable, "failed: HTTP 500"),
        ([404] * 2, NotFound, "no longer has the file"),
        ([403] * 2, SourceUnavailable, "refused the download: HTTP 403"),
    ],
)
def test_lasting_failures_are_told(
    hub: Hub, file: SourceFile, blobs: BlobStore, statuses: list[int], error: type[OmmError], message: str
) -> None:
    hub.file_statuses = list(statuses)
    with pytest.raises(error, match=message):
        fetch(quick(), file, blobs)
    assert not blobs.has(DIGEST)
    assert list(blobs.folder.iterdir()) == []


def test_a_server_that_stalls_is_left_and_asked_again(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.hold, hub.num_held = threading.Event(), 1
    steps = fetch(quick(timeout_s=(1.0, 0.2)), file, blobs)
    assert steps[-1] == len(CONTENT)
    assert content(blobs) == CONTENT
    assert ranges(hub) == [(0, 3_000_000), (1_500_000, 3_000_000)]


# --- wrong bytes --------------------------------------------------------------------------------------------------


def test_wrong_bytes_are_never_visible(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.served = b"x" * len(CONTENT)
    with pytest.raises(DigestMismatch, match="must be downloaded again"):
        fetch(quick(), file, blobs)
    assert list(blobs.folder.iterdir()) == []


@pytest.mark.parametrize("does_ranges", [True, False])
def test_a_file_of_another_size_is_refused(hub: Hub, file: SourceFile, blobs: BlobStore, does_ranges: bool) -> None:
    hub.served, hub.ranges = CONTENT + b"more", does_ranges
    with pytest.raises(DigestMismatch, match="has 3000004 bytes under this name where 3000000 were announced"):
        fetch(quick(segment_bytes=SEGMENT), file, blobs)
    assert list(blobs.folder.iterdir()) == []


def test_a_compressed_file_is_refused_before_it_is_unpacked(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.served, hub.coding = gzip.compress(CONTENT), "gzip"
    with pytest.raises(SourceUnavailable, match="sent the file in the coding 'gzip'"):
        fetch(quick(), file, blobs)


def test_a_circle_of_redirects_ends(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.redirect_to = file.location
    with pytest.raises(SourceUnavailable, match="too many redirects"):
        fetch(quick(), file, blobs)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_redirects_stay_on_the_web(hub: Hub, file: SourceFile, blobs: BlobStore, target: str) -> None:
    hub.redirect_to = target
    with pytest.raises(SourceUnavailable, match="not on the web"):
        fetch(quick(), file, blobs)


@pytest.mark.parametrize("target", ["http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1:1/\xff"])
def test_redirects_to_no_address_are_told(hub: Hub, file: SourceFile, blobs: BlobStore, target: str) -> None:
    hub.redirect_to = target
    with pytest.raises(SourceUnavailable):
        fetch(quick(), file, blobs)


# --- resuming -----------------------------------------------------------------------------------------------------


def test_an_aborted_fetch_resumes(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.hold = threading.Event()
    first = quick().fetch(file, blobs, {})
    assert hub.half_sent.wait(0) is False
    while next(first) < len(CONTENT) // 2:
        pass
    first.close()  # type: ignore[attr-defined]
    hub.hold.set()
    let_go(blobs)
    assert not blobs.has(DIGEST)
    there = kept(blobs)
    assert there > 0
    steps = fetch(quick(), file, blobs)
    assert steps[0] >= 0
    assert content(blobs) == CONTENT
    assert ranges(hub)[-1] == (there, len(CONTENT))


KILLED = """
import sys
from pathlib import Path
from omm.sources.base import SourceFile
from omm.sources.download import Downloads
from omm.store.blobs import BlobStore
root, digest, size, location = sys.argv[1:]
file = SourceFile(kind="model", digest=digest, size=int(size), location=location)
downloads = Downloads(streams=3, segment_bytes=100_000)
for at in downloads.fetch(file, BlobStore(Path(root)), {}):
    pass
"""


@pytest.mark.slow
def test_a_download_survives_kill_9_at_any_point(hub: Hub, file: SourceFile, blobs: BlobStore, tmp_path: Path) -> None:
    chance = random.Random(7)
    points = sorted(chance.randrange(1, len(CONTENT)) for _ in range(20))
    before = 0
    for point in points:
        hub.stop_at = point  # the server sends no byte beyond, so that the process dies in the middle of that part
        hub.at_stop.clear()
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), DIGEST, str(len(CONTENT)), file.location]
        )
        assert hub.at_stop.wait(WAIT_S)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not blobs.has(DIGEST)
        assert kept(blobs) >= before  # nothing that was safe is lost
        before = kept(blobs)
    hub.stop_at = None
    assert before > 1_000_000
    num_requests = len(hub.file_requests)
    fetch(quick(segment_bytes=100_000), file, blobs)
    assert content(blobs) == CONTENT
    last = set(ranges(hub)[num_requests:])  # the server may note a dead client's last request only now
    assert sum(end - start for start, end in last) == len(CONTENT) - before  # and nothing is fetched twice


def test_leaving_a_stalled_server_lets_go_at_once(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.hold, hub.num_held = threading.Event(), 1  # and the test never sets it
    fetching = quick(timeout_s=(WAIT_S, 10 * WAIT_S), streams=1).fetch(file, blobs, {})
    next(fetching)
    assert hub.half_sent.wait(WAIT_S)
    fetching.close()
    let_go(blobs)  # which fails long before the server would have been given up


# --- several who ask ----------------------------------------------------------------------------------------------


def test_all_who_ask_share_one_download(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.hold = threading.Event()
    downloads = quick()
    results: list[list[int]] = []
    threads = [threading.Thread(target=lambda: results.append(fetch(downloads, file, blobs))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert hub.half_sent.wait(WAIT_S)
    hub.hold.set()
    for thread in threads:
        thread.join()
    assert len(hub.file_requests) == 1
    assert [steps[-1] for steps in results] == [len(CONTENT)] * 3
    assert content(blobs) == CONTENT


def test_the_download_goes_on_until_the_last_who_asks_leaves(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.hold = threading.Event()
    downloads = quick()
    first, second = downloads.fetch(file, blobs, {}), downloads.fetch(file, blobs, {})
    next(first)
    next(second)
    assert hub.half_sent.wait(WAIT_S)
    first.close()  # type: ignore[attr-defined]
    hub.hold.set()
    assert list(second)[-1] == len(CONTENT)
    assert len(hub.file_requests) == 1


def test_another_process_is_watched_and_its_work_taken_over(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    """Two tables of downloads know nothing of each other, as two processes do not."""
    hub.hold = threading.Event()
    first = quick(segment_bytes=SEGMENT).fetch(file, blobs, {})
    next(first)
    assert hub.half_sent.wait(WAIT_S)
    second = quick(segment_bytes=SEGMENT).fetch(file, blobs, {})
    assert next(second) < len(CONTENT)
    first.close()  # type: ignore[attr-defined]
    hub.hold.set()
    assert list(second)[-1] == len(CONTENT)
    assert content(blobs) == CONTENT


def test_all_who_ask_are_told_what_went_wrong(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    hub.hold, hub.served = threading.Event(), b"x" * len(CONTENT)
    downloads = quick()
    first, second = downloads.fetch(file, blobs, {}), downloads.fetch(file, blobs, {})
    next(first)
    next(second)
    hub.hold.set()
    for asked in (first, second):
        with pytest.raises(DigestMismatch):
            list(asked)


# --- the disk and the line ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1 << 60, 1 << 70])
def test_space_is_looked_for_first(hub: Hub, blobs: BlobStore, size: int) -> None:
    huge = SourceFile(kind="model", digest=DIGEST, size=size, location=f"{hub.url}/x")
    with pytest.raises(StorageFailed, match="not enough disk space"):
        fetch(quick(), huge, blobs)
    assert hub.api_requests == []
    assert list(blobs.folder.iterdir()) == []


@pytest.mark.system("unshare", "mount")
def test_a_full_disk_keeps_what_was_fetched(hub: Hub, file: SourceFile, tmp_path: Path) -> None:
    script = """
import sys, os
from pathlib import Path
from omm.errors import StorageFailed
from omm.sources.base import SourceFile
from omm.sources.download import Downloads
from omm.store.blobs import BlobStore
from omm.store.partials import kept_bytes
root, digest, size, location = sys.argv[1:]
class Optimist(BlobStore):
    def free_bytes(self): return 1 << 40  # as when another program fills the disk after the check
blobs = Optimist(Path(root))
file = SourceFile(kind="model", digest=digest, size=int(size), location=location)
filler = Path(root) / "filler"
filler.write_bytes(bytes(2_500_000))
try:
    list(Downloads(streams=2, segment_bytes=100_000).fetch(file, blobs, {}))
except StorageFailed as exc:
    print(exc)
there = kept_bytes(blobs, digest, int(size))
filler.unlink()
list(Downloads(segment_bytes=100_000).fetch(file, blobs, {}))
print(there > 500_000, blobs.has(digest))
"""
    command = 'mount -t tmpfs -o size=4m omm "$1" && exec "$0" -c "$2" "$1" "$3" "$4" "$5"'
    arguments = [sys.executable, str(tmp_path), script, DIGEST, str(len(CONTENT)), file.location]
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", command, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["True True"], done.stderr
    assert "no space left on the disk" in done.stdout


def test_a_limit_holds() -> None:
    limiter = Limiter(1000)
    waits_s = [limiter.wait_s(500) for _ in range(4)]
    assert waits_s == pytest.approx([0.5, 1.0, 1.5, 2.0], abs=0.05)
    assert Limiter(0).wait_s(1 << 40) == 0.0


def test_a_limited_download_is_whole(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    fetch(quick(limit=10_000_000, segment_bytes=SEGMENT), file, blobs)
    assert content(blobs) == CONTENT


def test_the_token_goes_to_the_hub_and_nowhere_else(hub: Hub, file: SourceFile, blobs: BlobStore) -> None:
    list(quick().fetch(file, blobs, {"Authorization": "Bearer secret"}))
    assert [request.headers["authorization"] for request in hub.api_requests] == ["Bearer secret"]
    assert all("authorization" not in request.headers for request in hub.file_requests)
