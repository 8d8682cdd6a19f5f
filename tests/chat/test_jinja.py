"""Templates give what Transformers' environment gives, and say where they fail."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat.jinja import Failure, compile_template


def show(source: str, **variables: Any) -> str:
    return compile_template(source).render(variables)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("{'b': '<é&\\'>', 'a': 1}|tojson", '{"b": "<é&\'>", "a": 1}'),
        ("{'a': [1, 2]}|tojson(indent=2)", '{\n  "a": [\n    1,\n    2\n  ]\n}'),
        ("{'b': 1, 'a': 2}|tojson(separators=(',', ':'), sort_keys=true)", '{"a":2,"b":1}'),
        ("[1, 2]|tojson(separators=(';' * 20, ':'))", f"[1{';' * 16}2]"),
        ("'é'|tojson(ensure_ascii=true)", '"\\u00e9"'),
        ("['a', 1]|join('-')", "a-1"),
        ("[{'x': 1}, {'x': 2}]|join(',', attribute='x')", "1,2"),
        ("', '.join(['a', 'b']|map('upper'))", "A, B"),
        ("'a-b'|replace('-', '+')", "a+b"),
        ("'a\\nb'|indent(2)", "a\n  b"),
        ("'%s is %d%%' % ('x', 5)", "x is 5%"),
        ("'{}: {}'.format('a', 1)", "a: 1"),
        ("'a' ~ 1 ~ none", "a1None"),
        ("2 ** 10 + 3 * 4", "1036"),
        ("'ab' * 2", "abab"),
        ("'a-a'|replace('a', 1)", "1-1"),
        ("'a'|center(5) ~ '|'", "  a  |"),
        ("'%s-%s'|format('a', 1)", "a-1"),
        ("1.26|round(1)", "1.3"),
        ("[1, 2, 3]|slice(2)|list", "[[1, 2], [3]]"),
        ("[1, 2, 3]|batch(2)|list", "[[1, 2], [3]]"),
        ("'a b c'|wordwrap(3)", "a b\nc"),
        ("'abcdef'|truncate(4, true, '.', 0)", "abc."),
        ("{'a': 1}|pprint", "{'a': 1}"),
        ("{'a': 1}|string", "{'a': 1}"),
        ("{'b': 1, 'a': 2}|dictsort|list", "[('a', 2), ('b', 1)]"),
        ("{'a': '<'}|tojson(indent='\t')", '{\n\t"a": "<"\n}'),
        ("' a '.strip() ~ 'ab'.upper() ~ 'a,b'.split(',')[1] ~ 'x'.startswith('x')", "aABbTrue"),
        ("strftime_now('%Y')|length", "4"),
        ("strftime_now('%Z')|length", "0"),
    ],
)
def test_expressions_give_what_other_renderers_give(expression: str, text: str) -> None:
    assert show("{{ " + expression + " }}") == text


def test_blocks_are_trimmed() -> None:
    assert show("{% if true %}\n  {% if true %}\na\n  {% endif %}\n{% endif %}\nb") == "a\nb"


def test_loop_controls_and_the_loop_variable() -> None:
    source = (
        "{% for x in 'abcdef' %}"
        "{% if loop.index == 2 %}{% continue %}{% endif %}{% if x == 'e' %}{% break %}{% endif %}"
        "{{ loop.index0 }}{{ x }}{{ loop.previtem }}{{ '|' if not loop.last }}{{ loop.length }}{{ loop.revindex }} "
        "{% endfor %}"
    )
    assert show(source) == "0a|66 2cb|64 3dc|63 "


def test_an_empty_loop_takes_its_else() -> None:
    assert show("{% for x in [] %}{{ x }}{% else %}none{% endfor %}{% for k in nothing %}{% endfor %}") == "none"


def test_recursive_loops_and_filtered_loops() -> None:
    tree = "{% for n in [{'v': 1, 'c': [{'v': 2, 'c': []}]}] recursive %}{{ n.v }}({{ loop(n.c) }}){% endfor %}"
    assert show(tree) == "1(2())"
    assert show("{% for x in range(6) if x is even %}{{ x }}{% endfor %}") == "024"


def test_generation_blocks_are_their_content() -> None:
    assert show("a{% generation %}b{{ 1 }}{% endgeneration %}c") == "ab1c"


def test_joiners_and_cyclers() -> None:
    made = "{% set s = joiner(', ') %}{% set c = cycler('a', 'b') %}"
    source = made + "{% for i in range(3) %}{{ s() }}{{ c.next() }}{% endfor %}"
    assert show(source) == "a, b, a"


def test_a_namespace_carries_values_out_of_a_loop() -> None:
    source = "{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}"
    assert show(source) == "6"


def test_macros_and_calls() -> None:
    macro = "{% macro m(a, b='x') %}[{{ a }}{{ b }}{{ caller() if caller }}]{% endmacro %}"
    source = macro + "{{ m(1) }}{% call m(2) %}c{% endcall %}"
    assert show(source) == "[1x][2xc]"


def test_the_names_of_a_template_are_known() -> None:
    compiled = compile_template("{% if enable_thinking %}{{ message.thinking }}{{ m['low'] }}{{ 'a' in x }}{% endif %}")
    assert {"enable_thinking", "message", "m", "x"} <= compiled.variables
    assert {"thinking", "low", "a"} <= compiled.words


# How they fail.


def failure(source: str, **variables: Any) -> Failure:
    with pytest.raises(Failure) as caught:
        show(source, **variables)
    return caught.value


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a\nb\n{% if %}", "line 3: "),
        ("{% for x in y %}", "line 1: Unexpected end of template"),
        ("{{ 'a' | nonsense }}", "line 1: No filter named 'nonsense'"),
        ("\n{{ a b }}", "line 2: "),
    ],
)
def test_a_broken_template_names_the_line(source: str, words: str) -> None:
    found = failure(source)
    assert str(found).startswith(words)
    assert found.is_broken
    assert not found.is_refusal


def test_a_template_may_refuse() -> None:
    found = failure("a\n{{ raise_exception('Roles must alternate!') }}")
    assert str(found) == "Roles must alternate!"
    assert found.is_refusal
    assert not found.is_broken


@pytest.mark.parametrize(
    "expression",
    [
        "nothing.at.all",
        "1 / 0",
        "1 + 'a'",
        "'a'.x()",
        "tools|tojson|int + none",
        "namespace|tojson",
        "[1]|first|length",
        "','.join([1])",
        "'a'.encode('x')",
        "1 if tools else x|from_json",
    ],
)
def test_what_fails_inside_names_the_line(expression: str) -> None:
    source = "a\n{% macro m() %}\n{{ " + expression + " }}{% endmacro %}\n{{ m() }}"
    found = failure(source, tools=[])
    assert str(found).startswith("line 3: ")
    assert not found.is_broken
    assert not found.is_refusal


def test_no_end_is_the_templates_own_fault() -> None:
    assert failure("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}").is_broken
    assert failure("{{ 'a' * 10**10 }}").is_broken
