"""Which models are loaded, for how long, and who waits for what. Runners are scripted; time moves by events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from omm.engine import pool as pool_module
from omm.engine.messages import Loaded, LoadSpec, ModelShape
from omm.engine.pool import Lease, Pool, PoolLimits, Ticket
from omm.errors import Busy, LoadFailed, OmmError, OutOfMemory
from omm.types import LoadCounts

WAIT_S = 20.0
SHAPE = ModelShape(num_layers=1, kv_bytes_per_token=1, weights_bytes=1, trained_context=8)


class ScriptedRunner:
    """Loads when allowed to; `closed` is set by close()."""

    def __init__(self, factory: Runners) -> None:
        self._factory = factory
        self.spec: LoadSpec | None = None
        self.is_alive = True
        self.loading, self.closed = threading.Event(), threading.Event()

    def load(self, spec: LoadSpec, timeout_s: float | None) -> Loaded:
        self.spec = spec
        self.loading.set()
        self._factory.started.release()
        while not self._factory.may_load.wait(0.01):
            if self.closed.is_set():
                raise LoadFailed("closed while loading")
        if self._factory.errors:
            raise self._factory.errors.pop(0)
        return Loaded(num_ctx=spec.num_ctx or 8, num_parallel=2, gpu_layers=0, num_layers=1, size=1, size_vram=0)

    def close(self) -> None:
        self.is_alive = False
        self.closed.set()


class Runners:
    """Makes runners; `may_load` lets their loads end, `errors` are raised one a load, `started` counts loads."""

    def __init__(self) -> None:
        self.made: list[ScriptedRunner] = []
        self.may_load = threading.Event()
        self.may_load.set()
        self.errors: list[OmmError] = []
        self.started = threading.Semaphore(0)

    def __call__(self) -> Any:
        self.made.append(ScriptedRunner(self))
        return self.made[-1]

    @property
    def num_open(self) -> int:
        return sum(not runner.closed.is_set() for runner in self.made)


@pytest.fixture
def runners() -> Runners:
    return Runners()


MakePool = Callable[..., Pool]


@pytest.fixture
def make_pool(runners: Runners) -> Iterator[MakePool]:
    pools: list[Pool] = []

    def make(**limits: Any) -> Pool:
        pools.append(Pool(runners, PoolLimits(**limits)))
        return pools[-1]

    yield make
    runners.may_load.set()
    for pool in pools:
        pool.close()
    assert runners.num_open == 0


@pytest.fixture(autouse=True)
def plenty_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own memory decides nothing here."""

    class Memory:
        available = 1 << 50

    monkeypatch.setattr(pool_module.psutil, "virtual_memory", Memory)


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


# Loading.


def test_requests_wait_for_one_load(make_pool: MakePool, runners: Runners) -> None:
    runners.may_load.clear()
    pool = make_pool()
    tickets = [request(pool) for _ in range(3)]
    assert tickets[0].wait(0) is None
    runners.may_load.set()
    leases = [ticket.wait(WAIT_S) for ticket in tickets]
    assert len({id(taken.runner) for taken in leases if taken}) == 1
    assert len(runners.made) == 1
    assert loaded(pool) == ["a"]


def test_a_load_that_fails_fails_all_who_wait_and_the_next_tries_again(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool()
    runners.errors.append(LoadFailed("broken"))
    runners.may_load.clear()
    tickets = [request(pool) for _ in range(2)]
    runners.may_load.set()
    for ticket in tickets:
        with pytest.raises(LoadFailed, match="broken"):
            ticket.wait(WAIT_S)
        ticket.close()
    assert runners.made[0].closed.wait(WAIT_S)
    assert use(pool) is runners.made[1]


def test_the_load_time_is_told_to_those_who_waited(make_pool: MakePool) -> None:
    pool = make_pool()
    first, later = lease(pool), lease(pool)
    assert first.load_ns > 0
    assert later.load_ns <= first.load_ns


def test_closing_a_ticket_leaves_the_queue(make_pool: MakePool, runners: Runners) -> None:
    runners.may_load.clear()
    pool = make_pool(keep_alive_s=0.0)
    request(pool).close()
    runners.may_load.set()
    assert runners.started.acquire(timeout=WAIT_S)
    assert runners.made[0].closed.wait(WAIT_S)  # nobody waits for it, so it goes at once


def test_loads_come_one_after_another(make_pool: MakePool, runners: Runners) -> None:
    runners.may_load.clear()
    pool = make_pool()
    tickets = [request(pool, key) for key in "abc"]
    assert runners.started.acquire(timeout=WAIT_S)
    assert not runners.started.acquire(timeout=0.1)
    runners.may_load.set()
    assert all(ticket.wait(WAIT_S) for ticket in tickets)


def test_memory_short_of_one_model_evicts_the_idle_and_tries_again(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool()
    idle, busy = use(pool, "idle"), lease(pool, "busy")
    runners.errors.append(OutOfMemory("no room"))
    use(pool, "new")
    assert idle.closed.is_set()
    assert loaded(pool) == ["busy", "new"]
    busy.close()


def test_memory_short_twice_is_told(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool()
    use(pool, "idle")
    runners.errors += [OutOfMemory("no room"), OutOfMemory("still none")]
    with pytest.raises(OutOfMemory, match="still none"):
        request(pool, "new").wait(WAIT_S)


def test_memory_short_with_nothing_to_evict_is_told_at_once(make_pool: MakePool, runners: Runners) -> None:
    runners.errors.append(OutOfMemory("no room"))
    with pytest.raises(OutOfMemory):
        request(make_pool()).wait(WAIT_S)
    assert len(runners.made) == 1


# Room.


def test_the_least_recently_used_goes_and_never_a_busy_one(make_pool: MakePool) -> None:
    pool = make_pool(max_loaded=3)
    busy = lease(pool, "busy")
    use(pool, "old")
    use(pool, "young")
    use(pool, "new")
    assert loaded(pool) == ["busy", "new", "young"]
    use(pool, "young")
    use(pool, "newer")
    assert loaded(pool) == ["busy", "newer", "young"]
    busy.close()


def test_a_model_waits_while_all_others_are_busy(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(max_loaded=1)
    busy = lease(pool, "busy")
    ticket = request(pool, "next")
    assert ticket.wait(0.1) is None
    busy.close()
    taken = ticket.wait(WAIT_S)
    assert taken is not None
    assert loaded(pool) == ["next"]
    assert runners.made[0].closed.is_set()


def test_two_models_asked_at_once_both_get_their_turn(make_pool: MakePool) -> None:
    pool = make_pool(max_loaded=1)
    tickets = {key: request(pool, key) for key in ("one", "two")}
    served: list[str] = []

    def serve(key: str) -> None:
        taken = tickets[key].wait(WAIT_S)
        if taken is not None:
            served.append(key)
            taken.close()

    threads = [threading.Thread(target=serve, args=(key,)) for key in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert sorted(served) == ["one", "two"]


def test_waiting_for_room_ends(make_pool: MakePool) -> None:
    pool = make_pool(max_loaded=1, load_timeout_s=0.1)
    busy = lease(pool, "busy")
    with pytest.raises(Busy, match="busy"):
        request(pool, "next").wait(WAIT_S)
    busy.close()


def test_too_many_waiting_are_refused(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(max_waiting=2)
    taken = [lease(pool) for _ in range(2)]
    tickets = [request(pool) for _ in range(2)]
    with pytest.raises(Busy, match="maximum pending requests exceeded"):
        request(pool)
    taken[0].close()
    tickets.append(request(pool))
    assert len(runners.made) == 1


# Keeping alive.


def test_keep_alive_zero_unloads_after_the_last_request(make_pool: MakePool) -> None:
    pool = make_pool()
    first, second = lease(pool, keep_alive_s=0.0), lease(pool)
    runner = first.runner
    assert isinstance(runner, ScriptedRunner)
    first.close()
    assert loaded(pool) == ["a"]
    second.close()
    assert runner.closed.wait(WAIT_S)
    assert loaded(pool) == []


def test_an_idle_model_is_unloaded_in_time(make_pool: MakePool) -> None:
    pool = make_pool(keep_alive_s=0.05)
    assert use(pool).closed.wait(WAIT_S)


def test_a_model_kept_for_ever_stays_beside_one_that_goes(make_pool: MakePool) -> None:
    pool = make_pool(keep_alive_s=0.05)
    kept = use(pool, "kept", keep_alive_s=-1.0)
    assert use(pool, "gone").closed.wait(WAIT_S)
    assert not kept.closed.is_set()


def test_keep_alive_is_remembered_until_another_is_given(make_pool: MakePool) -> None:
    pool = make_pool()
    use(pool, keep_alive_s=-1.0)
    use(pool)
    (entry,) = pool.entries()
    assert entry.keep_alive_s == -1.0
    runner = use(pool, keep_alive_s=0.0)
    assert runner.closed.wait(WAIT_S)


def test_a_busy_model_does_not_expire(make_pool: MakePool) -> None:
    pool = make_pool(keep_alive_s=0.0)
    busy = lease(pool, "busy")
    assert use(pool, "idle").closed.wait(WAIT_S)
    assert loaded(pool) == ["busy"]
    busy.close()


def test_a_lease_may_be_closed_twice(make_pool: MakePool) -> None:
    pool = make_pool()
    first, second = lease(pool), lease(pool)
    first.close()
    first.close()
    (entry,) = pool.entries()
    assert entry.num_users == 1
    second.close()


# Reloading.


def test_another_context_reloads_once_nobody_uses_the_model(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool()
    user = lease(pool, num_ctx=16)
    ticket = request(pool, num_ctx=32)
    assert ticket.wait(0.1) is None
    assert not runners.made[0].closed.is_set()
    user.close()
    taken = ticket.wait(WAIT_S)
    assert taken is not None
    assert taken.loaded.num_ctx == 32
    assert runners.made[0].closed.is_set()
    assert len(runners.made) == 2


@pytest.mark.parametrize("fields", [{}, {"num_ctx": 16}, {"num_batch": 4}, {"num_gpu": 3}, {"use_mmap": False}])
def test_the_same_options_or_none_do_not_reload(make_pool: MakePool, runners: Runners, fields: dict[str, Any]) -> None:
    pool = make_pool()
    all_fields = {"num_ctx": 16, "num_batch": 4, "num_gpu": 3, "use_mmap": False}
    use(pool, **all_fields)
    use(pool, **fields)
    assert len(runners.made) == 1


def test_a_request_without_a_wish_gets_the_usual_context_after_one_for_a_small_context(
    make_pool: MakePool, runners: Runners
) -> None:
    pool = make_pool()
    use(pool, num_ctx=4)
    use(pool)
    use(pool)
    assert [runner.spec and runner.spec.num_ctx for runner in runners.made] == [4, 0]


def test_a_reload_that_waits_too_long_leaves_the_model_as_it_is(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(load_timeout_s=0.1)
    user = lease(pool, num_ctx=16)
    with pytest.raises(Busy, match="other options"):
        request(pool, num_ctx=32).wait(WAIT_S)
    user.close()
    assert use(pool, num_ctx=16) is runners.made[0]


def test_a_reload_overtaken_by_another_leaves_no_runner_behind(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(load_timeout_s=1.0)
    user = lease(pool, num_ctx=16)
    second = request(pool, num_ctx=32)
    assert second.wait(0.5) is None
    third = request(pool, num_ctx=64)
    with pytest.raises(Busy):
        second.wait(WAIT_S)
    second.close()
    taken = third.wait(WAIT_S)
    assert taken is not None
    assert taken.loaded.num_ctx == 64
    user.close()
    assert runners.made[0].closed.wait(WAIT_S)
    taken.close()


def test_a_load_nobody_waits_for_is_replaced_without_a_leak(make_pool: MakePool, runners: Runners) -> None:
    runners.may_load.clear()
    pool = make_pool()
    first = request(pool, num_ctx=16)
    assert runners.started.acquire(timeout=WAIT_S)
    first.close()
    second = request(pool, num_ctx=32)
    runners.may_load.set()
    taken = second.wait(WAIT_S)
    assert taken is not None
    assert taken.loaded.num_ctx == 32
    assert runners.made[0].closed.is_set()
    taken.close()


def test_a_dead_runner_is_replaced(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool()
    victim = lease(pool)
    runners.made[0].is_alive = False
    assert loaded(pool) == []
    assert use(pool) is runners.made[1]
    victim.close()
    assert loaded(pool) == ["a"]
    assert runners.made[0].closed.is_set()


# Unloading.


def test_unloading_an_idle_model(make_pool: MakePool) -> None:
    pool = make_pool()
    runner = use(pool)
    pool.unload("a")
    assert runner.closed.is_set()
    assert loaded(pool) == []


def test_unloading_a_busy_model_waits_for_its_requests(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(keep_alive_s=-1.0)
    user = lease(pool)
    pool.unload("a")
    assert not runners.made[0].closed.is_set()
    user.close()
    assert runners.made[0].closed.wait(WAIT_S)


def test_unloading_what_is_not_loaded_is_nothing(make_pool: MakePool) -> None:
    make_pool().unload("a")


# The end.


def test_closing_fails_those_who_wait_and_ends_a_load(make_pool: MakePool, runners: Runners) -> None:
    runners.may_load.clear()
    pool = make_pool()
    ticket = request(pool)
    assert runners.started.acquire(timeout=WAIT_S)
    pool.close()
    with pytest.raises(Busy, match="shutting down"):
        ticket.wait(WAIT_S)
    assert runners.num_open == 0


def test_closing_ends_a_wait_for_room(make_pool: MakePool) -> None:
    pool = make_pool(max_loaded=1)
    lease(pool, "busy")
    ticket = request(pool, "next")
    pool.close()
    with pytest.raises(Busy):
        ticket.wait(WAIT_S)


def test_closing_ends_a_wait_for_a_reload(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool()
    lease(pool, num_ctx=16)
    ticket = request(pool, num_ctx=32)
    pool.close()
    with pytest.raises(Busy):
        ticket.wait(WAIT_S)
    assert runners.num_open == 0


def test_a_closed_pool_takes_no_requests(make_pool: MakePool) -> None:
    pool = make_pool()
    pool.close()
    with pytest.raises(Busy, match="shutting down"):
        request(pool)


def test_no_thread_is_left(make_pool: MakePool) -> None:
    before = set(threading.enumerate())
    pool = make_pool()
    use(pool)
    pool.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(WAIT_S)
        assert not thread.is_alive()


# Counts.


def test_what_happened_is_counted(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(max_loaded=1)
    use(pool, "a")
    use(pool, "b")  # evicts a
    pool.unload("b")
    runners.errors.append(LoadFailed("broken"))
    with pytest.raises(LoadFailed):
        request(pool, "c").wait(WAIT_S)
    use(pool, "d", keep_alive_s=0).closed.wait(WAIT_S)
    assert pool.counts() == LoadCounts(loads=3, failures=1, evictions=1, expirations=2)


def test_a_process_that_ended_is_counted_once(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool()
    user = lease(pool)
    runners.made[0].is_alive = False
    use(pool)
    user.close()
    assert (pool.counts().crashes, pool.counts().loads) == (1, 2)


def test_a_pool_tells_that_it_closes(make_pool: MakePool) -> None:
    pool = make_pool()
    assert not pool.is_closing
    pool.close()
    assert pool.is_closing
