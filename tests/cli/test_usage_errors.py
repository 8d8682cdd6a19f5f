"""Command lines that make no sense: exit 2, one line that says why, and nothing asked of a server."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from omm.cli import app, exits, usage
from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("run tiny Hi --format xml", 'invalid format: "xml"'),
        ("run tiny Hi --think=foo", 'invalid value for --think: "foo"'),
        ("run tiny Hi -o temperature", "invalid option 'temperature' (must be NAME=VALUE)"),
        ("run tiny Hi -o heat=1", "unknown parameter 'heat'"),
        ("run tiny Hi -o temperature=hot", "invalid value for 'temperature': hot"),
        ("run tiny Hi --seed many", "invalid value for 'seed': many"),
        ("run tiny Hi --keepalive soon", "--keepalive: "),
        ("search x --limit 0", "--limit takes a number from 1 to 999, not 0"),
        ("search x --limit many", "--limit takes a number"),
        ("batch - - --model tiny --parallel 0", 'invalid value for --parallel: "0"'),
        ("config show nope", "no such setting: nope"),
        ("config sohw", "'sohw' is none of path, show, set, unset, edit, did you mean show?"),
        ("config path models", "there is no place for 'models'"),
        ("config path --json", "--json: does nothing with path"),
        ("config set max_queue", "omm config set takes a setting and a value"),
        ("show tiny --template --system", "only one of '--license'"),
        ("show tiny --system --json", "--json: does nothing with --system"),
        ("list --json --format x", "only one of '--json' or '--format' can be specified"),
        ("ps --json --watch", "only one of '--json', '--format', or '--watch' can be specified"),
        ("plan tiny --device zork", "--device must be auto, cpu, cuda, cuda:N, metal or vulkan, not 'zork'"),
        ("plan tiny --num-ctx 0", "--num-ctx takes a whole number from 1 to"),
        ("create mine --imatrix x", "--imatrix: does nothing without --quantize"),
        ("pull ./x.gguf --insecure", "--insecure: does nothing with a file"),
        ("launch --model tiny", "--model: does nothing without a tool"),
        ("launch cluade", "did you mean claude?"),
        ("service instal", "did you mean install?"),
        ("logs -n many", "--lines takes a number of lines, not 'many'"),
        ("serve --port 99999", "--port: port out of range: 99999"),
        ("serve --host http://h:x", "--host: expected a whole number, not 'x'"),
        ("--host http://127.0.0.1:99999 list", "--host: port out of range: 99999"),
        ("--host= list", "--host needs a value"),
    ],
)
def test_what_makes_no_sense_exits_2_and_says_why(omm: Omm, server: ScriptedServer, line: str, why: str) -> None:
    result = omm(*line.split())
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Error: ")
    assert why in result.err
    assert result.err.count("\n") == 1
    assert not server.requests


def test_each_command_has_examples_that_it_accepts(omm: Omm) -> None:
    assert list(usage.EXAMPLES) == list(app.COMMANDS)
    lines = [line for rows in usage.EXAMPLES.values() for line, _ in rows]
    for line in lines:
        *_, words = line.rpartition("omm ")
        name, *rest = shlex.split(words.partition(" < ")[0].partition(" > ")[0])
        app.read_plain([name, *rest])


def test_a_long_term_of_the_help_has_its_text_below(omm: Omm) -> None:
    assert "\n  --response-store-count VALUE\n      " in omm("serve", "--help").out
    assert "\n  omm config set keep_alive 1h\n      " in omm("config", "--help").out


def test_exit_codes_are_told_by_the_manual(repository: Path) -> None:
    page = (repository / "man" / "omm.1").read_text()
    assert all(f".B {row.code}\n" in page for row in exits.EXIT_CODES)


def test_a_modelfile_on_the_standard_input(omm: Omm, server: ScriptedServer) -> None:
    assert omm("create", "mine", "-f", "-", stdin="FROM tiny\nSYSTEM Be brief.\n").code == 0
    (request,) = server.asked("/api/create")
    assert (request.body["from"], request.body["system"]) == ("tiny", "Be brief.")


def test_a_file_on_the_standard_input(omm: Omm, server: ScriptedServer) -> None:
    assert omm("run", "tiny", "-f", "-", "What is it?", stdin="some text\n").code == 0
    assert server.asked("/api/generate")[0].body["prompt"] == "standard input:\n```\nsome text\n```\n\nWhat is it?"


def test_prompts_and_answers_through_pipes(clean: dict[str, str], server: ScriptedServer) -> None:
    command = [sys.executable, "-m", "omm", "batch", "--model", "tiny", "-", "-"]
    done = subprocess.run(command, env=clean, input='"a"\n"b"\n', capture_output=True, text=True, check=True)
    assert [json.loads(line)["response"] for line in done.stdout.splitlines()] == ["Hello there", "Hello there"]


def test_a_text_on_the_standard_input(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/tokenize"] = (200, {"tokens": [1, 2, 3]})
    assert omm("tokenize", "tiny", "--count", "-", stdin="some text").out == "3\n"
    assert server.asked("/api/tokenize")[0].body["text"] == "some text"
