"""Text as it is: for models and requests without reasoning and tools."""

from __future__ import annotations

from omm.types import Event, TextDelta


class PlainParser:
    """Passes everything on."""

    def feed(self, delta: TextDelta) -> list[Event]:
        """The delta itself."""
        return [delta]

    def flush(self) -> list[Event]:
        """Nothing is held back."""
        return []
