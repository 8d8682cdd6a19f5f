"""`tokenizer.json`, or the older `tokenizer.model` → the vocabulary of a GGUF file. Knows nothing of weights.

Two kinds come in: byte-level BPE, whose text is cut by a regular expression that llama.cpp knows by a name, and what
SentencePiece made, with spaces as `▁` and bytes as a fallback. A kind that llama.cpp would cut otherwise is refused.

Source: the `tokenizers` library's file format; llama.cpp's table of pre-tokenizers (`llama-vocab.cpp`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec

from omm.convert import sentencepiece
from omm.convert.folder import Folder
from omm.errors import InvalidRequest, Unsupported

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6  # ggml's token types

_SPACE = "▁"
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
_LOOKS_SPECIAL = re.compile(r"<pad>|<mask>|<2mass>|\[@BOS@\]|<\|.*\|>|<｜.*｜>|<unused.*>", re.DOTALL)
_OF_PHI3 = frozenset({"<unk>", "<s>", "</s>", "<|endoftext|>"})  # llama.cpp looks for all of them
_ADDED_SCORE = -1000.0
_Id = Annotated[int, msgspec.Meta(ge=0, lt=1 << 24)]

_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|" + (
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_CASES = rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+%s|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*%s|" + (
    r"\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"

# By the expressions that cut the text before GPT-2's own, and by whether a word of the vocabulary is taken whole.
PRE_TOKENIZERS: dict[tuple[str, bool], str] = {
    (_WORDS % "{1,3}", True): "llama-bpe",
    (_WORDS % "{1,3}", False): "dbrx",
    (_WORDS % "", False): "qwen2",
    (_CASES % ("", "", ""), True): "tekken",
    (_CASES % ("", "", ""), False): "tekken",  # whose merges make up every word
    (_CASES % (_ENDINGS, _ENDINGS, "{1,3}"), False): "gpt-4o",
    ("gpt-2", False): "gpt-2",
    ("digits|gpt-2", False): "smollm",
}


# --- the file -----------------------------------------------------------------------------------------------------


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """A token that is found before anything is cut."""

    id: _Id
    content: str
    special: bool = False
    rstrip: bool = False


class _Model(msgspec.Struct, frozen=True, kw_only=True):
    type: str = "BPE"
    vocab: dict[str, _Id] | list[Any] = {}
    merges: list[str | tuple[str, str]] = []
    byte_fallback: bool = False
    ignore_merges: bool = False
    unk_token: str | None = None
    continuing_subword_prefix: str | None = None
    end_of_word_suffix: str | None = None


class _Step(msgspec.Struct, frozen=True, kw_only=True):
    """A normalizer, pre-tokenizer, decoder or post-processor: the fields of all that matter here."""

    type: str
    normalizers: tuple[_Step, ...] = ()
    pretokenizers: tuple[_Step, ...] = ()
    processors: tuple[_Step, ...] = ()
    pattern: dict[str, str] = {}
    use_regex: bool = True
    add_prefix_space: bool | None = None
    individual_digits: bool = False
    prepend: str = ""
    prepend_scheme: str = "always"
    single: tuple[dict[str, dict[str, Any]], ...] = ()

    def steps(self) -> Iterator[_Step]:
        """Those of a sequence, one by one."""
        if self.type != "Sequence":
            yield self
        for step in (*self.normalizers, *self.pretokenizers, *self.processors):
            yield from step.steps()


class _File(msgspec.Struct, frozen=True, kw_only=True):
    model: _Model
    added_tokens: tuple[Added, ...] = ()
    normalizer: _Step | None = None
    pre_tokenizer: _Step | None = None
    post_processor: _Step | None = None


class _Token(msgspec.Struct, frozen=True, kw_only=True):
    content: str
    special: bool = False


class _Decoder(msgspec.Struct, frozen=True, kw_only=True):
    """What `tokenizer_config.json` adds to a tokenizer in SentencePiece's own file."""

    added_tokens_decoder: dict[_Id, _Token] = {}


# --- the result ---------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What GGUF says of a tokenizer, `tokens` by id. `model` is `gpt2` with merges, or `llama` with scores."""

    model: str
    pre: str
    tokens: list[str]
    types: list[int]
    merges: list[str] = dataclasses.field(default_factory=list)
    scores: list[float] = dataclasses.field(default_factory=list)
    unknown_id: int | None = None
    adds_space: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    strips_right: bool = False

    def find(self, token: str) -> int | None:
        """The id of a token."""
        return self.tokens.index(token) if token in self.tokens else None


def read(folder: Folder, size: int) -> Vocabulary:
    """The vocabulary of a model with so many rows.

    Raises:
        InvalidRequest: the file is missing or contradicts itself or the model.
        Unsupported: llama.cpp has no such tokenizer.
    """
    if folder.has("tokenizer.model") and not folder.has("tokenizer.json"):
        return _older(folder, size)
    file = folder.read("tokenizer.json", _File)
    if file.model.type != "BPE" or not isinstance(file.model.vocab, dict):
        raise Unsupported(f"tokenizer.json: a {file.model.type} tokenizer is not supported, only BPE", param="files")
    if not file.model.vocab:
        raise InvalidRequest("tokenizer.json has no tokens", param="files")
    if file.model.continuing_subword_prefix or file.model.end_of_word_suffix:
        raise Unsupported("tokenizer.json: marks within words are not supported", param="files")
    tokens, types = _tokens(file, file.model.vocab, size)
    return _pieces(file, tokens, types) if file.model.byte_fallback else _byte_level(file, tokens, types)


def _tokens(file: _File, vocab: dict[str, int], size: int) -> tuple[list[str], list[int]]:
    """Texts and types by id; ids without a token, up to the number of rows, are filled."""
    tokens, types = [f"[PAD{index}]" for index in range(size)], [UNUSED] * size
    beyond = {added.id for added in file.added_tokens if added.id >= size}  # of a larger relative, say one for images
    for text, index in vocab.items():
        if index in beyond:
            continue
        is_byte = bool(file.model.byte_fallback and _BYTE.fullmatch(text))
        if index < size and BYTE in (types[index], is_byte and BYTE):
            text = text if is_byte else tokens[index]  # Gemma has the tabulator under the number of its byte
            is_byte = True
        elif index >= size or types[index] != UNUSED:
            raise InvalidRequest(
                f"tokenizer.json: the token {text!r} has the number {index}, which another has or no row of the "
                f"{size} in config.json",
                param="files",
            )
        tokens[index], types[index] = text, BYTE if is_byte else NORMAL
    _add(tokens, types, file.added_tokens)
    return tokens, types


def _add(tokens: list[str], types: list[int], extra: Iterable[Added]) -> None:
    for added in extra:
        if added.id >= len(tokens):
            continue
        is_control = added.special or _LOOKS_SPECIAL.fullmatch(added.content)
        # NOTE: llama.cpp looks for these in the text as it came, where a space is a space.
        tokens[added.id] = added.content if is_control else added.content.replace(_SPACE, " ")
        types[added.id] = CONTROL if is_control else USER_DEFINED


def _merges(model: _Model) -> list[tuple[str, str]]:
    """Pairs in order of rank. Raises InvalidRequest."""
    pairs = [tuple(pair.split(" ", 1)) if isinstance(pair, str) else pair for pair in model.merges]
    if any(len(pair) != 2 for pair in pairs):
        raise InvalidRequest("tokenizer.json: a merge is no pair", param="files")
    return [(left, right) for left, right in pairs]


def _steps(step: _Step | None) -> list[_Step]:
    return list(step.steps()) if step else []


def _frame(file: _File) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens that are put before a text and after it."""
    single = [item for step in _steps(file.post_processor) for item in step.single]
    place = next((index for index, item in enumerate(single) if "Sequence" in item), len(single))
    names = [str(item.get("SpecialToken", {}).get("id", "")) for item in single]
    return tuple(filter(None, names[:place])), tuple(filter(None, names[place:]))


def _byte_level(file: _File, tokens: list[str], types: list[int]) -> Vocabulary:
    before, after = _frame(file)
    return Vocabulary(
        model="gpt2",
        pre=_pre_tokenizer(file),
        tokens=tokens,
        types=types,
        merges=[f"{left} {right}" for left, right in _merges(file.model)],
        before=before,
        after=after,
    )


def _pre_tokenizer(file: _File) -> str:
    """llama.cpp's name for how the text is cut. Raises Unsupported."""
    cuts, is_byte_level = [], False
    for step in _steps(file.pre_tokenizer):
        if step.type == "Split":
            cuts.append(step.pattern.get("Regex") or repr(step.pattern.get("String")))
        elif step.type == "Digits" and step.individual_digits:
            cuts.append("digits")
        elif step.type == "ByteLevel" and not step.add_prefix_space:
            is_byte_level = True
            cuts += ["gpt-2"] if step.use_regex else []
        else:
            cuts.append(step.type)
    name = PRE_TOKENIZERS.get(("|".join(cuts), file.model.ignore_merges))
    if name is None or not is_byte_level:
        raise Unsupported(
            f"tokenizer.json: llama.cpp is not known to cut text by {'|'.join(cuts) or 'nothing'}", param="files"
        )
    return name


def _pieces(file: _File, tokens: list[str], types: list[int]) -> Vocabulary:
    """A vocabulary of SentencePiece. llama.cpp joins the pair of the best score first, so a score is minus the rank."""
    ranks: dict[str, int] = {}
    for rank, (left, right) in enumerate(_merges(file.model)):
        ranks.setdefault(left + right, rank)
    unknown = tokens.index(file.model.unk_token) if file.model.unk_token in tokens else None
    if unknown is not None:
        types[unknown] = UNKNOWN
    scores = [
        0.0 if kind in (BYTE, UNKNOWN) else _ADDED_SCORE if kind != NORMAL else -float(ranks.get(text, len(ranks)))
        for text, kind in zip(tokens, types, strict=True)
    ]
    before, after = _frame(file)
    return Vocabulary(
        model="llama",
        pre="default",
        tokens=tokens,
        types=types,
        scores=scores,
        unknown_id=unknown,
        adds_space=_adds_space(file),
        before=before,
        after=after,
        strips_right=any(added.rstrip for added in file.added_tokens) and _OF_PHI3.issubset(tokens),
    )


def _added(folder: Folder) -> dict[str, int]:
    return folder.read("added_tokens.json", dict[str, _Id]) if folder.has("added_tokens.json") else {}


def _older(folder: Folder, size: int) -> Vocabulary:
    """A vocabulary of SentencePiece in its own file, with the tokens that other files add. Raises as `read`."""
    parsed = sentencepiece.parse(folder.raw("tokenizer.model"))
    if len(parsed.pieces) > size:
        raise InvalidRequest(f"tokenizer.model has {len(parsed.pieces)} tokens, config.json says {size}", param="files")
    tokens, types = [f"[PAD{index}]" for index in range(size)], [UNUSED] * size
    for index, piece in enumerate(parsed.pieces):
        tokens[index], types[index] = piece.text, piece.type
    unknown = types.index(UNKNOWN) if UNKNOWN in types else None
    extra = [Added(id=index, content=text) for text, index in _added(folder).items()]
    stated = folder.read_or("tokenizer_config.json", _Decoder()).added_tokens_decoder
    extra += [Added(id=index, content=token.content, special=token.special) for index, token in stated.items()]
    known = {added.id for added in extra}
    _add(tokens, types, extra)
    if unknown is not None:
        types[unknown] = UNKNOWN
    scores = [piece.score for piece in parsed.pieces] + [_ADDED_SCORE] * (size - len(parsed.pieces))
    return Vocabulary(
        model="llama",
        pre="default",
        tokens=tokens,
        types=types,
        scores=[_ADDED_SCORE if index in known else score for index, score in enumerate(scores)],
        unknown_id=unknown,
        adds_space=parsed.adds_space,
    )


def _adds_space(file: _File) -> bool:
    """Whether a text is read as if a space came before it. Raises Unsupported for spaces that are not kept as `▁`."""
    steps = [*_steps(file.normalizer), *_steps(file.pre_tokenizer)]
    if any(step.type not in ("Prepend", "Replace", "Metaspace", "Split") for step in steps):
        kinds = ", ".join(sorted({step.type for step in steps}))
        raise Unsupported(f"tokenizer.json: text that goes through {kinds} is not supported", param="files")
    for step in steps:
        if step.type == "Prepend" and step.prepend == _SPACE:
            return True
        if step.type == "Metaspace" and step.add_prefix_space is not False and step.prepend_scheme != "never":
            return True
    return False
