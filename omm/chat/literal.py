"""Text that must stay text: what users and tools write cannot become a model's control tokens.

A template puts `<|im_start|>` into a prompt as a control token, and a user may type the same characters. So before
rendering a mark is put inside every control token's text in what comes from outside, and the rendered prompt is cut
at the marks: the pieces are tokenised one by one, and no token spans a cut.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from omm.types import Message, Tool, ToolCall

MARK = "\ufdd0"  # a noncharacter: no text may hold it, and no tokenizer or template knows it
# NOTE: filters that write JSON may write the mark as an escape.
_MARKS = re.compile(rf"{MARK}|\\ufdd0", re.IGNORECASE)


class Cut(NamedTuple):
    """A prompt's text, and the offsets in it, in characters, that no token may span."""

    text: str
    cuts: tuple[int, ...]


class Literals:
    """Marks the texts of control tokens; made once per set of texts by `literals`."""

    def __init__(self, markers: Iterable[str]) -> None:
        texts = sorted({text for text in markers if len(text) > 1}, key=len, reverse=True)
        # NOTE: what looks like a mark's escape would be taken for one, so a real mark goes inside it, too.
        # Looking ahead finds markers that overlap.
        self._found = re.compile(f"(?=({'|'.join(map(re.escape, texts))}{'|' * bool(texts)}\\\\(?i:ufdd0)))")

    def text(self, text: str) -> str:
        """The text with a mark behind the first character of every marker in it."""
        text = text.replace(MARK, "")
        if self._found.search(text) is None:
            return text
        places = [0, *(match.start() + 1 for match in self._found.finditer(text)), len(text)]
        return MARK.join(text[start:end] for start, end in itertools.pairwise(places))

    def value(self, value: Any) -> Any:
        """A JSON value with its texts and keys marked."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.value(key): self.value(part) for key, part in value.items()}
        return [self.value(part) for part in value] if isinstance(value, list | tuple) else value

    def message(self, message: Message) -> Message:
        """A turn whose texts are marked."""
        return msgspec.structs.replace(
            message,
            role=self.text(message.role),
            content=self.text(message.content),
            thinking=self.text(message.thinking),
            tool_calls=tuple(map(self._call, message.tool_calls)),
            tool_name=self.value(message.tool_name),
            tool_call_id=self.value(message.tool_call_id),
        )

    def tool(self, tool: Tool) -> Tool:
        """A tool's description, marked."""
        return Tool(name=self.text(tool.name), spec=self.value(tool.spec))

    def _call(self, call: ToolCall) -> ToolCall:
        return msgspec.structs.replace(
            call, id=self.text(call.id), name=self.text(call.name), arguments=self.value(call.arguments)
        )


@functools.lru_cache(maxsize=32)
def literals(markers: frozenset[str]) -> Literals:
    """The marker of these texts. PERF: a vocabulary can have thousands."""
    return Literals(markers)


def cut(text: str) -> Cut:
    """A rendered prompt without its marks, and where they were."""
    places: list[int] = []
    removed = 0
    for match in _MARKS.finditer(text):
        places.append(match.start() - removed)
        removed += len(match.group())
    return Cut(_MARKS.sub("", text), tuple(dict.fromkeys(places)))
