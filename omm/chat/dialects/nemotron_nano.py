"""`<TOOLCALL>[{"name": "tide", "arguments": {"port": "Oslo"}}]</TOOLCALL>`: Nemotron Nano v2.

Source: NVIDIA-Nemotron-Nano-v2's chat template.
"""

from __future__ import annotations

from omm.chat.dialects.hermes import END_THINK, THINK, blocks
from omm.chat.dialects.reader import Reader, Steps, thought

CALLS, END_CALLS = "<TOOLCALL>", "</TOOLCALL>"


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with lists of calls."""
    yield from thought(reader, THINK, END_THINK)
    yield from blocks(reader, CALLS, END_CALLS)
