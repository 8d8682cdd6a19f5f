"""The composition root's own decisions; the whole of it is tested in `live/`."""

from __future__ import annotations

from pathlib import Path

from omm.server import spool_folder


def test_large_bodies_are_spooled_beside_the_models_unless_nothing_can_be_written_there(tmp_path: Path) -> None:
    assert spool_folder(tmp_path) == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    assert spool_folder(tmp_path / "file") is None
