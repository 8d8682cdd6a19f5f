"""Completion at the prompt: commands, their words, models, files and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from omm.cli import slash
from omm.cli.client import Client
from omm.cli.run import THINK_LEVELS
from omm.cli.slash_help import HELP_TOPICS
from omm.errors import OmmError
from omm.types import Options

FILES = frozenset({"/file", "/image", "/export"})
MODELS = frozenset({"/load", "/save", "/model"})
# The words that may follow a command; one command's words may be followed by more.
FOLLOWING: dict[str, Callable[[], Iterable[str]]] = {
    "/set": lambda: [*slash.SETTERS, "system"],
    "/show": lambda: slash.SHOWERS,
    "/help": lambda: HELP_TOPICS,
    "/?": lambda: HELP_TOPICS,
    "/set parameter": lambda: Options.__struct_fields__,
    "/set think": lambda: THINK_LEVELS,
    "/think": lambda: ("show", "fold", "unfold"),
    "/set format": lambda: ("json",),
    "/tools": lambda: ("on", "off"),
}


class Words(Completer):
    """What may come next on a line that is a /command; nothing for any other text."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Completions at the cursor."""
        head, _, current = document.text_before_cursor.rpartition(" ")
        head = " ".join(head.split())
        if not document.text.startswith("/") or "\n" in document.text:
            return
        command = head.split(" ")[0]
        if command in FILES or (head in {"/load", "/save"} and current.startswith((".", "/", "~"))):
            yield from self._paths.get_completions(Document(current), complete_event)
            return
        for word in sorted(set(self._candidates(head))):
            if word.startswith(current):
                yield Completion(f"{word} ", start_position=-len(current), display=word)

    def _candidates(self, head: str) -> Iterable[str]:
        if not head:
            return slash.NAMES
        if head in MODELS:
            return self._models()
        return FOLLOWING.get(head, list)()

    def _models(self) -> list[str]:
        try:
            return [row.name for row in self._client.tags()]
        except OmmError:
            return []  # there is no place for an error in the middle of a line
