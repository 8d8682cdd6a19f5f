"""Emphasis, code and links as spans."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm.cli.inline import ATTRIBUTES, COLOURS, HELD_MAX, Inline, spans


def merged(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    result: list[tuple[str, str]] = []
    for text, style in found:
        if result and result[-1][1] == style:
            result[-1] = (result[-1][0] + text, style)
        elif text:
            result.append((text, style))
    return result


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", [("plain", "")]),
        ("a **b** c", [("a ", ""), ("b", "1"), (" c", "")]),
        ("__b c__ *i* _j_", [("b c", "1"), (" ", ""), ("i", "3"), (" ", ""), ("j", "3")]),
        ("***x***", [("x", "1;3")]),
        ("**a *b* c**", [("a ", "1"), ("b", "1;3"), (" c", "1")]),
        ("*a **b** c*", [("a ", "3"), ("b", "3;1"), (" c", "3")]),
        ("~~x~~", [("x", "9")]),
        ("`a*b*`", [("a*b*", "36")]),
        ("``a`b``", [("a`b", "36")]),
        ("[t](http://u)", [("t", "4"), (" (http://u)", "2")]),
        ("[http://u](http://u)", [("http://u", "4")]),
        ("![alt](p.png)", [("alt", "4"), (" (p.png)", "2")]),
        (r"\*a\*", [("*a*", "")]),
    ],
)
def test_constructs(text: str, found: list[tuple[str, str]]) -> None:
    assert merged(spans(text, COLOURS)) == found


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4", "*args and **kwargs", "snake_case_name", "a `b", "[1] and [2]", "array[i](", "~ ~~ ~", "Hello!",
        r"\(x\) \[y\]", "****", "__init__.py_x", "*", "**", "a_", "![", "x_{i} + y_{j}",
    ],
)  # fmt: skip
def test_what_is_no_construct_stays_as_it_is(text: str) -> None:
    assert "".join(text for text, _ in spans(text, COLOURS)) == text


def test_code_keeps_its_marks_where_it_has_no_colour() -> None:
    assert spans("`x`", ATTRIBUTES) == [("`x`", "")]


def test_plain_text_is_not_held_back() -> None:
    inline = Inline(COLOURS)
    assert inline.feed("Hello wor") == [("Hello wor", "")]
    assert inline.feed("ld **b") == [("ld ", "")]
    assert inline.feed("** ") == [("b", "1"), (" ", "")]


def test_an_opener_that_never_closes_is_held_for_a_while_only() -> None:
    inline = Inline(COLOURS)
    assert inline.feed("*" + "a" * (HELD_MAX - 2)) == []
    assert "".join(text for text, _ in inline.feed("aaa")) == "*" + "a" * (HELD_MAX + 1)


@settings(deadline=None)
@given(st.text(alphabet='ab *_`~[]()!\\"x', max_size=60), st.lists(st.integers(1, 5), min_size=1, max_size=9))
def test_cuts_make_no_difference(text: str, cuts: list[int]) -> None:
    inline = Inline(COLOURS)
    found, position, turn = [], 0, 0
    while position < len(text):
        found += inline.feed(text[position : position + cuts[turn % len(cuts)]])
        position += cuts[turn % len(cuts)]
        turn += 1
    found += inline.flush()
    assert merged(found) == merged(spans(text, COLOURS))
