"""A wrong key and a busy server, as the official Python clients tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anthropic
import ollama
import openai
import pytest
import requests

from tests.clients.conftest import KEY
from tests.live.conftest import MODEL

pytestmark = pytest.mark.model

ASKED: Any = {"model": MODEL, "messages": [{"role": "user", "content": "What is omm?"}]}


@contextmanager
def busy(url: str) -> Iterator[None]:
    """Keep the server at an answer that never ends by itself."""
    options = {"ignore_eos": True, "num_predict": -1}
    body = {"model": MODEL, "prompt": "Hello", "raw": True, "options": options}
    headers = {"authorization": f"Bearer {KEY}"}
    with requests.post(f"{url}/api/generate", json=body, headers=headers, stream=True, timeout=60) as answer:
        lines = answer.iter_lines()
        next(lines)
        yield
        lines.close()


def test_openai(guarded_url: str) -> None:
    with openai.OpenAI(base_url=f"{guarded_url}/v1", api_key="wrong", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError) as wrong:
            client.chat.completions.create(**ASKED)
        assert wrong.value.code == "invalid_api_key"
        client = client.with_options(api_key=KEY)
        with busy(guarded_url), pytest.raises(openai.InternalServerError) as full:
            client.chat.completions.create(**ASKED)
        assert (full.value.status_code, full.value.code) == (503, "server_overloaded")
        assert full.value.response.headers["retry-after"]


def test_anthropic(guarded_url: str) -> None:
    with anthropic.Anthropic(base_url=guarded_url, api_key="wrong", max_retries=0) as client:
        with pytest.raises(anthropic.AuthenticationError):
            client.messages.create(**ASKED, max_tokens=5)
        client = client.with_options(api_key=KEY)
        with busy(guarded_url), pytest.raises(anthropic.APIStatusError, match="overloaded_error") as full:
            client.messages.create(**ASKED, max_tokens=5)
        assert full.value.status_code == 529


def test_ollama(guarded_url: str) -> None:
    with ollama.Client(host=guarded_url) as client, pytest.raises(ollama.ResponseError) as wrong:
        client.chat(**ASKED)
    assert wrong.value.status_code == 401
    with ollama.Client(host=guarded_url, headers={"authorization": f"Bearer {KEY}"}) as client, busy(guarded_url):
        with pytest.raises(ollama.ResponseError) as full:
            client.chat(**ASKED)
    assert full.value.status_code == 503
