"""`<think>…</think>` and `<tool_call>{"name": …, "arguments": …}</tool_call>`: Hermes, Qwen 2.5 and 3, and many more.

Source: Qwen3's chat template. A malformed call comes back verbatim as text.
"""

from __future__ import annotations

import json
import secrets
from enum import Enum
from typing import Any

from omm.types import Event, TextDelta, ThinkingDelta, TokenLogprob, ToolCall

THINK, END_THINK = "<think>", "</think>"
CALL, END_CALL = "<tool_call>", "</tool_call>"


class _Mode(Enum):
    START = "start"  # nothing but blanks so far: reasoning may begin
    THINKING = "thinking"
    TEXT = "text"
    CALL = "call"


class HermesParser:
    """Feed it deltas in order, then flush. Blanks next to a marker belong to the marker."""

    def __init__(self, *, thinking: bool, tools: bool, is_thinking: bool = False) -> None:
        self._tools = tools
        self._mode = _Mode.THINKING if is_thinking else _Mode.START if thinking else _Mode.TEXT
        self._text = ""  # not yet sent
        self._skips_blanks = is_thinking
        self._num_calls = 0
        self._logprobs: list[TokenLogprob] = []
        self._out: list[Event] = []

    def feed(self, delta: TextDelta) -> list[Event]:
        """Events that are certain now."""
        self._text += delta.text
        self._logprobs += delta.logprobs
        while self._advance():
            pass
        return self._take()

    def flush(self) -> list[Event]:
        """The end: whatever is still held back, as text or reasoning."""
        if self._mode is _Mode.CALL and not self._parse_call(self._text):
            self._emit(CALL + self._text)
        elif self._mode is _Mode.THINKING:
            self._emit(self._text.rstrip())
        elif self._mode is not _Mode.CALL:
            self._emit(self._text)
        self._text = ""
        if self._logprobs:
            self._out.append(TextDelta(text="", logprobs=self._take_logprobs()))
        return self._take()

    def _advance(self) -> bool:
        """Handle the next marker, or send what cannot be part of one; True when there may be more to do."""
        if self._skips_blanks:
            self._text = self._text.lstrip()
            if not self._text:
                return False
            self._skips_blanks = False
        match self._mode:
            case _Mode.START:
                return self._start()
            case _Mode.THINKING:
                return self._until(END_THINK, _Mode.TEXT)
            case _Mode.TEXT:
                return self._until(CALL, _Mode.CALL) if self._tools else self._send_all()
            case _Mode.CALL:
                return self._call()

    def _start(self) -> bool:
        stripped = self._text.lstrip()
        if stripped.startswith(THINK):
            self._enter(_Mode.THINKING, stripped[len(THINK) :])
            return True
        if THINK.startswith(stripped):
            return False  # undecided
        self._mode = _Mode.TEXT
        return True

    def _until(self, marker: str, then: _Mode) -> bool:
        before, found, after = self._text.partition(marker)
        if found:
            self._emit(before.rstrip())
            self._enter(then, after)
            return True
        keep = _held_length(self._text, marker)
        self._emit(self._text[: len(self._text) - keep])
        self._text = self._text[len(self._text) - keep :]
        return False

    def _call(self) -> bool:
        body, found, after = self._text.partition(END_CALL)
        if not found:
            return False
        if not self._parse_call(body):
            self._emit(CALL + body + END_CALL)
        self._enter(_Mode.TEXT, after)
        return True

    def _enter(self, mode: _Mode, rest: str) -> None:
        self._mode, self._text, self._skips_blanks = mode, rest, True

    def _send_all(self) -> bool:
        self._emit(self._text)
        self._text = ""
        return False

    def _parse_call(self, body: str) -> bool:
        call = _json_or_none(body)
        if not isinstance(call, dict) or not isinstance(call.get("name"), str):
            return False
        arguments = call.get("arguments", call.get("parameters", {}))
        if isinstance(arguments, str):
            arguments = _object_or_text(arguments)
        elif not isinstance(arguments, dict):
            return False
        self._out.append(ToolCall(id=new_call_id(), name=call["name"], arguments=arguments, index=self._num_calls))
        self._num_calls += 1
        return True

    def _emit(self, text: str) -> None:
        if not text:
            return
        kind = ThinkingDelta if self._mode is _Mode.THINKING else TextDelta
        self._out.append(kind(text=text, logprobs=self._take_logprobs()))

    def _take_logprobs(self) -> tuple[TokenLogprob, ...]:
        logprobs, self._logprobs = tuple(self._logprobs), []
        return logprobs

    def _take(self) -> list[Event]:
        out, self._out = self._out, []
        return out


def _held_length(text: str, marker: str) -> int:
    """How much of the end to hold back: a beginning of the marker, and the blanks before it."""
    partial = next((n for n in range(min(len(text), len(marker) - 1), 0, -1) if text.endswith(marker[:n])), 0)
    body = text[: len(text) - partial]
    return partial + len(body) - len(body.rstrip())


def _object_or_text(text: str) -> dict[str, object] | str:
    value = _json_or_none(text)
    return value if isinstance(value, dict) else text


def _json_or_none(text: str) -> Any:
    try:
        value = json.loads(text)
        # NOTE: half a character, written as an escape, would parse and then break every encoder on its way out.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def new_call_id() -> str:
    """`call_` and eight characters of [a-z0-9]."""
    return "call_" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(8))
