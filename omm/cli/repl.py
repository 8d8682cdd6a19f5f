"""The interactive prompt: reads lines, sends questions, keeps the conversation. Its /commands are in `slash.py`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from omm import config
from omm.cli import output, slash
from omm.cli.answer import AnswerPrinter
from omm.cli.client import Client
from omm.cli.replies import ModelInfo, Turn
from omm.cli.run import Asking, follow, print_timings
from omm.errors import NOT_JSON, OmmError

PROMPT = ">>> "
CONTINUATION = "... "
QUOTES = '"""'
HISTORY_LINES = 1000


def converse(client: Client, asking: Asking, info: ModelInfo) -> None:
    """Hold a conversation until the user leaves."""
    with output.spinner(f"loading {asking.model}"):
        client.load(asking.model, asking.load_body())
    conversation = slash.Conversation(client, asking, info)
    for turn in info.messages or ():
        output.say(f"{PROMPT}{turn.content}" if turn.role == "user" else f"{turn.content}\n")
    editor = LineEditor(config.state_dir() / "history", save=not client.settings.nohistory)
    while (text := read_message(editor)) is not None:
        if text.startswith("/"):
            if not obey(conversation, text, editor):
                return
            editor.history.is_saving = conversation.is_history_on
        elif text:
            ask(conversation, text)


def obey(conversation: slash.Conversation, text: str, editor: LineEditor) -> bool:
    """Carry out a /command, which Ctrl-C ends; false when it, or Ctrl-D in the middle of it, ends the conversation."""
    try:
        return slash.obey(conversation, text, lambda opened: finish_quoted(editor, opened))
    except EOFError:
        return False
    except KeyboardInterrupt:
        print()
        return True


def ask(conversation: slash.Conversation, text: str) -> None:
    """Send the conversation with one more question and show the answer.

    NOTE: after Ctrl-C the question stays in the conversation and the half answer does not, as in Ollama.
    """
    conversation.turns.append(Turn(role="user", content=text))
    asking = conversation.asking
    printer = AnswerPrinter(wrap=asking.wrap, hide_thinking=asking.hide_thinking)
    try:
        body = asking.body(messages=conversation.turns)
        if asking.show_prompt:
            output.note(conversation.client.rendered_prompt("chat", body))
        with printer, conversation.client.chat(body) as stream:
            answer = follow(stream, printer)
    except KeyboardInterrupt:
        print()
        return
    except OmmError as exc:
        conversation.turns.pop()
        output.note(f"error: {exc.message}")
        return
    conversation.turns.append(Turn(role="assistant", content=answer.text, thinking=answer.thinking))
    print("\n")
    if asking.verbose:
        print_timings(answer.last)


# --- reading ----------------------------------------------------------------------------------------------------


def read_message(editor: LineEditor) -> str | None:
    """One message or command, of several lines when quoted; None when the user leaves."""
    try:
        line = editor.read(PROMPT, "Send a message (/? for help)")
        if line.startswith(QUOTES):
            return finish_quoted(editor, line)
        return line.strip()
    except EOFError:
        return None
    except KeyboardInterrupt:
        if not editor.text_left:
            print("\nUse Ctrl + d or /bye to exit.")
        return ""


def finish_quoted(editor: LineEditor, opened: str) -> str:
    """The text between three quotes, reading on until they close."""
    text = opened[len(QUOTES) :]
    while not text.rstrip().endswith(QUOTES):
        text += "\n" + editor.read(CONTINUATION, f"End with {QUOTES} to send")
    return text.rstrip()[: -len(QUOTES)].strip("\n")


class LineEditor:
    """A line of input with editing and history."""

    def __init__(self, history_path: Path, *, save: bool) -> None:
        self.history = SavedHistory(history_path, is_saving=save)
        self._session: PromptSession[str] = PromptSession(history=self.history, key_bindings=_bindings())

    def read(self, prompt: str, placeholder: str) -> str:
        """Read one line. Raises EOFError at Ctrl-D and KeyboardInterrupt at Ctrl-C."""

        def shown() -> FormattedText:
            # The last drawing of a line stays on the screen, where an invitation to type would be odd.
            return FormattedText([] if get_app().is_done else [("ansibrightblack", placeholder)])

        return self._session.prompt(prompt, placeholder=shown)

    @property
    def text_left(self) -> str:
        """What was on the line that Ctrl-C threw away."""
        return self._session.default_buffer.text


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return bindings


class SavedHistory(History):
    """Past input in a file only its owner may read: one JSON string a line, so that an entry may have several."""

    def __init__(self, path: Path, *, is_saving: bool) -> None:
        super().__init__()
        self.path = path
        self.is_saving = is_saving

    def load_history_strings(self) -> Iterable[str]:
        """Entries, newest first."""
        return reversed(_read_entries(self.path)[-HISTORY_LINES:])

    def store_string(self, string: str) -> None:
        """Add an entry to the file, which is cut when it has twice its length."""
        if not self.is_saving:
            return
        entries = _read_entries(self.path)
        kept = [*(entries if len(entries) < 2 * HISTORY_LINES else entries[-HISTORY_LINES:]), string]
        _write_entries(self.path, kept)


def _read_entries(path: Path) -> list[str]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    entries: list[str] = []
    for line in lines:
        try:
            entries.append(msgspec.json.decode(line, type=str))
        except NOT_JSON:
            continue  # a line of another program's, or half written
    return entries


def _write_entries(path: Path, entries: Sequence[Any]) -> None:
    """Replace the file in one step; a disk that refuses costs the history, not the conversation."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
        aside.replace(path)
    except OSError:
        return
