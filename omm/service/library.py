"""The models on this machine: list, find, pull, create, copy, delete. Knows the store and the sources, no protocol."""

from __future__ import annotations

import builtins
import collections
import dataclasses
import logging
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from omm import tables
from omm.config import Settings
from omm.errors import DigestMismatch, InvalidRequest, NotFound, OmmError
from omm.names import DEFAULT_HOST, ModelName
from omm.service import convert, creation, housekeeping, prompts, pushing
from omm.service.creation import Base, Parts
from omm.service.describe import Describer, full_metadata, short_metadata
from omm.service.housekeeping import Archive
from omm.sources import default_sources, source_for
from omm.sources.base import Source, SourceFile
from omm.sources.registry import logins
from omm.store import known, partials, splits
from omm.store.blobs import normalise
from omm.store.gguf import Header, read_header
from omm.store.manifests import Manifest, Stored, encode
from omm.store.modelfile import Modelfile, format_modelfile
from omm.store.models import ModelStore, Pins
from omm.types import CreateRequest, ModelRecord, ModelSummary, Progress, Prompting, TensorInfo

log = logging.getLogger(__name__)

_HEADERS_KEPT = 32
_PROGRESS_INTERVAL_S = 0.06
GGUF_KINDS = frozenset({"model", "projector", "adapter"})
_FILE_KINDS = ("model", "projector", "adapter", "draft")


class Library:
    """All of it over one models directory. Safe to use from any thread."""

    def __init__(self, settings: Settings, sources: tuple[Source, ...] | None = None) -> None:
        self._sources = default_sources(settings) if sources is None else sources
        self._store = ModelStore(settings.models, noprune=settings.noprune)
        self._blobs, self._manifests = self._store.blobs, self._store.manifests
        self._logins = logins(settings)
        self._aliases = settings.alias
        self._blobs.remove_abandoned()
        self._partial_age_s = settings.partial_days * 86400.0
        partials.remove_old(self._blobs, self._partial_age_s)
        if not settings.noprune:
            housekeeping.prune_at_start(self._store)
        splits.remove_dangling(self._blobs)
        self._describer = Describer(self._blobs, self._store.facts)
        self._headers: collections.OrderedDict[str, Header] = collections.OrderedDict()
        self._headers_lock = threading.Lock()  # guards _headers

    # --- looking ------------------------------------------------------------------------------------------------

    def list(self) -> list[ModelSummary]:
        """All models, newest first. What cannot be read is logged and left out."""
        found = [self._describer.summary(stored) for stored in self._store.stored()]
        return sorted(found, key=lambda summary: (-summary.modified_ns, summary.name))

    def target(self, name: str) -> str:
        """The model that a name stands for: itself, unless there is no such model but an alias."""
        return tables.target_of(self._aliases, name, self._is_stored)

    def _named_target(self, name: str) -> str:
        # Not by a pattern: it must not hide models that are still to come.
        return tables.named_target(self._aliases, name, self._is_stored)

    def _is_stored(self, name: str) -> bool:
        try:
            return self._manifests.has(ModelName.parse(name))
        except InvalidRequest:
            return False

    def find(self, name: str, *, arrays: bool = False) -> ModelRecord:
        """Look a model up by its name or an alias; `arrays` keeps metadata's long arrays (they are None otherwise).

        Raises:
            InvalidRequest, NotFound, Forbidden (runs elsewhere), Unsupported (not GGUF), Corrupt (blobs missing or
            broken).
        """
        target = self.target(name)
        stored = self._manifests.read(ModelName.parse(target))
        header = self._header(self._describer.weights(stored).digest)
        record = self._describer.record(stored, header)
        metadata = full_metadata(header) if arrays else record.metadata
        return msgspec.structs.replace(record, metadata=metadata, alias="" if target == name else name)

    def tensors(self, name: str) -> builtins.list[TensorInfo]:
        """The tensors of a model's weights. Raises as `find`."""
        stored = self._manifests.read(ModelName.parse(name))
        return [tensor.summary for tensor in self._header(self._describer.weights(stored).digest).tensors]

    def projector_metadata(self, name: str, *, arrays: bool = False) -> dict[str, Any] | None:
        """The header of a model's projector; None when it has none. Raises as `find`."""
        stored = self._manifests.read(ModelName.parse(name))
        layers = stored.manifest.of_kind("projector")
        if not layers:
            return None
        header = self._header(layers[0].digest)
        return full_metadata(header) if arrays else short_metadata(header)

    def prompting(self, record: ModelRecord) -> Prompting:
        """How prompts for a model are made."""
        return prompts.describe(record)

    def modelfile(self, record: ModelRecord) -> str:
        """The Modelfile that would make this model again."""
        modelfile = Modelfile(
            bases=(*(record.parts or (record.weights,)), *record.projectors),
            adapters=tuple((adapter.path, adapter.scale) for adapter in record.adapters),
            drafts=record.drafts,
            template=record.template,
            system=record.system,
            requires=record.requires,
            parser=record.dialect or None,
            licenses=record.licenses,
            parameters=record.own_parameters,
            messages=tuple((message.role, message.content) for message in record.messages),
        )
        return format_modelfile(modelfile, name=record.name)

    # --- changing -----------------------------------------------------------------------------------------------

    def pull(self, name: str, insecure: bool = False) -> Iterator[Progress]:
        """Fetch a model; closing the iterator cancels, and the next pull goes on where this one stopped.

        Raises:
            InvalidRequest, NotFound: at once, when the name is bad or no source takes it.
        """
        parsed = _remote_name(self._named_target(name), insecure)
        return self._pull(parsed, source_for(parsed, self._sources))

    def push(self, name: str, insecure: bool = False) -> Iterator[Progress]:
        """Bring a model to the registry that its name says; closing the iterator cancels.

        Raises:
            InvalidRequest, NotFound, Unsupported: at once, for a name that is no model here or that has no registry.
        """
        parsed = _remote_name(name, insecure)
        if not self._manifests.has(parsed):
            raise NotFound(f"model '{parsed.display}' not found; omm list shows what can be pushed", param="model")
        pushing.check_name(parsed)
        return self._push(parsed)

    def create(self, request: CreateRequest) -> Iterator[Progress]:
        """Make a model; a base that is not here is pulled first.

        Raises:
            InvalidRequest, Unsupported, NotFound: at once, for what can be told before the work.
        """
        name = ModelName.parse(request.model)
        creation.check_request(request)
        wanted = self._named_target(request.base) if request.base else ""
        base = ModelName.parse(wanted) if wanted else None
        if base and not self._manifests.has(base):
            source_for(_remote_name(wanted, insecure=False), self._sources)
        return self._create(name, base, request)

    def copy(self, source: str, destination: str) -> None:
        """Give a model a second name; nothing but the manifest is copied."""
        parsed = _parse_or(f'source "{source}" is invalid', source)
        target = _parse_or(f'destination "{destination}" is invalid', destination)
        with self._store.changing():
            try:
                content = self._manifests.read_bytes(parsed)
            except NotFound as exc:
                raise NotFound(f'model "{source}" not found', param="source") from exc
            self._store.replace(target, content)

    def delete(self, name: str) -> None:
        """Remove a model, and its blobs that no other model uses."""
        if (target := self.target(name)) != name:
            raise NotFound(f"'{name}' is an alias of '{target}', which the configuration gives it", param="model")
        parsed = _parse_or(f'name "{name}" is invalid', name)
        try:
            self._store.delete(parsed)
        except NotFound as exc:
            raise NotFound(f"model '{name}' not found", param="model") from exc  # WIRE: Ollama echoes the name

    def prune(self, *, is_dry: bool = False) -> Iterator[Progress]:
        """Remove what no model uses, saying why; `is_dry` only says it. Raises Corrupt."""
        return housekeeping.prune(self._store, self._partial_age_s, is_dry=is_dry)

    def verify(self, name: str = "", *, repair: bool = False) -> Iterator[Progress]:
        """Hash the blobs of a model, or of all of them. Raises NotFound, and Corrupt at the end."""
        parsed = ModelName.parse(self.target(name)) if name else None
        return housekeeping.verify(self._store, parsed, self._fetch_again if repair else None)

    def export(self, name: str) -> Archive:
        """A model as a tar; the caller closes it. Raises NotFound, Corrupt."""
        return Archive(self._store, ModelName.parse(name))

    def import_manifest(self, name: str, content: bytes) -> None:
        """Make a model of a manifest whose blobs are here. Raises InvalidRequest."""
        housekeeping.adopt(self._store, ModelName.parse(name), content)

    def has_blob(self, digest: str) -> bool:
        """Whether a blob is in the store. Raises InvalidRequest."""
        return self._blobs.has(digest)

    def put_blob(self, digest: str, chunks: Iterable[bytes]) -> bool:
        """Store an uploaded blob; False when it was there.

        Raises:
            InvalidRequest: bad digest, or the bytes hash to another.
            StorageFailed.
        """
        try:
            return self._blobs.put(digest, chunks)
        except DigestMismatch as exc:
            raise InvalidRequest(exc.message, param="digest") from exc

    # --- inside -------------------------------------------------------------------------------------------------

    def _pull(self, name: ModelName, source: Source) -> Generator[Progress, None, None]:
        with self._store.pins() as pin:
            yield from self._fetch(name, source, pin)
            yield Progress(status="success")

    def _push(self, name: ModelName) -> Iterator[Progress]:
        with self._store.pins() as pin:
            with self._store.changing():
                stored, content = self._manifests.read(name), self._manifests.read_bytes(name)
                pin.add(blob.digest for blob in stored.manifest.blobs)
            yield from pushing.push(name, (stored, content), self._blobs, self._logins)

    def _fetch(self, name: ModelName, source: Source, pin: Pins) -> Generator[Progress, None, None]:
        yield Progress(status="pulling manifest")
        resolved = source.resolve(name)
        pin.add(file.digest for file in resolved.files)
        files = []
        for file in resolved.files:
            digest = yield from self._fetch_file(file, source)
            pin.add([digest])
            files.append(msgspec.structs.replace(file, digest=digest))
        yield Progress(status="verifying sha256 digest")
        headers = self._check_fetched(files, pin)
        if resolved.manifest is not None:
            yield Progress(status="writing manifest")
            self._store.replace(name, resolved.manifest)
            return
        parts = Parts(
            files=tuple((file.kind, normalise(file.digest)) for file in files),
            template=resolved.template,
            system=resolved.system,
            licenses=resolved.licenses or creation.license_of(headers[0]),
            parameters=resolved.parameters,
        )
        base = Base(config={"source": msgspec.to_builtins(resolved.origin)} if resolved.origin else {})
        yield from (line for line in self._assemble(name, parts, base, pin) if line.status == "writing manifest")

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

    def _fetch_again(self, digest: str, models: builtins.list[Stored]) -> Iterator[Progress]:
        """Bring the very blob from where one of the models is from; the damaged one stays where nobody has it."""
        file, source = self._offer(digest, models)
        with self._store.pins() as pin:
            pin.add([digest])
            self._store.remove(digest)
            yield from self._fetch_file(file, source)

    def _offer(self, digest: str, models: builtins.list[Stored]) -> tuple[SourceFile, Source]:
        """Who has a blob. Raises NotFound."""
        reasons = []
        for name in dict.fromkeys(name for model in models for name in self._describer.origins(model)):
            try:
                source = source_for(name, self._sources)
                files = source.resolve(name).files
            except OmmError as exc:
                reasons.append(exc.message)
                continue
            for file in files:
                told = known.recall(self._blobs, file.digest) if file.is_provisional else normalise(file.digest)
                if told == digest:
                    return file, source
            reasons.append(f"{name} has other bytes now")
        raise NotFound("; ".join(reasons))

    def _check_fetched(self, files: Sequence[SourceFile], pin: Pins) -> builtins.list[Header]:
        """Headers of the GGUF files among them, the model's first. Files that are broken do not stay."""
        num_parts = sum(file.kind == "model" for file in files)
        ggufs = sorted((file for file in files if file.kind in GGUF_KINDS), key=lambda file: file.kind != "model")
        try:
            return [creation.check_file(self._blobs, file.digest, num_parts=num_parts) for file in ggufs]
        except OmmError:
            with self._store.changing():
                pin.drop()
                self._store.sweep(file.digest for file in files)
            raise

    def _create(self, name: ModelName, base: ModelName | None, request: CreateRequest) -> Iterator[Progress]:
        with self._store.pins() as pin:
            if base and not self._manifests.has(base):
                yield from self._fetch(base, source_for(base, self._sources), pin)
            with self._store.changing():  # or a delete between the two lines would take the blobs away
                stored = self._manifests.read(base) if base else None
                pin.add(blob.digest for blob in (stored.manifest.blobs if stored else ()))
            uploads = creation.uploads(request)
            pin.add(uploads)
            if convert.is_checkpoint(request.files):
                request = yield from self._converted(request, pin)
            elif request.files or request.adapters:
                yield Progress(status="parsing GGUF")
            parts = creation.requested_parts(request, self._blobs)
            basis = self._base(stored)
            creation.check_adapters(parts, basis, self._blobs)
            if stored is None and not parts.licenses:
                parts = msgspec.structs.replace(parts, licenses=self._license(parts))
            parts = yield from creation.quantized(request, parts, basis, self._blobs)
            yield from self._assemble(name, parts, basis, pin, may_be_same=True)
            if not self._store.noprune:
                self._store.sweep_later(uploads)  # what was quantized, and with which help, may be of no more use
            yield from creation.notes(request)
            yield Progress(status="success")

    def _converted(self, request: CreateRequest, pin: Pins) -> Generator[Progress, None, CreateRequest]:
        """The request with one GGUF file in the place of a checkpoint's files."""
        licenses = request.licenses or convert.licenses(self._blobs, request.files)
        digest = yield from convert.convert(self._blobs, request.files)
        pin.add([digest])
        self._store.sweep_later([digest])  # unless the new model has it as it is
        return msgspec.structs.replace(request, files={"model.gguf": digest}, licenses=licenses)

    def _base(self, stored: Stored | None) -> Base:
        if stored is None:
            return Base()
        return Base(
            layers=stored.manifest.layers or (),
            config=self._describer.raw_config(stored),
            parameters=self._describer.parameters(stored),
        )

    def _license(self, parts: Parts) -> tuple[str, ...]:
        models = [digest for kind, digest in parts.files if kind == "model"]
        return creation.license_of(self._header(models[0])) if models else ()

    def _assemble(
        self, name: ModelName, parts: Parts, base: Base, pin: Pins, *, may_be_same: bool = False
    ) -> Iterator[Progress]:
        """Build the manifest and put it in place; that of a model which is just the same, where there is one."""
        with self._store.changing():
            manifest, statuses = creation.build(self._blobs, parts, base)
            pin.add(blob.digest for blob in manifest.blobs)
            # If this ends before its manifest is written, texts go; files stay, for the next attempt.
            files = {digest for _, digest in parts.files}
            self._store.sweep_later({normalise(blob.digest) for blob in manifest.blobs} - files)
        yield from statuses
        yield Progress(status="writing manifest")
        with self._store.changing():
            same = self._same(name, manifest) if may_be_same else None
            self._store.replace(name, self._manifests.read_bytes(same) if same else encode(manifest))

    def _same(self, name: ModelName, manifest: Manifest) -> ModelName | None:
        """A model here that a Modelfile cannot tell from the new one.

        Models that were pulled say more than a Modelfile can, and in other words. Made again, they stay what they are.
        """
        new = Stored(name=name, manifest=manifest, digest="", modified_ns=0)
        alike = [stored for stored in self._store.stored() if _files_of(stored.manifest) == _files_of(manifest)]
        wanted = self._modelfile_of(new) if alike else ""
        found = [stored.name for stored in alike if self._modelfile_of(stored) == wanted]
        return name if name in found else min(found, key=str, default=None)

    def _modelfile_of(self, stored: Stored) -> str:
        """Its Modelfile without its name; empty when the model is broken."""
        try:
            header = self._header(self._describer.weights(stored).digest)
            return self.modelfile(msgspec.structs.replace(self._describer.record(stored, header), name=""))
        except OmmError:
            return ""

    def _header(self, digest: str) -> Header:
        key = normalise(digest)
        with self._headers_lock:
            if (header := self._headers.get(key)) is not None:
                self._headers.move_to_end(key)
                return header
        header = read_header(self._blobs.path_for(digest))
        with self._headers_lock:
            self._headers[key] = header
            while len(self._headers) > _HEADERS_KEPT:
                self._headers.popitem(last=False)
        return header


def _files_of(manifest: Manifest) -> builtins.list[tuple[str, str]]:
    return [(kind, normalise(layer.digest)) for kind in _FILE_KINDS for layer in manifest.of_kind(kind)]


class _Returning:
    """An iterator over a generator that keeps what it returns."""

    def __init__(self, steps: Generator[int, None, str]) -> None:
        self._steps = steps
        self.returned = ""

    def __iter__(self) -> Iterator[int]:
        self.returned = yield from self._steps


def _remote_name(name: str, insecure: bool) -> ModelName:
    """A name with the scheme to reach its host by. Raises InvalidRequest."""
    parsed = ModelName.parse(name)
    if parsed.scheme == "http" and not insecure:
        raise InvalidRequest("insecure protocol http", param="insecure")
    if insecure and parsed.host.lower() != DEFAULT_HOST:
        return dataclasses.replace(parsed, scheme="http")
    return parsed


def _parse_or(message: str, name: str) -> ModelName:
    try:
        return ModelName.parse(name)
    except InvalidRequest as exc:
        raise InvalidRequest(message, param="model") from exc
