"""A vocabulary of single bytes and a few control tokens, to try grammars with, and walks through what they allow."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence

import llguidance
import llguidance.numpy
import numpy as np

END = "<end>"
_PIECE = re.compile(r'"(?:[^"\\\n]|\\.)+"|/(?:[^/\\\n]|\\.)+/')  # a fixed text or a regular expression


class Bytes:
    """What llguidance asks of a tokenizer: one token per byte, then the control tokens."""

    def __init__(self, markers: Sequence[str]) -> None:
        names = [*markers, END]
        self.tokens = [bytes([byte]) for byte in range(256)] + [name.encode() for name in names]
        self.special_token_ids = list(range(256, len(self.tokens)))
        self.eos_token_id = len(self.tokens) - 1
        self.bos_token_id = None

    def __call__(self, text: bytes) -> list[int]:
        return list(text)


class Vocabulary:
    """Texts to tokens and back; `markers` are the control tokens."""

    def __init__(self, markers: Iterable[str] = ()) -> None:
        names = sorted(set(markers))
        self.markers: Mapping[str, int] = {name: 256 + index for index, name in enumerate(names)}
        self._bytes = Bytes(names)
        wrapper = llguidance.TokenizerWrapper(self._bytes)
        self.tokenizer = llguidance.LLTokenizer(wrapper, n_vocab=len(self._bytes.tokens))
        self._mask = llguidance.numpy.allocate_token_bitmask(1, len(self._bytes.tokens))
        longest = sorted(names, key=len, reverse=True)
        self._marker = re.compile("(" + ("|".join(map(re.escape, longest)) or r"(?!)") + ")")

    @property
    def end(self) -> int:
        return self._bytes.eos_token_id

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        for piece in self._marker.split(text):
            ids += [self.markers[piece]] if piece in self.markers else list(piece.encode())
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        return b"".join(self._bytes.tokens[token] for token in ids if token != self.end).decode()

    def matcher(self, grammar: str) -> llguidance.LLMatcher:
        matcher = llguidance.LLMatcher(self.tokenizer, grammar)
        assert not matcher.get_error(), f"{matcher.get_error()}\n{grammar}"
        return matcher

    def accepts(self, grammar: str, text: str) -> bool:
        """Whether a grammar allows a text, token for token, and may end there."""
        matcher, ids = self.matcher(grammar), self.encode(text)
        if matcher.validate_tokens(ids) < len(ids):
            return False
        return matcher.consume_tokens(ids) and matcher.is_accepting()

    def allowed(self, grammar: str, text: str) -> str:
        """The part of a text that a grammar allows, for messages."""
        ids = self.encode(text)
        return text if not ids else self.decode_lossy(ids[: self.matcher(grammar).validate_tokens(ids)])

    def decode_lossy(self, ids: Iterable[int]) -> str:
        return b"".join(self._bytes.tokens[token] for token in ids).decode("utf-8", "replace")

    def walk(self, grammar: str, seed: int, soft_limit: int = 400) -> str:
        """A text that a grammar allows, by chance, from the first token to one after which it may end.

        Beyond `soft_limit` tokens it takes every chance to end.
        """
        rng, matcher = random.Random(seed), self.matcher(grammar)
        hints = self._hints(grammar)
        out: list[int] = []
        while not matcher.is_stopped():
            is_late = len(out) > soft_limit
            if matcher.is_accepting() and (is_late or rng.random() < 0.5):
                break
            assert len(out) < 20 * soft_limit, f"no end after {self.decode_lossy(out)!r}"
            step = self._closing(matcher, hints, rng) if is_late else []
            step = step or self._step(matcher, hints, rng)
            assert matcher.consume_tokens(step), matcher.get_error()
            out += step
        return self.decode(out)

    def _hints(self, grammar: str) -> list[list[int]]:
        """What ends a text, and chance alone would not find: a grammar's fixed texts, control tokens, brackets."""
        rules = "\n".join(line for line in grammar.splitlines() if "%json" not in line)
        fixed = sorted({text for text in _PIECE.findall(rules) if text.startswith('"')})
        return [self.encode(text) for text in [*map(json.loads, fixed), *self.markers, *'"}]' * 8]]

    def _closing(self, matcher: llguidance.LLMatcher, hints: list[list[int]], rng: random.Random) -> list[int]:
        """A text that ends a string, or goes on where none has begun."""
        for hint in rng.sample(hints, len(hints)):
            if matcher.validate_tokens(hint) == len(hint):
                after = matcher.deep_copy()
                after.consume_tokens(hint)
                if after.validate_tokens([ord("~")]) == 0:
                    return hint
        return []

    def _step(self, matcher: llguidance.LLMatcher, hints: list[list[int]], rng: random.Random) -> list[int]:
        if rng.random() < 0.2:
            fitting = [hint for hint in hints if matcher.validate_tokens(hint) == len(hint)]
            if fitting:
                return rng.choice(fitting)
        llguidance.numpy.fill_next_token_bitmask(matcher, self._mask, 0)
        bits = np.unpackbits(self._mask.view(np.uint8), bitorder="little")
        allowed = [int(token) for token in np.flatnonzero(bits) if token != self.end]
        plain = [token for token in allowed if 32 <= token < 127 or token >= 256]
        return [rng.choice(plain if plain and rng.random() < 0.9 else allowed)]
