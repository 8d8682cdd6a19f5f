"""Models that are loading, in memory or on their way out: who uses them, and which has to go. One lock guards all.

It waits, but starts and ends no process: whoever takes an entry out closes its runner.
"""

from __future__ import annotations

import collections
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from omm.engine import memory
from omm.engine.messages import Loaded, LoadSpec
from omm.engine.runner import Runner
from omm.errors import Busy, Cancelled, OmmError
from omm.types import LoadCounts

FOREVER = float("inf")


@dataclass(slots=True, eq=False)
class Entry:
    """A model that is loading, loaded, or failed to load. All fields are guarded by the lock of `Residents`.

    `runner` is set as soon as its process runs. An abandoned entry takes no new users and waits for those it has.
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
    def is_on_accelerator(self) -> bool:
        return self.loaded is not None and self.loaded.size_vram > 0

    @property
    def is_over(self) -> bool:
        """Whether nobody needs its process any more."""
        return self.is_dead or self.error is not None or self.is_idle

    @property
    def is_dead(self) -> bool:
        """Whether it was loaded and its process has ended."""
        return self.is_ready and self.runner is not None and not self.runner.is_alive

    @property
    def is_leaving(self) -> bool:
        """Whether it goes as soon as its users are done."""
        return self.must_go or self.is_abandoned

    @property
    def expires(self) -> float:
        """Monotonic time at which an idle model is unloaded."""
        if self.must_go:
            return 0.0
        return FOREVER if self.keep_alive_s < 0 else self.last_used + self.keep_alive_s

    def suits(self, spec: LoadSpec) -> bool:
        """Whether it does for who wants this spec; what that leaves open is fine as it is."""
        is_broken = self.error is not None or (self.runner is not None and not self.runner.is_alive)
        return not is_broken and self.spec == self._filled(spec)

    def _filled(self, spec: LoadSpec) -> LoadSpec:
        """The spec with what it leaves open as it is here."""
        current = self.spec
        return msgspec.structs.replace(
            spec,
            num_ctx=self._context_for(spec),
            num_batch=spec.num_batch or current.num_batch,
            num_thread=spec.num_thread or current.num_thread,
            num_gpu=current.num_gpu if spec.num_gpu < 0 else spec.num_gpu,
            use_mmap=current.use_mmap if spec.use_mmap is None else spec.use_mmap,
        )

    def _context_for(self, spec: LoadSpec) -> int:
        wanted = memory.wanted_context(spec)
        if spec.num_ctx:
            is_here = self.loaded is not None and self.loaded.num_ctx == wanted
            return self.spec.num_ctx if is_here else spec.num_ctx
        # NOTE: the small context that one client asked for must not stay for those that did not ask for any.
        return self.spec.num_ctx if memory.wanted_context(self.spec) >= wanted else 0


class Residents:
    """All entries. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()  # guards all below, and every Entry
        self._entries: dict[str, Entry] = {}
        self._replaced: list[Entry] = []  # no longer in _entries, and not closed yet
        self._counts: collections.Counter[str] = collections.Counter()  # by the names of LoadCounts' fields
        self._is_closing = False

    # --- users ------------------------------------------------------------------------------------------------

    def join(
        self,
        wanted: Entry,
        keep_alive_s: float | None,
        max_waiting: int,
        load: Callable[[Entry, Entry | None], None],
    ) -> Entry:
        """Become a user of the model `wanted` is about: of its entry, or of `wanted` where that does not suit.

        `load` gets the new entry and the one it replaces, if any; it must not wait for anything.

        Raises:
            Busy: too many wait, or the server is shutting down.
        """
        with self._changed:
            if self._is_closing:
                raise _closing()
            entry = self._entries.get(wanted.key)
            if entry is None or not entry.suits(wanted.spec):
                load(wanted, entry)  # NOTE: before all else, so that nobody waits for what could not begin
                entry = self._put(wanted, entry)
            capacity = entry.loaded.num_parallel if entry.loaded else 1
            if entry.num_users >= capacity + max_waiting:
                raise Busy("server busy, please try again.  maximum pending requests exceeded")
            entry.num_users += 1
            entry.must_go = False
            if keep_alive_s is not None:
                entry.keep_alive_s = keep_alive_s
            return entry

    def _put(self, entry: Entry, old: Entry | None) -> Entry:
        self._entries[entry.key] = entry
        if old is not None:
            entry.keep_alive_s = old.keep_alive_s
            self._replaced.append(old)
            self._counts["crashes"] += old.is_dead
        return entry

    def wait_loaded(self, entry: Entry, timeout_s: float) -> tuple[Runner, Loaded] | None:
        """The runner once the model is loaded, None if it is not after `timeout_s`. Raises the error of a load."""
        with self._changed:
            self._changed.wait_for(lambda: entry.is_ready or entry.error, timeout_s)
            if entry.error is not None:
                raise entry.error
            if entry.runner is None or entry.loaded is None:
                return None
            return entry.runner, entry.loaded

    def leave(self, entry: Entry) -> None:
        """One user less."""
        with self._changed:
            entry.num_users -= 1
            entry.last_used = time.monotonic()
            self._changed.notify_all()

    # --- on the way in ----------------------------------------------------------------------------------------

    def attach(self, entry: Entry, runner: Runner) -> None:
        """Note the process in which an entry is loaded. Raises Busy when the server is shutting down."""
        with self._changed:
            if self._is_closing:
                raise _closing()
            entry.runner = runner

    def detach(self, entry: Entry) -> None:
        """Its process was of no use."""
        with self._changed:
            entry.runner = None

    def finish(self, entry: Entry, loaded: Loaded, load_ns: int) -> None:
        """A model is loaded. Raises Busy when the server is shutting down."""
        with self._changed:
            if self._is_closing:
                raise _closing()
            entry.loaded, entry.load_ns, entry.last_used = loaded, load_ns, time.monotonic()
            self._counts["loads"] += 1
            self._changed.notify_all()

    def fail(self, entry: Entry, error: OmmError) -> None:
        """A model could not be loaded: whoever waits for it is told, and the next request tries again."""
        with self._changed:
            entry.error = _closing() if self._is_closing else error
            self._counts["failures"] += not isinstance(error, Cancelled)
            if self._entries.get(entry.key) is entry:
                del self._entries[entry.key]
            self._changed.notify_all()

    # --- on the way out ---------------------------------------------------------------------------------------

    def retire(self, old: Entry, entry: Entry, timeout_s: float | None) -> None:
        """Wait until nobody needs the entry that `entry` replaces; the caller then closes and forgets it.

        Raises:
            Busy: it is still in use after `timeout_s`, and stays.
            Cancelled: it is still in use, and nobody waits for `entry` any more.
        """

        def may_go_on() -> bool:
            return self._is_closing or old.is_over or not entry.num_users

        with self._changed:
            self._changed.wait_for(may_go_on, timeout_s)
            if self._is_closing or old.is_over:
                return
            self._put_back(old, entry)
            if not entry.num_users:
                self._give_up(entry)
            raise Busy("the model is busy and cannot be loaded with other options now")

    def _put_back(self, old: Entry, entry: Entry) -> None:
        """Undo a replacement, or leave the old entry to `next_expired` if there is a third by now."""
        if self._entries.get(old.key) is entry:
            self._replaced.remove(old)
            self._entries[old.key] = old
        else:
            old.is_abandoned = True

    def forget(self, old: Entry) -> None:
        """A replaced entry was closed."""
        with self._changed:
            if old in self._replaced:
                self._replaced.remove(old)
            self._changed.notify_all()

    def make_room(self, entry: Entry, max_loaded: int, timeout_s: float | None) -> list[Entry]:
        """Wait until `entry` may be loaded beside the others; an idle one that must be closed first, or none.

        While all are busy, the least recently used of them takes no new requests: its turn would never end otherwise.

        Raises:
            Busy: all stay busy for `timeout_s`, or the server is shutting down.
            Cancelled: there is no room, and nobody waits for `entry` any more.
        """

        def is_room() -> bool:
            return self._has_room(entry, max_loaded) or bool(self._idle(entry))

        with self._changed:
            leaving = None if is_room() or not entry.num_users else self._let_go(entry)
            self._changed.wait_for(lambda: self._is_closing or is_room() or not entry.num_users, timeout_s)
            if leaving is not None:
                self._let_stay(leaving)  # NOTE: also where another was done first, or two would go for one
            if self._is_closing or (entry.num_users and not is_room()):
                raise Busy("all loaded models are busy, please try again")
            if not is_room():
                self._give_up(entry)
            self._counts["evictions"] += leaving is not None and leaving.is_abandoned
            return [] if self._has_room(entry, max_loaded) else self._take(self._idle(entry)[:1], "evictions")

    def _give_up(self, entry: Entry) -> None:
        """Make no model leave for what nobody waits for, and let nobody wait for it from now on. Raises Cancelled."""
        entry.error = Cancelled("nobody waits for the model any more")
        if self._entries.get(entry.key) is entry:
            del self._entries[entry.key]
        raise entry.error

    def _let_go(self, keep: Entry) -> Entry | None:
        """Abandon the least recently used model, unless another is leaving already."""
        ready = sorted((e for e in self._entries.values() if e.is_ready and e is not keep), key=lambda e: e.last_used)
        if not ready or any(entry.is_abandoned for entry in self._replaced):
            return None
        leaving = self._entries.pop(ready[0].key)
        leaving.is_abandoned = True
        self._replaced.append(leaving)
        return leaving

    def _let_stay(self, leaving: Entry) -> None:
        """Take an abandoned model back, if it is still in use and no other has its place."""
        if leaving in self._replaced and leaving.key not in self._entries and not leaving.is_over:
            self._replaced.remove(leaving)
            leaving.is_abandoned = False
            self._entries[leaving.key] = leaving

    def evict(self, keep: Entry, *, on_accelerator: bool = False, everything: bool = False) -> list[Entry]:
        """Take out the least recently used idle model, of all or of those on an accelerator; or every one of them."""
        with self._changed:
            idle = [entry for entry in self._idle(keep) if entry.is_on_accelerator or not on_accelerator]
            return self._take(idle if everything else idle[:1], "evictions")

    def has_idle_on_accelerator(self, keep: Entry) -> bool:
        """Whether another model could leave an accelerator."""
        with self._changed:
            return any(entry.is_on_accelerator for entry in self._idle(keep))

    def _has_room(self, entry: Entry, max_loaded: int) -> bool:
        return sum(other.runner is not None and other is not entry for other in self._known()) < max_loaded

    def _known(self) -> list[Entry]:
        return [*self._entries.values(), *self._replaced]

    def _idle(self, keep: Entry) -> list[Entry]:
        """Idle models but this, least recently used first."""
        return sorted((e for e in self._entries.values() if e.is_idle and e is not keep), key=lambda e: e.last_used)

    def _take(self, gone: list[Entry], reason: str) -> list[Entry]:
        for entry in gone:
            del self._entries[entry.key]
            self._counts["crashes" if entry.is_dead else reason] += 1
        if gone:
            self._changed.notify_all()
        return gone

    def dismiss(self, key: str) -> list[Entry]:
        """Let a model go once its requests are done, and take it out if they are."""
        with self._changed:
            for entry in (entry for entry in self._known() if entry.key == key):
                entry.must_go = True  # NOTE: also one that was replaced, as it may come back
            self._changed.notify_all()
            here = self._entries.get(key)
            return self._take([here] if here is not None and here.is_idle else [], "expirations")

    def next_expired(self) -> list[Entry]:
        """Wait for models whose keep-alive is over, which died, or were abandoned; none when all is closed.

        The caller closes and forgets them.
        """
        with self._changed:
            while not self._is_closing:
                now = time.monotonic()
                mine = self._entries.values()
                gone = self._take([e for e in mine if e.is_dead or (e.is_idle and e.expires <= now)], "expirations")
                gone += [entry for entry in self._replaced if entry.is_abandoned and entry.is_over]
                if gone:
                    return gone
                soonest = min((entry.expires for entry in mine if entry.is_idle), default=FOREVER)
                self._changed.wait(min(max(0.0, soonest - now), threading.TIMEOUT_MAX))
            return []

    def close(self) -> list[Entry]:
        """Take out everything; from now on nobody joins, and whoever waits is told."""
        with self._changed:
            self._is_closing = True
            gone = self._known()
            self._entries.clear()
            self._changed.notify_all()
            return gone

    # --- looking ----------------------------------------------------------------------------------------------

    def loaded(self) -> list[Entry]:
        """The models that are loaded now, those that only finish their last requests among them."""
        with self._changed:
            return [entry for entry in self._known() if entry.is_ready and not entry.is_dead]

    def counts(self) -> LoadCounts:
        """What happened so far."""
        with self._changed:
            return LoadCounts(**self._counts)

    @property
    def is_closing(self) -> bool:
        """Whether nobody may join any more."""
        with self._changed:
            return self._is_closing


def _closing() -> Busy:
    return Busy("the server is shutting down")
