"""embed, tokenize: what a model makes of a text before it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from omm.cli.files import piped
from omm.cli.models import Json
from omm.cli.params import UsageError, decodable
from omm.cli.run import Asking, Keepalive, Model, check_duration, parse_dimensions, ready
from omm.cli.session import Session
from omm.errors import InvalidRequest

if TYPE_CHECKING:
    import typer


def embed(
    session: Session,
    model: Model,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT...]", help="Texts, one vector each")] = None,
    truncate: Annotated[bool | None, typer.Option("--truncate/--no-truncate", help="Cut text that is too long")] = None,
    dimensions: Annotated[str | None, typer.Option(metavar="N", help="Length of the vectors")] = None,
    keepalive: Keepalive = None,
) -> None:
    """Print the vectors of texts"""
    length = parse_dimensions(dimensions)
    asking = Asking(model=model, keep_alive=check_duration(keepalive))
    texts = list(map(decodable, text)) if text and text != ["-"] else _piped().splitlines()
    if not texts:
        raise InvalidRequest("there is no text to embed", param="text")
    client = session.client
    ready(client, asking)
    for vector in client.embed(asking.embedding(texts, truncate, length)):
        print(msgspec.json.encode(vector).decode())


def tokenize(
    session: Session,
    model: Model,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT...]", help="The text")] = None,
    count: Annotated[bool, typer.Option("--count", help="Print how many tokens there are")] = False,
    as_json: Json = False,
) -> None:
    """Print the tokens of a text"""
    asking = Asking(model=model)
    whole = decodable(" ".join(text)) if text and text != ["-"] else _piped()
    client = session.client
    ready(client, asking)
    tokens = client.tokenize(asking.model, whole)
    if count:
        print(len(tokens))
    elif as_json:
        print(msgspec.json.encode(tokens).decode())
    else:
        print(*tokens)


def _piped() -> str:
    text = piped()
    if text is None:
        raise UsageError("there is no text: name it, or pipe it in")
    return text
