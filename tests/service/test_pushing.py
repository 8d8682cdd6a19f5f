"""Pushing: to Docker's own registry and back, and to one that fails, forgets and lies."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from omm.config import Settings
from omm.errors import Corrupt, DigestMismatch, InvalidRequest, NotFound, SourceUnavailable, Unsupported
from omm.names import ModelName
from omm.service import pushing
from omm.service.library import Library
from omm.sources.registry import Registries
from omm.store.manifests import ManifestStore, Stored
from omm.types import CreateRequest, Progress
from tests.sources.conftest import quick
from tests.sources.hub import Request, _Handler, _Server
from tests.sources.registries import docker_registry, manifest_of, sha256
from tests.store.small import write_small

MIB = 1 << 20
WAIT_S = 30.0


@dataclass
class Dock:
    """A registry that takes uploads; what it does wrong on purpose, and what it got."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # of the next PATCHes: an HTTP status, `cut` or `forget`
    lost_answers: int = 0  # PUTs of blobs whose answer does not arrive
    keeps: int = 1 << 60  # at most so many bytes of an upload
    location: str = ""  # where uploads are said to go
    digest_header: str = ""
    token: str = ""
    realm: str = ""
    status: int = 0  # of every POST, if not 0
    pause: threading.Event | None = None  # what a PATCH waits for when it has come half-way
    half_way: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def methods(self, method: str) -> list[Request]:
        return [request for request in self.requests if request.method == method]


class _Pier(_Handler):
    dock: Dock

    def serve(self) -> None:
        dock, path = self.dock, urlsplit(self.path).path
        dock.requests.append(self.seen())
        if path == "/token":
            self.reply(200, b'{"token": "%s"}' % dock.token.encode())
        elif dock.token and self.headers.get("Authorization") != f"Bearer {dock.token}":
            self.reply(401, WWW_Authenticate=f'Bearer realm="{dock.realm or dock.url}/token",service="dock"')
            self.close_connection = True  # a body may follow that nobody reads
        else:
            getattr(self, f"on_{self.command.lower()}")(path)

    do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = serve

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def on_head(self, path: str) -> None:
        self.reply(200 if path.rpartition("/")[2] in self.dock.blobs else 404)

    def on_get(self, path: str) -> None:
        upload = self.dock.uploads.get(path)
        if upload is None:
            self.reply(404)
        else:
            self.reply(204, Location=path, Range=f"0-{max(0, len(upload) - 1)}")

    def on_post(self, path: str) -> None:
        dock = self.dock
        if dock.status:
            self.reply(dock.status, b'{"errors":[{"code":"DENIED","message":"not yours"}]}')
            return
        where = f"{path}{len(dock.requests)}"
        dock.uploads[where] = bytearray()
        self.reply(202, Location=dock.location or where)

    def on_patch(self, path: str) -> None:
        dock = self.dock
        fault = dock.failures.pop(0) if dock.failures else ""
        start, _, end = self.headers["Content-Range"].partition("-")
        size = int(self.headers["Content-Length"])
        assert size == int(end) - int(start) + 1
        if fault == "cut" or dock.pause:
            dock.uploads[path] += self.rfile.read(size // 2)
            dock.half_way.set()
            if dock.pause is None or not dock.pause.wait(WAIT_S):
                self.close_connection = True
                return
            size -= size // 2
        content = self.rfile.read(size)
        if fault == "forget":
            del dock.uploads[path]
        if fault:
            self.reply(404 if fault == "forget" else int(fault))
            return
        assert len(dock.uploads[path]) == int(start) + int(self.headers["Content-Length"]) - size
        dock.uploads[path] += content[: dock.keeps - len(dock.uploads[path])]
        self.reply(202, Location=path, Range=f"0-{len(dock.uploads[path]) - 1}")

    def on_put(self, path: str) -> None:
        dock, content = self.dock, self.body()
        name = path.rpartition("/")[2]
        if "/manifests/" in path:
            dock.manifests[name] = content
            self.reply(201, Docker_Content_Digest=dock.digest_header or sha256(content))
            return
        digest = parse_qs(urlsplit(self.path).query)["digest"][0]
        content = bytes(dock.uploads.pop(path)) + content
        if sha256(content) != digest:
            self.reply(400, b'{"errors":[{"code":"DIGEST_INVALID","message":"provided digest did not match"}]}')
            return
        dock.blobs[digest] = content
        if dock.lost_answers:
            dock.lost_answers -= 1
            self.close_connection = True
        else:
            self.reply(201)


@contextmanager
def running_dock() -> Iterator[Dock]:
    dock = Dock()
    server = _Server(("127.0.0.1", 0), type("Pier", (_Pier,), {"dock": dock}))
    dock.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield dock
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def dock() -> Iterator[Dock]:
    with running_dock() as running:
        yield running


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "PART_BYTES", 2 * MIB)
    monkeypatch.setattr(pushing, "RETRY_WAITS_S", (0.0, 0.0))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(Settings.load({}, models=tmp_path / "models"), (Registries(quick()),))


def make(library: Library, folder: Path, name: str, *, padding: int = 5 * MIB, **texts: Any) -> str:
    """Create a model with weights of some size; returns its digest."""
    content = write_small(folder / "small.gguf").read_bytes() + bytes(range(256)) * (padding // 256)
    library.put_blob(sha256(content), [content])
    request = CreateRequest(model=name, files={"small.gguf": sha256(content)}, template="{{ .Prompt }}", **texts)
    list(library.create(request))
    return next(summary.digest for summary in library.list() if summary.name.startswith(name))


def push(library: Library, name: str) -> list[Progress]:
    return list(library.push(name, insecure=True))


# --- Docker's own registry ----------------------------------------------------------------------------------------


@pytest.mark.system("docker-registry")
def test_push_delete_pull_gives_the_same_model(library: Library, tmp_path: Path) -> None:
    with docker_registry(tmp_path) as host:
        name = f"{host}/me/small"
        digest = make(library, tmp_path, name, system="Be kind.", licenses=("MIT",), parameters={"temperature": 0.5})
        blobs = {path.name: path.read_bytes() for path in (tmp_path / "models" / "blobs").iterdir()}
        steps = push(library, name)
        library.delete(name)
        assert list((tmp_path / "models" / "blobs").iterdir()) == []
        list(library.pull(name, insecure=True))
        assert library.find(name).digest == digest
        assert library.find(name).system == "Be kind."
        assert {path.name: path.read_bytes() for path in (tmp_path / "models" / "blobs").iterdir()} == blobs
    statuses = list(dict.fromkeys(step.status for step in steps))
    assert statuses[0] == "retrieving manifest"
    assert statuses[-2:] == ["pushing manifest", "success"]
    assert all(status.startswith("pushing ") and len(status) == 20 for status in statuses[1:-2])


@pytest.mark.system("docker-registry")
def test_blobs_go_to_each_repository_once(library: Library, tmp_path: Path) -> None:
    with docker_registry(tmp_path) as host:
        make(library, tmp_path, f"{host}/me/one")
        push(library, f"{host}/me/one")
        library.copy(f"{host}/me/one", f"{host}/you/two")
        push(library, f"{host}/you/two")
        push(library, f"{host}/you/two")
        library.delete(f"{host}/you/two")
        list(library.pull(f"{host}/you/two", insecure=True))
        assert library.find(f"{host}/you/two").digest == library.find(f"{host}/me/one").digest


@pytest.mark.system("docker-registry")
def test_registry_with_a_login(tmp_path: Path) -> None:
    with docker_registry(tmp_path, login=True) as host:
        name = f"{host}/me/small"
        settings = Settings.load({"OMM_REGISTRY_LOGINS": f"{host}=alice:wrong"}, models=tmp_path / "models")
        stranger = Library(settings, ())
        make(stranger, tmp_path, name)
        with pytest.raises(SourceUnavailable, match="unauthorized: access denied"):
            push(stranger, name)


# --- parts and failures -------------------------------------------------------------------------------------------


def test_a_blob_goes_in_parts_and_comes_out_whole(library: Library, dock: Dock, tmp_path: Path) -> None:
    name = f"{dock.host}/me/small"
    make(library, tmp_path, name)
    steps = push(library, name)
    weights = Path(library.find(name).weights).read_bytes()
    assert dock.blobs[sha256(weights)] == weights
    patches = [request for request in dock.methods("PATCH") if int(request.headers["content-length"]) > MIB]
    parts = [request.headers["content-range"] for request in patches]
    ends = [2 * MIB - 1, 4 * MIB - 1, len(weights) - 1]
    assert parts == [f"0-{ends[0]}", f"{ends[0] + 1}-{ends[1]}", f"{ends[1] + 1}-{ends[2]}"]
    done = [step.completed or 0 for step in steps if step.digest == sha256(weights)]
    assert done == sorted(done)
    assert done[-1] == len(weights)
    assert sha256(dock.manifests["latest"]) == f"sha256:{library.find(name).digest}"


def test_blobs_that_are_there_are_not_sent(library: Library, dock: Dock, tmp_path: Path) -> None:
    name = f"{dock.host}/me/small"
    make(library, tmp_path, name)
    push(library, name)
    dock.requests.clear()
    assert push(library, name)[-1].status == "success"
    assert dock.methods("POST") == []


@pytest.mark.parametrize("failures", [["500"], ["cut"], ["cut", "503"], ["", "cut"], ["429", ""], ["", "", "cut"]])
def test_an_upload_goes_on_where_it_broke(library: Library, dock: Dock, tmp_path: Path, failures: list[str]) -> None:
    name = f"{dock.host}/me/small"
    make(library, tmp_path, name)
    dock.failures = list(failures)
    assert push(library, name)[-1].status == "success"
    weights = Path(library.find(name).weights).read_bytes()
    assert dock.blobs[sha256(weights)] == weights
    assert len(dock.methods("POST")) == len(dock.blobs)  # none began anew


def test_an_upload_the_registry_forgot_starts_anew(library: Library, dock: Dock, tmp_path: Path) -> None:
    name = f"{dock.host}/me/small"
    make(library, tmp_path, name)
    dock.failures = ["", "cut", "forget"]
    with pytest.raises(SourceUnavailable, match="HTTP 404"):  # an answer, so not one to be asked again
        push(library, name)
    assert push(library, name)[-1].status == "success"


def test_an_answer_that_gets_lost_costs_no_second_upload(library: Library, dock: Dock, tmp_path: Path) -> None:
    name = f"{dock.host}/me/small"
    make(library, tmp_path, name)
    dock.lost_answers = 1
    assert push(library, name)[-1].status == "success"
    assert len(dock.methods("POST")) == len(dock.blobs)


def test_failing_for_long_is_an_error(library: Library, dock: Dock, tmp_path: Path) -> None:
    make(library, tmp_path, f"{dock.host}/me/small")
    dock.failures = ["500"] * 9
    with pytest.raises(SourceUnavailable, match="answered HTTP 500"):
        push(library, f"{dock.host}/me/small")
    assert dock.manifests == {}


def test_a_registry_that_takes_no_more_is_not_sent_to_for_ever(library: Library, dock: Dock, tmp_path: Path) -> None:
    make(library, tmp_path, f"{dock.host}/me/small")
    dock.keeps = 2
    with pytest.raises(SourceUnavailable, match="takes nothing of what it is sent"):
        push(library, f"{dock.host}/me/small")
    assert dock.manifests == {}


def test_a_registry_that_is_not_there(library: Library, tmp_path: Path) -> None:
    make(library, tmp_path, "127.0.0.1:9/me/small")
    with pytest.raises(SourceUnavailable, match=r"cannot reach 127\.0\.0\.1:9"):
        push(library, "127.0.0.1:9/me/small")


@pytest.mark.parametrize(("status", "says"), [(403, "does not let you push to me/small"), (400, "HTTP 400: not yours")])
def test_a_refusal_is_told_and_not_asked_again(
    library: Library, dock: Dock, tmp_path: Path, status: int, says: str
) -> None:
    make(library, tmp_path, f"{dock.host}/me/small")
    dock.status = status
    with pytest.raises(SourceUnavailable, match=says):
        push(library, f"{dock.host}/me/small")
    assert len(dock.methods("POST")) == 1


def test_closing_stops_the_upload(library: Library, dock: Dock, tmp_path: Path) -> None:
    make(library, tmp_path, f"{dock.host}/me/small", padding=40 * MIB)
    dock.pause = threading.Event()
    steps = library.push(f"{dock.host}/me/small", insecure=True)
    for _ in steps:
        if dock.half_way.is_set():
            break
    closer = threading.Thread(target=steps.close)  # type: ignore[attr-defined]
    closer.start()
    dock.pause.set()
    closer.join(WAIT_S)
    assert not closer.is_alive()
    assert dock.blobs == {}
    assert dock.manifests == {}


# --- whom to trust ------------------------------------------------------------------------------------------------


def test_models_are_sent_nowhere_but_to_the_registry(library: Library, dock: Dock, tmp_path: Path) -> None:
    make(library, tmp_path, f"{dock.host}/me/small")
    with running_dock() as other:
        dock.location = f"{other.url}/v2/me/small/blobs/uploads/1"
        with pytest.raises(SourceUnavailable, match="wants the model sent to another host"):
            push(library, f"{dock.host}/me/small")
        assert other.requests == []
    dock.location = "http://[::1"
    with pytest.raises(SourceUnavailable, match="points to something that is no address"):
        push(library, f"{dock.host}/me/small")


def test_token_is_asked_for_pushing_and_of_the_registry_only(library: Library, dock: Dock, tmp_path: Path) -> None:
    make(library, tmp_path, f"{dock.host}/me/small")
    dock.token = "t0ken"
    assert push(library, f"{dock.host}/me/small")[-1].status == "success"
    (asked,) = [request.path for request in dock.requests if request.path.startswith("/token")]
    assert parse_qs(urlsplit(asked).query)["scope"] == ["repository:me/small:pull,push"]
    with running_dock() as other:
        dock.realm, dock.blobs = other.url, {}
        with pytest.raises(SourceUnavailable, match="does not match original host"):
            push(library, f"{dock.host}/me/small")
        assert other.requests == []


def test_a_registry_that_stores_something_else(library: Library, dock: Dock, tmp_path: Path) -> None:
    make(library, tmp_path, f"{dock.host}/me/small")
    dock.digest_header = "sha256:" + "0" * 64
    with pytest.raises(DigestMismatch, match="stored sha256:000"):
        push(library, f"{dock.host}/me/small")


def test_broken_weights_do_not_get_out(library: Library, dock: Dock, tmp_path: Path) -> None:
    name = f"{dock.host}/me/small"
    make(library, tmp_path, name)
    weights = Path(library.find(name).weights)
    content = weights.read_bytes()
    weights.write_bytes(b"x" + content[1:])
    with pytest.raises(SourceUnavailable, match="provided digest did not match"):
        push(library, name)
    weights.write_bytes(content[:-1])
    with pytest.raises(Corrupt, match="has not the size"):
        push(library, name)
    weights.unlink()
    with pytest.raises(Corrupt, match="is missing"):
        push(library, name)
    assert dock.manifests == {}


@pytest.mark.parametrize(
    ("name", "insecure", "error", "says"),
    [
        ("small", False, Unsupported, "omm cp small:latest HOST/NAMESPACE/small"),
        ("me/small", False, Unsupported, r"ollama\.com takes models from its own client only"),
        ("hf.co/me/small", False, Unsupported, "Hugging Face takes uploads with git"),
        ("http://example.com/me/small", False, InvalidRequest, "insecure protocol http"),
        ("example.com/me/none", True, NotFound, "model 'example.com/me/none:latest' not found"),
        ("../x", True, InvalidRequest, "invalid model name"),
    ],
)
def test_names_are_checked_at_once(
    library: Library, name: str, insecure: bool, error: type[Exception], says: str
) -> None:
    if error is Unsupported:
        library._manifests.write(ModelName.parse(name), manifest_of([]))
    with pytest.raises(error, match=says):
        library.push(name, insecure=insecure)


def test_layers_of_another_repository_are_mounted(library: Library, dock: Dock, tmp_path: Path) -> None:
    name = ModelName.parse(f"{dock.host}/me/small")
    make(library, tmp_path, name.display)
    manifests = ManifestStore(tmp_path / "models")
    content = manifests.read_bytes(name).replace(b'"digest"', f'"from":"{dock.host}/you/big:8b","digest"'.encode())
    manifests.write(name, content)
    push(library, name.display)
    queries = [parse_qs(urlsplit(request.path).query) for request in dock.methods("POST")]
    assert {query["from"][0] for query in queries} == {"you/big"}
    assert {query["mount"][0] for query in queries} == set(dock.blobs)
    assert isinstance(manifests.read(name), Stored)
    assert hashlib.sha256(dock.manifests["latest"]).hexdigest() == manifests.read(name).digest
