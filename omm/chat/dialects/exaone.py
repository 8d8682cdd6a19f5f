"""Hermes' calls, and reasoning in `<think>` (EXAONE 4) or `<thought>` (EXAONE Deep). Source: their chat templates."""

from __future__ import annotations

from omm.chat.dialects import hermes
from omm.chat.dialects.reader import Reader, Steps
from omm.chat.dialects.thinking import thought_or_closer

DEEP = ("<thought>", "</thought>")


def read(reader: Reader) -> Steps[None]:
    """EXAONE 4: reasoning, then answer text with calls in it."""
    yield from thought_or_closer(reader, "<think>", "</think>")
    yield from hermes.blocks(reader, hermes.CALL, hermes.END_CALL)


def read_deep(reader: Reader) -> Steps[None]:
    """EXAONE Deep: the same with its own markers around reasoning."""
    yield from thought_or_closer(reader, *DEEP)
    yield from hermes.blocks(reader, hermes.CALL, hermes.END_CALL)
