"""One Jinja chat template and what is known of it: how it takes conversations and how to make it think or not.

Knows nothing of where the template comes from.
"""

from __future__ import annotations

import datetime
import functools
import time
from collections.abc import Sequence
from typing import Any

from omm.chat import adapt, jinja, switches
from omm.chat.adaptations import Adaptation, with_system
from omm.chat.turns import THINKING_FIELDS, Conversation, Turn, turns_of
from omm.types import Message, Think

_LEARNING_SECONDS = 5.0
_END = "\ufdd1"  # a noncharacter behind the text that is to be continued, so that the prompt can be cut there
# Around reasoning that is to be continued, for templates that leave it out of the conversation.
_MARKERS = (
    ("<think>", "</think>"),
    ("<seed:think>", "</seed:think>"),
    ("[THINK]", "[/THINK]"),
    ("<|channel>thought", "<channel|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
)


@functools.lru_cache(maxsize=32)
def source_of(text: str) -> Source:
    """Compile a template and try it out. Raises jinja.Failure."""
    return Source(text)


class Source:
    """Immutable; may be shared by threads."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._compiled = jinja.compile_template(text)
        self.fields = [THINKING_FIELDS[0], *(name for name in THINKING_FIELDS[1:] if name in self._compiled.words)]
        self.adaptations = self._learn()

    def prompt(self, messages: Sequence[Message], variables: dict[str, Any], think: Think | None) -> str:
        """The text up to where the assistant goes on; its last message is continued. Raises jinja.Failure."""
        variables = {**self.defaults(think), **variables}
        turns = turns_of(messages, self.fields)
        if self._is_switched_by_word(think):
            turns = with_system(turns, switches.OFF_WORD)
        if messages and messages[-1].role == "assistant" and not messages[-1].tool_calls:
            return self._continued(turns, variables, messages[-1])
        return self._render(turns, variables)

    @property
    def names(self) -> tuple[str, ...]:
        """What is put differently for the template, in words."""
        return tuple(adaptation.name for adaptation in self.adaptations)

    def arguments(self, turns: tuple[Turn, ...], variables: dict[str, Any]) -> dict[str, Any]:
        """What the template is rendered with."""
        return adapt.adapt(Conversation(turns, variables), self.adaptations).arguments()

    def _render(self, turns: tuple[Turn, ...], variables: dict[str, Any]) -> str:
        return self._compiled.render(self.arguments(turns, variables))

    def _continued(self, turns: tuple[Turn, ...], variables: dict[str, Any], last: Message) -> str:
        """As the template writes the last message, up to its end; else behind the usual opening of an answer."""
        opener, closer = next((pair for pair in _MARKERS if pair[0] in self._text), ("", ""))
        written = self._written_up_to_end(turns, variables, last)
        if written is not None and (last.thinking.strip() in written or not opener):
            if not written.endswith(last.content):  # the template has trimmed it
                return written
            before = written.removesuffix(last.content)
        else:
            before = self._render(turns[:-1], variables)
            before += self._thinking(before, last.thinking, opener) if opener else ""
        is_open = bool(opener and last.content) and before.rfind(opener) > before.rfind(closer)
        return f"{before}{self._closing(opener, closer) if is_open else ''}{last.content}"

    def _written_up_to_end(self, turns: tuple[Turn, ...], variables: dict[str, Any], last: Message) -> str | None:
        """The conversation with the end of its last message, if the template shows that."""
        names = self.fields if last.thinking and not last.content else ["content"]
        marked = {name: f"{value}{_END}" if name in names else value for name, value in turns[-1].items()}
        try:
            text = self._render((*turns[:-1], marked), {**variables, "add_generation_prompt": False})
        except jinja.Failure:
            return None
        before, is_there, _ = text.rpartition(_END)
        return before if is_there else None

    def _thinking(self, before: str, thinking: str, opener: str) -> str:
        is_open = before.rstrip().endswith(opener)
        return thinking if is_open or not thinking else f"{opener}{self._newline(opener)}{thinking}"

    def _closing(self, opener: str, closer: str) -> str:
        return f"{self._newline(opener)}{closer}{self._newline(opener) * 2}"

    def _newline(self, opener: str) -> str:
        """What stands behind the opener in the template, where a line end may be written as an escape."""
        return "\n" if f"{opener}\n" in self._text or f"{opener}\\n" in self._text else ""

    def defaults(self, think: Think | None) -> dict[str, Any]:
        """Variables that are not the caller's to say."""
        compiled = self._compiled
        known: dict[str, Any] = {"add_generation_prompt": True, "bos_token": "", "eos_token": ""}
        if "datetime" in compiled.variables:
            known["datetime"] = f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}"
        return known | switches.variables(think, compiled.variables, compiled.words)

    def _is_switched_by_word(self, think: Think | None) -> bool:
        return switches.needs_word(think, self._compiled.variables, self._compiled.words)

    def _learn(self) -> tuple[Adaptation, ...]:
        """A template that takes too long is not tried further: it will not do better on a real conversation."""
        defaults = self.defaults(None)
        deadline = time.monotonic() + _LEARNING_SECONDS

        def render(variables: dict[str, Any]) -> str:
            try:
                return self._compiled.render({**defaults, **variables}, deadline - time.monotonic())
            except jinja.Failure as failure:
                if failure.is_broken:
                    raise TimeoutError from failure
                raise

        try:
            return adapt.learn(render, self._text)
        except TimeoutError:
            return ()
