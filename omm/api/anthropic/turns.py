"""Anthropic's messages and their blocks → turns of a conversation. Knows the wire, not the engine.

Each block is read as a turn of its own, and neighbours of one role become one.
Source: Anthropic Messages API reference, content blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from omm.api import bodies, images
from omm.api.anthropic import signature
from omm.api.anthropic.schema import (
    Base64Source,
    Block,
    Body,
    ContentSource,
    DocumentBlock,
    ImageBlock,
    MessageBody,
    SearchResultBlock,
    TextBlock,
    TextSource,
    ThinkingBlock,
    ToolReferenceBlock,
    ToolResultBlock,
    ToolUseBlock,
    URLSource,
)
from omm.api.errors import InvalidImageURL, MissingParameter
from omm.errors import InvalidRequest, Unsupported
from omm.types import Message, ToolCall, Value

BILLING = "x-anthropic-billing-header:"
CALL_ID = "toolu_"
BETWEEN = "\n\n"

KINDS: dict[str, type[Body]] = {
    "text": TextBlock,
    "image": ImageBlock,
    "document": DocumentBlock,
    "search_result": SearchResultBlock,
    "tool_use": ToolUseBlock,
    "tool_result": ToolResultBlock,
    "tool_reference": ToolReferenceBlock,
    "thinking": ThinkingBlock,
}
ROLES = {"tool_use": "assistant", "thinking": "assistant", "tool_result": "user", "image": "user"}
# What Anthropic's servers did, and reasoning that nobody can read: a message may consist of nothing else.
SERVER_KINDS = frozenset({"redacted_thinking", "server_tool_use", "mcp_tool_use"})
SERVER_RESULT = "_tool_result"


class Model(Value):
    """What reading a request needs to know of its model: the name that the client sent, and what it can do."""

    name: str
    abilities: frozenset[str]


# --- conversations ------------------------------------------------------------------------------------------------


def conversation(system: str | list[Block] | None, messages: Sequence[MessageBody], model: Model) -> list[Message]:
    """All turns; the system's text is the first. An empty last answer, which asks for no continuation, is left out.

    Raises:
        InvalidRequest: a message or block that is wrong in itself.
        Unsupported: a block that the model cannot take.
    """
    groups: list[list[Message]] = []
    if text := system_text(system or "", "system"):
        groups.append([Message(role="system", content=text)])
    for index, body in enumerate(messages):
        path, is_last = f"messages[{index}].content", index == len(messages) - 1
        for turn in message_turns(body, model, path, may_be_empty=is_last):
            _add(groups, turn)
    return _named(joined(group, BETWEEN) for group in groups)


def _add(groups: list[list[Message]], turn: Message) -> None:
    """Add a turn to those that become one with it, as all neighbours of one role do but results.

    NOTE: what the system says behind a user's words goes in front of them. So the turn to answer stays the user's, and
    the prompt begins alike when the conversation has gone on.
    """
    last = groups[-1][0].role if groups else ""
    if turn.role == "system" and last == "user":
        words = groups.pop()
        _add(groups, turn)
        groups.append(words)
    elif turn.role == last != "tool":
        groups[-1].append(turn)
    else:
        groups.append([turn])


def joined(turns: Sequence[Message], between: str) -> Message:
    """Turns of one role, at least one, as one; their texts with `between` in between."""
    if len(turns) == 1:
        return turns[0]
    calls = (call for turn in turns for call in turn.tool_calls)
    return Message(
        role=turns[0].role,
        content=between.join(turn.content for turn in turns if turn.content),
        thinking=BETWEEN.join(turn.thinking for turn in turns if turn.thinking),
        images=tuple(image for turn in turns for image in turn.images),
        tool_calls=tuple(msgspec.structs.replace(call, index=index) for index, call in enumerate(calls)),
    )


def _named(turns: Iterable[Message]) -> list[Message]:
    """Results with the names of the tools that were called."""
    names: dict[str | None, str] = {}
    named: list[Message] = []
    for turn in turns:
        names.update((call.id, call.name) for call in turn.tool_calls)
        named.append(msgspec.structs.replace(turn, tool_name=names.get(turn.tool_call_id)))
    return named


def system_text(content: str | list[Block], path: str) -> str:
    """The system's words; blocks of other kinds are left out.

    NOTE: blocks that account for a client's use are no instructions, and differ from process to process.
    """
    if isinstance(content, str):
        return content
    blocks = [read_block(block, f"{path}[{index}]") for index, block in enumerate(content)]
    texts = [block.text for block in blocks if isinstance(block, TextBlock)]
    return BETWEEN.join(text for text in texts if text and not text.startswith(BILLING))


# --- messages -----------------------------------------------------------------------------------------------------


def message_turns(body: MessageBody, model: Model, path: str, *, may_be_empty: bool) -> list[Message]:
    """A message as turns: the results in it, each of its own, then the rest.

    Raises:
        InvalidRequest: it is empty, which only what the assistant is to continue may be.
    """
    if body.role == "system":
        text = system_text(body.content, path)
        return [Message(role="system", content=text)] if text else []
    found = _content_turns(body.content, body.role, model, path)
    results = [turn for turn in found if turn.role == "tool"]
    rest = [turn for turn in found if turn.role != "tool"]
    own = joined(rest, "" if body.role == "assistant" else BETWEEN) if rest else Message(role=body.role)
    if own != Message(role=body.role):
        return [*results, own]
    if not (results or (may_be_empty and body.role == "assistant") or _is_servers(body.content)):
        raise InvalidRequest("must not be empty", param=path)
    return results


def _is_servers(content: str | list[Block]) -> bool:
    kinds = [str(block.get("type")) for block in content] if isinstance(content, list) else []
    return any(kind in SERVER_KINDS or (kind.endswith(SERVER_RESULT) and kind not in KINDS) for kind in kinds)


def _content_turns(content: str | list[Block] | None, role: str, model: Model, path: str) -> list[Message]:
    """Each block as a turn; blocks of unknown kinds are left out."""
    if not isinstance(content, list):
        return [Message(role=role, content=content)] if content else []
    turns = [_block_turn(block, role, model, f"{path}[{index}]") for index, block in enumerate(content)]
    return [turn for turn in turns if turn is not None]


def _block_turn(raw: Block, role: str, model: Model, path: str) -> Message | None:
    block = read_block(raw, path)
    if (only := ROLES.get(str(raw["type"]), role)) != role:
        raise InvalidRequest(f"{raw['type']} blocks can only be in messages of the {only}", param=f"{path}.type")
    match block:
        case TextBlock():
            return Message(role=role, content=block.text)
        case ToolReferenceBlock():
            return Message(role=role, content=block.tool_name)
        case ImageBlock():
            return Message(role=role, images=(_image(block, model, f"{path}.source"),))
        case DocumentBlock():
            return _document(block, role, model, f"{path}.source")
        case SearchResultBlock():
            return _search_result(block, role, model, f"{path}.content")
        case ToolUseBlock():
            return Message(
                role=role, tool_calls=(ToolCall(id=call_id(block.id), name=block.name, arguments=block.input),)
            )
        case ToolResultBlock():
            return _result(block, model, f"{path}.content")
        case ThinkingBlock():
            return Message(role=role, thinking=block.thinking or signature.carried(block.signature))
    return None


def call_id(wire_id: str) -> str:
    """A call's id as the model may have written it; `render.py` puts the prefix."""
    return wire_id.removeprefix(CALL_ID) or wire_id


# --- blocks -------------------------------------------------------------------------------------------------------


def read_block(raw: Block, path: str) -> Body | None:
    """A block of a kind that we know, None for others. Raises InvalidRequest."""
    kind = raw.get("type")
    if not isinstance(kind, str):
        raise MissingParameter("a block needs a type", param=f"{path}.type")
    if kind not in KINDS:
        return None
    try:
        return msgspec.convert(raw, KINDS[kind])
    except msgspec.ValidationError as exc:
        error = bodies.invalid_field(exc, msgspec.json.encode(raw), KINDS[kind])
        error.param = ".".join(filter(None, (path, error.param)))
        raise error from exc


def _image(block: ImageBlock, model: Model, path: str) -> bytes:
    """A picture's bytes, which are fetched only for a model that can see."""
    if "vision" not in model.abilities:
        raise Unsupported(f'"{model.name}" does not support images', param=path)
    match block.source:
        case Base64Source():
            return images.from_base64(block.source.data, f"{path}.data")
        case URLSource():
            if not block.source.url.startswith(("http://", "https://")):
                raise InvalidImageURL("must begin with http:// or https://", param=f"{path}.url")
            return images.from_url(block.source.url, f"{path}.url")
    raise InvalidRequest("there are no uploaded files; send the bytes as base64", param=path)


def _document(block: DocumentBlock, role: str, model: Model, path: str) -> Message:
    """Text with its title. Raises InvalidRequest for what is no text."""
    match block.source:
        case TextSource():
            found = [Message(role=role, content=block.source.data)]
        case ContentSource():
            found = _content_turns(block.source.content, role, model, f"{path}.content")
        case _:
            raise InvalidRequest("only documents of type text and content can be read", param=f"{path}.type")
    return _framed("document", found, role, [("title", block.title), ("context", block.context)])


def _search_result(block: SearchResultBlock, role: str, model: Model, path: str) -> Message:
    found = _content_turns(block.content, role, model, path)
    return _framed("search_result", found, role, [("title", block.title), ("source", block.source)])


def _framed(tag: str, turns: Sequence[Message], role: str, lines: Iterable[tuple[str, str | None]]) -> Message:
    """Content between tags, with what is known about it first."""
    content = joined(turns, BETWEEN) if turns else Message(role=role)
    head = "".join(f"<{name}>{value}</{name}>\n" for name, value in lines if value)
    return msgspec.structs.replace(content, content=f"<{tag}>\n{head}{content.content}\n</{tag}>")


def _result(block: ToolResultBlock, model: Model, path: str) -> Message:
    """What a call gave; that it failed is said in words."""
    found = _content_turns(block.content, "user", model, path)
    content = joined(found, BETWEEN) if found else Message(role="user")
    text = f"Error: {content.content}".rstrip() if block.is_error else content.content
    return Message(role="tool", content=text, images=content.images, tool_call_id=call_id(block.tool_use_id))
