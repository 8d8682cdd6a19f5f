"""Calls of models whose template describes tools in a way of its own: JSON at the start of the answer, or Hermes' form.

An object with the name of an offered tool and its arguments, or a list of them, alone or in a code fence.
"""

from __future__ import annotations

from omm.chat.dialects import hermes
from omm.chat.dialects.reader import Reader, Steps


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then calls at the start, or answer text with Hermes' calls in it."""
    yield from hermes.read(reader)
