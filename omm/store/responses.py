"""Answers kept for later requests: in memory, or in an SQLite file that outlives the server.

Both are bounded by count, age and size; the oldest go first. Safe to call from any thread.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from omm.errors import Busy, StorageFailed
from omm.types import StoredResponse, Value

MAX_BYTES = 1 << 30
BUSY_TIMEOUT_S = 10.0
SCHEMA_VERSION = 1
_FAR_PAST_S = -1e18

Clock = Callable[[], float]


class Bounds(Value):
    """What a store keeps at most: so many answers and bytes, none older than `max_age_s` (negative: any age)."""

    max_count: int
    max_age_s: float
    max_bytes: int = MAX_BYTES


def size_of(stored: StoredResponse) -> int:
    """What counts for the bound on bytes."""
    return len(stored.body) + len(stored.items)


def open_store(kind: str, bounds: Bounds, default_path: Path) -> MemoryStore | SqliteStore | None:
    """The store that a setting names: empty, `memory`, `sqlite` or `sqlite:PATH`. The caller closes it.

    Raises:
        StorageFailed: the file cannot be used.
    """
    name, _, path = kind.partition(":")
    if not name:
        return None
    if name == "memory":
        return MemoryStore(bounds)
    return SqliteStore(Path(path).expanduser() if path else default_path, bounds)


# --- memory -----------------------------------------------------------------------------------------------------


class MemoryStore:
    """Answers in a dictionary, gone with the process."""

    def __init__(self, bounds: Bounds, clock: Clock = time.time) -> None:
        self._bounds = bounds
        self._clock = clock
        self._lock = threading.Lock()  # guards all below
        self._entries: dict[str, tuple[float, StoredResponse]] = {}  # oldest first
        self._owners: dict[str, str] = {}  # item id → response id
        self._num_bytes = 0

    def put(self, stored: StoredResponse) -> None:
        """Keep an answer, and let go of what is over the bounds."""
        with self._lock:
            self._remove(stored.id)
            self._entries[stored.id] = (self._clock(), stored)
            self._owners.update(dict.fromkeys(stored.item_ids, stored.id))
            self._num_bytes += size_of(stored)
            self._trim()

    def find(self, response_id: str) -> StoredResponse | None:
        """The answer of this id, if it is still there."""
        with self._lock:
            self._trim()
            entry = self._entries.get(response_id)
            return entry[1] if entry else None

    def find_by_item(self, item_id: str) -> StoredResponse | None:
        """The answer whose request or output brought this item."""
        with self._lock:
            owner = self._owners.get(item_id, "")
        return self.find(owner)

    def delete(self, response_id: str) -> bool:
        """Whether there was one."""
        with self._lock:
            self._trim()
            return self._remove(response_id)

    def close(self) -> None:
        """There is nothing to give back."""

    def _trim(self) -> None:
        bounds = self._bounds
        oldest_s = _oldest_s(bounds, self._clock)
        for response_id, (created_s, _) in list(self._entries.items()):
            is_over = len(self._entries) > bounds.max_count or self._num_bytes > bounds.max_bytes
            if created_s >= oldest_s and not is_over:
                return
            self._remove(response_id)

    def _remove(self, response_id: str) -> bool:
        entry = self._entries.pop(response_id, None)
        if entry is None:
            return False
        self._num_bytes -= size_of(entry[1])
        for item_id in entry[1].item_ids:
            if self._owners.get(item_id) == response_id:
                del self._owners[item_id]
        return True


def _oldest_s(bounds: Bounds, clock: Clock) -> float:
    """Unix time from which on answers are kept."""
    return _FAR_PAST_S if bounds.max_age_s < 0 else clock() - bounds.max_age_s


# --- SQLite -----------------------------------------------------------------------------------------------------

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS responses (
    id TEXT PRIMARY KEY, created REAL NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL, items BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS responses_by_age ON responses (created);
CREATE TABLE IF NOT EXISTS items (
    id TEXT NOT NULL, response TEXT NOT NULL REFERENCES responses (id) ON DELETE CASCADE, PRIMARY KEY (response, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_by_id ON items (id);
PRAGMA user_version = {SCHEMA_VERSION};
"""
_TRIM = """
DELETE FROM responses WHERE created < :oldest_s OR id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER newest AS number, sum(size) OVER newest AS total
        FROM responses WINDOW newest AS (ORDER BY created DESC, rowid DESC)
    ) WHERE number > :max_count OR total > :max_bytes
)
"""
_FIND = "SELECT id, body, items FROM responses WHERE id = ? AND created >= ?"
_FIND_BY_ITEM = """
SELECT id, body, items FROM responses
WHERE id IN (SELECT response FROM items WHERE id = ?) AND created >= ? ORDER BY created DESC, rowid DESC LIMIT 1
"""


class SqliteStore:
    """Answers in a file that only its owner may read. A crash loses at most the last ones, never the file."""

    def __init__(self, path: Path, bounds: Bounds, clock: Clock = time.time) -> None:
        """Raises StorageFailed."""
        self._path = path
        self._bounds = bounds
        self._clock = clock
        self._lock = threading.Lock()  # guards the connection, which one thread may use at a time
        self._connection: sqlite3.Connection | None = None
        with self._translated():
            self._connection = _connect(path)

    def put(self, stored: StoredResponse) -> None:
        """Keep an answer, and let go of what is over the bounds."""
        bounds = {"max_count": self._bounds.max_count, "max_bytes": self._bounds.max_bytes}
        with self._transaction() as connection:
            connection.execute("DELETE FROM responses WHERE id = ?", (stored.id,))
            row = (stored.id, self._clock(), size_of(stored), stored.body, stored.items)
            connection.execute("INSERT INTO responses (id, created, size, body, items) VALUES (?, ?, ?, ?, ?)", row)
            pairs = [(item_id, stored.id) for item_id in dict.fromkeys(stored.item_ids)]
            connection.executemany("INSERT INTO items (id, response) VALUES (?, ?)", pairs)
            connection.execute(_TRIM, {"oldest_s": _oldest_s(self._bounds, self._clock), **bounds})

    def find(self, response_id: str) -> StoredResponse | None:
        """The answer of this id, if it is still there. Its `item_ids` are not told."""
        return self._find(_FIND, response_id)

    def find_by_item(self, item_id: str) -> StoredResponse | None:
        """The newest answer whose request or output brought this item."""
        return self._find(_FIND_BY_ITEM, item_id)

    def _find(self, query: str, name: str) -> StoredResponse | None:
        with self._transaction() as connection:
            row = connection.execute(query, (name, _oldest_s(self._bounds, self._clock))).fetchone()
        return StoredResponse(id=row[0], body=row[1], items=row[2]) if row else None

    def delete(self, response_id: str) -> bool:
        """Whether there was one."""
        oldest_s = _oldest_s(self._bounds, self._clock)
        with self._transaction() as connection:
            done = connection.execute("DELETE FROM responses WHERE id = ? AND created >= ?", (response_id, oldest_s))
            return done.rowcount > 0

    def close(self) -> None:
        """Calls from now on raise Busy. May be called twice."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # NOTE: who waits for us waits for the file at the same time, or many would wait for it one after another.
        deadline = time.monotonic() + BUSY_TIMEOUT_S
        if not self._lock.acquire(timeout=BUSY_TIMEOUT_S):
            raise StorageFailed(f"cannot use the response store {self._path}: it is locked")
        try:
            with self._translated():
                if self._connection is None:
                    raise Busy("the server is shutting down")
                remaining_ms = max(0, round((deadline - time.monotonic()) * 1000))
                self._connection.execute(f"PRAGMA busy_timeout = {remaining_ms}")
                with self._connection:
                    yield self._connection
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else exc
            raise StorageFailed(f"cannot use the response store {self._path}: {reason}") from exc


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # NOTE: SQLite gives its files the mode of the first one, and conversations are nobody else's.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file; refuse one that another program or a later version made."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == SCHEMA_VERSION:
        return
    (num_tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if version or num_tables:
        raise sqlite3.DatabaseError("it is not one, or one of a later version")
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
