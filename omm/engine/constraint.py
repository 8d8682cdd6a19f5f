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

from omm.engine.llama import Grammar, Model
from omm.engine.messages import Constraint
from omm.engine.vocabulary import Vocabulary
from omm.errors import EngineFailed, InvalidRequest

MAX_CACHED = 32
MAX_GBNF_LENGTH = 1 << 16
MAX_GBNF_DEPTH = 200  # llama.cpp's parser recurses, and a stack that overflows ends the process
# A state of the lexer takes 1 to 2 kB.
LIMITS = llguidance.LLParserLimits(max_lexer_states=50_000, verbose_errors=False)
ALLOWED, FORBIDDEN = np.float32(np.inf), np.float32(-np.inf)


class Matcher(Protocol):
    """Where one sequence stands in its grammar. `ceiling` is `float32[vocab]`: infinite where a token may come next."""

    ceiling: npt.NDArray[np.float32]

    def compute(self) -> None:
        """Bring `ceiling` up to date with the tokens accepted so far."""

    def accept(self, token: int) -> None:
        """Take note of a token that the ceiling allows."""

    def reset(self) -> None:
        """Go back to the beginning."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing may follow."""

    def check(self) -> None:
        """Raises EngineFailed when the grammar has grown too complex to follow."""

    def close(self) -> None:
        """Free what is held outside Python."""


class Compiled(Protocol):
    """A grammar that any number of sequences may begin."""

    def start(self) -> Matcher: ...


class LarkGrammar:
    """A grammar compiled by llguidance."""

    def __init__(self, tokenizer: Any, text: str) -> None:
        self._matcher = llguidance.LLMatcher(tokenizer, text, log_level=0, limits=LIMITS)
        self._num_vocab = tokenizer.vocab_size
        if error := self._matcher.get_error():
            raise InvalidRequest(f"the format cannot be compiled: {error.strip()}", param="format")

    def start(self) -> Matcher:
        """A matcher at the beginning."""
        return LarkMatcher(self._matcher.deep_copy(), self._num_vocab)


class LarkMatcher:
    """One sequence's place in a grammar of llguidance."""

    def __init__(self, matcher: Any, num_vocab: int) -> None:
        self._matcher = matcher
        self._bits = np.zeros((num_vocab + 31) // 32, np.int32)
        self.ceiling = np.empty(num_vocab, np.float32)

    def compute(self) -> None:
        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        allowed = np.unpackbits(self._bits.view(np.uint8), count=len(self.ceiling), bitorder="little")
        self.ceiling[:] = np.where(allowed.view(np.bool_), ALLOWED, FORBIDDEN)

    def accept(self, token: int) -> None:
        self._matcher.consume_token(token)

    def reset(self) -> None:
        self._matcher.reset()

    @property
    def is_complete(self) -> bool:
        return bool(self._matcher.is_stopped())

    def check(self) -> None:
        if error := self._matcher.get_error():
            raise EngineFailed(f"the output grammar failed: {error.strip()}")

    def close(self) -> None:
        pass


class GbnfGrammar:
    """A grammar in llama.cpp's notation, known to parse."""

    def __init__(self, model: Model, text: str) -> None:
        self._model, self._text = model, text
        if len(text) > MAX_GBNF_LENGTH or _depth(text) > MAX_GBNF_DEPTH:
            raise InvalidRequest(
                f"the grammar is too large: at most {MAX_GBNF_LENGTH} characters and {MAX_GBNF_DEPTH} open parentheses",
                param="grammar",
            )
        self.start().close()

    def start(self) -> Matcher:
        """A matcher at the beginning; caller closes."""
        return Grammar(self._model, self._text)


class Grammars:
    """Compiles the grammars of one model. Thread-safe."""

    def __init__(self, model: Model, vocabulary: Vocabulary) -> None:
        self._model, self._vocabulary = model, vocabulary
        self._tokenizer: Any = None
        self._tokenizer_lock = threading.Lock()  # guards _tokenizer: built once, by whichever request first needs it
        self._cache: collections.OrderedDict[str, LarkGrammar] = collections.OrderedDict()
        self._lock = threading.Lock()  # guards _cache

    def compile(self, constraint: Constraint) -> Compiled:
        """A grammar ready to start. Raises InvalidRequest when it is none."""
        if constraint.kind == "gbnf":
            return GbnfGrammar(self._model, constraint.grammar)
        with self._lock:
            found = self._cache.get(constraint.grammar)
            if found is not None:
                self._cache.move_to_end(constraint.grammar)
                return found
        compiled = LarkGrammar(self._ready_tokenizer(), constraint.grammar)
        with self._lock:
            self._cache[constraint.grammar] = compiled
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


def _build_tokenizer(model: Model, vocabulary: Vocabulary) -> Any:
    """llguidance's view of the vocabulary. PERF: 0.6 s for 152k tokens, so once per model and only when needed."""
    tokens = model.pieces()
    for id in vocabulary.markers.values():
        tokens[id] = b"\xff" + tokens[id]  # llguidance's sign of a token that no text matches, only its id
    make: Any = llguidance.LLTokenizer
    return make.from_llamacpp(
        tokens=tokens, vocab_ptr=model.vocab, tokenize_fptr=model.tokenize_pointer, eos_token=vocabulary.ends or [0]
    )


def _depth(text: str) -> int:
    """The most parentheses open at once, those in quotes counted too."""
    depth = most = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        most = max(most, depth)
    return most
