"""A model's record, a request's options and the settings → how to load and to sample. Defaults merge here."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from omm.config import Settings
from omm.engine import sampling
from omm.engine.messages import LoadSpec, ModelShape, SamplingParams
from omm.errors import Corrupt, InvalidRequest
from omm.types import LoadWishes, ModelRecord, Options


def merge_options(request: Options, record: ModelRecord) -> Options:
    """Request over what is stored or configured; omm's own defaults stand in `engine.messages`.

    Raises:
        InvalidRequest: a value is out of range.
    """
    return sampling.merge(request, options_from(record.parameters))


def effective(request: Options, record: ModelRecord) -> SamplingParams:
    """How a request is sampled, defaults filled in.

    Raises:
        InvalidRequest: a value is out of range.
    """
    return sampling.resolve(merge_options(request, record))[0]


def options_from(parameters: dict[str, Any]) -> Options:
    """Options from stored parameters; what omm does not know is ignored, as Ollama does."""
    known = {name: value for name, value in parameters.items() if name in Options.__struct_fields__}
    try:
        return msgspec.convert(known, Options, strict=False)
    except msgspec.ValidationError as exc:
        raise InvalidRequest(f"the model's parameters are wrong: {exc}", param="options") from exc


def load_spec(record: ModelRecord, options: Options, settings: Settings, wishes: LoadWishes = LoadWishes()) -> LoadSpec:
    """How to load a model for a request with these merged options."""
    ours = record.defaults.wishes
    return LoadSpec(
        path=record.weights,
        shape=_shape(record),
        num_ctx=options.num_ctx or 0,
        default_ctx=settings.context_length,
        num_parallel=record.defaults.num_parallel or settings.num_parallel,
        num_batch=options.num_batch or 0,
        num_gpu=-1 if options.num_gpu is None else options.num_gpu,
        main_gpu=options.main_gpu or 0,
        num_thread=options.num_thread or settings.threads,
        use_mmap=options.use_mmap,
        flash_attention=wishes.flash_attention or ours.flash_attention or settings.flash_attention,
        kv_cache_type=wishes.kv_cache_type or ours.kv_cache_type or settings.kv_cache_type,
        gpu_overhead=settings.gpu_overhead,
        adapters=tuple(adapter.path for adapter in record.adapters),
    )


def _shape(record: ModelRecord) -> ModelShape:
    try:
        files = (*(record.parts or (record.weights,)), *(adapter.path for adapter in record.adapters))
        size = sum(os.path.getsize(path) for path in files)
    except OSError as exc:
        raise Corrupt(f"the weights of {record.name} cannot be read: {exc.strerror}") from exc
    return ModelShape(
        num_layers=record.num_layers,
        kv_bytes_per_token=2 * record.kv_elements_per_token,
        weights_bytes=size,
        trained_context=record.details.context_length,
        is_embedding="embedding" in record.capabilities,
    )
