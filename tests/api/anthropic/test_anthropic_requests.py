"""What reaches the service of a request's fields, messages and blocks, and what is refused."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest
from falcon.testing import Result, TestClient

from omm.api.anthropic import signature
from omm.errors import InvalidRequest
from omm.types import ChatRequest, Message, Options, Tool, ToolCall, ToolChoice
from tests.fakes import FakeInference, FakeLibrary, record

PATH = "/anthropic/v1/messages"
USER = {"role": "user", "content": "hi"}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
WEATHER = {"name": "get_weather", "description": "The weather", "input_schema": SCHEMA}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 8
IMAGE = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(PNG).decode()},
}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Rome"}}
TURN = Message(role="user", content="hi")


def can(library: FakeLibrary, *abilities: str) -> None:
    """Let the model have these abilities besides the usual."""
    known = library.records["tiny:latest"]
    library.records["tiny:latest"] = msgspec.structs.replace(known, capabilities=(*known.capabilities, *abilities))


def post(client: TestClient, path: str = PATH, **fields: Any) -> Result:
    return client.simulate_post(path, json={"model": "tiny", "max_tokens": 64, "messages": [USER], **fields})


def request(client: TestClient, inference: FakeInference, **fields: Any) -> ChatRequest:
    """What the service is asked for such a body."""
    result = post(client, **fields)
    assert result.status_code == 200, result.text
    found = inference.request
    assert isinstance(found, ChatRequest)
    return found


def talk(client: TestClient, inference: FakeInference, *messages: Any, **fields: Any) -> tuple[Message, ...]:
    return request(client, inference, messages=[*messages], **fields).messages


def refusal(client: TestClient, **fields: Any) -> str:
    """The message of the 400 that such a body gets."""
    result = post(client, **fields)
    assert result.status_code == 400, result.text
    assert result.json["type"] == "error"
    assert result.json["error"]["type"] == "invalid_request_error"
    return str(result.json["error"]["message"])


# --- fields -------------------------------------------------------------------------------------------------------


def test_the_smallest_request(client: TestClient, inference: FakeInference) -> None:
    assert request(client, inference) == ChatRequest(model="tiny", messages=(TURN,), options=Options(num_predict=64))


@pytest.mark.parametrize(
    ("field", "value", "option", "internal"),
    [
        ("temperature", 0, "temperature", 0.0),
        ("temperature", 2, "temperature", 2.0),
        ("top_p", 1, "top_p", 1.0),
        ("top_k", 5, "top_k", 5),
        ("stop_sequences", ["a", "", "b"], "stop", ("a", "b")),
        ("max_tokens", 1, "num_predict", 1),
    ],
)
def test_fields_that_are_options(
    client: TestClient, inference: FakeInference, field: str, value: Any, option: str, internal: Any
) -> None:
    assert getattr(request(client, inference, **{field: value}).options, option) == internal


@pytest.mark.parametrize("field", ["options", "parameters"])
def test_000_35_36_options_of_our_own(client: TestClient, inference: FakeInference, field: str) -> None:
    asked = {field: {"seed": 3, "temperature": 0.1, "num_ctx": 512}, "temperature": 0.5}
    assert request(client, inference, **asked).options == Options(temperature=0.5, seed=3, num_ctx=512, num_predict=64)


def test_options_win_over_parameters(client: TestClient, inference: FakeInference) -> None:
    assert request(client, inference, options={"seed": 1}, parameters={"seed": 2, "top_k": 3}).options == Options(
        seed=1, top_k=3, num_predict=64
    )


def test_keep_alive(client: TestClient, inference: FakeInference) -> None:
    assert request(client, inference, keep_alive="2m").keep_alive_s == 120


@pytest.mark.parametrize(
    "ignored",
    [
        {"metadata": {"user_id": '{"device":"x"}'}},
        {"cache_control": {"type": "ephemeral"}},
        {"service_tier": "auto", "speed": "fast", "inference_geo": "eu", "user_profile_id": "u", "workspace_id": "w"},
        {"diagnostics": {}, "context_management": {"edits": [{"type": "x"}]}, "betas": ["a"], "fallbacks": []},
        {"container": None, "mcp_servers": []},
        {"nobody_knows": 1},
        {"system": None, "tools": None, "tool_choice": None, "thinking": None, "stop_sequences": None},
        {"tools": [], "stream": False, "stop_sequences": []},
    ],
)
def test_fields_without_effect(client: TestClient, inference: FakeInference, ignored: dict[str, Any]) -> None:
    found = request(client, inference, **ignored)
    assert msgspec.structs.replace(found, options=Options()) == ChatRequest(model="tiny", messages=(TURN,))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"max_tokens": 0}, "max_tokens: Expected `int` >= 1"),
        ({"max_tokens": 2**31}, "max_tokens: Expected `int` <= 2147483647"),
        ({"max_tokens": None}, "max_tokens: Expected `int`, got `null`"),
        ({"temperature": 2.1}, "temperature: Expected `float` <= 2.0"),
        ({"top_p": "x"}, "top_p: Expected `float | null`, got `str`"),
        ({"messages": []}, "messages: Expected `array` of length >= 1"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role: Invalid enum value 'tool'"),
        ({"messages": [USER, {"role": "user"}]}, "messages.1.content: Field required"),
        ({"model": ""}, "model: Expected `str` of length >= 1"),
        ({"options": {"seed": "x"}}, 'options.seed: option "seed" must be of type integer'),
        ({"container": "c_1"}, "container: is not supported: nothing is run on this server"),
        ({"mcp_servers": [{"url": "x"}]}, "mcp_servers: is not supported: nothing is run on this server"),
        ({"thinking": {"type": "enabled"}}, "thinking.budget_tokens: Field required"),
        ({"thinking": {"type": "enabled", "budget_tokens": 0}}, "thinking.budget_tokens: Expected `int` >= 1"),
        ({"thinking": {"type": "much"}}, "thinking.type: Invalid value 'much'"),
        ({"output_config": {"effort": "huge"}}, "output_config.effort: Invalid enum value 'huge'"),
        ({"tool_choice": {"type": "some"}}, "tool_choice.type: Invalid value 'some'"),
        ({"keep_alive": True}, "keep_alive: Unsupported type: 'bool'"),
    ],
)
def test_refusals_begin_with_the_path_of_the_field(client: TestClient, fields: dict[str, Any], message: str) -> None:
    assert refusal(client, **fields) == message


@pytest.mark.parametrize("field", ["model", "max_tokens", "messages"])
def test_required_fields(client: TestClient, field: str) -> None:
    body = {"model": "tiny", "max_tokens": 64, "messages": [USER]}
    del body[field]
    result = client.simulate_post(PATH, json=body)
    assert (result.status_code, result.json["error"]["message"]) == (400, f"{field}: Field required")


# --- thinking and format ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "think", "budget"),
    [
        ({}, False, None),
        ({"thinking": {"type": "disabled"}}, False, None),
        ({"thinking": {"type": "enabled", "budget_tokens": 7}}, True, 7),
        ({"thinking": {"type": "adaptive", "display": "omitted"}}, True, None),
        ({"thinking": {"type": "between_tools"}}, True, None),
        ({"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}, "low", None),
        ({"thinking": {"type": "adaptive"}, "output_config": {"effort": "xhigh"}}, "max", None),
        ({"thinking": {"type": "enabled", "budget_tokens": 9}, "output_config": {"effort": "medium"}}, "medium", 9),
        ({"output_config": {"effort": "high"}}, False, None),
    ],
)
def test_thinking(
    client: TestClient, inference: FakeInference, library: FakeLibrary, fields: dict[str, Any], think: Any, budget: Any
) -> None:
    can(library, "thinking")
    found = request(client, inference, **fields)
    assert (found.think, found.thinking_budget) == (think, budget)


def test_a_model_that_cannot_think_ignores_thinking(client: TestClient, inference: FakeInference) -> None:
    found = request(client, inference, thinking={"type": "enabled", "budget_tokens": 2048})
    assert (found.think, found.thinking_budget) == (None, None)


@pytest.mark.parametrize("place", ["output_config", "output_format"])
def test_a_schema_for_the_answer(client: TestClient, inference: FakeInference, place: str) -> None:
    wanted = {"type": "json_schema", "schema": SCHEMA}
    fields = {"output_format": wanted} if place == "output_format" else {"output_config": {"format": wanted}}
    assert request(client, inference, **fields).format == SCHEMA


# --- tools --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages/count_tokens"])
@pytest.mark.parametrize(
    ("ours", "told", "theirs"),
    [
        (
            "format",
            "format: unsupported keyword 'not' at #",
            "output_config.format.schema: unsupported keyword 'not' at #",
        ),
        ("stop", "stop may have at most 16 entries", "stop_sequences: may have at most 16 entries"),
        ("tools", "tool 'f': no", "tools: tool 'f': no"),
    ],
)
def test_fields_have_the_names_that_clients_know(
    client: TestClient, inference: FakeInference, path: str, ours: str, told: str, theirs: str
) -> None:
    inference.raises = InvalidRequest(told, param=ours)
    result = post(client, path)
    assert (result.status_code, result.json["error"]["message"]) == (400, theirs)


def test_tools(client: TestClient, inference: FakeInference) -> None:
    extras = {"cache_control": {"type": "ephemeral"}, "input_examples": [{}], "eager_input_streaming": True}
    bare = {"type": "custom", "name": "now", "input_schema": {"type": "object"}, "strict": True, "description": None}
    found = request(client, inference, tools=[{**WEATHER, **extras}, bare]).tools
    weather = {"name": "get_weather", "description": "The weather", "parameters": SCHEMA}
    now = {"name": "now", "parameters": {"type": "object"}, "strict": True}
    assert found == (
        Tool(name="get_weather", spec={"type": "function", "function": weather}),
        Tool(name="now", spec={"type": "function", "function": now}),
    )


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "web_search_20250305", "name": "web_search", "max_uses": 3},
        {"type": "bash_20250124", "name": "bash"},
        {"type": "mcp_toolset", "mcp_server_name": "x"},
        {**WEATHER, "name": "later", "defer_loading": True},
    ],
)
def test_tools_that_are_not_offered(client: TestClient, inference: FakeInference, tool: dict[str, Any]) -> None:
    assert [tool.name for tool in request(client, inference, tools=[tool, WEATHER]).tools] == ["get_weather"]
    assert refusal(client, tools=[tool], tool_choice={"type": "any"}).startswith("tool_choice: ")
    named = {"type": "tool", "name": tool.get("name", "x")}
    assert refusal(client, tools=[tool, WEATHER], tool_choice=named).startswith("tool_choice.name: ")


@pytest.mark.parametrize(
    ("choice", "expected", "is_parallel"),
    [
        ({"type": "auto"}, ToolChoice(), None),
        ({"type": "auto", "disable_parallel_tool_use": True}, ToolChoice(), False),
        ({"type": "any"}, ToolChoice(mode="required"), None),
        ({"type": "any", "disable_parallel_tool_use": False}, ToolChoice(mode="required"), None),
        ({"type": "tool", "name": "get_weather"}, ToolChoice(mode="required", names=("get_weather",)), None),
        ({"type": "none"}, ToolChoice(mode="none"), None),
    ],
)
def test_tool_choice(
    client: TestClient, inference: FakeInference, choice: Any, expected: ToolChoice, is_parallel: bool | None
) -> None:
    found = request(client, inference, tools=[WEATHER], tool_choice=choice)
    assert (found.tool_choice, found.parallel_tool_calls) == (expected, is_parallel)


def test_a_choice_beside_thinking_is_honoured(
    client: TestClient, inference: FakeInference, library: FakeLibrary
) -> None:
    can(library, "thinking")
    found = request(client, inference, tools=[WEATHER], tool_choice={"type": "any"}, thinking={"type": "adaptive"})
    assert (found.think, found.tool_choice.mode) == (True, "required")


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"tools": [{"name": "x"}]}, "tools.0.input_schema: Field required"),
        ({"tools": [WEATHER, {"input_schema": {}}]}, "tools.1.name: Field required"),
        ({"tools": [WEATHER, WEATHER]}, "tools.1.name: "),
        ({"tools": [{**WEATHER, "input_schema": 3}]}, "tools.0.input_schema: "),
        ({"tool_choice": {"type": "any"}}, "tool_choice: "),
        ({"tool_choice": {"type": "any"}, "tools": []}, "tool_choice: "),
        ({"tool_choice": {"type": "tool"}, "tools": [WEATHER]}, "tool_choice.name: Field required"),
        ({"tool_choice": {"type": "tool", "name": "x"}, "tools": [WEATHER]}, "tool_choice.name: "),
    ],
)
def test_tools_that_are_refused(client: TestClient, fields: dict[str, Any], path: str) -> None:
    assert refusal(client, **fields).startswith(path)


# --- system -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("Be brief.", "Be brief."),
        ([{"type": "text", "text": "One."}, {"type": "text", "text": "Two.", "cache_control": {}}], "One.\n\nTwo."),
        ([{"type": "text", "text": "x-anthropic-billing-header: v=1"}, {"type": "text", "text": "One."}], "One."),
        ([{"type": "text", "text": ""}, {"type": "unheard_of"}, {"type": "text", "text": "One."}], "One."),
    ],
)
def test_the_system_prompt(client: TestClient, inference: FakeInference, system: Any, text: str) -> None:
    assert request(client, inference, system=system).messages == (Message(role="system", content=text), TURN)


@pytest.mark.parametrize("system", ["", [], [{"type": "text", "text": "x-anthropic-billing-header: v=1"}]])
def test_no_system_prompt(client: TestClient, inference: FakeInference, system: Any) -> None:
    assert request(client, inference, system=system).messages == (TURN,)


@pytest.mark.parametrize("content", ["Rules.", [{"type": "text", "text": "Rules."}]])
def test_the_system_speaks_behind_the_user(client: TestClient, inference: FakeInference, content: Any) -> None:
    rules = {"role": "system", "content": content}
    first = talk(client, inference, USER, rules, system="Be brief.")
    assert first == (Message(role="system", content="Be brief.\n\nRules."), TURN)
    answer = {"role": "assistant", "content": "Hello."}
    later = talk(client, inference, USER, rules, answer, USER, system="Be brief.")
    assert later == (*first, Message(role="assistant", content="Hello."), TURN)
    assert talk(client, inference, USER, answer, USER, rules)[-2:] == (Message(role="system", content="Rules."), TURN)


def test_the_system_stays_behind_results(client: TestClient, inference: FakeInference) -> None:
    result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny"}]}
    rules = {"role": "system", "content": "Rules."}
    found = talk(client, inference, USER, {"role": "assistant", "content": [CALL]}, result, rules)
    assert [turn.role for turn in found] == ["user", "assistant", "tool", "system"]


# --- messages -----------------------------------------------------------------------------------------------------


def test_neighbours_of_one_role_are_merged(client: TestClient, inference: FakeInference) -> None:
    more = {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
    assert talk(client, inference, USER, more) == (Message(role="user", content="hi\n\na\n\nb"),)
    said = {"role": "assistant", "content": [{"type": "text", "text": "1"}, {"type": "text", "text": "2"}]}
    found = talk(client, inference, USER, said, {"role": "assistant", "content": [CALL]}, USER)
    call = ToolCall(id="1", name="get_weather", arguments={"city": "Rome"})
    assert found == (TURN, Message(role="assistant", content="12", tool_calls=(call,)), TURN)


def test_many_small_blocks_take_no_longer_than_one_long(client: TestClient, inference: FakeInference) -> None:
    blocks = [{"type": "text", "text": "x" * 20}] * 20_000
    found = talk(client, inference, {"role": "user", "content": blocks}, *[USER] * 20_000)
    assert [len(turn.content) for turn in found] == [20_000 * (20 + 2) + 20_000 * (2 + 2) - 2]


def test_calls_and_results(client: TestClient, inference: FakeInference) -> None:
    other = {"type": "tool_use", "id": "call_x", "name": "now", "input": {}}
    results = [
        {"type": "text", "text": "Go on."},
        {"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny", "cache_control": {"type": "ephemeral"}},
        {
            "type": "tool_result",
            "tool_use_id": "call_x",
            "content": [{"type": "text", "text": "late"}],
            "is_error": True,
        },
        {"type": "tool_result", "tool_use_id": "toolu_unknown"},
    ]
    said = [{"type": "text", "text": "Let me see."}, CALL, other]
    found = talk(client, inference, USER, {"role": "assistant", "content": said}, {"role": "user", "content": results})
    calls = (
        ToolCall(id="1", name="get_weather", arguments={"city": "Rome"}),
        ToolCall(id="call_x", name="now", arguments={}, index=1),
    )
    assert found == (
        TURN,
        Message(role="assistant", content="Let me see.", tool_calls=calls),
        Message(role="tool", content="sunny", tool_name="get_weather", tool_call_id="1"),
        Message(role="tool", content="Error: late", tool_name="now", tool_call_id="call_x"),
        Message(role="tool", content="", tool_call_id="unknown"),
        Message(role="user", content="Go on."),
    )


def test_a_failure_without_words(client: TestClient, inference: FakeInference) -> None:
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "is_error": True}
    found = talk(
        client, inference, USER, {"role": "assistant", "content": [CALL]}, {"role": "user", "content": [result]}
    )
    assert found[-1].content == "Error:"


def test_results_of_many_kinds(client: TestClient, inference: FakeInference, library: FakeLibrary) -> None:
    can(library, "vision")
    content = [
        {"type": "text", "text": "a"},
        IMAGE,
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "b"}},
        {"type": "search_result", "source": "http://x", "title": "T", "content": [{"type": "text", "text": "c"}]},
        {"type": "tool_reference", "tool_name": "d"},
        {"type": "nobody_knows"},
    ]
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content}
    found = talk(
        client, inference, USER, {"role": "assistant", "content": [CALL]}, {"role": "user", "content": [result]}
    )
    search = "<search_result>\n<title>T</title>\n<source>http://x</source>\nc\n</search_result>"
    assert found[-1].content == f"a\n\n<document>\nb\n</document>\n\n{search}\n\nd"
    assert found[-1].images == (PNG,)


def test_thinking_is_repeated(client: TestClient, inference: FakeInference) -> None:
    said = [
        {"type": "thinking", "thinking": "Hm.", "signature": "EqQBCgIYAhIk"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "thinking", "thinking": "", "signature": signature.carrying("Hidden é.")},
        {"type": "text", "text": "Yes."},
    ]
    found = talk(client, inference, USER, {"role": "assistant", "content": said}, USER)
    assert found[1] == Message(role="assistant", content="Yes.", thinking="Hm.\n\nHidden é.")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": {"error_code": "x"}},
        {"type": "code_execution_tool_result", "content": []},
        {"type": "redacted_thinking", "data": "x"},
    ],
)
def test_what_other_servers_did_is_left_out(
    client: TestClient, inference: FakeInference, block: dict[str, Any]
) -> None:
    assert talk(client, inference, USER, {"role": "assistant", "content": [block]}, USER)[0].role == "user"
    said = {"role": "assistant", "content": [block, {"type": "text", "text": "Yes."}]}
    assert talk(client, inference, USER, said, USER)[1] == Message(role="assistant", content="Yes.")


@pytest.mark.parametrize("kind", ["container_upload", "compaction", "nobody_knows"])
def test_unknown_blocks_are_left_out(client: TestClient, inference: FakeInference, kind: str) -> None:
    block = {"type": kind, "content": 3}
    assert talk(client, inference, {"role": "user", "content": [block, {"type": "text", "text": "hi"}]}) == (TURN,)
    assert refusal(client, messages=[{"role": "user", "content": [block]}]) == "messages.0.content: must not be empty"


@pytest.mark.parametrize("content", ["", [], [{"type": "text", "text": ""}]])
def test_empty_messages(client: TestClient, inference: FakeInference, content: Any) -> None:
    empty = {"role": "assistant", "content": content}
    assert refusal(client, messages=[USER, empty, USER]) == "messages.1.content: must not be empty"
    assert refusal(client, messages=[{**empty, "role": "user"}]) == "messages.0.content: must not be empty"
    assert refusal(client, messages=[empty]) == "messages: must not be empty"
    assert talk(client, inference, USER, empty) == (TURN,)


def test_a_conversation_of_system_messages_alone(client: TestClient) -> None:
    assert refusal(client, messages=[{"role": "system", "content": "x"}]) == "messages: must not be empty"


def test_the_beginning_of_an_answer(client: TestClient, inference: FakeInference, library: FakeLibrary) -> None:
    begun = {"role": "assistant", "content": "The answer is ("}
    assert talk(client, inference, USER, begun)[-1] == Message(role="assistant", content="The answer is (")
    thinking = {"type": "enabled", "budget_tokens": 9}
    assert talk(client, inference, USER, begun, thinking=thinking)[-1].role == "assistant"
    can(library, "thinking")
    assert refusal(client, messages=[USER, begun], thinking=thinking).startswith("messages.1: ")
    assert refusal(client, messages=[USER, {"role": "assistant", "content": [CALL]}]).startswith("messages.1: ")


@pytest.mark.parametrize(
    ("role", "block", "message"),
    [
        ("user", {"text": "x"}, "type: Field required"),
        ("user", {"type": 3}, "type: Field required"),
        ("user", {"type": "text"}, "text: Field required"),
        ("user", {"type": "text", "text": 3}, "text: Expected `str`, got `int`"),
        ("user", CALL, "type: tool_use blocks can only be in messages of the assistant"),
        (
            "user",
            {"type": "thinking", "thinking": ""},
            "type: thinking blocks can only be in messages of the assistant",
        ),
        (
            "assistant",
            {"type": "tool_result", "tool_use_id": "x"},
            "type: tool_result blocks can only be in messages of",
        ),
        ("assistant", {**CALL, "id": ""}, "id: Expected `str` of length >= 1"),
        ("assistant", {"type": "tool_use", "id": "x"}, "name: Field required"),
        ("assistant", {**CALL, "input": "x"}, "input: Expected `object`, got `str`"),
        ("user", {"type": "tool_result"}, "tool_use_id: Field required"),
        ("user", {"type": "tool_result", "tool_use_id": "x", "content": [{"type": "text"}]}, "content.0.text: Field"),
        ("user", IMAGE, 'source: "tiny" does not support images'),
        ("user", {"type": "document", "source": {"type": "base64", "data": "JVBERi0="}}, "source.type: only documents"),
        ("user", {"type": "document", "source": {"type": "url", "url": "http://x"}}, "source.type: only documents"),
        ("user", {"type": "document", "source": {"type": "file", "file_id": "f"}}, "source.type: only documents"),
        ("user", {"type": "document", "source": {"type": "tape"}}, "source.type: Invalid value 'tape'"),
    ],
)
def test_blocks_that_are_refused(client: TestClient, role: str, block: dict[str, Any], message: str) -> None:
    content = [{"type": "text", "text": "x"}, block]
    found = refusal(client, messages=[USER, {"role": role, "content": content}, USER])
    assert found.startswith(f"messages.1.content.1.{message}")


# --- pictures and documents ---------------------------------------------------------------------------------------


def test_pictures(client: TestClient, inference: FakeInference, library: FakeLibrary) -> None:
    can(library, "vision")
    found = talk(client, inference, {"role": "user", "content": [IMAGE, {"type": "text", "text": "What?"}]})
    assert found == (Message(role="user", content="What?", images=(PNG,)),)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"type": "base64", "media_type": "image/png", "data": "?"}, "data: the image is not valid base64"),
        ({"type": "base64", "media_type": "image/png", "data": "AAAA"}, "data: the image is not png"),
        ({"type": "url", "url": "file:///etc/passwd"}, "url: must begin with http:// or https://"),
        ({"type": "url", "url": "http://127.0.0.1:9/x.png"}, "url: the image cannot be fetched"),
        ({"type": "file", "file_id": "f"}, " there are no uploaded files"),
    ],
)
def test_pictures_that_cannot_be_had(
    client: TestClient, library: FakeLibrary, source: dict[str, Any], message: str
) -> None:
    can(library, "vision")
    found = refusal(client, messages=[{"role": "user", "content": [{"type": "image", "source": source}]}])
    path = f"messages.0.content.0.source{':' if message.startswith(' ') else '.'}"
    assert found.startswith(path + message)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"source": {"type": "text", "media_type": "text/plain", "data": "Words."}}, "Words."),
        ({"source": {"type": "content", "content": "Words."}}, "Words."),
        ({"source": {"type": "content", "content": [{"type": "text", "text": "Words."}]}}, "Words."),
        (
            {
                "source": {"type": "text", "data": "Words."},
                "title": "T",
                "context": "C",
                "citations": {"enabled": True},
            },
            "<title>T</title>\n<context>C</context>\nWords.",
        ),
    ],
)
def test_documents(client: TestClient, inference: FakeInference, document: dict[str, Any], text: str) -> None:
    content = [{"type": "document", **document}, {"type": "text", "text": "Sum it up."}]
    expected = f"<document>\n{text}\n</document>\n\nSum it up."
    assert talk(client, inference, {"role": "user", "content": content}) == (Message(role="user", content=expected),)


def test_names_of_models_may_have_slashes(client: TestClient, inference: FakeInference, library: FakeLibrary) -> None:
    library.records["hf.co/a/b:Q4"] = record("hf.co/a/b:Q4")
    assert request(client, inference, model="hf.co/a/b:Q4").model == "hf.co/a/b:Q4"
