"""Vocabularies: text becomes the tokens that the `tokenizers` library makes of it, or the file is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omm.convert import tokens
from omm.convert.folder import Folder
from omm.errors import OmmError
from tests.convert import checkpoints
from tests.convert.llamacpp import convert, load

Change = Callable[[dict[str, Any]], object]


def read(path: Path, name: str, change: Change = lambda file: None, size: int = 384) -> tokens.Vocabulary:
    """The vocabulary of a tokenizer whose file was changed."""
    file = json.loads((checkpoints.FIXTURES / "tokenizers" / name / "tokenizer.json").read_bytes())
    change(file)
    (path / "tokenizer.json").write_text(json.dumps(file))
    return tokens.read(Folder({"tokenizer.json": str(path / "tokenizer.json")}), size)


@pytest.mark.model
@pytest.mark.parametrize("name", checkpoints.TOKENIZERS)
def test_texts_become_the_same_tokens(tmp_path: Path, name: str) -> None:
    checkpoint = checkpoints.write_case(tmp_path / "checkpoint", "phi3" if name == "spm-phi3" else "llama2")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(checkpoints.FIXTURES / "tokenizers" / name / file, checkpoint)
    model = load(convert(checkpoint, tmp_path / "model.gguf"))
    texts = checkpoints.expected("tokenizers", name)
    found = {text: list(model.tokenize(text, add_special=True, parse_special=True)) for text in texts}
    model.close()
    assert found == texts


def test_rows_without_a_token_are_filled(tmp_path: Path) -> None:
    vocabulary = read(tmp_path, "qwen2", size=390)
    assert len(vocabulary.tokens) == len(vocabulary.types) == 390
    assert (vocabulary.tokens[-1], vocabulary.types[-1]) == ("[PAD389]", tokens.UNUSED)


def test_kinds_of_tokens(tmp_path: Path) -> None:
    def add(file: dict[str, Any]) -> None:
        for index, (content, special) in enumerate([("a▁b", False), ("<|tool|>", False), ("far", True)]):
            file["added_tokens"].append({"id": (370, 371, 999)[index], "content": content, "special": special})

    vocabulary = read(tmp_path, "spm-llama", add)
    kinds = {text: vocabulary.types[vocabulary.tokens.index(text)] for text in ("<unk>", "<s>", "<0x41>", "▁")}
    assert kinds == {"<unk>": tokens.UNKNOWN, "<s>": tokens.CONTROL, "<0x41>": tokens.BYTE, "▁": tokens.NORMAL}
    assert (vocabulary.tokens[370], vocabulary.types[370]) == ("a b", tokens.USER_DEFINED)
    assert (vocabulary.tokens[371], vocabulary.types[371]) == ("<|tool|>", tokens.CONTROL)
    assert "far" not in vocabulary.tokens


def test_tabulator_under_the_number_of_its_byte_is_the_byte(tmp_path: Path) -> None:
    vocabulary = read(
        tmp_path, "spm-gemma", lambda file: file["model"]["vocab"].update({"\t": file["model"]["vocab"]["<0x09>"]})
    )
    assert "\t" not in vocabulary.tokens
    assert vocabulary.types[vocabulary.tokens.index("<0x09>")] == tokens.BYTE


def test_token_beyond_the_rows_is_left_out(tmp_path: Path) -> None:
    def add(file: dict[str, Any]) -> None:
        file["added_tokens"].append({"id": 384, "content": "<image>", "special": True})
        file["model"]["vocab"]["<image>"] = 384

    assert "<image>" not in read(tmp_path, "spm-gemma", add).tokens


def test_merges_as_pairs_and_as_text_are_the_same(tmp_path: Path) -> None:
    def as_text(file: dict[str, Any]) -> None:
        file["model"]["merges"] = [" ".join(pair) for pair in file["model"]["merges"]]

    assert read(tmp_path, "qwen2", as_text) == read(tmp_path, "qwen2")


def vocab(**changes: Any) -> Change:
    return lambda file: file["model"]["vocab"].update(changes)


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("qwen2", lambda file: file["model"].update(type="WordPiece"), "a WordPiece tokenizer is not supported"),
        ("qwen2", lambda file: file["model"].update(type="Unigram", vocab=[["a", 0.5]]), "a Unigram tokenizer"),
        ("qwen2", lambda file: file["model"].update(end_of_word_suffix="</w>"), "marks within words"),
        ("qwen2", lambda file: file["model"].update(merges=["ab"]), "a merge is no pair"),
        ("qwen2", lambda file: file["model"].update(merges=[["a", "b", "c"]]), r"model\.merges"),
        ("qwen2", lambda file: file["model"].update(ignore_merges=True), "not known to cut text by"),
        ("qwen2", lambda file: file.update(pre_tokenizer=None), "not known to cut text by nothing"),
        ("qwen2", lambda file: file.update(pre_tokenizer={"type": "Whitespace"}), "cut text by Whitespace"),
        ("gpt-2", lambda file: file.update(pre_tokenizer={"type": "ByteLevel", "add_prefix_space": True}), "ByteLevel"),
        ("qwen2", vocab(extra=0), "has the number 0, which another has"),
        ("qwen2", vocab(extra=384), "has the number 384, which another has or no row"),
        ("qwen2", vocab(extra=-1), "tokenizer.json: Expected `int` >= 0"),
        ("qwen2", vocab(extra=10**30), "tokenizer.json: "),
        ("spm-llama", lambda file: file.update(normalizer={"type": "Lowercase"}), "goes through Lowercase"),
    ],
)
def test_what_llamacpp_would_read_otherwise_is_refused(tmp_path: Path, name: str, change: Change, message: str) -> None:
    with pytest.raises(OmmError, match=message) as caught:
        read(tmp_path, name, change)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("normalizer", "pre_tokenizer", "adds"),
    [
        ({"type": "Prepend", "prepend": "▁"}, None, True),
        (None, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}, True),
        (None, {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}, True),
        (None, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"}, False),
        ({"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, None, False),
    ],
)
def test_space_before_a_text(tmp_path: Path, normalizer: Any, pre_tokenizer: Any, adds: bool) -> None:
    vocabulary = read(
        tmp_path, "spm-gemma", lambda file: file.update(normalizer=normalizer, pre_tokenizer=pre_tokenizer)
    )
    assert vocabulary.adds_space is adds
