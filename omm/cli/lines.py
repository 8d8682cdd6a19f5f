"""Reading lines at the prompt: editing, history, completion, and the user's own editor for long texts."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.completion import Completer
from prompt_toolkit.filters import is_searching
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout.processors import TabsProcessor
from prompt_toolkit.shortcuts import CompleteStyle

from omm import config
from omm.cli import output, signals
from omm.cli.keyboard import THINKING_KEY, Keyboard
from omm.cli.params import decodable
from omm.errors import NOT_JSON

CONTINUATION = "... "


class LineEditor:
    """A line of input with editing and history. Ctrl-T calls `show_thinking`, which prints."""

    def __init__(self, history: SavedHistory, completer: Completer, show_thinking: Callable[[], None]) -> None:
        self.history = history
        self._session: PromptSession[str] = PromptSession(
            history=history,
            key_bindings=_bindings(show_thinking),
            completer=completer,
            complete_while_typing=False,
            # Completions appear above the line, as in a shell. The other styles keep eight lines free below it.
            complete_style=CompleteStyle.READLINE_LIKE,
            prompt_continuation=_continuation,
            input_processors=[TabsProcessor(char1=" ", char2=" ")],
            enable_suspend=True,
            search_ignore_case=True,
        )

    def read(self, prompt: str, placeholder: str, draft: str = "") -> str:
        """Read one line, which begins as `draft`. Raises EOFError at Ctrl-D and KeyboardInterrupt at Ctrl-C."""

        def shown() -> FormattedText:
            # The last drawing of a line stays on the screen, where an invitation to type would be odd.
            app = get_app()
            room = app.output.get_size().columns - len(prompt) - 1
            return FormattedText([] if app.is_done else [("dim", placeholder[: max(0, room)])])

        with signals.deaf():  # here, Ctrl-C is a key
            return decodable(self._session.prompt(prompt, placeholder=shown, default=draft, handle_sigint=False))

    def keyboard(self) -> Keyboard:
        """The keyboard between two lines."""
        return Keyboard(self._session.app.input)

    @property
    def text_left(self) -> str:
        """What was on the line that Ctrl-C threw away."""
        return self._session.default_buffer.text


def _continuation(width: int, number: int, num_wraps: int) -> str:
    """What a line begins with that is not the first; the rest of one that was too long has no sign of its own."""
    return " " * width if num_wraps else CONTINUATION


def _bindings(show_thinking: Callable[[], None]) -> KeyBindings:
    bindings = KeyBindings()

    # NOTE: not Ctrl-J too, as in Ollama: an Enter typed while an answer still runs arrives as one.
    @bindings.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("c-g", filter=~is_searching)  # there it ends the search, as in a shell
    async def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        before = buffer.text
        buffer.text = await run_in_terminal(lambda: in_editor(before), in_executor=True)
        buffer.cursor_position = len(buffer.text)

    @bindings.add(THINKING_KEY)
    async def _(event: KeyPressEvent) -> None:
        await run_in_terminal(show_thinking)

    return bindings


def in_editor(text: str) -> str:
    """Let the user change a text in an editor; what it was when that fails."""
    command = config.editor()
    with tempfile.TemporaryDirectory(prefix="omm-") as folder:
        path = Path(folder) / "message.md"
        path.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*command, str(path)], check=True)
            return path.read_text(encoding="utf-8").removesuffix("\n")
        except FileNotFoundError:
            output.note(f'error: editor "{command[0]}" not found, set OMM_EDITOR to the path of your preferred editor')
        except (OSError, subprocess.CalledProcessError, UnicodeDecodeError) as exc:
            output.note(f"error: {exc}")
    return text


# --- history ------------------------------------------------------------------------------------------------------


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was typed, and to which model."""

    text: str
    model: str = ""


class SavedHistory(History):
    """Past input in a file only its owner may read. What was typed to `model` comes back before what others were told.

    One JSON value a line, so that an entry may have several; a bare string is an entry without a model. The file holds
    `limit` entries.
    """

    def __init__(self, path: Path, *, limit: int) -> None:
        super().__init__()
        self.path = path
        self.is_saving = True
        self.model = ""
        self._limit = limit
        try:
            self._entries = _read_entries(path)
        except OSError:
            self._entries = []

    async def load(self) -> AsyncGenerator[str, None]:
        """Entries for the next line, newest first; asked for at each line, as the model may have changed."""
        for text in self.load_history_strings():
            yield text

    def load_history_strings(self) -> Iterable[str]:
        """As `load`."""
        newest = self._entries[::-1]
        return [entry.text for entry in sorted(newest, key=lambda entry: entry.model != self.model)]

    def get_strings(self) -> list[str]:
        """Entries, oldest first."""
        return [entry.text for entry in self._entries]

    def append_string(self, string: str) -> None:
        """Add an entry."""
        self._entries.append(Entry(decodable(string), self.model))
        self.store_string(string)

    def store_string(self, string: str) -> None:
        """Save the newest entry. A file that cannot be read is left alone."""
        if not self.is_saving:
            return
        try:
            # Read again, as another conversation may have added to it.
            entries = [*_read_entries(self.path), self._entries[-1]]
            _write_entries(self.path, entries[max(0, len(entries) - self._limit) :])
        except OSError:
            return  # a disk that refuses costs the history, not the conversation


def _read_entries(path: Path) -> list[Entry]:
    """Entries, oldest first. Raises OSError for a file that is there and cannot be read."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [entry for line in lines if (entry := _entry(line)) is not None]


def _entry(line: bytes) -> Entry | None:
    try:
        value = msgspec.json.decode(line, type=str | Entry)
    except NOT_JSON:
        return None  # a line of another program's, or half written
    return Entry(value) if isinstance(value, str) else value


def _write_entries(path: Path, entries: Sequence[Entry]) -> None:
    """Replace the file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
