"""Stores of answers: what both kinds promise, and what only a file can."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omm.errors import Busy, StorageFailed
from omm.store import responses
from omm.store.responses import SCHEMA_VERSION, Bounds, MemoryStore, SqliteStore, open_store
from omm.types import StoredResponse

Store = MemoryStore | SqliteStore
Make = Callable[..., Store]


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
def make(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """Make a store of each kind with these bounds."""
    made: list[Store] = []

    def build(count: int = 10, age_s: float = 100.0, size: int = 10_000) -> Store:
        bounds = Bounds(max_count=count, max_age_s=age_s, max_bytes=size)
        is_memory = request.param == "memory"
        made.append(MemoryStore(bounds, clock) if is_memory else SqliteStore(tmp_path / "r.sqlite", bounds, clock))
        return made[-1]

    yield build
    for store in made:
        store.close()


def entry(name: str, *item_ids: str, body: bytes = b"{}", items: bytes = b"[]") -> StoredResponse:
    return StoredResponse(id=name, body=body, items=items, item_ids=item_ids)


def names(store: Store, *asked: str) -> str:
    """Which of these the store has."""
    return "".join(name for name in asked if store.find(name))


def test_what_is_put_is_found(make: Make) -> None:
    store = make()
    store.put(entry("a", body=b'{"x": 1}', items=b"[1]"))
    found = store.find("a")
    assert found is not None
    assert (found.id, found.body, found.items) == ("a", b'{"x": 1}', b"[1]")
    assert store.find("b") is None


def test_putting_again_replaces(make: Make) -> None:
    store = make()
    store.put(entry("a", "i", "i", body=b"old"))
    store.put(entry("a", "j", body=b"new"))
    found = store.find("a")
    assert found is not None
    assert found.body == b"new"
    assert store.find_by_item("i") is None
    assert store.find_by_item("j") is not None


def test_an_item_leads_to_its_answer(make: Make, clock: Clock) -> None:
    store = make()
    store.put(entry("a", "i", "shared"))
    clock.now_s += 1
    store.put(entry("b", "j", "shared"))
    owners = [store.find_by_item(item_id) for item_id in ("i", "j", "shared")]
    assert [owner.id for owner in owners if owner] == ["a", "b", "b"]
    assert store.find_by_item("k") is None


def test_what_is_deleted_is_gone_with_its_items(make: Make) -> None:
    store = make()
    store.put(entry("a", "i"))
    assert store.delete("a")
    assert not store.delete("a")
    assert store.find("a") is None
    assert store.find_by_item("i") is None


def test_the_oldest_go_when_there_are_too_many(make: Make) -> None:
    store = make(count=2)
    for name in "abc":
        store.put(entry(name, f"item-{name}"))
    assert names(store, *"abc") == "bc"
    assert store.find_by_item("item-a") is None


def test_the_oldest_go_when_they_are_too_large(make: Make) -> None:
    store = make(size=100)
    for name in "abc":
        store.put(entry(name, body=b"x" * 30, items=b"y" * 10))
    assert names(store, *"abc") == "bc"
    store.put(entry("d", body=b"x" * 90))
    assert names(store, *"abcd") == "d"


def test_the_old_go(make: Make, clock: Clock) -> None:
    store = make(age_s=100)
    store.put(entry("a", "i"))
    clock.now_s += 60
    store.put(entry("b"))
    clock.now_s += 60
    assert names(store, "a", "b") == "b"
    assert store.find_by_item("i") is None
    assert not store.delete("a")


def test_a_negative_age_is_for_ever(make: Make, clock: Clock) -> None:
    store = make(age_s=-1)
    store.put(entry("a"))
    clock.now_s += 1e9
    store.put(entry("b"))
    assert names(store, "a", "b") == "ab"


def test_threads_share_a_store(make: Make) -> None:
    store = make(count=1000)

    def work(number: int) -> None:
        for index in range(20):
            store.put(entry(f"{number}-{index}", f"item-{number}-{index}"))
            assert store.find(f"{number}-{index}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(store.find_by_item(f"item-{number}-19") for number in range(4))


# --- files ------------------------------------------------------------------------------------------------------

BOUNDS = Bounds(max_count=10, max_age_s=100.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "r.sqlite"


def test_a_file_outlives_its_server(path: Path) -> None:
    first = SqliteStore(path, BOUNDS)
    first.put(entry("a", "i", body=b"kept"))
    first.close()
    second = SqliteStore(path, BOUNDS)
    found = second.find_by_item("i")
    second.close()
    assert found is not None
    assert found.body == b"kept"


def test_a_file_outlives_a_crash(path: Path, repository: Path) -> None:
    crash = (
        "import os, sys; from pathlib import Path; from omm.store.responses import *; from omm.types import *\n"
        "store = SqliteStore(Path(sys.argv[1]), Bounds(max_count=10, max_age_s=100.0))\n"
        "store.put(StoredResponse(id='a', body=b'kept', items=b'[]')); os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", crash, path], cwd=repository, timeout=60, check=False)
    assert done.returncode == 9
    store = SqliteStore(path, BOUNDS)
    found = store.find("a")
    store.close()
    assert found is not None
    assert found.body == b"kept"


def test_two_servers_share_a_file(path: Path) -> None:
    first, second = SqliteStore(path, BOUNDS), SqliteStore(path, BOUNDS)
    first.put(entry("a"))
    second.put(entry("b"))
    assert names(first, "a", "b") == names(second, "a", "b") == "ab"
    first.close()
    second.close()


def test_nobody_else_may_read_a_file(path: Path) -> None:
    store = SqliteStore(path, BOUNDS)
    store.put(entry("a"))
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    store.close()
    assert modes == {0o600}


def test_a_closed_store_is_busy(path: Path) -> None:
    store = SqliteStore(path, BOUNDS)
    store.close()
    store.close()
    with pytest.raises(Busy):
        store.find("a")


def test_a_file_of_another_kind_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, and long enough to be sure of that" * 40)
    before = path.read_bytes()
    with pytest.raises(StorageFailed, match=r"r\.sqlite: file is not a database"):
        SqliteStore(path, BOUNDS)
    assert path.read_bytes() == before


@pytest.mark.parametrize("change", ["CREATE TABLE mine (x)", f"PRAGMA user_version = {SCHEMA_VERSION + 1}"])
def test_a_database_of_others_is_left_alone(path: Path, change: str) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.commit()
    connection.close()
    with pytest.raises(StorageFailed, match="later version"):
        SqliteStore(path, BOUNDS)


def test_a_path_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot use the response store"):
        SqliteStore(tmp_path, BOUNDS)


def test_a_setting_names_a_store(tmp_path: Path) -> None:
    default = tmp_path / "default.sqlite"
    assert open_store("", BOUNDS, default) is None
    assert isinstance(open_store("memory", BOUNDS, default), MemoryStore)
    for setting, path in [("sqlite", default), (f"sqlite:{tmp_path / 'own.db'}", tmp_path / "own.db")]:
        store = open_store(setting, BOUNDS, default)
        assert store is not None
        store.close()
        assert path.exists()


@pytest.mark.timeout(10)  # one after the other they would take twelve seconds
def test_all_wait_for_a_locked_file_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "responses.sqlite"
    store = SqliteStore(path, Bounds(max_count=5, max_age_s=-1))
    monkeypatch.setattr(responses, "BUSY_TIMEOUT_S", 2)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    failures: list[str] = []

    def put(name: str) -> None:
        with pytest.raises(StorageFailed) as caught:
            store.put(StoredResponse(id=name, body=b"{}", items=b"[]"))
        failures.append(caught.value.message)

    threads = [threading.Thread(target=put, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 6
    assert all("locked" in message for message in failures)
    other.execute("ROLLBACK")
    other.close()
    store.put(StoredResponse(id="later", body=b"{}", items=b"[]"))
    assert store.find("later")
    store.close()
