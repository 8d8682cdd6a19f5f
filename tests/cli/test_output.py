"""Tables, bars and wrapped words as text."""

from __future__ import annotations

import io
import re

import pytest

from omm.cli import output
from tests.cli.scripted import INFO, ScriptedServer
from tests.cli.terminal import Terminal


def test_table_knows_wide_characters() -> None:
    assert output.plain_table(("NAME", "ID"), [("模型:latest", "1"), ("e\u0301a", "2")]) == [
        "NAME           ID ",
        "模型:latest    1     ",
        "e\u0301a             2     ",
    ]


def test_what_is_for_copying_is_never_broken() -> None:
    digest, url = "sha256:" + "a" * 64, "https://example.org/" + "b-" * 20
    section = output.Section("Origin", [("digest", digest), ("from", url), ("note", "words " * 6)])
    assert output.section_lines(section) == [
        f"    digest    {digest}",
        f"    from      {url}",
        "    note      words words words words words",
        "              words",
    ]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (("pulling manifest", 0, None, None, 10), "pulling manifest"),
        (("pulling 6a07", 0, 4.7e9, None, 10), "pulling 6a07:   0% ▕          ▏ 0 B/4.7 GB"),
        (
            ("pulling 6a07", 2.115e9, 4.7e9, 52e6, 10),
            "pulling 6a07:  45% ▕████      ▏ 2.1 GB/4.7 GB   52 MB/s   49s",
        ),
        (("pulling 6a07", 4.7e9, 4.7e9, 52e6, 10), "pulling 6a07: 100% ▕██████████▏ 4.7 GB"),
        (("x", 1, 1e9, 1, 4), "x:   0% ▕    ▏ 1 B/1 GB   1 B/s   99h+"),
    ],
)
def test_transfer_line(line: tuple[str, float, float | None, float | None, int], text: str) -> None:
    assert output.transfer_line(*line) == text


@pytest.mark.parametrize(
    ("timestamp", "ns"),
    [
        ("", 0),
        ("yesterday", 0),
        ("0001-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01Z", 10**9),
        ("1970-01-01T01:00:01+01:00", 10**9),
    ],
)
def test_unix_time(timestamp: str, ns: int) -> None:
    assert output.unix_ns(timestamp) == ns


ESCAPES = "a\x1b]0;title\x07b\x9b2Jc\r"


@pytest.mark.parametrize(
    ("args", "answer"),
    [
        (("show", "m", "--system"), (200, {**INFO, "system": ESCAPES})),
        (("show", "m"), (200, {**INFO, "license": ESCAPES, "parameters": f"stop {ESCAPES}"})),
        (("show", "m", "--json"), (200, {**INFO, "license": ESCAPES})),
        (("show", "m"), (404, {"error": ESCAPES})),
    ],
)
def test_strangers_cannot_control_the_terminal(
    server: ScriptedServer, clean: dict[str, str], args: tuple[str, ...], answer: tuple[int, object]
) -> None:
    server.answers["POST", "/api/show"] = answer
    server.answers["POST", "/api/pull"] = answer
    with Terminal(args, clean) as screen:
        screen.wait_end()
    colours = re.compile(rb"\x1b\[[0-9;]*m|\x1b\[\?25[hl]")  # our own
    written = colours.sub(b"", screen.raw).decode()
    assert "title" in written
    assert not set(written) & {"\x1b", "\x07", "\x9b"}


def test_a_table_folds_other_columns_before_the_name() -> None:
    from rich.console import Console

    row = ("qwen3-coder:480b", "hf.co/unsloth/Qwen3-Coder-480B-A35B-Instruct-GGUF", "Apache-2.0", "vision, tools")
    console = Console(width=60, file=io.StringIO())
    with console.capture() as shown:
        console.print(output._rich_table(("NAME", "SOURCE", "LICENSE", "CAPABILITIES"), [row]))
    assert "qwen3-coder:480b " in shown.get()


def test_a_table_that_hardly_fits_loses_blanks_and_no_letters(server: ScriptedServer, clean: dict[str, str]) -> None:
    row = {
        "name": "tiny:latest",
        "size": 137_000_000,
        "context_length": 2048,
        "parallel": 16,
        "expires_at": "2999-01-01T00:00:00Z",
    }
    server.answers["GET", "/api/ps"] = (200, {"models": [row]})
    with Terminal(("ps",), clean) as screen:
        screen.resize(70)
        screen.wait_end()
        shown = screen.text
    assert shown.splitlines() == [
        "NAME         SIZE    PROCESSOR  CONTEXT  REQUESTS  TOKENS/S  UNTIL",
        "tiny:latest  137 MB  100% CPU   2048     0/16      -         Forever",
    ]


def test_no_spinner_stays_when_a_pull_breaks_off(server: ScriptedServer, clean: dict[str, str]) -> None:
    half = {"status": "pulling 6a07", "digest": "sha256:6a07", "total": 10, "completed": 5}
    server.answers["POST", "/api/pull"] = (200, [{"status": "pulling manifest"}, half, {"error": "it broke off"}])
    with Terminal(("pull", "m"), clean) as screen:
        assert screen.wait_end() == 1
        manifest, transfer, error = screen.text.splitlines()
    assert (manifest, error) == ("pulling manifest", "Error: it broke off")
    assert transfer.endswith("▏ 5 B/10 B")
