"""Emphasis, code and links inside a line of Markdown, as spans of styled text, as soon as they are certain.

Source: CommonMark 0.31, "Inlines", without what models do not write: references, autolinks, HTML.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from omm.cli.flow import Span

HELD_MAX = 240  # characters after an opener that never closes, before it is shown as it is
SPECIAL = re.compile(r"[`*_~\[!\\]")


@dataclasses.dataclass(frozen=True)
class Palette:
    """Styles by what they are for; empty is none."""

    heading: str = "1;35"
    strong: str = "1"
    emphasis: str = "3"
    strike: str = "9"
    code: str = "36"
    link: str = "4"
    faint: str = "2"
    has_colour: bool = True


# NOTE: of the sixteen colours, none of the bright ones, yellow or blue, which some light or dark terminals show hardly.
COLOURS = Palette()
ATTRIBUTES = Palette(heading="1", code="", has_colour=False)

# Constructs by their first character: (whole, what may still become one).
WHOLE = {
    "code": re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)"),
    "both": re.compile(r"(\*\*\*)(?=\S)(.+?)(?<=[^\s*])\*\*\*(?!\*)"),
    # Between underscores only what has a blank in it, as __init__ is a name.
    "strong": re.compile(
        r"(\*\*)(?=[^\s*])((?:(?!\*\*).)+?\*?)(?<=\S)\*\*(?!\*)|((?<!\w)__)(?=[^\s_])([^_\s]+\s[^_]*)(?<=\S)__(?!\w)"
    ),
    "emphasis": re.compile(
        r"(\*)(?=[^\s*])((?:[^*]|\*\*[^*]+\*\*)+?)(?<=\S)\*(?!\*)|((?<!\w)_)(?=[^\s_])([^_]+?)(?<=\S)_(?!\w)"
    ),
    "strike": re.compile(r"(~~)(?=\S)(.+?)(?<=\S)~~"),
    "link": re.compile(r"!?\[([^\]\n]+)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)"),
    "escape": re.compile(r"\\([*_`#|~>+.!-])"),
}
HOPEFUL = re.compile(
    r"`|\*{1,3}(?:$|[^\s*])|_{1,3}(?:$|[^\s_])|~$|~~(?:$|\S)|!?\[[^\]]*(?:$|\]$|\]\([^)]*$)|!$|\\$", re.DOTALL
)


class Inline:
    """One line's inlines; `feed` yields what is certain, `flush` the rest as it stands."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._held = ""
        self._before = ""  # the character before what is held, which tells whether an underscore is inside a word

    def feed(self, text: str, style: str = "") -> list[Span]:
        """Take more of the line."""
        self._held += text
        return list(self._drain(style, is_last=False))

    def flush(self, style: str = "") -> list[Span]:
        """The line ends: what is open is text."""
        spans = list(self._drain(style, is_last=True))
        self._before = ""
        return spans

    def _drain(self, style: str, *, is_last: bool) -> Iterator[Span]:
        while self._held:
            start = SPECIAL.search(self._held)
            if start is None or start.start() > 0:
                yield self._take(start.start() if start else len(self._held)), style
                continue
            # The look-behinds see one character more than what is held.
            text, at = self._before + self._held[:HELD_MAX], len(self._before)
            found = _whole(text, at)
            is_certain = is_last or len(self._held) >= HELD_MAX
            if found is not None and (is_certain or found[1].end() < len(text)):
                self._take(found[1].end() - at)
                yield from self._spans(*found, style)
            elif not is_certain and (found or self._may_become(at)):
                return
            else:
                yield self._take(1), style

    def _take(self, length: int) -> str:
        taken, self._held = self._held[:length], self._held[length:]
        self._before = taken[-1:]
        return taken

    def _may_become(self, at: int) -> bool:
        is_in_word = self._held[0] == "_" and at == 1 and (self._before.isalnum() or self._before == "_")
        return not is_in_word and HOPEFUL.match(self._held) is not None

    def _spans(self, kind: str, match: re.Match[str], style: str) -> Iterator[Span]:
        palette = self._palette
        groups = [group for group in match.groups() if group is not None]
        if kind == "escape":
            yield groups[0], style
        elif kind == "code":
            bare = groups[1][1:-1] if groups[1][:1] == groups[1][-1:] == " " and groups[1].strip() else groups[1]
            yield (bare, _with(style, palette.code)) if palette.code else (match[0], style)
        elif kind == "link":
            yield from Inline(palette)._whole_line(groups[0], _with(style, palette.link))
            if groups[1] != groups[0]:
                yield f" ({groups[1]})", _with(style, palette.faint)
        else:
            more = {"both": f"{palette.strong};{palette.emphasis}"}.get(kind) or getattr(palette, kind)
            yield from Inline(palette)._whole_line(groups[1], _with(style, more))

    def _whole_line(self, text: str, style: str) -> list[Span]:
        return [*self.feed(text, style), *self.flush(style)]


def spans(text: str, palette: Palette, style: str = "") -> list[Span]:
    """The spans of a whole text."""
    return Inline(palette)._whole_line(text, style)


def _whole(text: str, at: int) -> tuple[str, re.Match[str]] | None:
    for kind, pattern in WHOLE.items():
        if match := pattern.match(text, at):
            return kind, match
    return None


def _with(style: str, more: str) -> str:
    return ";".join(part for part in (style, more) if part)
