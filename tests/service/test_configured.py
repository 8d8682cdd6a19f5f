"""What the configuration says of a model: over the Modelfile, under the request, and told with its origin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from omm.config import Settings
from omm.errors import InvalidRequest
from omm.service import configured, loading, prompts
from omm.service.configured import applied, effective, filled, with_aliases
from omm.types import ChatRequest, LoadWishes, Message, ModelRecord, Options
from tests import fakes

ASKED = ChatRequest(model="m", messages=(Message(role="user", content="Hi"),))


@pytest.fixture
def configure(tmp_path: Path) -> Any:
    """Settings out of a file's text, variables and flags."""

    def make(text: str, env: dict[str, str] | None = None, **flags: Any) -> Settings:
        (tmp_path / "c.toml").write_text(text)
        return Settings.load({"OMM_CONFIG": str(tmp_path / "c.toml"), **(env or {})}, **flags)

    return make


def model(*abilities: str, **fields: Any) -> ModelRecord:
    """A model with what its Modelfile (`own_parameters`) and its file (`parameters`) say."""
    return msgspec.structs.replace(fakes.record("m:7b", **fields), capabilities=("completion", *abilities))


def origins(record: ModelRecord, settings: Settings) -> dict[str, tuple[Any, str]]:
    found = effective(applied(record, settings), settings)
    return {name: (row.value, row.origin) for name, row in found.items()}


# --- what requests get --------------------------------------------------------------------------------------------


def test_the_table_goes_over_the_modelfile_and_under_the_request(configure: Any) -> None:
    settings = configure("[model.'m*']\ntemperature = 0.2\ntop_k = 5\n")
    own = {"temperature": 0.9, "min_p": 0.1}
    merged = loading.merge_options(Options(top_k=7), applied(model(parameters=own, own_parameters=own), settings))
    assert merged == Options(temperature=0.2, top_k=7, min_p=0.1)


def test_texts_are_replaced(configure: Any) -> None:
    settings = configure("[model.'m*']\nsystem = 'Be brief.'\ntemplate = 'T {{ messages }}'\ndialect = 'glm'\n")
    record = applied(model(system="Old.", template="{{ .Prompt }}", dialect="hermes"), settings)
    assert (record.system, record.template, record.dialect) == ("Be brief.", "T {{ messages }}", "glm")
    assert [turn.content for turn in prompts.messages_of(ASKED, record)] == ["Be brief.", "Hi"]
    assert prompts.describe(record).origin == "config"


def test_a_system_text_may_be_taken_away(configure: Any) -> None:
    assert applied(model(system="Old."), configure("[model.'m*']\nsystem = ''\n")).system == ""


def test_a_model_that_no_table_names_stays_as_it_is(configure: Any) -> None:
    record = model(parameters={"top_k": 1})
    assert applied(record, configure("[model.'n*']\ntop_k = 5\n")) is record


def test_thinking_is_as_configured_unless_the_request_says(configure: Any) -> None:
    settings = configure("[model.'*']\nthink = false\nthinking_budget = 9\n")
    record = applied(model("thinking"), settings)
    request = filled(ASKED, record)
    assert (request.think, request.thinking_budget) == (False, 9)
    asked = msgspec.structs.replace(ASKED, think="high", thinking_budget=0)
    assert filled(asked, record) == asked


def test_a_model_that_cannot_think_is_not_made_to(configure: Any) -> None:
    settings = configure("[model.'*']\nthink = true\n")
    record = applied(model(), settings)
    assert filled(ASKED, record) == ASKED
    assert origins(model(), settings)["think"] == (False, "default")


def test_loading_goes_by_the_table(configure: Any, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"x")
    text = "[model.'*']\nnum_parallel = 3\nflash_attention = true\nkv_cache_type = 'q8_0'\nnum_ctx = 64\nnum_gpu = 2\n"
    settings = configure(text, {"OMM_NUM_PARALLEL": "1", "OMM_FLASH_ATTENTION": "off", "OMM_CONTEXT_LENGTH": "32"})
    record = msgspec.structs.replace(applied(model(), settings), weights=str(tmp_path / "weights"))
    options = loading.merge_options(Options(), record)
    spec = loading.load_spec(record, options, settings)
    assert (spec.num_parallel, spec.flash_attention, spec.kv_cache_type) == (3, "on", "q8_0")
    assert (spec.num_ctx, spec.default_ctx, spec.num_gpu) == (64, 32, 2)
    wished = loading.load_spec(record, options, settings, LoadWishes(kv_cache_type="q4_0"))
    assert (wished.kv_cache_type, wished.flash_attention) == ("q4_0", "on")


# --- what is told -------------------------------------------------------------------------------------------------


def test_every_value_is_told_with_its_origin(configure: Any, tmp_path: Path) -> None:
    text = "threads = 4\n[model.'m*']\ntemperature = 0.2\nkeep_alive = '1m'\n"
    settings = configure(text, {"OLLAMA_CONTEXT_LENGTH": "99"}, kv_cache_type="q8_0")
    record = model(
        parameters={"temperature": 0.9, "top_k": 3, "seed": 1}, own_parameters={"temperature": 0.9, "seed": 1}
    )
    found = origins(record, settings)
    file = f"{tmp_path}/c.toml"
    assert found["temperature"] == (0.2, f'{file}:3 [model."m*"]')
    assert found["keep_alive"] == (60.0, f'{file}:4 [model."m*"]')
    assert found["seed"] == (1, "Modelfile")
    assert found["top_k"] == (3, "model file")
    assert found["num_ctx"] == (99, "OLLAMA_CONTEXT_LENGTH")
    assert found["num_thread"] == (4, f"{file}:1")
    assert found["kv_cache_type"] == ("q8_0", "--kv-cache-type")
    assert found["top_p"] == (0.9, "default")
    assert found["num_parallel"] == found["num_gpu"] == (None, "default")


def test_it_is_what_requests_get(configure: Any) -> None:
    settings = configure("[model.'m*']\ntemperature = 0.2\nstop = 'x'\n")
    record = applied(model(parameters={"top_k": 3, "min_p": 0.5}), settings)
    found = effective(record, settings)
    params = loading.effective(Options(), record)
    assert {name: found[name].value for name in params.__struct_fields__} == msgspec.structs.asdict(params)
    assert found["stop"].value == loading.merge_options(Options(), record).stop


@pytest.mark.parametrize(
    ("fields", "template", "dialect"),
    [
        ({}, "default", "default"),
        ({"chat_template": "J"}, "model file", "model file"),
        ({"template": "{{ .Prompt }}"}, "Modelfile", "Modelfile"),
        ({"chat_template": "J", "dialect": "glm"}, "model file", "Modelfile"),
    ],
)
def test_origins_of_templates_and_dialects(configure: Any, fields: dict[str, str], template: str, dialect: str) -> None:
    found = origins(model(**fields), configure(""))
    assert (found["template"][1], found["dialect"][1]) == (template, dialect)


def test_a_server_unloads_at_once_when_told_so(configure: Any) -> None:
    assert origins(model(), configure("keep_alive = 0"))["keep_alive"][0] == 0.0


# --- at start -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dialect = 'klingon'", "c.toml:2: model.m.dialect: no dialect is called 'klingon'; known are "),
        ("template = '{{ if .Prompt }}'", "c.toml:2: model.m.template: "),
        ("template = '{% for %}'", "c.toml:2: model.m.template: "),
    ],
)
def test_what_no_model_could_use_is_refused(configure: Any, line: str, message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        configured.check(configure(f"[model.m]\n{line}\n"))
    assert message in caught.value.message


def test_sound_tables_pass(configure: Any) -> None:
    configured.check(configure("[model.m]\ndialect = 'glm'\ntemplate = '{{ .Prompt }}'\n[alias]\na = 'm'\n"))


# --- listings -----------------------------------------------------------------------------------------------------


def test_aliases_are_listed_as_what_they_stand_for(configure: Any) -> None:
    settings = configure("[alias]\n'gpt-4o' = 'tiny'\n'gpt-*' = 'tiny'\nnone = 'absent'\n")
    tiny = fakes.summary("tiny:latest", modified_ns=5)
    assert with_aliases([tiny], settings) == [tiny, msgspec.structs.replace(tiny, name="gpt-4o")]
