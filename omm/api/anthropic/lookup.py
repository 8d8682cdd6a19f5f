"""The model that a request names."""

from __future__ import annotations

from omm.api.services import LibraryService
from omm.errors import NotFound
from omm.types import ModelRecord


def find(library: LibraryService, name: str) -> ModelRecord:
    """Raises NotFound."""
    try:
        return library.find(name)
    except NotFound as exc:
        # WIRE: Claude Code knows an unknown model by the status and `model: NAME`.
        raise NotFound(f"{library.target(name)} not found, try pulling it first", param="model") from exc
