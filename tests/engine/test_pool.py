"""Which models are loaded, for how long, and who waits for what. Runners are scripted."""

from __future__ import annotations

import threading

import pytest

from omm.errors import Busy, LoadFailed
from omm.types import LoadCounts
from tests.engine.scripted import WAIT_S, MakePool, Runners, ScriptedRunner, lease, loaded, request, use

# Queueing.


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
