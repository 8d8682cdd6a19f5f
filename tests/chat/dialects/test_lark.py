"""Layouts, free text and patterns as Lark: what the written grammar allows."""

from __future__ import annotations

import re

import pytest

from omm.chat.dialects.lark import Lark, pattern, without
from tests.chat.dialects.tokens import Vocabulary

TEXT = Vocabulary()
TOKENS = Vocabulary(["<a>", "</a>", "<a>b"])


def allows(expansion: str, lark: Lark, text: str, vocabulary: Vocabulary = TEXT) -> bool:
    return vocabulary.accepts(lark.grammar(expansion), text)


def test_text_is_exact_with_control_tokens_as_such() -> None:
    lark = Lark(TOKENS.markers)
    text = lark.text('say "<a>"\n</a>')
    assert allows(text, lark, 'say "<a>"\n</a>', TOKENS)
    assert TOKENS.matcher(lark.grammar(text)).validate_tokens(list(b'say "<a>')) == len('say "')
    assert lark.text("<a>b") == f"<[{TOKENS.markers['<a>b']}]>", "the longest marker counts"
    assert lark.text("") == ""


def test_layouts_have_holes() -> None:
    lark = Lark()
    layout = lark.layout("{?so }call {name}:{number}{nl}{blank}.", name="tide")
    for text in ("call tide:0.", "so call tide:12\n\n.", "call tide:9999\n ."):
        assert allows(layout, lark, text)
    for text in ("so so call tide:0.", "call tide:.", "call moon:0.", "call tide:0\n\n\n\n."):
        assert not allows(layout, lark, text)
    assert allows(lark.layout("{id9}{id10}"), lark, "aB3dE6gH9k3v9x1m2qa")
    assert lark.layout("call:{name}{", name="x") == '"call:x{"'


@pytest.mark.parametrize("vocabulary", [TEXT, TOKENS])
def test_free_text_ends_at_its_closer(vocabulary: Vocabulary) -> None:
    lark = Lark(vocabulary.markers)
    free = f'{lark.until("</a>")} "."'
    for text in ("</a>.", "two\nlines < é</a>.", "</b></a>."):
        assert allows(free, lark, text, vocabulary)
    for text in ("</a></a>.", "bell\x07</a>.", "open."):
        assert not allows(free, lark, text, vocabulary)


@pytest.mark.parametrize("vocabulary", [TEXT, TOKENS])
def test_text_that_must_be_long_does_not_swallow_a_closer(vocabulary: Vocabulary) -> None:
    lark = Lark(vocabulary.markers)
    long = lark.until("\n</a>", r"/(?s:.{3,})/")
    assert allows(long, lark, "abc\n</a>", vocabulary)
    assert not allows(long, lark, "\n</a>bc\n</a>", vocabulary)
    assert not allows(long, lark, "</a>bc\n</a>", vocabulary)


def test_values_are_json() -> None:
    lark = Lark()
    both = lark.either([lark.json({"type": "integer"}), lark.json({"type": "string"}), lark.json({"type": "integer"})])
    assert [allows(both, lark, text) for text in ("12", '"a"', "-0", "012", "1.5", "9" * 19)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    number = lark.json({"type": "number"})
    assert [allows(number, lark, text) for text in ("1.5e-7", "6.02E23", "-3", "1e999", ".5")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("regex", "good", "bad"),
    [
        ("^a/b$", "a/b", "xa/b"),
        ("b", "abc", "ac"),
        ("^a", "abc", "ba"),
        ("c$", "abc", "cb"),
        ("^a$|b", "xbx", "xax"),
        ("^(x|y)$", "y", "xy"),
        (r"^\$$", "$", "$$"),
        (r"a\$", "xa$", "ax"),
        ("[|]", "a|b", "ab"),
        (r"^\d\w$", "1a", "aa"),
    ],
)
def test_patterns_match_anywhere_unless_anchored(regex: str, good: str, bad: str) -> None:
    assert re.search(regex, good)
    assert not re.search(regex, bad)
    lark = Lark()
    terminal = lark.terminal(pattern(regex))
    assert allows(terminal, lark, good)
    assert not allows(terminal, lark, bad)


def test_without_leaves_out_a_text() -> None:
    regex = re.compile(without("</par>"))
    for text in ("", "plain", "<par>", "</pa", "</", "<<</b>", "</pars>", "a</p></pa"):
        assert regex.search(text), text
    for text in ("</par>", "a</par>b", "<</par>", "</par></par>"):
        assert not regex.search(text), text
    assert not re.search(without("<|x|><|y|>"), "a<|x|>")
