"""The note of a running server: found while it lives, and never afterwards."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from omm import instance
from omm.instance import Note

HOLDER = """
import sys
from omm import instance
note = instance.Note(pid=1, host="h", port=7, version="v", models="m", started_ns=5)
with instance.claim(note) as is_noted:
    print(is_noted, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OMM_HOME", str(tmp_path / "state"))
    return tmp_path


def make_note(pid: int = 2) -> Note:
    return Note(pid=pid, host="127.0.0.1", port=7, version="1", models="/m", started_ns=1)


def test_a_note_is_found_while_it_is_claimed() -> None:
    assert instance.find(7) is None
    with instance.claim(make_note()) as is_noted:
        assert is_noted
        assert instance.find(7) == make_note()
        assert instance.find(8) is None
    assert instance.find(7) is None


def test_the_second_claim_loses_and_changes_nothing() -> None:
    with instance.claim(make_note()), instance.claim(make_note(pid=3)) as is_noted:
        assert not is_noted
        assert instance.find(7) == make_note()


def test_a_look_at_the_lock_does_not_keep_a_server_from_its_note(monkeypatch: pytest.MonkeyPatch) -> None:
    with instance.claim(make_note()):
        pass
    looking = instance.note_path(7).open("rb")
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(instance.time, "sleep", lambda _: looking.close())
    with instance.claim(make_note(pid=3)) as is_noted:
        assert is_noted


def test_a_server_that_may_not_write_a_note_serves_without(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").touch()
    monkeypatch.setenv("OMM_HOME", str(home / "file"))
    with instance.claim(make_note()) as is_noted:
        assert not is_noted
    assert instance.find(7) is None


def test_a_shorter_note_leaves_nothing_of_a_longer_one() -> None:
    with instance.claim(make_note(pid=123456789)):
        pass
    with instance.claim(make_note()):
        assert instance.find(7) == make_note()


def test_a_note_ends_with_its_process_however_that_ends() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        found = instance.find(7)
        assert found is not None
        assert found.version == "v"
        holder.kill()
    assert instance.find(7) is None


def test_garbage_is_no_note() -> None:
    with instance.claim(make_note()):
        instance.note_path(7).write_text("{")
        assert instance.find(7) is None
