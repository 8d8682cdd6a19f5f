"""Quantising: another file of the same weights, in fewer bits. A child process works, this side checks and tells.

The file is written beside the blobs and becomes one only when it has been compared with its source and has run.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO

import msgspec

from omm import config
from omm.engine.jobs import Checking, Done, Job, Report, Step
from omm.errors import Corrupt, EngineFailed, InvalidRequest, from_code
from omm.store.blobs import BlobStore
from omm.store.ggml import FILE_TYPES
from omm.store.gguf import Header, read_header
from omm.types import Failed, Progress

SOURCE_TYPES = ("F16", "BF16", "F32")
ALIASES = {"Q3_K": "Q3_K_M", "Q4_K": "Q4_K_M", "Q5_K": "Q5_K_M", "MXFP4_MOE": "MXFP4"}

_NOT_WRITTEN = {"NVFP4"}  # llama.cpp reads it
_NUMBERS = {name: number for number, name in FILE_TYPES.items() if name not in _NOT_WRITTEN}
_DIGEST = "0" * 19  # WIRE: by which Ollama's client knows this bar
_POLL_S = 0.2


def parse_type(text: str) -> str:
    """The name of a type as files have it: `q4_k` is `Q4_K_M`.

    Raises:
        InvalidRequest: llama.cpp writes no such type.
    """
    name = ALIASES.get(text.upper(), text.upper())
    if name not in _NUMBERS:
        known = ", ".join(_NUMBERS)
        raise InvalidRequest(f"unsupported quantization type {text} - supported types are {known}", param="quantize")
    return name


def quantize(
    blobs: BlobStore, digest: str, wanted: str, importance: str | None = None
) -> Generator[Progress, None, str]:
    """Write a model's weights in the type `wanted`; returns the digest of the new blob. Closing cancels.

    `digest` is the source's, `importance` that of an importance matrix in GGUF form.

    Raises:
        InvalidRequest: the source is quantised already, or the type needs an importance matrix.
        Corrupt, LoadFailed, EngineFailed: the result is not usable; it is deleted.
    """
    source = read_header(blobs.path_for(digest))
    if source.file_type not in SOURCE_TYPES:
        raise InvalidRequest("quantization is only supported for F16, BF16 and F32 models", param="quantize")
    with blobs.open_writer() as writer:
        job = Job(
            source=str(source.path),
            target=str(writer.path),
            file_type=_NUMBERS[wanted],
            is_embedding=source.get("pooling_type") is not None,
            importance=str(blobs.path_for(importance)) if importance else None,
        )
        yield from _progress(job, source, wanted)
        yield Progress(status="verifying conversion")
        compare(source, writer.path)
        for _ in writer.reread():
            yield Progress(status="verifying conversion")
        return writer.commit()


def _progress(job: Job, source: Header, wanted: str) -> Iterator[Progress]:
    """Run a job, telling how many of the source's bytes are done."""
    status = f"quantizing {source.file_type} model to {wanted}"
    sizes = {tensor.name: tensor.num_bytes for tensor in source.tensors}
    total, done, current = sum(sizes.values()), 0, 0
    for report in _run(job):
        match report:
            case Step(tensor=name):
                done, current = done + current, sizes.get(name, 0)
            case Checking():
                done, current = total, 0
            case Failed(code=code, message=message):
                raise from_code(code, message, "quantize")
        yield Progress(status=status, digest=_DIGEST, total=total, completed=done)


def _run(job: Job) -> Iterator[Report | None]:
    """What a child process reports up to its Done, None now and then while it reports nothing; closing ends it."""
    with (
        subprocess.Popen(
            # NOTE: -P, because else a file in the current directory could take the place of any module.
            [sys.executable, "-P", "-m", "omm.engine.quantizer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=config.runner_env(),
        ) as child,
        contextlib.ExitStack() as undo,
    ):
        undo.callback(child.kill)
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(msgspec.json.encode(job) + b"\n")
        child.stdin.flush()
        for line in _lines(child.stdout):
            report: Report | None = msgspec.json.decode(line, type=Report) if line else None
            if isinstance(report, Done):
                return
            yield report
    raise EngineFailed(f"quantizing has unexpectedly stopped with code {child.returncode}")


def _lines(pipe: IO[bytes]) -> Iterator[bytes]:
    """Lines as they come, empty ones while none comes, so that the reader can look after other things."""
    rest = b""
    while True:
        if not select.select([pipe], [], [], _POLL_S)[0]:
            yield b""
            continue
        if not (chunk := os.read(pipe.fileno(), 1 << 16)):
            return
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


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
