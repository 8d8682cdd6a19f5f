"""/v1/responses: the official client against the real server, with every answer checked against its types."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import openai
import pytest
import requests
from openai import OpenAI
from pydantic import BaseModel

from omm.config import Settings
from tests.live.conftest import MODEL, running

SUM = "What is 2 + 3?"
WEATHER: Any = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the weather in a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "strict": True,
}
# The answer must not depend on chance, and a small model may think for long. Older clients know no effort `none`.
ASKED: Any = {"model": MODEL, "temperature": 0, "max_output_tokens": 128, "extra_body": {"think": False}}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a server that keeps its answers in a file."""
    folder = tmp_path_factory.mktemp("stored")
    return Settings.load(
        {}, models=folder / "models", host="127.0.0.1:0", threads=1, response_store=f"sqlite:{folder / 'r.sqlite'}"
    )


def connect(url: str) -> OpenAI:
    """Strict: an answer that is not of the declared types raises."""
    return OpenAI(base_url=f"{url}/v1", api_key="omm", max_retries=0, _strict_response_validation=True)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[OpenAI]:
    """A client of that server."""
    with running(settings) as url, connect(url) as client:
        requests.post(f"{url}/api/pull", json={"model": MODEL, "stream": False}, timeout=60).raise_for_status()
        yield client


@pytest.fixture
def forgetful(url: str) -> Iterator[OpenAI]:
    """A client of a server that keeps nothing."""
    with connect(url) as client:
        yield client


# --- answers ----------------------------------------------------------------------------------------------------


def test_a_text(client: OpenAI) -> None:
    answer = client.responses.create(**ASKED, input=SUM, instructions="Be brief.", metadata={"a": "b"})
    assert answer.id.startswith("resp_")
    assert (answer.model, answer.status, answer.error) == (MODEL, "completed", None)
    assert answer.output_text
    assert [item.type for item in answer.output] == ["message"]
    assert (answer.temperature, answer.instructions, answer.metadata) == (0, "Be brief.", {"a": "b"})
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    assert answer.usage.output_tokens_details.reasoning_tokens == 0
    assert answer._request_id is not None


def test_a_stream_says_what_the_whole_answer_says(client: OpenAI) -> None:
    whole = client.responses.create(**ASKED, input=SUM)
    events = list(client.responses.create(**ASKED, input=SUM, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == whole.output_text
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.output_text == text
    assert last.response.usage is not None
    assert whole.usage is not None
    assert last.response.usage.output_tokens == whole.usage.output_tokens


def test_the_stream_helper_gathers_the_answer(client: OpenAI) -> None:
    with client.responses.stream(
        **ASKED, input=SUM, include=["message.output_text.logprobs"], top_logprobs=2
    ) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-1] == "response.completed"
    assert final.output_text
    part: Any = final.output[0]
    assert part.content[0].logprobs
    assert all(len(token.top_logprobs) == 2 for token in part.content[0].logprobs)


def test_reasoning_is_summarised_and_can_be_sent_back(client: OpenAI) -> None:
    asked: Any = {"model": MODEL, "temperature": 0, "max_output_tokens": 256}
    asked["reasoning"] = {"effort": "high", "summary": "auto"}
    first = client.responses.create(**asked, input=SUM, include=["reasoning.encrypted_content"], store=False)
    thought, message = first.output
    assert thought.type == "reasoning"
    assert thought.summary[0].text
    assert thought.encrypted_content
    assert message.type == "message"
    assert first.usage is not None
    assert first.usage.output_tokens_details.reasoning_tokens > 0
    history: Any = [{"role": "user", "content": SUM}, *first.output, {"role": "user", "content": "And 4 + 4?"}]
    assert client.responses.create(**asked, input=history).status in ("completed", "incomplete")
    events = list(client.responses.create(**asked, input=SUM, stream=True))
    told = "".join(event.delta for event in events if event.type == "response.reasoning_summary_text.delta")
    assert told == thought.summary[0].text


def test_the_limit_makes_an_answer_incomplete(client: OpenAI) -> None:
    asked: Any = {**ASKED, "max_output_tokens": 1, "input": SUM}
    whole = client.responses.create(**asked)
    assert whole.status == "incomplete"
    assert whole.incomplete_details is not None
    assert whole.incomplete_details.reason == "max_output_tokens"
    *_, last = client.responses.create(**asked, stream=True)
    assert last.type == "response.incomplete"


class Verdict(BaseModel):
    """Short, as a small model may go on for ever where a schema lets it."""

    is_right: bool
    kind: Literal["sum", "product"]


def test_structured_output_is_parsed(client: OpenAI) -> None:
    answer = client.responses.parse(**ASKED, input=SUM, text_format=Verdict)
    assert isinstance(answer.output_parsed, Verdict)
    assert answer.text is not None
    assert answer.text.format is not None
    assert answer.text.format.type == "json_schema"


def test_a_picture_for_a_model_that_cannot_see(client: OpenAI) -> None:
    content: Any = [{"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"}]
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(**ASKED, input=[{"role": "user", "content": content}])
    assert (refused.value.code, refused.value.param) == ("unsupported_content", "input[0].content[0].image_url")


# --- tools ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_weather"}])
def test_a_forced_call_and_its_answer(client: OpenAI, choice: Any) -> None:
    asked: Any = {**ASKED, "tools": [WEATHER, {"type": "web_search"}]}
    first = client.responses.create(**asked, input="What is the weather in Paris?", tool_choice=choice)
    (call,) = first.output
    assert call.type == "function_call"
    assert call.name == "get_weather"
    assert isinstance(json.loads(call.arguments)["city"], str)
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "Sunny, 20 degrees"}
    second = client.responses.create(**asked, input=[output], previous_response_id=first.id, tool_choice="none")
    assert [item.type for item in second.output] == ["message"]


def test_a_streamed_call_is_gathered(client: OpenAI) -> None:
    with client.responses.stream(
        **ASKED, input="What is the weather in Paris?", tools=[WEATHER], tool_choice="required"
    ) as stream:
        pieces = [event.delta for event in stream if event.type == "response.function_call_arguments.delta"]
        final = stream.get_final_response()
    (call,) = final.output
    assert call.type == "function_call"
    assert "".join(pieces) == call.arguments
    assert call.parsed_arguments == json.loads(call.arguments)


# --- what is stored ---------------------------------------------------------------------------------------------


def test_a_conversation_goes_on(client: OpenAI) -> None:
    asked: Any = {**ASKED, "instructions": "You add numbers, and say nothing but their sum. " * 8}
    first = client.responses.create(**asked, input=SUM)
    second = client.responses.create(**asked, input="And 4 + 4?", previous_response_id=first.id)
    assert first.usage is not None
    assert second.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens
    assert second.usage.input_tokens_details.cached_tokens > 0
    assert client.responses.retrieve(second.id) == second
    items = client.responses.input_items.list(second.id, order="asc", limit=2)
    assert [item.type for item in items.data] == ["message", "message"]
    assert len(list(items)) == 3  # on to the next page


def test_tokens_are_counted(client: OpenAI) -> None:
    answer = client.responses.create(**ASKED, input=SUM)
    assert answer.usage is not None
    body = {"model": MODEL, "input": SUM, "think": False}
    counted: Any = client.post("/responses/input_tokens", body=body, cast_to=object)
    assert counted == {"object": "response.input_tokens", "input_tokens": answer.usage.input_tokens}
    longer: Any = client.post(
        "/responses/input_tokens", body={**body, "previous_response_id": answer.id}, cast_to=object
    )
    assert longer["input_tokens"] > counted["input_tokens"]


def test_deleting(client: OpenAI) -> None:
    answer = client.responses.create(**ASKED, input=SUM)
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(answer.id)
    client.responses.delete(answer.id)
    for call in (client.responses.retrieve, client.responses.delete, client.responses.input_items.list):
        gone: Callable[[str], object] = call
        with pytest.raises(openai.NotFoundError) as missing:
            gone(answer.id)
        assert missing.value.code == "response_not_found"


def test_answers_outlive_a_restart(client: OpenAI, settings: Settings) -> None:
    first = client.responses.create(**ASKED, input=SUM)
    with running(settings) as url, connect(url) as other:
        assert other.responses.retrieve(first.id) == first
        second = other.responses.create(**ASKED, input="And 4 + 4?", previous_response_id=first.id)
    assert client.responses.retrieve(second.id).previous_response_id == first.id


def test_nothing_is_kept_unless_the_server_was_told_to(forgetful: OpenAI) -> None:
    answer = forgetful.responses.create(**ASKED, input=SUM, store=True)
    assert answer.status == "completed"
    assert answer.to_dict()["store"] is False
    with pytest.raises(openai.InternalServerError) as off:
        forgetful.responses.retrieve(answer.id)
    assert (off.value.status_code, off.value.code) == (501, "responses_storage_disabled")
    with pytest.raises(openai.BadRequestError) as alone:
        forgetful.responses.create(**ASKED, input="And?", previous_response_id=answer.id)
    assert alone.value.code == "responses_storage_disabled"


# --- errors -----------------------------------------------------------------------------------------------------


def test_errors_are_the_clients_own(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        client.responses.create(model="no/such:model", input=SUM)
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError) as wrong:
        client.responses.create(model=MODEL, input=SUM, temperature=3)
    assert (wrong.value.code, wrong.value.param) == ("invalid_value", "temperature")
    with pytest.raises(openai.BadRequestError) as long:
        client.responses.create(model=MODEL, input="word " * 6000, extra_body={"num_ctx": 512})
    assert (long.value.code, long.value.param) == ("context_length_exceeded", "input")
    with pytest.raises(openai.BadRequestError) as choice:
        client.responses.create(model=MODEL, input=SUM, tools=[WEATHER], tool_choice={"type": "function", "name": "x"})
    assert choice.value.param == "tool_choice"


def test_a_conversation_that_is_too_long_can_be_shortened(client: OpenAI) -> None:
    turns: Any = [{"role": "user", "content": "word " * 150}, {"role": "assistant", "content": "ok"}] * 6
    asked: Any = {**ASKED, "max_output_tokens": 8, "extra_body": {"num_ctx": 512, "think": False}}
    answer = client.responses.create(**asked, input=[*turns, {"role": "user", "content": SUM}], truncation="auto")
    assert answer.usage is not None
    assert answer.usage.input_tokens < 512
