"""Chat templates: what they see, how they fail, and what they cannot do."""

from __future__ import annotations

import time
from typing import Any

import pytest

from omm.chat import sandbox, template
from omm.chat.template import CHATML, choose, render
from omm.errors import InvalidRequest, Unsupported
from omm.types import Message, Tool, ToolCall

USER = Message(role="user", content="Hi")
CALL = ToolCall(id="call_1", name="add", arguments={"b": 1, "a": [2]})
TOOL = Tool(name="add", spec={"type": "function", "function": {"name": "add", "parameters": {"z": 1, "a": 2}}})

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
    "{{ " + "(" * 5000 + ")" * 5000 + " }}",
    "{{ " + "-" * 20000 + "1 }}",
    "{% if 1 %}" * 200 + "{% endif %}" * 200,
]


@pytest.fixture
def short_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_SECONDS", 0.5)


def show(source: str, *messages: Message, **fields: Any) -> str:
    return render(source, messages or (USER,), **fields)


# What templates see.


def test_chatml_is_the_default() -> None:
    messages = (Message(role="system", content="Be brief."), USER)
    assert render(choose(None, "", ""), messages) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_final_assistant_message_is_continued() -> None:
    text = render(CHATML, (USER, Message(role="assistant", content="Hello, I")))
    assert text.endswith("<|im_start|>assistant\nHello, I")


def test_a_final_assistant_message_with_calls_is_not_continued() -> None:
    text = show(
        "{{ messages|length }} {{ add_generation_prompt }}", USER, Message(role="assistant", tool_calls=(CALL,))
    )
    assert text == "2 True"


def test_messages_have_the_names_templates_know() -> None:
    turns = (
        Message(role="assistant", content="c", thinking="t", tool_calls=(CALL,)),
        Message(role="tool", content="3", tool_name="add", tool_call_id="call_1"),
    )
    text = show("{% for m in messages %}{{ m|tojson }}\n{% endfor %}", *turns)
    assert text == (
        '{"role": "assistant", "content": "c", "reasoning_content": "t", "tool_calls": [{"id": "call_1", "type": '
        '"function", "function": {"name": "add", "arguments": {"b": 1, "a": [2]}}}]}\n'
        '{"role": "tool", "content": "3", "name": "add", "tool_call_id": "call_1"}\n'
    )


def test_tools_are_printed_as_the_client_wrote_them() -> None:
    assert show("{{ tools[0].function|tojson }}", tools=(TOOL,)) == '{"name": "add", "parameters": {"z": 1, "a": 2}}'
    assert show("{{ tools is none }}") == "True"


@pytest.mark.parametrize(
    ("think", "text"), [(None, "-"), (True, "True-"), (False, "False-"), ("low", "True-low"), ("max", "True-high")]
)
def test_thinking_is_passed_on(think: Any, text: str) -> None:
    assert show("{{ enable_thinking }}-{{ reasoning_effort }}", think=think) == text


def test_special_tokens_are_passed_on() -> None:
    assert show("{{ bos_token }}{{ eos_token }}", bos="<s>", eos="</s>") == "<s></s>"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("{'b': '<é&\\'>', 'a': 1}|tojson", '{"b": "<é&\'>", "a": 1}'),
        ("{'a': [1, 2]}|tojson(indent=2)", '{\n  "a": [\n    1,\n    2\n  ]\n}'),
        ("{'b': 1, 'a': 2}|tojson(separators=(',', ':'), sort_keys=true)", '{"a":2,"b":1}'),
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
        ("strftime_now('%Y')|length", "4"),
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


# How they fail.


def test_a_broken_template_names_the_line() -> None:
    with pytest.raises(InvalidRequest, match="line 3") as caught:
        show("a\nb\n{% if %}")
    assert caught.value.param == "template"


def test_a_template_may_refuse() -> None:
    with pytest.raises(InvalidRequest, match="roles must alternate") as caught:
        show("{{ raise_exception('roles must alternate') }}")
    assert caught.value.param == "messages"


@pytest.mark.parametrize(
    "source",
    [
        "{{ nothing.at.all }}",
        "{{ 1 / 0 }}",
        "{{ 1 + 'a' }}",
        "{{ messages[0].content.x() }}",
        "{{ tools|tojson|int + none }}",
        "{{ namespace|tojson }}",
        "{{ [1]|first|length }}",
        "{{ ','.join([1]) }}",
        "{{ 'a'.encode('x') }}",
    ],
)
def test_whatever_fails_inside_is_a_bad_request(source: str) -> None:
    with pytest.raises(InvalidRequest, match="chat template"):
        show(source)


# What they cannot do.


@pytest.mark.parametrize("source", ESCAPES)
def test_nothing_escapes(source: str) -> None:
    messages = (USER,)
    try:
        text = render(source, messages)
    except InvalidRequest:
        return
    assert not any(word in text for word in ("<class", "<module", "<function", "builtins", "uid=", "root:"))


@pytest.mark.usefixtures("short_time")
@pytest.mark.parametrize("source", BOMBS, ids=lambda source: source[:60])
def test_nothing_explodes(source: str) -> None:
    started = time.monotonic()
    try:
        text = show(source)
    except InvalidRequest:
        text = ""
    assert len(text) < 1000
    assert time.monotonic() - started < 20


def test_a_template_after_one_that_ran_out_of_time_has_all_of_it(short_time: None) -> None:
    with pytest.raises(InvalidRequest, match="longer than"):
        show(BOMBS[1])
    assert show("{% for i in range(3) %}{{ i }}{% endfor %}") == "012"


# Which one is taken.


def test_the_request_wins_over_the_manifest_over_the_file() -> None:
    jinja = "{% for m in messages %}{% endfor %}"
    assert choose(jinja + "r", jinja + "m", jinja + "g") == jinja + "r"
    assert choose(None, jinja + "m", jinja + "g") == jinja + "m"
    assert choose(None, "", jinja + "g") == jinja + "g"
    assert choose("", "", "") == CHATML


def test_a_go_template_in_the_manifest_gives_way_to_the_files() -> None:
    assert choose(None, "{{ .Prompt }}", "{{ messages }}") == "{{ messages }}"


@pytest.mark.parametrize(("request_template", "manifest"), [("{{ .Prompt }}", ""), (None, "{{ .Prompt }}")])
def test_a_go_template_alone_is_unsupported(request_template: str | None, manifest: str) -> None:
    with pytest.raises(Unsupported, match="Go"):
        choose(request_template, manifest, "")


@pytest.mark.parametrize(
    ("source", "is_jinja"),
    [
        ("{{ .System }} {{ .Prompt }}", False),
        ("{{ if .Tools }}x{{ end }}", False),
        ("{{ messages[0] }}", True),
        ("{% if x %}", True),
        ("plain", True),
    ],
)
def test_jinja_is_told_from_go(source: str, is_jinja: bool) -> None:
    assert template.is_jinja(source) is is_jinja
