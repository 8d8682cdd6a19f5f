"""What a message may consist of → text and pictures. Knows the wire, not the engine.

Source: OpenAI API reference, chat completions, content parts.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import msgspec

from omm.api import images
from omm.errors import InvalidRequest, Unsupported
from omm.types import Value

# --- shapes -----------------------------------------------------------------------------------------------------


class ImageURL(msgspec.Struct, kw_only=True):
    """Where a picture is: a data URL or a web address. `detail` is ignored."""

    url: str
    detail: str | None = None


class AudioData(msgspec.Struct, kw_only=True):
    """Sound as base64."""

    data: str
    format: str | None = None


class FileData(msgspec.Struct, kw_only=True):
    """A file as base64 or data URL."""

    file_data: str | None = None
    file_id: str | None = None
    filename: str | None = None


class TextPart(msgspec.Struct, kw_only=True, tag_field="type", tag="text"):
    """Text."""

    text: str


class RefusalPart(msgspec.Struct, kw_only=True, tag_field="type", tag="refusal"):
    """What an assistant said instead of an answer."""

    refusal: str


class ImagePart(msgspec.Struct, kw_only=True, tag_field="type", tag="image_url"):
    """A picture."""

    image_url: ImageURL | str


class AudioPart(msgspec.Struct, kw_only=True, tag_field="type", tag="input_audio"):
    """Sound."""

    input_audio: AudioData


class FilePart(msgspec.Struct, kw_only=True, tag_field="type", tag="file"):
    """A file."""

    file: FileData


Part = TextPart | RefusalPart | ImagePart | AudioPart | FilePart
ContentBody = str | list[Part] | None


# --- reading ----------------------------------------------------------------------------------------------------


class Model(Value):
    """What reading a request needs to know of its model: the name that the client sent, and what it can do."""

    name: str
    abilities: frozenset[str]


class Content(Value):
    """The text of a message, its parts joined without separator, and its pictures as encoded bytes."""

    text: str = ""
    images: tuple[bytes, ...] = ()


def read(content: ContentBody, model: Model, path: str) -> Content:
    """All parts of one message. `path` is the JSON path for errors, as in `messages[0].content`.

    Raises:
        InvalidRequest: a part that is wrong in itself.
        Unsupported: a part that the model cannot take.
    """
    if content is None or isinstance(content, str):
        return Content(text=content or "")
    return join([_read_part(part, model, f"{path}[{index}]") for index, part in enumerate(content)])


def read_text(content: ContentBody, path: str) -> str:
    """The text of a message that may have nothing else. Raises InvalidRequest."""
    for index, part in enumerate(content if isinstance(content, list) else ()):
        if not isinstance(part, TextPart | RefusalPart):
            raise InvalidRequest("only user messages can have parts that are not text", param=f"{path}[{index}].type")
    return read(content, Model(name="", abilities=frozenset()), path).text


def join(pieces: Sequence[Content]) -> Content:
    """Several as one."""
    texts = "".join(piece.text for piece in pieces)
    return Content(text=texts, images=tuple(image for piece in pieces for image in piece.images))


def _read_part(part: Part, model: Model, path: str) -> Content:
    match part:
        case TextPart():
            return Content(text=part.text)
        case RefusalPart():
            return Content(text=part.refusal)
        case ImagePart():
            url = part.image_url if isinstance(part.image_url, str) else part.image_url.url
            return image(url, model, f"{path}.image_url")
        case AudioPart():
            return audio(model, f"{path}.input_audio")
        case FilePart():
            return file(part.file.file_data, part.file.file_id, f"{path}.file")


def image(url: str, model: Model, path: str) -> Content:
    """A picture at a data URL or web address, which is fetched only for a model that can see."""
    if "vision" not in model.abilities:
        raise Unsupported(f'"{model.name}" does not support images', param=path)
    return Content(images=(images.from_url(url, path),))


def audio(model: Model, path: str) -> Content:
    """Sound, which no model takes yet."""
    raise Unsupported(f'"{model.name}" does not support audio', param=path)


def file(content: str | None, file_id: str | None, path: str) -> Content:
    """A text file, as base64 or data URL, becomes text. Raises InvalidRequest for others."""
    if file_id or not content:
        wrong = "there are no stored files; send the content as file_data" if file_id else "file_data is required"
        raise InvalidRequest(wrong, param=f"{path}.{'file_id' if file_id else 'file_data'}")
    text = _file_text(content)
    if text is None:
        raise InvalidRequest("only text files can be read", param=f"{path}.file_data")
    return Content(text=text)


def _file_text(content: str) -> str | None:
    """The text of a file; None for one that is not base64 of UTF-8 without NULs, as PDF is not."""
    encoded = content.partition(",")[2] if content.startswith("data:") else content
    try:
        raw = base64.b64decode(encoded, validate=True)
        text = raw.decode()
    except (binascii.Error, ValueError):
        return None
    return None if raw.startswith(b"%PDF-") or "\0" in text else text
