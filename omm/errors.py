"""Every error omm reports, with its code and HTTP status. Knows no protocol: `api/errors.py` gives each its body."""

from __future__ import annotations

import msgspec

# What msgspec raises for bytes that are not the JSON asked for; no common base tells them from other errors.
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class OmmError(Exception):
    """Base of all errors with a message meant for a person.

    `code` is stable and machine readable; `status` is the HTTP status a protocol answers with.
    """

    code = "internal_error"
    status = 500

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class InvalidRequest(OmmError):
    """The request is malformed or a value is out of range; `param` names the field."""

    code, status = "invalid_request", 400


class ContextExceeded(OmmError):
    """The prompt does not fit into the model's context."""

    code, status = "context_length_exceeded", 400


class Unsupported(OmmError):
    """The model lacks the ability the request asks for."""

    code, status = "unsupported", 400


class Unauthorized(OmmError):
    """The API key is missing or wrong."""

    code, status = "unauthorized", 401


class Forbidden(OmmError):
    """The Host or Origin header is not allowed, or a remote model was asked for."""

    code, status = "forbidden", 403


class NotFound(OmmError):
    """The named model, blob or route does not exist."""

    code, status = "not_found", 404


class MethodNotAllowed(OmmError):
    """The route exists but not for this HTTP method."""

    code, status = "method_not_allowed", 405


class Conflict(OmmError):
    """The request contradicts the current state."""

    code, status = "conflict", 409


class TooLarge(OmmError):
    """The request body exceeds the limit."""

    code, status = "too_large", 413


class LoadFailed(OmmError):
    """The model could not be loaded."""

    code, status = "load_failed", 500


class OutOfMemory(LoadFailed):
    """The model does not fit into the device's memory."""

    code = "out_of_memory"


class EngineFailed(OmmError):
    """Inference failed after the model was loaded."""

    code, status = "engine_failed", 500


class Corrupt(OmmError):
    """A stored file contradicts its digest or its own header."""

    code, status = "corrupt", 500


class StorageFailed(OmmError):
    """The disk refused: full, read-only or no permission."""

    code, status = "storage_failed", 500


class SourceUnavailable(OmmError):
    """A model source could not be reached or answered with an error."""

    code, status = "source_unavailable", 502


class DigestMismatch(OmmError):
    """Received bytes do not hash to the expected digest."""

    code, status = "digest_mismatch", 502


class Busy(OmmError):
    """The queue is full, or the server is shutting down."""

    code, status = "busy", 503


class Cancelled(OmmError):
    """The client left; never sent to anyone."""

    code, status = "cancelled", 499


def _family(root: type[OmmError]) -> list[type[OmmError]]:
    return [root, *(child for sub in root.__subclasses__() for child in _family(sub))]


BY_CODE: dict[str, type[OmmError]] = {error.code: error for error in _family(OmmError)}


def from_code(code: str, message: str, param: str | None = None) -> OmmError:
    """Rebuild an error that crossed a process border as its code, message and field."""
    return BY_CODE.get(code, OmmError)(message, param=param)
