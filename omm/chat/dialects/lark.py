"""Writes grammars in llguidance's Lark, rule by rule. Knows nothing of tools or dialects.

Every method returns an expansion, to be put into the next. Source: llguidance, "Syntax of LLGuidance Grammars".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import llguidance

from omm.chat import schema as schemas

# Free text: no control characters but tab and line ends.
ANY = r"/[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*/"
# Parts of a layout that are no fixed text.
_HOLES = {
    "number": "/[0-9]{1,4}/",
    "id9": "/[a-zA-Z0-9]{9}/",
    "id10": "/[a-z0-9]{10}/",
    "nl": r"/\n?/",
    "blank": r"/[ \n]{0,2}/",
    "word": "/[a-zA-Z_][a-zA-Z0-9_-]{0,63}/",
}
# Numbers that every reader of JSON can hold.
_NUMBERS = {
    "integer": "/-?(0|[1-9][0-9]{0,17})/",
    "number": r"/-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?/",
}
_HOLE = re.compile(r"\{(\w+|\?[^{}]*)\}")


class Lark:
    """One grammar that is being written. `markers` maps the texts of control tokens to their ids."""

    def __init__(self, markers: Mapping[str, int] | None = None) -> None:
        self._markers = dict(markers or {})
        names = sorted(filter(None, self._markers), key=len, reverse=True)
        self._marker = re.compile("|".join(map(re.escape, names)) or r"(?!)")
        self._rules: list[str] = []
        self._known: dict[str, str] = {}

    def grammar(self, start: str) -> str:
        """The whole grammar."""
        return "\n".join([f"start: {start}", *self._rules, ""])

    def layout(self, text: str, **names: str) -> str:
        """Exact text with holes: a name's value, `{?optional text}`, or one of `_HOLES`, as `{number}`."""
        out: list[str] = []
        fixed = ""
        for index, piece in enumerate(_HOLE.split(text)):
            if index % 2 == 0 or piece in names:
                fixed += names[piece] if index % 2 else piece
                continue
            hole = f"({self.text(piece[1:])})?" if piece.startswith("?") else _HOLES[piece]
            out += [self.text(fixed), hole]
            fixed = ""
        return " ".join(filter(None, [*out, self.text(fixed)]))

    def text(self, text: str) -> str:
        """Exact text; where it is a control token's, that token. The empty expansion for no text."""
        out: list[str] = []
        for fixed, marker in self._split(text):
            if fixed:
                out.append(json.dumps(fixed))
            if marker:
                out.append(f"<[{self._markers[marker]}]>")
        return " ".join(out)

    def optional(self, layout: str) -> str:
        """A layout that may be left out."""
        return f"({self.layout(layout)})?" if layout else ""

    def until(self, closer: str, content: str = ANY) -> str:
        """Text that matches a terminal, and the text that ends it, at its first occurrence."""
        (fixed, marker), *_ = self._split(closer)
        tag = fixed.strip()
        if tag and (content != ANY or tag != fixed):
            # NOTE: a text that must have some length or pattern could go on beyond a closer. And models may leave out
            # the line feed in front of one, so that the parser takes it for one without.
            content = f"{content} & ~/(?s:.*){llguidance.regex_to_lark(re.escape(tag))}(?s:.*)/"
        content = self.terminal(content)
        if not fixed:
            return f"{content} {self.text(closer)}"
        if not marker:
            return self.rule(content, f"[suffix={json.dumps(fixed)}]")
        return f"{self.terminal(f'{content} {json.dumps(fixed)}')} {self.text(closer[len(fixed) :])}"

    def spelled(self, text: str) -> str:
        """The beginning of a text that is written in letters, before its first control token, without blanks."""
        return self._split(text)[0][0].strip()

    def json(self, schema: Any, **options: Any) -> str:
        """A JSON value of a schema, already closed; `options` are llguidance's."""
        if isinstance(schema, dict) and schema.keys() == {"type"} and schema["type"] in ("integer", "number"):
            return self.terminal(_NUMBERS[schema["type"]])
        whole = schema if isinstance(schema, dict) else {}
        return self.rule(f"%json {json.dumps({**whole, 'x-guidance': {**schemas.GUIDANCE, **options}})}")

    def either(self, options: Iterable[str]) -> str:
        """One of some expansions, of which there is at least one."""
        distinct = list(dict.fromkeys(options))
        return distinct[0] if len(distinct) == 1 else self.rule(" | ".join(option or '""' for option in distinct))

    def rule(self, body: str, options: str = "") -> str:
        """A rule of its own; the same body gives the same rule."""
        return self._named("r", body, options)

    def terminal(self, body: str) -> str:
        """What is matched as one piece of text, such as a regular expression."""
        return self._named("T", body, "")

    def reserve(self) -> str:
        """The name of a rule that is `define`d later, since it refers to itself."""
        name = f"r{len(self._known)}"
        self._known[name] = name
        return name

    def define(self, name: str, body: str) -> None:
        """What a reserved rule is."""
        self._rules.append(f"{name}: {body}")

    def _named(self, prefix: str, body: str, options: str) -> str:
        key = f"{prefix}{options}: {body}"
        if key not in self._known:
            self._known[key] = f"{prefix}{len(self._known)}"
            self._rules.append(f"{self._known[key]}{options}: {body}")
        return self._known[key]

    def _split(self, text: str) -> list[tuple[str, str]]:
        """Fixed text and the control token behind it, in turn; the last has none."""
        out: list[tuple[str, str]] = []
        at = 0
        for found in self._marker.finditer(text):
            out.append((text[at : found.start()], found.group()))
            at = found.end()
        return [*out, (text[at:], "")]


def without(text: str) -> str:
    """A regular expression for what does not hold a text, nor, to keep it simple, some that resemble it."""
    again = text.find(text[0], 1)
    text = text[:again] if again > 0 else text
    first, more, cut = re.escape(text[0]), "", ""
    for char in map(re.escape, reversed(text[1:])):
        cut = f"({char}{cut})?" if more else ""
        more = f"[^{first}{char}]|{char}({more})" if more else f"[^{first}{char}]"
    return f"^([^{first}]|{first}+({more}))*({first}+{cut})?$"


def pattern(regex: str) -> str:
    """A JSON Schema's pattern, which may match anywhere, as a terminal for the whole text."""
    return " | ".join(f"/{_anchored(part)}/" for part in _alternatives(regex))


def _anchored(part: str) -> str:
    begins = part.startswith("^")
    ends = part.endswith("$") and not re.search(r"(?<!\\)(\\\\)*\\\$$", part)
    inner = llguidance.regex_to_lark(part[begins : len(part) - ends], "dw")
    return ("" if begins else "(?s:.*)") + f"(?:{inner})" + ("" if ends else "(?s:.*)")


def _alternatives(regex: str) -> list[str]:
    """The parts of a regular expression between bars that are in no group or class."""
    parts, depth, in_class, is_escaped = [""], 0, False, False
    for char in regex:
        if not is_escaped and not in_class:
            depth += (char == "(") - (char == ")")
            if char == "|" and depth == 0:
                parts.append("")
                continue
        if not is_escaped:
            in_class = (in_class or char == "[") and char != "]"
        is_escaped = char == "\\" and not is_escaped
        parts[-1] += char
    return parts
