"""A conversation on a terminal, as its user sees it."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.scripted import DONE, INFO, ScriptedServer, chatted, generated
from tests.cli.terminal import Terminal

READY = ">>> Send a message (/? for help)"
PROMPT_BEGINS, PROMPT_ENDS = b"\x1b[?2004h", b"\x1b[?2004l"  # it switches bracketed paste on and off
Open = Callable[..., Terminal]


@pytest.fixture
def terminal(clean: dict[str, str]) -> Iterator[Open]:
    """Open terminals that end with the test."""
    opened: list[Terminal] = []

    def start(*args: str, **env: str) -> Terminal:
        opened.append(Terminal(args, {**clean, **env}))
        return opened[-1]

    yield start
    for each in opened:
        with each:
            pass


def messages(server: ScriptedServer, turn: int = -1) -> list[tuple[str, str]]:
    """Role and content of what was sent in one turn."""
    body: Any = server.asked("/api/chat")[turn].body
    return [(message["role"], message["content"]) for message in body["messages"]]


def test_conversation_remembers_what_was_said(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Hi\r")
    screen.wait_for(">>> Hi\nHello there\n\n>>> Send a message")
    screen.send("Again\r")
    screen.wait_for("Hello there", count=2)
    assert messages(server) == [("user", "Hi"), ("assistant", "Hello there"), ("user", "Again")]
    screen.send("/bye\r")
    assert screen.wait_end() == 0


def test_the_first_conversation_explains_itself_in_three_lines(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    first, *others, blank, prompt = screen.wait_for(READY).splitlines()
    assert first == "This is a conversation with tiny. Type a question and press Enter."
    assert (len(others), blank, prompt) == (2, "", READY)
    screen.send("/bye\r")
    assert screen.wait_end() == 0
    again = terminal("run", "tiny")
    assert again.wait_for(READY) == READY


def test_model_is_loaded_before_the_first_question(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny", "--keepalive", "1m")
    screen.wait_for(READY)
    assert server.asked("/api/generate")[0].body == {"model": "tiny", "keep_alive": "1m"}


def test_ctrl_d_leaves(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("\x04")
    assert screen.wait_end() == 0


def test_ctrl_c_at_the_prompt_discards_the_line_and_explains_on_an_empty_one(
    terminal: Open, server: ScriptedServer
) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("half a tho")
    screen.wait_for(">>> half a tho")
    screen.send("\x03")
    assert "Use Ctrl" not in screen.wait_for(READY)
    screen.send("\x03")
    screen.wait_for(f">>>\n\nUse Ctrl + d or /bye to exit.\n{READY}")
    assert not server.asked("/api/chat")


def test_ctrl_c_stops_the_answer_and_keeps_what_was_said(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/chat"] = (200, [chatted("Once upon"), threading.Event()])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Tell a story\r")
    screen.wait_for("Once upon")
    screen.send("\x03")
    screen.wait_for(READY)
    assert server.hung_up.wait(60)
    server.answers["POST", "/api/chat"] = (200, [chatted("Fine."), DONE])
    screen.send("Go on\r")
    screen.wait_for("Fine.")
    assert messages(server) == [("user", "Tell a story"), ("assistant", "Once upon"), ("user", "Go on")]


def test_retry_and_edit_ask_again(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Hi\r")
    screen.wait_for("Hello there")
    screen.send("/retry\r")
    screen.wait_for("Hello there", count=2)
    screen.wait_for(READY)
    assert messages(server) == [("user", "Hi")]
    screen.send("/edit\r")
    screen.wait_for(">>> /edit\n>>> Hi")
    screen.send(" you\r")
    screen.wait_for("Hello there", count=3)
    assert messages(server) == [("user", "Hi you")]


def test_question_that_got_an_error_can_be_asked_again(terminal: Open, server: ScriptedServer) -> None:
    answer = server.answers["POST", "/api/chat"]
    server.answers["POST", "/api/chat"] = (200, [chatted("Half an"), {"error": "the model crashed"}])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Hi\r")
    screen.wait_for("Half an\nerror: the model crashed")
    server.answers["POST", "/api/chat"] = answer
    screen.wait_for(READY)
    screen.send("/retry\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "Hi")]


def test_tab_completes(terminal: Open, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("A note.")
    server.answers["GET", "/api/tags"] = (200, {"models": [{"name": "llama3:8b"}, {"name": "tiny:latest"}]})
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("/und\t")
    screen.wait_for(">>> /undo")
    screen.send("\x15/model ll\t")
    screen.wait_for(">>> /model llama3:8b")
    screen.send("\x15/set parameter temp\t")
    screen.wait_for(">>> /set parameter temperature")
    screen.send(f"\x15/file {tmp_path}/no\t")
    screen.wait_for("notes.txt")
    screen.send("\x15/set no\t\t")
    screen.wait_for("nohistory")


def test_ctrl_r_searches_the_history(terminal: Open, server: ScriptedServer, home: Path) -> None:
    (home / "history").write_text('"find me"\n"something else"\n')
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("\x12FIND")
    screen.wait_for("find me")
    screen.send("\r")
    screen.wait_for(">>> find me")


def test_ctrl_r_finds_what_this_model_was_asked_first(terminal: Open, server: ScriptedServer, home: Path) -> None:
    lines = ('{"text": "find mine", "model": "tiny"}', '{"text": "find theirs", "model": "other"}', '"find old"')
    (home / "history").write_text("\n".join(lines) + "\n")
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("\x12find")
    screen.wait_for("find mine")
    screen.send("\x12")
    screen.wait_for("find old")
    screen.send("\x12")
    screen.wait_for("find theirs")


def test_ctrl_g_ends_the_search(terminal: Open, server: ScriptedServer, home: Path) -> None:
    (home / "history").write_text('"find me"\n')
    screen = terminal("run", "tiny", OMM_EDITOR="/no/such/editor")
    screen.wait_for(READY)
    screen.send("\x12find")
    screen.wait_for("find me")
    screen.send("\x07")
    assert "editor" not in screen.wait_for(READY)


def test_ctrl_g_opens_the_editor(terminal: Open, server: ScriptedServer, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "%s\\nsecond" "$(cat "$1")" > "$1"\n')
    editor.chmod(0o700)
    screen = terminal("run", "tiny", OMM_EDITOR=str(editor))
    screen.wait_for(READY)
    screen.send("first\x07")
    screen.wait_for("... second")
    screen.send("\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "first\nsecond")]


def test_an_editor_that_is_not_there_keeps_the_line(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny", OMM_EDITOR="/no/such/editor")
    screen.wait_for(READY)
    screen.send("first\x07")
    screen.wait_for('error: editor "/no/such/editor" not found, set OMM_EDITOR')
    screen.wait_for(">>> first")


def test_answers_are_formatted_unless_raw(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("# Ti"), generated("tle\n- **a**"), DONE])
    formatted = terminal("run", "tiny", "Hi")
    assert formatted.wait_end() == 0
    assert formatted.text == "Title\n• a"
    assert b"\x1b[1ma" in formatted.raw
    raw = terminal("run", "--raw", "tiny", "Hi")
    assert raw.wait_end() == 0
    assert raw.text == "# Title\n- **a**"
    dumb = terminal("run", "tiny", "Hi", TERM="dumb")
    assert dumb.wait_end() == 0
    assert dumb.text == "# Title\n- **a**"
    uncoloured = terminal("run", "tiny", "Hi", NO_COLOR="1")
    assert uncoloured.wait_end() == 0
    assert uncoloured.text == "Title\n• a"
    assert b"\x1b[1ma" in uncoloured.raw
    assert b"35m" not in uncoloured.raw


def test_image_named_in_a_message_goes_with_it(terminal: Open, server: ScriptedServer, tmp_path: Path) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["completion", "vision"]})
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send(f"{tmp_path}/a.png What is this?\r")
    screen.wait_for("Added image '")
    screen.wait_for("Hello there")
    (message,) = server.asked("/api/chat")[0].body["messages"]
    assert message == {"role": "user", "content": "What is this?", "images": ["iVBORw0KGgo="]}


def test_error_is_shown_and_the_conversation_goes_on(terminal: Open, server: ScriptedServer) -> None:
    answer = server.answers["POST", "/api/chat"]
    server.answers["POST", "/api/chat"] = (503, {"error": "server busy"})
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Hi\r")
    screen.wait_for("error: server busy")
    screen.wait_for(READY)
    server.answers["POST", "/api/chat"] = answer
    screen.send("Hi again\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "Hi again")]


def test_three_quotes_hold_several_lines(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send('"""first\r')
    screen.wait_for("... End with")
    screen.send('second"""\r')
    screen.wait_for("Hello there")
    screen.send('"""one"""\r')
    screen.wait_for("Hello there", count=2)
    assert messages(server)[0] == ("user", "first\nsecond")
    assert messages(server)[-1] == ("user", "one")


def test_pasted_lines_wait_for_enter(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("\x1b[200~line one\nline two\x1b[201~")
    screen.wait_for("line two")
    assert not server.asked("/api/chat")
    screen.send("\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "line one\nline two")]


def test_thinking_is_set_apart(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["completion", "thinking"]})
    server.answers["POST", "/api/chat"] = (200, [chatted("", "Hm, "), chatted("", "easy."), chatted("Four."), DONE])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("2+2?\r")
    assert "Thinking...\nHm, easy.\n...done thinking.\n\nFour.\n" in screen.wait_for("Four.\n\n>>>")
    assert server.asked("/api/chat")[0].body["think"] is True
    assert b"\x1b[2mThinking" in screen.raw
    screen.send("/set nothink\r")
    screen.wait_for("Set 'nothink' mode.")
    screen.send("More\r")
    screen.wait_for("Four.", count=2)
    assert server.asked("/api/chat")[1].body["think"] is False


THINKER = {**INFO, "capabilities": ["completion", "thinking"]}


def test_ctrl_t_unfolds_and_folds_thinking_while_it_comes(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (200, THINKER)
    first, second, third = threading.Event(), threading.Event(), threading.Event()
    lines = [chatted("", "One "), first.wait, chatted("", "two "), second.wait, chatted("", "three."), third.wait]
    server.answers["POST", "/api/chat"] = (200, [*lines, chatted("Four."), DONE])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("/think fold\r")
    screen.wait_for("Thinking is folded into one line.")
    screen.send("2+2?\r")
    screen.wait_for("Thinking... 1 word (Ctrl-T shows it)")
    screen.send("\x14")
    first.set()
    screen.wait_for("Thinking...\nOne two")
    screen.send("\x14")
    second.set()
    screen.wait_for("Thinking...\nOne two\nThinking... 3 words (Ctrl-T shows them)")
    third.set()
    screen.wait_for("Thinking...\nOne two\nThought for 3 words (Ctrl-T shows them)\n\nFour.\n\n>>>")
    screen.send("\x14")
    screen.wait_for("Thinking...\nOne two three.\n...done thinking.\n\n>>>")
    screen.send("/think\r")
    screen.wait_for("Thinking...\nOne two three.\n...done thinking.\n\n>>>", count=2)


def test_thinking_of_an_interrupted_answer_can_be_looked_at(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (200, THINKER)
    server.answers["POST", "/api/chat"] = (200, [chatted("", "Let me see."), threading.Event()])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("\x14")
    screen.wait_for("There was no thinking")
    screen.send("2+2?\r")
    screen.wait_for("Let me see.")
    screen.send("\x03")
    screen.wait_for(READY)
    screen.send("/think show\r")
    screen.wait_for("Let me see.\n...done thinking.")


def test_what_is_typed_during_an_answer_is_the_next_question(terminal: Open, server: ScriptedServer) -> None:
    gate = threading.Event()
    server.answers["POST", "/api/chat"] = (200, [chatted("Hello"), gate.wait, chatted(" there"), DONE])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Hi\r")
    screen.wait_for("Hello")
    screen.send("and then?\r")
    gate.set()
    screen.wait_for(">>> Hi\nHello there\n\n>>> and then?\nHello there\n")
    assert messages(server)[-1] == ("user", "and then?")


def test_what_is_typed_while_the_model_loads_appears_at_the_prompt_only(terminal: Open, server: ScriptedServer) -> None:
    gate = threading.Event()
    server.answers["POST", "/api/generate"] = (200, lambda body: gate.wait() and DONE)
    screen = terminal("run", "tiny")
    screen.wait_for("loading tiny")
    screen.send("Hi\r")
    gate.set()
    screen.wait_for(">>> Hi\nHello there")
    assert b"Hi" not in screen.raw.partition(PROMPT_BEGINS)[0]


def test_what_is_typed_during_a_command_appears_at_the_prompt_only(terminal: Open, server: ScriptedServer) -> None:
    gate = threading.Event()
    server.answers["GET", "/api/tags"] = (200, lambda body: gate.wait() and {"models": []})
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("/list\r")
    screen.wait_raw(PROMPT_ENDS)
    before = len(screen.raw)
    screen.send("Hi\r")
    gate.set()
    screen.wait_for(">>> Hi\nHello there")
    assert b"Hi" not in screen.raw[before:].partition(PROMPT_BEGINS)[0]


def test_tabs_that_are_pasted_are_blanks_on_the_screen_alone(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("\x1b[200~if x:\n\ty = 1\x1b[201~")
    screen.wait_for(">>> if x:\n...     y = 1")
    screen.send("\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "if x:\n\ty = 1")]


def test_a_line_that_is_too_long_goes_on_below_without_a_sign(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("x" * 80)
    screen.wait_for(f">>> {'x' * 76}\n    xxxx")


def test_in_a_narrow_window_the_invitation_stays_on_its_line(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny", OMM_NOHISTORY="1")
    screen.resize(20)
    screen.wait_for(">>> Send a message")
    screen.send("Hi\r")
    assert "..." not in screen.wait_for("Hello there")


def test_a_long_prompt_tells_how_much_of_it_is_read(terminal: Open, server: ScriptedServer) -> None:
    gate = threading.Event()
    progress = {"done": False, "prompt_progress": {"total": 1100, "cache": 100, "processed": 530}}
    server.answers["POST", "/api/chat"] = (200, [progress, gate.wait, chatted("Hello"), DONE])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Hi\r")
    screen.wait_for("reading the prompt: 43%")
    gate.set()
    assert ">>> Hi\nHello\n\n>>>" in screen.wait_for(READY)
    assert "reading" not in screen.text
    assert server.asked("/api/chat")[0].body["return_progress"] is True


def test_a_full_disk_costs_the_history_and_nothing_else(
    server: ScriptedServer, clean: dict[str, str], home: Path
) -> None:
    no_file_may_grow = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"
    with Terminal(("run", "tiny"), clean, before=no_file_may_grow) as screen:
        screen.wait_for(READY)
        screen.send("Hi\r")
        screen.wait_for("Hello there")
        screen.send("Again\r")
        screen.wait_for("Hello there", count=2)
        screen.wait_for(READY)
        screen.send("\x1b[A\x1b[A")
        screen.wait_for(">>> Hi", count=2)
        screen.send("\x15/bye\r")
        assert screen.wait_end() == 0
    assert not (home / "history").exists()


def test_a_letter_of_another_encoding_is_no_end(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send_bytes(b"caf\xe9 au lait\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "caf? au lait")]


def test_server_killed_in_the_middle_of_an_answer(terminal: Open, server: ScriptedServer) -> None:
    answer = server.answers["POST", "/api/chat"]
    server.answers["POST", "/api/chat"] = (200, [chatted("Half an")])
    server.cuts_off = True
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Hi\r")
    screen.wait_for("Half an\nerror: the server hung up in the middle of the answer")
    screen.wait_for(READY)
    server.cuts_off = False
    server.answers["POST", "/api/chat"] = answer
    screen.send("/retry\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "Hi")]


def test_a_wrong_key_is_an_error_before_the_conversation(terminal: Open, server: ScriptedServer) -> None:
    server.answers["GET", "/api/version"] = (401, {"error": "missing or wrong API key"})
    screen = terminal("run", "tiny", OMM_API_KEY="wrong")
    assert screen.wait_end() == 1
    assert screen.text == "Error: missing or wrong API key"


def test_a_narrower_window_is_heeded_in_the_middle_of_an_answer(terminal: Open, server: ScriptedServer) -> None:
    gate = threading.Event()
    words = chatted(" ".join(f"word{number:02}" for number in range(30)))
    server.answers["POST", "/api/chat"] = (200, [chatted("First.\n"), gate.wait, words, DONE])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Go\r")
    screen.wait_for("First.")
    screen.resize(40)
    gate.set()
    answer = [line for line in screen.wait_for("word29").splitlines() if line.startswith("word")]
    assert " ".join(answer).split() == [f"word{number:02}" for number in range(30)]
    assert len(answer) == 6  # of five words each, which take 34 of the 35 columns


def test_no_color_keeps_the_answer_plain(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("", "Hm."), generated("Four."), DONE])
    screen = terminal("run", "tiny", "2+2?", NO_COLOR="1")
    assert screen.wait_end() == 0
    assert "Thinking...\nHm.\n...done thinking.\n\nFour." in screen.text
    assert b"\x1b[90m" not in screen.raw


def test_long_answers_wrap_between_words(terminal: Open, server: ScriptedServer) -> None:
    words = [chatted(part) for number in range(30) for part in ("wo", f"rd{number:02} ")]
    server.answers["POST", "/api/chat"] = (200, [*words, DONE])
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("Go\r")
    lines = screen.wait_for("word29").splitlines()
    answer = [line for line in lines if line.startswith("word")]
    assert " ".join(answer).split() == [f"word{number:02}" for number in range(30)]
    assert len(answer) > 1
    assert all(len(line) <= 75 for line in answer)


def test_history_is_private_and_comes_back(terminal: Open, server: ScriptedServer, home: Path) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for(READY)
    screen.send("first question\r")
    screen.wait_for("Hello there")
    screen.send("/set nohistory\r")
    screen.wait_for(READY)
    screen.send("secret\r")
    screen.wait_for("Hello there", count=2)
    screen.send("/bye\r")
    assert screen.wait_end() == 0
    history = home / "history"
    saved = [json.loads(line)["text"] for line in history.read_text().splitlines()]
    assert saved == ["first question", "/set nohistory"]
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    again = terminal("run", "tiny")
    again.wait_for(READY)
    again.send("\x1b[A\x1b[A")
    again.wait_for(">>> first question")


def test_messages_of_the_modelfile_are_shown(terminal: Open, server: ScriptedServer) -> None:
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ahoy!"}]
    server.answers["POST", "/api/show"] = (200, {**INFO, "messages": said})
    screen = terminal("run", "tiny")
    assert ">>> Hi\nAhoy!\n\n>>> Send" in screen.wait_for(READY)


def test_embedding_model_is_no_partner(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["embedding"]})
    screen = terminal("run", "embed")
    assert screen.wait_end() == 1
    assert "embedding models require input text" in screen.text


def test_one_answer_on_a_terminal_ends_with_an_empty_line(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "--verbose", "tiny", "Hi")
    assert screen.wait_end() == 0
    assert screen.text.startswith("Hello world\n\ntotal duration:       6.2345s\n")


def test_bars_on_a_terminal(terminal: Open, server: ScriptedServer) -> None:
    blob = {"status": "pulling 6a0746a1ec1a", "digest": "sha256:6a07", "total": 4_700_000_000}
    lines = [
        {"status": "pulling manifest"},
        {**blob, "completed": 2_350_000_000},
        {**blob, "completed": 4_700_000_000},
        {"status": "writing manifest"},
        {"status": "success"},
    ]
    server.answers["POST", "/api/pull"] = (200, lines)
    screen = terminal("pull", "big")
    assert screen.wait_end() == 0
    assert screen.text.splitlines() == [
        "pulling manifest",
        "pulling 6a0746a1ec1a: 100% ▕██████████████▏ 4.7 GB",
        "writing manifest",
        "success",
    ]


def test_tables_are_coloured_on_a_terminal(terminal: Open, server: ScriptedServer) -> None:
    server.answers["GET", "/api/tags"] = (200, {"models": [{"name": "tiny:latest", "digest": "a" * 64, "size": 5}]})
    screen = terminal("list")
    assert screen.wait_end() == 0
    assert screen.text.splitlines() == [
        "NAME           ID              SIZE    MODIFIED",
        "tiny:latest    aaaaaaaaaaaa    5 B     Never",
    ]
    assert b"\x1b[1;35mNAME" in screen.raw
    plain = terminal("list", NO_COLOR="1")
    assert plain.wait_end() == 0
    assert b"35m" not in plain.raw
    as_json = terminal("list", "--json")
    assert as_json.wait_end() == 0
    assert b"\x1b" not in as_json.raw


def test_answer_cannot_command_the_terminal(terminal: Open, server: ScriptedServer, clean: dict[str, str]) -> None:
    answer = "a\x1b]0;title\x07b\x9b2Jc\r\td"
    server.answers["POST", "/api/generate"] = (200, [generated(answer), DONE])
    screen = terminal("run", "tiny", "Hi")
    assert screen.wait_end() == 0
    assert screen.text == "a]0;titleb2Jc   d"
    command = [sys.executable, "-m", "omm", "run", "tiny", "Hi"]
    piped = subprocess.run(command, env=clean, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert piped.stdout.decode() == answer + "\n\n"


def test_an_impatient_ctrl_c_costs_the_answer_and_not_the_conversation(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/chat"] = (200, [chatted("Once"), threading.Event()])
    screen = terminal("run", "tiny")
    for turn in range(1, 6):
        screen.wait_for("Send a message")
        screen.send("Hi\r")
        screen.wait_for("Once", count=turn)
        for _ in range(4):
            screen.send("\x03")
            screen.process.send_signal(signal.SIGINT)
    screen.wait_for("Send a message")
    screen.send("/bye\r")
    assert screen.wait_end() == 0
    assert "Traceback" not in screen.text


def test_pasted_code_that_begins_with_a_comment_is_no_command(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for("Send a message")
    screen.send("\x1b[200~// Why?\nint x;\x1b[201~\r")
    screen.wait_for("Hello there")
    assert messages(server) == [("user", "// Why?\nint x;")]
    screen.send("\x1b[200~/set system Be\nbrief.\x1b[201~\r")
    screen.wait_for("Set system message.")


def test_what_was_pasted_cannot_command_the_terminal(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for("Send a message")
    screen.send("\x1b[200~/\x1b]0;title\x07\x1b[201~\r")
    screen.wait_for("Unknown command '/]0;title'")
    screen.send("/file -\r")
    screen.wait_for("error: ./-: No such file or directory")
    assert b"\x1b]0;" not in screen.raw


def test_events_cannot_command_the_terminal(terminal: Open, server: ScriptedServer) -> None:
    server.answers["POST", "/api/generate"] = (200, [generated("a\x9b2Jb"), DONE])
    screen = terminal("run", "tiny", "--json", "Hi")
    assert screen.wait_end() == 0
    assert '{"type":"text","text":"a2Jb"}' in screen.text
    assert b"\xc2\x9b" not in screen.raw


def test_ctrl_c_ends_a_command_and_ctrl_d_the_conversation(terminal: Open, server: ScriptedServer) -> None:
    screen = terminal("run", "tiny")
    screen.wait_for("Send a message")
    screen.send('/set system """one\r')
    screen.wait_for("... End with")
    screen.send("\x03")
    screen.wait_for("Send a message")
    screen.send('/set system """two\r')
    screen.wait_for("... End with")
    screen.send("\x04")
    assert screen.wait_end() == 0
    assert "Traceback" not in screen.text


def test_ps_keeps_watching_until_ctrl_c(terminal: Open, server: ScriptedServer) -> None:
    row = {"name": "tiny:latest", "digest": "a" * 64, "size": 5, "context_length": 32, "parallel": 4}
    server.answers["GET", "/api/ps"] = (200, {"models": [{**row, "active": 1}]})
    screen = terminal("ps", "--watch")
    assert screen.wait_for("1/4").startswith("NAME")
    server.answers["GET", "/api/ps"] = (200, {"models": [{**row, "active": 4, "waiting": 2}]})
    shown = screen.wait_for("4/4 +2")
    assert "1/4" not in shown
    assert shown.count("NAME") == 1
    screen.send("\x03")
    assert screen.wait_end() == 0
