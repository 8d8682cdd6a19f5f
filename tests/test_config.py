"""Settings: where they come from, who wins, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm import config, values
from omm.config import SETTINGS, Settings, env_names, resolve, runner_env, split_host
from omm.errors import InvalidRequest
from omm.types import Sourced

MIB = 1 << 20


def load(env: dict[str, str] | None = None, **flags: Any) -> Settings:
    return Settings.load(env or {}, **flags)


def test_defaults() -> None:
    settings = load()
    assert settings.address == ("127.0.0.1", 11434)
    assert (settings.keep_alive, settings.max_queue, settings.num_parallel) == (300.0, 512, 0)
    assert settings.models.name == "models"
    assert settings.api_key == ""


def test_a_flag_wins_over_omms_variable_over_ollamas() -> None:
    env = {"OMM_MAX_QUEUE": "2", "OLLAMA_MAX_QUEUE": "1"}
    assert load(env, max_queue=3).max_queue == 3
    assert load(env).max_queue == 2
    assert load({"OLLAMA_MAX_QUEUE": "1"}).max_queue == 1
    assert load({**env, "OMM_MAX_QUEUE": ""}).max_queue == 1


def test_a_flag_that_was_not_given_changes_nothing() -> None:
    assert load({"OMM_MAX_QUEUE": "2"}, max_queue=None).max_queue == 2


def test_what_is_omms_alone_is_not_read_from_ollamas_variables() -> None:
    assert load({"OLLAMA_API_KEY": "k"}).api_key == ""
    assert load({"OMM_API_KEY": " k "}).api_key == "k"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("keep_alive", "90", 90.0),
        ("keep_alive", "-1", -1.0),
        ("keep_alive", "1h30m", 5400.0),
        ("keep_alive", "0", 0.0),
        ("keep_alive", "1e300", -1.0),
        ("keep_alive", "9999999h", -1.0),
        ("debug", "true", True),
        ("debug", "0", False),
        ("debug", "2", True),
        ("flash_attention", "1", "on"),
        ("flash_attention", "false", "off"),
        ("flash_attention", "auto", "auto"),
        ("kv_cache_type", "Q8_0", "q8_0"),
        ("gpu_overhead", "1048576", MIB),
        ("max_body", "64MB", 64 * 1000 * 1000),
        ("origins", "http://a, http://b,", ("http://a", "http://b")),
        ("models", "/srv/models", Path("/srv/models")),
        ("models", "'/srv/models'", Path("/srv/models")),
        ("response_store", "none", ""),
        ("response_store", "Memory", "memory"),
        ("response_store", "sqlite", "sqlite"),
        ("response_store", "SQLite:/srv/Answers.db", "sqlite:/srv/Answers.db"),
        ("response_store_count", "7", 7),
        ("response_store_age", "24h", 86400.0),
        ("response_store_age", "-1", -1.0),
    ],
)
def test_values_are_parsed(name: str, text: str, value: Any) -> None:
    assert getattr(load({f"OMM_{name.upper()}": text}), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("OMM_MAX_QUEUE", "many"),
        ("OMM_MAX_QUEUE", "-1"),
        ("OLLAMA_NUM_PARALLEL", "1.5"),
        ("OMM_PORT", "65536"),
        ("OMM_KEEP_ALIVE", "300x"),
        ("OMM_KEEP_ALIVE", "nan"),
        ("OMM_LOAD_TIMEOUT", "inf"),
        ("OMM_DEBUG", "maybe"),
        ("OMM_KV_CACHE_TYPE", "q9"),
        ("OMM_FLASH_ATTENTION", "perhaps"),
        ("OMM_GPU_OVERHEAD", "much"),
        ("OMM_RESPONSE_STORE", "redis"),
        ("OMM_RESPONSE_STORE", "sqlite:"),
        ("OMM_RESPONSE_STORE", "memory:x"),
        ("OMM_RESPONSE_STORE_COUNT", "0"),
        ("OMM_RESPONSE_STORE_COUNT", "99999999999"),
    ],
)
def test_a_bad_value_names_the_variable(name: str, text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        load({name: text})
    assert name in caught.value.message


# --- the file -----------------------------------------------------------------------------------------------------


def with_file(folder: Path, text: str, env: dict[str, str] | None = None, **flags: Any) -> Settings:
    (folder / "c.toml").write_text(text)
    return load({"OMM_CONFIG": str(folder / "c.toml"), **(env or {})}, **flags)


def test_flags_win_over_the_environment_over_the_file_over_defaults(tmp_path: Path) -> None:
    text = "max_queue = 1\n"
    assert with_file(tmp_path, text).max_queue == 1
    assert with_file(tmp_path, text, {"OLLAMA_MAX_QUEUE": "2"}).max_queue == 2
    assert with_file(tmp_path, text, {"OLLAMA_MAX_QUEUE": "2"}, max_queue=3).max_queue == 3
    assert with_file(tmp_path, "", {}).max_queue == 512


def test_files_lie_where_the_system_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMM_HOME", "OMM_CONFIG", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/mine")
    places = ("user_data_dir", "user_state_dir", "user_config_dir")
    expected = [getattr(platformdirs, name)("omm", appauthor=False) for name in places]
    assert [str(path) for path in (config.data_dir(), config.state_dir(), config.config_path().parent)] == expected


def test_the_file_lies_in_omms_home_unless_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("max_queue = 1\n")
    assert load({"OMM_HOME": str(tmp_path)}).max_queue == 1
    assert with_file(tmp_path, "max_queue = 2", {"OMM_HOME": str(tmp_path)}).max_queue == 2
    assert load({"OMM_CONFIG": str(tmp_path / "none.toml")}).max_queue == 512


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("debug = true", "debug", True),
        ("noprune = 1", "noprune", True),
        ("keep_alive = 90", "keep_alive", 90.0),
        ("keep_alive = 1.5", "keep_alive", 1.5),
        ('keep_alive = "1h"', "keep_alive", 3600.0),
        ('max_body = "64MB"', "max_body", 64_000_000),
        ('origins = ["http://a", "http://b"]', "origins", ("http://a", "http://b")),
        ('models = "/srv/m"', "models", Path("/srv/m")),
        ("models = '~/m'", "models", Path.home() / "m"),
    ],
)
def test_values_of_the_file(tmp_path: Path, line: str, name: str, value: Any) -> None:
    assert getattr(with_file(tmp_path, line), name) == value


def test_a_path_in_the_file_is_meant_from_its_folder(tmp_path: Path) -> None:
    assert with_file(tmp_path, 'models = "m"').models == tmp_path / "m"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n  max_queue = 'x'", "c.toml:2: max_queue: expected a whole number, not 'x'"),
        ("debug = 1\n\n'max_queue'= -1", "c.toml:3: max_queue: must not be negative: -1"),
        ("max_queu = 1", "c.toml:1: no such setting: max_queu, did you mean max_queue?"),
        ("debug = 1\n[max_queue]\na = 1", "c.toml:2: max_queue: expected text"),
        ("max_queue = 1979-05-27", "c.toml:1: max_queue: expected text"),
        ("origins = [1]", "c.toml:1: origins: expected text"),
        ("debug = 1\n[model.tiny]\ntop_q = 1", "c.toml:3: model.tiny.top_q: no such setting: top_q, did you mean top_"),
        ("[alias]\na = 'b'\nb = 'a'", "c.toml:2: the aliases go round in a circle: a → b → a"),
        ("debug = 1\nmax_queue", "c.toml: Expected '=' after a key in a key/value pair (at "),
        ("debug = 1\ndebug = 2", "c.toml: Cannot overwrite a value"),
    ],
)
def test_a_bad_file_names_itself_the_line_and_the_setting(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        with_file(tmp_path, text)
    assert message in caught.value.message
    assert str(tmp_path) in caught.value.message


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("\ufeffmax_queue = 7\n")
    assert Settings.load({"OMM_HOME": str(tmp_path)}).max_queue == 7


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="Is a directory"):
        load({"OMM_CONFIG": str(tmp_path)})
    (tmp_path / "latin").write_bytes(b"host = '\xe9'")
    with pytest.raises(InvalidRequest, match="not UTF-8"):
        load({"OMM_CONFIG": str(tmp_path / "latin")})


def test_tables_of_the_file(tmp_path: Path) -> None:
    settings = with_file(tmp_path, "debug = true\n[model.'q*']\ntop_k = 1\n[alias]\ngpt = 'tiny'\n")
    (table,), (alias,) = settings.model, settings.alias
    assert (table.pattern, list(table.values)) == ("q*", ["top_k"])
    assert table.values["top_k"] == Sourced(value=1, origin=f"{tmp_path}/c.toml:3")
    assert (alias.pattern, alias.target, alias.origin) == ("gpt", "tiny", f"{tmp_path}/c.toml:5")
    assert load().model == load().alias == ()


def test_settings_know_where_each_is_from(tmp_path: Path) -> None:
    whence = with_file(tmp_path, "threads = 1", {"OMM_DEBUG": "1"}, max_queue=3).whence
    assert [whence[name] for name in ("threads", "debug", "max_queue", "port")] == [
        f"{tmp_path}/c.toml:1",
        "OMM_DEBUG",
        "--max-queue",
        "default",
    ]


def test_every_value_has_an_origin(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("threads = 1\nmax_queue = 1\n")
    found = resolve({"OMM_CONFIG": str(tmp_path / "c.toml"), "OLLAMA_HOST": "h"}, debug=True)
    origins = {name: row.origin for name, row in found.items() if row.origin != "default"}
    assert origins == {
        "threads": f"{tmp_path}/c.toml:1",
        "max_queue": f"{tmp_path}/c.toml:2",
        "host": "OLLAMA_HOST",
        "debug": "--debug",
    }


def test_a_port_in_a_stronger_address_wins(tmp_path: Path) -> None:
    assert with_file(tmp_path, "port = 1", {"OMM_HOST": "h"}).address == ("h", 1)
    assert with_file(tmp_path, "port = 1", {"OMM_HOST": "h:2"}).address == ("h", 2)
    assert with_file(tmp_path, "port = 1", {"OMM_HOST": "http://h"}).address == ("h", 80)
    assert with_file(tmp_path, 'host = "h:2"', {"OMM_PORT": "1"}).address == ("h", 1)
    assert load({"OMM_PORT": "1"}, host="h:11434").address == ("h", 11434)


# --- all of them --------------------------------------------------------------------------------------------------


def test_every_setting_has_a_variable_and_a_help_text() -> None:
    for field in SETTINGS.values():
        assert env_names(field)[0] == f"OMM_{field.name.upper()}"
        assert field.metadata["help"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ("127.0.0.1", 11434)),
        ("0.0.0.0", ("0.0.0.0", 11434)),
        ("1.2.3.4:80", ("1.2.3.4", 80)),
        (":8080", ("127.0.0.1", 8080)),
        ("http://host", ("host", 80)),
        ("https://host/path", ("host", 443)),
        ("http://host:1234/", ("host", 1234)),
        ("[::1]", ("::1", 11434)),
        ("[::1]:5", ("::1", 5)),
        ("::1", ("::1", 11434)),
        ("host:", ("host", 11434)),
        ("HTTPS://host", ("host", 443)),
        ("[fe80::1%eth0]:5/a:b", ("fe80::1%eth0", 5)),
    ],
)
def test_hosts_are_split(text: str, address: tuple[str, int]) -> None:
    assert split_host(text) == address


@pytest.mark.parametrize(
    "text", ["host:65536", "host:x", "host:²", "http://h:99999", "[::1]5", "ftp://host", "http://me:secret@host"]
)
def test_a_host_that_makes_no_sense_names_the_variable(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^OLLAMA_HOST: "):
        load({"OLLAMA_HOST": text})


@given(st.text(max_size=30))
def test_any_host_is_refused_or_has_a_port_in_range(text: str) -> None:
    try:
        _, port = split_host(values.host(text))
    except ValueError:
        return
    assert 0 <= port <= 65535


def test_the_port_setting_wins_over_the_hosts() -> None:
    assert load(host="h:1", port=2).address == ("h", 2)


def test_threads_cover_the_queue() -> None:
    assert load(max_queue=0).server_threads > 0
    assert load(max_queue=10**9).server_threads < 5000


def test_a_runner_gets_what_libraries_need_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "OMP_WAIT_POLICY", "OMM_API_KEY", "HF_TOKEN", "GH_TOKEN"):
        monkeypatch.setenv(name, "x")
    kept = runner_env()
    assert kept.keys() >= {"CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "PATH"}
    assert not kept.keys() & {"OMP_WAIT_POLICY", "OMM_API_KEY", "HF_TOKEN", "GH_TOKEN"}
