"""Models inside the package: every `omm/embedded/<name>.gguf`, with an optional `<name>.json` of texts beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import msgspec

from omm.errors import NotFound
from omm.names import DEFAULT_TAG, ModelName
from omm.sources.base import Resolved, SourceFile
from omm.store.blobs import CHUNK_BYTES, BlobStore
from omm.types import FoundModel

FOLDER = Path(__file__).parent.parent / "embedded"


class Sidecar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes with an embedded model and is not in its GGUF file."""

    parameters: dict[str, Any] = {}
    system: str | None = None
    license: str | None = None


class Embedded:
    """The models that ship with omm."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def matches(self, name: ModelName) -> bool:
        """Whether a file of that name ships with the package."""
        return name.is_bare and name.key[3] == DEFAULT_TAG and name.key[2] in self.names()

    def names(self) -> dict[str, Path]:
        """The models there are, by lower-case name."""
        return {path.stem.lower(): path for path in self._folder.glob("*.gguf")}

    def search(self, words: str) -> Iterator[FoundModel]:
        """Models whose names have all the words."""
        for name in sorted(self.names()):
            if all(word in f"{name}:{DEFAULT_TAG}" for word in words.lower().split()):
                texts = _texts(self.names()[name])
                yield FoundModel(name=f"{name}:{DEFAULT_TAG}", source="comes with omm", license=_title(texts.license))

    def resolve(self, name: ModelName) -> Resolved:
        """Hash the file and read the texts beside it."""
        path = self.names().get(name.key[2])
        if path is None:
            raise NotFound(f"model '{name.display}' not found", param="model")
        with path.open("rb") as file:
            digest = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        texts = _texts(path)
        return Resolved(
            files=(SourceFile(kind="model", digest=digest, size=path.stat().st_size, location=str(path)),),
            system=texts.system,
            licenses=(texts.license,) if texts.license else (),
            parameters=texts.parameters,
        )

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Generator[int, None, str]:
        """Copy the file into the store."""
        if blobs.is_whole(file.digest, file.size):
            return file.digest
        with Path(file.location).open("rb") as content, blobs.open_writer() as writer:
            while chunk := content.read(CHUNK_BYTES):
                writer.write(chunk)
                yield writer.size
            return writer.commit(file.digest)


def _texts(path: Path) -> Sidecar:
    sidecar = path.with_suffix(".json")
    return msgspec.json.decode(sidecar.read_bytes(), type=Sidecar) if sidecar.is_file() else Sidecar()


def _title(license_: str | None) -> str:
    """The first line of a licence, which is its name."""
    return (license_ or "").partition("\n")[0].strip()
