"""Learn the vocabulary of `tiny` from its corpus, and write `tokenizer.json`."""

from __future__ import annotations

from pathlib import Path

from corpus import texts
from json_facts import JSON_FIELDS
from tokenizer import train
from tools import GENERIC

SEED = 7


def main() -> None:
    tokenizer = train(texts(SEED, 4000), copied={*GENERIC, *JSON_FIELDS})
    tokenizer.save(Path(__file__).with_name("tokenizer.json"))


if __name__ == "__main__":
    main()
