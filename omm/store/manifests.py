"""Manifests: which blobs make up a model. In Ollama's layout: `manifests/<host>/<namespace>/<model>/<tag>`.

A manifest's bytes are kept as they are, because their sha256 is the model's digest. Names ignore case: a lookup finds
whatever spelling is on disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from omm.errors import NOT_JSON, Corrupt, InvalidRequest, NotFound
from omm.names import ModelName
from omm.store.blobs import storage_errors

MAX_BYTES = 1 << 20
MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG_TYPE = "application/vnd.docker.container.image.v1+json"
LAYER_PREFIX = "application/vnd.ollama.image."

_PRINTABLE_DIGEST = re.compile(r"sha256[:-][0-9a-fA-F]{64}")


class Layer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"media_type": "mediaType"}):
    """A blob and what it is for."""

    media_type: str
    digest: str
    size: int
    base: str = msgspec.field(default="", name="from")
    name: str = ""
    annotations: dict[str, Any] | None = None

    @property
    def kind(self) -> str:
        """The media type without Ollama's prefix: `model`, `projector`, `params`, …"""
        return self.media_type.removeprefix(LAYER_PREFIX)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A decoded manifest. Fields we do not know are ignored."""

    config: Layer
    layers: tuple[Layer, ...] | None = ()
    schema_version: int = msgspec.field(default=2, name="schemaVersion")
    media_type: str = msgspec.field(default=MEDIA_TYPE, name="mediaType")

    @property
    def blobs(self) -> tuple[Layer, ...]:
        """Config and layers."""
        return (self.config, *(self.layers or ()))

    @property
    def size(self) -> int:
        """Bytes of all blobs."""
        return sum(blob.size for blob in self.blobs)

    def of_kind(self, kind: str) -> list[Layer]:
        """Layers of one kind, in order."""
        return [layer for layer in self.layers or () if layer.kind == kind]


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest as it lies on disk."""

    name: ModelName
    manifest: Manifest
    digest: str
    modified_ns: int


def decode(content: bytes) -> Manifest:
    """Read and check manifest JSON.

    Raises:
        Corrupt: too long, not JSON, not a manifest, or with something that is no sha256 digest.
    """
    if len(content) > MAX_BYTES:
        raise Corrupt("invalid manifest: larger than 1 MiB")
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except NOT_JSON as exc:
        raise Corrupt(f"invalid manifest: {exc}") from exc
    for blob in manifest.blobs:
        if not _PRINTABLE_DIGEST.fullmatch(blob.digest) or not 0 <= blob.size < 1 << 63:
            raise Corrupt(f"invalid manifest: bad digest or size in layer {blob.media_type!r}")
    return manifest


def encode(manifest: Manifest) -> bytes:
    """Print a manifest made here; it ends with a newline as Ollama's own do."""
    head = {"schemaVersion": manifest.schema_version, "mediaType": manifest.media_type}
    return msgspec.json.encode({**head, "config": manifest.config, "layers": manifest.layers or ()}) + b"\n"


class ManifestStore:
    """The manifests of one models directory."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "manifests"

    def read(self, name: ModelName) -> Stored:
        """Find a model whatever its spelling. Raises NotFound, Corrupt, StorageFailed."""
        found = self.spelled(name)
        path = self._path(found)
        with storage_errors(), _missing(name), path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
            modified_ns = os.fstat(file.fileno()).st_mtime_ns
        try:
            manifest = decode(content)
        except Corrupt as exc:
            raise Corrupt(f"model '{found.display}' has an {exc.message}; pull or create it again") from exc
        digest = hashlib.sha256(content).hexdigest()
        return Stored(name=found, manifest=manifest, digest=digest, modified_ns=modified_ns)

    def has(self, name: ModelName) -> bool:
        """Whether the model exists."""
        return self._path(self.spelled(name)).is_file()

    def read_bytes(self, name: ModelName) -> bytes:
        """A manifest's exact bytes. Raises NotFound."""
        with storage_errors(), _missing(name):
            return self._path(self.spelled(name)).read_bytes()

    def write(self, name: ModelName, content: bytes) -> ModelName:
        """Write a manifest atomically; returns the name as it is spelled on disk."""
        found = self.spelled(name)
        path = self._path(found)
        with storage_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = self._folder / f".incoming-{secrets.token_hex(8)}"
            try:
                with aside.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(aside, path)
            finally:
                aside.unlink(missing_ok=True)
        return found

    def delete(self, name: ModelName) -> None:
        """Remove a manifest and the folders it leaves empty. Raises NotFound."""
        path = self._path(self.spelled(name))
        with storage_errors():
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as exc:
                if path.is_file():
                    raise
                raise NotFound(f"model '{name.display}' not found", param="model") from exc
            _remove_empty(path.parent, self._folder)

    def names(self) -> Iterator[ModelName]:
        """All models, in no order. Files whose path is no model name are passed over."""
        for path in _paths(self._folder, depth=4):
            host, namespace, model, tag = path.relative_to(self._folder).parts
            try:
                name = ModelName.parse(f"{host}/{namespace}/{model}:{tag}")
            except InvalidRequest:
                continue
            if path.is_file():
                yield name

    def spelled(self, name: ModelName) -> ModelName:
        """The name with each part as it is on disk, where it is there in another case."""
        if self._path(name).is_file():
            return name
        folder, parts = self._folder, list(name.parts)
        for index, part in enumerate(parts):
            parts[index] = _entry(folder, part)
            folder = folder / parts[index]
        host, namespace, model, tag = parts
        return ModelName(host, namespace, model, tag, name.scheme)

    def _path(self, name: ModelName) -> Path:
        return self._folder.joinpath(*name.parts)


@contextlib.contextmanager
def _missing(name: ModelName) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as exc:
        raise NotFound(f"model '{name.display}' not found", param="model") from exc


def _paths(folder: Path, depth: int) -> Iterator[Path]:
    """What lies so many levels down. Folders may vanish meanwhile, as when the last model in one is deleted."""
    if depth == 0:
        yield folder
        return
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        for entry in sorted(os.listdir(folder)):
            yield from _paths(folder / entry, depth - 1)


def _entry(folder: Path, part: str) -> str:
    try:
        entries = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return part
    same = [entry for entry in entries if entry.lower() == part.lower()]
    return part if part in same or not same else min(same)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top:
        try:
            folder.rmdir()
        except OSError:  # not empty, or gone already
            return
        folder = folder.parent
