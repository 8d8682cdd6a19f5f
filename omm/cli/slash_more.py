"""The /commands that only omm has: asking again, files, tokens, other models in the middle of a conversation."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from omm import units
from omm.cli import attach, conversation, output
from omm.cli.answer import print_thinking, rate, timings
from omm.cli.conversation import Conversation
from omm.cli.replies import Turn
from omm.errors import NotFound

PROMPT = ">>> "
CLIPBOARDS = (("pbcopy",), ("wl-copy",), ("xclip", "-selection", "clipboard"), ("xsel", "-ib"))
TEXT_START = 40  # columns of a message that /tokens shows


# --- asking again -------------------------------------------------------------------------------------------------


def _retry(talk: Conversation, words: list[str]) -> None:
    talk.pending = talk.take_back()
    if talk.pending is None:
        print("Nothing was asked yet")


def _edit(talk: Conversation, words: list[str]) -> None:
    question = talk.take_back()
    if question is None:
        print("Nothing was asked yet")
        return
    talk.draft = question.content
    talk.files[:0] = [attach.Attached("", media=media) for media in question.images or ()]


def _undo(talk: Conversation, words: list[str]) -> None:
    taken = talk.take_back()
    print("Removed the last question and its answer" if taken else "Nothing was asked yet")


# --- files --------------------------------------------------------------------------------------------------------


def _file(talk: Conversation, words: list[str]) -> None:
    if not words:
        print("Usage:\n  /file <path>")
        return
    _attach(talk, attach.text_file(_path(words)))


def _image(talk: Conversation, words: list[str]) -> None:
    if not words:
        print("Usage:\n  /image <path>")
        return
    file = attach.media_file(_path(words))
    if not talk.info.takes_media:
        output.note(f'warning: model "{talk.asking.model}" takes no images')
    _attach(talk, file)


def _path(words: list[str]) -> str:
    """The path in the words; `-` is a file of that name, as the standard input is where lines are typed."""
    name = attach.unescaped(" ".join(words))
    return "./-" if name == "-" else name


def _attach(talk: Conversation, file: attach.Attached) -> None:
    talk.files.append(file)
    output.say(f"Attached '{file.name}' to your next message")


def _export(talk: Conversation, words: list[str]) -> None:
    if len(words) != 1:
        print("Usage:\n  /export <file.md or file.json>")
        return
    export(talk, words)


def export(talk: Conversation, words: list[str]) -> None:
    """Write the conversation to a file. Raises InvalidRequest."""
    conversation.write(Path(words[0]).expanduser(), talk.archive())
    output.say(f"Wrote the conversation to '{words[0]}'")


def load_file(talk: Conversation, name: str) -> None:
    """Go on with a conversation of a file, and with its model if that is there. Raises InvalidRequest."""
    archive = conversation.read(Path(name).expanduser())
    if archive.model != talk.asking.model:
        switch(talk, archive.model)
    talk.turns[:] = archive.messages
    talk.asking.options = dict(archive.options)
    talk.refused = None
    conversation.show_turns(archive.messages, PROMPT)


def _copy(talk: Conversation, words: list[str]) -> None:
    if not talk.answer:
        print("Nothing was answered yet")
        return
    to_clipboard(talk.answer)
    print("Copied the last answer")


def to_clipboard(text: str) -> None:
    """Copy with the system's own tool, else ask the terminal, which works through ssh too (escape sequence OSC 52)."""
    for command in CLIPBOARDS:
        if shutil.which(command[0]):
            done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
            if done.returncode == 0:
                return
    sys.stdout.write(f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07")
    sys.stdout.flush()


# --- thinking -----------------------------------------------------------------------------------------------------


def _think(talk: Conversation, words: list[str]) -> None:
    match words:
        case [] | ["show"]:
            show_thinking(talk)
        case ["fold" | "unfold" as wish]:
            talk.asking.fold_thinking = wish == "fold"
            print("Thinking is folded into one line." if wish == "fold" else "Thinking is shown as it comes.")
        case _:
            print("Usage:\n  /think [show|fold|unfold]")


def show_thinking(talk: Conversation) -> None:
    """Print the reasoning of the last answer."""
    if not talk.thought:
        print("There was no thinking")
    else:
        print_thinking(talk.thought, wrap=talk.asking.wrap)


# --- models -------------------------------------------------------------------------------------------------------


def _model(talk: Conversation, words: list[str]) -> None:
    if not words:
        output.say(talk.asking.model)
    elif len(words) == 1:
        switch(talk, words[0])
    else:
        print("Usage:\n  /model <modelname>")


def switch(talk: Conversation, name: str) -> bool:
    """Load another model for what is asked from now on; false, and nothing changed, when there is none."""
    try:
        info = talk.client.show(name)
    except NotFound:
        output.say(f"Couldn't find model '{name}'")
        return False
    output.say(f"Loading model '{name}'")
    body = {**talk.asking.load_body(), "model": name}
    with output.spinner(f"loading {name}"):
        talk.client.load(name, body)
    talk.asking.model = name
    talk.asking.think = info.wanted_think
    talk.info = info
    return True


# --- numbers ------------------------------------------------------------------------------------------------------


def _tokens(talk: Conversation, words: list[str]) -> None:
    client, model = talk.client, talk.asking.model
    counts = [len(client.tokenize(model, turn.content)) for turn in talk.turns]
    total = len(client.tokenize(model, client.rendered_prompt("chat", talk.asking.chat(talk.turns, talk.info))))
    rows = [(turn.role, str(count), _start(turn)) for turn, count in zip(talk.turns, counts, strict=True)]
    output.print_table(("ROLE", "TOKENS", "TEXT"), [*rows, ("template", str(total - sum(counts)), "")])
    loaded = client.row_of(model, talk.info)
    size = loaded.context_length if loaded else 0
    print(f"{total} of {size} tokens of context ({total / size:.0%})" if size else f"{total} tokens")


def _start(turn: Turn) -> str:
    text = " ".join(turn.content.split())
    return text if len(text) <= TEXT_START else text[: TEXT_START - 1] + "…"


def _stats(talk: Conversation, words: list[str]) -> None:
    sums = talk.totals
    if not sums.num_answers:
        print("Nothing was answered yet")
        return
    print(f"{'answers:':<22}{sums.num_answers}")
    print(f"{'prompt tokens:':<22}{sums.prompt_tokens} ({sums.cached_tokens} from the cache)")
    print(f"{'output tokens:':<22}{sums.output_tokens} ({rate(sums.output_tokens, sums.output_ns) or 'no time'})")
    print(f"{'time:':<22}{units.format_duration(sums.total_ns)}")
    print("\nThe last answer:")
    print("\n".join(timings(talk.last)))


COMMANDS: dict[str, Callable[[Conversation, list[str]], None]] = {
    "/retry": _retry,
    "/edit": _edit,
    "/undo": _undo,
    "/file": _file,
    "/image": _image,
    "/export": _export,
    "/copy": _copy,
    "/think": _think,
    "/model": _model,
    "/tokens": _tokens,
    "/stats": _stats,
}
