"""Where models come from. Knows names and blobs; nothing of manifests, inference or HTTP servers.

To add a source, write one file with one class and put it into `default_sources`.
"""

from __future__ import annotations

from omm.config import Settings
from omm.errors import NotFound
from omm.names import ModelName
from omm.sources.base import Source
from omm.sources.download import Downloads
from omm.sources.embedded import Embedded
from omm.sources.huggingface import HuggingFace
from omm.sources.registry import Registries, logins


def default_sources(settings: Settings) -> tuple[Source, ...]:
    """All sources, in the order in which they are asked."""
    downloads = Downloads(streams=settings.pull_streams, limit=settings.pull_limit)
    return (Embedded(), HuggingFace(downloads=downloads), Registries(downloads, logins(settings)))


def source_for(name: ModelName, sources: tuple[Source, ...]) -> Source:
    """The first source that takes the name.

    Raises:
        NotFound: none does; the message says what can be pulled.
    """
    for source in sources:
        if source.matches(name):
            return source
    raise NotFound(
        f"no source has a model '{name.display}'; models that can be pulled: tiny (comes with omm), "
        "hf.co/user/repo or hf.co/user/repo:Q4_K_M (Hugging Face)",
        param="model",
    )
