"""A request and its model → the prompt the model sees and the parser for what it answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from omm.chat import constraint, dialects, goprompt, literal, schema, template
from omm.chat.dialects import Context, Dialect, Parser, Reader
from omm.chat.dialects.reader import Steps
from omm.chat.template import Template
from omm.engine.messages import Constraint, Loaded, Thinking
from omm.errors import InvalidRequest, NotFound, Unsupported
from omm.names import ModelName
from omm.types import ChatRequest, CompleteRequest, InferenceRequest, Message, ModelRecord, Prompting, Think, Tool

HERMES = dialects.choose("", "hermes")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Rendered text with what is needed to send it and to read the answer.

    `cuts` are places in the text that no token may span; `stops` are texts that end the model's turn. `special`
    renders control tokens as text for the parser.
    """

    text: str
    cuts: tuple[int, ...]
    parser: Parser
    thinking: Thinking | None = None
    constraint: Constraint | None = None
    stops: tuple[str, ...] = ()
    special: bool = False


def check(request: InferenceRequest, record: ModelRecord) -> None:
    """Refuse what the model cannot do.

    Raises:
        Unsupported: naming the ability.
        InvalidRequest: the request contradicts itself.
    """
    name, abilities = request.model, record.capabilities
    if "completion" not in abilities:
        raise Unsupported(f'"{name}" does not support {"chat" if isinstance(request, ChatRequest) else "generate"}')
    if request.think and "thinking" not in abilities:
        raise Unsupported(f'"{name}" does not support thinking', param="think")
    if isinstance(request, ChatRequest):
        if request.tools and "tools" not in abilities:
            raise Unsupported(f"{_full(record)} does not support tools", param="tools")
        has_images = any(message.images for message in request.messages)
    elif isinstance(request, CompleteRequest):
        if request.suffix and "insert" not in abilities:
            raise Unsupported(f"{_full(record)} does not support insert", param="suffix")
        if request.raw and (request.template or request.system):
            raise InvalidRequest("raw mode does not support template or system", param="raw")
        has_images = bool(request.images)
    else:
        has_images = False
    if has_images:
        raise Unsupported(f'"{name}" does not support images', param="images")
    template.check_kwargs(request.template_kwargs)
    constraint.check(request)


AnyRequest = TypeVar("AnyRequest", bound=InferenceRequest)


def loosened(request: AnyRequest) -> AnyRequest:
    """The request without what no grammar can hold of its format, where that need not be."""
    if request.is_strict or not isinstance(request.format, dict):
        return request
    return msgspec.structs.replace(request, format=schema.loosened(request.format))


def not_found(name: str) -> NotFound:
    """The model is not in the store."""
    return NotFound(f"model '{name}' not found, try pulling it first", param="model")


def messages_of(request: ChatRequest | CompleteRequest, record: ModelRecord) -> tuple[Message, ...]:
    """The conversation with the model's own system text and messages in front."""
    if isinstance(request, ChatRequest):
        own, system = request.messages, record.system
        has_system = bool(own) and own[0].role in ("system", "developer")
        first = () if has_system or not system else (Message(role="system", content=system),)
        return (*first, *record.messages, *own)
    system = record.system if request.system is None else request.system
    turns = (Message(role="system", content=system),) if system else ()
    history = () if request.context else record.messages
    return (*turns, *history, Message(role="user", content=request.prompt))


def without_oldest(messages: tuple[Message, ...], count: int) -> tuple[Message, ...]:
    """Drop the `count` oldest messages that are neither system nor of the last exchange, and answers to dropped calls.

    Source: Ollama's truncation of chats, which keeps only the last message.
    """
    last = _last_exchange(messages)
    dropped = {index for index, message in enumerate(messages[:last]) if message.role != "system"}
    dropped = set(sorted(dropped)[:count])
    for index, message in enumerate(messages[:last]):
        if message.role == "tool" and index - 1 in dropped:
            dropped.add(index)
    kept = [message for index, message in enumerate(messages) if index not in dropped]
    system = [message for message in kept if message.role == "system"]
    return (*system, *(message for message in kept if message.role != "system"))


def _last_exchange(messages: tuple[Message, ...]) -> int:
    """Where the last message stands, or the call that it answers."""
    index = len(messages) - 1
    while index > 0 and messages[index].role == "tool":
        index -= 1
    return index


def build(
    request: ChatRequest | CompleteRequest,
    record: ModelRecord,
    loaded: Loaded,
    messages: tuple[Message, ...] | None = None,
) -> Prompt:
    """Render the prompt and choose what reads the answer; `messages` is the conversation when it was shortened.

    Raises:
        InvalidRequest: the template is broken or refuses the conversation; the format cannot be had.
    """
    tools = offered_tools(request)
    chosen = choose_template(request, record, tools)
    dialect = choose_dialect(chosen, record, has_tools=bool(tools))
    if isinstance(request, CompleteRequest) and (request.raw or request.suffix):
        text, cuts = _without_turns(request, chosen, dialect, loaded)
        limits = _constraint(request, dialect, loaded)
        return Prompt(text, cuts, Parser(_unread, Context()), constraint=limits)
    turns = messages_of(request, record) if messages is None else messages
    turns = tuple(_marked(turn, dialect, loaded, is_last=turn is turns[-1]) for turn in turns)
    rendered = _render(request, record, loaded, chosen, dialect, turns)
    context = _context(rendered, tools, dialect)
    text, cuts = literal.cut(rendered)
    return Prompt(
        text,
        cuts,
        dialect.parser(context),
        thinking=_thinking(request, record, dialect, context),
        constraint=_constraint(request, dialect, loaded),
        stops=dialect.stops,
        special=True,
    )


def _constraint(request: InferenceRequest, dialect: dialects.Dialect, loaded: Loaded) -> Constraint | None:
    guide = constraint.build(request, dialect, loaded.markers)
    return None if guide is None else Constraint(grammar=guide.grammar, kind=guide.kind, trigger=guide.trigger)


def choose_template(request: InferenceRequest, record: ModelRecord, tools: Sequence[Tool] = ()) -> Template:
    """The template of a request to a model."""
    return template.choose(
        request.template,
        record.template,
        record.chat_template,
        record.chat_templates,
        has_tools=bool(tools),
        has_documents=isinstance(request, ChatRequest) and bool(request.documents),
    )


def choose_dialect(chosen: Template, record: ModelRecord, *, has_tools: bool = False) -> Dialect:
    """How a model writes thinking and calls: as it was told, else as its template shows.

    A model whose template knows no tools is told to call as Hermes models do.

    NOTE: a Go template often leaves out what the model was trained on, so the one in the model file has a say too.
    """
    sources = (chosen.text, record.chat_template) if chosen.kind == "go" else (chosen.text,)
    found = [dialects.choose(source, record.dialect) for source in sources]
    dialect = next((dialect for dialect in found if dialect.signs != ((),)), found[0])
    if has_tools and not record.dialect and chosen.kind != "go" and template.is_told_hermes(chosen):
        return dataclasses.replace(dialect, read=HERMES.read, grammar=HERMES.grammar, new_id=HERMES.new_id)
    return dialect


def default_template(record: ModelRecord) -> Template:
    """The template of a plain request to a model."""
    return choose_template(CompleteRequest(model=record.name, prompt=""), record)


def warm(record: ModelRecord) -> None:
    """Compile the template of a plain request, so that the first one finds it done. Raises nothing."""
    template.adaptations(default_template(record))


def describe(record: ModelRecord) -> Prompting:
    """How prompts for a model are made."""
    chosen = default_template(record)
    adapted = template.adaptations(chosen) if chosen.kind != "go" else ()
    return Prompting(
        origin="config" if "template" in record.configured else chosen.origin,
        language=chosen.kind,
        dialect=choose_dialect(chosen, record).name,
        adaptations=adapted,
    )


def offered_tools(request: InferenceRequest) -> tuple[Tool, ...]:
    """The tools that may be called."""
    if not isinstance(request, ChatRequest) or request.tool_choice.mode == "none":
        return ()
    names = request.tool_choice.names
    return tuple(tool for tool in request.tools if not names or tool.name in names)


def _without_turns(
    request: CompleteRequest, chosen: Template, dialect: Dialect, loaded: Loaded
) -> tuple[str, tuple[int, ...]]:
    """A raw prompt as it is, or fill-in-the-middle by the template that knows how, else by the model's own tokens."""
    if request.raw:
        return request.prompt, ()
    marked = _literals(dialect, loaded)
    before, after = marked.text(request.prompt), marked.text(request.suffix or "")
    if chosen.kind == "go" and goprompt.takes_suffix(chosen.text):
        user = Message(role="user", content=before)
        return literal.cut(template.render(chosen, [user], suffix=after))
    return literal.cut(f"{loaded.fim_prefix}{before}{loaded.fim_suffix}{after}{loaded.fim_middle}")


def _render(
    request: ChatRequest | CompleteRequest,
    record: ModelRecord,
    loaded: Loaded,
    chosen: Template,
    dialect: Dialect,
    turns: Sequence[Message],
) -> str:
    marked = _literals(dialect, loaded)
    return template.render(
        chosen,
        turns,
        tools=[marked.tool(tool) for tool in offered_tools(request)],
        think=_think(request, record),
        bos=loaded.bos,
        eos=loaded.eos,
        kwargs=marked.value(_template_kwargs(request)),
        documents=marked.value(request.documents) if isinstance(request, ChatRequest) else (),
    )


def _template_kwargs(request: InferenceRequest) -> dict[str, Any]:
    """The client's variables; some templates tell the model its budget."""
    budget = {} if request.thinking_budget is None else {"thinking_budget": request.thinking_budget}
    return budget | request.template_kwargs


def _literals(dialect: Dialect, loaded: Loaded) -> literal.Literals:
    return literal.literals(frozenset(loaded.markers) | {marker for marker in dialect.thinking or () if marker})


def _marked(turn: Message, dialect: Dialect, loaded: Loaded, *, is_last: bool) -> Message:
    """A turn that cannot hold control tokens, nor open reasoning that it does not close.

    NOTE: templates look for the thinking markers in earlier answers to take the reasoning out, so there they stay.
    """
    literals = _literals(dialect, loaded)
    marked = literals.message(turn)
    if turn.role != "assistant" or dialect.thinking is None:
        return marked
    opener, closer = dialect.thinking
    reasoning, found, answer = turn.content.rpartition(closer) if closer else ("", "", turn.content)
    if is_last and not found and opener and answer.lstrip().startswith(opener):  # the answer continues the reasoning
        reasoning, answer = answer, ""
    lenient = literal.literals(frozenset(loaded.markers) - set(dialect.thinking))
    return msgspec.structs.replace(marked, content=lenient.text(reasoning + found) + literals.text(answer))


def _context(rendered: str, tools: tuple[Tool, ...], dialect: Dialect) -> Context:
    """Where the answer begins, and whether reasoning is open there.

    Marks are still in the text, so what a user typed is not taken for a marker.
    """
    opener, closer = dialect.thinking or ("", "")
    is_thinking = bool(opener) and rendered.rfind(opener) > rendered.rfind(closer)
    return Context(tools=tools, prompt=rendered, is_thinking=is_thinking)


def _thinking(request: InferenceRequest, record: ModelRecord, dialect: Dialect, context: Context) -> Thinking | None:
    if dialect.thinking is None or not (_think(request, record) or context.is_thinking):
        return None
    begin, end = dialect.thinking
    forced = dialect.forced or f"\n{end}\n\n"
    return Thinking(begin="" if context.is_thinking else begin, end=end, budget=request.thinking_budget, forced=forced)


def _think(request: InferenceRequest, record: ModelRecord) -> Think | None:
    """What the client said; a model that can think does so unless told not to."""
    if request.think is not None or "thinking" not in record.capabilities:
        return request.think
    return True


def _full(record: ModelRecord) -> str:
    name = ModelName.parse(record.name)
    return f"{name.host}/{name.namespace}/{name.model}:{name.tag}"


def _unread(reader: Reader) -> Steps[None]:
    """The dialect of raw text: there is nothing in it to find."""
    yield from reader.until(into=reader.say)
