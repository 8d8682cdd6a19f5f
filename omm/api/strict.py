"""A stricter front for waitress: what must be refused before its parser joins, drops or stores it.

Knows no route but one: blobs may be larger than the limit for bodies, so there the sender, the key and the space on the
disk are checked before the body.
"""

from __future__ import annotations

import copy
import shutil
from http import HTTPStatus
from pathlib import Path
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, get_header_lines
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error

from omm.api.errors import error_response, request_id
from omm.api.gate import Gate
from omm.api.wire import JSON_TYPE, encode
from omm.config import Settings
from omm.errors import InvalidRequest, OmmError, StorageFailed, TooLarge
from omm.units import format_bytes

SINGLE_HEADERS = frozenset({b"host", b"content-length", b"transfer-encoding", b"content-type"})
BLOB_PREFIX = "/api/blobs/"


def harden(server: Any, settings: Settings) -> None:
    """Make a server from `waitress.create_server` use the strict parser; call before `run`."""
    channel = strict_channel(settings)
    sockets = getattr(server, "map", None) or server._map  # several sockets, or one
    for listener in list(sockets.values()):
        if isinstance(listener, BaseWSGIServer):
            listener.channel_class = channel


def strict_channel(settings: Settings) -> type[HTTPChannel]:
    """Make a channel class, as waitress wants a class and no instance of one."""

    class Parser(StrictParser):
        limit = settings.max_body
        gate = Gate(settings)
        folder = settings.models

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser
        task_class = KeepingTask
        error_task_class = JsonErrorTask

    return Channel


class StrictParser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses repeated headers, bodies over the limit, and blobs from strangers."""

    limit: int
    gate: Gate
    folder: Path
    path = "/"

    def parse_header(self, header_plus: bytes) -> None:
        """Refuses what waitress would let pass; raises ParsingError for what it does not."""
        try:
            super().parse_header(header_plus)
        except ParsingError:
            self.expect_continue = False  # else waitress asks for the body of what it refuses
            raise
        if error := self._objection(header_plus):
            self._refuse(error)
        elif not self._is_blob():
            # NOTE: for a chunked body, which waitress counts. The adjustments are the server's: take a copy.
            self.adj: Any = copy.copy(self.adj)
            self.adj.max_request_body_size = self.limit + 1

    def _objection(self, header_plus: bytes) -> OmmError | None:
        if ambiguity := find_ambiguity(header_plus):
            return InvalidRequest(ambiguity)
        if not self._is_blob() and self.content_length > self.limit:
            return TooLarge(f"request body of {self.content_length} bytes exceeds the limit of {self.limit}")
        has_body = self.content_length or self.chunked  # a preflight has none, and no key either
        return self._blob_objection() if self._is_blob() and has_body else None

    def _blob_objection(self) -> OmmError | None:
        headers = self._dashed_headers()
        try:
            self.gate.check_sender(self.command, headers)
            self.gate.check_key(headers)
        except OmmError as exc:
            return exc
        return find_shortage(self.content_length, self.folder)

    def _is_blob(self) -> bool:
        return str(self.path).startswith(BLOB_PREFIX)

    def _dashed_headers(self) -> dict[str, str]:
        return {name.replace("_", "-"): value for name, value in self.headers.items()}

    def _refuse(self, error: OmmError) -> None:
        """End the request here, without reading its body or asking for it."""
        self.error = Refusal(error)
        self.body_rcv, self.content_length, self.chunked, self.expect_continue = None, 0, False, False


def find_ambiguity(header_plus: bytes) -> str | None:
    """A repeated header, or a length beside a transfer coding: request smuggling needs either."""
    lines = get_header_lines(header_plus.partition(b"\r\n")[2])
    names = [line.partition(b":")[0].strip().lower() for line in lines]
    for name in sorted(SINGLE_HEADERS):
        if names.count(name) > 1:
            return f"repeated {name.decode()} header"
    both = b"content-length" in names and b"transfer-encoding" in names
    return "content-length beside transfer-encoding" if both else None


def find_shortage(size: int, folder: Path) -> StorageFailed | None:
    """An upload that cannot fit: waitress would notice when the disk is full, and just hang up."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None  # whoever writes there says it better
    needed = 2 * size  # as it came, and the blob
    if needed <= free:
        return None
    return StorageFailed(f"not enough disk space: {format_bytes(needed)} needed, {format_bytes(free)} free")


class Refusal(Error):  # type: ignore[misc]
    """An error of ours in the place where waitress keeps its own."""

    def __init__(self, error: OmmError) -> None:
        super().__init__(error.message)
        self.error = error
        self.reason = HTTPStatus(error.status).phrase


class KeepingTask(WSGITask):  # type: ignore[misc]
    """Keeps the connection after a stream: a body in chunks says where it ends, yet waitress hangs up after each."""

    def set_close_on_finish(self) -> None:
        """Close, unless the only reason is that the answer has no length."""
        if self.wrote_header or not self.chunked_response or self.request.command == "HEAD":
            super().set_close_on_finish()


class JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """Answers what was refused before the application saw it, in the shape of the path's protocol."""

    def execute(self) -> None:
        """Write the answer; the connection closes after it."""
        name = request_id(self.request.headers.get("X_REQUEST_ID"))
        status, body = error_response(as_omm(self.request.error), self.request.path, name)
        content = encode(body)
        self.status = f"{status} {self.request.error.reason}"
        self.response_headers += [("Content-Type", JSON_TYPE), ("X-Request-Id", name), ("Request-Id", name)]
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)


def as_omm(error: Error) -> OmmError:
    """Translate waitress's error."""
    if isinstance(error, Refusal):
        return error.error
    if error.code == 500:
        return OmmError("internal error; the server's log has the details")
    translated = (TooLarge if error.code == 413 else InvalidRequest)(f"{error.reason.lower()}: {error.body}")
    translated.status = error.code
    return translated
