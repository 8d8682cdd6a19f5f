"""How an answer appears: thinking set apart, Markdown formatted, words wrapped at the margin, timings below."""

from __future__ import annotations

import bisect
import contextlib
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

import msgspec

from omm import units
from omm.cli import output, thinking
from omm.cli.flow import Flow, styled
from omm.cli.output import columns
from omm.cli.replies import Chunk, PromptProgress, Turn
from omm.cli.thinking import Thinking

if TYPE_CHECKING:
    from omm.cli.inline import Palette
    from omm.cli.markdown import Markdown


def timings(last: Chunk) -> list[str]:
    """Lines of `--verbose`, from the last chunk of an answer."""
    first_ns = last.total_duration - last.eval_duration if last.eval_count else 0
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

    def result(self, turn: Turn) -> None:
        """Show what came of a call, when the answer that has it is over."""

    def reading(self, progress: PromptProgress) -> None:
        """Show how much of the prompt is read."""

    def end(self, last: Chunk) -> None:
        """The answer is whole."""

    def __enter__(self) -> Self:
        """Wait for the answer."""

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        """Nothing more comes."""


class JsonPrinter:
    """Writes one event a line, for programs."""

    def __init__(self, *, hide_thinking: bool = False) -> None:
        self._hide_thinking = hide_thinking

    def thinking(self, text: str) -> None:
        """Write `{"type": "thinking", "text": …}`."""
        if not self._hide_thinking:
            self._write("thinking", text=text)

    def text(self, text: str) -> None:
        """Write `{"type": "text", "text": …}`."""
        self._write("text", text=text)

    def call(self, call: dict[str, Any]) -> None:
        """Write `{"type": "tool_call", "function": …}`."""
        self._write("tool_call", **call)

    def result(self, turn: Turn) -> None:
        """Write `{"type": "tool_result", "name": …, "content": …}`."""
        self._write("tool_result", name=turn.tool_name, content=turn.content)

    def reading(self, progress: PromptProgress) -> None:
        """Nothing: a program that wants to know asks the server."""

    def end(self, last: Chunk) -> None:
        """Write `{"type": "done", …}` with the reason and the counts; times are in nanoseconds."""
        counts = {name: value for name, value in msgspec.to_builtins(last).items() if isinstance(value, int | str)}
        self._write("done", **{name: value for name, value in counts.items() if name not in {"done", "response"}})

    def _write(self, kind: str, **fields: Any) -> None:
        if fields.get("text") != "":
            print(output.shown(msgspec.json.encode({"type": kind, **fields}).decode(), sys.stdout), flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        return


class AnswerPrinter:
    """Writes an answer as it comes: thinking set apart, the rest as Markdown unless it shall be `raw`.

    NOTE: when stdout is not a terminal it carries the answer alone, as it is, and thinking goes to stderr.
    """

    def __init__(
        self,
        *,
        wrap: bool = True,
        hide_thinking: bool = False,
        fold_thinking: bool = False,
        raw: bool = False,
        has_tools: bool = False,
    ) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._side: TextIO = sys.stdout if self._is_terminal else sys.stderr
        self._hide_thinking = hide_thinking
        palette = terminal_palette() if self._is_terminal else None
        width = columns if wrap and palette else None  # wrapping needs to move the cursor
        self._flow = Flow(width)
        self._markdown = formatted(palette, width) if palette and not raw else None
        faint = palette.faint if palette else ""
        self._thinking = Thinking(faint, width, is_folded=fold_thinking, can_redraw=palette is not None)
        self._has_written = False
        self._has_tools = has_tools
        self._is_calling = False
        self._is_line_open = False
        self._waiting = Waiting()

    def thinking(self, text: str) -> None:
        """Show more of the reasoning."""
        if not text:
            return
        if self._hide_thinking:
            self._waiting.say("thinking")
            return
        self._waiting.end()
        self._write(self._thinking.add(output.shown(text, self._side)), self._side)

    @property
    def is_thinking_folded(self) -> bool:
        """Whether the next answer's reasoning shall be one line, too."""
        return self._thinking.is_folded

    def turn_thinking(self) -> bool:
        """Fold or unfold the reasoning; false, and nothing done, when the answer has begun."""
        if self._hide_thinking or (self._has_written and not self._thinking.is_open):
            return False
        self._write(self._thinking.turn(), self._side)
        return True

    def text(self, text: str) -> None:
        """Show more of the answer."""
        if not text:
            return
        self._waiting.end()
        self._write(self._thinking.end(), self._side)
        text = output.shown(text, sys.stdout)
        self._is_line_open = not text.endswith("\n")
        if self._markdown:
            self._write(self._markdown.feed(text))
        else:
            self._write(self._flow.put(text) if self._is_terminal else text)

    def call(self, call: dict[str, Any]) -> None:
        """Say which tool the model would have liked; where there are tools, carrying it out says more."""
        if self._has_tools:
            self._is_calling = True
            return
        function = call.get("function") or {}
        arguments = msgspec.json.encode(function.get("arguments")).decode()
        self.text(f"  Model called a non-existent function '{function.get('name')}()' with arguments: {arguments}\n")

    def result(self, turn: Turn) -> None:
        """Show how it begins."""
        lines = turn.content.strip().splitlines() or ["nothing"]
        count = f" … ({len(lines)} lines)" if len(lines) > 1 else ""
        remark(one_line(f"← {lines[0]}", columns() - len(count)) + count)

    def reading(self, progress: PromptProgress) -> None:
        """Say it until the answer begins."""
        to_read = progress.total - progress.cache
        if to_read > 0:
            self._waiting.say(f"reading the prompt: {(progress.processed - progress.cache) / to_read:.0%}")

    def end(self, last: Chunk) -> None:
        """Leave an empty line below the answer."""
        print("\n")

    def __enter__(self) -> Self:
        self._waiting.begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        """Nothing more comes; what is said after a broken answer starts on a line of its own."""
        self._waiting.end()
        if self._markdown:
            self._write(self._markdown.flush())
        if kind is not None and self._has_written and self._is_terminal:
            self._write("\n")
        elif kind is None:
            self._write(self._thinking.end(), self._side)
            if self._is_calling and self._is_line_open:
                self._write("\n")

    def _write(self, text: str, to: TextIO | None = None) -> None:
        if not text:
            return
        self._has_written = True
        to = to or sys.stdout
        to.write(text)
        to.flush()


def print_thinking(text: str, *, wrap: bool = True) -> None:
    """Print the reasoning of an answer that is over."""
    palette = terminal_palette()
    width = columns if wrap and palette else None
    print(thinking.whole(output.shown(text, sys.stdout), palette.faint if palette else "", width), end="")


def remark(text: str) -> None:
    """Tell the user something in passing, of which strangers may have written a part."""
    palette = terminal_palette() if sys.stderr.isatty() else None
    sys.stdout.flush()
    print(styled(output.shown(text, sys.stderr), palette.faint if palette else ""), file=sys.stderr, flush=True)


def one_line(text: str, width: int) -> str:
    """As much of a text as fits into so many columns."""
    widths = list(output.running_widths(text))  # they never shrink
    if not widths or widths[-1] < width:
        return text
    return text[: bisect.bisect_left(widths, max(1, width - 1))] + "…"


def formatted(palette: Palette, width: Callable[[], int] | None) -> Markdown:
    """What makes Markdown readable."""
    from omm.cli.markdown import Markdown  # PERF: 7 ms that no pipe needs

    return Markdown(palette, width)


def terminal_palette() -> Palette | None:
    """The styles that the terminal has; None for one that has none."""
    from rich.console import Console

    from omm.cli.inline import ATTRIBUTES, COLOURS

    console = Console()
    if console.color_system is None:
        return None
    return ATTRIBUTES if console.no_color else COLOURS


class Waiting:
    """A spinner, from the question to the first piece of an answer."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self.say: Callable[[str], None] = lambda text: None

    def begin(self) -> None:
        """Show the spinner."""
        self.say = self._stack.enter_context(output.spinner())

    def end(self) -> None:
        """Remove the spinner; again does nothing."""
        self._stack.close()
        self.say = lambda text: None
