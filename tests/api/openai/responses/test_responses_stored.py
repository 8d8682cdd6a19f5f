"""What is kept of /v1/responses: looking at it, going on from it, deleting it; and a server that keeps nothing."""

from __future__ import annotations

from typing import Any

import pytest
from falcon.testing import Result, TestClient

from omm.types import Finished, Message, ThinkingDelta, ToolCall
from tests.fakes import FakeInference, FakeStream, answer

PATH = "/v1/responses"


def ask(client: TestClient, **fields: Any) -> Result:
    return client.simulate_post(PATH, json={"model": "tiny", "input": "hi", **fields})


def told(client: TestClient, **fields: Any) -> Any:
    result = ask(client, **fields)
    assert result.status_code == 200, result.text
    return result.json


def listed(client: TestClient, response: Any, **params: Any) -> Any:
    result = client.simulate_get(f"{PATH}/{response['id']}/input_items", params=params)
    assert result.status_code == 200, result.text
    return result.json


def error(result: Result) -> tuple[int, str, str, str | None]:
    told = result.json["error"]
    return result.status_code, told["type"], told["code"], told["param"]


# --- without a store --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("DELETE", ""), ("GET", "/input_items"), ("POST", "/cancel")]
)
def test_001_32_34_54_nothing_is_kept_unless_asked_for(client: TestClient, method: str, path: str) -> None:
    response = told(client, store=True)
    assert response["store"] is False
    result = client.simulate_request(method, f"{PATH}/{response['id']}{path}")
    assert error(result) == (501, "server_error", "responses_storage_disabled", None)
    assert result.headers["x-should-retry"] == "false"
    assert "--response-store" in result.json["error"]["message"]


def test_001_33_nothing_to_go_on_from_without_a_store(client: TestClient) -> None:
    result = ask(client, previous_response_id="resp_1")
    assert error(result) == (400, "invalid_request_error", "responses_storage_disabled", "previous_response_id")
    assert "--response-store" in result.json["error"]["message"]


# --- with a store -----------------------------------------------------------------------------------------------


def test_001_08_35_what_was_created_can_be_had(storing: TestClient) -> None:
    response = told(storing)
    assert response["store"] is True
    result = storing.simulate_get(f"{PATH}/{response['id']}", params={"include": "x", "starting_after": "1"})
    assert result.json == response
    assert result.headers["content-type"] == "application/json; charset=utf-8"
    head = storing.simulate_head(f"{PATH}/{response['id']}")
    assert (head.status_code, head.content) == (200, b"")


def test_store_false_keeps_nothing(storing: TestClient) -> None:
    response = told(storing, store=False)
    assert response["store"] is False
    assert storing.simulate_get(f"{PATH}/{response['id']}").status_code == 404


def test_an_incomplete_answer_is_kept(storing: TestClient, inference: FakeInference) -> None:
    inference.stream = lambda: FakeStream(*answer("cut", reason="length"))
    response = told(storing)
    assert storing.simulate_get(f"{PATH}/{response['id']}").json["status"] == "incomplete"


def test_001_09_deleting(storing: TestClient) -> None:
    response = told(storing)
    path = f"{PATH}/{response['id']}"
    assert storing.simulate_delete(path).json == {"id": response["id"], "object": "response", "deleted": True}
    missing = (404, "invalid_request_error", "response_not_found", "response_id")
    assert error(storing.simulate_get(path)) == missing
    assert error(storing.simulate_delete(path)) == missing
    assert error(storing.simulate_get(f"{path}/input_items")) == missing
    assert error(storing.simulate_post(f"{path}/cancel")) == missing


def test_a_strange_id_is_not_found(storing: TestClient) -> None:
    for name in ("%ff%fe", "%00", "x" * 500, "a%20b"):
        assert storing.simulate_get(f"{PATH}/{name}").status_code == 404


def test_cancelling(storing: TestClient) -> None:
    result = storing.simulate_post(f"{PATH}/{told(storing)['id']}/cancel")
    assert error(result)[:2] == (400, "invalid_request_error")
    assert result.json["error"]["message"] == "only background responses can be cancelled"


def test_a_stored_response_is_not_streamed_again(storing: TestClient) -> None:
    path = f"{PATH}/{told(storing)['id']}"
    result = storing.simulate_get(path, params={"stream": "true"})
    assert error(result) == (400, "invalid_request_error", "unsupported_parameter", "stream")
    assert storing.simulate_get(path, params={"stream": "false"}).status_code == 200


# --- chains -----------------------------------------------------------------------------------------------------


def test_going_on(storing: TestClient, inference: FakeInference) -> None:
    first = told(storing, instructions="Be brief.", input="one")
    second = told(storing, instructions="Be long.", input="two", previous_response_id=first["id"])
    assert second["previous_response_id"] == first["id"]
    third = told(storing, input="three", previous_response_id=second["id"])
    assert inference.request.messages == (  # instructions are not inherited
        Message(role="user", content="one"),
        Message(role="assistant", content="Hello there"),
        Message(role="user", content="two"),
        Message(role="assistant", content="Hello there"),
        Message(role="user", content="three"),
    )
    assert third["instructions"] is None


def test_going_on_with_reasoning_and_calls(storing: TestClient, inference: FakeInference) -> None:
    tool = {"type": "function", "name": "f"}
    inference.stream = lambda: FakeStream(
        ThinkingDelta(text="hm"),
        ToolCall(index=0, id="call_1", name="f", arguments={"a": 1}),
        Finished(reason="stop"),
    )
    first = told(storing, tools=[tool])
    output = {"type": "function_call_output", "call_id": "call_1", "output": "fine"}
    second = told(storing, input=[output], previous_response_id=first["id"])
    assert inference.request.messages == (
        Message(role="user", content="hi"),
        Message(
            role="assistant",
            thinking="hm",
            tool_calls=(ToolCall(id="call_1", name="f", arguments={"a": 1}),),
        ),
        Message(role="tool", content="fine", tool_call_id="call_1", tool_name="f"),
    )
    assert inference.request.tools == ()  # those of the new request only
    assert second["tools"] == []


def test_a_child_outlives_its_parent(storing: TestClient, inference: FakeInference) -> None:
    first = told(storing, input="one")
    second = told(storing, input="two", previous_response_id=first["id"])
    storing.simulate_delete(f"{PATH}/{first['id']}")
    told(storing, input="three", previous_response_id=second["id"])
    assert [message.content for message in inference.request.messages][::2] == ["one", "two", "three"]
    assert len(listed(storing, second)["data"]) == 3


def test_going_on_with_nothing_new(storing: TestClient, inference: FakeInference) -> None:
    first = told(storing)
    for nothing in ({"input": []}, {"input": ""}, {"input": None}):
        told(storing, previous_response_id=first["id"], **nothing)
        assert len(inference.request.messages) == 2


def test_going_on_from_what_is_not_there(storing: TestClient) -> None:
    result = ask(storing, previous_response_id="resp_1")
    assert error(result) == (
        400,
        "invalid_request_error",
        "previous_response_not_found",
        "previous_response_id",
    )


def test_tokens_of_a_chain_are_counted(storing: TestClient) -> None:
    first = told(storing, input="one")
    body = {"model": "tiny", "input": "two", "previous_response_id": first["id"]}
    counted = storing.simulate_post(f"{PATH}/input_tokens", json=body).json
    assert counted["input_tokens"] == len("oneHello theretwo")


def test_references(storing: TestClient, inference: FakeInference) -> None:
    first = told(storing, input=[{"role": "user", "content": "one", "id": "msg_mine"}])
    said = {"type": "item_reference", "id": first["output"][0]["id"]}
    again = told(
        storing, input=[{"type": "item_reference", "id": "msg_mine"}, said, {"role": "user", "content": "two"}]
    )
    assert [message.content for message in inference.request.messages] == ["one", "Hello there", "two"]
    assert [item["type"] for item in listed(storing, again)["data"]] == ["message"] * 3
    twice = told(storing, previous_response_id=first["id"], input=[{"type": "item_reference", "id": "msg_mine"}])
    assert twice["status"] == "completed"
    assert [message.content for message in inference.request.messages] == ["one", "Hello there", "one"]


def test_a_reference_to_what_is_not_there(storing: TestClient) -> None:
    first = told(storing)
    storing.simulate_delete(f"{PATH}/{first['id']}")
    result = ask(storing, input=[{"type": "item_reference", "id": first["output"][0]["id"]}])
    assert error(result) == (400, "invalid_request_error", "item_not_found", "input[0].id")


# --- input items ------------------------------------------------------------------------------------------------


def test_input_items_are_listed_newest_first(storing: TestClient) -> None:
    first = told(storing, input="one")
    second = told(storing, input=[{"role": "user", "content": "two", "id": "msg_2"}], previous_response_id=first["id"])
    page = listed(storing, second)
    assert page["object"] == "list"
    assert [item["content"][0]["text"] for item in page["data"]] == ["two", "Hello there", "one"]
    assert page["data"][0] == {
        "id": "msg_2",
        "type": "message",
        "role": "user",
        "status": "completed",
        "content": [{"type": "input_text", "text": "two"}],
    }
    assert page["data"][1] == first["output"][0]
    assert (page["first_id"], page["last_id"]) == ("msg_2", page["data"][2]["id"])
    assert page["has_more"] is False
    assert page["data"][::-1] == listed(storing, second, order="asc")["data"]


def test_pages(storing: TestClient) -> None:
    items = [{"role": "user", "content": str(number), "id": f"msg_{number}"} for number in range(25)]
    response = told(storing, input=items)
    first = listed(storing, response, order="asc")
    assert (len(first["data"]), first["last_id"], first["has_more"]) == (20, "msg_19", True)
    rest = listed(storing, response, order="asc", after=first["last_id"])
    assert (len(rest["data"]), rest["first_id"], rest["has_more"]) == (5, "msg_20", False)
    end = listed(storing, response, order="asc", after="msg_24")
    assert (end["data"], end["first_id"], end["last_id"], end["has_more"]) == ([], "", "", False)
    assert listed(storing, response, limit=1)["first_id"] == "msg_24"


@pytest.mark.parametrize(
    "params", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"order": "up"}, {"after": "msg_9"}]
)
def test_refused_pages(storing: TestClient, params: dict[str, str]) -> None:
    response = told(storing)
    result = storing.simulate_get(f"{PATH}/{response['id']}/input_items", params=params)
    assert error(result) == (400, "invalid_request_error", "invalid_value", next(iter(params)))


def test_all_kinds_of_items_are_listed_in_one_form(storing: TestClient) -> None:
    items = [
        {"role": "developer", "content": "d"},
        {"role": "assistant", "content": "a", "phase": "commentary"},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": {"x": 1}},
        {"type": "function_call_output", "call_id": "c", "output": [{"type": "text", "text": "t"}]},
        {"type": "reasoning", "id": "rs_1"},
        {"type": "web_search_call", "id": "ws_1", "status": "completed"},
        {"role": "user", "content": [{"type": "text", "text": "u"}]},
    ]
    response = told(storing, input=items)
    shown = listed(storing, response, order="asc")["data"]
    assert all(item.pop("id") for item in shown)
    assert shown == [
        {
            "type": "message",
            "role": "developer",
            "status": "completed",
            "content": [{"type": "input_text", "text": "d"}],
        },
        {
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "phase": "commentary",
            "content": [{"type": "output_text", "text": "a", "annotations": [], "logprobs": []}],
        },
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}", "status": "completed"},
        {"type": "function_call_output", "call_id": "c", "output": '{"x":1}', "status": "completed"},
        {
            "type": "function_call_output",
            "call_id": "c",
            "output": [{"type": "input_text", "text": "t"}],
            "status": "completed",
        },
        {"type": "reasoning", "summary": [], "status": "completed"},
        {"type": "web_search_call", "status": "completed"},
        {
            "type": "message",
            "role": "user",
            "status": "completed",
            "content": [{"type": "input_text", "text": "u"}],
        },
    ]
