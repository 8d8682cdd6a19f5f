"""POST /v1/images/generations and /v1/audio/transcriptions: checked, then refused, as no model here can do either."""

from __future__ import annotations

from typing import Annotated, Literal

import falcon
from msgspec import Meta

from omm.api.errors import MissingParameter, UnsupportedModel, UnsupportedParameter
from omm.api.openai.lookup import find
from omm.api.openai.schema import Body, Text
from omm.api.services import Services
from omm.api.wire import read_json
from omm.errors import InvalidRequest

MAX_FIELD_BYTES = 1 << 16
MAX_IMAGES = 4


class ImagesBody(Body, kw_only=True):
    """POST /v1/images/generations."""

    model: Text
    prompt: Text
    size: Annotated[str, Meta(pattern=r"^(auto|[1-9][0-9]{0,4}x[1-9][0-9]{0,4})$")] | None = None
    n: Annotated[int, Meta(ge=1, le=MAX_IMAGES)] | None = None
    response_format: Literal["b64_json"] | None = None
    seed: int | None = None
    stream: bool | None = None


class ImagesResource:
    """POST /v1/images/generations."""

    def __init__(self, services: Services) -> None:
        self._library = services.library

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Raises InvalidRequest, NotFound, UnsupportedModel."""
        body = read_json(req, ImagesBody)
        if body.stream:
            raise UnsupportedParameter("images cannot be streamed", param="stream")
        find(self._library, body.model)
        raise UnsupportedModel(f'"{body.model}" does not support image generation', param="model")


class TranscriptionsResource:
    """POST /v1/audio/transcriptions."""

    def __init__(self, services: Services) -> None:
        self._library = services.library

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Raises InvalidRequest, NotFound, UnsupportedModel."""
        fields = read_form(req)
        for name in ("file", "model"):
            if not fields.get(name):
                raise MissingParameter(f"the form has no field {name!r}", param=name)
        find(self._library, fields["model"])
        raise UnsupportedModel(f'"{fields["model"]}" does not support audio', param="model")


def read_form(req: falcon.Request) -> dict[str, str]:
    """The short fields of a multipart form, and of files their names. Raises InvalidRequest."""
    if not (req.content_type or "").lower().startswith("multipart/form-data"):
        raise InvalidRequest("the body must be multipart/form-data")
    fields: dict[str, str] = {}
    for part in req.get_media():
        is_file = part.filename is not None
        fields[part.name] = part.filename if is_file else part.stream.read(MAX_FIELD_BYTES).decode(errors="replace")
    return fields


ROUTES = (("/v1/images/generations", ImagesResource), ("/v1/audio/transcriptions", TranscriptionsResource))
