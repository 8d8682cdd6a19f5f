"""Tables for models and aliases: what they may say, which one wins, and what a name stands for."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm import tables
from omm.errors import InvalidRequest
from omm.names import ModelName
from omm.tables import listed, named_target, read_aliases, read_models, target_of, values_for
from omm.tomltext import Place, lines
from omm.types import Alias, ModelTable


def models(text: str) -> tuple[ModelTable, ...]:
    return read_models(tomllib.loads(text)["model"], Place("f", lines(text)).at("model"))


def aliases(text: str) -> tuple[Alias, ...]:
    text = f"[alias]\n{text}"
    return read_aliases(tomllib.loads(text)["alias"], Place("f", lines(text)).at("alias"))


def winner(text: str, name: str, alias: str = "") -> Any:
    row = values_for(models(text), ModelName.parse(name), alias).get("top_k")
    return row and row.value


# --- models -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("temperature = 1", 1.0),
        ("num_ctx = 4096.0", 4096),
        ("stop = 'x'", ("x",)),
        ("stop = ['x', 'y,z']", ("x", "y,z")),
        ("logit_bias = {'5' = 1, 7 = -2.5}", {5: 1.0, 7: -2.5}),
        ("penalize_newline = false", False),
        ("system = 'Be brief.'", "Be brief."),
        ("template = '{{ .Prompt }}'", "{{ .Prompt }}"),
        ("keep_alive = '1h'", 3600.0),
        ("keep_alive = -1", -1.0),
        ("think = false", False),
        ("think = 'High'", "high"),
        ("thinking_budget = 0", 0),
        ("num_parallel = 2", 2),
        ("flash_attention = true", "on"),
        ("kv_cache_type = 'Q8_0'", "q8_0"),
    ],
)
def test_a_table_may_say(line: str, value: Any) -> None:
    (table,) = models(f"[model.tiny]\n{line}")
    (found,) = table.values.values()
    assert (found.value, found.origin) == (value, "f:2")
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[model.tiny]\ntemperature = 'hot'",
            "f:2: model.tiny.temperature: parameter 'temperature' must be of type float",
        ),
        ("[model.tiny]\n\ntop_p = 2", "f:3: model.tiny.top_p: top_p must be between 0 and 1, not 2.0"),
        ("[model.tiny]\ntemperature = nan", "f:2: model.tiny.temperature: temperature must be between"),
        (
            "[model.'t*']\ntemprature = 1",
            'f:2: model."t*".temprature: no such setting: temprature, did you mean temperat',
        ),
        ("[model.tiny]\nlow_vram = true", "f:2: model.tiny.low_vram: no such setting: low_vram"),
        ("[model.tiny]\nthink = 'deeply'", "f:2: model.tiny.think: expected true or false, not 'deeply'"),
        ("[model.tiny]\nkeep_alive = '5 fortnights'", "f:2: model.tiny.keep_alive: "),
        ("[model.tiny]\nnum_parallel = 0", "f:2: model.tiny.num_parallel: out of range: 0"),
        (f"[model.tiny]\nthinking_budget = {10**30}", f"f:2: model.tiny.thinking_budget: out of range: {10**30}"),
        ("[model.tiny]\nkv_cache_type = 'q9'", "f:2: model.tiny.kv_cache_type: expected one of f16, q8_0, q4_0"),
        ("[model.tiny]\nlogit_bias = {a = 1}", "f:2: model.tiny.logit_bias: expected token ids and numbers"),
        ("[model.tiny]\nsystem = []\nstop = [1]", "f:3: model.tiny.stop: parameter 'stop' must be a list of strings"),
        ("[model.llama3.2]\ntop_k = 1", 'f:1: model.llama3.2: a name with dots needs quotes: [model."llama3.2"]'),
        ("[model]\ntiny = 1", "f:2: model.tiny: expected a table, not 1"),
        ("model = 1", "f:1: model: expected a table, not 1"),
        ("[model.'']\ntop_k = 1", "f:1: model: a pattern must not be empty"),
    ],
)
def test_a_bad_table_names_file_line_and_setting(text: str, message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        models(text)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("tiny", "tiny", True),
        ("tiny", "Tiny:latest", True),
        ("TINY:latest", "tiny", True),
        ("tiny", "tiny:q4", False),
        ("qwen3", "qwen3:8b", False),
        ("qwen3:*", "qwen3", True),
        ("qwen3*", "qwen3:8b", True),
        ("*:8b", "qwen3:8b", True),
        ("qwen?:[48]b", "qwen3:8b", True),
        ("registry.ollama.ai/library/*", "qwen3:8b", True),
        ("registry.ollama.ai/library/tiny", "tiny", True),
        ("hf.co/unsloth/*", "hf.co/Unsloth/Qwen3-8B-GGUF:Q4_K_M", True),
        ("unsloth/*", "hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M", False),
        ("*", "x/y:z", True),
    ],
)
def test_a_pattern_matches_names_as_people_write_them(pattern: str, name: str, matches: bool) -> None:
    assert (winner(f"[model.'{pattern}']\ntop_k = 1", name) == 1) is matches


def test_the_more_precise_table_wins_wherever_it_stands() -> None:
    patterns = ("qwen3:8b", "qwen3:8*", "qwen*", "*")
    text = "\n".join(f"[model.'{pattern}']\ntop_k = {place}" for place, pattern in enumerate(patterns, 1))
    assert [winner(text, name) for name in ("qwen3:8b", "qwen3:8b-q8_0", "qwen2", "tiny")] == [1, 2, 3, 4]


def test_a_name_wins_over_a_longer_pattern() -> None:
    assert winner("[model.tiny]\ntop_k = 1\n[model.'registry.ollama.ai/library/*']\ntop_k = 2", "tiny") == 1


def test_between_equals_the_later_wins() -> None:
    assert winner("[model.'ti*']\ntop_k = 1\n[model.'*ny']\ntop_k = 2", "tiny") == 2


def test_what_is_said_of_an_alias_wins() -> None:
    text = "[model.'g*']\ntop_k = 1\n[model.tiny]\ntop_k = 2"
    assert winner(text, "tiny", "gpt-4o") == 1
    assert winner(text, "tiny") == 2


def test_a_pattern_of_both_names_is_not_said_of_the_alias() -> None:
    text = "[model.tiny]\ntop_k = 1\n[model.'*']\ntop_k = 2"
    assert winner(text, "tiny", "gpt-4o") == 1


def test_each_value_is_from_the_strongest_table_that_has_it() -> None:
    text = "[model.tiny]\ntop_k = 1\n[model.'*']\ntop_k = 2\nmin_p = 0.5"
    found = values_for(models(text), ModelName.parse("tiny"))
    assert {name: (row.value, row.origin) for name, row in found.items()} == {
        "top_k": (1, "f:2 [model.tiny]"),
        "min_p": (0.5, 'f:5 [model."*"]'),
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0.5", 0.5),
        ("seed", "7", 7),
        ("penalize_newline", "false", False),
        ("stop", "###", "###"),
        ("stop", '["a", "b"]', ["a", "b"]),
        ("logit_bias", "{5 = 1}", {"5": 1}),
        ("system", "5", "5"),
        ("think", "true", True),
        ("think", "low", "low"),
        ("num_parallel", "4", 4),
        ("keep_alive", "90", "90"),
    ],
)
def test_values_of_a_command_line(name: str, text: str, value: Any) -> None:
    assert tables.from_text(name, text) == value
    tables.read_value(name, value)


# --- aliases ------------------------------------------------------------------------------------------------------

NAMES = '"gpt-4o" = "qwen3:8b"\n"gpt-4*" = "llama3.2"\n"gpt-*" = "tiny"\nsmart = "gpt-4o"\n"claude-*" = "smart"\n'


def target(name: str, stored: Sequence[str] = (), text: str = NAMES) -> str:
    return target_of(aliases(text), name, lambda name: name in stored)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-4o", "qwen3:8b"),
        ("GPT-4o:latest", "qwen3:8b"),
        ("gpt-4-turbo", "llama3.2"),
        ("gpt-5", "tiny"),
        ("smart", "qwen3:8b"),
        ("claude-opus@20260101", "qwen3:8b"),
        ("mistral", "mistral"),
    ],
)
def test_an_alias_stands_for_a_model(name: str, expected: str) -> None:
    assert target(name) == expected


def test_of_two_spellings_of_a_name_the_later_wins() -> None:
    assert target_of(aliases("Smart = 'tiny'\nsmart = 'qwen3'"), "SMART", lambda name: False) == "qwen3"


def test_a_stored_model_wins_at_every_step() -> None:
    assert target("gpt-4o", ["gpt-4o"]) == "gpt-4o"
    assert target("smart", ["gpt-4o"]) == "gpt-4o"


def test_a_pattern_may_match_its_own_target() -> None:
    assert target("gpt-5", text='"gpt-*" = "gpt-oss:20b"') == "gpt-oss:20b"
    assert target("gpt-oss:20b", text='"gpt-*" = "gpt-oss:20b"') == "gpt-oss:20b"


def test_without_patterns_only_names_are_followed() -> None:
    found = aliases(NAMES)
    assert named_target(found, "smart", lambda name: False) == "qwen3:8b"
    assert named_target(found, "gpt-5", lambda name: False) == "gpt-5"


def test_listings_show_names_of_stored_models() -> None:
    assert listed(aliases(NAMES), ["qwen3:8b", "tiny:latest"]) == {"gpt-4o": "qwen3:8b", "smart": "qwen3:8b"}
    assert listed(aliases('a = "tiny"\ntiny2 = "none"'), ["tiny:latest"]) == {"a": "tiny:latest"}
    assert listed(aliases('a = "tiny"'), ["tiny:latest", "a:latest"]) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('x = "tiny"\na = "b"\nb = "a"', "f:3: the aliases go round in a circle: a → b → a"),
        ('a = "A:latest"', "f:2: the aliases go round in a circle: a → A:latest"),
        ('c = "a"\na = "b"\nb = "a"', "f:2: the aliases go round in a circle: c → a → b → a"),
        ('a = "b c"', "f:2: alias.a: 'b c' is no name of a model"),
        ('"a*" = "b*"', "f:2: alias.\"a*\": 'b*' is no name of a model"),
        ("a = 1", "f:2: alias.a: expected the name of a model, not 1"),
        ('gpt-4.1 = "tiny"', "f:2: alias.gpt-4: a name with dots needs quotes"),
    ],
)
def test_a_bad_alias_names_file_line_and_alias(text: str, message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        aliases(text)
    assert caught.value.message == message


WORDS = st.sampled_from(["a", "b", "c", "d", "a*", "*b", "?"])


@given(
    st.dictionaries(WORDS, st.sampled_from("abcd"), max_size=6),
    st.sampled_from("abcdx"),
    st.sets(st.sampled_from("abcd")),
)
def test_every_name_stands_for_something(table: dict[str, str], name: str, stored: set[str]) -> None:
    try:
        found = aliases("".join(f'"{key}" = "{value}"\n' for key, value in table.items()))
    except InvalidRequest:  # they go round in a circle
        return
    end = target_of(found, name, stored.__contains__)
    assert end in stored or end == name or end in table.values()
