"""DeepSeek V3.2: DSML in blocks named `function_calls`."""

from __future__ import annotations

from omm.chat.dialects import dsml
from omm.chat.dialects.reader import Reader, Steps


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with blocks of calls in it."""
    yield from dsml.read(reader, "function_calls")
