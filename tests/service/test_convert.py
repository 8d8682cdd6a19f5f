"""Checkpoints become models in a child process: licences come along, quantising follows, nothing else stays."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from omm.config import Settings
from omm.errors import InvalidRequest, OmmError
from omm.service.library import Library
from omm.types import CreateRequest, Progress
from tests.convert import checkpoints
from tests.service import uploads
from tests.store.small import write_small

pytestmark = pytest.mark.model


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def library(root: Path) -> Library:
    return Library(Settings.load({}, models=root), ())


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    return folder


def upload(library: Library, folder: Path) -> dict[str, str]:
    """Digests by name."""
    return {path.name: uploads.upload(library, path) for path in sorted(folder.iterdir())}


def create(library: Library, files: dict[str, str], quantize: str | None = None) -> list[Progress]:
    return list(library.create(CreateRequest(model="small", files=files, quantize=quantize)))


def blobs(root: Path) -> set[str]:
    return {path.name for path in (root / "blobs").iterdir()}


def names(files: dict[str, str]) -> set[str]:
    return {digest.replace(":", "-") for digest in files.values()}


def test_statuses_come_in_order(library: Library, checkpoint: Path) -> None:
    steps = create(library, upload(library, checkpoint))
    statuses = list(dict.fromkeys(step.status for step in steps))
    assert statuses[:2] == ["converting model", "verifying conversion"]
    assert statuses[-2:] == ["writing manifest", "success"]
    assert all(status.startswith(("creating new layer", "using existing layer")) for status in statuses[2:-2])
    done = [step.completed for step in steps if step.total]
    assert done == sorted(done, key=lambda count: count or 0)
    assert done[-1] == next(step.total for step in steps if step.total)


def test_only_the_new_model_stays(library: Library, root: Path, checkpoint: Path) -> None:
    create(library, upload(library, checkpoint))
    record = library.find("small")
    assert record.details.quantization_level == "F32"
    assert Path(record.weights).name in blobs(root)
    assert len(blobs(root)) == 3  # the weights, the licence's name, and the config


def test_license_of_the_readme_and_of_a_file(library: Library, checkpoint: Path) -> None:
    create(library, upload(library, checkpoint))
    assert library.find("small").licenses == ("mit",)
    (checkpoint / "LICENSE.txt").write_text("Do what you like.\n")
    create(library, upload(library, checkpoint))
    assert library.find("small").licenses == ("Do what you like.",)


def test_quantizing_follows(library: Library, root: Path, checkpoint: Path) -> None:
    steps = create(library, upload(library, checkpoint), "Q8_0")
    assert [status for status in dict.fromkeys(step.status for step in steps) if " model" in status] == [
        "converting model",
        "quantizing F32 model to Q8_0",
    ]
    assert len({step.digest for step in steps if step.total}) == 2  # each has a bar of its own
    assert library.find("small").details.quantization_level == "Q8_0"
    assert len(blobs(root)) == 3


def test_failed_quantizing_leaves_no_file_between(library: Library, root: Path, checkpoint: Path) -> None:
    arrays = checkpoints.weights(checkpoints.expected("cases", "llama2")["tensors"])
    arrays["model.embed_tokens.weight"][-1] = float("nan")  # of a token that no text has
    checkpoints.write_weights(checkpoint / "model.safetensors", arrays)
    files = upload(library, checkpoint)
    with pytest.raises(OmmError, match="invalid data"):
        create(library, files, "Q8_0")
    assert blobs(root) == names(files)


def test_files_in_folders_that_are_no_weights_are_left_alone(library: Library, checkpoint: Path) -> None:
    files = upload(library, checkpoint)
    assert create(library, files | {"onnx/config.json": files["README.md"]})[-1].status == "success"


def test_projector_beside_a_checkpoint_is_kept(library: Library, checkpoint: Path, tmp_path: Path) -> None:
    write_small(checkpoint / "mmproj.gguf", "clip", lambda writer: writer.add_bool("clip.has_vision", True))
    files = upload(library, checkpoint)
    create(library, files)
    assert [Path(path).name for path in library.find("small").projectors] == [files["mmproj.gguf"].replace(":", "-")]


def test_weights_of_two_kinds_are_refused(library: Library, checkpoint: Path) -> None:
    write_small(checkpoint / "other.GGUF")
    with pytest.raises(InvalidRequest, match="more than one of the files is a model"):
        create(library, upload(library, checkpoint))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../model.safetensors", "file path must be relative"),
        ("/etc/model.safetensors", "file path must be relative"),
        ("..\\model.safetensors", "file path must be relative"),
        ("C:\\model.safetensors", "file path must be relative"),
        ("sub/model.safetensors", "weights in a folder are not read: sub/model.safetensors"),
        ("sub\\model.safetensors", "weights in a folder are not read"),
    ],
)
def test_names_with_paths_are_refused(library: Library, root: Path, checkpoint: Path, name: str, message: str) -> None:
    files = upload(library, checkpoint)
    digest = files.pop("model.safetensors")
    with pytest.raises(OmmError, match=message) as caught:
        create(library, files | {name: digest})
    assert caught.value.status == 400
    assert blobs(root) == names(files | {name: digest})


def test_missing_upload_is_named(library: Library, checkpoint: Path) -> None:
    files = upload(library, checkpoint)
    with pytest.raises(OmmError, match="upload blob sha256:0000"):
        create(library, files | {"extra.json": f"sha256:{'0' * 64}"})


def test_refused_checkpoint_leaves_what_was_uploaded(library: Library, root: Path, checkpoint: Path) -> None:
    (checkpoint / "config.json").write_text('{"architectures": ["MixtralForCausalLM"]}')
    files = upload(library, checkpoint)
    with pytest.raises(OmmError, match="MixtralForCausalLM cannot be converted") as caught:
        create(library, files)
    assert (caught.value.status, caught.value.param) == (400, "files")
    assert blobs(root) == names(files)


def test_weights_that_compute_nothing_finite_are_refused(library: Library, root: Path, checkpoint: Path) -> None:
    arrays = checkpoints.weights(checkpoints.expected("cases", "llama2")["tensors"])
    arrays["model.norm.weight"][:] = float("nan")
    checkpoints.write_weights(checkpoint / "model.safetensors", arrays)
    files = upload(library, checkpoint)
    with pytest.raises(OmmError, match="not finite"):
        create(library, files)
    assert blobs(root) == names(files)


def test_closing_ends_the_child_and_leaves_no_file(library: Library, root: Path, checkpoint: Path) -> None:
    before = {child.pid for child in psutil.Process().children()}
    files = upload(library, checkpoint)
    steps = library.create(CreateRequest(model="small", files=files))
    assert any({child.pid for child in psutil.Process().children()} - before for _ in steps)
    steps.close()  # type: ignore[attr-defined]
    assert {child.pid for child in psutil.Process().children()} <= before
    assert blobs(root) == names(files)


def test_child_that_dies_is_an_error(library: Library, root: Path, checkpoint: Path) -> None:
    before = {child.pid for child in psutil.Process().children()}
    files = upload(library, checkpoint)
    steps = library.create(CreateRequest(model="small", files=files))
    started = (child for _ in steps for child in psutil.Process().children() if child.pid not in before)
    next(started).kill()
    with pytest.raises(OmmError, match="unexpectedly stopped"):
        list(steps)
    assert blobs(root) == names(files)
