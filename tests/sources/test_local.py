"""Files of other programs: found, checked, linked and left as they are."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm.config import Settings
from omm.sources import default_sources, local
from omm.sources.base import SourceFile
from omm.sources.local import Nearby, register, take
from omm.store.blobs import BlobStore
from tests.sources.conftest import quick
from tests.sources.hub import REVISION, Hub

REPO = "user/repo-GGUF"
CONTENT = os.urandom(200_000)
HEX = hashlib.sha256(CONTENT).hexdigest()
DIGEST = f"sha256:{HEX}"


@pytest.fixture
def file(hub: Hub) -> SourceFile:
    hub.add(REPO, **{"m-Q4_K_M__gguf": CONTENT})
    location = f"{hub.url}/{REPO}/resolve/{REVISION}/m-Q4_K_M.gguf"
    return SourceFile(kind="model", digest=DIGEST, size=len(CONTENT), location=location)


@pytest.fixture
def others(tmp_path: Path) -> dict[str, Path]:
    """The same file as each of the programs keeps it."""
    paths = {
        "ollama": tmp_path / "ollama" / f"sha256-{HEX}",
        "hub": tmp_path / "hub" / "models--user--repo" / "blobs" / HEX,
        "lm_studio": tmp_path / "lm_studio" / "user" / "repo-GGUF" / "M-Q4_K_M.gguf",
    }
    for path in paths.values():
        path.parent.mkdir(parents=True)
        path.write_bytes(CONTENT)
    return paths


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "models")


@pytest.mark.parametrize("program", ["ollama", "hub", "lm_studio"])
def test_a_file_that_is_there_is_linked(
    hub: Hub, file: SourceFile, blobs: BlobStore, others: dict[str, Path], tmp_path: Path, program: str
) -> None:
    nearby = Nearby(**{program: (tmp_path / "missing", tmp_path / program)})  # type: ignore[arg-type]
    steps = list(quick(nearby=nearby).fetch(file, blobs, {}))
    assert steps[-1] == len(CONTENT)
    assert os.path.samefile(blobs.path_for(DIGEST), others[program])
    assert hub.api_requests == []
    assert [path.name for path in blobs.folder.iterdir()] == [f"sha256-{HEX}"]


def test_a_link_to_the_file_is_followed(
    file: SourceFile, blobs: BlobStore, others: dict[str, Path], tmp_path: Path
) -> None:
    linked = tmp_path / "links" / "user" / "repo-GGUF" / "m-Q4_K_M.gguf"
    linked.parent.mkdir(parents=True)
    linked.symlink_to(others["ollama"])
    assert Nearby(lm_studio=(tmp_path / "links",)).find(file) == others["ollama"]


def test_other_bytes_under_the_name_are_not_taken(
    hub: Hub, file: SourceFile, blobs: BlobStore, others: dict[str, Path], tmp_path: Path
) -> None:
    others["ollama"].write_bytes(b"x" * len(CONTENT))
    list(quick(nearby=Nearby(ollama=(tmp_path / "ollama",))).fetch(file, blobs, {}))
    assert blobs.read(DIGEST, 1 << 20) == CONTENT
    assert len(hub.file_requests) == 1
    assert others["ollama"].read_bytes() == b"x" * len(CONTENT)


def test_a_file_of_another_size_is_not_looked_at(file: SourceFile, others: dict[str, Path], tmp_path: Path) -> None:
    others["hub"].write_bytes(CONTENT[:-1])
    assert Nearby(hub=(tmp_path / "hub",)).find(file) is None


@pytest.mark.parametrize("can_share", [True, False])
def test_where_links_are_not_possible_it_is_copied(
    blobs: BlobStore, others: dict[str, Path], monkeypatch: pytest.MonkeyPatch, can_share: bool
) -> None:
    """As on another file system; whether blocks can be shared depends on this one."""

    def refuse(*args: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    if not can_share:
        monkeypatch.setattr(local.fcntl, "ioctl", refuse)
    assert list(take(others["hub"], DIGEST, blobs))[-1] == len(CONTENT)
    assert blobs.read(DIGEST, 1 << 20) == CONTENT
    assert not os.path.samefile(blobs.path_for(DIGEST), others["hub"])


def test_it_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    place = tmp_path / ".ollama/models/blobs" / f"sha256-{HEX}"
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    wanted = SourceFile(kind="model", digest=DIGEST, size=len(CONTENT), location="https://x/m.gguf")
    assert Nearby.of_this_machine().find(wanted) == place
    for env, expected in (({}, place), ({"OMM_PULL_LINKS": "0"}, None)):
        hub = default_sources(Settings.load(env))[2]
        assert hub._downloads._nearby.find(wanted) == expected  # type: ignore[attr-defined]


def registered(path: Path, blobs: BlobStore) -> str:
    """Run to the end; returns the digest."""
    digests: list[str] = []

    def steps() -> Iterator[int]:
        digests.append((yield from register(path, blobs)))

    assert list(steps())[-1] == len(CONTENT)
    return digests[0]


def test_a_registered_file_is_not_copied(blobs: BlobStore, others: dict[str, Path]) -> None:
    assert registered(others["lm_studio"], blobs) == DIGEST
    assert os.path.samefile(blobs.path_for(DIGEST), others["lm_studio"])
    assert registered(others["hub"], blobs) == DIGEST
    assert os.path.samefile(blobs.path_for(DIGEST), others["lm_studio"])  # what is there stays


def test_across_file_systems_the_blob_points_to_the_file(
    blobs: BlobStore, others: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(local.fcntl, "ioctl", refuse)
    assert registered(others["hub"], blobs) == DIGEST
    assert blobs.path_for(DIGEST).is_symlink()
    assert blobs.path_for(DIGEST).resolve() == others["hub"]
    blobs.remove(DIGEST)
    assert others["hub"].exists()
