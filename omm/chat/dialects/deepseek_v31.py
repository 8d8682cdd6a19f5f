"""DeepSeek V3.1's calls: a name and its arguments between control tokens, after `<think>…</think>`.

`<｜tool▁call▁begin｜>tide<｜tool▁sep｜>{"port": "Oslo"}<｜tool▁call▁end｜>`.
Source: the chat template of DeepSeek-V3.1.
"""

from __future__ import annotations

from omm.chat.dialects.deepseek_r1 import BEGIN, CALL, END, END_CALL, SEPARATOR
from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, thought
from omm.chat.dialects.sections import Section, answer

SECTION = Section(
    begin=BEGIN,
    end=END,
    call=CALL,
    arguments=(SEPARATOR,),
    end_call=END_CALL,
    named=lambda head: (head.strip(), ""),
)


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    yield from thought(reader, THINK, END_THINK)
    yield from answer(reader, SECTION)
