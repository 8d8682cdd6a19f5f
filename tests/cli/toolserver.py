"""A real MCP server to be called: `python toolserver.py NAME [PID_FILE]` speaks over stdio and writes its process id.

With a pid file it is stubborn too: neither the end of its input nor SIGTERM ends it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from mcp.server.mcpserver import Context, Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import EmbeddedResource, ResourceLink, TextResourceContents

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def server(name: str) -> MCPServer:
    """What the tests call; `other` has one tool of the same name."""
    made = MCPServer(name, log_level="CRITICAL")
    made.add_tool(get_weather)
    if name != "other":
        for tool in (fail, die, hang, picture, long, link, variable, learn):
            made.add_tool(tool)
    return made


def get_weather(city: str) -> str:
    """Get the current weather for a city.

    And some more.
    """
    print(f"asked for {city}", file=sys.stderr, flush=True)
    return f"sunny in {city}"


def fail() -> str:
    """Raise an error."""
    raise ToolError("no such luck")


def die() -> str:
    """End the server in the middle of a call."""
    os._exit(3)


def hang(path: str) -> str:
    """Say in a file that it was called, and never answer."""
    Path(path).write_text("called", encoding="ascii")
    threading.Event().wait()
    return ""


def picture() -> list[Image | str]:
    """A red pixel."""
    return ["Look:", Image(data=PIXEL, format="png")]


def long(length: int) -> str:
    """A long text."""
    return "x" * length


def link() -> list[ResourceLink | EmbeddedResource]:
    """A link to a resource, and one that is there."""
    text = TextResourceContents(uri="file:///b.txt", text="Inside", mime_type="text/plain")
    return [ResourceLink(name="a", uri="file:///a.txt"), EmbeddedResource(resource=text)]


def variable(name: str) -> str:
    """A variable of the server's environment."""
    return os.environ.get(name, "unset")


async def learn(ctx: Context[None]) -> str:
    """Have one tool more from now on, and tell of it in the words of old and of new versions of the protocol."""
    ctx.mcp_server.add_tool(taught)
    await ctx.notify_tools_changed()
    await ctx.session.send_tool_list_changed()
    return "learned"


def taught() -> str:
    """What was learned."""
    return "I know it now"


def main(name: str, pid_file: str = "") -> None:
    if pid_file:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        Path(pid_file).write_text(str(os.getpid()), encoding="ascii")
    server(name).run("stdio")
    if pid_file:
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
