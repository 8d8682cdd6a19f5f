"""Model names: parse and print `[scheme://][host/][namespace/]model[:tag]`. Pure; knows nothing of the disk.

Every part has a grammar without separators or leading dots, so a name's `path` cannot leave the store.
"""

from __future__ import annotations

import dataclasses
import re

from omm.errors import InvalidRequest

DEFAULT_HOST = "registry.ollama.ai"
DEFAULT_NAMESPACE = "library"
DEFAULT_TAG = "latest"
HUGGINGFACE_HOSTS = frozenset({"hf.co", "huggingface.co"})

_SCHEME = re.compile(r"(https?)://", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}")  # a folder, and no file system takes more
_NAMESPACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}")
_MODEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
# NOTE: repositories and files on Hugging Face have longer names and dots where a registry has none.
_HUB_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,159}")
# As a browser shows a repository, or one file in it.
_HUB_PAGE = re.compile(
    r"https://(hf\.co|huggingface\.co)/(?P<repo>[^/?#:]+/[^/?#:]+)"
    r"(/(tree|blob|resolve)/[^/?#]+(/([^/?#]+/)*(?P<file>[^/?#]+\.gguf))?)?/?(\?[^#]*)?",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class ModelName:
    """A complete, valid name. Spelling is kept; use `key` to compare, as names ignore case."""

    host: str
    namespace: str
    model: str
    tag: str = DEFAULT_TAG
    scheme: str = dataclasses.field(default="https", compare=False)

    @classmethod
    def parse(cls, text: str) -> ModelName:
        """Read a name, filling in the defaults. Addresses of Hugging Face's pages and files are names, too.

        Raises:
            InvalidRequest: the text breaks the grammar.
        """
        if page := _HUB_PAGE.fullmatch(text):
            text = f"hf.co/{page['repo']}" + (f":{page['file']}" if page["file"] else "")
        scheme = _SCHEME.match(text)
        rest = text[scheme.end() :] if scheme else text
        slash, colon = rest.rfind("/"), rest.rfind(":")
        path, tag = (rest[:colon], rest[colon + 1 :]) if colon > slash else (rest, DEFAULT_TAG)
        parts = path.split("/")
        if len(parts) > 3:
            raise _invalid()
        host, namespace, model = [DEFAULT_HOST, DEFAULT_NAMESPACE, ""][: 3 - len(parts)] + parts
        name = cls(host, namespace, model, tag, scheme[1].lower() if scheme else "https")
        name._check()
        return name

    def _check(self) -> None:
        hub = self.is_huggingface
        grammar = (
            (_HOST, self.host),
            (_HUB_PART if hub else _NAMESPACE, self.namespace),
            (_HUB_PART if hub else _MODEL, self.model),
            (_HUB_PART if hub else _MODEL, self.tag),
        )
        if not all(pattern.fullmatch(part) for pattern, part in grammar):
            raise _invalid()

    @property
    def is_huggingface(self) -> bool:
        """Whether the host is the Hugging Face hub."""
        return self.host.lower() in HUGGINGFACE_HOSTS

    @property
    def has_default_host(self) -> bool:
        """Whether no host was given, or the default one."""
        return self.key[0] == DEFAULT_HOST

    @property
    def is_bare(self) -> bool:
        """Whether neither host nor namespace was given (or both are the defaults)."""
        return self.key[:2] == (DEFAULT_HOST, DEFAULT_NAMESPACE)

    @property
    def display(self) -> str:
        """The shortest form that parses to the same name; the tag is always shown."""
        host, namespace = self.key[:2]
        if host != DEFAULT_HOST:
            return f"{self.host}/{self.namespace}/{self.model}:{self.tag}"
        if namespace != DEFAULT_NAMESPACE:
            return f"{self.namespace}/{self.model}:{self.tag}"
        return f"{self.model}:{self.tag}"

    @property
    def path(self) -> str:
        """Where the manifest lies, relative to the manifests folder: `host/namespace/model/tag`."""
        return "/".join(self.parts)

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """Host, namespace, model, tag as spelled."""
        return self.host, self.namespace, self.model, self.tag

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The parts in lower case: equal for names that mean the same model."""
        return self.host.lower(), self.namespace.lower(), self.model.lower(), self.tag.lower()

    def __str__(self) -> str:
        return self.display


def _invalid() -> InvalidRequest:
    return InvalidRequest("invalid model name", param="model")
