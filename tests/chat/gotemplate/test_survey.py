"""What a template says of itself without being run."""

from __future__ import annotations

import pytest

from omm.chat.gotemplate import parse

DATA = {"Prompt": "P", "Response": "R", "l": [1, 2]}


def test_fields_are_found_wherever_they_stand() -> None:
    source = """{{ if .If }}{{ .Text.Part }}{{ else if .ElseIf }}{{ else }}{{ .Else | json }}{{ end }}
        {{ range $i, $v := .Range }}{{ $v.Item }}{{ else }}{{ .None }}{{ end }}{{ with .With }}{{ end }}
        {{ (index .Index 0).Chained }}{{ print (len $.Root) "x" }}{{ template "t" .Call }}
        {{ define "t" }}{{ .Defined }}{{ end }}{{ block "b" .Block }}{{ .Inner }}{{ end }}{{ "not.Me" }}"""
    assert parse(source).fields() == {
        *("if", "text", "part", "elseif", "else", "range", "item", "none", "with", "index", "chained", "root", "call"),
        *("defined", "block", "inner", "$", "$v"),
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ .Prompt }}<a>{{ .Response }}<b>{{ .Prompt }}", "P<a>R"),
        ("{{ .Prompt }}<a>", "P<a>"),
        ("{{ if .Response }}<a>{{ .Response }}<b>{{ end }}<c>", "<a>R"),
        ("{{ if .none }}{{ .Response }}{{ end }}<c>{{ .Prompt }}", ""),
        ("{{ if .none }}{{ .Response }}<a>{{ else }}<b>{{ end }}<c>", ""),
        ("{{ if .none }}<a>{{ else }}<b>{{ .Response }}<c>{{ end }}<d>", "<b>R"),
        ("{{ range .l }}{{ $.Response }}<a>{{ end }}<b>", "RR"),
        ("{{ with .Prompt }}{{ . }}{{ end }}{{ printf `%s!` .Response }}<b>", "PR!"),
        ("{{ $x := .Response }}{{ $x }}<a>", ""),
    ],
)
def test_a_template_can_be_cut_behind_a_field(source: str, expected: str) -> None:
    assert parse(source).until("Response").execute(DATA) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ range .L }}<t>{{ .X }}</t>{{ end }}", ("<t>", "</t>")),
        ("{{ range .L }}{{ if .X }}<t>{{ .X }}</t>{{ end }}{{ end }}", ("<t>", "</t>")),
        ("{{ range $i, $m := $.L }}{{ if 1 }}{{ else }}<t>{{ $m.X }}</t>{{ end }}{{ end }}", ("<t>", "</t>")),
        ("{{ range .L }}{{ range .K }}<t>{{ .X }}</t>{{ end }}{{ end }}", ("<t>", "</t>")),
        ("{{ range .L }}{{ .X }}</t>{{ end }}", ("", "</t>")),
        ("{{ range .L }}<t>{{ .X }}{{ .Y }}{{ end }}", ("<t>", "")),
        ("{{ range .L }}{{ if .X }}<t>{{ end }}{{ end }}", ("", "")),
        ("<t>{{ .X }}</t>{{ range .L }}{{ end }}", ("", "")),
        ("{{ range .K }}<t>{{ .X }}</t>{{ end }}", ("", "")),
    ],
)
def test_the_text_around_a_field_inside_a_range(source: str, expected: tuple[str, str]) -> None:
    assert parse(source).around("X", within="L") == expected
