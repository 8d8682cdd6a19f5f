"""Brings models into memory, one at a time: waits for room, starts a runner, and makes more room when it fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

import msgspec

from omm.engine import machine, memory
from omm.engine.messages import LoadSpec
from omm.engine.residents import Entry, Residents
from omm.engine.runner import Runner
from omm.errors import LoadFailed, OmmError, OutOfMemory

log = logging.getLogger(__name__)


class Loader:
    """Loads entries on threads of their own. A load may wait `patience_s` for each of its steps, None for ever."""

    def __init__(
        self, residents: Residents, start: Callable[[], Runner], *, max_loaded: int, patience_s: float | None
    ) -> None:
        self._residents, self._start = residents, start
        self._max_loaded, self._patience_s = max_loaded, patience_s
        self._loading = threading.Lock()  # held while one model loads, so that no two count on the same memory

    def begin(self, entry: Entry, old: Entry | None) -> None:
        """Load an entry in the background, in place of another if there is one."""
        threading.Thread(target=self._load, args=(entry, old), name=f"load-{entry.name}", daemon=True).start()

    def _load(self, entry: Entry, old: Entry | None) -> None:
        started_ns = time.monotonic_ns()
        try:
            if old is not None:
                self._residents.retire(old, entry, self._patience_s)
                close_all([old])
                self._residents.forget(old)
            with self._loading:
                self._make_room(entry)
                self._load_or_evict(entry, started_ns)
        except OmmError as error:
            self._residents.fail(entry, error)
        except Exception as exc:
            log.exception("loading %s failed", entry.name)
            self._residents.fail(entry, LoadFailed(f"loading {entry.name} failed: {exc}"))

    def _make_room(self, entry: Entry) -> None:
        """Unload idle models, least recently used first, until count and memory allow another.

        Raises:
            Busy: all loaded models stay busy for too long.
        """
        while gone := self._residents.make_room(entry, self._max_loaded, self._patience_s):
            close_all(gone)
        while _is_tight(entry.spec) and (gone := self._residents.evict(entry)):
            close_all(gone)

    def _load_or_evict(self, entry: Entry, started_ns: int) -> None:
        """Load, all of it on accelerators if that is a matter of idle models there: those go one by one.

        When memory runs out all the same, unload every idle model and try once more.
        """
        while entry.spec.num_gpu < 0 and self._residents.has_idle_on_accelerator(entry):
            try:
                return self._load_once(entry, started_ns, must_fit=True)
            except OutOfMemory:
                close_all(self._residents.evict(entry, on_accelerator=True))
        try:
            self._load_once(entry, started_ns)
        except OutOfMemory:
            gone = self._residents.evict(entry, everything=True)
            if not gone:
                raise
            close_all(gone)
            self._load_once(entry, started_ns)

    def _load_once(self, entry: Entry, started_ns: int, *, must_fit: bool = False) -> None:
        runner = self._start()
        try:
            self._residents.attach(entry, runner)
            loaded = runner.load(msgspec.structs.replace(entry.spec, must_fit=must_fit), self._patience_s)
            self._residents.finish(entry, loaded, time.monotonic_ns() - started_ns)
        except BaseException:
            self._residents.detach(entry)
            runner.close()
            raise
        log.info("loaded %s: context %d, %d parallel", entry.name, loaded.num_ctx, loaded.num_parallel)


def _is_tight(spec: LoadSpec) -> bool:
    """Whether weights and KV cache would not fit into the memory that is free now."""
    free = machine.free_memory()
    return memory.plan(spec, [], free).estimate > free * memory.HEADROOM


def close_all(entries: Iterable[Entry]) -> None:
    """End the runners of entries."""
    for entry in entries:
        if entry.runner is not None:
            log.info("unloading %s", entry.name)
            entry.runner.close()
