"""The quantising process: reads one job from stdin, writes another file, and says on stdout how far it is.

A process of its own, because llama.cpp cannot be stopped in the middle, and aborts on some of what a file may hold.
"""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt
from llama_cpp import _ggml

from omm.engine import llama
from omm.engine.jobs import Checking, Quantization, Report, Step, work
from omm.engine.machine import usable_cores
from omm.errors import EngineFailed, InvalidRequest

_INFO, _ERROR = 2, 4  # ggml's log levels
_STEP = re.compile(r"\[\s*(\d+)/\s*(\d+)\] (\S+)")
_MAGIC = b"GGUF"
_F32 = 0  # ggml's type id
_SUMS, _COUNTS = ".in_sum2", ".counts"
_SAMPLE_TEXT = "The quick brown fox jumps over the lazy dog."
_SAMPLE_TOKENS = 16
_CHECK_CONTEXT = 64

Floats = npt.NDArray[np.float32]
_NOTHING: Floats = np.zeros(0, np.float32)


def main() -> None:
    """Do one job."""
    work(Quantization, _do)


def _do(job: Quantization, report: Callable[[Report], None]) -> None:
    quantize(job, report)
    report(Checking())
    check(job.target, is_embedding=job.is_embedding)


# --- writing ------------------------------------------------------------------------------------------------------


def quantize(job: Quantization, report: Callable[[Report], None]) -> None:
    """Write the target file.

    Raises:
        InvalidRequest: llama.cpp refuses, say because the type needs an importance matrix; the message says why.
    """
    errors: list[str] = []

    @llama_cpp.llama_log_callback
    def on_log(level: int, text: bytes, _user_data: Any) -> None:
        line = text.decode("utf-8", "replace").strip()
        if level == _INFO and (match := _STEP.match(line)):
            report(Step(tensor=match[3]))
        elif level == _ERROR:
            errors.append(line)

    llama_cpp.llama_log_set(on_log, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    params = llama_cpp.llama_model_quantize_default_params()
    params.nthread, params.ftype = usable_cores(), job.file_type
    entries = _entries(importance(job.importance)) if job.importance else None
    if entries is not None:
        params.imatrix = ctypes.cast(entries, type(params.imatrix))
    code = llama_cpp.llama_model_quantize(os.fsencode(job.source), os.fsencode(job.target), ctypes.byref(params))
    if code:
        raise InvalidRequest(_reason(errors), param="quantize")


def _reason(errors: list[str]) -> str:
    """llama.cpp's own words, without the name of the function that says them."""
    said = [line.rpartition("failed to quantize: ")[2] for line in errors if line.strip("=")]
    return f"quantizing failed: {said[-1] if said else 'llama.cpp does not say why'}"


def _entries(weights: dict[str, Floats]) -> Any:
    """The C array that llama.cpp reads, ended by an entry without a name; it keeps what it points at alive."""
    array = (llama_cpp.llama_model_imatrix_data * (len(weights) + 1))()
    for entry, (name, values) in zip(array, weights.items(), strict=False):
        entry.name, entry.size = name.encode(), values.size
        entry.data = values.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
    array.weights = weights
    return array


# --- importance matrices ------------------------------------------------------------------------------------------


def importance(path: str) -> dict[str, Floats]:
    """Read what `llama-imatrix` wrote: how much each input of each tensor matters, by the tensor's name.

    Raises:
        InvalidRequest: it is no importance matrix, neither as GGUF nor in the older form.
    """
    with open(path, "rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return _older(path)
    arrays = _arrays(path)
    names = [name.removesuffix(_SUMS) for name in arrays if name.endswith(_SUMS)]
    pairs = {name: (arrays[name + _SUMS], arrays.get(name + _COUNTS, _NOTHING)) for name in names}
    if not pairs or any(not counts.size or sums.size % counts.size for sums, counts in pairs.values()):
        raise InvalidRequest("the imatrix file holds no importance matrix", param="imatrix")
    return {name: _mean(sums, counts) for name, (sums, counts) in pairs.items()}


def _mean(sums: Floats, counts: Floats) -> Floats:
    """Mean squares, one row per expert; an expert that saw nothing weighs all alike."""
    rows = sums.reshape(len(counts), -1)
    seen = counts[:, None]
    return np.where(seen > 0, rows / np.maximum(seen, 1), 1).astype(np.float32).ravel()


def _older(path: str) -> dict[str, Floats]:
    """What `llama-imatrix` wrote until 2025, mostly with the suffix .dat. Source: llama.cpp, `imatrix-loader.cpp`."""
    content = np.memmap(path, np.uint8, "r") if os.path.getsize(path) else np.zeros(0, np.uint8)
    found: dict[str, Floats] = {}
    at = 4
    try:
        for _ in range(_count(content, 0)):
            name = content[at + 4 : at + 4 + _count(content, at)].tobytes().decode()
            at += 4 + _count(content, at)
            num_calls, num_values = _count(content, at, least=0), _count(content, at + 4)
            values = content[at + 8 : at + 8 + 4 * num_values].copy().view(np.float32)
            if values.size != num_values or not np.isfinite(values).all():
                raise ValueError("cut off")
            found[name] = values / np.float32(num_calls) if num_calls else np.ones_like(values)
            at += 8 + 4 * num_values
    except ValueError as exc:
        raise InvalidRequest("the imatrix file is not one that llama-imatrix wrote", param="imatrix") from exc
    return found


def _count(content: npt.NDArray[np.uint8], at: int, least: int = 1) -> int:
    number = int.from_bytes(content[at : at + 4].tobytes(), "little", signed=True)
    if at + 4 > content.size or not least <= number <= content.size:
        raise ValueError("no such number")
    return number


class _GgufParams(ctypes.Structure):
    _fields_ = (("no_alloc", ctypes.c_bool), ("ctx", ctypes.c_void_p))


def _arrays(path: str) -> dict[str, Floats]:
    """The F32 tensors of a GGUF file, flat, by name; empty when it is none."""
    gguf = _ggml.libggml
    file, index, name = ctypes.c_void_p, ctypes.c_int64, ctypes.c_char_p
    functions: dict[str, tuple[list[Any], Any]] = {
        "init_from_file": ([name, _GgufParams], file),
        "free": ([file], None),
        "get_n_tensors": ([file], ctypes.c_int64),
        "get_data_offset": ([file], ctypes.c_size_t),
        "get_tensor_name": ([file, index], name),
        "get_tensor_type": ([file, index], ctypes.c_int),
        "get_tensor_offset": ([file, index], ctypes.c_size_t),
        "get_tensor_size": ([file, index], ctypes.c_size_t),
    }
    for function, (arguments, result) in functions.items():
        bound = getattr(gguf, f"gguf_{function}")
        bound.argtypes, bound.restype = arguments, result
    handle = gguf.gguf_init_from_file(os.fsencode(path), _GgufParams(True, None))
    if not handle:
        raise InvalidRequest("the imatrix file is not in GGUF format", param="imatrix")
    try:
        start = gguf.gguf_get_data_offset(handle)
        spans = {
            gguf.gguf_get_tensor_name(handle, i).decode("utf-8", "replace"): (
                start + gguf.gguf_get_tensor_offset(handle, i),
                gguf.gguf_get_tensor_size(handle, i),
            )
            for i in range(gguf.gguf_get_n_tensors(handle))
            if gguf.gguf_get_tensor_type(handle, i) == _F32
        }
    finally:
        gguf.gguf_free(handle)
    content = np.memmap(path, np.uint8, "r")
    if any(offset + size > len(content) for offset, size in spans.values()):
        raise InvalidRequest("the imatrix file is cut off", param="imatrix")
    return {key: content[offset : offset + size].view(np.float32) for key, (offset, size) in spans.items()}


# --- checking -----------------------------------------------------------------------------------------------------


def check(path: str, *, is_embedding: bool = False) -> None:
    """Load a new file and compute a few tokens.

    Raises:
        LoadFailed: it does not load.
        EngineFailed: what it computes is not finite.
    """
    llama.start_backend()
    model = llama.Model(path, gpu_layers=0)
    tokens = model.tokenize(_SAMPLE_TEXT, add_special=True, parse_special=False)[:_SAMPLE_TOKENS] or [0]
    context = llama.Context(
        model,
        num_ctx=_CHECK_CONTEXT,
        num_sequences=1,
        num_batch=_CHECK_CONTEXT,
        num_threads=usable_cores(),
        embeddings=is_embedding,
    )
    batch = llama.Batch(_CHECK_CONTEXT)
    row = batch.add(tokens, 0, 0, outputs="all" if is_embedding else "last")
    if context.decode(batch) != 0:
        raise EngineFailed("the new model does not fit its context")
    values = context.embedding(0) if is_embedding else context.logits(row)
    if not np.isfinite(values).all():
        raise EngineFailed("the new model computes numbers that are not finite")


if __name__ == "__main__":
    main()
