"""What one HTTP request made the models do: the metered service fills it in, the access log reads it."""

from __future__ import annotations

import contextvars
import dataclasses

from omm.types import Usage


@dataclasses.dataclass(slots=True)
class Work:
    """Sums over the answers of one request. `outcome` is that of the last one: ok, failed or cancelled."""

    model: str = ""
    outcome: str = ""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    output_ns: int = 0
    first_token_s: float | None = None

    def add(self, usage: Usage) -> None:
        """Add what one answer cost."""
        self.prompt_tokens += usage.prompt_tokens
        self.cached_tokens += usage.cached_tokens
        self.output_tokens += usage.output_tokens
        self.output_ns += usage.output_ns

    @property
    def tokens_per_s(self) -> float:
        """How fast answers were written; 0 where none was."""
        return self.output_tokens * 1e9 / self.output_ns if self.output_ns else 0.0


_current: contextvars.ContextVar[Work | None] = contextvars.ContextVar("work", default=None)


def begin() -> Work:
    """Note from now on what this thread's request does."""
    work = Work()
    _current.set(work)
    return work


def current(model: str) -> Work:
    """What the running request did so far, now with this model; one of its own where no request runs."""
    work = _current.get() or Work()
    work.model = model
    return work
