"""What is promised of the OpenAI routes, on the real server. A test has the numbers of its promises."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import pytest
import requests

from tests.live.conftest import Http

USER = {"role": "user", "content": "What is 2 + 3?"}
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
PERSON = {
    "type": "object",
    "properties": {"name": {"enum": ["Tom", "Ann"]}, "old": {"type": "boolean"}},
    "required": ["name", "old"],
    "additionalProperties": False,
}


def post(http: Http, path: str, **body: Any) -> requests.Response:
    return http.post(f"/v1/{path}", json={"model": "tiny", **body})


def chat(http: Http, **body: Any) -> Any:
    asked = {"messages": [USER], "max_tokens": 16, "temperature": 0, "reasoning_effort": "none", **body}
    answer = post(http, "chat/completions", **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def text(http: Http, **body: Any) -> str:
    return str(chat(http, **body)["choices"][0]["message"]["content"])


def complete(http: Http, **body: Any) -> Any:
    answer = post(http, "completions", **{"prompt": "Hello", "max_tokens": 8, "temperature": 0, "raw": True, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def events(answer: requests.Response) -> list[str]:
    """What follows each `data: `."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in answer.text.split("\n\n") if line and not line.startswith(":")]
    return [line.removeprefix("data: ") for line in lines]


def stream(http: Http, path: str = "chat/completions", **body: Any) -> list[Any]:
    asked = {"temperature": 0, "max_tokens": 16, **body}
    asked |= {"messages": [USER], "reasoning_effort": "none"} if path.startswith("chat") else {"prompt": "Hello"}
    *chunks, done = events(post(http, path, **asked, stream=True))
    assert done == "[DONE]"
    return [json.loads(chunk) for chunk in chunks]


def said(chunks: list[Any]) -> str:
    return "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks)


# --- chat -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["omm", "ollama", "anything"])
def test_000_14_002_13_003_01_003_02_any_key_will_do(http: Http, key: str) -> None:
    answer = http.get("/v1/models", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200


def test_000_13_001_06_002_14_004_05_004_06_chat(http: Http) -> None:
    assert isinstance(text(http), str)


def test_000_15_000_16_000_30_002_15_004_07_a_stream_is_the_answer_in_pieces(http: Http) -> None:
    chunks = stream(http)
    assert all(len(chunk["choices"]) == 1 for chunk in chunks)
    assert said(chunks) == text(http)


def test_000_31_000_33_001_30_001_39_004_18_streams_are_events_that_end_with_done(http: Http) -> None:
    chunks = stream(http)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert chat(http)["object"] == "chat.completion"


@pytest.mark.parametrize("field", ["options", "parameters"], ids=["000-35 options", "000-36 parameters"])
def test_options(http: Http, field: str) -> None:
    answer = post(http, "chat/completions", messages=[USER], **{field: {"num_predict": 1, "temperature": 0}})
    assert answer.json()["usage"]["completion_tokens"] == 1


def test_003_03_status_codes(http: Http) -> None:
    for path, good in [
        ("chat/completions", {"messages": [USER], "max_tokens": 1}),
        ("completions", {"prompt": "x", "max_tokens": 1}),
        ("embeddings", {"input": "x"}),
    ]:
        assert post(http, path, **good).status_code == 200
        assert post(http, path).status_code == 400
        assert post(http, path, **{**good, "model": "no/such:model"}).status_code == 404


@pytest.mark.parametrize("field", ["model", "messages"])
def test_003_04_required(http: Http, field: str) -> None:
    body = {"model": "tiny", "messages": [USER]}
    del body[field]
    answer = http.post("/v1/chat/completions", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)


def test_003_05_003_10_003_11_roles_and_names(http: Http) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}
    turns = [
        {"role": "system", "content": "Be brief.", "name": "boss"},
        {"role": "user", "content": "The weather in Paris?", "name": "ann"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
    ]
    assert isinstance(text(http, messages=turns, tools=[TOOL]), str)


def test_001_20_001_21_003_06_003_07_parts_are_joined(http: Http) -> None:
    parts = [{"type": "text", "text": "What is "}, {"type": "text", "text": "2 + 3?"}]
    assert text(http, messages=[{"role": "user", "content": parts}]) == text(http)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("temperature", 2.1), ("top_p", 1.1), ("frequency_penalty", 2.1), ("presence_penalty", -2.1)],
    ids=["003-12", "003-13", "003-15", "003-16"],
)
def test_ranges(http: Http, field: str, wrong: float) -> None:
    for value in (wrong, -wrong):
        answer = post(http, "chat/completions", messages=[USER], **{field: value})
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)
    assert chat(http, **{field: 0.5})["choices"]


def test_000_40_003_14_max_tokens(http: Http) -> None:
    answer = chat(http, max_tokens=2)
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 2


def test_000_43_003_17_seed(http: Http) -> None:
    def drawn(seed: int) -> str:
        return text(http, seed=seed, temperature=2, top_p=1, options={"top_k": 0}, max_tokens=24)

    assert drawn(7) == drawn(7)
    assert len({drawn(seed) for seed in range(8, 16)}) > 1


def test_000_42_003_18_003_19_stop(http: Http) -> None:
    whole = text(http, max_tokens=64)
    stop = whole[3:5]
    for value in (stop, [stop, "never said"]):
        answer = chat(http, max_tokens=64, stop=value)["choices"][0]
        assert answer["message"]["content"] == whole[: whole.index(stop)]
        assert answer["finish_reason"] == "stop"


def test_003_20_003_21_stream_and_its_usage(http: Http) -> None:
    assert chat(http)["object"] == "chat.completion"
    *chunks, last = stream(http, stream_options={"include_usage": True})
    assert last["choices"] == []
    assert last["usage"] == {**chat(http)["usage"], "prompt_tokens_details": last["usage"]["prompt_tokens_details"]}
    assert all(chunk["usage"] is None for chunk in chunks)


def test_003_22_003_23_003_24_response_formats(http: Http) -> None:
    assert text(http, response_format={"type": "text"}) == text(http)
    ask: Any = {"messages": [{"role": "user", "content": "Tom is old. As JSON."}], "max_tokens": 200}
    assert isinstance(json.loads(text(http, **ask, response_format={"type": "json_object"})), dict)
    named = {"name": "person", "schema": PERSON, "strict": True}
    person = json.loads(text(http, **ask, response_format={"type": "json_schema", "json_schema": named}))
    assert person["name"] in ("Tom", "Ann")
    assert isinstance(person["old"], bool)
    assert set(person) == {"name", "old"}


def test_003_25_003_28_004_14_tools(http: Http) -> None:
    turn = {"role": "user", "content": "What is the weather in Paris?"}
    answer = chat(http, messages=[turn], tools=[TOOL], tool_choice="required", max_tokens=100)["choices"][0]
    (call, *_) = answer["message"]["tool_calls"]
    assert answer["finish_reason"] == "tool_calls"
    assert (call["type"], call["function"]["name"]) == ("function", "get_weather")
    assert isinstance(call["id"], str)
    assert isinstance(call["function"]["arguments"], str)
    assert isinstance(json.loads(call["function"]["arguments"])["city"], str)


def test_003_26_003_27_003_66_the_answer(http: Http) -> None:
    answer = chat(http)
    assert isinstance(answer["id"], str)
    assert isinstance(answer["created"], int)
    assert (answer["object"], answer["model"]) == ("chat.completion", "tiny")
    (choice,) = answer["choices"]
    assert (choice["index"], choice["message"]["role"]) == (0, "assistant")
    assert choice["finish_reason"] in ("stop", "length", "tool_calls")
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_003_29_chunks(http: Http) -> None:
    chunks = stream(http)
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-1]["choices"][0]["finish_reason"] in ("stop", "length")


def test_000_41_penalties_are_two_things(http: Http) -> None:
    for fields in ({"frequency_penalty": 2}, {"repeat_penalty": 1.9}, {"top_k": 1}, {"top_p": 0}):
        assert chat(http, **fields)["choices"]


# --- completions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["model", "prompt"])
def test_003_31_required(http: Http, field: str) -> None:
    body = {"model": "tiny", "prompt": "x"}
    del body[field]
    answer = http.post("/v1/completions", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)


def test_003_32_003_33_prompts(http: Http) -> None:
    one = complete(http)["choices"]
    assert [choice["index"] for choice in one] == [0]
    two = complete(http, prompt=["Hello", "Good"])["choices"]
    assert [choice["index"] for choice in two] == [0, 1]
    assert two[0]["text"] == one[0]["text"]


def test_003_34_options_of_completions(http: Http) -> None:
    short = complete(http, max_tokens=2, top_p=0.5, frequency_penalty=1, presence_penalty=1, seed=3, stop=["\n"])
    assert short["usage"]["completion_tokens"] <= 2
    for field, value in [("temperature", 3), ("top_p", 2), ("frequency_penalty", 3), ("presence_penalty", 3)]:
        assert post(http, "completions", prompt="x", **{field: value}).status_code == 400


def test_003_35_003_39_streams_of_completions(http: Http) -> None:
    *chunks, usage = stream(http, "completions", raw=True, max_tokens=8, stream_options={"include_usage": True})
    assert "".join(chunk["choices"][0]["text"] for chunk in chunks) == complete(http)["choices"][0]["text"]
    assert {(chunk["object"], chunk["model"]) for chunk in chunks} == {("text_completion", "tiny")}
    assert chunks[0]["choices"][0]["finish_reason"] is None
    assert chunks[-1]["choices"][0]["finish_reason"] in ("stop", "length")
    assert usage["usage"]["total_tokens"] > 0


def test_003_36_a_suffix_changes_what_is_put_before_it(http: Http) -> None:
    texts = {complete(http, suffix=suffix)["choices"][0]["text"] for suffix in ("", " is blue.", " are 7.")}
    assert len(texts) > 1


def test_003_37_json_here_too(http: Http) -> None:
    answer = complete(
        http, prompt="Tom is old. As JSON.", raw=False, max_tokens=200, response_format={"type": "json_object"}
    )
    assert isinstance(json.loads(answer["choices"][0]["text"]), dict)


def test_003_38_the_completion(http: Http) -> None:
    answer = complete(http)
    assert answer["object"] == "text_completion"
    assert set(answer["choices"][0]) >= {"index", "text", "finish_reason"}
    assert answer["choices"][0]["finish_reason"] in ("stop", "length")
    assert answer["usage"]["total_tokens"] > 0


# --- embeddings -------------------------------------------------------------------------------------------------


def vectors(http: Http, **body: Any) -> Any:
    answer = post(http, "embeddings", **{"input": "one", **body})
    assert answer.status_code == 200, answer.text
    return [row["embedding"] for row in answer.json()["data"]]


@pytest.mark.parametrize("field", ["model", "input"])
def test_003_40_required(http: Http, field: str) -> None:
    body = {"model": "tiny", "input": "x"}
    del body[field]
    answer = http.post("/v1/embeddings", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)


def test_003_41_003_42_003_46_inputs(http: Http) -> None:
    answer = post(http, "embeddings", input=["one", "two"]).json()
    assert (answer["object"], answer["model"]) == ("list", "tiny")
    assert [(row["object"], row["index"]) for row in answer["data"]] == [("embedding", 0), ("embedding", 1)]
    assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] > 0
    (one,) = vectors(http, input="one")
    assert one == pytest.approx(answer["data"][0]["embedding"], abs=1e-3)


def test_003_43_003_44_encodings(http: Http) -> None:
    (plain,) = vectors(http, encoding_format="float")
    (packed,) = vectors(http, encoding_format="base64")
    assert struct.unpack(f"<{len(plain)}f", base64.b64decode(packed)) == pytest.approx(plain, abs=1e-6)


def test_003_45_dimensions(http: Http) -> None:
    (short,) = vectors(http, dimensions=8)
    assert len(short) == 8
    assert sum(x * x for x in short) == pytest.approx(1, abs=1e-4)


# --- models and the rest ----------------------------------------------------------------------------------------


def test_000_17_000_18_001_04_003_47_003_48_003_49_models(http: Http) -> None:
    answer = http.get("/v1/models").json()
    assert answer["object"] == "list"
    (row,) = (row for row in answer["data"] if row["id"] == "tiny")
    assert (row["object"], row["owned_by"]) == ("model", "local")
    assert isinstance(row["created"], int)


def test_001_05_003_50_one_model(http: Http) -> None:
    http.post("/api/copy", json={"source": "tiny", "destination": "some/name:with-tag"}).raise_for_status()
    for path in ("tiny", "tiny:latest", "some/name:with-tag", "some%2Fname%3Awith-tag"):
        assert http.get(f"/v1/models/{path}").json()["object"] == "model"
    assert http.delete("/v1/models/some/name:with-tag").json()["deleted"] is True
    for path in ("nothing", "some/name:with-tag"):
        assert http.get(f"/v1/models/{path}").status_code == 404


def test_003_51_003_52_003_53_003_54_images(http: Http) -> None:
    for body in ({"prompt": "a cat"}, {"prompt": "a cat", "size": "1024x1024", "response_format": "b64_json"}):
        answer = post(http, "images/generations", **body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unsupported_model")
    for body in ({}, {"prompt": "a cat", "response_format": "url"}):
        assert post(http, "images/generations", **body).status_code == 400
    assert post(http, "images/generations", prompt="a cat", model="nothing").status_code == 404


@pytest.mark.parametrize("path", ["fine_tuning/jobs", "assistants", "files"])
def test_002_51_what_is_not_offered(http: Http, path: str) -> None:
    answer = post(http, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_url")


def test_a_token_of_another_vocabulary_is_refused(http: Http) -> None:
    answer = post(http, "chat/completions", messages=[USER], logit_bias={"99999999": 1})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "logit_bias")


def test_a_model_that_ranks_nothing_says_so(http: Http) -> None:
    answer = post(http, "rerank", query="q", documents=["a", "b"])
    assert answer.status_code == 400
    assert "does not support reranking" in answer.json()["error"]["message"]


def test_a_schema_is_loosened_unless_it_is_strict(http: Http) -> None:
    schema = {"type": "array", "items": {"enum": [1, 2]}, "maxItems": 2, "contains": {"const": 1}}
    for strict, status in [(False, 200), (True, 400)]:
        wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema, "strict": strict}}
        answer = post(http, "chat/completions", messages=[USER], max_tokens=40, response_format=wanted)
        assert answer.status_code == status
    assert answer.json()["error"]["code"] == "invalid_json_schema"
