"""Templates that are no templates: where and why; and what the parser never does."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm.chat.gotemplate import TemplateError, parse
from omm.chat.gotemplate.parser import MAX_NESTING

BROKEN = [
    ('{{ foo }}', 1, 4, 'function "foo" not defined'),
    ("one\ntwo {{ foo .x }}", 2, 8, 'function "foo" not defined'),
    ("{{ message.content }}", 1, 4, 'function "message" not defined'),
    ("{{ $x }}", 1, 4, 'undefined variable "$x"'),
    ("{{ $x = 1 }}", 1, 4, 'undefined variable "$x"'),
    ("{{ with $x := 1 }}{{ end }}{{ $x }}", 1, 31, 'undefined variable "$x"'),
    ('{{ $x := 1 }}{{ define "t" }}{{ $x }}{{ end }}', 1, 33, 'undefined variable "$x"'),
    ("{{ if }}{{ end }}", 1, 7, "missing value for if"),
    ("{{ }}", 1, 4, "missing value for command"),
    ("{{ $x := }}", 1, 10, "missing value for command"),
    ("{{ () }}", 1, 5, "missing value for parenthesized pipeline"),
    ("{{ if .a }}", 1, 12, "unexpected EOF"),
    ("{{ range .a }}{{ else }}", 1, 25, "unexpected EOF"),
    ("{{ end }}", 1, 4, "unexpected {{end}}"),
    ("{{ else }}", 1, 4, "unexpected {{else}}"),
    ("{{ range .a }}{{ else }}{{ else }}{{ end }}", 1, 28, "expected end; found {{else}}"),
    ("{{ if .a }}{{ else with .b }}{{ end }}", 1, 20, "unexpected <with> in else"),
    ("{{ range .a }}{{ else if .b }}{{ end }}", 1, 23, "unexpected <if> in else"),
    ("{{ end .a }}", 1, 4, "unexpected {{end}}"),
    ("{{ if .a }}{{ end .a }}", 1, 19, 'unexpected ".a" in end'),
    ("{{ .a", 1, 1, "unclosed action"),
    ("a\n{{ .a\n", 2, 1, "unclosed action"),
    ('{{ "abc }}', 1, 4, "unterminated quoted string"),
    ("{{ `abc }}", 1, 4, "unterminated raw quoted string"),
    ("{{ 'a }}", 1, 4, "unterminated character constant"),
    ("{{ 'ab' }}", 1, 4, "malformed character constant: 'ab'"),
    ('{{ "\\z" }}', 1, 4, "invalid syntax"),
    ('{{ "\\ud800" }}', 1, 4, "invalid syntax"),
    ("{{ 1a }}", 1, 4, 'bad number syntax: "1a"'),
    ("{{ 08 }}", 1, 4, 'bad number syntax: "08"'),
    ("{{ 1+2i }}", 1, 5, 'unexpected "+2i" in operand'),
    ("{{ 99999999999999999999 }}", 1, 4, "overflows int"),
    ("{{ 1e999 }}", 1, 4, "too large"),
    ("{{ (1 }}", 1, 7, "unclosed left paren"),
    ("{{ 1) }}", 1, 5, "unexpected right paren"),
    ("{{ : }}", 1, 4, "expected :="),
    ("{{ @ }}", 1, 4, "unexpected U+0040 '@'"),
    ("{{ .a-b }}", 1, 6, "bad character U+002D '-'"),
    ("{{ .a .b.c}d }}", 1, 11, "unexpected U+007D '}'"),
    ('{{ print "a""b" }}', 1, 13, "in operand"),
    ('{{ "a".b }}', 1, 7, "unexpected . after term"),
    ("{{ 1 | 2 }}", 1, 8, "non executable command in pipeline stage 2"),
    ("{{ .a, .b }}", 1, 6, 'unexpected "," in operand'),
    ("{{ if $a, $b := .l }}{{ end }}", 1, 9, "too many declarations in if"),
    ("{{ range $a, $b, $c := .l }}{{ end }}", 1, 16, "too many declarations in range"),
    ("{{ range $a, $b }}{{ end }}", 1, 14, "range can only initialize variables"),
    ("{{ break }}", 1, 4, "{{break}} outside {{range}}"),
    ("{{ range .a }}{{ else }}{{ continue }}{{ end }}", 1, 28, "{{continue}} outside {{range}}"),
    ('{{ range .a }}{{ block "b" . }}{{ break }}{{ end }}{{ end }}', 1, 35, "{{break}} outside {{range}}"),
    ("{{ range .a }}{{ break 1 }}{{ end }}", 1, 24, 'unexpected "1" in {{break}}'),
    ('{{ if 1 }}{{ define "a" }}{{ end }}{{ end }}', 1, 14, "unexpected <define> in command"),
    ('{{ define "a" }}x{{ end }}{{ define "a" }}y{{ end }}', 1, 30, 'multiple definition of template "a"'),
    ("{{ define x }}{{ end }}", 1, 11, 'unexpected "x" in define clause'),
    ('{{ define "a" }}{{ else }}{{ end }}', 1, 20, "unexpected <else> in define clause"),
    ("{{ template .x }}", 1, 13, 'unexpected ".x" in template clause'),
    ('{{ block "b" }}{{ end }}', 1, 14, "missing value for block clause"),
    ("{{/* a", 1, 1, "unclosed comment"),
    ("{{/* a */ .b }}", 1, 8, "comment ends before closing delimiter"),
    ("{{ /* a */ }}", 1, 4, "unexpected U+002F '/'"),
    ("{% if a %}{{ a['b'] }}{% endif %}", 1, 15, "bad character U+005B '['"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "column", "message"), BROKEN)
def test_a_broken_template_is_refused_with_its_place(source: str, line: int, column: int, message: str) -> None:
    with pytest.raises(TemplateError) as failure:
        parse(source)
    assert message in failure.value.message
    assert (failure.value.line, failure.value.column) == (line, column)
    assert str(failure.value) == f"template: :{line}:{column}: {failure.value.message}"
    assert failure.value.is_broken


@pytest.mark.parametrize(
    "deep",
    ["{{ if 1 }}{}{{ end }}", "{{ range 1 }}{}{{ end }}", "{{ if 0 }}{{ else }}{}{{ end }}", "({})"],
)
def test_nesting_is_bounded(deep: str) -> None:
    opening, closing = deep.split("{}")
    ends = ("{{ ", "1", " }}") if deep == "({})" else ("", "", "")

    def nested(depth: int) -> str:
        return ends[0] + opening * depth + ends[1] + closing * depth + ends[2]

    parse(nested(MAX_NESTING)).execute({})
    for depth in (MAX_NESTING + 1, 3_000):
        with pytest.raises(TemplateError, match=f"nested deeper than {MAX_NESTING} levels"):
            parse(nested(depth))


def test_a_template_of_many_words_is_refused() -> None:
    with pytest.raises(TemplateError, match="more than 50000 tokens"):
        parse("{{ 1 }}" * 50_000)


PIECES = st.sampled_from(
    "{{ }} {{- -}} if else end range with define template block break continue nil true . .a .Messages $ $x := = , |"
    " ( ) \"a\" `b` 'c' 1 -2 1.5 0x 'é' /* */ {{/* */}} len index eq and not json printf foo \\ \" ' ` @ : é \n \t"
    .split(" ")
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_parsing_raises_nothing_but_its_own_error(source: str) -> None:
    with contextlib.suppress(TemplateError):
        parse(source)


OPENINGS = ["{{ if .a }}", "{{- range .l }}", "{{ range $i, $v := .m -}}", "{{ with .m }}", "{{ range 3 }}"]
STATEMENTS = st.recursive(
    st.sampled_from(
        ["text", " \n ", "{{ .a }}", "{{ $.b | len }}", "{{ $x := 1 }}", "{{ json . }}", "{{ index .l 1 }}"]
    ),
    lambda inner: st.builds("{}{}{{{{ else }}}}{}{{{{ end }}}}".format, st.sampled_from(OPENINGS), inner, inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(STATEMENTS).map("".join),
    st.fixed_dictionaries({"a": st.none() | st.text() | st.floats(), "b": st.text(), "l": st.lists(st.integers())}),
)
def test_running_raises_nothing_but_its_own_error(source: str, data: dict[str, object]) -> None:
    with contextlib.suppress(TemplateError):
        assert isinstance(parse(source).execute(data | {"m": {"k": data}}), str)
