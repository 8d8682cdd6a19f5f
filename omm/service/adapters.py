"""LoRA adapters of a model: their names and scales, whether they fit, and which of them a request wants."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from omm.errors import InvalidRequest
from omm.store import modelfile
from omm.store.blobs import BlobStore, normalise
from omm.store.facts import FactStore
from omm.store.gguf import Header, Tensor
from omm.store.manifests import Layer
from omm.types import Adapter, AdapterChoice, ModelRecord

SCALE = "omm.adapter.scale"  # the annotation of an adapter's layer, absent for 1
NUM_DIGEST_CHARS = 12
MAX_NAME_CHARS = 100
_LEFT, _RIGHT = ".lora_a", ".lora_b"
_UNUSED = "_norm.weight"  # llama.cpp leaves such tensors out
_EMBEDDING, _OUTPUT = "token_embd.weight", "output.weight"
_NO_FACTORS = frozenset({"I8", "I16", "I32", "I64", "F64", "Q8_1", "Q8_K"})  # types that ggml does not multiply by


def described(layers: Iterable[Layer], facts: FactStore, blobs: BlobStore) -> tuple[Adapter, ...]:
    """A model's adapters by their layers: each has the name in its file, or where that is not to be had, its digest."""
    found: dict[str, Adapter] = {}
    for layer in layers:
        known = facts.get(layer.digest)
        name, base = (_plain(known.name), _plain(known.base_name)) if known else ("", "")
        if not name or name in found:
            name = normalise(layer.digest)[7 : 7 + NUM_DIGEST_CHARS]
        found[name] = Adapter(name=name, path=str(blobs.path_for(layer.digest)), scale=_scale(layer), base=base)
    return tuple(found.values())


def _plain(name: str) -> str:
    """A name that can be shown and typed; empty for another."""
    return name if len(name) <= MAX_NAME_CHARS and name.isprintable() else ""


def _scale(layer: Layer) -> float:
    """What the layer says; 1 for what is no scale, as the manifest may be from anywhere."""
    try:
        return modelfile.parse_scale(str((layer.annotations or {})[SCALE]))
    except (KeyError, InvalidRequest):
        return 1.0


def with_scale(layer: Layer, scale: float) -> Layer:
    """The layer of an adapter that applies at this scale."""
    return layer if scale == 1 else msgspec.structs.replace(layer, annotations={SCALE: str(scale)})


def scales(record: ModelRecord, wanted: tuple[AdapterChoice, ...] | None) -> tuple[float, ...]:
    """How strongly each of a model's adapters applies: as the model says, or those alone that a request wants.

    Raises:
        InvalidRequest: the model has no such adapter, or one is wanted twice.
    """
    if wanted is None:
        return tuple(adapter.scale for adapter in record.adapters)
    chosen = {choice.name: choice.scale for choice in wanted}
    known = [adapter.name for adapter in record.adapters]
    if missing := [name for name in chosen if name not in known]:
        which = f'no adapter "{missing[0]}", only {", ".join(known)}' if known else "no adapters"
        raise InvalidRequest(f'model "{record.name}" has {which}', param="lora")
    if len(chosen) < len(wanted):
        raise InvalidRequest("an adapter is named twice", param="lora")
    return tuple(chosen.get(name, 0.0) for name in known)


def check_fit(adapter: Header, weights: Sequence[Header]) -> None:
    """Refuse an adapter of another model than this, which llama.cpp would not load.

    Raises:
        InvalidRequest.
    """
    kind = adapter.text("adapter.type")
    if kind != "lora":
        raise InvalidRequest(f"the adapter is of type {kind or 'unknown'}, not lora", param="adapters")
    if not weights:
        raise InvalidRequest("there are no weights here for the adapter to go with", param="adapters")
    architecture = weights[0].architecture
    if adapter.architecture != architecture:
        raise InvalidRequest(
            f"the adapter is for the architecture {adapter.architecture}, the model is {architecture}", param="adapters"
        )
    alpha = adapter.metadata.get("adapter.lora.alpha", 0.0)
    if not math.isfinite(alpha):
        raise InvalidRequest(f"the adapter's alpha is {alpha}", param="adapters")
    _check_matrices(adapter, {tensor.name: tensor.shape for header in weights for tensor in header.tensors})


def _check_matrices(adapter: Header, shapes: Mapping[str, tuple[int, ...]]) -> None:
    parts = {tensor.name: tensor for tensor in adapter.tensors if not tensor.name.endswith(_UNUSED)}
    for name in parts:
        target = name.removesuffix(_LEFT).removesuffix(_RIGHT)
        left, right = parts.get(target + _LEFT), parts.get(target + _RIGHT)
        if (
            target == name
            or target not in shapes
            or left is None
            or right is None
            or not _fits(target, shapes[target], left, right)
        ):
            raise InvalidRequest(
                f"the adapter does not fit the model: {target} is not there or of another shape or type",
                param="adapters",
            )
        if target == _EMBEDDING and _OUTPUT not in shapes:
            raise InvalidRequest(
                f"the adapter changes {target}, which in this model makes the output, too; llama.cpp cannot do both",
                param="adapters",
            )


def _fits(name: str, shape: tuple[int, ...], left: Tensor, right: Tensor) -> bool:
    """Whether two matrices make one of this shape; where not, llama.cpp ends the process.

    Source: llama.cpp, src/llama-adapter.cpp, and `build_lora_mm` in src/llama-graph.cpp.
    """
    if len(shape) < 2 or {left.type, right.type} & _NO_FACTORS:
        return False
    (first, second, *a_more), (rank, last, *b_more) = _padded(left.shape), _padded(right.shape)
    # The embedding is looked up rather than multiplied, so the sides of its first half change places.
    inner, outer = (first, (last, second)) if name == _EMBEDDING else (second, (first, last))
    return inner == rank and _padded(shape) == (*outer, *a_more) and a_more == b_more


def _padded(shape: tuple[int, ...]) -> tuple[int, ...]:
    """All four sizes of a tensor."""
    return (*shape, 1, 1, 1)[:4]
