"""Short names: the shipped catalogue and the user's own, each name standing for a repository on Hugging Face.

`llama3.2`, `llama3.2:1b` and `llama3.2:1b-q8_0` resolve here; names that the catalogue lacks are left to registries.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import msgspec

from omm.errors import InvalidRequest
from omm.names import DEFAULT_NAMESPACE, DEFAULT_TAG, ModelName
from omm.sources.base import Resolved, SourceFile
from omm.sources.huggingface import PREFERRED, HuggingFace
from omm.store.blobs import BlobStore
from omm.types import FoundModel

SHIPPED = Path(__file__).with_name("catalogue.toml")

_QUANTS = "|".join(sorted((re.escape(label) for label in PREFERRED), key=len, reverse=True))
# As in `3b-instruct-q8_0`: what Ollama's tags have between the size and the quantisation says nothing here.
_TAG = re.compile(rf"(?P<size>.+?)(-(instruct|it|chat|text))?(-(?P<quant>{_QUANTS}))?", re.IGNORECASE)


class Family(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One short name: its tags, each with `user/repository[:quantisation]`, and which of them is meant without tag."""

    tags: dict[str, str] = {}
    latest: str = ""
    license: str = ""
    capabilities: tuple[str, ...] = ()


class Catalogue:
    """All short names."""

    def __init__(self, families: Mapping[str, Family]) -> None:
        self._families = {name.lower(): family for name, family in families.items()}

    @classmethod
    def load(cls, path: Path | None = None) -> Catalogue:
        """The shipped catalogue, extended and overridden by the file at `path` where there is one.

        Raises:
            InvalidRequest: the file is not what it should be; the message names it.
        """
        families = _read(SHIPPED)
        if path is not None and path.is_file():
            for name, family in _read(path).items():
                families[name] = _extended(families.get(name, Family()), family)
        return cls(families)

    def target(self, name: ModelName) -> ModelName | None:
        """The repository that a name stands for, as a name of Hugging Face's; None when it is not in the catalogue."""
        family = self._families.get(_short(name))
        if family is None:
            return None
        tag = family.latest.lower() if name.key[3] == DEFAULT_TAG else name.key[3]
        repository = family.tags.get(tag) or _other_quant(family, tag)
        return ModelName.parse(f"hf.co/{repository}") if repository else None

    def nearest(self, name: ModelName) -> list[str]:
        """Names like one that is not there, the most alike first."""
        short = _short(name)
        if (family := self._families.get(short)) is not None:
            return [f"{short}:{tag}" for tag in family.tags]
        return difflib.get_close_matches(short, self._families, cutoff=0.7)

    def search(self, words: str) -> Iterator[FoundModel]:
        """Entries with all the words in their name, tags, repository, licence or capabilities, in the file's order."""
        wanted = words.lower().split()
        for name, family in self._families.items():
            for tag, repository in family.tags.items():
                text = " ".join((f"{name}:{tag}", repository, family.license, *family.capabilities)).lower()
                if all(word in text for word in wanted):
                    yield FoundModel(
                        name=f"{name}:{tag}",
                        source=f"hf.co/{repository}",
                        license=family.license,
                        capabilities=family.capabilities,
                    )

    def __len__(self) -> int:
        """How many names there are, with and without tags."""
        return sum(1 + len(family.tags) for family in self._families.values())

    def __iter__(self) -> Iterator[str]:
        """All names with their tags."""
        return (f"{name}:{tag}" for name, family in self._families.items() for tag in family.tags)


class Catalogued:
    """Models under their short names, brought from Hugging Face."""

    def __init__(self, catalogue: Catalogue, hub: HuggingFace) -> None:
        self._catalogue, self._hub = catalogue, hub

    def matches(self, name: ModelName) -> bool:
        """Whether the catalogue has the name and the tag."""
        return self._catalogue.target(name) is not None

    def resolve(self, name: ModelName) -> Resolved:
        """Ask the hub for the repository."""
        target = self._catalogue.target(name)
        assert target is not None  # `matches` said so
        return self._hub.resolve(target)

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Generator[int, None, str]:
        """Download; resumes where an earlier attempt stopped."""
        return self._hub.fetch(file, blobs)


def _short(name: ModelName) -> str:
    if not name.has_default_host:
        return ""
    return name.key[2] if name.key[1] == DEFAULT_NAMESPACE else f"{name.key[1]}/{name.key[2]}"


def _other_quant(family: Family, tag: str) -> str | None:
    match = _TAG.fullmatch(tag)
    repository = family.tags.get(match["size"]) if match else None
    if match is None or repository is None:
        return None
    return f"{repository.partition(':')[0]}:{match['quant'].upper()}" if match["quant"] else repository


def _extended(family: Family, more: Family) -> Family:
    return Family(
        tags=family.tags | {tag.lower(): repository for tag, repository in more.tags.items()},
        latest=more.latest or family.latest or next(iter(more.tags), "").lower(),
        license=more.license or family.license,
        capabilities=more.capabilities or family.capabilities,
    )


def _read(path: Path) -> dict[str, Family]:
    try:
        families = msgspec.toml.decode(path.read_bytes(), type=dict[str, Family])
        for name, family in families.items():
            ModelName.parse(name)
            for tag, repository in family.tags.items():
                ModelName.parse(f"{name}:{tag}")
                ModelName.parse(f"hf.co/{repository}")
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as exc:
        raise InvalidRequest(f"catalogue {path}: {exc}") from exc
    except InvalidRequest as exc:
        raise InvalidRequest(f"catalogue {path}: a name or repository is not valid near {name!r}") from exc
    return {name.lower(): family for name, family in families.items()}
