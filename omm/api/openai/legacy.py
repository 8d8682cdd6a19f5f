"""Events → the shapes of text completions, streamed or folded. Knows the wire, not the engine."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence

from msgspec import UNSET

from omm.api.openai.render import Answer, Head, usage
from omm.api.openai.schema import CompletionChoice, CompletionReply, LegacyLogprobs, UsageReply
from omm.api.openai.streams import ChoiceEvent
from omm.types import Finished, PromptProgress, TextDelta, TokenLogprob, Usage, Value


class Form(Value):
    """What a client asked of the answers' shape. `echoes` is what to put before each prompt's answers."""

    echoes: tuple[str, ...]
    num_choices: int = 1  # given to each prompt
    best_of: int = 1  # tried for each prompt
    logprobs: bool = False
    include_usage: bool = False


class _Tokens:
    """The log probabilities of one choice; counts characters, of which a token may have a part."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._offset = 0

    def read(self, tokens: Iterable[TokenLogprob]) -> LegacyLogprobs:
        """Those that follow what was read before."""
        reply = LegacyLogprobs(tokens=[], token_logprobs=[], top_logprobs=[], text_offset=[])
        for token in tokens:
            reply.tokens.append(token.token)
            reply.token_logprobs.append(token.logprob)
            reply.top_logprobs.append({alternative.token: alternative.logprob for alternative in token.top})
            reply.text_offset.append(self._offset)
            self._offset += len(self._decoder.decode(token.data))
        return reply


def reply(answers: Sequence[Answer], head: Head, form: Form) -> CompletionReply:
    """The whole answer: for each prompt the best of its candidates, which all cost."""
    choices: list[CompletionChoice] = []
    for number, echo in enumerate(form.echoes):
        candidates = answers[number * form.best_of : (number + 1) * form.best_of]
        for answer in best(candidates, form.num_choices):
            choices.append(_choice(len(choices), echo, answer, form))
    cost = usage([answer.end.usage for answer in answers], form.best_of)
    return _reply(head, choices, cost)


def best(candidates: Sequence[Answer], count: int) -> Sequence[Answer]:
    """Those with the highest mean log probability, best first; all in order when none is to go."""
    if count >= len(candidates):
        return candidates
    return sorted(candidates, key=mean_logprob, reverse=True)[:count]


def mean_logprob(answer: Answer) -> float:
    """Of an answer's tokens; an empty one is the least likely."""
    tokens = answer.logprobs
    return sum(token.logprob for token in tokens) / len(tokens) if tokens else float("-inf")


def _choice(index: int, echo: str, answer: Answer, form: Form) -> CompletionChoice:
    return CompletionChoice(
        index=index,
        text=echo + answer.text,
        logprobs=_Tokens().read(answer.logprobs) if form.logprobs else None,
        finish_reason=_finish_reason(answer.end),
    )


def _finish_reason(end: Finished) -> str:
    return "length" if end.reason == "length" else "stop"


def chunks(events: Iterable[ChoiceEvent], head: Head, form: Form) -> Iterator[CompletionReply | None]:
    """Yield the stream's chunks, None for a sign of life.

    Source: OpenAI API reference, completions.
    """
    num_choices = len(form.echoes) * form.num_choices
    tokens = [_Tokens() for _ in range(num_choices)]
    costs: dict[int, Usage] = {}
    is_open = False
    for index, event in events:
        if not is_open:
            is_open = True
            for number in range(num_choices if any(form.echoes) else 0):
                echo = form.echoes[number // form.num_choices]
                yield _chunk(head, form, CompletionChoice(index=number, text=echo))
        match event:
            case PromptProgress():
                yield None
            case TextDelta() if event.text or (form.logprobs and event.logprobs):
                scores = tokens[index].read(event.logprobs) if form.logprobs else None
                yield _chunk(head, form, CompletionChoice(index=index, text=event.text, logprobs=scores))
            case Finished():
                costs[index] = event.usage
                yield _chunk(head, form, CompletionChoice(index=index, text="", finish_reason=_finish_reason(event)))
    if form.include_usage:
        yield _reply(head, [], usage([costs[index] for index in sorted(costs)], form.num_choices))


def _chunk(head: Head, form: Form, choice: CompletionChoice) -> CompletionReply:
    chunk = _reply(head, [choice], None)
    if not form.include_usage:
        chunk.usage = UNSET
    return chunk


def _reply(head: Head, choices: list[CompletionChoice], cost: UsageReply | None) -> CompletionReply:
    return CompletionReply(
        id=head.id,
        created=head.created,
        model=head.model,
        system_fingerprint=head.fingerprint,
        choices=choices,
        usage=cost,
    )
