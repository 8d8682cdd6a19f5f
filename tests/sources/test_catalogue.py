"""Short names: what the shipped catalogue has, what a user's own changes, and what is said of unknown ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from omm.config import Settings
from omm.errors import InvalidRequest, NotFound
from omm.names import ModelName
from omm.sources import default_sources, source_for
from omm.sources.catalogue import Catalogue, Catalogued
from omm.sources.huggingface import HuggingFace
from omm.sources.registry import Registries
from omm.store.blobs import BlobStore
from tests.sources.conftest import quick
from tests.sources.hub import Hub
from tests.sources.registries import Shop, running_shop

SHIPPED = Catalogue.load()


def target(name: str, catalogue: Catalogue = SHIPPED) -> str | None:
    found = catalogue.target(ModelName.parse(name))
    return found and found.display


@pytest.fixture
def shop() -> Iterator[Shop]:
    with running_shop() as running:
        yield running


# --- the shipped list ---------------------------------------------------------------------------------------------


def test_it_has_the_families_people_run() -> None:
    assert len(SHIPPED) >= 300
    wanted = (
        "llama3.2 llama4 qwen2.5 qwen3 qwen3.5 qwen3-coder qwen3-vl gemma2 gemma3 gemma4 mistral ministral devstral"
    )
    wanted += " magistral phi4 deepseek-r1 gpt-oss granite smollm2 glm4 lfm2 exaone4 nemotron nomic-embed-text bge-m3"
    wanted += " mxbai-embed-large qwen3-embedding embeddinggemma bge-reranker-v2-m3"
    assert [name for name in wanted.split() if target(name) is None] == []


@pytest.mark.parametrize("name", list(SHIPPED))
def test_every_name_stands_for_a_repository(name: str) -> None:
    found = SHIPPED.target(ModelName.parse(name))
    assert found is not None
    assert found.is_huggingface


def test_every_family_says_what_it_may_be_used_for() -> None:
    assert all(entry.license for entry in SHIPPED.search(""))
    known = {"tools", "vision", "audio", "thinking", "insert", "embedding", "rerank"}
    assert {word for entry in SHIPPED.search("") for word in entry.capabilities} == known


@pytest.mark.parametrize(
    ("name", "repository"),
    [
        ("llama3.2", "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:latest"),
        ("LLAMA3.2:1B", "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:latest"),
        ("library/llama3.2:1b", "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:latest"),
        ("llama3.2:1b-instruct-q8_0", "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0"),
        ("llama3.2:1b-instruct", "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:latest"),
        ("gemma3n:e2b-it-f16", "hf.co/ggml-org/gemma-3n-E2B-it-GGUF:F16"),
        ("olmo3:32b-think", "hf.co/bartowski/allenai_Olmo-3-32B-Think-GGUF:latest"),
        ("nomic-embed-text", "hf.co/nomic-ai/nomic-embed-text-v1.5-GGUF:F16"),
        ("nomic-embed-text:v1.5-q8_0", "hf.co/nomic-ai/nomic-embed-text-v1.5-GGUF:Q8_0"),
        ("llama3.2:9b", None),
        ("llama3.2:1b-q99", None),
        ("someone/llama3.2", None),
        ("example.com/library/llama3.2", None),
        ("nothing", None),
    ],
)
def test_what_a_name_stands_for(name: str, repository: str | None) -> None:
    assert target(name) == repository


@pytest.mark.parametrize(
    ("name", "near"),
    [("lama3.2", "llama3.2"), ("qwen25", "qwen2.5"), ("gemma-3", "gemma3"), ("llama3.2:9b", "llama3.2:1b")],
)
def test_the_nearest_names(name: str, near: str) -> None:
    assert near in SHIPPED.nearest(ModelName.parse(name))


def test_nothing_is_near_to_everything() -> None:
    assert SHIPPED.nearest(ModelName.parse("zzzzzz")) == []
    assert SHIPPED.nearest(ModelName.parse("example.com/a/llama3.2")) == []


def test_search_finds_all_the_words() -> None:
    assert [entry.name for entry in SHIPPED.search("Qwen3 embedding 4b")] == ["qwen3-embedding:4b"]
    assert {entry.name.partition(":")[0] for entry in SHIPPED.search("rerank")} >= {"bge-reranker-v2-m3"}
    assert list(SHIPPED.search("qwen3 nothing")) == []


# --- the user's own -----------------------------------------------------------------------------------------------


def test_a_file_extends_and_overrides(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(
        '["Mine"]\ntags = { "7B" = "me/Mine-GGUF:Q5_K_M" }\n'
        '["me/mine"]\nlatest = "2b"\ntags = { "1b" = "me/One", "2b" = "me/Two" }\n'
        '["llama3.2"]\nlatest = "1b"\ntags = { "3b" = "me/Other-GGUF" }\n'
    )
    catalogue = Catalogue.load(path)
    assert target("mine", catalogue) == "hf.co/me/Mine-GGUF:Q5_K_M"
    assert target("me/mine", catalogue) == "hf.co/me/Two:latest"
    assert target("llama3.2", catalogue) == "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:latest"
    assert target("llama3.2:3b", catalogue) == "hf.co/me/Other-GGUF:latest"
    assert target("qwen3", catalogue) == target("qwen3")


BROKEN = ["[", '["a"]\ntag = {}', '["a"]\ntags = { "x" = "none/at/all" }', '["a b"]\ntags = {}', '["a"]\ntags=1']


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(text)
    with pytest.raises(InvalidRequest, match=r"catalogue .*catalogue\.toml: "):
        Catalogue.load(path)


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert len(Catalogue.load(tmp_path / "none.toml")) == len(SHIPPED)


# --- as a source --------------------------------------------------------------------------------------------------


def test_a_short_name_is_fetched_from_the_hub(hub: Hub, source: HuggingFace, blobs: BlobStore) -> None:
    repo = "bartowski/Llama-3.2-1B-Instruct-GGUF"
    hub.add(repo, **{"m-Q4_K_M__gguf": b"four", "m-Q8_0__gguf": b"eight"})
    catalogued = Catalogued(SHIPPED, source)
    assert catalogued.matches(ModelName.parse("llama3.2:1b"))
    resolved = catalogued.resolve(ModelName.parse("llama3.2:1b-q8_0"))
    assert resolved.origin is not None
    assert (resolved.origin.source, resolved.origin.file) == (f"hf.co/{repo}", "m-Q8_0.gguf")
    list(catalogued.fetch(resolved.files[0], blobs))
    assert blobs.read(resolved.files[0].digest, 10) == b"eight"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("tiny", "Embedded"),
        ("llama3.2", "Catalogued"),
        ("hf.co/a/b", "HuggingFace"),
        ("unheard-of", "Registries"),
        ("example.com/a/b", "Registries"),
    ],
)
def test_who_is_asked_for_a_name(name: str, kind: str) -> None:
    sources = default_sources(Settings.load({}))
    assert type(source_for(ModelName.parse(name), sources)).__name__ == kind


def test_the_order_of_sources_is_a_setting() -> None:
    sources = default_sources(Settings.load({"OMM_SOURCES": "registry, tiny"}))
    assert [type(source).__name__ for source in sources] == ["Registries", "Embedded"]
    with pytest.raises(NotFound, match=r"no source has a model 'llama3.2:latest'.*omm search"):
        source_for(ModelName.parse("llama3.2"), default_sources(Settings.load({"OMM_SOURCES": "tiny"})))
    with pytest.raises(InvalidRequest, match="OMM_SOURCES: no source is called 'ipfs'"):
        Settings.load({"OMM_SOURCES": "ipfs"})


def test_an_unknown_name_is_told_the_nearest_ones(shop: Shop) -> None:
    registries = Registries(quick(), default=shop.url, nearest=SHIPPED.nearest)
    with pytest.raises(NotFound, match=r"has no model 'lama3.2:latest'; did you mean llama3.2"):
        registries.resolve(ModelName.parse("lama3.2"))
    away = Registries(quick(), default="http://127.0.0.1:9", nearest=SHIPPED.nearest)
    with pytest.raises(NotFound, match=r"cannot reach 127.0.0.1:9.*; did you mean llama3.2"):
        away.resolve(ModelName.parse("lama3.2"))


def test_names_without_a_host_come_from_the_registry_that_is_set(shop: Shop, blobs: BlobStore) -> None:
    shop.add("library/small:latest", [("model", b"weights")])
    registries = Registries(quick(), default=shop.url)
    file = registries.resolve(ModelName.parse("small")).files[0]
    list(registries.fetch(file, blobs))
    assert blobs.read(file.digest, 10) == b"weights"
