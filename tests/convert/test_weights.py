"""Safetensors files: what is sound is read as it is, and nothing that a header claims is believed."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from omm.convert import weights
from omm.convert.folder import Folder
from omm.errors import OmmError
from tests.convert.checkpoints import write_weights

GRID = np.arange(12, dtype=np.float32).reshape(3, 4) / 8


def folder(**paths: Path) -> Folder:
    return Folder({f"{name}.safetensors": str(path) for name, path in paths.items()})


def write(path: Path, header: Any, data: bytes = bytes(48), *, length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return path


def entry(dtype: str = "F32", shape: Any = (3, 4), offsets: Any = (0, 48)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16"])
def test_values_come_as_they_lie(tmp_path: Path, dtype: str) -> None:
    path = write_weights(tmp_path / "a", {"vector": GRID[0], "grid": GRID}, dtype)
    tensors = weights.read(folder(model=path))
    assert {name: tensor.shape for name, tensor in tensors.items()} == {"vector": (4,), "grid": (3, 4)}
    values = tensors["grid"].load()
    if dtype == "BF16":
        values = (values.astype(np.uint32) << 16).view(np.float32)
    np.testing.assert_array_equal(values, GRID)


def test_several_files_are_one_model(tmp_path: Path) -> None:
    first = write_weights(tmp_path / "a", {"one": GRID})
    second = write_weights(tmp_path / "b", {"two": GRID})
    assert set(weights.read(folder(a=first, b=second))) == {"one", "two"}


def test_other_forms_of_the_same_weights_are_left_alone(tmp_path: Path) -> None:
    path = write_weights(tmp_path / "a", {"one": GRID})
    assert set(weights.read(folder(model=path, consolidated=path))) == {"one"}


def test_tensor_in_two_files_is_refused(tmp_path: Path) -> None:
    path = write_weights(tmp_path / "a", {"one": GRID})
    with pytest.raises(OmmError, match="is in another file too"):
        weights.read(folder(a=path, b=path))


def test_missing_shard_is_named(tmp_path: Path) -> None:
    path = write_weights(tmp_path / "a", {"one": GRID})
    index = tmp_path / "index"
    index.write_text(json.dumps({"weight_map": {"one": "model-1.safetensors", "two": "model-2.safetensors"}}))
    files = {"model-1.safetensors": str(path), "model.safetensors.index.json": str(index)}
    with pytest.raises(OmmError, match=r"model-2\.safetensors is missing, one of 2 files"):
        weights.read(Folder(files))


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"a": entry(offsets=(0, 44))}, id="shorter than its shape"),
        pytest.param({"a": entry(offsets=(-48, 0))}, id="negative offset"),
        pytest.param({"a": entry(offsets=(48, 0))}, id="ends before it starts"),
        pytest.param({"a": entry(offsets=(4, 52))}, id="hole at the start"),
        pytest.param({"a": entry(offsets=(0, 1 << 62))}, id="past the end"),
        pytest.param({"a": entry(shape=(1 << 40, 1 << 40), offsets=(0, 48))}, id="absurd shape"),
        pytest.param({"a": entry(shape=(-3, -4))}, id="negative shape"),
        pytest.param({"a": entry(shape=(3, 4.5))}, id="broken shape"),
        pytest.param({"a": entry(shape=[1] * 9)}, id="too many dimensions"),
        pytest.param({"a": entry(), "b": entry()}, id="overlap"),
        pytest.param({"a": entry(shape=(3, 2), offsets=(0, 24))}, id="bytes that belong to nothing"),
        pytest.param({"a": entry("F33")}, id="unknown type"),
        pytest.param({"a": {"dtype": "F32"}}, id="no place"),
        pytest.param({"a": 1}, id="no entry"),
        pytest.param([], id="no object"),
        pytest.param(b"\xff\xfe{}", id="no text"),
        pytest.param(b"", id="empty"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param({str(number): entry(shape=(0,), offsets=(0, 0)) for number in range(70_000)}, id="many"),
    ],
)
def test_broken_headers_are_refused(tmp_path: Path, header: Any) -> None:
    with pytest.raises(OmmError) as caught:
        weights.read(folder(model=write(tmp_path / "a", header)))
    assert caught.value.status == 400
    assert caught.value.message.startswith("model.safetensors")


@pytest.mark.parametrize("length", [0, 1 << 20, 100_000_001, 1 << 63, (1 << 64) - 1])
def test_header_lengths_that_cannot_be_are_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(OmmError, match=r"model\.safetensors is no sound safetensors file"):
        weights.read(folder(model=write(tmp_path / "a", {"a": entry()}, length=length)))


@pytest.mark.parametrize("size", [0, 1, 7, 8, 30, 80])
def test_files_that_are_cut_off_are_refused(tmp_path: Path, size: int) -> None:
    path = write_weights(tmp_path / "a", {"one": GRID})
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(OmmError, match=r"model\.safetensors is no sound safetensors file"):
        weights.read(folder(model=path))
