"""LlamaIndex as its documentation shows it with Ollama: a completion and vectors."""

from __future__ import annotations

import pytest
from llama_index.embeddings.ollama import OllamaEmbedding
from llama_index.llms.ollama import Ollama

from tests.live.conftest import MODEL

pytestmark = pytest.mark.model


def test_002_38_completion(url: str) -> None:
    llm = Ollama(model=MODEL, base_url=url, request_timeout=120, temperature=0)
    whole = llm.complete("What is omm?").text
    assert whole
    assert "".join(piece.delta or "" for piece in llm.stream_complete("What is omm?")) == whole


def test_002_38_vectors(url: str) -> None:
    one, two = OllamaEmbedding(model_name=MODEL, base_url=url).get_text_embedding_batch(["one", "two"])
    assert len(one) == len(two) > 100
