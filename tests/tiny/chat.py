"""Conversations as training text: a fast twin of `template.jinja`, which also says what carries loss.

Knows roles, tools and thinking; knows nothing of token ids. `test_template.py` holds the two together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEMPLATE_PATH = Path(__file__).with_name("template.jinja")


@dataclass(frozen=True)
class Segment:
    """A piece of text, tokenised by itself; whether it carries loss, and whether its first token does not."""

    text: str
    trained: bool = False
    skip_first: bool = False


@dataclass
class Message:
    """One turn; `thinking` is shown only in the last assistant turn."""

    role: str
    content: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    thinking: str | None = None

    def to_openai(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": self.role, "content": self.content}
        if self.calls:
            message["tool_calls"] = [
                {"type": "function", "function": {"name": name, "arguments": arguments}}
                for name, arguments in self.calls
            ]
        return message


def exchange(question: str, answer: str, thinking: str) -> list[Message]:
    return [Message("user", question), Message("assistant", answer, thinking=thinking)]


@dataclass
class Chat:
    """A conversation whose last message is the assistant's answer; `thinks` chooses the prompt's form."""

    messages: list[Message]
    tools: list[dict[str, Any]] = field(default_factory=list)
    thinks: bool = False
    skill: str = ""


def render_tool(tool: dict[str, Any]) -> str:
    """A tool as one line, `name(required: type, optional?: a|b): description`.

    PERF: a quarter of the tokens of its JSON schema, so a call is learnt from far less text.
    """
    function = tool.get("function", tool)
    schema = function.get("parameters") or {}
    required = schema.get("required") or []
    parameters = []
    for name, spec in (schema.get("properties") or {}).items():
        kind = spec.get("enum") or spec.get("type") or "any"
        text = kind if isinstance(kind, str) else "|".join(map(str, kind))
        parameters.append(f"{name}{'' if name in required else '?'}: {text}")
    description = (function.get("description") or "").strip().split("\n")[0]
    return f"{function['name']}({', '.join(parameters)})" + (f": {description}" if description else "")


def render_call(name: str, arguments: dict[str, Any]) -> str:
    body = json.dumps(arguments, ensure_ascii=False)
    return f'<tool_call>\n{{"name": "{name}", "arguments": {body}}}\n</tool_call>'


def render_answer(message: Message) -> str:
    calls = "\n".join(render_call(name, arguments) for name, arguments in message.calls)
    return f"{message.content}\n{calls}" if message.content and calls else message.content or calls


def render_system(messages: list[Message], tools: list[dict[str, Any]]) -> str:
    parts = [messages[0].content] if messages and messages[0].role == "system" else []
    if tools:
        parts.append("\n".join(["# Tools (call with <tool_call>)", *map(render_tool, tools)]))
    text = "\n\n".join(parts)
    return f"<|im_start|>system\n{text}<|im_end|>\n" if parts else ""


def render_input(messages: list[Message], index: int) -> str:
    """A user or tool turn; neighbouring tool turns share one user turn."""
    message = messages[index]
    if message.role == "user":
        return f"<|im_start|>user\n{message.content}<|im_end|>\n"
    opens = index == 0 or messages[index - 1].role != "tool"
    closes = index + 1 == len(messages) or messages[index + 1].role != "tool"
    text = f"\n<tool_response>\n{message.content}\n</tool_response>"
    return ("<|im_start|>user" if opens else "") + text + ("<|im_end|>\n" if closes else "")


def generation_prompt(thinks: bool) -> str:
    return "<|im_start|>assistant\n" + ("" if thinks else "<think>\n\n</think>\n\n")


def render_prompt(chat: Chat) -> str:
    """Everything up to where the model starts to write the last answer."""
    return "".join(segment.text for segment in history(chat)) + generation_prompt(chat.thinks)


def history(chat: Chat) -> list[Segment]:
    """All turns but the last; earlier answers carry loss, save for their first token.

    NOTE: a thinking prompt must begin with <think>, and answers in the history do not, so the first token
    of those is never trained.
    """
    segments = []
    system = render_system(chat.messages, chat.tools)
    if system:
        segments.append(Segment(system))
    for index, message in enumerate(chat.messages[:-1]):
        if message.role == "assistant":
            segments.append(Segment("<|im_start|>assistant\n"))
            segments.append(Segment(render_answer(message), trained=True, skip_first=True))
            segments.append(Segment("<|im_end|>", trained=True))
            segments.append(Segment("\n"))
        elif message.role != "system":
            segments.append(Segment(render_input(chat.messages, index)))
    return segments


def render(chat: Chat) -> list[Segment]:
    """The whole conversation, with loss on the answers."""
    last = chat.messages[-1]
    segments = [*history(chat), Segment(generation_prompt(chat.thinks))]
    if chat.thinks:
        segments.append(Segment(f"<think>\n{last.thinking or ''}\n</think>\n\n", trained=True))
    segments.append(Segment(render_answer(last), trained=True))
    segments.append(Segment("<|im_end|>", trained=True))
    return segments
