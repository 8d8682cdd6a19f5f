"""LoRA adapters of stored models: names, scales, whether they fit, and what requests choose."""

from __future__ import annotations

import math
from collections.abc import Generator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from omm.config import Settings
from omm.errors import Corrupt, InvalidRequest
from omm.names import ModelName
from omm.service import adapters
from omm.service.library import Library
from omm.sources.base import Resolved, SourceFile
from omm.store.blobs import BlobStore
from omm.store.gguf import Header, read_header
from omm.types import AdapterChoice, CreateRequest
from tests.ggufs import Shape, write_adapter, write_model
from tests.service.uploads import upload
from tests.sources.registries import sha256
from tests.store.small import write_small

MODEL = "w.gguf"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    write_small(tmp_path / MODEL)
    return Library(Settings.load({}, models=tmp_path / "models"), ())


def adapter(folder: Path, **fields: Any) -> Path:
    return write_adapter(folder / f"{fields.get('seed', 0)}.gguf", folder / MODEL, **fields)


def create(library: Library, folder: Path, *paths: Path, **request: Any) -> None:
    given = {path.name: upload(library, path) for path in paths}
    files = {MODEL: upload(library, folder / MODEL)}
    list(library.create(CreateRequest(model="m", files=files, adapters=given, **request)))


def test_adapters_are_named_by_their_files_or_digests(library: Library, tmp_path: Path) -> None:
    paths = [
        adapter(tmp_path, seed=1, name="pirate", base="Small 1B"),
        adapter(tmp_path, seed=2),
        adapter(tmp_path, seed=3, name="pirate"),
        adapter(tmp_path, seed=4, name="x" * 101),
        adapter(tmp_path, seed=5, name="a\nb"),
    ]
    create(library, tmp_path, *paths, adapter_scales={"1.gguf": 0.5})
    found = library.find("m").adapters
    digests = [sha256(path.read_bytes())[7:19] for path in paths]
    assert [adapter.name for adapter in found] == ["pirate", *digests[1:]]
    assert [(adapter.scale, adapter.base) for adapter in found[:2]] == [(0.5, "Small 1B"), (1.0, "")]
    assert [Path(adapter.path).read_bytes() for adapter in found] == [path.read_bytes() for path in paths]


def test_a_request_chooses_among_them(library: Library, tmp_path: Path) -> None:
    paths = [adapter(tmp_path, seed=seed, name=f"a{seed}") for seed in (1, 2, 3)]
    create(library, tmp_path, *paths, adapter_scales={"2.gguf": 0.5})
    record = library.find("m")
    assert adapters.scales(record, None) == (1.0, 0.5, 1.0)
    assert adapters.scales(record, ()) == (0.0, 0.0, 0.0)
    chosen = (AdapterChoice(name="a3", scale=0.25), AdapterChoice(name="a2"))
    assert adapters.scales(record, chosen) == (0.0, 1.0, 0.25)
    with pytest.raises(InvalidRequest, match='model "m:latest" has no adapter "b", only a1, a2, a3') as refused:
        adapters.scales(record, (AdapterChoice(name="b"),))
    assert refused.value.param == "lora"
    with pytest.raises(InvalidRequest, match="named twice"):
        adapters.scales(record, (AdapterChoice(name="a1"), AdapterChoice(name="a1", scale=2.0)))


def test_a_model_without_adapters_has_none_to_choose(library: Library, tmp_path: Path) -> None:
    create(library, tmp_path)
    assert adapters.scales(library.find("m"), None) == adapters.scales(library.find("m"), ()) == ()
    with pytest.raises(InvalidRequest, match='model "m:latest" has no adapters'):
        adapters.scales(library.find("m"), (AdapterChoice(name="a"),))


@pytest.mark.parametrize("scale", ['""', '"much"', '"nan"', '"1e9"', "null", "[1]"])
def test_a_scale_from_elsewhere_that_is_none_is_1(library: Library, tmp_path: Path, scale: str) -> None:
    create(library, tmp_path, adapter(tmp_path), adapter_scales={"0.gguf": 0.5})
    assert [found.scale for found in library.find("m").adapters] == [0.5]
    (manifest,) = (tmp_path / "models" / "manifests").rglob("m/latest")
    manifest.write_text(manifest.read_text().replace('"0.5"', scale))
    assert [found.scale for found in library.find("m").adapters] == [1.0]


def test_what_does_not_fit_is_refused(library: Library, tmp_path: Path) -> None:
    other = write_small(tmp_path / "qwen.gguf", "qwen3")
    wide = write_model(tmp_path / "wide.gguf", Shape())
    refused = {
        "is for the architecture qwen3, the model is llama": write_adapter(tmp_path / "a.gguf", other),
        "does not fit the model: blk.0": write_adapter(tmp_path / "b.gguf", wide),
        "the adapter file is no LoRA adapter": tmp_path / MODEL,
        "is of type unknown, not lora": write_small(tmp_path / "c.gguf", extra=lambda w: w.add_type("adapter")),
    }
    for message, path in refused.items():
        with pytest.raises(InvalidRequest, match=message):
            create(library, tmp_path, path)
    assert library.list() == []
    create(library, tmp_path)
    given = {"a.gguf": upload(library, tmp_path / "a.gguf")}
    with pytest.raises(InvalidRequest, match="architecture qwen3"):
        list(library.create(CreateRequest(model="n", base="m", adapters=given)))


def test_an_adapter_that_lacks_a_half_is_refused(tmp_path: Path) -> None:
    writer = gguf.GGUFWriter(tmp_path / "half.gguf", "llama")
    writer.add_string("adapter.type", "lora")
    writer.add_tensor("blk.0.ffn_up.weight.lora_a", np.ones((2, 64), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    weights = [read_header(write_small(tmp_path / MODEL))]
    with pytest.raises(InvalidRequest, match=r"blk\.0\.ffn_up\.weight is not there or of another shape"):
        adapters.check_fit(read_header(tmp_path / "half.gguf"), weights)


def one_pair(
    path: Path,
    *,
    left: tuple[int, ...] = (2, 64),
    right: tuple[int, ...] = (3, 2),
    kind: type[np.generic] = np.float32,
    target: str = "blk.0.ffn_up.weight",
    alpha: float | str = 2.0,
) -> Header:
    """An adapter of one matrix."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_string("adapter.type", "lora")
    if isinstance(alpha, str):
        writer.add_string("adapter.lora.alpha", alpha)
    else:
        writer.add_float32("adapter.lora.alpha", alpha)
    writer.add_tensor(f"{target}.lora_a", np.ones(left, kind))
    writer.add_tensor(f"{target}.lora_b", np.ones(right, kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return read_header(path)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"left": (3, 2, 64), "right": (3, 3, 2)}, "of another shape"),
        ({"right": (3, 3, 2)}, "of another shape"),
        ({"right": (3, 3)}, "of another shape"),
        ({"kind": np.int32}, "or type"),
        ({"kind": np.float64}, "or type"),
        ({"target": "token_embd.weight", "left": (4, 2), "right": (64, 3)}, "of another shape"),
        ({"target": "token_embd.weight", "left": (4, 2), "right": (64, 2)}, "makes the output, too"),
        ({"alpha": math.nan}, "alpha is nan"),
    ],
)
def test_what_would_end_the_runner_is_refused(tmp_path: Path, wrong: dict[str, Any], message: str) -> None:
    weights = [read_header(write_small(tmp_path / MODEL))]
    shapes = {tensor.name: tensor.shape for tensor in weights[0].tensors}
    assert (shapes["blk.0.ffn_up.weight"], "output.weight" in shapes) == ((64, 3), False)
    adapters.check_fit(one_pair(tmp_path / "good.gguf"), weights)
    with pytest.raises(InvalidRequest, match=message):
        adapters.check_fit(one_pair(tmp_path / "wrong.gguf", **wrong), weights)


def test_an_alpha_of_another_type_would_end_the_runner_too(tmp_path: Path) -> None:
    with pytest.raises(Corrupt, match=r"adapter\.lora\.alpha has the wrong type"):
        one_pair(tmp_path / "wrong.gguf", alpha="2")


class Folder:
    """A source of two files: a model, and an adapter that goes with it or not."""

    def __init__(self, model: Path, adapter: Path) -> None:
        self._files = {"model": model, "adapter": adapter}

    def matches(self, name: ModelName) -> bool:
        return True

    def resolve(self, name: ModelName) -> Resolved:
        return Resolved(
            files=tuple(
                SourceFile(kind=kind, digest=sha256(path.read_bytes()), size=path.stat().st_size, location=str(path))
                for kind, path in self._files.items()
            )
        )

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Generator[int, None, str]:
        content = Path(file.location).read_bytes()
        yield len(content)
        blobs.put(file.digest, [content])
        return file.digest


def test_what_does_not_fit_is_not_pulled_either(tmp_path: Path) -> None:
    model, other = write_small(tmp_path / MODEL), write_small(tmp_path / "qwen.gguf", "qwen3")
    settings = Settings.load({}, models=tmp_path / "models")
    misfit = Library(settings, (Folder(model, write_adapter(tmp_path / "a.gguf", other)),))
    with pytest.raises(InvalidRequest, match="architecture qwen3"):
        list(misfit.pull("m"))
    assert misfit.list() == []
    fitting = Library(settings, (Folder(model, adapter(tmp_path, name="pirate")),))
    assert [*fitting.pull("m")][-1].status == "success"
    assert [found.name for found in fitting.find("m").adapters] == ["pirate"]


def test_an_adapter_for_a_model_that_runs_elsewhere_is_refused(tmp_path: Path) -> None:
    write_small(tmp_path / MODEL)
    with pytest.raises(InvalidRequest, match="no weights here"):
        adapters.check_fit(read_header(adapter(tmp_path)), [])


def test_the_same_adapter_twice_is_refused(library: Library, tmp_path: Path) -> None:
    first = adapter(tmp_path)
    second = tmp_path / "copy.gguf"
    second.write_bytes(first.read_bytes())
    with pytest.raises(InvalidRequest, match="the same adapter is given twice"):
        create(library, tmp_path, first, second)
