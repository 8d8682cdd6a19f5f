"""GET /v1/models and /v1/models/{id}, whose ids may have slashes."""

from __future__ import annotations

import contextlib

import falcon
import msgspec

from omm.api.openai.lookup import find
from omm.api.openai.schema import Reply
from omm.api.services import Services
from omm.api.wire import send_json
from omm.errors import OmmError
from omm.names import ModelName
from omm.service.configured import with_aliases
from omm.types import ModelSummary


class ModelReply(Reply, kw_only=True):
    """One model. `created` is when it was last changed, in Unix seconds."""

    id: str
    object: str = "model"
    created: int
    owned_by: str = "local"


class ModelsReply(Reply, kw_only=True):
    """GET /v1/models."""

    object: str = "list"
    data: list[ModelReply]


class DeletedReply(Reply, kw_only=True):
    """DELETE /v1/models/{id}."""

    id: str
    object: str = "model"
    deleted: bool = True


def listing(models: list[ModelSummary]) -> list[ModelSummary]:
    """Newest first."""
    return sorted(models, key=lambda model: model.modified_ns, reverse=True)


def model_id(name: str) -> str:
    """A model's name as listed: without the tag that is meant when none is given."""
    return name.removesuffix(":latest")


def _model(model: ModelSummary) -> ModelReply:
    return ModelReply(id=model_id(model.name), created=model.modified_ns // 10**9)


class ModelsResource:
    """GET /v1/models."""

    def __init__(self, services: Services) -> None:
        self._library, self._settings = services.library, services.settings

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Models on disk, and the aliases of them."""
        models = with_aliases(self._library.list(), self._settings)
        send_json(resp, ModelsReply(data=[_model(model) for model in listing(models)]))


class ModelResource:
    """GET and DELETE /v1/models/{id}."""

    def __init__(self, services: Services) -> None:
        self._library, self._inference = services.library, services.inference

    def on_get(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """One model, with or without its tag."""
        record, _ = find(self._library, name)
        send_json(resp, _model(msgspec.structs.replace(record, name=record.alias or record.name)))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """Remove it from disk, and from memory as soon as nobody uses it."""
        if self._library.target(name) == name:  # not an alias, which is no reason to unload what it stands for
            with contextlib.suppress(OmmError):  # what cannot run can be removed
                self._inference.unload(name)
        self._library.delete(name)
        send_json(resp, DeletedReply(id=model_id(ModelName.parse(name).display)))


ROUTES = (("/v1/models", ModelsResource), ("/v1/models/{name:path}", ModelResource))
