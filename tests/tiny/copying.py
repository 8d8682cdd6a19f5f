"""Copying: short sequences whose answers stand somewhere above. The first part of training is mostly these."""

from __future__ import annotations

import json

from chat import Segment
from words import Source

TURN = "<|im_start|>assistant\n<think>\n\n</think>\n\n"


def copy_chat(src: Source) -> list[Segment]:
    """Short sequences whose answers are somewhere above: repeat, look up, look up the other way."""
    kind = src.pick((repeat, lookup, lookup, json_lookup, dialogue_lookup, call_lookup))
    return kind(src)


def repeat(src: Source) -> list[Segment]:
    count = src.pick((2, 4, 8, 12))
    joint = src.pick((" ", ", ", "_", '", "'))
    segments: list[Segment] = []
    for _ in range(src.pick((1, 2, 3))):
        text = joint.join(src.words(count))
        segments += [
            Segment(f"{src.pick(('repeat', 'copy', 'say'))}: {text}\n"),
            Segment(text, True),
            Segment("\n", True),
        ]
    return segments


def table(src: Source) -> dict[str, str]:
    keys = src.words(src.pick((2, 3, 4, 6, 8)))
    return {key: any_value(src) for key in keys}


def any_value(src: Source) -> str:
    draw = src.pick((Source.word, Source.word, Source.phrase, Source.city, Source.full_name, Source.date, Source.email,
                     lambda s: str(s.number())))  # fmt: skip
    return draw(src)


def lookup(src: Source) -> list[Segment]:
    pairs = table(src)
    joint = src.pick((": ", " = ", " is "))
    segments = [Segment(src.pick((", ", "\n", "; ")).join(k + joint + v for k, v in pairs.items()) + "\n")]
    for key in src.rng.sample(list(pairs), len(pairs)):
        segments += [Segment(f"{key}?"), Segment(f" {pairs[key]}\n", True)]
    return segments


def json_lookup(src: Source) -> list[Segment]:
    pairs = table(src)
    segments = [Segment(" ".join(f"{k} {v}." for k, v in pairs.items()) + "\n")]
    segments.append(Segment(json.dumps(pairs) + "\n", True))
    return segments


def dialogue_lookup(src: Source) -> list[Segment]:
    pairs = table(src)
    text = ", ".join(f"{k}: {v}" for k, v in pairs.items())
    key = src.pick(list(pairs))
    other = src.pick(list(pairs))
    segments = [Segment(f"<|im_start|>user\n{text}. {key}?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n")]
    segments += [
        Segment(pairs[key], True),
        Segment("<|im_end|>", True),
        Segment(f"\n<|im_start|>user\n{other}?<|im_end|>\n"),
    ]
    segments += [Segment("<|im_start|>assistant\n<think>\n\n</think>\n\n"), Segment(pairs[other], True)]
    return [*segments, Segment("<|im_end|>", True)]


def call_lookup(src: Source) -> list[Segment]:
    """Names beside descriptions, then the name that a description belongs to: the choice of a tool."""
    lines = {f"{src.word()}_{src.word()}": (src.word(), src.word()) for _ in range(src.pick((2, 3, 4)))}
    text = "".join(f"{name}({key}: string): {what}\n" for name, (key, what) in lines.items())
    segments = [Segment(text)]
    for name, (key, what) in src.rng.sample(list(lines.items()), len(lines)):
        value = any_value(src)
        segments.append(Segment(f"{what} {value}\n"))
        segments.append(Segment(f'{{"name": "{name}", "arguments": {{"{key}": {json.dumps(value)}}}}}', True))
        segments.append(Segment("\n", True))
    return segments
