"""Ollama's routes for running models. Thin: parse, call the service, render."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable

import falcon

import omm
from omm.api.ollama import library, parse, render
from omm.api.ollama.schema import (
    ChatBody,
    Chunk,
    DebugInfo,
    DetokenizeBody,
    EmbedBody,
    EmbeddingsBody,
    EmbeddingsReply,
    GenerateBody,
    InferenceBody,
    TokenizeBody,
    VersionReply,
    WithOptions,
)
from omm.api.options import keep_alive
from omm.api.services import EventStream, InferenceService, Services
from omm.api.wire import PROGRESS_S, end_with_error, has_left, open_events, read_json, send_json, send_lines
from omm.errors import InvalidRequest, NotFound
from omm.types import ChatRequest, CompleteRequest, Finished

# The Ollama whose API this is. WIRE: editors and others refuse a server older than the one they were made for.
OLLAMA_VERSION = "0.33.0"


class RootResource:
    """GET /: the text by which clients know a server of this API."""

    def __init__(self, services: Services) -> None:
        pass

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Plain text."""
        resp.content_type = "text/plain; charset=utf-8"
        resp.text = "Ollama is running"


class VersionResource:
    """GET /api/version."""

    def __init__(self, services: Services) -> None:
        pass

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Ollama's for its clients, and omm's own."""
        send_json(resp, VersionReply(version=OLLAMA_VERSION, omm=omm.__version__))


class StatusResource:
    """GET /api/status: there is no cloud here."""

    def __init__(self, services: Services) -> None:
        pass

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A constant."""
        send_json(resp, {"cloud": {"disabled": True, "source": "none"}})


class _InferenceResource:
    """Base of the resources that run models."""

    def __init__(self, services: Services) -> None:
        self._inference: InferenceService = services.inference

    def _load_or_unload(self, body: WithOptions) -> Finished:
        name = parse.model_name(body)
        keep_alive_s = keep_alive(body.keep_alive)
        if keep_alive_s == 0:
            self._inference.unload(name)
            return Finished(reason="unload")
        self._inference.load(name, parse.merged_options(body), keep_alive_s)
        return Finished(reason="load")


class GenerateResource(_InferenceResource):
    """POST /api/generate: one prompt, one answer."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Stream unless told not to. An empty prompt only loads or unloads."""
        body = read_json(req, GenerateBody)
        request = parse.complete_request(body)
        if not request.model:
            raise NotFound("model '' not found", param="model")
        if body.debug_render_only:
            self._render(request, resp)
        elif not request.prompt:
            end = self._load_or_unload(body)
            send_json(resp, render.generate_chunk(request.model, render.Parts(end=end)))
        else:
            _answer(req, resp, body, self._inference.complete(request), render.generate_chunk)

    def _render(self, request: CompleteRequest, resp: falcon.Response) -> None:
        reply = render.generate_chunk(request.model, render.Parts())
        reply.debug_info = DebugInfo(rendered_template=self._inference.render(request), image_count=len(request.images))
        send_json(resp, reply)


class ChatResource(_InferenceResource):
    """POST /api/chat: a conversation's next turn."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Stream unless told not to. No messages only loads or unloads."""
        body = read_json(req, ChatBody)
        request = parse.chat_request(body)
        if not request.model:
            raise InvalidRequest("model is required", param="model")
        if body.debug_render_only:
            self._render(request, resp)
        elif not request.messages:
            end = self._load_or_unload(body)
            send_json(resp, render.chat_chunk(request.model, render.Parts(end=end)))
        else:
            _answer(req, resp, body, self._inference.chat(request), render.chat_chunk)

    def _render(self, request: ChatRequest, resp: falcon.Response) -> None:
        prompt = self._inference.render(request)
        reply = render.chat_chunk(request.model, render.Parts())
        images = sum(len(message.images) for message in request.messages)
        reply.debug_info = DebugInfo(rendered_template=prompt, image_count=images)
        send_json(resp, reply)


def _answer(
    req: falcon.Request,
    resp: falcon.Response,
    body: InferenceBody,
    stream: EventStream,
    shape: Callable[[str, render.Parts], Chunk],
) -> None:
    """Send a running request's events, as lines or as one object."""
    model = parse.model_name(body)
    wants_progress = body.return_progress and body.stream is not False
    events = open_events(req, stream, beat_s=PROGRESS_S if wants_progress else math.inf)
    if body.stream is False:
        with contextlib.closing(stream):
            send_json(resp, shape(model, render.fold(events)))
    else:
        chunks = render.stream_chunks(events, model, shape)
        send_lines(resp, end_with_error(chunks, render.error_line), stream.close)


class EmbedResource(_InferenceResource):
    """POST /api/embed: a vector per text, of length one."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """No text only loads the model."""
        body = read_json(req, EmbedBody)
        request = parse.embed_request(body)
        if not request.model:
            raise NotFound("model '' not found, try pulling it first", param="model")
        send_json(resp, render.embed_reply(request.model, self._inference.embed(request, has_left(req))))


class EmbeddingsResource(_InferenceResource):
    """POST /api/embeddings: one text, one raw vector."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """No text only loads the model."""
        request = parse.embeddings_request(read_json(req, EmbeddingsBody))
        if not request.model:
            raise InvalidRequest("model is required", param="model")
        result = self._inference.embed(request, has_left(req))
        send_json(resp, EmbeddingsReply(embedding=result.vectors[0] if result.vectors else ()))


class TokenizeResource(_InferenceResource):
    """POST /api/tokenize: a text as token ids."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Loads the model."""
        request = parse.tokenize_request(read_json(req, TokenizeBody))
        if not request.model:
            raise InvalidRequest("model is required", param="model")
        send_json(resp, {"model": request.model, "tokens": self._inference.tokenize(request)})


class DetokenizeResource(_InferenceResource):
    """POST /api/detokenize: token ids as text."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Loads the model."""
        request = parse.detokenize_request(read_json(req, DetokenizeBody))
        if not request.model:
            raise InvalidRequest("model is required", param="model")
        send_json(resp, {"model": request.model, "text": self._inference.detokenize(request)})


class RunningResource(_InferenceResource):
    """GET /api/ps."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Models in memory."""
        send_json(resp, render.running(self._inference.loaded()))


ROUTES = (
    ("/", RootResource),
    ("/api/version", VersionResource),
    ("/api/status", StatusResource),
    ("/api/generate", GenerateResource),
    ("/api/chat", ChatResource),
    ("/api/embed", EmbedResource),
    ("/api/embeddings", EmbeddingsResource),
    ("/api/tokenize", TokenizeResource),
    ("/api/detokenize", DetokenizeResource),
    ("/api/ps", RunningResource),
    *library.ROUTES,
)
