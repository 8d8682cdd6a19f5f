"""Logits → the next token of one sequence, with its log-probabilities. Worker only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from omm.engine import sampling
from omm.engine.guide import Guide
from omm.engine.host import Host
from omm.engine.sequence import Sequence
from omm.types import TokenLogprob, TopLogprob

Logits = npt.NDArray[np.float32]


def next_token(host: Host, sequence: Sequence) -> int | None:
    """The token that comes next, sampled or forced; None when the grammar and the limits leave none.

    The logits of the sequence's row are changed. Log-probabilities are of the model's own distribution, before that.
    """
    command = sequence.command
    logits = host.logits(sequence.row)
    raw = logits.copy() if command.logprobs else logits
    token = _forced(sequence)
    if token is None:
        if not _restrict(host, sequence, logits):
            return None
        token = _sample(host, sequence, logits)
        if sequence.guide is not None:
            token = _guided(host, sequence.guide, token)
    if command.logprobs:
        sequence.logprobs.append(_logprob(host, raw, token, command.top_logprobs))
    return token


def _forced(sequence: Sequence) -> int | None:
    """The token that must come next whatever the model says, if there is one."""
    token = sequence.guide.force() if sequence.guide is not None else None
    if token is not None and sequence.sampler is not None:
        sequence.sampler.accept(token)
    return token


def _guided(host: Host, guide: Guide, token: int) -> int:
    """The token to take for a sampled one, as the guide wants it."""
    if host.is_end(token):
        instead = guide.outlive()
        return token if instead is None else instead
    return guide.settle(token, host.piece(token, special=True))


def _restrict(host: Host, sequence: Sequence, logits: Logits) -> bool:
    """Forbid what may not come now, in place; False when nothing is left."""
    if not sequence.may_end:
        logits[host.vocabulary.ends] = -np.inf
    is_bound = sequence.guide is not None and sequence.guide.restrict(logits)
    return (sequence.may_end and not is_bound) or bool(logits.max() > -np.inf)


def _sample(host: Host, sequence: Sequence, logits: Logits) -> int:
    if not sequence.command.sampling.penalize_newline:
        _spare_newline(host, sequence, logits)
    token = sequence.sampler.sample(host.context, sequence.row) if sequence.sampler else int(logits.argmax())
    # NOTE: forbidden tokens turn some stages' sums into NaN, and then they choose anything.
    return token if logits[token] > -np.inf else int(logits.argmax())


def _spare_newline(host: Host, sequence: Sequence, logits: Logits) -> None:
    params = sequence.command.sampling
    count = sequence.recent(params.repeat_last_n).count(host.newline)
    logits[host.newline] = sampling.without_newline_penalty(params, float(logits[host.newline]), count)


def _logprob(host: Host, logits: Logits, token: int, num_top: int) -> TokenLogprob:
    peak = logits.max()
    values = logits - peak - np.log(np.exp(logits - peak).sum())
    num_top = min(num_top, len(values))
    best: list[int] = np.argpartition(values, -num_top)[-num_top:].tolist() if num_top else []
    top = sorted((_top(host, other, float(values[other])) for other in best), key=lambda t: -t.logprob)
    chosen = _top(host, token, float(values[token]))
    return TokenLogprob(token=chosen.token, logprob=chosen.logprob, data=chosen.data, top=tuple(top))


def _top(host: Host, token: int, logprob: float) -> TopLogprob:
    data = host.piece(token, special=True)
    return TopLogprob(token=data.decode("utf-8", "replace"), logprob=logprob, data=data)
