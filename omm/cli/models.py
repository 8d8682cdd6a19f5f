"""list, show, ps, cp, rm, stop: what the server has, and small changes to it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from omm import errors, units
from omm.cli import output, replies
from omm.cli.client import Client
from omm.cli.params import at_most_one, refuse
from omm.cli.session import Session
from omm.errors import NotFound, Unsupported
from omm.names import ModelName

if TYPE_CHECKING:
    import typer

# What several commands take: text until a signature is read, as all annotations are.
Json: TypeAlias = "Annotated[bool, typer.Option('--json', help='Print JSON')]"
Format: TypeAlias = (
    "Annotated[str | None, typer.Option('--format', metavar='TEXT',"
    " help='Print this for each, with {name} and other fields of --json')]"
)
Model: TypeAlias = "Annotated[str, typer.Argument(metavar='MODEL', help='Name of the model')]"
Prefix: TypeAlias = "Annotated[str, typer.Argument(metavar='[PREFIX]', help='Only names that start with this')]"

COMPLETABLE = r"[A-Za-z0-9_.:/-]+"  # all that names have
TEXT_WIDTH = 100
VALUE_WIDTH = 40
# WIRE: Ollama's columns, for scripts; a person sees what the model does instead of its digest.
RUNNING = ("NAME", "ID", "SIZE", "PROCESSOR", "CONTEXT", "UNTIL")
# Requests are those that are answered, of how many that can be at once, and after a plus those that wait.
WATCHED = ("NAME", "SIZE", "PROCESSOR", "CONTEXT", "REQUESTS", "TOKENS/S", "UNTIL")


# --- list -------------------------------------------------------------------------------------------------------


def list_models(session: Session, prefix: Prefix = "", as_json: Json = False, format_: Format = None) -> None:
    """List models"""
    at_most_one({"--json": as_json, "--format": format_})
    print_models(session.client, prefix, as_json=as_json, template=format_)


def print_models(client: Client, prefix: str = "", *, as_json: bool = False, template: str | None = None) -> None:
    """Print the stored models whose names start with `prefix` in any case."""
    rows = [row for row in client.tags() if row.name.lower().startswith(prefix.lower())]
    if as_json:
        output.print_json({"models": rows})
        return
    if template is not None:
        output.print_formatted(template, rows)
        return
    now = output.now_ns()
    output.print_table(("NAME", "ID", "SIZE", "MODIFIED"), [_model_cells(row, now) for row in rows])


def _model_cells(row: replies.ModelRow, now_ns: int) -> tuple[str, ...]:
    size = "-" if row.remote_model else units.format_bytes(row.size)
    return row.name, row.digest[:12], size, units.human_time(output.unix_ns(row.modified_at), now_ns)


def print_names(session: Session) -> None:
    """Print the names of all models, for shell completion: never starts a server, never complains."""
    client = session.client
    try:
        client.version()
        names = [row.name for row in client.tags()]
    except errors.OmmError:
        names = stored_names(client.settings.models) if client.address.is_loopback else []
    # NOTE: bash carries out what looks like a command in a list of words.
    print("".join(f"{name}\n" for name in names if re.fullmatch(COMPLETABLE, name)), end="")


def stored_names(models: Path) -> list[str]:
    """Names of the manifests in a store, for when there is no server to ask."""
    folder = models / "manifests"
    found = (path.relative_to(folder).parts for path in folder.glob("*/*/*/*") if path.is_file())
    return sorted(ModelName(*parts).display for parts in found if not any(part.startswith(".") for part in parts))


# --- ps ---------------------------------------------------------------------------------------------------------


def ps(
    session: Session,
    prefix: Prefix = "",
    as_json: Json = False,
    format_: Format = None,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Keep showing them, with their requests, until Ctrl-C")
    ] = False,
) -> None:
    """List running models"""
    at_most_one({"--json": as_json, "--format": format_, "--watch": watch})
    client = session.client
    if watch:
        output.watch_table(WATCHED, lambda: _watched(_running(client, prefix)))
        return
    rows = _running(client, prefix)
    if as_json:
        output.print_json({"models": rows})
    elif format_ is not None:
        output.print_formatted(format_, rows)
    elif sys.stdout.isatty():
        output.print_table(WATCHED, _watched(rows))
    else:
        now = output.now_ns()
        output.print_table(RUNNING, [_running_cells(row, now) for row in rows])


def _running(client: Client, prefix: str) -> list[replies.RunningRow]:
    return [row for row in client.running() if row.name.startswith(prefix)]


def _watched(rows: Iterable[replies.RunningRow]) -> list[tuple[str, ...]]:
    now = output.now_ns()
    return [_watched_cells(row, now) for row in rows]


def _watched_cells(row: replies.RunningRow, now_ns: int) -> tuple[str, ...]:
    name, _, size, where, context, until = _running_cells(row, now_ns)
    waiting = f" +{row.waiting}" if row.waiting else ""
    speed = f"{row.tokens_per_second:.1f}" if row.tokens_per_second else "-"
    return name, size, where, context, f"{row.active}/{row.parallel}{waiting}", speed, until.removesuffix(" from now")


def _running_cells(row: replies.RunningRow, now_ns: int) -> tuple[str, ...]:
    expires_ns = output.unix_ns(row.expires_at)
    until = "Stopping..." if 0 < expires_ns < now_ns else units.human_time(expires_ns, now_ns)
    size = units.format_bytes(row.size)
    return row.name, row.digest[:12], size, processor(row.size, row.size_vram), str(row.context_length), until


def processor(size: int, size_vram: int) -> str:
    """Which part of a model lies where: `100% GPU`, `30%/70% CPU/GPU`."""
    if size_vram == 0:
        return "100% CPU"
    if size == 0:
        return "Unknown"
    if size_vram >= size:
        return "100% GPU"
    cpu = round((size - size_vram) / size * 100)
    return f"{cpu}%/{100 - cpu}% CPU/GPU"


# --- show -------------------------------------------------------------------------------------------------------


def show(
    session: Session,
    model: Model,
    license_: Annotated[bool, typer.Option("--license", help="Show license of a model")] = False,
    modelfile: Annotated[bool, typer.Option("--modelfile", help="Show Modelfile of a model")] = False,
    parameters: Annotated[bool, typer.Option("--parameters", help="Show parameters of a model")] = False,
    template: Annotated[bool, typer.Option("--template", help="Show template of a model")] = False,
    system: Annotated[bool, typer.Option("--system", help="Show system message of a model")] = False,
    effective: Annotated[
        bool, typer.Option("--effective", help="Show every value that requests get, and where each is from")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show detailed model information")] = False,
    as_json: Json = False,
    format_: Format = None,
) -> None:
    """Show information for a model"""
    texts = {
        "--license": license_,
        "--modelfile": modelfile,
        "--parameters": parameters,
        "--system": system,
        "--template": template,
    }
    at_most_one({**texts, "--effective": effective})
    chosen = [name.removeprefix("--") for name, is_set in texts.items() if is_set]
    for name in chosen:
        refuse(f"with --{name}", {"--json": as_json, "--format": format_})
    refuse("with --effective", {"--format": format_ if effective else None})
    at_most_one({"--json": as_json, "--format": format_})
    info = session.client.show(model, verbose=verbose, effective=effective)
    if effective:
        print_effective(info, as_json=as_json)
    elif as_json:
        output.print_json(info)
    elif format_ is not None:
        output.print_formatted(format_, [info])
    elif chosen:
        # WIRE: system and template are printed as stored, without a newline (Ollama's `show`).
        output.say(getattr(info, chosen[0]), end="" if chosen[0] in {"system", "template"} else "\n")
    else:
        output.print_sections(sections(info))


def print_effective(info: replies.ModelInfo, *, as_json: bool) -> None:
    """Print every value that requests get with its origin, texts cut short but for JSON. Raises Unsupported."""
    if info.effective is None:
        raise Unsupported("this server does not tell which values are in effect")
    if as_json:
        output.print_json(info.effective)
        return
    rows = [(name, _effective_text(name, row.value), row.origin) for name, row in info.effective.items()]
    output.print_table(("NAME", "VALUE", "FROM"), rows)


def _effective_text(name: str, value: Any) -> str:
    from omm import tables  # PERF: other commands do not need it

    if value is None:
        return "-"
    first, *more = tables.value_text(name, value).split("\n", 1)
    return f"{first[:VALUE_WIDTH]} ..." if more or len(first) > VALUE_WIDTH else first or "-"


def sections(info: replies.ModelInfo) -> list[output.Section]:
    """All there is to tell about a model; sections without rows are left out."""
    found = [
        output.Section("Model", _model_rows(info)),
        output.Section("Capabilities", [(name,) for name in info.capabilities or ()]),
        output.Section("Projector", _projector_rows(info.projector_info or {})),
        output.Section("Adapters", _adapter_rows(info)),
        output.Section("Prompt", _prompt_rows(info)),
        output.Section("Parameters", [tuple(line.split(None, 1)) for line in info.parameters.splitlines()]),
        output.Section("Metadata", _metadata_rows(info)),
        output.Section("Tensors", [(t.name, t.type, _array(t.shape)) for t in info.tensors or ()]),
        output.Section("System", _first_lines(info.system), TEXT_WIDTH),
        output.Section("Origin", _origin_rows(info)),
        output.Section("License", _first_lines(info.license), TEXT_WIDTH),
    ]
    return [section for section in found if section.rows]


def _model_rows(info: replies.ModelInfo) -> output.Rows:
    values = info.model_info or {}
    arch = str(values.get("general.architecture") or info.details.family)
    count = values.get("general.parameter_count")
    rows = [
        ("alias of", info.alias_of),
        ("architecture", arch),
        ("parameters", info.details.parameter_size or (units.format_count(int(count)) if count else "")),
        ("context length", _whole(values.get(f"{arch}.context_length") or info.details.context_length)),
        ("embedding length", _whole(values.get(f"{arch}.embedding_length") or info.details.embedding_length)),
        ("quantization", info.details.quantization_level),
        ("requires", info.requires),
    ]
    return [row for row in rows if row[1]]


def _projector_rows(values: dict[str, Any]) -> output.Rows:
    if not values:
        return []
    count = values.get("general.parameter_count")
    rows = [
        ("architecture", str(values.get("general.architecture", ""))),
        ("parameters", units.format_count(int(count)) if count else ""),
        ("embedding length", _whole(values.get("clip.vision.embedding_length"))),
        ("dimensions", _whole(values.get("clip.vision.projection_dim"))),
    ]
    return [row for row in rows if row[1]]


def _adapter_rows(info: replies.ModelInfo) -> output.Rows:
    return [(a.name, f"scale {a.scale:g}", f"for {a.base}" if a.base else "") for a in info.adapters]


def _metadata_rows(info: replies.ModelInfo) -> output.Rows:
    """All of the file's key/values; only a verbose answer, which alone lists tensors, has them complete."""
    if info.tensors is None:
        return []
    return [(key, _value(value)) for key, value in sorted((info.model_info or {}).items())]


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return _array(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


_ORIGINS = {
    "config": "from the configuration",
    "modelfile": "from the Modelfile",
    "gguf": "from the model file",
    "default": "none, ChatML is used",
}


def _prompt_rows(info: replies.ModelInfo) -> list[tuple[str, ...]]:
    made = info.prompting
    if made is None or "completion" not in (info.capabilities or ()):
        return []
    language = {"go": ", Go", "jinja": ", Jinja"}.get(made.language, "")
    rows = [("template", _ORIGINS.get(made.origin, made.origin) + language), ("dialect", made.dialect)]
    return [*rows, *(("adapted", what) for what in made.adaptations)]


def _origin_rows(info: replies.ModelInfo) -> list[tuple[str, ...]]:
    found = info.provenance
    if found is None:
        return []
    rows = [
        ("source", found.source),
        ("file", found.file),
        ("revision", found.revision),
        ("date", info.modified_at[:10]),
        ("digest", found.digest),
        ("license", found.license),
    ]
    return [row for row in rows if row[1]]


def _array(values: Sequence[Any], shown: int = 3) -> str:
    head = " ".join(_value(value) for value in values[:shown])
    rest = len(values) - shown
    return f"[{head} ...+{rest} more]" if rest > 0 else f"[{head}]"


def _whole(value: Any) -> str:
    return str(int(value)) if value else ""


def _first_lines(text: str) -> list[tuple[str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    return [(line.strip(),) for line in lines[:2]] + ([("...",)] if len(lines) > 2 else [])


# --- cp, rm, stop -----------------------------------------------------------------------------------------------


def copy(
    session: Session,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Model to copy")],
    destination: Annotated[str, typer.Argument(metavar="DESTINATION", help="New name")],
) -> None:
    """Copy a model"""
    session.client.copy(source, destination)
    print(f"copied '{source}' to '{destination}'")


def remove(
    session: Session,
    names: Annotated[list[str], typer.Argument(metavar="MODEL [MODEL...]", help="Models to remove")],
) -> None:
    """Remove a model"""
    for name in names:
        session.client.delete(name)
        print(f"deleted '{name}'")


def stop(session: Session, model: Model) -> None:
    """Stop a running model"""
    try:
        session.client.unload(model)
    except NotFound as exc:
        raise NotFound(f'couldn\'t find model "{model}" to stop') from exc
