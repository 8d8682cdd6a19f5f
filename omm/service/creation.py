"""Making models: from files, from texts, from another model. Turns parts into layers and a manifest."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import msgspec

from omm import parameters
from omm.chat import dialects, template
from omm.engine import sampling
from omm.errors import Corrupt, InvalidRequest, Unsupported
from omm.service import adapters, quantize
from omm.service.loading import options_from
from omm.store import modelfile
from omm.store.blobs import BlobStore, normalise
from omm.store.ggml import parse_type
from omm.store.gguf import Header, read_header
from omm.store.manifests import CONFIG_TYPE, LAYER_PREFIX, Layer, Manifest
from omm.types import CreateRequest, Message, Progress
from omm.units import format_count

_LICENSE_BYTES = 200  # general.license is an identifier, or now and then a short sentence
_PLATFORM = {"architecture": "amd64", "os": "linux"}  # WIRE: Ollama and registries expect both in a config
_ROLES = frozenset({"system", "user", "assistant"})


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a new model is made of, blobs already in the store. `None` keeps what the base has."""

    files: tuple[tuple[str, str], ...] = ()  # kind, digest
    scales: dict[str, float] = {}  # of adapters, by digest
    template: str | None = None
    system: str | None = None
    licenses: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    messages: tuple[Message, ...] = ()
    requires: str | None = None
    dialect: str | None = None


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """The model that a new one is derived from; empty for none."""

    layers: tuple[Layer, ...] = ()
    config: dict[str, Any] = {}
    parameters: dict[str, Any] = {}


def check_request(request: CreateRequest) -> None:
    """Refuse what can be refused before any work.

    Raises:
        InvalidRequest, Unsupported.
    """
    if request.quantize:
        parse_type(request.quantize)
    elif request.importance:
        raise InvalidRequest("an imatrix says how to quantize: quantize is missing", param="imatrix")
    if not request.base and not request.files:
        raise InvalidRequest("neither 'from' or 'files' was specified", param="from")
    if unknown := request.adapter_scales.keys() - request.adapters.keys():
        raise InvalidRequest(f"adapter_scales names no file of adapters: {min(unknown)}", param="adapter_scales")
    for scale in request.adapter_scales.values():
        modelfile.check_scale(scale)
    for name in (*request.files, *request.adapters, *request.drafts):
        if _leaves_folder(name):
            raise InvalidRequest("file path must be relative", param="files")
    for digest in uploads(request):
        normalise(digest)
    if any(message.role not in _ROLES for message in request.messages):
        raise InvalidRequest('message role must be one of "system", "user", or "assistant"', param="messages")
    if request.requires:
        modelfile.check_requires(request.requires)
    template.check(request.template or "")
    sampling.merge(options_from(parameters.check(request.parameters)))


def uploads(request: CreateRequest) -> list[str]:
    """Digests of what the client brought for this model."""
    files = (*request.files.values(), *request.adapters.values(), *request.drafts.values())
    return [*files, *([request.importance] if request.importance else ())]


def check_uploads(request: CreateRequest, blobs: BlobStore) -> None:
    """Refuse a request whose files are not here, before a base is pulled or anything is converted.

    Raises:
        InvalidRequest.
    """
    for digest in uploads(request):
        if not blobs.has(digest):
            raise InvalidRequest(f"no such file: upload blob {normalise(digest)} first", param="files")


def quantized(request: CreateRequest, parts: Parts, base: Base, blobs: BlobStore) -> Generator[Progress, None, Parts]:
    """Parts whose weights have the type that the request asks for; the same ones where they have it already."""
    wanted = parse_type(request.quantize) if request.quantize else ""
    weights = weights_of(parts, base)
    if not wanted or not weights or read_header(blobs.path_for(weights[0])).file_type == wanted:
        return parts
    digest = yield from quantize.quantize(blobs, weights, wanted, request.importance)
    others = tuple((kind, file) for kind, file in parts.files if kind != "model")
    return msgspec.structs.replace(parts, files=(("model", digest), *others))


def weights_of(parts: Parts, base: Base) -> list[str]:
    """Digests of the files with the new model's weights, in order."""
    given = [digest for kind, digest in parts.files if kind == "model"]
    return given or [layer.digest for layer in base.layers if layer.kind == "model"]


def notes(request: CreateRequest) -> Iterator[Progress]:
    """What the one who creates a model should know about it."""
    if request.drafts:
        yield Progress(status="the draft model is stored with the model, and not used: omm does not decode with drafts")
    if request.dialect and dialects.named(request.dialect) is None:
        known = ", ".join(sorted(dialect.name for dialect in dialects.DIALECTS))
        yield Progress(status=f"no parser is called {request.dialect}, the template decides; known are {known}")


def _leaves_folder(name: str) -> bool:
    paths = (PurePosixPath(name), PureWindowsPath(name))
    return not name or any(path.anchor or ".." in path.parts for path in paths)


def check_file(blobs: BlobStore, digest: str, num_parts: int | None = 1) -> Header:
    """Check a GGUF blob, of a model in so many parts if they are known, before anything native may see it.

    Raises:
        Corrupt, NotFound, Unsupported.
    """
    blobs.size(digest)
    header = read_header(blobs.path_for(digest))
    split = header.metadata.get("split.count") or 1
    if num_parts is not None and split not in (1, num_parts):
        raise Unsupported("the file is one part of a split model; merge the parts with llama-gguf-split --merge")
    if not header.tensors and split == 1:
        raise Corrupt("invalid GGUF file: it holds no tensors")
    return header


def kind_of(header: Header) -> str:
    """The layer a GGUF file becomes."""
    return "adapter" if header.is_adapter else "projector" if header.is_projector else "model"


def requested_parts(request: CreateRequest, blobs: BlobStore) -> Parts:
    """Check the request's files and sort them by what they are.

    Raises:
        InvalidRequest: a blob is missing, broken, or not what it was given as.
    """
    files = _sorted_files(request.files.values(), blobs)
    loras = [(kind_of(_uploaded(blobs, digest)), normalise(digest)) for digest in request.adapters.values()]
    drafts = [(kind_of(_uploaded(blobs, digest)), normalise(digest)) for digest in request.drafts.values()]
    if any(kind != "model" for kind, _ in drafts):
        raise InvalidRequest("the draft file is no model", param="draft_files")
    if any(draft in files for draft in drafts):
        raise InvalidRequest("DRAFT must not be the same file as FROM", param="draft_files")
    if any(kind != "adapter" for kind, _ in loras):
        raise InvalidRequest("the adapter file is no LoRA adapter", param="adapters")
    if len(set(loras)) < len(loras):
        raise InvalidRequest("the same adapter is given twice", param="adapters")
    if not request.base and all(kind != "model" for kind, _ in files):
        raise InvalidRequest("no files provided to convert: none of them is a model", param="files")
    return Parts(
        files=(*files, *loras, *(("draft", digest) for _, digest in drafts)),
        scales={normalise(request.adapters[name]): scale for name, scale in request.adapter_scales.items()},
        template=request.template,
        system=request.system,
        licenses=request.licenses,
        parameters=parameters.check(request.parameters),
        messages=request.messages,
        requires=request.requires,
        dialect=request.dialect,
    )


def check_adapters(parts: Parts, base: Base, blobs: BlobStore) -> None:
    """Refuse adapters that do not fit the weights they shall go with. Raises InvalidRequest."""
    given = [digest for kind, digest in parts.files if kind == "adapter"]
    headers = [read_header(blobs.path_for(digest)) for digest in weights_of(parts, base)] if given else []
    for digest in given:
        adapters.check_fit(read_header(blobs.path_for(digest)), headers)


def _sorted_files(digests: Collection[str], blobs: BlobStore) -> list[tuple[str, str]]:
    """Kinds and digests, the parts of a split model in their order.

    Raises:
        InvalidRequest: more than one model, or some of the parts of one.
    """
    headers = {normalise(digest): _uploaded(blobs, digest, num_parts=None) for digest in digests}
    files = [(kind_of(header), digest) for digest, header in headers.items()]
    models = {digest: headers[digest].metadata for kind, digest in files if kind == "model"}
    counts = {keys.get("split.count") or 1 for keys in models.values()}
    if counts <= {1}:
        if len(models) > 1:
            raise InvalidRequest("more than one of the files is a model", param="files")
        return files
    parts = {keys.get("split.no", 0): digest for digest, keys in models.items()}
    if counts != {len(models)} or parts.keys() != set(range(len(models))):
        raise InvalidRequest(f"the files are not all {max(counts)} parts of one split model", param="files")
    return [*(("model", parts[number]) for number in sorted(parts)), *(file for file in files if file[0] != "model")]


def _uploaded(blobs: BlobStore, digest: str, num_parts: int | None = 1) -> Header:
    if not blobs.has(digest):
        raise InvalidRequest(f"no such file: upload blob {normalise(digest)} first", param="files")
    try:
        return check_file(blobs, digest, num_parts=num_parts)
    except Corrupt as exc:
        raise InvalidRequest(exc.message, param="files") from exc


# --- layers -----------------------------------------------------------------------------------------------------


def build(blobs: BlobStore, parts: Parts, base: Base) -> tuple[Manifest, list[Progress]]:
    """Store the texts as blobs and put the layers together; returns the manifest and one status per layer."""
    layers, statuses = [], []
    for kind, content in _contents(parts, base):
        layer, is_new = (content, False) if isinstance(content, Layer) else _store(blobs, kind, content)
        layer = adapters.with_scale(layer, parts.scales.get(layer.digest, 1.0))
        statuses.append(Progress(status=f"{'creating new' if is_new else 'using existing'} layer {layer.digest}"))
        layers.append(layer)
    config, _ = _store(blobs, CONFIG_TYPE, _config(blobs, parts, base, {layer.kind for layer in layers}))
    return Manifest(config=config, layers=tuple(layers)), statuses


def texts(blobs: BlobStore, parts: Parts, base: Base) -> list[bytes]:
    """What `build` stores beside the files. Raises Corrupt, NotFound: of the files."""
    contents = list(_contents(parts, base))
    config = _config(blobs, parts, base, {kind for kind, _ in contents})
    return [*(content for _, content in contents if isinstance(content, bytes)), config]


def _contents(parts: Parts, base: Base) -> Iterator[tuple[str, Layer | bytes | str]]:
    """Layers in order: those kept from the base, files (a digest), then texts (bytes)."""
    replaced = {kind for kind, _ in parts.files} | {"params"}
    replaced |= {"template", "prompt"} if parts.template is not None else set()
    replaced |= {"system"} if parts.system is not None else set()
    replaced |= {"messages"} if parts.messages else set()
    for layer in base.layers:
        if layer.kind not in replaced:
            yield layer.kind, layer
    yield from parts.files
    for kind, text in (("template", parts.template), ("system", parts.system)):
        if text:
            yield kind, text.encode()
    if merged := base.parameters | parts.parameters:
        yield "params", _json(merged)
    if parts.messages:
        yield "messages", _json([{"role": message.role, "content": message.content} for message in parts.messages])
    for text in parts.licenses:
        yield "license", text.encode()


def _store(blobs: BlobStore, kind: str, content: bytes | str) -> tuple[Layer, bool]:
    """A layer for bytes, stored now, or for the digest of a blob that is there; and whether it is new."""
    media_type = kind if kind == CONFIG_TYPE else LAYER_PREFIX + kind
    if isinstance(content, str):
        return Layer(media_type=media_type, digest=content, size=blobs.size(content)), False
    digest, is_new = blobs.add_bytes(content)
    return Layer(media_type=media_type, digest=digest, size=len(content)), is_new


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted") + b"\n"


def _config(blobs: BlobStore, parts: Parts, base: Base, kinds: Collection[str]) -> bytes:
    config = {**_PLATFORM, **base.config}
    headers = [read_header(blobs.path_for(digest)) for kind, digest in parts.files if kind == "model"]
    if headers:
        config |= _describe(headers[0])  # which has the metadata of a split model, the others have tensors
        config["model_type"] = format_count(sum(header.num_parameters for header in headers))
    if "projector" in kinds and "clip" not in config.get("model_families", ()):
        config["model_families"] = [*config.get("model_families", ()), "clip"]
    if parts.requires:
        config["requires"] = parts.requires
    if parts.dialect:
        config["parser"] = parts.dialect
    return _json(config)


def _describe(header: Header) -> dict[str, Any]:
    """Config fields of a model, as Ollama writes them."""
    return {
        "model_format": "gguf",
        "model_family": header.architecture,
        "model_families": [header.architecture],
        "model_type": format_count(header.num_parameters),
        "file_type": header.file_type,
        "context_length": header.context_length,
        "embedding_length": header.embedding_length,
    }


def license_of(header: Header) -> tuple[str, ...]:
    """The licence a GGUF file names in its header."""
    text = header.text("general.license").strip()
    return (text,) if 0 < len(text.encode()) <= _LICENSE_BYTES else ()
