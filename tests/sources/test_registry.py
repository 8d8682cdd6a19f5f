"""Registries: manifests and blobs from Docker's own, and what a dishonest one does not get."""

from __future__ import annotations

import base64
import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm.config import Settings
from omm.errors import DigestMismatch, Forbidden, InvalidRequest, NotFound, OmmError, SourceUnavailable, Unsupported
from omm.names import ModelName
from omm.service.library import Library
from omm.sources.registry import Registries, Registry
from omm.store.blobs import BlobStore
from tests.sources.conftest import quick
from tests.sources.registries import Shop, docker_registry, manifest_of, push, running_shop, sha256
from tests.store.small import write_small

WEIGHTS = os.urandom(300_000)
LAYERS = [("model", WEIGHTS), ("template", b"{{ .Prompt }}"), ("params", b'{"stop":["x"]}')]


@pytest.fixture
def shop() -> Iterator[Shop]:
    with running_shop() as running:
        yield running


@pytest.fixture
def registries() -> Registries:
    return Registries(quick(segment_bytes=100_000))


def named(shop: Shop, rest: str = "library/small:latest") -> ModelName:
    return ModelName.parse(f"{shop.url}/{rest}")


def refusal(source: Registries, name: ModelName) -> OmmError:
    with pytest.raises(OmmError) as caught:
        source.resolve(name)
    return caught.value


# --- manifests ----------------------------------------------------------------------------------------------------


def test_every_host_but_hugging_face_is_a_registry(registries: Registries) -> None:
    assert registries.matches(ModelName.parse("llama3.2"))
    assert registries.matches(ModelName.parse("example.com/a/b"))
    assert not registries.matches(ModelName.parse("hf.co/a/b"))


def test_resolve_keeps_the_manifests_bytes_and_lists_all_blobs(shop: Shop, registries: Registries) -> None:
    manifest = shop.add("library/small:latest", LAYERS)
    resolved = registries.resolve(named(shop))
    assert resolved.manifest == manifest
    assert [file.kind for file in resolved.files] == [
        "model",
        "template",
        "params",
        "application/vnd.docker.container.image.v1+json",
    ]
    assert [file.digest for file in resolved.files[:3]] == [sha256(content) for _, content in LAYERS]


def test_a_layer_that_is_there_twice_is_one_file(shop: Shop, registries: Registries) -> None:
    shop.add("library/small:latest", [*LAYERS, ("license", b"MIT"), ("license", b"MIT")])
    assert len(registries.resolve(named(shop)).files) == 5


def test_what_is_missing_is_not_found(shop: Shop, registries: Registries) -> None:
    error = refusal(registries, named(shop))
    assert isinstance(error, NotFound)
    assert "has no model" in error.message


def test_who_cannot_be_reached_is_unavailable(registries: Registries) -> None:
    error = refusal(registries, ModelName.parse("http://127.0.0.1:9/a/b"))
    assert isinstance(error, SourceUnavailable)
    assert error.message.startswith("cannot reach 127.0.0.1:9")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (b"<html>", "no manifest that can be read"),
        (b"[]", "no manifest that can be read"),
        (manifest_of(LAYERS).replace(sha256(WEIGHTS).encode(), b"sha256:../../../../etc/passwd"), "bad digest"),
        (manifest_of(LAYERS).replace(b"300000", b"-1"), "bad digest or size"),
        (manifest_of(LAYERS).replace(b"300000", b"9" * 30), "no manifest that can be read"),
        (manifest_of(LAYERS).replace(b"300000", b"9223372036854775808"), "bad digest or size"),
        (b'{"pad":"' + b"x" * (1 << 20) + b'"}', "more than 1 MiB"),
    ],
)
def test_dishonest_manifests_are_refused(shop: Shop, registries: Registries, manifest: bytes, message: str) -> None:
    shop.manifests["library/small:latest"] = manifest
    error = refusal(registries, named(shop))
    assert isinstance(error, SourceUnavailable)
    assert message in error.message


def test_a_manifest_that_unpacks_without_end_is_refused(shop: Shop, registries: Registries) -> None:
    shop.manifests["library/small:latest"] = b" " * (20 << 20)
    shop.gzip_manifest = True
    assert "more than 1 MiB" in refusal(registries, named(shop)).message


def test_a_manifest_that_breaks_off_is_told(shop: Shop, registries: Registries) -> None:
    shop.add("library/small:latest", LAYERS)
    shop.cut_manifest = True
    error = refusal(registries, named(shop))
    assert isinstance(error, SourceUnavailable)
    assert error.message == f"cannot read the answer of {shop.host}: the connection broke"


def test_a_manifest_that_cannot_be_unpacked_is_told(
    shop: Shop, registries: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.add("library/small:latest", LAYERS)
    shop.gzip_manifest = True
    monkeypatch.setattr(gzip, "compress", bytes)
    error = refusal(registries, named(shop))
    assert isinstance(error, SourceUnavailable)
    assert error.message == f"cannot read the answer of {shop.host}: it cannot be unpacked"


def test_a_manifest_that_was_changed_on_the_way_is_refused(shop: Shop, registries: Registries) -> None:
    shop.add("library/small:latest", LAYERS)
    shop.digest_header = sha256(b"other")
    assert isinstance(refusal(registries, named(shop)), DigestMismatch)


@pytest.mark.parametrize(
    ("layers", "error"),
    [([("tensor", b"x")], Unsupported), ([], Forbidden), ([("template", b"x")], Unsupported)],
)
def test_what_omm_cannot_run_is_not_fetched(
    shop: Shop, registries: Registries, layers: list[tuple[str, bytes]], error: type[OmmError]
) -> None:
    shop.add("library/small:latest", layers)
    assert isinstance(refusal(registries, named(shop)), error)


# --- tokens -------------------------------------------------------------------------------------------------------


def test_a_token_is_fetched_once_and_used(shop: Shop, registries: Registries, blobs: BlobStore) -> None:
    shop.token = "t0ken"
    shop.add("library/small:latest", LAYERS)
    file = registries.resolve(named(shop)).files[0]
    assert [request.path.split("?")[0] for request in shop.requests] == [
        "/v2/library/small/manifests/latest",
        "/token",
        "/v2/library/small/manifests/latest",
    ]
    assert "scope=repository%3Alibrary%2Fsmall%3Apull" in shop.requests[1].path
    assert "service=shop" in shop.requests[1].path
    list(registries.fetch(file, blobs))
    assert blobs.read(file.digest, 1 << 20) == WEIGHTS


def test_a_login_goes_to_the_registry_that_it_is_for(shop: Shop) -> None:
    basic = f"Basic {base64.b64encode(b'alice:secret').decode()}"
    shop.token, shop.login = "t0ken", basic
    manifest = shop.add("library/small:latest", LAYERS)
    assert "unauthorized: access denied" in refusal(Registries(quick()), named(shop)).message
    assert "unauthorized" in refusal(Registries(quick(), {"other": "alice:secret"}), named(shop)).message
    shop.requests.clear()
    assert Registries(quick(), {shop.host: "alice:secret"}).resolve(named(shop)).manifest == manifest
    sent = [(request.path.split("?")[0], request.headers.get("authorization")) for request in shop.requests]
    assert [header for path, header in sent if path == "/token"] == [basic]
    assert basic not in [header for path, header in sent if path != "/token"]


def test_tokens_come_from_the_registry_itself_only(shop: Shop, registries: Registries) -> None:
    with running_shop() as evil:
        shop.token, shop.realm = "t0ken", evil.url
        error = refusal(Registries(quick(), {shop.host: "alice:secret"}), named(shop))
        assert error.message == f'realm host "{evil.host}" does not match original host "{shop.host}"'
        assert evil.requests == []


def test_a_realm_that_redirects_is_not_followed(shop: Shop, registries: Registries) -> None:
    with running_shop() as evil:
        shop.token, shop.token_status = "t0ken", 302
        assert "access denied" in refusal(registries, named(shop)).message
        assert evil.requests == []


@pytest.mark.parametrize(
    "challenge",
    [
        *("", "Basic realm=x", "Bearer", "Negotiate"),
        *('Bearer realm="ftp://x/"', 'Bearer realm="//evil/token"', 'Bearer realm="http://[/"'),
    ],
)
def test_strange_challenges_are_no_way_in(shop: Shop, registries: Registries, challenge: str) -> None:
    shop.token, shop.challenge = "t0ken", challenge or "Nothing"
    assert isinstance(refusal(registries, named(shop)), SourceUnavailable)


@pytest.mark.parametrize(
    "reply", [b"no", b"[]", b"{}", b'{"token":"a\\r\\nHost: evil"}', b'{"token":"' + b"x" * (1 << 20) + b'"}']
)
def test_strange_tokens_are_refused(shop: Shop, registries: Registries, reply: bytes) -> None:
    shop.token, shop.token_reply = "t0ken", reply
    assert isinstance(refusal(registries, named(shop)), SourceUnavailable)


def test_redirects_carry_no_token_away(shop: Shop, registries: Registries, blobs: BlobStore) -> None:
    with running_shop() as storage:
        shop.token, shop.storage = "t0ken", storage.url
        shop.add("library/small:latest", LAYERS)
        storage.blobs = shop.blobs
        file = registries.resolve(named(shop)).files[0]
        list(registries.fetch(file, blobs))
        assert blobs.has(file.digest)
        assert storage.requests
        assert all("authorization" not in request.headers for request in storage.requests)


def test_other_origins_are_asked_without_the_token(shop: Shop) -> None:
    with running_shop() as other, Registry(f"{shop.url}/v2/library/small") as registry:
        shop.token = "t0ken"
        shop.add("library/small:latest", LAYERS)
        registry.ask("GET", "manifests/latest").close()
        assert registry.headers == {"Authorization": "Bearer t0ken"}
        registry.ask("PUT", f"{other.url}/upload", content=b"x", headers={"X-Part": "1"}).close()
        registry.ask("GET", f"{other.url}/v2/a/b/blobs/x").close()
    assert all("authorization" not in request.headers for request in other.requests)


# --- the library --------------------------------------------------------------------------------------------------


def gguf_layers(folder: Path) -> list[tuple[str, bytes]]:
    return [("model", write_small(folder / "small.gguf").read_bytes()), *LAYERS[1:], ("license", b"MIT")]


def test_pull_stores_the_manifest_byte_for_byte(shop: Shop, tmp_path: Path) -> None:
    manifest = shop.add("library/small:latest", gguf_layers(tmp_path), b'{"model_format":"gguf","rootfs":{}}')
    library = Library(Settings.load({}, models=tmp_path / "models"), (Registries(quick()),))
    name = f"{shop.host}/library/small"
    with pytest.raises(SourceUnavailable):  # it speaks no TLS
        list(library.pull(name))
    with pytest.raises(InvalidRequest, match="insecure protocol http"):
        library.pull(f"http://{name}")
    lines = [line.status for line in library.pull(name, insecure=True)]
    assert lines[0] == "pulling manifest"
    assert lines[-3:] == ["verifying sha256 digest", "writing manifest", "success"]
    assert library.find(name).digest == sha256(manifest).removeprefix("sha256:")
    assert library.find(name).licenses == ("MIT",)


def test_a_pull_replaces_weights_that_are_damaged(shop: Shop, tmp_path: Path) -> None:
    layers = gguf_layers(tmp_path)
    shop.add("library/small:latest", layers)
    library = Library(Settings.load({}, models=tmp_path / "models"), (Registries(quick()),))
    name = f"{shop.host}/library/small"
    list(library.pull(name, insecure=True))
    weights = Path(library.find(name).weights)
    weights.write_bytes(b"GGUF" + bytes(len(layers[0][1]) - 4))
    list(library.pull(name, insecure=True))
    assert weights.read_bytes() == layers[0][1]


def test_a_model_that_is_no_gguf_file_does_not_stay(shop: Shop, tmp_path: Path) -> None:
    shop.add("library/small:latest", [("model", b"GGUF\x03\x00\x00\x00 and then rubbish")])
    library = Library(Settings.load({}, models=tmp_path / "models"), (Registries(quick()),))
    with pytest.raises(OmmError):
        list(library.pull(f"{shop.host}/library/small", insecure=True))
    assert library.list() == []
    assert list((tmp_path / "models" / "blobs").iterdir()) == []


@pytest.mark.system("docker-registry")
def test_pull_from_dockers_registry(tmp_path: Path) -> None:
    with docker_registry(tmp_path) as host:
        manifest = push(host, "someone/small:8b", gguf_layers(tmp_path))
        library = Library(Settings.load({}, models=tmp_path / "models"), (Registries(quick()),))
        name = f"{host}/someone/small:8b"
        assert [line.status for line in library.pull(name, insecure=True)][-1] == "success"
        assert library.find(name).digest == sha256(manifest).removeprefix("sha256:")
        with pytest.raises(NotFound):
            list(library.pull(f"{host}/someone/small:70b", insecure=True))


@pytest.mark.system("docker-registry")
def test_dockers_registry_with_a_login(tmp_path: Path) -> None:
    with docker_registry(tmp_path, login=True) as host:
        basic = {"Authorization": f"Basic {base64.b64encode(b'alice:secret').decode()}"}
        manifest = push(host, "someone/small:8b", LAYERS, basic)
        name = ModelName.parse(f"http://{host}/someone/small:8b")
        assert Registries(quick(), {host: "alice:secret"}).resolve(name).manifest == manifest
        assert "access denied" in refusal(Registries(quick()), name).message
        assert "access denied" in refusal(Registries(quick(), {host: "alice:wrong"}), name).message
