"""Which tool servers there are, read from a file in the form that most programs with tools share. Starts none of them.

Source: the `mcpServers` object of Claude Desktop, Claude Code and Cursor.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from omm import config
from omm.errors import NOT_JSON, InvalidRequest

KEY = "mcpServers"


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A server that is started here and spoken to over its standard input and output. `cwd` is its folder."""

    name: str
    command: str
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    cwd: str | None = None


class Remote(msgspec.Struct, frozen=True, kw_only=True):
    """A server that runs already; `is_sse` when it speaks the protocol's older form over HTTP."""

    name: str
    url: str
    headers: dict[str, str] = {}
    is_sse: bool = False


Server = Program | Remote


class _File(msgspec.Struct, frozen=True):
    servers: dict[str, msgspec.Raw] = msgspec.field(name=KEY)


class _Entry(msgspec.Struct, frozen=True, rename="camel"):
    type: Literal["stdio", "http", "streamable-http", "streamableHttp", "sse"] | None = None
    command: str | None = None
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    cwd: str | None = None
    url: str | None = None
    headers: dict[str, str] = {}
    disabled: bool = False


def read(path: Path) -> tuple[Server, ...]:
    """The servers of a file, in its order, without those that are disabled.

    Raises:
        InvalidRequest: unreadable, not of this form, or without any server; the message names file and key.
    """
    try:
        entries = msgspec.json.decode(path.read_bytes(), type=_File).servers
    except OSError as exc:
        raise InvalidRequest(f"{path}: {exc.strerror or exc}", param="mcp") from exc
    except NOT_JSON as exc:
        raise InvalidRequest(f'{path}: {exc} (expected {{"{KEY}": {{NAME: {{"command": …}}}}}})', param="mcp") from exc
    found = [server for name, raw in entries.items() if (server := _server(path, name, raw)) is not None]
    if not found:
        raise InvalidRequest(f"{path}: {KEY} names no server", param="mcp")
    return tuple(found)


def _server(path: Path, name: str, raw: msgspec.Raw) -> Server | None:
    try:
        entry = msgspec.json.decode(raw, type=_Entry)
        return None if entry.disabled else _of_entry(name, entry)
    except (*NOT_JSON, ValueError) as exc:
        raise InvalidRequest(f"{path}: {KEY}.{name}: {exc}", param="mcp") from exc


def _of_entry(name: str, entry: _Entry) -> Server:
    """Raises ValueError."""
    if bool(entry.command) == bool(entry.url):
        raise ValueError("expected either a command or a url")
    if entry.command:
        if entry.type not in (None, "stdio"):
            raise ValueError(f'type "{entry.type}" goes with a url, not with a command')
        return Program(
            name=name,
            command=_filled("command", entry.command),
            args=tuple(_filled("args", text) for text in entry.args),
            env=_all_filled("env", entry.env),
            cwd=entry.cwd and _filled("cwd", entry.cwd),
        )
    url = _filled("url", entry.url or "")
    if entry.type == "stdio" or not url.startswith(("http://", "https://")):
        raise ValueError("url: expected http://… or https://… and a type that goes with it, not stdio")
    return Remote(name=name, url=url, headers=_all_filled("headers", entry.headers), is_sse=entry.type == "sse")


def _all_filled(key: str, texts: dict[str, str]) -> dict[str, str]:
    return {name: _filled(f"{key}.{name}", text) for name, text in texts.items()}


def _filled(key: str, text: str) -> str:
    """A text with the variables that it names. Raises ValueError."""
    try:
        return config.filled(text)
    except KeyError as exc:
        raise ValueError(f"{key}: the environment variable {exc.args[0]} is not set") from exc
