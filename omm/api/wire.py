"""Bytes on the wire: typed bodies in, JSON and NDJSON out, and streams that notice a lost client. Knows no protocol."""

from __future__ import annotations

import itertools
import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import falcon
import msgspec

from omm.api import bodies
from omm.api.bodies import invalid_field
from omm.api.errors import InvalidJSON
from omm.api.services import EventStream
from omm.errors import Cancelled, OmmError, from_code
from omm.types import Event, Failed, Finished, PromptProgress, TextDelta, ThinkingDelta

log = logging.getLogger(__name__)

JSON_TYPE = "application/json; charset=utf-8"
NDJSON_TYPE = "application/x-ndjson"
SSE_TYPE = "text/event-stream; charset=utf-8"
POLL_S = 0.25
BEAT_S = 5.0  # between signs of life while a long prompt is read
PROGRESS_S = 0.5  # between reports of how much of a prompt is read, for who asked for them
CHUNK_S = 0.02
COPY_BYTES = 1 << 20

Shape = TypeVar("Shape")
Item = TypeVar("Item")
encode = msgspec.json.Encoder().encode


# --- in ---------------------------------------------------------------------------------------------------------


def read_json(req: falcon.Request, shape: type[Shape]) -> Shape:
    """Decode the body, whatever its content type says. The size limit is middleware's, also when it is compressed.

    Raises:
        InvalidJSON: no body, or no JSON.
        InvalidRequest: a field of the wrong type or a missing one; `param` is its JSON path.
        TooLarge, UnsupportedEncoding: about a compressed body.
    """
    raw = read_body(req)
    if not raw.strip():
        raise InvalidJSON("missing request body")
    try:
        return _decode(raw, shape)
    except InvalidJSON:
        if (mended := bodies.whole_characters(raw)) == raw:
            raise
        return _decode(mended, shape)


def _decode(raw: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as exc:
        raise invalid_field(exc, raw, shape) from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InvalidJSON(f"invalid JSON in the request body: {exc}") from exc
    except RecursionError as exc:
        raise InvalidJSON("invalid JSON in the request body: nested too deeply") from exc


def read_body(req: falcon.Request) -> bytes:
    """The whole body, decompressed."""
    raw: bytes = req.bounded_stream.read()
    encoding = req.get_header("content-encoding")
    return bodies.decompress(raw, encoding, getattr(req.context, "max_body", len(raw))) if encoding else raw


def body_chunks(req: falcon.Request) -> Iterator[bytes]:
    """Read a large body piece by piece."""
    while chunk := req.bounded_stream.read(COPY_BYTES):
        yield chunk


# --- out --------------------------------------------------------------------------------------------------------


def send_json(resp: falcon.Response, body: Any) -> None:
    """Answer with one JSON object."""
    resp.content_type = JSON_TYPE
    resp.data = encode(body)


class BodyStream:
    """A WSGI body of chunks. `on_close` run once, however the response ends.

    NOTE: a class and not a generator: closing a generator that never started runs none of its `finally`.
    """

    def __init__(self, chunks: Iterable[bytes], *on_close: Callable[[], None]) -> None:
        self._chunks = iter(chunks)
        self._on_close = list(on_close)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def add_close(self, callback: Callable[[], None]) -> None:
        """Also run this at the end."""
        self._on_close.append(callback)

    def close(self) -> None:
        """Called by the WSGI server at the end, after a failed write and when the client left."""
        while self._on_close:
            self._on_close.pop(0)()


def send_lines(resp: falcon.Response, bodies: Iterable[Any], on_close: Callable[[], None]) -> None:
    """Answer with a stream of JSON lines."""
    _send_stream(resp, NDJSON_TYPE, (encode(body) + b"\n" for body in bodies), on_close)


def send_events(resp: falcon.Response, frames: Iterable[bytes], on_close: Callable[[], None]) -> None:
    """Answer with server-sent events, made by `sse` and `SSE_BEAT`."""
    resp.set_header("cache-control", "no-cache")
    _send_stream(resp, SSE_TYPE, frames, on_close)


def sse(data: Any, event: str | None = None) -> bytes:
    """One server-sent event; `data` is anything msgspec encodes, or bytes that are JSON already."""
    payload = data if isinstance(data, bytes) else encode(data)
    head = b"" if event is None else b"event: " + event.encode() + b"\n"
    return head + b"data: " + payload + b"\n\n"


SSE_BEAT = b": keep-alive\n\n"
SSE_DONE = b"data: [DONE]\n\n"


def _send_stream(resp: falcon.Response, kind: str, chunks: Iterable[bytes], on_close: Callable[[], None]) -> None:
    resp.content_type = kind
    resp.set_header("x-accel-buffering", "no")  # NOTE: a proxy must pass each chunk on at once
    resp.stream = BodyStream(chunks, on_close)


# --- streams ----------------------------------------------------------------------------------------------------


def has_left(req: falcon.Request) -> Callable[[], bool]:
    """A check whether the client hung up; always false on a server that cannot tell."""
    check: Callable[[], bool] = req.env.get("waitress.client_disconnected", lambda: False)
    return check


def open_events(
    req: falcon.Request, stream: EventStream, *, beat_s: float = math.inf, tells_start: bool = False
) -> Iterator[Event]:
    """Wait for the first event, so that a failure before it still chooses the status; then yield all up to Finished.

    With `beat_s`, a PromptProgress comes whenever nothing else did for so long, from the time that the prompt is read:
    while the model loads and requests wait, the status is still open. With `tells_start`, one also comes first, as
    soon as the prompt is read. The caller closes the stream, except when this raises.

    Raises:
        OmmError: the request failed before its first event. Iterating raises what fails later.
    """
    try:
        events = watch_events(stream, has_left(req), beat_s=beat_s, tells_start=tells_start)
        return peek(itertools.dropwhile(is_waiting, events))
    except BaseException:
        stream.close()
        raise


def watch_events(
    stream: EventStream, is_gone: Callable[[], bool], *, beat_s: float = math.inf, tells_start: bool = False
) -> Iterator[Event]:
    """Yield events up to Finished, neighbouring text merged where more is there than was read.

    Of PromptProgress only what `beat_s` asks for, one for so many seconds of silence, and with `tells_start` the first
    that knows the prompt.

    PERF: a chunk costs 70 to 290 us of CPU on its way out, so a model that writes faster than `CHUNK_S` gets several
    tokens a chunk; the first goes out at once.

    Raises:
        Cancelled: the client left; nobody is there to read on.
        OmmError: the stream ended with Failed.
    """
    due = spoke = time.monotonic()
    progress = PromptProgress(done=0, total=0)
    while True:
        event = stream.next(min(POLL_S, beat_s))
        if is_gone():
            raise Cancelled("the client left")
        is_silent = event is None or isinstance(event, PromptProgress)
        gathered = [] if event is None or is_last(event) else stream.drain(0 if is_silent else due - time.monotonic())
        due = due if is_silent and not gathered else time.monotonic() + CHUNK_S
        for merged in merge_text([event, *gathered] if event else []):
            if isinstance(merged, PromptProgress):
                progress = merged
                if tells_start and merged.total:
                    tells_start = False
                    yield merged
                continue
            if isinstance(merged, Failed):
                raise from_code(merged.code, merged.message, merged.param)
            yield merged
            spoke = time.monotonic()
            if isinstance(merged, Finished):
                return
        if time.monotonic() - spoke >= beat_s:
            yield progress
            spoke = time.monotonic()


def is_waiting(event: Event) -> bool:
    """Whether it tells that nothing has begun."""
    return isinstance(event, PromptProgress) and not event.total


def is_last(event: Event) -> bool:
    """Whether nothing follows."""
    return isinstance(event, Finished | Failed)


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
