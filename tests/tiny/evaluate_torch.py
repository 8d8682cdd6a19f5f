"""A cheap examination during training: greedy answers in batches, with no cache."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import torch
from heldout import Case, draw_cases, is_right
from model import Tiny
from tokenizer import Tokenizer


@lru_cache(maxsize=1)
def probe_cases(count: int) -> list[Case]:
    cases = draw_cases(99, count)
    questions = [case for case in cases if case.skill in ("omm question", "small talk")]
    return [case for case in cases if case not in questions] + questions[:: max(1, len(questions) // (2 * count))]


@torch.no_grad()
def greedy(model: Tiny, tokenizer: Tokenizer, prompts: list[str], limit: int = 80) -> list[str]:
    """Answers to prompts; rows end at the first end token."""
    rows = [tokenizer.encode(prompt) for prompt in prompts]
    starts = [len(row) for row in rows]
    ends = {tokenizer.ids["<|im_end|>"], tokenizer.ids["<|endoftext|>"]}
    alive = list(range(len(rows)))
    for _ in range(limit):
        longest = max(len(rows[i]) for i in alive)
        ids = torch.zeros(len(alive), longest, dtype=torch.long)
        for place, i in enumerate(alive):
            ids[place, : len(rows[i])] = torch.tensor(rows[i])
        _, _, hidden = model(ids, torch.arange(longest).expand(len(alive), -1))
        at = torch.tensor([len(rows[i]) - 1 for i in alive])
        best = model.logits(hidden[torch.arange(len(alive)), at]).argmax(-1).tolist()
        for i, token in zip(alive, best, strict=True):
            rows[i].append(token)
        alive = [i for i in alive if rows[i][-1] not in ends]
        if not alive:
            break
    return [tokenizer.decode(t for t in row[start:] if t not in ends) for row, start in zip(rows, starts, strict=True)]


def probe(model: Tiny, tokenizer: Tokenizer, count: int = 12) -> dict[str, float]:
    """Shares of right answers by skill."""
    cases = probe_cases(count)
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for at in range(0, len(cases), 16):
        some = cases[at : at + 16]
        for case, output in zip(some, greedy(model, tokenizer, [c.prompt for c in some]), strict=True):
            total[case.skill] += 1
            right[case.skill] += is_right(case, output)
    return {skill: round(right[skill] / total[skill], 2) for skill in total}
