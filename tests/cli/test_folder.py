"""What a folder that FROM names brings along, and what it must not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from omm.cli.folder import files_in
from omm.errors import InvalidRequest


def fill(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(name)
    return folder


def found(folder: Path) -> list[str]:
    return [path.name for path in files_in(folder)]


def test_checkpoint_brings_what_it_needs(tmp_path: Path) -> None:
    weights = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    beside = ["config.json", "model.safetensors.index.json", "tokenizer.json", "README.md", "LICENSE.txt"]
    fill(tmp_path, *weights, *beside, "consolidated.safetensors", "training_args.bin", "notes.txt", "old.gguf")
    assert found(tmp_path) == [*weights, *beside]


def test_weights_of_another_name(tmp_path: Path) -> None:
    fill(tmp_path, "weights.safetensors", "adapter_model.safetensors", "config.json")
    assert found(tmp_path) == ["weights.safetensors", "config.json"]


def test_gguf_files_come_alone(tmp_path: Path) -> None:
    assert found(fill(tmp_path, "b.gguf", "a.gguf", "config.json", "README.md")) == ["a.gguf", "b.gguf"]


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        ([], "and no model.safetensors"),
        (["config.json", "pytorch_model.bin"], "PyTorch's own files are not read, save the model as safetensors"),
        (["consolidated.safetensors"], "weights in Mistral's own form, are not read"),
        (["adapter_model.safetensors", "adapter_config.json"], "adapters, and weights"),
    ],
)
def test_folder_without_a_model_is_refused_with_a_way_out(tmp_path: Path, names: list[str], hint: str) -> None:
    with pytest.raises(InvalidRequest, match=f"no GGUF file in .*{hint}"):
        files_in(fill(tmp_path, *names))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "LICENSE", "chat_template.jinja"])
def test_link_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    secret = fill(tmp_path, "secret") / "secret"
    folder = fill(tmp_path / "folder", "model.safetensors", "config.json")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)
    with pytest.raises(InvalidRequest, match=f"{name} is a link out of its folder"):
        files_in(folder)


def test_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = fill(tmp_path / "folder", "model.safetensors", "settings")
    (folder / "config.json").symlink_to("settings")
    assert found(folder) == ["model.safetensors", "config.json"]


def test_folder_that_is_a_link_itself_is_followed(tmp_path: Path) -> None:
    fill(tmp_path / "folder", "model.safetensors")
    (tmp_path / "link").symlink_to("folder")
    assert found(tmp_path / "link") == ["model.safetensors"]


def test_cache_of_hugging_face_is_read(tmp_path: Path) -> None:
    repository = tmp_path / "models--user--repo"
    fill(repository / "blobs", "1234")
    snapshot = fill(repository / "snapshots" / "abcd")
    (snapshot / "model.safetensors").symlink_to("../../blobs/1234")
    assert found(snapshot) == ["model.safetensors"]
    (snapshot / "LICENSE").symlink_to("../../../elsewhere")
    fill(tmp_path, "elsewhere")
    with pytest.raises(InvalidRequest, match="LICENSE is a link out of its folder"):
        files_in(snapshot)


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    folder = fill(tmp_path, "model.safetensors")
    os.mkfifo(folder / "config.json")
    (folder / "LICENSE").mkdir()
    (folder / "README.md").symlink_to("missing")
    assert found(folder) == ["model.safetensors"]
