"""The documented calls of the official Python client, against the real server and model."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ollama
import pytest

from tests.live.conftest import MODEL

pytestmark = pytest.mark.model

GREEDY = {"temperature": 0, "num_predict": 200}
HELLO = [{"role": "user", "content": "What is omm?"}]
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
FACT = [{"role": "user", "content": "Mira is 41 years old."}]


def get_weather(city: str) -> str:
    """Get the current weather for a city.

    Args:
        city: The name of the city
    """
    return f"sunny in {city}"


# --- generate and chat ------------------------------------------------------------------------------------------


def test_generate(sdk: ollama.Client) -> None:
    whole = sdk.generate(model=MODEL, prompt="What is omm?", options=GREEDY)
    assert whole["response"]
    assert whole["done_reason"] == "stop"
    assert whole["eval_count"] / whole["eval_duration"] > 0
    chunks = [*sdk.generate(model=MODEL, prompt="What is omm?", options=GREEDY, stream=True)]
    assert "".join(chunk["response"] for chunk in chunks) == whole["response"]
    assert chunks[-1].done


def test_chat(sdk: ollama.Client) -> None:
    whole = sdk.chat(model=MODEL, messages=HELLO, options=GREEDY)
    assert whole["message"]["content"] == whole.message.content != ""
    chunks = [*sdk.chat(model=MODEL, messages=HELLO, options=GREEDY, stream=True)]
    assert "".join(chunk["message"]["content"] for chunk in chunks) == whole.message.content


def test_a_conversation_goes_on(sdk: ollama.Client) -> None:
    messages: list[Any] = [{"role": "system", "content": "Be brief."}, *HELLO]
    for question in ("How do I list my models?", "And how do I stop one?"):
        messages.append(sdk.chat(MODEL, messages, think=False, options=GREEDY).message)
        messages.append({"role": "user", "content": question})
    last = sdk.chat(MODEL, messages, think=False, options=GREEDY)
    assert last.message.content
    assert last.prompt_eval_count > sdk.chat(MODEL, HELLO, options=GREEDY).prompt_eval_count


def test_thinking(sdk: ollama.Client) -> None:
    asked = [{"role": "user", "content": "What is 45 + 27?"}]
    thought = sdk.chat(MODEL, asked, think=True, options=GREEDY).message
    assert thought.thinking
    assert "<think>" not in thought.thinking + (thought.content or "")
    plain = sdk.chat(MODEL, asked, think=False, options=GREEDY).message
    assert not plain.thinking
    assert plain.content
    assert "think>" not in plain.content
    chunks = [*sdk.chat(MODEL, asked, think=True, options=GREEDY, stream=True)]
    assert "".join(chunk.message.thinking or "" for chunk in chunks) == thought.thinking
    assert "".join(chunk.message.content or "" for chunk in chunks) == thought.content


def test_tools(sdk: ollama.Client) -> None:
    messages: list[Any] = [{"role": "user", "content": "What is the weather in Oslo?"}]
    answer = sdk.chat(MODEL, messages, tools=[get_weather], think=False, options=GREEDY)
    (call,) = answer.message.tool_calls or ()
    assert (call.function.name, call.function.arguments) == ("get_weather", {"city": "Oslo"})
    result = get_weather(**call.function.arguments)
    messages += [answer.message, {"role": "tool", "content": result, "tool_name": "get_weather"}]
    final = sdk.chat(MODEL, messages, tools=[get_weather], think=False, options=GREEDY)
    assert final.message.content
    assert not final.message.tool_calls


def test_tools_in_a_stream(sdk: ollama.Client) -> None:
    messages = [{"role": "user", "content": "What is the weather in Oslo?"}]
    stream = sdk.chat(MODEL, messages, tools=[get_weather], think=False, options=GREEDY, stream=True)
    chunks = [*stream]
    calls = [call for chunk in chunks for call in chunk.message.tool_calls or ()]
    assert [call.function.name for call in calls] == ["get_weather"]
    assert "<tool_call>" not in "".join(chunk.message.content or "" for chunk in chunks)
    assert chunks[-1].done_reason == "stop"


@pytest.mark.parametrize("think", [None, False, True])
def test_json(sdk: ollama.Client, think: bool | None) -> None:
    answer = sdk.chat(MODEL, FACT, format="json", think=think, options={**GREEDY, "num_predict": 400})
    assert isinstance(json.loads(answer.message.content or ""), dict)


@pytest.mark.parametrize("think", [None, False, True])
def test_a_schema_holds(sdk: ollama.Client, think: bool | None) -> None:
    answer = sdk.chat(MODEL, FACT, format=SCHEMA, think=think, options={**GREEDY, "num_predict": 400})
    value = json.loads(answer.message.content or "")
    assert {*value} == {"name", "age"}
    assert isinstance(value["name"], str)
    assert isinstance(value["age"], int)


def test_a_schema_holds_for_generate(sdk: ollama.Client) -> None:
    answer = sdk.generate(MODEL, "Mira is 41 years old.", format=SCHEMA, think=False, options=GREEDY)
    assert {*json.loads(answer.response)} == {"name", "age"}


def test_keep_alive(sdk: ollama.Client) -> None:
    sdk.chat(MODEL, HELLO, keep_alive="10m", options=GREEDY)
    (row,) = sdk.ps().models
    assert row.expires_at is not None
    left_s = (row.expires_at - datetime.datetime.now(datetime.UTC)).total_seconds()
    assert 500 < left_s <= 600
    sdk.generate(MODEL, "hi", keep_alive=-1, options=GREEDY)
    assert sdk.generate(MODEL, keep_alive=0).done_reason == "unload"


# --- embeddings -------------------------------------------------------------------------------------------------


def test_embed(sdk: ollama.Client) -> None:
    one = sdk.embed(MODEL, "The sky is blue")
    many = sdk.embed(MODEL, ["The sky is blue", "Grass is green"])
    assert len(many.embeddings) == 2
    assert many.embeddings[0] == pytest.approx(one.embeddings[0], abs=1e-3)
    assert len(sdk.embeddings(MODEL, "The sky is blue")["embedding"]) == len(one.embeddings[0])


# --- models -----------------------------------------------------------------------------------------------------


def test_list_and_show(sdk: ollama.Client) -> None:
    assert f"{MODEL}:latest" in [model.model for model in sdk.list().models]
    shown = sdk.show(MODEL)
    assert shown.modelinfo is not None
    assert shown.modelinfo["general.architecture"] == "llama"
    assert "completion" in (shown.capabilities or [])


def test_pull(sdk: ollama.Client) -> None:
    assert sdk.pull(MODEL).status == "success"
    statuses = [step.status for step in sdk.pull(MODEL, stream=True)]
    assert (statuses[0], statuses[-1]) == ("pulling manifest", "success")


@pytest.fixture
def scratch(sdk: ollama.Client) -> Iterator[list[str]]:
    """Names of models to delete afterwards."""
    names: list[str] = []
    yield names
    for name in names:
        sdk.delete(name)


def test_create_from_a_model(sdk: ollama.Client, scratch: list[str]) -> None:
    answer = sdk.create("brief", from_=MODEL, system="Be brief.", parameters={"temperature": 0, "num_predict": 7})
    assert answer.status == "success"
    scratch.append("brief")
    shown = sdk.show("brief")
    assert "num_predict                    7" in (shown.parameters or "")
    assert sdk.chat("brief", HELLO).eval_count == 7


def test_create_from_a_file(sdk: ollama.Client, scratch: list[str], gguf_path: Path) -> None:
    digest = sdk.create_blob(gguf_path)
    assert digest == "sha256:" + hashlib.sha256(gguf_path.read_bytes()).hexdigest()
    statuses = [step.status for step in sdk.create("filed", files={"tiny.gguf": digest}, stream=True)]
    assert statuses[-1] == "success"
    scratch.append("filed")
    assert sdk.generate("filed", "What is omm?", options=GREEDY).response


def test_copy_and_delete(sdk: ollama.Client) -> None:
    assert sdk.copy(MODEL, "copied").status == "success"
    assert "copied:latest" in [model.model for model in sdk.list().models]
    assert sdk.delete("copied").status == "success"
    assert "copied:latest" not in [model.model for model in sdk.list().models]
    assert sdk.show(MODEL)


# --- errors -----------------------------------------------------------------------------------------------------


def test_errors(sdk: ollama.Client) -> None:
    calls = (
        lambda: sdk.chat("no-such-model", HELLO),
        lambda: [*sdk.chat("no-such-model", HELLO, stream=True)],
        lambda: sdk.generate("no-such-model", "x"),
        lambda: sdk.embed("no-such-model", "x"),
        lambda: sdk.show("no-such-model"),
        lambda: sdk.copy("no-such-model", "x"),
        lambda: sdk.delete("no-such-model"),
    )
    for call in calls:
        with pytest.raises(ollama.ResponseError) as missing:
            call()
        assert missing.value.status_code == 404
        assert "no-such-model" in missing.value.error
    with pytest.raises(ollama.ResponseError) as bad:
        sdk.generate(MODEL, "x", options={"temperature": -1})
    assert bad.value.status_code == 400


# --- the asynchronous client ------------------------------------------------------------------------------------


def test_the_asynchronous_client(url: str) -> None:
    async def talk() -> tuple[str, str, list[str], int]:
        async with ollama.AsyncClient(host=url) as client:
            whole = await client.chat(MODEL, HELLO, options=GREEDY)
            parts = [part async for part in await client.chat(MODEL, HELLO, options=GREEDY, stream=True)]
            many = await asyncio.gather(*(client.generate(MODEL, "What is omm?", options=GREEDY) for _ in range(3)))
            vectors = await client.embed(MODEL, ["a", "b"])
            tools = await client.chat(MODEL, HELLO, tools=[get_weather], think=False, options=GREEDY)
            assert tools.done
            streamed = "".join(part.message.content or "" for part in parts)
            return whole.message.content or "", streamed, [each.response for each in many], len(vectors.embeddings)

    whole, streamed, many, num_vectors = asyncio.run(talk())
    assert whole == streamed != ""
    assert len({*many}) == 1
    assert num_vectors == 2
