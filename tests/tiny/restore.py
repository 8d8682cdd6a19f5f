"""Read the weights of an exported GGUF back into the PyTorch model, to train on from the model that ships."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import torch
from gguf.quants import dequantize
from model import Tiny


def halves(rows: np.ndarray, heads: int) -> np.ndarray:
    """Undo `export.interleaved`."""
    size, width = rows.shape
    return rows.reshape(heads, size // heads // 2, 2, width).swapaxes(1, 2).reshape(size, width)


def restore(model: Tiny, path: Path) -> None:
    """Load the weights in place, as exact as Q8_0 keeps them; optimizers start anew.

    Raises:
        ValueError: the file is of another shape.
    """
    found = {tensor.name: dequantize(tensor.data, tensor.tensor_type) for tensor in gguf.GGUFReader(path).tensors}
    heads = model.shape.heads
    state = {"embed": found["token_embd.weight"], "norm": found["output_norm.weight"]}
    for index in range(model.shape.layers):
        part = {name: found[f"blk.{index}.{name}.weight"] for name in PARTS}
        query, key = halves(part["attn_q"], heads), halves(part["attn_k"], heads)
        block = {
            "attn_norm": part["attn_norm"],
            "ffn_norm": part["ffn_norm"],
            "qkv": np.stack([query, key, part["attn_v"]]),
            "out": part["attn_output"],
            "gate_up": np.stack([part["ffn_gate"], part["ffn_up"]]),
            "down": part["ffn_down"],
        }
        state |= {f"blocks.{index}.{name}": array for name, array in block.items()}
    try:
        model.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
    except RuntimeError as exc:
        raise ValueError(f"{path} has another shape: {exc}") from exc


PARTS = ("attn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_norm", "ffn_gate", "ffn_up", "ffn_down")
