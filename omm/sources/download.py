"""Downloads into the blob store: parallel ranges, resumed where they stopped, hashed while they are written.

One transfer per blob, however many ask for it; it ends when the last of them leaves. Knows HTTP and digests, no hub.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import hashlib
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping

import requests
import urllib3

from omm.errors import OmmError, SourceUnavailable, StorageFailed
from omm.sources import http, local
from omm.sources.base import SourceFile
from omm.sources.local import Nearby
from omm.sources.remote import Remote, Renew
from omm.store.blobs import CHUNK_BYTES, BlobStore
from omm.store.partials import Partial, Range, kept_bytes, open_partial
from omm.units import format_bytes

RETRY_WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
SEGMENT_BYTES = 16 << 20  # what one request fetches, and about what a killed process loses per connection
STREAMS = 4

_WATCH_S = 0.1
_READ_BYTES = 1 << 18


@dataclasses.dataclass(slots=True)
class Segment:
    """One range of the file; `position` moves from `start` to `end` as its bytes land."""

    start: int
    end: int
    position: int


def plan(size: int, kept: Iterable[Range], segment_bytes: int = SEGMENT_BYTES) -> list[Segment]:
    """Cut a file into what is there and what is to be fetched, in order and without gaps."""
    segments: list[Segment] = []
    at = 0
    for start, end in (*kept, (size, size)):
        for first in range(at, start, segment_bytes):
            segments.append(Segment(first, min(first + segment_bytes, start), first))
        if end > start:
            segments.append(Segment(start, end, end))
        at = end
    return segments


class Limiter:
    """Shares a bandwidth among all who ask; `bytes_per_s` of 0 is without limit."""

    def __init__(self, bytes_per_s: int) -> None:
        self.bytes_per_s = bytes_per_s
        self._lock = threading.Lock()  # guards _free_s
        self._free_s = 0.0

    def wait_s(self, num_bytes: int) -> float:
        """Take bytes, and say how long to wait before the next."""
        if not self.bytes_per_s:
            return 0.0
        with self._lock:
            now_s = time.monotonic()
            self._free_s = max(self._free_s, now_s) + num_bytes / self.bytes_per_s
            return self._free_s - now_s


class Downloads:
    """All transfers of this process."""

    def __init__(
        self,
        *,
        streams: int = STREAMS,
        limit: int = 0,
        retry_waits_s: tuple[float, ...] = RETRY_WAITS_S,
        timeout_s: tuple[float, float] = http.TIMEOUT_S,
        segment_bytes: int = SEGMENT_BYTES,
        nearby: Nearby | None = None,
    ) -> None:
        self._nearby = nearby or Nearby()
        self.streams, self.segment_bytes = streams, segment_bytes
        self.retry_waits_s, self.timeout_s = retry_waits_s, timeout_s
        self.limiter = Limiter(limit)
        self._lock = threading.Lock()  # guards _running, and who asks for each
        self._running: dict[str, _Transfer] = {}

    def fetch(
        self,
        file: SourceFile,
        blobs: BlobStore,
        headers: Mapping[str, str],
        renew: Renew | None = None,
        *,
        version: str = "",
        any_address: bool = True,
    ) -> Generator[int, None, str]:
        """Bring `file.location` into the store, yielding the bytes there so far; returns the blob's digest.

        What follows `blobs` is as in `Remote`. Closing the iterator stops the transfer unless others ask for it too.

        Raises:
            SourceUnavailable, NotFound, DigestMismatch, StorageFailed.
        """
        if blobs.is_whole(file.digest, file.size):
            return file.digest
        if not file.is_provisional and (found := self._nearby.find(file)) is not None:
            yield from local.take(found, file.digest, blobs)
            if blobs.is_whole(file.digest, file.size):
                return file.digest
        remote = Remote(
            file.location, file.size, headers, renew, self.timeout_s, version=version, any_address=any_address
        )
        transfer = self._join(str(blobs.path_for(file.digest)), file, blobs, remote)
        try:
            yield from transfer.watch()
        finally:
            with self._lock:
                transfer.num_askers -= 1
                if not transfer.num_askers:
                    transfer.stop()
        return transfer.digest

    def _join(self, key: str, file: SourceFile, blobs: BlobStore, remote: Remote) -> _Transfer:
        with self._lock:
            transfer = self._running.get(key)
            if transfer is None or transfer.is_over:
                # One that was stopped may still hold the file for a moment; the new one waits for it.
                transfer = self._running[key] = _Transfer(self, file, blobs, remote)
                transfer.start()
            self._running = {name: one for name, one in self._running.items() if not one.is_over}
            transfer.num_askers += 1
            return transfer


class _Transfer:
    """One blob on its way. A driver thread hashes what the fetching threads write, in order, and commits."""

    def __init__(self, downloads: Downloads, file: SourceFile, blobs: BlobStore, remote: Remote) -> None:
        self.num_askers = 0
        self.digest = file.digest  # for good when it has ended
        self._downloads, self._file, self._blobs, self._remote = downloads, file, blobs, remote
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self._landed = threading.Condition()  # guards what follows, and segments' positions
        self._completed = 0
        self._error: OmmError | None = None
        self._segments: list[Segment] = []
        self._waiting: collections.deque[Segment] = collections.deque()
        self._unkept: list[Range] = []  # landed and not journalled yet
        self._sessions: list[http.Session] = []  # to cut, so that nobody waits for a server that says nothing
        self._was_asked = False
        self._does_ranges: bool | None = None  # nobody knows before the first answer

    # --- for those who ask ------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or is about to."""
        return self._stopped.is_set() or self._ended.is_set()

    def start(self) -> None:
        """Begin, in threads of its own: those who ask may leave at any time."""
        threading.Thread(target=self._run, name="download", daemon=True).start()

    def stop(self) -> None:
        """Give up soon. What has landed is kept."""
        self._stopped.set()
        with self._landed:
            for session in self._sessions:
                session.cut()
            self._landed.notify_all()

    def watch(self) -> Iterator[int]:
        """Yield the bytes there so far, never fewer than before, until the end. Raises what ended it."""
        most = 0
        while True:
            ended = self._ended.wait(_WATCH_S)
            most = max(most, min(self._completed, self._file.size))
            yield most
            if ended:
                break
        if self._error is not None:
            raise self._error

    # --- the driver ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with self._guarded():
                partial = self._take_hold()
                if partial is not None:
                    with partial:
                        self._complete(partial)
        finally:
            self._ended.set()

    def _take_hold(self) -> Partial | None:
        """The unfinished file, once no other process is at it; None when there is nothing left to do."""
        digest, size = self._file.digest, self._file.size
        while not self._blobs.is_whole(digest, size) and not self._stopped.is_set():
            partial = open_partial(self._blobs, digest, size)
            if partial is None:
                self._completed = kept_bytes(self._blobs, digest, size)
                self._stopped.wait(_WATCH_S)
            elif self._blobs.is_whole(digest, size):  # whoever held it finished before we did open it
                partial.discard()
                partial.__exit__()
            else:
                return partial
        return None

    def _complete(self, partial: Partial) -> None:
        self._check_space(partial)
        partial.resume()
        self._segments = plan(self._file.size, partial.kept, self._downloads.segment_bytes)
        self._waiting.extend(segment for segment in self._segments if segment.position < segment.end)
        self._completed = sum(end - start for start, end in partial.kept)
        num_streams = min(self._downloads.streams, len(self._waiting))
        targets = [self._work] * num_streams + [self._journal]
        threads = [threading.Thread(target=target, args=(partial,), daemon=True) for target in targets]
        for thread in threads:
            thread.start()
        try:
            digest = self._hash(partial)
        finally:
            self.stop()
            for thread in threads:
                thread.join()
        if digest:
            partial.commit(digest, digest if self._file.is_provisional else self._file.digest)
            self.digest = digest
        elif self._completed:
            partial.keep((segment.start, segment.position) for segment in self._segments)
        else:
            partial.discard()

    def _hash(self, partial: Partial) -> str | None:
        """Follow the bytes as they land; the digest when all have, None when that will not be."""
        sha256 = hashlib.sha256()
        index = 0
        while index < len(self._segments):  # which shrinks when the server turns out to do no ranges
            segment = self._segments[index]
            at = segment.start
            while at < segment.end:
                landed = self._wait_for_more(segment, at)
                if self._stopped.is_set():
                    return None
                while at < landed:
                    chunk = partial.read(at, min(CHUNK_BYTES, landed - at))
                    sha256.update(chunk)
                    at += len(chunk)
            index += 1
        return f"sha256:{sha256.hexdigest()}"

    def _wait_for_more(self, segment: Segment, at: int) -> int:
        with self._landed:
            self._landed.wait_for(lambda: segment.position > at or self._stopped.is_set())
            return segment.position

    def _check_space(self, partial: Partial) -> None:
        """Before anything has the size that is claimed, which may be any. Raises StorageFailed."""
        kept = kept_bytes(self._blobs, self._file.digest, self._file.size)
        if (needed := self._file.size - kept) > (free := self._blobs.free_bytes()):
            if not kept:
                partial.discard()
            raise StorageFailed(f"not enough disk space: {format_bytes(needed)} needed, {format_bytes(free)} free")

    def _journal(self, partial: Partial) -> None:
        """Journal ranges as they are complete; in one thread, so that one sync serves many of them."""
        with self._guarded():
            while not self._stopped.is_set():
                with self._landed:
                    self._landed.wait_for(lambda: self._unkept or self._stopped.is_set())
                    ranges, self._unkept = self._unkept, []
                partial.keep(ranges)

    # --- fetching threads ---------------------------------------------------------------------------------------------

    def _work(self, partial: Partial) -> None:
        with self._guarded(), http.open_session(any_address=self._remote.any_address) as session:
            with self._landed:
                self._sessions.append(session)
            while (segment := self._take()) is not None:
                self._fetch(session, partial, segment)

    def _take(self) -> Segment | None:
        """The next segment; until the server has shown that it does ranges, there is one to be had."""
        with self._landed:
            self._landed.wait_for(lambda: self._does_ranges or not self._was_asked or self._stopped.is_set())
            self._was_asked = True
            return self._waiting.popleft() if self._waiting and not self._stopped.is_set() else None

    def _fetch(self, session: requests.Session, partial: Partial, segment: Segment) -> None:
        failures, waits_s = 0, self._downloads.retry_waits_s
        while segment.position < segment.end and not self._stopped.is_set():
            before = segment.position
            try:
                self._stream(session, partial, segment)
            except (requests.RequestException, urllib3.exceptions.HTTPError, http.Temporary) as exc:
                if self._stopped.is_set():
                    return
                failures = 0 if segment.position > before else failures
                if failures == len(waits_s):
                    raise SourceUnavailable(f"download from {self._remote.host} failed: {http.reason_of(exc)}") from exc
                asked_s = exc.wait_s if isinstance(exc, http.Temporary) else 0.0
                self._stopped.wait(max(waits_s[failures], asked_s))
                failures += 1

    def _stream(self, session: requests.Session, partial: Partial, segment: Segment) -> None:
        response, offset = self._remote.open(session, segment.position, segment.end)
        with response:
            self._learn(segment, does_ranges=response.status_code == 206)
            skipped = segment.position - offset
            while segment.position < segment.end and not self._stopped.is_set():
                chunk: bytes = response.raw.read1(self._read_bytes, decode_content=False)
                if not chunk:
                    raise http.Temporary("the connection was closed early")
                skipped, chunk = max(0, skipped - len(chunk)), chunk[skipped : skipped + segment.end - segment.position]
                partial.write(segment.position, chunk)
                self._advance(segment, len(chunk))
                if (wait_s := self._downloads.limiter.wait_s(len(chunk))) > 0:
                    self._stopped.wait(wait_s)
            if response.raw.length_remaining == 0:
                response.raw.read()  # nothing, but it gives the connection back for the next segment

    def _learn(self, segment: Segment, *, does_ranges: bool) -> None:
        """Let the others start, or make the segment the whole rest when the server only sends whole files."""
        with self._landed:
            if self._does_ranges is None:
                self._does_ranges = does_ranges
                if not does_ranges:
                    del self._segments[self._segments.index(segment) + 1 :]
                    self._waiting.clear()
                    segment.end = self._file.size
                    self._completed = sum(one.position - one.start for one in self._segments)
                self._landed.notify_all()

    def _advance(self, segment: Segment, num_bytes: int) -> None:
        with self._landed:
            segment.position += num_bytes
            self._completed += num_bytes
            if segment.position == segment.end:
                self._unkept.append((segment.start, segment.end))
            self._landed.notify_all()

    @property
    def _read_bytes(self) -> int:
        limit = self._downloads.limiter.bytes_per_s
        return max(1, min(_READ_BYTES, limit // 8)) if limit else _READ_BYTES

    # --- the end ------------------------------------------------------------------------------------------------------

    def _fail(self, error: OmmError) -> None:
        with self._landed:
            self._error = self._error or error
        self.stop()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """End the transfer, for all who ask, when a thread of it fails."""
        try:
            yield
        except OmmError as exc:
            self._fail(exc)
        except BaseException:
            self._fail(SourceUnavailable(f"download from {self._remote.host} ended unexpectedly"))
            raise
