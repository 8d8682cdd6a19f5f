"""omm's routes for the store as a whole: prune, verify, export, import. Progress is told as Ollama's API tells it."""

from __future__ import annotations

from typing import Any

import falcon
import msgspec

from omm.api.ollama.library import answer_with_progress
from omm.api.services import LibraryService, Services
from omm.api.wire import BodyStream, read_json, send_json
from omm.errors import InvalidRequest

TAR_TYPE = "application/x-tar"


class PruneBody(msgspec.Struct, kw_only=True):
    """POST /api/prune."""

    dry_run: bool = False
    stream: bool = True


class VerifyBody(msgspec.Struct, kw_only=True):
    """POST /api/verify; no model means all, and `repair` fetches damaged files again."""

    model: str = ""
    repair: bool = False
    stream: bool = True


class ImportBody(msgspec.Struct, kw_only=True):
    """POST /api/import: a model's name and the exact text of its manifest, whose blobs were uploaded."""

    model: str
    manifest: str


class _Resource:
    def __init__(self, services: Services) -> None:
        self._library: LibraryService = services.library


class PruneResource(_Resource):
    """POST /api/prune."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Remove what no model uses."""
        body = read_json(req, PruneBody)
        answer_with_progress(req, resp, self._library.prune(is_dry=body.dry_run), streams=body.stream)


class VerifyResource(_Resource):
    """POST /api/verify."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Hash the blobs of one model or of all."""
        body = read_json(req, VerifyBody)
        answer_with_progress(req, resp, self._library.verify(body.model, repair=body.repair), streams=body.stream)


class ExportResource(_Resource):
    """GET /api/export?model=NAME."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A model as one tar."""
        archive = self._library.export(req.get_param("model", required=True))
        resp.content_type = TAR_TYPE
        resp.content_length = archive.size
        resp.stream = BodyStream(archive, archive.close)


class ImportResource(_Resource):
    """POST /api/import."""

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a model of a manifest and blobs that are here."""
        body = read_json(req, ImportBody)
        if not body.model:
            raise InvalidRequest("model is required", param="model")
        self._library.import_manifest(body.model, body.manifest.encode())
        send_json(resp, _DONE)


_DONE: dict[str, Any] = {"status": "success"}

ROUTES = (
    ("/api/prune", PruneResource),
    ("/api/verify", VerifyResource),
    ("/api/export", ExportResource),
    ("/api/import", ImportResource),
)
