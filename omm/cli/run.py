"""omm run: one prompt in, one answer out. Without a prompt, on a terminal, a conversation (`repl.py`)."""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec

from omm import units
from omm.cli import attach, output, replies, transfer
from omm.cli.answer import AnswerPrinter, JsonPrinter, Printer, timings
from omm.cli.client import Client, Unreachable
from omm.cli.files import piped
from omm.cli.params import UsageError, decodable, refuse
from omm.cli.session import Session
from omm.errors import NOT_JSON, EngineFailed, InvalidRequest, NotFound

if TYPE_CHECKING:
    import typer

    from omm.cli.toolbox import Toolbox

# What several commands take: text until a signature is read, as all annotations are.
Model: TypeAlias = "Annotated[str, typer.Argument(metavar='MODEL', help='Name of the model, or a GGUF file')]"
Keepalive: TypeAlias = (
    "Annotated[str | None, typer.Option(metavar='DURATION', help='Duration to keep a model loaded (e.g. 5m)')]"
)
ResponseFormat: TypeAlias = (
    "Annotated[str | None, typer.Option('--format', metavar='FORMAT',"
    " help='Response format: json, a JSON schema or its file')]"
)
Think: TypeAlias = (
    "Annotated[str | None, typer.Option(metavar='[=LEVEL]',"
    " help='Think before answering: true, false, low, medium, high or max')]"
)
System: TypeAlias = "Annotated[str | None, typer.Option(metavar='TEXT', help='System message')]"
Pairs: TypeAlias = (
    "Annotated[list[str] | None, typer.Option('--option', '-o', metavar='NAME=VALUE',"
    " help='Set an option; may be repeated')]"
)

THINK_LEVELS: dict[str, bool | str] = {
    "true": True,
    "false": False,
    "low": "low",
    "medium": "medium",
    "high": "high",
    "max": "max",
}


@dataclasses.dataclass(slots=True)
class Asking:
    """How to ask a model and show its answer; a conversation changes it as it goes."""

    model: str
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    format: Any = None
    think: bool | str | None = None
    keep_alive: str | None = None
    system: str | None = None
    wrap: bool = True
    raw: bool = False
    verbose: bool = False
    hide_thinking: bool = False
    fold_thinking: bool = False
    show_prompt: bool = False
    toolbox: Toolbox | None = None

    def body(self, **more: Any) -> dict[str, Any]:
        """The request, without what was not said."""
        known = {
            "model": self.model,
            "options": self.options or None,
            "format": self.format,
            "think": self.think,
            "keep_alive": self.keep_alive,
        }
        return {name: value for name, value in {**known, **more}.items() if value is not None}

    def question(self, **more: Any) -> dict[str, Any]:
        """The request for an answer. Whoever watches is told how much of a long prompt is read."""
        return self.body(return_progress=sys.stderr.isatty() or None, **more)

    def printer(self) -> AnswerPrinter:
        """What shows an answer; JSON is no Markdown."""
        return AnswerPrinter(
            wrap=self.wrap,
            hide_thinking=self.hide_thinking,
            fold_thinking=self.fold_thinking,
            raw=self.raw or self.format is not None,
            has_tools=self.toolbox is not None,
        )

    def chat(self, turns: Sequence[replies.Turn], info: replies.ModelInfo) -> dict[str, Any]:
        """The request for the next turn of a conversation."""
        tools = [entry.spec() for entry in self.toolbox.offered(info)] if self.toolbox else None
        return self.question(messages=turns, tools=tools or None)

    def embedding(self, text: str | Sequence[str], truncate: bool | None, dimensions: int | None) -> dict[str, Any]:
        """The request for the vectors of a text, or of several."""
        return self.body(format=None, think=None, input=text, truncate=truncate, dimensions=dimensions)

    def load_body(self) -> dict[str, Any]:
        """The request that only loads the model, so that the first question finds it ready."""
        return self.body(format=None, think=None)


@dataclasses.dataclass(slots=True)
class Answer:
    """An answer as far as it came."""

    text: str = ""
    thinking: str = ""
    last: replies.Chunk = replies.Chunk()
    calls: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    def turn(self, *, with_calls: bool = False) -> replies.Turn:
        """What the conversation remembers; calls only if they get results."""
        calls = tuple(self.calls) if with_calls else ()
        return replies.Turn(role="assistant", content=self.text, thinking=self.thinking, tool_calls=calls or None)


def run(
    session: Session,
    model: Model,
    prompt: Annotated[list[str] | None, typer.Argument(metavar="[PROMPT...]", help="What to ask")] = None,
    keepalive: Keepalive = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show timings for response")] = False,
    insecure: Annotated[bool, typer.Option("--insecure", help="Use an insecure registry")] = False,
    nowordwrap: Annotated[
        bool, typer.Option("--nowordwrap", help="Don't wrap words to the next line automatically")
    ] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Do not format the answer as Markdown")] = False,
    format_: ResponseFormat = None,
    think: Think = None,
    hidethinking: Annotated[bool, typer.Option("--hidethinking", help="Do not show the thinking")] = False,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Show on stderr what the model sees, as its template puts it")
    ] = False,
    system: System = None,
    file: Annotated[
        list[str] | None,
        typer.Option("--file", "-f", metavar="FILE", help="Put a text or an image before the prompt; may be repeated"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer's events as JSON, one a line")] = False,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="Random seed; the same one gives the same answer")
    ] = None,
    option: Pairs = None,
    mcp: Annotated[
        str | None, typer.Option(metavar="FILE", help="Let the model call tools of the MCP servers in a JSON file")
    ] = None,
    mcp_allow: Annotated[
        list[str] | None,
        typer.Option("--mcp-allow", metavar="NAME,...", help="Tools or servers to call without asking; all for all"),
    ] = None,
    truncate: Annotated[
        bool | None, typer.Option("--truncate/--no-truncate", help="Embeddings: cut text that is too long")
    ] = None,
    dimensions: Annotated[str | None, typer.Option(metavar="N", help="Embeddings: length of the vector")] = None,
) -> None:
    """Run a model"""
    if as_json:
        refuse("with --json", {"--raw": raw, "--nowordwrap": nowordwrap})
    if mcp is None:
        refuse("without --mcp", {"--mcp-allow": mcp_allow or None})
    asking = Asking(
        model=model,
        options=parse_options([*(option or []), *([f"seed={seed}"] if seed is not None else [])]),
        format=parse_format(format_),
        think=parse_think(think),
        keep_alive=check_duration(keepalive),
        system=decodable(system) if system else system,
        wrap=not nowordwrap,
        raw=raw,
        verbose=verbose,
        hide_thinking=hidethinking,
        show_prompt=show_prompt,
    )
    length = parse_dimensions(dimensions)
    files = [attach.any_file(name) for name in file or []]
    text = decodable(" ".join(piece for piece in (piped(), *(prompt or [])) if piece))
    client = session.client
    info = ready(client, asking, insecure=insecure)
    if info.can("embedding") and not info.can("completion"):
        given = {"--system": system, "--format": format_, "--think": think, "--show-prompt": show_prompt, "--mcp": mcp}
        refuse("with an embedding model", {**given, "--json": as_json, "--verbose": verbose})
        _embed(client, asking, attach.with_texts(files, text), truncate, length)
        return
    refuse("with a model that answers", {"--truncate": truncate is not None, "--dimensions": dimensions})
    if mcp is not None:
        from omm.cli import mcp_start

        tools = mcp_start.opened(Path(mcp).expanduser(), _names(mcp_allow), info, client.settings)
        asking.toolbox = session.resources.enter_context(tools)
    if not text and sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
        from omm.cli import repl

        repl.converse(client, asking, info, files)
    else:
        once(client, asking, info, attach.message(files, text, has_media=info.takes_media), as_json=as_json)


def _names(texts: Sequence[str] | None) -> list[str]:
    """The names in values of a flag, each of which may have several."""
    return [name.strip() for text in texts or () for name in text.split(",") if name.strip()]


def ready(client: Client, asking: Asking, *, insecure: bool = False) -> replies.ModelInfo:
    """Make sure that the server has the model, pulling it if need be, and tell what it can do."""
    if transfer.is_file_name(asking.model):
        asking.model = transfer.import_file(client, Path(asking.model).expanduser())
    try:
        info = client.show(asking.model)
    except NotFound:
        try:
            transfer.pull_model(client, asking.model, insecure=insecure)
        except EngineFailed as exc:
            raise NotFound(exc.message) from exc  # what a script must know is that there is no such model
        info = client.show(asking.model)
    if asking.think is None:
        asking.think = info.wanted_think
    return info


def once(
    client: Client, asking: Asking, info: replies.ModelInfo, question: attach.Message, *, as_json: bool = False
) -> None:
    """Ask one question; an empty one only loads the model."""

    def printer() -> Printer:
        return JsonPrinter(hide_thinking=asking.hide_thinking) if as_json else asking.printer()

    if not question:
        client.load(asking.model, asking.load_body())
    elif asking.toolbox:
        _once_with_tools(client, asking, info, question, printer)
    else:
        _generate(client, asking, question, printer)


def _once_with_tools(
    client: Client,
    asking: Asking,
    info: replies.ModelInfo,
    question: attach.Message,
    new_printer: Callable[[], Printer],
) -> None:
    from omm.cli import rounds

    def ask(body: dict[str, Any], printer: Printer, answer: Answer) -> None:
        with printer, client.chat(body) as stream:
            follow(stream, printer, answer)

    turns = [replies.Turn(role="system", content=asking.system)] if asking.system else []
    turns.append(replies.Turn(role="user", content=question.text, images=question.media))
    rounds.until_answered(client, asking, info, turns, new_printer=new_printer, ask=ask)


def _generate(client: Client, asking: Asking, question: attach.Message, new_printer: Callable[[], Printer]) -> None:
    body = asking.question(prompt=question.text, images=question.media, system=asking.system)
    if asking.show_prompt:
        output.note(client.rendered_prompt("generate", body))
    printer, answer = new_printer(), Answer()
    with printer, client.generate(body) as stream:
        follow(stream, printer, answer)
    printer.end(answer.last)
    if asking.verbose:
        print_timings(answer)


def follow(stream: Iterable[replies.Chunk], printer: Printer, answer: Answer) -> None:
    """Show an answer as it comes and gather it."""
    for answer.last in stream:
        last = answer.last
        turn = last.message or replies.Turn(role="", content=last.response, thinking=last.thinking)
        answer.text += turn.content  # first, or Ctrl-C while it is shown would lose it
        answer.thinking += turn.thinking
        if last.prompt_progress:
            printer.reading(last.prompt_progress)
        printer.thinking(turn.thinking)
        printer.text(turn.content)
        for call in (*(turn.tool_calls or ()), *(last.tool_calls or ())):
            answer.calls.append(call)
            printer.call(call)
    if not answer.last.done:
        raise Unreachable("the answer ended in the middle, please see the server's log")


def print_timings(answer: Answer) -> None:
    """The block of `--verbose`."""
    sys.stdout.flush()
    for line in timings(answer.last):
        output.note(line)


def _embed(client: Client, asking: Asking, text: str, truncate: bool | None, dimensions: int | None) -> None:
    if not text:
        raise InvalidRequest(
            f'embedding models require input text. Usage: omm run {asking.model} "your text here"', param="prompt"
        )
    vectors = client.embed(asking.embedding(text, truncate, dimensions))
    if not vectors:
        raise InvalidRequest("no embeddings returned")
    print(msgspec.json.encode(vectors[0]).decode())


# --- reading flags ----------------------------------------------------------------------------------------------


def parse_options(pairs: Iterable[str]) -> dict[str, Any]:
    """Read `name=value` pairs; those that are lists, such as `stop`, may come several times."""
    options: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UsageError(f"invalid option '{pair}' (must be NAME=VALUE)", param="option")
        name = name.strip()
        value = parse_option(name, [text])
        options[name] = [*options.get(name, []), *value] if isinstance(value, list | tuple) else value
    return options


def parse_option(name: str, texts: Sequence[str]) -> Any:
    """Read the value of a generation option by its type. Raises UsageError: no such option, or the value is none."""
    from omm.types import Options  # PERF: the vocabulary of the server takes 5 ms

    if name not in Options.__struct_fields__:
        raise UsageError(f"unknown parameter '{name}'", param=name)
    is_list = name in {"stop", "dry_sequence_breakers"}
    bad = UsageError(f"invalid value for '{name}': {' '.join(texts)}", param=name)
    try:
        given: Any = list(texts) if is_list else _json_or_text(" ".join(texts))
        value = msgspec.to_builtins(getattr(msgspec.convert({name: given}, Options, strict=False), name))
    except msgspec.ValidationError as exc:
        raise bad from exc
    if isinstance(value, float) and not math.isfinite(value):  # JSON has none, so that the request would go without
        raise bad
    return value


def _json_or_text(text: str) -> Any:
    if not text.startswith("{"):
        return text
    try:
        return msgspec.json.decode(text)
    except NOT_JSON:
        return text


def parse_format(text: str | None) -> Any:
    """Read `--format`: `json`, a JSON schema, or the name of a file that holds one."""
    if not text:
        return None
    if text == "json":
        return "json"
    try:
        return msgspec.json.decode(text if text.lstrip().startswith("{") else Path(text).read_bytes())
    except OSError as exc:
        raise UsageError(
            f'invalid format: "{text}" (must be json, a JSON schema or a file with one)', param="format"
        ) from exc
    except NOT_JSON as exc:
        raise UsageError(f'invalid format: "{text}": {exc}', param="format") from exc


def parse_think(text: str | None) -> bool | str | None:
    """Read `--think`."""
    if text is None:
        return None
    if text not in THINK_LEVELS:
        raise UsageError(
            f'invalid value for --think: "{text}" (must be true, false, high, medium, low, or max)', param="think"
        )
    return THINK_LEVELS[text]


def parse_dimensions(text: str | None) -> int | None:
    """Read `--dimensions`."""
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise UsageError(f'invalid value for --dimensions: "{text}" (must be a whole number)', param="dimensions")
    return int(text)


def check_duration(text: str | None) -> str | None:
    """Refuse what the server would not understand as a duration, before anything is loaded."""
    if text is not None:
        try:
            units.parse_duration(text)
        except ValueError as exc:
            raise UsageError(f"--keepalive: {exc}", param="keepalive") from exc
    return text
