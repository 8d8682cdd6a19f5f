"""A request and a model's record become the prompt, the parser and the constraint."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from omm.chat.parsers import PlainParser
from omm.chat.parsers.hermes import HermesParser
from omm.engine.messages import Loaded
from omm.errors import InvalidRequest, Unsupported
from omm.service import prompts
from omm.types import ChatRequest, CompleteRequest, Message, ModelRecord, Tool
from tests import fakes

LOADED = Loaded(
    num_ctx=64,
    num_parallel=1,
    gpu_layers=0,
    num_layers=1,
    size=1,
    size_vram=0,
    bos="<s>",
    eos="</s>",
    fim_prefix="<P>",
    fim_suffix="<S>",
    fim_middle="<M>",
)
THINKER = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{# <think></think> <tool_call> #}"
SHOW = "{% for m in messages %}{{ m.role }}:{{ m.content }} {% endfor %}"
TOOL = Tool(name="add", spec={})
ALL = ("completion", "tools", "thinking", "insert")


def record(**fields: Any) -> ModelRecord:
    """A model whose template shows what it is given."""
    return fakes.record("m:latest", **{"chat_template": SHOW, **fields})


def able(*abilities: str, **fields: Any) -> ModelRecord:
    """A model with just these abilities."""
    return msgspec.structs.replace(record(**fields), capabilities=abilities)


def chat(*messages: Message, **fields: Any) -> ChatRequest:
    return ChatRequest(model="m", messages=messages or (Message(role="user", content="Hi"),), **fields)


def complete(prompt: str = "Hi", **fields: Any) -> CompleteRequest:
    return CompleteRequest(model="m", prompt=prompt, **fields)


def turn(role: str, content: str) -> Message:
    return Message(role=role, content=content)


# Abilities.


@pytest.mark.parametrize(
    ("request_", "abilities", "message"),
    [
        (chat(), ("embedding",), '"m" does not support chat'),
        (complete(), ("embedding",), '"m" does not support generate'),
        (chat(think=True), ("completion",), '"m" does not support thinking'),
        (chat(think="high"), ("completion",), '"m" does not support thinking'),
        (chat(tools=(TOOL,)), ("completion",), "registry.ollama.ai/library/m:latest does not support tools"),
        (complete(suffix="x"), ("completion",), "registry.ollama.ai/library/m:latest does not support insert"),
        (chat(Message(role="user", images=(b"x",))), ALL, "does not support images"),
        (complete(images=(b"x",)), ALL, "does not support images"),
    ],
)
def test_what_a_model_lacks_is_refused(request_: Any, abilities: tuple[str, ...], message: str) -> None:
    with pytest.raises(Unsupported) as caught:
        prompts.check(request_, able(*abilities))
    assert message in caught.value.message


@pytest.mark.parametrize("request_", [chat(think=False), chat(), complete(), complete(suffix="")])
def test_what_needs_nothing_special_is_taken(request_: Any) -> None:
    prompts.check(request_, able("completion"))


@pytest.mark.parametrize("fields", [{"template": "x"}, {"system": "x"}, {"context": (1,)}])
def test_raw_prompts_take_no_dressing(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="raw mode does not support template, system, or context"):
        prompts.check(complete(raw=True, **fields), able(*ALL))


def test_a_wrong_format_is_refused() -> None:
    with pytest.raises(InvalidRequest, match='invalid format: "yaml"'):
        prompts.check(chat(format="yaml"), able(*ALL))


# Messages.


def test_the_models_system_and_messages_come_first() -> None:
    model = record(system="S", messages=(turn("user", "q"), turn("assistant", "a")))
    assert prompts.render(chat(), model, LOADED) == "system:S user:q assistant:a user:Hi "


def test_the_clients_system_replaces_the_models() -> None:
    text = prompts.render(chat(turn("system", "C"), turn("user", "Hi")), record(system="S"), LOADED)
    assert text == "system:C user:Hi "


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "system:S user:q user:Hi "),
        ({"system": "C"}, "system:C user:q user:Hi "),
        ({"system": ""}, "user:q user:Hi "),
        ({"context": (1,)}, "system:S user:Hi "),
    ],
)
def test_a_completion_is_a_user_message(fields: dict[str, Any], text: str) -> None:
    model = record(system="S", messages=(turn("user", "q"),))
    assert prompts.render(complete(**fields), model, LOADED) == text


def test_raw_is_raw() -> None:
    assert prompts.render(complete("{{ x }}", raw=True), record(system="S"), LOADED) == "{{ x }}"


def test_a_suffix_is_put_around_the_gap() -> None:
    assert prompts.render(complete("a", suffix="b"), record(system="S"), LOADED) == "<P>a<S>b<M>"


def test_the_requests_template_wins() -> None:
    assert prompts.render(chat(template="{{ bos_token }}{{ messages|length }}"), record(), LOADED) == "<s>1"


def test_dropping_keeps_system_messages_and_the_last() -> None:
    turns = (turn("user", "1"), turn("system", "s"), turn("assistant", "2"), turn("user", "3"))
    kept = [[message.content for message in prompts.without_oldest(turns, count)] for count in range(5)]
    assert kept == [["s", "1", "2", "3"], ["s", "2", "3"], ["s", "3"], ["s", "3"], ["s", "3"]]


# Parser and constraint.


def test_a_model_that_can_think_does_unless_told_not_to() -> None:
    template = "{{ enable_thinking }}"
    assert prompts.render(chat(), able(*ALL, chat_template=template), LOADED) == "True"
    assert prompts.render(chat(think=False), able(*ALL, chat_template=template), LOADED) == "False"
    assert prompts.render(chat(), able("completion", chat_template=template), LOADED) == ""


def test_the_parser_fits_the_template() -> None:
    model = able(*ALL, chat_template=THINKER)
    assert isinstance(prompts.build(chat(), model, "x").parser, HermesParser)
    assert isinstance(prompts.build(chat(), able("completion"), "x").parser, PlainParser)


@pytest.mark.parametrize("fields", [{"raw": True}, {"suffix": "b"}])
def test_raw_and_inserted_text_is_not_parsed(fields: dict[str, Any]) -> None:
    built = prompts.build(complete(**fields), able(*ALL, chat_template=THINKER), "x")
    assert isinstance(built.parser, PlainParser)
    assert not built.special


@pytest.mark.parametrize(
    ("think", "prompt", "expected"),
    [
        (True, "x", ("<think>", "</think>")),
        (None, "x", ("<think>", "</think>")),
        (True, "x<think>\n", ("", "</think>")),
        (False, "x", ("", "")),
    ],
)
def test_a_format_waits_for_the_end_of_reasoning(think: bool | None, prompt: str, expected: tuple[str, str]) -> None:
    model = able(*ALL, chat_template=THINKER)
    constraint = prompts.build(chat(format="json", think=think), model, prompt).constraint
    assert constraint is not None
    assert (constraint.unless_begins, constraint.after) == expected


def test_without_a_format_nothing_is_constrained() -> None:
    for wanted in (None, ""):
        assert prompts.build(chat(format=wanted), able(*ALL), "x").constraint is None
