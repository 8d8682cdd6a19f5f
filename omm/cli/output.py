"""What the commands show: tables, sections, progress. Plain where no terminal is, rich where one is.

Answers go to stdout; all that only accompanies them goes to stderr.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import sys
import textwrap
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TextIO

import msgspec

from omm import units
from omm.cli.replies import ProgressLine
from omm.errors import InvalidRequest

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID
    from rich.table import Table

Rows = Sequence[Sequence[str]]
BAR_WIDTH_MAX = 40
MAX_NAME_WIDTH = 24  # cells of the first column that are not folded while there are others to fold
FIELD = re.compile(r"\{(\w+(?:\.\w+)*)\}")
# What a stranger must not send to a terminal: escape sequences could retitle it, hide text, or type for the user.
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
del CONTROLS[ord("\n")], CONTROLS[ord("\t")]
FIRST_COMBINING = "\u0300"
ZERO_WIDTH = frozenset({"Mn", "Me", "Cf"})  # categories: marks, and invisible controls
JOINER, AS_EMOJI = "\u200d", "\ufe0f"
SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
HANGUL_VOWELS = ("\u1160", "\u11ff")  # and final consonants, which stand in their syllable's first letter
TRANSFER_WIDTH = 46  # of a line of progress beside its status and its bar: percentage, sizes, rate, time, spinner


def shown(text: str, on: TextIO) -> str:
    """A stranger's text as it may be written: to a terminal without control characters, else as it is."""
    return text.translate(CONTROLS) if on.isatty() else text


def visible(text: str) -> str:
    """A stranger's name, in one line: what could not be seen, or would change how others are seen, is an escape.

    >>> visible("read\\n\\u202egnp.exe")
    'read\\\\n\\\\u202egnp.exe'
    """
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def say(text: str, *, end: str = "\n") -> None:
    """Print an answer that others had a hand in: a model's texts, a server's words."""
    print(shown(text, sys.stdout), end=end)


def note(message: str) -> None:
    """Tell the user something that is not the answer."""
    print(shown(message, sys.stderr), file=sys.stderr)


def print_json(value: object) -> None:
    """Print for another program to read."""
    say(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


# --- tables -----------------------------------------------------------------------------------------------------


def print_table(headers: Sequence[str], rows: Rows) -> None:
    """Print a table with upper-case headers."""
    if sys.stdout.isatty():
        _print_rich_table(headers, rows)
    else:
        print("\n".join(plain_table(headers, rows)))


def plain_table(headers: Sequence[str], rows: Rows) -> list[str]:
    """Lines of a table without borders.

    WIRE: scripts cut these columns. Four blanks follow each column, one only the last header (Ollama's tables).
    """
    widths = [max(display_width(cell) for cell in column) for column in zip(headers, *rows, strict=True)]
    last = pad(headers[-1], widths[-1] + 1)
    head = "".join(pad(cell, width + 4) for cell, width in zip(headers[:-1], widths[:-1], strict=True)) + last
    return [head, *("".join(pad(cell, width + 4) for cell, width in zip(row, widths, strict=True)) for row in rows)]


def _print_rich_table(headers: Sequence[str], rows: Rows) -> None:
    from rich.console import Console

    Console().print(_rich_table(headers, rows))


def _rich_table(headers: Sequence[str], rows: Rows) -> Table:
    from rich.table import Table
    from rich.text import Text

    widths = [max(map(display_width, column)) for column in zip(headers, *rows, strict=True)]
    gap = 4 if sum(widths) + 4 * (len(widths) - 1) <= columns() else 2
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold magenta")
    for position, header in enumerate(headers):
        if position == 0:
            # Names are for copying: other columns are the first to be folded.
            width, is_short = min(MAX_NAME_WIDTH, widths[0]), widths[0] <= MAX_NAME_WIDTH
            table.add_column(header, overflow="fold", style="bold", min_width=width, no_wrap=is_short)
        else:
            table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(cell, sys.stdout)) for cell in row))
    return table


def watch_table(headers: Sequence[str], rows: Callable[[], Rows], interval_s: float = 1.0) -> None:
    """Show a table and keep it up to date until Ctrl-C; where no terminal is, print it again and again."""
    with contextlib.suppress(KeyboardInterrupt):
        if not sys.stdout.isatty():
            while True:
                print("\n".join(plain_table(headers, rows())), end="\n\n", flush=True)
                time.sleep(interval_s)
        from rich.live import Live

        with Live(_rich_table(headers, rows()), auto_refresh=False) as live:
            while True:
                time.sleep(interval_s)
                live.update(_rich_table(headers, rows()), refresh=True)


def print_formatted(template: str, rows: Iterable[object]) -> None:
    """Print a line for each row: `{name}` is a field, `{details.family}` one of a field, `\\t` and `\\n` are blanks.

    Raises:
        InvalidRequest: there is no such field.
    """
    plain = template.replace("\\t", "\t").replace("\\n", "\n")
    for fields in map(msgspec.to_builtins, rows):
        say(FIELD.sub(functools.partial(_field, fields), plain))


def _field(fields: object, match: re.Match[str]) -> str:
    value, path = fields, match[1]
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            known = f", only {', '.join(sorted(value))}" if isinstance(value, dict) else ""
            raise InvalidRequest(f"--format: there is no {{{path}}}{known}", param="format")
        value = value[name]
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


class Section(msgspec.Struct, frozen=True):
    """One headed part of `show`; cells wrap at `cell_width`."""

    title: str
    rows: Rows
    cell_width: int = 30


def print_sections(sections: Iterable[Section], file: TextIO | None = None) -> None:
    """Print parts of `show`, each followed by an empty line."""
    out = file or sys.stdout
    bold, plain = ("\x1b[1;35m", "\x1b[0m") if file is None and has_colour() else ("", "")
    for section in sections:
        print(f"  {bold}{section.title}{plain}", file=out)
        for line in section_lines(section):
            print(shown(line, out), file=out)
        print(file=out)


def section_lines(section: Section) -> list[str]:
    """Rows indented by four, four blanks between columns, long cells continued below."""
    rows = [[_wrapped(cell, section.cell_width) for cell in row] for row in section.rows]
    columns = itertools.zip_longest(*rows, fillvalue=[""])
    widths = [max(display_width(line) for cell in column for line in cell) for column in columns]
    return [line for row in rows for line in _row_lines(row, widths)]


def _wrapped(cell: str, width: int) -> list[str]:
    """Lines of a cell. Keys, digests and addresses stay whole, as they are for copying."""
    return textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False) or [""]


def _row_lines(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    for parts in itertools.zip_longest(*cells, fillvalue=""):
        yield ("    " + "".join(pad(part, width + 4) for part, width in zip(parts, widths, strict=False))).rstrip()


def display_width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return max(running_widths(text), default=0)


def running_widths(text: str) -> Iterator[int]:
    """Columns that a text takes up to and with each of its characters."""
    return itertools.accumulate(char_width(char, before) for before, char in itertools.pairwise(" " + text))


def pad(text: str, width: int) -> str:
    """Fill up with blanks on the right."""
    return text + " " * (width - display_width(text))


def char_width(char: str, before: str = " ") -> int:
    """Columns that a character adds after another: none for one that combines with it, two for most East Asian ones.

    Source: Unicode Standard Annex 11 and Technical Standard 51, as recent terminals show emoji.
    """
    if char < FIRST_COMBINING:
        return 1
    if char == AS_EMOJI:
        return max(0, 2 - char_width(before))
    if unicodedata.category(char) in ZERO_WIDTH or before == JOINER or HANGUL_VOWELS[0] <= char <= HANGUL_VOWELS[1]:
        return 0
    if SKIN_TONES[0] <= char <= SKIN_TONES[1] and char_width(before) == 2:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


# --- progress ---------------------------------------------------------------------------------------------------


class ProgressView(Protocol):
    """Shows how far a pull or create is."""

    def show(self, line: ProgressLine) -> None:
        """Take note of the newest state."""


@contextlib.contextmanager
def progress_view(*, quiet: bool = False) -> Iterator[ProgressView]:
    """Bars on a terminal, else one line for each change of status; nothing when `quiet`."""
    if quiet:
        yield Silence()
        return
    if not sys.stderr.isatty():
        yield StatusLines()
        return
    with _progress() as progress:
        try:
            yield Bars(progress)
        finally:
            progress.columns = progress.columns[:1]  # no spinner stays, whether it is done or broke off


class Silence:
    """For who only wants to know whether it went well."""

    def show(self, line: ProgressLine) -> None:
        """Show nothing."""


class StatusLines:
    """For logs and pipes."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, line: ProgressLine) -> None:
        """Print a status that differs from the last one."""
        if line.status and line.status != self._last:
            note(line.status)
            self._last = line.status


class Bars:
    """One row for each file or status; the newest has a spinner until the next one comes."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._current: TaskID | None = None

    def show(self, line: ProgressLine) -> None:
        """Add a row or move its bar on."""
        key = line.digest or line.status
        if key not in self._tasks:
            self._end()
            status = shown(line.status, sys.stderr)
            self._tasks[key] = self._progress.add_task(status, total=line.total or None)
        self._current = self._tasks[key]
        self._progress.update(self._current, total=line.total or None, completed=line.completed)

    def _end(self) -> None:
        """Stop the newest row's spinner."""
        if self._current is not None and self._progress.tasks[self._current].total is None:
            self._progress.update(self._current, total=0)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, SpinnerColumn
    from rich.text import Text

    class Line(ProgressColumn):
        max_refresh = 0.1

        def render(self, task: Task) -> Text:
            bar_width = max(3, min(BAR_WIDTH_MAX, console.width - len(task.description) - TRANSFER_WIDTH))
            line = transfer_line(task.description, task.completed, task.total, task.speed, bar_width)
            return Text(line, end="", no_wrap=True, overflow="ellipsis")

    console = Console(stderr=True)
    return Progress(Line(), SpinnerColumn(finished_text=""), console=console)


def transfer_line(status: str, done: float, total: float | None, speed: float | None, bar_width: int) -> str:
    """One line of progress; a bar when the size is known.

    >>> transfer_line("pulling 6a07", 21e8, 47e8, 52e6, 10)
    'pulling 6a07:  44% ▕████      ▏ 2.1 GB/4.7 GB   52 MB/s   50s'
    """
    if not total:
        return status
    share = min(1.0, done / total)
    bar = "█" * int(share * bar_width)
    head = f"{status}: {share:4.0%} ▕{bar:<{bar_width}}▏ "
    if done >= total:
        return head + units.format_bytes(int(total))
    sizes = f"{units.format_bytes(int(done))}/{units.format_bytes(int(total))}"
    if not speed:
        return head + sizes
    return f"{head}{sizes}   {units.format_bytes(int(speed))}/s   {_eta(int((total - done) / speed))}"


def _eta(seconds: int) -> str:
    return "99h+" if seconds >= 100 * 3600 else units.format_duration(seconds * 10**9)


@contextlib.contextmanager
def spinner(text: str = "") -> Iterator[Callable[[str], None]]:
    """Show on a terminal that something is going on; gives what changes the text."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console
    from rich.text import Text

    status = Console(stderr=True).status(Text(text, style="dim"))
    try:
        status.start()  # in here, as Ctrl-C may come when its thread runs already
        yield lambda text: status.update(Text(text, style="dim"))
    finally:
        status.stop()


# --- terminals and time ---------------------------------------------------------------------------------------


def has_colour() -> bool:
    """Whether stdout is a terminal that may be coloured; knows NO_COLOR and dumb terminals through rich."""
    if not sys.stdout.isatty():
        return False
    from rich.console import Console

    console = Console()
    return console.color_system is not None and not console.no_color


def columns() -> int:
    """Of the terminal, now."""
    import shutil  # PERF: 3 ms that no pipe needs

    return shutil.get_terminal_size().columns


def now_ns() -> int:
    """Unix time, for ages."""
    return time.time_ns()


def unix_ns(timestamp: str) -> int:
    """Unix time of an RFC 3339 timestamp; 0 for none, for the zero time of Go, and for what is no time."""
    if not timestamp or timestamp.startswith("0001-"):
        return 0
    import datetime

    try:
        moment = msgspec.convert(timestamp, datetime.datetime)
    except msgspec.ValidationError:
        return 0
    return int(moment.timestamp() * 10**9)
