"""Where the settings say that the server is."""

from __future__ import annotations

import pytest

from omm.cli.address import Address
from omm.config import Settings


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("example.org:8080", "http://example.org:8080"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:80", "http://127.0.0.1:80"),
        ("[::]:5000", "http://[::1]:5000"),
        ("http://box", "http://box:80"),
        ("https://box", "https://box:443"),
        ("https://box:1234/omm/", "https://box:1234/omm"),
        ("box/a/b", "http://box:11434/a/b"),
    ],
)
def test_address_of_a_host(host: str, text: str) -> None:
    assert str(Address.of(Settings.load({"OLLAMA_HOST": host}))) == text


def test_port_setting_wins_over_the_hosts() -> None:
    assert Address.of(Settings.load({"OMM_HOST": "box:1", "OMM_PORT": "2"})).port == 2


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [("localhost", True), ("127.1.2.3", True), ("::1", True), ("0.0.0.0", True), ("10.0.0.1", False), ("box", False)],
)
def test_loopback(host: str, is_loopback: bool) -> None:
    assert Address.of(Settings.load({"OMM_HOST": host})).is_loopback == is_loopback
