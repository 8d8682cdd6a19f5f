"""How an answer appears: thinking set apart, Markdown formatted, words wrapped at the margin, timings below."""

from __future__ import annotations

import contextlib
import shutil
import sys
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

import msgspec

from omm import units
from omm.cli import output
from omm.cli.flow import Flow
from omm.cli.inline import ATTRIBUTES, COLOURS, Palette
from omm.cli.markdown import Markdown
from omm.cli.replies import Chunk


def timings(last: Chunk, first_ns: int = 0) -> list[str]:
    """Lines of `--verbose`, from the last chunk of an answer and the time until its first one."""
    rows = [
        ("total duration", units.format_duration(last.total_duration), last.total_duration),
        ("load duration", units.format_duration(last.load_duration), last.load_duration),
        ("prompt eval count", f"{last.prompt_eval_count} token(s)", last.prompt_eval_count),
        ("prompt eval duration", units.format_duration(last.prompt_eval_duration), last.prompt_eval_duration),
        ("prompt eval rate", rate(last.prompt_eval_count, last.prompt_eval_duration), last.prompt_eval_duration),
        ("eval count", f"{last.eval_count} token(s)", last.eval_count),
        ("eval duration", units.format_duration(last.eval_duration), last.eval_duration),
        ("eval rate", rate(last.eval_count, last.eval_duration), last.eval_duration),
        ("prompt cached", f"{last.prompt_cached_count} token(s)", last.prompt_cached_count),
        ("time to first token", units.format_duration(first_ns), first_ns),
    ]
    return [f"{name + ':':<22}{text}" for name, text, value in rows if value > 0]


def rate(count: int, duration_ns: int) -> str:
    """Tokens per second; empty without a duration."""
    return f"{count * 1e9 / duration_ns:.2f} tokens/s" if duration_ns else ""


class Printer(Protocol):
    """Shows an answer while it comes; a context that it comes in."""

    def thinking(self, text: str) -> None:
        """Show more of the reasoning."""

    def text(self, text: str) -> None:
        """Show more of the answer."""

    def call(self, call: dict[str, Any]) -> None:
        """Show a call of a tool."""

    def end(self, last: Chunk) -> None:
        """The answer is whole."""

    def __enter__(self) -> Self:
        """Wait for the answer."""

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        """Nothing more comes."""


class JsonPrinter:
    """Writes one event a line, for programs."""

    def thinking(self, text: str) -> None:
        """Write `{"type": "thinking", "text": …}`."""
        self._write("thinking", text=text)

    def text(self, text: str) -> None:
        """Write `{"type": "text", "text": …}`."""
        self._write("text", text=text)

    def call(self, call: dict[str, Any]) -> None:
        """Write `{"type": "tool_call", "function": …}`."""
        self._write("tool_call", **call)

    def end(self, last: Chunk) -> None:
        """Write `{"type": "done", …}` with the reason and the counts; times are in nanoseconds."""
        counts = {name: value for name, value in msgspec.to_builtins(last).items() if isinstance(value, int | str)}
        self._write("done", **{name: value for name, value in counts.items() if name not in {"done", "response"}})

    def _write(self, kind: str, **fields: Any) -> None:
        if fields.get("text") != "":
            print(msgspec.json.encode({"type": kind, **fields}).decode(), flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        return


class AnswerPrinter:
    """Writes an answer as it comes: thinking set apart, the rest as Markdown unless it shall be `raw`.

    NOTE: when stdout is not a terminal it carries the answer alone, as it is, and thinking goes to stderr.
    """

    def __init__(self, *, wrap: bool = True, hide_thinking: bool = False, raw: bool = False) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._faint = COLOURS.faint if output.has_colour() else ""
        self._side: TextIO = sys.stdout if self._is_terminal else sys.stderr
        self._hide_thinking = hide_thinking
        width = (lambda: shutil.get_terminal_size().columns) if wrap else None
        self._flow = Flow(width)
        palette = None if raw or not self._is_terminal else terminal_palette()
        self._markdown = Markdown(palette, width) if palette else None
        self._is_thinking = False
        self._has_written = False
        self._waiting = Waiting()

    def thinking(self, text: str) -> None:
        """Show more of the reasoning."""
        if not text or self._hide_thinking:
            return
        self._waiting.end()
        if not self._is_thinking:
            self._is_thinking = True
            self._write_thinking("Thinking...\n")
        self._write_thinking(text)

    def text(self, text: str) -> None:
        """Show more of the answer."""
        if not text:
            return
        self._waiting.end()
        self._end_thinking()
        text = output.shown(text, sys.stdout)
        if self._markdown:
            self._write(self._markdown.feed(text))
        else:
            self._write(self._flow.put(text) if self._is_terminal else text)

    def call(self, call: dict[str, Any]) -> None:
        """Say which tool the model would have liked."""
        function = call.get("function") or {}
        arguments = msgspec.json.encode(function.get("arguments")).decode()
        self.text(f"  Model called a non-existent function '{function.get('name')}()' with arguments: {arguments}\n")

    def end(self, last: Chunk) -> None:
        """Leave an empty line below the answer."""
        print("\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        """Nothing more comes; what is said after a broken answer starts on a line of its own."""
        self._waiting.end()
        if self._markdown:
            self._write(self._markdown.flush())
        if kind is not None and self._has_written and self._is_terminal:
            self._write("\n")
        elif kind is None:
            self._end_thinking()

    def _end_thinking(self) -> None:
        if self._is_thinking:
            self._is_thinking = False
            self._write_thinking("\n...done thinking.\n\n")

    def _write_thinking(self, text: str) -> None:
        text = output.shown(text, self._side)
        self._write(self._flow.put(text, self._faint) if self._is_terminal else text, self._side)

    def _write(self, text: str, to: TextIO | None = None) -> None:
        self._has_written = self._has_written or bool(text)
        to = to or sys.stdout
        to.write(text)
        to.flush()


def terminal_palette() -> Palette | None:
    """The styles that the terminal has; None for one that has none."""
    from rich.console import Console

    console = Console()
    if console.color_system is None:
        return None
    return ATTRIBUTES if console.no_color else COLOURS


class Waiting:
    """A spinner that the first piece of an answer ends."""

    def __init__(self, text: str = "") -> None:
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(output.spinner(text))

    def end(self) -> None:
        """Remove the spinner; again does nothing."""
        self._stack.close()
