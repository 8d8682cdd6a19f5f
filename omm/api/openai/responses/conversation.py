"""Items → messages as every protocol has them. Knows the wire, not the engine."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from omm.api.openai import parts, tools
from omm.api.openai.parts import Content, Model
from omm.api.openai.responses import thoughts
from omm.api.openai.responses.inputs import Entry
from omm.api.openai.responses.items import (
    CustomCallItem,
    FunctionCallItem,
    FunctionOutputItem,
    InputAudio,
    InputFile,
    InputImage,
    InputText,
    MessageItem,
    OutputText,
    Part,
    PlainText,
    ReasoningItem,
    Refusal,
)
from omm.api.openai.responses.offer import qualified
from omm.errors import InvalidRequest
from omm.types import JSONSchema, Message, ToolCall


def messages(instructions: str | None, entries: Iterable[Entry], model: Model) -> tuple[Message, ...]:
    """The conversation, instructions first. Raises InvalidRequest, and Unsupported for what the model cannot take."""
    reader = _Reader(model)
    for entry in entries:
        reader.read(entry)
    first = (Message(role="system", content=instructions),) if instructions else ()
    return (*first, *reader.turns)


class _Reader:
    """Gathers turns: calls join the assistant's turn before them, reasoning the one after it."""

    def __init__(self, model: Model) -> None:
        self.turns: list[Message] = []
        self._model = model
        self._names: dict[str, str] = {}  # of calls, by their ids
        self._thinking = ""

    def read(self, entry: Entry) -> None:
        """One more item."""
        match entry.item:
            case MessageItem() as item:
                self._read_message(item, f"{entry.path}.content")
            case FunctionCallItem() as item:
                self._add_call(item, tools.arguments(item.arguments))
            case CustomCallItem() as item:
                self._add_call(item, {"input": item.input})
            case FunctionOutputItem() as item:
                self._read_output(item, entry.path)
            case ReasoningItem() as item:
                self._thinking += thoughts.text_of(item)

    def _read_message(self, item: MessageItem, path: str) -> None:
        assert isinstance(item.content, list)
        if item.role == "user":
            content = read(item.content, self._model, path)
            self.turns.append(Message(role="user", content=content.text, images=content.images))
            return
        text = "".join(_text_of(part, f"{path}[{index}]") for index, part in enumerate(item.content))
        if item.role == "assistant":
            self.turns.append(Message(role="assistant", content=text, thinking=self._take_thinking()))
        else:
            self.turns.append(Message(role="system", content=text))

    def _add_call(self, item: FunctionCallItem | CustomCallItem, arguments: JSONSchema | str) -> None:
        if not self.turns or self.turns[-1].role != "assistant":
            self.turns.append(Message(role="assistant"))
        turn, name = self.turns[-1], qualified(item.name, item.namespace)
        call = ToolCall(id=item.call_id, name=name, arguments=arguments, index=len(turn.tool_calls))
        thinking = turn.thinking + self._take_thinking()
        self.turns[-1] = msgspec.structs.replace(turn, tool_calls=(*turn.tool_calls, call), thinking=thinking)
        self._names[item.call_id] = name

    def _read_output(self, item: FunctionOutputItem, path: str) -> None:
        if not self._names:
            raise InvalidRequest(
                f"there is no tool call that the output of {item.call_id!r} could answer", param=f"{path}.call_id"
            )
        output = item.output
        content = Content(text=output) if isinstance(output, str) else read(output, self._model, f"{path}.output")
        self.turns.append(
            Message(
                role="tool",
                content=content.text,
                images=content.images,
                tool_call_id=item.call_id,
                tool_name=self._names.get(item.call_id),
            )
        )

    def _take_thinking(self) -> str:
        taken, self._thinking = self._thinking, ""
        return taken


# --- parts ------------------------------------------------------------------------------------------------------


def read(content: list[Part], model: Model, path: str) -> Content:
    """All parts of one message. Raises InvalidRequest and Unsupported."""
    return parts.join([_read_part(part, model, f"{path}[{index}]") for index, part in enumerate(content)])


def _read_part(part: Part, model: Model, path: str) -> Content:
    match part:
        case InputImage():
            return _image(part, model, path)
        case InputAudio():
            return parts.audio(model, f"{path}.{'audio_url' if part.audio_url else 'input_audio'}")
        case InputFile():
            return _file(part, path)
    return Content(text=_text_of(part, path))


def _text_of(part: Part, path: str) -> str:
    match part:
        case InputText() | PlainText() | OutputText():
            return part.text
        case Refusal():
            return part.refusal
    raise InvalidRequest("only users and tools can send parts that are not text", param=f"{path}.type")


def _image(part: InputImage, model: Model, path: str) -> Content:
    if not isinstance(part.image_url, str):
        wrong = "there are no stored files; send the picture as image_url" if part.file_id else "image_url is required"
        raise InvalidRequest(wrong, param=f"{path}.{'file_id' if part.file_id else 'image_url'}")
    return parts.image(part.image_url, model, f"{path}.image_url")


def _file(part: InputFile, path: str) -> Content:
    """The text of a file, or where it is: nothing is fetched for the model."""
    place = part.file_url or part.file_id
    if part.file_data is None and place:
        named = f"{part.filename}: " if part.filename else ""
        return Content(text=f"[file {named}{place}]")
    return parts.file(part.file_data, None, path)
