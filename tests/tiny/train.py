"""Train `tiny` from nothing on a CPU: masked loss, copying first, Muon and AdamW, decay tied to the clock.

PERF: one process a core, each with one thread and half of the batch, which meet once a step. Two threads meet at
every operation instead, and on a machine that also compiles they fell from 5,300 tokens/s to 1,000.

    python tests/tiny/train.py --out DIR --until 18:30

Stops by itself at the given time with the learning rate run down, whatever the machine's speed; writes
`DIR/last.pt` every few minutes and goes on from it. `touch DIR/stop` ends it early, with a checkpoint.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from queue import Queue

import corpus
import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from evaluate_torch import probe
from marks import Pairs, gather, pairs
from matching import Heads, looks
from model import Shape, Tiny
from restore import restore
from tokenizer import Tokenizer
from torch import Tensor, nn
from words import Source

HERE = Path(__file__).parent
MAX_LENGTH = 768
BUCKET = 32
BATCH_TOKENS = 2048  # of each worker
OTHER_SHARE = 0.25  # of the tokens outside answers, how many carry loss
OTHER_WEIGHT = 0.05  # and how much: what people say cannot be foretold, so a few at full weight would be mostly noise
WEIGHTS = (0.1, 0.03, 0.05, 0.1, 0.05)  # beside the loss on tokens: pairs alone, pairs within, two looks, names

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Ids, the weight of each as a target, positions, all `[batch, length]`; lines and picks `[n, 4]`, copies `[n, 3]`."""
Batch = tuple[Rows, Pairs]


# Batches.


def spread_positions(rng: random.Random, length: int, starts: list[int], context: int) -> np.ndarray:
    """Positions with random jumps where messages start, so that far positions are seen in short rows."""
    positions = np.arange(length)
    if rng.random() < 0.4:
        free = context - length - 1
        for start in rng.sample(starts, min(len(starts), 2)) if starts else [0]:
            jump = int(rng.random() ** 2 * free)
            positions[start:] += jump
            free -= jump
    return positions


def make_batch(rng: random.Random, group: list[corpus.Sample], context: int) -> Rows:
    longest = max(len(sample[0]) for sample in group)
    length = -(-longest // BUCKET) * BUCKET
    ids = np.zeros((len(group), length), np.int64)
    weights = np.zeros((len(group), length), np.float32)
    positions = np.zeros((len(group), length), np.int64)
    for row, (sample, trained, starts, _) in enumerate(group):
        size = len(sample)
        ids[row, :size] = sample
        weights[row, :size] = np.where(trained, 1.0, OTHER_WEIGHT * (np.random.random(size) < OTHER_SHARE))
        positions[row, :size] = spread_positions(rng, size, starts, context)
    marked = gather(sample[3] for sample in group)
    lines, picks, copies = (
        np.array(part, np.int64).reshape(-1, size) for part, size in zip(marked, (4, 4, 3), strict=True)
    )
    return ids, weights, positions, lines, picks, copies


def batches(seed: int, mix: dict[str, float], context: int) -> Iterator[Batch]:
    """Rows of like length together, so that little is padding."""
    rng = random.Random(seed)
    np.random.seed(seed % 2**31)
    tokenizer = Tokenizer.load(HERE / "tokenizer.json")
    source = corpus.samples(tokenizer, seed, mix)
    while True:
        pool = [sample for sample in (next(source) for _ in range(1500)) if len(sample[0]) <= MAX_LENGTH]
        pool.sort(key=lambda sample: len(sample[0]))
        groups: list[list[corpus.Sample]] = [[]]
        for sample in pool:
            if (len(groups[-1]) + 1) * len(sample[0]) > BATCH_TOKENS:
                groups.append([])
            groups[-1].append(sample)
        rng.shuffle(groups)
        for group in groups:
            yield make_batch(rng, group, context), pairs(tokenizer, Source(rng))


def feed(queue: Queue[Batch], seed: int, mix: dict[str, float], context: int) -> None:
    """Run in a child process: the trainer never waits for text."""
    os.nice(3)
    for batch in batches(seed, mix, context):
        queue.put(batch)


def start_feed(seed: int, mix: dict[str, float], context: int) -> tuple[Queue[Batch], multiprocessing.Process]:
    ctx = multiprocessing.get_context("spawn")
    queue: Queue[Batch] = ctx.Queue(maxsize=24)
    child = ctx.Process(target=feed, args=(queue, seed, mix, context), daemon=True)
    child.start()
    return queue, child


# Optimizers.


def orthogonal(stack: Tensor) -> Tensor:
    """Newton-Schulz iteration on a stack of matrices at once (Muon)."""
    x = stack / (stack.flatten(1).norm(dim=1).clamp_min(1e-7)[:, None, None])
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    for _ in range(5):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.mT if tall else x


class Muon:
    """Momentum, made orthogonal, for hidden matrices; matrices of one shape go through together."""

    def __init__(self, params: list[Tensor], momentum: float = 0.95, decay: float = 0.01) -> None:
        self.params, self.momentum, self.decay = params, momentum, decay
        self.buffers = [torch.zeros_like(p) for p in params]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        updates = []
        for param, buffer in zip(self.params, self.buffers, strict=True):
            assert param.grad is not None
            buffer.mul_(self.momentum).add_(param.grad)
            updates.append((param.grad + self.momentum * buffer).view(-1, *param.shape[-2:]))
        for update in share_orthogonal(updates):
            param, change = self.params[update[0]], update[1]
            scale = max(1.0, change.shape[1] / change.shape[2]) ** 0.5
            param.mul_(1 - rate * self.decay).sub_(change.view_as(param), alpha=rate * scale)


def share_orthogonal(updates: list[Tensor]) -> Iterator[tuple[int, Tensor]]:
    """Each worker makes its share of the stacks orthogonal; the sum over workers is everyone's."""
    flat = torch.zeros(sum(update.numel() for update in updates))
    at = 0
    views = []
    for index, update in enumerate(updates):
        view = flat[at : at + update.numel()].view_as(update)
        at += update.numel()
        views.append((index, view))
        if index // 4 % dist.get_world_size() == dist.get_rank():  # four matrices a layer
            view.copy_(orthogonal(update))
    dist.all_reduce(flat)
    yield from views


def make_optimizers(learner: Learner) -> tuple[Muon, torch.optim.AdamW]:
    hidden = [p for p in learner.tiny.blocks.parameters() if p.ndim > 1]
    rest = [p for p in learner.parameters() if not any(p is h for h in hidden)]
    return Muon(hidden), torch.optim.AdamW(rest, lr=1.0, betas=(0.9, 0.98), weight_decay=0.0)


# The loop.


def clock(text: str) -> float:
    """Today's time `HH:MM`, as seconds since the epoch; tomorrow's, when it is past."""
    hour, minute = map(int, text.split(":"))
    now = datetime.datetime.now().astimezone()
    when = now.replace(hour=hour, minute=minute, second=0)
    return (when if when > now else when + datetime.timedelta(days=1)).timestamp()


def rate_factor(step: int, now: float, start: float, end: float, decay_share: float) -> float:
    """Warm-up by steps, then flat, then down to nothing at the end of the time."""
    left = (end - now) / max(1.0, (end - start) * decay_share)
    return max(0.0, min(1.0, (step + 1) / 150, left))


class Learner(nn.Module):
    """The model, and the heads that only training has."""

    def __init__(self, shape: Shape, *, compiled: bool) -> None:
        super().__init__()
        self.tiny, self.heads = Tiny(shape), Heads(shape.width)
        self.run = torch.compile(self.tiny.forward, dynamic=True) if compiled else self.tiny.forward
        self.lower = torch.compile(self.tiny.lower, dynamic=True) if compiled else self.tiny.lower

    def forward(self, batch: Batch) -> Tensor:
        """The weighted mean over the targets, then the losses that `WEIGHTS` are for: `float32[6]`."""
        ids, weights, positions, lines, picks, copies = map(torch.from_numpy, batch[0])
        middle, late, last = self.run(ids, positions)
        wanted = weights[:, 1:] > 0
        logits = self.tiny.logits(last[:, :-1][wanted])
        losses = F.cross_entropy(logits, ids[:, 1:][wanted], reduction="none")
        some = weights[:, 1:][wanted]
        within = self.heads(middle, lines, middle, picks)
        looked = looks(self.tiny, late, positions, lines, picks, copies)
        names = self.heads.names(self.tiny, late, lines)
        return torch.stack([(losses * some).sum() / some.sum(), self.alone(batch[1]), within, *looked, names])

    def alone(self, batch: Pairs) -> Tensor:
        lists, lines, requests, picks = map(torch.from_numpy, batch)
        listed, asked = (self.lower(ids, torch.arange(ids.shape[1]).expand(ids.shape)) for ids in (lists, requests))
        return self.heads(listed, lines, asked, picks)


def save(path: Path, learner: Learner, muon: Muon, adam: torch.optim.AdamW, meta: dict[str, float]) -> None:
    state = {"shape": asdict(learner.tiny.shape), "model": learner.tiny.state_dict(),
             "heads": learner.heads.state_dict(), "muon": muon.buffers, "adam": adam.state_dict(),
             "meta": meta}  # fmt: skip
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


def worker(rank: int, args: argparse.Namespace) -> None:
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{args.out}/meeting", rank=rank, world_size=args.workers)
    last = args.out / "last.pt"
    state = torch.load(last, weights_only=True) if last.exists() else None
    learner = Learner(Shape(**state["shape"]) if state else Shape(), compiled=args.compile)
    muon, adam = make_optimizers(learner)
    meta: dict[str, float] = {"step": 0, "tokens": 0, "start": time.time()}
    if state:
        learner.tiny.load_state_dict(state["model"])
        for buffer, kept in zip(muon.buffers, state["muon"], strict=True):
            buffer.copy_(kept)
        learner.heads.load_state_dict(state["heads"])
        adam.load_state_dict(state["adam"])
        meta = state["meta"]
    elif args.init:
        restore(learner.tiny, args.init)
    train(args, learner, muon, adam, meta)
    if rank == 0:
        save(last, learner, muon, adam, meta)


def agree(*values: float) -> list[float]:
    """What worker 0 says, for all: its clock and its wish to stop."""
    said = torch.tensor(values, dtype=torch.float64)
    dist.broadcast(said, 0)
    return [float(value) for value in said]


def average_gradients(learner: Learner, tokens: int) -> int:
    """Mean over the workers, in place; returns the tokens of all."""
    grads = [p.grad for p in learner.parameters() if p.grad is not None]
    flat = torch.cat([*(grad.flatten() for grad in grads), torch.tensor([float(tokens)])])
    dist.all_reduce(flat)
    at = 0
    for grad in grads:
        grad.copy_(flat[at : at + grad.numel()].view_as(grad) / dist.get_world_size())
        at += grad.numel()
    return int(flat[-1])


class Log:
    """Prints, saves and probes now and then; worker 0 only."""

    def __init__(self, args: argparse.Namespace, tokens: float) -> None:
        self.args, self.tokens = args, tokens
        self.logged = self.saved = self.probed = time.time()
        self.losses: list[list[float]] = []

    def after_step(self, state: tuple[Learner, Muon, torch.optim.AdamW, dict[str, float]], factor: float) -> None:
        learner, _, _, meta = state
        now = time.time()
        if now - self.logged > 30:
            speed = (meta["tokens"] - self.tokens) / (now - self.logged)
            losses = " ".join(f"{loss:.3f}" for loss in np.mean(self.losses, axis=0))
            stamp = datetime.datetime.now().astimezone().strftime("%H:%M:%S")
            print(f"{stamp} step {meta['step']:.0f} tokens {meta['tokens'] / 1e6:.2f}M "
                  f"losses {losses} rate {factor:.3f} {speed:.0f} tok/s", flush=True)  # fmt: skip
            self.logged, self.losses, self.tokens = now, [], meta["tokens"]
        if now - self.saved > 120:
            save(self.args.out / "last.pt", *state)
            self.saved = now
        if now - self.probed > self.args.probe_s:
            print("probe", json.dumps(probe(learner.tiny, Tokenizer.load(HERE / "tokenizer.json"))), flush=True)
            self.probed = time.time()


def train(
    args: argparse.Namespace, learner: Learner, muon: Muon, adam: torch.optim.AdamW, meta: dict[str, float]
) -> None:
    end, rank = clock(args.until), dist.get_rank()
    curriculum_end = meta["start"] + args.curriculum * (end - meta["start"])
    in_curriculum = time.time() < curriculum_end
    seed = args.seed * 100_000 + int(meta["step"]) * 10 + rank
    queue, child = start_feed(seed, corpus.CURRICULUM if in_curriculum else args.mix, learner.tiny.shape.context)
    log = Log(args, meta["tokens"])
    while True:
        now, stops = agree(time.time(), (args.out / "stop").exists())
        if now > end or stops:
            break
        if in_curriculum and now > curriculum_end:
            in_curriculum = False
            child.terminate()
            queue, child = start_feed(seed + 5, args.mix, learner.tiny.shape.context)
        batch = queue.get(timeout=120)  # a feed that died ends the run, rather than hang it
        losses = learner(batch)
        (losses * torch.tensor((1.0, *WEIGHTS))).sum().backward()
        meta["tokens"] += average_gradients(learner, int((batch[0][0] > 0).sum()))
        factor = rate_factor(int(meta["step"]), now, meta["start"], end, args.decay)
        apply(args, learner, muon, adam, factor)
        meta["step"] += 1
        if rank == 0:
            log.losses.append(losses.tolist())
            log.after_step((learner, muon, adam, meta), factor)
    child.terminate()


def apply(args: argparse.Namespace, learner: Learner, muon: Muon, adam: torch.optim.AdamW, factor: float) -> None:
    """One step of both optimizers, then clear the gradients."""
    torch.nn.utils.clip_grad_norm_([p for group in adam.param_groups for p in group["params"]], 1.0)
    muon.step(args.muon_rate * factor)
    for group in adam.param_groups:
        group["lr"] = args.adam_rate * factor
    adam.step()
    learner.zero_grad()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="GGUF to train on from; with it, use --curriculum 0")
    parser.add_argument("--until", required=True, help="time of day at which training ends")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes, best one a core")
    parser.add_argument("--curriculum", type=float, default=0.2, help="share of the time that copying gets")
    parser.add_argument("--decay", type=float, default=0.3, help="share of the time in which the rate runs down")
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--adam-rate", type=float, default=0.003)
    parser.add_argument("--probe-s", type=float, default=480)
    parser.add_argument("--mix", type=json.loads, default=corpus.MIX, help="JSON of shares by skill")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    args = parser.parse_args()
    args.out = args.out.resolve()  # the meeting place is a URL
    args.out.mkdir(parents=True, exist_ok=True)
    for name in ("meeting", "stop"):
        (args.out / name).unlink(missing_ok=True)
    torch.multiprocessing.spawn(worker, (args,), nprocs=args.workers)


if __name__ == "__main__":
    main()
