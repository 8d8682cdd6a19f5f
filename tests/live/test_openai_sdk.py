"""The official client against the real server, with every answer checked against its types."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any, Literal

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletionChunk
from pydantic import BaseModel

from tests.live.conftest import Http

MODEL = "tiny"
USER: Any = [{"role": "user", "content": "What is 2 + 3?"}]
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture
def client(url: str) -> Iterator[OpenAI]:
    """Strict: an answer that is not of the declared types raises."""
    with OpenAI(base_url=f"{url}/v1", api_key="omm", max_retries=0, _strict_response_validation=True) as client:
        yield client


@pytest.fixture
def lenient(url: str) -> Iterator[OpenAI]:
    """For what fails the client's own types by its design: base64 vectors and chunks of text completions."""
    with OpenAI(base_url=f"{url}/v1/", api_key="any", max_retries=0) as client:
        yield client


def text_of(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


# --- chat -------------------------------------------------------------------------------------------------------


def test_chat(client: OpenAI) -> None:
    answer = client.chat.completions.create(model=MODEL, messages=USER, temperature=0, max_tokens=64)
    assert answer.id.startswith("chatcmpl-")
    assert answer.model == MODEL
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer._request_id is not None


def test_a_stream_says_what_the_whole_answer_says(client: OpenAI) -> None:
    asked: Any = {"model": MODEL, "messages": USER, "temperature": 0, "max_tokens": 64, "reasoning_effort": "none"}
    whole = client.chat.completions.create(**asked)
    chunks = list(client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
    assert text_of(chunks) == whole.choices[0].message.content
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert whole.usage is not None
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert [chunk.choices[0].finish_reason for chunk in chunks[-2:-1]] == [whole.choices[0].finish_reason]


def test_every_chunk_has_a_choice_unless_usage_was_asked_for(client: OpenAI) -> None:
    stream = client.chat.completions.create(model=MODEL, messages=USER, max_tokens=8, stream=True)
    assert all(len(chunk.choices) == 1 for chunk in stream)


def test_the_stream_helper_gathers_the_answer(client: OpenAI) -> None:
    with client.chat.completions.stream(model=MODEL, messages=USER, temperature=0, max_tokens=64) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()
    assert "content.delta" in kinds
    assert final.choices[0].message.role == "assistant"


def test_reasoning_is_told_apart_under_both_names(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model=MODEL, messages=USER, temperature=0, max_tokens=128, reasoning_effort="high"
    )
    message: Any = answer.choices[0].message
    assert message.reasoning
    assert message.reasoning == message.reasoning_content
    assert message.reasoning not in (message.content or "")
    assert answer.usage is not None
    assert answer.usage.completion_tokens_details is not None
    assert answer.usage.completion_tokens_details.reasoning_tokens
    off = client.chat.completions.create(
        model=MODEL, messages=USER, temperature=0, max_tokens=64, reasoning_effort="none"
    )
    assert not hasattr(off.choices[0].message, "reasoning")


def test_the_same_seed_gives_the_same_text(client: OpenAI) -> None:
    asked: Any = {"model": MODEL, "messages": USER, "temperature": 1.5, "max_tokens": 24, "seed": -1}
    texts = [client.chat.completions.create(**asked).choices[0].message.content for _ in range(2)]
    assert texts[0] == texts[1]


def test_several_choices(client: OpenAI) -> None:
    asked: Any = {"model": MODEL, "messages": USER, "n": 3, "seed": 1, "temperature": 1.5, "max_tokens": 12}
    whole = client.chat.completions.create(**asked)
    assert [choice.index for choice in whole.choices] == [0, 1, 2]
    chunks = list(client.chat.completions.create(**asked, stream=True))
    assert [chunk.choices[0].index for chunk in chunks[:3]] == [0, 1, 2]
    ends = [chunk.choices[0].index for chunk in chunks if chunk.choices[0].finish_reason]
    assert sorted(ends) == [0, 1, 2]


def test_a_stop_text_and_a_limit(client: OpenAI) -> None:
    asked: Any = {"model": MODEL, "messages": USER, "temperature": 0, "reasoning_effort": "none"}
    whole = client.chat.completions.create(**asked, max_tokens=64).choices[0].message.content or ""
    assert len(whole) > 2
    cut = client.chat.completions.create(**asked, max_tokens=64, stop=[whole[2:4]]).choices[0]
    assert cut.message.content == whole[: whole.index(whole[2:4])]
    assert cut.finish_reason == "stop"
    short = client.chat.completions.create(**asked, max_completion_tokens=1)
    assert short.choices[0].finish_reason == "length"
    assert short.usage is not None
    assert short.usage.completion_tokens == 1


def test_log_probabilities(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model=MODEL, messages=USER, temperature=0, max_tokens=8, logprobs=True, top_logprobs=2, reasoning_effort="none"
    )
    found = answer.choices[0].logprobs
    assert found is not None
    assert found.content
    for token in found.content:
        assert len(token.top_logprobs) == 2
        assert token.logprob == max(top.logprob for top in token.top_logprobs) <= 0  # greedy takes the likeliest
    assert "".join(token.token for token in found.content).startswith(answer.choices[0].message.content or "?")


# --- tools and structured output --------------------------------------------------------------------------------


def test_a_forced_call_and_its_answer(client: OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "What is the weather in Paris?"}]
    asked: Any = {"model": MODEL, "tools": [WEATHER], "temperature": 0, "max_tokens": 128}
    first = client.chat.completions.create(messages=messages, **asked, tool_choice="required").choices[0]
    assert first.finish_reason == "tool_calls"
    assert first.message.tool_calls
    call: Any = first.message.tool_calls[0]
    assert call.function.name == "get_weather"
    assert isinstance(json.loads(call.function.arguments)["city"], str)
    messages += [
        first.message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "Sunny, 20 degrees"},
    ]
    second = client.chat.completions.create(messages=messages, **asked, tool_choice="none").choices[0]
    assert second.finish_reason in ("stop", "length")
    assert not second.message.tool_calls


def test_a_streamed_call_is_gathered(client: OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "What is the weather in Paris?"}]
    choice: Any = {"type": "function", "function": {"name": "get_weather"}}
    with client.chat.completions.stream(
        model=MODEL, messages=messages, tools=[WEATHER], tool_choice=choice, temperature=0, max_tokens=128
    ) as stream:
        final = stream.get_final_completion().choices[0]
    assert final.finish_reason == "tool_calls"
    assert final.message.tool_calls
    assert final.message.tool_calls[0].function.name == "get_weather"
    assert json.loads(final.message.tool_calls[0].function.arguments)


class Verdict(BaseModel):
    """Short, as a small model may go on for ever where a schema lets it."""

    is_right: bool
    kind: Literal["sum", "product"]
    comment: Literal["good", "bad"] | None


def test_structured_output_is_parsed(client: OpenAI) -> None:
    answer = client.chat.completions.parse(
        model=MODEL, messages=USER, response_format=Verdict, temperature=0, max_tokens=400, reasoning_effort="none"
    )
    assert isinstance(answer.choices[0].message.parsed, Verdict)


def test_json_mode(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Tom is 7. As JSON."}],
        response_format={"type": "json_object"},
        temperature=0,
        max_tokens=400,
    )
    assert isinstance(json.loads(answer.choices[0].message.content or ""), dict)


# --- the other routes -------------------------------------------------------------------------------------------


def test_text_completions(client: OpenAI, lenient: OpenAI) -> None:
    asked: Any = {"model": MODEL, "prompt": ["Hello", "Good"], "temperature": 0, "max_tokens": 6}
    whole = client.completions.create(**asked, echo=True, n=2)
    assert [choice.text[:4] for choice in whole.choices] == ["Hell", "Hell", "Good", "Good"]
    assert whole.choices[0].text == whole.choices[1].text
    chunks = list(lenient.completions.create(**{**asked, "prompt": "Hello"}, stream=True, extra_body={"raw": True}))
    assert "Hello" + "".join(chunk.choices[0].text for chunk in chunks) == whole.choices[0].text
    assert chunks[-1].choices[0].finish_reason in ("stop", "length")


def test_completions_of_token_ids_are_those_of_their_text(client: OpenAI, http: Http) -> None:
    ids = http.post("/api/tokenize", json={"model": MODEL, "text": "Hello", "add_special": True}).json()["tokens"]
    asked: Any = {"model": MODEL, "temperature": 0, "max_tokens": 6}
    text = client.completions.create(**asked, prompt="Hello", extra_body={"raw": True}).choices[0].text
    assert client.completions.create(**asked, prompt=ids).choices[0].text == text
    best = client.completions.create(**{**asked, "temperature": 1.5}, prompt="Hello", best_of=3, n=1, logprobs=2)
    assert len(best.choices) == 1
    assert best.usage is not None
    assert best.usage.completion_tokens > 6  # three were made
    assert best.choices[0].logprobs is not None
    assert best.choices[0].logprobs.top_logprobs
    assert all(len(top) == 2 for top in best.choices[0].logprobs.top_logprobs)


def test_no_tokens_but_the_echo(client: OpenAI) -> None:
    answer = client.completions.create(model=MODEL, prompt="Hello", echo=True, max_tokens=0)
    assert answer.choices[0].text == "Hello"
    assert answer.choices[0].finish_reason == "length"


def test_embeddings(client: OpenAI, lenient: OpenAI) -> None:
    plain = client.embeddings.create(model=MODEL, input=["one", "two"], encoding_format="float")
    packed = lenient.embeddings.create(model=MODEL, input=["one", "two"])  # the client asks for base64
    assert [row.index for row in plain.data] == [0, 1]
    for row, other in zip(plain.data, packed.data, strict=True):
        assert row.embedding == pytest.approx(other.embedding, abs=1e-6)
        assert sum(x * x for x in row.embedding) == pytest.approx(1, abs=1e-4)
    short = client.embeddings.create(model=MODEL, input="one", dimensions=8, encoding_format="float")
    assert len(short.data[0].embedding) == 8
    assert plain.usage.prompt_tokens == plain.usage.total_tokens > 0


def test_models(client: OpenAI) -> None:
    rows = client.models.list().data
    assert [(row.id, row.object, row.owned_by) for row in rows if row.id == MODEL] == [(MODEL, "model", "local")]
    assert client.models.retrieve(MODEL) == client.models.retrieve(f"{MODEL}:latest")


# --- errors -----------------------------------------------------------------------------------------------------


def test_errors_are_the_clients_own(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(model="no/such:model", messages=USER)
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    assert missing.value.request_id
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("no/such:model")
    with pytest.raises(openai.BadRequestError) as wrong:
        client.chat.completions.create(model=MODEL, messages=USER, temperature=3)
    assert (wrong.value.code, wrong.value.param) == ("invalid_value", "temperature")
    with pytest.raises(openai.BadRequestError) as long:
        client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "word " * 6000}], extra_body={"num_ctx": 512}
        )
    assert (long.value.code, long.value.param) == ("context_length_exceeded", "messages")
    with pytest.raises(openai.NotFoundError) as route:
        client.fine_tuning.jobs.list()
    assert route.value.code == "unknown_url"
    with pytest.raises(openai.BadRequestError) as image:
        client.images.generate(model=MODEL, prompt="a cat")
    assert image.value.code == "unsupported_model"
    with pytest.raises(openai.BadRequestError) as sound:
        client.audio.transcriptions.create(model=MODEL, file=("a.wav", b"RIFF"))
    assert sound.value.code == "unsupported_model"


def test_a_compressed_body(http: Http) -> None:
    body = gzip.compress(json.dumps({"model": MODEL, "messages": USER, "max_tokens": 1}).encode())
    headers = {"content-encoding": "gzip", "x-request-id": "mine-1"}
    answer = http.post("/v1/chat/completions", data=body, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] == "mine-1"
