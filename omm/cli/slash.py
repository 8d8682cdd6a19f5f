"""The /commands of a conversation, and the conversation they change."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from typing import Any

from omm.cli import models, output
from omm.cli.client import Client
from omm.cli.replies import ModelInfo, Turn
from omm.cli.run import Asking, parse_option, parse_think
from omm.errors import InvalidRequest, NotFound, OmmError
from omm.names import ModelName

QUOTES = '"""'
ReadRest = Callable[[str], str]

HELP = """\
Available Commands:
  /set            Set session variables
  /show           Show model information
  /load <model>   Load a session or model
  /save <model>   Save your current session
  /list           List models
  /clear          Clear session context
  /bye            Exit
  /?, /help       Help for a command
  /? shortcuts    Help for keyboard shortcuts

Use \"\"\" to begin a multi-line message.
"""
HELP_SET = """\
Available Commands:
  /set parameter ...     Set a parameter
  /set system <string>   Set system message
  /set history           Enable history
  /set nohistory         Disable history
  /set wordwrap          Enable wordwrap
  /set nowordwrap        Disable wordwrap
  /set format json       Enable JSON mode
  /set noformat          Disable formatting
  /set verbose           Show LLM stats
  /set quiet             Disable LLM stats
  /set think             Enable thinking
  /set nothink           Disable thinking
"""
HELP_SHOW = """\
Available Commands:
  /show info         Show details for this model
  /show license      Show model license
  /show modelfile    Show Modelfile for this model
  /show parameters   Show parameters for this model
  /show system       Show system message
  /show template     Show prompt template
"""
HELP_PARAMETER = """\
Available Parameters:
  /set parameter seed <int>             Random number seed
  /set parameter num_predict <int>      Max number of tokens to predict
  /set parameter top_k <int>            Pick from top k num of tokens
  /set parameter top_p <float>          Pick token based on sum of probabilities
  /set parameter min_p <float>          Pick token based on top token probability * min_p
  /set parameter num_ctx <int>          Set the context size
  /set parameter temperature <float>    Set creativity level
  /set parameter repeat_penalty <float> How strongly to penalize repetitions
  /set parameter repeat_last_n <int>    Set how far back to look for repetitions
  /set parameter num_gpu <int>          The number of layers to send to the GPU
  /set parameter stop <string> ...      Set the stop strings
"""
HELP_SHORTCUTS = """\
Available keyboard shortcuts:
  Ctrl + a            Move to the beginning of the line (Home)
  Ctrl + e            Move to the end of the line (End)
   Alt + b            Move back one word
   Alt + f            Move forward one word
  Ctrl + k            Delete the sentence after the cursor
  Ctrl + u            Delete the sentence before the cursor
  Ctrl + w            Delete the word before the cursor
  Ctrl + r            Search the history
   Alt + Enter        Start a new line

  Ctrl + l            Clear the screen
  Ctrl + c            Stop the model from responding
  Ctrl + d            Exit (/bye)
"""
HELP_TOPICS = {"set": HELP_SET, "show": HELP_SHOW, "shortcut": HELP_SHORTCUTS, "shortcuts": HELP_SHORTCUTS}


@dataclasses.dataclass(slots=True)
class Conversation:
    """What was said so far, to which model, and how it is asked."""

    client: Client
    asking: Asking
    info: ModelInfo
    turns: list[Turn] = dataclasses.field(default_factory=list)
    is_history_on: bool = True

    def __post_init__(self) -> None:
        self.is_history_on = not self.client.settings.nohistory
        if self.asking.system:
            self.turns.append(Turn(role="system", content=self.asking.system))

    @property
    def system(self) -> str:
        """The system message set here, else the model's own."""
        return next((turn.content for turn in reversed(self.turns) if turn.role == "system"), self.info.system)

    def set_system(self, text: str) -> None:
        """Replace a system message nothing was said after, else add one."""
        if self.turns and self.turns[-1].role == "system":
            self.turns.pop()
        self.turns.append(Turn(role="system", content=text))

    def clear(self) -> None:
        """Forget what was said, except the system message."""
        self.turns[:] = [turn for turn in self.turns if turn.role == "system"][-1:]


def obey(conversation: Conversation, line: str, read_rest: ReadRest) -> bool:
    """Carry out a /command; false when it ends the conversation.

    `read_rest` reads on until the three quotes that an argument opened are closed.
    """
    name, *words = line.split()
    if name in {"/bye", "/exit"}:
        return False
    if name == "/set" and words[:1] == ["system"]:
        _set_system(conversation, line, read_rest)
        return True
    command = COMMANDS.get(name)
    if command is None:
        _unknown(name)
        return True
    try:
        command(conversation, words)
    except OmmError as exc:
        output.note(f"error: {exc.message}")
    return True


def _unknown(command: str) -> None:
    print(f"Unknown command '{command}'. Type /? for help")


def _help(conversation: Conversation, words: list[str]) -> None:
    topic = words[0].removeprefix("/") if words else ""
    output.note(HELP_TOPICS.get(topic, HELP))


def _clear(conversation: Conversation, words: list[str]) -> None:
    conversation.clear()
    print("Cleared session context")


def _list(conversation: Conversation, words: list[str]) -> None:
    models.print_models(conversation.client)


def _load(conversation: Conversation, words: list[str]) -> None:
    if len(words) != 1:
        print("Usage:\n  /load <modelname>")
        return
    try:
        info = conversation.client.show(words[0])
    except NotFound:
        print(f"Couldn't find model '{words[0]}'")
        return
    print(f"Loading model '{words[0]}'")
    asking = conversation.asking
    asking.model = words[0]
    asking.think = True if info.can("thinking") else None
    with output.spinner():
        conversation.client.load(asking.model, asking.load_body())
    conversation.info = info
    conversation.turns.clear()


def _save(conversation: Conversation, words: list[str]) -> None:
    if len(words) != 1:
        print("Usage:\n  /save <modelname>")
        return
    try:
        ModelName.parse(words[0])
    except InvalidRequest:
        print(f"error: The model name '{words[0]}' is invalid")
        return
    with conversation.client.create(_saved(conversation, words[0])) as stream:
        for _ in stream:
            pass
    print(f"Created new model '{words[0]}'")


def _saved(conversation: Conversation, name: str) -> dict[str, Any]:
    said = [{"role": turn.role, "content": turn.content} for turn in conversation.turns if turn.role != "system"]
    body = {
        "model": name,
        "from": conversation.info.details.parent_model or conversation.asking.model,
        "system": conversation.system,
        "parameters": conversation.asking.options,
        "messages": said,
    }
    return {key: value for key, value in body.items() if value}


# --- /set -------------------------------------------------------------------------------------------------------


def _set(conversation: Conversation, words: list[str]) -> None:
    if not words:
        output.note(HELP_SET)
        return
    setter = SETTERS.get(words[0])
    if setter is None:
        _unknown(f"/set {words[0]}")
    else:
        setter(conversation, words[1:])


def _set_parameter(conversation: Conversation, words: list[str]) -> None:
    if len(words) < 2:
        output.note(HELP_PARAMETER)
        return
    name, *values = words
    try:
        conversation.asking.options[name] = parse_option(name, values)
    except InvalidRequest as exc:
        print(f'Couldn\'t set parameter: "{exc.message}"')
        return
    print(f"Set parameter '{name}' to '{', '.join(values)}'")


def _set_system(conversation: Conversation, line: str, read_rest: ReadRest) -> None:
    text = line.partition("system")[2].strip()
    if text.startswith(QUOTES):
        text = read_rest(text)
    if not text:
        print("Usage:\n  /set system <system message>")
        return
    conversation.set_system(text.strip('"') if text.startswith('"') and text.endswith('"') else text)
    print("Set system message.")


def _set_think(conversation: Conversation, words: list[str]) -> None:
    level = words[0] if words else "true"
    try:
        conversation.asking.think = parse_think(level)
    except InvalidRequest as exc:
        print(exc.message.replace("--think", "think"))
        return
    print(f"Set 'think' mode to '{level}'." if words else "Set 'think' mode.")
    if not conversation.info.can("thinking"):
        output.note(f'warning: model "{conversation.asking.model}" does not support thinking output')


def _set_nothink(conversation: Conversation, words: list[str]) -> None:
    conversation.asking.think = False
    print("Set 'nothink' mode.")


def _set_format(conversation: Conversation, words: list[str]) -> None:
    if words != ["json"]:
        print("Invalid or missing format. For 'json' mode use '/set format json'")
        return
    conversation.asking.format = "json"
    print("Set format to 'json' mode.")


def _set_noformat(conversation: Conversation, words: list[str]) -> None:
    conversation.asking.format = None
    print("Disabled format.")


def _switch(attribute: str, *, on: bool, mode: str) -> Callable[[Conversation, list[str]], None]:
    def switch(conversation: Conversation, words: list[str]) -> None:
        setattr(conversation.asking, attribute, on)
        print(f"Set '{mode}' mode.")

    return switch


def _history(*, on: bool) -> Callable[[Conversation, list[str]], None]:
    def switch(conversation: Conversation, words: list[str]) -> None:
        conversation.is_history_on = on

    return switch


# --- /show ------------------------------------------------------------------------------------------------------


def _show(conversation: Conversation, words: list[str]) -> None:
    if not words:
        output.note(HELP_SHOW)
        return
    shower = SHOWERS.get(words[0])
    if shower is None:
        _unknown(f"/show {words[0]}")
    else:
        shower(conversation)


def _show_info(conversation: Conversation) -> None:
    output.print_sections(models.sections(conversation.info), file=sys.stderr)


def _show_license(conversation: Conversation) -> None:
    output.say(conversation.info.license or "No license was specified for this model.")


def _show_modelfile(conversation: Conversation) -> None:
    output.say(conversation.info.modelfile)


def _show_parameters(conversation: Conversation) -> None:
    lines = conversation.info.parameters.splitlines()
    print("Model defined parameters:")
    output.say("\n".join(f"  {line}" for line in lines) or "  No additional parameters were specified for this model.")
    print()
    if conversation.asking.options:
        print("User defined parameters:")
        for name, value in conversation.asking.options.items():
            print(f"  {name:<30} {', '.join(value) if isinstance(value, list | tuple) else value}")
        print()


def _show_system(conversation: Conversation) -> None:
    output.say(conversation.system or "No system message was specified for this model.")


def _show_template(conversation: Conversation) -> None:
    output.say(conversation.info.template or "No prompt template was specified for this model.")


# --- the tables -------------------------------------------------------------------------------------------------

COMMANDS: dict[str, Callable[[Conversation, list[str]], None]] = {
    "/?": _help,
    "/help": _help,
    "/clear": _clear,
    "/list": _list,
    "/load": _load,
    "/save": _save,
    "/set": _set,
    "/show": _show,
}
SETTERS: dict[str, Callable[[Conversation, list[str]], None]] = {
    "parameter": _set_parameter,
    "think": _set_think,
    "nothink": _set_nothink,
    "format": _set_format,
    "noformat": _set_noformat,
    "history": _history(on=True),
    "nohistory": _history(on=False),
    "wordwrap": _switch("wrap", on=True, mode="wordwrap"),
    "nowordwrap": _switch("wrap", on=False, mode="nowordwrap"),
    "verbose": _switch("verbose", on=True, mode="verbose"),
    "quiet": _switch("verbose", on=False, mode="quiet"),
}
SHOWERS: dict[str, Callable[[Conversation], None]] = {
    "info": _show_info,
    "license": _show_license,
    "modelfile": _show_modelfile,
    "parameters": _show_parameters,
    "system": _show_system,
    "template": _show_template,
}
