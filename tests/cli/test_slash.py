"""The /commands of a conversation, without a terminal."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import msgspec
import pytest

from omm.cli import attach, run, slash, slash_help, slash_more
from omm.cli.client import Client
from omm.cli.conversation import Conversation
from omm.cli.replies import Chunk, ModelInfo, Turn
from omm.cli.run import Asking
from omm.config import Settings
from omm.errors import InvalidRequest
from tests.cli.scripted import INFO, ScriptedServer


@pytest.fixture
def talk(server: ScriptedServer) -> Conversation:
    client = Client(Settings.load())
    return Conversation(client, Asking(model="tiny"), client.show("tiny"))


def say(talk: Conversation, line: str, rest: str = "") -> bool:
    return slash.obey(talk, line, lambda opened: rest)


@pytest.mark.parametrize("line", ["/bye", "/exit"])
def test_leaving(talk: Conversation, line: str) -> None:
    assert not say(talk, line)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("/?", "Available Commands:\n  /set            Set session variables"),
        ("/help", "/? shortcuts    Help for keyboard shortcuts"),
        ("/? set", "  /set parameter ...     Set a parameter"),
        ("/? /show", "  /show info         Show details for this model"),
        ("/? shortcuts", "Ctrl + d            Exit (/bye)"),
        ("/set", "  /set nothink           Disable thinking"),
        ("/set parameter", "  /set parameter seed <int>             Random number seed"),
        ("/show", "  /show template     Show prompt template"),
        ("/show info", "    architecture        llama"),
    ],
)
def test_help_and_info_go_to_stderr(
    talk: Conversation, capsys: pytest.CaptureFixture[str], line: str, text: str
) -> None:
    assert say(talk, line)
    captured = capsys.readouterr()
    assert text in captured.err
    assert not captured.out


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("/set verbose", "Set 'verbose' mode.\n"),
        ("/set quiet", "Set 'quiet' mode.\n"),
        ("/set wordwrap", "Set 'wordwrap' mode.\n"),
        ("/set nowordwrap", "Set 'nowordwrap' mode.\n"),
        ("/set history", ""),
        ("/set nohistory", ""),
        ("/set format json", "Set format to 'json' mode.\n"),
        ("/set format", "Invalid or missing format. For 'json' mode use '/set format json'\n"),
        ("/set format yaml", "Invalid or missing format. For 'json' mode use '/set format json'\n"),
        ("/set noformat", "Disabled format.\n"),
        ("/set nomarkdown", "Set 'nomarkdown' mode.\n"),
        ("/system", "Be brief.\n"),
        ("/retry", "Nothing was asked yet\n"),
        ("/edit", "Nothing was asked yet\n"),
        ("/undo", "Nothing was asked yet\n"),
        ("/copy", "Nothing was answered yet\n"),
        ("/stats", "Nothing was answered yet\n"),
        ("/model", "tiny\n"),
        ("/model a b", "Usage:\n  /model <modelname>\n"),
        ("/file", "Usage:\n  /file <path>\n"),
        ("/image", "Usage:\n  /image <path>\n"),
        ("/export", "Usage:\n  /export <file.md or file.json>\n"),
        ("/set nothink", "Set 'nothink' mode.\n"),
        ("/think", "There was no thinking\n"),
        ("/think show", "There was no thinking\n"),
        ("/think fold", "Thinking is folded into one line.\n"),
        ("/think unfold", "Thinking is shown as it comes.\n"),
        ("/think hard", "Usage:\n  /think [show|fold|unfold]\n"),
        ("/set parameter seed 7", "Set parameter 'seed' to '7'\n"),
        ("/set parameter stop a b", "Set parameter 'stop' to 'a, b'\n"),
        ("/set parameter seed x", "Couldn't set parameter: \"invalid value for 'seed': x\"\n"),
        ("/set parameter nonsense 1", "Couldn't set parameter: \"unknown parameter 'nonsense'\"\n"),
        ("/set system", "Usage:\n  /set system <system message>\n"),
        ("/set nonsense", "Unknown command '/set nonsense'. Type /? for help\n"),
        ("/show nonsense", "Unknown command '/show nonsense'. Type /? for help\n"),
        ("/nonsense", "Unknown command '/nonsense'. Type /? for help\n"),
        ("/load", "Usage:\n  /load <modelname>\n"),
        ("/save", "Usage:\n  /save <modelname>\n"),
        ("/save a/b/c/d", "error: The model name 'a/b/c/d' is invalid\n"),
        ("/show license", INFO["license"] + "\n"),
        ("/show modelfile", INFO["modelfile"] + "\n"),
        ("/show system", "Be brief.\n"),
        ("/show template", "{{ .Prompt }}\n"),
        ("/list", "NAME    ID    SIZE    MODIFIED \n"),
        ("/clear", "Cleared session context\n"),
    ],
)
def test_what_is_printed(talk: Conversation, capsys: pytest.CaptureFixture[str], line: str, out: str) -> None:
    assert say(talk, line)
    assert capsys.readouterr().out == out


def test_nothing_specified(talk: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    talk.info = ModelInfo()
    for what in ("license", "system", "template", "parameters"):
        say(talk, f"/show {what}")
    assert capsys.readouterr().out.splitlines() == [
        "No license was specified for this model.",
        "No system message was specified for this model.",
        "No prompt template was specified for this model.",
        "Model defined parameters:",
        "  No additional parameters were specified for this model.",
        "",
    ]


def test_parameters_of_model_and_user(talk: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    say(talk, "/set parameter stop a b")
    say(talk, "/set parameter temperature 0.5")
    capsys.readouterr()
    say(talk, "/show parameters")
    assert capsys.readouterr().out.splitlines() == [
        "Model defined parameters:",
        '  stop                           "<|im_end|>"',
        "  temperature                    0.5",
        "",
        "User defined parameters:",
        "  stop                           a, b",
        "  temperature                    0.5",
        "",
    ]
    assert talk.asking.body()["options"] == {"stop": ("a", "b"), "temperature": 0.5}


def test_switches_change_how_the_model_is_asked(talk: Conversation) -> None:
    for line in ("/set verbose", "/set nowordwrap", "/set format json", "/set nohistory"):
        say(talk, line)
    assert talk.asking.verbose
    assert not talk.asking.wrap
    assert not talk.is_history_on
    assert talk.asking.body() == {"model": "tiny", "format": "json"}
    for line in ("/set quiet", "/set wordwrap", "/set noformat", "/set history"):
        say(talk, line)
    assert not talk.asking.verbose
    assert talk.asking.wrap
    assert talk.is_history_on
    assert talk.asking.body() == {"model": "tiny"}


def test_think_levels_and_the_warning(talk: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    say(talk, "/set think high")
    captured = capsys.readouterr()
    assert captured.out == "Set 'think' mode to 'high'.\n"
    assert captured.err == 'warning: model "tiny" does not support thinking output\n'
    assert talk.asking.think == "high"
    say(talk, "/set think")
    assert talk.asking.think is True
    say(talk, "/set think much")
    assert 'invalid value for think: "much"' in capsys.readouterr().out
    assert talk.asking.think is True


@pytest.mark.parametrize(("level", "value"), run.THINK_LEVELS.items())
def test_every_level_of_thinking_is_sent(talk: Conversation, level: str, value: object) -> None:
    say(talk, f"/set think {level}")
    assert talk.asking.body()["think"] == value


def test_thinking_folds_and_is_shown_on_demand(talk: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    say(talk, "/think fold")
    assert talk.asking.fold_thinking
    say(talk, "/think unfold")
    assert not talk.asking.fold_thinking
    talk.thought = "Let me see."
    capsys.readouterr()
    say(talk, "/think")
    assert capsys.readouterr().out == "Thinking...\nLet me see.\n...done thinking.\n\n"


def test_system_message_replaces_one_nothing_was_said_after(talk: Conversation) -> None:
    say(talk, "/set system Be a pirate.")
    say(talk, '/set system "Be a bard."')
    assert talk.turns == [Turn(role="system", content="Be a bard.")]
    talk.turns.append(Turn(role="user", content="Hi"))
    say(talk, '/set system """Be', rest="Be\na poet.")
    assert [turn.content for turn in talk.turns] == ["Be a bard.", "Hi", "Be\na poet."]
    assert talk.system == "Be\na poet."


def test_clear_keeps_the_system_message(talk: Conversation) -> None:
    talk.turns[:] = [Turn(role="system", content="S"), Turn(role="user", content="Hi")]
    say(talk, "/clear")
    assert talk.turns == [Turn(role="system", content="S")]


def test_system_flag_opens_the_conversation(server: ScriptedServer) -> None:
    talk = Conversation(Client(Settings.load()), Asking(model="tiny", system="S"), ModelInfo())
    assert talk.turns == [Turn(role="system", content="S")]


def test_load_changes_the_model_and_forgets(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.turns.append(Turn(role="user", content="Hi"))
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["completion", "thinking"]})
    say(talk, "/load other")
    assert capsys.readouterr().out == "Loading model 'other'\n"
    assert talk.asking.body() == {"model": "other", "think": True}
    assert not talk.turns
    assert server.asked("/api/generate")[-1].body == {"model": "other"}


def test_load_of_a_missing_model_keeps_the_old_one(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.turns.append(Turn(role="user", content="Hi"))
    server.answers["POST", "/api/show"] = (404, {"error": "model 'other' not found"})
    say(talk, "/load other")
    assert capsys.readouterr().out == "Couldn't find model 'other'\n"
    assert talk.asking.model == "tiny"
    assert talk.turns


def test_save_creates_a_model_of_the_conversation(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    say(talk, "/set parameter seed 7")
    say(talk, "/set system Be a pirate.")
    talk.turns += [Turn(role="user", content="Hi"), Turn(role="assistant", content="Ahoy", thinking="hm")]
    capsys.readouterr()
    say(talk, "/save pirate")
    assert capsys.readouterr().out == "Created new model 'pirate'\n"
    assert server.asked("/api/create")[0].body == {
        "model": "pirate",
        "from": "tiny",
        "system": "Be a pirate.",
        "parameters": {"seed": 7},
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ahoy"}],
    }


def test_what_the_configuration_adds_is_not_saved(talk: Conversation, server: ScriptedServer) -> None:
    assert talk.info.system  # which may be from there, and is the model's otherwise
    say(talk, "/save mine")
    assert server.asked("/api/create")[0].body == {"model": "mine", "from": "tiny"}


def test_what_a_model_remembers_is_saved_before_what_was_said(talk: Conversation, server: ScriptedServer) -> None:
    talk.info = msgspec.structs.replace(talk.info, messages=(Turn(role="user", content="I am Ada."),))
    talk.turns.append(Turn(role="user", content="Hi"))
    say(talk, "/save mine")
    said = [message["content"] for message in server.asked("/api/create")[0].body["messages"]]
    assert said == ["I am Ada.", "Hi"]


def test_a_question_that_is_refused_keeps_its_files(talk: Conversation, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "no.png").write_text("no image")
    talk.info = msgspec.structs.replace(talk.info, capabilities=("completion", "vision"))
    say(talk, f"/file {tmp_path / 'a.txt'}")
    with pytest.raises(InvalidRequest):
        talk.question(f"What is {tmp_path / 'no.png'}")
    assert "text" in talk.question("What is it?").content
    assert talk.question("And now?").content == "And now?"


def test_a_conversation_with_an_alias_is_saved_as_one_with_its_model(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers["POST", "/api/show"] = (200, {**INFO, "alias_of": "tiny:latest"})
    say(talk, "/model gpt-4o")
    say(talk, "/save mine")
    assert server.asked("/api/create")[0].body["from"] == "tiny:latest"


def test_error_of_a_command_is_shown(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers["POST", "/api/create"] = (400, {"error": "no"})
    assert say(talk, "/save pirate")
    assert capsys.readouterr().err == "error: no\n"


# --- what only omm has ------------------------------------------------------------------------------------------

SAID = [
    Turn(role="user", content="Hi"),
    Turn(role="assistant", content="Ahoy", thinking="hm"),
    Turn(role="user", content="More", images=("aW1n",)),
    Turn(role="assistant", content="No"),
]


def test_retry_asks_the_last_question_again(talk: Conversation) -> None:
    talk.turns[:] = SAID
    say(talk, "/retry")
    assert talk.turns == SAID[:2]
    assert talk.pending == SAID[2]


def test_retry_of_a_question_that_got_an_error(talk: Conversation) -> None:
    talk.turns[:] = SAID[:2]
    talk.refused = SAID[2]
    say(talk, "/retry")
    assert (talk.turns, talk.pending, talk.refused) == (SAID[:2], SAID[2], None)


def test_edit_puts_the_last_question_on_the_line_with_its_images(talk: Conversation) -> None:
    talk.turns[:] = SAID
    talk.files = [attach.Attached("", media="YXR0")]
    say(talk, "/edit")
    assert talk.draft == "More"
    assert talk.question("Less") == Turn(role="user", content="Less", images=("aW1n", "YXR0"))


def test_undo_goes_back_one_question_at_a_time(talk: Conversation) -> None:
    talk.turns[:] = [Turn(role="system", content="S"), *SAID]
    say(talk, "/undo")
    assert talk.turns == [Turn(role="system", content="S"), *SAID[:2]]
    say(talk, "/undo")
    say(talk, "/undo")
    assert talk.turns == [Turn(role="system", content="S")]


def test_system_is_short_for_set_system(talk: Conversation) -> None:
    say(talk, '/system """Be', rest="Be\na poet.")
    assert talk.turns == [Turn(role="system", content="Be\na poet.")]


def test_model_goes_on_with_the_same_conversation(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.turns[:] = SAID
    say(talk, "/model other")
    assert capsys.readouterr().out == "Loading model 'other'\n"
    assert talk.asking.model == "other"
    assert talk.turns == SAID
    server.answers["POST", "/api/show"] = (404, {"error": "no"})
    say(talk, "/model nothing")
    assert talk.asking.model == "other"


def test_a_model_that_does_not_load_changes_nothing(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers["POST", "/api/generate"] = (500, {"error": "too big"})
    say(talk, "/model other")
    assert capsys.readouterr().err == "error: too big\n"
    assert talk.asking.model == "tiny"


def test_files_go_with_the_next_message_only(
    talk: Conversation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, image = tmp_path / "a b.txt", tmp_path / "a.png"
    text.write_text("some ``` text\n")
    image.write_bytes(b"\x89PNG\r\n\x1a\n")
    say(talk, f"/file {str(text).replace(' ', chr(92) + ' ')}")
    say(talk, f"/image {image}")
    captured = capsys.readouterr()
    assert captured.out == f"Attached '{text}' to your next message\nAttached '{image}' to your next message\n"
    assert captured.err == 'warning: model "tiny" takes no images\n'
    turn = talk.question("Well?")
    assert turn.content == f"{text}:\n````\nsome ``` text\n````\n\nWell?"
    assert turn.images == (base64.b64encode(image.read_bytes()).decode(),)
    assert talk.question("And?") == Turn(role="user", content="And?")


@pytest.mark.parametrize("line", ["/file no-such-file", "/image no-such-file", "/load no-such.json", "/export x.pdf"])
def test_files_that_do_not_work_are_an_error_of_one_line(
    talk: Conversation, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    say(talk, line)
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_conversation_survives_a_file(talk: Conversation, tmp_path: Path, server: ScriptedServer) -> None:
    talk.turns[:] = SAID
    say(talk, "/set parameter seed 7")
    say(talk, f"/save {tmp_path / 'talk.json'}")
    assert not server.asked("/api/create")
    again = Conversation(talk.client, Asking(model="other"), talk.info)
    say(again, f"/load {tmp_path / 'talk.json'}")
    assert again.turns == SAID
    assert again.asking.body() == {"model": "tiny", "options": {"seed": 7}}


def test_what_is_no_conversation_is_not_loaded(
    talk: Conversation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text('{"a": 1}')
    talk.turns[:] = SAID
    say(talk, f"/load {tmp_path / 'x.json'}")
    assert "is no saved conversation" in capsys.readouterr().err
    assert talk.turns == SAID


def test_export_for_people(talk: Conversation, tmp_path: Path) -> None:
    talk.turns[:] = SAID
    say(talk, f"/export {tmp_path / 'talk.md'}")
    assert (tmp_path / "talk.md").read_text() == (
        "# Conversation with tiny\n\n## User\n\nHi\n\n## Assistant\n\n<details><summary>Thinking</summary>\n\nhm\n\n"
        "</details>\n\nAhoy\n\n## User\n\n*1 attached*\n\nMore\n\n## Assistant\n\nNo\n"
    )


def test_copy_uses_the_systems_tool_or_asks_the_terminal(
    talk: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.turns[:] = SAID
    monkeypatch.setenv("PATH", str(tmp_path))
    say(talk, "/copy")
    assert capsys.readouterr().out == f"\x1b]52;c;{base64.b64encode(b'No').decode()}\x07Copied the last answer\n"
    tool = tmp_path / slash_more.CLIPBOARDS[0][0]
    tool.write_text(f'#!/bin/sh\nread line; echo "$line" > {tmp_path}/copied\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    say(talk, "/copy")
    assert (tmp_path / "copied").read_text() == "No\n"
    assert capsys.readouterr().out == "Copied the last answer\n"


def test_tokens_show_what_fills_the_context(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.turns[:] = [*SAID[:1], Turn(role="assistant", content="word " * 20)]
    server.answers["POST", "/api/tokenize"] = (200, {"model": "tiny", "tokens": [1, 2, 3, 4, 5, 6, 7, 8]})
    server.answers["POST", "/api/chat"] = (200, {"_debug_info": {"rendered_template": "<user>Hi"}})
    server.answers["GET", "/api/ps"] = (200, {"models": [{"name": "tiny:latest", "context_length": 32}]})
    say(talk, "/tokens")
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "ROLE         TOKENS    TEXT",
        "user         8         Hi",
        "assistant    8         word word word word word word word word…",
        "template     -8",
        "8 of 32 tokens of context (25%)",
    ]
    assert server.asked("/api/tokenize")[-1].body == {"model": "tiny", "text": "<user>Hi"}


def test_tokens_find_the_context_of_an_alias(
    talk: Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.asking.model = "gpt-4o"
    talk.info = msgspec.structs.replace(talk.info, alias_of="Tiny:latest")
    server.answers["POST", "/api/tokenize"] = (200, {"tokens": [1, 2]})
    server.answers["POST", "/api/chat"] = (200, {"_debug_info": {"rendered_template": "<user>"}})
    rows = [{"name": "gpt-4o-mini:latest", "context_length": 5}, {"name": "tiny:latest", "context_length": 32}]
    server.answers["GET", "/api/ps"] = (200, {"models": rows})
    say(talk, "/tokens")
    assert capsys.readouterr().out.splitlines()[-1] == "2 of 32 tokens of context (6%)"


def test_stats_sum_up(talk: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    last = Chunk(prompt_eval_count=30, prompt_cached_count=20, eval_count=10, eval_duration=10**9, total_duration=10**9)
    talk.totals.add(last)
    talk.totals.add(last)
    talk.last = last
    say(talk, "/stats")
    assert capsys.readouterr().out.splitlines() == [
        "answers:              2",
        "prompt tokens:        60 (40 from the cache)",
        "output tokens:        20 (10.00 tokens/s)",
        "time:                 2s",
        "",
        "The last answer:",
        "total duration:       1s",
        "prompt eval count:    30 token(s)",
        "eval count:           10 token(s)",
        "eval duration:        1s",
        "eval rate:            10.00 tokens/s",
        "prompt cached:        20 token(s)",
    ]


@pytest.mark.parametrize("text", [slash_help.HELP, slash_help.HELP_PARAMETER, *slash_help.HELP_TOPICS.values()])
def test_help_fits_on_a_terminal(text: str) -> None:
    assert max(map(len, text.splitlines())) <= 80
