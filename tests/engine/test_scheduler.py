"""Every step keeps its budget, running answers go first, and nobody waits for ever."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.engine.scheduler import EVEN_PART, PREFILL_WHILE_DECODING, STEPS_PER_TURN, Chunk, Turns, plan


@dataclass
class Row:
    """A sequence as the scheduler sees it."""

    slot_id: int
    num_waiting: int
    is_prefilling: bool
    scales: tuple[float, ...] = ()


@st.composite
def rows(draw: st.DrawFn, most: int = 12) -> list[Row]:
    ids = draw(st.permutations(range(draw(st.integers(0, most)))))
    kinds = st.tuples(st.booleans(), st.integers(1, 3000))
    drawn = [(slot_id, *draw(kinds)) for slot_id in ids]
    return [Row(slot_id, count if prefilling else 1, prefilling) for slot_id, prefilling, count in drawn]


BUDGETS = st.integers(1, 4096)
TURNS = st.integers(0, 50)


@given(rows(), BUDGETS, TURNS)
def test_a_step_keeps_its_budget_and_its_order(sequences: list[Row], budget: int, turn: int) -> None:
    chunks = plan(sequences, budget, turn)
    assert sum(chunk.num_tokens for chunk in chunks) <= budget
    assert all(1 <= chunk.num_tokens <= sequences[chunk.index].num_waiting for chunk in chunks)
    slots = [sequences[chunk.index].slot_id for chunk in chunks]
    assert slots == sorted(set(slots))


@given(rows(), BUDGETS, TURNS)
def test_no_room_is_left_while_somebody_waits(sequences: list[Row], budget: int, turn: int) -> None:
    chunks = plan(sequences, budget, turn)
    granted = sum(chunk.num_tokens for chunk in chunks)
    num_decoding = sum(not row.is_prefilling for row in sequences)
    room = budget if not num_decoding else min(budget, num_decoding + PREFILL_WHILE_DECODING)
    assert granted == min(room, sum(row.num_waiting for row in sequences))


@given(rows(), BUDGETS, TURNS)
def test_running_answers_go_first(sequences: list[Row], budget: int, turn: int) -> None:
    granted = {chunk.index: chunk.num_tokens for chunk in plan(sequences, budget, turn)}
    decoding = [index for index, row in enumerate(sequences) if not row.is_prefilling]
    assert sum(granted.get(index, 0) for index in decoding) == min(budget, len(decoding))


@given(rows(), BUDGETS, TURNS)
def test_every_prompt_gets_its_part_of_an_even_share(sequences: list[Row], budget: int, turn: int) -> None:
    granted = {chunk.index: chunk.num_tokens for chunk in plan(sequences, budget, turn)}
    prompts = [index for index, row in enumerate(sequences) if row.is_prefilling]
    room = sum(granted.get(index, 0) for index in prompts)
    for index in prompts:
        part = room // (EVEN_PART * len(prompts))
        assert granted.get(index, 0) >= min(part, sequences[index].num_waiting)


def test_the_shortest_prompts_are_read_first() -> None:
    prompts = [Row(0, 900, True), Row(1, 90, True), Row(2, 80, True), Row(3, 800, True)]
    assert plan(prompts, 320, 0) == [Chunk(0, 20), Chunk(1, 90), Chunk(2, 80), Chunk(3, 130)]


def test_prompts_that_come_together_do_not_all_end_last() -> None:
    chunks = plan([Row(slot_id, 187, True) for slot_id in range(32)], 2048, 0)
    assert sum(chunk.num_tokens == 187 for chunk in chunks) >= 8


@given(rows(most=6), st.integers(1, 64))
def test_everybody_gets_on(sequences: list[Row], budget: int) -> None:
    if not sequences:
        return
    needed = dict.fromkeys(range(len(sequences)), 0)
    for turn in range(2 * len(sequences)):
        for chunk in plan(sequences, budget, turn):
            needed[chunk.index] += chunk.num_tokens
    decoding = sum(not row.is_prefilling for row in sequences)
    for index, row in enumerate(sequences):
        # A prompt gets its first token once the budget exceeds the running answers.
        if not row.is_prefilling or budget > decoding:
            assert needed[index] > 0


def test_turns_rotate_who_comes_first() -> None:
    prompts = [Row(slot_id, 100, True) for slot_id in range(3)]
    assert [plan(prompts, 1, turn) for turn in range(3)] == [[Chunk(index, 1)] for index in range(3)]


def test_a_short_prompt_leaves_its_share_to_a_long_one() -> None:
    assert plan([Row(0, 10, True), Row(1, 1000, True)], 100, 0) == [Chunk(0, 10), Chunk(1, 90)]


def test_a_long_prompt_does_not_stall_running_answers() -> None:
    chunks = plan([Row(0, 1, False), Row(1, 100_000, True)], 2048, 0)
    assert chunks == [Chunk(0, 1), Chunk(1, PREFILL_WHILE_DECODING)]


@pytest.mark.parametrize("turn", range(4))
def test_nothing_to_do_is_an_empty_plan(turn: int) -> None:
    assert plan([], 512, turn) == []


# Turns of those with different adapters.

SCALED = st.tuples(st.sampled_from([(), (0.5,), (1.0,), (2.0,)]), st.booleans())


def scaled(*drawn: tuple[tuple[float, ...], bool]) -> list[Row]:
    return [Row(number, 1, is_prefilling, scales) for number, (scales, is_prefilling) in enumerate(drawn)]


@given(st.lists(SCALED, min_size=1))
def test_a_step_has_all_sequences_with_the_same_adapters(drawn: list[tuple[tuple[float, ...], bool]]) -> None:
    sequences, turns = scaled(*drawn), Turns()
    for _ in range(20):
        group = turns.next(sequences)
        (scales,) = {row.scales for row in group}
        assert group == [row for row in sequences if row.scales == scales]


@given(SCALED, st.lists(st.lists(SCALED, max_size=6), min_size=60, max_size=60))
def test_no_adapters_wait_for_ever(
    victim: tuple[tuple[float, ...], bool], others: list[list[tuple[tuple[float, ...], bool]]]
) -> None:
    turns = Turns()
    num_waited = 0
    for drawn in others:  # which come and go at every step
        (row, *rest) = scaled(victim, *drawn)
        num_waited = 0 if row in turns.next([row, *rest]) else num_waited + 1
        assert num_waited <= 3 * STEPS_PER_TURN


def test_turns_are_long_unless_a_prompt_is_read() -> None:
    sequences, turns = scaled(((), False), ((1.0,), False)), Turns()
    served = [turns.next(sequences)[0].slot_id for _ in range(4 * STEPS_PER_TURN)]
    assert served == [*[0] * STEPS_PER_TURN, *[1] * STEPS_PER_TURN] * 2
    reading = scaled(((), True), ((1.0,), True))
    turns = Turns()
    assert [turns.next(reading)[0].slot_id for _ in range(4)] == [0, 1, 0, 1]


def test_who_comes_alone_gives_way_at_once() -> None:
    turns = Turns()
    alone = scaled(((), False))
    turns.next(alone)
    assert [row.scales for row in turns.next([*alone, Row(1, 1, True, (1.0,))])] == [(1.0,)]


def test_a_prompt_does_not_fill_the_step_while_others_wait() -> None:
    (chunk,) = plan([Row(0, 3000, True)], 4096, 0, are_others_waiting=True)
    assert chunk.num_tokens == PREFILL_WHILE_DECODING
