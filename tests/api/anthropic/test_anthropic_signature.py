"""Signatures: what they carry comes back, and nothing else does."""

from __future__ import annotations

import base64
import zlib

import pytest

from omm.api.anthropic import signature


@pytest.mark.parametrize("text", ["", "Hm.", "é\n" * 5000])
def test_what_is_left_out_comes_back(text: str) -> None:
    assert signature.carried(signature.carrying(text)) == text


def test_what_is_sent_along_is_not_carried_twice() -> None:
    assert signature.of_text("a") != signature.of_text("b") != ""
    assert signature.carried(signature.of_text("a")) == ""


def test_lone_surrogates_have_a_signature() -> None:
    assert signature.carried(signature.carrying("a\ud800")) == "a?"
    assert signature.of_text("\ud800")


@pytest.mark.parametrize("foreign", [None, "", "EqQBCgIYAhIk", "omm1", "omm1?", "omm1AAAA", "omm1é"])
def test_signatures_of_others_carry_nothing(foreign: str | None) -> None:
    assert signature.carried(foreign) == ""


def test_a_signature_does_not_unpack_without_end() -> None:
    bomb = zlib.compress(b"x" * (signature.MAX_BYTES * 4))
    assert len(signature.carried("omm1" + base64.b64encode(bomb).decode())) == signature.MAX_BYTES
