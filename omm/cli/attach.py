"""Files that go with a prompt: texts in front of it, images and sound beside it.

Source: how `ollama run` takes multimodal files.
"""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

from omm.cli import output
from omm.cli.files import read_bytes
from omm.errors import InvalidRequest

SIZE_MAX = 100 * 1024 * 1024
SUFFIXES = "jpg|jpeg|png|webp|wav"
# WIRE: what Ollama takes for a file in a prompt; a path begins with /, ./, \ or a drive.
NAMED = rf"""(?i)'?((?:[a-zA-Z]:)?(?:\./|/|\\)[\S\\ ]+?\.(?:{SUFFIXES}))\b'?"""  # PERF: compiled when it is used
ESCAPED = r"\\([ ()\[\]{}$&;'\\*?~])"
BACKTICKS = "`+"


@dataclasses.dataclass(frozen=True)
class Attached:
    """One file: `text`, or `media` in base64."""

    name: str
    text: str = ""
    media: str = ""


@dataclasses.dataclass(frozen=True)
class Message:
    """A prompt with what goes beside it; false when there is nothing."""

    text: str
    media: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.media)


def message(attached: Sequence[Attached], prompt: str, *, has_media: bool) -> Message:
    """Put files and a prompt together, with the media files that it names if the model takes such.

    Raises:
        InvalidRequest: a file that is named is neither image nor sound.
    """
    named: list[Attached] = []
    if has_media:
        prompt, named = named_in(prompt)
        for file in named:
            output.note(f"Added {'audio' if file.name.lower().endswith('.wav') else 'image'} '{file.name}'")
    media = tuple(file.media for file in (*attached, *named) if file.media)
    return Message(with_texts(attached, prompt), media or None)


def text_file(name: str) -> Attached:
    """Read a text. Raises InvalidRequest for what is none."""
    return _text(name, _read(name))


def _text(name: str, content: bytes) -> Attached:
    try:
        return Attached(name, text=content.decode())
    except UnicodeDecodeError as exc:
        raise InvalidRequest(f"{name} is not a text in UTF-8", param="file") from exc


def media_file(name: str) -> Attached:
    """Read an image or a sound. Raises InvalidRequest for what is none."""
    return _media(name, _read(name))


def _media(name: str, content: bytes) -> Attached:
    if not is_media(content):
        raise InvalidRequest(f"{name} is no JPEG, PNG or WebP image, and no WAV sound", param="image")
    return Attached(name, media=base64.b64encode(content).decode())


def any_file(name: str) -> Attached:
    """Read an image or a sound by its first bytes, else a text; `-` is the standard input."""
    content = _read(name)
    return _media(name, content) if is_media(content) else _text(name, content)


def is_media(content: bytes) -> bool:
    """Whether a file begins as a JPEG, PNG, WebP or WAV does."""
    if content.startswith(b"RIFF"):
        return content[8:12] in {b"WEBP", b"WAVE"}
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _read(name: str) -> bytes:
    try:
        content = read_bytes(name, SIZE_MAX + 1)
    except OSError as exc:
        raise InvalidRequest(f"{name}: {exc.strerror or exc}", param="file") from exc
    if len(content) > SIZE_MAX:
        raise InvalidRequest(f"{name}: file size exceeds maximum limit (100MB)", param="file")
    return content


def named_in(prompt: str) -> tuple[str, list[Attached]]:
    """Take the media files that a prompt names out of it; what is no file stays in the text.

    Raises:
        InvalidRequest: a file is there, but it is neither image nor sound.
    """
    found: list[Attached] = []

    def take(match: re.Match[str]) -> str:
        name = unescaped(match[1])
        if not Path(name).is_file():
            return match[0]
        found.append(media_file(name))
        return ""

    text = re.sub(NAMED, take, prompt)
    return (text.strip() if found else prompt), found


def names_media(text: str) -> bool:
    """Whether a text begins with the path of an image or a sound that exists."""
    match = re.match(NAMED, text)
    return match is not None and Path(unescaped(match[1])).is_file()


def unescaped(name: str) -> str:
    """A name as a shell or a terminal writes it, without its quotes and backslashes."""
    return re.sub(ESCAPED, r"\1", name.strip("'"))


def with_texts(attached: Sequence[Attached], prompt: str) -> str:
    """The texts, each in a fence under its name, and then the prompt."""
    return "\n\n".join([*(_fenced(file) for file in attached if file.text), *([prompt] if prompt else [])])


def _fenced(file: Attached) -> str:
    # A fence of the text's own must not close ours.
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(BACKTICKS, file.text)), 3)
    name = "standard input" if file.name == "-" else file.name
    return f"{name}:\n{fence}\n{file.text.removesuffix(chr(10))}\n{fence}"
