"""pull, push and create: models come into the server's store, from sources or files here, and leave for a registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

from omm.cli import output
from omm.cli.client import Client, Stream
from omm.cli.files import read_bytes
from omm.cli.folder import WEIGHTS, files_in
from omm.cli.output import ProgressView
from omm.cli.params import refuse
from omm.cli.replies import ProgressLine
from omm.cli.session import Session
from omm.errors import EngineFailed, InvalidRequest
from omm.names import SHARD, ModelName, from_file_name

if TYPE_CHECKING:
    import typer

    from omm.store.modelfile import Modelfile

CHUNK_BYTES = 1 << 20


def pull(
    session: Session,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name of the model, or a GGUF file")],
    insecure: Annotated[bool, typer.Option("--insecure", help="Use an insecure registry")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress")] = False,
) -> None:
    """Pull a model from a source"""
    client = session.client
    if is_file_name(model):
        refuse("with a file", {"--insecure": insecure})
        import_file(client, Path(model).expanduser(), quiet=quiet)
    else:
        pull_model(client, model, insecure=insecure, quiet=quiet)


def pull_model(client: Client, model: str, *, insecure: bool, quiet: bool = False) -> None:
    """Pull a model by name, showing how far it is."""
    with output.progress_view(quiet=quiet) as view:
        follow(client.pull(model, insecure=insecure), view)


def push(
    session: Session,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name of the model: HOST/NAMESPACE/MODEL[:TAG]")],
    insecure: Annotated[bool, typer.Option("--insecure", help="Use an insecure registry")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress")] = False,
) -> None:
    """Push a model to a registry"""
    with output.progress_view(quiet=quiet) as view:
        follow(session.client.push(model, insecure=insecure), view)


def create(
    session: Session,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name of the new model")],
    file: Annotated[
        str, typer.Option("--file", "-f", metavar="FILE", help="Name of the Modelfile; - is the standard input")
    ] = "Modelfile",
    quantize: Annotated[
        str | None, typer.Option("--quantize", "-q", metavar="TYPE", help="Quantize the weights, say to Q4_K_M")
    ] = None,
    imatrix: Annotated[
        str | None, typer.Option("--imatrix", metavar="FILE", help="Importance matrix to quantize with")
    ] = None,
) -> None:
    """Create a model"""
    _check_quantize(quantize, imatrix)
    ModelName.parse(model)  # before any file is read
    folder = Path(file).expanduser().parent
    recipe = read_modelfile(file)
    for warning in (*recipe.warnings, *_unused(recipe)):
        output.note(warning)
    models, files = _split_bases(recipe, folder)
    adapters = [_adapter(path, folder) for path, _ in recipe.adapters]
    drafts = [_file(path, folder, "draft") for path in recipe.drafts]
    importance = [_file(imatrix, Path(), "imatrix")] if imatrix else []
    client = session.client
    with output.progress_view() as view:
        loras = upload(client, adapters, view)
        scales = [scale for _, scale in recipe.adapters]
        body = {
            **recipe_body(recipe),
            "model": model,
            "from": models[0] if models else None,
            "files": upload(client, files, view),
            "adapters": loras,
            "adapter_scales": {name: scale for name, scale in zip(loras, scales, strict=True) if scale != 1},
            "draft_files": upload(client, drafts, view),
            "quantize": quantize,
            "imatrix": next(iter(upload(client, importance, view).values()), None),
        }
        follow(client.create({name: value for name, value in body.items() if value}), view)


def _check_quantize(quantize: str | None, imatrix: str | None) -> None:
    """Raises InvalidRequest: the server would say so as well, but only when it has all files."""
    if quantize:
        from omm.store import ggml  # PERF: other commands do not need it

        ggml.parse_type(quantize)
    else:
        refuse("without --quantize", {"--imatrix": imatrix})


# --- Modelfiles -------------------------------------------------------------------------------------------------


def read_modelfile(name: str) -> Modelfile:
    """Parse a Modelfile; `-` is the standard input."""
    from omm.store import modelfile

    try:
        content = read_bytes(name)
    except OSError as exc:
        raise InvalidRequest(f"cannot read {name}: {exc.strerror}", param="file") from exc
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
            files += files_in(path)
        elif path.suffix == WEIGHTS and path.is_file():
            raise InvalidRequest(f"{path} is a part of a model: FROM takes its folder", param="from")
        elif path.is_file():
            files += [part for part in _parts_of(path) if part not in files]
        elif _looks_like_path(base):
            raise InvalidRequest(f"no such file: {path}", param="from")
        else:
            models.append(base)
    if len(models) > 1:
        raise InvalidRequest(f"only one FROM may name a model: {', '.join(models)}", param="from")
    return models, files


def _file(text: str, folder: Path, param: str) -> Path:
    path = folder / Path(text).expanduser()
    if not path.is_file():
        raise InvalidRequest(f"no such file: {path}", param=param)
    return path


def _adapter(text: str, folder: Path) -> Path:
    if (folder / Path(text).expanduser()).is_dir() or text.endswith(".safetensors"):
        raise InvalidRequest(
            f"{text} is no GGUF file: convert the adapter with llama.cpp's convert_lora_to_gguf.py", param="adapter"
        )
    return _file(text, folder, "adapter")


# --- files ------------------------------------------------------------------------------------------------------


def is_file_name(text: str) -> bool:
    """Whether `pull` and `run` mean a file here rather than a name."""
    return _looks_like_path(text) or (text.lower().endswith(".gguf") and Path(text).is_file())


def _looks_like_path(text: str) -> bool:
    return text.startswith(("./", "../", "/", "~", ".\\", "..\\"))


def import_file(client: Client, path: Path, *, quiet: bool = False) -> str:
    """Make a model of a GGUF file, or of a folder as FROM takes it, named after it; return the name."""
    if not path.is_file() and not path.is_dir():
        raise InvalidRequest(f"{'not a file' if path.exists() else 'no such file'}: {path}", param="model")
    name = name_for(path)
    files = files_in(path) if path.is_dir() else _parts_of(path)
    with output.progress_view(quiet=quiet) as view:
        follow(client.create({"model": name, "files": upload(client, files, view)}), view)
    return name


def name_for(path: Path) -> str:
    """A valid model name out of a file name: `Qwen3 0.6B (Q8).gguf` → `qwen3-0.6b-q8`; or out of a folder's."""
    return from_file_name(f"{path.resolve().name}.gguf" if path.is_dir() else path.with_suffix(".gguf").name)


def _parts_of(path: Path) -> list[Path]:
    """The file, or all files of the split model that it is a part of. Raises InvalidRequest."""
    match = SHARD.search(path.name)
    if match is None:
        return [path]
    count = int(match[2])
    parts = [path.with_name(SHARD.sub(f"-{n:05}-of-{count:05}.gguf", path.name)) for n in range(1, count + 1)]
    if missing := [part for part in parts if not part.is_file()]:
        raise InvalidRequest(f"{path.name} is one of {count} parts, and {missing[0].name} is missing", param="from")
    return parts


def upload(client: Client, paths: Sequence[Path], view: ProgressView) -> dict[str, str]:
    """Bring files into the server's store unless it has them; return file name → digest."""
    digests: dict[str, str] = {}
    for path in paths:
        size = path.stat().st_size
        digest = _digest(path, size, view)
        if not client.has_blob(digest):
            with path.open("rb") as file:
                client.upload_blob(digest, chunks(file, size, f"copying file {digest[:19]}", view), size)
        name = path.name if path.name not in digests else f"{len(digests)}-{path.name}"  # of another folder
        digests[name] = digest
    return digests


def _digest(path: Path, size: int, view: ProgressView) -> str:
    import hashlib  # PERF: 4 ms that only files have to pay

    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in chunks(file, size, f"hashing {path.name}", view):
            sha256.update(chunk)
    return f"sha256:{sha256.hexdigest()}"


def chunks(file: IO[bytes], size: int, status: str, view: ProgressView) -> Iterator[bytes]:
    """The bytes of a file of this size, showing how many of them were taken."""
    done = 0
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
