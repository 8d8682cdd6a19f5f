"""A model in several files: pulled as one, and loaded by llama.cpp."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from omm.config import Settings
from omm.errors import Unsupported
from omm.service.library import Library
from omm.sources.download import Downloads
from omm.sources.embedded import FOLDER
from omm.sources.huggingface import HuggingFace
from tests.sources.hub import REVISION, Hub, running_hub

NAME = "hf.co/user/repo:Q8_0"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as running:
        yield running


@pytest.fixture
def library(hub: Hub, tmp_path: Path) -> Library:
    downloads = Downloads(retry_waits_s=())
    return Library(Settings.load({}, models=tmp_path / "models"), (HuggingFace(hub.url, downloads=downloads),))


def split(source: Path, folder: Path, max_tensors: int) -> list[Path]:
    """Write a model again, in parts of so many tensors."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(
        folder / "m-Q8_0.gguf", field(reader, "general.architecture"), split_max_tensors=max_tensors
    )
    for name, found in reader.fields.items():
        if not name.startswith(("GGUF.", "general.architecture")):
            inner = found.types[1] if found.types[0] == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(name, found.contents(), found.types[0], sub_type=inner)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, np.array(tensor.data), raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return sorted(folder.glob("m-Q8_0-*.gguf"))


def field(reader: gguf.GGUFReader, name: str) -> Any:
    found = reader.get_field(name)
    assert found is not None
    return found.contents()


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    whole = FOLDER / "tiny.gguf"
    found = split(whole, tmp_path, max_tensors=-(-len(gguf.GGUFReader(whole).tensors) // 3))
    assert len(found) == 3
    return found


def publish(hub: Hub, parts: list[Path]) -> None:
    hub.repos["user/repo"] = {path.name: path.read_bytes() for path in parts}


def test_a_split_model_is_pulled_as_one(library: Library, hub: Hub, parts: list[Path]) -> None:
    publish(hub, parts)
    lines = [line.status for line in library.pull(NAME)]
    assert len({line for line in lines if line.startswith("pulling ") and line != "pulling manifest"}) == 3
    assert lines[-1] == "success"
    record = library.find(NAME)
    assert [Path(part).read_bytes() for part in record.parts] == [path.read_bytes() for path in parts]
    assert record.weights == record.parts[0]
    assert record.size >= sum(path.stat().st_size for path in parts)
    assert record.details.family == field(gguf.GGUFReader(FOLDER / "tiny.gguf"), "general.architecture")


def test_where_it_is_from_is_recorded(library: Library, hub: Hub, parts: list[Path]) -> None:
    publish(hub, parts)
    list(library.pull(NAME))
    stored = library._manifests.read(library._manifests.names().__next__())
    origin = library._describer.raw_config(stored)["source"]
    assert origin == {"source": "hf.co/user/repo", "revision": REVISION, "file": "m-Q8_0-00001-of-00003.gguf"}


def test_one_part_alone_is_refused(library: Library, hub: Hub, parts: list[Path]) -> None:
    hub.repos["user/repo"] = {"alone-Q8_0.gguf": parts[1].read_bytes()}
    with pytest.raises(Unsupported, match="one part of a split model"):
        list(library.pull(NAME))
    assert library.list() == []


@pytest.mark.model
def test_llama_cpp_loads_it(library: Library, hub: Hub, parts: list[Path]) -> None:
    from omm.engine.llama import Model

    publish(hub, parts)
    list(library.pull(NAME))
    model = Model(library.find(NAME).weights, gpu_layers=0, use_mmap=True)
    assert model is not None
    model.close()
