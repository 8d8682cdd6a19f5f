"""Every dialect's grammar allows the calls that its parser reads, and no others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import jsonschema
import pytest

from omm.chat import schema as schemas
from omm.chat.dialects import DIALECTS, Context, Dialect, Parser
from omm.chat.dialects.forms import Calls, Grammar, Offer
from omm.chat.dialects.lark import Lark
from omm.types import TextDelta, ThinkingDelta, Tool, ToolCall
from tests.chat.dialects.tokens import Vocabulary

TIDE: dict[str, Any] = {
    "type": "object",
    "properties": {"port": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["port"],
}
MOON: dict[str, Any] = {"type": "object", "properties": {}}
BOOK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 30},
        "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"},
        "genre": {"enum": ["novel", "poem", "two words"]},
        "pages": {"type": "integer", "minimum": 1, "maximum": 2000},
        "weight": {"type": "number"},
        "is_new": {"type": "boolean"},
        "note": {"type": ["string", "null"]},
        "shelf": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        "author": {"$ref": "#/$defs/Person"},
        "binding": {"anyOf": [{"$ref": "#/$defs/Binding"}, {"type": "null"}]},
        "label": {"$ref": "#/$defs/Label"},
    },
    "required": ["title", "genre", "author"],
    "$defs": {
        "Person": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "friends": {"type": "array", "items": {"$ref": "#/$defs/Person"}},
            },
            "required": ["name"],
        },
        "Binding": {"type": "string", "enum": ["soft", "hard"]},
        "Label": {"type": "string"},
    },
}
SCHEMAS = {"tide": TIDE, "moon": MOON, "book": BOOK}
TAILS = {"functionary-v3.2": ">>>", "harmony": "<|start|>assistant", "muse": "<|start|>assistant"}

HERMES = (
    '<tool_call>\n{"name": "tide", "arguments": {"port": "Oslo", "days": 41}}\n</tool_call>',
    '\n<tool_call>\n{"name": "moon", "arguments": {}}\n</tool_call>',
)
GLM = (
    "<tool_call>tide\n<arg_key>port</arg_key>\n<arg_value>Oslo</arg_value>\n<arg_key>days</arg_key>\n"
    "<arg_value>41</arg_value>\n</tool_call>",
    "\n<tool_call>moon\n</tool_call>",
)
LIST = '[{"name": "tide", "arguments": {"port": "Oslo", "days": 41}}', ', {"name": "moon", "arguments": {}}', "]"
COHERE = (
    '<|START_ACTION|>[\n    {"tool_call_id": "0", "tool_name": "tide", "parameters": {"port": "Oslo", "days": 41}}',
    ',\n    {"tool_call_id": "1", "tool_name": "moon", "parameters": {}}',
    "\n]<|END_ACTION|>",
)


def listed(opener: str, closer: str = "") -> tuple[str, str, str]:
    return opener + LIST[0], LIST[1], LIST[2] + closer


def invoked(prefix: str) -> tuple[str, str]:
    return (
        f'<{prefix}invoke name="tide">\n<{prefix}parameter name="port">Oslo</{prefix}parameter>\n'
        f'<{prefix}parameter name="days">41</{prefix}parameter>\n</{prefix}invoke>',
        f'\n<{prefix}invoke name="moon">\n</{prefix}invoke>',
    )


def dsml(block: str) -> tuple[str, str, str]:
    return (
        f'\n\n<｜DSML｜{block}>\n<｜DSML｜invoke name="tide">\n'
        '<｜DSML｜parameter name="port" string="true">Oslo</｜DSML｜parameter>\n'
        '<｜DSML｜parameter name="days" string="false">41</｜DSML｜parameter>\n</｜DSML｜invoke>',
        '\n<｜DSML｜invoke name="moon">\n</｜DSML｜invoke>',
        f"\n</｜DSML｜{block}>",
    )


# What the models write: a call, one more call, and what ends them all. Without a second there is only ever one.
WRITTEN: dict[str, tuple[str, ...]] = {
    "harmony": (' to=functions.tide<|channel|>commentary json<|message|>{"port": "Oslo", "days": 41}',),
    "muse": (
        f" to=tide<|message|><atem:function_calls>\n{invoked('atem:')[0]}\n</atem:function_calls>",
        f"<|eom|><|start|>assistant to=moon<|message|><atem:function_calls>{invoked('atem:')[1]}"
        "\n</atem:function_calls>",
    ),
    "functionary-v3.2": ('tide\n{"port": "Oslo", "days": 41}', ">>>moon\n{}"),
    "kimi-k2": (
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.tide:0<|tool_call_argument_begin|>"
        '{"port": "Oslo", "days": 41}<|tool_call_end|>',
        "<|tool_call_begin|>functions.moon:1<|tool_call_argument_begin|>{}<|tool_call_end|>",
        "<|tool_calls_section_end|>",
    ),
    "kimi-k3": (
        '<|open|>tools<|sep|><|open|>call tool="tide" index="1"<|sep|><|open|>argument key="port" type="string"<|sep|>'
        'Oslo<|close|>argument<|sep|><|open|>argument key="days" type="number"<|sep|>41<|close|>argument<|sep|>'
        "<|close|>call<|sep|>",
        '<|open|>call tool="moon" index="2"<|sep|><|close|>call<|sep|>',
        "<|close|>tools<|sep|>",
    ),
    "north": COHERE,
    "command-r7b": COHERE,
    "command-r": (
        'Action:\n```json\n[\n    {\n        "tool_name": "tide",\n        "parameters": {"port": "Oslo", "days": 41}\n'
        "    }",
        ',\n    {\n        "tool_name": "moon",\n        "parameters": {}\n    }',
        "\n]```",
    ),
    "gigachat-3.1": ('<|function_call|>{"name": "tide", "arguments": {"port": "Oslo", "days": 41}}',),
    "gigachat-3": (
        '<|message_sep|>\n\nfunction call<|role_sep|>\n{"name": "tide", "arguments": {"port": "Oslo", "days": 41}}',
    ),
    "deepseek-v3.2": dsml("function_calls"),
    "deepseek-v4": dsml("tool_calls"),
    "ling": GLM,
    "laguna": GLM,
    "glm": tuple(part.replace("\n", "") for part in GLM),
    "hunyuan-3": (
        "<tool_calls:opensource>\n<tool_call:opensource>tide<tool_sep:opensource>\n"
        "<arg_key:opensource>port</arg_key:opensource>\n<arg_value:opensource>Oslo</arg_value:opensource>\n"
        "<arg_key:opensource>days</arg_key:opensource>\n<arg_value:opensource>41</arg_value:opensource>\n"
        "</tool_call:opensource>",
        "\n<tool_call:opensource>moon<tool_sep:opensource>\n</tool_call:opensource>",
        "\n</tool_calls:opensource>",
    ),
    "hunyuan": listed("<tool_calls>", "</tool_calls>"),
    "lfm2": ('<|tool_call_start|>[tide(port="Oslo", days=41)', ", moon()", "]<|tool_call_end|>"),
    "minimax-m3": (
        ']<]minimax[>[<tool_call>\n]<]minimax[>[<invoke name="tide">]<]minimax[>[<port>Oslo]<]minimax[>[</port>'
        "]<]minimax[>[<days>41]<]minimax[>[</days>]<]minimax[>[</invoke>",
        '\n]<]minimax[>[<invoke name="moon">]<]minimax[>[</invoke>',
        "\n]<]minimax[>[</tool_call>",
    ),
    "minimax-m2": (f"<minimax:tool_call>\n{invoked('')[0]}", invoked("")[1], "\n</minimax:tool_call>"),
    "gemma-4": (
        '<|tool_call>call:tide{port:<|"|>Oslo<|"|>,days:41}<tool_call|>',
        "<|tool_call>call:moon{}<tool_call|>",
    ),
    "functiongemma": (
        "<start_function_call>call:tide{port:<escape>Oslo<escape>,days:41}<end_function_call>",
        "<start_function_call>call:moon{}<end_function_call>",
    ),
    "minicpm5": (
        '<function name="tide"><param name="port">Oslo</param><param name="days">41</param></function>',
        '\n<function name="moon"></function>',
    ),
    "seed-oss": (
        "<seed:tool_call>\n<function=tide>\n<parameter=port>Oslo</parameter>\n<parameter=days>41</parameter>\n"
        "</function>\n</seed:tool_call>",
        "\n<seed:tool_call>\n<function=moon>\n</function>\n</seed:tool_call>",
    ),
    "qwen-coder": (
        "<tool_call>\n<function=tide>\n<parameter=port>\nOslo\n</parameter>\n<parameter=days>\n41\n</parameter>\n"
        "</function>\n</tool_call>",
        "\n<tool_call>\n<function=moon>\n</function>\n</tool_call>",
    ),
    "functionary-v3.1": ('<function=tide>{"port": "Oslo", "days": 41}</function>', "<function=moon>{}</function>"),
    "deepseek-r1": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>tide\n```json\n"
        '{"port": "Oslo", "days": 41}\n```<｜tool▁call▁end｜>',
        "\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>moon\n```json\n{}\n```<｜tool▁call▁end｜>",
        "<｜tool▁calls▁end｜>",
    ),
    "deepseek-v3.1": (
        '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tide<｜tool▁sep｜>{"port": "Oslo", "days": 41}<｜tool▁call▁end｜>',
        "<｜tool▁call▁begin｜>moon<｜tool▁sep｜>{}<｜tool▁call▁end｜>",
        "<｜tool▁calls▁end｜>",
    ),
    "magistral": ('[TOOL_CALLS]tide[ARGS]{"port": "Oslo", "days": 41}', "[TOOL_CALLS]moon[ARGS]{}"),
    "mistral-ids": (
        '[TOOL_CALLS]tide[CALL_ID]aB3dE6gH9[ARGS]{"port": "Oslo", "days": 41}',
        "[TOOL_CALLS]moon[CALL_ID]zY8xW5vU2[ARGS]{}",
    ),
    "mistral": ('[TOOL_CALLS]tide[ARGS]{"port": "Oslo", "days": 41}', "[TOOL_CALLS]moon[ARGS]{}"),
    "mistral-list": (
        '[TOOL_CALLS][{"name": "tide", "arguments": {"port": "Oslo", "days": 41}, "id": "aB3dE6gH9"}',
        ', {"name": "moon", "arguments": {}, "id": "zY8xW5vU2"}',
        "]",
    ),
    "firefunction": listed(" functools"),
    "llama-4": ('[tide(port="Oslo", days=41)', ", moon()", "]"),
    "llama-3": ('{"name": "tide", "parameters": {"port": "Oslo", "days": 41}}',),
    "phi-4-mini": listed("<|tool_call|>", "<|/tool_call|>"),
    "granite-3": listed("<|tool_call|>"),
    "apertus": ('<|tools_prefix|>[{"tide": {"port": "Oslo", "days": 41}}', ', {"moon": {}}', "]<|tools_suffix|>"),
    "nemotron-nano": listed("<TOOLCALL>", "</TOOLCALL>"),
    "solar": (
        "<|tool_calls|><|tool_call:begin|>k3v9x1m2qa<|tool_call:name|>tide<|tool_call:args|>"
        '{"port": "Oslo", "days": 41}<|tool_call:end|>',
        "<|tool_call:begin|>p7t0c4w8zb<|tool_call:name|>moon<|tool_call:args|>{}<|tool_call:end|>",
        "<|calls|>",
    ),
    "apriel": listed("<tool_calls>", "</tool_calls>"),
    "minimax-m1": (
        '<tool_calls>\n{"name": "tide", "arguments": {"port": "Oslo", "days": 41}}',
        '\n{"name": "moon", "arguments": {}}',
        "\n</tool_calls>",
    ),
    "exaone-deep": HERMES,
    "exaone": HERMES,
    "hermes": HERMES,
    "gemma-3": listed(""),
    "generic": listed(""),
    "rwkv": HERMES,
    "plain": HERMES,
}
ONE = {name: parts[0] + "".join(parts[2:]) for name, parts in WRITTEN.items()}
TWO = {name: "".join(parts) for name, parts in WRITTEN.items() if len(parts) > 1}
MARKER = re.compile(r'<\|"\|>|<[|｜][^<>"]*[|｜]>|</?[^<>\s="]+>|<\|\w+>|<\w+\|>|\[[A-Z_]{3,}\]|\]<\]minimax\[>\[')

every_dialect = pytest.mark.parametrize("name", [dialect.name for dialect in DIALECTS])
as_text_or_tokens = pytest.mark.parametrize("has_tokens", [False, True], ids=["text", "tokens"])


def row(name: str) -> Dialect:
    return next(dialect for dialect in DIALECTS if dialect.name == name)


@cache
def vocabulary(name: str, has_tokens: bool) -> Vocabulary:
    """Its markers as ordinary text, or as control tokens."""
    return Vocabulary(MARKER.findall("".join(WRITTEN[name])) if has_tokens else ())


def written(name: str, has_tokens: bool, *tools: str, is_parallel: bool = True, **other: Any) -> str:
    """The grammar of a dialect's calls of these tools; `other` are further tools with their schemas."""
    offered = {tool: SCHEMAS[tool] for tool in tools} | other
    offers = tuple(Offer(tool, schemas.closed(schema)) for tool, schema in offered.items())
    lark = Lark(vocabulary(name, has_tokens).markers)
    form = row(name).grammar
    assert isinstance(form, Grammar)
    return lark.grammar(form.calls(lark, Calls(offers, is_parallel)))


def calls_in(name: str, text: str, tools: Sequence[str]) -> list[ToolCall]:
    """What the dialect's own parser reads in a text, which must be calls and nothing else."""
    offered = tuple(Tool(name=tool, spec={"function": {"name": tool, "parameters": SCHEMAS[tool]}}) for tool in tools)
    parser = Parser(row(name).read, Context(tools=offered, prompt=TAILS.get(name, "")))
    events = [*parser.feed(TextDelta(text=text)), *parser.flush()]
    for event in events:
        assert not isinstance(event, TextDelta | ThinkingDelta) or not event.text.strip(), (event, text)
    return [event for event in events if isinstance(event, ToolCall)]


@every_dialect
@as_text_or_tokens
def test_what_the_models_write_is_allowed(name: str, has_tokens: bool) -> None:
    tokens, grammar = vocabulary(name, has_tokens), written(name, has_tokens, "tide", "moon")
    for text in (ONE[name], TWO.get(name, ONE[name])):
        assert tokens.accepts(grammar, text), tokens.allowed(grammar, text) + "\n" + grammar
    tide, *more = calls_in(name, TWO.get(name, ONE[name]), ("tide", "moon"))
    assert (tide.name, tide.arguments) == ("tide", {"port": "Oslo", "days": 41})
    assert [(moon.name, moon.arguments) for moon in more] == [("moon", {})] * (name in TWO)


@every_dialect
@as_text_or_tokens
def test_what_the_tools_do_not_allow_is_refused(name: str, has_tokens: bool) -> None:
    tokens, one = vocabulary(name, has_tokens), ONE[name]
    lacking = {**TIDE, "properties": {**TIDE["properties"], "zone": {"type": "string"}}, "required": ["port", "zone"]}
    assert not tokens.accepts(written(name, has_tokens, "moon", "book"), one), "another tool"
    assert not tokens.accepts(written(name, has_tokens, "moon", tide=lacking), one), "a required argument is missing"
    wrong = one.replace("41", '"x"')
    assert wrong != one
    assert not tokens.accepts(written(name, has_tokens, "tide", "moon"), wrong), "a string for an integer"
    assert not tokens.accepts(written(name, has_tokens, "tide", "moon"), "It is high tide."), "an answer"


@pytest.mark.parametrize("name", TWO)
@as_text_or_tokens
def test_one_call_only_when_more_are_not_wanted(name: str, has_tokens: bool) -> None:
    tokens, grammar = vocabulary(name, has_tokens), written(name, has_tokens, "tide", "moon", is_parallel=False)
    assert tokens.accepts(grammar, ONE[name])
    assert not tokens.accepts(grammar, TWO[name])


@every_dialect
@as_text_or_tokens
def test_all_that_is_allowed_is_read_as_valid_calls(name: str, has_tokens: bool) -> None:
    tokens, grammar = vocabulary(name, has_tokens), written(name, has_tokens, *SCHEMAS)
    for seed in range(4):
        text = tokens.walk(grammar, seed)
        calls = calls_in(name, text, tuple(SCHEMAS))
        assert calls, text
        for call in calls:
            assert isinstance(call.arguments, dict), (call, text)
            jsonschema.validate(call.arguments, SCHEMAS[call.name])


@every_dialect
def test_what_follows_the_trigger_is_the_rest_of_a_call(name: str) -> None:
    form = row(name).grammar
    assert form is not None
    if form.free is not None:
        return
    trigger = form.trigger or form.opener
    assert form.opener.endswith(trigger)
    tokens, lark = vocabulary(name, True), Lark(vocabulary(name, True).markers)
    grammar = lark.grammar(form.body(lark, Calls((Offer("tide", schemas.closed(TIDE)),))))
    assert tokens.accepts(grammar, ONE[name].partition(trigger)[2]), grammar


@pytest.mark.parametrize("name", [dialect.name for dialect in DIALECTS if dialect.grammar and dialect.grammar.free])
def test_answers_stay_free_where_calls_have_no_marker(name: str) -> None:
    form = row(name).grammar
    assert form is not None
    assert form.free is not None
    lark, tokens = Lark(), vocabulary(name, False)
    calls = form.calls(lark, Calls((Offer("tide", schemas.closed(TIDE)),)))
    grammar = lark.grammar(f"{calls} | {form.free(lark, calls)}")
    answer = ("all\n" if name == "functionary-v3.2" else "") + "High at {two}, [low] at > nine."
    assert tokens.accepts(grammar, answer), tokens.allowed(grammar, answer)
    assert tokens.accepts(grammar, ONE[name])
    assert not tokens.accepts(grammar, ONE[name].replace("tide", "sail"))
