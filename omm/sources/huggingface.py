"""Hugging Face: `hf.co/user/repo[:quantisation or file]`. Names through huggingface-hub, bytes through `download`.

Token, endpoint and offline mode come from where huggingface-hub looks for them (`HF_TOKEN`, `HF_ENDPOINT`, …).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import TYPE_CHECKING

from omm.errors import NotFound, SourceUnavailable, Unsupported
from omm.names import DEFAULT_TAG, SHARD, ModelName
from omm.sources.base import Origin, Resolved, SourceFile
from omm.sources.download import Downloads
from omm.store.blobs import BlobStore
from omm.types import FoundModel

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo, RepoSibling

# Which file is taken when the name has no tag: the first of these that the repository has, else its smallest file.
PREFERRED = (
    *("Q4_K_M", "Q4_K_S", "Q4_K_L", "Q4_K_XL", "IQ4_NL", "IQ4_XS", "Q4_0", "Q4_1", "MXFP4", "MXFP4_MOE"),
    *("Q5_K_M", "Q5_K_S", "Q5_0", "Q6_K", "Q8_0", "Q3_K_L", "Q3_K_M", "Q3_K_S", "IQ3_M"),
    *("Q2_K", "F16", "BF16", "F32"),
)
PREFERRED_PROJECTOR = ("F16", "BF16", "Q8_0", "F32")

_TIMEOUT_S = 15.0
_PATH = re.compile(r"[\w+@=,() -][\w.+@=,() -]*(/[\w+@=,() -][\w.+@=,() -]*)*", re.ASCII)


class HuggingFace:
    """GGUF files of the Hugging Face hub."""

    def __init__(self, endpoint: str | None = None, token: str | None = None, *, downloads: Downloads) -> None:
        self._endpoint, self._token, self._downloads = endpoint, token, downloads

    def matches(self, name: ModelName) -> bool:
        """Whether the host is the hub."""
        return name.is_huggingface

    def resolve(self, name: ModelName) -> Resolved:
        """Ask the hub for the repository's files and choose."""
        repo = f"{name.namespace}/{name.model}"
        info = self._repo(repo)
        files = {file.rfilename: file for file in info.siblings or () if _is_gguf(file.rfilename)}
        model = choose(list(files), name.tag, repo)
        chosen = [("model", path) for path in parts_of(model, list(files), repo)]
        if (projector := choose_projector(list(files))) is not None:
            chosen.append(("projector", projector))
        if (draft := choose_draft(list(files))) is not None and draft != model:
            chosen.append(("draft", draft))
        return Resolved(
            files=tuple(self._file(kind, repo, info.sha, files[path]) for kind, path in chosen),
            origin=Origin(source=f"hf.co/{repo}", revision=info.sha or "", file=model),
        )

    def fetch(self, file: SourceFile, blobs: BlobStore) -> Generator[int, None, str]:
        """Download; resumes where an earlier attempt stopped."""
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

        headers = build_hf_headers(token=self._token, library_name="omm")
        return self._downloads.fetch(file, blobs, headers)

    def search(self, words: str, limit: int) -> list[FoundModel]:
        """Repositories with GGUF files whose names have the words, the most downloaded first.

        Raises:
            SourceUnavailable.
        """
        from huggingface_hub import HfApi, ModelInfo
        from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status  # type: ignore[attr-defined]

        api = HfApi(endpoint=self._endpoint, token=self._token, library_name="omm")
        try:
            # NOTE: not api.list_models, which tries for half a minute and tells each attempt on stderr.
            asked: dict[str, str | int] = {"search": words, "filter": "gguf", "sort": "downloads", "limit": limit}
            headers = build_hf_headers(token=self._token, library_name="omm")
            answer = get_session().get(f"{api.endpoint}/api/models", params=asked, headers=headers, timeout=_TIMEOUT_S)
            hf_raise_for_status(answer)
            models = [ModelInfo(**{"siblings": None, **row}) for row in answer.json()][:limit]  # type: ignore[no-untyped-call]
        except _hub_errors() as exc:
            raise SourceUnavailable(f"cannot search {api.endpoint}: {_reason(exc)}") from exc
        except (ValueError, LookupError, TypeError) as exc:
            raise SourceUnavailable(f"{api.endpoint} answers, but not as Hugging Face does") from exc
        return [_found(model) for model in models]

    def _repo(self, repo: str) -> ModelInfo:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HFValidationError

        api = HfApi(endpoint=self._endpoint, token=self._token, library_name="omm")
        try:
            return api.model_info(repo, files_metadata=True, timeout=_TIMEOUT_S)
        except HFValidationError as exc:
            raise NotFound(f"{repo} is no repository name that Hugging Face allows", param="model") from exc
        except _hub_errors() as exc:
            raise _explain(exc, repo, api.endpoint) from exc
        except (ValueError, LookupError, TypeError) as exc:  # a login page of the network, or another program
            raise SourceUnavailable(f"{api.endpoint} answers, but not as Hugging Face does") from exc

    def _file(self, kind: str, repo: str, revision: str | None, file: RepoSibling) -> SourceFile:
        from huggingface_hub import hf_hub_url

        if file.lfs is None:
            raise Unsupported(f"{repo}: Hugging Face has no checksum of {file.rfilename}")
        url = hf_hub_url(repo, file.rfilename, revision=revision, endpoint=self._endpoint)
        return SourceFile(kind=kind, digest=f"sha256:{file.lfs.sha256}", size=file.lfs.size, location=url)


def _found(model: ModelInfo) -> FoundModel:
    licenses = [tag.removeprefix("license:") for tag in model.tags or () if tag.startswith("license:")]
    name = f"hf.co/{model.id}"
    return FoundModel(name=name, source=name, license=", ".join(licenses), num_downloads=model.downloads)


def _hub_errors() -> tuple[type[Exception], ...]:
    # The hub's own errors derive from those of its HTTP library, whichever that is.
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    return (OfflineModeIsEnabled, *(base for base in HfHubHTTPError.__mro__[1:] if base.__name__ == "HTTPError"))


def _explain(exc: Exception, repo: str, endpoint: str) -> Exception:
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError

    match exc:
        case GatedRepoError():
            return SourceUnavailable(
                f"{repo} is gated: accept its terms at {endpoint}/{repo}, then set HF_TOKEN where omm serve runs"
            )
        case RepositoryNotFoundError():
            return NotFound(f"Hugging Face has no repository {repo} (if it is private, set HF_TOKEN)", param="model")
        case OfflineModeIsEnabled():
            return SourceUnavailable("cannot reach Hugging Face: HF_HUB_OFFLINE is set")
        case HfHubHTTPError():
            return SourceUnavailable(f"Hugging Face answered HTTP {exc.response.status_code} for {repo}")
    return SourceUnavailable(f"cannot reach {endpoint}: {_reason(exc)}")


def _reason(exc: Exception) -> str:
    return re.sub(r"^\[Errno -?\d+\] ", "", str(exc)) or type(exc).__name__


# --- choosing files ---------------------------------------------------------------------------------------------


def _is_gguf(path: str) -> bool:
    """Whether a file of the repository is a model or projector, and its name an honest one."""
    return path.lower().endswith(".gguf") and "imatrix" not in path.lower() and bool(_PATH.fullmatch(path))


def _is_projector(path: str) -> bool:
    return "mmproj" in path.lower()


def _is_draft(path: str) -> bool:
    """Whether a file is a small model that guesses for the large one beside it."""
    return has_label(path.rsplit("/", 1)[-1], "draft")


def has_label(path: str, label: str) -> bool:
    """Whether a file is labelled so: `…-Q4_K_M.gguf`, `….Q4_K_M.gguf` or `Q4_K_M/….gguf`, in any case."""
    stem = SHARD.sub(".gguf", path).lower().removesuffix(".gguf")
    pattern = rf"(^|[-_./]){re.escape(label.lower())}($|[-./])"
    return re.search(pattern, stem) is not None


def labels(paths: list[str]) -> list[str]:
    """What can follow the colon, for messages: known quantisations, else file names."""
    known = [label for label in PREFERRED if any(has_label(path, label) for path in paths)]
    return known or [path.rsplit("/", 1)[-1] for path in paths]


def choose(paths: list[str], tag: str, repo: str) -> str:
    """The file that a tag means; the first of its parts when it is split.

    Raises:
        NotFound: no file does; the message lists the tags there are.
    """
    models = sorted(path for path in paths if not _is_projector(path) and _part(path)[0] == 1)
    if not models:
        raise NotFound(f"{repo} has no GGUF files; look for a repository whose name ends in -GGUF", param="model")
    found = _by_default(models) if tag.lower() == DEFAULT_TAG else _by_tag(models, tag)
    if found is None:
        raise NotFound(f"{repo} has no file for '{tag}'; it has: {', '.join(labels(models))}", param="model")
    return found


def parts_of(first: str, paths: list[str], repo: str) -> list[str]:
    """All parts of a split file, in order; the file alone when it is whole.

    Raises:
        NotFound: the repository lacks one of them.
    """
    count = _part(first)[1]
    parts = [SHARD.sub(f"-{index:05}-of-{count:05}.gguf", first) for index in range(1, count + 1)]
    if missing := [part for part in parts if part not in paths]:
        raise NotFound(f"{repo}: {first} is split into {count} parts, and {missing[0]} is missing", param="model")
    return parts


def _part(path: str) -> tuple[int, int]:
    """Which part a file is, of how many."""
    match = SHARD.search(path)
    return (int(match[1]), int(match[2])) if match else (1, 1)


def _by_default(models: list[str]) -> str:
    large = [path for path in models if not _is_draft(path)] or models
    return _first_labelled(large, PREFERRED) or large[0]


def _by_tag(models: list[str], tag: str) -> str | None:
    wanted = tag.lower().removesuffix(".gguf")
    for path in models:
        name = path.rsplit("/", 1)[-1].lower()
        if wanted in (name.removesuffix(".gguf"), SHARD.sub("", name)):
            return path
    return _first_labelled(models, (tag,))


def _first_labelled(paths: list[str], wanted: tuple[str, ...]) -> str | None:
    for label in wanted:
        if found := [path for path in paths if has_label(path, label)]:
            return min(found, key=lambda path: (len(path), path))
    return None


def choose_projector(paths: list[str]) -> str | None:
    """The file that gives the model eyes or ears, if there is one in one piece."""
    found = sorted(path for path in paths if _is_projector(path) and not SHARD.search(path))
    return _first_labelled(found, PREFERRED_PROJECTOR) or (found[0] if found else None)


def choose_draft(paths: list[str]) -> str | None:
    """The draft model in one piece, if there is one beside the model."""
    found = sorted(path for path in paths if _is_draft(path) and not _is_projector(path) and not SHARD.search(path))
    others = any(not _is_draft(path) and not _is_projector(path) for path in paths)
    return (_first_labelled(found, PREFERRED) or found[0]) if found and others else None
