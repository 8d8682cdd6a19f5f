"""Ollama's routes for the models on disk. Thin: parse, call the library, render."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import falcon
import msgspec

from omm.api.ollama import parse, render
from omm.api.ollama.schema import CopyBody, CreateBody, Named, ProgressReply, PullBody, PushBody, ShowBody
from omm.api.services import InferenceService, LibraryService, Services
from omm.api.wire import body_chunks, end_with_error, has_left, peek, read_json, send_json, send_lines, watch_items
from omm.errors import InvalidRequest, NotFound, OmmError
from omm.service import configured
from omm.types import ModelRecord, Progress

_DIGEST = re.compile(r"sha256[:-][0-9a-fA-F]{64}")


class _LibraryResource:
    """Base of the resources about models on disk."""

    def __init__(self, services: Services) -> None:
        self._library: LibraryService = services.library
        self._settings = services.settings


class TagsResource(_LibraryResource):
    """GET /api/tags, also known as /api/list."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Models on disk."""
        send_json(resp, render.tags(self._library.list()))


class ShowResource(_LibraryResource):
    """POST /api/show."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """All about one model."""
        body = read_json(req, ShowBody)
        verbose = bool(body.verbose)
        stored = self._library.find(_required_name(body), arrays=verbose)
        record = _with_system(configured.applied(stored, self._settings), body)
        reply = render.show(record, verbose=verbose)
        reply.prompting = render.prompting(self._library.prompting(record))
        # What makes this model again anywhere knows nothing of this machine's configuration.
        reply.modelfile = self._library.modelfile(_with_options(_with_system(stored, body), body))
        projector = self._library.projector_metadata(record.name, arrays=verbose)
        reply.projector_info = projector and render.model_info(projector, verbose=verbose)
        reply.tensors = render.tensors(self._library.tensors(record.name)) if verbose else []
        if body.effective:
            reply.effective = render.effective(configured.effective(record, self._settings))
        send_json(resp, reply)


def _with_system(record: ModelRecord, body: ShowBody) -> ModelRecord:
    return msgspec.structs.replace(record, system=body.system) if body.system else record


def _with_options(record: ModelRecord, body: ShowBody) -> ModelRecord:
    # WIRE: they show in the text of the Modelfile only.
    return msgspec.structs.replace(record, own_parameters={**record.own_parameters, **(body.options or {})})


class PullResource(_LibraryResource):
    """POST /api/pull."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Fetch a model; a client that leaves cancels it."""
        body = read_json(req, PullBody)
        steps = self._library.pull(_required_name(body), insecure=bool(body.insecure))
        answer_with_progress(req, resp, steps, streams=body.stream is not False)


class PushResource(_LibraryResource):
    """POST /api/push."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Bring a model to a registry; a client that leaves cancels it."""
        body = read_json(req, PushBody)
        steps = self._library.push(_required_name(body), insecure=bool(body.insecure))
        answer_with_progress(req, resp, steps, streams=body.stream is not False)


class CreateResource(_LibraryResource):
    """POST /api/create."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a model of another one or of uploaded files."""
        body = read_json(req, CreateBody)
        _required_name(body)
        steps = self._library.create(parse.create_request(body))
        answer_with_progress(req, resp, steps, streams=body.stream is not False)


def answer_with_progress(
    req: falcon.Request, resp: falcon.Response, steps: Iterator[Progress], *, streams: bool
) -> None:
    """Send progress as lines, or the last step as one object."""
    close = getattr(steps, "close", lambda: None)
    try:
        watched = peek(watch_items(steps, has_left(req)))
        if streams:
            send_lines(resp, end_with_error(_lines(watched), render.error_line), close)
        else:
            send_json(resp, [*_lines(watched)][-1])
    finally:
        if resp.stream is None:
            close()


def _lines(steps: Iterator[Progress]) -> Iterator[ProgressReply]:
    return (render.progress(step) for step in steps)


class CopyResource(_LibraryResource):
    """POST /api/copy."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Give a model a second name."""
        body = read_json(req, CopyBody)
        self._library.copy(body.source, body.destination)


class DeleteResource:
    """DELETE or POST /api/delete."""

    def __init__(self, services: Services) -> None:
        self._library: LibraryService = services.library
        self._inference: InferenceService = services.inference

    def on_delete(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Remove a model from disk, and from memory as soon as nobody uses it."""
        name = _required_name(read_json(req, Named))
        # The library has the better message about a name; and what cannot run, say for a missing blob, can be removed.
        if self._library.target(name) == name:  # not an alias, which is no reason to unload what it stands for
            with contextlib.suppress(OmmError):
                self._inference.unload(name)
        self._library.delete(name)

    on_post = on_delete


class BlobResource(_LibraryResource):
    """HEAD and POST /api/blobs/:digest."""

    streams_body = True

    def on_head(self, req: falcon.Request, resp: falcon.Response, digest: str) -> None:
        """Whether it is there."""
        if not self._library.has_blob(_checked_digest(digest)):
            raise NotFound(f"blob {digest!r} not found")

    def on_post(self, req: falcon.Request, resp: falcon.Response, digest: str) -> None:
        """Upload: 201 when new, 200 when it was there."""
        is_new = self._library.put_blob(_checked_digest(digest), body_chunks(req))
        resp.status = falcon.HTTP_201 if is_new else falcon.HTTP_200


def _checked_digest(text: str) -> str:
    if not _DIGEST.fullmatch(text):
        raise InvalidRequest("invalid digest format", param="digest")
    return f"sha256:{text[7:].lower()}"


def _required_name(body: Named) -> str:
    if not (name := parse.model_name(body)):
        raise InvalidRequest("model is required", param="model")
    return name


ROUTES = (
    ("/api/tags", TagsResource),
    ("/api/list", TagsResource),
    ("/api/show", ShowResource),
    ("/api/pull", PullResource),
    ("/api/push", PushResource),
    ("/api/create", CreateResource),
    ("/api/copy", CopyResource),
    ("/api/delete", DeleteResource),
    ("/api/blobs/{digest}", BlobResource),
)
