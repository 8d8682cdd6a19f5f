"""The byte-level BPE of `tiny`: trains its merges, and encodes as llama.cpp does for pre-type `qwen2`.

A word tokenises alike wherever it stands: letters never merge with a space, quote or underscore before them,
so that copying a name out of a schema or a sentence copies the same tokens. Only function words, which nobody
copies, also exist with their space in front.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"]
TAGS = ["<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"]
# PERF: the fixed pieces of JSON, each one token; a call shrinks by a third.
JSON_PIECES = ['", "arguments": {"', '{"name": "', '": "', '", "', '"}}', '": ', '"}', ', "']
VOCAB = 1024
COMMON = 12  # a word seen this often is a word of the templates, not an invented one
CONTRACTIONS = ["'s", "'t", "'m", "'re", "'ve", "'ll"]

CHUNK = re.compile(
    r"(?:'[sStTmMdD]|'[rR][eE]|'[vV][eE]|'[lL][lL])|[^\r\n\w]?[^\W\d_]+|_[^\W\d_]+|\d"
    r"| ?(?:[^\s\w]|_)+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable stand-ins for the 256 bytes."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in visible}
    hidden = (byte for byte in range(256) if byte not in table)
    return table | {byte: chr(256 + index) for index, byte in enumerate(hidden)}


ALPHABET = byte_alphabet()


def to_letters(text: str) -> str:
    return "".join(ALPHABET[byte] for byte in text.encode())


class Tokenizer:
    """Merges and special tokens; text in, ids out."""

    def __init__(self, merges: list[tuple[str, str]]) -> None:
        self.merges = merges
        self.specials = [*CONTROL, *TAGS, *JSON_PIECES]
        letters = [ALPHABET[byte] for byte in range(256)]
        self.tokens = [*self.specials, *letters, *(left + right for left, right in merges)]
        self.ids = {token: index for index, token in enumerate(self.tokens)}
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.by_length = sorted(self.specials, key=len, reverse=True)
        self.chunk_ids = lru_cache(maxsize=200_000)(self._chunk_ids)

    def encode(self, text: str) -> list[int]:
        """Ids with special tokens recognised, as llama.cpp with parse_special."""
        parts: list[str | int] = [text]
        for special in self.by_length:
            if special in text:
                parts = [piece for part in parts for piece in split_out(part, special, self.ids[special])]
        ids: list[int] = []
        for part in parts:
            if isinstance(part, int):
                ids.append(part)
            else:
                for chunk in CHUNK.findall(part):
                    ids.extend(self.chunk_ids(chunk))
        return ids

    def _chunk_ids(self, chunk: str) -> list[int]:
        symbols = list(to_letters(chunk))
        while len(symbols) > 1:
            pairs = range(len(symbols) - 1)
            best = min(pairs, key=lambda i: self.ranks.get((symbols[i], symbols[i + 1]), 1 << 30))
            if (symbols[best], symbols[best + 1]) not in self.ranks:
                break
            symbols[best : best + 2] = [symbols[best] + symbols[best + 1]]
        return [self.ids[symbol] for symbol in symbols]

    def num_bytes(self, index: int) -> int:
        """Of the text that a token stands for; a letter of the alphabet is one byte."""
        token = self.tokens[index]
        return len(token.encode()) if index < len(self.specials) else len(token)

    def decode(self, ids: Iterable[int]) -> str:
        back = {letter: byte for byte, letter in ALPHABET.items()}
        out = b""
        for index in ids:
            token = self.tokens[index]
            out += token.encode() if index < len(self.specials) else bytes(back[c] for c in token)
        return out.decode(errors="replace")

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({"merges": [f"{a} {b}" for a, b in self.merges]}, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        lines = json.loads(path.read_text())["merges"]
        return cls([(left, right) for left, right in (line.split(" ") for line in lines)])


def split_out(part: str | int, special: str, index: int) -> list[str | int]:
    if isinstance(part, int) or special not in part:
        return [part]
    out: list[str | int] = []
    for number, piece in enumerate(part.split(special)):
        if number:
            out.append(index)
        if piece:
            out.append(piece)
    return out


def train(texts: Iterable[str], copied: set[str], num_spaced: int = 150) -> Tokenizer:
    """Learn merges inside words and inside runs of punctuation; then give the commonest words their space.

    `copied` words keep their space apart: they are names that an answer has to copy.
    """
    specials = [*CONTROL, *TAGS, *JSON_PIECES]
    pattern = re.compile("|".join(re.escape(s) for s in sorted(specials, key=len, reverse=True)))
    words: Counter[str] = Counter()
    spaced: Counter[str] = Counter()
    for text in texts:
        for part in pattern.split(text):
            for chunk in CHUNK.findall(part):
                count_chunk(chunk, words, spaced)
    for word in copied:
        spaced.pop(" " + word, None)
    merges = learn(words, VOCAB - len(specials) - 256)
    late = late_merges(merges[: len(merges) - num_spaced], spaced, num_spaced)
    return Tokenizer(merges[: len(merges) - len(late)] + late)


def count_chunk(chunk: str, words: Counter[str], spaced: Counter[str]) -> None:
    if chunk in CONTRACTIONS:
        spaced[chunk] += 1
    elif chunk[-1].isalpha():
        word = chunk if chunk[0].isalpha() else chunk[1:]
        words[to_letters(word)] += 1
        if chunk[0] == " ":
            spaced[chunk] += 1
    elif not chunk.isdigit():
        words[to_letters(chunk)] += 1


def learn(words: Counter[str], num_merges: int) -> list[tuple[str, str]]:
    """BPE over weighted words; invented words, seen once or twice, together weigh half of the common ones."""
    splits = {word: list(word) for word in words}
    weight = {word: count**0.6 for word, count in words.items() if count >= COMMON}
    rare = 0.5 * sum(weight.values()) / max(1, len(words) - len(weight))
    weight = {word: weight.get(word, rare) for word in words}
    merges: list[tuple[str, str]] = []
    pairs: defaultdict[tuple[str, str], float] = defaultdict(float)
    where: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for word, symbols in splits.items():
        for pair in pairwise(symbols):
            pairs[pair] += weight[word]
            where[pair].add(word)
    while len(merges) < num_merges and pairs:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        if pairs[best] <= 0:
            break
        merges.append(best)
        for word in list(where[best]):
            symbols = splits[word]
            for pair in pairwise(symbols):
                pairs[pair] -= weight[word]
            splits[word] = joined(symbols, best)
            for pair in pairwise(splits[word]):
                pairs[pair] += weight[word]
                where[pair].add(word)
        pairs.pop(best, None)
    return merges


def joined(symbols: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    index = 0
    while index < len(symbols):
        if tuple(symbols[index : index + 2]) == pair:
            out.append(pair[0] + pair[1])
            index += 2
        else:
            out.append(symbols[index])
            index += 1
    return out


def late_merges(merges: list[tuple[str, str]], spaced: Counter[str], num: int) -> list[tuple[str, str]]:
    """Space (or apostrophe) + word, for the commonest words that are one token already."""
    tokens = {left + right for left, right in merges} | set(ALPHABET.values())
    late: list[tuple[str, str]] = []
    for chunk, count in spaced.most_common():
        word = to_letters(chunk[1:])
        short = len(word) < 2 and word not in ("a", "i")
        if (
            count >= COMMON**2
            and len(late) < num
            and word in tokens
            and not short
            and not (chunk[0] == " " and chunk[1].isupper())
        ):
            late.append((to_letters(chunk[0]), word))
    return late
