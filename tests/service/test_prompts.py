"""A request and a model's record become the prompt, the parser and the constraint."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from omm.chat.source import source_of
from omm.engine.messages import Loaded, Thinking
from omm.errors import Corrupt, InvalidRequest, Unsupported
from omm.service import prompts
from omm.types import ChatRequest, CompleteRequest, Message, ModelRecord, TextDelta, Tool, ToolCall, ToolChoice
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
    markers={"<|im_start|>": 1, "<|im_end|>": 2, "</think>": 3, "<P>": 4},
)
THINKER = "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ m.tool_calls or '' }}\n{% endfor %}" + (
    "{# <think></think> <tool_call> #}"
)
SHOW = "{% for m in messages %}{{ m.role }}:{{ m.content }} {% endfor %}"
TOOL = Tool(name="add", spec={"type": "function", "function": {"name": "add"}})
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


def prompt_text(request: ChatRequest | CompleteRequest, model: ModelRecord) -> str:
    return prompts.build(request, model, LOADED).text


def turn(role: str, content: str) -> Message:
    return Message(role=role, content=content)


# Templates.


def test_warming_compiles_the_template_that_the_first_request_needs() -> None:
    model = record(chat_template=SHOW + "{# warmed #}")
    prompts.warm(model)
    compiled = source_of.cache_info().misses
    prompt_text(chat(), model)
    assert source_of.cache_info().misses == compiled


def test_warming_leaves_complaints_to_the_request() -> None:
    broken = record(chat_template="{% if %}")
    prompts.warm(broken)
    with pytest.raises(Corrupt, match="template is broken"):
        prompt_text(chat(), broken)


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


@pytest.mark.parametrize("fields", [{"template": "x"}, {"system": "x"}])
def test_raw_prompts_take_no_dressing(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="raw mode does not support template or system"):
        prompts.check(complete(raw=True, **fields), able(*ALL))


def test_a_wrong_format_is_refused() -> None:
    with pytest.raises(InvalidRequest, match='invalid format: "yaml"'):
        prompts.check(chat(format="yaml"), able(*ALL))


# Messages.


def test_the_models_system_and_messages_come_first() -> None:
    model = record(system="S", messages=(turn("user", "q"), turn("assistant", "a")))
    assert prompt_text(chat(), model) == "system:S user:q assistant:a user:Hi "


def test_the_clients_system_replaces_the_models() -> None:
    text = prompt_text(chat(turn("system", "C"), turn("user", "Hi")), record(system="S"))
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
    assert prompt_text(complete(**fields), model) == text


def test_raw_is_raw() -> None:
    assert prompt_text(complete("{{ x }}", raw=True), record(system="S")) == "{{ x }}"


def test_a_suffix_is_put_around_the_gap() -> None:
    assert prompt_text(complete("a", suffix="b"), record(system="S")) == "<P>a<S>b<M>"


def test_the_requests_template_wins() -> None:
    assert prompt_text(chat(template="{{ bos_token }}{{ messages|length }}"), record()) == "<s>1"


def test_dropping_keeps_system_messages_and_the_last() -> None:
    turns = (turn("user", "1"), turn("system", "s"), turn("assistant", "2"), turn("user", "3"))
    kept = [[message.content for message in prompts.without_oldest(turns, count)] for count in range(5)]
    assert kept == [["s", "1", "2", "3"], ["s", "2", "3"], ["s", "3"], ["s", "3"], ["s", "3"]]


def test_dropping_keeps_calls_and_their_answers_together() -> None:
    roles = "user assistant tool tool user assistant tool"
    turns = tuple(turn(role, str(number)) for number, role in enumerate(roles.split()))
    kept = ["".join(message.content for message in prompts.without_oldest(turns, count)) for count in range(8)]
    assert kept == ["0123456", "123456", "456", "456", "456", "56", "56", "56"]


# Parser and constraint.


def test_a_model_that_can_think_does_unless_told_not_to() -> None:
    template = "{{ enable_thinking }}"
    assert prompt_text(chat(), able(*ALL, chat_template=template)) == "True"
    assert prompt_text(chat(think=False), able(*ALL, chat_template=template)) == "False"
    assert prompt_text(chat(), able("completion", chat_template=template)) == ""


def answer(prompt: prompts.Prompt, text: str) -> list[str]:
    """The kinds of events that an answer's text becomes."""
    events = [*prompt.parser.feed(TextDelta(text=text)), *prompt.parser.flush()]
    return [type(event).__name__ for event in events]


def test_the_parser_fits_the_template() -> None:
    text = '<think>hm</think>so <tool_call>{"name": "add", "arguments": {}}</tool_call>'
    thinker = able(*ALL, chat_template=THINKER)
    assert answer(prompts.build(chat(tools=(TOOL,)), thinker, LOADED), text)[:2] == ["ThinkingDelta", "TextDelta"]
    assert answer(prompts.build(chat(tools=(TOOL,)), thinker, LOADED), text)[-1] == "ToolCall"
    assert "ToolCall" not in answer(prompts.build(chat(), thinker, LOADED), text)
    forbidden = chat(tools=(TOOL,), tool_choice=ToolChoice(mode="none"))
    assert "ToolCall" not in answer(prompts.build(forbidden, thinker, LOADED), text)


@pytest.mark.parametrize("fields", [{"raw": True}, {"suffix": "b"}])
def test_raw_and_inserted_text_is_not_parsed(fields: dict[str, Any]) -> None:
    built = prompts.build(complete(**fields), able(*ALL, chat_template=THINKER), LOADED)
    assert answer(built, "<think>hm</think>") == ["TextDelta"]
    assert not built.special


@pytest.mark.parametrize(
    ("think", "ending", "expected"),
    [
        (True, "x", ("<think>", "</think>")),
        (None, "x", ("<think>", "</think>")),
        (True, "x<think>\n", ("", "</think>")),
        (False, "x", None),
        (False, "x<think>\n</think>", None),
    ],
)
def test_the_engine_knows_where_reasoning_is(think: bool | None, ending: str, expected: tuple[str, str] | None) -> None:
    model = able(*ALL, chat_template=THINKER + ending)
    built = prompts.build(chat(format="json", think=think, thinking_budget=9), model, LOADED)
    assert built.constraint is not None
    wanted = expected and Thinking(begin=expected[0], end=expected[1], budget=9, forced="\n</think>\n\n")
    assert built.thinking == wanted


def test_without_a_format_nothing_is_constrained() -> None:
    for wanted in (None, ""):
        assert prompts.build(chat(format=wanted), able(*ALL), LOADED).constraint is None


# Control tokens.


@pytest.mark.parametrize(
    "request_",
    [
        chat(turn("user", "a<|im_end|>b")),
        chat(turn("system", "a<|im_end|>b"), turn("user", "Hi")),
        chat(turn("user", "Hi"), turn("assistant", "a<|im_end|>b"), turn("user", "Hi")),
        chat(turn("user", "Hi"), turn("tool", "a<|im_end|>b")),
        complete("a<|im_end|>b"),
        complete("a<P>b", suffix="c"),
    ],
)
def test_control_tokens_in_what_was_sent_are_cut(request_: ChatRequest | CompleteRequest) -> None:
    built = prompts.build(request_, able(*ALL), LOADED)
    (at,) = built.cuts
    assert built.text[at - 2 : at] == "a<"


def test_the_templates_own_control_tokens_are_not_cut() -> None:
    model = able(*ALL, chat_template="<|im_start|>{{ messages[0].content }}<|im_end|>")
    assert prompts.build(chat(), model, LOADED).cuts == ()
    assert prompts.build(complete("<|im_end|>", raw=True), model, LOADED).cuts == ()


def test_a_typed_marker_opens_no_reasoning() -> None:
    model = able(*ALL, chat_template="{{ messages[0].content }} {# </think> <tool_call> #}")
    built = prompts.build(chat(turn("user", "<think>")), model, LOADED)
    assert built.thinking is not None
    assert built.thinking.begin == "<think>"


def test_earlier_reasoning_stays_readable_for_the_template() -> None:
    template = "{{ messages[1].content.split('</think>')[-1] }}{# <tool_call> <think> #}"
    history = chat(turn("user", "q"), turn("assistant", "<think>x</think>so"), turn("user", "Hi"))
    assert prompt_text(history, able(*ALL, chat_template=template)) == "so"


# What show tells.


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("gguf", "jinja", "plain")),
        ({"chat_template": THINKER}, ("gguf", "jinja", "hermes")),
        ({"template": "{{ .Prompt }}"}, ("modelfile", "go", "plain")),
        ({"template": "{{ .Prompt }}", "chat_template": THINKER}, ("modelfile", "go", "hermes")),
        ({"chat_template": ""}, ("default", "chatml", "plain")),
        ({"dialect": "harmony"}, ("gguf", "jinja", "harmony")),
        ({"dialect": "unheard-of"}, ("gguf", "jinja", "plain")),
    ],
)
def test_show_tells_how_prompts_are_made(fields: dict[str, Any], expected: tuple[str, str, str]) -> None:
    made = prompts.describe(record(**fields))
    assert (made.origin, made.language, made.dialect) == expected


def test_a_template_without_tools_is_told_and_read_in_hermes_form() -> None:
    built = prompts.build(chat(tools=(TOOL,)), able(*ALL), LOADED)
    assert "add" in built.text
    assert answer(built, '<tool_call>{"name": "add", "arguments": {}}</tool_call>')[-1] == "ToolCall"


def test_a_go_template_without_tools_gives_way_to_the_model_files() -> None:
    model = able(*ALL, template="go {{ .Prompt }}", chat_template="jinja {{ tools }}{{ messages[0].content }}")
    assert prompt_text(chat(), model).startswith("go")
    assert prompt_text(chat(tools=(TOOL,)), model).startswith("jinja")
    both = able(
        *ALL, template="go {{ .Tools }}{{ range .Messages }}{{ .Content }}{{ end }}", chat_template="jinja {{ tools }}"
    )
    assert prompt_text(chat(tools=(TOOL,)), both).startswith("go")


def test_a_budget_and_documents_reach_the_template() -> None:
    template = "{{ thinking_budget }} {{ documents[0].text }} {{ messages[0].content }}"
    request = chat(thinking_budget=7, documents=({"text": "D<|im_end|>"},))
    built = prompts.build(request, able(*ALL, chat_template=template), LOADED)
    assert built.text == "7 D<|im_end|> Hi"
    assert len(built.cuts) == 1


@pytest.mark.parametrize(
    "said",
    [
        turn("assistant", "I saw <think> in it"),
        turn("assistant", "<think>hm</think>close <think> with a marker"),
        Message(role="assistant", tool_calls=(ToolCall(id="1", name="write", arguments={"text": "<think>"}),)),
    ],
    ids=["said", "said after reasoning", "called"],
)
def test_an_earlier_answer_opens_no_reasoning(said: Message) -> None:
    built = prompts.build(chat(said, turn("user", "Hi")), able(*ALL, chat_template=THINKER), LOADED)
    assert "<think>" in built.text
    assert built.thinking is not None
    assert built.thinking.begin == "<think>"


@pytest.mark.parametrize(
    ("begun", "begin"), [("<think>We add", ""), ("<think>x</think>So", "<think>"), ("So", "<think>")]
)
def test_a_begun_answer_may_be_within_its_reasoning(begun: str, begin: str) -> None:
    built = prompts.build(chat(turn("user", "Hi"), turn("assistant", begun)), able(*ALL, chat_template=THINKER), LOADED)
    assert built.thinking is not None
    assert built.thinking.begin == begin


@pytest.mark.parametrize("said", ["think", "k", "n", ">", "\n", "assistant"])
def test_open_reasoning_is_seen_whatever_was_said_before(said: str) -> None:
    template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}<think>\n{# </think> <tool_call> #}"
    built = prompts.build(chat(turn("user", said)), able(*ALL, chat_template=template), LOADED)
    assert built.thinking is not None
    assert built.thinking.begin == ""
