"""Responses that go on from earlier ones: what a store has of them, and what it is given."""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from omm.api.errors import (
    ItemNotFound,
    NoResponseStore,
    PreviousResponseNotFound,
    ResponseNotFound,
    ResponseStoreNeeded,
)
from omm.api.openai.responses.inputs import Entry, read_item
from omm.api.openai.responses.items import ReferenceItem
from omm.api.openai.responses.schema import ResponseReply
from omm.api.services import ResponseStore
from omm.errors import OmmError
from omm.types import StoredResponse

log = logging.getLogger(__name__)

_SWITCHED_OFF = "responses are not stored: the server was started without --response-store"
_RawItems = list[dict[str, Any]]


def required(store: ResponseStore | None) -> ResponseStore:
    """Raises NoResponseStore."""
    if store is None:
        raise NoResponseStore(_SWITCHED_OFF)
    return store


def find(store: ResponseStore | None, response_id: str) -> StoredResponse:
    """Raises NoResponseStore, ResponseNotFound."""
    found = required(store).find(response_id)
    if found is None:
        raise ResponseNotFound(f"response '{response_id}' not found", param="response_id")
    return found


def history(store: ResponseStore | None, response_id: str | None) -> list[Entry]:
    """The conversation up to and with an earlier response.

    Raises:
        ResponseStoreNeeded, PreviousResponseNotFound: it is not there.
    """
    if not response_id:
        return []
    if store is None:
        raise ResponseStoreNeeded(_SWITCHED_OFF, param="previous_response_id")
    stored = store.find(response_id)
    if stored is None:
        raise PreviousResponseNotFound(f"response '{response_id}' not found", param="previous_response_id")
    items = [*input_of(stored), *output_of(stored)]
    return [read_item(item, "previous_response_id", is_new=False) for item in items]


def input_of(stored: StoredResponse) -> _RawItems:
    """The whole conversation before an answer."""
    return msgspec.json.decode(stored.items, type=_RawItems)


def output_of(stored: StoredResponse) -> _RawItems:
    """The items of an answer."""
    items: _RawItems = msgspec.json.decode(stored.body)["output"]
    return items


def resolve(store: ResponseStore | None, entries: list[Entry]) -> list[Entry]:
    """The same items with those that references mean in their place. Raises ItemNotFound."""
    seen: dict[str, Entry] = {}
    resolved = []
    for entry in entries:
        if isinstance(entry.item, ReferenceItem):
            entry = _referred(store, seen, entry)
        seen[str(entry.raw["id"])] = entry
        resolved.append(entry)
    return resolved


def _referred(store: ResponseStore | None, seen: dict[str, Entry], reference: Entry) -> Entry:
    item_id = str(reference.raw["id"])
    if item_id in seen:
        return seen[item_id]
    stored = store.find_by_item(item_id) if store else None
    candidates = [*output_of(stored), *input_of(stored)] if stored else []
    raw = next((raw for raw in candidates if raw.get("id") == item_id), None)
    if raw is None:
        reason = "" if store else f"; {_SWITCHED_OFF}"
        raise ItemNotFound(f"item '{item_id}' not found{reason}", param=f"{reference.path}.id")
    return read_item(raw, reference.path, is_new=False)


def keep(store: ResponseStore, response: ResponseReply, entries: list[Entry]) -> None:
    """Store an answer. Where that fails the client still gets it, told that it is not stored."""
    new_ids = [str(entry.raw["id"]) for entry in entries if entry.is_new]
    output_ids = [item.id for item in response.output if item.id]
    stored = StoredResponse(
        id=response.id,
        body=msgspec.json.encode(response),
        items=msgspec.json.encode([entry.raw for entry in entries]),
        item_ids=(*new_ids, *output_ids),
    )
    try:
        store.put(stored)
    except OmmError as exc:
        log.warning("response %s is not stored: %s", response.id, exc.message)
        response.store = False
