"""A client that costs little: asyncio, one connection a request, and nothing parsed while the clock runs."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One streamed answer: seconds from sending to the first body byte and to the end, and its last JSON object."""

    first_s: float
    total_s: float
    final: dict[str, Any]


async def stream(port: int, path: str, payload: dict[str, Any]) -> Answer:
    """POST to a server on this machine and read the answer to its end."""
    body = json.dumps(payload).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    start = time.perf_counter()
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    header = await reader.readuntil(b"\r\n\r\n")
    received = [await reader.read(1 << 16)]
    first = time.perf_counter()
    while block := await reader.read(1 << 16):
        received.append(block)
    end = time.perf_counter()
    writer.close()
    content = b"".join(received)
    if b" 200 " not in header.split(b"\r\n", 1)[0]:
        raise RuntimeError(f"{path} answered {header.decode()}{content.decode(errors='replace')}")
    if b"transfer-encoding: chunked" in header.lower():
        content = dechunk(content)
    return Answer(first - start, end - start, last_object(content))


def dechunk(content: bytes) -> bytes:
    """Take the chunk sizes out of a chunked body."""
    parts, position = [], 0
    while position < len(content):
        line_end = content.index(b"\r\n", position)
        size = int(content[position:line_end].split(b";")[0], 16)
        parts.append(content[line_end + 2 : line_end + 2 + size])
        position = line_end + 2 + size + 2
    return b"".join(parts)


def last_object(content: bytes) -> dict[str, Any]:
    """The last JSON object of an NDJSON or SSE stream."""
    for line in reversed(content.splitlines()):
        text = line.removeprefix(b"data: ")
        if text.startswith(b"{"):
            found: dict[str, Any] = json.loads(text)
            return found
    raise RuntimeError(f"no JSON object in the answer: {content[-200:]!r}")


async def together(port: int, path: str, payloads: list[dict[str, Any]]) -> list[Answer]:
    """Send all at once and wait for all."""
    return list(await asyncio.gather(*(stream(port, path, payload) for payload in payloads)))
