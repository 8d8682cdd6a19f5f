"""What one sequence may say next: free reasoning first, then what the grammar allows. Pure, but for the matcher.

Markers are looked for in the text that tokens stand for, whatever tokens it is made of.
"""

from __future__ import annotations

import collections
import enum
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from omm.engine.constraint import Matcher
from omm.engine.gbnf import FORBIDDEN
from omm.engine.messages import Thinking

Encode = Callable[[str], list[int]]


class Phase(enum.Enum):
    """Where in its output a sequence is."""

    OPENING = enum.auto()  # blanks, or the beginning of what opens reasoning
    REASONING = enum.auto()
    WAITING = enum.auto()  # for the trigger
    BOUND = enum.auto()  # to the grammar
    FREE = enum.auto()


class Marker:
    """Finds a text in bytes that come in pieces."""

    def __init__(self, text: str) -> None:
        self._text = text.encode()
        self._tail = b""

    def find(self, data: bytes) -> int | None:
        """How much of `data` belongs to the text, if that ends in it."""
        at = (self._tail + data).find(self._text)
        return None if at < 0 else at + len(self._text) - len(self._tail)

    def feed(self, data: bytes) -> int | None:
        """As `find`, and `data` is over."""
        at, seen = self.find(data), self._tail + data
        self._tail = seen[max(0, len(seen) - len(self._text) + 1) :]
        return at


class Guide:
    """One sequence's way through reasoning, trigger and grammar.

    `encode` gives the ids of a text that follows other text. The guide closes the matcher; caller closes.
    """

    def __init__(
        self, thinking: Thinking | None, matcher: Matcher | None, encode: Encode, *, trigger: str = ""
    ) -> None:
        self._thinking, self._matcher, self._encode, self._trigger = thinking, matcher, encode, trigger
        self._begin = thinking.begin if thinking else ""
        self._opening: list[int] = []  # tokens of `begin` still to come, in case that is what the model says
        self._said = b""  # while opening
        self._fits = True  # whether what was said while opening may also be the grammar's
        self._budget = thinking.budget if thinking else None
        self._num_reasoning = 0
        self._marker: Marker | None = None
        self._phase = Phase.FREE
        self._forced: collections.deque[int] = collections.deque()  # tokens to put into the output next
        self._is_forced = False  # whether the token that comes to `accept` is one of them
        self._begin_output()

    def _begin_output(self) -> None:
        if self._thinking is None:
            self._after_reasoning(b"")
        elif not self._begin:
            self._reason(b"")
        else:
            self._phase = Phase.OPENING
            self._opening = self._encode(self._begin)
            self._marker = Marker(self._trigger) if self._trigger else None

    def close(self) -> None:
        """Free the matcher. May be called again."""
        if self._matcher is not None:
            self._matcher.close()

    @property
    def _is_bound(self) -> bool:
        is_opening = self._phase is Phase.OPENING and not self._trigger
        return self._matcher is not None and (is_opening or self._phase is Phase.BOUND)

    @property
    def computable(self) -> Matcher | None:
        """The matcher that the next token needs."""
        return self._matcher if self._is_bound and self._fits and not self._forced else None

    @property
    def is_complete(self) -> bool:
        """Whether the grammar allows nothing more."""
        return self._phase is Phase.BOUND and not self._forced and bool(self._matcher and self._matcher.is_complete)

    def restrict(self, logits: npt.NDArray[np.float32]) -> bool:
        """Set the log-odds of forbidden tokens to -inf, in place; False when all may come. `computable` is computed."""
        if self._matcher is None or not self._is_bound:
            return False
        opening = logits[self._opening[:1]]
        if self._fits:
            self._matcher.restrict(logits)
        else:
            logits.fill(FORBIDDEN)
        logits[self._opening[:1]] = opening
        return True

    def force(self) -> int | None:
        """The token to put into the output now instead of sampling one."""
        self._is_forced = bool(self._forced)
        return self._forced.popleft() if self._forced else None

    def settle(self, token: int, piece: bytes) -> int:
        """The token to take for a sampled one: another where it goes on beyond the text before the grammar.

        What follows that text is the grammar's to say, so the token is cut there.
        """
        marker = self._marker if self._is_last_marker else None
        end = marker.find(piece) if marker else None
        if end is None or end == len(piece):
            return token
        first, *rest = self._encode(piece[:end].decode("utf-8", "replace")) or [token]
        self._forced.extend(rest)
        return first

    def outlive(self) -> int | None:
        """The token to take for one that ends the output; None when it may end here.

        It may not in reasoning before a grammar, whose text is still to come: then the reasoning ends instead.
        """
        if self._matcher is None or self._trigger or self._phase is not Phase.REASONING:
            return None
        assert self._thinking is not None
        self._budget = None
        first, *rest = self._encode(self._thinking.forced or self._thinking.end)
        self._forced.extend(rest)
        return first

    @property
    def _is_last_marker(self) -> bool:
        """Whether the grammar holds from the end of the marker on."""
        return self._matcher is not None and (self._phase is not Phase.REASONING or not self._trigger)

    def accept(self, token: int, piece: bytes) -> None:
        """Take note of a token of the output and the bytes it stands for."""
        match self._phase:
            case Phase.OPENING:
                self._open(token, piece)
            case Phase.REASONING:
                self._num_reasoning += 1
                self._read_reasoning(piece)
            case Phase.WAITING:
                self._await_trigger(piece)
            case Phase.BOUND if self._matcher is not None and not self._is_forced:
                self._matcher.accept(token)

    def _open(self, token: int, piece: bytes) -> None:
        self._said += piece
        begin, said = self._begin.encode(), self._said.lstrip()
        if said.startswith(begin):
            self._reason(said[len(begin) :])
            return
        self._advance_both(token, is_blank=not said)
        if self._trigger:
            self._await_trigger(piece, otherwise=Phase.OPENING)
        if self._phase is Phase.OPENING and not begin.startswith(said):
            self._opening = []
            self._phase = Phase.WAITING if self._trigger else Phase.BOUND if self._matcher else Phase.FREE

    def _advance_both(self, token: int, *, is_blank: bool) -> None:
        """Follow the two ways that are open: the text that opens reasoning, and the grammar."""
        if self._matcher is not None and not self._trigger and self._fits:
            self._fits = self._matcher.allows(token)
            if self._fits:
                self._matcher.accept(token)
        if is_blank:
            self._opening = self._encode(self._begin)
        else:
            self._opening = self._opening[1:] if self._opening[:1] == [token] else []

    def _reason(self, rest: bytes) -> None:
        assert self._thinking is not None
        if self._matcher is not None and self._phase is Phase.OPENING:
            self._matcher.reset()
        self._phase, self._fits, self._opening = Phase.REASONING, True, []
        self._marker = Marker(self._thinking.end)
        self._read_reasoning(rest)

    def _read_reasoning(self, piece: bytes) -> None:
        assert self._marker is not None
        assert self._thinking is not None
        end = self._marker.feed(piece)
        if end is not None:
            self._after_reasoning(piece[end:])
        elif self._budget is not None and self._num_reasoning >= self._budget:
            self._budget = None
            self._forced.extend(self._encode(self._thinking.forced or self._thinking.end))

    def _after_reasoning(self, rest: bytes) -> None:
        if self._trigger and self._matcher:
            self._marker = Marker(self._trigger)
            self._await_trigger(rest)
        else:
            self._marker = None
            self._phase = Phase.BOUND if self._matcher else Phase.FREE

    def _await_trigger(self, piece: bytes, otherwise: Phase = Phase.WAITING) -> None:
        assert self._marker is not None
        is_there = self._marker.feed(piece) is not None
        self._phase = Phase.BOUND if is_there else otherwise
        self._marker = None if is_there else self._marker
