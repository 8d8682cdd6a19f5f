"""A stored model as a summary or a record: its details, capabilities and texts. Reads blobs, changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec

from omm import parameters
from omm.chat import goprompt
from omm.chat.template import is_jinja
from omm.errors import NOT_JSON, Corrupt, Forbidden, InvalidRequest, OmmError, Unsupported
from omm.names import DEFAULT_HOST, ModelName
from omm.service import adapters
from omm.store import splits
from omm.store.blobs import BlobStore
from omm.store.cursor import LongArray
from omm.store.facts import Facts, FactStore
from omm.store.gguf import Header
from omm.store.manifests import Layer, Stored
from omm.types import Message, ModelDetails, ModelRecord, ModelSummary, Provenance
from omm.units import format_count

_MAX_TEXT_BYTES = 4 << 20
_GPT_OSS = frozenset({"gptoss", "gpt-oss"})


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a config blob that we read; others are ignored."""

    model_format: str | None = ""
    model_family: str | None = ""
    model_families: tuple[str, ...] | None = ()
    model_type: str | None = ""
    file_type: str | None = ""
    context_length: int | None = 0
    embedding_length: int | None = 0
    capabilities: tuple[str, ...] | None = ()
    requires: str | None = ""
    parser: str | None = ""
    remote_host: str | None = ""
    source: Any = None


class Describer:
    """Reads what a manifest points at."""

    def __init__(self, blobs: BlobStore, facts: FactStore) -> None:
        self._blobs, self._facts = blobs, facts

    def summary(self, stored: Stored) -> ModelSummary:
        """One row of a listing. Blobs that are missing or broken leave gaps in it rather than fail."""
        facts = self._model_facts(stored)
        config = self.config(stored)
        return ModelSummary(
            name=stored.name.display,
            digest=stored.digest,
            size=stored.manifest.size,
            modified_ns=stored.modified_ns,
            details=_details(config, facts),
            capabilities=self._capabilities(stored, config, facts),
        )

    def record(self, stored: Stored, header: Header) -> ModelRecord:
        """Everything about a model whose weights have the given header."""
        summary, own = self.summary(stored), parameters.lenient(self.parameters(stored))
        paths = {kind: self._paths(stored, kind) for kind in ("projector", "draft")}
        parts = self._weights(stored)
        return ModelRecord(
            **{name: getattr(summary, name) for name in ModelSummary.__struct_fields__},
            weights=parts[0],
            parts=parts if len(parts) > 1 else (),
            projectors=tuple(paths["projector"]),
            adapters=adapters.described(stored.manifest.of_kind("adapter"), self._facts, self._blobs),
            drafts=tuple(paths["draft"]),
            template=self.text(stored, "template") or self.text(stored, "prompt"),
            chat_template=header.text("tokenizer.chat_template"),
            chat_templates=header.chat_templates,
            system=self.text(stored, "system"),
            messages=self.messages(stored),
            licenses=tuple(self._read(layer) for layer in stored.manifest.of_kind("license")),
            parameters=parameters.recommended(header.metadata) | own,
            own_parameters=own,
            metadata=short_metadata(header),
            requires=self.config(stored).requires or "",
            dialect=self.config(stored).parser or "",
            provenance=provenance(stored, self.config(stored), header),
            num_layers=header.num_layers,
            kv_elements_per_token=header.kv_elements_per_token,
        )

    def weights(self, stored: Stored) -> Layer:
        """The layer with the model's weights.

        Raises:
            Forbidden: the model is Ollama's name for one that runs elsewhere.
            Unsupported: the model is not GGUF.
            Corrupt: a blob is missing.
        """
        name = stored.name.display
        layers = stored.manifest.of_kind("model")
        if not layers:
            config = self.config(stored)
            if config.remote_host:
                raise Forbidden(f"model '{name}' runs at {config.remote_host}; omm runs models on this machine only")
            kind = config.model_format or "unknown"
            raise Unsupported(f"model '{name}' is in {kind} format; omm runs GGUF models")
        for layer in stored.manifest.blobs:
            if not self._blobs.has(layer.digest):
                raise Corrupt(f"model '{name}' is incomplete: {layer.digest} is missing; pull or create it again")
        return layers[0]

    def config(self, stored: Stored) -> Config:
        """The config blob; defaults when it is missing, malformed or not readable."""
        try:
            content = self._blobs.read(stored.manifest.config.digest, _MAX_TEXT_BYTES)
            return msgspec.json.decode(content, type=Config)
        except (OmmError, *NOT_JSON):
            return Config()

    def raw_config(self, stored: Stored) -> dict[str, Any]:
        """The config blob with all its fields, for a model derived from this one."""
        config: dict[str, Any] = self._json(stored.manifest.config, dict)
        return config

    def origins(self, stored: Stored) -> Iterator[ModelName]:
        """Names under which sources may have the model's files: where its config says it is from, and its own."""
        told = _told(self.config(stored))
        with contextlib.suppress(InvalidRequest):
            if told.source.startswith(("http://", "https://")):
                yield ModelName.parse(f"{told.source}/{told.file}")
            elif told.source:
                file = told.file.rpartition("/")[2]
                yield ModelName.parse(f"{told.source}:{file}" if file else told.source)
        yield stored.name

    def text(self, stored: Stored, kind: str) -> str:
        """A text layer; empty when there is none."""
        layers = stored.manifest.of_kind(kind)
        return self._read(layers[-1]) if layers else ""

    def parameters(self, stored: Stored) -> dict[str, Any]:
        """The params layers as they are."""
        merged: dict[str, Any] = {}
        for layer in stored.manifest.of_kind("params"):
            merged |= self._json(layer, dict)
        return merged

    def messages(self, stored: Stored) -> tuple[Message, ...]:
        """The conversation a model starts with."""
        layers = stored.manifest.of_kind("messages")
        return tuple(self._json(layers[-1], list[Message])) if layers else ()

    def _weights(self, stored: Stored) -> tuple[str, ...]:
        digests = [layer.digest for layer in stored.manifest.of_kind("model")]
        if len(digests) == 1:
            return (str(self._blobs.path_for(digests[0])),)
        return tuple(str(path) for path in splits.link_parts(self._blobs, digests))

    def _paths(self, stored: Stored, kind: str) -> list[str]:
        return [str(self._blobs.path_for(layer.digest)) for layer in stored.manifest.of_kind(kind)]

    def _read(self, layer: Layer) -> str:
        return self._blobs.read(layer.digest, _MAX_TEXT_BYTES).decode("utf-8", "replace")

    def _json(self, layer: Layer, kind: Any) -> Any:
        try:
            return msgspec.json.decode(self._blobs.read(layer.digest, _MAX_TEXT_BYTES), type=kind)
        except NOT_JSON as exc:
            raise Corrupt(f"{layer.kind} layer {layer.digest} is malformed: {exc}") from exc

    def _model_facts(self, stored: Stored) -> Facts | None:
        layers = stored.manifest.of_kind("model")
        return self._facts.get(layers[0].digest) if layers else None

    def _capabilities(self, stored: Stored, config: Config, facts: Facts | None) -> tuple[str, ...]:
        if facts is None:
            return config.capabilities or ()
        try:
            template = self.text(stored, "template")
        except OmmError:
            template = ""
        projectors = [self._facts.get(layer.digest) for layer in stored.manifest.of_kind("projector")]
        return capabilities([facts, *(found for found in projectors if found)], template, config.model_family or "")


def provenance(stored: Stored, config: Config, header: Header) -> Provenance:
    """Where a model came from: as its pull recorded it, else the registry that its name says."""
    told = _told(config)
    host = "" if stored.name.host.lower() == DEFAULT_HOST else stored.name.host
    return msgspec.structs.replace(told, source=told.source or host, license=header.text("general.license"))


def _told(config: Config) -> Provenance:
    try:
        return msgspec.convert(config.source or {}, Provenance)
    except msgspec.ValidationError:  # of a config that somebody else wrote
        return Provenance()


def capabilities(files: list[Facts], template: str, family: str) -> tuple[str, ...]:
    """What a model can do, by the facts of its files (weights first) and the template beside them.

    Source: Ollama's capability detection.
    """
    model, abilities = files[0], _abilities(template)
    has = {
        "completion": not model.has_pooling,
        "tools": model.has_tools or "tools" in abilities,
        "insert": model.has_infill or "insert" in abilities,
        "vision": any(file.has_vision for file in files),
        "audio": any(file.has_audio for file in files),
        "embedding": model.has_pooling,
        "thinking": model.has_thinking or "thinking" in abilities or family in _GPT_OSS,
    }
    return tuple(name for name, is_there in has.items() if is_there)


def _abilities(template: str) -> frozenset[str]:
    """What a template in either language lets a model do: of "tools", "insert" and "thinking"."""
    if not is_jinja(template):
        return goprompt.abilities(template)
    has = {
        "tools": "tools" in template or "tool_call" in template,
        "thinking": "<think>" in template and "</think>" in template,
    }
    return frozenset(name for name, is_there in has.items() if is_there)


def _details(config: Config, facts: Facts | None) -> ModelDetails:
    family = config.model_family or (facts.architecture if facts else "")
    size = config.model_type or (format_count(facts.num_parameters) if facts else "")
    return ModelDetails(
        format=config.model_format or ("gguf" if facts else ""),
        family=family,
        families=config.model_families or ((family,) if family else ()),
        parameter_size=size,
        quantization_level=config.file_type or (facts.file_type if facts else ""),
        context_length=config.context_length or (facts.context_length if facts else 0),
        embedding_length=config.embedding_length or (facts.embedding_length if facts else 0),
    )


def short_metadata(header: Header) -> dict[str, Any]:
    """A header's keys, `None` for arrays that are too long to keep, and the number of parameters."""
    short = {key: None if isinstance(value, LongArray) else value for key, value in header.metadata.items()}
    return {"general.parameter_count": header.num_parameters, **short}


def full_metadata(header: Header) -> dict[str, Any]:
    """The same with long arrays read from the file."""
    arrays = {key: header.array(key) for key, value in header.metadata.items() if isinstance(value, LongArray)}
    return short_metadata(header) | arrays
