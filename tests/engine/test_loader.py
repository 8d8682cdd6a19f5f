"""What is loaded when, and what makes room for it; what a load that fails leaves. Runners are scripted."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from omm.errors import Busy, LoadFailed, OutOfMemory
from tests.engine.scripted import WAIT_S, MakePool, Runners, lease, loaded, request, spec, use
from tests.waiting import eventually

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


def test_idle_models_leave_an_accelerator_until_another_fits(make_pool: MakePool, runners: Runners) -> None:
    runners.size_vram = 1
    pool = make_pool(max_loaded=4)
    busy = lease(pool, "busy")
    use(pool, "old")
    use(pool, "young")
    runners.errors.append(OutOfMemory("no room for all layers"))
    use(pool, "new")
    assert loaded(pool) == ["busy", "new", "young"]
    assert [runner.spec and runner.spec.must_fit for runner in runners.made] == [False, False, True, True, True]
    busy.close()


def test_a_model_too_large_for_an_accelerator_is_loaded_without_company(make_pool: MakePool, runners: Runners) -> None:
    runners.size_vram = 1
    pool = make_pool()
    use(pool, "old")
    runners.errors.append(OutOfMemory("no room for all layers"))
    assert use(pool, "large").spec == spec()
    assert loaded(pool) == ["large"]


def test_who_says_how_many_layers_go_where_is_taken_at_their_word(make_pool: MakePool, runners: Runners) -> None:
    runners.size_vram = 1
    pool = make_pool()
    use(pool, "old")
    assert use(pool, "new", num_gpu=1).spec == spec(num_gpu=1)
    assert loaded(pool) == ["new", "old"]


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


def test_a_model_that_is_always_in_use_makes_room_too(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(max_loaded=1)
    first = lease(pool, "popular")
    rare = request(pool, "rare")
    assert eventually(lambda: pool.entries()[0].is_leaving)  # no request gets the popular one now
    second = request(pool, "popular")
    first.close()
    taken = rare.wait(WAIT_S)
    assert taken is not None
    assert taken.runner is runners.made[1]
    assert runners.made[0].closed.is_set()
    taken.close()
    again = second.wait(WAIT_S)
    assert again is not None
    again.close()
    assert pool.counts().evictions == 2
    assert runners.num_open == 1


def test_a_client_that_leaves_makes_no_model_leave(make_pool: MakePool, runners: Runners) -> None:
    pool = make_pool(max_loaded=1)
    busy = lease(pool, "busy")
    gone = request(pool, "gone")
    assert eventually(lambda: pool.entries()[0].is_leaving)
    gone.close()
    assert eventually(lambda: not pool.entries()[0].is_leaving)
    assert lease(pool, "busy").runner is busy.runner
    assert len(runners.made) == 1


def test_waiting_for_room_ends(make_pool: MakePool) -> None:
    pool = make_pool(max_loaded=1, load_timeout_s=0.1)
    busy = lease(pool, "busy")
    with pytest.raises(Busy, match="busy"):
        request(pool, "next").wait(WAIT_S)
    busy.close()


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
