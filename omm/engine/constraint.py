"""Grammar → token mask, with llguidance. Worker only, but for building the tokenizer."""

from __future__ import annotations

import warnings
from typing import Any

import llguidance
import llguidance.llamacpp
import llguidance.numpy
import numpy as np
import numpy.typing as npt

from omm.engine import messages
from omm.engine.llama import Model
from omm.errors import EngineFailed, InvalidRequest


def build_tokenizer(model: Model) -> Any:
    """llguidance's view of the vocabulary. PERF: 1.9 s for 152k tokens, so once per model and only when needed."""
    with warnings.catch_warnings():
        # NOTE: it calls functions of the bindings by names that have new ones.
        warnings.simplefilter("ignore", DeprecationWarning)
        return llguidance.llamacpp.lltokenizer_from_vocab(model.vocab)


class TokenMask:
    """Which tokens the grammar allows next, for one sequence.

    `opening` is the token with which free text may begin; None when it has begun already, or never may.
    """

    def __init__(self, tokenizer: Any, constraint: messages.Constraint, opening: int | None = None) -> None:
        self._matcher = llguidance.LLMatcher(tokenizer, constraint.grammar)
        if error := self._matcher.get_error():
            raise InvalidRequest(f"the format cannot be compiled: {error}", param="format")
        self._opening = opening
        self._after = constraint.after
        self._seen = ""
        self._mask = llguidance.numpy.allocate_token_bitmask(1, tokenizer.vocab_size)

    def apply(self, logits: npt.NDArray[np.float32]) -> None:
        """Set the log-odds of forbidden tokens to -inf, in place."""
        if self._after and self._opening is None:
            return  # free text
        llguidance.numpy.fill_next_token_bitmask(self._matcher, self._mask, 0)
        if error := self._matcher.get_error():
            raise EngineFailed(f"the output grammar failed: {error}")
        opening = None if self._opening is None else float(logits[self._opening])
        llguidance.numpy.apply_token_bitmask_inplace(logits[: self._mask.shape[1] * 32], self._mask[0])
        if opening is not None:
            logits[self._opening] = opening

    def accept(self, token: int, piece: bytes) -> bool:
        """Take note of a generated token; True when the grammar is complete and nothing may follow."""
        opening, self._opening = self._opening, None
        if opening is not None and token != opening:
            self._after = ""
        if self._after:
            self._seen = (self._seen + piece.decode("utf-8", "replace"))[-256:]
            if self._after in self._seen:
                self._after = ""
            return False
        self._matcher.consume_token(token)
        return bool(self._matcher.is_stopped())
