"""How an answer appears: thinking set apart, words wrapped at the terminal's margin, timings below."""

from __future__ import annotations

import contextlib
import shutil
import sys
from types import TracebackType
from typing import TextIO

from omm import units
from omm.cli import output
from omm.cli.output import char_width, display_width
from omm.cli.replies import Chunk

WRAP_MARGIN = 5


def timings(last: Chunk) -> list[str]:
    """Lines of `--verbose`, from the last chunk of an answer."""
    rows = [
        ("total duration", units.format_duration(last.total_duration), last.total_duration),
        ("load duration", units.format_duration(last.load_duration), last.load_duration),
        ("prompt eval count", f"{last.prompt_eval_count} token(s)", last.prompt_eval_count),
        ("prompt eval duration", units.format_duration(last.prompt_eval_duration), last.prompt_eval_duration),
        ("prompt eval rate", rate(last.prompt_eval_count, last.prompt_eval_duration), last.prompt_eval_duration),
        ("eval count", f"{last.eval_count} token(s)", last.eval_count),
        ("eval duration", units.format_duration(last.eval_duration), last.eval_duration),
        ("eval rate", rate(last.eval_count, last.eval_duration), last.eval_duration),
    ]
    return [f"{name + ':':<22}{text}" for name, text, value in rows if value > 0]


def rate(count: int, duration_ns: int) -> str:
    """Tokens per second; empty without a duration."""
    return f"{count * 1e9 / duration_ns:.2f} tokens/s" if duration_ns else ""


class WordWrap:
    """Moves a word that would cross the margin to the next line, though its start is on the screen already."""

    def __init__(self, width: int) -> None:
        self._limit = max(20, width - WRAP_MARGIN)
        self._column = 0
        self._word = ""

    def feed(self, text: str) -> str:
        """What to write to the terminal for more text."""
        return "".join(map(self._place, text))

    def _place(self, char: str) -> str:
        if char == "\n":
            self._column, self._word = 0, ""
            return char
        width = char_width(char)
        self._column += width
        if char in " \t" or width == 2:  # a wide character may stand at a line's start by itself
            self._word = ""
        if self._column <= self._limit:
            self._word += "" if char in " \t" else char
            return char
        return self._break(char)

    def _break(self, char: str) -> str:
        if char in " \t":
            self._column = 0
            return "\n"
        back = display_width(self._word)
        if back + char_width(char) > self._limit:  # longer than a line: the terminal may cut it
            self._column, self._word = char_width(char), char
            return f"\n{char}"
        moved = self._word + char
        self._column, self._word = display_width(moved), moved
        erase = f"\x1b[{back}D\x1b[K" if back else ""
        return f"{erase}\n{moved}"


class AnswerPrinter:
    """Writes an answer as it comes: thinking set apart, the rest as it is.

    NOTE: when stdout is not a terminal it carries the answer alone, so thinking goes to stderr.
    """

    def __init__(self, *, wrap: bool = True, hide_thinking: bool = False) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._colour = output.has_colour()
        self._side: TextIO = sys.stdout if self._is_terminal else sys.stderr
        self._hide_thinking = hide_thinking
        self._wrap = WordWrap(shutil.get_terminal_size().columns) if wrap and self._is_terminal else None
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
            self._write("Thinking...\n", self._side, self._grey())
        self._write(text, self._side, self._grey())

    def text(self, text: str) -> None:
        """Show more of the answer."""
        if not text:
            return
        self._waiting.end()
        self._end_thinking()
        self._write(text, sys.stdout)

    def __enter__(self) -> AnswerPrinter:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        """Nothing more comes; what is said after a broken answer starts on a line of its own."""
        self._waiting.end()
        if kind is not None and self._has_written and self._is_terminal:
            self._write("\n", sys.stdout)
        elif kind is None:
            self._end_thinking()

    def _end_thinking(self) -> None:
        if self._is_thinking:
            self._is_thinking = False
            self._write("\n...done thinking.\n\n", self._side, self._grey())

    def _grey(self) -> str:
        return "\x1b[90m" if self._colour else ""

    def _write(self, text: str, to: TextIO, style: str = "") -> None:
        self._has_written = True
        text = output.shown(text, to)
        shown = self._wrap.feed(text) if self._wrap and to is sys.stdout else text
        to.write(f"{style}{shown}\x1b[0m" if style else shown)
        to.flush()


class Waiting:
    """A spinner that the first piece of an answer ends."""

    def __init__(self, text: str = "") -> None:
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(output.spinner(text))

    def end(self) -> None:
        """Remove the spinner; again does nothing."""
        self._stack.close()
