"""Several answers to one request, run side by side and read as one sequence of events. Knows no shape."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import falcon

from omm.api.errors import InvalidSchema
from omm.api.services import EventStream
from omm.api.wire import BEAT_S, PROGRESS_S, has_left, open_events, peek, watch_events
from omm.errors import ContextExceeded, InvalidRequest
from omm.types import Event, Finished, InferenceRequest, PromptProgress

TURN_S = 0.02  # how long a silent answer is waited for before the others are looked at

ChoiceEvent = tuple[int, Event]
AnyRequest = TypeVar("AnyRequest", bound=InferenceRequest)


class Choices:
    """The streams of several requests; close to cancel what still runs."""

    def __init__(self, streams: Sequence[EventStream]) -> None:
        self.streams = streams

    def close(self) -> None:
        """May be called twice."""
        with contextlib.ExitStack() as stack:
            for stream in self.streams:
                stack.callback(stream.close)


def start(run: Callable[[AnyRequest], EventStream], requests: Iterable[AnyRequest]) -> Choices:
    """Start all; if one cannot, none runs. Raises as the service does."""
    with contextlib.ExitStack() as stack:
        streams: list[EventStream] = []
        for request in requests:
            streams.append(run(request))
            stack.callback(streams[-1].close)
        stack.pop_all()
    return Choices(streams)


def open_choices(req: falcon.Request, choices: Choices, *, beat_s: float = math.inf) -> Iterator[ChoiceEvent]:
    """As `wire.open_events`, each event with the number of its answer; a PromptProgress is about the first.

    Raises:
        OmmError: as `wire.open_events`; all streams are closed then.
    """
    if len(choices.streams) == 1:
        return ((0, event) for event in open_events(req, choices.streams[0], beat_s=beat_s))
    try:
        is_gone = has_left(req)
        return peek(_interleave([watch_events(s, is_gone, beat_s=TURN_S) for s in choices.streams], beat_s))
    except BaseException:
        choices.close()
        raise


def _interleave(watched: Sequence[Iterator[Event]], beat_s: float) -> Iterator[ChoiceEvent]:
    live = dict(enumerate(watched))
    has_begun, progress, spoke = False, PromptProgress(done=0, total=0), time.monotonic()
    while live:
        for index, events in list(live.items()):
            event = next(events)
            if isinstance(event, PromptProgress):
                progress = event if event.total else progress
                continue
            yield index, event
            has_begun, spoke = True, time.monotonic()
            if isinstance(event, Finished):
                del live[index]
        if time.monotonic() - spoke >= beat_s and (has_begun or progress.total):
            yield 0, progress
            spoke = time.monotonic()


def beat(*, is_stream: bool, wants_progress: bool = False) -> float:
    """Seconds between signs of life."""
    if not is_stream:
        return math.inf
    return PROGRESS_S if wants_progress else BEAT_S


@contextlib.contextmanager
def about(param: str, format_param: str = "format") -> Iterator[None]:
    """Name the fields that a prompt which is too long or holds no tokens, or a schema that cannot be held, came in."""
    try:
        yield
    except ContextExceeded as exc:
        exc.param = exc.param or param
        raise
    except InvalidRequest as exc:
        if exc.param in ("context", "tokens"):  # the engine's names for tokens in place of text
            raise InvalidRequest(exc.message.replace(exc.param, param, 1), param=param) from exc
        if exc.param != "format" or format_param == "format":
            raise
        raise InvalidSchema(exc.message.removeprefix("format: "), param=format_param) from exc
