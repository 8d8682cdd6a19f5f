"""Bytes become text alike however they are cut, and nothing of a stop string is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm.engine.text import TextDecoder, partial_suffix

ALPHABET = st.sampled_from(["a", "b", "ab", "é", "€", "🙂", "\n", "<|", "|>", "x"])
TEXTS = st.lists(ALPHABET, max_size=30).map("".join)
STOPS = st.lists(st.lists(ALPHABET, min_size=1, max_size=4).map("".join), max_size=4).map(tuple)


def decode(pieces: list[bytes], stops: tuple[str, ...] = ()) -> tuple[list[str], str | None]:
    decoder = TextDecoder(stops)
    parts = [decoder.feed(piece) for piece in pieces]
    return [*parts, decoder.flush()], decoder.stopped_by


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({place % (len(data) + 1) for place in cuts})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


@given(TEXTS, STOPS, st.lists(st.integers(0, 200), max_size=12))
def test_any_cut_gives_the_same_text(text: str, stops: tuple[str, ...], cuts: list[int]) -> None:
    data = text.encode()
    whole, whole_stop = decode([data], stops)
    bytewise, bytewise_stop = decode([bytes([byte]) for byte in data], stops)
    parts, stop = decode(cut(data, cuts), stops)
    assert "".join(parts) == "".join(whole) == "".join(bytewise)
    assert stop == whole_stop == bytewise_stop


@given(st.binary(max_size=40), st.lists(st.integers(0, 200), max_size=12))
def test_bytes_that_are_no_text_are_replaced_alike(data: bytes, cuts: list[int]) -> None:
    parts, _ = decode(cut(data, cuts))
    assert "".join(parts) == data.decode("utf-8", "replace")


@given(TEXTS, STOPS)
def test_no_stop_string_and_no_part_of_one_is_sent(text: str, stops: tuple[str, ...]) -> None:
    parts, stopped_by = decode([bytes([byte]) for byte in text.encode()], stops)
    sent = "".join(parts)
    assert not any(stop in sent for stop in stops)
    if stopped_by is None:
        assert sent == text
    else:
        assert text.startswith(sent + stopped_by)


@given(TEXTS, STOPS)
def test_what_may_begin_a_stop_string_is_held_back(text: str, stops: tuple[str, ...]) -> None:
    decoder = TextDecoder(stops)
    sent = ""
    for end in range(1, len(text) + 1):
        sent += decoder.feed(text[end - 1].encode())
        if decoder.stopped_by is not None:
            return
        held = max((partial_suffix(text[:end], stop) for stop in stops), default=0)
        assert sent == text[: end - held]


def test_text_without_stop_strings_is_sent_at_once() -> None:
    assert TextDecoder().feed(b"hello") == "hello"


def test_half_a_character_waits_for_its_rest() -> None:
    decoder = TextDecoder()
    assert [decoder.feed(bytes([byte])) for byte in "€".encode()] == ["", "", "€"]


def test_half_a_character_at_the_end_is_replaced() -> None:
    assert decode(["€".encode()[:2]])[0] == ["", "\ufffd"]


def test_what_looked_like_a_stop_string_is_sent_once_it_is_none() -> None:
    decoder = TextDecoder(("STOP",))
    assert [decoder.feed(piece) for piece in (b"aST", b"O", b"x")] == ["a", "", "STOx"]


def test_held_back_text_comes_at_the_end() -> None:
    assert "".join(decode([b"a ST"], ("STOP",))[0]) == "a ST"


def test_nothing_follows_a_stop_string() -> None:
    decoder = TextDecoder(("!",))
    assert decoder.feed(b"a!b") == "a"
    assert decoder.feed(b"c") == ""
    assert decoder.flush() == ""
    assert decoder.stopped_by == "!"


@pytest.mark.parametrize("order", [("b", "ab"), ("ab", "b")])
def test_of_stop_strings_that_end_together_the_longest_wins(order: tuple[str, ...]) -> None:
    assert decode([b"xab"], order) == (["x", ""], "ab")


def test_the_stop_string_that_is_complete_first_wins() -> None:
    assert decode([b"xabc"], ("abc", "b")) == (["xa", ""], "b")
