"""Anthropic's routes. Thin: parse, call the service, render."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import falcon

from omm.api.anthropic import models, parse, render
from omm.api.anthropic.lookup import find
from omm.api.anthropic.schema import CountBody, CountReply, MessagesBody
from omm.api.anthropic.turns import Model
from omm.api.errors import error_response, renamed
from omm.api.services import Services
from omm.api.wire import end_with_error, open_events, read_json, send_events, send_json, sse
from omm.errors import OmmError
from omm.types import ChatRequest, Event

PREFIX = "/anthropic"
_NAMES = re.compile(r"/v1/(models|messages|complete)(/.*)?")  # of this protocol, one of them of others, too


class Version:
    """Middleware: on routes that protocols share, who names a version of this one means it."""

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer as under the protocol's own prefix. Falcon routes by what the path is after this."""
        if req.get_header("anthropic-version") is not None and _NAMES.fullmatch(req.path):
            req.path = PREFIX + req.path


class _ChatResource:
    """Base of the resources that take a conversation."""

    def __init__(self, services: Services) -> None:
        self._inference, self._library = services.inference, services.library

    def _request(self, body: CountBody) -> ChatRequest:
        record = find(self._library, body.model)
        return parse.chat_request(body, Model(name=body.model, abilities=frozenset(record.capabilities)))


class MessagesResource(_ChatResource):
    """POST …/v1/messages: a conversation's next turn."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """One JSON object, or server-sent events when asked for."""
        body = read_json(req, MessagesBody)
        request = self._request(body)
        form = render.form(body, request)
        with renamed(parse.FIELDS):
            stream = self._inference.chat(request)
            if body.stream:
                events = open_events(req, stream, beat_s=render.PING_S, tells_start=True)
                frames = end_with_error(_frames(events, form), lambda error: _error_frame(req, error))
                send_events(resp, frames, stream.close)
                return
            events = open_events(req, stream)
            with contextlib.closing(stream):
                send_json(resp, render.fold(events, form))


def _frames(events: Iterator[Event], form: render.Form) -> Iterator[bytes]:
    for event in render.stream(events, form):
        yield sse(event, render.name_of(event))


def _error_frame(req: falcon.Request, error: OmmError) -> bytes:
    return sse(error_response(error, req.path, req.context.request_id)[1], "error")


class CountResource(_ChatResource):
    """POST …/v1/messages/count_tokens: the size of a conversation's prompt."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Loads the model when it has to, and generates nothing."""
        request = self._request(read_json(req, CountBody))
        with renamed(parse.FIELDS):
            send_json(resp, CountReply(input_tokens=self._inference.count_tokens(request)))


class HelloResource:
    """GET or HEAD /api/hello, and the prefix itself: whether there is a server, as versions of Claude Code ask."""

    def __init__(self, services: Services) -> None:
        pass

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Nothing, with success."""


ROUTES = (
    *((f"{prefix}/v1/messages", MessagesResource) for prefix in ("", PREFIX)),
    *((f"{prefix}/v1/messages/count_tokens", CountResource) for prefix in ("", PREFIX)),
    *((path, HelloResource) for path in ("/api/hello", f"{PREFIX}/api/hello", PREFIX)),
    *models.ROUTES,
)
