"""Model text → events: reasoning and tool calls told apart from the answer. One file per output dialect."""

from __future__ import annotations

from omm.chat.dialects.reader import Context, Parser, Reader
from omm.chat.dialects.table import DIALECTS, Dialect, choose, named

__all__ = ["DIALECTS", "Context", "Dialect", "Parser", "Reader", "choose", "named"]
