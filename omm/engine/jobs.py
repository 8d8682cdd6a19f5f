"""What a quantising process is told, and what it reports: JSON values, one per line."""

from __future__ import annotations

from omm.types import Failed, Value


class Job(Value, kw_only=True):
    """Write `source` as `target` with the weights in `file_type`, a number of llama.cpp's `llama_ftype`.

    `importance` is the path of an importance matrix.
    """

    source: str
    target: str
    file_type: int
    is_embedding: bool = False
    importance: str | None = None


class Step(Value, kw_only=True, tag="step"):
    """The tensor that is worked on now."""

    tensor: str


class Checking(Value, kw_only=True, tag="checking"):
    """The file is written; what follows is a look at whether it works."""


class Done(Value, kw_only=True, tag="done"):
    """The good end."""


Report = Step | Checking | Done | Failed
