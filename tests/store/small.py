"""Tiny GGUF files for tests of the header reader: a few hundred bytes, valid unless told otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np

TEMPLATE = "{% if tools %}{{ tools }}{% endif %}<think></think>"


def write_small(
    path: Path, arch: str = "llama", extra: Callable[[gguf.GGUFWriter], object] | None = None, seed: int = 0
) -> Path:
    """Write a file with one key of each kind and three tensors; `extra` may add more."""
    writer = gguf.GGUFWriter(path, arch)
    if arch != "clip":
        writer.add_block_count(2)
        writer.add_context_length(2048)
        writer.add_embedding_length(64)
        writer.add_head_count(4)
        writer.add_head_count_kv([2, 0])
    writer.add_tokenizer_model("llama")
    writer.add_token_list(["<unk>", "<0x0A>", "a", "é"])
    writer.add_token_scores([0.0, -1.0, -2.0, -3.0])
    writer.add_token_types([2, 6, 1, 1])
    writer.add_file_type(7)
    if extra:
        extra(writer)
    rng = np.random.default_rng(seed)
    writer.add_tensor(
        "token_embd.weight", rng.integers(0, 255, (4, 68), np.uint8), raw_dtype=gguf.GGMLQuantizationType.Q8_0
    )
    writer.add_tensor("output_norm.weight", rng.random((64,), np.float32))
    writer.add_tensor("blk.0.ffn_up.weight", rng.random((3, 64), np.float32).astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
