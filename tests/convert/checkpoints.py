"""Checkpoints with random weights, as transformers would save them, from the small files under `fixtures`.

A case is a configuration, the names and sizes of its tensors, a prompt, and what PyTorch computes of it; a tokenizer is
the files of one, some texts and the ids they become. `reference.py` wrote them. Weights are drawn here from a seed, so
none is kept.
"""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path.name for path in FIXTURES.glob("cases/*"))
TOKENIZERS = sorted(path.name for path in FIXTURES.glob("tokenizers/*"))
EMPTY: dict[str, Any] = {}


def expected(kind: str, name: str) -> dict[str, Any]:
    """What a case or a tokenizer should give."""
    content: dict[str, Any] = json.loads((FIXTURES / kind / name / "expected.json").read_bytes())
    return content


def write_case(folder: Path, name: str, *, config: Mapping[str, Any] = EMPTY, dtype: str = "F32") -> Path:
    """A whole checkpoint; `config` replaces keys of the configuration, None removes one."""
    folder.mkdir(parents=True, exist_ok=True)
    said = expected("cases", name)
    source = json.loads((FIXTURES / "cases" / name / "config.json").read_bytes())
    changed = {key: value for key, value in {**source, **config}.items() if value is not None}
    (folder / "config.json").write_text(json.dumps(changed, indent=2))
    shutil.copytree(
        FIXTURES / "tokenizers" / said["tokenizer"],
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("expected.json"),
    )
    write_weights(folder / "model.safetensors", weights(said["tensors"]), dtype)
    return folder


def weights(shapes: Mapping[str, Iterable[int]]) -> dict[str, np.ndarray]:
    """Numbers of a size that lets every part of a model matter."""
    return {name: _values(name, tuple(shape)) for name, shape in shapes.items()}


def _values(name: str, shape: tuple[int, ...]) -> np.ndarray:
    values = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(shape, np.float32)
    if len(shape) == 1:
        return values * np.float32(0.2) + np.float32("norm" in name)
    return values * np.float32(1.0 if "embed" in name else 1.3 * shape[1] ** -0.5)


def write_weights(path: Path, arrays: Mapping[str, np.ndarray], dtype: str = "F32") -> Path:
    """A safetensors file; `dtype` may be F32, F16 or BF16 (cut off, not rounded)."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    parts, position = [], 0
    for name, array in arrays.items():
        content = _packed(array, dtype)
        header[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [position, position + len(content)],
        }
        parts.append(content)
        position += len(content)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
    return path


def _packed(array: np.ndarray, dtype: str) -> bytes:
    if dtype == "BF16":
        return (array.view(np.uint32) >> 16).astype("<u2").tobytes()
    return array.astype({"F32": "<f4", "F16": "<f2"}[dtype]).tobytes()
