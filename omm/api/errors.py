"""OmmError → the error body of the protocol that a path belongs to. Knows no route."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping

from omm.errors import InvalidRequest, NotFound, OmmError, Unauthorized, Unsupported

ErrorBody = dict[str, object]

OPENAI_CODES = {
    "invalid_request": "invalid_value",
    "unsupported": "unsupported_content",
    "unauthorized": "invalid_api_key",
    "not_found": "model_not_found",
    "too_large": "request_too_large",
    "busy": "server_overloaded",
    "load_failed": "model_load_failed",
    "internal_error": None,
    "engine_failed": None,
    "corrupt": None,
    "storage_failed": None,
}
ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "invalid_request_error",
    413: "request_too_large",
    415: "invalid_request_error",
    503: "overloaded_error",
}


# Errors of the server that a second try would only repeat. WIRE: OpenAI's SDKs retry every 5xx unless told not to.
LASTING_CODES = frozenset({"load_failed", "out_of_memory", "corrupt", "responses_storage_disabled"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/=+-]{1,200}")


class RouteNotFound(NotFound):
    """No route has this path."""

    code = "unknown_url"


class InvalidJSON(InvalidRequest):
    """The body is no JSON."""

    code = "invalid_json"


class MissingParameter(InvalidRequest):
    """A required field is absent or empty."""

    code = "missing_required_parameter"


class UnsupportedParameter(InvalidRequest):
    """A field that omm never supports, set to a value that asks for something."""

    code = "unsupported_parameter"


class UnsupportedModel(Unsupported):
    """The model is of another kind than the route is for."""

    code = "unsupported_model"


class InvalidSchema(InvalidRequest):
    """A JSON Schema that an answer cannot be held to."""

    code = "invalid_json_schema"


class InvalidImage(InvalidRequest):
    """The bytes are no image of a known format."""

    code = "invalid_image"


class InvalidImageURL(InvalidRequest):
    """The image cannot be fetched, or must not be."""

    code = "invalid_image_url"


class ResponseNotFound(NotFound):
    """No stored response has this id."""

    code = "response_not_found"


class PreviousResponseNotFound(InvalidRequest):
    """The response to go on from is not stored."""

    code = "previous_response_not_found"


class ItemNotFound(InvalidRequest):
    """The item that a reference names is not stored."""

    code = "item_not_found"


class NoResponseStore(OmmError):
    """Responses are not stored, so that there are none to look at."""

    code, status = "responses_storage_disabled", 501


class ResponseStoreNeeded(InvalidRequest):
    """Responses are not stored, so that there are none to go on from."""

    code = "responses_storage_disabled"


class UnsupportedEncoding(OmmError):
    """The body is compressed in a way that cannot be undone."""

    code, status = "unsupported_encoding", 415


@contextlib.contextmanager
def renamed(fields: Mapping[str, str]) -> Iterator[None]:
    """Name a field that is to blame as the client does; `fields` has the paths in its request by our own names."""
    try:
        yield
    except OmmError as exc:
        if theirs := fields.get(exc.param or ""):
            exc.message = re.sub(rf"^{exc.param}:? ", "", exc.message)
            exc.param = theirs
        raise


def _ollama(error: OmmError) -> ErrorBody:
    return {"error": error.message}


def _openai(error: OmmError) -> ErrorBody:
    kind = "server_error" if error.status >= 500 else "invalid_request_error"
    code = OPENAI_CODES.get(error.code, error.code)
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": code}}


def _anthropic(error: OmmError) -> ErrorBody:
    kind = ANTHROPIC_TYPES.get(error.status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": _with_path(error)}}


def _with_path(error: OmmError) -> str:
    """A message that begins with the path of the field, as in `messages.0.content: …`."""
    if not error.param:
        return error.message
    path = re.sub(r"\[(\d+)\]", r".\1", error.param)
    if isinstance(error, MissingParameter):
        return f"{path}: Field required"
    message = error.message.removesuffix(f" - at `$.{error.param}`").removeprefix(f"{error.param} ")
    return f"{path}: {message}"


_BOUND = re.compile(r"Expected `[a-z]+` (>=|<=|>|<) (-?[0-9.]+)")
_BOUNDS = {">=": "must be {} or greater", "<=": "must be {} or less", ">": "must be over {}", "<": "must be below {}"}


def _native(error: OmmError) -> ErrorBody:
    if isinstance(error, Unauthorized):
        return {"detail": "invalid API key"}
    text = _with_path(error)
    return {"detail": _BOUND.sub(lambda match: _BOUNDS[match[1]].format(match[2].removesuffix(".0")), text)}


# The first prefix that fits decides.
PROTOCOLS: tuple[tuple[str, Callable[[OmmError], ErrorBody]], ...] = (
    *((prefix, _native) for prefix in ("/v1/health", "/v1/ollm", "/v1/plan", "/v1/prompt", "/v1/sessions")),
    ("/anthropic", _anthropic),
    ("/v1/messages", _anthropic),
    ("/v1", _openai),
    ("", _ollama),
)


def error_response(error: OmmError, path: str, name: str | None = None) -> tuple[int, ErrorBody]:
    """Status and JSON body for an error on a path; `name` is the request's id, where it has one already."""
    shape, status = _shape_of(path), sent_status(error.status, path)
    if shape is not _anthropic:
        return status, shape(error)
    return status, {**shape(error), "request_id": name or request_id(None)}


def sent_status(status: int, path: str) -> int:
    """The status that an error has in the protocol of a path."""
    # WIRE: 529 is Anthropic's status for an overloaded server; its SDK retries it
    return 529 if status == 503 and _shape_of(path) is _anthropic else status


def protocol_of(path: str) -> str:
    """Whose shape errors on a path have: ollama, openai, anthropic or native."""
    return _shape_of(path).__name__.removeprefix("_")


def _shape_of(path: str) -> Callable[[OmmError], ErrorBody]:
    return next(shape for prefix, shape in PROTOCOLS if path == prefix or path.startswith(prefix + "/") or not prefix)


def request_id(given: str | None) -> str:
    """The name that a request came with, if it is a harmless one, or a new one."""
    if given and _REQUEST_ID.fullmatch(given):
        return given
    return f"req_{secrets.token_hex(12)}"
