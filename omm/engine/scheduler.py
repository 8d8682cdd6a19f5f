"""Who gets how many tokens this step. Pure: takes counts, returns counts.

Decode rows come first, so that a long prompt never stalls running answers; the rest of the budget is dealt to waiting
prompts, mostly to the shortest. Rows are ordered by slot, because llama.cpp cuts a batch into micro-batches where ids
do not follow. A step has one set of adapters for all its rows, so sequences with different ones take turns.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

PREFILL_WHILE_DECODING = 512  # tokens; bounds the pause of running answers
EVEN_PART = 4  # one in as many tokens of the room for prompts is shared evenly
STEPS_PER_TURN = 8  # with the same adapters, when others wait: a change costs as much as most of a step


class Schedulable(Protocol):
    """What the scheduler sees of a sequence: tokens not yet computed, its slot, and its adapters' scales."""

    @property
    def num_waiting(self) -> int: ...

    @property
    def is_prefilling(self) -> bool: ...

    @property
    def slot_id(self) -> int: ...

    @property
    def scales(self) -> tuple[float, ...]: ...


AnySequence = TypeVar("AnySequence", bound=Schedulable)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Compute the next `num_tokens` tokens of the sequence at `index`."""

    index: int
    num_tokens: int


@dataclass(slots=True)
class Turns:
    """Whose turn it is among sets of adapters: the first in `order`, for some steps or for one part of a prompt.

    Who comes gets to the end, and so does who had a turn.
    """

    order: list[tuple[float, ...]] = field(default_factory=list)
    num_left: int = 0

    def next(self, sequences: list[AnySequence]) -> list[AnySequence]:
        """Those of the sequences that take the next step, all with the same adapters; at least one of any."""
        present = dict.fromkeys(sequence.scales for sequence in sequences)
        if len(present) <= 1:
            self.order, self.num_left = list(present), 0
            return sequences
        before, known = self.order[:1], [scales for scales in self.order if scales in present]
        self.order = known + [scales for scales in present if scales not in known]
        if self.num_left <= 0 and self.order[:1] == before:
            self.order.append(self.order.pop(0))
        if self.order[:1] != before:
            self.num_left = STEPS_PER_TURN
        group = [sequence for sequence in sequences if sequence.scales == self.order[0]]
        # A part of a prompt takes as long as many steps without one.
        self.num_left = 0 if any(sequence.is_prefilling for sequence in group) else self.num_left - 1
        return group


def plan(
    sequences: SequenceOf[Schedulable], max_batch: int, turn: int, *, are_others_waiting: bool = False
) -> list[Chunk]:
    """Choose the rows of one step, at most `max_batch`; `turn` rotates who comes first among prompts.

    `are_others_waiting` says that there are more sequences, which this step has no place for.
    """
    grants = [0] * len(sequences)
    decoding = [
        index for index, sequence in enumerate(sequences) if not sequence.is_prefilling and sequence.num_waiting
    ]
    for index in _rotate(decoding, turn)[:max_batch]:
        grants[index] = 1
    room = max_batch - sum(grants)
    if decoding or are_others_waiting:
        room = min(room, PREFILL_WHILE_DECODING)
    prompts = [index for index, sequence in enumerate(sequences) if sequence.is_prefilling]
    _deal(sequences, grants, _rotate(prompts, turn), room)
    chunks = [Chunk(index, count) for index, count in enumerate(grants) if count]
    return sorted(chunks, key=lambda chunk: sequences[chunk.index].slot_id)


def _rotate(indexes: list[int], turn: int) -> list[int]:
    start = turn % len(indexes) if indexes else 0
    return indexes[start:] + indexes[:start]


def _deal(sequences: SequenceOf[Schedulable], grants: list[int], order: list[int], room: int) -> None:
    """Give each prompt a part of an even share, so that none waits for ever, and the rest to those nearest their end.

    PERF: 32 prompts of 187 tokens at once have their first token after 3,900 tokens of work in the median, where even
    shares take 6,000: all would end together, last.
    """
    share = max(1, room // (EVEN_PART * len(order))) if order else 0
    nearest = sorted(order, key=lambda index: sequences[index].num_waiting)
    for index, most in [*((index, share) for index in order), *((index, room) for index in nearest)]:
        given = min(most, sequences[index].num_waiting - grants[index], room)
        grants[index] += given
        room -= given
