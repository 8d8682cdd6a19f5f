"""Scripted runners and a pool of them. Time moves by events."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from omm.engine.messages import Loaded, LoadSpec, ModelShape
from omm.engine.pool import Lease, Pool, Ticket
from omm.errors import LoadFailed, OmmError

WAIT_S = 20.0
SHAPE = ModelShape(num_layers=1, kv_bytes_per_token=1, weights_bytes=1, trained_context=8)


class ScriptedRunner:
    """Loads when allowed to; `closed` is set by close()."""

    def __init__(self, factory: Runners) -> None:
        self._factory = factory
        self.spec: LoadSpec | None = None
        self.is_alive = True
        self.closed = threading.Event()

    def load(self, spec: LoadSpec, timeout_s: float | None) -> Loaded:
        self.spec = spec
        self._factory.started.release()
        while not self._factory.may_load.wait(0.01):
            if self.closed.is_set():
                raise LoadFailed("closed while loading")
        if self._factory.errors:
            raise self._factory.errors.pop(0)
        return Loaded(
            num_ctx=spec.num_ctx or 8,
            num_parallel=2,
            gpu_layers=0,
            num_layers=1,
            size=1,
            size_vram=self._factory.size_vram,
        )

    def close(self) -> None:
        self.is_alive = False
        self.closed.set()


class Runners:
    """Makes runners; `may_load` lets their loads end, `errors` are raised one a load, `started` counts loads.

    Each takes `size_vram` of an accelerator.
    """

    def __init__(self) -> None:
        self.made: list[ScriptedRunner] = []
        self.may_load = threading.Event()
        self.may_load.set()
        self.errors: list[OmmError] = []
        self.size_vram = 0
        self.started = threading.Semaphore(0)

    def __call__(self) -> Any:
        self.made.append(ScriptedRunner(self))
        return self.made[-1]

    @property
    def num_open(self) -> int:
        return sum(not runner.closed.is_set() for runner in self.made)


MakePool = Callable[..., Pool]


def spec(**fields: Any) -> LoadSpec:
    return LoadSpec(path="/m.gguf", shape=SHAPE, **fields)


def request(pool: Pool, key: str = "a", keep_alive_s: float | None = None, **fields: Any) -> Ticket:
    return pool.request(key, key, spec(**fields), keep_alive_s)


def lease(pool: Pool, key: str = "a", keep_alive_s: float | None = None, **fields: Any) -> Lease:
    taken = request(pool, key, keep_alive_s, **fields).wait(WAIT_S)
    assert taken is not None
    return taken


def use(pool: Pool, key: str = "a", keep_alive_s: float | None = None, **fields: Any) -> ScriptedRunner:
    """One request, done at once; the runner it ran on."""
    taken = lease(pool, key, keep_alive_s, **fields)
    taken.close()
    assert isinstance(taken.runner, ScriptedRunner)
    return taken.runner


def loaded(pool: Pool) -> list[str]:
    return sorted(entry.key for entry in pool.entries())
