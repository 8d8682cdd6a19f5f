"""Reasoning on the screen, apart from the answer: all of it as it comes, or folded into one line that counts words."""

from __future__ import annotations

from collections.abc import Callable

from omm.cli.flow import Flow, styled
from omm.cli.output import columns

BEGIN, END = "Thinking...\n", "\n...done thinking.\n\n"
ERASE_LINE = "\r\x1b[K"


def whole(text: str, style: str, width: Callable[[], int] | None) -> str:
    """Reasoning that was folded, to be looked at later."""
    return Flow(width).put(BEGIN + text + END, style)


class Thinking:
    """What to write for the reasoning of one answer. Where lines `can_redraw`, it may be folded and unfolded.

    NOTE: a terminal cannot take back what has scrolled away, so folding leaves what was shown, and unfolding shows
    what was not.
    """

    def __init__(self, style: str, width: Callable[[], int] | None, *, is_folded: bool, can_redraw: bool) -> None:
        self._style = style
        self._width = width
        self._flow = Flow(width)
        self._can_redraw = can_redraw
        self._text = ""
        self._rest = BEGIN  # what was not shown yet
        self.is_folded = is_folded
        self.is_open = False

    def add(self, text: str) -> str:
        """More of it."""
        self.is_open = True
        self._text += text
        self._rest += text
        if not self.is_folded:
            return self._show()
        return self._line("Thinking...") if self._can_redraw else ""

    def turn(self) -> str:
        """Fold what is unfolded, unfold what is folded."""
        self.is_folded = not self.is_folded
        if not self._text or not self._can_redraw:
            return ""
        if self.is_folded:
            return "\n" + self._line("Thinking...")
        self._flow, self._rest = Flow(self._width), self._rest.lstrip()
        return ERASE_LINE + self._show()

    def end(self) -> str:
        """It is whole: what to write before the answer."""
        if not self.is_open:
            return ""
        self.is_open = False
        return self._line("Thought for") + "\n\n" if self.is_folded else self._flow.put(END, self._style)

    def _show(self) -> str:
        text, self._rest = self._rest, ""
        return self._flow.put(text, self._style)

    def _line(self, title: str) -> str:
        """The one line, drawn over itself."""
        count = len(self._text.split())
        line = f"{title} {count} {'word' if count == 1 else 'words'} (Ctrl-T shows {'it' if count == 1 else 'them'})"
        line = line[: columns() - 1]
        return (ERASE_LINE if self._can_redraw else "") + styled(line, self._style)
