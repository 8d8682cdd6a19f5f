"""Models on disk in Anthropic's shape: /anthropic/v1/models and, with an `anthropic-version` header, /v1/models."""

from __future__ import annotations

from collections.abc import Sequence

import falcon
import msgspec

from omm import units
from omm.api.anthropic.lookup import find
from omm.api.anthropic.schema import ModelReply, ModelsReply
from omm.api.services import Services
from omm.api.wire import send_json
from omm.errors import InvalidRequest
from omm.service.configured import with_aliases
from omm.types import ModelSummary

DEFAULT_LIMIT = 20
MAX_LIMIT = 1000
LIFECYCLE = "active"


class ModelsResource:
    """GET …/v1/models: newest first, a page at a time."""

    def __init__(self, services: Services) -> None:
        self._library, self._settings = services.library, services.settings

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """`limit`, and `after_id` or `before_id`, whose neighbours the page holds."""
        known = with_aliases(self._library.list(), self._settings)
        models = sorted(known, key=lambda model: model.modified_ns, reverse=True)
        wanted = req.get_param_as_list("lifecycle") or req.get_param_as_list("lifecycle[]") or [LIFECYCLE]
        rows = [model_reply(model) for model in models] if LIFECYCLE in wanted else []
        limit = _limit(req.get_param("limit"))
        send_json(resp, page(rows, limit, after=req.get_param("after_id"), before=req.get_param("before_id")))


class ModelResource:
    """GET …/v1/models/{id}, whose ids may have slashes."""

    def __init__(self, services: Services) -> None:
        self._library = services.library

    def on_get(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        """One model, with or without its tag."""
        record = find(self._library, name)
        send_json(resp, model_reply(msgspec.structs.replace(record, name=record.alias or record.name)))


def model_reply(model: ModelSummary) -> ModelReply:
    """A model, by its name without the tag that is meant when none is given."""
    name, num_tokens = model.name.removesuffix(":latest"), model.details.context_length or None
    return ModelReply(
        id=name,
        display_name=name,
        created_at=units.rfc3339(model.modified_ns),
        max_input_tokens=num_tokens,
        max_tokens=num_tokens,
    )


def page(rows: Sequence[ModelReply], limit: int, *, after: str | None, before: str | None) -> ModelsReply:
    """The rows behind `after`, or the last ones before `before`, or else the first. Raises InvalidRequest."""
    ids = [row.id for row in rows]
    start = _place(ids, after, "after_id") + 1 if after else 0
    end = _place(ids, before, "before_id") if before else len(rows)
    within = rows[start:end]
    shown = within[-limit:] if before and not after else within[:limit]
    return ModelsReply(
        data=list(shown),
        has_more=len(within) > len(shown),
        first_id=shown[0].id if shown else None,
        last_id=shown[-1].id if shown else None,
    )


def _place(ids: Sequence[str], wanted: str, param: str) -> int:
    name = wanted.removesuffix(":latest")
    if name not in ids:
        raise InvalidRequest(f"there is no model {wanted!r}", param=param)
    return ids.index(name)


def _limit(text: str | None) -> int:
    limit = int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None
    if text and not (limit and limit <= MAX_LIMIT):
        raise InvalidRequest(f"must be from 1 to {MAX_LIMIT}", param="limit")
    return limit or DEFAULT_LIMIT


ROUTES = (("/anthropic/v1/models", ModelsResource), ("/anthropic/v1/models/{name:path}", ModelResource))
