"""POST /v1/chat/completions. Thin: parse, call the service, render."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import falcon
import msgspec

from omm.api.errors import error_response
from omm.api.openai import parse, render, streams
from omm.api.openai.lookup import find
from omm.api.openai.schema import ChatBody
from omm.api.services import Services
from omm.api.wire import SSE_BEAT, SSE_DONE, end_with_error, read_json, send_events, send_json, sse
from omm.errors import OmmError
from omm.service import configured


class ChatResource:
    """POST /v1/chat/completions: a conversation's next turn, or several tries at it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """One JSON object, or server-sent events when asked for."""
        body = read_json(req, ChatBody)
        record, model = find(self._services.library, body.model)
        form = chat_form(body)
        told = configured.applied(record, self._services.settings)
        requests = parse.repeated(parse.chat_request(body, model), form.num_choices, told)
        head = render.head("chatcmpl-", body.model, record)
        beat_s = streams.beat(is_stream=bool(body.stream), wants_progress=form.wants_progress)
        with streams.about("messages", "response_format" if body.response_format else "format"):
            choices = streams.start(self._services.inference.chat, requests)
            events = streams.open_choices(req, choices, beat_s=beat_s)
            if body.stream:
                send_chunks(req, resp, render.chat_chunks(events, head, form), choices)
                return
            with contextlib.closing(choices):
                reply = render.chat_reply(render.fold(events, form.num_choices), head, form)
        if body.metadata is not None:
            reply.metadata = body.metadata
        send_json(resp, reply)


def chat_form(body: ChatBody) -> render.Form:
    """What the client asked of the answer's shape."""
    return render.Form(
        num_choices=body.n or 1,
        logprobs=bool(body.logprobs),
        include_usage=bool(body.stream_options and body.stream_options.include_usage),
        wants_progress=bool(body.return_progress),
        is_legacy=parse.is_legacy(body),
    )


def send_chunks(
    req: falcon.Request, resp: falcon.Response, chunks: Iterable[msgspec.Struct | None], choices: streams.Choices
) -> None:
    """Answer with a stream of chunks and its end, or an error in the end's place."""

    def frames() -> Iterator[bytes]:
        for chunk in chunks:
            yield SSE_BEAT if chunk is None else sse(chunk)
        yield SSE_DONE

    def failure(error: OmmError) -> bytes:
        return sse(error_response(error, req.path)[1])

    send_events(resp, end_with_error(frames(), failure), choices.close)


ROUTES = (("/v1/chat/completions", ChatResource),)
