"""search: which models can be pulled, by words: those that come with omm, the catalogue's and Hugging Face's.

It needs no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from omm.cli import output
from omm.cli.params import UsageError
from omm.cli.session import Session
from omm.config import Settings
from omm.errors import NotFound, SourceUnavailable
from omm.types import FoundModel

if TYPE_CHECKING:
    import typer

HEADERS = ("NAME", "SOURCE", "LICENSE", "CAPABILITIES", "DOWNLOADS")


def search(
    session: Session,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Words that all must be found")],
    limit: Annotated[str, typer.Option("--limit", metavar="N", help="Most rows of each place")] = "20",
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Hugging Face")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Search for models to pull"""
    text = " ".join(words)
    found = list(_found(text, session.settings, limit=_count(limit), offline=offline))
    if as_json:
        output.print_json({"models": found})
    elif found:
        # The catalogue knows of no downloads, and without that column more of the others fits.
        width = len(HEADERS) if any(row.num_downloads is not None for row in found) else len(HEADERS) - 1
        output.print_table(HEADERS[:width], [_cells(row)[:width] for row in found])
    else:
        raise NotFound(f"no model found for '{text}'")


def _found(text: str, settings: Settings, *, limit: int, offline: bool) -> Iterator[FoundModel]:
    from omm.sources import catalogue, download, embedded, huggingface

    yield from embedded.Embedded().search(text)
    known = list(catalogue.Catalogue.load(settings.catalogue).search(text))
    yield from known[:limit]
    if offline:
        return
    try:
        yield from huggingface.HuggingFace(downloads=download.Downloads()).search(text, limit)
    except SourceUnavailable as exc:
        output.note(f"Hugging Face was not searched: {exc.message}")


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        raise UsageError(f"--limit takes a number from 1 to 999, not {text}", param="limit")
    return int(text)


def _cells(row: FoundModel) -> tuple[str, ...]:
    source = row.source if not row.source.startswith(row.name) else ""
    downloads = "" if row.num_downloads is None else str(row.num_downloads)
    return row.name, source, row.license, ", ".join(row.capabilities), downloads
