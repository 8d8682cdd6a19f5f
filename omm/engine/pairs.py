"""A query and a document → the tokens by which a reranking model scores the one for the other."""

from __future__ import annotations

from collections.abc import Iterator

from omm.engine.llama import Model
from omm.engine.vocabulary import Vocabulary
from omm.errors import ContextExceeded

QUERY, DOCUMENT = "{query}", "{document}"


class Pairs:
    """How a model wants its pairs: by the template in its header, or joined by special tokens. Thread-safe.

    Source: llama.cpp's server, `format_prompt_rerank`.
    """

    def __init__(self, model: Model, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._template = model.template("rerank")
        end = model.special_id("eos") if model.special_id("eos") >= 0 else model.special_id("sep")
        self._begin = [model.special_id("bos")] if model.adds_bos else []
        self._end = [end] if model.adds_eos else []
        self._middle = self._end + ([model.special_id("sep")] if model.adds_sep else [])

    def tokens(self, query: str, document: str, limit: int, *, truncate: bool) -> list[int]:
        """Token ids of a pair, at most `limit`; with `truncate` the end of a long document is left out.

        Raises:
            ContextExceeded: it does not fit.
        """
        ids = self._vocabulary.tokenize(document, special=False, bos=False)
        whole = self._join(query, document, ids)
        while len(whole) > limit:
            if not truncate or not ids:
                raise ContextExceeded(f"query and document have {len(whole)} tokens, {limit} fit")
            ids = ids[: max(0, len(ids) - (len(whole) - limit))]
            whole = self._join(query, self._vocabulary.detokenize(ids, special=False), ids)
        return whole

    def _join(self, query: str, document: str, document_ids: list[int]) -> list[int]:
        if self._template:
            text, cuts = self._fill(query, document)
            return self._vocabulary.tokenize(text, cuts, bos=False)
        query_ids = self._vocabulary.tokenize(query, special=False, bos=False)
        return [*self._begin, *query_ids, *self._middle, *document_ids, *self._end]

    def _fill(self, query: str, document: str) -> tuple[str, list[int]]:
        """The template's text, and places in it that keep what users wrote from becoming control tokens."""
        text, cuts = "", []
        for piece, is_given in self._pieces(query, document):
            if is_given:
                cuts += [len(text) + place for place in self._places(piece)]
            text += piece
        return text, cuts

    def _pieces(self, query: str, document: str) -> Iterator[tuple[str, bool]]:
        """The template in pieces, and whether each was given by a user."""
        before, *rest = self._template.split(QUERY)
        for number, part in enumerate([before, *rest]):
            if number:
                yield query, True
            first, *others = part.split(DOCUMENT)
            yield first, False
            for other in others:
                yield document, True
                yield other, False

    def _places(self, text: str) -> Iterator[int]:
        """Behind the first character of each control token's text."""
        for marker in self._vocabulary.markers:
            start = text.find(marker) if len(marker) > 1 else -1
            while start >= 0:
                yield start + 1
                start = text.find(marker, start + 1)
