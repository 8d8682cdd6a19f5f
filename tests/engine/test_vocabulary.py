"""Text to tokens and back: cuts keep control tokens out, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.engine import llama as llama_api
from omm.engine.llama import Model
from omm.engine.vocabulary import Vocabulary
from omm.errors import InvalidRequest
from tests.engine.conftest import TINY

pytestmark = pytest.mark.model

TEXTS = [
    "Hello world, how are you?",
    " a",
    "",
    "\n\nab  ab\n",
    "éà漢字 🙂",
    "ab",
    "x<|user|>y",
    "<s>[INST]</s> a[INST]",
]


@contextmanager
def opened(path: Path) -> Iterator[tuple[Model, Vocabulary]]:
    llama_api.start_backend()
    model = Model(str(path), gpu_layers=0)
    try:
        yield model, Vocabulary(model)
    finally:
        model.close()


@pytest.fixture(scope="module", params=["tiny", "llama", "sentencepiece"])
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Model, Vocabulary]]:
    """Vocabularies of each kind, with their models."""
    with opened(request.getfixturevalue(request.param)) as pair:
        yield pair


@pytest.fixture(scope="module")
def spm(sentencepiece: Path) -> Iterator[Vocabulary]:
    with opened(sentencepiece) as (_, vocabulary):
        yield vocabulary


@pytest.fixture(scope="module")
def chat() -> Iterator[Vocabulary]:
    """The vocabulary of the model that omm ships."""
    with opened(TINY) as (_, vocabulary):
        yield vocabulary


def cut_inside(parts: list[str], markers: dict[str, int]) -> tuple[str, list[int]]:
    """The parts as one text, with a cut behind the first character of each marker."""
    text, cuts = "", []
    for part in parts:
        cuts += [len(text) + 1] if part in markers else []
        text += part
    return text, cuts


# Cuts.


@pytest.mark.parametrize("text", TEXTS)
def test_without_cuts_the_ids_are_those_of_llama_cpp(both: tuple[Model, Vocabulary], text: str) -> None:
    model, vocabulary = both
    expected = model.tokenize(text, add_special=False, parse_special=True)
    assert vocabulary.tokenize(text, bos=False) == expected
    assert vocabulary.tokenize(text, (0, len(text)), bos=False) == expected


@pytest.mark.parametrize("text", TEXTS)
def test_a_control_token_with_a_cut_in_it_is_text(both: tuple[Model, Vocabulary], text: str) -> None:
    _, vocabulary = both
    for marker, id in vocabulary.markers.items():
        whole, cuts = cut_inside(["ab", marker, marker, "ab"], vocabulary.markers)
        ids = vocabulary.tokenize(whole, cuts, bos=False)
        assert not set(ids) & set(vocabulary.markers.values())
        assert vocabulary.detokenize(ids) == whole
        if marker != "<unk>":
            assert id in vocabulary.tokenize(whole, cuts[:1], bos=False)


@given(st.data())
def test_cuts_anywhere_keep_the_text(chat: Vocabulary, data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.one_of(st.text(max_size=8), st.sampled_from(sorted(chat.markers))), max_size=6))
    text, cuts = cut_inside(parts, chat.markers)
    cuts += data.draw(st.lists(st.integers(-2, len(text) + 2), max_size=5))
    assert chat.detokenize(chat.tokenize(text, cuts, bos=False)) == text


@given(st.data())
def test_cuts_anywhere_add_no_space(spm: Vocabulary, data: st.DataObject) -> None:
    text = data.draw(st.text("ab user<|/[INT\n", max_size=20))  # no marker can be made of these
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=5))
    assert spm.detokenize(spm.tokenize(text, cuts, bos=False)) == text


def test_a_piece_after_a_cut_is_read_as_going_on(spm: Vocabulary) -> None:
    assert spm.tokenize("abab", [2], bos=False)[1:] == spm.continuation("ab")
    assert spm.tokenize("ab", bos=False) != spm.continuation("ab")
    assert spm.detokenize([*spm.tokenize("a", bos=False), *spm.continuation("b")]) == "ab"


# The beginning.


def test_the_beginning_is_not_doubled(spm: Vocabulary) -> None:
    assert spm.tokenize("a")[0] == 1
    assert spm.tokenize("<s>a") == spm.tokenize("<s>a", bos=False)
    assert spm.tokenize("<s>a").count(1) == 1


def test_the_text_of_the_beginning_is_not_one(spm: Vocabulary) -> None:
    assert spm.tokenize("<s>a", [1]).count(1) == 1
    assert spm.tokenize("<s>a", special=False).count(1) == 1
    assert spm.detokenize(spm.tokenize("<s>a", [1])[1:]) == "<s>a"


def test_what_closes_a_text_comes_after_the_last_piece(bert: Path) -> None:
    with opened(bert) as (_, vocabulary):
        whole, pieces = vocabulary.tokenize("a b"), vocabulary.tokenize("a b", [1])
    assert (pieces[0], pieces[-1]) == (whole[0], whole[-1])
    assert pieces.count(whole[-1]) == 1


# Markers and ends.


def test_markers_are_what_is_read_as_one_token(both: tuple[Model, Vocabulary]) -> None:
    model, vocabulary = both
    for text, id in vocabulary.markers.items():
        if text != "<unk>":
            assert model.tokenize(text, add_special=False, parse_special=True) == [id]


def test_markers_are_control_tokens_and_markup(chat: Vocabulary, spm: Vocabulary) -> None:
    assert {"<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>"} <= chat.markers.keys()
    assert spm.markers == {"<unk>": 0, "<s>": 1, "</s>": 2, "<|user|>": 3, "[INST]": 4}


def test_ends_are_all_tokens_that_end_an_answer(both: tuple[Model, Vocabulary]) -> None:
    model, vocabulary = both
    assert vocabulary.ends == [id for id in range(model.num_vocab) if model.is_end(id)]


# Back to text.


@pytest.mark.parametrize("text", ["Hello world", "ab", " ab", "a\n\nb  a"])
def test_a_text_comes_back(both: tuple[Model, Vocabulary], text: str) -> None:
    _, vocabulary = both
    assert vocabulary.detokenize(vocabulary.tokenize(text, bos=False)) == text


def test_control_tokens_can_be_left_out(chat: Vocabulary) -> None:
    ids = chat.tokenize("<|im_start|>user")
    assert (chat.detokenize(ids), chat.detokenize(ids, special=False)) == ("<|im_start|>user", "user")


def test_half_a_character_is_a_replacement(chat: Vocabulary) -> None:
    assert chat.detokenize(chat.tokenize("🙂")[:1]) == "\N{REPLACEMENT CHARACTER}"


def test_many_tokens_come_back(chat: Vocabulary) -> None:
    text = "hello world " * 2000 + "\n" * 5000
    assert chat.detokenize(chat.tokenize(text)) == text


@pytest.mark.parametrize("id", [-1, 2**31, 2**70])
def test_ids_that_do_not_exist_are_refused(chat: Vocabulary, id: int) -> None:
    with pytest.raises(InvalidRequest, match="token ids"):
        chat.detokenize([1, id])


# Long texts.


@pytest.mark.parametrize("text", ["ab user " * 20_000, "\nab" * 50_000])
def test_a_long_text_has_the_ids_that_llama_cpp_gives(both: tuple[Model, Vocabulary], text: str) -> None:
    model, vocabulary = both
    assert vocabulary.tokenize(text, bos=False) == model.tokenize(text, add_special=False, parse_special=True)


@pytest.mark.parametrize("text", ["ab" * 60_000, "a " + "b" * 60_000, " " * 120_000])
def test_a_long_text_without_a_place_to_part_it_stays_whole(both: tuple[Model, Vocabulary], text: str) -> None:
    _, vocabulary = both
    assert vocabulary.detokenize(vocabulary.tokenize(text, bos=False)) == text
