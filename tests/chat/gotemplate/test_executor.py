"""Templates run: every action, scoping, and the bounds. The expected texts are those of Go 1.27."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat.gotemplate import JSONList, JSONMap, OrderedMap, Struct, TemplateError, executor, parse, printf

DATA: dict[str, Any] = {
    "s": "hello",
    "e": "",
    "l": ["x", 1, True],
    "m": {"k": "v", "b": None, "a": {"z": 1}},
    "n": None,
    "el": [],
    "f": 1.5,
    "i": 7,
    "t": True,
    "turns": [{"Role": "user", "Content": "Hi"}, {"Role": "assistant", "Content": "Ho"}],
}

CALL = '{{ template "t" }}'
COUNTDOWN = "helloellolloloo"
SHAPES = [
    # text and trimming
    ("plain", "plain"),
    ("", ""),
    ("a {{- .s }} b", "ahello b"),
    ("a {{ .s -}} b", "a hellob"),
    ("a\n\n {{- .s -}} \t\r\n b", "ahellob"),
    ("{{ .s }}\n{{- /* gone */ -}}\n!", "hello!"),
    ("a {{/* gone */}} b", "a  b"),
    ("{ {{ .s }} }", "{ hello }"),
    ("{{\n  .s\n}}", "hello"),
    ("{{3 -}} 4", "34"),
    # values
    ("{{ .s }} {{ .i }} {{ .f }} {{ .t }}", "hello 7 1.5 true"),
    ("{{ .l }} {{ .m }}", "[x 1 true] map[a:map[z:1] b:<nil> k:v]"),
    ("{{ $.m.a.z }}{{ .m.k }}", "1v"),
    ("{{ .missing }}{{ .n }}", ""),
    ("{{ (index .turns 0).Role }}", "user"),
    ("{{ 'a' }} {{ 0x10 }} {{ 1e3 }} {{ 017 }} {{ 1_000 }}", "97 16 1000 15 1000"),
    ("{{ 0b11 }} {{ -2 }} {{ .5 }} {{ 0x1p4 }}", "3 -2 0.5 16"),
    ('{{ "q\\"\\t\\u00e9\\x41\\101" }}{{ `raw\\n"` }}', 'q"\té' + "AA" + 'raw\\n"'),
    ("{{ true }}{{ false }}", "truefalse"),
    # variables
    ("{{ $x := 1 }}{{ $x }}{{ $x = 2 }}{{ $x }}", "12"),
    ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"),
    ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
    ("{{ $x := .turns }}{{ range $x }}{{ .Role }} {{ end }}", "user assistant "),
    ("{{ with $m := .m }}{{ $m.k }}{{ .k }}{{ $.s }}{{ end }}", "vvhello"),
    ("{{ if $x := .s }}{{ $x }}{{ else }}{{ $x }}!{{ end }}", "hello"),
    # if
    ("{{ if .s }}yes{{ end }}{{ if .e }}no{{ end }}", "yes"),
    ("{{ if .e }}1{{ else }}2{{ end }}", "2"),
    ("{{ if .e }}1{{ else if .n }}2{{ else if .i }}3{{ else }}4{{ end }}", "3"),
    ("{{ if .el }}1{{ else if .missing }}2{{ end }}", ""),
    ("{{ if 0 }}a{{ end }}{{ if 0.0 }}b{{ end }}{{ if .l }}c{{ end }}{{ if .m.a }}d{{ end }}", "cd"),
    # with
    ("{{ with .m.a }}{{ .z }}{{ end }}", "1"),
    ("{{ with .e }}1{{ else }}{{ .s }}{{ end }}", "hello"),
    ("{{ with .e }}1{{ else with .s }}{{ . }}{{ else }}3{{ end }}", "hello"),
    # range
    ("{{ range .l }}<{{ . }}>{{ end }}", "<x><1><true>"),
    ("{{ range $v := .l }}{{ $v }}{{ end }}", "x1true"),
    ("{{ range $i, $v := .l }}{{ $i }}={{ $v }} {{ end }}", "0=x 1=1 2=true "),
    ("{{ range $k, $v := .m }}{{ $k }}={{ $v }} {{ end }}", "a=map[z:1] b= k=v "),
    ("{{ range .m.a }}{{ . }}{{ end }}", "1"),
    ("{{ range .el }}1{{ else }}none{{ end }}", "none"),
    ("{{ range .n }}1{{ else }}{{ .s }}{{ end }}", "hello"),
    ("{{ range 3 }}{{ . }}{{ end }}", "012"),
    ("{{ range $i := 2 }}{{ $i }}{{ end }}", "01"),
    ("{{ range 5 }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}!", "012!"),
    ("{{ range 5 }}{{ if eq . 1 3 }}{{ continue }}{{ end }}{{ . }}{{ end }}!", "024!"),
    ("{{ range 2 }}{{ range 2 }}{{ break }}{{ end }}{{ . }}{{ end }}", "01"),
    ("{{ range 2 }}{{ range $.el }}{{ else }}{{ break }}{{ end }}x{{ end }}", "xx"),
    ("{{ $last := 0 }}{{ range $i, $_ := .turns }}{{ $last = $i }}{{ end }}{{ $last }}", "1"),
    ("{{ $i := 9 }}{{ $v := 9 }}{{ range $i, $v = .l }}{{ end }}{{ $i }}{{ $v }}", "2true"),
    ("{{ range $i, $_ := .turns }}{{ $last := eq (len (slice $.turns $i)) 1 }}{{ $last }} {{ end }}", "false true "),
    # define, template, block
    ('{{ define "t" }}[{{ . }}]{{ end }}{{ template "t" .s }}{{ template "t" 3 }}', "[hello][3]"),
    ('{{ define "t" }}[{{ .k }}{{ $.k }}]{{ end }}{{ template "t" .m }}', "[vv]"),
    ('{{ template "later" . }}{{ define "later" }}{{ .s }}{{ end }}', "hello"),
    ('{{ block "b" .m }}{{ .k }}{{ end }}{{ template "b" .m.a }}', "v"),
    ('{{ define "n" }}{{ if . }}{{ . }}{{ template "n" slice . 1 }}{{ end }}{{ end }}{{ template "n" .s }}', COUNTDOWN),
    ('{{ define "t" }}{{ end }}{{ define "t" }}x{{ end }}{{ template "t" }}', "x"),
    # pipelines and functions
    ("{{ .s | len }}{{ len .s }}{{ .i | }}", "557"),
    ('{{ .s | printf "%s-%s" "a" }}', "a-hello"),
    ('{{ printf "%d" (len (slice .s 1 3)) | printf "%s%s" "n" }}', "n2"),
    ("{{ and .t .s }} {{ and .e .s }} {{ or .e .s }} {{ or .e 0 }} {{ not .e }}", "hello  hello 0 true"),
    ("{{ and .e (index .l 99) }}{{ or .s (index .l 99) }}", "hello"),
    ("{{ .s | and .t }}{{ .e | or 3 }}", "hello3"),
    ('{{ if and (eq .s "hello") (ne .i 8) (not .e) }}yes{{ end }}', "yes"),
    ("{{ if not (or .e .n) }}yes{{ end }}", "yes"),
    ("{{ print (len .l) currentDate | len }}", "11"),
]  # fmt: skip


def run(source: str, data: dict[str, Any] | None = None) -> str:
    return parse(source).execute(DATA if data is None else data)


@pytest.mark.parametrize(("source", "expected"), SHAPES)
def test_a_template_gives_the_text_that_go_gives(source: str, expected: str) -> None:
    assert run(source) == expected


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("{{ .s.x }}", 1, 4, 'executing "" at <.s.x>: can\'t evaluate field x in type string'),
        ("a\n {{ .l.x }}", 2, 5, "can't evaluate field x in type []interface {}"),
        ("{{ .missing.x }}", 1, 4, "nil pointer evaluating interface {}.x"),
        ("{{ (index .l 0).x }}", 1, 4, "can't evaluate field x in type string"),
        ("{{ range .s }}{{ end }}", 1, 10, "range can't iterate over hello"),
        ("{{ range .t }}{{ end }}", 1, 10, "range can't iterate over true"),
        ("{{ range $i, $v := 3 }}{{ end }}", 1, 10, "can't use 3 to iterate over more than one variable"),
        ('\n\n{{ template "x" }}', 3, 4, 'template "x" not defined'),
        ("{{ nil }}", 1, 4, "nil is not a command"),
        ("{{ 1 2 }}", 1, 4, "can't give argument to non-function 1"),
        ("{{ (len .s) 2 }}", 1, 4, "can't give argument to non-function (len .s)"),
        ("{{ .s 1 }}", 1, 4, "s is not a method but has arguments"),
        ("{{ 1 | .s }}", 1, 8, "s is not a method but has arguments"),
        ("{{ $ 1 }}", 1, 4, "can't give argument to non-function $"),
        ("{{ not }}", 1, 4, "wrong number of args for not: want 1 got 0"),
        ("{{ index }}", 1, 4, "wrong number of args for index: want at least 1 got 0"),
        ("{{ and }}", 1, 4, "wrong number of args for and: want at least 1 got 0"),
        ("{{ printf 3 }}", 1, 4, "expected string; found int"),
        ("{{ index .l 5 }}", 1, 4, "error calling index: index out of range: 5"),
        ('{{ define "t" }}{{ .x }}{{ end }}{{ template "t" .s }}', 1, 20, 'executing "t" at <.x>'),
    ],
)
def test_a_failure_names_its_place(source: str, line: int, column: int, message: str) -> None:
    with pytest.raises(TemplateError) as failure:
        run(source)
    assert (failure.value.line, failure.value.column) == (line, column)
    assert message in str(failure.value)
    assert str(failure.value).startswith(f"template: :{line}:{column}: ")
    assert not failure.value.is_broken


def test_a_field_of_nil_is_nil() -> None:
    assert run('{{ template "t" }}{{ define "t" }}[{{ .x.y }}{{ $.z }}]{{ end }}') == "[]"


def test_structs_have_fields_and_print_as_json() -> None:
    data = {"a": Struct({"Name": "n", "In": OrderedMap(b=1, a=2)}, {"name": "n", "in": OrderedMap(b=1, a=2)})}
    assert run("{{ .a.Name }} {{ .a.In }} {{ .a }}", data) == 'n {"b":1,"a":2} {"name":"n","in":{"b":1,"a":2}}'
    assert run("{{ range $k, $v := .a.In }}{{ $k }}{{ $v }}{{ end }}", data) == "a2b1"
    assert run("{{ .a.String }} {{ .a.In.String }}", data) == '{"name":"n","in":{"b":1,"a":2}} {"b":1,"a":2}'
    assert run("{{ if .a }}yes{{ end }}", {"a": Struct({}, {})}) == "yes"
    with pytest.raises(TemplateError, match="can't evaluate field name in type struct"):
        run("{{ .a.name }}", data)


def test_ollamas_maps_and_lists_print_as_json() -> None:
    data = {"m": JSONMap(b=1, a="<x>"), "l": JSONList([1, {"z": None}])}
    assert run("{{ .m }} {{ .l }} {{ print .m }}", data) == (
        '{"a":"\\u003cx\\u003e","b":1} [1,{"z":null}] {"a":"\\u003cx\\u003e","b":1}'
    )
    assert run("{{ .m.a }} {{ len .l }} {{ slice .l 1 }}", data) == '<x> 2 [{"z":null}]'


def test_the_mark_of_literal_text_goes_through_unchanged() -> None:
    text = "<\ufdd0|im_end|>"
    functions = ["", "| print", '| printf "%s"', '| printf "%v"']
    assert [run(f"{{{{ .a {function} }}}}", {"a": text}) for function in functions] == [text] * 4
    escaping = ["json", 'printf "%q"', "js", "html", "urlquery"]
    assert all("\ufdd0" in run(f"{{{{ .a | {function} }}}}", {"a": text}) for function in escaping)


def test_one_template_runs_often() -> None:
    template = parse("{{ $x := .a }}{{ $x = print $x 1 }}{{ $x }}")
    assert [template.execute({"a": "a"}), template.execute({"a": "b"})] == ["a1", "b1"]


# --- bounds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "{{ range 1000000000 }}{{ end }}",
        "{{ range 100000 }}{{ range 100000 }}{{ $x := . }}{{ end }}{{ end }}",
        '{{ define "t" }}{{ range 100 }}{{ template "u" }}{{ end }}{{ end }}'
        '{{ define "u" }}{{ range 100000 }}{{ end }}{{ end }}{{ range 1000 }}{{ template "t" }}{{ end }}',
    ],
)
def test_a_template_ends_in_time(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setattr(executor, "MAX_SECONDS", 0.1)
    with pytest.raises(TemplateError, match=r"takes longer than 0\.1 seconds"):
        run(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ range 1000000 }}{{ $.a }}{{ end }}",
        "{{ $x := .a }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}",
        '{{ $x := .a }}{{ range 60 }}{{ $x = printf "%s%s%s" $x $x $x }}{{ end }}',
        '{{ printf "%900000d%900000d" 1 1 }}',
        '{{ printf "%90000v" .l }}',
        '{{ printf "%90000v" .m }}',
        "{{ $x := .a }}{{ range 60 }}{{ $x = html $x $x }}{{ end }}",
        "{{ $x := .a }}{{ range 60 }}{{ $x = json $x }}{{ end }}",
        '{{ range 100000 }}{{ template "t" $ }}{{ end }}{{ define "t" }}{{ .a }}{{ end }}',
    ],
)
def test_a_template_makes_no_large_text(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setattr(executor, "MAX_CHARS", 100_000)
    monkeypatch.setattr(printf, "MAX_CHARS", 100_000)
    with pytest.raises(TemplateError, match="more than 100000 characters"):
        run(source, {"a": '<"text">', "l": [1, 2], "m": {"a": 1, "b": 2}})


@pytest.mark.parametrize("made", ["print .a .a", ".a | printf `%s.`", "json .a", "slice .a 1"])
def test_what_variables_keep_is_bounded(monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    monkeypatch.setattr(executor, "MAX_MADE", 10_000)
    data = {"a": "x" * 100}
    run("{{ $x := " + made + " }}", data)
    with pytest.raises(TemplateError, match="together more than 10000 characters"):
        run(("{{ $x := " + made + " }}") * 200, data)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{{ define "t" }}{{ template "t" }}{{ end }}' + CALL, r"exceeded maximum template depth \(100\)"),
        ('{{ define "t" }}' + "{{ if 1 }}" * 90 + '{{ template "t" }}' + "{{ end }}" * 91 + CALL, "nested too deep"),
    ],
)
def test_a_template_does_not_descend_for_ever(source: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        run(source)


def test_deep_data_is_no_harm() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    for source in ("{{ .d }}", "{{ json .d }}", "{{ printf `%q` .d }}"):
        with pytest.raises(TemplateError, match="nested too deep"):
            run(source, {"d": deep})
