"""/tools: which tools there are, and which of them the model is told of."""

from __future__ import annotations

from omm.cli import output
from omm.cli.conversation import Conversation

USAGE = "Usage:\n  /tools [on|off <tool or server>]"
NONE = "There are no tools. 'omm run MODEL --mcp FILE' brings those of MCP servers."


def tools(talk: Conversation, words: list[str]) -> None:
    """List the tools, or switch some of them on or off. Raises InvalidRequest."""
    match words:
        case []:
            _list(talk)
        case ["on" | "off" as wish, name]:
            _switch(talk, name, on=wish == "on")
        case _:
            print(USAGE)


def _list(talk: Conversation) -> None:
    toolbox = talk.asking.toolbox
    if toolbox is None or not toolbox.entries:
        print(NONE)
        return
    rows = [
        (entry.name, toolbox.state(entry), entry.tool.server, entry.tool.description.strip().partition("\n")[0])
        for entry in toolbox.entries
    ]
    output.print_table(("TOOL", "STATE", "SERVER", "DESCRIPTION"), rows)
    if not talk.info.can("tools"):
        output.note(f'warning: model "{talk.asking.model}" does not know tools')


def _switch(talk: Conversation, name: str, *, on: bool) -> None:
    if talk.asking.toolbox is None:
        print(NONE)
        return
    entries = talk.asking.toolbox.switch(name, on=on)
    output.say(f"{', '.join(entry.name for entry in entries)}: {'on' if on else 'off'}")
