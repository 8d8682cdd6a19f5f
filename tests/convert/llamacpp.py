"""Converts a checkpoint in this process and asks llama.cpp about the result."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import numpy as np

from omm.convert import __main__ as converting
from omm.convert.folder import Folder
from omm.engine import llama
from omm.engine.jobs import Report


def convert(folder: Path, target: Path, reports: list[Report] | None = None) -> Path:
    """The GGUF file of a checkpoint."""
    files = {path.name: str(path) for path in folder.iterdir()}
    converting.convert(Folder(files), target, [].append if reports is None else reports.append)
    return target


def tolerance(case: str) -> float:
    """How far logits may be from PyTorch's, as a part of the largest: llama.cpp looks GELU up in a table of halves."""
    return 2e-3 if case.startswith("gemma") else 2e-5


def load(path: Path) -> llama.Model:
    llama.start_backend()
    return llama.Model(str(path), gpu_layers=0)


def logits(path: Path, prompt: list[int], num_last: int) -> np.ndarray:
    """`float32[num_last, vocab]` of the last positions, with a KV cache in full precision."""
    model = load(path)
    with patch.dict(llama.KV_TYPES, f32=0):
        context = llama.Context(
            model,
            num_ctx=256,
            num_sequences=1,
            num_batch=256,
            num_threads=1,
            flash_attention="off",
            kv_cache_type="f32",
        )
    rows, done = [], 0
    for end in range(len(prompt) - num_last + 1, len(prompt) + 1):
        batch = llama.Batch(256)
        row = batch.add(prompt[done:end], done, 0, outputs="last")
        assert context.decode(batch) == 0
        rows.append(context.logits(row).copy())
        done = end
    context.close()
    model.close()
    return np.array(rows)
