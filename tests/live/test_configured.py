"""A server with tables for models and aliases, asked in every protocol and by the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from omm.config import Settings
from omm.errors import InvalidRequest
from omm.server import build_app
from tests.live.conftest import Http, running

pytestmark = pytest.mark.model

TEXT = """\
[model."t*"]
system = "Be a pirate."
temperature = 0.0
repeat_penalty = 1.0
num_predict = 7
num_ctx = 512
keep_alive = -1
num_parallel = 2

[model.tiny]
think = false

[alias]
gpt-4o = "tiny"
"claude-*" = "tiny"
"""
HELLO = [{"role": "user", "content": "Hello"}]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("configured")
    (folder / "config.toml").write_text(TEXT)
    return folder


@pytest.fixture(scope="module")
def http(home: Path) -> Iterator[Http]:
    """A server with these tables that has pulled the model by an alias."""
    env = {"OMM_CONFIG": str(home / "config.toml"), "OMM_CONTEXT_LENGTH": "256"}
    settings = Settings.load(env, models=home / "models", host="127.0.0.1:0", threads=1, sources=("tiny",))
    with running(settings) as address, Http(address) as session:
        session.post("/api/pull", json={"model": "gpt-4o", "stream": False}).raise_for_status()
        yield session


def chat(http: Http, **body: Any) -> Any:
    reply = http.post("/api/chat", json={"model": "tiny", "messages": HELLO, "stream": False, **body})
    reply.raise_for_status()
    return reply.json()


def test_the_tables_hold_where_the_request_is_silent(http: Http) -> None:
    prompt = chat(http, _debug_render_only=True)["_debug_info"]["rendered_template"]
    assert "Be a pirate." in prompt
    first = chat(http)
    assert first["eval_count"] == 7
    assert "thinking" not in first["message"]
    assert chat(http)["message"] == first["message"]
    (row,) = http.get("/api/ps").json()["models"]
    assert (row["context_length"], row["parallel"], row["expires_at"][:2]) == (512, 2, "23")


def test_the_request_wins(http: Http) -> None:
    system = [{"role": "system", "content": "Be a poet."}, *HELLO]
    prompt = chat(http, messages=system, think=True, _debug_render_only=True)["_debug_info"]["rendered_template"]
    assert "Be a poet." in prompt
    assert "pirate" not in prompt
    assert chat(http, options={"num_predict": 3})["eval_count"] == 3
    assert chat(http, think=True)["message"]["thinking"]


def test_an_alias_answers_in_every_protocol_by_its_own_name(http: Http) -> None:
    expected = chat(http)["message"]["content"]
    own = chat(http, model="claude-opus@2026")
    assert (own["model"], own["message"]["content"]) == ("claude-opus@2026", expected)
    with openai.OpenAI(base_url=f"{http.url}/v1", api_key="x") as client:
        answer = client.chat.completions.create(model="gpt-4o", messages=HELLO)  # type: ignore[arg-type]
        assert (answer.model, answer.choices[0].message.content) == ("gpt-4o", expected)
        assert client.responses.create(model="gpt-4o", input="Hello").output_text == expected
        assert [model.id for model in client.models.list()] == ["tiny", "gpt-4o"]
        assert client.models.retrieve("claude-5").id == "claude-5"
        with pytest.raises(openai.NotFoundError, match="alias of 'tiny'"):
            client.models.delete("gpt-4o")
    with anthropic.Anthropic(base_url=http.url, auth_token="x") as claude:
        said = claude.messages.create(model="claude-opus-5", max_tokens=7, messages=HELLO)  # type: ignore[arg-type]
        assert (said.model, said.content[0].text) == ("claude-opus-5", expected)  # type: ignore[union-attr]
        assert [model.id for model in claude.models.list()] == ["tiny", "gpt-4o"]
    native = http.post("/v1/prompt", json={"prompt": "Hello", "runtime": {"model_reference": "claude-opus-5"}})
    assert native.json()["metadata"]["model"] == "tiny:latest"


def test_nobody_deletes_or_stops_a_model_by_deleting_its_alias(http: Http) -> None:
    chat(http)
    reply = http.delete("/api/delete", json={"model": "gpt-4o"})
    assert (reply.status_code, "alias of 'tiny'" in reply.json()["error"]) == (404, True)
    assert [row["name"] for row in http.get("/api/tags").json()["models"]] == ["tiny:latest"]
    assert len(http.get("/api/ps").json()["models"]) == 1
    assert http.get("/api/ps").json()["models"][0]["active"] == 0


def test_metrics_count_the_model_whatever_it_is_called(http: Http) -> None:
    chat(http, model="claude-some-name")
    text = http.get("/metrics").text
    assert 'omm_tokens_predicted_total{model="tiny:latest"}' in text
    assert "claude-some-name" not in text


def test_show_tells_alias_origins_and_the_modelfile_as_it_was(http: Http, home: Path) -> None:
    shown = http.post("/api/show", json={"model": "claude-x", "effective": True}).json()
    assert (shown["alias_of"], shown["system"], shown["think"]) == ("tiny:latest", "Be a pirate.", False)
    assert "pirate" not in shown["modelfile"]
    file = home / "config.toml"
    told = {name: (row["value"], row["from"]) for name, row in shown["effective"].items()}
    assert told["num_ctx"] == (512, f'{file}:6 [model."t*"]')
    assert told["think"] == (False, f"{file}:11 [model.tiny]")
    assert told["repeat_penalty"] == (1.0, f'{file}:4 [model."t*"]')
    assert told["top_k"] == (40, "default")
    assert told["template"][1] == "model file"
    assert told["num_thread"] == (1, "--threads")
    assert "effective" not in http.post("/api/show", json={"model": "tiny"}).json()


def test_commands_take_aliases(http: Http, home: Path) -> None:
    env = {**os.environ, "OMM_HOME": str(home / "client"), "OMM_HOST": http.url}

    def omm(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "omm", "--no-start", *args]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)

    ran = omm("run", "gpt-4o", "Hello", "--raw")
    assert (ran.returncode, ran.stdout.strip()) == (0, chat(http)["message"]["content"].strip())
    assert "Thinking" not in ran.stderr
    assert json.loads(omm("show", "claude-x", "--effective", "--json").stdout)["num_predict"]["value"] == 7
    removed = omm("rm", "gpt-4o")
    assert (removed.returncode, "alias of 'tiny'" in removed.stderr) == (3, True)
    assert omm("list").stdout.count("\n") == 2
    assert "tiny:latest" in omm("ps").stdout


@pytest.mark.parametrize("line", ["dialect = 'klingon'", "template = '{{ if .Prompt }}'"])
def test_a_server_does_not_start_with_what_no_model_could_use(tmp_path: Path, line: str) -> None:
    (tmp_path / "config.toml").write_text(f"[model.tiny]\n{line}\n")
    settings = Settings.load({"OMM_HOME": str(tmp_path)}, models=tmp_path / "models")
    with pytest.raises(InvalidRequest, match=r"config\.toml:2: model\.tiny"):
        build_app(settings)
