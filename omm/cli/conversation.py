"""A conversation as a value that commands change: what was said, what it cost, and its form in a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from omm.cli import attach, output
from omm.cli.client import Client
from omm.cli.replies import Chunk, ModelInfo, Turn
from omm.cli.run import Asking
from omm.errors import NOT_JSON, InvalidRequest

NAMES = {"system": "System", "user": "User", "assistant": "Assistant", "tool": "Tool"}


class Archive(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation in a file."""

    model: str
    messages: tuple[Turn, ...]
    options: dict[str, Any] = {}


@dataclasses.dataclass(slots=True)
class Totals:
    """What the answers of a conversation cost together."""

    num_answers: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    output_ns: int = 0
    total_ns: int = 0

    def add(self, last: Chunk) -> None:
        """Count one answer by its last line."""
        self.num_answers += 1
        self.prompt_tokens += last.prompt_eval_count
        self.cached_tokens += last.prompt_cached_count
        self.output_tokens += last.eval_count
        self.output_ns += last.eval_duration
        self.total_ns += last.total_duration


@dataclasses.dataclass(slots=True)
class Conversation:
    """What was said so far, to which model, and how it is asked.

    `files` go with the next question. `draft` is what the next line begins with, `pending` is a question to ask before
    another line is read, and `refused` the last question if it got an error for an answer. `thought` is the reasoning
    of the last answer, even of one that was interrupted.
    """

    client: Client
    asking: Asking
    info: ModelInfo
    turns: list[Turn] = dataclasses.field(default_factory=list)
    files: list[attach.Attached] = dataclasses.field(default_factory=list)
    draft: str = ""
    pending: Turn | None = None
    refused: Turn | None = None
    thought: str = ""
    totals: Totals = dataclasses.field(default_factory=Totals)
    last: Chunk = Chunk()
    is_history_on: bool = True

    def __post_init__(self) -> None:
        self.is_history_on = not self.client.settings.nohistory
        if self.asking.system:
            self.turns.append(Turn(role="system", content=self.asking.system))

    @property
    def system(self) -> str:
        """The system message set here; empty for none."""
        return next((turn.content for turn in reversed(self.turns) if turn.role == "system"), "")

    @property
    def answer(self) -> str:
        """The last answer; empty before the first one."""
        return next((turn.content for turn in reversed(self.turns) if turn.role == "assistant"), "")

    def set_system(self, text: str) -> None:
        """Replace a system message nothing was said after, else add one."""
        if self.turns and self.turns[-1].role == "system":
            self.turns.pop()
        self.turns.append(Turn(role="system", content=text))

    def clear(self) -> None:
        """Forget what was said, except the system message."""
        self.turns[:] = [turn for turn in self.turns if turn.role == "system"][-1:]
        self.refused = None

    def question(self, text: str) -> Turn:
        """The next question, with the files that were attached and those that it names."""
        message = attach.message(self.files, text, has_media=self.info.takes_media)
        self.files = []
        return Turn(role="user", content=message.text, images=message.media)

    def take_back(self) -> Turn | None:
        """Remove the last question and all after it; returns it, or None where there is none."""
        if self.refused is not None:
            question, self.refused = self.refused, None
            return question
        for position in range(len(self.turns) - 1, -1, -1):
            if self.turns[position].role == "user":
                question = self.turns[position]
                del self.turns[position:]
                return question
        return None

    def archive(self) -> Archive:
        """What goes into a file."""
        return Archive(self.asking.model, tuple(self.turns), dict(self.asking.options))


def write(path: Path, archive: Archive) -> None:
    """Write a conversation as JSON or Markdown, by the name of the file.

    Raises:
        InvalidRequest: another kind of file, or one that cannot be written.
    """
    if path.suffix == ".json":
        content = msgspec.json.format(msgspec.json.encode(archive), indent=2) + b"\n"
    elif path.suffix == ".md":
        content = markdown(archive).encode()
    else:
        raise InvalidRequest(f"{path}: the name must end with .md or .json", param="file")
    try:
        path.write_bytes(content)
    except OSError as exc:
        raise InvalidRequest(f"{path}: {exc.strerror or exc}", param="file") from exc


def read(path: Path) -> Archive:
    """Read a conversation that was written as JSON. Raises InvalidRequest for anything else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Archive)
    except OSError as exc:
        raise InvalidRequest(f"{path}: {exc.strerror or exc}", param="file") from exc
    except NOT_JSON as exc:
        raise InvalidRequest(f"{path} is no saved conversation: {exc}", param="file") from exc


def markdown(archive: Archive) -> str:
    """A conversation to be read by people."""
    return f"# Conversation with {archive.model}\n\n" + "\n".join(_paragraphs(archive.messages))


def _paragraphs(turns: Iterable[Turn]) -> Iterable[str]:
    for turn in turns:
        yield f"## {NAMES.get(turn.role, turn.role)}\n"
        if turn.images:
            yield f"*{len(turn.images)} attached*\n"
        if turn.thinking:
            yield f"<details><summary>Thinking</summary>\n\n{turn.thinking.strip()}\n\n</details>\n"
        for call in turn.tool_calls or ():
            yield f"*Call:* `{msgspec.json.encode(call.get('function')).decode()}`\n"
        yield f"{turn.content.strip()}\n"


def show_turns(turns: Iterable[Turn], prompt: str) -> None:
    """Print what was said before, as it looked when it was said."""
    for turn in turns:
        if turn.role == "user":
            output.say(f"{prompt}{turn.content}")
        elif turn.role == "assistant" and turn.content:
            output.say(f"{turn.content}\n")
