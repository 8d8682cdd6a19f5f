"""Connections to tool servers: which tools they have, and calls of them. Asks nobody, and knows no model.

The client of the protocol is asynchronous and lives in a thread of its own; what is here waits for it, never for ever
unless the settings say so.

Source: Model Context Protocol; the official `mcp` package.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import shlex
import sys
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from omm.cli.mcp_config import Server
from omm.cli.mcp_connection import Connection, Result, Text, Tool, begun
from omm.errors import Unsupported

PACKAGE = "mcp>=2.3"
GRACE_S = 5.0  # for the protocol's own time limit to act before ours
# The client gives a server two seconds to end by itself, two more after SIGTERM, and two to see it dead.
CLOSE_S = 10.0
T = TypeVar("T")


class Failure(msgspec.Struct, frozen=True):
    """A server that could not be used, and why."""

    server: str
    reason: str


class Servers:
    """Tool servers that run, or are reached, until `close`.

    A wait longer than `timeout_s` is an error; None waits for ever. What a server writes to its standard error goes to
    a file in `log_dir`.

    Raises:
        Unsupported: the `mcp` package is not installed.
    """

    def __init__(self, configs: Sequence[Server], *, timeout_s: float | None, log_dir: Path) -> None:
        _require_package()
        log_dir.mkdir(parents=True, exist_ok=True)
        # What the package has to say, such as of lines that are no messages, must not land between answers.
        handler = logging.FileHandler(begun(log_dir / "mcp.log"), delay=True)
        handler.setFormatter(_Brief("%(asctime)s %(name)s: %(message)s"))
        logging.basicConfig(handlers=[handler])
        self._timeout_s = timeout_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mcp", daemon=True)
        self._connections = {config.name: Connection(config, log_dir, timeout_s) for config in configs}
        self._runs: list[Future[None]] = []

    def start(self) -> tuple[list[Tool], list[Failure]]:
        """Start or reach all servers at once; the tools of those that answered, and why the others did not."""
        self._thread.start()
        connections = list(self._connections.values())
        for connection in connections:
            run = self._submit(connection.run())
            run.add_done_callback(connection.ended)
            self._runs.append(run)
        concurrent.futures.wait([connection.ready for connection in connections], self._timeout_s)
        tools: list[Tool] = []
        failures = []
        for connection in connections:
            if reason := connection.failure():
                failures.append(Failure(connection.config.name, reason))
                self._loop.call_soon_threadsafe(connection.cancel)
            else:
                tools += connection.tools
        return tools, failures

    @property
    def names(self) -> frozenset[str]:
        """What they are called, those that failed included."""
        return frozenset(self._connections)

    def renewed(self) -> list[Tool] | None:
        """All tools again if a server said that it has others now, else None. One that does not tell keeps its old."""
        stale = [connection for connection in self._connections.values() if connection.is_stale and connection.is_alive]
        if not stale:
            return None
        concurrent.futures.wait([self._submit(connection.list_tools()) for connection in stale], self._timeout_s)
        return [tool for connection in self._connections.values() for tool in connection.tools]

    def is_alive(self, server: str) -> bool:
        """Whether a server may still answer, as far as is known."""
        return self._connections[server].is_alive

    def call(self, tool: Tool, arguments: dict[str, Any]) -> Result:
        """Call a tool. What fails, and a server that is gone, is a result too; an interrupt ends the call."""
        connection = self._connections[tool.server]
        call = self._submit(connection.call(tool.name, arguments))
        try:
            error = call.exception(None if self._timeout_s is None else self._timeout_s + GRACE_S)
        except (TimeoutError, concurrent.futures.CancelledError) as exc:
            error = exc
        finally:
            call.cancel()
        return call.result() if error is None else Result((Text(connection.reason(error)),), is_error=True)

    def close(self) -> None:
        """End all servers that were started here, and hang up on the others. May be called twice."""
        if self._thread.is_alive():
            for connection in self._connections.values():
                self._loop.call_soon_threadsafe(connection.stop)
            concurrent.futures.wait(self._runs, CLOSE_S)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CLOSE_S)
        if not self._loop.is_running():
            self._loop.close()

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


class _Brief(logging.Formatter):
    """Tells of an error without where in the package it came from: a server may cause one with each line."""

    def formatException(self, ei: Any) -> str:
        return str(ei[1])


def _require_package() -> None:
    import importlib.util

    if importlib.util.find_spec("mcp") is None:
        raise Unsupported(f"tools need the mcp package, which is not installed: {install_command(Path(sys.prefix))}")


def install_command(prefix: Path) -> str:
    """What adds the package to the installation whose Python lives in `prefix`."""
    if (prefix / "pipx_metadata.json").exists():
        return f"pipx inject {prefix.name} '{PACKAGE}'"
    if (prefix / "uv-receipt.toml").exists():
        return f"uv tool install --with '{PACKAGE}' {prefix.name}"
    return f"{shlex.quote(sys.executable)} -m pip install '{PACKAGE}'"
