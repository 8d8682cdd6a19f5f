"""The model that a request names: its record, and what reading the request needs to know of it."""

from __future__ import annotations

from omm.api.openai.parts import Model
from omm.api.services import LibraryService
from omm.errors import NotFound
from omm.types import ModelRecord


def find(library: LibraryService, name: str) -> tuple[ModelRecord, Model]:
    """Raises NotFound."""
    try:
        record = library.find(name)
    except NotFound as exc:
        raise NotFound(f"model '{library.target(name)}' not found, try pulling it first", param="model") from exc
    return record, Model(name=name, abilities=frozenset(record.capabilities))
