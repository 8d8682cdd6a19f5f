"""A final assistant message is continued: the prompt ends where it ends, as the template writes it."""

from __future__ import annotations

from typing import Any

import pytest

from omm.chat.template import CHATML, Template, render
from omm.types import Message, ToolCall

USER = Message(role="user", content="Hi")
QWEN = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.role == 'assistant' and (loop.last or m.reasoning_content) %}"
    "<think>\n{{ m.reasoning_content or '' }}\n</think>\n\n{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}"
)
OPEN = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]"


def show(source: str, *messages: Message, **fields: Any) -> str:
    return render(Template(text=source, kind="jinja", origin="gguf"), messages, **fields)


def begun(content: str = "", thinking: str = "") -> Message:
    return Message(role="assistant", content=content, thinking=thinking)


def test_an_answer_is_continued() -> None:
    start = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert show(CHATML, USER, begun("Hello, I")) == f"{start}Hello, I"
    assert show(CHATML, USER, begun("")) == start
    assert show(CHATML, USER, begun("Hello ")) == f"{start}Hello "


def test_an_answer_is_continued_behind_what_the_template_puts_before_it() -> None:
    start = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert show(QWEN, USER, begun("Sure")) == f"{start}<think>\n\n</think>\n\nSure"
    assert show(QWEN, USER, begun("Sure", "Well")) == f"{start}<think>\nWell\n</think>\n\nSure"


def test_thinking_is_continued() -> None:
    assert show(QWEN, USER, begun("", "Well, I")).endswith("<|im_start|>assistant\n<think>\nWell, I")


@pytest.mark.parametrize(
    ("opener", "message", "end"),
    [
        ("<think>\\n", begun("Sure"), "[assistant]Sure"),
        ("<think>\\n", begun("", "Well"), "[assistant]<think>\nWell"),
        ("<think>\\n", begun("Sure", "Well"), "[assistant]<think>\nWell\n</think>\n\nSure"),
        ("<think>", begun("Sure", "Well"), "[assistant]<think>Well</think>Sure"),
        ("[THINK]", begun("Sure", "Well"), "[assistant][THINK]Well[/THINK]Sure"),
    ],
)
def test_thinking_that_the_template_drops_is_put_behind_its_opener(opener: str, message: Message, end: str) -> None:
    for tail in ("{{ '" + opener + "' }}{% endif %}", "{% endif %}{# " + opener + " #}"):
        assert show(OPEN + tail, USER, message) == f"[user]Hi{end}"


def test_thinking_that_has_no_place_is_left_out() -> None:
    assert show(OPEN + "{% endif %}", USER, begun("Sure", "Well")) == "[user]Hi[assistant]Sure"
    assert show(OPEN + "{% endif %}", USER, begun("", "Well")) == "[user]Hi[assistant]"


@pytest.mark.parametrize(
    "refusal",
    [
        "{% if messages[-1].role == 'assistant' %}{{ raise_exception('the last must be the user') }}{% endif %}",
        "{% set messages = messages|rejectattr('role', 'equalto', 'assistant')|list %}",
    ],
)
def test_a_template_that_does_not_show_the_last_answer_is_helped(refusal: str) -> None:
    assert show(refusal + OPEN + "{% endif %}", USER, begun("Sure")) == "[user]Hi[assistant]Sure"
    opened = OPEN + "{{ '<think>\\n' }}{% endif %}"
    assert show(refusal + opened, USER, begun("Sure")) == "[user]Hi[assistant]<think>\n\n</think>\n\nSure"


def test_an_answer_that_the_template_trims_is_not_written_twice() -> None:
    source = OPEN.replace("m.content", "m.content|trim") + "{% endif %}"
    assert show(source, USER, begun("  Sure ")) == "[user]Hi[assistant]Sure "


def test_calls_are_not_continued() -> None:
    asked = Message(role="assistant", tool_calls=(ToolCall(id="1", name="add", arguments={}),))
    assert show("{{ messages|length }} {{ add_generation_prompt }}", USER, asked) == "2 True"


def test_a_word_of_the_client_does_not_move_the_end() -> None:
    sly = Message(role="user", content="a\ufdd1b")
    assert show(OPEN + "{% endif %}", sly, begun("Sure")) == "[user]a\ufdd1b[assistant]Sure"
