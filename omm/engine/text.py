"""Bytes → text: incremental UTF-8 and stop strings. Pure; knows nothing of tokens."""

from __future__ import annotations

import codecs


class TextDecoder:
    """Turns pieces of bytes into text that is safe to send: whole characters, no part of a stop string.

    A stop string ends the text before it. Invalid bytes become U+FFFD once it is certain they are invalid.
    """

    def __init__(self, stops: tuple[str, ...] = ()) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._stops = stops
        self._held = ""
        self.stopped_by: str | None = None

    @property
    def has_stopped(self) -> bool:
        """Whether a stop string matched; no text follows."""
        return self.stopped_by is not None

    def feed(self, data: bytes) -> str:
        """Add bytes; return the text that may be sent now."""
        return self._scan(self._decode(data))

    def flush(self) -> str:
        """The end: return what was held back, unless a stop string matched."""
        text = self._scan(self._decode(b"", True))
        held, self._held = self._held, ""
        return text + held if self.stopped_by is None else text

    def _scan(self, text: str) -> str:
        if self.stopped_by is not None:
            return ""
        text = self._held + text
        self._held = ""
        if not self._stops:
            return text
        found = [(position, stop) for stop in self._stops if (position := text.find(stop)) >= 0]
        if found:
            # NOTE: the match that is complete first wins, then the longest. Any other order would make the answer
            # depend on how the model cut it into tokens.
            position, self.stopped_by = min(found, key=lambda match: (match[0] + len(match[1]), match[0]))
            return text[:position]
        keep = max(partial_suffix(text, stop) for stop in self._stops)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]


def partial_suffix(text: str, marker: str) -> int:
    """Length of the longest end of `text` that is a proper beginning of `marker`."""
    for length in range(min(len(text), len(marker) - 1), 0, -1):
        if text.endswith(marker[:length]):
            return length
    return 0
