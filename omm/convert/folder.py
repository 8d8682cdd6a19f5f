"""The files of a checkpoint by name, and JSON among them as typed values. Knows nothing of what they mean.

They come from strangers: each is read up to a limit, and what does not have the expected form is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from omm.errors import NOT_JSON, InvalidRequest, Unsupported

WEIGHTS = ".safetensors"
_JSON_BYTES = 1 << 27  # the largest tokenizer.json are of some 30 MB
_TEXT_BYTES = 1 << 20

T = TypeVar("T")


class Folder:
    """Names of files, each without a path, with where their bytes lie."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {name: Path(path) for name, path in files.items()}

    @property
    def weights(self) -> dict[str, Path]:
        """The files with tensors. Where some are called `model…`, others are the same weights in another form."""
        found = {name: path for name, path in sorted(self._files.items()) if name.endswith(WEIGHTS)}
        return {name: path for name, path in found.items() if name.startswith("model")} or found

    def has(self, name: str) -> bool:
        """Whether the file is there."""
        return name in self._files

    def read(self, name: str, kind: type[T]) -> T:
        """A JSON file as a value of this type.

        Raises:
            InvalidRequest: it is missing, too large, not JSON, or says something impossible.
        """
        if name not in self._files:
            raise InvalidRequest(f"{name} is missing", param="files")
        try:
            return msgspec.json.decode(self._bytes(name, _JSON_BYTES), type=kind)
        except NOT_JSON as exc:
            raise InvalidRequest(f"{name}: {exc}", param="files") from exc

    def read_or(self, name: str, default: T) -> T:
        """The same, with a default for a file that is missing. Raises InvalidRequest."""
        return self.read(name, type(default)) if self.has(name) else default

    def text(self, name: str) -> str:
        """A text file; empty when missing. Raises InvalidRequest."""
        if name not in self._files:
            return ""
        try:
            return self._bytes(name, _TEXT_BYTES).decode()
        except UnicodeDecodeError as exc:
            raise InvalidRequest(f"{name} is not UTF-8 text", param="files") from exc

    def raw(self, name: str) -> bytes:
        """A binary file that is there. Raises Unsupported."""
        return self._bytes(name, _JSON_BYTES)

    def _bytes(self, name: str, limit: int) -> bytes:
        with self._files[name].open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise Unsupported(f"{name} is larger than {limit >> 20} MiB", param="files")
        return content
