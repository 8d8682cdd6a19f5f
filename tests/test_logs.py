"""The server's log: lines that cannot be forged, JSON that programs read, and prompts only on request."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm import logs
from omm.config import Settings


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root, prompts = logging.getLogger(), logging.getLogger("omm.prompts")
    kept = (root.handlers[:], root.level, prompts.disabled)
    # `basicConfig(force=True)` closes the handlers that it replaces, and pytest's must stay open.
    root.handlers = []
    yield
    root.handlers, root.level, prompts.disabled = kept


def logged(message: str, *args: object, name: str = "omm.x", exc_info: bool = False, **settings: object) -> str:
    out = io.StringIO()
    logs.start(Settings.load({}, **settings), out)
    logging.getLogger(name).info(message, *args, exc_info=exc_info)
    return out.getvalue()


def test_text_is_one_line_with_date_and_level() -> None:
    line = logged("loaded %s", "tiny")
    assert line.endswith(" INFO    loaded tiny\n")
    assert line[:2] == "20"


def test_on_a_terminal_the_time_of_day_is_enough() -> None:
    formatter = logs.formatter("text", on_terminal=True)
    record = logging.LogRecord("omm", logging.WARNING, "", 1, "careful", None, None)
    assert len(formatter.format(record).split()[0]) == len("07:20:01")


@pytest.mark.parametrize("text", ["a\nb", "a\x1b[31mb", "a\rb", "a\x9bb"])
def test_a_message_cannot_forge_a_line_or_reach_the_terminal(text: str) -> None:
    line = logged("%s", text)
    assert line.count("\n") == 1
    assert not {"\x1b", "\r", "\x9b"} & set(line)


def test_an_error_cannot_forge_a_line_or_reach_the_terminal() -> None:
    try:
        raise ValueError("a\n12:00:00 INFO    forged\x1b[31m")
    except ValueError:
        first, *others = logged("broke", exc_info=True).splitlines()
    assert first.endswith("broke")
    assert "    12:00:00 INFO    forged\\x1b[31m" in ["  " + line for line in others]
    assert all(line.startswith("  ") for line in others)


def test_json_has_a_record_a_line() -> None:
    out = io.StringIO()
    logs.start(Settings.load({}, log_format="json"), out)
    log = logging.getLogger("omm.api")
    log.info("GET %s\n", "/x", extra={"request": {"status": 200}})
    try:
        raise ValueError("bad")
    except ValueError:
        log.exception("broke")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first.pop("time").endswith("Z")
    assert first == {"level": "info", "logger": "omm.api", "message": "GET /x\n", "request": {"status": 200}}
    assert (second["level"], "ValueError: bad" in second["traceback"]) == ("error", True)


def test_prompts_are_logged_on_request_only() -> None:
    assert logged("secret", name="omm.prompts") == ""
    assert logged("secret", name="omm.prompts", debug=True) == ""
    assert "secret" in logged("secret", name="omm.prompts", log_prompts=True)


def test_debug_logs_more() -> None:
    for debug, level in ((True, logging.DEBUG), (False, logging.INFO)):
        logs.start(Settings.load({}, debug=debug), io.StringIO())
        assert logging.getLogger("omm.x").getEffectiveLevel() == level


FLOOD = """
import logging, os, sys
from omm import instance, logs
from omm.config import Settings
logs.MAX_BYTES = 500
logs.start(Settings.load(), own=instance.log_path(11434))
for number in range(20):
    logging.getLogger("omm.x").info("line %d", number)
print("said by a library", file=sys.stderr, flush=True)
"""


def test_a_log_that_grows_large_is_moved_aside_while_the_server_runs(tmp_path: Path) -> None:
    env = {**os.environ, "OMM_HOME": str(tmp_path)}
    path = tmp_path / "logs" / "server.log"
    path.parent.mkdir()
    with path.open("ab") as log:
        subprocess.run([sys.executable, "-c", FLOOD], env=env, stdout=log, stderr=log, check=True)
    old, new = path.with_suffix(".log.1").read_text(), path.read_text()
    assert "line 19" in old + new
    assert new.endswith("said by a library\n")
    assert 500 < len(old) < 600
    assert len(new) < 600


def test_a_file_that_the_user_chose_stays(tmp_path: Path) -> None:
    env = {**os.environ, "OMM_HOME": str(tmp_path)}
    path = tmp_path / "mine.log"
    with path.open("ab") as log:
        subprocess.run([sys.executable, "-c", FLOOD], env=env, stdout=log, stderr=log, check=True)
    assert path.read_text().count("line ") == 20
    assert [file.name for file in tmp_path.iterdir()] == ["mine.log"]
