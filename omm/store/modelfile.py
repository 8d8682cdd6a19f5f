"""Modelfiles: parse and print. Text in, values out; knows nothing of files, stores or servers.

Source: Ollama's Modelfile grammar.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from omm import parameters
from omm.errors import InvalidRequest

INSTRUCTIONS = (
    *("from", "license", "template", "system", "adapter", "draft"),
    *("renderer", "parser", "parameter", "message", "requires"),
)
ROLES = ("system", "user", "assistant")
MAX_SCALE = 100

_WORD = re.compile(r"[A-Za-z]+")
_PARAMETER = re.compile(r"[A-Za-z0-9_]+")
_SEMVER = re.compile(r"v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_BLANK = " \t\n"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_EARLY_END = re.compile(r'"""\s*\n')
_CHANGED = "# At the end of a line three double quotes would end this text; it has three single ones instead."


class Modelfile(msgspec.Struct, frozen=True, kw_only=True):
    """What a Modelfile says. `None` where it says nothing; `warnings` are for the person who wrote it.

    `adapters` are paths and scales.
    """

    bases: tuple[str, ...]
    adapters: tuple[tuple[str, float], ...] = ()
    drafts: tuple[str, ...] = ()
    template: str | None = None
    system: str | None = None
    renderer: str | None = None
    parser: str | None = None
    requires: str | None = None
    licenses: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    messages: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """The first FROM: a path or a model name."""
        return self.bases[0]


class _Command(msgspec.Struct, frozen=True):
    """One instruction; `key` is a parameter's name, a message's role, or an adapter's scale."""

    name: str
    key: str
    value: str
    line: int


def decode(content: bytes) -> str:
    """Text of a Modelfile: UTF-8, with or without byte order mark, or UTF-16 with one."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def parse(text: str | bytes) -> Modelfile:
    """Read a Modelfile.

    Raises:
        InvalidRequest: with the line number where there is one.
    """
    commands = list(_commands(_CONTROL.sub("", decode(text) if isinstance(text, bytes) else text)))
    values = {name: tuple(c.value for c in commands if c.name == name) for name in INSTRUCTIONS}
    if not any(values["from"]):
        raise InvalidRequest("no FROM line")
    last: dict[str, str | None] = {name: found[-1] if found else None for name, found in values.items()}
    for command in commands:
        if command.name == "requires":
            with at_line(command.line):
                check_requires(command.value)
    typed, warnings = _parameters([c for c in commands if c.name == "parameter"])
    return Modelfile(
        bases=values["from"],
        adapters=tuple(_adapter(c) for c in commands if c.name == "adapter"),
        drafts=values["draft"],
        template=last["template"],
        system=last["system"],
        renderer=last["renderer"],
        parser=last["parser"],
        requires=last["requires"],
        licenses=values["license"],
        parameters=typed,
        messages=tuple((c.key, c.value) for c in commands if c.name == "message"),
        warnings=warnings,
    )


def check_requires(version: str) -> None:
    """Raises InvalidRequest for what is no version."""
    if not _SEMVER.fullmatch(version):
        raise InvalidRequest("requires must be a valid semver (e.g. 0.14.0)", param="requires")


def parse_scale(text: str) -> float:
    """How strongly an adapter applies. Raises InvalidRequest."""
    try:
        return check_scale(float(text or 1))
    except ValueError as exc:
        raise InvalidRequest(f"invalid scale [{text}]", param="adapters") from exc


def check_scale(scale: float) -> float:
    """The scale. Raises InvalidRequest for one that would leave nothing of the model."""
    if not -MAX_SCALE <= scale <= MAX_SCALE:
        raise InvalidRequest(
            f"an adapter's scale must be between -{MAX_SCALE} and {MAX_SCALE}, not {scale}", param="adapters"
        )
    return scale


@contextlib.contextmanager
def at_line(line: int) -> Iterator[None]:
    """Put the number of a line before what is wrong in it."""
    try:
        yield
    except InvalidRequest as exc:
        raise InvalidRequest(f"(line {line}): {exc.message}", param=exc.param) from exc


def _adapter(command: _Command) -> tuple[str, float]:
    with at_line(command.line):
        return command.value, parse_scale(command.key)


def _parameters(commands: list[_Command]) -> tuple[dict[str, Any], tuple[str, ...]]:
    typed: dict[str, Any] = {}
    warnings = []
    for command in commands:
        if command.key in parameters.IGNORED:
            warnings.append(f"warning: parameter {command.key} is deprecated")
            continue
        with at_line(command.line):
            value = parameters.parse_text(command.key, command.value)
        is_list = parameters.KINDS[command.key] is tuple
        typed[command.key] = [*typed.get(command.key, []), value] if is_list else value
    return typed, tuple(warnings)


# --- the scanner ------------------------------------------------------------------------------------------------


def _commands(text: str) -> Iterator[_Command]:
    position = 0
    while (position := _skip(text, position)) < len(text):
        command, position = _command(text, position)
        yield command


def _skip(text: str, position: int) -> int:
    """Past blanks, empty lines and comments, to the next instruction."""
    while position < len(text) and (text[position] in _BLANK or text[position] == "#"):
        if text[position] == "#":
            position = _line_end(text, position)
        else:
            position += 1
    return position


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _command(text: str, start: int) -> tuple[_Command, int]:
    line = text.count("\n", 0, start) + 1
    name, position = _word(_WORD, text, start)
    if name.lower() not in INSTRUCTIONS:
        listed = ", ".join(f'"{known}"' for known in INSTRUCTIONS[:-1])
        raise InvalidRequest(f'(line {line}): command must be one of {listed}, or "{INSTRUCTIONS[-1]}"')
    key = ""
    if name.lower() == "parameter":
        with at_line(line):
            key, position = _word(_PARAMETER, text, _blanks(text, position))
    elif name.lower() == "message":
        with at_line(line):
            key, position = _word(_WORD, text, _blanks(text, position))
        if key not in ROLES:
            raise InvalidRequest(f'(line {line}): message role must be one of "system", "user", or "assistant"')
    elif name.lower() == "adapter" and (scaled := _scaled(text, position)) is not None:
        path, key, position = scaled
        return _Command("adapter", key, path, line), position
    with at_line(line):
        value, position = _value(text, _blanks(text, position))
    return _Command(name.lower(), key, value, line), position


def _scaled(text: str, start: int) -> tuple[str, str, int] | None:
    """Path and scale of an adapter, and the end of the line; None when the line does not end in a number."""
    end = _line_end(text, start)
    line = text[start:end].strip()
    cut = max(line.rfind(" "), line.rfind("\t"))
    path = _unquote(line[: max(0, cut)].rstrip())
    try:
        float(line[cut + 1 :])
    except ValueError:
        return None
    return (path, line[cut + 1 :], end) if path else None


def _word(pattern: re.Pattern[str], text: str, position: int) -> tuple[str, int]:
    """A word that blanks or the end of the line follow; empty when something else does."""
    match = pattern.match(text, position)
    if match is None:
        return "", position
    if match.end() < len(text) and text[match.end()] not in _BLANK:
        return "", match.end()
    return match[0], match.end()


def _blanks(text: str, position: int) -> int:
    """Past blanks, within the line; an instruction without a value has the end of the file as its value."""
    while position < len(text) and text[position] in " \t":
        position += 1
    if position == len(text) or text[position] == "\n":
        raise InvalidRequest("unexpected EOF")
    return position


def _value(text: str, start: int) -> tuple[str, int]:
    """The rest of the line, or of as many lines as it takes to close the quotes."""
    end = start
    while True:
        end = _line_end(text, end)
        if (value := _unquote(text[start:end].strip())) is not None:
            return value, end
        if end == len(text):
            raise InvalidRequest("unexpected EOF")
        end += 1


def _unquote(text: str) -> str | None:
    for quote in ('"""', '"'):
        if text.startswith(quote):
            closed = len(text) >= 2 * len(quote) and text.endswith(quote)
            return text[len(quote) : -len(quote)] if closed else None
    return text


# --- printing ---------------------------------------------------------------------------------------------------


def quote(text: str) -> str:
    """A value as a Modelfile needs it: quoted only where it would not survive bare, without what no parser keeps.

    NOTE: quotes have no escape. A line that ends in three double ones ends any text of several lines.
    """
    text = _CONTROL.sub("", text)
    if _EARLY_END.search(text):
        text = text.replace('"""', "'''")
    if text and "\n" not in text and text == text.strip() and not text.startswith('"'):
        return text
    return f'"""{text}"""' if '"' in text else f'"{text}"'


def format_modelfile(modelfile: Modelfile, *, name: str = "") -> str:
    """Print a Modelfile that parses to the same values, as far as `quote` can have it so.

    `name` adds the heading of `omm show --modelfile`.
    """
    lines = []
    if name:
        lines += ['# Modelfile generated by "omm show"']
        lines += ["# To build a new Modelfile based on this, replace FROM with:", f"# FROM {name}", ""]
    lines += [f"FROM {modelfile.base}"]
    lines += [f"ADAPTER {path}{_format_scale(path, scale)}" for path, scale in modelfile.adapters]
    lines += [f"DRAFT {path}" for path in modelfile.drafts]
    lines += [f"FROM {path}" for path in modelfile.bases[1:]]
    single = ("template", "system", "renderer", "parser", "requires")
    lines += [_text(field.upper(), value) for field in single if (value := getattr(modelfile, field))]
    for key, value in sorted(modelfile.parameters.items()):
        items = value if isinstance(value, list | tuple) else [value]
        lines += [f"PARAMETER {key} {_format_value(item)}" for item in items]
    lines += [_text("LICENSE", text) for text in modelfile.licenses]
    lines += [_text(f"MESSAGE {role}", text) for role, text in modelfile.messages]
    return "\n".join(lines) + "\n"


def _text(instruction: str, text: str) -> str:
    """An instruction with a text, and a comment where it cannot have the text as it is."""
    line = f"{instruction} {quote(text)}"
    return f"{_CHANGED}\n{line}" if _EARLY_END.search(text) else line


def _format_scale(path: str, scale: float) -> str:
    """The scale, where it is not 1 or where the end of the path would be taken for one."""
    return "" if scale == 1 and _scaled(path, 0) is None else f" {scale}"


def _format_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quote(value) if isinstance(value, str) else str(value)
