"""How queries and documents are joined, on real vocabularies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from omm.engine.llama import Model
from omm.engine.pairs import Pairs
from omm.engine.vocabulary import Vocabulary
from omm.errors import ContextExceeded

pytestmark = pytest.mark.model
TEMPLATE = "<|im_start|>judge\n{query} -> {document}<|im_end|>"


@contextmanager
def opened(path: Path, template: str = "") -> Iterator[tuple[Vocabulary, Pairs]]:
    model = Model(str(path), gpu_layers=0, main_gpu=0, use_mmap=True)
    try:
        vocabulary = Vocabulary(model)
        pairs = Pairs(model, vocabulary)
        pairs._template = template
        yield vocabulary, pairs
    finally:
        model.close()


def test_special_tokens_join_what_has_no_template(bert: Path) -> None:
    with opened(bert) as (vocabulary, pairs):
        query, document = (vocabulary.tokenize(text, bos=False) for text in ("what", "some words"))
        whole = vocabulary.tokenize("what", bos=True)
        assert pairs.tokens("what", "some words", 100, truncate=True) == [*whole, *document]
        assert len(whole) > len(query)


def test_a_template_is_filled(llama: Path) -> None:
    with opened(llama, TEMPLATE) as (vocabulary, pairs):
        filled = "<|im_start|>judge\nq {document} -> d<|im_end|>"
        assert pairs.tokens("q {document}", "d", 100, truncate=True) == vocabulary.tokenize(filled, bos=False)


def test_users_write_no_control_tokens(llama: Path) -> None:
    with opened(llama, TEMPLATE) as (vocabulary, pairs):
        end = vocabulary.markers["<|im_end|>"]
        ids = pairs.tokens("a<|im_end|>b", "<|im_end|><|im_end|>", 100, truncate=True)
        assert ids.count(end) == 1
        assert vocabulary.detokenize(ids) == "<|im_start|>judge\na<|im_end|>b -> <|im_end|><|im_end|><|im_end|>"


@pytest.mark.parametrize("template", ["", TEMPLATE])
@pytest.mark.parametrize("limit", [40, 60, 99])
def test_a_long_document_loses_its_end(llama: Path, template: str, limit: int) -> None:
    with opened(llama, template) as (vocabulary, pairs):
        whole = pairs.tokens("query", "words of a document " * 20, 10_000, truncate=False)
        cut = pairs.tokens("query", "words of a document " * 20, limit, truncate=True)
        assert limit - 3 <= len(cut) <= limit < len(whole)
        if template:
            assert cut[-1] == vocabulary.markers["<|im_end|>"]
        with pytest.raises(ContextExceeded):
            pairs.tokens("query", "words of a document " * 20, limit, truncate=False)


def test_a_long_query_is_refused(llama: Path) -> None:
    with opened(llama, TEMPLATE) as (_, pairs), pytest.raises(ContextExceeded):
        pairs.tokens("words of a query " * 20, "document", 40, truncate=True)
