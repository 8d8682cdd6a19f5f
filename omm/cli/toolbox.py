"""The tools that a model may call in a conversation: their names, who may call which, and what became of a call.

Where the tools are is `mcp.py`'s business.
"""

from __future__ import annotations

import base64
import collections
import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from omm.cli import attach, output
from omm.cli.answer import Printer, one_line, remark
from omm.cli.mcp import Servers
from omm.cli.mcp_connection import Media, Result, Text, Tool
from omm.cli.output import columns
from omm.cli.replies import ModelInfo, Turn
from omm.errors import InvalidRequest

NAME_MAX = 64
BEHIND = "__"  # between a server's name and a tool's
TEXT_MAX = 20_000  # characters of a result; some five thousand tokens
ALL = "all"
NOT_ALLOWED = "Error: the user did not allow this call"
INTERRUPTED = "Error: the user interrupted this call"
Confirm = Callable[[str], bool | None]  # whether a call is allowed; None: it is, and so are all further ones


@dataclasses.dataclass(slots=True)
class Entry:
    """One tool by the `name` that the model knows; `is_allowed` means without being asked."""

    name: str
    tool: Tool
    is_allowed: bool = False
    is_on: bool = True

    @property
    def title(self) -> str:
        """How people are told of it."""
        return output.visible(f"{self.tool.server}.{self.tool.name}")

    def spec(self) -> dict[str, Any]:
        """As a chat request names it. Source: OpenAI API reference, "tools"."""
        function = {"name": self.name, "description": self.tool.description, "parameters": self.tool.schema}
        return {"type": "function", "function": function}


class Toolbox:
    """The tools of some servers. `confirm` asks about each call that is not allowed; None where nobody can be asked."""

    def __init__(self, servers: Servers, tools: Sequence[Tool], confirm: Confirm | None) -> None:
        self._servers = servers
        self._confirm = confirm
        self._granted: set[str] = set()  # servers of which any tool may be called without asking
        self.entries = [Entry(name, tool) for name, tool in zip(names(tools), tools, strict=True)]

    def allow(self, words: Iterable[str]) -> None:
        """Let tools be called without asking: `server.tool`, all of a server, or `all`. Raises InvalidRequest.

        NOTE: a tool's name alone will do only for a single server: another one could have a tool that is called so.
        """
        for word in words:
            entries = self.entries if word == ALL else self.named(word)
            servers = self._servers.names if word == ALL else self._servers.names & {word}
            if not servers and len(self._servers.names) > 1 and word != entries[0].title:
                raise InvalidRequest(f'"{word}" may be of any server: say {entries[0].title}', param="mcp_allow")
            self._granted |= servers
            for entry in entries:
                entry.is_allowed = True

    def switch(self, word: str, *, on: bool) -> list[Entry]:
        """Offer tools to the model or not; those that are back on are asked about again. Raises InvalidRequest."""
        entries = self.named(word)
        self._granted -= {entry.tool.server for entry in entries}
        for entry in entries:
            entry.is_on = on
            entry.is_allowed = entry.is_allowed and on
        return entries

    def named(self, word: str) -> list[Entry]:
        """The tools of the server of this name, or the one that is called so. Raises InvalidRequest.

        NOTE: servers come first, also those that have no tools, and a tool's own name is none: no server shall get what
        another one was granted.
        """
        found = [entry for entry in self.entries if entry.tool.server == word]
        if word not in self._servers.names:
            found = found or [entry for entry in self.entries if word in (entry.name, entry.title)]
        if not found:
            known = ", ".join(entry.name for entry in self.entries) or "none"
            raise InvalidRequest(f'there is no tool "{word}", only {known}', param="tool")
        if len({entry.tool.server for entry in found}) > 1:
            raise InvalidRequest(f'"{word}" may be {" or ".join(entry.name for entry in found)}', param="tool")
        return found

    def offered(self, info: ModelInfo) -> list[Entry]:
        """What this model is told of: nothing that nobody could allow, and nothing at all if it knows no tools."""
        if not info.can("tools"):
            return []
        if (tools := self._servers.renewed()) is not None:
            self.entries = [self._entry(name, tool) for name, tool in zip(names(tools), tools, strict=True)]
        return [entry for entry in self.entries if entry.is_on and (entry.is_allowed or self._confirm)]

    def _entry(self, name: str, tool: Tool) -> Entry:
        """The entry of a tool among changed ones: what is not as it was when it was allowed has to be allowed anew.

        NOTE: what is off stays off, or a server could offer it again by other words.
        """
        known = [entry for entry in self.entries if (entry.tool.server, entry.tool.name) == (tool.server, tool.name)]
        is_allowed = tool.server in self._granted or any(entry.is_allowed for entry in known if entry.tool == tool)
        return Entry(name, tool, is_allowed, all(entry.is_on for entry in known))

    def state(self, entry: Entry) -> str:
        """In a word."""
        if not self._servers.is_alive(entry.tool.server):
            return "gone"
        if not entry.is_on:
            return "off"
        return "allowed" if entry.is_allowed else "ask"

    def carry_out(self, calls: Sequence[dict[str, Any]], turns: list[Turn], info: ModelInfo, printer: Printer) -> None:
        """Add the result of each call to the conversation.

        NOTE: every call gets a result, even after an interrupt: some templates refuse a conversation that lacks one.
        """
        for position, call in enumerate(calls):
            function = call.get("function") or {}
            name, arguments = function.get("name") or "", function.get("arguments") or {}
            try:
                text, media = self._outcome(name, arguments, info)
            except KeyboardInterrupt:
                turns += [_turn(left, INTERRUPTED) for left in calls[position:]]
                raise
            turn = _turn(call, text, media)
            turns.append(turn)
            printer.result(turn)

    def _outcome(self, name: str, arguments: dict[str, Any], info: ModelInfo) -> tuple[str, tuple[str, ...]]:
        offered = {entry.name: entry for entry in self.offered(info)}
        entry = offered.get(name)
        if entry is None:
            return f'Error: there is no tool "{name}", only {", ".join(offered)}', ()
        line = called(entry.title, arguments)
        remark(line if self._must_ask(entry) else one_line(line, columns()))
        if not self._is_granted(entry):
            return NOT_ALLOWED, ()
        with output.spinner():
            result = self._servers.call(entry.tool, arguments)
        return told(result, info)

    def _must_ask(self, entry: Entry) -> bool:
        return not entry.is_allowed and self._confirm is not None

    def _is_granted(self, entry: Entry) -> bool:
        if entry.is_allowed or self._confirm is None:
            return entry.is_allowed
        wish = self._confirm(entry.title)
        entry.is_allowed = wish is None
        return wish is not False


def _turn(call: dict[str, Any], text: str, media: tuple[str, ...] = ()) -> Turn:
    name = (call.get("function") or {}).get("name")
    return Turn(role="tool", content=text, images=media or None, tool_name=name, tool_call_id=call.get("id"))


# --- names and texts ------------------------------------------------------------------------------------------------


def names(tools: Sequence[Tool]) -> list[str]:
    """What the model calls them: their own names, behind their server's where two have the same.

    NOTE: also where a name looks as if it were behind another server's, as it could get what that one was granted.

    >>> names([Tool("a", "read", "", {}), Tool("b", "read", "", {}), Tool("b", "get.it", "", {})])
    ['a__read', 'b__read', 'get_it']
    """
    own = [_permitted(tool.name) for tool in tools]
    pairs = {(tool.server, name) for tool, name in zip(tools, own, strict=True)}
    num_servers = collections.Counter(name for _, name in pairs)
    taken: list[str] = []
    for tool, name in zip(tools, own, strict=True):
        is_its_own = num_servers[name] == 1 and BEHIND not in name
        taken.append(_free(name if is_its_own else _permitted(f"{tool.server}{BEHIND}{tool.name}"), taken, own))
    return taken


def _permitted(name: str) -> str:
    """Source: OpenAI API reference, names of functions."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:NAME_MAX] or "_"


def _free(name: str, taken: Sequence[str], own: Sequence[str]) -> str:
    number, free = 1, name
    while free in taken or (number > 1 and free in own):
        number += 1
        free = f"{name[: NAME_MAX - len(str(number)) - 1]}_{number}"
    return free


def called(title: str, arguments: dict[str, Any]) -> str:
    """A call.

    >>> called("weather.today", {"city": "Oslo", "days": 2})
    '→ weather.today(city="Oslo", days=2)'
    """
    texts = (f"{name}={msgspec.json.encode(value).decode()}" for name, value in arguments.items())
    return output.visible(f"→ {title}({', '.join(texts)})")


def told(result: Result, info: ModelInfo) -> tuple[str, tuple[str, ...]]:
    """What a model is told of a result: a text, and the images and sounds that it can take."""
    texts, media = [], []
    for part in result.parts:
        match part:
            case Text(text=text):
                texts.append(text)
            case Media(data=data) if _takes(info, part):
                media.append(data)
            case Media(kind=kind):
                texts.append(f"[{kind} left out: this model cannot take it]")
    text = "\n".join(texts)
    if len(text) > TEXT_MAX:
        text = f"{text[:TEXT_MAX]}\n[cut: this is the beginning of {len(text)} characters]"
    return (f"Error: {text}" if result.is_error else text), tuple(media)


def _takes(info: ModelInfo, media: Media) -> bool:
    ability = "vision" if media.kind.startswith("image/") else "audio"
    try:
        return info.can(ability) and attach.is_media(base64.b64decode(media.data, validate=True))
    except ValueError:
        return False
