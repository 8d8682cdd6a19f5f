"""DeepSeek R1's and V3's calls: a type, a name and a JSON code fence between control tokens, after `<think>…</think>`.

`<｜tool▁call▁begin｜>function<｜tool▁sep｜>tide`, "```json", the arguments, "```" and `<｜tool▁call▁end｜>`.
Source: the chat template of DeepSeek-R1.
"""

from __future__ import annotations

from omm.chat.dialects.hermes import END_THINK, THINK
from omm.chat.dialects.reader import Reader, Steps, thought
from omm.chat.dialects.sections import Section, answer

BEGIN, END = "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"
CALL, END_CALL, SEPARATOR = "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", "<｜tool▁sep｜>"

SECTION = Section(
    begin=BEGIN,
    end=END,
    call=CALL,
    arguments=("```json", "```"),
    end_call=END_CALL,
    named=lambda head: (head.partition(SEPARATOR)[2].strip(), ""),
    fence="```",
)


def read(reader: Reader) -> Steps[None]:
    """Reasoning, then answer text with calls in it."""
    yield from thought(reader, THINK, END_THINK)
    yield from answer(reader, SECTION)
