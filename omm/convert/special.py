"""Special tokens, chat templates and recommended sampling, from the small files beside the tokenizer."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import msgspec

from omm.convert.config import Config
from omm.convert.folder import Folder
from omm.convert.tokens import Vocabulary
from omm.errors import InvalidRequest

_Number = Annotated[float, msgspec.Meta(ge=0, le=100)]


class _Text(msgspec.Struct, frozen=True):
    """A token as an object; some files have the bare text instead."""

    content: str


class _Named(msgspec.Struct, frozen=True):
    name: str
    template: str


class _TokenizerConfig(msgspec.Struct, frozen=True, kw_only=True):
    bos_token: str | _Text | None = None
    eos_token: str | _Text | None = None
    pad_token: str | _Text | None = None
    add_bos_token: bool | None = None
    add_eos_token: bool | None = None
    chat_template: str | tuple[_Named, ...] | None = None


class _ChatTemplate(msgspec.Struct, frozen=True):
    chat_template: str | tuple[_Named, ...] | None = None


class _Generation(msgspec.Struct, frozen=True, kw_only=True):
    eos_token_id: int | tuple[int, ...] | None = None
    do_sample: bool = True
    temperature: _Number | None = None
    top_k: Annotated[int, msgspec.Meta(ge=0, lt=1 << 24)] | None = None
    top_p: _Number | None = None
    min_p: _Number | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Specials:
    """Ids of special tokens, `ends` all that end a text; chat templates, the usual one as `default`; sampling."""

    bos: int | None
    pad: int | None
    ends: tuple[int, ...]
    adds_bos: bool
    adds_eos: bool
    templates: dict[str, str]
    sampling: dict[str, float]


def read(folder: Folder, config: Config, vocabulary: Vocabulary) -> Specials:
    """What the files beside the tokenizer say, those missing saying nothing. Raises InvalidRequest."""
    stated = folder.read_or("tokenizer_config.json", _TokenizerConfig())
    generation = folder.read_or("generation_config.json", _Generation())
    ids = [_find(stated.eos_token, vocabulary), *_listed(generation.eos_token_id), *_listed(config.eos_token_id)]
    ends = tuple(dict.fromkeys(index for index in ids if index is not None and _is_id(index, vocabulary)))
    bos, pad = (
        _find(stated.bos_token or "".join(vocabulary.before[:1]), vocabulary),
        _find(stated.pad_token, vocabulary),
    )
    adds_bos = vocabulary.model == "llama" if stated.add_bos_token is None else stated.add_bos_token
    framed = vocabulary.before or vocabulary.after
    return Specials(
        bos=config.bos_token_id if bos is None and _is_id(config.bos_token_id, vocabulary) else bos,
        pad=config.pad_token_id if pad is None and _is_id(config.pad_token_id, vocabulary) else pad,
        ends=ends,
        adds_bos=bool(vocabulary.before) if framed else adds_bos,
        adds_eos=bool(vocabulary.after) if framed else bool(stated.add_eos_token),
        templates=_templates(folder, stated),
        sampling=_sampling(generation),
    )


def _sampling(generation: _Generation) -> dict[str, float]:
    """What the authors recommend, by the names that GGUF has for it below `general.sampling.`."""
    stated = {
        "temp": generation.temperature,
        "top_k": generation.top_k,
        "top_p": generation.top_p,
        "min_p": generation.min_p,
    }
    return {name: value for name, value in stated.items() if value is not None and generation.do_sample}


def _is_id(index: int | None, vocabulary: Vocabulary) -> bool:
    return index is not None and 0 <= index < len(vocabulary.tokens)


def _listed(value: int | tuple[int, ...] | None) -> tuple[int, ...]:
    return (value,) if isinstance(value, int) else value or ()


def _find(token: str | _Text | None, vocabulary: Vocabulary) -> int | None:
    text = token.content if isinstance(token, _Text) else token
    return vocabulary.find(text) if text else None


def _templates(folder: Folder, stated: _TokenizerConfig) -> dict[str, str]:
    """The file of its own comes before what stands in the others, as in transformers."""
    if text := folder.text("chat_template.jinja"):
        return {"default": text}
    found: Any = folder.read_or("chat_template.json", _ChatTemplate()).chat_template or stated.chat_template or ()
    if isinstance(found, str):
        return {"default": found}
    templates = {named.name: named.template for named in found}
    if not all(name.replace("_", "").isalnum() for name in templates):
        raise InvalidRequest("a chat template's name is no word", param="files")
    return templates
