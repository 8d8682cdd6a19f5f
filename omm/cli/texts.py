"""embed, tokenize: what a model makes of a text before it answers."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import msgspec
import typer

from omm.cli.run import Asking, check_duration, parse_dimensions, ready
from omm.cli.session import client_of
from omm.errors import InvalidRequest

Model = Annotated[str, typer.Argument(metavar="MODEL", help="Name of the model, or a GGUF file")]
Keepalive = Annotated[str | None, typer.Option(metavar="DURATION", help="Duration to keep a model loaded (e.g. 5m)")]


def embed(
    ctx: typer.Context,
    model: Model,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT...]", show_default=False, help="Texts, one vector each")
    ] = None,
    truncate: Annotated[bool | None, typer.Option("--truncate/--no-truncate", help="Cut text that is too long")] = None,
    dimensions: Annotated[str | None, typer.Option(metavar="N", help="Length of the vectors")] = None,
    keepalive: Keepalive = None,
) -> None:
    """Print the vectors of texts"""
    length = parse_dimensions(dimensions)
    asking = Asking(model=model, keep_alive=check_duration(keepalive))
    texts = text or _piped().splitlines()
    if not texts:
        raise InvalidRequest("there is no text to embed", param="text")
    client = client_of(ctx)
    ready(client, asking)
    body: dict[str, Any] = {**asking.load_body(), "input": texts, "truncate": truncate, "dimensions": length}
    for vector in client.embed({name: value for name, value in body.items() if value is not None}):
        print(msgspec.json.encode(vector).decode())


def tokenize(
    ctx: typer.Context,
    model: Model,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT...]", show_default=False, help="The text")] = None,
    count: Annotated[bool, typer.Option("--count", help="Print how many tokens there are")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Print the tokens of a text"""
    asking = Asking(model=model)
    whole = " ".join(text) if text else _piped()
    client = client_of(ctx)
    ready(client, asking)
    tokens = client.tokenize(asking.model, whole)
    if count:
        print(len(tokens))
    elif as_json:
        print(msgspec.json.encode(tokens).decode())
    else:
        print(*tokens)


def _piped() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise InvalidRequest("there is no text: name it, or pipe it in", param="text")
    return sys.stdin.read()
