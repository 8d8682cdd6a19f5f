"""omm config: what it shows, what it changes in the file, and what it leaves alone."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm import config, instance, tomltext
from omm.cli import config_command
from omm.config import DEFAULT_PORT, SETTINGS, Settings
from omm.instance import Note
from tests.cli.conftest import Omm


@pytest.fixture
def file(home: Path) -> Path:
    return home / "config.toml"


def test_path_is_printed_whether_the_file_exists_or_not(omm: Omm, file: Path) -> None:
    assert omm("config", "path").out == f"{file}\n"
    assert not file.exists()


def test_show_lists_every_setting_with_its_origin(omm: Omm, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("# mine\nmax_queue = 7\nthreads = 3\n")
    monkeypatch.setenv("OLLAMA_KEEP_ALIVE", "1h")
    monkeypatch.setenv("OMM_THREADS", "2")
    rows = {line.split()[0]: line.split()[1:] for line in omm("config").out.splitlines()[1:]}
    assert rows.keys() == SETTINGS.keys()
    assert rows["max_queue"] == ["7", f"{file}:2"]
    assert rows["threads"] == ["2", "OMM_THREADS"]
    assert rows["keep_alive"] == ["1h0m0s", "OLLAMA_KEEP_ALIVE"]
    assert rows["num_parallel"] == ["0", "default"]


def test_show_as_json_and_one_setting(omm: Omm, file: Path) -> None:
    file.write_text('origins = ["http://a"]\nkeep_alive = -1\n')
    shown = json.loads(omm("config", "show", "--json").out)
    assert shown["origins"] == {"value": ["http://a"], "from": f"{file}:1"}
    assert shown["debug"] == {"value": False, "from": "default"}
    assert omm("config", "show", "keep-alive").out == "-1\n"
    assert omm("config", "get", "keep-alive").out == "-1\n"
    assert json.loads(omm("config", "show", "origins", "--json").out).keys() == {"origins"}


def test_a_key_is_never_shown(omm: Omm, file: Path) -> None:
    assert omm("config", "set", "api_key", "sk-secret").code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for arguments in (["config"], ["config", "show", "api_key"], ["config", "--json"]):
        assert "sk-secret" not in omm(*arguments).out
    assert Settings.load().api_key == "sk-secret"


def test_set_changes_one_line(omm: Omm, file: Path) -> None:
    text = '# first\nmax_queue = 1  # few\norigins = [\n  "http://a",\n  "http://b",\n]\n\n# last\nthreads = 2\n'
    file.write_text(text)
    assert omm("config", "set", "max-queue", "9").code == 0
    assert file.read_text() == text.replace("max_queue = 1  # few", "max_queue = 9")
    assert omm("config", "set", "origins", "http://c").code == 0
    assert file.read_text() == '# first\nmax_queue = 9\norigins = ["http://c"]\n\n# last\nthreads = 2\n'
    assert omm("config", "set", "keep_alive", "10m").code == 0
    assert file.read_text().endswith('threads = 2\nkeep_alive = "10m"\n')
    assert omm("config", "unset", "OMM_THREADS").code == 0
    assert "threads" not in file.read_text()


def test_a_server_that_runs_is_said_to_go_on_as_it_was(omm: Omm, file: Path) -> None:
    assert omm("config", "set", "max_queue", "9") == (0, "", "")
    note = Note(pid=7, host="h", port=DEFAULT_PORT, version="", models="/m", started_ns=1)
    with instance.claim(note):
        result = omm("config", "set", "max_queue", "8")
        assert result.err == "The server (process 7) goes on with what it has until it is started again.\n"
        assert omm("config", "unset", "max_queue").err == result.err
        assert omm("config", "set", "history_limit", "8").err == ""


def test_a_file_behind_a_link_is_changed_and_the_link_stays(omm: Omm, file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles.toml"
    elsewhere.write_text("debug = true\n")
    file.symlink_to(elsewhere)
    assert omm("config", "set", "debug", "no").code == 0
    assert file.is_symlink()
    assert elsewhere.read_text() == "debug = false\n"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["set", "max_queue", "many"], "max_queue: expected a whole number, not 'many'"),
        (["set", "max_queu", "1"], "no such setting: max_queu, did you mean max_queue?"),
        (["show", "nothing"], "no such setting: nothing"),
    ],
)
def test_a_bad_setting_is_refused_and_nothing_is_written(
    omm: Omm, file: Path, arguments: list[str], error: str
) -> None:
    result = omm("config", *arguments)
    assert (result.code, file.exists()) == (2, False)
    assert error in result.err


@pytest.mark.parametrize("arguments", [["set"], ["set", "debug"], ["unset"], ["delete"]])
def test_a_command_line_without_sense(omm: Omm, arguments: list[str]) -> None:
    assert omm("config", *arguments).code == 2


def test_a_file_that_is_wrong_stops_every_command_and_can_be_mended(omm: Omm, file: Path) -> None:
    file.write_text("\n\nmax_queue = true\n")
    result = omm("--no-start", "list")
    assert result.code == 1
    assert result.err == f"Error: {file}:3: max_queue: expected a whole number, not 'true'\n"
    assert omm("config", "path").code == 0
    assert omm("config", "set", "debug", "1").code == 1
    assert file.read_text() == "\n\nmax_queue = true\n"


def test_edit_opens_the_editor_and_checks_the_result(
    omm: Omm, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho "$2 = 5" >> "$3"\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", f"{script} -w max_queue")
    assert omm("config", "edit").code == 0
    assert file.read_text() == config_command.HEAD + "max_queue = 5\n"
    monkeypatch.setenv("VISUAL", f"{script} -w nonsense")
    assert f"{file}:4: no such setting: nonsense" in omm("config", "edit").err
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    assert "cannot edit with /no/such/editor: No such file or directory" in omm("config", "edit").err


def test_what_holds_for_some_models_is_set(omm: Omm, file: Path) -> None:
    file.write_text("# mine\n[alias]\na = 'tiny'\n")
    for name, value in [
        ('model."qwen3*".temperature', "0.2"),
        ("model.qwen3*.stop", "###"),
        ("model.llama3.2.num_ctx", "8192"),
        ("model.'qwen3*'.think", "false"),
        ('alias."gpt-4*"', "qwen3:8b"),
        ("alias.gpt-4.1", "a"),
        ("debug", "yes"),
    ]:
        assert omm("config", "set", name, value).code == 0
    assert file.read_text() == (
        "debug = true\n\n"
        '# mine\n[alias]\na = \'tiny\'\n"gpt-4*" = "qwen3:8b"\n"gpt-4.1" = "a"\n\n'
        '[model."qwen3*"]\ntemperature = 0.2\nstop = "###"\nthink = false\n\n'
        '[model."llama3.2"]\nnum_ctx = 8192\n'
    )


def test_what_holds_for_some_models_is_taken_back(omm: Omm, file: Path) -> None:
    file.write_text('[model."q*"]\nseed = 1\nstop = "x"\n[model.tiny]\nseed = 2\n# names\n[alias]\na = "b"\nc = "d"\n')
    for name in ('model."q*".stop', "model.tiny", "alias.a", "alias.never-there", "model.tiny.top_k"):
        assert omm("config", "unset", name).code == 0
    assert file.read_text() == '[model."q*"]\nseed = 1\n# names\n[alias]\nc = "d"\n'


def test_tables_are_shown(omm: Omm, file: Path) -> None:
    file.write_text('[model."q*"]\ntemperature = 0.2\nkeep_alive = 90\nsystem = "a\\nb"\n[alias]\na = "tiny"\n')
    rows = {line.split()[0]: line.split()[1:] for line in omm("config").out.splitlines()[1:]}
    assert rows['model."q*".temperature'] == ["0.2", f"{file}:2"]
    assert rows['model."q*".keep_alive'] == ["1m30s", f"{file}:3"]
    assert rows['model."q*".system'] == ["a", "...", f"{file}:4"]
    assert rows["alias.a"] == ["tiny", f"{file}:6"]
    assert omm("config", "show", "model.q*.system").out == "a\nb\n"
    assert omm("config", "show", "alias.a").out == "tiny\n"
    shown = json.loads(omm("config", "show", "model", "--json").out)
    assert shown['model."q*".keep_alive'] == {"value": 90.0, "from": f"{file}:3"}
    assert omm("config", "show", "alias.b").err == "Error: alias.b is not set\n"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("model.q.temperature", "hot", "model.q.temperature: invalid float value [hot]"),
        ("model.q.top_p", "2", "model.q.top_p: top_p must be between 0 and 1"),
        ("model.q.think", "maybe", "model.q.think: expected true or false, not 'maybe'"),
        ("model.q.temprature", "1", "no such setting: temprature, did you mean temperature?"),
        ("model.q", "1", "model.q is a table: name a key of it"),
        ("alias", "1", "alias is a table: name a key of it"),
        ("alias.a", "b c", "alias.a: 'b c' is no name of a model"),
        ("alias.a", "a", "the aliases go round in a circle: a → a"),
    ],
)
def test_a_bad_key_of_a_table_is_refused_and_nothing_is_written(
    omm: Omm, file: Path, name: str, value: str, error: str
) -> None:
    result = omm("config", "set", name, value)
    assert result.code
    assert error in result.err
    assert not file.exists()


@pytest.mark.parametrize(
    "text", ["model = { q = { top_k = 1, seed = 2 } }\n", "[model]\nq = { top_k = 1, seed = 2 }\n"]
)
@pytest.mark.parametrize(("name", "value"), [("top_k", "3"), ("min_p", "0.1")])
def test_what_would_not_survive_is_left_alone(omm: Omm, file: Path, text: str, name: str, value: str) -> None:
    file.write_text(text)
    assert "is too intricate to change model.q." in omm("config", "set", f"model.q.{name}", value).err
    assert file.read_text() == text


@given(
    st.lists(st.sampled_from(["", "# note", "debug = true", 'origins = [\n"a", # x\n"b"]', "threads=1"]), unique=True),
    st.text(st.characters(blacklist_categories=("Cs",)), max_size=20),
)
def test_any_text_that_is_set_is_read_back_and_the_rest_stays(lines: list[str], value: str) -> None:
    text = "\n".join(lines)
    changed = tomltext.with_value(text, ("api_key",), config_command.toml(("api_key",), value))
    before, after = (config.parse_file(part, Path("f")) for part in (text, changed))
    assert after.pop("api_key").value == value.strip()
    assert {name: found.value for name, found in after.items()} == {name: found.value for name, found in before.items()}
