"""The store in order: what prune takes and leaves, what verify finds, and models carried from store to store."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from omm.config import Settings
from omm.errors import Corrupt, InvalidRequest, NotFound
from omm.names import ModelName
from omm.service.library import Library
from omm.sources.huggingface import HuggingFace
from omm.store.manifests import ManifestStore
from omm.types import CreateRequest, Progress
from tests.service.uploads import upload
from tests.sources.conftest import quick
from tests.sources.hub import running_hub
from tests.sources.registries import sha256
from tests.store.small import write_small

DAY_S = 86400.0
WAIT_S = 60


def open_library(root: Path, **env: str) -> Library:
    return Library(Settings.load(env, models=root), ())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def library(root: Path) -> Library:
    return open_library(root)


def make(library: Library, folder: Path, name: str, **texts: Any) -> str:
    """Create a model; returns its digest."""
    content = write_small(folder / "w.gguf").read_bytes()
    list(library.create(CreateRequest(model=name, files={"w.gguf": upload(library, content)}, **texts)))
    return next(summary.digest for summary in library.list() if summary.name == f"{name}:latest")


def age(path: Path, seconds: float) -> Path:
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def blob(root: Path, digest: str) -> Path:
    return root / "blobs" / digest.replace(":", "-")


def statuses(steps: Any) -> list[str]:
    return [step.status for step in steps]


# --- prune --------------------------------------------------------------------------------------------------------


def test_prune_takes_old_blobs_that_no_model_uses(library: Library, root: Path, tmp_path: Path) -> None:
    make(library, tmp_path, "kept", system="Be kind.")
    orphan = upload(library, b"x" * 5000)
    age(blob(root, orphan), 2 * 3600)
    before = set((root / "blobs").iterdir())
    assert statuses(library.prune(is_dry=True)) == [
        f"would remove {orphan[7:19]} (5 KB): no model uses it",
        "would free 5 KB",
        "success",
    ]
    assert set((root / "blobs").iterdir()) == before
    assert statuses(library.prune()) == [
        f"removing {orphan[7:19]} (5 KB): no model uses it",
        "freed 5 KB",
        "success",
    ]
    assert before - set((root / "blobs").iterdir()) == {blob(root, orphan)}
    assert library.find("kept").system == "Be kind."


def test_prune_leaves_what_was_just_uploaded(library: Library, root: Path) -> None:
    new = upload(library, b"new")
    assert statuses(library.prune())[0] == f"keeping {new[7:19]} (3 B): it is new, a create may be about to use it"
    assert blob(root, new).is_file()


def test_prune_leaves_what_a_running_create_needs(library: Library, root: Path, tmp_path: Path) -> None:
    digest = upload(library, write_small(tmp_path / "w.gguf").read_bytes())
    age(blob(root, digest), 2 * 3600)
    steps = library.create(CreateRequest(model="m", files={"w.gguf": digest}))
    next(steps)  # type: ignore[call-overload]
    assert "a pull or create that runs now needs it" in statuses(open_library(root).prune())[0]
    assert statuses(steps)[-1] == "success"
    assert library.find("m").weights == str(blob(root, digest))


def test_prune_takes_unfinished_downloads_that_are_too_old(library: Library, root: Path) -> None:
    (root / "blobs").mkdir(parents=True)
    old, new = (root / "blobs" / f".partial-sha256-{digit * 64}" for digit in "ab")
    for path in (old, new):
        path.write_bytes(bytes(8192))
        path.with_name(path.name + ".ranges").write_bytes(b"0 4096\n")
    for path in (old, old.with_name(old.name + ".ranges")):
        age(path, 20 * DAY_S)
    found = statuses(library.prune())
    assert found[0] == "removing unfinished download aaaaaaaaaaaa: 20 days old"
    assert found[1] == "keeping unfinished download bbbbbbbbbbbb: a pull can go on with it for 14 days"
    assert sorted(path.name[16] for path in (root / "blobs").iterdir()) == ["b", "b"]


def test_prune_does_nothing_when_a_manifest_cannot_be_read(library: Library, root: Path, tmp_path: Path) -> None:
    make(library, tmp_path, "m")
    orphan = age(blob(root, upload(library, b"x")), 2 * 3600)
    broken = root / "manifests/registry.ollama.ai/library/broken/latest"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    with pytest.raises(Corrupt):
        list(library.prune())
    open_library(root)
    assert orphan.is_file()


def test_strange_files_are_left_alone(library: Library, root: Path) -> None:
    (root / "blobs").mkdir(parents=True)
    strange = root / "blobs" / "sha256-notes.txt"
    strange.write_text("mine")
    age(strange, 2 * 3600)
    assert statuses(library.prune()) == ["freed 0 B", "success"]
    assert strange.is_file()


def test_start_removes_old_orphans(root: Path, library: Library, tmp_path: Path) -> None:
    make(library, tmp_path, "m")
    old, new = age(blob(root, upload(library, b"old")), 2 * 3600), blob(root, upload(library, b"new"))
    open_library(root, OMM_NOPRUNE="1")
    assert old.is_file()
    download = root / "blobs" / f"sha256-{'c' * 64}-partial"
    download.write_bytes(b"")
    open_library(root)
    assert old.is_file()  # Ollama downloads into this directory
    age(download, 2 * 3600)
    open_library(root)
    assert (old.is_file(), new.is_file()) == (False, True)
    assert library.find("m")


# --- verify -------------------------------------------------------------------------------------------------------


def test_verify_reads_everything(library: Library, tmp_path: Path) -> None:
    make(library, tmp_path, "a", system="one")
    make(library, tmp_path, "b", system="two")
    steps = list(library.verify())
    assert steps[-2].status == "2 models with 4 blobs are as they should be"
    assert steps[-1].status == "success"
    done: dict[str | None, Progress] = {step.digest: step for step in steps if step.total}
    assert len(done) == 4
    assert all(step.completed == step.total for step in done.values())


def test_repair_fetches_the_damaged_file_and_nothing_else(root: Path, tmp_path: Path) -> None:
    with running_hub() as hub:
        hub.add("user/repo", m_Q8_0__gguf=write_small(tmp_path / "w.gguf").read_bytes())
        library = Library(Settings.load({}, models=root), (HuggingFace(hub.url, downloads=quick()),))
        list(library.pull("hf.co/user/repo"))
        list(library.create(CreateRequest(model="mine", base="hf.co/user/repo", system="Be kind.")))
        before = {model.name: model.digest for model in library.list()}
        weights = Path(library.find("mine").weights)
        content = weights.read_bytes()
        weights.write_bytes(content[:-1] + b"?")
        assert "is whole again" in " ".join(statuses(library.verify("mine", repair=True)))
        assert weights.read_bytes() == content
        weights.unlink()
        list(library.verify(repair=True))
        assert statuses(library.verify())[-1] == "success"
        assert {model.name: model.digest for model in library.list()} == before


@pytest.mark.parametrize("kind", ["config", "license"])
def test_repair_makes_texts_again_as_the_pull_did(root: Path, tmp_path: Path, kind: str) -> None:
    with running_hub() as hub:
        weights = write_small(tmp_path / "w.gguf", extra=lambda writer: writer.add_license("mit"))
        hub.add("user/repo", m_Q8_0__gguf=weights.read_bytes())
        library = Library(Settings.load({}, models=root), (HuggingFace(hub.url, downloads=quick()),))
        list(library.pull("hf.co/user/repo"))
        manifest = ManifestStore(root).read(ModelName.parse("hf.co/user/repo")).manifest
        path = blob(root, manifest.config.digest if kind == "config" else manifest.of_kind(kind)[0].digest)
        content = path.read_bytes()
        path.write_bytes(b"damaged")
        assert statuses(library.verify(repair=True))[-1] == "success"
        assert path.read_bytes() == content


def test_what_nobody_has_is_not_repaired_and_stays(root: Path, tmp_path: Path) -> None:
    with running_hub() as hub:
        hub.add("user/repo", m_Q8_0__gguf=write_small(tmp_path / "w.gguf").read_bytes())
        library = Library(Settings.load({}, models=root), (HuggingFace(hub.url, downloads=quick()),))
        list(library.pull("hf.co/user/repo"))
        weights = Path(library.find("hf.co/user/repo").weights)
        weights.write_bytes(weights.read_bytes()[:-1] + b"?")
        hub.add("user/repo", m_Q8_0__gguf=write_small(tmp_path / "w.gguf", seed=1).read_bytes())
        steps: list[Progress] = []
        with pytest.raises(Corrupt, match="remove and pull or create again"):
            steps.extend(library.verify(repair=True))
        assert "has other bytes now" in " ".join(step.status for step in steps)
        assert weights.is_file()


def test_verify_finds_damage_and_whose_it_is(library: Library, root: Path, tmp_path: Path) -> None:
    make(library, tmp_path, "a", system="one")
    make(library, tmp_path, "b", system="two")
    make(library, tmp_path, "c", system="three")
    weights = Path(library.find("a").weights)
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + b"?")
    with pytest.raises(Corrupt, match=r"^damaged: a:latest, b:latest, c:latest; omm verify --repair fetches"):
        list(library.verify())
    weights.write_bytes(content)
    blob(root, sha256(b"two")).unlink()
    found: list[str] = []
    with pytest.raises(Corrupt, match=r"^damaged: b:latest; "):
        found.extend(step.status for step in library.verify())
    assert f"{sha256(b'two')} is missing; it is part of b:latest" in found
    assert statuses(library.verify("a"))[-1] == "success"
    with pytest.raises(Corrupt):
        list(library.verify("b"))


def test_verify_of_an_unknown_model(library: Library) -> None:
    with pytest.raises(NotFound):
        list(library.verify("none"))


# --- export and import --------------------------------------------------------------------------------------------


def exported(library: Library, name: str) -> bytes:
    archive = library.export(name)
    try:
        content = b"".join(archive)
    finally:
        archive.close()
    assert len(content) == archive.size
    return content


def carried(library: Library, content: bytes, name: str) -> None:
    """Do what `omm import` does."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r|") as archive:
        parts = {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]
    manifest = next(content for path, content in parts.items() if path.startswith("manifests/"))
    for path, part in parts.items():
        if path.startswith("blobs/"):
            library.put_blob(path.removeprefix("blobs/"), [part])
    library.import_manifest(name, manifest)


def test_a_model_goes_from_store_to_store(library: Library, tmp_path: Path) -> None:
    digest = make(library, tmp_path, "m", system="Be kind.", licenses=("MIT",), parameters={"top_k": 3})
    other = open_library(tmp_path / "other")
    carried(other, exported(library, "m"), "m")
    assert other.find("m").digest == digest
    assert other.find("m").system == "Be kind."
    assert exported(other, "m") == exported(library, "m")


def test_an_export_may_be_unpacked_into_a_store(library: Library, tmp_path: Path) -> None:
    digest = make(library, tmp_path, "m")
    with tarfile.open(fileobj=io.BytesIO(exported(library, "m"))) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    assert open_library(tmp_path / "unpacked").find("m").digest == digest


def test_export_keeps_blobs_while_it_runs(library: Library, root: Path, tmp_path: Path) -> None:
    make(library, tmp_path, "m", system="Be kind.")
    archive = library.export("m")
    library.delete("m")
    assert len(b"".join(archive)) == archive.size
    archive.close()
    assert list((root / "blobs").iterdir()) == []


def test_what_is_not_whole_is_not_exported(library: Library, tmp_path: Path) -> None:
    make(library, tmp_path, "m")
    weights = Path(library.find("m").weights)
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(Corrupt, match="is incomplete"):
        library.export("m")
    with pytest.raises(NotFound):
        library.export("none")


@pytest.mark.parametrize("content", [b"", b"{", b'{"config": {"digest": "../x", "size": 1, "mediaType": ""}}'])
def test_import_of_what_is_no_manifest(library: Library, content: bytes) -> None:
    with pytest.raises(InvalidRequest, match="invalid manifest"):
        library.import_manifest("m", content)


def test_import_without_its_blobs(library: Library, root: Path, tmp_path: Path) -> None:
    make(library, tmp_path, "m", system="Be kind.")
    manifest = ManifestStore(root).read_bytes(ManifestStore(root).spelled(next(ManifestStore(root).names())))
    other = open_library(tmp_path / "other")
    with pytest.raises(InvalidRequest, match=r"blob sha256:\w+ not found"):
        other.import_manifest("m", manifest)
    assert other.list() == []


def test_import_with_a_blob_of_another_size(library: Library, root: Path, tmp_path: Path) -> None:
    make(library, tmp_path, "m", system="Be kind.")
    manifest = ManifestStore(root).read_bytes(next(ManifestStore(root).names()))
    wrong = manifest.replace(b'"size":8', b'"size":9')
    assert wrong != manifest
    with pytest.raises(InvalidRequest, match="has not the size"):
        library.import_manifest("n", wrong)


def test_import_checks_weights_before_anything_native_sees_them(library: Library, root: Path, tmp_path: Path) -> None:
    make(library, tmp_path, "m")
    weights = Path(library.find("m").weights)
    evil = b"GGUF" + bytes(weights.stat().st_size - 4)
    manifest = ManifestStore(root).read_bytes(next(ManifestStore(root).names()))
    digest = upload(library, evil)
    with pytest.raises(InvalidRequest, match="invalid GGUF file"):
        library.import_manifest("n", manifest.replace(weights.name[7:].encode(), digest[7:].encode()))


# --- several processes --------------------------------------------------------------------------------------------

# Creates, reads and deletes models that share their weights with those of other processes.
CHURN = """
import hashlib
import sys
from pathlib import Path
from omm.config import Settings
from omm.errors import InvalidRequest
from omm.service.library import Library
from omm.sources.huggingface import HuggingFace
from omm.types import CreateRequest

library = Library(Settings.load({}, models=Path(sys.argv[1])), ())
content = Path(sys.argv[2]).read_bytes()
digest = f"sha256:{hashlib.sha256(content).hexdigest()}"

def create(turn):
    while True:
        library.put_blob(digest, [content])
        try:
            return list(library.create(CreateRequest(model=name, files={"w.gguf": digest}, system=f"{name} {turn}")))
        except InvalidRequest as exc:  # somebody deleted the last model with these weights before we began
            assert "upload blob" in exc.message, exc

name = f"m{sys.argv[3]}"
for turn in range(12):
    create(turn)
    assert library.find(name).system == f"{name} {turn}"
    assert Path(library.find(name).weights).read_bytes() == content
    library.list()
    if turn % 2:
        library.delete(name)
create("end")
"""


def test_processes_share_a_store(library: Library, root: Path, tmp_path: Path) -> None:
    path = write_small(tmp_path / "w.gguf")
    command = [sys.executable, "-c", CHURN, str(root), str(path)]
    running = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [process.wait(WAIT_S) for process in running] == [0, 0, 0]
    assert {summary.name for summary in library.list()} == {"m0:latest", "m1:latest", "m2:latest"}
    assert statuses(library.verify())[-1] == "success"
    assert statuses(library.prune()) == ["freed 0 B", "success"]
