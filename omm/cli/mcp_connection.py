"""One tool server: how it is started or reached, what tools it has, a call. Lives in the loop's thread.

Source: Model Context Protocol; the official `mcp` package.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from omm import __version__
from omm.cli.address import LOOPBACK
from omm.cli.mcp_config import Program, Remote, Server

if TYPE_CHECKING:
    import mcp
    from mcp.client import Transport
    from mcp.client.session import IncomingMessage
    from mcp.shared._httpx_utils import McpHttpClientFactory
    from mcp.types import BlobResourceContents, CallToolResult, ContentBlock, TextResourceContents

LOG_BYTES = 1 << 20  # of an earlier log, above which a new one is begun
CONNECT_TIMEOUT_S = 30.0
MAX_PAGES = 100  # of a list of tools


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


class Connection:
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


async def _transport(config: Server, stack: contextlib.AsyncExitStack, log: Path) -> Transport:
    from mcp import StdioServerParameters, stdio_client
    from mcp.client.sse import sse_client
    from mcp.client.streamable_http import streamable_http_client

    if isinstance(config, Program):
        errors = stack.enter_context(begun(log).open("a", encoding="utf-8", errors="replace"))
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


def begun(log: Path) -> Path:
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
