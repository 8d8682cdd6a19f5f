"""The history of the prompt."""

from __future__ import annotations

import contextlib
import os
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm.cli.lines import SavedHistory


def history_of(path: Path, model: str = "", limit: int = 100) -> SavedHistory:
    history = SavedHistory(path, limit=limit)
    history.model = model
    return history


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history"


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow. NOTE: not a fixture, as that would also hold for what pytest writes between a test's parts."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_entries_of_the_model_come_before_those_of_others(path: Path) -> None:
    for model, text in (("a", "one"), ("b", "two"), ("a", "three"), ("b", "four")):
        history_of(path, model).append_string(text)
    assert list(history_of(path, "a").load_history_strings()) == ["three", "one", "four", "two"]
    assert list(history_of(path, "c").load_history_strings()) == ["four", "three", "two", "one"]
    assert history_of(path, "a").get_strings() == ["one", "two", "three", "four"]


def test_another_model_in_the_middle_changes_the_order(path: Path) -> None:
    history = history_of(path, "a")
    history.append_string("to a")
    history.model = "b"
    history.append_string("to b")
    assert list(history.load_history_strings()) == ["to b", "to a"]
    history.model = "a"
    assert list(history.load_history_strings()) == ["to a", "to b"]


def test_entries_of_several_lines_come_back_whole(path: Path) -> None:
    history_of(path).append_string('one\ntwo "quoted"\n')
    assert history_of(path).get_strings() == ['one\ntwo "quoted"\n']


def test_files_without_models_and_of_other_programs_are_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'"\xff"\nnot JSON\n"old"\n{"text":"new","model":"a"}\n[1]\n')
    assert history_of(path).get_strings() == ["old", "new"]


def test_the_file_holds_as_many_as_the_limit(path: Path) -> None:
    for number in range(5):
        history_of(path, limit=3).append_string(str(number))
    assert history_of(path).get_strings() == ["2", "3", "4"]
    history_of(path, limit=0).append_string("5")
    assert history_of(path).get_strings() == []


def test_two_conversations_share_the_file(path: Path) -> None:
    first, second = history_of(path), history_of(path)
    first.append_string("one")
    second.append_string("two")
    assert history_of(path).get_strings() == ["one", "two"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_history_that_is_not_saved_is_there_until_the_end(path: Path) -> None:
    history = history_of(path)
    history.is_saving = False
    history.append_string("secret")
    assert list(history.load_history_strings()) == ["secret"]
    assert not path.exists()


def test_a_full_disk_keeps_the_old_file_and_leaves_no_other(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    history = history_of(path)
    with full_disk():
        history.append_string("lost")
    assert history.get_strings() == ["lost"]
    assert [file.name for file in path.parent.iterdir()] == ["history"]


def test_what_cannot_be_read_is_left_alone(path: Path) -> None:
    path.mkdir(parents=True)
    history = history_of(path)
    history.append_string("lost")
    assert history.get_strings() == ["lost"]
    assert path.is_dir()


def test_bytes_that_are_no_text_are_replaced(path: Path) -> None:
    history_of(path).append_string("a" + os.fsdecode(b"\xff") + "b")
    assert history_of(path).get_strings() == ["a?b"]
