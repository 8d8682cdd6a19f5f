"""The file that names tool servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from omm.cli.mcp_config import Program, Remote, Server, read
from omm.errors import InvalidRequest


def servers(folder: Path, **entries: Any) -> tuple[Server, ...]:
    path = folder / "c.json"
    path.write_text(json.dumps({"mcpServers": entries, "theme": "dark"}))
    return read(path)


def test_a_program(tmp_path: Path) -> None:
    entry = {"command": "uvx", "args": ["a", ""], "env": {"K": "v"}, "cwd": "/tmp", "autoApprove": []}
    assert servers(tmp_path, one=entry, two={"type": "stdio", "command": "x"}) == (
        Program(name="one", command="uvx", args=("a", ""), env={"K": "v"}, cwd="/tmp"),
        Program(name="two", command="x"),
    )


@pytest.mark.parametrize(
    ("kind", "is_sse"),
    [(None, False), ("http", False), ("streamable-http", False), ("streamableHttp", False), ("sse", True)],
)
def test_an_address(tmp_path: Path, kind: str | None, is_sse: bool) -> None:
    entry = {"url": "https://a.b/mcp", "headers": {"X-Key": "k"}, **({"type": kind} if kind else {})}
    expected = Remote(name="far", url="https://a.b/mcp", headers={"X-Key": "k"}, is_sse=is_sse)
    assert servers(tmp_path, far=entry) == (expected,)


def test_disabled_ones_are_left_out(tmp_path: Path) -> None:
    found = servers(tmp_path, a={"command": "x", "disabled": True}, b={"command": "y"})
    assert [server.name for server in found] == ["b"]


def test_variables_are_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    monkeypatch.delenv("MISSING", raising=False)
    entry = {"url": "http://${MISSING:-localhost}/${env:TOKEN}", "headers": {"Authorization": "Bearer ${TOKEN}"}}
    (found,) = servers(tmp_path, a=entry)
    assert found == Remote(name="a", url="http://localhost/secret", headers={"Authorization": "Bearer secret"})


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"command": 3}, r"Expected `str \| null`, got `int` - at `\$.command`"),
        ({"command": "x", "args": "y"}, r"Expected `array`, got `str` - at `\$.args`"),
        ({}, "expected either a command or a url"),
        ({"command": ""}, "expected either a command or a url"),
        ({"command": "x", "url": "http://a"}, "expected either a command or a url"),
        ({"command": "x", "type": "sse"}, 'type "sse" goes with a url'),
        ({"url": "a.b/mcp"}, "url: expected http://"),
        ({"url": "http://a", "type": "stdio"}, "url: expected http://"),
        ({"url": "http://a", "type": "carrier pigeon"}, r"Invalid enum value .*\$.type"),
        ({"command": "x", "env": {"K": "${OMM_NO_SUCH}"}}, "env.K: the environment variable OMM_NO_SUCH is not set"),
        ({"url": "http://${OMM_NO_SUCH}"}, "url: the environment variable OMM_NO_SUCH is not set"),
    ],
)
def test_what_makes_no_sense_is_named_with_file_and_key(tmp_path: Path, entry: Any, complaint: str) -> None:
    with pytest.raises(InvalidRequest, match=rf"c\.json: mcpServers\.odd: {complaint}"):
        servers(tmp_path, odd=entry)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "expected {.mcpServers."),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"servers": {}}', "missing required field `mcpServers`"),
        (b'{"mcpServers": {}}', "mcpServers names no server"),
        (b"\xff\xfe", "c.json"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(content)
    with pytest.raises(InvalidRequest, match=complaint):
        read(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"none\.json: No such file"):
        read(tmp_path / "none.json")
    with pytest.raises(InvalidRequest, match="Is a directory"):
        read(tmp_path)
