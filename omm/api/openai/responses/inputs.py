"""A request's `input` → typed items, put into one form in which they are read, listed and kept. Knows no model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from omm.api.bodies import invalid_field
from omm.api.errors import MissingParameter, UnsupportedParameter
from omm.api.openai.parts import ImageURL
from omm.api.openai.render import new_id
from omm.api.openai.responses.items import (
    ID_PREFIXES,
    ITEMS,
    PART_KINDS,
    REFUSED_KINDS,
    SKIPPED_KINDS,
    SKIPPED_PREFIXES,
    FunctionOutputItem,
    InputImage,
    InputText,
    Item,
    MessageItem,
    OutputText,
    Part,
    PlainText,
    ReasoningItem,
    ReferenceItem,
)
from omm.errors import InvalidRequest

_PATH = " - at `$"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a conversation: as it is listed and kept, and typed unless it says nothing to a model.

    `path` is where it stands in the request, for errors; `is_new` when no earlier response has it.
    """

    raw: dict[str, Any]
    item: Item | None
    path: str
    is_new: bool = True


def read(value: str | list[dict[str, Any]] | None) -> list[Entry]:
    """The items of `input`; a text is one message of the user. Raises InvalidRequest."""
    if not value:
        return []
    given = [{"role": "user", "content": value}] if isinstance(value, str) else value
    return [read_item(raw, f"input[{index}]") for index, raw in enumerate(given)]


def read_item(raw: dict[str, Any], path: str, *, is_new: bool = True) -> Entry:
    """One item. Raises InvalidRequest."""
    kind = raw.get("type") or ("message" if "role" in raw else None)
    if not isinstance(kind, str):
        raise MissingParameter(f"{path} needs a type or a role", param=f"{path}.type")
    if kind in ITEMS:
        item = _normal(convert({**raw, "type": kind}, ITEMS[kind], path), path)
        return Entry(msgspec.to_builtins(item), item, path, is_new)
    if kind in SKIPPED_KINDS or kind.startswith(SKIPPED_PREFIXES):
        given = raw.get("id")
        item_id = given if given and isinstance(given, str) else new_id("item_")
        return Entry({**raw, "id": item_id}, None, path, is_new)
    if kind in REFUSED_KINDS:
        raise UnsupportedParameter(f"{path}: items of type {kind!r} are not supported", param=f"{path}.type")
    raise InvalidRequest(f"{path} has the unknown type {kind[:64]!r}", param=f"{path}.type")


def convert(raw: Any, shape: Any, path: str) -> Any:
    """Type a part of a body. Raises InvalidRequest, its JSON path beginning with `path`."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as exc:
        error = invalid_field(exc, msgspec.json.encode(raw), shape)
        param = f"{path}.{error.param}" if error.param else path
        kind = MissingParameter if isinstance(error, MissingParameter) else InvalidRequest
        raise kind(f"{error.message.partition(_PATH)[0]}{_PATH}.{param}`", param=param) from exc


# --- one form ---------------------------------------------------------------------------------------------------


def _normal(item: Item, path: str) -> Item:
    """The item with an id, done, and with parts where a text is short for them."""
    if isinstance(item, ReferenceItem):
        if not item.id:
            raise MissingParameter(f"{path} needs an id", param=f"{path}.id")
        return item
    prefix = ID_PREFIXES.get(type(item), "item_")
    changes: dict[str, Any] = {"id": item.id or new_id(prefix), "status": "completed"}
    match item:
        case MessageItem(role="assistant"):
            changes["content"] = [_assistant_part(part) for part in _parts(item.content)]
        case MessageItem():
            changes["content"] = [_user_part(part) for part in _parts(item.content)]
        case FunctionOutputItem():
            changes["output"] = _output(item.output, f"{path}.output")
        case ReasoningItem():
            changes["summary"] = item.summary or []
    return msgspec.structs.replace(item, **changes)


def _parts(content: str | list[Part]) -> list[Part]:
    return [InputText(text=content)] if isinstance(content, str) else content


def _assistant_part(part: Part) -> Part:
    match part:
        case InputText() | PlainText():
            return OutputText(text=part.text)
        case OutputText():
            return OutputText(text=part.text, annotations=part.annotations or [], logprobs=part.logprobs or [])
    return part


def _user_part(part: Part) -> Part:
    match part:
        case PlainText() | OutputText():
            return InputText(text=part.text)
        case InputImage():
            url = part.image_url.url if isinstance(part.image_url, ImageURL) else part.image_url
            return InputImage(image_url=url, file_id=part.file_id, detail=part.detail or "auto")
    return part


def _output(value: Any, path: str) -> str | list[Part]:
    """What a tool answered: text, parts, or the compact JSON of anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, dict) and part.get("type") in PART_KINDS for part in value):
        return [_user_part(part) for part in convert(value, list[Part], path)]
    return msgspec.json.encode(value).decode()
