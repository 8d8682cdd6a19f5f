"""The interactive prompt: reads messages, sends questions, shows answers. Its /commands are in `slash.py`."""

from __future__ import annotations

from collections.abc import Sequence

from omm import config
from omm.cli import attach, output, slash
from omm.cli.client import Client
from omm.cli.conversation import Conversation, show_turns
from omm.cli.lines import CONTINUATION, LineEditor
from omm.cli.replies import ModelInfo, Turn
from omm.cli.run import Answer, Asking, follow, print_timings
from omm.cli.words import Words
from omm.errors import OmmError

PROMPT = ">>> "
QUOTES = '"""'


def converse(client: Client, asking: Asking, info: ModelInfo, files: Sequence[attach.Attached] = ()) -> None:
    """Hold a conversation until the user leaves; `files` go with the first question."""
    with output.spinner(f"loading {asking.model}"):
        client.load(asking.model, asking.load_body())
    conversation = Conversation(client, asking, info, files=list(files))
    show_turns(info.messages or (), PROMPT)
    history = config.state_dir() / "history"
    editor = LineEditor(history, save=not client.settings.nohistory, completer=Words(client))
    while (text := read_message(editor, conversation)) is not None:
        if is_command(conversation, text):
            if not obey(conversation, text, editor):
                return
            editor.history.is_saving = conversation.is_history_on
        elif text:
            question(conversation, text)
        if conversation.pending is not None:
            again, conversation.pending = conversation.pending, None
            ask(conversation, again)


def is_command(conversation: Conversation, text: str) -> bool:
    """Whether it begins with a command, not with the path of an image for a model that sees."""
    return text.startswith("/") and not (conversation.info.takes_media and attach.names_media(text))


def obey(conversation: Conversation, text: str, editor: LineEditor) -> bool:
    """Carry out a /command, which Ctrl-C ends; false when it, or Ctrl-D in the middle of it, ends the conversation."""
    try:
        return slash.obey(conversation, text, lambda opened: finish_quoted(editor, opened))
    except EOFError:
        return False
    except KeyboardInterrupt:
        print()
        return True


def question(conversation: Conversation, text: str) -> None:
    """Ask what was typed, with the files that belong to it."""
    try:
        turn = conversation.question(text)
    except OmmError as exc:
        output.note(f"error: {exc.message}")
        return
    ask(conversation, turn)


def ask(conversation: Conversation, turn: Turn) -> None:
    """Send the conversation with one more question and show the answer.

    NOTE: what was said before Ctrl-C stays in the conversation, so that the user can refer to it.
    """
    conversation.refused = None
    conversation.turns.append(turn)
    asking = conversation.asking
    printer, answer = asking.printer(), Answer()
    try:
        body = asking.body(messages=conversation.turns)
        if asking.show_prompt:
            output.note(conversation.client.rendered_prompt("chat", body))
        with printer, conversation.client.chat(body) as stream:
            follow(stream, printer, answer)
    except KeyboardInterrupt:
        print()
        if answer.text:
            conversation.turns.append(answer.turn())
        return
    except OmmError as exc:
        conversation.refused = conversation.turns.pop()
        output.note(f"error: {exc.message}")
        return
    conversation.turns.append(answer.turn())
    conversation.totals.add(answer.last)
    conversation.last = answer.last
    printer.end(answer.last)
    if asking.verbose:
        print_timings(answer)


# --- reading ----------------------------------------------------------------------------------------------------


def read_message(editor: LineEditor, conversation: Conversation) -> str | None:
    """One message or command, of several lines when quoted; None when the user leaves."""
    draft, conversation.draft = conversation.draft, ""
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
