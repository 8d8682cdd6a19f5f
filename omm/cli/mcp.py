"""Connections to tool servers: which tools they have, and calls of them. Asks nobody, and knows no model.

The client of the protocol is asynchronous and lives in a thread of its own; what is here waits for it, never for ever
unless the settings say so.

Source: Model Context Protocol; the official `mcp` package.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import re
import shlex
import sys
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from omm import __version__
from omm.cli.client import LOOPBACK
from omm.cli.mcp_config import Program, Remote, Server
from omm.errors import Unsupported

if TYPE_CHECKING:
    import mcp
    from mcp.client import Transport
    from mcp.client.session import IncomingMessage
    from mcp.shared._httpx_utils import McpHttpClientFactory
    from mcp.types import BlobResourceContents, CallToolResult, ContentBlock, TextResourceContents

PACKAGE = "mcp>=2.3"
LOG_BYTES = 1 << 20  # of an earlier log, above which a new one is begun
CONNECT_TIMEOUT_S = 30.0
GRACE_S = 5.0  # for the protocol's own time limit to act before ours
# The client gives a server two seconds to end by itself, two more after SIGTERM, and two to see it dead.
CLOSE_S = 10.0
MAX_PAGES = 100  # of a list of tools
T = TypeVar("T")


class Tool(msgspec.Struct, frozen=True):
    """A tool under its server's own name; `schema` is the JSON Schema of its arguments."""

    server: str
    name: str
    description: str
    schema: dict[str, Any]


class Media(msgspec.Struct, frozen=True, tag=True):
    """What is no text in a result, in base64; `kind` is its MIME type."""

    data: str
    kind: str


class Text(msgspec.Struct, frozen=True, tag=True):
    """A text in a result."""

    text: str


class Result(msgspec.Struct, frozen=True):
    """What came of a call."""

    parts: tuple[Text | Media, ...]
    is_error: bool = False


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
        handler = logging.FileHandler(_begun(log_dir / "mcp.log"), delay=True)
        handler.setFormatter(_Brief("%(asctime)s %(name)s: %(message)s"))
        logging.basicConfig(handlers=[handler])
        self._timeout_s = timeout_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mcp", daemon=True)
        self._connections = {config.name: _Connection(config, log_dir, timeout_s) for config in configs}
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


class _Connection:
    """One server. All but `ready`, `failure` and `reason` belongs to the loop's thread; others read the rest.

    `is_stale` means that it has other `tools` by now.
    """

    def __init__(self, config: Server, log_dir: Path, timeout_s: float | None) -> None:
        self.config = config
        self.ready: Future[None] = Future()
        self.tools: list[Tool] = []
        self.is_alive = False
        self.is_stale = False
        self._timeout_s = timeout_s
        self._log = log_dir / f"mcp-{re.sub(r'[^A-Za-z0-9_-]', '_', config.name)}.log"
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._client: mcp.Client | None = None

    async def run(self) -> None:
        """Hold the connection until it shall stop."""
        import mcp
        import mcp.types

        self._task = asyncio.current_task()
        async with contextlib.AsyncExitStack() as stack:
            transport = await _transport(self.config, stack, self._log)
            me = mcp.types.Implementation(name="omm", version=__version__)
            client = mcp.Client(
                transport, client_info=me, read_timeout_seconds=self._timeout_s, cache=None, message_handler=self._heed
            )
            self._client = await stack.enter_async_context(client)
            await self.list_tools()
            self.is_alive = True
            self.ready.set_result(None)
            watch = asyncio.create_task(self._watch(client))
            try:
                await self._stop.wait()
            finally:
                watch.cancel()
                await asyncio.wait([watch])

    async def list_tools(self) -> None:
        """Ask for all tools; what is known stays when that fails."""
        assert self._client is not None
        self.is_stale = False
        self.tools = await _tools(self.config.name, self._client)

    async def _heed(self, message: IncomingMessage) -> None:
        """Take note of a change that a server of the protocol's older versions tells of by itself."""
        from mcp.types import ToolListChangedNotification

        self.is_stale = self.is_stale or isinstance(message, ToolListChangedNotification)

    async def _watch(self, client: mcp.Client) -> None:
        """The same for newer versions, where a client must ask to be told. Of no server is it demanded."""
        from mcp import MCPError
        from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost

        with contextlib.suppress(ListenNotSupportedError, SubscriptionLost, MCPError, TimeoutError):
            async with client.listen(tools_list_changed=True) as changes:
                async for _ in changes:
                    self.is_stale = True

    def stop(self) -> None:
        """Let it end, or give up connecting."""
        self._stop.set()
        if not self.is_alive:
            self.cancel()

    def cancel(self) -> None:
        """End it.

        NOTE: not by cancelling the future, which would be done before the server's process is; and once, as another
        time would cut that short.
        """
        if self._task:
            self._task.cancel()
            self._task = None

    def ended(self, run: Future[None]) -> None:
        """It is over: who waits for its tools waits in vain."""
        self.is_alive = False
        if not self.ready.done():
            error = TimeoutError() if run.cancelled() else run.exception()
            self.ready.set_exception(error or TimeoutError())

    async def call(self, name: str, arguments: dict[str, Any]) -> Result:
        """Call a tool."""
        from mcp import MCPError
        from mcp.types import CONNECTION_CLOSED

        assert self._client is not None  # only tools that it listed are called
        try:
            result = await self._client.call_tool(name, arguments)
        except MCPError as exc:
            self.is_alive = self.is_alive and exc.code != CONNECTION_CLOSED
            raise
        return _result(result)

    def failure(self) -> str:
        """Why there are no tools; empty where there are."""
        if not self.ready.done():
            return self.reason(TimeoutError())
        error = self.ready.exception()
        return self.reason(error) if error else ""

    def reason(self, error: BaseException) -> str:
        """What went wrong, for a person and for a model."""
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if isinstance(error, TimeoutError):
            text = f"no answer within {self._timeout_s:g} seconds" if self._timeout_s else "no answer"
        elif isinstance(self.config, Remote) and (status := _status(error)):
            text = status
        elif isinstance(error, OSError) and error.strerror:
            text = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        else:
            text = str(error).partition("\n")[0] or type(error).__name__
        return f"{text} (see {self._log})" if self._log.exists() and self._log.stat().st_size else text


def _status(error: BaseException) -> str:
    """What a server said to a request, if that is the error: its own words have the address, in which keys may be."""
    import httpx2

    if not isinstance(error, httpx2.HTTPStatusError):
        return ""
    return f"{error.response.status_code} {error.response.reason_phrase}"


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


# --- in the loop's thread -------------------------------------------------------------------------------------------


async def _transport(config: Server, stack: contextlib.AsyncExitStack, log: Path) -> Transport:
    from mcp import StdioServerParameters, stdio_client
    from mcp.client.sse import sse_client
    from mcp.client.streamable_http import streamable_http_client

    if isinstance(config, Program):
        errors = stack.enter_context(_begun(log).open("a", encoding="utf-8", errors="replace"))
        how = StdioServerParameters(
            command=config.command,
            args=list(config.args),
            env=config.env,
            cwd=config.cwd,
            encoding_error_handler="replace",
        )
        return stdio_client(how, errors)
    new_client = _http_client_factory(config.url)
    if config.is_sse:
        return sse_client(config.url, config.headers, httpx_client_factory=new_client)
    return streamable_http_client(config.url, http_client=await stack.enter_async_context(new_client(config.headers)))


def _http_client_factory(url: str) -> McpHttpClientFactory:
    """Makes clients for one address. A server on this machine is reached directly, whatever proxy there is."""
    import httpx2

    def new(
        headers: dict[str, str] | None = None, timeout: httpx2.Timeout | None = None, auth: httpx2.Auth | None = None
    ) -> httpx2.AsyncClient:
        # A stream of events may be silent for as long as the user thinks; calls have their own limit.
        patient = httpx2.Timeout(CONNECT_TIMEOUT_S, read=None)
        is_near = urlsplit(url).hostname in LOOPBACK
        return httpx2.AsyncClient(headers=headers, timeout=patient, auth=auth, trust_env=not is_near)

    return new


def _begun(log: Path) -> Path:
    """A log that only its owner may read, and that does not grow for ever."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.unlink()
    log.touch(mode=0o600)
    return log


async def _tools(server: str, client: mcp.Client) -> list[Tool]:
    """All pages of the list."""
    found: list[Tool] = []
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += [Tool(server, tool.name, tool.description or "", tool.input_schema) for tool in page.tools]
        cursor = page.next_cursor
        if not cursor:
            break
    return found


def _result(result: CallToolResult) -> Result:
    parts = [_part(content) for content in result.content]
    if not parts and result.structured_content is not None:
        parts = [Text(msgspec.json.encode(result.structured_content).decode())]
    return Result(tuple(parts), is_error=bool(result.is_error))


def _part(content: ContentBlock) -> Text | Media:
    match content.type:
        case "text":
            return Text(content.text)
        case "image" | "audio":
            return Media(content.data, content.mime_type)
        case "resource_link":
            lines = (content.title or content.name, content.uri, content.description)
            return Text("\n".join(line for line in lines if line))
        case "resource":
            return _resource(content.resource)


def _resource(resource: TextResourceContents | BlobResourceContents) -> Text | Media:
    from mcp.types import TextResourceContents

    if isinstance(resource, TextResourceContents):
        return Text(f"{resource.uri}:\n{resource.text}")
    return Media(resource.blob, resource.mime_type or "application/octet-stream")
