"""omm serve: run the server in this process. Its flags are the settings' records; the one importer of `omm.server`."""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Annotated, Any

from omm import instance
from omm.cli import launch
from omm.cli.client import Client
from omm.cli.params import UsageError
from omm.cli.usage import CLIENT_ONLY, flag_name
from omm.config import SETTINGS, Settings

if TYPE_CHECKING:
    import typer
from omm.errors import Conflict, InvalidRequest


def serve(
    detach: Annotated[bool, typer.Option("--detach", help="Run in the background, and return when it answers")] = False,
    **flags: Any,
) -> None:
    """Start omm"""
    given = {name: value for name, value in flags.items() if value is not None}
    settings = Settings.load(**{name: _parse(name, value) for name, value in given.items()})
    if detach:
        _detach(settings, {name: str(value) for name, value in given.items()})
        return
    from omm.server import serve as serve_until_stopped

    serve_until_stopped(settings)


def _detach(settings: Settings, given: dict[str, str]) -> None:
    """Leave a server running in the background. Raises Conflict if one runs at the address already."""
    client = Client(dataclasses.replace(settings, no_start=True))
    port = client.address.port
    if not port:
        raise InvalidRequest("a server in the background needs a port that its clients know")
    if not launch.start(settings, port, client.is_up, given):
        note = instance.find(port)
        process = f" (process {note.pid})" if note else ""
        raise Conflict(f"a server runs at {client.address} already{process}")


def _parse(name: str, value: str | bool) -> Any:
    if isinstance(value, bool):
        return value
    try:
        return SETTINGS[name].metadata["parse"](value)
    except ValueError as exc:
        raise UsageError(f"{flag_name(name)}: {exc}") from exc


def _parameter(field: dataclasses.Field[Any]) -> inspect.Parameter:
    kind = "bool" if isinstance(field.default, bool) else "str"
    option = f"typer.Option({flag_name(field.name)!r}, help={field.metadata['help']!r})"
    annotation = f"Annotated[{kind} | None, {option}]"  # text, as all annotations are until a signature is read
    return inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


# Flags are read off a signature, and this one ends with the settings' records.
_SERVER_SETTINGS = [field for name, field in SETTINGS.items() if name not in CLIENT_ONLY]
_DETACH = inspect.signature(serve).parameters["detach"]
serve.__signature__ = inspect.Signature([_DETACH, *map(_parameter, _SERVER_SETTINGS)])  # type: ignore[attr-defined]
