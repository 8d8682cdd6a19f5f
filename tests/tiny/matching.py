"""Which tool a request is for, as a second aim of training: requests and lines of tools in one space.

The calls alone teach the choice slowly, since each is a choice between a handful of tools. Here the hidden states at
the ends of a request and of each tool's line, half way up the model, are compared with those of the whole batch; what
tells them apart is then at hand for the layers above, where two attention heads are told to look from the place of a
name to the end of the right line, and the end of a line to know how its name begins. Left to itself the model looked at
all lines alike. Two more heads are told to look at what an answer is about to copy: they used to find a value, but now
and then another's. The heads here are no part of the exported model.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from model import Tiny
from torch import Tensor, nn

TOLD = [2, 4, 6, 7]  # the heads of the last layer that are told where to look
COPYING, CHOOSING = slice(0, 2), slice(2, 4)  # which of them at what is copied, and which at the line of the right tool


class Heads(nn.Module):
    """Projections of requests and lines into the space of the comparison, and of a line's end to a name's beginning."""

    def __init__(self, width: int, size: int = 64) -> None:
        super().__init__()
        self.request = nn.Parameter(torch.randn(size, width) * width**-0.5)
        self.line = nn.Parameter(torch.randn(size, width) * width**-0.5)
        self.scale = nn.Parameter(torch.tensor(2.3))
        self.name = nn.Parameter(torch.zeros(width, width))

    def forward(self, listed: Tensor, lines: Tensor, asked: Tensor, picks: Tensor) -> Tensor:
        """Cross-entropy of each request's own line among all lines of the batch.

        Args:
            listed, asked: hidden states `float32[batch, length, width]` that hold the lines, and the requests.
            lines, picks: `int64[n, 3 or more]`, as `marks.gather` gives them.
        """
        if not len(picks):
            return 0 * (listed.sum() + self.request.sum() + self.line.sum() + self.scale)
        queries = self._project(asked, picks, self.request)
        keys = self._project(listed, lines, self.line)
        scores = self.scale.exp().clamp(max=50) * queries @ keys.T
        right = lines[picks[:, 2], 2]
        same = (right[:, None] == lines[None, :, 2]) & (right[:, None] >= 0)
        same[torch.arange(len(picks)), picks[:, 2]] = False  # another list's tool of that family is not wrong
        return F.cross_entropy(scores.masked_fill(same, -1e9), picks[:, 2])

    def _project(self, hidden: Tensor, places: Tensor, head: Tensor) -> Tensor:
        states = hidden[places[:, 0], places[:, 1]]
        return F.normalize(F.linear(F.rms_norm(states, states.shape[-1:]), head), dim=-1)

    def names(self, tiny: Tiny, late: Tensor, lines: Tensor) -> Tensor:
        """Cross-entropy of the first token of each line's name, told from the line's end."""
        if not len(lines):
            return 0 * self.name.sum()
        states = late[lines[:, 0], lines[:, 1]]
        known = F.linear(F.rms_norm(states, states.shape[-1:]), self.name)
        return F.cross_entropy(tiny.logits(known), lines[:, 3])


def looks(tiny: Tiny, late: Tensor, positions: Tensor, lines: Tensor, picks: Tensor, copies: Tensor) -> list[Tensor]:
    """Cross-entropy of the last layer's attention: from where a name is due to the end of the right line, and from
    where a key or a value is due to where it stands.
    """
    scores = tiny.attention(late, positions, TOLD)
    choices = torch.stack((picks[:, 0], picks[:, 3], lines[picks[:, 2], 1]), 1)
    return [look(scores[:, CHOOSING], choices), look(scores[:, COPYING], copies)]


def look(scores: Tensor, places: Tensor) -> Tensor:
    """Of `places` `[n, 3]`: row, from where, to where."""
    if not len(places):
        return 0 * scores[..., 0].sum()
    row, at, right = places.T
    picked = scores[row, :, at]
    return F.cross_entropy(picked.transpose(1, 2), right[:, None].expand(-1, picked.shape[1]))
