"""Slots hold one request each, reuse what is really cached, and spare other conversations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from omm.engine.slots import MIN_COPY, Placement, Slots, common_prefix

# Few tokens and long runs, so that prompts often begin alike.
PROMPTS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 40)), min_size=1, max_size=4).map(
    lambda runs: [token for token, count in runs for _ in range(count)]
)


@given(st.lists(st.integers(0, 2)), st.lists(st.integers(0, 2)))
def test_common_prefix_is_what_a_loop_finds(left: list[int], right: list[int]) -> None:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    assert common_prefix(left, right) == count


class SlotMachine(RuleBasedStateMachine):
    """Requests come and go; `cache` is what a KV cache would really hold."""

    can_copy = True

    def __init__(self) -> None:
        super().__init__()
        self.slots = Slots(4, can_copy=self.can_copy)
        self.cache: dict[int, list[int]] = {slot.id: [] for slot in self.slots.all}
        self.running: dict[int, list[int]] = {}

    @rule(prompt=PROMPTS)
    def begin(self, prompt: list[int]) -> None:
        before = {slot.id: list(slot.tokens) for slot in self.slots.all}
        idle = [slot.id for slot in self.slots.all if not slot.is_busy]
        placement = self.slots.acquire(prompt)
        if placement is None:
            assert not idle
            return
        assert placement.slot.id in idle
        assert placement.slot.id not in self.running
        self.check_reuse(placement, prompt)
        self.check_spared(placement, before, idle, prompt)
        self.cache[placement.slot.id] = prompt[: placement.num_cached]
        self.running[placement.slot.id] = prompt

    def check_reuse(self, placement: Placement, prompt: list[int]) -> None:
        source = placement.source or placement.slot
        assert placement.num_cached < len(prompt)
        assert self.cache[source.id][: placement.num_cached] == prompt[: placement.num_cached]
        assert self.can_copy or placement.source is None

    def check_spared(
        self, placement: Placement, before: dict[int, list[int]], idle: list[int], prompt: list[int]
    ) -> None:
        """While a slot is empty, no other conversation loses more than a copy is worth."""
        if any(not before[slot] for slot in idle):
            held = before[placement.slot.id]
            assert len(held) - common_prefix(held, prompt) <= MIN_COPY

    @precondition(lambda self: self.running)
    @rule(choice=st.integers(0, 3), output=st.lists(st.integers(0, 2), max_size=5))
    def end(self, choice: int, output: list[int]) -> None:
        slot_id = sorted(self.running)[choice % len(self.running)]
        self.cache[slot_id] = self.running.pop(slot_id) + output
        self.slots.release(self.slots.all[slot_id], list(self.cache[slot_id]))

    @precondition(lambda self: self.running)
    @rule(choice=st.integers(0, 3))
    def cancel_half_read(self, choice: int) -> None:
        slot_id = sorted(self.running)[choice % len(self.running)]
        prompt = self.running.pop(slot_id)
        self.cache[slot_id] = prompt[: max(len(self.cache[slot_id]), len(prompt) // 2)]
        self.slots.release(self.slots.all[slot_id], list(self.cache[slot_id]))

    @rule()
    def lose_everything(self) -> None:
        for slot_id in list(self.running):
            self.slots.release(self.slots.all[slot_id], self.running.pop(slot_id))
        self.slots.forget()
        self.cache = {slot_id: [] for slot_id in self.cache}

    @invariant()
    def slots_claim_no_more_than_is_cached(self) -> None:
        for slot in self.slots.all:
            assert slot.is_busy == (slot.id in self.running)
            assert self.cache[slot.id][: len(slot.tokens)] == slot.tokens


class NoCopyMachine(SlotMachine):
    can_copy = False


TestSlots = SlotMachine.TestCase
TestSlotsWithoutCopies = NoCopyMachine.TestCase


def test_low_ids_come_first() -> None:
    slots = Slots(3)
    taken = [slots.acquire([number]) for number in range(4)]
    assert [placement and placement.slot.id for placement in taken] == [0, 1, 2, None]


def test_a_conversation_goes_on_in_its_slot() -> None:
    slots = Slots(4)
    first = slots.acquire(list(range(100)))
    assert first is not None
    slots.release(first.slot, list(range(120)))
    again = slots.acquire(list(range(150)))
    assert again == Placement(first.slot, 120)


def test_a_repeated_prompt_leaves_one_token_to_compute() -> None:
    slots = Slots(1)
    first = slots.acquire([1, 2, 3])
    assert first is not None
    slots.release(first.slot, [1, 2, 3])
    again = slots.acquire([1, 2, 3])
    assert again is not None
    assert again.num_cached == 2


def test_a_prompt_that_wants_none_of_the_cache_is_computed_anew() -> None:
    slots = Slots(2)
    kept = slots.acquire(list(range(100)))
    assert kept is not None
    slots.release(kept.slot, list(range(100)))
    anew = slots.acquire(list(range(100)), reuse=False)
    assert anew == Placement(slots.all[1], 0)
    again = slots.acquire(list(range(100)))
    assert again == Placement(kept.slot, 99)


def test_a_shared_beginning_is_copied_from_a_busy_slot() -> None:
    slots = Slots(2)
    system = [7] * (2 * MIN_COPY)
    first = slots.acquire([*system, 1])
    assert first is not None
    slots.release(first.slot, [*system, 1])
    busy = slots.acquire([*system, 2])
    other = slots.acquire([*system, 3])
    assert busy is not None
    assert other == Placement(other.slot, len(system), busy.slot) if other else False


def test_the_conversation_left_longest_ago_gives_way() -> None:
    slots = Slots(2)
    placements = [slots.acquire([number] * 50) for number in (1, 2)]
    for placement in reversed(placements):
        assert placement is not None
        slots.release(placement.slot, placement.slot.tokens + [9] * 50)
    new = slots.acquire([3] * 50)
    assert new is not None
    assert new.slot.id == 1


def test_what_was_computed_with_other_adapters_has_nothing_in_common() -> None:
    slots = Slots(2)
    prompt = [7] * (2 * MIN_COPY)
    first = slots.acquire(prompt, (1.0,))
    assert first is not None
    slots.release(first.slot, prompt)
    other = slots.acquire(prompt, (0.5,))
    assert other is not None
    assert (other.slot.id, other.num_cached, other.source) == (1, 0, None)
    same = slots.acquire(prompt, (1.0,))
    assert same is not None
    assert (same.slot.id, same.num_cached) == (0, len(prompt) - 1)
