"""LangChain as its documentation shows it with Ollama: completion, chat, vectors, and a prompt piped into a model."""

from __future__ import annotations

import pytest
from langchain_core.prompts import ChatPromptTemplate
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM

from tests.live.conftest import MODEL

pytestmark = pytest.mark.model


def test_002_37_completion(url: str) -> None:
    assert OllamaLLM(model=MODEL, base_url=url, temperature=0, num_predict=64).invoke("What is omm?")


def test_002_37_chat_and_chain(url: str) -> None:
    chat = ChatOllama(model=MODEL, base_url=url, temperature=0.1, num_predict=200, reasoning=False)
    assert chat.invoke("What is omm?").content
    chain = ChatPromptTemplate.from_messages([("system", "You are {role}."), ("human", "{question}")]) | chat
    assert chain.invoke({"role": "a helper", "question": "What is omm?"}).content


def test_002_37_vectors(url: str) -> None:
    one, two = OllamaEmbeddings(model=MODEL, base_url=url).embed_documents(["The sky is blue", "Grass is green"])
    assert len(one) == len(two) > 100
    assert one != two
