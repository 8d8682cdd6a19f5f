"""A request's format, grammar and tool choice become a grammar, or a refusal that says why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omm.chat import constraint
from omm.chat.constraint import Guide
from omm.chat.dialects import DIALECTS, Dialect
from omm.errors import InvalidRequest
from omm.types import ChatRequest, CompleteRequest, Grammar, Tool, ToolChoice
from tests.chat.dialects.tokens import Vocabulary

TEXT = Vocabulary()
PORT = {"type": "object", "properties": {"port": {"type": "string"}, "days": {"type": "integer"}}, "required": ["port"]}
UNIQUE = {"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": True}}}
TIDE_CALL = '<tool_call>\n{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}\n</tool_call>'
MOON_CALL = '<tool_call>\n{"name": "moon", "arguments": {}}\n</tool_call>'
NO_PORT = '<tool_call>\n{"name": "tide", "arguments": {"days": 2}}\n</tool_call>'


def tool(name: str, parameters: Any = None, **more: Any) -> Tool:
    function = {"name": name, **({} if parameters is None else {"parameters": parameters}), **more}
    return Tool(name=name, spec={"type": "function", "function": function})


TIDE, MOON = tool("tide", PORT), tool("moon")
STRICT_TIDE = tool("tide", PORT, strict=True)


def dialect(name: str = "hermes") -> Dialect:
    return next(row for row in DIALECTS if row.name == name)


def chat(**options: Any) -> ChatRequest:
    return ChatRequest(model="m", messages=(), **options)


def guide(request: Any, name: str = "hermes", vocabulary: Vocabulary = TEXT) -> Guide:
    constraint.check(request)
    made = constraint.build(request, dialect(name), vocabulary.markers)
    assert made is not None
    return made


def allows(request: Any, text: str, name: str = "hermes", vocabulary: Vocabulary = TEXT) -> bool:
    return vocabulary.accepts(guide(request, name, vocabulary).grammar, text)


def complaint(request: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        constraint.check(request)
    return caught.value


# --- formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", [chat(), chat(format=""), CompleteRequest(model="m", prompt="")])
def test_nothing_asked_is_free(request_: Any) -> None:
    constraint.check(request_)
    assert constraint.build(request_, dialect(), {}) is None


def test_calls_without_an_opener_are_free_until_asked() -> None:
    free = chat(tools=(TIDE, MOON))
    assert constraint.build(free, dialect("llama-3"), {}) is None
    assert constraint.build(chat(tools=(TIDE, MOON), parallel_tool_calls=False), dialect("llama-3"), {})


def test_calls_of_very_many_tools_are_free_until_asked() -> None:
    tools = tuple(tool(f"tool_{index}") for index in range(constraint.MAX_HELD + 1))
    assert constraint.build(chat(tools=tools), dialect(), {}) is None
    assert constraint.build(chat(tools=tools[1:]), dialect(), {}) is not None
    assert constraint.build(chat(tools=tools, parallel_tool_calls=False), dialect(), {}) is not None


def test_json_is_any_object() -> None:
    assert allows(chat(format="json"), '{"a": [1, {"b": null}]}')
    assert not allows(chat(format="json"), "[1]")
    assert not allows(chat(format="json"), "Sure: {}")


def test_a_schema_holds() -> None:
    assert allows(chat(format=PORT), '{"port": "Oslo"}')
    assert not allows(chat(format=PORT), '{"days": 2}')
    assert not allows(chat(format=PORT), '{"port": "Oslo", "zone": 1}')


@pytest.mark.parametrize("wanted", ["yaml", "JSON", "{}"])
def test_other_texts_are_refused(wanted: str) -> None:
    error = complaint(chat(format=wanted))
    assert error.message == f'invalid format: "{wanted}"; expected "json" or a valid JSON Schema object'
    assert error.param == "format"


def test_a_schema_that_cannot_be_held_is_refused_with_the_keyword() -> None:
    assert complaint(chat(format=UNIQUE)).message == "format: unsupported keyword 'uniqueItems' at #/properties/tags"


def test_grammars_hold() -> None:
    regex = chat(grammar=Grammar(kind="regex", text=r"\d{3}/[a-c]+"))
    assert allows(regex, "123/abc")
    assert not allows(regex, "12/abc")
    lark = chat(grammar=Grammar(kind="lark", text='start: GREETING " " NAME\nGREETING: "hi" | "}"\nNAME: /[a-z]+/'))
    assert allows(lark, "hi you")
    assert allows(lark, "} you")
    assert not allows(lark, "hi")


def test_gbnf_is_handed_on() -> None:
    given = chat(grammar=Grammar(kind="gbnf", text='root ::= "yes" | "no"'))
    assert guide(given) == Guide(grammar='root ::= "yes" | "no"', kind="gbnf")
    assert guide(given, "harmony").trigger == "<|message|>"


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("regex", "a(", "unclosed group"),
        ("regex", "", "is empty"),
        ("regex", "a\\", "last backslash"),
        ("lark", "start: nowhere", 'unknown name: "nowhere"'),
        ("lark", 'start: "a', "start"),
        ("gbnf", " ", "is empty"),
        ("regex", "a" * (300 * 1024), "longer than"),
    ],
)
def test_grammars_that_do_not_compile_are_refused(kind: Any, text: str, message: str) -> None:
    error = complaint(chat(grammar=Grammar(kind=kind, text=text)))
    assert error.param == "grammar"
    assert message in error.message
    assert kind in error.message


def test_one_constraint_at_a_time() -> None:
    assert complaint(chat(format="json", grammar=Grammar(kind="regex", text="a"))).param == "grammar"


def test_blanks_may_follow_reasoning_only() -> None:
    assert allows(chat(format="json"), "\n\n{}")
    assert not allows(chat(format="json", think=False), "\n\n{}")
    assert not allows(chat(format="json"), "\n\n{}", "llama-3")


def test_an_answer_stands_where_the_dialect_puts_it() -> None:
    vocabulary = Vocabulary(["<|start|>", "<|channel|>", "<|message|>", "<|constrain|>"])
    for text in ("<|channel|>final<|message|>{}", "<|start|>assistant<|channel|>final <|constrain|>json<|message|>{}"):
        assert allows(chat(format="json"), text, "harmony", vocabulary)
    assert not allows(chat(format="json"), "{}", "harmony", vocabulary)
    assert allows(chat(format="json"), "<|START_RESPONSE|>{}<|END_RESPONSE|>", "command-r7b")


def test_raw_prompts_have_no_dialect() -> None:
    assert allows(CompleteRequest(model="m", prompt="", raw=True, format="json"), "{}", "harmony")
    assert not allows(CompleteRequest(model="m", prompt="", format="json"), "{}", "harmony")


# --- forced calls -------------------------------------------------------------------------------------------------


def test_a_required_call_is_any_of_the_tools() -> None:
    wanted = chat(tools=(TIDE, MOON), tool_choice=ToolChoice(mode="required"))
    assert guide(wanted).trigger == ""
    assert allows(wanted, TIDE_CALL)
    assert allows(wanted, f"\n\n{TIDE_CALL}\n{MOON_CALL}")
    assert not allows(wanted, "High tide is at noon.")
    assert not allows(wanted, NO_PORT)


def test_a_named_tool_is_the_only_one() -> None:
    wanted = chat(tools=(TIDE, MOON), tool_choice=ToolChoice(mode="required", names=("moon",)))
    assert allows(wanted, MOON_CALL)
    assert not allows(wanted, TIDE_CALL)


def test_one_call_when_they_may_not_be_parallel() -> None:
    wanted = chat(tools=(TIDE, MOON), tool_choice=ToolChoice(mode="required"), parallel_tool_calls=False)
    assert allows(wanted, TIDE_CALL)
    assert not allows(wanted, TIDE_CALL + TIDE_CALL)


def test_control_tokens_are_written_as_such() -> None:
    vocabulary = Vocabulary(["<tool_call>", "</tool_call>"])
    wanted = chat(tools=(MOON,), tool_choice=ToolChoice(mode="required"))
    assert allows(wanted, MOON_CALL, vocabulary=vocabulary)
    grammar = guide(wanted, vocabulary=vocabulary).grammar
    assert vocabulary.matcher(grammar).validate_tokens(list(MOON_CALL.encode())) == 0


def test_tools_that_are_not_wanted_are_not_looked_at() -> None:
    odd = tool("odd", UNIQUE)
    wanted = chat(tools=(MOON, odd), tool_choice=ToolChoice(mode="required", names=("moon",)))
    assert allows(wanted, MOON_CALL)
    none = chat(tools=(odd,), tool_choice=ToolChoice(mode="none"))
    constraint.check(none)
    assert constraint.build(none, dialect(), {}) is None


def test_references_stay_within_their_tool() -> None:
    sized = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/n"}},
        "required": ["a"],
        "$defs": {"n": {"enum": [1]}},
    }
    other = {**sized, "$defs": {"n": {"enum": [2]}}}
    wanted = chat(tools=(tool("one", sized), tool("two", other)), tool_choice=ToolChoice(mode="required"))

    def call(name: str, value: int) -> str:
        return f'[TOOL_CALLS][{{"name": "{name}", "arguments": {{"a": {value}}}}}]'

    assert allows(wanted, call("one", 1), "mistral-list")
    assert allows(wanted, call("two", 2), "mistral-list")
    assert not allows(wanted, call("one", 2), "mistral-list")


# --- calls by the model's own choice --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"tools": (TIDE, MOON)},
        {"tools": (STRICT_TIDE, MOON)},
        {"tools": (TIDE, MOON), "parallel_tool_calls": False},
        {"tools": (TIDE, MOON, tool("sun")), "tool_choice": ToolChoice(names=("tide", "moon"))},
    ],
)
def test_calls_are_held_once_begun(options: dict[str, Any]) -> None:
    made = guide(chat(**options))
    assert made.trigger == "<tool_call>"
    assert TEXT.accepts(made.grammar, TIDE_CALL.removeprefix("<tool_call>"))
    assert not TEXT.accepts(made.grammar, NO_PORT.removeprefix("<tool_call>"))
    assert not TEXT.accepts(made.grammar, MOON_CALL.replace("moon", "sun").removeprefix("<tool_call>"))
    both = f"{TIDE_CALL}{MOON_CALL}".removeprefix("<tool_call>")
    assert TEXT.accepts(made.grammar, both) == ("parallel_tool_calls" not in options)


def test_null_is_as_good_as_absent() -> None:
    empty = tool("moon", {"type": None, "properties": None, "required": None})
    asked = chat(tools=(empty,), tool_choice=ToolChoice(mode="required"))
    constraint.check(asked)
    assert allows(asked, MOON_CALL)


def test_calls_without_a_marker_are_told_by_their_beginning() -> None:
    held = chat(tools=(STRICT_TIDE,))
    assert guide(held, "llama-3").trigger == ""
    assert allows(held, "Noon, in {Oslo}.", "llama-3")
    assert allows(held, '{"name": "tide", "parameters": {"port": "Oslo"}}', "llama-3")
    assert not allows(held, '{"name": "tide", "parameters": {"days": 1}}', "llama-3")


def test_a_format_with_tools_is_a_call_or_an_answer() -> None:
    either = chat(format=PORT, tools=(TIDE, MOON))
    assert allows(either, '{"port": "Oslo"}')
    assert allows(either, TIDE_CALL)
    assert not allows(either, NO_PORT)
    assert not allows(either, "High tide is at noon.")
    assert not allows(chat(format=PORT, tools=(TIDE,), tool_choice=ToolChoice(mode="none")), TIDE_CALL)
    assert not allows(chat(format=PORT, tools=(TIDE,), tool_choice=ToolChoice(mode="required")), '{"port": "Oslo"}')


def test_only_strict_tools_must_be_held_by_the_model_s_own_choice() -> None:
    free = chat(tools=(STRICT_TIDE, tool("odd", UNIQUE)))
    assert allows(chat(format="json", tools=free.tools), TIDE_CALL)
    odd = '\n{"name": "odd", "arguments": {"tags": [1, 1]}}\n</tool_call>'
    assert TEXT.accepts(guide(free).grammar, odd)
    strict = complaint(chat(tools=(tool("odd", UNIQUE, strict=True),)))
    assert strict.message == "tool 'odd': unsupported keyword 'uniqueItems' at #/properties/tags"


def test_a_call_of_the_model_s_own_choice_is_held_as_far_as_can_be() -> None:
    spec = {
        "type": "object",
        "properties": {
            "tags": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
            "mail": {"type": "string", "pattern": "^(?!x)"},
        },
        "required": ["tags"],
    }
    grammar = guide(chat(tools=(tool("odd", spec),))).grammar
    begun = '\n{"name": "odd", "arguments": %s}\n</tool_call>'
    assert TEXT.accepts(grammar, begun % '{"tags": [1, 1], "mail": "x"}')
    assert not TEXT.accepts(grammar, begun % '{"tags": ["a"]}')
    assert not TEXT.accepts(grammar, begun % "{}")


@pytest.mark.parametrize("more", [{"patternProperties": {"^a": {"type": "integer"}}}, {"$ref": "#/$defs/a"}])
def test_a_notation_that_cannot_hold_a_schema_takes_any_arguments(more: dict[str, Any]) -> None:
    spec = {"type": "object", **more, "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}
    grammar = guide(chat(tools=(tool("odd", spec),)), "glm").grammar
    assert TEXT.accepts(grammar, "odd\n<arg_key>b</arg_key>\n<arg_value>x</arg_value>\n</tool_call>")
    assert not TEXT.accepts(grammar, "even\n</tool_call>")


def test_what_a_notation_cannot_hold_names_tool_and_keyword() -> None:
    open_tool = tool("env", {"type": "object", "patternProperties": {"^[A-Z]+$": {"type": "string"}}})
    wanted = chat(tools=(open_tool,), tool_choice=ToolChoice(mode="required"))
    constraint.check(wanted)
    assert allows(wanted, '<tool_call>{"name": "env", "arguments": {"PATH": "x"}}</tool_call>')
    with pytest.raises(InvalidRequest, match="tool 'env': unsupported keyword 'patternProperties'"):
        constraint.build(wanted, dialect("glm"), {})


# --- definitions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tools", "choice", "param", "message"),
    [
        ((), ToolChoice(mode="required"), "tool_choice", "no tools are offered"),
        ((TIDE,), ToolChoice(mode="required", names=("moon",)), "tool_choice", "'moon'"),
        ((TIDE,), ToolChoice(names=("moon",)), "tool_choice", "'moon'"),
        ((TIDE, TIDE), ToolChoice(), "tools", "tool 'tide' is defined twice"),
        ((tool("high tide"),), ToolChoice(), "tools", 'tool "high tide"'),
        ((tool(""),), ToolChoice(), "tools", 'tool ""'),
        ((tool("x" * 129),), ToolChoice(), "tools", "1 to 128"),
        ((tool("<tide>"),), ToolChoice(), "tools", 'tool "<tide>"'),
        ((tool("tide", {"type": "array"}),), ToolChoice(), "tools", "tool 'tide': parameters must be"),
        ((tool("tide", [1]),), ToolChoice(), "tools", "tool 'tide': parameters must be"),
        ((tool("tide", {"properties": [1]}),), ToolChoice(), "tools", "tool 'tide': properties must"),
        ((tool("tide", {"properties": {"a": "string"}}),), ToolChoice(), "tools", "tool 'tide': properties must"),
        ((tool("odd", UNIQUE),), ToolChoice(mode="required"), "tools", "keyword 'uniqueItems' at #/properties/tags"),
    ],
)
def test_tools_that_make_no_sense_are_refused(
    tools: tuple[Tool, ...], choice: ToolChoice, param: str, message: str
) -> None:
    error = complaint(chat(tools=tools, tool_choice=choice))
    assert error.param == param
    assert message in error.message


@pytest.mark.parametrize("name", ["tide", "get-tide", "tide.high", "mcp:tide/high", "Gezeiten_für_2", "x" * 128])
def test_names_that_people_use_are_taken(name: str) -> None:
    wanted = chat(tools=(tool(name),), tool_choice=ToolChoice(mode="required"))
    assert allows(wanted, f"<tool_call>{json.dumps({'name': name, 'arguments': {}}, ensure_ascii=False)}</tool_call>")


def test_a_schema_that_leads_to_itself_is_refused() -> None:
    circle = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/a"}},
        "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}},
    }
    wanted = chat(tools=(tool("odd", circle),), tool_choice=ToolChoice(mode="required"))
    with pytest.raises(InvalidRequest, match="tool 'odd': its references lead in circles"):
        constraint.build(wanted, dialect("glm"), {})
