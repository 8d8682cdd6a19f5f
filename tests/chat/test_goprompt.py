"""Conversations through templates in Go's language, of the shapes that models have."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from omm.chat import goprompt, template
from omm.chat.gotemplate import TemplateError
from omm.errors import Corrupt, InvalidRequest
from omm.types import Message, Think, Tool, ToolCall

SYSTEM = Message(role="system", content="Be brief.")
USER = Message(role="user", content="Hi")
ASSISTANT = Message(role="assistant", content="Ho")
AGAIN = Message(role="user", content="Again")
TALK = (SYSTEM, USER, ASSISTANT, AGAIN)

WEATHER: dict[str, Any] = {
    "function": {
        "strict": True,
        "parameters": {
            "additionalProperties": False,
            "properties": {
                "where": {"description": "The <city>", "type": "string"},
                "unit": {"type": ["string", "null"], "enum": ["c", "f"]},
            },
            "required": ["where"],
            "type": "object",
        },
        "description": "Tells the weather",
        "name": "weather",
    },
    "type": "function",
}
TOOL = Tool(name="weather", spec=WEATHER)
CALL = ToolCall(id="call_1", name="weather", arguments={"where": "Zürich", "at": {"b": 1, "a": [2]}})
CALLING = Message(role="assistant", content="", tool_calls=(CALL,))
RESULT = Message(role="tool", content="sunny", tool_name="weather", tool_call_id="call_1")

CHATML_ONCE = """{{ if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{ if .Prompt }}<|im_start|>user
{{ .Prompt }}<|im_end|>
{{ end }}<|im_start|>assistant
{{ .Response }}<|im_end|>
"""

HEADERS = """{{- range $i, $m := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 -}}
<|head|>{{ .Role }}<|/head|>

{{ .Content }}{{ if or (not $last) (ne .Role "assistant") }}<|eot|>{{ end }}
{{- if and $last (ne .Role "assistant") }}<|head|>assistant<|/head|>

{{ end }}
{{- end }}"""

HERMES = """{{- if or .System .Tools }}<|im_start|>system
{{ .System }}
{{- if .Tools }}

You may call:
<tools>
{{- range .Tools }}
{"type": "function", "function": {{ .Function }}}
{{- end }}
</tools>
{{- end }}<|im_end|>
{{ end }}
{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 -}}
{{- if eq .Role "user" }}<|im_start|>user
{{ .Content }}<|im_end|>
{{ else if eq .Role "assistant" }}<|im_start|>assistant
{{ if (and $.IsThinkSet (and .Thinking (or $last (gt $i 1)))) -}}
<think>
{{ .Thinking }}
</think>

{{ end -}}
{{ if .Content }}{{ .Content }}{{ end }}
{{- if .ToolCalls }}{{ range .ToolCalls }}
<tool_call>
{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}
</tool_call>
{{- end }}{{ end }}{{ if not $last }}<|im_end|>
{{ end }}
{{- else if eq .Role "tool" }}<|im_start|>user
<tool_response>
{{ .Content }}
</tool_response><|im_end|>
{{ end }}
{{- if and (ne .Role "assistant") $last }}<|im_start|>assistant
{{ if and $.IsThinkSet (not $.Think) -}}
<think>

</think>

{{ end -}}
{{ end }}
{{- end }}"""

BRACKETS = """{{- range $index, $_ := .Messages }}
{{- if eq .Role "user" }}
{{- if and (le (len (slice $.Messages $index)) 2) $.Tools }}[AVAILABLE_TOOLS] {{ $.Tools }}[/AVAILABLE_TOOLS]
{{- end }}[INST] {{ if and $.System (eq (len (slice $.Messages $index)) 1) }}{{ $.System }}

{{ end }}{{ .Content }}[/INST]
{{- else if eq .Role "assistant" }}
{{- if .Content }} {{ .Content }}</s>{{ end }}
{{- if .ToolCalls }}[TOOL_CALLS] [
{{- range $n, $_ := .ToolCalls }}{{ if $n }}, {{ end }}
{{- with .Function }}{"name": "{{ .Name }}", "arguments": {{ .Arguments }}}{{ end }}
{{- end }}]</s>
{{- end }}
{{- else if eq .Role "tool" }}[TOOL_RESULTS] {"content": {{ json .Content }}}[/TOOL_RESULTS]
{{- end }}
{{- end }}"""

TURNS = """{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}
{{- if eq .Role "user" }}<turn>user
{{- if and (eq $i 1) $.System }}
{{ $.System }}
{{ end }}
{{ .Content }}<end>
{{ if $last }}<turn>model
{{ end }}
{{- else if eq .Role "assistant" }}<turn>model
{{ .Content }}{{ if not $last }}<end>
{{ end }}
{{- end }}
{{- end }}"""

FILLING = "{{ if .Suffix }}<PRE>{{ .Prompt }}<SUF>{{ .Suffix }}<MID>{{ else }}{{ .Prompt }}{{ end }}"


def render(source: str, *messages: Message, tools: tuple[Tool, ...] = (), think: Think | None = None) -> str:
    return goprompt.render(source, messages, tools=tools, think=think)


# --- templates of one exchange ----------------------------------------------------------------------------------


def test_a_template_of_one_exchange_runs_once_for_each() -> None:
    assert render(CHATML_ONCE, *TALK) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHo<|im_end|>\n"
        "<|im_start|>user\nAgain<|im_end|>\n<|im_start|>assistant\n"
    )


def test_its_last_answer_is_continued() -> None:
    assert render(CHATML_ONCE, USER, ASSISTANT) == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHo"


def test_a_later_system_text_begins_an_exchange() -> None:
    source = "[{{ .System }}|{{ .Prompt }}|{{ .Response }}]"
    assert render(source, USER, SYSTEM, AGAIN) == "[|Hi|][Be brief.|Again|"
    assert (
        render(source, SYSTEM, USER, USER, ASSISTANT, ASSISTANT, SYSTEM) == "[Be brief.|Hi\n\nHi|Ho\n\nHo][Be brief.||"
    )
    assert render(source) == "[||"


def test_a_template_without_a_place_for_the_answer_gets_it_at_its_end() -> None:
    assert render("<u>{{ .Prompt }}<a>", USER, ASSISTANT, AGAIN) == "<u>Hi<a>Ho<u>Again<a>"
    assert render("{{ .Prompt }}", USER) == "Hi"
    assert render("{{ .Prompt }} {{- /* end */ -}}", USER, ASSISTANT) == "HiHo"


def test_an_answer_behind_a_condition_is_cut_there() -> None:
    source = "{{ .Prompt }}{{ if .Response }}<a>{{ .Response }}</a>{{ end }}<end>"
    assert render(source, USER, ASSISTANT, AGAIN) == "Hi<a>Ho</a><end>Again"


# --- templates of whole conversations ---------------------------------------------------------------------------


def test_headers() -> None:
    assert render(HEADERS, *TALK) == (
        "<|head|>system<|/head|>\n\nBe brief.<|eot|><|head|>user<|/head|>\n\nHi<|eot|>"
        "<|head|>assistant<|/head|>\n\nHo<|eot|><|head|>user<|/head|>\n\nAgain<|eot|><|head|>assistant<|/head|>\n\n"
    )
    assert render(HEADERS, USER, ASSISTANT) == "<|head|>user<|/head|>\n\nHi<|eot|><|head|>assistant<|/head|>\n\nHo"


def test_turns_with_the_system_text_in_the_first() -> None:
    assert render(TURNS, *TALK) == (
        "<turn>user\nBe brief.\n\nHi<end>\n<turn>model\nHo<end>\n<turn>user\nAgain<end>\n<turn>model\n"
    )


def test_tools_calls_and_results_in_tags() -> None:
    function = (
        '{"name":"weather","description":"Tells the weather","parameters":{"type":"object","required":["where"],'
        '"properties":{"unit":{"type":["string","null"],"enum":["c","f"]},'
        '"where":{"type":"string","description":"The \\u003ccity\\u003e"}},"additionalProperties":false},"strict":true}'
    )
    assert render(HERMES, SYSTEM, USER, CALLING, RESULT, tools=(TOOL,)) == (
        "<|im_start|>system\nBe brief.\n\nYou may call:\n<tools>\n"
        f'{{"type": "function", "function": {function}}}\n</tools><|im_end|>\n'
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n\n<tool_call>\n"
        '{"name": "weather", "arguments": {"at":{"a":[2],"b":1},"where":"Zürich"}}\n</tool_call><|im_end|>\n'
        "<|im_start|>user\n<tool_response>\nsunny\n</tool_response><|im_end|>\n<|im_start|>assistant\n"
    )


def test_tools_in_brackets() -> None:
    spec = {"type": "function", "function": {"name": "f", "parameters": {"properties": {}, "type": "object"}}}
    offered = '[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]'
    twice = Message(role="assistant", tool_calls=(CALL, ToolCall(id="2", name="f", arguments={})))
    tools = (Tool(name="f", spec=spec),)
    assert render(BRACKETS, SYSTEM, USER, tools=tools) == (
        f"[AVAILABLE_TOOLS] {offered}[/AVAILABLE_TOOLS][INST] Be brief.\n\nHi[/INST]"
    )
    assert render(BRACKETS, USER, twice, RESULT, tools=tools) == (
        '[INST] Hi[/INST][TOOL_CALLS] [{"name": "weather", "arguments": {"at":{"a":[2],"b":1},"where":"Zürich"}}, '
        '{"name": "f", "arguments": {}}]</s>[TOOL_RESULTS] {"content": "sunny"}[/TOOL_RESULTS]'
    )


@pytest.mark.parametrize(
    ("think", "expected"),
    [
        (None, "false  false"),
        (True, "true medium true"),
        (False, "false  true"),
        ("low", "true low true"),
        ("max", "true max true"),
    ],
)
def test_a_template_sees_whether_to_think(think: Think | None, expected: str) -> None:
    for head in ("", "{{ range .Messages }}{{ end }}"):
        assert render(head + "{{ .Think }} {{ .ThinkLevel }} {{ .IsThinkSet }}", USER, think=think) == expected


def test_gpt_oss_knows_three_levels() -> None:
    assert render("<|channel|>{{ .ThinkLevel }}", USER, think="max") == "<|channel|>high"


def test_thinking_is_shown_where_the_template_wants_it() -> None:
    thoughtful = Message(role="assistant", content="Ho", thinking="Hm")
    assert render(HERMES, USER, ASSISTANT, AGAIN, thoughtful, think=True).endswith(
        "<|im_start|>assistant\n<think>\nHm\n</think>\n\nHo"
    )
    assert "Hm" not in render(HERMES, USER, thoughtful, AGAIN)
    assert render(HERMES, USER, think=False).endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    assert render(HERMES, USER, think=True).endswith("<|im_start|>assistant\n")


def test_thoughts_in_the_contents_of_old_answers_go() -> None:
    old = Message(role="assistant", content="<think>\nHm\n</think>\n\nHo <think>x</think>")
    text = render(HERMES, USER, old, AGAIN, old)
    assert text.count("Hm") == 1
    assert text.endswith(f"<|im_start|>assistant\n{old.content}")
    assert "<|im_start|>assistant\nHo <think>x</think><|im_end|>" in text
    assert "Hm" in render(HEADERS, USER, old, AGAIN)


# --- an answer that is continued --------------------------------------------------------------------------------


def test_a_final_answer_is_continued_though_the_template_closes_every_turn() -> None:
    source = "{{ range .Messages }}<{{ .Role }}> {{ .Content }}</{{ .Role }}>{{ end }}<assistant>"
    assert render(source, USER, ASSISTANT) == "<user> Hi</user><assistant> Ho"
    assert render(source, ASSISTANT) == "<assistant> Ho"
    assert render(source, USER) == "<user> Hi</user><assistant>"
    assert render(source, USER, CALLING) == "<user> Hi</user><assistant> </assistant><assistant>"
    assert render(source, USER, Message(role="assistant", content="s")) == "<user> Hi</user><assistant> s"


def test_a_final_answer_that_the_template_does_not_show_is_put_behind_the_prompt() -> None:
    source = '{{ range .Messages }}{{ if eq .Role "user" }}<u>{{ .Content }}{{ end }}{{ end }}<a>'
    assert render(source, USER, ASSISTANT) == "<u>Hi<a>Ho"


# --- what a template sees ---------------------------------------------------------------------------------------


def test_neighbours_of_one_role_are_merged() -> None:
    source = "{{ range .Messages }}<{{ .Role }}:{{ .Content }}:{{ len .ToolCalls }}>{{ end }}"
    thinking = Message(role="assistant", content="", thinking="a", tool_calls=(CALL,))
    assert render(source, USER, AGAIN, ASSISTANT, thinking, CALLING, RESULT, RESULT) == (
        "<user:Hi\n\nAgain:0><assistant:Ho:2><tool:sunny:0><tool:sunny:0>"
    )
    merged = goprompt.collate([thinking, Message(role="assistant", thinking="b", images=(b"1",))])
    assert merged == [Message(role="assistant", thinking="a\n\nb", images=(b"1",), tool_calls=(CALL,))]


def test_all_system_texts_are_one() -> None:
    source = "{{ .System }}|{{ range .Messages }}{{ .Role }} {{ end }}"
    assert render(source, SYSTEM, SYSTEM, USER, SYSTEM) == "Be brief.\n\nBe brief.\n\nBe brief.|system user system "


def test_developers_speak_as_the_system_unless_the_template_knows_them() -> None:
    developer = Message(role="developer", content="Rhyme.")
    assert render(CHATML_ONCE, SYSTEM, developer, USER) == (
        "<|im_start|>system\nBe brief.\n\nRhyme.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    )
    source = "{{ .System }}{{ range .Messages }}<{{ .Role }}>{{ end }}"
    assert render(source, developer, USER) == "Rhyme.<system><user>"
    assert render(source + '{{ if eq "a" "developer" }}{{ end }}', developer, USER) == "<developer><user>"


def test_every_field_of_a_message() -> None:
    source = (
        "{{ range .Messages }}{{ .Role }} {{ .Thinking }} {{ .ToolName }} {{ .ToolCallID }} {{ .Last }} {{ .Images }}"
        "{{ range .ToolCalls }}{{ .ID }} {{ .Function.Index }} {{ .Function.Arguments.where }}{{ end }};{{ end }}"
    )
    thinking = Message(role="assistant", thinking="Hm", tool_calls=(CALL,), images=(b"png",))
    assert (
        render(source, thinking, RESULT) == "assistant Hm   false [cG5n]call_1 0 Zürich;tool  weather call_1 true [];"
    )


def test_messages_and_calls_print_as_on_the_wire() -> None:
    call = '{"id":"call_1","function":{"index":0,"name":"weather","arguments":{"at":{"a":[2],"b":1},"where":"Zürich"}}}'
    thinking = Message(role="assistant", content="<", thinking="Hm", tool_calls=(CALL,))
    assert render("{{ json .Messages }}", thinking, RESULT) == (
        f'[{{"role":"assistant","content":"\\u003c","thinking":"Hm","tool_calls":[{call}]}},'
        '{"role":"tool","content":"sunny","tool_name":"weather","tool_call_id":"call_1"}]'
    )
    assert render("{{ range .Messages }}{{ .ToolCalls }}{{ end }}", CALLING) == f"[{call}]"


def test_arguments_that_are_no_object_stay_as_they_were_written() -> None:
    broken = Message(role="assistant", tool_calls=(ToolCall(id="", name="f", arguments='{"a":'),))
    source = "{{ range .Messages }}{{ range .ToolCalls }}{{ .Function.Arguments }}{{ .ID }}{{ end }}{{ end }}"
    assert render(source, broken) == '{"a":'


def test_every_field_of_a_tool() -> None:
    spec = {
        "type": "function",
        "function": {
            "name": "f",
            "parameters": {
                "type": "object",
                "$defs": {"d": {"type": "string"}},
                "properties": {
                    "z": {"type": "object", "properties": {"y": {"type": "number"}, "x": {"type": "string"}}},
                    "a": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]},
                    "odd": True,
                },
            },
        },
    }
    source = (
        "{{ range .Messages }}{{ end }}{{ range .Tools }}{{ .Type }} {{ .Function.Name }} {{ .Function.Description }}"
        "{{ with .Function.Parameters }}{{ .Type }} {{ .Defs }} {{ .Required }};{{ range $name, $p := .Properties }}"
        '{{ $name }}: {{ if ne $name "odd" }}{{ $p.Type }}{{ toTypeScriptType $p }} {{ $p.Properties }}{{ end }};'
        "{{ end }}{{ .Properties }}{{ end }}{{ end }}"
    )
    assert render(source, USER, tools=(Tool(name="f", spec=spec),)) == (
        "function f object map[d:map[type:string]] ;a: string | any[] {};odd: ;"
        'z: objectRecord<string, any> {"y":{"type":"number"},"x":{"type":"string"}};'
        '{"a":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"integer"}}]},"odd":true,'
        '"z":{"type":"object","properties":{"y":{"type":"number"},"x":{"type":"string"}}}}'
    )


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"function": None},
        {"function": {"name": 3, "parameters": "none"}},
        {"function": {"parameters": {"properties": [], "required": "x"}}},
        {"function": {"parameters": {"properties": {"a": {"anyOf": 3, "properties": 4}}}}},
    ],
)
def test_odd_tools_do_no_harm(spec: dict[str, Any]) -> None:
    assert render("{{ range .Messages }}{{ end }}{{ .Tools }}", USER, tools=(Tool(name="f", spec=spec),))


def test_no_tools_print_an_empty_list_and_are_false() -> None:
    assert render("{{ range .Messages }}{{ end }}{{ if .Tools }}yes{{ end }}{{ .Tools }}", USER) == "[]"


# --- filling a gap ----------------------------------------------------------------------------------------------


def test_a_template_fills_a_gap() -> None:
    assert goprompt.render(FILLING, [SYSTEM, USER], suffix="there") == "<PRE>Hi<SUF>there<MID>"
    assert goprompt.render(FILLING, [USER]) == "Hi"
    assert goprompt.takes_suffix(FILLING)
    assert not goprompt.takes_suffix(HERMES)


# --- capabilities -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (CHATML_ONCE, set()),
        (HEADERS, set()),
        (HERMES, {"tools", "thinking"}),
        (BRACKETS, {"tools"}),
        (FILLING, {"insert"}),
        ("{{ range .Messages }}{{ if .Thinking }}{{ end }}{{ end }}{{ .Think }}", set()),
        ("{{ range .Messages }}<think>{{ .Thinking }}{{ end }}", set()),
        ("{{ if .Tools }}", set()),
        ("<think></think> tools .Tools {{ .Prompt }}", set()),
    ],
)
def test_abilities(source: str, expected: set[str]) -> None:
    assert goprompt.abilities(source) == expected


def test_thinking_tags() -> None:
    assert goprompt.thinking_tags(goprompt.compiled(HERMES)) == ("<think>", "</think>")
    nested = "{{ range .Messages }}<start>\n[THINK]\n{{ .Thinking }}[/THINK] \n{{ .Content }}{{ end }}"
    assert goprompt.thinking_tags(goprompt.compiled(nested)) == ("[THINK]", "[/THINK]")
    assert goprompt.thinking_tags(goprompt.compiled(CHATML_ONCE)) == ("", "")


# --- errors and marks -------------------------------------------------------------------------------------------


def test_a_broken_template_names_its_place() -> None:
    with pytest.raises(TemplateError, match=r'^template: :2:4: function "foo" not defined$'):
        render("one\n{{ foo }}", USER)
    with pytest.raises(TemplateError, match=r'^template: :2:4: executing "" at <\.Name>: can\'t evaluate field Name'):
        render("{{ range .Messages }}\n{{ .Name }}{{ end }}", USER)


@pytest.mark.parametrize(
    ("source", "origin", "error", "message"),
    [
        ("one\n{{ .a", "request", InvalidRequest, r"template is broken: template: :2:1: unclosed action$"),
        ("one\n{{ .a", "modelfile", Corrupt, r"model's chat template is broken: template: :2:1: unclosed action$"),
        ("{{ len 3 }}", "modelfile", InvalidRequest, r"template failed: template: :1:4: executing .* len of type int$"),
    ],
)
def test_people_learn_whose_template_failed_and_where(
    source: str, origin: Literal["request", "modelfile"], error: type[Exception], message: str
) -> None:
    chosen = template.Template(text=source, kind="go", origin=origin)
    with pytest.raises(error, match=message):
        template.render(chosen, [USER])


def conversation(text: str) -> tuple[tuple[Message, ...], tuple[Tool, ...]]:
    """Messages and a tool in which every text is this one."""
    call = ToolCall(id=text, name=text, arguments={text: text})
    turns = (
        Message(role="system", content=text),
        Message(role="user", content=text),
        Message(role="assistant", content=text, thinking=text, tool_calls=(call,)),
        Message(role="tool", content=text, tool_name=text),
        Message(role="user", content=text),
    )
    return turns, (Tool(name=text, spec={"type": "function", "function": {"name": text, "description": text}}),)


@pytest.mark.parametrize("source", [CHATML_ONCE, HEADERS, HERMES, BRACKETS, TURNS])
def test_marks_in_texts_go_through(source: str) -> None:
    marked, tools = conversation("<\ufdd0|im_end|>")
    plain, plain_tools = conversation("<|im_end|>")
    text = render(source, *marked, tools=tools)
    assert text.count("\ufdd0") >= 3
    assert text.replace("\ufdd0", "") == render(source, *plain, tools=plain_tools)
