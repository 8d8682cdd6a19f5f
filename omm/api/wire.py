"""Bytes on the wire: typed bodies in, JSON and NDJSON out, and streams that notice a lost client. Knows no protocol."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import falcon
import msgspec

from omm.api.services import EventStream
from omm.errors import Cancelled, InvalidRequest, OmmError, from_code
from omm.types import Event, Failed, Finished, PromptProgress, TextDelta, ThinkingDelta

log = logging.getLogger(__name__)

JSON_TYPE = "application/json; charset=utf-8"
NDJSON_TYPE = "application/x-ndjson"
POLL_S = 0.25
CHUNK_S = 0.02
COPY_BYTES = 1 << 20

Shape = TypeVar("Shape")
Item = TypeVar("Item")
encode = msgspec.json.Encoder().encode


# --- in ---------------------------------------------------------------------------------------------------------


def read_json(req: falcon.Request, shape: type[Shape]) -> Shape:
    """Decode the body, whatever its content type says. The size limit is middleware's.

    Raises:
        InvalidRequest: no body, no JSON, or a field of the wrong type; the message has its JSON path.
    """
    raw = req.bounded_stream.read()
    if not raw.strip():
        raise InvalidRequest("missing request body")
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as exc:
        raise InvalidRequest(str(exc), param=_json_path(str(exc))) from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidRequest(f"invalid JSON in the request body: {exc}") from exc
    except RecursionError as exc:
        raise InvalidRequest("invalid JSON in the request body: nested too deeply") from exc


def _json_path(message: str) -> str | None:
    _, found, path = message.rpartition(" - at `$.")
    return path.rstrip("`") if found else None


def body_chunks(req: falcon.Request) -> Iterator[bytes]:
    """Read a large body piece by piece."""
    while chunk := req.bounded_stream.read(COPY_BYTES):
        yield chunk


# --- out --------------------------------------------------------------------------------------------------------


def send_json(resp: falcon.Response, body: Any) -> None:
    """Answer with one JSON object."""
    resp.content_type = JSON_TYPE
    resp.data = encode(body)


class LineStream:
    """A WSGI body of NDJSON lines. `on_close` run once, however the response ends.

    NOTE: a class and not a generator: closing a generator that never started runs none of its `finally`.
    """

    def __init__(self, bodies: Iterable[Any], *on_close: Callable[[], None]) -> None:
        self._bodies = iter(bodies)
        self._on_close = list(on_close)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return encode(next(self._bodies)) + b"\n"

    def add_close(self, callback: Callable[[], None]) -> None:
        """Also run this at the end."""
        self._on_close.append(callback)

    def close(self) -> None:
        """Called by the WSGI server at the end, after a failed write and when the client left."""
        while self._on_close:
            self._on_close.pop(0)()


def send_lines(resp: falcon.Response, bodies: Iterable[Any], on_close: Callable[[], None]) -> None:
    """Answer with a stream of JSON lines."""
    resp.content_type = NDJSON_TYPE
    resp.set_header("x-accel-buffering", "no")  # NOTE: a proxy must pass each line on at once
    resp.stream = LineStream(bodies, on_close)


# --- streams ----------------------------------------------------------------------------------------------------


def has_left(req: falcon.Request) -> Callable[[], bool]:
    """A check whether the client hung up; always false on a server that cannot tell."""
    check: Callable[[], bool] = req.env.get("waitress.client_disconnected", lambda: False)
    return check


def open_events(req: falcon.Request, stream: EventStream) -> Iterator[Event]:
    """Wait for the first event, so that a failure before it still chooses the status; then yield all up to Finished.

    The caller closes the stream, except when this raises.

    Raises:
        OmmError: the request failed before its first event. Iterating raises what fails later.
    """
    try:
        return peek(watch_events(stream, has_left(req)))
    except BaseException:
        stream.close()
        raise


def watch_events(stream: EventStream, is_gone: Callable[[], bool]) -> Iterator[Event]:
    """Yield visible events up to Finished, neighbouring text merged where more is there than was read.

    PERF: a chunk costs 70 to 290 us of CPU on its way out, so a model that writes faster than `CHUNK_S` gets several
    tokens a chunk; the first goes out at once.

    Raises:
        Cancelled: the client left; nobody is there to read on.
        OmmError: the stream ended with Failed.
    """
    due = time.monotonic()
    while True:
        event = stream.next(POLL_S)
        if is_gone():
            raise Cancelled("the client left")
        if event is None:
            continue
        gathered = [] if isinstance(event, Finished | Failed) else stream.drain(due - time.monotonic())
        due = time.monotonic() + CHUNK_S
        for merged in merge_text([event, *gathered]):
            if isinstance(merged, Failed):
                raise from_code(merged.code, merged.message)
            if not isinstance(merged, PromptProgress):
                yield merged
            if isinstance(merged, Finished):
                return


def merge_text(events: list[Event]) -> list[Event]:
    """Join neighbouring deltas of one kind."""
    merged: list[Event] = []
    for event in events:
        last = merged[-1] if merged else None
        if isinstance(event, TextDelta) and isinstance(last, TextDelta):
            merged[-1] = TextDelta(text=last.text + event.text, logprobs=last.logprobs + event.logprobs)
        elif isinstance(event, ThinkingDelta) and isinstance(last, ThinkingDelta):
            merged[-1] = ThinkingDelta(text=last.text + event.text, logprobs=last.logprobs + event.logprobs)
        else:
            merged.append(event)
    return merged


def watch_items(items: Iterable[Item], is_gone: Callable[[], bool]) -> Iterator[Item]:
    """Yield items until the client leaves; raises Cancelled then."""
    for item in items:
        if is_gone():
            raise Cancelled("the client left")
        yield item


def peek(items: Iterator[Item]) -> Iterator[Item]:
    """Wait for the first item now, so that an error before it still chooses the status; then yield all.

    Raises:
        OmmError: what the source raises before its first item.
    """
    first = list(_take_one(items))

    def rest() -> Iterator[Item]:
        yield from first
        yield from items

    return rest()


def _take_one(items: Iterator[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        return


def end_with_error(items: Iterator[Item], shape: Callable[[OmmError], Item]) -> Iterator[Item]:
    """Turn an error after the first byte into a last item; a client that left gets none.

    NOTE: the status is sent and no handler of the framework sees what is raised here, so this is the second half of
    the application's last resort.
    """
    try:
        yield from items
    except Cancelled:
        return
    except OmmError as exc:
        yield shape(exc)
    except Exception:
        log.exception("a stream broke")
        yield shape(OmmError("internal error; the server's log has the details"))
