"""Keys that are pressed while an answer comes, on a pseudo terminal."""

from __future__ import annotations

import os
import pty
import select
import termios
from collections.abc import Iterator

import pytest
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.input.vt100 import Vt100Input

from omm.cli.keyboard import LOCAL_MODES, LOUD, Keyboard


class Wired:
    """A terminal, the program's end of it, and the keyboard there."""

    def __init__(self, user: int, program: int) -> None:
        self.user = user
        self.program = program
        self.source = Vt100Input(os.fdopen(program, closefd=False))
        self.keyboard = Keyboard(self.source)

    @property
    def is_loud(self) -> bool:
        return bool(termios.tcgetattr(self.program)[LOCAL_MODES] & LOUD)

    def press(self, keys: bytes) -> None:
        os.write(self.user, keys)
        assert select.select([self.program], [], [], 60)[0]

    @property
    def kept(self) -> str:
        return "".join(press.data for press in get_typeahead(self.source))


@pytest.fixture
def wired() -> Iterator[Wired]:
    user, program = pty.openpty()
    yield Wired(user, program)
    os.close(user)
    os.close(program)


def test_the_terminal_is_quiet_and_then_as_before(wired: Wired) -> None:
    before = termios.tcgetattr(wired.program)
    with wired.keyboard:
        assert not wired.is_loud
        assert termios.tcgetattr(wired.program)[LOCAL_MODES] & termios.ISIG
    assert termios.tcgetattr(wired.program) == before


def test_the_key_is_told_and_the_others_wait(wired: Wired) -> None:
    told = []

    def on_key() -> bool:
        told.append("key")
        return len(told) == 1

    with wired.keyboard:
        seen = wired.keyboard.heeded(["one", "two", "three"], on_key)
        wired.press(b"a\x14")
        assert next(seen) == "one"
        wired.press(b"b\x14c\r")
        assert list(seen) == ["two", "three"]
        wired.press("d\u00e9".encode())
    assert told == ["key", "key"]
    assert wired.kept == "ab\x14c\rd\u00e9"  # the second press had no use


def test_a_terminal_that_became_loud_is_quiet_again(wired: Wired) -> None:
    before = termios.tcgetattr(wired.program)
    with wired.keyboard:
        seen = wired.keyboard.heeded(["one", "two"], lambda: True)
        next(seen)
        termios.tcsetattr(wired.program, termios.TCSANOW, before)
        next(seen)
        assert not wired.is_loud
    assert termios.tcgetattr(wired.program) == before
