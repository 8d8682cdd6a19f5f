"""A request and its model → the prompt the model sees and the parser for what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from omm.chat import constraint, parsers, template
from omm.chat.parsers.plain import PlainParser
from omm.engine.messages import Constraint, Loaded
from omm.errors import InvalidRequest, NotFound, Unsupported
from omm.names import ModelName
from omm.types import ChatRequest, CompleteRequest, InferenceRequest, Message, ModelRecord, Think


@dataclass(frozen=True, slots=True)
class Prompt:
    """Rendered text with what is needed to read the answer. `special` renders control tokens as text for the parser."""

    text: str
    parser: parsers.Parser
    constraint: Constraint | None
    special: bool = True


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
        if request.raw and (request.template or request.system or request.context):
            raise InvalidRequest("raw mode does not support template, system, or context", param="raw")
        has_images = bool(request.images)
    else:
        has_images = False
    if has_images:
        raise Unsupported(f'"{name}" does not support images', param="images")
    constraint.grammar(request.format)


def not_found(name: str) -> NotFound:
    """The model is not in the store."""
    return NotFound(f"model '{name}' not found, try pulling it first", param="model")


def messages_of(request: ChatRequest | CompleteRequest, record: ModelRecord) -> tuple[Message, ...]:
    """The conversation with the model's own system text and messages in front."""
    if isinstance(request, ChatRequest):
        own, system = request.messages, record.system
        has_system = bool(own) and own[0].role == "system"
        first = () if has_system or not system else (Message(role="system", content=system),)
        return (*first, *record.messages, *own)
    system = record.system if request.system is None else request.system
    turns = (Message(role="system", content=system),) if system else ()
    history = () if request.context else record.messages
    return (*turns, *history, Message(role="user", content=request.prompt))


def render(request: ChatRequest | CompleteRequest, record: ModelRecord, loaded: Loaded) -> str:
    """The prompt's text."""
    if isinstance(request, CompleteRequest):
        if request.raw:
            return request.prompt
        if request.suffix:
            return f"{loaded.fim_prefix}{request.prompt}{loaded.fim_suffix}{request.suffix}{loaded.fim_middle}"
    return render_messages(request, record, loaded, messages_of(request, record))


def render_messages(
    request: ChatRequest | CompleteRequest, record: ModelRecord, loaded: Loaded, messages: tuple[Message, ...]
) -> str:
    """The prompt's text for a conversation that may have been shortened."""
    return template.render(
        template.choose(request.template, record.template, record.chat_template),
        messages,
        tools=request.tools if isinstance(request, ChatRequest) else (),
        think=_think(request, record),
        bos=loaded.bos,
        eos=loaded.eos,
    )


def build(request: ChatRequest | CompleteRequest, record: ModelRecord, text: str) -> Prompt:
    """What to send for a rendered prompt, and how to read the answer."""
    grammar = constraint.grammar(request.format)
    is_plain = isinstance(request, CompleteRequest) and (request.raw or bool(request.suffix))
    if is_plain:
        return Prompt(text, PlainParser(), Constraint(grammar=grammar) if grammar else None, special=False)
    source = template.choose(request.template, record.template, record.chat_template)
    think = _think(request, record)
    tools = request.tools if isinstance(request, ChatRequest) else ()
    parser = parsers.parser_for(source, text, tools, think)
    # NOTE: reasoning is free; the format holds from its end on.
    begin, end = parsers.thinking_markers(source, text) if think else ("", "")
    return Prompt(text, parser, Constraint(grammar=grammar, after=end, unless_begins=begin) if grammar else None)


def _think(request: InferenceRequest, record: ModelRecord) -> Think | None:
    """What the client said; a model that can think does so unless told not to."""
    if request.think is not None or "thinking" not in record.capabilities:
        return request.think
    return True


def _full(record: ModelRecord) -> str:
    name = ModelName.parse(record.name)
    return f"{name.host}/{name.namespace}/{name.model}:{name.tag}"


def without_oldest(messages: tuple[Message, ...], count: int) -> tuple[Message, ...]:
    """Drop the `count` oldest messages that are neither system nor the last.

    Source: Ollama's truncation of chats.
    """
    droppable = [index for index, message in enumerate(messages[:-1]) if message.role != "system"][:count]
    kept = [message for index, message in enumerate(messages) if index not in set(droppable)]
    system = [message for message in kept if message.role == "system"]
    return (*system, *(message for message in kept if message.role != "system"))
