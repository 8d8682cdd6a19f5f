"""Converting: one GGUF file out of the files of a checkpoint. A child process works, this side sorts, checks and tells.

The file is written beside the blobs and becomes one only when it was read back and has run.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping

from omm.engine.jobs import Checking, Conversion, Remark, Written
from omm.errors import InvalidRequest
from omm.service import jobs
from omm.store.blobs import BlobStore, normalise
from omm.store.gguf import read_header
from omm.types import Progress

WEIGHTS = ".safetensors"

_STATUS = "converting model"
_DIGEST = "0" * 18 + "1"  # WIRE: Ollama's client keeps one bar for each digest, and quantizing has the zeros
_LICENSE = re.compile(r"(licen[cs]e|copying)([._-][a-z0-9._-]*)?", re.IGNORECASE)
_LICENSE_BYTES = 1 << 20


def is_checkpoint(files: Mapping[str, str]) -> bool:
    """Whether the files, digests by name, are those of a checkpoint."""
    return any(name.endswith(WEIGHTS) for name in files)


def convert(blobs: BlobStore, files: Mapping[str, str]) -> Generator[Progress, None, str]:
    """Make a GGUF file of a checkpoint's files, digests by name; returns the digest of the new blob. Closing cancels.

    Raises:
        InvalidRequest, Unsupported: of what the files hold.
        Corrupt, LoadFailed, EngineFailed: the result is not usable; it is deleted.
    """
    paths = {name: str(blobs.path_for(digest)) for name, digest in _own(blobs, files).items()}
    yield Progress(status=_STATUS)
    with blobs.open_writer() as writer:
        yield from _progress(Conversion(files=paths, target=str(writer.path)))
        read_header(writer.path)
        for _ in writer.reread():
            yield Progress(status="verifying conversion")
        return writer.commit()


def _progress(job: Conversion) -> Iterator[Progress]:
    """Run a job, telling how much of the target is written."""
    current = Progress(status=_STATUS)
    for report in jobs.run("omm.convert", job):
        match report:
            case Written(completed=completed, total=total):
                current = Progress(status=_STATUS, digest=_DIGEST, total=total, completed=completed)
            case Remark(text=text):
                current = Progress(status=text)
            case Checking():
                current = Progress(status="verifying conversion")
        yield current


def _own(blobs: BlobStore, files: Mapping[str, str]) -> dict[str, str]:
    """The files that lie at the top; what some checkpoints keep in folders is of no use here.

    Raises:
        InvalidRequest: weights lie in a folder, or a file was not uploaded.
    """
    for name, digest in files.items():
        if "/" in name.replace("\\", "/") and name.endswith(WEIGHTS):
            raise InvalidRequest(f"weights in a folder are not read: {name}", param="files")
        if not blobs.has(digest):
            raise InvalidRequest(f"no such file: upload blob {normalise(digest)} first", param="files")
    return {name: digest for name, digest in files.items() if "/" not in name.replace("\\", "/")}


def licenses(blobs: BlobStore, files: Mapping[str, str]) -> tuple[str, ...]:
    """Texts of the licences among the files."""
    found = [digest for name, digest in sorted(files.items()) if _LICENSE.fullmatch(name)]
    texts = [blobs.read(digest, _LICENSE_BYTES).decode("utf-8", "replace").strip() for digest in found]
    return tuple(text for text in texts if text)
