"""Answers without calls: text, after reasoning if there is any.

Tools that are offered to such a model are described in the system text in the Hermes form, so calls are read in it.
"""

from __future__ import annotations

from omm.chat.dialects import hermes
from omm.chat.dialects.reader import Reader, Steps


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text, with Hermes' calls when tools were offered."""
    yield from hermes.read(reader)
