"""Input items and their parts: how they become messages, and how they are refused."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest
from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm.types import Message, ToolCall
from tests.fakes import FakeInference, FakeLibrary, record

PATH = "/v1/responses"
USER = {"role": "user", "content": "hi"}
CALL = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": '{"a": 1}'}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "fine"}
TOOL_CALL = ToolCall(id="call_1", name="f", arguments={"a": 1})
PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()

SOUND = {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}}
PDF = {"type": "input_file", "file_data": base64.b64encode(b"%PDF-1.7").decode()}


@pytest.fixture(autouse=True)
def _can_see(library: FakeLibrary) -> None:
    seeing = msgspec.structs.replace(record("eyes:latest"), capabilities=("completion", "vision"))
    library.records["eyes:latest"] = seeing


def messages(client: TestClient, inference: FakeInference, *items: Any, **fields: Any) -> tuple[Message, ...]:
    """What the model is asked for these items."""
    result = client.simulate_post(PATH, json={"model": "tiny", "input": list(items), **fields})
    assert result.status_code == 200, result.text
    asked: tuple[Message, ...] = inference.request.messages
    return asked


def refusal(client: TestClient, *items: Any, **fields: Any) -> tuple[str, str, str]:
    result = client.simulate_post(PATH, json={"model": "tiny", "input": list(items), **fields})
    assert result.status_code == 400, result.text
    error = result.json["error"]
    return error["code"], error["param"], error["message"]


def says(role: str, content: str, **fields: Any) -> Message:
    return Message(role=role, content=content, **fields)


# --- messages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "known_as"),
    [("user", "user"), ("assistant", "assistant"), ("system", "system"), ("developer", "system")],
)
@pytest.mark.parametrize("extra", [{}, {"type": "message", "id": "msg_1", "status": "completed"}, {"type": None}])
def test_roles(client: TestClient, inference: FakeInference, role: str, known_as: str, extra: Any) -> None:
    assert messages(client, inference, {"role": role, "content": "x", **extra}) == (says(known_as, "x"),)


@pytest.mark.parametrize("kind", ["input_text", "text", "output_text"])
@pytest.mark.parametrize("role", ["user", "assistant", "system"])
def test_001_23_text_parts_are_joined(client: TestClient, inference: FakeInference, kind: str, role: str) -> None:
    content = [{"type": kind, "text": "a"}, {"type": kind, "text": ""}, {"type": kind, "text": "b"}]
    assert messages(client, inference, {"role": role, "content": content}) == (says(role, "ab"),)


def test_an_answer_sent_back(client: TestClient, inference: FakeInference) -> None:
    output = client.simulate_post(PATH, json={"model": "tiny", "input": "hi"}).json["output"]
    asked = messages(client, inference, USER, *output, {**USER, "phase": "commentary"})
    assert asked == (says("user", "hi"), says("assistant", "Hello there"), says("user", "hi"))


def test_phases_are_accepted(client: TestClient, inference: FakeInference) -> None:
    item = {"type": "message", "role": "assistant", "phase": "final_answer", "content": "x"}
    assert messages(client, inference, item, USER)[0] == says("assistant", "x")


def test_a_refusal_is_what_the_assistant_said(client: TestClient, inference: FakeInference) -> None:
    item = {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}
    assert messages(client, inference, item) == (says("assistant", "No."),)


@pytest.mark.parametrize(
    ("item", "code", "param"),
    [
        ({"role": "robot", "content": "x"}, "invalid_value", "input[1].role"),
        ({"role": "user"}, "missing_required_parameter", "input[1].content"),
        ({"role": "user", "content": 3}, "invalid_value", "input[1].content"),
        ({"role": "user", "content": [{"type": "hologram"}]}, "invalid_value", "input[1].content[0].type"),
        (
            {"role": "user", "content": [{"type": "input_text"}]},
            "missing_required_parameter",
            "input[1].content[0].text",
        ),
        ({}, "missing_required_parameter", "input[1].type"),
        ({"type": "telepathy"}, "invalid_value", "input[1].type"),
        ({"type": 3}, "missing_required_parameter", "input[1].type"),
        ({"type": "compaction", "encrypted_content": "x"}, "unsupported_parameter", "input[1].type"),
        ({"type": "compaction_trigger"}, "unsupported_parameter", "input[1].type"),
        ({"type": "function_call", "call_id": "c", "name": "f"}, "missing_required_parameter", "input[1].arguments"),
        ({"type": "function_call_output", "output": "x"}, "missing_required_parameter", "input[1].call_id"),
        (OUTPUT, "invalid_value", "input[1].call_id"),
        ({"type": "item_reference"}, "missing_required_parameter", "input[1].id"),
        ({"type": "item_reference", "id": "msg_1"}, "item_not_found", "input[1].id"),
    ],
)
def test_refused_items(client: TestClient, item: Any, code: str, param: str) -> None:
    assert refusal(client, USER, item)[:2] == (code, param)


def test_a_refusal_names_index_and_type(client: TestClient) -> None:
    assert refusal(client, USER, {"type": "telepathy"})[2] == "input[1] has the unknown type 'telepathy'"


def test_items_must_be_objects(client: TestClient) -> None:
    assert refusal(client, USER, "x")[:2] == ("invalid_value", "input[1]")


@pytest.mark.parametrize(
    "kind",
    "web_search_call file_search_call code_interpreter_call image_generation_call computer_call computer_call_output"
    " local_shell_call local_shell_call_output shell_call shell_call_output apply_patch_call apply_patch_call_output"
    " mcp_call mcp_list_tools tool_search_call tool_search_output configuration_update program program_output".split(),
)
def test_other_history_is_skipped(client: TestClient, inference: FakeInference, kind: str) -> None:
    assert messages(client, inference, USER, {"type": kind, "id": "x", "anything": [1]}) == (says("user", "hi"),)


# --- calls and reasoning ----------------------------------------------------------------------------------------


def test_001_27_a_call_and_its_output(client: TestClient, inference: FakeInference) -> None:
    assert messages(client, inference, USER, CALL, OUTPUT) == (
        says("user", "hi"),
        says("assistant", "", tool_calls=(TOOL_CALL,)),
        says("tool", "fine", tool_call_id="call_1", tool_name="f"),
    )


def test_calls_join_the_turn_before_them(client: TestClient, inference: FakeInference) -> None:
    thought = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}]}
    second = {**CALL, "call_id": "call_2", "name": "g", "arguments": "{}", "status": "completed"}
    asked = messages(client, inference, USER, thought, {"role": "assistant", "content": "ok"}, CALL, second, OUTPUT)
    calls = (TOOL_CALL, ToolCall(id="call_2", name="g", arguments={}, index=1))
    assert asked[1] == says("assistant", "ok", thinking="hm", tool_calls=calls)


def test_an_output_that_answers_no_call_is_tolerated_where_there_are_others(
    client: TestClient, inference: FakeInference
) -> None:
    asked = messages(client, inference, CALL, {**OUTPUT, "call_id": "call_9"})
    assert asked[1] == says("tool", "fine", tool_call_id="call_9")


def test_arguments_that_are_no_json_stay_text(client: TestClient, inference: FakeInference) -> None:
    (asked,) = messages(client, inference, {**CALL, "arguments": '{"a'})
    assert asked.tool_calls[0].arguments == '{"a'


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("x", "x"),
        ([{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}], "ab"),
        ({"temperature": 20, "sky": None}, '{"temperature":20,"sky":null}'),
        ([1, "two"], '[1,"two"]'),
        ([{"type": "point", "x": 1}], '[{"type":"point","x":1}]'),
        (3, "3"),
        (None, "null"),
        ([], ""),
    ],
)
def test_outputs(client: TestClient, inference: FakeInference, output: Any, text: str) -> None:
    assert messages(client, inference, CALL, {**OUTPUT, "output": output})[1].content == text


def test_custom_calls(client: TestClient, inference: FakeInference) -> None:
    call = {"type": "custom_tool_call", "call_id": "c", "name": "patch", "input": "*** x"}
    output = {"type": "custom_tool_call_output", "call_id": "c", "output": "done"}
    assert messages(client, inference, call, output) == (
        says("assistant", "", tool_calls=(ToolCall(id="c", name="patch", arguments={"input": "*** x"}),)),
        says("tool", "done", tool_call_id="c", tool_name="patch"),
    )


def test_calls_in_namespaces(client: TestClient, inference: FakeInference) -> None:
    (asked,) = messages(client, inference, {**CALL, "namespace": "web"})
    assert asked.tool_calls[0].name == "web.f"


@pytest.mark.parametrize(
    ("fields", "thinking"),
    [
        ({"summary": [{"type": "summary_text", "text": "s"}]}, "s"),
        (
            {"summary": [{"type": "summary_text", "text": "s"}], "content": [{"type": "reasoning_text", "text": "c"}]},
            "c",
        ),
        ({"summary": [], "content": None, "encrypted_content": "of another server"}, ""),
        ({"summary": [], "content": [{"type": "text", "text": "c"}]}, "c"),
        ({"summary": [{"type": "summary_text", "text": "s"}], "encrypted_content": "omm1.aG0="}, "hm"),
        ({"summary": [{"type": "summary_text", "text": "s"}], "encrypted_content": "omm1.###"}, "s"),
        ({}, ""),
    ],
)
def test_reasoning(client: TestClient, inference: FakeInference, fields: Any, thinking: str) -> None:
    asked = messages(client, inference, {"type": "reasoning", **fields}, {"role": "assistant", "content": "x"})
    assert asked == (says("assistant", "x", thinking=thinking),)


def test_reasoning_before_a_call(client: TestClient, inference: FakeInference) -> None:
    thought = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}
    assert messages(client, inference, thought, CALL)[0].thinking == "hm"


# --- pictures, sound and files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [
        {"type": "input_image", "image_url": PNG, "detail": "high"},
        {"type": "image", "image_url": PNG},
        {"type": "input_image", "image_url": {"url": PNG}},
    ],
)
def test_001_24_a_picture(client: TestClient, inference: FakeInference, part: Any) -> None:
    content = [{"type": "input_text", "text": "What is this?"}, part]
    (asked,) = messages(client, inference, {"role": "user", "content": content}, model="eyes")
    assert asked == says("user", "What is this?", images=(b"\x89PNG\r\n\x1a\n",))


def test_a_picture_from_a_tool(client: TestClient, inference: FakeInference) -> None:
    output = {**OUTPUT, "output": [{"type": "input_image", "image_url": PNG}]}
    assert messages(client, inference, CALL, output, model="eyes")[1].images == (b"\x89PNG\r\n\x1a\n",)


@pytest.mark.parametrize(
    ("model", "role", "part", "code", "param"),
    [
        ("tiny", "user", {"type": "input_image", "image_url": PNG}, "unsupported_content", "image_url"),
        ("eyes", "user", {"type": "input_image", "image_url": "ftp://x/y"}, "invalid_image_url", "image_url"),
        ("eyes", "user", {"type": "input_image", "image_url": "data:;base64,AAAA"}, "invalid_image", "image_url"),
        ("eyes", "user", {"type": "input_image", "file_id": "file-1"}, "invalid_value", "file_id"),
        ("eyes", "user", {"type": "input_image"}, "invalid_value", "image_url"),
        ("eyes", "assistant", {"type": "input_image", "image_url": PNG}, "invalid_value", "type"),
        ("eyes", "system", {"type": "input_image", "image_url": PNG}, "invalid_value", "type"),
        ("tiny", "user", SOUND, "unsupported_content", "input_audio"),
        ("tiny", "user", {"type": "audio", "audio_url": "http://x/y.wav"}, "unsupported_content", "audio_url"),
        ("tiny", "user", {"type": "input_file"}, "invalid_value", "file_data"),
        ("tiny", "user", PDF, "invalid_value", "file_data"),
    ],
)  # fmt: skip
def test_001_25_refused_parts(client: TestClient, model: str, role: str, part: Any, code: str, param: str) -> None:
    found = refusal(client, {"role": role, "content": [part]}, model=model)
    assert found[:2] == (code, f"input[0].content[0].{param}")


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({"file_url": "https://x/a.pdf"}, "[file https://x/a.pdf]"),
        ({"file_id": "file-1", "filename": "a.pdf"}, "[file a.pdf: file-1]"),
        ({"file_data": "data:text/plain;base64," + base64.b64encode(b"abc").decode()}, "abc"),
    ],
)
def test_001_26_files(client: TestClient, inference: FakeInference, part: Any, text: str) -> None:
    (asked,) = messages(client, inference, {"role": "user", "content": [{"type": "input_file", **part}]})
    assert asked.content == text


# --- anything ---------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    "message function_call function_call_output reasoning item_reference web_search_call input_text text user"
    " assistant call_1 x".split()
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "type": WORDS | JSON,
            "role": WORDS | JSON,
            "content": JSON | st.lists(st.fixed_dictionaries({"type": WORDS, "text": JSON}), max_size=2),
            "call_id": WORDS | JSON,
            "name": WORDS | JSON,
            "arguments": JSON,
            "output": JSON,
            "summary": JSON,
            "id": WORDS | JSON,
        },
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(ITEMS)
def test_whatever_is_sent_the_server_does_not_break(storing: TestClient, items: Any) -> None:
    result = storing.simulate_post(PATH, json={"model": "tiny", "input": items})
    assert result.status_code in (200, 400)
    if result.status_code == 200:
        path = f"{PATH}/{result.json['id']}"
        listed = storing.simulate_get(f"{path}/input_items", params={"limit": 100}).json
        assert all(isinstance(item["id"], str) for item in listed["data"])
        again = {"model": "tiny", "previous_response_id": result.json["id"], "input": "and?"}
        assert storing.simulate_post(PATH, json=again).status_code == 200
