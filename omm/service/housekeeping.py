"""Keeping the store in order: prune what nothing uses, verify what is there, carry models in and out as one file."""

from __future__ import annotations

import contextlib
import hashlib
import tarfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from omm.errors import Corrupt, InvalidRequest, NotFound, OmmError
from omm.names import ModelName
from omm.service import creation
from omm.store import manifests, partials
from omm.store.blobs import CHUNK_BYTES, normalise, storage_errors
from omm.store.manifests import Stored
from omm.store.models import ModelStore
from omm.types import Progress
from omm.units import format_bytes

GRACE_S = 3600.0  # how long an uploaded blob waits for the create that will use it
GGUF_KINDS = frozenset({"model", "projector", "adapter", "draft"})

_PROGRESS_INTERVAL_S = 0.06
_FOREIGN_PARTIALS = "sha256-*-partial*"  # Ollama's
_BLOCK = tarfile.BLOCKSIZE


# --- prune --------------------------------------------------------------------------------------------------------


def prune_at_start(store: ModelStore) -> None:
    """Remove blobs that no model uses, unless a manifest cannot be read or Ollama downloads into the directory."""
    if any(_age_s(path) < GRACE_S for path in store.blobs.folder.glob(_FOREIGN_PARTIALS)):
        return
    with contextlib.suppress(OmmError):
        for _ in _prune_blobs(store, is_dry=False):
            pass


def prune(store: ModelStore, partial_age_s: float, *, is_dry: bool = False) -> Iterator[Progress]:
    """Remove what nothing uses, saying what goes, what stays, and why; the last step but one sums up.

    Unfinished downloads go when nobody continued them for `partial_age_s`.

    Raises:
        Corrupt: a manifest cannot be read, so that nobody knows what is in use.
    """
    freed = 0
    for step in (*_prune_blobs(store, is_dry=is_dry), *_prune_partials(store, partial_age_s, is_dry=is_dry)):
        freed += step.completed or 0
        yield step
    yield Progress(status=f"{'would free' if is_dry else 'freed'} {format_bytes(freed)}", completed=freed)
    yield Progress(status="success")


def _prune_blobs(store: ModelStore, *, is_dry: bool) -> Iterator[Progress]:
    with store.changing():
        named, pinned = store.named(), store.pinned()
    for path in sorted(store.blobs.folder.glob("sha256-*")):
        digest = _digest_of(path)
        if digest is None or digest in named:
            continue
        what = f"{path.name[7:19]} ({format_bytes(_size(path))})"
        if reason := _reason_to_keep(path, digest, pinned):
            yield Progress(status=f"keeping {what}: {reason}", digest=digest)
            continue
        yield Progress(status=f"{_word(is_dry)} {what}: no model uses it", digest=digest, completed=_size(path))
        if not is_dry:
            store.sweep([digest])  # which looks again: a model may use it by now


def _reason_to_keep(path: Path, digest: str, pinned: set[str]) -> str:
    if digest in pinned:
        return "a pull or create that runs now needs it"
    return "it is new, a create may be about to use it" if _age_s(path) < GRACE_S else ""


def _prune_partials(store: ModelStore, age_s: float, *, is_dry: bool) -> Iterator[Progress]:
    for path in sorted(store.blobs.folder.glob(".partial-sha256-*")):
        if path.suffix:
            continue  # the journal of another
        what, days = f"unfinished download {path.name[16:28]}", _age_s(path) / 86400
        if days * 86400 < age_s:
            yield Progress(status=f"keeping {what}: a pull can go on with it for {(age_s / 86400 - days):.0f} days")
        else:
            yield Progress(status=f"{_word(is_dry)} {what}: {days:.0f} days old", completed=_allocated(path))
    if not is_dry:
        store.blobs.remove_abandoned()
        partials.remove_old(store.blobs, age_s)


def _word(is_dry: bool) -> str:
    return "would remove" if is_dry else "removing"


def _digest_of(path: Path) -> str | None:
    try:
        return normalise(path.name)
    except InvalidRequest:  # not ours
        return None


def _age_s(path: Path) -> float:
    """Seconds since the file was written; 0 when it has gone meanwhile."""
    try:
        return time.time() - path.lstat().st_mtime
    except FileNotFoundError:
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _allocated(path: Path) -> int:
    """Bytes that a file with holes takes on the disk."""
    try:
        return path.stat().st_blocks * 512
    except FileNotFoundError:
        return 0


# --- verify -------------------------------------------------------------------------------------------------------


Repair = Callable[[str, list[Stored]], Iterator[Progress]]


def verify(store: ModelStore, name: ModelName | None, repair: Repair | None = None) -> Iterator[Progress]:
    """Hash the blobs of one model, or of all, and tell which are damaged and whose they are.

    `repair` brings a blob of some models again and raises an OmmError where it cannot.

    Raises:
        Corrupt: at the end, when anything is damaged and stays so.
        NotFound: there is no such model.
    """
    models = [store.manifests.read(name)] if name else list(store.stored())
    layers = {normalise(layer.digest): layer for model in models for layer in model.manifest.blobs}
    broken: set[str] = set()
    for digest, layer in sorted(layers.items()):
        problem = yield from _rehash(store, digest, layer.size)
        if not problem:
            continue
        users = sorted((model for model in models if digest in _digests(model)), key=lambda model: model.name.display)
        shown = [model.name.display for model in users]
        yield Progress(status=f"{digest} {problem}; it is part of {', '.join(shown)}", digest=digest)
        if not (repair and (yield from _repaired(digest, repair(digest, users)))):
            broken.update(shown)
    if broken:
        advice = "remove and pull or create again" if repair else "omm verify --repair fetches what can be had again"
        raise Corrupt(f"damaged: {', '.join(sorted(broken))}; {advice}")
    counted = f"{_count(len(models), 'model')} with {_count(len(layers), 'blob')}"
    yield Progress(status=f"{counted} {'is as it' if len(models) == 1 else 'are as they'} should be")
    yield Progress(status="success")


def _repaired(digest: str, steps: Iterator[Progress]) -> Generator[Progress, None, bool]:
    try:
        yield from steps
    except OmmError as exc:
        yield Progress(status=f"{digest} cannot be fetched again: {exc.message}", digest=digest)
        return False
    yield Progress(status=f"{digest} is whole again", digest=digest)
    return True


def _digests(model: Stored) -> set[str]:
    return {normalise(layer.digest) for layer in model.manifest.blobs}


def _rehash(store: ModelStore, digest: str, size: int) -> Generator[Progress, None, str]:
    """Read one blob; returns what is wrong with it."""
    sha256, done, told_s = hashlib.sha256(), 0, 0.0
    status = f"verifying {digest[7:19]}"
    try:
        with store.blobs.path_for(digest).open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                sha256.update(chunk)
                done += len(chunk)
                if (now_s := time.monotonic()) - told_s >= _PROGRESS_INTERVAL_S:
                    told_s = now_s
                    yield Progress(status=status, digest=digest, total=size, completed=min(done, size))
    except FileNotFoundError:
        return "is missing"
    except OSError as exc:
        return f"cannot be read ({exc.strerror})"
    yield Progress(status=status, digest=digest, total=size, completed=min(done, size))
    if f"sha256:{sha256.hexdigest()}" != digest:
        return "is damaged"
    return "" if done == size else f"has {done} bytes and should have {size}"


# --- export and import --------------------------------------------------------------------------------------------


class Archive:
    """A model as a tar: its manifest, then its blobs, under the names they have in a store. Iterate it once; close it.

    The same model gives the same bytes. `size` is their number.
    """

    def __init__(self, store: ModelStore, name: ModelName) -> None:
        with contextlib.ExitStack() as undo:
            with store.changing():
                stored, content = store.manifests.read(name), store.manifests.read_bytes(name)
                pins = undo.enter_context(store.pins())
                pins.add(layer.digest for layer in stored.manifest.blobs)
            self._content = content
            self._head = _header(f"manifests/{stored.name.path}", len(content))
            self._files = list(_files(store, stored))
            self._undo = undo.pop_all()
        heads = [self._head, *(head for head, _, _ in self._files)]
        sizes = [len(content), *(size for _, _, size in self._files)]
        self.size = sum(map(len, heads)) + sum(map(_padded, sizes)) + 2 * _BLOCK

    def __iter__(self) -> Iterator[bytes]:
        yield self._head + self._content + _padding(len(self._content))
        for head, path, size in self._files:
            yield head
            with storage_errors(), path.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk
            yield _padding(size)
        yield bytes(2 * _BLOCK)

    def close(self) -> None:
        """Let go of the blobs."""
        self._undo.close()


def _files(store: ModelStore, stored: Stored) -> Iterator[tuple[bytes, Path, int]]:
    """Header, path and size of each blob. Raises Corrupt when one is not what the manifest says."""
    for digest, layer in {normalise(layer.digest): layer for layer in stored.manifest.blobs}.items():
        path = store.blobs.path_for(digest)
        if not store.blobs.has(digest) or store.blobs.size(digest) != layer.size:
            raise Corrupt(f"model '{stored.name.display}' is incomplete: {digest} is missing or damaged")
        yield _header(f"blobs/{path.name}", layer.size), path, layer.size


def _header(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(_padded(size) - size)


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def adopt(store: ModelStore, name: ModelName, content: bytes) -> None:
    """Make a manifest a model of this store, byte for byte. Its blobs must be here.

    Raises:
        InvalidRequest: it is no manifest, or a blob is missing or broken.
    """
    try:
        manifest = manifests.decode(content)
    except Corrupt as exc:
        raise InvalidRequest(exc.message, param="manifest") from exc
    num_parts = len(manifest.of_kind("model"))
    with store.pins() as pins:
        pins.add(layer.digest for layer in manifest.blobs)
        for layer in manifest.blobs:
            try:
                is_whole = store.blobs.size(layer.digest) == layer.size
                if is_whole and layer.kind in GGUF_KINDS:
                    creation.check_file(store.blobs, layer.digest, num_parts=num_parts)
            except (NotFound, Corrupt) as exc:
                raise InvalidRequest(exc.message, param="manifest") from exc
            if not is_whole:
                raise InvalidRequest(f"blob {layer.digest} has not the size its manifest says", param="manifest")
        store.replace(name, content)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
