"""The corpus of `tiny`, written as it is read: samples of every skill in a given mix, seeded.

`Source(held=False)` draws the training side and `Source(held=True)` the held-out side; no wording, value or tool
of one is in the other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from chat import Segment, render
from code_lines import code_line
from copying import copy_chat
from json_facts import json_chat
from marks import Marker, Marks
from sums import sum_chat
from talk import memory_chat, mixed_chat, question_chat, small_talk, told_chat
from tokenizer import Tokenizer
from tools import crowded_tool_chat, double_call, tool_chat
from words import Source

Sample = tuple[list[int], list[bool], list[int], Marks]
"""Ids, whether each carries loss, the places where a message starts, and where tools and requests end."""

SKILLS: dict[str, Callable[[Source], list[Segment]]] = {
    "copy": copy_chat,
    "tools": lambda src: render(tool_chat(src, small_talk)),
    "tools1": lambda src: render(tool_chat(src, small_talk, rounds=1)),
    "crowded": lambda src: render(crowded_tool_chat(src)),
    "double": lambda src: render(double_call(src)),
    "json": lambda src: render(json_chat(src)),
    "omm": lambda src: render(question_chat(src)),
    "memory": lambda src: render(memory_chat(src)),
    "sum": lambda src: render(sum_chat(src)),
    "told": lambda src: render(told_chat(src)),
    "code": code_line,
    "mixed": lambda src: render(mixed_chat(src)),
}
# Shares of samples, not of tokens: tool samples are three times as long as others.
SKILLS_ORDER = ("copy", "tools", "tools1", "crowded", "double", "json", "omm", "memory", "sum", "code", "told", "mixed")
CURRICULUM = dict(zip(SKILLS_ORDER, (50, 8, 10, 0, 0, 14, 8, 3, 2, 1, 4, 0), strict=True))
MIX = dict(zip(SKILLS_ORDER, (10, 14, 16, 0, 3, 20, 20, 6, 7, 4, 5, 5), strict=True))


def encode(tokenizer: Tokenizer, segments: list[Segment]) -> Sample:
    ids: list[int] = []
    trained: list[bool] = []
    starts: list[int] = []
    marker = Marker(tokenizer)
    for segment in segments:
        piece = tokenizer.encode(segment.text)
        if segment.text.startswith("<|im_start|>"):
            starts.append(len(ids))
        trained += [segment.trained and not (segment.skip_first and i == 0) for i in range(len(piece))]
        marker.add(segment, piece, len(ids))
        ids += piece
    return ids, trained, starts, marker.marks


def samples(tokenizer: Tokenizer, seed: int, mix: dict[str, float]) -> Iterator[Sample]:
    """Endless training samples."""
    src = Source(random.Random(seed))
    names, weights = list(mix), list(mix.values())
    while True:
        name = src.rng.choices(names, weights)[0]
        yield encode(tokenizer, SKILLS[name](src))


def texts(seed: int, count: int) -> Iterator[str]:
    """Plain text for the tokenizer, one piece a segment."""
    src = Source(random.Random(seed))
    for _ in range(count):
        for make in SKILLS.values():
            for segment in make(src):
                yield segment.text
