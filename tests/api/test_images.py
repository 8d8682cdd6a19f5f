"""Pictures from the web: what is fetched, from where, and how much of it."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from omm.api import images
from omm.api.errors import InvalidImage, InvalidImageURL

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


class Site(BaseHTTPRequestHandler):
    """A few pages."""

    def do_GET(self) -> None:
        where = {"/there": "/a.png?x=1", "/round": "/round", "/inside": "http://127.0.0.2:1/", "/file": "file:///etc"}
        if self.path in where:
            self.send_response(302)
            self.send_header("location", where[self.path])
            self.end_headers()
            return
        if self.path == "/drip":
            self.send_response(200)
            self.flush_headers()
            while not self.server.is_over:  # type: ignore[attr-defined]
                time.sleep(0.02)
                try:
                    self.wfile.write(b"x-more: 1\r\n")
                except OSError:
                    break
            return
        body = {"/a.png?x=1": PNG, "/text": b"hello", "/long": PNG * 100}.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.is_over = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.is_over = True  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def is_one(address: images.Address) -> bool:
    """As if the first loopback address were a public one."""
    return address == ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize("path", ["/a.png?x=1", "/there"])
def test_a_picture_is_fetched(site: str, path: str) -> None:
    assert images.fetch(site + path, "p", is_one) == PNG


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/missing", "answered 404"),
        ("/round", "too many redirects"),
        ("/inside", "not a public one"),
        ("/file", "not a web address"),
    ],
)
def test_what_is_not_fetched(site: str, path: str, message: str) -> None:
    with pytest.raises(InvalidImageURL, match=message) as caught:
        images.fetch(site + path, "p", is_one)
    assert caught.value.param == "p"


def test_no_more_is_read_than_allowed(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 100)
    with pytest.raises(InvalidImageURL, match="it has more than"):
        images.fetch(site + "/long", "p", is_one)


def test_no_longer_is_waited_than_allowed(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "TIMEOUT_S", 0.0)
    with pytest.raises(InvalidImageURL, match="it took too long"):
        images.fetch(site + "/a.png?x=1", "p", is_one)


def test_a_server_that_drips_is_not_waited_for(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "TIMEOUT_S", 0.3)
    with pytest.raises(InvalidImageURL, match="it took too long"):
        images.fetch(site + "/drip", "p", is_one)


def test_a_handshake_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "TIMEOUT_S", 0.3)

    def drip() -> None:
        taken, _ = server.accept()
        with taken, contextlib.suppress(OSError):
            taken.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")  # a record and a message of 16 KB
            for _ in range(200):
                taken.sendall(b"\x00")
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(InvalidImageURL, match="it took too long"):
            images.fetch(f"https://127.0.0.1:{server.getsockname()[1]}/a.png", "p", is_one)
        thread.join()


def test_nothing_of_this_machine_is_fetched(site: str) -> None:
    with pytest.raises(InvalidImageURL, match="not a public one"):
        images.from_url(site + "/a.png?x=1", "p")


@pytest.mark.parametrize("content", [PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"BM12", b"RIFF1234WEBPVP8 "])
def test_known_formats(content: bytes) -> None:
    assert images.checked(content, "p") is content


@pytest.mark.parametrize("content", [b"", b"hello", b"RIFF1234WAVE", b"<svg/>"])
def test_other_formats(content: bytes) -> None:
    with pytest.raises(InvalidImage):
        images.checked(content, "p")
