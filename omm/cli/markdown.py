"""Markdown on a terminal while it is written: each piece appears once, in its place, and is never drawn again.

Only what later text could change is held back: the marks at a line's start, an open emphasis, a line of code, a table.

Source: CommonMark 0.31, "Blocks", and GitHub's tables; lines stay lines, as models mean them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from omm.cli.flow import Flow, Span, join, styled, width_of
from omm.cli.inline import Inline, Palette, spans
from omm.cli.output import char_width

# What a line's start may still become when more of it comes.
UNDECIDED = re.compile(
    r"[ \t]*(?:#{0,6}|[-*+]|\d{1,9}[.)]?|`{1,2}|~{1,2}|>[> \t]*|[-+*] \[[ xX]?\]?)$|[ \t]*([-*_])(?:\1| )*$"
)
HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+")
ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(?:\[([ xX])\][ \t])?")
QUOTE = re.compile(r"[ \t]*((?:>[ \t]?)+)")
FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
WHOLE_LINE = re.compile(r"[ \t]*(?:`{3}|~{3}|\|)")
TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
BOXES = {" ": "☐", "x": "☑", "X": "☑"}
# For a language that pygments does not know, and where a lexer of it stumbles over a text, as that of tnt does.
LEXER_ERRORS = (ValueError, LookupError, TypeError, AttributeError)
LEXED_MAX = 8000  # characters of a block that are read again for each new line of it


class Markdown:
    """`feed` text as it comes and write what it returns; `flush` at the end."""

    def __init__(self, palette: Palette, width: Callable[[], int] | None) -> None:
        self._palette = palette
        self._flow = Flow(width)
        self._inline = Inline(palette)
        self._start: str | None = ""  # of a line whose kind is not known; None within a line
        self._style = ""
        self._fence = ""
        self._code = Code("", palette)
        self._rows: list[str] = []

    def feed(self, text: str) -> str:
        """What to write for more of the answer."""
        out = []
        for piece in re.findall(r"[^\n]+|\n", text):
            out.append(self._end_line() if piece == "\n" else self._more(piece))
        return "".join(out)

    def flush(self) -> str:
        """What was held back."""
        if self._start is None:
            return self._spill()
        last, self._start = (self._line(self._start) if self._start else ""), ""
        return (last + self._end_table()).removesuffix("\n")

    # --- lines ----------------------------------------------------------------------------------------------------

    def _more(self, text: str) -> str:
        if self._start is None:
            return self._put(text)
        self._start += text
        if self._fence or WHOLE_LINE.match(self._start) or UNDECIDED.match(self._start):
            return ""
        start, self._start = self._start, None
        return self._end_table() + self._open(start)

    def _end_line(self) -> str:
        if self._start is None:
            self._start = ""
            return self._spill() + self._flow.put("\n")
        line, self._start = self._start, ""
        return self._line(line)

    def _line(self, line: str) -> str:
        """A line that came to its end before its kind was known."""
        if self._fence:
            return self._code_line(line)
        if line.lstrip().startswith("|"):
            self._rows.append(line)
            return ""
        table = self._end_table()
        if fence := FENCE.match(line):
            self._fence, self._code = fence[1], Code(fence[2], self._palette)
            return table + styled(line, self._palette.faint) + "\n"
        if RULE.match(line):
            return table + styled("─" * min(40, self._flow.limit), self._palette.faint) + "\n"
        return table + self._open(line) + self._spill() + self._flow.put("\n")

    def _code_line(self, line: str) -> str:
        bare = line.strip()
        if bare.startswith(self._fence) and not bare.strip(self._fence[0]):
            self._fence = ""
            return styled(line, self._palette.faint) + "\n"
        return self._code.line(line) + "\n"

    def _open(self, line: str) -> str:
        """Begin a line whose kind is known."""
        self._style = ""
        if match := HEADING.match(line):
            self._style = self._palette.heading + (";4" if len(match[1]) == 1 else "")
            return self._put(line[match.end() :])
        if match := ITEM.match(line):
            mark = match[2] if match[2][0].isdigit() else BOXES.get(match[3] or "", "•")
            lead = f"{match[1]}{mark} "
            return self._flow.lead(lead, " " * width_of(lead)) + self._put(line[match.end() :])
        if match := QUOTE.match(line):
            bar = styled("│ ", self._palette.faint) * match[1].count(">")
            return self._flow.lead(bar, bar) + self._put(line[match.end() :])
        indent = line[: len(line) - len(line.lstrip())]
        return self._flow.lead(indent, indent) + self._put(line[len(indent) :])

    def _put(self, text: str) -> str:
        return self._flow.whole(self._inline.feed(text, self._style))

    def _spill(self) -> str:
        return self._flow.whole(self._inline.flush(self._style))

    # --- tables ---------------------------------------------------------------------------------------------------

    def _end_table(self) -> str:
        lines, self._rows = self._rows, []
        if len(lines) < 2 or not TABLE_RULE.match(lines[1]):
            return "".join(f"{line}\n" for line in lines)
        rows = [_cells(line) for line in (lines[0], *lines[2:])]
        return "".join(f"{line}\n" for line in table(rows, self._palette, self._flow.limit))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def table(rows: list[list[str]], palette: Palette, limit: int) -> list[str]:
    """Lines of a table, whose first row is its head.

    Cells wrap where it is wider than `limit` columns, and where that would cut words, rows become lists.
    """
    num_columns = len(rows[0])
    rows = [(row + [""] * num_columns)[:num_columns] for row in rows]
    plain = [[_plain(cell, palette) for cell in row] for row in rows]
    columns = list(zip(*plain, strict=True))
    words = [max(map(_longest_word, column)) for column in columns]
    available = limit - 3 * (num_columns - 1)
    if sum(words) > available:
        return _lists(rows, limit, palette)
    widths = fitted([max(map(width_of, column)) for column in columns], words, available)
    bar = styled(" │ ", palette.faint)
    head, *body = [_row(row, widths, palette, bar, palette.strong if row is rows[0] else "") for row in rows]
    rule = styled("─┼─".join("─" * width for width in widths), palette.faint)
    return [*head, rule, *(line for row in body for line in row)]


def fitted(widths: list[int], words: list[int], available: int) -> list[int]:
    """Take from the widest column that has more than one word until all fit, as the words by themselves do."""
    widths = [max(1, width) for width in widths]
    while sum(widths) > available:
        _, at = max((width, at) for at, width in enumerate(widths) if width > words[at])
        widths[at] -= 1
    return widths


def _lists(rows: list[list[str]], limit: int, palette: Palette) -> list[str]:
    """Each row as lines of its own, with the head before each cell."""
    head, *body = rows
    lines = []
    for row in body:
        lines.append(styled("─" * min(40, limit), palette.faint))
        for name, cell in zip(head, row, strict=True):
            flow = Flow(lambda: limit, margin=0)
            text = [*spans(f"{name}:", palette, palette.strong), (" ", ""), *spans(cell, palette)]
            lines += (flow.lead("", "  ") + flow.whole(text)).split("\n")
    return lines


def _longest_word(text: str) -> int:
    """Columns of the longest piece that lines are not broken in; they may be at any wide character."""
    pieces = "".join(char if char_width(char) < 2 else f" {char} " for char in text).split()
    return max(map(width_of, pieces), default=0)


def _row(row: list[str], widths: list[int], palette: Palette, bar: str, style: str) -> list[str]:
    cells = [_wrapped(cell, width, palette, style) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, cells))
    lines = [[cell[at] if at < len(cell) else "" for cell in cells] for at in range(height)]
    return [
        bar.join(part + " " * (width - width_of(part)) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _wrapped(cell: str, width: int, palette: Palette, style: str) -> list[str]:
    flow = Flow(lambda: width, margin=0)
    return flow.whole(spans(cell, palette, style)).split("\n")


def _plain(cell: str, palette: Palette) -> str:
    return "".join(text for text, _ in spans(cell, palette))


# --- code ---------------------------------------------------------------------------------------------------------


# What a token is, and how it looks: as pygments names it, or the part of its name before a dot.
CODE_STYLES = {
    "Comment": "2",
    "Keyword": "35",
    "Operator.Word": "35",
    "Name.Tag": "35",
    "Name.Function": "1",
    "Name.Class": "1",
    "Name.Builtin": "36",
    "Name.Attribute": "36",
    "Literal.Number": "36",
    "Literal.String": "32",
    "Generic.Inserted": "32",
    "Generic.Deleted": "31",
    "Generic.Heading": "1",
}


class Code:
    """Colours a block of code line by line."""

    def __init__(self, language: str, palette: Palette) -> None:
        self._language = language if palette.has_colour else ""
        self._text = ""

    def line(self, text: str) -> str:
        """One line, coloured by what stands above it: it may be inside a long string or comment."""
        if not self._language:
            return text
        from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

        if len(self._text) > LEXED_MAX:
            self._text = ""
        self._text += text + "\n"
        try:
            lexer = get_lexer_by_name(self._language, stripnl=False)
            coloured = _last_line(lexer.get_tokens(self._text))
        except LEXER_ERRORS:
            return text
        # NOTE: the lexer of robotframework loses what it takes for the end of a line.
        return join(coloured) if "".join(part for part, _ in coloured) == text else text


def _last_line(tokens: Iterable[tuple[object, str]]) -> list[Span]:
    """The line before the last newline, with which every code ends."""
    lines: list[list[Span]] = [[]]
    for kind, text in tokens:
        first, *others = text.split("\n")
        lines[-1].append((first, _code_style(kind)))
        lines += [[(line, _code_style(kind))] for line in others]
    return lines[-2]


def _code_style(kind: object) -> str:
    name = str(kind).removeprefix("Token.")
    while name and name not in CODE_STYLES:
        name = name.rpartition(".")[0]
    return CODE_STYLES.get(name, "")
