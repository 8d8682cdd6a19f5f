"""One generation's whole state, from its prompt to its last token."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omm.engine.messages import Generate
from omm.engine.slots import Slot
from omm.engine.text import TextDecoder
from omm.types import TokenLogprob, Usage

if TYPE_CHECKING:
    from omm.engine.guide import Guide
    from omm.engine.samplers import Sampler


@dataclass(slots=True)
class Sequence:
    """A request as the worker sees it. `tokens` is prompt and output; the first `num_computed` are in the KV cache.

    `num_unsent` tokens were generated whose text was not sent yet. Whoever drops a sequence closes it.

    `shifted_from` is where tokens were discarded: the cache from there on was computed with text that is gone, so it
    serves this answer and no other.
    """

    command: Generate
    tokens: list[int]
    max_output: int
    guide: Guide | None = None
    num_prompt: int = 0
    num_computed: int = 0
    num_cached: int = 0
    num_output: int = 0
    num_unsent: int = 0
    shifted_from: int | None = None
    row: int = -1
    slot: Slot | None = None
    sampler: Sampler | None = None
    decoder: TextDecoder = field(default_factory=TextDecoder)
    logprobs: list[TokenLogprob] = field(default_factory=list)
    started_ns: int = 0
    first_ns: int = 0

    def __post_init__(self) -> None:
        self.num_prompt = len(self.tokens)
        self.decoder = TextDecoder(self.command.limits.stop)

    @property
    def id(self) -> int:
        """The request's id on the pipe."""
        return self.command.id

    @property
    def slot_id(self) -> int:
        """The KV sequence it runs in; only while admitted."""
        return self.slot.id if self.slot else -1

    @property
    def scales(self) -> tuple[float, ...]:
        """How strongly each adapter applies; what is cached serves others with the same alone."""
        return self.command.scales

    @property
    def num_waiting(self) -> int:
        """Tokens not yet computed."""
        return len(self.tokens) - self.num_computed

    @property
    def may_end(self) -> bool:
        """Whether an end token may come now."""
        limits = self.command.limits
        return not limits.ignore_eos and self.num_output >= limits.min_tokens

    @property
    def is_prefilling(self) -> bool:
        """Whether the prompt is still being read."""
        return self.num_output == 0

    def is_spent(self) -> bool:
        """Whether as many tokens were generated as may be."""
        return self.num_output >= self.max_output

    @property
    def reusable(self) -> list[int]:
        """The tokens whose cache another request that begins alike may take over."""
        return self.tokens[: self.num_computed if self.shifted_from is None else self.shifted_from]

    def close(self) -> None:
        """Free what is held outside Python."""
        if self.sampler is not None:
            self.sampler.close()
        if self.guide is not None:
            self.guide.close()

    def usage(self) -> Usage:
        """Counts and durations so far."""
        now = time.monotonic_ns()
        first = self.first_ns or now
        started = self.started_ns or now
        return Usage(
            prompt_tokens=self.num_prompt,
            cached_tokens=self.num_cached,
            output_tokens=self.num_output,
            prompt_ns=first - started,
            output_ns=now - first,
        )

    def recent(self, window: int) -> list[int]:
        """The last generated tokens that penalties look at; `window` -1 is all."""
        count = self.num_output if window < 0 else min(window, self.num_output)
        return self.tokens[max(0, len(self.tokens) - count) :]
