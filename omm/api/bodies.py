"""Request bodies: undo compression within a limit, and say which field is wrong. Knows no route."""

from __future__ import annotations

import importlib
import io
import json
import re
import zlib
from typing import Any

import msgspec

from omm.api.errors import InvalidJSON, MissingParameter, UnsupportedEncoding
from omm.errors import NOT_JSON, InvalidRequest, TooLarge

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
MAX_MEMBERS = 64  # gzip may be of several, one behind the other; each costs a copy of the rest
_PLACE = re.compile(r"(.*) - at (`key` in )?`\$(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_INDEX = "[...]"
_HALF = re.compile("[\ud800-\udfff]")  # of a character that UTF-16 has in two

# --- compression ------------------------------------------------------------------------------------------------


def decompress(raw: bytes, encoding: str, max_bytes: int) -> bytes:
    """Undo `Content-Encoding`: gzip, deflate, and zstd where Python or a package can; one of them at most.

    Raises:
        TooLarge: it unpacks to more than `max_bytes`.
        InvalidRequest: it is not what the header says.
        UnsupportedEncoding: another encoding.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return raw
    if name in ("gzip", "x-gzip", "deflate"):
        return _inflate(raw, max_bytes)
    if name == "zstd" and (module := _zstd_module()) is not None:
        return _unpack_zstd(module, raw, max_bytes)
    raise UnsupportedEncoding(f"content encoding {encoding[:40]!r} is not supported")


def _inflate(raw: bytes, max_bytes: int) -> bytes:
    content = b""
    for _ in range(MAX_MEMBERS):
        decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            content += decoder.decompress(raw, max_bytes + 1 - len(content))
        except zlib.error as exc:
            raise InvalidRequest(f"the compressed request body is damaged: {exc}") from exc
        _check_size(len(content), max_bytes)
        if not decoder.eof:
            raise InvalidRequest("the compressed request body is cut short")
        raw = decoder.unused_data
        if not raw:
            return content
    raise InvalidRequest(f"the compressed request body is of more than {MAX_MEMBERS} gzip members")


def _zstd_module() -> Any:
    """Python's own from 3.14 on, or one of the packages with the same function; None without."""
    for name in ("compression.zstd", "backports.zstd", "zstandard"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def _unpack_zstd(module: Any, raw: bytes, max_bytes: int) -> bytes:
    try:
        with module.open(io.BytesIO(raw), "rb") as stream:
            content: bytes = stream.read(max_bytes + 1)
    except Exception as exc:  # NOTE: the packages have errors of their own
        raise InvalidRequest(f"the compressed request body is damaged: {exc}") from exc
    _check_size(len(content), max_bytes)
    return content


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise TooLarge(f"the request body unpacks to more than the limit of {max_bytes} bytes")


# --- texts ------------------------------------------------------------------------------------------------------


def whole_characters(raw: bytes) -> bytes:
    """JSON with U+FFFD for each half of a character; what has none, or is no JSON, as it is.

    WIRE: JavaScript writes halves where a text was cut between them, and who did so to the output of a tool sends it
    again with every turn. Ollama reads them like this, too.
    """
    try:
        text = json.dumps(json.loads(raw.decode()), ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw
    mended, count = _HALF.subn("\ufffd", text)
    return mended.encode() if count else raw


# --- fields -----------------------------------------------------------------------------------------------------


def invalid_field(error: msgspec.ValidationError, raw: bytes, shape: Any) -> InvalidRequest:
    """What is wrong with a body that is JSON but not of the shape; `param` is the JSON path."""
    message, path = str(error), ""
    if match := _PLACE.fullmatch(message):
        message, path = f"a key: {match[1]}" if match[2] else match[1], match[3]
    if _INDEX in path:
        try:
            path = _with_indexes(path, str(error), msgspec.json.decode(raw), shape)
        except NOT_JSON:  # further on, or it is a number that no float can hold
            path = path.partition(_INDEX)[0]
    param = path.removeprefix(".")
    shown = f"{message} - at `$.{param}`" if param else message
    if match := _MISSING.fullmatch(message):
        return MissingParameter(shown, param=".".join(filter(None, (param, match[1]))))
    return (InvalidRequest if param else InvalidJSON)(shown, param=param or None)


def _with_indexes(path: str, message: str, body: Any, shape: Any) -> str:
    """The path with numbers and names where msgspec says `[...]`, found by trying shorter lists.

    NOTE: msgspec tells of the first wrong element, so the shortest beginning of a list that gives the same message
    ends with it. Bisecting keeps this cheap for a body as long as the limit.
    """
    root = [body]

    def complains() -> bool:
        try:
            msgspec.convert(root[0], shape)
        except msgspec.ValidationError as exc:
            return str(exc) == message
        return False

    first, *rest = path.split(_INDEX)
    holder: Any = root
    key: Any = 0
    found = first
    for before, after in zip([first, *rest], rest, strict=False):
        for name in filter(None, before.split(".")):
            holder, key = holder[key], name
        elements = list(holder[key].items()) if isinstance(holder[key], dict) else list(holder[key])
        make = dict if isinstance(holder[key], dict) else list
        low, high = 0, len(elements) - 1
        while low < high:
            middle = (low + high) // 2
            holder[key] = make(elements[: middle + 1])
            low, high = (low, middle) if complains() else (middle + 1, high)
        holder[key] = make(elements[: low + 1])
        holder, key = holder[key], elements[low][0] if make is dict else low
        found += (f".{key}" if make is dict else f"[{key}]") + after
    return found
