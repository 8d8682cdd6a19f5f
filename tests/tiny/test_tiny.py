"""The shipped model's tokenizer and template are those it was trained with; needs no PyTorch."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import copying  # noqa: E402
import corpus  # noqa: E402
import json_facts  # noqa: E402
import spans  # noqa: E402
import sums  # noqa: E402
import talk  # noqa: E402
import tools  # noqa: E402
from chat import TEMPLATE_PATH, Chat, render, render_prompt  # noqa: E402
from marks import TOOLS, pairs  # noqa: E402
from tokenizer import Tokenizer  # noqa: E402
from topics import plain  # noqa: E402
from words import Source, is_held  # noqa: E402

MODEL = HERE.parent.parent / "omm" / "embedded" / "tiny.gguf"
CHATS: list[Callable[[Source], Chat]] = [
    lambda src: tools.tool_chat(src, talk.small_talk),
    tools.double_call,
    json_facts.json_chat,
    talk.question_chat,
    talk.memory_chat,
    sums.sum_chat,
    talk.told_chat,
    talk.mixed_chat,
]


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("trims", [False, True])
def test_template_writes_what_training_read(held: bool, trims: bool) -> None:
    env = ImmutableSandboxedEnvironment(trim_blocks=trims, lstrip_blocks=trims)
    env.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = env.from_string(TEMPLATE_PATH.read_text())
    src = Source(random.Random(2), held=held)
    for make in CHATS:
        for _ in range(40):
            chat = make(src)
            messages = [message.to_openai() for message in chat.messages[:-1]]
            thinking = {} if chat.thinks else {"enable_thinking": False}
            text = template.render(messages=messages, tools=chat.tools, add_generation_prompt=True, **thinking)
            assert text == render_prompt(chat)


def test_sides_share_no_wording() -> None:
    for topic in (*talk.OMM, *talk.WORLD, *talk.CHAT):
        assert not {plain(line) for line in topic.train} & {plain(line) for line in topic.held}
        assert topic.held


def test_sides_share_no_tool_and_no_sentence() -> None:
    trained = set().union(*map(tools.wordings, tools.TRAINED_FAMILIES))
    held = set().union(*map(tools.wordings, tools.FAMILIES_HELD))
    assert len(tools.TRAINED_FAMILIES) > 400
    assert not trained & held
    assert not {text for text, _ in json_facts.SENTENCES} & {text for text, _ in json_facts.SENTENCES_HELD}
    assert not set(json_facts.JSON_ASKS) & set(json_facts.JSON_ASKS_HELD)


def test_sides_share_no_values() -> None:
    train, held = Source(random.Random(1)), Source(random.Random(1), held=True)
    assert not any(is_held(train.word()) for _ in range(200))
    assert all(is_held(held.word()) for _ in range(200))


def test_marks_stand_where_a_request_and_its_tool_end() -> None:
    tokenizer = Tokenizer.load(HERE / "tokenizer.json")
    src = Source(random.Random(4))
    for _ in range(40):
        chat = tools.crowded_tool_chat(src)
        ids, _, _, marks = corpus.encode(tokenizer, render(chat))
        asked = [message.content for message in chat.messages if message.role == "user"]
        called = [message.calls[0][0] for message in chat.messages if message.calls]
        assert len(marks.lines) == len(chat.tools)
        assert len(marks.picks) == len(asked)
        for (at, line, before), request, name in zip(marks.picks, asked, called, strict=True):
            end, _, first = marks.lines[line]
            assert tokenizer.decode(ids[: before + 1]).endswith('<tool_call>\n{"name": "')
            assert ids[before + 1] == first
            assert tokenizer.decode(ids[: at + 1]).endswith(f"user\n{request}<|im_end|>")
            tool = tokenizer.decode(ids[: end + 1]).removesuffix("<|im_end|>").splitlines()[-1]
            assert tool.startswith(f"{name}(")


def test_marks_lead_from_keys_and_values_to_where_they_stand() -> None:
    tokenizer = Tokenizer.load(HERE / "tokenizer.json")
    src = Source(random.Random(6))
    found = []
    for make in (tools.crowded_tool_chat, tools.double_call, json_facts.json_chat):
        for _ in range(40):
            ids, trained, _, marks = corpus.encode(tokenizer, render(make(src)))
            assert all(trained[before + 1] and source < before for before, source in marks.copies)
            found += [(tokenizer.decode(ids[i + 1 : i + 3]).strip(), tokenizer.decode(ids[j : j + 2]).strip())
                      for i, j in marks.copies]  # fmt: skip
    alike = sum(copied[:1] == source[:1] for copied, source in found)
    assert len(found) > 500
    assert alike > 0.9 * len(found)  # not all: `eight` is copied as 8, and the first key of JSON comes with its brace


def test_fields_of_an_answer_stand_in_its_thought_or_else_in_its_call() -> None:
    call = '<tool_call>\n{"name": "pay", "arguments": {"to": "Ada", "sum": 3}}\n</tool_call>'
    thought = "<think>\nI call pay: to = Ada, sum = 3.\n</think>\n\n"
    for text, written in ((call, list(spans.fields(call, ""))), (thought, list(spans.fields(call, thought)))):
        assert [(text[f.key_at :].startswith(f.key), text[f.value_at :].startswith(str(f.value))) for f in written] == [
            (True, True)
        ] * 2
        assert [f.tool for f in written] == ["pay"] * 2


def test_a_value_is_found_where_it_is_said_once() -> None:
    assert spans.find_value("Pay Ada 3 euros", 3) == 8
    assert spans.find_value("Pay Ada three euros", 3) == 8
    assert spans.find_value("3 and 3", 3) is None
    assert spans.find_value("13 or 3.5", 3) is None


def test_pairs_of_requests_and_tools_belong_together() -> None:
    tokenizer = Tokenizer.load(HERE / "tokenizer.json")
    lists, lines, requests, picks = pairs(tokenizer, Source(random.Random(5)))
    assert len(lines) == TOOLS
    assert {tool for _, _, tool in picks} <= set(range(TOOLS))
    ends = {tokenizer.ids["<|im_end|>"]}
    assert {int(requests[row, at]) for row, at, _ in picks} == ends
    assert all(
        lists[row, at] in ends or tokenizer.decode([int(lists[row, at])]).endswith("\n") for row, at, *_ in lines
    )


@pytest.mark.model
def test_tokenizer_agrees_with_llama_cpp() -> None:
    from llama_cpp import Llama

    llama = Llama(str(MODEL), vocab_only=True, verbose=False)
    tokenizer = Tokenizer.load(HERE / "tokenizer.json")
    src = Source(random.Random(3))
    for make in corpus.SKILLS.values():
        for _ in range(20):
            segments = [segment.text for segment in make(src)]
            text = "".join(segments)
            ids = llama.tokenize(text.encode(), add_bos=False, special=True)
            assert tokenizer.encode(text) == ids
            assert tokenizer.decode(ids) == text
            if make is not copying.copy_chat:
                assert [i for segment in segments for i in tokenizer.encode(segment)] == ids
    llama.close()
