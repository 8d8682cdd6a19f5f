"""llama.cpp's GBNF with limits of its own making: each grammar lives on a thread that can be left behind.

llama.cpp neither bounds the places a grammar may be in at once nor can be interrupted: `("a"? "b"?){200}` compiles in
no time and then takes minutes for every token. So whoever waits for a grammar does so for a while, and when it does
not come back the request fails and the thread goes on alone, freeing the grammar if it ever ends.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from omm.engine.llama import Model
from omm.engine.samplers import Grammar
from omm.errors import InvalidRequest

MAX_LENGTH = 1 << 16
MAX_DEPTH = 200  # llama.cpp's parser recurses, and a stack that overflows ends the process
MAX_LOST = 2  # threads that did not come back, each with a processor of its own; then no more GBNF
PATIENCE_S = 2.0  # for a whole grammar, and so much more for each token it has taken:
PATIENCE_PER_TOKEN_S = 0.25
NUM_LIKELY = 256  # tokens; more than samplers leave, and a thousandth of a large vocabulary
FORBIDDEN = np.float32(-np.inf)

Result = TypeVar("Result")
_lock = threading.Lock()  # guards _num_lost
_num_lost = 0


class GbnfMatcher:
    """One sequence's place in a grammar of llama.cpp.

    Raises:
        InvalidRequest: it is no grammar, or too ambiguous to follow; so do `restrict`, `allows`, `accept` and `reset`.
    """

    def __init__(self, model: Model, text: str) -> None:
        _check(text)
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._left_s = PATIENCE_S
        self._is_lost = self._is_closed = False
        self._grammar: Grammar | None = None
        threading.Thread(target=self._run, name="gbnf", daemon=True).start()
        try:
            self._wait_for(lambda: self._compile(model, text))
        except InvalidRequest:
            self.close()
            raise

    def compute(self) -> None:
        """Nothing: it takes the logits to know which tokens to ask about."""

    def restrict(self, logits: npt.NDArray[np.float32]) -> None:
        """Set the log-odds of tokens that may not come next to -inf, in place."""
        # PERF: looking at all of 152k tokens takes 40 to 100 ms, so the likely ones come first, and the others only
        # if none of those is allowed.
        likely = np.argpartition(logits, -NUM_LIKELY)[-NUM_LIKELY:] if len(logits) > NUM_LIKELY else np.arange(0)
        allowed = self._filter(likely.astype(np.int32))
        if not (logits[allowed] > FORBIDDEN).any():
            allowed = self._filter(np.arange(len(logits), dtype=np.int32))
        kept = logits[allowed]
        logits.fill(FORBIDDEN)
        logits[allowed] = kept

    def allows(self, token: int) -> bool:
        """Whether the token may come next."""
        return len(self._filter(np.array([token], np.int32))) > 0

    def accept(self, token: int) -> None:
        """Take note of a token that is allowed."""
        self._left_s += PATIENCE_PER_TOKEN_S
        self._wait_for(lambda: self._known.accept(token))

    def reset(self) -> None:
        """Go back to the beginning."""
        self._wait_for(self._known.reset)

    @property
    def is_complete(self) -> bool:
        """Never: it does not tell, and at its end only end tokens are allowed."""
        return False

    def close(self) -> None:
        """Free the grammar, at once or when its thread comes back. May be called again."""
        if self._is_closed:
            return
        self._is_closed = True
        freed = threading.Event()
        self._calls.put(self._free)
        self._calls.put(freed.set)
        self._calls.put(None)
        if not self._is_lost:
            freed.wait(PATIENCE_S)

    @property
    def _known(self) -> Grammar:
        assert self._grammar is not None
        return self._grammar

    def _filter(self, tokens: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        return self._wait_for(lambda: self._known.filter(tokens))

    def _wait_for(self, call: Callable[[], Result]) -> Result:
        """The result of a call on the grammar's thread."""
        if self._is_lost:
            raise _too_ambiguous()
        future: Future[Result] = Future()
        self._calls.put(lambda: _settle(future, call))
        started_s = time.monotonic()
        try:
            return future.result(max(0.0, self._left_s))
        except TimeoutError:
            self._is_lost = True
            _count_lost(1)
            self._calls.put(lambda: _count_lost(-1))
            raise _too_ambiguous() from None
        finally:
            self._left_s -= time.monotonic() - started_s

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    def _compile(self, model: Model, text: str) -> None:
        self._grammar = Grammar(model, text)

    def _free(self) -> None:
        if self._grammar is not None:
            self._grammar.close()


def _settle(future: Future[Result], call: Callable[[], Result]) -> None:
    try:
        future.set_result(call())
    except Exception as exc:  # noqa: BLE001  # whoever waits raises it
        future.set_exception(exc)


def _check(text: str) -> None:
    if not text.strip():
        raise InvalidRequest("the grammar is empty", param="grammar")  # to llama.cpp it would allow anything
    if len(text) > MAX_LENGTH or _depth(text) > MAX_DEPTH:
        limits = f"at most {MAX_LENGTH} characters and {MAX_DEPTH} open parentheses"
        raise InvalidRequest(f"the grammar is too large: {limits}", param="grammar")
    if _num_lost >= MAX_LOST:
        raise InvalidRequest(
            "earlier grammars, too ambiguous to follow, are still being worked on; unload the model to be rid of them",
            param="grammar",
        )


def _too_ambiguous() -> InvalidRequest:
    return InvalidRequest("the grammar is too ambiguous: too much may come next", param="grammar")


def _count_lost(change: int) -> None:
    global _num_lost
    with _lock:
        _num_lost += change


def _depth(text: str) -> int:
    """The most parentheses open at once, those in quotes counted too."""
    depth = most = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        most = max(most, depth)
    return most
