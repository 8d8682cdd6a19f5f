"""prune, verify, export, import: the store as a whole, and models as files."""

from __future__ import annotations

import os
import re
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

from omm import units
from omm.cli import output, transfer
from omm.cli.client import Client, Stream
from omm.cli.files import appending
from omm.cli.output import ProgressView
from omm.cli.replies import ProgressLine
from omm.cli.session import Session
from omm.errors import EngineFailed, InvalidRequest
from omm.names import ModelName

if TYPE_CHECKING:
    import typer

MAX_MANIFEST_BYTES = 1 << 20

_BLOB = re.compile(r"blobs/sha256-([0-9a-f]{64})")
_MANIFEST = "manifests/"


def prune(
    session: Session,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only say what would be removed")] = False,
) -> None:
    """Remove files that no model uses"""
    for line in _steps(session.client.prune(dry_run=dry_run)):
        output.say(line.status)


def verify(
    session: Session,
    model: Annotated[str, typer.Argument(metavar="[MODEL]", help="Name of the model")] = "",
    repair: Annotated[bool, typer.Option("--repair", help="Fetch damaged files again from where they came")] = False,
) -> None:
    """Check that models are as they were pulled"""
    found: list[str] = []
    try:
        with output.progress_view() as view:
            for line in _steps(session.client.verify(model, repair=repair)):
                if line.total:
                    view.show(line)
                else:
                    found.append(line.status)
    finally:  # below the bars
        for status in found:
            output.say(status)


def _steps(stream: Stream[ProgressLine]) -> Iterator[ProgressLine]:
    """Lines up to the one that says that all went well."""
    with stream:
        for line in stream:
            if line.status == "success":
                return
            yield line
    raise EngineFailed("the server gave up")


# --- export -------------------------------------------------------------------------------------------------------


def export(
    session: Session,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name of the model")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="File to write; - is the standard output")],
) -> None:
    """Write a model into one file"""
    client = session.client
    path = Path(file).expanduser()
    if file != "-" and path.is_dir():
        raise InvalidRequest(f"{file}: Is a directory", param="file")
    if file == "-" or (path.exists() and not path.is_file()):  # a pipe or a device is not to be replaced
        with output.progress_view() as view, appending(file) as target:
            _receive(client, model, target, view)
        return
    path = Path(os.path.realpath(path))  # nor is a link, as /dev/stdout may be to a file
    if not path.parent.is_dir():
        raise InvalidRequest(f"{file}: No such file or directory", param="file")
    aside = path.with_name(f".{path.name}.part")
    try:
        with aside.open("wb") as target, output.progress_view() as view:
            size = _receive(client, model, target, view)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    output.note(f"wrote {path}, {units.format_bytes(size)}")


def _receive(client: Client, model: str, target: IO[bytes], view: ProgressView) -> int:
    done = 0
    with client.export(model) as (size, chunks):
        for chunk in chunks:
            target.write(chunk)
            done += len(chunk)
            view.show(ProgressLine(status=f"exporting {model}", total=size, completed=done))
    if done != size:
        raise EngineFailed(f"the server sent {done} bytes of {size}")
    return done


# --- import -------------------------------------------------------------------------------------------------------


def import_(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="File that export wrote; - is the standard input")],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Name of the model, if not the one it had")] = "",
) -> None:
    """Read a model out of a file that export wrote"""
    client = session.client
    with ExitStack() as stack:
        content = sys.stdin.buffer if file == "-" else stack.enter_context(Path(file).expanduser().open("rb"))
        view = stack.enter_context(output.progress_view())
        try:
            archive = stack.enter_context(tarfile.open(fileobj=content, mode="r|"))
            found, manifest = _send(client, archive, view)
        except (tarfile.TarError, EOFError, ValueError) as exc:  # the last of fields that tarfile takes for granted
            raise InvalidRequest(f"{file} is no whole file that omm export wrote: {exc}", param="file") from exc
    model = name or found
    client.import_manifest(model, manifest)
    output.note(f"imported {model}")


def _send(client: Client, archive: tarfile.TarFile, view: ProgressView) -> tuple[str, str]:
    """Upload the blobs that the server lacks; returns the model's name and manifest."""
    name = manifest = ""
    for entry in archive:
        content = archive.extractfile(entry) if entry.isreg() and not entry.issparse() else None
        blob = _BLOB.fullmatch(entry.name)
        if content is None:
            raise tarfile.ReadError(f"{entry.name!r} is no file")
        if blob:
            _send_blob(client, f"sha256:{blob[1]}", content, entry.size, view)
        elif entry.name.startswith(_MANIFEST) and not manifest and entry.size <= MAX_MANIFEST_BYTES:
            name = _name_of(entry.name.removeprefix(_MANIFEST))
            manifest = content.read().decode("utf-8", "strict")
        else:
            raise tarfile.ReadError(f"{entry.name!r} does not belong in it")
    if not manifest:
        raise tarfile.ReadError("it has no manifest")
    return name, manifest


def _send_blob(client: Client, digest: str, content: IO[bytes], size: int, view: ProgressView) -> None:
    if not client.has_blob(digest):
        client.upload_blob(digest, transfer.chunks(content, size, f"copying {digest[7:19]}", view), size)


def _name_of(path: str) -> str:
    """The model that a manifest at this place is. Raises InvalidRequest."""
    host, namespace, model, tag = (path.split("/") + [""] * 4)[:4]
    return ModelName.parse(f"{host}/{namespace}/{model}:{tag}").display
