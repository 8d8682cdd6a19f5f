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
from omm.store import modelfile
from omm.types import CreateRequest, Message
from tests.sources.registries import sha256
from tests.store.small import write_small


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(Settings.load({}, models=tmp_path / "models"), ())


def upload(library: Library, content: bytes) -> str:
    library.put_blob(sha256(content), [content])
    return sha256(content)


def create(library: Library, model: str, files: dict[str, str], **request: Any) -> list[str]:
    return [step.status for step in library.create(CreateRequest(model=model, files=files, **request))]


def create_again(library: Library, text: str) -> None:
    """Do what `omm create` does with a Modelfile."""
    recipe = modelfile.parse(text)
    files = {Path(path).name: upload(library, Path(path).read_bytes()) for path in recipe.bases}
    adapters = {Path(path).name: upload(library, Path(path).read_bytes()) for path in recipe.adapters}
    drafts = {Path(path).name: upload(library, Path(path).read_bytes()) for path in recipe.drafts}
    body = {
        **transfer.recipe_body(recipe),
        "model": "again",
        "files": files,
        "adapters": adapters,
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
    adapter = upload(library, weights(tmp_path, "a.gguf", extra=adapter_keys))
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
