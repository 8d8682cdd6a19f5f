"""Messages and their parts, and the picture's way into a request."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest
from falcon.testing import Result, TestClient

from omm.types import Message, ToolCall
from tests.fakes import FakeInference, FakeLibrary

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
PNG_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()


def ask(client: TestClient, *messages: dict[str, Any]) -> Result:
    return client.simulate_post("/v1/chat/completions", json={"model": "tiny", "messages": list(messages)})


def user(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def call(name: str = "f", arguments: Any = '{"a": 1}', call_id: Any = "c1") -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


@pytest.fixture
def seeing(client: TestClient, library: FakeLibrary) -> TestClient:
    """The model can see."""
    known = library.records["tiny:latest"]
    library.records["tiny:latest"] = msgspec.structs.replace(known, capabilities=("completion", "vision"))
    return client


@pytest.mark.parametrize(
    ("sent", "internal"),
    [
        ({"role": "system", "content": "s"}, Message(role="system", content="s")),
        ({"role": "developer", "content": [text("a"), text("b")]}, Message(role="system", content="ab")),
        ({"role": "user", "content": "u", "name": "Ann"}, Message(role="user", content="u")),
        (user(text("a"), text(""), text("b")), Message(role="user", content="ab")),
        ({"role": "user"}, Message(role="user")),
        ({"role": "assistant", "content": None, "refusal": "no"}, Message(role="assistant", content="no")),
        (
            {"role": "assistant", "content": [text("a"), {"type": "refusal", "refusal": "b"}], "audio": {"id": "x"}},
            Message(role="assistant", content="ab"),
        ),
        (
            {"role": "assistant", "content": "x", "reasoning": "r", "reasoning_content": "r"},
            Message(role="assistant", content="x", thinking="r"),
        ),
        (
            {"role": "assistant", "content": "x", "reasoning_content": "r"},
            Message(role="assistant", content="x", thinking="r"),
        ),
        (
            {"role": "assistant", "tool_calls": [call(), call("g", "", None)]},
            Message(
                role="assistant",
                tool_calls=(
                    ToolCall(id="c1", name="f", arguments={"a": 1}),
                    ToolCall(id="", name="g", arguments={}, index=1),
                ),
            ),
        ),
        (
            {"role": "assistant", "tool_calls": [call(arguments="{broken")]},
            Message(role="assistant", tool_calls=(ToolCall(id="c1", name="f", arguments="{broken"),)),
        ),
        (
            {"role": "tool", "tool_call_id": "c9", "content": "out", "name": "g"},
            Message(role="tool", content="out", tool_call_id="c9", tool_name="g"),
        ),
        (
            {"role": "tool", "tool_call_id": "c9", "content": [text("out")]},
            Message(role="tool", content="out", tool_call_id="c9"),
        ),
    ],
)
def test_roles(client: TestClient, inference: FakeInference, sent: dict[str, Any], internal: Message) -> None:
    assert ask(client, sent).status_code == 200
    assert inference.request.messages == (internal,)


def test_an_answer_has_the_name_of_its_last_call(client: TestClient, inference: FakeInference) -> None:
    turns: list[dict[str, Any]] = [
        {"role": "assistant", "tool_calls": [call("f", call_id="c1")]},
        {"role": "assistant", "tool_calls": [call("g", call_id="c1")]},
        {"role": "tool", "tool_call_id": "c1", "content": "x", "name": "other"},
    ]
    assert ask(client, *turns).status_code == 200
    assert inference.request.messages[-1].tool_name == "g"


def test_functions_from_before_there_were_tools(client: TestClient, inference: FakeInference) -> None:
    ask(
        client,
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "out"},
    )
    called, answered = inference.request.messages
    assert (called.tool_calls[0].name, answered.role, answered.tool_name) == ("f", "tool", "f")
    assert called.tool_calls[0].id == answered.tool_call_id


@pytest.mark.parametrize(
    ("sent", "code", "param"),
    [
        ({"role": "robot", "content": "x"}, "invalid_value", "messages[0].role"),
        ({"content": "x"}, "missing_required_parameter", "messages[0].role"),
        ({"role": "user", "content": 3}, "invalid_value", "messages[0].content"),
        (user(text("a"), {"type": "video"}), "invalid_value", "messages[0].content[1].type"),
        (user(text("a"), {"type": "text"}), "missing_required_parameter", "messages[0].content[1].text"),
        (user({"text": "a"}), "missing_required_parameter", "messages[0].content[0].type"),
        ({"role": "tool", "content": "x"}, "missing_required_parameter", "messages[0].tool_call_id"),
        ({"role": "function", "content": "x"}, "missing_required_parameter", "messages[0].name"),
        (
            {"role": "assistant", "tool_calls": [{"type": "custom", "function": {"name": "f"}}]},
            "invalid_value",
            "messages[0].tool_calls[0].type",
        ),
        (
            {"role": "system", "content": [{"type": "image_url", "image_url": PNG_URL}]},
            "invalid_value",
            "messages[0].content[0].type",
        ),
        (user({"type": "file", "file": {"file_id": "file-1"}}), "invalid_value", "messages[0].content[0].file.file_id"),
        (user({"type": "file", "file": {}}), "invalid_value", "messages[0].content[0].file.file_data"),
        (
            user({"type": "file", "file": {"file_data": base64.b64encode(b"%PDF-1.7").decode()}}),
            "invalid_value",
            "messages[0].content[0].file.file_data",
        ),
        (
            user({"type": "image_url", "image_url": {"url": PNG_URL}}),
            "unsupported_content",
            "messages[0].content[0].image_url",
        ),
        (
            user({"type": "input_audio", "input_audio": {"data": "aGk=", "format": "wav"}}),
            "unsupported_content",
            "messages[0].content[0].input_audio",
        ),
    ],
)
def test_what_is_wrong_is_named(
    client: TestClient, inference: FakeInference, sent: dict[str, Any], code: str, param: str
) -> None:
    result = ask(client, sent)
    assert result.status_code == 400
    assert (result.json["error"]["code"], result.json["error"]["param"]) == (code, param)
    assert inference.calls == []


def test_the_wrong_one_of_many_messages_is_named(client: TestClient) -> None:
    good = {"role": "user", "content": "x"}
    error = ask(client, *[good] * 7, {"role": "robot"}, {"role": "robot"}).json["error"]
    assert error["param"] == "messages[7].role"
    assert "messages[7].role" in error["message"]


@pytest.mark.parametrize("content", ["dGV4dCBpbg==", "data:text/plain;base64,dGV4dCBpbg=="])
def test_a_text_file_becomes_text(client: TestClient, inference: FakeInference, content: str) -> None:
    ask(client, user(text("see: "), {"type": "file", "file": {"file_data": content, "filename": "a.txt"}}))
    assert inference.request.messages[0].content == "see: text in"


@pytest.mark.parametrize(
    "image", [PNG_URL, {"url": PNG_URL, "detail": "high"}, {"url": PNG_URL.replace("image/png", "")}]
)
def test_a_picture_for_a_model_that_sees(seeing: TestClient, inference: FakeInference, image: Any) -> None:
    assert ask(seeing, user(text("what is "), {"type": "image_url", "image_url": image}, text("?"))).status_code == 200
    assert inference.request.messages == (Message(role="user", content="what is ?", images=(PNG,)),)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("data:image/png;base64,!!!", "invalid_image"),
        ("data:image/png;base64,aGVsbG8=", "invalid_image"),
        ("data:image/tiff;base64,aGVsbG8=", "invalid_image"),
        ("file:///etc/passwd", "invalid_image_url"),
        ("ftp://example.org/a.png", "invalid_image_url"),
        ("http://127.0.0.1:1/a.png", "invalid_image_url"),
        ("http://[::1]/a.png", "invalid_image_url"),
        ("http://169.254.169.254/latest", "invalid_image_url"),
        ("http://10.0.0.1/", "invalid_image_url"),
        ("http://2130706433/", "invalid_image_url"),
        ("http://[", "invalid_image_url"),
        ("http://user:pw@localhost:99999/", "invalid_image_url"),
    ],
)
def test_a_picture_that_is_none(seeing: TestClient, url: str, code: str) -> None:
    result = ask(seeing, user({"type": "image_url", "image_url": {"url": url}}))
    assert result.status_code == 400
    error = result.json["error"]
    assert (error["code"], error["param"]) == (code, "messages[0].content[0].image_url")


def test_the_end_need_not_be_a_user(client: TestClient) -> None:
    assert ask(client, {"role": "system", "content": "x"}).status_code == 200
    assert ask(client, {"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}).status_code == 200
