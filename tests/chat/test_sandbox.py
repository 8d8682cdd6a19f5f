"""What templates cannot do, whoever wrote them."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat import jinja, sandbox
from omm.chat.jinja import Failure, compile_template

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ (''|attr('__class__')).__mro__ }}",
    "{{ ''|attr('__cl' ~ 'ass__')|attr('__mro__')|list }}",
    "{{ raise_exception.__globals__ }}",
    "{{ strftime_now.__globals__['__builtins__'] }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ '{0.__class__.__mro__}'.format('') }}",
    "{{ '{x.__class__}'.format_map({'x': ''}) }}",
    "{{ ('%s'|string).format.__self__.__class__ }}",
    "{{ messages.append({'role': 'x'}) }}",
    "{{ messages[0].update({'role': 'x'}) }}",
    "{{ ['{0.__class__}']|map('format', 1)|list }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{% set ns = namespace(f=''.__class__) %}{{ ns.f }}",
    "{{ messages|map(attribute='__class__')|list }}{{ (messages|map(attribute='__class__')|first).__mro__ }}",
    "{% import 'os' as os %}",
    "{% include '/etc/passwd' %}",
    "{% extends '/etc/passwd' %}",
]

BOMBS = [
    "{% for i in range(10**9) %}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% set x = j %}{% endfor %}{% endfor %}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{{ 9**9**9 }}",
    "{{ 'a' * 10**10 }}",
    "{{ 10**9 * 'a' }}",
    "{{ [0] * 10**10 }}",
    "{{ '%01000000000d' % 1 }}",
    "{{ '%*d' % (1000000000, 1) }}",
    "{{ '{:01000000000d}'.format(1) }}",
    "{{ '{:{}}'.format(1, 1000000000) }}",
    "{{ 'a'.ljust(10**9) }}",
    "{{ 'a'|center(10**9) }}",
    "{{ 'a'|center(width=10**9) }}",
    "{{ '%01000000000d'|format(1) }}",
    "{{ ['%01000000000d']|map('format', 1)|list }}",
    "{{ 10**9|round(10**9) }}",
    "{{ [1]|slice(10**9)|list }}",
    "{{ 1.5|round(1000000000, 'floor') }}",
    "{{ [1]|batch(10**9, 0)|list }}",
    "{{ {'a': [1]}|tojson(indent=10**9)|length * 'a' * 10**9 }}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(40) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x = [ns.x, ns.x]|join %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x = ','.join([ns.x, ns.x]) %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x = ns.x|replace('a', 'aa') %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x = ns.x.replace('a', 'aa') %}{% endfor %}",
    "{% set ns = namespace(x='a') %}{% for i in range(40) %}{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}{% endfor %}",
    "{% for i in range(99999) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' * 100 }}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|string }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|pprint }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ 'a' ~ ns.x }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = {1: ns.x, 2: ns.x} %}{% endfor %}"
    "{{ '%s' % ns.x }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}"
    "{{ '{}'.format(ns.x) }}",
    "{% set ns = namespace(x=[1], y=[1]) %}"
    "{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = namespace(x=[ns.x, ns.x]) %}{% endfor %}"
    "{{ ns.x }}",
    "{% set x = [] %}{% for i in range(40) %}{% set _ = x.append(x) %}{% endfor %}{{ x }}",
    "{{ " + "(" * 5000 + ")" * 5000 + " }}",
    "{{ " + "-" * 20000 + "1 }}",
    "{% if 1 %}" * 200 + "{% endif %}" * 200,
]


MESSAGES = [{"role": "user", "content": "Hi"}]


@pytest.fixture
def short_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_SECONDS", 0.5)


def show(source: str, **variables: Any) -> str:
    return compile_template(source).render({"messages": MESSAGES, **variables})


@pytest.mark.parametrize("source", ESCAPES)
def test_nothing_escapes(source: str) -> None:
    try:
        text = show(source)
    except Failure:
        return
    assert not any(word in text for word in ("<class", "<module", "<function", "builtins", "uid=", "root:"))


@pytest.mark.timeout(30)
@pytest.mark.usefixtures("short_time")
@pytest.mark.parametrize("source", BOMBS, ids=lambda source: source[:60])
def test_nothing_explodes(source: str) -> None:
    try:
        text = show(source)
    except Failure:
        text = ""
    assert len(text) < 1000


@pytest.mark.parametrize(
    "source",
    [
        "{% set x = (['x' * 1000] * 20)|string %}",
        "{% set x = (['x' * 1000] * 20)|tojson %}",
        "{% set x = ([{'x' * 1000: 1}] * 20)|tojson %}",
        "{% set x = '%s' % [['x' * 1000] * 20] %}",
        "{% set x = '{}'.format(['x' * 1000] * 20) %}",
        "{% set ns = namespace(x=range(99)|list) %}{% for i in range(99) %}{% set ns.x = [ns.x] %}{% endfor %}"
        "{% set x = ns.x|tojson(indent=16) %}",
        "{% set x = strftime_now('%0999Y' * 100) %}",
    ],
    ids=lambda source: source[:60],
)
def test_no_text_is_too_large_though_its_parts_are_small(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setattr(sandbox, "MAX_CHARS", 10_000)
    with pytest.raises(Failure, match=r"characters$"):
        show(source)


HOARDS = [
    "{% set _ = kept.append('x' * 100) %}",
    "{% set _ = kept.append(text + i|string) %}",
    "{% set _ = kept.append(text ~ i) %}",
    "{% set _ = kept.append(text[1:]) %}",
    "{% set _ = kept.append(text|upper) %}",
    "{% set _ = kept.append(text.upper()) %}",
    "{% set _ = kept.append(text.split('x')) %}",
    "{% set _ = kept.append([text]|map('upper')|list) %}",
    "{% set _ = kept.append([text]|tojson) %}",
    "{% set _ = kept.append([0] * 50) %}",
    "{% set _ = kept.append('-'.join([text, text])) %}",
    "{% set x %}{{ text }}{% endset %}{% set _ = kept.append(x) %}",
    "{% set ns.x = '%s.' % text %}",
]


@pytest.mark.parametrize("hoard", HOARDS)
def test_what_a_template_keeps_is_bounded(monkeypatch: pytest.MonkeyPatch, hoard: str) -> None:
    monkeypatch.setattr(sandbox, "MAX_MADE", 10_000)
    source = "{% set ns = namespace(x='') %}{% set kept = [] %}{% for i in range(COUNT) %}" + hoard + "{% endfor %}"
    show(source.replace("COUNT", "10"), text="x" * 100)
    with pytest.raises(Failure, match="together more than 10000 characters") as caught:
        show(source.replace("COUNT", "1000"), text="x" * 100)
    assert caught.value.is_broken


def test_each_rendering_may_make_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_MADE", 10_000)
    assert {len(show("{{ 'x' * 1000 }}")) for _ in range(20)} == {1000}


def test_a_template_after_one_that_ran_out_of_time_has_all_of_it(short_time: None) -> None:
    with pytest.raises(Failure, match="longer than"):
        show(BOMBS[1])
    assert show("{% for i in range(3) %}{{ i }}{% endfor %}") == "012"


def test_a_caller_may_give_less_time() -> None:
    endless = compile_template("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}")
    with pytest.raises(Failure, match=r"longer than 0\.1 seconds") as caught:
        endless.render({}, seconds=0.1)
    assert caught.value.is_broken


@pytest.mark.parametrize("method", ["append('x')", "pop()", "clear()", "insert(0, 'x')", "extend([1])", "sort()"])
def test_what_a_template_is_given_stays_as_it_is(method: str) -> None:
    given = {"tools": [["a", "b"]]}
    for path in ("tools", "tools[0]"):
        with pytest.raises(Failure, match="unsafe"):
            show("{{ " + f"{path}.{method}" + " }}", **given)
    assert given == {"tools": [["a", "b"]]}


def test_a_template_may_lengthen_a_list_of_its_own() -> None:
    assert (
        show("{% set x = [] %}{% set _ = x.append('a') %}{% set _ = x.append('b') %}{{ x.pop() }}{{ x }}") == "b['a']"
    )
    with pytest.raises(Failure, match="unsafe"):
        show("{% set x = [] %}{{ x.extend([1]) }}")
    with pytest.raises(Failure, match="unsafe"):
        show("{% set x = {} %}{{ x.update(a=1) }}")


def test_there_is_one_environment() -> None:
    assert (
        jinja.compile_template("{{ 1 }}").template.environment is jinja.compile_template("{{ 2 }}").template.environment
    )
    assert isinstance(jinja.compile_template("{{ 1 }}").template.environment, sandbox.Sandbox)
