"""link: a GGUF file of this machine becomes a model where it lies, without a copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from omm.cli import output, transfer
from omm.cli.output import ProgressView
from omm.cli.replies import ProgressLine
from omm.cli.session import Session
from omm.config import Settings
from omm.errors import InvalidRequest
from omm.names import ModelName

if TYPE_CHECKING:
    import typer


def link(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A GGUF file")],
    name: Annotated[str | None, typer.Option("--name", metavar="MODEL", help="Name of the model")] = None,
) -> None:
    """Make a model of a file without copying it"""
    path = Path(file).expanduser()
    if not path.is_file():
        raise InvalidRequest(f"{'not a file' if path.exists() else 'no such file'}: {path}", param="file")
    model = name or transfer.name_for(path)
    ModelName.parse(model)
    session.client.version()  # start the server now, or say that there is none, before the work
    with output.progress_view() as view:
        digest = _register(path, session.settings, view)
        if not session.client.has_blob(digest):
            raise InvalidRequest(
                f"the server keeps its models elsewhere than in {session.settings.models}; "
                f"omm pull {path} copies the file there",
                param="models",
            )
        transfer.follow(session.client.create({"model": model, "files": {path.name: digest}}), view)
    output.say(model)


def _register(path: Path, settings: Settings, view: ProgressView) -> str:
    from omm.sources import local
    from omm.store.blobs import BlobStore

    size = path.stat().st_size
    steps = local.register(path, BlobStore(settings.models))
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            return str(end.value)
        view.show(ProgressLine(status=f"hashing {path.name}", total=size, completed=done))
