"""omm batch: many prompts of a file at once, their answers in another, in the same order."""

from __future__ import annotations

import contextlib
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from omm.cli import replies
from omm.cli.client import Client, Unreachable
from omm.cli.files import appending, read_bytes
from omm.cli.params import UsageError, decodable
from omm.cli.run import (
    Answer,
    Asking,
    Keepalive,
    Pairs,
    ResponseFormat,
    System,
    Think,
    check_duration,
    parse_format,
    parse_options,
    parse_think,
    ready,
)
from omm.cli.session import Session
from omm.errors import NOT_JSON, EngineFailed, InvalidRequest, OmmError

if TYPE_CHECKING:
    import typer

AHEAD = 4  # prompts sent for each the server answers at once, so that a long answer holds up none behind it


class Interrupted(Exception):
    """The user wants no more answers."""


def batch(
    session: Session,
    source: Annotated[
        str, typer.Argument(metavar="IN", help="File of prompts, one JSON value a line; - is the standard input")
    ],
    target: Annotated[str, typer.Argument(metavar="OUT", help="File for the answers; - is the standard output")],
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="Model for lines that name none")
    ] = None,
    parallel: Annotated[
        str | None, typer.Option(metavar="N", help="Requests at once; without it what the server can answer at once")
    ] = None,
    system: System = None,
    format_: ResponseFormat = None,
    think: Think = None,
    option: Pairs = None,
    keepalive: Keepalive = None,
) -> None:
    """Answer a file of prompts"""
    asking = Asking(
        model=model or "",
        options=parse_options(option or []),
        format=parse_format(format_),
        think=parse_think(think),
        keep_alive=check_duration(keepalive),
        system=decodable(system) if system else system,
    )
    lines = _lines_of(source)
    client = session.client
    num_parallel = _number(parallel) or _capacity(client, asking)
    num_done, num_failed = (0, 0) if target == "-" else finished(Path(target).expanduser())
    with (
        appending(target) as file,
        _bar(len(lines), num_done, is_shown=target == "-" and sys.stdout.isatty()) as advance,
    ):
        for result in answers(client, asking, lines[num_done:], first=num_done, num_parallel=num_parallel):
            file.write(msgspec.json.encode(result) + b"\n")
            file.flush()
            num_failed += "error" in result
            advance()
    if num_failed:
        where = "the answers" if target == "-" else target
        raise EngineFailed(f"{num_failed} of {len(lines)} lines failed; their errors are in {where}")


def _lines_of(name: str) -> list[bytes]:
    return [line for line in read_bytes(name).splitlines() if line.strip()]


def _number(text: str | None) -> int:
    if text is not None and not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise UsageError(f'invalid value for --parallel: "{text}" (must be from 1 to 9999)', param="parallel")
    return int(text or 0)


def _capacity(client: Client, asking: Asking) -> int:
    """Load the model, and tell how many requests it answers at once."""
    if not asking.model:
        return 1
    info = ready(client, asking)
    client.load(asking.model, asking.load_body())
    loaded = client.row_of(asking.model, info)
    return max(1, loaded.parallel) if loaded else 1


def finished(path: Path) -> tuple[int, int]:
    """How many lines a file has already, and how many of them are errors; half a line at its end is cut off."""
    if not path.is_file():  # nor is there anything to go on with in a pipe or a device
        return 0, 0
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    try:
        results = [msgspec.json.decode(line, type=dict[str, Any]) for line in whole.splitlines()]
    except NOT_JSON as exc:
        raise InvalidRequest(f"{path} is there already, and it is no output of omm batch: {exc}", param="OUT") from exc
    return len(results), sum("error" in result for result in results)


# --- asking -------------------------------------------------------------------------------------------------------


def answers(
    client: Client, asking: Asking, lines: Iterable[bytes], *, first: int, num_parallel: int
) -> Iterator[dict[str, Any]]:
    """The result of each line, in their order; `first` is the index of the first.

    Raises:
        Unreachable: the server is gone, so that no line can be answered any more.
    """
    stop = threading.Event()
    waiting: deque[Future[dict[str, Any]]] = deque()
    pool = ThreadPoolExecutor(num_parallel)
    try:
        for index, line in enumerate(lines, first):
            waiting.append(pool.submit(_answer, client, asking, index, line, stop))
            if len(waiting) >= AHEAD * num_parallel:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        stop.set()
        # NOTE: an answer that is on its way may take minutes to begin, and hears of the stop only then.
        pool.shutdown(wait=False, cancel_futures=True)


def _answer(client: Client, asking: Asking, index: int, line: bytes, stop: threading.Event) -> dict[str, Any]:
    head: dict[str, Any] = {"index": index}
    try:
        name, body = request(asking, line)
        head |= {} if name is None else {"id": name}
        return head | _result(_ask(client, body, stop))
    except Unreachable:
        raise
    except OmmError as exc:
        return {**head, "error": exc.message}


def request(asking: Asking, line: bytes) -> tuple[Any, dict[str, Any]]:
    """What to send for a line, and the id it has. Raises InvalidRequest."""
    try:
        given: Any = msgspec.json.decode(line)
    except NOT_JSON as exc:
        raise InvalidRequest(f"the line is not JSON: {exc}") from exc
    fields: Any = {"prompt": given} if isinstance(given, str) else given
    if not isinstance(fields, dict) or not ("prompt" in fields or "messages" in fields):
        raise InvalidRequest("the line must be a JSON string, or an object with prompt or messages")
    name = fields.pop("id", None)
    prompt, system = fields.pop("prompt", None), fields.pop("system", asking.system)
    messages = fields.pop("messages", None) or [{"role": "user", "content": prompt}]
    if system:
        messages = [{"role": "system", "content": system}, *messages]
    options = {**asking.options, **(fields.pop("options", None) or {})}
    body = {**asking.body(messages=messages), **fields, "stream": True, **({"options": options} if options else {})}
    if not body["model"]:
        raise InvalidRequest("the line names no model, and neither does --model")
    return name, body


def _ask(client: Client, body: dict[str, Any], stop: threading.Event) -> Answer:
    answer = Answer()
    with client.chat(body) as stream:
        for answer.last in stream:
            if stop.is_set():
                raise Interrupted
            turn = answer.last.message or replies.Turn(role="")
            answer.text += turn.content
            answer.thinking += turn.thinking
    if not answer.last.done:
        raise Unreachable("the answer ended in the middle, please see the server's log")
    return answer


def _result(answer: Answer) -> dict[str, Any]:
    thinking = {"thinking": answer.thinking} if answer.thinking else {}
    last = answer.last
    counts = {"prompt_eval_count": last.prompt_eval_count, "eval_count": last.eval_count}
    return {"response": answer.text, **thinking, "done_reason": last.done_reason, **counts}


@contextlib.contextmanager
def _bar(total: int, done: int, *, is_shown: bool) -> Iterator[Callable[[], None]]:
    """Show on a terminal how far the batch is, unless the answers themselves are shown there."""
    if not sys.stderr.isatty() or is_shown:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total, completed=done)
        yield lambda: progress.advance(task)
