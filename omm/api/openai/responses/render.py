"""Events → a response: its typed stream, and the object that the stream ends with. Knows the wire, not the engine.

There is one way through here: an answer that is not streamed is the object of a stream's last event.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import msgspec

from omm.api.openai.render import arguments_text, logprobs, new_id
from omm.api.openai.responses import thoughts
from omm.api.openai.responses.events import (
    ArgumentsDone,
    ArgumentsPiece,
    Completed,
    Created,
    CustomInputDone,
    CustomInputPiece,
    Failed,
    Incomplete,
    InProgress,
    ItemAdded,
    ItemDone,
    PartAdded,
    PartDone,
    StreamEvent,
    SummaryDone,
    SummaryPartAdded,
    SummaryPartDone,
    SummaryPiece,
    TextDone,
    TextPiece,
)
from omm.api.openai.responses.items import (
    CustomCallItem,
    FunctionCallItem,
    MessageItem,
    OutputItem,
    OutputText,
    ReasoningItem,
    SummaryText,
)
from omm.api.openai.responses.offer import Callee, Offer
from omm.api.openai.responses.schema import (
    ErrorReply,
    IncompleteReply,
    InputDetails,
    OutputDetails,
    ResponseReply,
    UsageReply,
)
from omm.errors import InvalidRequest, OmmError
from omm.types import (
    Event,
    Finished,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
    ToolCall,
    ToolCallDelta,
    Usage,
    Value,
)

Events = Iterator[StreamEvent]


class Form(Value):
    """What a client asked of an answer's shape. `is_sealed`: reasoning also as a text that clients send back."""

    logprobs: bool = False
    is_sealed: bool = False


def usage(cost: Usage) -> UsageReply:
    """What a response cost."""
    return UsageReply(
        input_tokens=cost.prompt_tokens,
        input_tokens_details=InputDetails(cached_tokens=cost.cached_tokens),
        output_tokens=cost.output_tokens,
        output_tokens_details=OutputDetails(reasoning_tokens=cost.reasoning_tokens),
        total_tokens=cost.prompt_tokens + cost.output_tokens,
    )


# --- items as they are written ----------------------------------------------------------------------------------


class _Open(Protocol):
    """An item that is being written."""

    def begin(self) -> Events: ...

    def end(self, status: str) -> Events: ...

    @property
    def item(self) -> OutputItem: ...


class _Message:
    """Text."""

    def __init__(self, output_index: int) -> None:
        self.item = MessageItem(id=new_id("msg_"), role="assistant", content=[], status="in_progress")
        self._place: dict[str, Any] = {"item_id": self.item.id, "output_index": output_index}
        self._texts: list[str] = []
        self._logprobs: list[Any] = []

    def begin(self) -> Events:
        yield ItemAdded(output_index=self._place["output_index"], item=self.item)
        yield PartAdded(**self._place, part=OutputText(text=""))

    def add(self, text: str, tokens: list[Any]) -> Events:
        self._texts.append(text)
        self._logprobs += tokens
        yield TextPiece(**self._place, delta=text, logprobs=tokens)

    def end(self, status: str) -> Events:
        part = OutputText(text="".join(self._texts), logprobs=self._logprobs)
        self.item = msgspec.structs.replace(self.item, content=[part], status=status)
        yield TextDone(**self._place, text=part.text, logprobs=self._logprobs)
        yield PartDone(**self._place, part=part)
        yield ItemDone(output_index=self._place["output_index"], item=self.item)


class _Reasoning:
    """Thinking, told as its own summary. WIRE: the only events for it that all clients know."""

    def __init__(self, output_index: int, *, is_sealed: bool) -> None:
        self.item = ReasoningItem(id=new_id("rs_"), summary=[], content=[], status="in_progress")
        self._place: dict[str, Any] = {"item_id": self.item.id, "output_index": output_index}
        self._is_sealed = is_sealed
        self._texts: list[str] = []

    def begin(self) -> Events:
        yield ItemAdded(output_index=self._place["output_index"], item=self.item)
        yield SummaryPartAdded(**self._place, part=SummaryText(text=""))

    def add(self, text: str) -> Events:
        self._texts.append(text)
        yield SummaryPiece(**self._place, delta=text)

    def end(self, status: str) -> Events:
        part = SummaryText(text="".join(self._texts))
        sealed = thoughts.seal(part.text) if self._is_sealed else None
        self.item = msgspec.structs.replace(self.item, summary=[part], status=status, encrypted_content=sealed)
        yield SummaryDone(**self._place, text=part.text)
        yield SummaryPartDone(**self._place, part=part)
        yield ItemDone(output_index=self._place["output_index"], item=self.item)


class _Call:
    """A function call, its arguments in pieces as the model writes them."""

    def __init__(self, output_index: int, event: ToolCallDelta | ToolCall, callee: Callee) -> None:
        self.index = event.index
        self.item = FunctionCallItem(
            id=new_id("fc_"),
            call_id=event.id,
            name=callee.name,
            namespace=callee.namespace,
            arguments="",
            status="in_progress",
        )
        self._place: dict[str, Any] = {"item_id": self.item.id, "output_index": output_index}
        self._texts: list[str] = []

    def begin(self) -> Events:
        yield ItemAdded(output_index=self._place["output_index"], item=self.item)

    def add(self, event: ToolCallDelta | ToolCall) -> Events:
        """What a delta adds, or the whole call where no delta told its arguments."""
        text = event.arguments if isinstance(event, ToolCallDelta) else "" if self._texts else arguments_text(event)
        if text:
            self._texts.append(text)
            yield ArgumentsPiece(**self._place, delta=text)

    def end(self, status: str) -> Events:
        self.item = msgspec.structs.replace(self.item, arguments="".join(self._texts), status=status)
        yield ArgumentsDone(**self._place, name=self.item.name, arguments=self.item.arguments)
        yield ItemDone(output_index=self._place["output_index"], item=self.item)


class _CustomCall:
    """A call of a tool that takes free text, which is known when its arguments are whole."""

    def __init__(self, output_index: int, event: ToolCallDelta | ToolCall, callee: Callee) -> None:
        self.index = event.index
        self.item = CustomCallItem(
            id=new_id("ctc_"),
            call_id=event.id,
            name=callee.name,
            namespace=callee.namespace,
            input="",
            status="in_progress",
        )
        self._place: dict[str, Any] = {"item_id": self.item.id, "output_index": output_index}
        self._text = ""

    def begin(self) -> Events:
        yield ItemAdded(output_index=self._place["output_index"], item=self.item)

    def add(self, event: ToolCallDelta | ToolCall) -> Events:
        if isinstance(event, ToolCall):
            given = event.arguments.get("input") if isinstance(event.arguments, dict) else None
            self._text = given if isinstance(given, str) else arguments_text(event)
            yield CustomInputPiece(**self._place, delta=self._text)

    def end(self, status: str) -> Events:
        self.item = msgspec.structs.replace(self.item, input=self._text, status=status)
        yield CustomInputDone(**self._place, input=self._text)
        yield ItemDone(output_index=self._place["output_index"], item=self.item)


# --- the whole --------------------------------------------------------------------------------------------------


class Writer:
    """Writes one response. `response` is the object as far as it has come."""

    def __init__(self, draft: ResponseReply, offer: Offer, form: Form) -> None:
        self.response = draft
        self._offer = offer
        self._form = form
        self._output: list[OutputItem] = []
        self._open: _Open | None = None
        self._number = 0

    def stream(self, events: Iterable[Event]) -> Iterator[StreamEvent | None]:
        """All events of the stream, None for a sign of life.

        Source: OpenAI API reference, responses, streaming events; the order is what the SDKs' accumulators need.
        """
        yield self._numbered(Created(response=self.response))
        yield self._numbered(InProgress(response=self.response))
        for event in events:
            if isinstance(event, PromptProgress):
                yield None
            for written in self._read(event):
                yield self._numbered(written)

    def fail(self, error: OmmError) -> StreamEvent:
        """The last event of a stream that broke; the object has the items that were whole."""
        code = "invalid_prompt" if isinstance(error, InvalidRequest) else "server_error"
        reply = ErrorReply(code=code, message=error.message)
        self.response = msgspec.structs.replace(
            self.response, status="failed", error=reply, output=self._output, store=False
        )
        return self._numbered(Failed(response=self.response))

    def _numbered(self, event: StreamEvent) -> StreamEvent:
        event.sequence_number = self._number
        self._number += 1
        return event

    def _read(self, event: Event) -> Events:
        match event:
            case TextDelta() if event.text:  # NOTE: without text it tells of tokens that end a turn or write a call
                yield from self._add_text(event)
            case ThinkingDelta() if event.text:
                yield from self._add_thinking(event)
            case ToolCallDelta() | ToolCall():
                yield from self._add_call(event)
            case Finished():
                yield from self._finish(event)

    def _add_text(self, event: TextDelta) -> Events:
        tokens = logprobs(event.logprobs).content if self._form.logprobs else []
        if not isinstance(self._open, _Message):
            yield from self._begin(_Message(self._next_index))
        assert isinstance(self._open, _Message)
        yield from self._open.add(event.text, tokens)

    def _add_thinking(self, event: ThinkingDelta) -> Events:
        if not isinstance(self._open, _Reasoning):
            yield from self._begin(_Reasoning(self._next_index, is_sealed=self._form.is_sealed))
        assert isinstance(self._open, _Reasoning)
        yield from self._open.add(event.text)

    def _add_call(self, event: ToolCallDelta | ToolCall) -> Events:
        if not isinstance(self._open, _Call | _CustomCall) or self._open.index != event.index:
            callee = self._offer.callee(event.name)
            kind = _CustomCall if callee.is_custom else _Call
            yield from self._begin(kind(self._next_index, event, callee))
        assert isinstance(self._open, _Call | _CustomCall)
        yield from self._open.add(event)

    @property
    def _next_index(self) -> int:
        return len(self._output) + (self._open is not None)

    def _begin(self, item: _Open) -> Events:
        yield from self._end("completed")
        self._open = item
        yield from item.begin()

    def _end(self, status: str) -> Events:
        if self._open is not None:
            yield from self._open.end(status)
            self._output.append(self._open.item)
            self._open = None

    def _finish(self, end: Finished) -> Events:
        """The last item takes the fate of the whole. A turn without calls has a message, if an empty one."""
        is_cut = end.reason == "length"
        status = "incomplete" if is_cut else "completed"
        if not self._has_answer() and not (is_cut and self._open):
            yield from self._begin(_Message(self._next_index))
        yield from self._end(status)
        self.response = msgspec.structs.replace(
            self.response,
            status=status,
            completed_at=None if is_cut else int(time.time()),
            incomplete_details=IncompleteReply() if is_cut else None,
            output=self._output,
            usage=usage(end.usage),
        )
        yield (Incomplete if is_cut else Completed)(response=self.response)

    def _has_answer(self) -> bool:
        items = [*self._output, *([self._open.item] if self._open else [])]
        return any(not isinstance(item, ReasoningItem) for item in items)
