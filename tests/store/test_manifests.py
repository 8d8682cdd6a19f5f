"""Manifests: Ollama's layout, exact bytes, names without case, and hostile content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.errors import Corrupt, NotFound
from omm.names import ModelName
from omm.store.manifests import CONFIG_TYPE, LAYER_PREFIX, MAX_BYTES, Layer, Manifest, ManifestStore, decode, encode

DIGEST = "sha256:" + "ab" * 32


def layer(kind: str, size: int = 1) -> dict[str, Any]:
    return {"mediaType": LAYER_PREFIX + kind, "digest": DIGEST, "size": size}


def raw(**changes: Any) -> bytes:
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": CONFIG_TYPE, "digest": DIGEST, "size": 10},
        "layers": [layer("model", 100), layer("params", 5)],
    }
    return json.dumps(manifest | changes).encode()


@pytest.fixture
def store(tmp_path: Path) -> ManifestStore:
    return ManifestStore(tmp_path)


TINY = ModelName.parse("tiny")


def test_written_where_ollama_looks_and_byte_for_byte(store: ManifestStore, tmp_path: Path) -> None:
    content = raw(extra={"unknown": [1]})
    store.write(TINY, content)
    path = tmp_path / "manifests/registry.ollama.ai/library/tiny/latest"
    assert path.read_bytes() == content
    stored = store.read(TINY)
    assert stored.digest == hashlib.sha256(content).hexdigest()
    assert stored.manifest.size == 115
    assert stored.modified_ns == path.stat().st_mtime_ns
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["latest"]


def test_names_ignore_case_but_keep_their_spelling(store: ManifestStore) -> None:
    store.write(ModelName.parse("hf.co/User/Repo:Q4_K_M"), raw())
    found = store.read(ModelName.parse("HF.CO/user/repo:q4_k_m"))
    assert found.name.display == "hf.co/User/Repo:Q4_K_M"
    assert store.write(ModelName.parse("hf.co/USER/new"), raw()).display == "hf.co/User/new:latest"
    assert len(list(store.names())) == 2


def test_deleting_leaves_no_empty_folders(store: ManifestStore, tmp_path: Path) -> None:
    store.write(TINY, raw())
    store.write(ModelName.parse("tiny:other"), raw())
    store.delete(ModelName.parse("TINY"))
    assert [name.display for name in store.names()] == ["tiny:other"]
    store.delete(ModelName.parse("tiny:other"))
    assert list((tmp_path / "manifests").iterdir()) == []


@pytest.mark.parametrize("action", ["read", "read_bytes", "delete"])
def test_missing_models_are_not_found(store: ManifestStore, action: str) -> None:
    store.write(TINY, raw())
    for name in ("absent", "tiny:absent", "registry.ollama.ai/library/tiny:latest2"):
        with pytest.raises(NotFound, match=r"^model '.*' not found$"):
            getattr(store, action)(ModelName.parse(name))


def test_a_folder_in_place_of_a_manifest_is_no_model(store: ManifestStore, tmp_path: Path) -> None:
    (tmp_path / "manifests/registry.ollama.ai/library/tiny/latest").mkdir(parents=True)
    for action in (store.read, store.read_bytes, store.delete):
        with pytest.raises(NotFound):
            action(TINY)
    assert list(store.names()) == []
    assert not store.has(TINY)


def test_strangers_in_the_folder_are_passed_over(store: ManifestStore, tmp_path: Path) -> None:
    store.write(TINY, raw())
    folder = tmp_path / "manifests/registry.ollama.ai/library/tiny"
    (folder / ".DS_Store").write_text("x")
    (folder / "a b").write_text("x")
    (tmp_path / "manifests/stray").write_text("x")
    assert [name.display for name in store.names()] == ["tiny:latest"]


def test_an_empty_store_has_no_models(store: ManifestStore) -> None:
    assert list(store.names()) == []
    assert not store.has(TINY)


def test_what_is_encoded_decodes(store: ManifestStore) -> None:
    config = Layer(media_type=CONFIG_TYPE, digest=DIGEST, size=3)
    model = Layer(media_type=LAYER_PREFIX + "model", digest=DIGEST, size=7, base="tiny:latest")
    manifest = Manifest(config=config, layers=(model,))
    assert decode(encode(manifest)) == manifest
    assert encode(manifest).endswith(b"}\n")
    assert json.loads(encode(manifest))["layers"][0]["from"] == "tiny:latest"


def test_layers_may_be_null() -> None:
    assert decode(raw(layers=None)).blobs[1:] == ()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b"\xff", b"{}", b'"x"', b"[" * 100_000, raw(config=None), raw(layers={})),
        *(raw(layers=[None]), raw(layers=[{}]), raw(layers="x"), raw(config=[]), raw(schemaVersion="2")),
        raw(layers=[layer("model") | {"digest": "sha256:../../../etc/passwd"}]),
        raw(layers=[layer("model") | {"digest": 3}]),
        raw(layers=[layer("model") | {"size": -1}]),
        raw(layers=[layer("model") | {"size": "1"}]),
        raw(config=layer("x") | {"digest": ""}),
        b" " * MAX_BYTES + raw(),
    ],
)
def test_malformed_manifests_are_corrupt(store: ManifestStore, content: bytes) -> None:
    with pytest.raises(Corrupt):
        decode(content)
    store.write(TINY, content)
    with pytest.raises(Corrupt, match="model 'tiny:latest' has an invalid manifest: "):
        store.read(TINY)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_no_content_raises_anything_else(content: bytes | str) -> None:
    with pytest.raises(Corrupt):
        decode(content.encode() if isinstance(content, str) else content)
