"""Thin resources: /v1/responses and what is stored of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import falcon
import msgspec

from omm.api.errors import RouteNotFound, UnsupportedParameter
from omm.api.openai import streams
from omm.api.openai.lookup import find
from omm.api.openai.parts import Model
from omm.api.openai.responses import chain, inputs, parse
from omm.api.openai.responses.events import Completed, Incomplete, StreamEvent
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
from omm.service import configured

DEFAULT_LISTED = 20

# --- making -----------------------------------------------------------------------------------------------------


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
        record = configured.applied(record, self._services.settings)
        draft = parse.draft(body, record, turn, is_stored=store is not None)
        writer = Writer(draft, turn.offer, _form(body))
        with about(body):
            stream = self._services.inference.chat(turn.request)
            events = open_events(req, stream, beat_s=streams.beat(is_stream=bool(body.stream)))
            written = kept(writer.stream(events), turn, store)
            if body.stream:
                _send(resp, written, writer, stream.close)
                return
            with contextlib.closing(stream):
                for _ in written:
                    continue  # what is not streamed is the object of the last event
        send_json(resp, writer.response)


class InputTokensResource:
    """POST /v1/responses/input_tokens: how long the prompt of a response would be."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Counted with the model's own template and vocabulary."""
        body = read_json(req, ResponsesBody)
        _, model = find(self._services.library, body.model)
        turn = read_turn(body, model, self._services.responses)
        with about(body):
            count = self._services.inference.count_tokens(turn.request)
        send_json(resp, InputTokensReply(input_tokens=count))


def read_turn(body: ResponsesBody, model: Model, store: ResponseStore | None) -> Turn:
    """Raises InvalidRequest and its kind."""
    parse.check(body)
    entries = [*chain.history(store, body.previous_response_id), *inputs.read(body.input)]
    return parse.turn(body, model, chain.resolve(store, entries))


def about(body: ResponsesBody) -> contextlib.AbstractContextManager[None]:
    """Names the fields that are to blame for what the service refuses."""
    return streams.about("input", "text.format" if body.text and body.text.format else "format")


def kept(
    written: Iterator[StreamEvent | None], turn: Turn, store: ResponseStore | None
) -> Iterator[StreamEvent | None]:
    """The same events. The response is stored before the last one tells that it is there."""
    for event in written:
        if isinstance(event, Completed | Incomplete) and store is not None:
            chain.keep(store, event.response, turn.entries)
        yield event


def _form(body: ResponsesBody) -> Form:
    wanted = body.include or ()
    return Form(logprobs=parse.WITH_LOGPROBS in wanted, is_sealed=parse.WITH_REASONING in wanted)


def _send(
    resp: falcon.Response, written: Iterator[StreamEvent | None], writer: Writer, on_close: Callable[[], None]
) -> None:
    def frames() -> Iterator[bytes]:
        for event in written:
            yield SSE_BEAT if event is None else sse(event, event.kind)
        yield SSE_DONE

    def failure(error: OmmError) -> bytes:
        event = writer.fail(error)
        return sse(event, event.kind) + SSE_DONE

    send_events(resp, end_with_error(frames(), failure), on_close)


# --- what is stored ---------------------------------------------------------------------------------------------


class ResponseResource:
    """GET and DELETE /v1/responses/{id}."""

    def __init__(self, services: Services) -> None:
        self._store = services.responses

    def on_get(self, req: falcon.Request, resp: falcon.Response, response_id: str) -> None:
        """The object as it was first sent."""
        stored = chain.find(self._store, response_id)
        if req.get_param("stream", default="").lower() in ("true", "1"):
            raise UnsupportedParameter("a stored response cannot be streamed again", param="stream")
        send_json(resp, msgspec.Raw(stored.body))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, response_id: str) -> None:
        """Responses that went on from it have the conversation themselves."""
        stored = chain.find(self._store, response_id)
        chain.required(self._store).delete(stored.id)
        send_json(resp, DeletedReply(id=stored.id))


class InputItemsResource:
    """GET /v1/responses/{id}/input_items: the conversation that a response answers, earlier responses included."""

    def __init__(self, services: Services) -> None:
        self._store = services.responses

    def on_get(self, req: falcon.Request, resp: falcon.Response, response_id: str) -> None:
        """Newest first unless asked for otherwise, `limit` of them after the item `after`."""
        items = chain.input_of(chain.find(self._store, response_id))
        if _order(req) == "desc":
            items.reverse()
        start, limit = _start(req, [str(item["id"]) for item in items]), _limit(req)
        page = items[start : start + limit]
        first_id, last_id = (page[0]["id"], page[-1]["id"]) if page else ("", "")
        has_more = start + limit < len(items)
        send_json(resp, ItemsReply(data=page, first_id=first_id, last_id=last_id, has_more=has_more))


def _order(req: falcon.Request) -> str:
    order = req.get_param("order", default="desc")
    if order not in ("asc", "desc"):
        raise InvalidRequest("order must be asc or desc", param="order")
    return order


def _limit(req: falcon.Request) -> int:
    text = req.get_param("limit", default=str(DEFAULT_LISTED))
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= MAX_LISTED:
        raise InvalidRequest(f"limit must be a number from 1 to {MAX_LISTED}", param="limit")
    return int(text[:9])


def _start(req: falcon.Request, ids: list[str]) -> int:
    after = req.get_param("after")
    if not after:
        return 0
    if after not in ids:
        raise InvalidRequest("after must be the id of one of the items", param="after")
    return ids.index(after) + 1


class CancelResource:
    """POST /v1/responses/{id}/cancel: for responses in the background, of which there are none."""

    def __init__(self, services: Services) -> None:
        self._store = services.responses

    def on_post(self, req: falcon.Request, resp: falcon.Response, response_id: str) -> None:
        """Raises InvalidRequest, or why there is no such response."""
        chain.find(self._store, response_id)
        raise InvalidRequest("only background responses can be cancelled", param="response_id")


class CompactResource:
    """POST /v1/responses/compact is not offered. It stands here because it looks like the path of a response."""

    def __init__(self, services: Services) -> None:
        """Needs nothing."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Raises RouteNotFound."""
        raise RouteNotFound(f"path {req.path!r} not found")


ROUTES = (
    ("/v1/responses", ResponsesResource),
    ("/v1/responses/input_tokens", InputTokensResource),
    ("/v1/responses/compact", CompactResource),
    ("/v1/responses/{response_id}", ResponseResource),
    ("/v1/responses/{response_id}/input_items", InputItemsResource),
    ("/v1/responses/{response_id}/cancel", CancelResource),
)
