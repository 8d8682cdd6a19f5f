"""`tokenizer.model`: the same tokens as from the newer file, and no byte of it is believed."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from omm.convert import sentencepiece, tokens
from omm.convert.folder import Folder
from omm.errors import OmmError
from tests.convert import checkpoints
from tests.convert.llamacpp import convert, load

CONTENT = (checkpoints.FIXTURES / "tokenizers" / "spm-llama" / "tokenizer.model").read_bytes()
ADDED = {"364": {"content": "<|endoftext|>", "special": True}, "365": {"content": "<|end|>", "special": True}}


def message(*fields: tuple[int, bytes]) -> bytes:
    """Fields with bytes, in protocol buffers' wire format; short ones only."""
    return b"".join(bytes([number << 3 | 2, len(content)]) + content for number, content in fields)


def number(field: int, value: int) -> bytes:
    return bytes([field << 3, value])


BPE = message((2, number(3, 2)))
PIECE = message((1, message((1, b"a"))))


@pytest.mark.model
def test_texts_become_the_same_tokens(tmp_path: Path) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "llama2")
    (checkpoint / "tokenizer.json").unlink()
    (checkpoint / "tokenizer_config.json").write_text(json.dumps({"bos_token": "<s>", "added_tokens_decoder": ADDED}))
    model = load(convert(checkpoint, tmp_path / "model.gguf"))
    texts = checkpoints.expected("tokenizers", "spm-llama")
    found = {text: list(model.tokenize(text, add_special=True, parse_special=True)) for text in texts}
    model.close()
    assert found == texts


def test_tokens_that_other_files_add(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.model").write_bytes(CONTENT)
    (tmp_path / "added_tokens.json").write_text('{"<tool>": 364, "far": 9999}')
    folder = Folder({path.name: str(path) for path in tmp_path.iterdir()})
    vocabulary = tokens.read(folder, 384)
    assert (vocabulary.tokens[364], vocabulary.types[364]) == ("<tool>", tokens.USER_DEFINED)
    assert vocabulary.types[vocabulary.tokens.index("<unk>")] == tokens.UNKNOWN
    assert (vocabulary.unknown_id, vocabulary.adds_space) == (0, True)
    with pytest.raises(OmmError, match=r"tokenizer\.model has 364 tokens, config.json says 300"):
        tokens.read(folder, 300)


def test_pieces_and_flags() -> None:
    piece = message((1, b"ab")) + b"\x15" + struct.pack("<f", -1.5) + number(3, 4)
    normalizer = message((1, b"identity"), (2, b"")) + number(3, 0)
    found = sentencepiece.parse(message((1, piece), (3, normalizer)) + BPE)
    assert found == sentencepiece.Pieces([sentencepiece.Piece("ab", -1.5, 4)], adds_space=False)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it has no pieces"),
        (BPE, "it has no pieces"),
        (PIECE + message((2, number(3, 1))), "only tokenizers of type BPE"),
        (PIECE, "only tokenizers of type BPE"),
        (b"version https://git-lfs.github.com/spec/v1\n", "no file of SentencePiece"),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7fx", "it is cut off"),
        (b"\x0a" + b"\xff" * 64, "a number does not end"),
        (b"\x0b", "wire type 3"),
        (message((1, message((1, b"\xff")))) + BPE, "no file of SentencePiece"),
        (message((1, number(1, 5))) + BPE, "a piece has no text"),
        (message((1, message((1, b"a"), (2, b"12345")))) + BPE, "no file of SentencePiece"),
        (message((1, message((1, b"a"), (3, b"x")))) + BPE, "no file of SentencePiece"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(OmmError, match=why) as caught:
        sentencepiece.parse(content)
    assert caught.value.status == 400


def test_more_pieces_than_any_vocabulary_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentencepiece, "_MAX_PIECES", 2)
    assert len(sentencepiece.parse(2 * PIECE + BPE).pieces) == 2
    with pytest.raises(OmmError, match="it has too many pieces"):
        sentencepiece.parse(3 * PIECE + BPE)


@pytest.mark.parametrize("size", range(1, 400, 7))
def test_file_that_is_cut_off_is_refused_or_shorter(size: int) -> None:
    with pytest.raises(OmmError) as caught:
        sentencepiece.parse(CONTENT[:size])
    assert caught.value.status == 400
