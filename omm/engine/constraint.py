"""Grammars → token masks: llguidance for Lark and JSON Schema, llama.cpp for GBNF.

Compiling happens on any thread; a matcher belongs to one sequence and is used by one thread at a time.
"""

from __future__ import annotations

import collections
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import llguidance
import numpy as np
import numpy.typing as npt

from omm.engine.gbnf import FORBIDDEN, GbnfMatcher
from omm.engine.llama import Model
from omm.engine.messages import Constraint
from omm.engine.vocabulary import Vocabulary
from omm.errors import EngineFailed, InvalidRequest

MAX_CACHED = 32
# A state of the lexer takes 1 to 2 kB.
LIMITS = llguidance.LLParserLimits(max_lexer_states=50_000, verbose_errors=False)
ALLOWED = np.float32(np.inf)


class Matcher(Protocol):
    """Where one sequence stands in its grammar."""

    def compute(self) -> None:
        """Do beforehand what `restrict` and `allows` need; may run beside a decode."""

    def restrict(self, logits: npt.NDArray[np.float32]) -> None:
        """Set the log-odds of tokens that may not come next to -inf, in place.

        Raises:
            EngineFailed, InvalidRequest: the grammar has grown too complex to follow.
        """

    def allows(self, token: int) -> bool:
        """Whether the token may come next."""

    def accept(self, token: int) -> None:
        """Take note of a token that is allowed. Raises as `restrict`."""

    def reset(self) -> None:
        """Go back to the beginning."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing may follow."""

    def close(self) -> None:
        """Free what is held outside Python."""


class LarkMatcher:
    """One sequence's place in a grammar of llguidance."""

    def __init__(self, compiled: Any, num_vocab: int) -> None:
        self._matcher = compiled.deep_copy()  # PERF: 1 us
        self._bits = np.zeros((num_vocab + 31) // 32, np.int32)
        self._ceiling = np.empty(num_vocab, np.float32)  # infinite where a token may come next, else -inf

    def compute(self) -> None:
        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        allowed = np.unpackbits(self._bits.view(np.uint8), count=len(self._ceiling), bitorder="little")
        self._ceiling[:] = np.where(allowed.view(np.bool_), ALLOWED, FORBIDDEN)

    def restrict(self, logits: npt.NDArray[np.float32]) -> None:
        self._check()
        # PERF: 20 us for 152k tokens, where an assignment by a mask takes up to 500.
        np.minimum(logits, self._ceiling, out=logits)

    def allows(self, token: int) -> bool:
        return bool(self._ceiling[token] > FORBIDDEN)

    def accept(self, token: int) -> None:
        # NOTE: a matcher that fails counts as stopped, and the answer would seem to be complete.
        if not self._matcher.consume_token(token):
            self._check()

    def reset(self) -> None:
        self._matcher.reset()

    @property
    def is_complete(self) -> bool:
        return bool(self._matcher.is_stopped())

    def close(self) -> None:
        pass

    def _check(self) -> None:
        if error := self._matcher.get_error():
            raise EngineFailed(f"the output grammar failed: {_reason(error)}")


class Grammars:
    """Compiles the grammars of one model. Thread-safe."""

    def __init__(self, model: Model, vocabulary: Vocabulary) -> None:
        self._model, self._vocabulary = model, vocabulary
        self._tokenizer: Any = None
        self._tokenizer_lock = threading.Lock()  # guards _tokenizer: built once, by whichever request first needs it
        self._cache: collections.OrderedDict[str, Any] = collections.OrderedDict()
        self._lock = threading.Lock()  # guards _cache

    def start(self, constraint: Constraint) -> Matcher:
        """A matcher at the beginning of a grammar; caller closes. Raises InvalidRequest when it is none."""
        if constraint.kind == "gbnf":
            return GbnfMatcher(self._model, constraint.grammar)
        return LarkMatcher(self._compiled(constraint.grammar), self._vocabulary.size)

    def _compiled(self, text: str) -> Any:
        with self._lock:
            found = self._cache.get(text)
            if found is not None:
                self._cache.move_to_end(text)
                return found
        compiled = _compile_lark(self._ready_tokenizer(), text)
        with self._lock:
            self._cache[text] = compiled
            if len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        return compiled

    def _ready_tokenizer(self) -> Any:
        with self._tokenizer_lock:
            self._tokenizer = self._tokenizer or _build_tokenizer(self._model, self._vocabulary)
        return self._tokenizer


class Masks:
    """Computes what the matchers of a step allow on a thread of its own, beside the decode. Worker only."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "masks")

    @contextlib.contextmanager
    def computing(self, matchers: list[Matcher]) -> Iterator[None]:
        """Until the block is left, the matchers belong to the other thread."""
        if not matchers:
            yield
            return
        done = self._thread.submit(_compute_all, matchers)
        try:
            yield
        finally:
            done.result()

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()


def _compute_all(matchers: list[Matcher]) -> None:
    for matcher in matchers:
        matcher.compute()


def _compile_lark(tokenizer: Any, text: str) -> Any:
    matcher = llguidance.LLMatcher(tokenizer, text, log_level=0, limits=LIMITS)
    # NOTE: that no text fits a grammar shows only where a token is looked for.
    _ = matcher.get_error() or matcher.compute_bitmask()
    if error := matcher.get_error():
        raise InvalidRequest(f"the format cannot be compiled: {_reason(error)}", param="format")
    return matcher


def _reason(error: str) -> str:
    if error.startswith("NoExtensionBias"):
        return "no text fits it"
    return error.replace("<non-verbose/>", "").strip()


def _build_tokenizer(model: Model, vocabulary: Vocabulary) -> Any:
    """llguidance's view of the vocabulary.

    PERF: 1.4 s for 152k tokens, half of it with the GIL, so once per model and only when needed.
    """
    tokens = model.pieces()
    for id in vocabulary.markers.values():
        tokens[id] = b"\xff" + tokens[id]  # llguidance's sign of a token that no text matches, only its id
    make: Any = llguidance.LLTokenizer
    return make.from_llamacpp(
        tokens=tokens, vocab_ptr=model.vocab, tokenize_fptr=model.tokenize_pointer, eos_token=vocabulary.ends or [0]
    )
