"""The /commands of a conversation, without a terminal."""

from __future__ import annotations

import pytest

from omm.cli import slash
from omm.cli.client import Client
from omm.cli.replies import ModelInfo, Turn
from omm.cli.run import Asking
from omm.config import Settings
from tests.cli.scripted import INFO, ScriptedServer


@pytest.fixture
def talk(server: ScriptedServer) -> slash.Conversation:
    client = Client(Settings.load())
    return slash.Conversation(client, Asking(model="tiny"), client.show("tiny"))


def say(talk: slash.Conversation, line: str, rest: str = "") -> bool:
    return slash.obey(talk, line, lambda opened: rest)


@pytest.mark.parametrize("line", ["/bye", "/exit"])
def test_leaving(talk: slash.Conversation, line: str) -> None:
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
    talk: slash.Conversation, capsys: pytest.CaptureFixture[str], line: str, text: str
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
        ("/set nothink", "Set 'nothink' mode.\n"),
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
def test_what_is_printed(talk: slash.Conversation, capsys: pytest.CaptureFixture[str], line: str, out: str) -> None:
    assert say(talk, line)
    assert capsys.readouterr().out == out


def test_nothing_specified(talk: slash.Conversation, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_parameters_of_model_and_user(talk: slash.Conversation, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_switches_change_how_the_model_is_asked(talk: slash.Conversation) -> None:
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


def test_think_levels_and_the_warning(talk: slash.Conversation, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_system_message_replaces_one_nothing_was_said_after(talk: slash.Conversation) -> None:
    say(talk, "/set system Be a pirate.")
    say(talk, '/set system "Be a bard."')
    assert talk.turns == [Turn(role="system", content="Be a bard.")]
    talk.turns.append(Turn(role="user", content="Hi"))
    say(talk, '/set system """Be', rest="Be\na poet.")
    assert [turn.content for turn in talk.turns] == ["Be a bard.", "Hi", "Be\na poet."]
    assert talk.system == "Be\na poet."


def test_clear_keeps_the_system_message(talk: slash.Conversation) -> None:
    talk.turns[:] = [Turn(role="system", content="S"), Turn(role="user", content="Hi")]
    say(talk, "/clear")
    assert talk.turns == [Turn(role="system", content="S")]


def test_system_flag_opens_the_conversation(server: ScriptedServer) -> None:
    talk = slash.Conversation(Client(Settings.load()), Asking(model="tiny", system="S"), ModelInfo())
    assert talk.turns == [Turn(role="system", content="S")]


def test_load_changes_the_model_and_forgets(
    talk: slash.Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.turns.append(Turn(role="user", content="Hi"))
    server.answers["POST", "/api/show"] = (200, {**INFO, "capabilities": ["completion", "thinking"]})
    say(talk, "/load other")
    assert capsys.readouterr().out == "Loading model 'other'\n"
    assert talk.asking.body() == {"model": "other", "think": True}
    assert not talk.turns
    assert server.asked("/api/generate")[-1].body == {"model": "other"}


def test_load_of_a_missing_model_keeps_the_old_one(
    talk: slash.Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    talk.turns.append(Turn(role="user", content="Hi"))
    server.answers["POST", "/api/show"] = (404, {"error": "model 'other' not found"})
    say(talk, "/load other")
    assert capsys.readouterr().out == "Couldn't find model 'other'\n"
    assert talk.asking.model == "tiny"
    assert talk.turns


def test_save_creates_a_model_of_the_conversation(
    talk: slash.Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
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


def test_error_of_a_command_is_shown(
    talk: slash.Conversation, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers["POST", "/api/create"] = (400, {"error": "no"})
    assert say(talk, "/save pirate")
    assert capsys.readouterr().err == "error: no\n"
