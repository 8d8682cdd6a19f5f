"""Reasoning in the less usual places."""

from __future__ import annotations

import pytest

from omm.chat.dialects import Context, Parser, Reader
from omm.chat.dialects.reader import Steps
from omm.chat.dialects.thinking import thought_if_closed, thought_or_closer
from omm.types import TextDelta
from tests.chat.dialects.golden import Joined, cuts, joined


def if_closed(reader: Reader) -> Steps[None]:
    yield from thought_if_closed(reader, "<t>", "</t>")


def or_closer(reader: Reader) -> Steps[None]:
    yield from thought_or_closer(reader, "<t>", "</t>")


@pytest.mark.parametrize(
    ("read", "text", "context", "expected"),
    [
        (if_closed, "<t>\nHm.\n</t>\nSo.", Context(), [("thinking", "Hm."), ("text", "So.")]),
        (if_closed, "<t>Hm. So.", Context(), [("text", "<t>Hm. So.")]),
        (if_closed, " <t> \n</t>So.", Context(), [("text", "So.")]),
        (if_closed, "Say <t>Hm.</t>", Context(), [("text", "Say <t>Hm.</t>")]),
        (if_closed, "Hm.", Context(is_thinking=True), [("thinking", "Hm.")]),
        (or_closer, "\n</t>\nSo.", Context(), [("text", "So.")]),
        (or_closer, "<t>Hm.</t></t>", Context(), [("thinking", "Hm."), ("text", "</t>")]),
        (or_closer, "\n\nSo.", Context(prompt="<t>\n\n</t>\n"), [("text", "So.")]),
        (or_closer, "\n\nSo.", Context(prompt="<a>"), [("text", "\n\nSo.")]),
        (or_closer, "Hm.\n</t>\nSo.", Context(prompt="<t>", is_thinking=True), [("thinking", "Hm."), ("text", "So.")]),
        (or_closer, "</t", Context(), [("text", "</t")]),
    ],
)
def test_reasoning(read: object, text: str, context: Context, expected: Joined) -> None:
    for pieces in ([text], *cuts(text)):
        parser = Parser(read, context)  # type: ignore[arg-type]
        made = [event for piece in pieces for event in parser.feed(TextDelta(text=piece))] + parser.flush()
        assert joined(made) == expected, pieces
