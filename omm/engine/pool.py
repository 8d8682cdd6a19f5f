"""The models of the server, as requests see them: a `Ticket` in the queue for one becomes a `Lease` on its runner."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from omm.engine.loader import Loader, close_all
from omm.engine.messages import Loaded, LoadSpec
from omm.engine.residents import Entry, Residents
from omm.engine.runner import Runner
from omm.types import LoadCounts

DEFAULT_MAX_LOADED = 3


@dataclass(frozen=True, kw_only=True)
class PoolLimits:
    """What the pool may use. Times in seconds; `max_waiting` is requests per model beyond those computed together.

    Without a `load_timeout_s`, or a negative one, a load may take for ever.
    """

    max_loaded: int = 0
    max_waiting: int = 512
    load_timeout_s: float = 300.0
    keep_alive_s: float = 300.0


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

    def __init__(self, residents: Residents, entry: Entry) -> None:
        self._residents, self._entry = residents, entry
        self._is_open = True
        self._started_ns = time.monotonic_ns()

    def wait(self, timeout_s: float) -> Lease | None:
        """The lease once the model is loaded, None if it is not after `timeout_s`.

        Raises:
            LoadFailed: it could not be loaded.
            Busy: there was no room for it in time, or the server is shutting down.
        """
        found = self._residents.wait_loaded(self._entry, timeout_s)
        if not found:
            return None
        runner, loaded = found
        self._is_open = False
        # The load time counts only for requests that had to wait for it.
        load_ns = min(self._entry.load_ns, time.monotonic_ns() - self._started_ns)
        return Lease(runner, loaded, load_ns, lambda: self._residents.leave(self._entry))

    def close(self) -> None:
        """Leave the queue, unless the lease was taken."""
        if self._is_open:
            self._is_open = False
            self._residents.leave(self._entry)


class Pool:
    """All models of the server. `start` makes a runner; it is a parameter so that tests can run workers inline."""

    def __init__(self, start: Callable[[], Runner], limits: PoolLimits) -> None:
        self._limits = limits
        self._residents = Residents()
        self._loader = Loader(
            self._residents,
            start,
            max_loaded=limits.max_loaded or DEFAULT_MAX_LOADED,
            patience_s=limits.load_timeout_s if limits.load_timeout_s > 0 else None,
        )
        self._reaper = threading.Thread(target=self._reap, name="pool-reaper", daemon=True)
        self._reaper.start()

    def request(self, key: str, name: str, spec: LoadSpec, keep_alive_s: float | None) -> Ticket:
        """Queue for the model `key`, loading it unless it is loaded in a way that suits this spec.

        Raises:
            Busy: too many requests wait, or the server is shutting down.
        """
        wanted = Entry(key, name, spec, self._limits.keep_alive_s)
        entry = self._residents.join(wanted, keep_alive_s, self._limits.max_waiting, self._loader.begin)
        return Ticket(self._residents, entry)

    def unload(self, key: str) -> None:
        """Unload a model once its requests are done; nothing happens when it is not loaded."""
        close_all(self._residents.dismiss(key))

    def _reap(self) -> None:
        """Unload models whose keep-alive is over, for as long as the pool lives."""
        while gone := self._residents.next_expired():
            for entry in gone:
                close_all([entry])
                self._residents.forget(entry)

    def entries(self) -> list[Entry]:
        """The models that are loaded now, those that only finish their last requests among them."""
        return self._residents.loaded()

    def counts(self) -> LoadCounts:
        """What happened so far."""
        return self._residents.counts()

    @property
    def is_closing(self) -> bool:
        """Whether no request is taken any more."""
        return self._residents.is_closing

    def close(self) -> None:
        """Unload everything; waiting and running requests fail."""
        close_all(self._residents.close())
        self._reaper.join(timeout=5)
