"""Styled text on a terminal, wrapped between words as it comes. Knows widths and styles, not what a text means.

What was written stays: only a word that crosses the margin is taken back, and written again on the next line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from omm.cli.output import char_width, display_width

MARGIN = 5
WIDTH_MIN = 20
Span = tuple[str, str]  # a text and its style, the numbers of an SGR escape sequence


def styled(text: str, style: str) -> str:
    """A text in a style of the terminal."""
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text


def join(spans: Iterable[Span]) -> str:
    """Neighbours of one style share one escape sequence."""
    texts: list[Span] = []
    for text, style in spans:
        if texts and texts[-1][1] == style:
            texts[-1] = (texts[-1][0] + text, style)
        else:
            texts.append((text, style))
    return "".join(styled(text, style) for text, style in texts)


class Flow:
    """Turns text into what to write to the terminal.

    `width` tells the terminal's columns and is asked whenever text comes; None is a line without end. The last `margin`
    columns stay free.
    """

    def __init__(self, width: Callable[[], int] | None, margin: int = MARGIN) -> None:
        self._width = width
        self._margin = margin
        self._limit = self._new_limit()
        self._column = 0
        self._word: list[Span] = []  # on the screen already, one character each
        self._spaces: list[Span] = []  # before the next word, not yet written
        self._out: list[Span] = []
        self._prefix = ""

    def put(self, text: str, style: str = "") -> str:
        """What to write for more text; newlines are kept and end the hanging indent."""
        return self.whole([(text, style)])

    def whole(self, spans: Iterable[Span]) -> str:
        """What to write for more styled texts."""
        self._limit = self._new_limit()  # the window may be another one by now
        for text, style in spans:
            for char in text:
                self._add(char, style)
        done, self._out = join(self._out), []
        return done

    def lead(self, text: str, hanging: str) -> str:
        """Begin a line with `text`, and what is wrapped of it with `hanging`; both may hold escape sequences."""
        self._column = width_of(text)
        self._prefix = hanging if width_of(hanging) < self._limit - WIDTH_MIN // 2 else ""
        return text

    def _add(self, char: str, style: str) -> None:
        if char == "\n":
            self._newline()
        elif char in " \t":
            self._end_word()
            self._spaces.append((char, style))
        else:
            self._place(char, style)

    @property
    def limit(self) -> int:
        """Columns to fill."""
        return self._new_limit()

    def _new_limit(self) -> int:
        if self._width is None:
            return 1 << 30
        return max(1 if self._margin == 0 else WIDTH_MIN, self._width() - self._margin)

    def _newline(self) -> None:
        self._out.append(("\n", ""))
        self._limit = self._new_limit()
        self._column, self._word, self._spaces, self._prefix = 0, [], [], ""

    def _end_word(self) -> None:
        self._word = []

    def _place(self, char: str, style: str) -> None:
        width = char_width(char, self._word[-1][0] if self._word else " ")
        if width == 2 or (self._word and char_width(self._word[-1][0]) == 2 and width):
            self._end_word()  # a wide character may stand at a line's start by itself
        blanks = sum(1 if char == " " else 8 - self._column % 8 for char, _ in self._spaces)
        if self._column + blanks + width > self._limit and self._column:
            self._wrap()
        elif self._spaces:
            self._out += self._spaces
            self._column += blanks
        self._spaces = []
        self._out.append((char, style))
        self._word.append((char, style))
        self._column += width

    def _wrap(self) -> None:
        """Go on in the next line, and take the word that was begun along unless it fills the line."""
        word = self._word
        back = display_width("".join(char for char, _ in word))
        start = width_of(self._prefix)
        if word and back + start < min(self._column, self._limit):
            if self._out[-len(word) :] == word:
                del self._out[-len(word) :]  # not written yet
            else:
                self._out.append((f"\x1b[{back}D\x1b[K", ""))
        else:
            word = []
        self._limit = self._new_limit()
        self._out += [("\n", ""), (self._prefix, ""), *word]
        self._column = start + (back if word else 0)
        self._word = list(word)


def width_of(text: str) -> int:
    """Columns of a text, escape sequences apart, which only this package's own texts have."""
    bare = text.split("\x1b[")
    return display_width("".join((bare[0], *(part.partition("m")[2] for part in bare[1:]))))
