"""Where models come from. Knows names and blobs; nothing of manifests, inference or HTTP servers.

To add a source, write one file with one class and put it into the table in `default_sources`.
"""

from __future__ import annotations

from omm.config import Settings
from omm.errors import NotFound
from omm.names import ModelName
from omm.sources.base import Source
from omm.sources.catalogue import Catalogue, Catalogued
from omm.sources.download import Downloads
from omm.sources.embedded import Embedded
from omm.sources.huggingface import HuggingFace
from omm.sources.local import Nearby
from omm.sources.registry import Registries, logins
from omm.sources.web import Web


def default_sources(settings: Settings) -> tuple[Source, ...]:
    """All sources, in the order in which they are asked."""
    nearby = Nearby.of_this_machine() if settings.pull_links else Nearby()
    downloads = Downloads(streams=settings.pull_streams, limit=settings.pull_limit, nearby=nearby)
    catalogue = Catalogue.load(settings.catalogue)
    hub = HuggingFace(downloads=downloads)
    table: dict[str, Source] = {
        "tiny": Embedded(),
        "catalogue": Catalogued(catalogue, hub),
        "huggingface": hub,
        "web": Web(downloads),
        "registry": Registries(downloads, logins(settings), settings.registry, catalogue.nearest),
    }
    return tuple(table[name] for name in settings.sources)


def source_for(name: ModelName, sources: tuple[Source, ...]) -> Source:
    """The first source that takes the name.

    Raises:
        NotFound: none does; the message says what can be pulled.
    """
    for source in sources:
        if source.matches(name):
            return source
    raise NotFound(
        f"no source has a model '{name.display}'; models that can be pulled: tiny (comes with omm), what omm search "
        "finds, hf.co/user/repo or hf.co/user/repo:Q4_K_M (Hugging Face), https://host/path/file.gguf",
        param="model",
    )
