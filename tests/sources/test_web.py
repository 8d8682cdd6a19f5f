"""Files at any web address: named, looked at first, fetched in ranges of one version, and no way into the network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import requests

from omm.config import Settings
from omm.errors import Corrupt, DigestMismatch, InvalidRequest, NotFound, OmmError, SourceUnavailable, Unsupported
from omm.names import ModelName
from omm.service.library import Library
from omm.sources import http
from omm.sources.base import SourceFile
from omm.sources.web import Web
from omm.store.blobs import BlobStore
from omm.types import CreateRequest
from tests.sources.conftest import quick
from tests.sources.hub import Hub
from tests.sources.registries import sha256
from tests.store.small import write_small

CONTENT = b"GGUF" + os.urandom(2_000_000)
SEGMENT = 300_000


@pytest.fixture
def web() -> Web:
    return Web(quick(segment_bytes=SEGMENT))


@pytest.fixture
def library(tmp_path: Path, web: Web) -> Library:
    return Library(Settings.load({}, models=tmp_path / "models"), (web,))


def publish(hub: Hub, content: bytes = CONTENT, name: str = "m.gguf", etag: str = '"v1"') -> str:
    hub.repos.setdefault("some/where", {})[name] = content
    hub.etag = etag
    return f"{hub.files_url}/some/where/{name}"


def look(web: Web, url: str) -> SourceFile:
    return web.resolve(ModelName.parse(url)).files[0]


def ranges(hub: Hub) -> list[str]:
    return [request.headers.get("range", "") for request in hub.file_requests]


def test_a_file_comes_in_ranges_and_its_digest_is_what_it_hashes_to(hub: Hub, web: Web, blobs: BlobStore) -> None:
    file = look(web, publish(hub))
    assert (file.size, file.is_provisional) == (len(CONTENT), True)
    steps = list(web.fetch(file, blobs))
    assert steps == sorted(steps)
    assert blobs.read(sha256(CONTENT), 1 << 30) == CONTENT
    assert len(ranges(hub)) == 1 + -(-len(CONTENT) // SEGMENT)


def test_a_part_of_nothing_is_a_file_like_others(hub: Hub, web: Web) -> None:
    url = publish(hub, name="m-00000-of-00000.gguf")
    assert [file.location for file in web.resolve(ModelName.parse(url)).files] == [url]


def test_it_is_fetched_once(hub: Hub, web: Web, blobs: BlobStore) -> None:
    url = publish(hub)
    list(web.fetch(look(web, url), blobs))
    before = len(hub.file_requests)
    assert list(web.fetch(look(web, url), blobs)) == []
    assert len(hub.file_requests) == before + 1  # the look
    blobs.remove(sha256(CONTENT))
    list(web.fetch(look(web, url), blobs))
    assert blobs.has(sha256(CONTENT))


def test_other_bytes_under_the_same_version_are_found(hub: Hub, web: Web, blobs: BlobStore) -> None:
    url = publish(hub)
    list(web.fetch(look(web, url), blobs))
    blobs.remove(sha256(CONTENT))
    publish(hub, CONTENT[:-1] + b"?")
    with pytest.raises(DigestMismatch):
        list(web.fetch(look(web, url), blobs))
    list(web.fetch(look(web, url), blobs))  # who asks again wants what is there now
    assert blobs.has(sha256(CONTENT[:-1] + b"?"))


def test_two_versions_are_never_mixed(hub: Hub, web: Web, blobs: BlobStore) -> None:
    file = look(web, publish(hub))
    publish(hub, etag='"v2"')
    with pytest.raises(DigestMismatch, match="has another version of the file by now"):
        list(web.fetch(file, blobs))
    assert list(blobs.folder.glob("sha256-*")) == []


@pytest.mark.parametrize(
    ("ranges", "etag", "without_length"), [(False, '"x"', False), (True, "", False), (False, "", True)]
)
def test_simple_servers(hub: Hub, web: Web, blobs: BlobStore, *, ranges: bool, etag: str, without_length: bool) -> None:
    url = publish(hub, etag=etag)
    hub.ranges, hub.without_length = ranges, without_length
    list(web.fetch(look(web, url), blobs))
    assert blobs.read(sha256(CONTENT), 1 << 30) == CONTENT


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("told", ["9" * 5000, "9" * 20, "-5", "many"])
def test_a_size_that_no_file_has_is_none(hub: Hub, web: Web, told: str, *, ranges: bool) -> None:
    url = publish(hub)
    hub.ranges, hub.told_size = ranges, told
    assert look(web, url).size == 0


def test_a_file_that_ends_early_does_not_become_visible(hub: Hub, web: Web, blobs: BlobStore) -> None:
    file = look(web, publish(hub, etag=""))
    hub.cut_after = [1000]
    with pytest.raises(SourceUnavailable, match="the connection broke"):
        list(web.fetch(file, blobs))
    assert list(blobs.folder.glob("*")) == []


def test_an_aborted_fetch_resumes(hub: Hub, web: Web, blobs: BlobStore) -> None:
    url = publish(hub)
    hub.stop_at = 1_000_000
    fetching = web.fetch(look(web, url), blobs)
    while next(fetching) < 600_000:
        pass
    fetching.close()
    hub.stop_at = None
    before = len(hub.file_requests)
    list(web.fetch(look(web, url), blobs))
    assert blobs.read(sha256(CONTENT), 1 << 30) == CONTENT
    assert len(hub.file_requests) - before < 1 + len(CONTENT) // SEGMENT


@pytest.mark.parametrize(
    ("page", "content_type", "says"),
    [
        (b"<!DOCTYPE html><p>Log in", "text/html; charset=utf-8", "is a web page; look for the address"),
        (b"<html>", "", "is a web page"),
        (b"PK\3\4 zipped", "application/zip", "is no GGUF file"),
        (b"", "", "is no GGUF file"),
    ],
)
def test_what_is_no_gguf_file_is_not_fetched(hub: Hub, web: Web, page: bytes, content_type: str, says: str) -> None:
    url = publish(hub, page)
    hub.content_type = content_type
    hub.ranges = bool(page)
    with pytest.raises(Unsupported, match=says):
        look(web, url + "?key=secret")


def test_magic_alone_is_not_enough(hub: Hub, library: Library, tmp_path: Path) -> None:
    url = publish(hub)
    with pytest.raises(OmmError):
        list(library.pull(url, insecure=True))
    assert library.list() == []
    assert list((tmp_path / "models" / "blobs").glob("sha256-*")) == []


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (403, SourceUnavailable), (500, SourceUnavailable)])
def test_refusals_are_told(hub: Hub, web: Web, status: int, error: type[OmmError]) -> None:
    url = publish(hub)
    hub.file_statuses = [status]
    with pytest.raises(error, match=r"m\.gguf") as caught:
        look(web, url + "?key=secret")
    assert "secret" not in caught.value.message


def test_nobody_there(web: Web) -> None:
    with pytest.raises(SourceUnavailable, match=r"cannot reach 127\.0\.0\.1:9: nobody answers there"):
        look(web, "http://127.0.0.1:9/m.gguf")


def test_a_server_without_tls_is_told_from_one_that_hangs_up(hub: Hub) -> None:
    with http.open_session() as session, pytest.raises(requests.ConnectionError) as raised:
        http.get(session, publish(hub).replace("http:", "https:"), {})
    assert http.reason_of(raised.value) == "no TLS with a certificate that can be trusted"


def test_this_machine_and_its_network_are_not_asked_without_leave(hub: Hub, web: Web) -> None:
    url = publish(hub).replace("http://", "https://")
    with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1 is this machine or in its network"):
        look(web, url)
    assert hub.file_requests == []


def test_plain_http_needs_leave(library: Library) -> None:
    with pytest.raises(InvalidRequest, match="insecure protocol http"):
        library.pull("http://127.0.0.1:9/m.gguf")
    with pytest.raises(InvalidRequest, match="insecure protocol http"):
        library.create(CreateRequest(model="x", base="http://127.0.0.1:9/m.gguf"))


def test_pull_records_where_a_model_is_from(hub: Hub, library: Library, tmp_path: Path) -> None:
    content = write_small(tmp_path / "w.gguf").read_bytes()
    url = publish(hub, content, "My-Model-Q8_0.gguf")
    steps = list(library.pull(url + "?key=secret", insecure=True))
    assert steps[-1].status == "success"
    host = hub.files_url.removeprefix("http://")
    record = library.find(url)
    assert record.name == f"{host}/some--where/my-model-q8_0:latest"
    assert Path(record.weights).read_bytes() == content
    assert (record.provenance.source, record.provenance.file) == (f"{hub.files_url}/some/where", "My-Model-Q8_0.gguf")
    assert record.provenance.revision == "v1"


@pytest.mark.parametrize("kept", [0, 100])
def test_a_pull_replaces_a_file_that_is_damaged(hub: Hub, library: Library, tmp_path: Path, kept: int) -> None:
    content = write_small(tmp_path / "w.gguf").read_bytes()
    url = publish(hub, content)
    list(library.pull(url, insecure=True))
    weights = Path(library.find(url).weights)
    weights.write_bytes(content[:kept] if kept else b"GGUF" + bytes(len(content) - 4))
    list(library.pull(url, insecure=True))
    assert weights.read_bytes() == content


def test_without_a_size_progress_still_ends_at_it(hub: Hub, library: Library, tmp_path: Path) -> None:
    content = write_small(tmp_path / "w.gguf").read_bytes()
    url = publish(hub, content)
    hub.ranges, hub.without_length = False, True
    last = [step for step in library.pull(url, insecure=True) if step.digest][-1]
    assert last.completed == last.total == len(content)


def test_a_truncated_file_without_a_size_is_found(hub: Hub, library: Library, tmp_path: Path) -> None:
    content = write_small(tmp_path / "w.gguf").read_bytes()
    url = publish(hub, content[:-100])
    hub.ranges, hub.without_length = False, True
    with pytest.raises(Corrupt):
        list(library.pull(url, insecure=True))
    assert library.list() == []
