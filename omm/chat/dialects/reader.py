"""Text that comes in pieces, read as if it were all there.

A dialect is a generator over a `Reader`: it asks for what comes next, and whenever that is not certain yet it yields
and is resumed with more text. So a dialect reads like its grammar, and any split of a text gives the same events.
"""

from __future__ import annotations

import collections
import json
import logging
import secrets
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from msgspec import structs

from omm.chat.schema import inlined
from omm.types import Event, TextDelta, ThinkingDelta, TokenLogprob, Tool, ToolCall, ToolCallDelta

log = logging.getLogger(__name__)

# PERF: readers look through all that is unread, once per marker: 200 KB of markers took 27 s at once, 1 s in pieces.
PIECE = 1024

T = TypeVar("T")
Steps = Generator[None, None, T]
Sink = Callable[[str], None]
NewId = Callable[[str, int], str]
"""Makes the id of a call from its name and its number in the answer."""


class Trim(Enum):
    """What belongs to a marker of the white space in front of it."""

    NOTHING = "nothing"
    NEWLINE = "newline"  # at most one
    BLANKS = "blanks"


@dataclass(frozen=True)
class Context:
    """What a dialect may know of the request.

    `prompt` is the text before the answer; `is_thinking` says that reasoning has been opened there and not closed.
    `tools` is empty when calls are not looked for.
    """

    tools: tuple[Tool, ...] = ()
    prompt: str = ""
    is_thinking: bool = False

    def schema(self, tool: str) -> dict[str, Any]:
        """The parameters' schema of an offered tool, references inlined; empty when it is not offered or has none."""
        for offered in self.tools:
            if offered.name == tool:
                function = offered.spec.get("function")
                parameters = (function if isinstance(function, dict) else offered.spec).get("parameters")
                return inlined(parameters, parameters) if isinstance(parameters, dict) else {}
        return {}

    def offers(self, tool: str) -> bool:
        """Whether a tool of this name may be called."""
        return any(offered.name == tool for offered in self.tools)


def new_call_id(name: str = "", number: int = 0) -> str:
    """`call_` and 24 hex digits."""
    return "call_" + secrets.token_hex(12)


class Reader:
    """The unread text, what waits for more of it, and the events made so far.

    `text` is what has come and is not consumed. Methods that return `Steps` are used with `yield from`.
    """

    def __init__(self, context: Context, new_id: NewId = new_call_id) -> None:
        self.context = context
        self.text = ""
        self.is_over = False
        self._new_id = new_id
        self._events: list[Event] = []
        self._logprobs: collections.deque[tuple[int, TokenLogprob]] = collections.deque()  # by where tokens end
        self._position = 0  # of the unread text in all there was
        self._recorded: list[str] = []
        self._trimmed = ""
        self._num_calls = 0
        self._open: ToolCallDelta | None = None
        self._arguments: list[str] = []

    # --- input ------------------------------------------------------------------------------------------------

    def more(self) -> Steps[bool]:
        """Wait for more text; False when there is none."""
        if self.is_over:
            return False
        yield
        return True

    def consume(self, count: int) -> str:
        """Take `count` characters of what is there."""
        taken, self.text = self.text[:count], self.text[count:]
        self._position += len(taken)
        self._recorded.append(taken)
        return taken

    def rewind(self) -> None:
        """Put back what was consumed since `mark`, to be read again."""
        self.text = self.consumed + self.text
        self._position -= len(self.consumed)
        self.mark()

    def mark(self, marker: str = "") -> None:
        """Forget what was consumed so far: `consumed` starts here, or at the marker that `until` has just returned."""
        self._recorded = [self._trimmed + marker] if marker else []

    @property
    def consumed(self) -> str:
        """Everything consumed since `mark`, to give a malformed call back as it was."""
        return "".join(self._recorded)

    def give_back(self, *closers: str) -> Steps[None]:
        """Say what was consumed since `mark`, on to the first of `closers` or the end: a malformed call is text."""
        if closers:
            yield from self.take(*closers)
        self.say(self.consumed)
        self.mark()

    def until(self, *markers: str, into: Sink, trim: Trim = Trim.NOTHING) -> Steps[str]:
        """Pass text on up to the first of `markers`, consume that and return it; "" when the text ends before.

        Of markers that begin at the same place the longest counts. White space at the end of the text is kept.
        """
        while True:
            at, marker = _first(self.text, markers)
            if marker and (self.is_over or not _may_grow(self.text, at, marker, markers)):
                text = self.consume(at)
                kept = _trimmed(text, trim)
                self._trimmed = text[len(kept) :]
                into(kept)
                return self.consume(len(marker))
            free = len(self.text) if self.is_over else _certain(self.text, markers, trim)
            if free:
                self._trimmed = ""
                into(self.consume(free))
            if not (yield from self.more()):
                if self.text:
                    continue
                return ""

    def take(self, *markers: str) -> Steps[tuple[str, str]]:
        """The text before the first of `markers`, and that marker; all of the rest and "" when none comes."""
        parts: list[str] = []
        marker = yield from self.until(*markers, into=parts.append)
        return "".join(parts), marker

    def starts(self, *texts: str, blanks: bool = True) -> Steps[str]:
        """Consume and return the longest of `texts` that comes next, with blanks before it; "" and nothing else."""
        while True:
            ahead = self.text.lstrip() if blanks else self.text
            found = max((text for text in texts if ahead.startswith(text)), key=len, default="")
            undecided = any(len(text) > len(ahead) and text.startswith(ahead) for text in texts)
            if undecided and (yield from self.more()):
                continue
            if found:
                self.consume(len(self.text) - len(ahead) + len(found))
            return found

    def closes(self, *texts: str) -> Steps[str]:
        """As `starts`, for what ends a call; of a closer that is cut off, what there is of it goes too."""
        found = yield from self.starts(*texts)
        ahead = self.text.lstrip()
        if not found and self.is_over and any(text.startswith(ahead) for text in texts):
            self.text = ""
        return found

    def skip_blanks(self) -> Steps[None]:
        """Consume white space."""
        while True:
            self.consume(len(self.text) - len(self.text.lstrip()))
            if self.text or not (yield from self.more()):
                return

    def peek(self) -> Steps[str]:
        """The next character, not consumed; "" at the end."""
        while not self.text:
            if not (yield from self.more()):
                return ""
        return self.text[0]

    # --- output -----------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Answer text."""
        if text:
            self._events.append(TextDelta(text=text, logprobs=self._take_logprobs(text)))

    def think(self, text: str) -> None:
        """Reasoning."""
        if text:
            self._events.append(ThinkingDelta(text=text, logprobs=self._take_logprobs(text)))

    def drop(self, text: str) -> None:
        """Text nobody sees."""

    def open_call(self, name: str, call_id: str = "") -> None:
        """A call begins. `arguments` and `close_call` must follow."""
        call_id = call_id or self._new_id(name, self._num_calls)
        self._open = ToolCallDelta(index=self._num_calls, id=call_id, name=name)
        self._events.append(self._open)
        self._arguments.clear()
        self._num_calls += 1

    def arguments(self, text: str) -> None:
        """More of the open call's arguments, as JSON text."""
        assert self._open is not None
        if text:
            self._arguments.append(text)
            call = self._open
            self._events.append(ToolCallDelta(index=call.index, id=call.id, name=call.name, arguments=text))

    def close_call(self) -> None:
        """The call is complete; arguments that are no JSON object stay text."""
        assert self._open is not None
        text, call = "".join(self._arguments), self._open
        value = json_or_none(text or "{}")
        if not isinstance(value, dict):
            log.warning("the model called %s with arguments that are no JSON object", call.name)
        arguments = value if isinstance(value, dict) else text
        self._events.append(ToolCall(id=call.id, name=call.name, arguments=arguments, index=call.index))
        self._open = None

    def call(self, name: str, arguments: dict[str, Any] | str, call_id: str = "") -> None:
        """A whole call at once."""
        self.open_call(name, call_id)
        self.arguments(arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False))
        self.close_call()

    @property
    def num_calls(self) -> int:
        """How many calls have begun."""
        return self._num_calls

    # --- used by the parser -----------------------------------------------------------------------------------

    def add(self, delta: TextDelta) -> None:
        """Text has come."""
        at = self._position + len(self.text)
        self.text += delta.text
        end = at + len(delta.text)
        for logprob in delta.logprobs:
            at = min(at + len(logprob.token), end)
            self._logprobs.append((at, logprob))

    def take_events(self) -> list[Event]:
        """The events since the last time; adjacent ones are not joined."""
        events, self._events = self._events, []
        return events

    def settle(self) -> None:
        """The dialect has returned: an open call is closed, the rest is text."""
        if self._open is not None:
            self.close_call()
        self.say(self.consume(len(self.text)))

    def finish(self) -> None:
        """The text is over."""
        self.settle()

    def _take_logprobs(self, text: str) -> tuple[TokenLogprob, ...]:
        """Those of the text that was just consumed; those of markers before it are nobody's."""
        start = self._position - len(text) - len(self._trimmed)
        taken = []
        while self._logprobs and self._logprobs[0][0] <= self._position:
            end, logprob = self._logprobs.popleft()
            if end > start:
                taken.append(logprob)
        return tuple(taken)


class Parser:
    """One answer's text → events, by a dialect. Never raises on model output."""

    def __init__(self, dialect: Callable[[Reader], Steps[None]], context: Context, new_id: NewId = new_call_id) -> None:
        self._reader = Reader(context, new_id)
        self._steps = dialect(self._reader)
        self._is_done = False
        self.is_thinking = context.is_thinking
        self._advance()

    def feed(self, delta: TextDelta) -> list[Event]:
        """Events that are certain now."""
        self._reader.add(structs.replace(delta, text=delta.text[:PIECE]))
        self._advance()
        for start in range(PIECE, len(delta.text), PIECE):
            self._reader.add(TextDelta(text=delta.text[start : start + PIECE]))
            self._advance()
        return self._events()

    def flush(self) -> list[Event]:
        """The end: whatever was held back."""
        self._reader.is_over = True
        self._advance()
        self._reader.finish()
        return self._events()

    def _advance(self) -> None:
        if not self._is_done:
            try:
                next(self._steps)
            except StopIteration:
                self._is_done = True
            except Exception:
                log.exception("reading the model's answer failed; the rest is given as text")
                self._is_done = True
        if self._is_done:
            self._reader.settle()

    def _events(self) -> list[Event]:
        events = self._reader.take_events()
        if events:
            self.is_thinking = isinstance(events[-1], ThinkingDelta)
        return events


def thought(
    reader: Reader, opener: str, closer: str, *, also: Sequence[str] = (), inside: bool | None = None
) -> Steps[str]:
    """Reasoning at the start of an answer, if there is any; returns the marker that ended it.

    It is there when the prompt has opened it (`inside`), or when the text begins with `opener` after blanks. `also`
    are markers that end it too, such as a call's. Blanks next to the markers are markup. Cut off, it stays reasoning.
    """
    is_open = reader.context.is_thinking if inside is None else inside
    if is_open:
        yield from reader.starts(opener)  # models repeat it
    elif not (yield from reader.starts(opener)):
        return ""
    yield from reader.skip_blanks()
    marker = yield from reader.until(closer, *also, into=_ended(reader), trim=Trim.BLANKS)
    if marker == closer:
        yield from reader.skip_blanks()
    return marker


def _ended(reader: Reader) -> Sink:
    """A sink for reasoning, which loses its last blanks also when no marker comes."""

    def sink(text: str) -> None:
        reader.think(text.rstrip() if reader.is_over else text)

    return sink


def json_or_none(text: str) -> Any:
    """The value of a JSON text; None when it is none or could not be written again."""
    try:
        value = json.loads(text, strict=False, parse_float=_finite)
        # NOTE: half a character, written as an escape, or a number that is none (NaN), would parse and then break
        # every encoder on its way out.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _finite(text: str) -> float:
    """A number; one that is too large to be held, which JSON and so grammars allow, is the largest."""
    return max(-sys.float_info.max, min(sys.float_info.max, float(text)))


def _first(text: str, markers: Sequence[str]) -> tuple[int, str]:
    """Where the first marker begins, and the longest that begins there; no marker, no place."""
    places = [(text.find(marker), -len(marker), marker) for marker in markers]
    at, _, marker = min((place for place in places if place[0] >= 0), default=(-1, 0, ""))
    return at, marker


def _may_grow(text: str, at: int, marker: str, markers: Sequence[str]) -> bool:
    """Whether more text could turn this marker into a longer one, or into one that begins before it."""
    start = min((len(text) - _partial(text, other) for other in markers if other != marker), default=len(text))
    return start <= at


def _partial(text: str, marker: str) -> int:
    """The length of the longest end of `text` that begins `marker`, the whole marker not counted."""
    return next((n for n in range(min(len(text), len(marker) - 1), 0, -1) if text.endswith(marker[:n])), 0)


def _certain(text: str, markers: Sequence[str], trim: Trim) -> int:
    """How much of the text cannot become part of a marker, or of the blanks that go with one."""
    free = len(text) - max((_partial(text, marker) for marker in markers), default=0)
    return len(_trimmed(text[:free], trim))


def _trimmed(text: str, trim: Trim) -> str:
    if trim is Trim.BLANKS:
        return text.rstrip()
    return text.removesuffix("\n") if trim is Trim.NEWLINE else text
