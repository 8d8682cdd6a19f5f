"""Embedded models: found by file name, copied into the store, texts from the sidecar."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from omm.errors import NotFound
from omm.names import ModelName
from omm.sources.embedded import FOLDER, Embedded
from omm.store.blobs import BlobStore

CONTENT = b"GGUF" + bytes(3_000_000)
TINY = ModelName.parse("tiny")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "embedded"
    folder.mkdir()
    (folder / "tiny.gguf").write_bytes(CONTENT)
    return folder


def test_matches_bare_names_of_files_that_are_there(folder: Path) -> None:
    source = Embedded(folder)
    assert source.matches(TINY)
    assert source.matches(ModelName.parse("TINY:Latest"))
    for other in ("tiny:q8", "user/tiny", "hf.co/library/tiny", "other"):
        assert not source.matches(ModelName.parse(other))


def test_resolve_and_fetch(folder: Path, blobs: BlobStore) -> None:
    source = Embedded(folder)
    (file,) = source.resolve(TINY).files
    assert file.digest == f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
    assert list(source.fetch(file, blobs))[-1] == file.size == len(CONTENT)
    assert blobs.read(file.digest, 1 << 30) == CONTENT
    assert list(source.fetch(file, blobs)) == []


def test_what_was_cut_off_is_copied_again(folder: Path, blobs: BlobStore) -> None:
    source = Embedded(folder)
    (file,) = source.resolve(TINY).files
    list(source.fetch(file, blobs))
    os.truncate(blobs.path_for(file.digest), 1000)
    list(source.fetch(file, blobs))
    assert blobs.read(file.digest, 1 << 30) == CONTENT


def test_the_sidecar_gives_the_texts(folder: Path) -> None:
    (folder / "tiny.json").write_text('{"parameters": {"temperature": 0.2}, "system": "Hi", "license": "MIT"}')
    resolved = Embedded(folder).resolve(TINY)
    assert (resolved.parameters, resolved.system, resolved.licenses) == ({"temperature": 0.2}, "Hi", ("MIT",))


def test_a_file_that_went_away_is_not_found(folder: Path) -> None:
    (folder / "tiny.gguf").unlink()
    with pytest.raises(NotFound):
        Embedded(folder).resolve(TINY)


def test_the_default_folder_is_in_the_package() -> None:
    assert FOLDER.is_dir()
    assert FOLDER.parent.name == "omm"
