"""A model's Modelfile makes the same model again: the same digests, whatever the texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from gguf import GGUFWriter

from omm.api.ollama import parse
from omm.api.ollama.schema import CreateBody
from omm.cli import transfer
from omm.config import Settings
from omm.errors import InvalidRequest
from omm.service.library import Library
from omm.sources.base import Source
from omm.sources.embedded import FOLDER, Embedded
from omm.sources.huggingface import HuggingFace
from omm.sources.registry import Registries
from omm.sources.web import Web
from omm.store import modelfile
from omm.types import CreateRequest, Message
from tests.ggufs import write_adapter
from tests.service.test_split import split
from tests.service.uploads import upload
from tests.sources.conftest import quick
from tests.sources.hub import running_hub
from tests.sources.registries import manifest_of, running_shop, sha256
from tests.store.small import write_small


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(Settings.load({}, models=tmp_path / "models"), ())


def create(library: Library, model: str, files: dict[str, str], **request: Any) -> list[str]:
    return [step.status for step in library.create(CreateRequest(model=model, files=files, **request))]


def create_again(library: Library, text: str) -> None:
    """Do what `omm create` does with a Modelfile."""
    recipe = modelfile.parse(text)
    assert all(Path(path).is_file() for path in recipe.bases)
    files = {Path(path).name: upload(library, Path(path).read_bytes()) for path in recipe.bases}
    adapters = {Path(path).name: upload(library, Path(path).read_bytes()) for path, _ in recipe.adapters}
    drafts = {Path(path).name: upload(library, Path(path).read_bytes()) for path in recipe.drafts}
    body = {
        **transfer.recipe_body(recipe),
        "model": "again",
        "files": files,
        "adapters": adapters,
        "adapter_scales": {Path(path).name: scale for path, scale in recipe.adapters},
        "draft_files": drafts,
    }
    sent = msgspec.json.encode({name: value for name, value in body.items() if value})
    list(library.create(parse.create_request(msgspec.json.decode(sent, type=CreateBody))))


def digests(library: Library) -> dict[str, str]:
    return {summary.name: summary.digest for summary in library.list()}


def weights(folder: Path, name: str = "w.gguf", arch: str = "llama", extra: Any = None) -> bytes:
    return write_small(folder / name, arch, extra).read_bytes()


def adapter_keys(writer: GGUFWriter) -> None:
    writer.add_type("adapter")


def sampling_keys(writer: GGUFWriter) -> None:
    writer.add_float32("general.sampling.temp", 0.2)
    writer.add_license("apache-2.0")


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"system": "You are a pirate."},
        {"system": "  two\n\nlines \n"},
        {"system": 'says "hello"', "template": '{{ if .System }}"{{ .System }}"\n{{ end }}{{ .Prompt }}\n'},
        {"template": "# not a comment\nFROM nowhere\n{{ .Prompt }}"},
        {"licenses": ("MIT", "A long one\n\n  with indented lines\n", "third")},
        {
            "licenses": ("MIT\r\n\r\nlines of Windows\r\n",),
            "system": "Be\r\nkind.",
            "template": '\x0b"{{ .Prompt }}"\r\n',
        },
        {"parameters": {"temperature": 0.2, "stop": ["<|a|>", "b ", '"'], "num_ctx": 4096, "use_mmap": False}},
        {"parameters": {"temperature": 1, "top_p": 1e-07, "seed": -1}},
        {"messages": (Message(role="user", content="Hi"), Message(role="assistant", content='"Ahoy"\n\nsir '))},
        {"requires": "0.14.0", "dialect": "hermes"},
    ],
)
def test_texts_and_parameters(library: Library, tmp_path: Path, request_: dict[str, Any]) -> None:
    create(library, "first", {"w.gguf": upload(library, weights(tmp_path, extra=sampling_keys))}, **request_)
    create_again(library, library.modelfile(library.find("first")))
    found = digests(library)
    assert found["again:latest"] == found["first:latest"]


def test_adapter_projector_and_draft(library: Library, tmp_path: Path) -> None:
    files = {
        "w.gguf": upload(library, weights(tmp_path)),
        "p.gguf": upload(library, weights(tmp_path, "p.gguf", "clip", lambda w: w.add_bool("clip.has_vision", True))),
    }
    adapter = upload(library, write_adapter(tmp_path / "a.gguf", tmp_path / "w.gguf").read_bytes())
    draft = upload(library, weights(tmp_path, "d.gguf", extra=lambda w: w.add_name("small")))
    statuses = create(library, "first", files, adapters={"a.gguf": adapter}, drafts={"d.gguf": draft})
    assert "the draft model is stored with the model, and not used: omm does not decode with drafts" in statuses
    text = library.modelfile(library.find("first"))
    assert [line.split()[0] for line in text.splitlines() if line[:5] in ("FROM ", "ADAPT", "DRAFT")] == [
        *("FROM", "ADAPTER", "DRAFT", "FROM"),
    ]
    create_again(library, text)
    found = digests(library)
    assert found["again:latest"] == found["first:latest"]


def test_adapters_with_scales(library: Library, tmp_path: Path) -> None:
    files = {"w.gguf": upload(library, weights(tmp_path))}
    adapters = {
        f"{seed}.gguf": upload(library, write_adapter(tmp_path / "a", tmp_path / "w.gguf", seed=seed).read_bytes())
        for seed in range(3)
    }
    scales = {"0.gguf": 0.25, "2.gguf": -1e-07}
    create(library, "first", files, adapters=adapters, adapter_scales=scales)
    assert [adapter.scale for adapter in library.find("first").adapters] == [0.25, 1.0, -1e-07]
    create_again(library, library.modelfile(library.find("first")))
    create(library, "plain", files, adapters=adapters)
    found = digests(library)
    assert found["again:latest"] == found["first:latest"] != found["plain:latest"]
    list(library.create(CreateRequest(model="derived", base="first", system="Be kind.")))
    assert library.find("derived").adapters == library.find("first").adapters


def test_model_derived_from_another_keeps_its_draft(library: Library, tmp_path: Path) -> None:
    draft = upload(library, weights(tmp_path, "d.gguf", extra=lambda w: w.add_name("small")))
    create(library, "first", {"w.gguf": upload(library, weights(tmp_path))}, drafts={"d.gguf": draft})
    list(library.create(CreateRequest(model="second", base="first", system="Be kind.")))
    assert library.find("second").drafts == library.find("first").drafts != ()


def test_strange_drafts_are_refused(library: Library, tmp_path: Path) -> None:
    model = upload(library, weights(tmp_path))
    adapter = upload(library, weights(tmp_path, "a.gguf", extra=adapter_keys))
    with pytest.raises(InvalidRequest, match="the draft file is no model"):
        create(library, "m", {"w.gguf": model}, drafts={"a.gguf": adapter})
    with pytest.raises(InvalidRequest, match="DRAFT must not be the same file as FROM"):
        create(library, "m", {"w.gguf": model}, drafts={"w.gguf": model})
    with pytest.raises(InvalidRequest, match="file path must be relative"):
        create(library, "m", {"w.gguf": model}, drafts={"../w.gguf": model})


def test_requires_must_be_a_version(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="requires must be a valid semver"):
        create(library, "m", {"w.gguf": upload(library, weights(tmp_path))}, requires="soon")


# --- models that were pulled --------------------------------------------------------------------------------------


def pulled(library: Library, name: str) -> None:
    assert [step.status for step in library.pull(name, insecure=True)][-1] == "success"
    create_again(library, library.modelfile(library.find(name)))
    found = digests(library)
    assert found.pop("again:latest") in found.values()
    assert len(set(found.values())) == 1


def opened(tmp_path: Path, source: Source) -> Library:
    return Library(Settings.load({}, models=tmp_path / "models"), (source,))


def test_from_the_hub_with_a_projector(tmp_path: Path) -> None:
    eyes = weights(tmp_path, "p.gguf", "clip", lambda writer: writer.add_bool("clip.has_vision", True))
    with running_hub() as hub:
        hub.add("user/repo", m_Q8_0__gguf=weights(tmp_path, extra=sampling_keys), mmproj_F16__gguf=eyes)
        pulled(opened(tmp_path, HuggingFace(hub.url, downloads=quick())), "hf.co/user/repo")


def test_in_parts_from_the_hub(tmp_path: Path) -> None:
    parts = split(FOLDER / "tiny.gguf", tmp_path, max_tensors=20)
    with running_hub() as hub:
        hub.repos["user/repo"] = {path.name: path.read_bytes() for path in parts}
        pulled(opened(tmp_path, HuggingFace(hub.url, downloads=quick())), "hf.co/user/repo:Q8_0")


def test_in_parts_from_files(library: Library, tmp_path: Path) -> None:
    parts = split(FOLDER / "tiny.gguf", tmp_path, max_tensors=20)
    shuffled = {path.name: upload(library, path.read_bytes()) for path in reversed(parts)}
    create(library, "first", shuffled, system="Be kind.")
    record = library.find("first")
    assert [Path(path).read_bytes() for path in record.parts] == [path.read_bytes() for path in parts]
    create_again(library, library.modelfile(record))
    found = digests(library)
    assert found["again:latest"] == found["first:latest"]


@pytest.mark.parametrize("chosen", [(1,), (0, 1), (0, 1, 1)])
def test_some_of_the_parts_are_no_model(library: Library, tmp_path: Path, chosen: tuple[int, ...]) -> None:
    parts = split(FOLDER / "tiny.gguf", tmp_path, max_tensors=10)
    files = {f"{index}.gguf": upload(library, parts[part].read_bytes()) for index, part in enumerate(chosen)}
    with pytest.raises(InvalidRequest, match=f"not all {len(parts)} parts of one split model"):
        create(library, "m", files)


def test_from_a_registry_whatever_its_config_says(tmp_path: Path) -> None:
    layers = [
        ("model", weights(tmp_path)),
        ("template", b"{{ .Prompt }}"),
        ("license", b"MIT\n\nas is\n"),
        ("params", b'{ "stop": ["<|end|>"],\n "temperature": 0.5 }'),
    ]
    config = b'{"model_format": "gguf", "renderer": "some", "rootfs": {"type": "layers", "diff_ids": []}}'
    with running_shop() as shop:
        shop.manifests["ns/m:latest"] = manifest_of(layers, config)
        shop.blobs = {sha256(content): content for content in (config, *(content for _, content in layers))}
        host = shop.url.removeprefix("http://")
        pulled(opened(tmp_path, Registries(quick())), f"{host}/ns/m")


def test_the_model_that_comes_with_omm(tmp_path: Path) -> None:
    pulled(opened(tmp_path, Embedded()), "tiny")


def test_from_a_web_address(tmp_path: Path) -> None:
    with running_hub() as hub:
        hub.repos["some/where"] = {"m.gguf": weights(tmp_path)}
        pulled(opened(tmp_path, Web(quick())), f"{hub.files_url}/some/where/m.gguf")


def test_a_derived_model_stays_itself(library: Library, tmp_path: Path) -> None:
    create(library, "first", {"w.gguf": upload(library, weights(tmp_path))}, system="one")
    list(library.create(CreateRequest(model="second", base="first", system="two", dialect="hermes")))
    create_again(library, library.modelfile(library.find("second")))
    found = digests(library)
    assert found["again:latest"] == found["second:latest"] != found["first:latest"]


def test_another_text_is_another_model(library: Library, tmp_path: Path) -> None:
    create(library, "first", {"w.gguf": upload(library, weights(tmp_path))}, system="one")
    create(library, "second", {"w.gguf": upload(library, weights(tmp_path))}, system="two")
    create(library, "third", {"w.gguf": upload(library, weights(tmp_path))}, parameters={"temperature": 0})
    assert len(set(digests(library).values())) == 3
