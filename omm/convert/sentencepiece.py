"""`tokenizer.model`, the file that SentencePiece writes → its pieces. Bytes in, values out; knows nothing of GGUF.

Source: SentencePiece's `sentencepiece_model.proto`, and protocol buffers' wire format.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator

from omm.errors import InvalidRequest, Unsupported

_PIECES, _TRAINER, _NORMALIZER = 1, 2, 3
_PIECE_TEXT, _PIECE_SCORE, _PIECE_TYPE = 1, 2, 3
_MODEL_TYPE, _BPE = 3, 2
_ADDS_PREFIX = 3
_NORMAL = 1
_FIXED = {1: 8, 5: 4}  # wire types with so many bytes
_VARINT_BYTES = 10
_MAX_PIECES = 1 << 22  # a larger vocabulary no configuration may have


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """One piece; `type` counts as ggml's token types do."""

    text: str
    score: float
    type: int


@dataclasses.dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces, by id, and whether a text is read as if a space came before it."""

    pieces: list[Piece]
    adds_space: bool


def parse(content: bytes) -> Pieces:
    """Read the file.

    Raises:
        InvalidRequest: it is no such file.
        Unsupported: it is of a kind that llama.cpp would apply otherwise.
    """
    pieces, kind, adds_space = [], 1, True
    try:
        for field, value in _fields(content):
            if field == _PIECES and isinstance(value, bytes):
                pieces.append(_piece(dict(_fields(value))))
                if len(pieces) > _MAX_PIECES:
                    raise ValueError("it has too many pieces")
            elif field == _TRAINER and isinstance(value, bytes):
                kind = int(dict(_fields(value)).get(_MODEL_TYPE, kind))
            elif field == _NORMALIZER and isinstance(value, bytes):
                adds_space = bool(dict(_fields(value)).get(_ADDS_PREFIX, adds_space))
    except (ValueError, TypeError, struct.error) as exc:
        raise InvalidRequest(f"tokenizer.model is no file of SentencePiece: {exc}", param="files") from exc
    if not pieces:
        raise InvalidRequest("tokenizer.model is no file of SentencePiece: it has no pieces", param="files")
    if kind != _BPE:
        raise Unsupported("tokenizer.model: only tokenizers of type BPE are supported", param="files")
    return Pieces(pieces, adds_space)


def _piece(fields: dict[int, int | bytes]) -> Piece:
    text, score = fields.get(_PIECE_TEXT, b""), fields.get(_PIECE_SCORE, bytes(4))
    if not isinstance(text, bytes) or not isinstance(score, bytes):
        raise ValueError("a piece has no text")
    return Piece(text.decode(), struct.unpack("<f", score)[0], int(fields.get(_PIECE_TYPE, _NORMAL)))


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Numbers and values of a message's fields, in order."""
    position = 0
    while position < len(content):
        key, position = _varint(content, position)
        wire = key & 7
        if wire == 0:
            number, position = _varint(content, position)
            yield key >> 3, number
            continue
        if wire == 2:
            size, position = _varint(content, position)
        elif wire in _FIXED:
            size = _FIXED[wire]
        else:
            raise ValueError(f"wire type {wire}")
        if size > len(content) - position:
            raise ValueError("it is cut off")
        yield key >> 3, content[position : position + size]
        position += size


def _varint(content: bytes, start: int) -> tuple[int, int]:
    number = 0
    for index, byte in enumerate(content[start : start + _VARINT_BYTES]):
        number |= (byte & 127) << 7 * index
        if byte < 128:
            return number, start + index + 1
    raise ValueError("a number does not end")
