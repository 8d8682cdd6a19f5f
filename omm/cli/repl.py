"""The interactive prompt: reads messages, sends questions, shows answers. Its /commands are in `slash.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from omm import config
from omm.cli import attach, output, rounds, signals, slash, slash_more
from omm.cli.answer import AnswerPrinter
from omm.cli.client import Client
from omm.cli.conversation import Conversation, show_turns
from omm.cli.lines import CONTINUATION, LineEditor, SavedHistory
from omm.cli.replies import ModelInfo, Turn
from omm.cli.run import Answer, Asking, follow
from omm.cli.words import Words
from omm.errors import OmmError

PROMPT = ">>> "
QUOTES = '"""'
WELCOME = """\
This is a conversation with {model}. Type a question and press Enter.
Ctrl-C stops an answer, Ctrl-D or /bye leaves, /? lists what else you can type.
Other models: omm search WORDS finds them, omm run NAME talks to one.
"""


def converse(client: Client, asking: Asking, info: ModelInfo, files: Sequence[attach.Attached] = ()) -> None:
    """Hold a conversation until the user leaves; `files` go with the first question."""
    conversation = Conversation(client, asking, info, files=list(files))
    history = SavedHistory(config.state_dir() / "history", limit=client.settings.history_limit)
    editor = LineEditor(history, Words(client), lambda: slash_more.show_thinking(conversation))
    with signals.deaf(), editor.keyboard(), signals.heard(), output.spinner(f"loading {asking.model}"):
        client.load(asking.model, asking.load_body())
    if conversation.is_history_on and not history.get_strings():
        output.note(WELCOME.format(model=asking.model))
    show_turns(info.messages or (), PROMPT)
    with signals.deaf():  # between what may be interrupted, or an impatient Ctrl-C would cost the conversation
        while (text := read_message(editor, conversation)) is not None:
            if is_command(conversation, text):
                if not obey(conversation, text, editor):
                    return
            elif text:
                question(conversation, text, editor)
            if conversation.pending is not None:
                again, conversation.pending = conversation.pending, None
                ask(conversation, again, editor)


def is_command(conversation: Conversation, text: str) -> bool:
    """Whether it begins with a command, not with the path of an image for a model that sees or a comment in code."""
    if not text.startswith("/") or (conversation.info.takes_media and attach.names_media(text)):
        return False
    return "\n" not in text or text.split()[0] in slash.NAMES


def obey(conversation: Conversation, text: str, editor: LineEditor) -> bool:
    """Carry out a /command, which Ctrl-C ends; false when it, or Ctrl-D in the middle of it, ends the conversation."""
    try:
        with editor.keyboard(), signals.heard():
            return slash.obey(conversation, text, lambda opened: finish_quoted(editor, opened))
    except EOFError:
        return False
    except KeyboardInterrupt:
        print()
        return True


def question(conversation: Conversation, text: str, editor: LineEditor) -> None:
    """Ask what was typed, with the files that belong to it."""
    try:
        turn = conversation.question(text)
    except OmmError as exc:
        output.note(f"error: {exc.message}")
        return
    ask(conversation, turn, editor)


def ask(conversation: Conversation, turn: Turn, editor: LineEditor) -> None:
    """Send the conversation with one more question and show the answer."""
    client, asking, turns = conversation.client, conversation.asking, conversation.turns
    num_before = len(turns)
    conversation.refused = None
    turns.append(turn)

    def send(body: dict[str, Any], printer: AnswerPrinter, answer: Answer) -> None:
        try:
            with signals.deaf(), editor.keyboard() as keyboard, printer, signals.heard(), client.chat(body) as stream:
                follow(keyboard.heeded(stream, printer.turn_thinking), printer, answer)
        finally:
            conversation.thought = answer.thinking
            asking.fold_thinking = printer.is_thinking_folded
        conversation.totals.add(answer.last)
        conversation.last = answer.last

    try:
        with signals.heard():
            rounds.until_answered(client, asking, conversation.info, turns, new_printer=asking.printer, ask=send)
    except KeyboardInterrupt:
        print()
    except OmmError as exc:
        del turns[num_before:]
        conversation.refused = turn
        output.note(f"error: {exc.message}")


# --- reading ----------------------------------------------------------------------------------------------------


def read_message(editor: LineEditor, conversation: Conversation) -> str | None:
    """One message or command, of several lines when quoted; None when the user leaves."""
    draft, conversation.draft = conversation.draft, ""
    editor.history.is_saving, editor.history.model = conversation.is_history_on, conversation.asking.model
    try:
        line = editor.read(PROMPT, "Send a message (/? for help)", draft)
        if line.startswith(QUOTES):
            return finish_quoted(editor, line)
        return line.strip()
    except EOFError:
        return None
    except KeyboardInterrupt:
        if not editor.text_left:
            print("\nUse Ctrl + d or /bye to exit.")
        return ""


def finish_quoted(editor: LineEditor, opened: str) -> str:
    """The text between three quotes, reading on until they close."""
    text = opened[len(QUOTES) :]
    while not text.rstrip().endswith(QUOTES):
        text += "\n" + editor.read(CONTINUATION, f"End with {QUOTES} to send")
    return text.rstrip()[: -len(QUOTES)].strip("\n")
