"""Markdown as it appears on a screen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm.cli.inline import ATTRIBUTES, COLOURS
from omm.cli.markdown import Markdown, fitted
from tests.cli.test_flow import screen_of

SGR = re.compile(r"\x1b\[[0-9;]*m")


def shown(text: str, width: int = 60) -> list[str]:
    markdown = Markdown(ATTRIBUTES, lambda: width)
    lines = screen_of([markdown.feed(text), markdown.flush()], width)
    return "\n".join(lines).rstrip().split("\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# Title\n\ntext", ["Title", "", "text"]),
        ("#hashtag", ["#hashtag"]),
        ("- a\n* b\n+ c\n  - d", ["• a", "• b", "• c", "  • d"]),
        ("- [ ] a\n- [x] b", ["☐ a", "☑ b"]),
        ("1. a\n2) b", ["1. a", "2) b"]),
        ("1.5 litres", ["1.5 litres"]),
        ("-5 degrees", ["-5 degrees"]),
        ("> said\n>> twice", ["│ said", "│ │ twice"]),
        ("---", ["─" * 40]),
        ("**bold** start", ["bold start"]),
        ("```py\nx = 1\n\n* y\n```\n**z**", ["```py", "x = 1", "", "* y", "```", "z"]),
        ("~~~\n```\n~~~", ["~~~", "```", "~~~"]),
        ("```\nnever closed", ["```", "never closed"]),
        ("| not a table |\ntext", ["| not a table |", "text"]),
        ("| a | b |\n|---|---|\n| `1` | **2** |", ["a   │ b", "────┼──", "`1` │ 2"]),
        ("|a|b|\n|-|-|\n|1|\n\nend", ["a │ b", "──┼──", "1 │", "", "end"]),
        ("| a\\|b |\n| - |\n| c |\nend", ["a|b", "───", "c", "end"]),
    ],
)
def test_blocks(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


def test_items_and_quotations_hang() -> None:
    words = "one two three four five"
    assert shown(f"- {words}", 25) == ["• one two three four", "  five"]
    assert shown(f"> {words}", 25) == ["│ one two three four", "│ five"]


def test_wide_tables_wrap_in_their_cells() -> None:
    lines = shown(f"| name | text |\n| --- | --- |\n| x | {'word ' * 20}|\n| 模型 | y |", 40)
    assert all(len(line) <= 35 for line in lines)
    assert lines[0] == "name │ text"
    assert lines[2] == "x    │ word word word word word"
    assert lines[-1].startswith("模型")


@pytest.mark.parametrize(
    ("widths", "words", "available", "result"),
    [
        ([3, 5], [3, 5], 10, [3, 5]),
        ([3, 50], [3, 8], 20, [3, 17]),
        ([12, 14], [12, 4], 18, [12, 6]),  # the first has one long word
        ([0, 9], [0, 1], 4, [1, 3]),
    ],
)
def test_columns_shrink_from_the_widest_and_keep_words_whole(
    widths: list[int], words: list[int], available: int, result: list[int]
) -> None:
    assert fitted(widths, words, available) == result


def test_cells_of_wide_characters_wrap_anywhere() -> None:
    lines = shown("| a | b |\n|---|---|\n| 日本語の文章です長い | x |", 25)
    assert lines[2:] == ["日本語の文章です │ x", "長い             │"]


def test_a_table_that_would_cut_words_becomes_lists() -> None:
    lines = shown("| Name | Meaning |\n|---|---|\n| abcdefghijklmn | one two three four |\n| x | |", 25)
    assert lines == [
        "────────────────────",
        "Name: abcdefghijklmn",
        "Meaning: one two",
        "  three four",
        "────────────────────",
        "Name: x",
        "Meaning:",
    ]


def test_text_appears_at_once() -> None:
    markdown = Markdown(COLOURS, lambda: 80)
    assert markdown.feed("Once upon") == "Once upon"
    assert markdown.feed(" a time") == " a time"
    assert markdown.feed("\n") == "\n"
    assert markdown.feed("#") == ""
    assert markdown.feed("# T") == "\x1b[1;35mT\x1b[0m"


def test_code_is_coloured_by_what_stands_above_it() -> None:
    markdown = Markdown(COLOURS, lambda: 80)
    markdown.feed('```python\nx = """\n')
    inside = markdown.feed("def f\n")
    markdown.feed('"""\n')
    outside = markdown.feed("def f\n")
    assert SGR.sub("", inside) == SGR.sub("", outside) == "def f\n"
    assert inside != outside


@pytest.mark.parametrize(
    ("language", "line", "styled"),
    [
        ("python", "x = 'a'  # why", "x = \x1b[32m'a'\x1b[0m  \x1b[2m# why\x1b[0m"),
        ("python", "    return 1", "    \x1b[35mreturn\x1b[0m \x1b[36m1\x1b[0m"),
        ("diff", "-old", "\x1b[31m-old\x1b[0m"),
        ("json", "", ""),
    ],
)
def test_code_is_coloured_by_what_it_is(language: str, line: str, styled: str) -> None:
    markdown = Markdown(COLOURS, lambda: 80)
    markdown.feed(f"```{language}\n")
    assert markdown.feed(f"{line}\n") == f"{styled}\n"


def test_code_of_an_unknown_language_is_plain() -> None:
    markdown = Markdown(COLOURS, lambda: 80)
    markdown.feed("```nonsense\n")
    assert markdown.feed("def f\n") == "def f\n"


TEXTS = st.text(alphabet="a b*_`~#>|-+1.[]x\n", max_size=80)


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.lists(st.integers(1, 7), min_size=1, max_size=9))
def test_cuts_make_no_difference(text: str, cuts: list[int]) -> None:
    whole = Markdown(ATTRIBUTES, lambda: 60)
    expected = screen_of([whole.feed(text), whole.flush()], 60)
    markdown = Markdown(ATTRIBUTES, lambda: 60)
    pieces, position, turn = [], 0, 0
    while position < len(text):
        pieces.append(markdown.feed(text[position : position + cuts[turn % len(cuts)]]))
        position += cuts[turn % len(cuts)]
        turn += 1
    assert screen_of([*pieces, markdown.flush()], 60) == expected


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="ab *_`#>|-1.\n\x1b\x9b界", max_size=60))
def test_letters_are_never_lost(text: str) -> None:
    markdown = Markdown(ATTRIBUTES, None)
    written = SGR.sub("", markdown.feed(text) + markdown.flush())
    assert re.sub(r"[^ab界]", "", written) == re.sub(r"[^ab界]", "", text)


@pytest.mark.parametrize(
    ("language", "line"), [("tnt", "((("), ("robotframework", "a\u2028b"), ("robotframework", "\tx")]
)
def test_code_that_its_lexer_stumbles_over_is_shown_as_it_is(language: str, line: str) -> None:
    assert f"\n{line}\n" in Markdown(COLOURS, None).feed(f"```{language}\n{line}\n```\n")
