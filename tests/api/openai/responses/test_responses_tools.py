"""Tools of /v1/responses: what the model is offered, what comes back, and tool_choice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from falcon.testing import TestClient

from omm.types import ChatRequest, Finished, Tool, ToolCall, ToolCallDelta, ToolChoice
from tests.fakes import FakeInference, FakeStream

PATH = "/v1/responses"
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
FLAT = {"type": "function", "name": "f", "description": "d", "parameters": SCHEMA, "strict": True}
NESTED = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": True}}
PATCH = {"type": "custom", "name": "patch", "description": "Patches."}
WEB = {
    "type": "namespace",
    "name": "web",
    "description": "The web.",
    "tools": [{"type": "function", "name": "open", "parameters": SCHEMA}, {"type": "web_search"}],
}
NOTHING = {"type": "object", "properties": {}}


def told(client: TestClient, *tools: Any, **fields: Any) -> Any:
    result = client.simulate_post(PATH, json={"model": "tiny", "input": "hi", "tools": list(tools), **fields})
    assert result.status_code == 200, result.text
    return result.json


def asked(client: TestClient, inference: FakeInference, *tools: Any, **fields: Any) -> ChatRequest:
    told(client, *tools, **fields)
    request: ChatRequest = inference.request
    return request


def refusal(client: TestClient, *tools: Any, **fields: Any) -> tuple[int, str]:
    result = client.simulate_post(PATH, json={"model": "tiny", "input": "hi", "tools": list(tools), **fields})
    return result.status_code, result.json["error"]["param"]


@pytest.mark.parametrize("spec", [FLAT, NESTED])
def test_001_28_003_58_both_forms_of_functions(client: TestClient, inference: FakeInference, spec: Any) -> None:
    request = asked(client, inference, spec)
    function = {"name": "f", "description": "d", "parameters": SCHEMA, "strict": True}
    assert request.tools == (Tool(name="f", spec={"type": "function", "function": function}),)
    assert told(client, spec)["tools"] == [FLAT]


def test_what_is_not_said_of_a_function(client: TestClient, inference: FakeInference) -> None:
    bare = {"type": "function", "name": "f", "async": True, "defer_loading": False, "output_schema": {}}
    request = asked(client, inference, bare)
    assert request.tools[0].spec == {"type": "function", "function": {"name": "f", "parameters": NOTHING}}
    assert told(client, bare)["tools"] == [
        {"type": "function", "name": "f", "description": None, "parameters": None, "strict": None}
    ]


@pytest.mark.parametrize(
    "hosted",
    "web_search web_search_preview file_search code_interpreter image_generation mcp computer_use_preview local_shell"
    " shell apply_patch tool_search programmatic_tool_calling something_new".split(),
)
def test_hosted_tools_are_told_back_only(client: TestClient, inference: FakeInference, hosted: str) -> None:
    spec = {"type": hosted, "anything": [1]}
    assert asked(client, inference, spec, FLAT).tools[0].name == "f"
    assert told(client, spec, FLAT)["tools"] == [spec, FLAT]
    assert told(client, spec)["tools"] == [spec]


def test_further_tools_in_the_input(client: TestClient, inference: FakeInference) -> None:
    more = {"type": "additional_tools", "role": "developer", "tools": [FLAT]}
    request = asked(client, inference, PATCH, input=[more, {"role": "user", "content": "x"}])
    assert [tool.name for tool in request.tools] == ["patch", "f"]
    assert len(request.messages) == 1


@pytest.mark.parametrize(
    ("tools", "param"),
    [
        ([{"type": "function"}], "tools[0].name"),
        ([{"type": "function", "name": ""}], "tools[0].name"),
        ([FLAT, FLAT], "tools[1].name"),
        ([{"type": "custom"}], "tools[0].name"),
        ([{"type": "namespace", "name": "web"}], "tools[0]"),
        ([{"type": "namespace", "name": "web", "tools": [{"type": "function"}]}], "tools[0].tools[0].name"),
        (["f"], "tools[0]"),
    ],
)
def test_refused_tools(client: TestClient, tools: Any, param: str) -> None:
    assert refusal(client, *tools) == (400, param)


# --- other names ------------------------------------------------------------------------------------------------


def calls(inference: FakeInference, name: str, arguments: Any) -> None:
    text = json.dumps(arguments)
    inference.stream = lambda: FakeStream(
        ToolCallDelta(index=0, id="call_1", name=name),
        ToolCallDelta(index=0, id="call_1", name=name, arguments=text),
        ToolCall(index=0, id="call_1", name=name, arguments=arguments),
        Finished(reason="stop"),
    )


def test_tools_in_a_namespace(client: TestClient, inference: FakeInference) -> None:
    calls(inference, "web.open", {"a": 1})
    item = told(client, WEB)["output"][0]
    assert (item["namespace"], item["name"], item["arguments"]) == ("web", "open", '{"a": 1}')
    assert [tool.name for tool in inference.request.tools] == ["web.open"]
    assert inference.request.tools[0].spec["function"]["name"] == "web.open"
    assert told(client, WEB)["tools"] == [WEB]
    again = [{"role": "user", "content": "x"}, item]
    assert asked(client, inference, WEB, input=again).messages[1].tool_calls[0].name == "web.open"


def test_a_tool_that_takes_free_text(client: TestClient, inference: FakeInference) -> None:
    calls(inference, "patch", {"input": "*** x"})
    item = told(client, PATCH)["output"][0]
    assert item == {
        "id": item["id"],
        "type": "custom_tool_call",
        "call_id": "call_1",
        "name": "patch",
        "input": "*** x",
        "status": "completed",
    }
    function = inference.request.tools[0].spec["function"]
    assert (function["description"], function["parameters"]["required"]) == ("Patches.", ["input"])
    assert told(client, PATCH)["tools"] == [PATCH]


def test_the_events_of_free_text(client: TestClient, inference: FakeInference) -> None:
    calls(inference, "patch", {"input": "*** x"})
    body = {"model": "tiny", "input": "hi", "tools": [PATCH], "stream": True}
    lines = client.simulate_post(PATH, json=body).text.split("\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
    assert [event["type"].removeprefix("response.") for event in events[2:-1]] == [
        "output_item.added",
        "custom_tool_call_input.delta",
        "custom_tool_call_input.done",
        "output_item.done",
    ]
    assert events[2]["item"]["input"] == ""
    assert events[3]["delta"] == events[4]["input"] == events[5]["item"]["input"] == "*** x"


@pytest.mark.parametrize("arguments", ["*** x", {"patch": 1}])
def test_free_text_that_is_not_where_it_should_be(client: TestClient, inference: FakeInference, arguments: Any) -> None:
    inference.stream = lambda: FakeStream(
        ToolCall(index=0, id="c", name="patch", arguments=arguments), Finished(reason="stop")
    )
    expected = arguments if isinstance(arguments, str) else '{"patch":1}'
    assert told(client, PATCH)["output"][0]["input"] == expected


def test_a_grammar_of_free_text_is_told_to_the_model(client: TestClient, inference: FakeInference) -> None:
    spec = {**PATCH, "format": {"type": "grammar", "syntax": "lark", "definition": "start: /x+/"}}
    description = asked(client, inference, spec).tools[0].spec["function"]["description"]
    assert description == "Patches.\n\nThe input must match this lark grammar:\nstart: /x+/"


# --- choice -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "choice", "echo"),
    [
        (None, ToolChoice(), "auto"),
        ("auto", ToolChoice(), "auto"),
        ("none", ToolChoice(mode="none"), "none"),
        ("required", ToolChoice(mode="required"), "required"),
        (
            {"type": "function", "name": "f"},
            ToolChoice(mode="required", names=("f",)),
            {"type": "function", "name": "f"},
        ),
        (
            {"type": "function", "function": {"name": "f"}},
            ToolChoice(mode="required", names=("f",)),
            {"type": "function", "name": "f"},
        ),
        (
            {"type": "custom", "name": "patch"},
            ToolChoice(mode="required", names=("patch",)),
            {"type": "custom", "name": "patch"},
        ),
    ],
)
def test_001_29_choices(
    client: TestClient, inference: FakeInference, value: Any, choice: ToolChoice, echo: Any
) -> None:
    assert asked(client, inference, FLAT, PATCH, tool_choice=value).tool_choice == choice
    assert told(client, FLAT, PATCH, tool_choice=value)["tool_choice"] == echo


@pytest.mark.parametrize("mode", [None, "auto", "required"])
def test_allowed_tools(client: TestClient, inference: FakeInference, mode: Any) -> None:
    listed = [{"type": "function", "name": "f"}, {"type": "web_search"}, {"type": "custom", "name": "patch"}]
    value = {"type": "allowed_tools", "tools": listed, **({"mode": mode} if mode else {})}
    choice = asked(client, inference, FLAT, PATCH, WEB, tool_choice=value).tool_choice
    assert choice == ToolChoice(mode=mode or "auto", names=("f", "patch"))
    nested = {"type": "allowed_tools", "allowed_tools": {"mode": mode or "auto", "tools": listed}}
    assert asked(client, inference, FLAT, PATCH, tool_choice=nested).tool_choice == choice


def test_a_choice_in_a_namespace(client: TestClient, inference: FakeInference) -> None:
    value = {"type": "function", "name": "open", "namespace": "web"}
    assert asked(client, inference, WEB, tool_choice=value).tool_choice.names == ("web.open",)


@pytest.mark.parametrize(
    ("tools", "value"),
    [
        ([FLAT], {"type": "web_search"}),
        ([FLAT], {"type": "mcp", "server_label": "x"}),
        ([FLAT], "sometimes"),
        ([FLAT], {"type": "function"}),
        ([FLAT], {"type": "allowed_tools", "tools": []}),
        ([FLAT], {"type": "allowed_tools", "tools": [{"type": "web_search"}]}),
        ([FLAT], {"type": "allowed_tools", "mode": "maybe", "tools": [{"type": "function", "name": "f"}]}),
        ([FLAT], {"type": "allowed_tools", "tools": ["f"]}),
        ([FLAT], 3),
        ([], "required"),
        ([], {"type": "function", "name": "f"}),
        ([{"type": "web_search"}], "required"),
    ],
)
def test_refused_choices(client: TestClient, tools: Any, value: Any) -> None:
    assert refusal(client, *tools, tool_choice=value) == (400, "tool_choice")


def test_no_choice_without_tools(client: TestClient, inference: FakeInference) -> None:
    assert asked(client, inference, tool_choice="none").tool_choice.mode == "none"
    assert asked(client, inference, {"type": "web_search"}, tool_choice="auto").tools == ()


def test_one_call_at_a_time(client: TestClient, inference: FakeInference) -> None:
    assert asked(client, inference, FLAT, parallel_tool_calls=False).parallel_tool_calls is False
    assert asked(client, inference, FLAT).parallel_tool_calls is None


# --- Codex ------------------------------------------------------------------------------------------------------


def test_what_codex_sends(client: TestClient, inference: FakeInference) -> None:
    body = {
        "model": "tiny",
        "stream": True,
        "store": False,
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "include": ["reasoning.encrypted_content"],
        "reasoning": {"summary": "auto"},
        "prompt_cache_key": "k",
        "client_metadata": {"x-codex": "1"},
        "input": [
            {
                "type": "message",
                "id": "msg_1",
                "role": "developer",
                "content": [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}],
            },
            {"type": "message", "id": "msg_2", "role": "user", "content": [{"type": "input_text", "text": "list"}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "content": None, "encrypted_content": "omm1.aG0="},
            {
                "type": "function_call",
                "id": "fc_1",
                "call_id": "call_1",
                "name": "shell",
                "namespace": None,
                "arguments": '{"command":["ls"]}',
            },
            {"type": "function_call_output", "id": "fco_1", "call_id": "call_1", "output": "a.txt"},
        ],
        "tools": [
            {"type": "function", "name": "shell", "strict": False, "parameters": SCHEMA},
            WEB,
            {"type": "web_search", "external_web_access": False},
        ],
    }
    result = client.simulate_post(PATH, json=body)
    assert result.status_code == 200
    assert result.text.endswith("data: [DONE]\n\n")
    request: ChatRequest = inference.request
    assert [message.role for message in request.messages] == ["system", "user", "assistant", "tool"]
    assert request.messages[0].content == "ab"
    assert request.messages[2].thinking == "hm"
    assert [tool.name for tool in request.tools] == ["shell", "web.open"]
