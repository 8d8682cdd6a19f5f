"""The official client against a real server with scripted services: errors come as its own exception classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import pytest
from anthropic import Anthropic

from omm.errors import Busy, EngineFailed, LoadFailed, OmmError
from omm.types import Failed, PromptProgress, TextDelta, ThinkingDelta, ToolCall, ToolCallDelta
from tests.fakes import FakeInference, FakeStream, answer

ASKED: Any = {"model": "tiny", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}


def open_client(address: tuple[str, int], path: str = "", **fields: Any) -> Anthropic:
    host, port = address
    fields = {"api_key": "omm", "max_retries": 0, **fields}
    return Anthropic(base_url=f"http://{host}:{port}{path}", _strict_response_validation=True, **fields)


@pytest.fixture(params=["", "/anthropic"])
def client(serve: Callable[..., tuple[str, int]], request: pytest.FixtureRequest) -> Iterator[Anthropic]:
    """Both addresses that people have."""
    with open_client(serve(), request.param) as client:
        yield client


@pytest.mark.parametrize(
    ("error", "status"),
    [(Busy("full"), 529), (LoadFailed("broken"), 500), (EngineFailed("broke"), 500)],
)
def test_errors_of_the_service(client: Anthropic, inference: FakeInference, error: OmmError, status: int) -> None:
    inference.raises = error
    with pytest.raises(anthropic.APIStatusError, match=error.message) as raised:
        client.messages.create(**ASKED)
    assert raised.value.status_code == status
    assert raised.value.request_id


def test_errors_of_the_request(client: Anthropic) -> None:
    with pytest.raises(anthropic.NotFoundError, match="model: nobody"):
        client.messages.create(**{**ASKED, "model": "nobody"})
    with pytest.raises(anthropic.BadRequestError, match=r"messages\.0\.content: must not be empty"):
        client.messages.create(**{**ASKED, "messages": [{"role": "user", "content": ""}]})
    with pytest.raises(anthropic.NotFoundError, match="not found"):
        client.models.retrieve("nobody")


def test_keys_of_both_kinds(serve: Callable[..., tuple[str, int]]) -> None:
    address = serve(api_key="secret")
    for right in ({"api_key": "secret"}, {"api_key": None, "auth_token": "secret"}):
        with open_client(address, **right) as client:
            assert client.messages.create(**ASKED).content
    for wrong in ({"api_key": "wrong"}, {"api_key": None, "auth_token": "wrong"}):
        with open_client(address, **wrong) as client, pytest.raises(anthropic.AuthenticationError):
            client.messages.create(**ASKED)


def test_an_error_in_the_stream(client: Anthropic, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(TextDelta(text="He"), Failed(code="engine_failed", message="broke"))
    with pytest.raises(anthropic.APIStatusError, match="broke"), client.messages.stream(**ASKED) as stream:
        stream.until_done()


def test_a_busy_server_is_asked_again(serve: Callable[..., tuple[str, int]], inference: FakeInference) -> None:
    streams = iter([FakeStream(Failed(code="busy", message="full")), FakeStream(*answer("At last."))])
    inference.stream = lambda: next(streams)
    with open_client(serve(), max_retries=1) as client:
        assert client.messages.create(**ASKED).content[0].to_dict()["text"] == "At last."


def test_all_kinds_of_blocks(client: Anthropic, inference: FakeInference) -> None:
    call = ToolCall(id="call_ab", name="add", arguments={"a": 1})
    pieces = [ToolCallDelta(index=0, id="call_ab", name="add", arguments=text) for text in ("", '{"a', '": 1}')]
    progress = PromptProgress(done=3, total=7, cached=3)
    inference.stream = lambda: FakeStream(
        progress, ThinkingDelta(text="Hm"), TextDelta(text="I"), *pieces, call, *answer()
    )
    with client.messages.stream(**ASKED) as stream:
        start = next(iter(stream))
        streamed = stream.get_final_message()
    whole = client.messages.create(**ASKED)
    assert start.type == "message_start"
    assert start.message.usage.input_tokens == 7
    assert [block.type for block in whole.content] == ["thinking", "text", "tool_use"]
    assert whole.content[2].to_dict()["input"] == {"a": 1}
    for ours, theirs in zip(streamed.content, whole.content, strict=True):
        assert ours.to_dict(exclude_unset=False).items() >= theirs.to_dict(exclude_none=True).items()
    assert (streamed.stop_reason, whole.stop_reason) == ("tool_use", "tool_use")
