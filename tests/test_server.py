"""The composition root's own decisions; the whole of it is tested in `live/`."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from omm.config import Settings
from omm.errors import Conflict
from omm.server import MAX_FILES, _sockets, listen, open_responses, raise_file_limit, spool_folder


def test_large_bodies_are_spooled_beside_the_models_unless_nothing_can_be_written_there(tmp_path: Path) -> None:
    assert spool_folder(tmp_path) == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    assert spool_folder(tmp_path / "file") is None


def test_there_is_a_file_for_every_client() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
    try:
        raise_file_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (min(MAX_FILES, before[1]), before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("host", ["a..b", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_told(tmp_path: Path, host: str) -> None:
    with pytest.raises(Conflict, match=f"cannot listen on {host}:1234: "):
        listen(None, Settings.load({}, host=host, port=1234, models=tmp_path))  # type: ignore[arg-type]


def test_an_address_is_taken_from_the_start(tmp_path: Path) -> None:
    """Two servers that start at once must not both believe that they have it."""
    (first,) = _sockets("127.0.0.2", 0)
    with first, pytest.raises(Conflict, match="cannot listen"):
        _sockets("127.0.0.2", first.getsockname()[1])


def test_answers_are_kept_where_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMM_HOME", str(tmp_path))
    assert open_responses(Settings.load({}, models=tmp_path)) is None
    for setting, name in [("sqlite", "responses.sqlite"), (f"sqlite:{tmp_path}/own.db", "own.db")]:
        store = open_responses(Settings.load({}, models=tmp_path, response_store=setting))
        assert store is not None
        store.close()
        assert (tmp_path / name).exists()
