"""A folder that FROM names: which of its files make the model. Knows nothing of what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from omm.errors import InvalidRequest

WEIGHTS = ".safetensors"
BESIDE = (
    *("config.json", "generation_config.json", "model.safetensors.index.json"),
    *("tokenizer.json", "tokenizer.model", "tokenizer_config.json", "added_tokens.json"),
    *("chat_template.jinja", "chat_template.json"),
    *("README.md", "LICENSE*", "LICENCE*", "COPYING*"),
)

_NOT_MODELS = ("consolidated", "adapter_")  # Mistral's own form of the same weights; LoRA adapters
# Hugging Face's cache: <repository>/snapshots/<revision>/* are links to <repository>/blobs/*.
_CACHE, _CACHED = "snapshots", "../../blobs"


def files_in(folder: Path) -> list[Path]:
    """A checkpoint's weights with what lies beside them, else the GGUF files.

    Raises:
        InvalidRequest: there is neither, or a file is a link out of the folder.
    """
    weights = sorted(folder.glob("model*.safetensors")) or [
        path for path in sorted(folder.glob("*.safetensors")) if not path.name.startswith(_NOT_MODELS)
    ]
    beside = (path for pattern in BESIDE for path in sorted(folder.glob(pattern))) if weights else ()
    found = [*weights, *beside] or sorted(folder.glob("*.gguf"))
    if not found:
        raise InvalidRequest(f"no GGUF file in {folder}, and no model.safetensors{_hint(folder)}", param="from")
    return list(_inside(folder, [path for path in found if path.is_file()]))


def _hint(folder: Path) -> str:
    if any(folder.glob("*.safetensors")):
        return ": adapters, and weights in Mistral's own form, are not read"
    return ": PyTorch's own files are not read, save the model as safetensors" if any(folder.glob("*.bin")) else ""


def _inside(folder: Path, paths: list[Path]) -> Iterator[Path]:
    """Those paths. A link out of the folder would bring a file of its reader into the model."""
    real = folder.resolve()
    places = [real, (real / _CACHED).resolve()] if real.parent.name == _CACHE else [real]
    for path in paths:
        if not any(path.resolve().is_relative_to(place) for place in places):
            raise InvalidRequest(f"{path} is a link out of its folder", param="from")
        yield path
