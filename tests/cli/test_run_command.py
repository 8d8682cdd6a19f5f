"""omm run with a prompt: what is sent, what is printed where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from omm.cli import run
from omm.errors import InvalidRequest
from tests.cli.conftest import Omm
from tests.cli.scripted import DONE, INFO, ScriptedServer, generated


def sent(server: ScriptedServer) -> Any:
    (request,) = server.asked("/api/generate")
    return request.body


def able(server: ScriptedServer, *capabilities: str) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": capabilities})


def test_stdout_is_the_answer_and_nothing_else(omm: Omm, server: ScriptedServer) -> None:
    assert omm("run", "tiny", "Say", "hello") == (0, "Hello world\n\n", "")
    assert sent(server) == {"model": "tiny", "prompt": "Say hello"}


def test_piped_text_comes_before_the_arguments(omm: Omm, server: ScriptedServer) -> None:
    omm("run", "tiny", "Summarize", "this", stdin="A text.\n")
    assert sent(server)["prompt"] == "A text.\n Summarize this"


def test_piped_text_alone_is_the_prompt(omm: Omm, server: ScriptedServer) -> None:
    omm("run", "tiny", stdin="A question")
    assert sent(server)["prompt"] == "A question"


def test_without_prompt_the_model_is_only_loaded(omm: Omm, server: ScriptedServer) -> None:
    assert omm("run", "tiny", "--keepalive", "-1s") == (0, "", "")
    assert sent(server) == {"model": "tiny", "keep_alive": "-1s"}


def test_flags_reach_the_server(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"b": {}, "a": {}}}
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    omm(
        *("run", "--keepalive", "1h30m", "--system", "Be brief.", "--option", "seed=7"),
        *(word for name in ("temperature=0", "stop=a", "stop=b") for word in ("-o", name)),
        *("-o", "dry_sequence_breakers=x", "-o", "dry_sequence_breakers=y"),
        *("--format", str(tmp_path / "schema.json"), "tiny", "Hi"),
    )
    body = sent(server)
    assert body == {
        "model": "tiny",
        "prompt": "Hi",
        "system": "Be brief.",
        "keep_alive": "1h30m",
        "format": schema,
        "options": {"temperature": 0.0, "seed": 7, "stop": ["a", "b"], "dry_sequence_breakers": ["x", "y"]},
    }
    assert list(body["format"]["properties"]) == ["b", "a"]


@pytest.mark.parametrize(("text", "value"), [("json", "json"), ('{"type": "object"}', {"type": "object"}), ("", None)])
def test_formats(text: str, value: object) -> None:
    assert run.parse_format(text) == value


@pytest.mark.parametrize("text", ["{broken", "no-such-file.json", "yaml"])
def test_bad_formats(text: str) -> None:
    with pytest.raises(InvalidRequest, match="invalid format"):
        run.parse_format(text)


def test_what_is_wrong_with_a_format_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text("{'type': 'object'}")
    with pytest.raises(InvalidRequest, match=r'schema.json": JSON is malformed'):
        run.parse_format(str(tmp_path / "schema.json"))


@pytest.mark.parametrize(
    ("args", "value"),
    [
        (("--think", "Hi"), True),
        (("--think=false", "Hi"), False),
        (("--think=high", "Hi"), "high"),
        (("Hi",), True),
    ],
)
def test_think(omm: Omm, server: ScriptedServer, args: tuple[str, ...], value: object) -> None:
    able(server, "completion", "thinking")
    omm("run", "tiny", *args)
    assert sent(server)["think"] == value
    assert sent(server)["prompt"] == "Hi"


@pytest.mark.parametrize(("args", "value"), [((), "low"), (("--think=false",), False)])
def test_think_is_as_the_server_is_configured_unless_it_is_said(
    omm: Omm, server: ScriptedServer, args: tuple[str, ...], value: object
) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["completion", "thinking"], "think": "low"})
    omm("run", "tiny", *args, "Hi")
    assert sent(server)["think"] == value


def test_a_word_after_two_dashes_is_never_a_flag(omm: Omm, server: ScriptedServer) -> None:
    omm("run", "tiny", "--", "what", "is", "--think")
    assert sent(server)["prompt"] == "what is --think"


def test_think_is_not_sent_for_a_model_that_cannot(omm: Omm, server: ScriptedServer) -> None:
    omm("run", "tiny", "Hi")
    assert "think" not in sent(server)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--think=maybe",), 'invalid value for --think: "maybe" (must be true, false, high, medium, low, or max)'),
        (("--keepalive", "300"), '--keepalive: time: missing unit in duration "300"'),
        (("--dimensions", "x"), 'invalid value for --dimensions: "x" (must be a whole number)'),
        (("-o", "nonsense=1"), "unknown parameter 'nonsense'"),
        (("-o", "seed=x"), "invalid value for 'seed': x"),
        (("-o", "temperature=nan"), "invalid value for 'temperature': nan"),
        (("--dimensions", "9" * 10), f'invalid value for --dimensions: "{"9" * 10}" (must be a whole number)'),
        (("-o", "seed"), "invalid option 'seed' (must be NAME=VALUE)"),
    ],
)
def test_bad_flags_are_refused_before_anything_is_asked(
    omm: Omm, server: ScriptedServer, args: tuple[str, ...], message: str
) -> None:
    assert omm("run", "tiny", "Hi", *args) == (2, "", f"Error: {message}\n")
    assert not server.requests


@pytest.mark.parametrize(
    ("abilities", "args", "message"),
    [
        (("completion",), ("--json", "--raw"), "--raw: does nothing with --json"),
        (("completion",), ("--json", "--nowordwrap"), "--nowordwrap: does nothing with --json"),
        (("completion",), ("--dimensions", "8"), "--dimensions: does nothing with a model that answers"),
        (("completion",), ("--no-truncate",), "--truncate: does nothing with a model that answers"),
        (("embedding",), ("--system", "Be brief."), "--system: does nothing with an embedding model"),
        (("embedding",), ("--json",), "--json: does nothing with an embedding model"),
    ],
)
def test_flags_that_would_do_nothing_are_refused(
    omm: Omm, server: ScriptedServer, abilities: tuple[str, ...], args: tuple[str, ...], message: str
) -> None:
    able(server, *abilities)
    assert omm("run", "tiny", "Hi", *args) == (2, "", f"Error: {message}\n")
    assert {request.path for request in server.requests} <= {"/api/version", "/api/show"}


def test_thinking_goes_to_stderr_when_stdout_is_piped(omm: Omm, server: ScriptedServer) -> None:
    able(server, "completion", "thinking")
    lines = [generated("", "Let me"), generated("", " see."), generated("Four."), DONE]
    server.answers["POST", "/api/generate"] = (200, lines)
    assert omm("run", "tiny", "2+2?") == (0, "Four.\n\n", "Thinking...\nLet me see.\n...done thinking.\n\n")
    assert omm("run", "tiny", "--hidethinking", "2+2?") == (0, "Four.\n\n", "")


def test_verbose_prints_timings_on_stderr(omm: Omm, server: ScriptedServer) -> None:
    result = omm("run", "--verbose", "tiny", "Hi")
    assert result.out == "Hello world\n\n"
    assert result.err.splitlines() == [
        "total duration:       6.2345s",
        "load duration:        45.6ms",
        "prompt eval count:    26 token(s)",
        "prompt eval duration: 130.079ms",
        "prompt eval rate:     199.88 tokens/s",
        "eval count:           298 token(s)",
        "eval duration:        4.799921s",
        "eval rate:            62.08 tokens/s",
        "time to first token:  1.434579s",
    ]


def test_tool_calls_are_described(omm: Omm, server: ScriptedServer) -> None:
    call = {"function": {"name": "get_weather", "arguments": {"city": "Rome"}}}
    server.answers["POST", "/api/generate"] = (200, [{**DONE, "tool_calls": [call]}])
    text = '  Model called a non-existent function \'get_weather()\' with arguments: {"city":"Rome"}\n'
    assert omm("run", "tiny", "Hi").out == text + "\n\n"


def test_missing_model_is_pulled(omm: Omm, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    replies = iter([(404, {"error": "model 'new' not found"}), (200, INFO)])
    server.answers["POST", "/api/show"] = (404, {"error": "model 'new' not found"})
    original = server.answers

    class Once(dict[tuple[str, str], tuple[int, Any]]):
        def get(self, key: Any, default: Any = None) -> Any:
            return next(replies) if key == ("POST", "/api/show") else super().get(key, default)

    server.answers = Once(original)
    assert omm("run", "--insecure", "new", "Hi") == (0, "Hello world\n\n", "pulling manifest\nsuccess\n")
    assert server.asked("/api/pull")[0].body == {"model": "new", "insecure": True}


def test_model_that_no_source_has(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (404, {"error": "model 'x' not found"})
    server.answers["POST", "/api/pull"] = (200, [{"status": "pulling manifest"}, {"error": "no source has x"}])
    assert omm("run", "x", "Hi") == (3, "", "pulling manifest\nError: no source has x\n")


def test_error_in_the_middle_of_an_answer(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("Half"), {"error": "the runner died"}])
    result = omm("run", "tiny", "Hi")
    assert result.code == 1
    assert result.out == "Half"
    assert result.err == "Error: the runner died\n"


def test_stream_that_breaks_off(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("Half")])
    result = omm("run", "tiny", "Hi")
    assert result.code == 4
    assert "ended in the middle" in result.err


def test_embedding_model_prints_a_vector(omm: Omm, server: ScriptedServer) -> None:
    able(server, "embedding")
    server.answers["POST", "/api/embed"] = (200, {"embeddings": [[0.25, -1.5]]})
    assert omm("run", "embed", "--dimensions", "2", "--no-truncate", "some text") == (0, "[0.25,-1.5]\n", "")
    (request,) = server.asked("/api/embed")
    assert request.body == {"model": "embed", "input": "some text", "dimensions": 2, "truncate": False}


def test_embedding_model_needs_text(omm: Omm, server: ScriptedServer) -> None:
    able(server, "embedding")
    result = omm("run", "embed")
    assert result.code == 1
    assert result.err == 'Error: embedding models require input text. Usage: omm run embed "your text here"\n'


def test_embedding_may_come_back_empty(omm: Omm, server: ScriptedServer) -> None:
    able(server, "embedding")
    server.answers["POST", "/api/embed"] = (200, {"embeddings": []})
    assert omm("run", "embed", "x").err == "Error: no embeddings returned\n"


def test_files_come_before_the_prompt(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\n")
    (tmp_path / "b.py").write_text("two")
    assert omm("run", "tiny", "-f", str(tmp_path / "a.txt"), "--file", str(tmp_path / "b.py"), "Compare").code == 0
    assert sent(server)["prompt"] == f"{tmp_path}/a.txt:\n```\none\n```\n\n{tmp_path}/b.py:\n```\ntwo\n```\n\nCompare"


def test_image_goes_beside_the_prompt(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    able(server, "completion", "vision")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert omm("run", "tiny", "-f", str(tmp_path / "a.png"), "What?") == (0, "Hello world\n\n", "")
    assert sent(server) == {"model": "tiny", "prompt": "What?", "images": ["iVBORw0KGgo="]}


def test_image_may_be_named_in_the_prompt(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    able(server, "completion", "vision")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert omm("run", "tiny", f"What is {tmp_path}/a.png?").err == f"Added image '{tmp_path}/a.png'\n"
    assert sent(server)["images"] == ["iVBORw0KGgo="]
    assert sent(server)["prompt"] == "What is ?"


def test_missing_file_is_refused_before_anything_is_asked(omm: Omm, server: ScriptedServer) -> None:
    assert omm("run", "tiny", "-f", "nothing.txt", "Hi") == (1, "", "Error: nothing.txt: No such file or directory\n")
    assert not server.requests


def test_seed_is_an_option(omm: Omm, server: ScriptedServer) -> None:
    omm("run", "tiny", "--seed", "7", "Hi")
    assert sent(server)["options"] == {"seed": 7}
    assert omm("run", "tiny", "--seed", "x", "Hi").err == "Error: invalid value for 'seed': x\n"


def test_json_is_one_event_a_line(omm: Omm, server: ScriptedServer) -> None:
    call = {"function": {"name": "f", "arguments": {}}}
    lines = [generated("", "Hm."), generated("Four"), generated("."), {**DONE, "tool_calls": [call]}]
    server.answers["POST", "/api/generate"] = (200, lines)
    result = omm("run", "tiny", "--json", "2+2?")
    assert (result.code, result.err) == (0, "")
    *events, done = [json.loads(line) for line in result.out.splitlines()]
    assert events == [
        {"type": "thinking", "text": "Hm."},
        {"type": "text", "text": "Four"},
        {"type": "text", "text": "."},
        {"type": "tool_call", **call},
    ]
    assert (done["type"], done["done_reason"], done["eval_count"]) == ("done", "stop", 298)


def test_json_without_thinking(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("", "Hm."), generated("Four."), DONE])
    out = omm("run", "tiny", "--json", "--hidethinking", "2+2?").out
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["text", "done"]


def test_json_that_breaks_off_has_no_end(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("Fo"), {"error": "the model crashed"}])
    assert omm("run", "tiny", "--json", "Hi") == (1, '{"type":"text","text":"Fo"}\n', "Error: the model crashed\n")
