"""Pulling a model: all that a source has of it comes into the store and is checked; damaged files come again."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence

import msgspec

from omm.errors import Corrupt, NotFound, OmmError
from omm.service import adapters, creation
from omm.service.creation import Base, Parts
from omm.service.describe import Describer
from omm.sources import source_for
from omm.sources.base import Resolved, Source, SourceFile
from omm.store import known
from omm.store.blobs import digest_of, normalise
from omm.store.gguf import Header, read_header
from omm.store.manifests import Stored
from omm.store.models import ModelStore, Pins
from omm.types import Progress

_USED_KINDS = frozenset({"model", "projector", "adapter"})  # llama.cpp sees no others, such as drafts

_PROGRESS_INTERVAL_S = 0.06


class Puller:
    """Brings files into one store. Safe to use from any thread."""

    def __init__(self, store: ModelStore, sources: tuple[Source, ...], describer: Describer) -> None:
        self._store, self._blobs = store, store.blobs
        self._sources, self._describer = sources, describer

    def fetch(
        self, resolved: Resolved, source: Source, pin: Pins
    ) -> Generator[Progress, None, tuple[list[SourceFile], list[Header]]]:
        """Bring all files of a model; returns them with their digests for good, and the headers of its GGUF files.

        Raises:
            SourceUnavailable, DigestMismatch, StorageFailed: what came so far stays for the next attempt.
            Corrupt, InvalidRequest, Unsupported: the files are not usable; they are removed.
        """
        pin.add(file.digest for file in resolved.files)
        files = []
        for file in resolved.files:
            self._remove_damaged(file)
            digest = yield from self._fetch_file(file, source)
            pin.add([digest])
            files.append(msgspec.structs.replace(file, digest=digest))
        yield Progress(status="verifying sha256 digest")
        return files, self._checked(files, pin)

    def _remove_damaged(self, file: SourceFile) -> None:
        """Remove a file that is here, cannot be used, and is not what its digest says. Of others only a verify tells.

        One that was cut off is replaced anyway.
        """
        digest = self._told(file)
        if file.kind not in _USED_KINDS or not self._blobs.is_whole(digest, file.size):
            return
        try:
            read_header(self._blobs.path_for(digest))
        except Corrupt:
            if not self._blobs.is_sound(digest):
                self._store.remove(digest)

    def _fetch_file(self, file: SourceFile, source: Source) -> Generator[Progress, None, str]:
        """Bring one file; returns its digest."""
        status = f"pulling {normalise(file.digest)[7:19]}"
        completed, reported_s = 0, 0.0
        fetching = _Returning(source.fetch(file, self._blobs))
        for so_far in fetching:
            now_s = time.monotonic()
            # Also where nothing moves, as the one who reads this looks only then whether its client is still there.
            if now_s - reported_s >= _PROGRESS_INTERVAL_S:
                completed, reported_s = max(completed, min(so_far, file.size or so_far)), now_s
                yield Progress(status=status, digest=file.digest, total=file.size or None, completed=completed)
        size = file.size or self._blobs.size(fetching.returned)
        yield Progress(status=status, digest=file.digest, total=size, completed=size)
        return fetching.returned

    def _checked(self, files: Sequence[SourceFile], pin: Pins) -> list[Header]:
        """Headers of the GGUF files among them, the model's first. Files that are broken do not stay."""
        num_parts = sum(file.kind == "model" for file in files)
        ggufs = sorted((file for file in files if file.kind in _USED_KINDS), key=lambda file: file.kind != "model")
        try:
            headers = [creation.check_file(self._blobs, file.digest, num_parts=num_parts) for file in ggufs]
            for header in headers:
                if header.is_adapter:
                    adapters.check_fit(header, headers[:num_parts])
            return headers
        except OmmError:
            with self._store.changing():
                pin.drop()
                self._store.sweep(file.digest for file in files)
            raise

    # --- again --------------------------------------------------------------------------------------------------

    def fetch_again(self, digest: str, models: list[Stored]) -> Iterator[Progress]:
        """Bring the very blob from where one of the models is from; the damaged one stays where nobody has it."""
        source, found = self._offer(digest, models)
        with self._store.pins() as pin:
            pin.add([digest])
            self._store.remove(digest)
            if isinstance(found, bytes):
                self._blobs.add_bytes(found)
            else:
                yield from self._fetch_file(found, source)

    def _offer(self, digest: str, models: list[Stored]) -> tuple[Source, SourceFile | bytes]:
        """Who has a blob, and the blob itself where it is a text that pulling makes. Raises NotFound."""
        reasons = []
        for name in dict.fromkeys(name for model in models for name in self._describer.origins(model)):
            try:
                source = source_for(name, self._sources)
                resolved = source.resolve(name)
                for file in resolved.files:
                    if self._told(file) == digest:
                        return source, file
                for text in self._texts(resolved):
                    if digest_of(text) == digest:
                        return source, text
            except OmmError as exc:
                reasons.append(exc.message)
            else:
                reasons.append(f"{name} has other bytes now")
        raise NotFound("; ".join(reasons))

    def _told(self, file: SourceFile) -> str:
        """The digest that a file had when it was fetched last; of a provisional one that never was, its own."""
        told = known.recall(self._blobs, file.digest) if file.is_provisional else None
        return told or normalise(file.digest)

    def _texts(self, resolved: Resolved) -> list[bytes]:
        """What pulling stores beside the files; nothing while they are not here. Raises Corrupt."""
        files = [msgspec.structs.replace(file, digest=self._told(file)) for file in resolved.files]
        if resolved.manifest is not None or not all(self._blobs.has(file.digest) for file in files):
            return []
        weights = next(file.digest for file in files if file.kind == "model")
        return creation.texts(self._blobs, *parts_of(resolved, files, read_header(self._blobs.path_for(weights))))


def parts_of(resolved: Resolved, files: Iterable[SourceFile], header: Header) -> tuple[Parts, Base]:
    """What a pulled model is made of; `files` have their digests for good, and `header` is that of the first."""
    parts = Parts(
        files=tuple((file.kind, normalise(file.digest)) for file in files),
        template=resolved.template,
        system=resolved.system,
        licenses=resolved.licenses or creation.license_of(header),
        parameters=resolved.parameters,
    )
    return parts, Base(config={"source": msgspec.to_builtins(resolved.origin)} if resolved.origin else {})


class _Returning:
    """An iterator over a generator that keeps what it returns."""

    def __init__(self, steps: Generator[int, None, str]) -> None:
        self._steps = steps
        self.returned = ""

    def __iter__(self) -> Iterator[int]:
        self.returned = yield from self._steps
