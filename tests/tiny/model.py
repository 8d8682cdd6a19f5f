"""The shape of `tiny` in PyTorch: a small Llama-style decoder; knows token ids, nothing of text or files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of the model; every row length is a multiple of 32, so that Q8_0 applies to all matrices."""

    vocab: int = 1024
    layers: int = 6
    width: int = 256
    heads: int = 8
    ffn: int = 512
    context: int = 2048
    rope_base: float = 10000.0
    eps: float = 1e-5

    @property
    def head_dim(self) -> int:
        return self.width // self.heads


class Block(nn.Module):
    """One pre-norm layer: attention, then SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, ffn = shape.width, shape.ffn
        self.heads, self.eps = shape.heads, shape.eps
        self.attn_norm = nn.Parameter(torch.ones(width))
        self.ffn_norm = nn.Parameter(torch.ones(width))
        self.qkv = nn.Parameter(torch.randn(3, width, width) * width**-0.5)
        self.out = nn.Parameter(torch.zeros(width, width))
        self.gate_up = nn.Parameter(torch.randn(2, ffn, width) * width**-0.5)
        self.down = nn.Parameter(torch.zeros(width, ffn))

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, length, width = x.shape
        normed = F.rms_norm(x, (width,), self.attn_norm, self.eps)
        qkv = F.linear(normed, self.qkv.flatten(0, 1)).view(batch, length, 3, self.heads, -1)
        qk = rotate(qkv[:, :, :2], cos, sin)
        q, k, v = qk[:, :, 0].transpose(1, 2), qk[:, :, 1].transpose(1, 2), qkv[:, :, 2].transpose(1, 2)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + F.linear(mixed.transpose(1, 2).reshape(batch, length, width), self.out)
        normed = F.rms_norm(x, (width,), self.ffn_norm, self.eps)
        gate, up = F.linear(normed, self.gate_up.flatten(0, 1)).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * up, self.down)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions on split halves; export interleaves the rows, as llama.cpp's llama expects."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


class Tiny(nn.Module):
    """Token ids and positions in, hidden states out; `logits` is the tied head."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Parameter(torch.randn(shape.vocab, shape.width) * 0.05)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.width))
        half = shape.head_dim // 2
        freqs = shape.rope_base ** (-torch.arange(half).float() / half)
        angles = torch.outer(torch.arange(shape.context).float(), freqs)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def lower(self, ids: Tensor, positions: Tensor) -> Tensor:
        """Hidden states `float32[batch, length, width]` half way up, not normed."""
        return self._through(self.blocks[: self.shape.layers // 2], F.embedding(ids, self.embed), positions)

    def forward(self, ids: Tensor, positions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Hidden states `float32[batch, length, width]`: half way up, before the last layer, and at the end, normed."""
        middle = self.lower(ids, positions)
        late = self._through(self.blocks[self.shape.layers // 2 : -1], middle, positions)
        last = self._through(self.blocks[-1:], late, positions)
        return middle, late, F.rms_norm(last, (self.shape.width,), self.norm, self.shape.eps)

    def attention(self, late: Tensor, positions: Tensor, heads: list[int]) -> Tensor:
        """Scores before softmax of the last layer, `float32[batch, heads, length, length]`, later places out."""
        block, shape = self.blocks[-1], self.shape
        normed = F.rms_norm(late, (shape.width,), block.attn_norm, shape.eps)
        weights = block.qkv.view(3, shape.heads, shape.head_dim, shape.width)[:2, heads].flatten(0, 2)
        cos, sin = self.cos[positions][:, :, None, None], self.sin[positions][:, :, None, None]
        both = F.linear(normed, weights).unflatten(-1, (2, -1, shape.head_dim))
        query, key = rotate(both, cos, sin).permute(2, 0, 3, 1, 4)
        scores = query @ key.mT / shape.head_dim**0.5
        later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        return scores.masked_fill(later, -1e9)

    def _through(self, blocks: Iterable[nn.Module], x: Tensor, positions: Tensor) -> Tensor:
        cos, sin = self.cos[positions][:, :, None, None], self.sin[positions][:, :, None, None]
        for block in blocks:
            x = block(x, cos, sin)
        return x

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embed)
