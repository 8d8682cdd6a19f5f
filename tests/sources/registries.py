"""Model registries on this machine: Docker's own, and one in this process that misbehaves on purpose."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit

from omm.store.manifests import CONFIG_TYPE, LAYER_PREFIX, MEDIA_TYPE
from tests.sources.hub import Request, _Handler, _Server

WAIT_S = 30.0
HASH = "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a"  # of "secret", as htpasswd -B writes it


def sha256(content: bytes) -> str:
    """A digest as registries write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def manifest_of(layers: list[tuple[str, bytes]], config: bytes = b"{}") -> bytes:
    """A manifest as Ollama writes it, without spaces that any re-encoding would keep."""
    listed = [
        {"mediaType": LAYER_PREFIX + kind, "digest": sha256(content), "size": len(content)} for kind, content in layers
    ]
    head = {"digest": sha256(config), "mediaType": CONFIG_TYPE, "size": len(config)}
    whole = {"config": head, "layers": listed, "schemaVersion": 2, "mediaType": MEDIA_TYPE}
    return json.dumps(whole, indent=1).encode()


@dataclass
class Shop:
    """A registry's contents, what it does wrong on purpose, and what it was asked."""

    manifests: dict[str, bytes] = field(default_factory=dict)  # by `namespace/model:tag`
    blobs: dict[str, bytes] = field(default_factory=dict)
    token: str = ""  # wanted with every request when given
    token_reply: bytes | None = None
    token_status: int = 200
    login: str = ""  # what the token costs
    realm: str = ""  # where tokens are said to be; else here
    challenge: str = ""  # in place of the honest one
    gzip_manifest: bool = False
    cut_manifest: bool = False  # the last byte does not come
    digest_header: str = ""
    storage: str = ""  # where blobs are redirected to
    requests: list[Request] = field(default_factory=list)
    url: str = ""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def add(self, name: str, layers: list[tuple[str, bytes]], config: bytes = b"{}") -> bytes:
        """Put a model in; returns its manifest."""
        manifest = self.manifests[name] = manifest_of(layers, config)
        self.blobs |= {sha256(content): content for _, content in layers} | {sha256(config): config}
        return manifest


class _Counter(_Handler):
    shop: Shop

    def do_GET(self) -> None:
        shop = self.shop
        shop.requests.append(self.seen())
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        if url.path == "/token":
            self.give_token(parse_qs(url.query))
        elif shop.token and self.headers.get("Authorization") != f"Bearer {shop.token}":
            honest = f'Bearer realm="{shop.realm or shop.url}/token",service="shop",scope="ignored"'
            self.reply(401, b"{}", WWW_Authenticate=shop.challenge or honest)
        elif parts[3:4] == ["manifests"]:
            self.give_manifest(f"{parts[1]}/{parts[2]}:{parts[4]}")
        else:
            self.give_blob(parts[-1])

    do_HEAD = do_GET

    def give_token(self, query: dict[str, list[str]]) -> None:
        shop = self.shop
        if shop.login and self.headers.get("Authorization") != shop.login:
            self.reply(401)
        elif shop.token_status != 200:
            self.reply(shop.token_status, Location=f"{shop.url}/token")
        else:
            self.reply(200, shop.token_reply or json.dumps({"token": shop.token}).encode())

    def give_manifest(self, name: str) -> None:
        shop = self.shop
        content = shop.manifests.get(name)
        if content is None:
            self.reply(404, b'{"errors":[]}')
            return
        headers = {"Docker_Content_Digest": shop.digest_header or sha256(content)}
        if shop.gzip_manifest:
            content, headers["Content_Encoding"] = gzip.compress(content), "gzip"
        if shop.cut_manifest:
            self.close_connection = True
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:-1])
        else:
            self.reply(200, content, **headers)

    def give_blob(self, digest: str) -> None:
        if self.shop.storage:
            self.reply(307, Location=f"{self.shop.storage}/v2/library/any/blobs/{digest}")
        elif digest in self.shop.blobs:
            self.reply(200, self.shop.blobs[digest])
        else:
            self.reply(404)


@contextmanager
def running_shop() -> Iterator[Shop]:
    """A registry in this process, on a free port."""
    shop = Shop()
    server = _Server(("127.0.0.1", 0), type("Counter", (_Counter,), {"shop": shop}))
    shop.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def docker_registry(folder: Path, *, login: bool = False) -> Iterator[str]:
    """Docker's registry in a process of its own; yields host and port. `login` asks for `alice` with `secret`."""
    with _Server(("127.0.0.1", 0), _Handler) as probe:
        address = f"127.0.0.1:{probe.server_address[1]}"
    config = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "registry")}, "delete": {"enabled": True}},
        "http": {"addr": address},
    }
    if login:
        (folder / "htpasswd").write_text(f"alice:{HASH}\n")
        config["auth"] = {"htpasswd": {"realm": "here", "path": str(folder / "htpasswd")}}
    (folder / "registry.yml").write_text(json.dumps(config))  # JSON is YAML
    process = subprocess.Popen(
        ["docker-registry", "serve", str(folder / "registry.yml")],
        env={"PATH": os.environ["PATH"], "OTEL_TRACES_EXPORTER": "none"},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(f"http://{address}/v2/", process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(int(WAIT_S / 0.05)):
        try:
            urllib.request.urlopen(url, timeout=WAIT_S).close()
            return
        except urllib.error.HTTPError as exc:  # it wants a login, and so is up
            exc.close()
            return
        except URLError:
            assert process.poll() is None, "docker-registry does not start"
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
    raise AssertionError("docker-registry does not answer")


def push(host: str, name: str, layers: list[tuple[str, bytes]], headers: dict[str, str] | None = None) -> bytes:
    """Put a model into Docker's registry, in the simplest way there is; returns its manifest."""
    repository, _, tag = name.partition(":")
    base = f"http://{host}/v2/{repository}"

    def send(method: str, url: str, content: bytes, **more: str) -> str:
        request = urllib.request.Request(url, content, {**(headers or {}), **more}, method=method)
        with urllib.request.urlopen(request) as response:
            return str(response.headers.get("Location"))

    for content in [*(content for _, content in layers), b"{}"]:
        where = send("POST", f"{base}/blobs/uploads/", b"")
        send("PUT", f"{where}&digest={sha256(content)}", content, **{"Content-Type": "application/octet-stream"})
    manifest = manifest_of(layers)
    send("PUT", f"{base}/manifests/{tag}", manifest, **{"Content-Type": MEDIA_TYPE})
    return manifest
