"""The official client against the real server and model, with every answer checked against its types."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anthropic
import pytest
from anthropic import Anthropic, AsyncAnthropic

from tests.live.conftest import MODEL, Http

pytestmark = pytest.mark.model

USER: Any = [{"role": "user", "content": "What is omm?"}]
SUM: Any = [{"role": "user", "content": "What is 45 + 27?"}]
GREEDY: Any = {"model": MODEL, "max_tokens": 200, "temperature": 0}
WEATHER: Any = {
    "name": "get_weather",
    "description": "Get the weather in a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
PERSON: Any = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


class Client(Anthropic):
    """The newer client no longer declares `temperature`, so the fields that it lacks travel beside its own."""

    def ask(self, **fields: Any) -> anthropic.types.Message:
        """One answer."""
        return self.messages.create(**_declared(fields))

    def chat(self, **fields: Any) -> Any:
        """The stream helper."""
        return self.messages.stream(**_declared(fields))


def _declared(fields: dict[str, Any]) -> dict[str, Any]:
    own = {name: fields.pop(name) for name in ("temperature", "output_config") if name in fields}
    return {**fields, "extra_body": own}


@pytest.fixture(params=["", "/anthropic"])
def client(url: str, request: pytest.FixtureRequest) -> Iterator[Client]:
    """Strict: an answer that is not of the declared types raises. At both addresses that people have."""
    with Client(base_url=url + request.param, api_key="omm", max_retries=0, _strict_response_validation=True) as client:
        yield client


def text_of(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


# --- messages -----------------------------------------------------------------------------------------------------


def test_000_20_21_the_documented_call(client: Client) -> None:
    message = client.messages.create(model=MODEL, max_tokens=1024, messages=USER)
    assert message.content[0].type == "text"
    assert message.content[0].text
    assert message.stop_reason == "end_turn"
    assert message.usage.input_tokens > 0
    assert message.usage.output_tokens > 0
    assert message._request_id


def test_000_30_33_a_stream_says_what_the_whole_answer_says(client: Client) -> None:
    whole = client.ask(**GREEDY, messages=USER)
    with client.chat(**GREEDY, messages=USER) as stream:
        texts = list(stream.text_stream)
        last = stream.get_final_message()
        kind = stream.response.headers["content-type"]
    assert kind.startswith("text/event-stream")
    assert len(texts) > 1
    assert "".join(texts) == text_of(last) == text_of(whole)
    assert last.usage.output_tokens == whole.usage.output_tokens


def test_the_start_of_a_stream_knows_the_size_of_the_prompt(client: Client) -> None:
    counted = client.messages.count_tokens(model=MODEL, messages=USER).input_tokens
    with client.chat(**GREEDY, messages=USER) as stream:
        start = next(iter(stream))
        last = stream.get_final_message()
    assert start.type == "message_start"
    assert start.message.usage.input_tokens == last.usage.input_tokens == counted


def test_the_asynchronous_client(url: str) -> None:
    async def ask() -> str:
        async with AsyncAnthropic(base_url=url, api_key="omm", _strict_response_validation=True) as client:
            async with client.messages.stream(model=MODEL, max_tokens=32, messages=USER) as stream:
                return text_of(await stream.get_final_message())

    assert asyncio.run(ask())


def test_limits_and_stop_sequences(client: Client) -> None:
    short = client.ask(**{**GREEDY, "max_tokens": 3}, messages=USER)
    assert (short.stop_reason, short.usage.output_tokens) == ("max_tokens", 3)
    whole = text_of(client.ask(**GREEDY, messages=USER))
    word = whole.split()[2]
    stopped = client.ask(**GREEDY, messages=USER, stop_sequences=[word])
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", word)
    assert text_of(stopped) == whole[: whole.index(word)]


def test_a_full_context(client: Client) -> None:
    endless = {"num_ctx": 256, "ignore_eos": True}
    message = client.messages.create(
        model=MODEL, max_tokens=32000, messages=USER, extra_body={"options": endless}, timeout=60
    )
    assert message.stop_reason == "model_context_window_exceeded"


def test_the_beginning_of_an_answer_is_continued(client: Client) -> None:
    whole = text_of(client.ask(**GREEDY, messages=USER))
    begun = whole[: len(whole) // 2].rstrip()
    rest = text_of(client.ask(**GREEDY, messages=[*USER, {"role": "assistant", "content": begun}]))
    assert rest
    assert not rest.startswith(begun)


def test_the_cache_is_told_of(client: Client) -> None:
    system: Any = [{"type": "text", "text": "Answer briefly. " * 20, "cache_control": {"type": "ephemeral"}}]
    for _ in range(2):
        message = client.ask(**GREEDY, system=system, messages=USER)
    usage = message.usage
    assert usage.cache_read_input_tokens
    assert usage.cache_creation_input_tokens == 0
    counted = client.messages.count_tokens(model=MODEL, system=system, messages=USER).input_tokens
    assert usage.input_tokens + usage.cache_read_input_tokens == counted


# --- thinking -----------------------------------------------------------------------------------------------------


def test_thinking(client: Client) -> None:
    thinking: Any = {"type": "enabled", "budget_tokens": 1024}
    asked = {**GREEDY, "max_tokens": 2048, "messages": SUM, "thinking": thinking}
    whole = client.ask(**asked)
    assert [block.type for block in whole.content] == ["thinking", "text"]
    assert whole.content[0].type == "thinking"
    assert whole.content[0].thinking
    assert whole.content[0].signature
    with client.chat(**asked) as stream:
        last = stream.get_final_message()
    assert [block.to_dict() for block in last.content] == [block.to_dict(exclude_none=True) for block in whole.content]
    assert client.ask(**GREEDY, messages=SUM).content[0].type == "text"
    question = {"role": "user", "content": "How do I list my models?"}
    again: Any = [*SUM, {"role": "assistant", "content": whole.content}, question]
    assert text_of(client.ask(**{**asked, "messages": again}))


def test_a_small_budget_ends_thinking(client: Client) -> None:
    asked = {**GREEDY, "messages": SUM}
    free = client.ask(**asked, thinking={"type": "adaptive"})
    held = client.ask(**asked, thinking={"type": "enabled", "budget_tokens": 4})
    assert free.content[0].type == held.content[0].type == "thinking"
    assert len(held.content[0].thinking) < len(free.content[0].thinking)
    assert text_of(held)


def test_thinking_that_is_left_out(client: Client) -> None:
    with client.chat(**GREEDY, messages=SUM, thinking={"type": "adaptive", "display": "omitted"}) as stream:
        message = stream.get_final_message()
    assert message.content[0].type == "thinking"
    assert message.content[0].thinking == ""
    assert message.content[0].signature
    assert text_of(message)


# --- tools and schemas --------------------------------------------------------------------------------------------


def test_a_tool_is_called_and_its_result_used(client: Client) -> None:
    question: Any = {"role": "user", "content": "What is the weather in Rome?"}
    asked = {**GREEDY, "tools": [WEATHER], "tool_choice": {"type": "tool", "name": "get_weather"}}
    whole = client.ask(**asked, messages=[question])
    call = whole.content[-1]
    assert (whole.stop_reason, call.type, call.name) == ("tool_use", "tool_use", "get_weather")
    assert call.id.startswith("toolu_")
    assert isinstance(call.input["city"], str)
    with client.chat(**asked, messages=[question]) as stream:
        last = stream.get_final_message()
    assert last.stop_reason == "tool_use"
    assert last.content[-1].type == "tool_use"
    assert last.content[-1].input == call.input
    result = {"type": "tool_result", "tool_use_id": call.id, "content": '{"temperature": 21, "sky": "clear"}'}
    talk = [question, {"role": "assistant", "content": whole.content}, {"role": "user", "content": [result]}]
    assert text_of(client.ask(**GREEDY, tools=[WEATHER], messages=talk))


def test_input_comes_in_pieces(client: Client) -> None:
    asked = {**GREEDY, "tools": [WEATHER], "tool_choice": {"type": "any", "disable_parallel_tool_use": True}}
    with client.chat(**asked, messages=[{"role": "user", "content": "Weather in San Francisco, please"}]) as stream:
        pieces = [event.partial_json for event in stream if event.type == "input_json"]
        last = stream.get_final_message()
    assert len(pieces) > 1
    assert [block.input for block in last.content if block.type == "tool_use"] == [json.loads("".join(pieces))]


def test_no_tool_is_called_when_none_may_be(client: Client) -> None:
    asked = {**GREEDY, "tools": [WEATHER], "tool_choice": {"type": "none"}}
    message = client.ask(**asked, messages=[{"role": "user", "content": "What is the weather in Rome?"}])
    assert {block.type for block in message.content} == {"text"}


@pytest.mark.parametrize("place", ["output_config", "output_format"])
def test_an_answer_in_a_schema(client: Client, place: str) -> None:
    wanted = {"type": "json_schema", "schema": PERSON}
    body = {
        "temperature": 0,
        **({"output_config": {"format": wanted}} if place == "output_config" else {place: wanted}),
    }
    asked: Any = [{"role": "user", "content": "Mira is 41 years old."}]
    message = client.messages.create(model=MODEL, max_tokens=100, messages=asked, extra_body=body)
    found = json.loads(text_of(message))
    assert set(found) == {"name", "age"}
    assert isinstance(found["age"], int)


# --- the rest -----------------------------------------------------------------------------------------------------


def test_counting_tools(client: Client) -> None:
    counts = client.messages.count_tokens
    assert (
        counts(model=MODEL, messages=USER, tools=[WEATHER]).input_tokens
        > 2 * counts(model=MODEL, messages=USER).input_tokens
    )


def test_models(client: Client) -> None:
    assert MODEL in [model.id for model in client.models.list(limit=1000)]
    assert client.models.retrieve(f"{MODEL}:latest").id == MODEL


def test_errors_are_the_clients_own(client: Client) -> None:
    with pytest.raises(anthropic.NotFoundError) as missing:
        client.messages.create(model="nobody", max_tokens=5, messages=USER)
    assert missing.value.request_id
    long: Any = [{"role": "user", "content": "word " * 5000}]
    with pytest.raises(anthropic.BadRequestError, match=r"prompt is too long: \d+ tokens > \d+ maximum"):
        client.messages.create(model=MODEL, max_tokens=5, messages=long)
    source: Any = {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    picture: Any = [{"role": "user", "content": [{"type": "image", "source": source}]}]
    with pytest.raises(anthropic.BadRequestError, match="does not support images"):
        client.messages.create(model=MODEL, max_tokens=5, messages=picture)


def test_many_count_at_once(http: Http) -> None:
    def count(number: int) -> int:
        body = {"model": MODEL, "messages": [{"role": "user", "content": "foo"}], "tools": [WEATHER] * (number % 2)}
        return int(http.post("/v1/messages/count_tokens?beta=true", json=body).json()["input_tokens"])

    with ThreadPoolExecutor(10) as pool:
        counts = list(pool.map(count, range(30)))
    assert len(set(counts)) == 2
