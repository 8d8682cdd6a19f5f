"""Text ↔ token ids of one model, from any thread: what llama.cpp's tokenizer does not do by itself.

Text that must not become control tokens comes with cuts, places that no token may span.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from omm.engine.llama import CONTROL, USER_DEFINED, Model
from omm.errors import InvalidRequest

# Letters that no vocabulary joins to what follows them; the first that works is put in front of a piece of text.
_FRONTS = ("\n", "\x01", "\N{SNOWMAN}")

# llama.cpp splits the texts of many vocabularies by a regular expression whose matches recurse, with up to 420 bytes
# of stack for each character: beyond that a long run of letters, or of spaces, would end the process.
MAX_PIECE = 50_000  # characters that are tokenized together
STACK_SIZE = 32 << 20  # bytes, of each thread that tokenizes


class Vocabulary:
    """The tokens of a model. `markers` maps the texts of control tokens, and of those that look so, to their ids.

    `closing` is the token that is put after every text, if there is one.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self.size = model.num_vocab
        self.bos = model.special_text("bos")
        # PERF: one pass over the kinds of all tokens, 70 ms for 262k.
        special = [(id, kind) for id, kind in enumerate(model.token_kinds()) if kind & (CONTROL | USER_DEFINED)]
        named = {id for id in map(model.special_id, ("eos", "eot")) if id >= 0}
        self.ends = sorted(id for id in {*named, *(id for id, _ in special)} if model.is_end(id))
        texts = ((model.token_text(id), id, kind) for id, kind in special)
        self.markers = {text: id for text, id, kind in texts if kind & CONTROL or _is_markup(text)}
        self._fronts = self._find_fronts()
        wrapped = model.tokenize("", add_special=True, parse_special=False)
        # NOTE: some vocabularies that want a separator get none, and then what is last is what begins a text.
        self.closing = wrapped[model.adds_bos :][-1:] if model.adds_closing else []

    def tokenize(self, text: str, cuts: Iterable[int] = (), *, special: bool = True, bos: bool = True) -> list[int]:
        """Token ids; with `bos`, what the vocabulary wants around a text, and no doubled beginning.

        `special` reads the texts of control tokens as such, where no cut (an offset in characters) lies in them.
        Without cuts the ids are what llama.cpp gives, but for a text longer than `MAX_PIECE`, which it may not survive.
        """
        places = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)}), len(text)]
        first, *rest = (part for start, end in itertools.pairwise(places) for part in _parts(text[start:end]))
        wraps = bos and not (special and self.bos and self._model.adds_bos and first.startswith(self.bos))
        tokens = self._model.tokenize(first, add_special=wraps, parse_special=special)
        if not rest:
            return tokens
        closing = self.closing if wraps else []
        del tokens[len(tokens) - len(closing) :]
        for piece in rest:
            tokens += self.continuation(piece, special=special)
        return tokens + closing

    def continuation(self, text: str, *, special: bool = True) -> list[int]:
        """Token ids of text that follows other text.

        NOTE: SentencePiece puts a space in front of every text it is given. It goes before a letter of ours, and what
        comes behind that letter are the ids of the text alone.
        """
        for front, ids in self._fronts:
            tokens = self._model.tokenize(front + text, add_special=False, parse_special=special)
            if tokens[: len(ids)] == ids:
                return tokens[len(ids) :]
        return self._model.tokenize(text, add_special=False, parse_special=special)

    def detokenize(self, ids: Sequence[int], *, special: bool = True) -> str:
        """The text of ids. Raises InvalidRequest for those that do not exist."""
        self.check(ids, "tokens")
        return self._model.detokenize(ids, special=special).decode("utf-8", "replace")

    def check(self, ids: Iterable[int], param: str) -> None:
        """Raises InvalidRequest, naming `param`, for ids outside the vocabulary."""
        if any(not 0 <= id < self.size for id in ids):
            raise InvalidRequest(f"the {param} holds token ids that the model does not have", param=param)

    def _find_fronts(self) -> list[tuple[str, list[int]]]:
        """Letters to put in front of a text, with their ids; none where the tokenizer adds no space."""
        plain = self._model.tokenize("a", add_special=False, parse_special=False)
        if not self._model.token_text(plain[0] if plain else 0).startswith("\N{LOWER ONE EIGHTH BLOCK}"):
            return []
        return [(front, self._model.tokenize(front, add_special=False, parse_special=False)) for front in _FRONTS]


def _parts(text: str) -> Iterator[str]:
    """The text in parts of at most `MAX_PIECE` characters, which begin with a space or a new line if that can be."""
    while len(text) > MAX_PIECE:
        end = max(text.rfind(" ", 1, MAX_PIECE), text.rfind("\n", 1, MAX_PIECE))
        end = end if end > 0 else MAX_PIECE
        yield text[:end]
        text = text[end:]
    yield text


def _is_markup(text: str) -> bool:
    return text[:1] in ("<", "[") and text[-1:] in (">", "]") and len(text) > 2
