"""Tool servers for tests, started as omm starts them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from omm.cli.mcp import Servers
from omm.cli.mcp_config import Program, Server
from omm.cli.mcp_connection import Result, Text, Tool
from tests.cli import toolserver

TIMEOUT_S = 60.0


def program(name: str = "weather", *args: str, **more: Any) -> Program:
    return Program(name=name, command=sys.executable, args=(toolserver.__file__, name, *args), **more)


@contextlib.contextmanager
def started(folder: Path, *configs: Server, timeout_s: float = TIMEOUT_S) -> Iterator[tuple[Servers, dict[str, Tool]]]:
    """Servers that all answered, and their tools by name."""
    servers = Servers(configs, timeout_s=timeout_s, log_dir=folder)
    try:
        tools, failures = servers.start()
        assert not failures
        yield servers, {tool.name: tool for tool in tools}
    finally:
        servers.close()


def said(result: Result) -> str:
    (part,) = result.parts
    assert isinstance(part, Text)
    return part.text
