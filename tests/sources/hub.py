"""A model hub on this machine: speaks as much of Hugging Face's protocol as the real client needs to find and fetch.

Files come from a second server on another port, as the hub's own do, so that tests see what crosses that border.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Hub:
    """Repositories, what the servers do wrong on purpose, and what they were asked."""

    repos: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)  # when given, repositories are private
    api_status: int = 0  # answer every question with it
    api_page: bytes | None = None  # or with this
    coding: str = ""  # say that files have this content coding
    file_statuses: list[int] = field(default_factory=list)  # answer the next file requests with these
    cut_after: list[int] = field(default_factory=list)  # close the next file connections after so many bytes
    ranges: bool = True
    wrong_digest: bool = False
    without_lfs: bool = False
    served: bytes | None = None  # sent in place of any file
    hold: threading.Event | None = None  # files stop half-way until it is set
    num_held: int = 1 << 30  # so many of them
    stop_at: int | None = None  # files stop before this byte
    at_stop: threading.Event = field(default_factory=threading.Event)
    redirect_to: str = ""  # where the hub says that files are
    etag: str = ""  # of all files
    without_length: bool = False
    told_size: str = ""  # of all files, in place of what they have
    content_type: str = ""
    half_sent: threading.Event = field(default_factory=threading.Event)
    api_requests: list[Request] = field(default_factory=list)
    file_requests: list[Request] = field(default_factory=list)
    url: str = ""
    files_url: str = ""

    def add(self, repo: str, **files: bytes) -> None:
        """Add files; `__` in a name stands for a dot."""
        self.repos.setdefault(repo, {}).update({name.replace("__", "."): content for name, content in files.items()})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, format: str, *args: object) -> None:
        pass

    def seen(self) -> Request:
        return Request(self.command, self.path, {name.lower(): text for name, text in self.headers.items()})

    def reply(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class _Api(_Handler):
    """The hub itself: tells of repositories, and redirects to where the files are."""

    def do_GET(self) -> None:
        self.hub.api_requests.append(self.seen())
        path = unquote(urlsplit(self.path).path)
        if self.hub.api_status:
            self.reply(self.hub.api_status)
        elif self.hub.api_page is not None:
            self.reply(200, self.hub.api_page, Content_Type="application/json")
        elif path == "/api/models":
            self.search(parse_qs(urlsplit(self.path).query))
        elif path.startswith("/api/models/"):
            self.model(path.removeprefix("/api/models/"))
        else:
            self.resolve(path.removeprefix("/"))

    do_HEAD = do_GET

    def search(self, query: dict[str, list[str]]) -> None:
        assert (query["filter"], query["sort"]) == (["gguf"], ["downloads"])
        found = [repo for repo in self.hub.repos if query["search"][0].lower() in repo.lower()]
        rows = [
            {"id": repo, "modelId": repo, "tags": ["gguf", "license:mit"], "downloads": 10 + index}
            for index, repo in enumerate(found[: int(query["limit"][0])])
        ]
        self.reply(200, json.dumps(rows).encode(), Content_Type="application/json")

    def model(self, rest: str) -> None:
        repo = rest.split("/revision/")[0]
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if repo not in self.hub.repos or (self.hub.tokens and token not in self.hub.tokens):
            self.reply(401 if not token else 404, b'{"error":"Repository not found"}', X_Error_Code="RepoNotFound")
        elif repo in self.hub.gated:
            self.reply(403, b'{"error":"gated"}', X_Error_Code="GatedRepo")
        else:
            blobs = parse_qs(urlsplit(self.path).query).get("blobs", ["false"])[0].lower() in ("true", "1")
            self.reply(200, json.dumps(self.info(repo, blobs=blobs)).encode(), Content_Type="application/json")

    def info(self, repo: str, *, blobs: bool) -> dict[str, object]:
        siblings = []
        for name, content in self.hub.repos[repo].items():
            sibling: dict[str, object] = {"rfilename": name}
            if blobs:
                digest = hashlib.sha256(b"other" if self.hub.wrong_digest else content).hexdigest()
                sibling |= {"size": len(content), "blobId": "0" * 40}
                if not self.hub.without_lfs:
                    sibling["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 134}
            siblings.append(sibling)
        return {"id": repo, "modelId": repo, "sha": REVISION, "private": False, "tags": [], "siblings": siblings}

    def resolve(self, path: str) -> None:
        repo, _, rest = path.partition("/resolve/")
        revision, _, name = rest.partition("/")
        if revision != REVISION or name not in self.hub.repos.get(repo, {}):
            self.reply(404, X_Error_Code="EntryNotFound")
        else:
            self.reply(302, Location=self.hub.redirect_to or f"{self.hub.files_url}/{repo}/{name}?signature=x")


class _Files(_Handler):
    """Where the bytes are."""

    stop = 1 << 60

    def do_GET(self) -> None:
        hub = self.hub
        hub.file_requests.append(self.seen())
        if hub.file_statuses and (status := hub.file_statuses.pop(0)):
            self.reply(status)
            return
        user, repo, name = unquote(urlsplit(self.path).path).removeprefix("/").split("/", 2)
        content = hub.served if hub.served is not None else hub.repos[f"{user}/{repo}"][name]
        wanted = self.headers.get("Range")
        if not hub.ranges or wanted is None:
            self.send(200, content)
            return
        start, end = (int(text) for text in wanted.removeprefix("bytes=").split("-"))
        if start >= len(content):
            self.reply(416)
        else:
            end = min(end + 1, len(content))
            self.stop = hub.stop_at - start if hub.stop_at is not None else len(content)
            self.send(206, content[start:end], Content_Range=f"bytes {start}-{end - 1}/{hub.told_size or len(content)}")

    def send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        hub = self.hub
        own = {"Content_Encoding": hub.coding, "ETag": hub.etag, "Content_Type": hub.content_type}
        own["Content_Length"] = "" if hub.without_length else str(len(content))
        if hub.told_size and status == 200:
            own["Content_Length"] = hub.told_size
        self.close_connection = hub.without_length
        for name, text in {**headers, **own}.items():
            if text:
                self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        if self.hub.cut_after:
            self.wfile.write(content[: self.hub.cut_after.pop(0)])
            self.close_connection = True
            return
        if self.stop < len(content):
            self.wfile.write(content[: max(0, self.stop)])
            self.hub.at_stop.set()
            self.connection.recv(1)  # nothing, when the client is dead
            self.close_connection = True
            return
        half = len(content) // 2
        self.wfile.write(content[:half])
        if self.hub.hold is not None and self.hub.num_held > 0:
            self.hub.num_held -= 1
            self.wfile.flush()
            self.hub.half_sent.set()
            self.hub.hold.wait(120)
        self.wfile.write(content[half:])


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # clients that hang up are part of the tests
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def running_hub() -> Iterator[Hub]:
    """Both servers, on free ports, with a fresh hub."""
    hub = Hub()
    servers = [_Server(("127.0.0.1", 0), type("Handler", (kind,), {"hub": hub})) for kind in (_Api, _Files)]
    hub.url, hub.files_url = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    threads = [threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield hub
    finally:
        if hub.hold is not None:
            hub.hold.set()
        for server in servers:
            server.shutdown()
            server.server_close()
