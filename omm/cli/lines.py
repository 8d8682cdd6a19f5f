"""Reading lines at the prompt: editing, history, completion, and the user's own editor for long texts."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from omm import config
from omm.cli import output
from omm.errors import NOT_JSON

CONTINUATION = "... "
HISTORY_LINES = 1000


class LineEditor:
    """A line of input with editing and history."""

    def __init__(self, history_path: Path, *, save: bool, completer: Completer | None = None) -> None:
        self.history = SavedHistory(history_path, is_saving=save)
        self._session: PromptSession[str] = PromptSession(
            history=self.history,
            key_bindings=_bindings(),
            completer=completer,
            complete_while_typing=False,
            # Completions appear above the line, as in a shell. The other styles keep eight lines free below it.
            complete_style=CompleteStyle.READLINE_LIKE,
            prompt_continuation=CONTINUATION,
            enable_suspend=True,
        )

    def read(self, prompt: str, placeholder: str, draft: str = "") -> str:
        """Read one line, which begins as `draft`. Raises EOFError at Ctrl-D and KeyboardInterrupt at Ctrl-C."""

        def shown() -> FormattedText:
            # The last drawing of a line stays on the screen, where an invitation to type would be odd.
            return FormattedText([] if get_app().is_done else [("ansibrightblack", placeholder)])

        return self._session.prompt(prompt, placeholder=shown, default=draft)

    @property
    def text_left(self) -> str:
        """What was on the line that Ctrl-C threw away."""
        return self._session.default_buffer.text


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    # NOTE: not Ctrl-J too, as in Ollama: an Enter typed while an answer still runs arrives as one.
    @bindings.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("c-g")
    async def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        before = buffer.text
        buffer.text = await run_in_terminal(lambda: in_editor(before), in_executor=True)
        buffer.cursor_position = len(buffer.text)

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


def _write_entries(path: Path, entries: Sequence[str]) -> None:
    """Replace the file in one step; a disk that refuses costs the history, not the conversation."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries))
        aside.replace(path)
    except OSError:
        return
