"""pull and create: bring models into the server's store, from sources it reaches or from files here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omm.cli import output
from omm.cli.client import Client, Stream
from omm.cli.output import ProgressView
from omm.cli.replies import ProgressLine
from omm.cli.session import client_of
from omm.errors import EngineFailed, InvalidRequest
from omm.names import ModelName

if TYPE_CHECKING:
    from omm.store.modelfile import Modelfile

CHUNK_BYTES = 1 << 20
MAX_NAME_CHARS = 80


def pull(
    ctx: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name of the model, or a GGUF file")],
    insecure: Annotated[bool, typer.Option("--insecure", help="Use an insecure registry")] = False,
) -> None:
    """Pull a model from a source"""
    client = client_of(ctx)
    if is_file_name(model):
        import_file(client, Path(model).expanduser())
    else:
        pull_model(client, model, insecure=insecure)


def pull_model(client: Client, model: str, *, insecure: bool) -> None:
    """Pull a model by name, showing how far it is."""
    with output.progress_view() as view:
        follow(client.pull(model, insecure=insecure), view)


def push(
    ctx: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name of the model: HOST/NAMESPACE/MODEL[:TAG]")],
    insecure: Annotated[bool, typer.Option("--insecure", help="Use an insecure registry")] = False,
) -> None:
    """Push a model to a registry"""
    with output.progress_view() as view:
        follow(client_of(ctx).push(model, insecure=insecure), view)


def create(
    ctx: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name of the new model")],
    file: Annotated[str, typer.Option("--file", "-f", metavar="FILE", help="Name of the Modelfile")] = "Modelfile",
    quantize: Annotated[
        str | None, typer.Option("--quantize", "-q", metavar="TYPE", help="Quantize the weights, say to Q4_K_M")
    ] = None,
    imatrix: Annotated[
        str | None, typer.Option("--imatrix", metavar="FILE", help="Importance matrix to quantize with")
    ] = None,
) -> None:
    """Create a model"""
    _check_name(model)
    folder = Path(file).parent
    recipe = read_modelfile(Path(file))
    for warning in (*recipe.warnings, *_unused(recipe)):
        output.note(warning)
    models, files = _split_bases(recipe, folder)
    adapters = [_file(path, folder, "adapter") for path in recipe.adapters]
    drafts = [_file(path, folder, "draft") for path in recipe.drafts]
    importance = [_file(imatrix, Path(), "imatrix")] if imatrix else []
    client = client_of(ctx)
    with output.progress_view() as view:
        body = {
            **recipe_body(recipe),
            "model": model,
            "from": models[0] if models else None,
            "files": upload(client, files, view),
            "adapters": upload(client, adapters, view),
            "draft_files": upload(client, drafts, view),
            "quantize": quantize,
            "imatrix": next(iter(upload(client, importance, view).values()), None),
        }
        follow(client.create({name: value for name, value in body.items() if value}), view)


def _check_name(model: str) -> None:
    try:
        ModelName.parse(model)
    except InvalidRequest as exc:
        raise InvalidRequest(f"invalid model name: {model}", param="model") from exc


# --- Modelfiles -------------------------------------------------------------------------------------------------


def read_modelfile(path: Path) -> Modelfile:
    """Parse a Modelfile."""
    from omm.store import modelfile

    try:
        content = path.read_bytes()
    except OSError as exc:
        raise InvalidRequest(f"cannot read {path}: {exc.strerror}", param="file") from exc
    return modelfile.parse(content)


def recipe_body(recipe: Modelfile) -> dict[str, Any]:
    """What a Modelfile says beside the files it names, in the words of `/api/create`."""
    return {
        "template": recipe.template,
        "system": recipe.system,
        "renderer": recipe.renderer,
        "parser": recipe.parser,
        "requires": recipe.requires,
        "license": list(recipe.licenses),
        "parameters": recipe.parameters,
        "messages": [{"role": role, "content": content} for role, content in recipe.messages],
    }


def _unused(recipe: Modelfile) -> Iterator[str]:
    """Warnings about instructions that parse and change nothing here."""
    if recipe.renderer:
        yield f"warning: RENDERER {recipe.renderer} is ignored, the model's chat template is used"


def _split_bases(recipe: Modelfile, folder: Path) -> tuple[list[str], list[Path]]:
    """The FROM lines as names of models and as files here, paths being relative to the Modelfile."""
    models: list[str] = []
    files: list[Path] = []
    for base in recipe.bases:
        path = folder / Path(base).expanduser()
        if path.is_dir():
            files += _weights_in(path)
        elif path.is_file():
            files.append(path)
        elif _looks_like_path(base):
            raise InvalidRequest(f"no such file: {path}", param="from")
        else:
            models.append(base)
    if len(models) > 1:
        raise InvalidRequest(f"only one FROM may name a model: {', '.join(models)}", param="from")
    return models, files


def _weights_in(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.gguf"))
    if not found:
        raise InvalidRequest(f"no GGUF file in {folder}", param="from")
    return found


def _file(text: str, folder: Path, param: str) -> Path:
    path = folder / Path(text).expanduser()
    if not path.is_file():
        raise InvalidRequest(f"no such file: {path}", param=param)
    return path


# --- files ------------------------------------------------------------------------------------------------------


def is_file_name(text: str) -> bool:
    """Whether `pull` and `run` mean a file here rather than a name."""
    return _looks_like_path(text) or (text.lower().endswith(".gguf") and Path(text).is_file())


def _looks_like_path(text: str) -> bool:
    return text.startswith(("./", "../", "/", "~", ".\\", "..\\"))


def import_file(client: Client, path: Path) -> str:
    """Make a model of a GGUF file, named after the file; return the name."""
    if not path.is_file():
        raise InvalidRequest(f"{'not a file' if path.exists() else 'no such file'}: {path}", param="model")
    name = name_for(path)
    with output.progress_view() as view:
        follow(client.create({"model": name, "files": upload(client, [path], view)}), view)
    return name


def name_for(path: Path) -> str:
    """A valid model name out of a file name: `Qwen3 0.6B (Q8).gguf` → `qwen3-0.6b-q8`."""
    cleaned = re.sub(r"[^a-z0-9_.-]+", "-", path.stem.lower()).strip("-.")
    return cleaned[:MAX_NAME_CHARS].rstrip("-.") or "model"


def upload(client: Client, paths: Sequence[Path], view: ProgressView) -> dict[str, str]:
    """Bring files into the server's store unless it has them; return file name → digest."""
    digests: dict[str, str] = {}
    for path in paths:
        size = path.stat().st_size
        digest = _digest(path, size, view)
        if not client.has_blob(digest):
            client.upload_blob(digest, _chunks(path, size, f"copying file {digest[:19]}", view), size)
        name = path.name if path.name not in digests else f"{len(digests)}-{path.name}"  # of another folder
        digests[name] = digest
    return digests


def _digest(path: Path, size: int, view: ProgressView) -> str:
    sha256 = hashlib.sha256()
    for chunk in _chunks(path, size, f"hashing {path.name}", view):
        sha256.update(chunk)
    return f"sha256:{sha256.hexdigest()}"


def _chunks(path: Path, size: int, status: str, view: ProgressView) -> Iterator[bytes]:
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
            done += len(chunk)
            view.show(ProgressLine(status=status, total=size, completed=done))


def follow(stream: Stream[ProgressLine], view: ProgressView) -> None:
    """Show a stream's progress until its end. Raises EngineFailed when that is no success."""
    status = ""
    with stream:
        for line in stream:
            view.show(line)
            status = line.status
    if status != "success":
        raise EngineFailed(f"the server gave up after: {status or 'nothing'}")
