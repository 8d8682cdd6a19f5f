"""Quantising: another file of the same weights, in fewer bits. A child process works, this side checks and tells.

The file is written beside the blobs and becomes one only when it has been compared with its source and has run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from omm.engine.jobs import Checking, Quantization, Step
from omm.errors import Corrupt, InvalidRequest
from omm.service import jobs
from omm.store import splits
from omm.store.blobs import BlobStore
from omm.store.ggml import WRITTEN_TYPES
from omm.store.gguf import Header, read_header
from omm.types import Progress

SOURCE_TYPES = ("F16", "BF16", "F32")

_DIGEST = "0" * 19  # WIRE: by which Ollama's client knows this bar


def quantize(
    blobs: BlobStore, digests: Sequence[str], wanted: str, importance: str | None = None
) -> Generator[Progress, None, str]:
    """Write a model's weights in the type `wanted`; returns the digest of the new blob. Closing cancels.

    `digests` are those of the source, which may be in parts and becomes one file; `importance` is that of an importance
    matrix.

    Raises:
        InvalidRequest: the source is quantised already, or the type needs an importance matrix.
        Corrupt, LoadFailed, EngineFailed: the result is not usable; it is deleted.
    """
    source = _whole([read_header(path) for path in _paths(blobs, digests)])
    if source.file_type not in SOURCE_TYPES:
        raise InvalidRequest("quantization is only supported for F16, BF16 and F32 models", param="quantize")
    with blobs.open_writer() as writer:
        job = Quantization(
            source=str(source.path),
            target=str(writer.path),
            file_type=WRITTEN_TYPES[wanted],
            is_embedding=source.get("pooling_type") is not None,
            importance=str(blobs.path_for(importance)) if importance else None,
        )
        yield from _progress(job, source, wanted)
        yield Progress(status="verifying conversion")
        compare(source, writer.path)
        for _ in writer.reread():
            yield Progress(status="verifying conversion")
        return writer.commit()


def _paths(blobs: BlobStore, digests: Sequence[str]) -> Sequence[Path]:
    """Where llama.cpp finds all by the first."""
    return splits.link_parts(blobs, digests) if len(digests) > 1 else [blobs.path_for(digests[0])]


def _whole(parts: Sequence[Header]) -> Header:
    """The header that the parts would have as one file, but for the tensors' places."""
    return dataclasses.replace(parts[0], tensors=tuple(tensor for part in parts for tensor in part.tensors))


def _progress(job: Quantization, source: Header, wanted: str) -> Iterator[Progress]:
    """Run a job, telling how many of the source's bytes are done."""
    status = f"quantizing {source.file_type} model to {wanted}"
    sizes = {tensor.name: tensor.num_bytes for tensor in source.tensors}
    total, done, current = sum(sizes.values()), 0, 0
    for report in jobs.run("omm.engine.quantizer", job):
        match report:
            case Step(tensor=name):
                done, current = done + current, sizes.get(name, 0)
            case Checking():
                done, current = total, 0
        yield Progress(status=status, digest=_DIGEST, total=total, completed=done)


def compare(source: Header, path: Path) -> None:
    """Check that a file holds the same tensors and vocabulary as its source, whatever the types.

    Raises:
        Corrupt: it does not.
    """
    result = read_header(path)
    if {tensor.name: tensor.shape for tensor in result.tensors} != {t.name: t.shape for t in source.tensors}:
        raise Corrupt("the quantized model has other tensors than its source")
    for key in ("tokenizer.ggml.tokens", "tokenizer.ggml.merges", "tokenizer.ggml.token_type"):
        if result.array(key) != source.array(key):
            raise Corrupt("the quantized model has another vocabulary than its source")
