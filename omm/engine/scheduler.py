"""Who gets how many tokens this step. Pure: takes counts, returns counts.

Decode rows come first, so that a long prompt never stalls running answers; the rest of the budget is dealt to waiting
prompts in turns. Rows are ordered by slot, because llama.cpp cuts a batch into micro-batches where ids do not follow.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass
from typing import Protocol

PREFILL_WHILE_DECODING = 512  # tokens; bounds the pause of running answers


class Schedulable(Protocol):
    """What the scheduler sees of a sequence: tokens not yet computed, and its slot."""

    @property
    def num_waiting(self) -> int: ...

    @property
    def is_prefilling(self) -> bool: ...

    @property
    def slot_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Compute the next `num_tokens` tokens of the sequence at `index`."""

    index: int
    num_tokens: int


def plan(sequences: SequenceOf[Schedulable], max_batch: int, turn: int) -> list[Chunk]:
    """Choose the rows of one step, at most `max_batch`; `turn` rotates who comes first among prompts."""
    grants = [0] * len(sequences)
    decoding = [
        index for index, sequence in enumerate(sequences) if not sequence.is_prefilling and sequence.num_waiting
    ]
    for index in _rotate(decoding, turn)[:max_batch]:
        grants[index] = 1
    room = max_batch - sum(grants)
    if decoding:
        room = min(room, PREFILL_WHILE_DECODING)
    prompts = [index for index, sequence in enumerate(sequences) if sequence.is_prefilling]
    _deal(sequences, grants, _rotate(prompts, turn), room)
    chunks = [Chunk(index, count) for index, count in enumerate(grants) if count]
    return sorted(chunks, key=lambda chunk: sequences[chunk.index].slot_id)


def _rotate(indexes: list[int], turn: int) -> list[int]:
    start = turn % len(indexes) if indexes else 0
    return indexes[start:] + indexes[:start]


def _deal(sequences: SequenceOf[Schedulable], grants: list[int], order: list[int], room: int) -> None:
    """Share `room` evenly; what a short prompt leaves goes to the others."""
    while room > 0 and (hungry := [index for index in order if sequences[index].num_waiting > grants[index]]):
        share = max(1, room // len(hungry))
        for index in hungry:
            given = min(share, sequences[index].num_waiting - grants[index], room)
            grants[index] += given
            room -= given
