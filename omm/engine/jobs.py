"""What a quantising or converting process is told, and what it reports: JSON values, one per line."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec

from omm.errors import EngineFailed, OmmError
from omm.types import Failed, Value

T = TypeVar("T", bound=Value)


class Quantization(Value, kw_only=True):
    """Write `source` as `target` with the weights in `file_type`, a number of llama.cpp's `llama_ftype`.

    `importance` is the path of an importance matrix.
    """

    source: str
    target: str
    file_type: int
    is_embedding: bool = False
    importance: str | None = None


class Conversion(Value, kw_only=True):
    """Write a checkpoint as the GGUF file `target`; `files` are paths by the names that the files had."""

    files: dict[str, str]
    target: str


class Step(Value, kw_only=True, tag="step"):
    """The tensor that is worked on now."""

    tensor: str


class Written(Value, kw_only=True, tag="written"):
    """Bytes of the target that are there, of how many."""

    completed: int
    total: int


class Remark(Value, kw_only=True, tag="remark"):
    """Something that the one who asked should know."""

    text: str


class Checking(Value, kw_only=True, tag="checking"):
    """The file is written; what follows is a look at whether it works."""


class Done(Value, kw_only=True, tag="done"):
    """The good end."""


Report = Step | Written | Remark | Checking | Done | Failed


def work(kind: type[T], do: Callable[[T, Callable[[Report], None]], None]) -> None:
    """Do the one job that stdin brings. Ends at once when stdin closes: who asked is gone, or wants it no more."""
    reports = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever prints goes to the log
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=kind)
    threading.Thread(target=_leave_with_parent, daemon=True).start()

    def report(step: Report) -> None:
        reports.write(msgspec.json.encode(step) + b"\n")

    try:
        do(job, report)
        report(Done())
    except OmmError as exc:
        report(Failed(code=exc.code, message=exc.message, param=exc.param))
    except Exception as exc:  # noqa: BLE001  # who asked learns of it in no other way
        report(Failed(code=EngineFailed.code, message=f"the work failed: {type(exc).__name__}: {exc}"))
    os._exit(0)  # not a return: an interpreter that ends would wait for the thread that reads stdin, and then abort


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
