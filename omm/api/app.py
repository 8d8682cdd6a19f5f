"""The application: route table, middleware, and the one place that turns an error into an answer."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from typing import Any, cast

import falcon

from omm.api import housekeeping, native, openapi
from omm.api.access import AccessLog, printable
from omm.api.anthropic import routes as anthropic
from omm.api.errors import LASTING_CODES, RouteNotFound, error_response, request_id
from omm.api.gate import Gate
from omm.api.metrics import RequestMeter
from omm.api.ollama import routes as ollama
from omm.api.ollm import routes as ollm
from omm.api.openai import routes as openai
from omm.api.services import InferenceService, Services
from omm.api.wire import BodyStream, send_json
from omm.config import Settings
from omm.errors import Busy, Forbidden, InvalidRequest, MethodNotAllowed, OmmError, TooLarge, Unauthorized
from omm.service.metrics import MeteredInference, Metrics, ModelCollector

log = logging.getLogger(__name__)

App = falcon.App[falcon.Request, falcon.Response]
Route = tuple[str, Callable[[Services], object]]

# Path and the class that answers it; a resource's `on_*` methods are the HTTP methods it knows.
ROUTES: tuple[Route, ...] = (
    *native.ROUTES,
    *openapi.ROUTES,
    *ollama.ROUTES,
    *housekeeping.ROUTES,
    *ollm.ROUTES,
    *openai.ROUTES,
    *anthropic.ROUTES,
)


def create_app(services: Services, settings: Settings) -> App:
    """Build the WSGI application."""
    services = _measured(services)
    meter, limit = RequestMeter(services.metrics), BodyLimit(settings.max_body)
    app: App = falcon.App(middleware=(RequestId(), AccessLog(), meter, anthropic.Version(), Gate(settings), limit))
    # WIRE: a redirect to the same path without slash would lose the host behind a reverse proxy.
    app.req_options.strip_url_path_trailing_slash = True
    # NOTE: falcon has handlers of its own for HTTPError, which the one for Exception does not replace.
    for kind in (Exception, falcon.HTTPError):
        app.add_error_handler(kind, _answer_error)
    for path, resource in ROUTES:
        app.add_route(path, _with_head(resource(services)))
    return app


def _measured(services: Services) -> Services:
    """The same services, with what they do counted."""
    metrics = Metrics()
    metrics.registry.register(ModelCollector(services.inference))
    inference = cast(InferenceService, MeteredInference(services.inference, metrics, services.library.target))
    return dataclasses.replace(services, metrics=metrics, inference=inference)


def _with_head(resource: Any) -> Any:
    """Let a resource that answers GET answer HEAD as well; the framework leaves the body out."""
    if not hasattr(resource, "on_get") or hasattr(resource, "on_head"):
        return resource

    def on_head(req: falcon.Request, resp: falcon.Response, **params: str) -> None:
        resource.on_get(req, resp, **params)
        if isinstance(resp.stream, BodyStream):  # which nobody would close
            resp.stream.close()
            resp.stream = None

    resource.on_head = on_head
    return resource


# --- errors -----------------------------------------------------------------------------------------------------


def _answer_error(req: falcon.Request, resp: falcon.Response, exc: Exception, params: dict[str, Any]) -> None:
    """Answer any exception in the shape of the path's protocol."""
    error = _as_omm(exc, req)
    status, body = error_response(error, req.path, getattr(req.context, "request_id", None))
    resp.status = status
    if isinstance(error, Unauthorized):
        resp.set_header("www-authenticate", "Bearer")
    if isinstance(error, Busy):
        resp.set_header("retry-after", "1")
    if error.code in LASTING_CODES:
        resp.set_header("x-should-retry", "false")
    if isinstance(exc, falcon.HTTPError) and exc.headers:
        resp.set_headers(exc.headers)
    send_json(resp, body)


def _as_omm(exc: Exception, req: falcon.Request) -> OmmError:
    match exc:
        case OmmError():
            return exc
        case falcon.HTTPNotFound():
            return RouteNotFound(f"path {req.path!r} not found")
        case falcon.HTTPMethodNotAllowed():
            return MethodNotAllowed(f"method {req.method} is not allowed on {req.path!r}")
        case falcon.HTTPForbidden():
            return Forbidden(exc.description or exc.title)
        case falcon.HTTPError() if exc.status_code < 500:
            return InvalidRequest(exc.description or exc.title)
        case RecursionError():  # NOTE: what is read level by level is the client's
            return InvalidRequest("the request is nested too deeply")
    log.error("%s %s failed", req.method, printable(req.path), exc_info=exc)
    return OmmError("internal error; the server's log has the details")


# --- middleware -------------------------------------------------------------------------------------------------


class RequestId:
    """Names each request, as its sender did or at random, and tells the name in every answer.

    NOTE: `set_header` encodes nothing, so that only a harmless name is taken over.
    """

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Before all else, so that refusals have it too."""
        req.context.request_id = request_id(req.get_header("x-request-id"))
        resp.set_header("x-request-id", req.context.request_id)
        resp.set_header("request-id", req.context.request_id)  # WIRE: where Anthropic's SDKs look


class BodyLimit:
    """Refuses a body over the limit, except on resources that stream theirs to disk."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: object, params: dict[str, Any]
    ) -> None:
        """Raises TooLarge. Who decompresses a body finds the limit in the context."""
        req.context.max_body = self._max_bytes
        size = req.content_length or 0
        if size > self._max_bytes and not getattr(resource, "streams_body", False):
            raise TooLarge(f"request body of {size} bytes exceeds the limit of {self._max_bytes}")
