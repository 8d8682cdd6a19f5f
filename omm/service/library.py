"""The models on this machine: list, find, pull, create, copy, delete. Knows the store and the sources, no protocol."""

from __future__ import annotations

import builtins
import collections
import dataclasses
import threading
from collections.abc import Generator, Iterable, Iterator
from typing import Any

import msgspec

from omm import tables
from omm.config import Settings
from omm.errors import DigestMismatch, InvalidRequest, NotFound, OmmError
from omm.names import DEFAULT_HOST, ModelName
from omm.service import convert, creation, housekeeping, prompts, pulling, pushing
from omm.service.creation import Base, Parts
from omm.service.describe import Describer, full_metadata, short_metadata
from omm.service.housekeeping import Archive
from omm.service.pulling import Puller
from omm.sources import default_sources, source_for
from omm.sources.base import Source
from omm.sources.registry import logins
from omm.store import partials, splits
from omm.store.blobs import normalise
from omm.store.gguf import Header, read_header
from omm.store.manifests import Manifest, Stored, encode
from omm.store.modelfile import Modelfile, format_modelfile
from omm.store.models import Claims, ModelStore, Pins
from omm.types import CreateRequest, ModelRecord, ModelSummary, Progress, Prompting, TensorInfo

_HEADERS_KEPT = 32
_CONVERTED = "(the converted weights)"  # no file is called so


class Library:
    """All of it over one models directory. Safe to use from any thread."""

    def __init__(self, settings: Settings, sources: tuple[Source, ...] | None = None) -> None:
        self._sources = default_sources(settings) if sources is None else sources
        self._store = ModelStore(settings.models, noprune=settings.noprune)
        self._blobs, self._manifests = self._store.blobs, self._store.manifests
        self._claims = Claims()
        self._logins = logins(settings)
        self._aliases = settings.alias
        self._blobs.remove_abandoned()
        self._partial_age_s = settings.partial_days * 86400.0
        partials.remove_old(self._blobs, self._partial_age_s)
        if not settings.noprune:
            housekeeping.prune_at_start(self._store)
        splits.remove_dangling(self._blobs)
        self._describer = Describer(self._blobs, self._store.facts)
        self._puller = Puller(self._store, self._sources, self._describer)
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
        creation.check_uploads(request, self._blobs)
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
        return housekeeping.verify(self._store, parsed, self._puller.fetch_again if repair else None)

    def export(self, name: str) -> Archive:
        """A model as a tar; the caller closes it. Raises NotFound, Corrupt."""
        return Archive(self._store, ModelName.parse(name))

    def import_manifest(self, name: str, content: bytes) -> None:
        """Make a model of a manifest whose blobs are here. Raises InvalidRequest."""
        housekeeping.adopt(self._store, ModelName.parse(name), content)

    def has_blob(self, digest: str) -> bool:
        """Whether a blob is in the store; it stays then, for the create that may follow. Raises InvalidRequest."""
        if is_there := self._blobs.has(digest):
            self._claims.add(digest)
        return is_there

    def put_blob(self, digest: str, chunks: Iterable[bytes]) -> bool:
        """Store an uploaded blob; False when it was there.

        Raises:
            InvalidRequest: bad digest, or the bytes hash to another.
            StorageFailed.
        """
        try:
            is_new = self._blobs.put(digest, chunks)
            self._claims.add(digest)
            return is_new
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
        files, headers = yield from self._puller.fetch(resolved, source, pin)
        if resolved.manifest is not None:
            yield Progress(status="writing manifest")
            self._store.replace(name, resolved.manifest)
            return
        parts, base = pulling.parts_of(resolved, files, headers[0])
        yield from (line for line in self._assemble(name, parts, base, pin) if line.status == "writing manifest")

    def _create(self, name: ModelName, base: ModelName | None, request: CreateRequest) -> Iterator[Progress]:
        with self._store.pins() as pin:
            if base and not self._manifests.has(base):
                yield from self._fetch(base, source_for(base, self._sources), pin)
            with self._store.changing():  # or a delete between the two lines would take the blobs away
                stored = self._manifests.read(base) if base else None
                pin.add(blob.digest for blob in (stored.manifest.blobs if stored else ()))
            uploads = creation.uploads(request)
            pin.add(uploads)
            self._claims.settle(uploads)
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
                # What was quantized, and with which help, may be of no more use.
                self._store.sweep_later(self._claims.without(uploads))
            yield from creation.notes(request)
            yield Progress(status="success")

    def _converted(self, request: CreateRequest, pin: Pins) -> Generator[Progress, None, CreateRequest]:
        """The request with one GGUF file in the place of a checkpoint's; a projector's may be beside it."""
        licenses = request.licenses or convert.licenses(self._blobs, request.files)
        digest = yield from convert.convert(self._blobs, request.files)
        pin.add([digest])
        self._store.sweep_later([digest])  # unless the new model has it as it is
        others = {name: file for name, file in request.files.items() if name.lower().endswith(".gguf")}
        return msgspec.structs.replace(request, files={**others, _CONVERTED: digest}, licenses=licenses)

    def _base(self, stored: Stored | None) -> Base:
        """What another model gives. Raises as `Describer.weights`, for what cannot run makes none that can."""
        if stored is None:
            return Base()
        self._describer.weights(stored)
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
    return [(kind, normalise(layer.digest)) for kind in housekeeping.GGUF_KINDS for layer in manifest.of_kind(kind)]


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
