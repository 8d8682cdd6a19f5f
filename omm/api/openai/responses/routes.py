"""Thin resources: /v1/responses and what is stored of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import falcon
import msgspec

from omm.api.errors import RouteNotFound, UnsupportedParameter
from omm.api.openai import streams
from omm.api.openai.lookup import find
from omm.api.openai.parts import Model
from omm.api.openai.render import new_id
from omm.api.openai.responses import chain, inputs, parse
from omm.api.openai.responses.events import Completed, Incomplete
from omm.api.openai.responses.parse import Turn
from omm.api.openai.responses.render import Form, Writer
from omm.api.openai.responses.schema import (
    MAX_LISTED,
    DeletedReply,
    InputTokensReply,
    ItemsReply,
    ResponsesBody,
)
from omm.api.services import ResponseStore, Services
from omm.api.wire import SSE_BEAT, SSE_DONE, end_with_error, open_events, read_json, send_events, send_json, sse
from omm.errors import InvalidRequest, OmmError
from omm.types import Event

DEFAULT_LISTED = 20

# --- creating ---------------------------------------------------------------------------------------------------


class ResponsesResource:
    """POST /v1/responses: the next turn of a conversation."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """The response object, or its events when asked for."""
        body = read_json(req, ResponsesBody)
        record, model = find(self._services.library, body.model)
        turn = read_turn(body, model, self._services.responses)
        store = None if body.store is False else self._services.responses
        draft = parse.draft(body, record, turn, is_stored=store is not None)
        writer = Writer(draft, turn.offer, _form(body))
        with streams.about("input", "text.format" if body.text and body.text.format else "format"):
            stream = self._services.inference.chat(turn.request)
            events = open_events(req, stream, beat_s=streams.beat(is_stream=bool(body.stream)))
            if body.stream:
                _send(resp, _Answer(writer, events, turn, store), stream.close)
                return
            with contextlib.closing(stream):
                answer = _Answer(writer, events, turn, store)
                for _ in answer.frames():
                    continue  # what is not streamed is the last event's object
        send_json(resp, writer.response)


def read_turn(body: ResponsesBody, model: Model, store: ResponseStore | None) -> Turn:
    """Raises InvalidRequest and its kind."""
    parse.check(body)
    entries = [*chain.history(store, body.previous_response_id), *inputs.read(body.input)]
    return parse.turn(body, model, chain.resolve(store, entries))


def _form(body: ResponsesBody) -> Form:
    wanted = body.include or ()
    return Form(logprobs=parse.WITH_LOGPROBS in wanted, is_sealed=parse.WITH_REASONING in wanted)


class _Answer:
    """One response on its way out; it is stored before its last event tells that it is there."""

    def __init__(self, writer: Writer, events: Iterable[Event], turn: Turn, store: ResponseStore | None) -> None:
        self.writer = writer
        self._events = events
        self._turn = turn
        self._store = store

    def frames(self) -> Iterator[bytes]:
        for event in self.writer.stream(self._events):
            if event is None:
                yield SSE_BEAT
                continue
            if isinstance(event, Completed | Incomplete) and self._store is not None:
                chain.keep(self._store, event.response, self._turn.entries)
            yield sse(event, event.kind)
        yield SSE_DONE
