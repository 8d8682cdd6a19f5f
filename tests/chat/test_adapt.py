"""Templates that refuse or lose part of a conversation get it put differently, and no others do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omm.chat.source import source_of
from omm.chat.template import Template, render
from omm.types import Message, Tool, ToolCall

SAY = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
CALLS = (
    "{% for m in messages %}{{ m.role }}: {{ m.content }}"
    "{% for call in m.tool_calls or [] %}"
    "<{{ call.id }} {{ call.function.name }} {{ call.function.arguments|tojson }}>"
    "{% endfor %}{{ '\n' }}{% endfor %}{{ tools|tojson if tools }}"
)
KNOWS_ALL = "{# developer #}" + CALLS.replace("{{ m.content }}", "{{ m.reasoning_content }}{{ m.content }}")


def turn(role: str, content: str = "", **fields: Any) -> Message:
    return Message(role=role, content=content, **fields)


def call(name: str = "add", arguments: Any = None, identity: str = "call_1") -> ToolCall:
    return ToolCall(id=identity, name=name, arguments={"a": 1} if arguments is None else arguments)


def result(content: str, identity: str = "call_1", name: str = "add") -> Message:
    return turn("tool", content, tool_call_id=identity, tool_name=name)


S, S2, U, U2, A = (
    turn("system", "s"),
    turn("system", "s2"),
    turn("user", "u"),
    turn("user", "u2"),
    turn("assistant", "a"),
)
ASK, TOLD = turn("assistant", tool_calls=(call(),)), result("3")
TOOL = Tool(
    name="add",
    spec={
        "type": "function",
        "function": {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}},
    },
)


def show(source: str, *messages: Message, **fields: Any) -> str:
    return render(Template(text=source, kind="jinja", origin="gguf"), messages, **fields)


def names(source: str) -> tuple[str, ...]:
    return source_of(source).names


def refusing(condition: str, then: str = SAY) -> str:
    return "{% if " + condition + " %}{{ raise_exception('no') }}{% endif %}" + then


def test_a_template_that_shows_everything_gets_the_plain_form() -> None:
    assert names(KNOWS_ALL) == ()


# Roles.


def test_developers_are_systems_unless_the_template_knows_them() -> None:
    messages = (turn("developer", "d"), U)
    assert show(SAY, *messages) == "system: d\nuser: u\n"
    assert show(KNOWS_ALL, *messages) == "developer: d\nuser: u\n"
    assert show("{# developer #}" + refusing("messages[0].role == 'developer'"), *messages) == "system: d\nuser: u\n"


@pytest.mark.parametrize(
    "source",
    [
        refusing("messages[0].role == 'system'"),
        "{% for m in messages if m.role != 'system' %}" + SAY[len("{% for m in messages %}") :],
    ],
)
def test_a_system_text_that_has_no_place_goes_to_the_user(source: str) -> None:
    assert show(source, S, U, A, U2) == "user: s\n\nu\nassistant: a\nuser: u2\n"
    assert show(source, S, S2, U) == "user: s\n\ns2\n\nu\n"
    assert show(source, U, A, S) == "user: u\nassistant: a\nuser: s\n"
    assert show(source, U) == "user: u\n"


ONE_SYSTEM = refusing("messages[1:]|selectattr('role', 'equalto', 'system')|list")


def test_late_and_further_system_texts_join_the_first() -> None:
    assert show(ONE_SYSTEM, S, U, A, S2, U2) == "system: s\n\ns2\nuser: u\nassistant: a\nuser: u2\n"
    assert show(ONE_SYSTEM, U, S) == "system: s\nuser: u\n"
    assert show(SAY, U, A, S2, U2) == "user: u\nassistant: a\nsystem: s2\nuser: u2\n"


ALTERNATE = (
    "{% set ns = namespace(last='assistant') %}{% for m in messages if m.role != 'system' %}"
    "{% if m.role == ns.last or m.role not in ['user', 'assistant'] %}{{ raise_exception('alternate') }}{% endif %}"
    "{% set ns.last = m.role %}{% endfor %}"
) + SAY


def test_neighbours_of_one_role_merge_where_roles_must_alternate() -> None:
    assert show(ALTERNATE, S, U, U2) == "system: s\nuser: u\n\nu2\n"
    assert show(ALTERNATE, U, A, turn("assistant", "b"), U2) == "user: u\nassistant: a\n\nb\nuser: u2\n"
    assert show(SAY, U, U2) == "user: u\nuser: u2\n"


def test_an_answer_that_opens_the_conversation_gets_a_question() -> None:
    assert show(ALTERNATE, A, U) == "user: \nassistant: a\nuser: u\n"
    assert show(ALTERNATE, S, A, U) == "system: s\nuser: \nassistant: a\nuser: u\n"
    assert show(SAY, A, U) == "assistant: a\nuser: u\n"


def test_several_needs_are_met_together() -> None:
    source = refusing("messages[0].role == 'system'", ALTERNATE)
    assert show(source, S, A, U, U2, S2) == "user: \nassistant: a\nuser: s\n\nu\n\nu2\n\ns2\n"
    assert show(source, S, U, U2) == "user: s\n\nu\n\nu2\n"


# Content.


def test_content_may_have_to_come_in_parts() -> None:
    source = (
        "{% for m in messages %}{{ m.role }}:{% for p in m.content %}{{ p.type }}={{ p.text }}{% endfor %} {% endfor %}"
    )
    assert show(source, S, U) == "system:text=s user:text=u "


def test_tools_that_are_none_may_have_to_be_a_list() -> None:
    assert show("{% for t in tools %}{{ t.function.name }} {% endfor %}" + SAY, U) == "user: u\n"
    assert show("{{ tools is none }}" + SAY, U) == "Trueuser: u\n"


# Tools.


def test_tools_may_have_to_come_unwrapped() -> None:
    source = "{% for tool in tools or [] %}{{ tool.name }} {{ tool.parameters|tojson }}\n{% endfor %}" + SAY
    assert show(source, U, tools=(TOOL,)).startswith('add {"type": "object"')
    assert show(source, U) == "user: u\n"


def test_tools_may_have_to_come_as_text() -> None:
    source = "{{ functions }}{{ '' if datetime else raise_exception('no date') }}\n" + SAY
    text = show(source, U, tools=(TOOL,))
    assert text.startswith('[\n    {\n        "name": "add",')
    assert show(source, U) == "\nuser: u\n"


HERMES = """\
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
SPEC
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>""".replace("SPEC", json.dumps(TOOL.spec))


def test_tools_that_would_be_dropped_are_told_in_the_system_text() -> None:
    assert show(SAY, U, tools=(TOOL,)) == f"system: {HERMES}\nuser: u\n"
    assert show(SAY, S, U, tools=(TOOL,)) == f"system: s\n\n{HERMES}\nuser: u\n"
    assert show(SAY, S, U) == "system: s\nuser: u\n"


def test_and_in_the_users_where_there_is_no_system() -> None:
    source = refusing("messages[0].role == 'system'")
    assert show(source, S, U, tools=(TOOL,)) == f"user: s\n\n{HERMES}\n\nu\n"


def test_and_with_the_templates_own_form_of_a_call() -> None:
    source = (
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}"
        "{% for c in m.tool_calls or [] %}<|call|>{{ c.function.name }}{{ c.function.arguments|tojson }}<|/call|>"
        "{% endfor %}<|end|>{% endfor %}"
    )
    text = show(source, U, tools=(TOOL,))
    assert text.endswith(
        "For each function call, write exactly this, with the function's name and a JSON object of its arguments:\n"
        '<|call|>FUNCTION{"ARGUMENT": "VALUE"}<|/call|><|end|><|user|>u<|end|>'
    )


# Calls and results.


def test_calls_that_would_be_dropped_are_written_into_the_text() -> None:
    asked = turn("assistant", "I add.", tool_calls=(call(), call("moon", {}, "call_2")))
    assert show(SAY, U, asked, TOLD) == (
        'user: u\nassistant: I add.\n<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>\n'
        '<tool_call>\n{"name": "moon", "arguments": {}}\n</tool_call>\ntool: 3\n'
    )


def test_results_that_have_no_place_become_the_users() -> None:
    assert show(ALTERNATE, U, ASK, TOLD, result("4", "x")) == (
        'user: u\nassistant: <tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>\n'
        "user: <tool_response>\n3\n</tool_response>\n\n<tool_response>\n4\n</tool_response>\n"
    )


@pytest.mark.parametrize(
    ("hint", "written"),
    [
        ("{# List of tools: #}", "<|tool_call_start|>[add(a=1, b='x')]<|tool_call_end|>"),
        ("{# <|tool_call|> #}", '<|tool_call|>[{"name": "add", "arguments": {"a": 1, "b": "x"}}]'),
    ],
)
def test_calls_are_written_as_the_model_does(hint: str, written: str) -> None:
    asked = turn("assistant", tool_calls=(call("add", {"a": 1, "b": "x"}),))
    assert show(hint + SAY, U, asked, TOLD) == f"user: u\nassistant: {written}\ntool: 3\n"


def test_arguments_may_have_to_be_text() -> None:
    for printed in ("call.function.arguments", "'' + call.function.arguments"):
        source = CALLS.replace("call.function.arguments|tojson", printed)
        assert '<call_1 add {"a": 1}>' in show(source, U, ASK, TOLD)
    assert '<call_1 add {"a": 1}>' in show(CALLS, U, ASK, TOLD)


def test_arguments_may_have_to_be_an_object() -> None:
    source = CALLS.replace(
        "{{ call.function.arguments|tojson }}",
        "{% for k, v in call.function.arguments|items %}{{ k }}={{ v }}{% endfor %}",
    )
    assert "<call_1 add a=1>" in show(source, U, ASK, TOLD)
    broken = turn("assistant", tool_calls=(call(arguments='{"a": '),))
    assert '<call_1 add arguments={"a": >' in show(source, U, broken, TOLD)
    assert '<call_1 add "{\\"a\\": ">' in show(CALLS, U, broken, TOLD)


def test_content_beside_calls_may_have_to_be_none() -> None:
    source = (
        "{% for m in messages %}{% if m.tool_calls and m.content is not none %}{% continue %}{% endif %}"
        + CALLS[len("{% for m in messages %}") :]
    )
    assert "assistant: None<call_1" in show(source, U, ASK, TOLD)


NINE = CALLS.replace("<{{ call.id }}", "{{ raise_exception('nine') if call.id|length != 9 }}<{{ call.id }}")


def test_ids_may_have_to_have_nine_characters() -> None:
    text = show(NINE.replace("{{ '\n' }}", "[{{ m.tool_call_id }}]{{ '\n' }}"), U, ASK, TOLD)
    identity = text[text.index("<") + 1 : text.index(" add")]
    assert len(identity) == 9
    assert identity.isalnum()
    assert text.endswith(f"tool: 3[{identity}]\n")
    kept = turn("assistant", tool_calls=(call(identity="aB3dE6gH9"),))
    assert "<aB3dE6gH9 add" in show(NINE, U, kept, result("3", "aB3dE6gH9"))


def test_ids_may_have_to_hold_the_name() -> None:
    source = CALLS.replace("{{ call.id }} {{ call.function.name }}", "{{ call.id }}")
    asked = turn("assistant", tool_calls=(call(identity="x"), call("moon", {}, "functions.moon:7")))
    text = show(source, U, asked, result("3", "x"))
    assert '<functions.add:0 {"a": 1}><functions.moon:7 {}>' in text


ONE_CALL = refusing(
    "messages|selectattr('tool_calls')|selectattr('tool_calls', 'ne', none)|list and 2 in "
    "messages|map(attribute='tool_calls')|map('default', [])|map('length')|list",
    CALLS,
)


def test_parallel_calls_may_have_to_come_one_by_one() -> None:
    asked = turn("assistant", "I do.", tool_calls=(call(), call("moon", {}, "call_2")))
    assert show(ONE_CALL, U, asked, result("full", "call_2", "moon"), TOLD) == (
        'user: u\nassistant: I do.<call_1 add {"a": 1}>\ntool: 3\nassistant: <call_2 moon {}>\ntool: full\n'
    )
    assert show(ONE_CALL, U, ASK, TOLD) == 'user: u\nassistant: <call_1 add {"a": 1}>\ntool: 3\n'


def test_a_user_may_have_to_wait_for_an_answer() -> None:
    source = (
        "{% for m in messages %}{% if m.role == 'user' and loop.index0 and messages[loop.index0 - 1].role == 'tool' %}"
        "{{ raise_exception('no') }}{% endif %}{% endfor %}" + CALLS
    )
    assert show(source, U, ASK, TOLD, U2).endswith("tool: 3\nassistant: OK.\nuser: u2\n")
    assert show(CALLS, U, ASK, TOLD, U2).endswith("tool: 3\nuser: u2\n")


# Thinking.


def test_thinking_has_the_name_that_the_template_reads() -> None:
    for name in ("reasoning_content", "thinking", "reasoning", "thought"):
        source = CALLS.replace("{{ m.content }}", "{{ m." + name + " or '' }}{{ m.content }}")
        assert show(source, U, turn("assistant", "a", thinking="t"), U2) == "user: u\nassistant: ta\nuser: u2\n"


def test_thinking_that_the_template_leaves_out_is_left_out() -> None:
    assert show(SAY, U, turn("assistant", "a", thinking="t"), U2) == "user: u\nassistant: a\nuser: u2\n"


def test_thinking_may_have_to_be_a_part_of_the_content() -> None:
    source = CALLS.replace(
        "{{ m.content }}",
        "{% if m.content is string %}{{ m.content }}{% else %}"
        "{% for p in m.content %}"
        "{{ '[THINK]' ~ p.thinking ~ '[/THINK]' if p.type == 'thinking' else p.text }}"
        "{% endfor %}"
        "{% endif %}",
    )
    thought = turn("assistant", "a", thinking="t")
    assert show(source, U, thought, U2) == "user: u\nassistant: [THINK]t[/THINK]a\nuser: u2\n"
    assert show(source, U, A, U2) == "user: u\nassistant: a\nuser: u2\n"


def test_text_beside_calls_may_have_to_join_the_thinking() -> None:
    source = (
        "{% for m in messages if m.tool_calls and m.content and m.thinking %}"
        "{{ raise_exception('one of both') }}{% endfor %}"
        + CALLS.replace("{{ m.content }}", "({{ m.thinking }}){{ m.content }}")
    )
    both = turn("assistant", "a", thinking="t", tool_calls=(call(),))
    assert 'assistant: (t\n\na)<call_1 add {"a": 1}>' in show(source, U, both, TOLD)


# Templates nobody should have to wait for.


def test_a_template_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SAY + "{# tried once #}"
    assert source_of(source) is source_of(source)


def test_a_template_that_never_ends_is_not_tried_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omm.chat.source._LEARNING_SECONDS", 0.2)
    source = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}{{ messages }}"
    assert names(source) == ()


def test_a_template_that_wants_what_no_one_gives_is_left_alone() -> None:
    assert names("{{ raise_exception('never') }}") == ("developer as system",)
