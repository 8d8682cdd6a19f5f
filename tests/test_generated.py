"""completions/, man/ and the README's table match the code, and the tools that read them agree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from omm import config
from omm.cli import app, generate
from tests.cli.scripted import ScriptedServer

FILES = sorted(path.relative_to(generate.REPOSITORY) for path, _ in generate.generated(generate.REPOSITORY))


@pytest.mark.parametrize("name", FILES, ids=str)
def test_file_is_up_to_date(repository: Path, name: Path) -> None:
    expected = dict(generate.generated(repository))[repository / name]
    assert (repository / name).read_text(encoding="utf-8") == expected


def test_no_page_is_left_over(repository: Path) -> None:
    kept = {
        path.relative_to(repository) for folder in ("man", "completions") for path in (repository / folder).iterdir()
    }
    assert kept == {path for path in FILES if path.parent.name in {"man", "completions"}}


def test_check_tells_what_is_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "REPOSITORY", tmp_path)
    (tmp_path / "README.md").write_text(f"{generate.BEGIN}\nold\n{generate.END}\n")
    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    page = tmp_path / "man" / "omm-run.1"
    page.write_text(page.read_text() + "x")
    assert generate.main(["--check"]) == 1


def test_every_command_flag_and_setting_is_documented(repository: Path) -> None:
    table = generate.command_table()
    overview = (repository / "man" / "omm.1").read_text().replace("\\-", "-")
    assert all(f"OMM_{name.upper()}" in overview for name in config.SETTINGS)
    for command in table.commands:
        page = (repository / "man" / f"omm-{command.name}.1").read_text().replace("\\-", "-")
        assert all(name in page for option in command.options for name in option.all_names)
    assert [command.name for command in table.commands] == list(app.COMMANDS)


@pytest.mark.system("mandoc")
def test_mandoc_has_nothing_to_complain_about(repository: Path) -> None:
    pages = sorted((repository / "man").glob("*.[157]"))
    done = subprocess.run(["mandoc", "-Tlint", *pages], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""


@pytest.mark.system("bash")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("omm sho", ["show"]),
        ("omm config sh", ["show"]),
        ("omm launch co", ["codex", "copilot"]),
        ("omm --no-start pu", ["pull", "push"]),
        ("omm show --mo", ["--modelfile"]),
        ("omm ls --js", ["--json"]),
        ("omm run ti", ["tiny:latest", "tiny:other"]),
        ("omm run tiny:o", ["other"]),
        ("omm help cr", ["create"]),
    ],
)
def test_bash_completes(repository: Path, tmp_path: Path, line: str, expected: list[str]) -> None:
    program = tmp_path / "omm"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m omm "$@"\n')
    program.chmod(0o755)
    script = """
        source "$1"; COMP_LINE="$2"; COMP_POINT=${#2}
        # Bash cuts the line at blanks and colons before it calls the function.
        read -ra COMP_WORDS <<< "${2//:/ : }"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _omm; printf '%s\\n' "${COMPREPLY[@]}"
    """
    with ScriptedServer() as server:
        rows = [{"name": name} for name in ("tiny:latest", "tiny:other", "big:1")]
        server.answers["GET", "/api/tags"] = (200, {"models": rows})
        done = subprocess.run(
            ["bash", "-c", script, "bash", repository / "completions" / "omm.bash", line],
            env={**os.environ, "OMM_HOST": server.address, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
        )
    assert sorted(done.stdout.split()) == expected


@pytest.mark.system("zsh")
def test_zsh_reads_its_script(repository: Path) -> None:
    subprocess.run(["zsh", "-n", repository / "completions" / "omm.zsh"], check=True)


ZSH = """
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1="> "; autoload -U compinit; compinit -u -D; source '"$1"'; print BE''GIN'
zpty -r -m z out '*BEGIN*'
# Tab, then the line, as far as it is complete, goes to a command that prints it.
zpty -w -n z "$2"$'\\t'$'\\C-aprint -r -- "<\\C-e>"\\n'
zpty -r -m z out '*<omm*>*<omm*>*'
print -r -- "${${out##*<}%%>*}"
"""


@pytest.mark.system("zsh")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("omm sho", "omm show"),
        ("omm show --mo", "omm show --modelfile"),
        ("omm run tiny:o", "omm run tiny:other"),
        ("omm service un", "omm service uninstall"),
    ],
)
def test_zsh_completes(repository: Path, tmp_path: Path, line: str, expected: str) -> None:
    program = tmp_path / "omm"
    program.write_text("#!/bin/sh\necho tiny:latest\necho tiny:other\n")
    program.chmod(0o755)
    command = ["zsh", "-f", "-c", ZSH, "zsh", repository / "completions" / "omm.zsh", line]
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "TERM": "dumb"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == expected


@pytest.mark.system("fish")
def test_fish_completes(repository: Path) -> None:
    script = 'source "$argv[1]"; complete -C "omm show --mo"; complete -C "omm pu"; complete -C "omm service un"'
    command = ["fish", "-N", "-c", script, repository / "completions" / "omm.fish"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["--modelfile", "pull", "push", "uninstall"]
