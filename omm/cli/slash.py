"""The /commands that Ollama has too. Those of omm alone are in `slash_more.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from omm.cli import models, output, slash_more, slash_tools
from omm.cli.conversation import Conversation
from omm.cli.run import parse_option, parse_think
from omm.cli.slash_help import HELP, HELP_PARAMETER, HELP_SET, HELP_SHOW, HELP_TOPICS
from omm.errors import InvalidRequest, OmmError
from omm.names import ModelName

QUOTES = '"""'
ReadRest = Callable[[str], str]


def obey(conversation: Conversation, line: str, read_rest: ReadRest) -> bool:
    """Carry out a /command; false when it ends the conversation.

    `read_rest` reads on until the three quotes that an argument opened are closed.
    """
    name, *words = line.split()
    if name in {"/bye", "/exit"}:
        return False
    if name == "/system" or (name == "/set" and words[:1] == ["system"]):
        _system(conversation, line, read_rest)
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
    output.say(f"Unknown command '{command}'. Type /? for help")


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
    elif words[0].endswith(".json"):
        slash_more.load_file(conversation, words[0])
    elif slash_more.switch(conversation, words[0]):
        conversation.turns.clear()
        conversation.refused = None


def _save(conversation: Conversation, words: list[str]) -> None:
    if len(words) != 1:
        print("Usage:\n  /save <modelname>")
        return
    if words[0].endswith(".json"):
        slash_more.export(conversation, words)
        return
    try:
        ModelName.parse(words[0])
    except InvalidRequest:
        output.say(f"error: The model name '{words[0]}' is invalid")
        return
    with conversation.client.create(_saved(conversation, words[0])) as stream:
        for _ in stream:
            pass
    print(f"Created new model '{words[0]}'")


def _saved(conversation: Conversation, name: str) -> dict[str, Any]:
    """The model with what was said and set here; all else, and what the configuration adds, stays where it is."""
    info = conversation.info
    said = [
        {"role": turn.role, "content": turn.content}
        for turn in conversation.turns
        if turn.content and turn.role in {"user", "assistant"}  # a Modelfile has no place for calls and results
    ]
    before = [{"role": turn.role, "content": turn.content} for turn in info.messages or ()] if said else []
    body = {
        "model": name,
        "from": info.alias_of or conversation.asking.model,
        "system": conversation.system,
        "parameters": conversation.asking.options,
        "messages": [*before, *said],
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
        output.say(f'Couldn\'t set parameter: "{exc.message}"')
        return
    output.say(f"Set parameter '{name}' to '{', '.join(values)}'")


def _system(conversation: Conversation, line: str, read_rest: ReadRest) -> None:
    """`/set system TEXT` and its short form; the latter without a text shows it."""
    is_short = line.startswith("/system")
    text = line.partition("system")[2].strip()
    if text.startswith(QUOTES):
        text = read_rest(text)
    if text:
        conversation.set_system(text.strip('"') if text.startswith('"') and text.endswith('"') else text)
        print("Set system message.")
    elif is_short:
        _show_system(conversation)
    else:
        print("Usage:\n  /set system <system message>")


def _set_think(conversation: Conversation, words: list[str]) -> None:
    level = words[0] if words else "true"
    try:
        conversation.asking.think = parse_think(level)
    except InvalidRequest as exc:
        output.say(exc.message.replace("--think", "think"))
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
            output.say(f"  {name:<30} {', '.join(value) if isinstance(value, list | tuple) else value}")
        print()


def _show_system(conversation: Conversation) -> None:
    output.say(conversation.system or conversation.info.system or "No system message was specified for this model.")


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
    "/tools": slash_tools.tools,
    **slash_more.COMMANDS,
}
NAMES = frozenset({*COMMANDS, "/system", "/bye", "/exit"})
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
    "markdown": _switch("raw", on=False, mode="markdown"),
    "nomarkdown": _switch("raw", on=True, mode="nomarkdown"),
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
