"""GGUF headers: read and check before anything native sees the file. Knows nothing of stores or inference.

A header comes from strangers. Sizes are Python integers, every count is bounded by the bytes that are left, and
long arrays are walked but not kept, so memory stays small whatever the file says.

Source: the GGUF specification and the rules of ggml's own reader, which are repeated here where it is stricter.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import mmap
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from omm.errors import Corrupt
from omm.store.blobs import storage_errors
from omm.store.cursor import MAX_STRING_BYTES, STRING, U32, U64, Broken, Cursor, LongArray
from omm.store.ggml import FILE_TYPES, TENSOR_TYPES
from omm.types import TensorInfo

_MAX_KEYS = 1 << 16
_MAX_TENSORS = 1 << 17
_MAX_KEY_BYTES = 1 << 16
_MAX_NAME_BYTES = 63
_MAX_DIMENSIONS = 4
_MAX_ALIGNMENT = 1 << 20
_MIN_TENSOR_BYTES = 32  # name length, dimensions, one of them, type, offset
_MIN_KEY_BYTES = 13  # key length, value type, one byte
_KINDS = {"adapter.lora.alpha": 6}  # llama.cpp ends the process where it finds another type than float32
_BYTE_TOKEN_TYPE = 6
_BYTE_TOKEN = re.compile(r"<0x[0-9A-Fa-f]{2}>")
_TEMPLATE = "tokenizer.chat_template."
_ARCHITECTURE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclasses.dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor; `offset` counts from the start of the file."""

    name: str
    type: str
    shape: tuple[int, ...]
    offset: int
    num_bytes: int

    @property
    def num_elements(self) -> int:
        """Product of the shape."""
        return math.prod(self.shape)

    @property
    def summary(self) -> TensorInfo:
        """As listings show it."""
        return TensorInfo(name=self.name, type=self.type, shape=self.shape)


@dataclasses.dataclass(frozen=True)
class Header:
    """All of a GGUF file but its weights. `metadata` holds numbers, strings, short tuples and `LongArray`s."""

    path: Path
    version: int
    metadata: dict[str, Any]
    tensors: tuple[Tensor, ...]
    data_offset: int

    @property
    def architecture(self) -> str:
        """`general.architecture`, e.g. `llama`; `clip` for projectors, empty for later parts of a split model."""
        return str(self.metadata.get("general.architecture", ""))

    @property
    def is_adapter(self) -> bool:
        """Whether the file is a LoRA adapter."""
        return self.metadata.get("general.type") == "adapter"

    @property
    def is_projector(self) -> bool:
        """Whether the file turns images or sound into embeddings for a model in another file."""
        return self.architecture == "clip" or self.metadata.get("general.type") == "mmproj"

    @property
    def num_parameters(self) -> int:
        """Elements of all tensors."""
        return sum(tensor.num_elements for tensor in self.tensors)

    @property
    def file_type(self) -> str:
        """Quantisation by name, `Q4_K_M`; where the file does not say, the type of most weights."""
        if (name := FILE_TYPES.get(self.metadata.get("general.file_type", -1))) is not None:
            return name
        weights: dict[str, int] = {}
        for tensor in self.tensors:
            weights[tensor.type] = weights.get(tensor.type, 0) + tensor.num_elements
        return max(weights, key=lambda kind: weights[kind], default="unknown")

    @property
    def context_length(self) -> int:
        """Tokens the model was trained for; 0 when not stated."""
        return self.number("context_length")

    @property
    def embedding_length(self) -> int:
        """Width of the model; 0 when not stated."""
        return self.number("embedding_length")

    @property
    def num_layers(self) -> int:
        """Blocks of the model; 0 when not stated."""
        return self.number("block_count")

    @property
    def kv_elements_per_token(self) -> int:
        """Numbers that the KV cache holds for one token, all layers together (no window or sharing considered)."""
        heads = self._counts("attention.head_count")
        kv_heads = self._counts("attention.head_count_kv") or heads
        num_heads = max(heads, default=0)
        width = self.embedding_length // num_heads if num_heads else 0
        per_head = self.number("attention.key_length", width) + self.number("attention.value_length", width)
        return sum(kv_heads) * (self.num_layers if len(kv_heads) == 1 else 1) * per_head

    def _counts(self, key: str) -> tuple[int, ...]:
        """One count for each layer, or one for all; empty when the key has something else."""
        value = self.get(key)
        counts = value if isinstance(value, tuple) else (value,)
        return counts if all(isinstance(count, int) and count >= 0 for count in counts) else ()

    def get(self, key: str, default: Any = None) -> Any:
        """A key of the model's architecture: `get("block_count")` reads `llama.block_count`."""
        return self.metadata.get(f"{self.architecture}.{key}", default)

    def number(self, key: str, default: int = 0) -> int:
        """An integer key of the architecture; the default also when it is no single integer."""
        value = self.get(key, default)
        return value if isinstance(value, int) else default

    def text(self, key: str) -> str:
        """A string of the metadata; empty when missing or not a string."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    @property
    def chat_templates(self) -> dict[str, str]:
        """The templates beside the usual one, by name: `tool_use`, `rag`."""
        named = {key.removeprefix(_TEMPLATE): self.text(key) for key in self.metadata if key.startswith(_TEMPLATE)}
        return {name: text for name, text in named.items() if name and text}

    def array(self, key: str) -> tuple[Any, ...]:
        """An array of the metadata, read from the file when long; empty when missing."""
        value = self.metadata.get(key, ())
        if not isinstance(value, LongArray):
            return value if isinstance(value, tuple) else ()
        with (
            storage_errors(),
            self.path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
            _as_corrupt(),
        ):
            return Cursor(content, value.offset).items(value.item_type, value.count)


# --- reading ----------------------------------------------------------------------------------------------------


def read_header(path: Path) -> Header:
    """Read a header and check that all it says is possible.

    Raises:
        Corrupt: it is not GGUF, is cut off, or contradicts itself; the message says how.
        StorageFailed: it cannot be read.
    """
    with storage_errors(), path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise Corrupt("supplied file was not in GGUF format")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content, _as_corrupt():
            return _read(path, Cursor(content, 4))


@contextlib.contextmanager
def _as_corrupt() -> Iterator[None]:
    try:
        yield
    except Broken as exc:
        raise Corrupt(f"invalid GGUF file: {exc}") from None


def _read(path: Path, cursor: Cursor) -> Header:
    version = cursor.number(U32)
    if version not in (2, 3):
        big_endian = int.from_bytes(version.to_bytes(4, "little"), "big") in (2, 3)
        raise Broken("big-endian files are not supported" if big_endian else f"unsupported version {version}")
    num_tensors, num_keys = cursor.number(U64), cursor.number(U64)
    _check_count("tensors", num_tensors, _MAX_TENSORS, _MIN_TENSOR_BYTES, cursor)
    _check_count("keys", num_keys, _MAX_KEYS, _MIN_KEY_BYTES, cursor)
    metadata = _read_metadata(cursor, num_keys)
    alignment = _alignment(metadata)
    tensors = [_read_tensor(cursor) for _ in range(num_tensors)]
    data_offset = _padded(cursor.position, alignment)
    placed = tuple(_place(tensors, data_offset, alignment, cursor.end))
    header = Header(path, version, metadata, placed, data_offset)
    for check in _CHECKS:
        check(header, cursor)
    return header


def _check_count(what: str, count: int, limit: int, min_bytes: int, cursor: Cursor) -> None:
    if count > limit or count * min_bytes > cursor.end - cursor.position:
        raise Broken(f"it claims {count} {what}")


def _read_metadata(cursor: Cursor, count: int) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for _ in range(count):
        key = cursor.string(_MAX_KEY_BYTES, "a key")
        if key in metadata:
            raise Broken(f"the key {key!r} is there twice")
        kind = cursor.number(U32)
        if kind != _KINDS.get(key, kind):
            raise Broken(f"{key} has the wrong type")
        metadata[key] = cursor.value(kind)
    return metadata


def _alignment(metadata: dict[str, Any]) -> int:
    alignment = metadata.get("general.alignment", 32)
    if type(alignment) is not int or not 0 < alignment <= _MAX_ALIGNMENT or alignment & (alignment - 1):
        raise Broken(f"general.alignment is {alignment!r}, not a power of two")
    return alignment


def _read_tensor(cursor: Cursor) -> Tensor:
    """One tensor; its offset still counts from the start of the weights."""
    name = cursor.string(_MAX_NAME_BYTES, "a tensor name")
    num_dimensions = cursor.number(U32)
    if not 1 <= num_dimensions <= _MAX_DIMENSIONS:
        raise Broken(f"tensor {name!r} has {num_dimensions} dimensions")
    shape = tuple(cursor.number(U64) for _ in range(num_dimensions))
    type_id, offset = cursor.number(U32), cursor.number(U64)
    if type_id not in TENSOR_TYPES:
        raise Broken(f"tensor {name!r} has the unknown type {type_id}")
    type_name, block_elements, block_bytes = TENSOR_TYPES[type_id]
    num_elements = math.prod(shape)
    if not 0 < num_elements < 1 << 63 or shape[0] % block_elements:
        raise Broken(f"tensor {name!r} has the impossible shape {list(shape)} for {type_name}")
    return Tensor(name, type_name, shape, offset, num_elements // block_elements * block_bytes)


def _place(tensors: list[Tensor], data_offset: int, alignment: int, end: int) -> Iterator[Tensor]:
    """Check that each tensor starts where the one before ends and that the last ends inside the file."""
    expected, seen = 0, set()
    for tensor in tensors:
        if tensor.name in seen:
            raise Broken(f"tensor {tensor.name!r} is there twice")
        if tensor.offset != expected:
            raise Broken(f"tensor {tensor.name!r} is at offset {tensor.offset}, expected {expected}")
        if data_offset + tensor.offset + tensor.num_bytes > end:
            raise Broken(f"tensor {tensor.name!r} reaches past the end of the file; is the download complete?")
        seen.add(tensor.name)
        expected = _padded(tensor.offset + tensor.num_bytes, alignment)
        yield dataclasses.replace(tensor, offset=data_offset + tensor.offset)


def _padded(position: int, alignment: int) -> int:
    return (position + alignment - 1) // alignment * alignment


# --- what the keys say ------------------------------------------------------------------------------------------


def _check_split(header: Header, cursor: Cursor) -> None:
    for key in ("split.count", "split.no"):
        value = header.metadata.get(key, 0)
        if type(value) is not int or not 0 <= value < 1 << 16:
            raise Broken(f"{key} is {value!r}")


def _check_architecture(header: Header, cursor: Cursor) -> None:
    name = header.metadata.get("general.architecture")
    if name is None and header.metadata.get("split.no", 0) and header.metadata.get("split.count", 1) != 1:
        return  # only the first part of a split model says what it is
    if not isinstance(name, str) or not _ARCHITECTURE.fullmatch(name):
        raise Broken("general.architecture is missing or not a name")


def _check_sizes(header: Header, cursor: Cursor) -> None:
    for key in ("block_count", "context_length", "embedding_length"):
        value = header.get(key)
        if value is not None and (type(value) is not int or not 0 < value < 1 << 31):
            raise Broken(f"{header.architecture}.{key} is {value!r}")


def _check_vocabulary(header: Header, cursor: Cursor) -> None:
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if tokens is None:
        return
    count = _length(tokens, "tokens", {STRING}, str)
    for name, kinds, python_type in (("scores", {6}, float), ("token_type", {4, 5}, int)):
        other = header.metadata.get(f"tokenizer.ggml.{name}")
        if other is not None and _length(other, name, kinds, python_type) != count:
            raise Broken(f"tokenizer.ggml.{name} is not as long as the vocabulary")
    if (merges := header.metadata.get("tokenizer.ggml.merges")) is not None:
        _length(merges, "merges", {STRING}, str)
    for token in _byte_tokens(header, cursor):
        if not _BYTE_TOKEN.fullmatch(token):
            raise Broken(f"{token!r} is no byte token")


def _length(array: Any, name: str, kinds: set[int], python_type: type) -> int:
    if isinstance(array, LongArray) and array.item_type in kinds:
        return array.count
    if isinstance(array, tuple) and all(isinstance(item, python_type) for item in array):
        return len(array)
    raise Broken(f"tokenizer.ggml.{name} has the wrong type")


def _byte_tokens(header: Header, cursor: Cursor) -> Iterator[str]:
    """Tokens marked as single bytes. The tokenizer reads their number without checking it."""
    types = header.array("tokenizer.ggml.token_type")
    tokens = header.metadata["tokenizer.ggml.tokens"]
    if _BYTE_TOKEN_TYPE not in types:
        return
    marked = (index for index, kind in enumerate(types) if kind == _BYTE_TOKEN_TYPE)
    if isinstance(tokens, tuple):
        yield from (tokens[index] for index in marked)
        return
    # PERF: a vocabulary of 260,000 tokens has its byte tokens among the first 500; decoding all takes 200 ms.
    walk, position = Cursor(cursor.content, tokens.offset), 0
    for index in marked:
        walk.skip_strings(index - position)
        yield walk.string(MAX_STRING_BYTES, "a string")
        position = index + 1


_CHECKS: tuple[Callable[[Header, Cursor], None], ...] = (
    _check_split,
    _check_architecture,
    _check_sizes,
    _check_vocabulary,
)
