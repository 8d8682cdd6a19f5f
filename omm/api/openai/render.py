"""Events → OpenAI's shapes, streamed or folded. Knows the wire, not the engine."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import UNSET

import omm
from omm.api.openai.schema import (
    ChatChunk,
    ChatReply,
    ChoiceReply,
    ChunkChoice,
    CompletionDetails,
    Delta,
    FunctionReply,
    LogprobReply,
    LogprobsReply,
    MessageReply,
    PromptDetails,
    PromptProgressReply,
    ToolCallReply,
    TopLogprobReply,
    UsageReply,
)
from omm.api.openai.streams import ChoiceEvent
from omm.types import (
    Event,
    Finished,
    ModelRecord,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
    TokenLogprob,
    ToolCall,
    ToolCallDelta,
    TopLogprob,
    Usage,
    Value,
)

# --- what all answers have --------------------------------------------------------------------------------------


class Head(Value):
    """What every chunk of an answer repeats. `created` is Unix seconds, `model` what the client sent."""

    id: str
    created: int
    model: str
    fingerprint: str


def head(prefix: str, model: str, record: ModelRecord) -> Head:
    """Of a new answer."""
    return Head(id=new_id(prefix), created=int(time.time()), model=model, fingerprint=fingerprint(record))


def new_id(prefix: str) -> str:
    """A unique id, as in `chatcmpl-` and 24 hex digits."""
    return prefix + secrets.token_hex(12)


def fingerprint(record: ModelRecord) -> str:
    """Tells apart what may make the same seed give another text: the model's files and the program."""
    named = f"{record.digest} {record.details.quantization_level} {_build()}"
    return "fp_" + hashlib.sha256(named.encode()).hexdigest()[:10]


@functools.cache
def _build() -> str:
    return f"{omm.__version__} {importlib.metadata.version('llama-cpp-python')}"


def usage(costs: Sequence[Usage], num_choices: int = 1) -> UsageReply:
    """The sum of all answers, `num_choices` of which share each prompt."""
    prompts = costs[::num_choices]
    prompt, output = sum(cost.prompt_tokens for cost in prompts), sum(cost.output_tokens for cost in costs)
    return UsageReply(
        prompt_tokens=prompt,
        completion_tokens=output,
        total_tokens=prompt + output,
        prompt_tokens_details=PromptDetails(cached_tokens=sum(cost.cached_tokens for cost in prompts)),
        completion_tokens_details=CompletionDetails(reasoning_tokens=sum(cost.reasoning_tokens for cost in costs)),
    )


def arguments_text(call: ToolCall) -> str:
    """The arguments as JSON text, or as the model wrote them where that is no JSON."""
    return call.arguments if isinstance(call.arguments, str) else msgspec.json.encode(call.arguments).decode()


def logprobs(tokens: Iterable[TokenLogprob]) -> LogprobsReply:
    """Of the tokens of a text."""
    return LogprobsReply(content=[_logprob(token) for token in tokens])


def _logprob(token: TokenLogprob) -> LogprobReply:
    return LogprobReply(
        token=token.token,
        logprob=token.logprob,
        bytes=list(token.data),
        top_logprobs=[_top_logprob(alternative) for alternative in token.top],
    )


def _top_logprob(token: TopLogprob) -> TopLogprobReply:
    return TopLogprobReply(token=token.token, logprob=token.logprob, bytes=list(token.data))


# --- one answer -------------------------------------------------------------------------------------------------


class Form(Value):
    """What a client asked of an answer's shape. `is_legacy`: calls as they were before there were tools."""

    num_choices: int = 1
    logprobs: bool = False
    include_usage: bool = False
    wants_progress: bool = False
    is_legacy: bool = False


class Answer(Value):
    """The events of one choice, folded."""

    text: str
    thinking: str
    calls: tuple[ToolCall, ...]
    logprobs: tuple[TokenLogprob, ...]
    end: Finished


def fold(events: Iterable[ChoiceEvent], num_choices: int) -> list[Answer]:
    """The choices in order. `events` must have the end of each."""
    gathered: list[list[Event]] = [[] for _ in range(num_choices)]
    for index, event in events:
        gathered[index].append(event)
    return [_fold_one(choice) for choice in gathered]


def _fold_one(events: list[Event]) -> Answer:
    texts = [event for event in events if isinstance(event, TextDelta)]
    (end,) = (event for event in events if isinstance(event, Finished))
    return Answer(
        text="".join(event.text for event in texts),
        thinking="".join(event.text for event in events if isinstance(event, ThinkingDelta)),
        calls=tuple(event for event in events if isinstance(event, ToolCall)),
        logprobs=tuple(token for event in texts for token in event.logprobs),
        end=end,
    )


def finish_reason(end: Finished, form: Form, *, has_calls: bool) -> str:
    """A call that the limit cut short is no call to act on, so `length` comes first."""
    if end.reason == "length":
        return "length"
    if has_calls:
        return "function_call" if form.is_legacy else "tool_calls"
    return "stop"


# --- whole ------------------------------------------------------------------------------------------------------


def chat_reply(answers: Sequence[Answer], head: Head, form: Form) -> ChatReply:
    """The whole answer of chat completions."""
    return ChatReply(
        id=head.id,
        created=head.created,
        model=head.model,
        system_fingerprint=head.fingerprint,
        choices=[_choice(index, answer, form) for index, answer in enumerate(answers)],
        usage=usage([answer.end.usage for answer in answers], form.num_choices),
    )


def _choice(index: int, answer: Answer, form: Form) -> ChoiceReply:
    return ChoiceReply(
        index=index,
        message=_message(answer, form),
        logprobs=logprobs(answer.logprobs) if form.logprobs else None,
        finish_reason=finish_reason(answer.end, form, has_calls=bool(answer.calls)),
    )


def _message(answer: Answer, form: Form) -> MessageReply:
    message = MessageReply(content=None if answer.calls and not answer.text else answer.text)
    if answer.thinking:
        message.reasoning = message.reasoning_content = answer.thinking
    if answer.calls and form.is_legacy:
        message.function_call = _function(answer.calls[0])
    elif answer.calls:
        message.tool_calls = [ToolCallReply(id=c.id, type="function", function=_function(c)) for c in answer.calls]
    return message


def _function(call: ToolCall) -> FunctionReply:
    return FunctionReply(name=call.name, arguments=arguments_text(call))


# --- streamed ---------------------------------------------------------------------------------------------------


class _Calls:
    """The calls of one choice as pieces: numbered from 0 without gaps, id and name once, at least one piece each."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self._written: set[int] = set()

    def read(self, event: ToolCallDelta | ToolCall) -> Iterator[ToolCallReply]:
        """What a delta adds, or the whole call where no delta told its arguments."""
        is_new = event.index not in self.numbers
        number = self.numbers.setdefault(event.index, len(self.numbers))
        if is_new:
            function = FunctionReply(name=event.name, arguments="")
            yield ToolCallReply(index=number, id=event.id, type="function", function=function)
        if isinstance(event, ToolCall):
            text = "" if number in self._written else arguments_text(event)
        else:
            text = event.arguments
        if text:
            self._written.add(number)
            yield ToolCallReply(index=number, function=FunctionReply(arguments=text))


def chat_chunks(events: Iterable[ChoiceEvent], head: Head, form: Form) -> Iterator[ChatChunk | None]:
    """Yield the stream's chunks, None for a sign of life. The first event's coming opens all choices.

    Source: OpenAI API reference, chat completion chunks; the order is what the SDKs' accumulators need.
    """
    calls = [_Calls() for _ in range(form.num_choices)]
    costs: dict[int, Usage] = {}
    is_open, is_reading = False, form.wants_progress
    for index, event in events:
        if not is_open:
            is_open = True
            for number in range(form.num_choices):
                yield _chunk(head, form, number, Delta(role="assistant", content=""))
        if isinstance(event, PromptProgress):  # a sign of life, which may come after the prompt is read, too
            yield _progress(head, form, event) if is_reading else None
            continue
        is_reading = False
        for choice in _chunk_choices(index, event, calls[index], form):
            yield _as_chunk(head, form, [choice])
        if isinstance(event, Finished):
            costs[index] = event.usage
    if form.include_usage:
        yield _as_chunk(head, form, [], usage([costs[index] for index in sorted(costs)], form.num_choices))


def _chunk_choices(index: int, event: Event, calls: _Calls, form: Form) -> Iterator[ChunkChoice]:
    match event:
        case TextDelta() if event.text or (form.logprobs and event.logprobs):
            tokens = logprobs(event.logprobs) if form.logprobs else None
            yield ChunkChoice(index=index, delta=Delta(content=event.text), logprobs=tokens)
        case ThinkingDelta() if event.text:
            yield ChunkChoice(index=index, delta=Delta(reasoning=event.text, reasoning_content=event.text))
        case ToolCallDelta() | ToolCall():
            for piece in calls.read(event):
                yield ChunkChoice(index=index, delta=_call_delta(piece, form))
        case Finished():
            reason = finish_reason(event, form, has_calls=bool(calls.numbers))
            yield ChunkChoice(index=index, delta=Delta(), finish_reason=reason)


def _call_delta(piece: ToolCallReply, form: Form) -> Delta:
    return Delta(function_call=piece.function) if form.is_legacy else Delta(tool_calls=[piece])


def _chunk(head: Head, form: Form, index: int, delta: Delta) -> ChatChunk:
    return _as_chunk(head, form, [ChunkChoice(index=index, delta=delta)])


def _progress(head: Head, form: Form, event: PromptProgress) -> ChatChunk:
    chunk = _chunk(head, form, 0, Delta())
    chunk.prompt_progress = PromptProgressReply(total=event.total, cache=event.cached, processed=event.done)
    return chunk


def _as_chunk(head: Head, form: Form, choices: list[ChunkChoice], cost: UsageReply | None = None) -> ChatChunk:
    return ChatChunk(
        id=head.id,
        created=head.created,
        model=head.model,
        system_fingerprint=head.fingerprint,
        choices=choices,
        usage=cost if form.include_usage else UNSET,
    )
