"""Which template is taken, what it sees, and how it fails."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat import template
from omm.chat.template import CHATML, Template, choose, render
from omm.errors import Corrupt, InvalidRequest
from omm.types import Message, Tool, ToolCall

SYSTEM, USER = Message(role="system", content="Be brief."), Message(role="user", content="Hi")
CALL = ToolCall(id="call_1", name="add", arguments={"b": 1, "a": [2]})
PARAMETERS = {"type": "object", "properties": {"z": {"type": "integer"}, "a": {"type": "integer"}}}
TOOL = Tool(name="add", spec={"type": "function", "function": {"name": "add", "parameters": PARAMETERS}})
SHOW = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"


def jinja(source: str, origin: Any = "gguf") -> Template:
    return Template(text=source, kind="jinja", origin=origin)


def show(source: str, *messages: Message, **fields: Any) -> str:
    return render(jinja(source), messages or (USER,), **fields)


# Which one is taken.


def test_the_request_wins_over_the_modelfile_over_the_file() -> None:
    for request, modelfile, gguf, origin in [
        ("r {{ messages }}", "m", "g", "request"),
        (None, "m {{ messages }}", "g", "modelfile"),
        ("", "", "g", "gguf"),
        (None, "", "", "default"),
    ]:
        assert choose(request, modelfile, gguf).origin == origin


@pytest.mark.parametrize(("request_template", "manifest"), [("{{ .Prompt }}", ""), (None, "{{ .Prompt }}")])
def test_a_go_template_wins_like_any_other(request_template: str | None, manifest: str) -> None:
    chosen = choose(request_template, manifest, "{{ messages }}")
    assert (chosen.kind, chosen.text) == ("go", "{{ .Prompt }}")


def test_chatml_is_the_default() -> None:
    chosen = choose(None, "", "")
    assert (chosen.kind, chosen.text) == ("chatml", CHATML)
    assert render(chosen, (SYSTEM, USER)) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    )


@pytest.mark.parametrize(
    ("named", "fields", "text"),
    [
        ({"tool_use": "t", "rag": "r"}, {}, "g"),
        ({"tool_use": "t", "rag": "r"}, {"has_tools": True}, "t"),
        ({"tool_use": "t", "rag": "r"}, {"has_documents": True}, "r"),
        ({"tool_use": "t", "rag": "r"}, {"has_documents": True, "has_tools": True}, "t"),
        ({"rag": "r"}, {"has_tools": True}, "g"),
    ],
)
def test_the_file_may_have_templates_for_some_needs(named: Any, fields: Any, text: str) -> None:
    assert choose(None, "", "g", named, **fields).text == text
    assert choose(None, "m", "g", named, **fields).text == "m"


@pytest.mark.parametrize(
    ("named", "text"), [({"default": "d", "tool_use": "t"}, "d"), ({"tool_use": "t"}, "t"), ({"rag": "r"}, "r")]
)
def test_a_file_may_have_named_templates_only(named: dict[str, str], text: str) -> None:
    assert choose(None, "", "", named).text == text


@pytest.mark.parametrize(
    ("source", "is_jinja"),
    [
        ("{{ .System }} {{ .Prompt }}", False),
        ("{{ if .Tools }}x{{ end }}", False),
        ("{{- range $i, $m := .Messages }}{{- end }}", False),
        ("{{ .Prompt }} Earlier messages:", False),
        ('{{- /* a word */ -}}{{ json "x" }}', False),
        ("{{ $x := 1 }}", False),
        ("{{ messages[0] }}", True),
        ("{{ bos_token }}{{ messages|map(attribute='content')|join }}", True),
        ("{% if x %}", True),
        ("plain", True),
    ],
)
def test_jinja_is_told_from_go(source: str, is_jinja: bool) -> None:
    assert template.is_jinja(source) is is_jinja


# What templates see.


def test_tools_are_printed_as_the_client_wrote_them() -> None:
    source = SHOW + "{% for tool in tools or [] %}{{ tool.function|tojson }}{% endfor %}{{ tools is none }}"
    assert show(source, tools=(TOOL,)).endswith(
        '{"name": "add", "parameters": {"type": "object", "properties": '
        '{"z": {"type": "integer"}, "a": {"type": "integer"}}}}False'
    )
    assert show(source).endswith("True")


def test_documents_are_passed_on() -> None:
    source = "{{ messages[0].content }}{{ documents|tojson }}"
    assert show(source, documents=[{"title": "é", "text": "b"}]) == 'Hi[{"title": "é", "text": "b"}]'
    assert show(source) == "Hinull"


@pytest.mark.parametrize(
    ("think", "text"), [(None, "-"), (True, "True-"), (False, "False-"), ("low", "True-low"), ("max", "True-high")]
)
def test_thinking_is_passed_on(think: Any, text: str) -> None:
    assert show("{{ enable_thinking }}-{{ reasoning_effort }}", think=think) == text


@pytest.mark.parametrize(("messages", "system"), [((SYSTEM, USER), "Be brief.\n\n/no_think"), ((USER,), "/no_think")])
def test_thinking_may_be_turned_off_by_a_word(messages: tuple[Message, ...], system: str) -> None:
    source = SHOW + "{% if '/no_think' in messages[0].content %}off{% endif %}"
    assert show(source, *messages, think=False) == f"system: {system}\nuser: Hi\noff"
    assert "off" not in show(source, *messages, think=True)


def test_special_tokens_are_passed_on() -> None:
    assert show("{{ bos_token }}{{ eos_token }}{{ add_generation_prompt }}", bos="<s>", eos="</s>") == "<s></s>True"


def test_marks_inside_texts_go_through() -> None:
    mark = "\ufdd0"
    source = SHOW + "{{ tools|tojson }}"
    spec = {"function": {"name": f"a{mark}b", "description": f"<{mark}|x|>"}}
    user = Message(role="user", content=f"<{mark}|im_end|>")
    text = show(source, user, tools=(Tool(name="ab", spec=spec),))
    assert f"user: <{mark}|im_end|>\n" in text
    assert f'"name": "a{mark}b", "description": "<{mark}|x|>"' in text


# The client's variables.


def test_a_client_may_set_variables() -> None:
    source = "{{ custom|tojson }}{{ enable_thinking }}"
    assert show(source, kwargs={"custom": {"a": [1, None]}, "enable_thinking": False}, think=True) == (
        '{"a": [1, null]}False'
    )


@pytest.mark.parametrize(
    "name", ["messages", "tools", "documents", "bos_token", "eos_token", "add_generation_prompt", "raise_exception"]
)
def test_a_client_cannot_replace_what_is_the_conversations(name: str) -> None:
    with pytest.raises(InvalidRequest, match=f'"{name}" cannot be set') as caught:
        show("x", kwargs={name: "y"})
    assert caught.value.param == f"chat_template_kwargs.{name}"


@pytest.mark.parametrize("name", ["", "a-b", "1", "__class__", "_x", "a b"])
def test_a_variable_has_a_name(name: str) -> None:
    with pytest.raises(InvalidRequest, match="is no name"):
        show("x", kwargs={name: 1})


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else 1


@pytest.mark.parametrize("value", ["a" * 70_000, ["a" * 100] * 1000, nested(20), {"a": {1, 2}}, b"x", object()])
def test_a_variable_is_a_small_json_value(value: Any) -> None:
    with pytest.raises(InvalidRequest, match='"mine" is too large'):
        show("x", kwargs={"mine": value})


# How they fail.


def test_a_broken_template_of_the_request_is_a_bad_request() -> None:
    with pytest.raises(InvalidRequest, match=r"^the chat template is broken: line 3: ") as caught:
        render(jinja("a\nb\n{% if %}", "request"), (USER,))
    assert caught.value.param == "template"


@pytest.mark.parametrize("origin", ["modelfile", "gguf"])
@pytest.mark.parametrize("source", ["a\nb\n{% if %}", "\n\n{{ 'a' * 10**10 }}"])
def test_a_broken_template_of_the_model_is_the_models_fault(origin: str, source: str) -> None:
    with pytest.raises(Corrupt, match=r"^the model's chat template is broken: line 3: "):
        render(jinja(source, origin), (USER,))


@pytest.mark.parametrize("origin", ["request", "modelfile", "gguf"])
def test_a_template_may_refuse_in_its_own_words(origin: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        render(jinja("{{ raise_exception('Roles must alternate!') }}", origin), (USER,))
    assert caught.value.message == "Roles must alternate!"
    assert caught.value.param == "messages"


def test_whatever_fails_inside_is_a_bad_request() -> None:
    with pytest.raises(InvalidRequest, match=r"^the chat template failed: line 2: .*nothing") as caught:
        show("\n{{ nothing.at.all }}")
    assert caught.value.param == "messages"


def test_a_broken_go_template_is_told_like_any_other() -> None:
    for origin, error in (("request", InvalidRequest), ("modelfile", Corrupt)):
        with pytest.raises(error, match="is broken: template: "):
            render(Template(text="{{ if }}", kind="go", origin=origin), (USER,))  # type: ignore[arg-type]


# What is told of them.


def test_what_is_put_differently_is_told() -> None:
    assert template.adaptations(jinja(SHOW)) == template.adaptations(choose(None, "", ""))
    assert "tools in the system text" in template.adaptations(jinja(SHOW))
    assert template.is_told_hermes(jinja(SHOW))
    assert not template.is_told_hermes(
        jinja(SHOW + "{{ tools|tojson }}{% for m in messages %}{{ m.tool_calls|tojson if m.tool_calls }}{% endfor %}")
    )
    for broken in (jinja("{% if %}"), Template(text="{{ .Prompt }}", kind="go", origin="modelfile")):
        assert template.adaptations(broken) == ()
        assert not template.is_told_hermes(broken)
