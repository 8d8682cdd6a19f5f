"""Safetensors files: what is in them, and the bytes of one tensor at a time. Knows nothing of models.

A file comes from strangers: its header says where tensors lie, and is believed only when they fill the rest of the file
exactly, one after the other.

Source: the safetensors format (eight bytes of length, a JSON header, data).
"""

from __future__ import annotations

import dataclasses
import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt

from omm.convert.folder import Folder
from omm.errors import NOT_JSON, InvalidRequest, Unsupported

TYPES: dict[str, Any] = {"F32": np.float32, "F16": np.float16, "BF16": np.uint16}

_LENGTH = struct.Struct("<Q")
_HEADER_BYTES = 100_000_000  # the limit of the safetensors library
_MAX_TENSORS = 1 << 16
_ITEM_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4}
_ITEM_BYTES |= {"U16": 2, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1, "C64": 8}
_Size = Annotated[int, msgspec.Meta(ge=0, lt=1 << 48)]


class _Entry(msgspec.Struct, frozen=True):
    dtype: str
    shape: Annotated[tuple[_Size, ...], msgspec.Meta(max_length=8)]
    data_offsets: tuple[_Size, _Size]


class _Index(msgspec.Struct, frozen=True):
    """The list of shards."""

    weight_map: dict[str, str] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor in a file; `shape` as PyTorch has it, `offset` from the start of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    path: Path
    offset: int

    def load(self) -> npt.NDArray[Any]:
        """Its values, mapped from the file: float32, float16, or the bits of bfloat16 as uint16. Of `TYPES` only."""
        return np.memmap(self.path, np.dtype(TYPES[self.dtype]).newbyteorder("<"), "r", self.offset, self.shape)


def read(folder: Folder) -> dict[str, Tensor]:
    """The tensors of all files, by name.

    Raises:
        InvalidRequest: a file is missing or broken, or two have the same tensor.
    """
    _check_shards(folder)
    tensors: dict[str, Tensor] = {}
    for name, path in folder.weights.items():
        for tensor in _tensors(name, path):
            if tensor.name in tensors:
                raise InvalidRequest(f"{name}: the tensor {tensor.name} is in another file too", param="files")
            tensors[tensor.name] = tensor
    return tensors


def _check_shards(folder: Folder) -> None:
    shards = set(folder.read_or("model.safetensors.index.json", _Index()).weight_map.values())
    if missing := sorted(shards - set(folder.weights)):
        raise InvalidRequest(f"{missing[0]} is missing, one of {len(shards)} files", param="files")


def _tensors(name: str, path: Path) -> Iterator[Tensor]:
    """The tensors of one file, in the order of their bytes."""
    start, entries = _header(name, path)
    expected = 0
    for key, entry in sorted(entries.items(), key=lambda item: item[1].data_offsets):
        begin, end = entry.data_offsets
        if entry.dtype not in _ITEM_BYTES:
            raise Unsupported(f"{name}: the tensor {key} has the unknown type {entry.dtype}", param="files")
        if begin != expected or end - begin != math.prod(entry.shape) * _ITEM_BYTES[entry.dtype]:
            raise _broken(name, f"the tensor {key} does not lie where its size says")
        expected = end
        yield Tensor(key, entry.dtype, entry.shape, path, start + begin)
    if start + expected != path.stat().st_size:
        raise _broken(name, "its tensors do not fill it; is the download complete?")


def _header(name: str, path: Path) -> tuple[int, dict[str, _Entry]]:
    """Where the data begins, and what the header lists."""
    with path.open("rb") as file:
        prefix = file.read(_LENGTH.size)
        size = _LENGTH.unpack(prefix)[0] if len(prefix) == _LENGTH.size else _HEADER_BYTES + 1
        if size > min(_HEADER_BYTES, path.stat().st_size - _LENGTH.size):
            raise _broken(name, "its header is longer than the file, or than any header")
        content = file.read(size)
    try:
        items = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        items.pop("__metadata__", None)
        if len(items) > _MAX_TENSORS:
            raise _broken(name, f"it claims {len(items)} tensors")
        return _LENGTH.size + size, {key: msgspec.json.decode(raw, type=_Entry) for key, raw in items.items()}
    except NOT_JSON as exc:
        raise _broken(name, str(exc)) from exc


def _broken(name: str, why: str) -> InvalidRequest:
    return InvalidRequest(f"{name} is no sound safetensors file: {why}", param="files")
