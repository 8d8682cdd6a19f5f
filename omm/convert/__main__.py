"""The converting process: reads one job from stdin, writes a GGUF file, and says on stdout how far it is.

A process of its own, because it maps files that somebody else wrote, and can be stopped at any point.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gguf import GGMLQuantizationType, GGUFWriter

from omm.convert import config, families, metadata, special, tokens, weights
from omm.convert.config import Config
from omm.convert.families import Planned
from omm.convert.folder import Folder
from omm.engine import quantizer
from omm.engine.jobs import Checking, Conversion, Remark, Report, Written, work
from omm.errors import StorageFailed
from omm.store.blobs import storage_errors
from omm.units import format_bytes

_TYPES = {"F32": GGMLQuantizationType.F32, "F16": GGMLQuantizationType.F16, "BF16": GGMLQuantizationType.BF16}

Array = npt.NDArray[Any]


def main() -> None:
    """Do one job."""
    work(Conversion, _do)


def _do(job: Conversion, report: Callable[[Report], None]) -> None:
    with storage_errors():
        convert(Folder(job.files), Path(job.target), report)
    report(Checking())
    quantizer.check(job.target)


def convert(folder: Folder, target: Path, report: Callable[[Report], None]) -> None:
    """Write a checkpoint as GGUF. Matrices keep their type, vectors become F32; holds one tensor at a time in memory.

    Raises:
        InvalidRequest: files are missing, broken, or contradict each other; nothing is written then.
        StorageFailed: the disk has no room for it; nothing is written then either.
        Unsupported: what the checkpoint holds is not converted, or llama.cpp could not run it as it was meant.
    """
    family = families.find(config.architecture(folder))
    settings = config.read(folder, family.head_dim)
    families.check(family, settings)
    planned = families.plan(family, settings, weights.read(folder))
    vocabulary = tokens.read(folder, settings.vocab_size)
    writer = GGUFWriter(target, family.architecture)
    metadata.add_general(writer, folder, family, settings, vocabulary, planned)
    metadata.add_architecture(writer, family, settings)
    metadata.add_vocabulary(writer, vocabulary, special.read(folder, settings, vocabulary))
    for text in families.remarks(family, settings):
        report(Remark(text=text))
    _write(target.parent, writer, _extras(settings), planned, report)


def _extras(settings: Config) -> dict[str, Array]:
    """Tensors that the checkpoint has as numbers in its configuration."""
    rope = settings.rope
    factors: dict[str, object] = {}
    if rope.type == "llama3":
        factors = {"rope_freqs.weight": config.llama3_factors(settings)}
    elif rope.type == "longrope":
        factors = {"rope_factors_long.weight": rope.long_factor, "rope_factors_short.weight": rope.short_factor}
    return {name: np.asarray(values, np.float32) for name, values in factors.items()}


def _write(
    folder: Path, writer: GGUFWriter, extras: dict[str, Array], planned: list[Planned], report: Callable[[Report], None]
) -> None:
    for name, array in extras.items():
        writer.add_tensor_info(name, array.shape, array.dtype, array.nbytes)
    sizes = [_announce(writer, item) for item in planned]
    _check_space(folder, sum(sizes))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for array in extras.values():
        writer.write_tensor_data(array)
    done = 0
    for item, size in zip(planned, sizes, strict=True):
        report(Written(completed=done, total=sum(sizes)))
        writer.write_tensor_data(_values(item))
        done += size
    report(Written(completed=done, total=done))
    writer.close()


def _check_space(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        raise StorageFailed(f"model store: no space left on the disk, the model takes {format_bytes(size)}")


def _announce(writer: GGUFWriter, item: Planned) -> int:
    """Put a tensor into the header; its bytes come later. Returns how many."""
    kind = _TYPES[item.tensor.dtype] if len(item.tensor.shape) > 1 else GGMLQuantizationType.F32
    size = int(np.prod(item.tensor.shape)) * (4 if kind == GGMLQuantizationType.F32 else 2)
    writer.add_tensor_info(item.name, item.tensor.shape, np.dtype(np.float32), size, raw_dtype=kind)
    return size


def _values(item: Planned) -> Array:
    """A tensor as it is written: rows in llama.cpp's order, vectors in F32."""
    values = item.tensor.load()
    if values.ndim == 1:
        values = _float32(values)
    match item.transform:
        case "plus one":
            return values + np.float32(1)
        case "halves":
            return in_pairs(values, item.heads)
    return values


def _float32(values: Array) -> npt.NDArray[np.float32]:
    if values.dtype == np.uint16:  # the upper half of a float32
        return (values.astype(np.uint32) << np.uint32(16)).view(np.float32)
    return values.astype(np.float32)


def in_pairs(rows: Array, heads: int) -> Array:
    """Rows of `heads` heads with row i of each half side by side, as llama.cpp turns them for Llama.

    Source: llama.cpp, conversion of Llama's query and key matrices.
    """
    halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2)).reshape(rows.shape)


if __name__ == "__main__":
    main()
