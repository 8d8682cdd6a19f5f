"""POST /v1/rerank and /api/rerank: documents in the order in which they answer a query.

Three shapes that clients know: Cohere's and Jina's, which llama.cpp has too, in one; and that of Text Embeddings
Inference, told by its `texts`.
"""

from __future__ import annotations

from typing import Annotated, Any

import falcon
from msgspec import UNSET, Meta, UnsetType

from omm.api import options
from omm.api.errors import MissingParameter
from omm.api.openai import parse, render, streams
from omm.api.openai.schema import MAX_INPUTS, Body, EmbeddingUsage, Positive, Reply, Text, WithOptions
from omm.api.services import Services
from omm.api.wire import has_left, read_json, send_json
from omm.types import Ranking, RerankRequest


class DocumentBody(Body, kw_only=True):
    """A document as an object."""

    text: str


Documents = Annotated[list[str | DocumentBody], Meta(min_length=1, max_length=MAX_INPUTS)]


class RerankBody(WithOptions, kw_only=True):
    """POST /v1/rerank. `texts` and `return_text` are the other shape's `documents` and `return_documents`."""

    query: Text
    documents: Documents | None = None
    texts: Documents | None = None
    top_n: Positive | None = None
    return_documents: bool | None = None
    return_text: bool | None = None
    truncate: bool | None = None


class DocumentReply(Reply, kw_only=True):
    """A document."""

    text: str


class ResultReply(Reply, kw_only=True):
    """A document's number in the request, and its score from 0 to 1."""

    index: int
    relevance_score: float
    document: DocumentReply | UnsetType = UNSET


class RerankReply(Reply, kw_only=True):
    """The best document first."""

    id: str
    object: str = "list"
    model: str
    results: list[ResultReply]
    usage: EmbeddingUsage
    meta: dict[str, Any]


class ScoreReply(Reply, kw_only=True):
    """The other shape of a result."""

    index: int
    score: float
    text: str | UnsetType = UNSET


class RerankResource:
    """POST /v1/rerank."""

    def __init__(self, services: Services) -> None:
        self._inference = services.inference

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Raises Unsupported for a model that is no reranker."""
        body = read_json(req, RerankBody)
        request = rerank_request(body)
        with streams.about("documents" if body.texts is None else "texts"):
            ranking = self._inference.rerank(request, has_left(req))
        order = best(ranking.scores, body.top_n)
        send_json(resp, _whole(body, request, ranking, order) if body.texts is None else _bare(body, ranking, order))


def rerank_request(body: RerankBody) -> RerankRequest:
    """Raises MissingParameter without documents."""
    documents = _texts(body)
    if not documents:
        raise MissingParameter("documents is required", param="documents")
    return RerankRequest(
        model=body.model,
        query=body.query,
        documents=documents,
        truncate=body.truncate,
        options=parse.other_options(body),
        keep_alive_s=options.keep_alive(body.keep_alive),
    )


def _texts(body: RerankBody) -> tuple[str, ...]:
    given = (body.documents if body.texts is None else body.texts) or ()
    return tuple(document if isinstance(document, str) else document.text for document in given)


def best(scores: tuple[float, ...], count: int | None) -> list[int]:
    """The numbers of the highest scores, highest first."""
    return sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:count]


def _whole(body: RerankBody, request: RerankRequest, ranking: Ranking, order: list[int]) -> RerankReply:
    results = [ResultReply(index=index, relevance_score=ranking.scores[index]) for index in order]
    if body.return_documents:
        for result in results:
            result.document = DocumentReply(text=request.documents[result.index])
    tokens = ranking.prompt_tokens
    return RerankReply(
        id=render.new_id("rerank-"),
        model=body.model,
        results=results,
        usage=EmbeddingUsage(prompt_tokens=tokens, total_tokens=tokens),
        meta={"api_version": {"version": "2"}, "billed_units": {"search_units": 1}, "tokens": {"input_tokens": tokens}},
    )


def _bare(body: RerankBody, ranking: Ranking, order: list[int]) -> list[ScoreReply]:
    texts = _texts(body)
    scored = [(index, ranking.scores[index]) for index in order]
    if body.return_text:
        return [ScoreReply(index=index, score=score, text=texts[index]) for index, score in scored]
    return [ScoreReply(index=index, score=score) for index, score in scored]


ROUTES = (("/v1/rerank", RerankResource), ("/api/rerank", RerankResource))
