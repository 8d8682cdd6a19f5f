"""The official Python client against a real server with scripted services: it must accept every shape we send."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Iterator

import ollama
import pytest

from omm.errors import Busy
from omm.types import Failed, Finished, LoadedModel, Progress, TextDelta, ThinkingDelta, ToolCall
from tests.fakes import DETAILS, USAGE, FakeInference, FakeLibrary, FakeStream, answer, record

HELLO = [{"role": "user", "content": "hi"}]


@pytest.fixture
def url(serve: Callable[..., tuple[str, int]]) -> str:
    host, port = serve()
    return f"http://{host}:{port}"


@pytest.fixture
def sdk(url: str) -> Iterator[ollama.Client]:
    with ollama.Client(host=url) as client:
        yield client


def test_generate(sdk: ollama.Client) -> None:
    whole = sdk.generate("tiny", "hi")
    assert (whole["response"], whole.eval_count, whole.done_reason) == ("Hello there", 2, "stop")
    assert "".join(chunk["response"] for chunk in sdk.generate("tiny", "hi", stream=True)) == "Hello there"


def test_chat_chunks_always_have_content(sdk: ollama.Client, inference: FakeInference) -> None:
    call = ToolCall(id="call_1", name="add", arguments={"a": 1})
    inference.stream = lambda: FakeStream(ThinkingDelta(text="Hm"), call, *answer("yes"))
    chunks = [*sdk.chat("tiny", HELLO, stream=True, think=True)]
    assert "".join(chunk["message"]["content"] for chunk in chunks) == "yes"
    assert chunks[0].message.thinking == "Hm"
    assert chunks[1].message.tool_calls[0].function.arguments == {"a": 1}
    assert (chunks[-1].done, chunks[-1].total_duration) == (True, USAGE.total_ns)


def test_functions_become_tools(sdk: ollama.Client, inference: FakeInference) -> None:
    def add(a: int, b: int = 0) -> int:
        """Add two numbers.

        Args:
            a: the first
            b: the second
        """
        return a + b

    sdk.chat("tiny", HELLO, tools=[add], format={"type": "object"}, options={"num_ctx": 512}, keep_alive="10m")
    (tool,) = inference.request.tools
    assert tool.name == "add"
    assert list(tool.spec["function"]["parameters"]["properties"]) == ["a", "b"]
    assert (inference.request.format, inference.request.keep_alive_s) == ({"type": "object"}, 600.0)


def test_embeddings(sdk: ollama.Client) -> None:
    assert sdk.embed("tiny", ["a"]).embeddings == [[0.5, -0.25]]
    assert sdk.embeddings("tiny", "a")["embedding"] == [0.5, -0.25]


def test_models(sdk: ollama.Client, library: FakeLibrary, inference: FakeInference) -> None:
    never = LoadedModel(
        name="tiny:latest", digest="a", details=DETAILS, size=9, size_vram=0, context_length=64, expires_ns=None
    )
    inference.rows = [never]
    library.records["tiny:latest"] = record(parameters={"stop": ["x"]}, metadata={"general.architecture": "llama"})
    (model,) = sdk.list().models
    assert (model.model, model.size, model.details.family) == ("tiny:latest", 4321, "llama")
    assert model.modified_at == datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.UTC)
    assert sdk.show("tiny:latest").modelinfo == {"general.architecture": "llama"}
    (running,) = sdk.ps().models
    assert (running.name, running.context_length) == ("tiny:latest", 64)
    assert running.expires_at > datetime.datetime.now(datetime.UTC)


def test_changes(sdk: ollama.Client, library: FakeLibrary) -> None:
    library.steps = [Progress(status="pulling x", digest="sha256:x", total=5, completed=5), Progress(status="success")]
    assert [step.status for step in sdk.pull("x", stream=True)] == ["pulling x", "success"]
    assert sdk.pull("x").status == "success"
    assert sdk.create("mine", from_="tiny", system="s", stream=False).status == "success"
    assert sdk.copy("tiny:latest", "other").status == "success"
    assert sdk.delete("other").status == "success"
    assert list(library.records) == ["tiny:latest"]


def test_errors_are_response_errors(sdk: ollama.Client, inference: FakeInference) -> None:
    with pytest.raises(ollama.ResponseError) as missing:
        sdk.show("nothing")
    assert (missing.value.status_code, missing.value.error) == (404, "model 'nothing' not found")
    inference.raises = Busy("server busy")
    for stream in (True, False):
        with pytest.raises(ollama.ResponseError) as busy:
            [*sdk.chat("tiny", HELLO, stream=stream)]
        assert (busy.value.status_code, busy.value.error) == (503, "server busy")


def test_an_error_in_a_stream_is_one_too(sdk: ollama.Client, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(TextDelta(text="a"), Failed(code="engine_failed", message="died"))
    with pytest.raises(ollama.ResponseError, match="died"):
        [*sdk.chat("tiny", HELLO, stream=True)]


def test_keys_are_sent_as_bearer(serve: Callable[..., tuple[str, int]]) -> None:
    host, port = serve(api_key="secret")
    url = f"http://{host}:{port}"
    with ollama.Client(host=url, headers={"Authorization": "Bearer secret"}) as client:
        assert len(client.list().models) == 1
    with ollama.Client(host=url) as stranger, pytest.raises(ollama.ResponseError) as refused:
        stranger.list()
    assert refused.value.status_code == 401


def test_the_asynchronous_client(url: str, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(TextDelta(text="a"), TextDelta(text="b"), Finished(reason="stop"))

    async def talk() -> list[str]:
        async with ollama.AsyncClient(host=url) as client:
            whole = await client.generate("tiny", "hi")
            chunks = [part.message.content async for part in await client.chat("tiny", HELLO, stream=True)]
            many = await asyncio.gather(*(client.generate("tiny", "hi") for _ in range(5)))
            return [whole.response, "".join(chunks), *(each.response for each in many)]

    assert asyncio.run(talk()) == ["ab"] * 7
