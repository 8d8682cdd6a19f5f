"""Model names: parse and print `[scheme://][host/][namespace/]model[:tag]`. Pure; knows nothing of the disk.

The address of a GGUF file anywhere on the web is a name, too: `https://host/some/folder/X-Q8_0.gguf` is the model
`host/some--folder/x-q8_0:latest`.

Every part has a grammar without separators or leading dots, so a name's `path` cannot leave the store.
"""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import unquote

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
_FILE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#\s]+)/(?P<folder>[^?#\s]*?)/?(?P<file>[^/?#\s]+\.gguf)([?#]\S*)?",
    re.IGNORECASE,
)
# How files are called that are one model together.
SHARD = re.compile(r"-([0-9]{5})-of-(?!00000)([0-9]{5})\.gguf$", re.IGNORECASE)

_MAX_CHARS = 80
_SHOWN_CHARS = 200


@dataclasses.dataclass(frozen=True, slots=True)
class ModelName:
    """A complete, valid name. Spelling is kept; use `key` to compare, as names ignore case."""

    host: str
    namespace: str
    model: str
    tag: str = DEFAULT_TAG
    scheme: str = dataclasses.field(default="https", compare=False)
    url: str = dataclasses.field(default="", compare=False)  # of the file, where the name was given as its address

    @classmethod
    def parse(cls, text: str) -> ModelName:
        """Read a name, filling in the defaults. Addresses of Hugging Face's pages, and of any file, are names, too.

        Raises:
            InvalidRequest: the text breaks the grammar.
        """
        if page := _HUB_PAGE.fullmatch(text):
            text = f"hf.co/{page['repo']}" + (f":{page['file']}" if page["file"] else "")
        elif (file := _FILE_URL.fullmatch(text)) and file["host"].lower() not in HUGGINGFACE_HOSTS:
            return cls._of_file(file)
        scheme = _SCHEME.match(text)
        rest = text[scheme.end() :] if scheme else text
        slash, colon = rest.rfind("/"), rest.rfind(":")
        path, tag = (rest[:colon], rest[colon + 1 :]) if colon > slash else (rest, DEFAULT_TAG)
        parts = path.split("/")
        if len(parts) > 3:
            raise _invalid(text)
        host, namespace, model = [DEFAULT_HOST, DEFAULT_NAMESPACE, ""][: 3 - len(parts)] + parts
        name = cls(host, namespace, model, tag, scheme[1].lower() if scheme else "https")
        name._check(text)
        return name

    @classmethod
    def _of_file(cls, match: re.Match[str]) -> ModelName:
        folder = unquote(match["folder"])
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.replace("/", "--")).lstrip("-")
        if plain != folder.replace("/", "--") or len(plain) > _MAX_CHARS or re.search("--|-/|/-", folder):
            # Or two folders could have one name, and the one model would be taken for the other.
            import hashlib  # PERF: 4 ms that few names have to pay

            plain = f"{plain[: _MAX_CHARS - 9] or 'x'}-{hashlib.sha256(folder.encode()).hexdigest()[:8]}"
        model = from_file_name(unquote(match["file"]))
        name = cls(
            match["host"], plain if folder else DEFAULT_NAMESPACE, model, DEFAULT_TAG, match["scheme"].lower(), match[0]
        )
        name._check(match[0])
        return name

    def _check(self, text: str) -> None:
        hub = self.is_huggingface
        grammar = (
            (_HOST, self.host),
            (_HUB_PART if hub else _NAMESPACE, self.namespace),
            (_HUB_PART if hub else _MODEL, self.model),
            (_HUB_PART if hub else _MODEL, self.tag),
        )
        if not all(pattern.fullmatch(part) for pattern, part in grammar):
            raise _invalid(text)

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


def from_file_name(file: str) -> str:
    """A valid name out of that of a GGUF file: `Qwen3 0.6B (Q8)-00001-of-00002.gguf` → `qwen3-0.6b-q8`."""
    stem = SHARD.sub("", file.lower()).removesuffix(".gguf")
    cleaned = re.sub(r"[^a-z0-9_.-]+", "-", stem).strip("-.")
    return cleaned[:_MAX_CHARS].rstrip("-.") or "model"


def _invalid(text: str) -> InvalidRequest:
    """WIRE: it begins as Ollama's message does."""
    shown = text if text.isprintable() and len(text) <= _SHOWN_CHARS else repr(text[:_SHOWN_CHARS])
    return InvalidRequest(f"invalid model name: {shown}" if text else "invalid model name", param="model")
