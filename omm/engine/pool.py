"""Loaded models: start a runner, wait for it, keep it alive, unload it, start it again after a crash.

A request takes a `Ticket`, which becomes a `Lease` on a runner once the model is loaded. One lock guards all state;
loading, closing and waiting for processes happen outside it.
"""

from __future__ import annotations

import collections
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import psutil

from omm.engine import memory
from omm.engine.messages import Loaded, LoadSpec
from omm.engine.runner import Runner
from omm.errors import Busy, LoadFailed, OmmError, OutOfMemory
from omm.types import LoadCounts

log = logging.getLogger(__name__)

DEFAULT_MAX_LOADED = 3
HEADROOM = 0.9  # of the available memory; the rest is for compute buffers
FOREVER = float("inf")


@dataclass(frozen=True, kw_only=True)
class PoolLimits:
    """What the pool may use. Times in seconds; `max_waiting` is requests per model beyond those computed together."""

    max_loaded: int = 0
    max_waiting: int = 512
    load_timeout_s: float = 300.0
    keep_alive_s: float = 300.0


@dataclass(slots=True, eq=False)
class Entry:
    """A model that is loading, loaded, or failed to load. All fields are guarded by the pool's lock.

    `runner` is set as soon as its process runs. An abandoned entry was replaced by another and waits for its users.
    """

    key: str
    name: str
    spec: LoadSpec
    keep_alive_s: float
    runner: Runner | None = None
    loaded: Loaded | None = None
    error: OmmError | None = None
    num_users: int = 0
    load_ns: int = 0
    last_used: float = field(default_factory=time.monotonic)
    must_go: bool = False
    is_abandoned: bool = False

    @property
    def is_ready(self) -> bool:
        return self.loaded is not None

    @property
    def is_idle(self) -> bool:
        return self.is_ready and self.num_users == 0

    @property
    def is_over(self) -> bool:
        """Whether nobody needs its process any more."""
        return self.is_dead or self.error is not None or self.is_idle

    @property
    def is_dead(self) -> bool:
        """Whether it was loaded and its process has ended."""
        return self.is_ready and self.runner is not None and not self.runner.is_alive

    @property
    def expires(self) -> float:
        """Monotonic time at which an idle model is unloaded."""
        if self.must_go:
            return 0.0
        return FOREVER if self.keep_alive_s < 0 else self.last_used + self.keep_alive_s


class Lease:
    """A loaded model in use: it is not unloaded before `close`, which may be called again."""

    def __init__(self, runner: Runner, loaded: Loaded, load_ns: int, release: Callable[[], None]) -> None:
        self.runner, self.loaded, self.load_ns = runner, loaded, load_ns
        self._release: Callable[[], None] | None = release

    def close(self) -> None:
        """Give the model back; its keep-alive starts now."""
        release, self._release = self._release, None
        if release:
            release()


class Ticket:
    """A place in the queue for a model."""

    def __init__(self, pool: Pool, entry: Entry) -> None:
        self._pool, self._entry = pool, entry
        self._is_open = True
        self._started_ns = time.monotonic_ns()

    def wait(self, timeout_s: float) -> Lease | None:
        """The lease once the model is loaded, None if it is not after `timeout_s`.

        Raises:
            LoadFailed: it could not be loaded.
        """
        loaded = self._pool.wait_loaded(self._entry, timeout_s)
        if not loaded:
            return None
        runner, description = loaded
        self._is_open = False
        # The load time counts only for requests that had to wait for it.
        load_ns = min(self._entry.load_ns, time.monotonic_ns() - self._started_ns)
        return Lease(runner, description, load_ns, lambda: self._pool.release(self._entry))

    def close(self) -> None:
        """Leave the queue, unless the lease was taken."""
        if self._is_open:
            self._is_open = False
            self._pool.release(self._entry)


class Pool:
    """All models of the server. `start` makes a runner; it is a parameter so that tests can run workers inline."""

    def __init__(self, start: Callable[[], Runner], limits: PoolLimits) -> None:
        self._start = start
        self._limits = limits
        self._changed = threading.Condition()  # guards _entries, _replaced, every Entry, _counts and _is_closing
        self._entries: dict[str, Entry] = {}
        self._replaced: list[Entry] = []  # no longer in _entries, and not closed yet
        self._loading = threading.Lock()  # held while one model loads, so that no two count on the same memory
        self._is_closing = False
        self._counts: collections.Counter[str] = collections.Counter()  # by the names of LoadCounts' fields
        self._reaper = threading.Thread(target=self._reap, name="pool-reaper", daemon=True)
        self._reaper.start()

    # --- requests ---------------------------------------------------------------------------------------------

    def request(self, key: str, name: str, spec: LoadSpec, keep_alive_s: float | None) -> Ticket:
        """Queue for the model `key`, loading it unless it is loaded with this very spec.

        Raises:
            Busy: too many requests wait, or the server is shutting down.
        """
        with self._changed:
            if self._is_closing:
                raise Busy("the server is shutting down")
            entry = self._entries.get(key)
            if entry is None or self._must_reload(entry, spec):
                entry = self._add(key, name, spec, entry)
            capacity = entry.loaded.num_parallel if entry.loaded else 1
            if entry.num_users >= capacity + self._limits.max_waiting:
                raise Busy("server busy, please try again.  maximum pending requests exceeded")
            entry.num_users += 1
            entry.must_go = False
            if keep_alive_s is not None:
                entry.keep_alive_s = keep_alive_s
            return Ticket(self, entry)

    def _must_reload(self, entry: Entry, spec: LoadSpec) -> bool:
        """Whether the loaded model does not do; what the new spec leaves open is fine as it is."""
        is_dead = entry.error is not None or (entry.runner is not None and not entry.runner.is_alive)
        return is_dead or entry.spec != _settled(spec, entry.spec)

    def _add(self, key: str, name: str, spec: LoadSpec, old: Entry | None) -> Entry:
        """Put a new entry in place and load it on a thread of its own. Called with the lock held."""
        keep_alive_s = old.keep_alive_s if old else self._limits.keep_alive_s
        entry = self._entries[key] = Entry(key, name, spec, keep_alive_s)
        if old is not None:
            self._replaced.append(old)
            self._counts["crashes"] += old.is_dead
        threading.Thread(target=self._load, args=(entry, old), name=f"load-{name}", daemon=True).start()
        return entry

    def wait_loaded(self, entry: Entry, timeout_s: float) -> tuple[Runner, Loaded] | None:
        """Wait for an entry; see `Ticket.wait`."""
        with self._changed:
            self._changed.wait_for(lambda: entry.is_ready or entry.error, timeout_s)
            if entry.error is not None:
                raise entry.error
            if entry.runner is None or entry.loaded is None:
                return None
            return entry.runner, entry.loaded

    def release(self, entry: Entry) -> None:
        """One user less."""
        with self._changed:
            entry.num_users -= 1
            entry.last_used = time.monotonic()
            self._changed.notify_all()

    # --- loading ----------------------------------------------------------------------------------------------

    def _load(self, entry: Entry, old: Entry | None) -> None:
        started = time.monotonic_ns()
        try:
            if old is not None:
                self._retire(old, entry)
            with self._loading:
                self._make_room(entry)
                runner, loaded = self._load_or_evict(entry)
        except OmmError as error:
            self._settle(entry, error=error)
            return
        except Exception as exc:
            log.exception("loading %s failed", entry.name)
            self._settle(entry, error=LoadFailed(f"loading {entry.name} failed: {exc}"))
            return
        log.info("loaded %s: context %d, %d parallel", entry.name, loaded.num_ctx, loaded.num_parallel)
        self._settle(entry, runner=runner, loaded=loaded, load_ns=time.monotonic_ns() - started)

    def _settle(
        self,
        entry: Entry,
        *,
        runner: Runner | None = None,
        loaded: Loaded | None = None,
        error: OmmError | None = None,
        load_ns: int = 0,
    ) -> None:
        with self._changed:
            is_late = self._is_closing
            entry.runner, entry.loaded, entry.error, entry.load_ns = runner, loaded, error, load_ns
            if is_late:
                entry.loaded, entry.error = None, Busy("the server is shutting down")
            entry.last_used = time.monotonic()
            self._counts["loads" if entry.error is None else "failures"] += 1
            if entry.error is not None and self._entries.get(entry.key) is entry:
                del self._entries[entry.key]  # the next request tries again
            self._changed.notify_all()
        if is_late and runner is not None:
            runner.close()

    def _load_or_evict(self, entry: Entry) -> tuple[Runner, Loaded]:
        """Load; when memory runs out, unload every idle model and try once more."""
        try:
            return self._load_once(entry)
        except OutOfMemory:
            if not self._evict(entry, everything=True):
                raise
            return self._load_once(entry)

    def _load_once(self, entry: Entry) -> tuple[Runner, Loaded]:
        runner = self._begin(entry)
        try:
            return runner, runner.load(entry.spec, self._patience_s)
        except BaseException:
            with self._changed:
                entry.runner = None
            runner.close()
            raise

    def _begin(self, entry: Entry) -> Runner:
        """Start a runner where `close` finds it. Raises Busy when the pool closes."""
        runner = self._start()
        with self._changed:
            is_late = self._is_closing
            entry.runner = None if is_late else runner
        if is_late:
            runner.close()
            raise Busy("the server is shutting down")
        return runner

    @property
    def _patience_s(self) -> float | None:
        """Longest wait for a load, None for ever."""
        return self._limits.load_timeout_s if self._limits.load_timeout_s > 0 else None

    def _retire(self, old: Entry, entry: Entry) -> None:
        """Wait until nobody needs the entry that `entry` replaces, then unload it.

        Raises:
            Busy: it is still in use after the load timeout.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_closing or old.is_over, self._patience_s):
                self._put_back(old, entry)
                raise Busy("the model is busy and cannot be loaded with other options now")
        self._close_replaced(old)

    def _put_back(self, old: Entry, entry: Entry) -> None:
        """Undo a replacement, or leave the old entry to the reaper if there is a third by now. Called with the lock."""
        if self._entries.get(old.key) is entry:
            self._replaced.remove(old)
            self._entries[old.key] = old
        else:
            old.is_abandoned = True

    def _close_replaced(self, old: Entry) -> None:
        _close_all([old])
        with self._changed:
            if old in self._replaced:
                self._replaced.remove(old)
            self._changed.notify_all()

    def _make_room(self, entry: Entry) -> None:
        """Unload idle models, least recently used first, until count and memory allow another.

        Raises:
            Busy: all loaded models stay busy for the whole load timeout.
        """
        deadline = time.monotonic() + (self._patience_s or FOREVER)
        while not self._has_count(entry):
            if self._evict(entry):
                continue
            with self._changed:
                wait_s = min(1.0, deadline - time.monotonic())
                if wait_s <= 0 or self._is_closing:
                    raise Busy("all loaded models are busy, please try again")
                self._changed.wait(wait_s)
        while _is_tight(entry.spec) and self._evict(entry):
            pass

    def _has_count(self, entry: Entry) -> bool:
        most = self._limits.max_loaded or DEFAULT_MAX_LOADED
        with self._changed:
            known = [*self._entries.values(), *self._replaced]
            return sum(other.runner is not None and other is not entry for other in known) < most

    def _evict(self, keep: Entry, *, everything: bool = False) -> bool:
        """Unload the least recently used idle model, or all of them; False when none is idle."""
        with self._changed:
            idle = sorted((e for e in self._entries.values() if e.is_idle and e is not keep), key=lambda e: e.last_used)
            gone = idle if everything else idle[:1]
            for entry in gone:
                del self._entries[entry.key]
            self._counts["evictions"] += len(gone)
        _close_all(gone)
        return bool(gone)

    # --- unloading --------------------------------------------------------------------------------------------

    def unload(self, key: str) -> None:
        """Unload a model once its requests are done; nothing happens when it is not loaded."""
        with self._changed:
            entry = self._entries.get(key)
            if entry is None:
                return
            entry.must_go = True
            gone = [self._entries.pop(key)] if entry.is_idle else []
            self._counts["expirations"] += len(gone)
            self._changed.notify_all()
        _close_all(gone)

    def _reap(self) -> None:
        """Unload models whose keep-alive is over, for as long as the pool lives."""
        while True:
            with self._changed:
                if self._is_closing:
                    return
                now = time.monotonic()
                gone = [
                    entry
                    for entry in self._entries.values()
                    if entry.is_dead or (entry.is_idle and entry.expires <= now)
                ]
                for entry in gone:
                    del self._entries[entry.key]
                    self._counts["crashes" if entry.is_dead else "expirations"] += 1
                abandoned = [entry for entry in self._replaced if entry.is_abandoned and entry.is_over]
                if not gone and not abandoned:
                    soonest = min((e.expires for e in self._entries.values() if e.is_idle), default=FOREVER)
                    self._changed.wait(min(max(0.0, soonest - now), threading.TIMEOUT_MAX))
            _close_all(gone)
            for entry in abandoned:
                self._close_replaced(entry)

    def entries(self) -> list[Entry]:
        """The models that are loaded now."""
        with self._changed:
            return [entry for entry in self._entries.values() if entry.is_ready and not entry.is_dead]

    def counts(self) -> LoadCounts:
        """What happened so far."""
        with self._changed:
            return LoadCounts(**self._counts)

    @property
    def is_closing(self) -> bool:
        """Whether no request is taken any more."""
        with self._changed:
            return self._is_closing

    def close(self) -> None:
        """Unload everything; waiting and running requests fail."""
        with self._changed:
            self._is_closing = True
            gone = [*self._entries.values(), *self._replaced]
            self._entries.clear()
            self._changed.notify_all()
        _close_all(gone)
        self._reaper.join(timeout=5)


def _is_tight(spec: LoadSpec) -> bool:
    """Whether weights and KV cache would not fit into the memory that is free now."""
    free = psutil.virtual_memory().available
    return memory.plan(spec, [], free).estimate > free * HEADROOM


def _settled(spec: LoadSpec, current: LoadSpec) -> LoadSpec:
    """The spec with what it leaves open as it is now."""
    # NOTE: the small context that one client asked for must not stay for those that did not ask for any.
    is_roomy = memory.wanted_context(current) >= memory.wanted_context(spec)
    return msgspec.structs.replace(
        spec,
        num_ctx=spec.num_ctx or (current.num_ctx if is_roomy else 0),
        num_batch=spec.num_batch or current.num_batch,
        num_thread=spec.num_thread or current.num_thread,
        num_gpu=current.num_gpu if spec.num_gpu < 0 else spec.num_gpu,
        use_mmap=current.use_mmap if spec.use_mmap is None else spec.use_mmap,
    )


def _close_all(entries: list[Entry]) -> None:
    for entry in entries:
        if entry.runner is not None:
            log.info("unloading %s", entry.name)
            entry.runner.close()
