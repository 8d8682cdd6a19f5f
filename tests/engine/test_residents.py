"""Who does for which request, and who has to go first: decisions without processes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from omm.engine.messages import Loaded, LoadSpec, ModelShape
from omm.engine.residents import Entry, Residents
from omm.errors import Busy, Cancelled
from omm.types import LoadCounts
from tests.engine.scripted import WAIT_S, Runners
from tests.waiting import eventually

SHAPE = ModelShape(num_layers=1, kv_bytes_per_token=1, weights_bytes=1, trained_context=4096)


def spec(**fields: Any) -> LoadSpec:
    return LoadSpec(path="/m.gguf", shape=SHAPE, **fields)


def entry(key: str = "a", **fields: Any) -> Entry:
    return Entry(key, key, spec(**fields), 300.0)


def nothing(entry: Entry, old: Entry | None) -> None:
    """A load that never ends."""


def loaded(residents: Residents, runners: Runners, key: str = "a", num_ctx: int = 2048, **fields: Any) -> Entry:
    """A model that is loaded and used by nobody."""
    joined = residents.join(entry(key, **fields), None, 1, nothing)
    residents.attach(joined, runners())
    loaded = Loaded(num_ctx=num_ctx, num_parallel=2, gpu_layers=0, num_layers=1, size=1, size_vram=0)
    residents.finish(joined, loaded, 1)
    residents.leave(joined)
    return joined


@pytest.mark.parametrize("num_ctx", [0, 2048])
def test_the_context_that_is_there_suits_who_asks_for_it(runners: Runners, num_ctx: int) -> None:
    chosen_by_memory = loaded(Residents(), runners)
    assert chosen_by_memory.suits(spec(num_ctx=num_ctx))
    assert not chosen_by_memory.suits(spec(num_ctx=1024))
    assert not chosen_by_memory.suits(spec(num_ctx=4096))


def test_contexts_beyond_what_the_model_can_are_one(runners: Runners) -> None:
    largest = loaded(Residents(), runners, num_ctx=4096)
    assert largest.suits(spec(num_ctx=8192))
    assert largest.suits(spec(num_ctx=16384))


def test_one_that_died_suits_nobody(runners: Runners) -> None:
    dead = loaded(Residents(), runners)
    assert dead.suits(spec())
    runners.made[0].is_alive = False
    assert not dead.suits(spec())


def test_a_load_that_cannot_begin_leaves_nobody_waiting() -> None:
    def fail(entry: Entry, old: Entry | None) -> None:
        raise RuntimeError("can't start new thread")

    residents, begun = Residents(), []
    with pytest.raises(RuntimeError):
        residents.join(entry(), None, 1, fail)
    residents.join(entry(), None, 1, lambda entry, old: begun.append((entry, old)))
    ((_, old),) = begun
    assert old is None


def test_the_least_recently_used_goes_first_and_no_other_than_needed(runners: Runners) -> None:
    residents = Residents()
    old, young = (loaded(residents, runners, key) for key in ("old", "young"))
    new = residents.join(entry("new"), None, 1, nothing)
    assert residents.make_room(new, 2, 0) == [old]
    assert residents.make_room(new, 2, 0) == []
    assert residents.evict(new, everything=True) == [young]
    assert residents.counts() == LoadCounts(loads=2, evictions=2)


def test_there_is_no_room_while_all_are_busy(runners: Runners) -> None:
    residents = Residents()
    loaded(residents, runners, "busy")
    busy = residents.join(entry("busy"), None, 1, nothing)
    new = residents.join(entry("new"), None, 1, nothing)
    with pytest.raises(Busy, match="busy"):
        residents.make_room(new, 1, 0)
    residents.leave(busy)
    assert residents.make_room(new, 1, 0) == [busy]


def test_one_that_did_not_make_room_in_time_stays(runners: Runners) -> None:
    residents = Residents()
    busy = loaded(residents, runners, "busy")
    residents.join(entry("busy"), None, 1, nothing)
    new = residents.join(entry("new"), None, 1, nothing)
    with pytest.raises(Busy, match="busy"):
        residents.make_room(new, 1, 0)
    assert residents.join(entry("busy"), None, 1, nothing) is busy
    assert residents.counts().evictions == 0


def test_one_goes_and_not_two_where_another_than_the_chosen_is_done_first(runners: Runners) -> None:
    residents = Residents()
    chosen, quick = (loaded(residents, runners, key) for key in ("chosen", "quick"))
    for key in ("chosen", "quick"):
        residents.join(entry(key), None, 1, nothing)
    new = residents.join(entry("new"), None, 1, nothing)
    gone: list[Entry] = []
    waiting = threading.Thread(target=lambda: gone.extend(residents.make_room(new, 2, WAIT_S)))
    waiting.start()
    assert eventually(lambda: chosen.is_abandoned)
    residents.leave(quick)
    waiting.join(WAIT_S)
    assert gone == [quick]
    assert residents.join(entry("chosen"), None, 1, nothing) is chosen
    assert residents.counts().evictions == 1


def test_one_that_is_dismissed_stays_for_its_users(runners: Runners) -> None:
    residents = Residents()
    model = loaded(residents, runners)
    assert residents.join(entry(), -1.0, 1, nothing) is model
    assert residents.dismiss("a") == []
    residents.leave(model)
    assert residents.next_expired() == [model]
    assert residents.dismiss("a") == []


def test_one_that_makes_room_is_loaded_until_its_last_request_is_done(runners: Runners) -> None:
    residents = Residents()
    leaving = loaded(residents, runners, "leaving")
    residents.join(entry("leaving"), None, 1, nothing)
    new = residents.join(entry("new"), None, 1, nothing)
    with ThreadPoolExecutor(1) as threads:
        room = threads.submit(residents.make_room, new, 1, WAIT_S)
        assert eventually(lambda: leaving.is_abandoned)
        assert residents.loaded() == [leaving]
        assert residents.dismiss("leaving") == []
        residents.leave(new)
        with pytest.raises(Cancelled):
            room.result(WAIT_S)
    assert not leaving.is_abandoned  # it may stay, but for what was asked meanwhile
    residents.leave(leaving)
    assert residents.next_expired() == [leaving]
    assert residents.loaded() == []


def test_no_model_leaves_for_one_that_nobody_waits_for(runners: Runners) -> None:
    residents = Residents()
    busy = loaded(residents, runners, "busy")
    residents.join(entry("busy"), None, 1, nothing)
    new = residents.join(entry("new"), None, 1, nothing)
    residents.leave(new)
    with pytest.raises(Cancelled):
        residents.make_room(new, 1, WAIT_S)
    assert not busy.is_abandoned
    assert residents.join(entry("new"), None, 1, nothing) is not new


def test_a_model_stays_as_it_is_when_nobody_waits_for_another_context(runners: Runners) -> None:
    residents = Residents()
    old = loaded(residents, runners)
    residents.join(entry(), None, 1, nothing)
    new = residents.join(entry(num_ctx=1024), None, 1, nothing)
    assert new is not old
    assert residents.dismiss("a") == []
    residents.leave(new)
    with pytest.raises(Cancelled):
        residents.retire(old, new, WAIT_S)
    residents.fail(new, Cancelled(""))
    assert residents.counts().failures == 0
    residents.leave(old)
    assert residents.next_expired() == [old]  # it was dismissed, too
