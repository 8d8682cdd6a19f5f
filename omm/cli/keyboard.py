"""The keyboard while an answer comes: what is typed does not appear in it, and waits for the next line."""

from __future__ import annotations

import contextlib
import termios
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import store_typeahead

THINKING_KEY = "c-t"
INPUT_MODES, LOCAL_MODES = 0, 3  # positions in a terminal's attributes
LOUD = termios.ECHO | termios.ICANON
T = TypeVar("T")


class Keyboard:
    """A context in which the terminal shows nothing that is typed; Ctrl-C still interrupts."""

    def __init__(self, source: Input) -> None:
        self._source = source
        self._before: list[Any] = []

    def heeded(self, items: Iterable[T], on_thinking_key: Callable[[], bool]) -> Iterator[T]:
        """Pass items on; before each one tell of the key. A press that has no use now waits, as all other keys do."""
        for item in items:
            self._hush()  # a shell that stopped the program and let it go on has its own modes
            pressed = self._source.read_keys()
            store_typeahead(self._source, [key for key in pressed if key.key != THINKING_KEY or not on_thinking_key()])
            yield item

    def __enter__(self) -> Self:
        self._before = termios.tcgetattr(self._source.fileno())
        self._hush()
        return self

    def _hush(self) -> None:
        modes = termios.tcgetattr(self._source.fileno())
        if modes[LOCAL_MODES] & LOUD:
            modes[LOCAL_MODES] &= ~LOUD
            modes[INPUT_MODES] &= ~termios.ICRNL  # Enter stays the key that it is at the prompt
            termios.tcsetattr(self._source.fileno(), termios.TCSANOW, modes)

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        store_typeahead(self._source, [*self._source.read_keys(), *self._source.flush_keys()])
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(self._source.fileno(), termios.TCSANOW, self._before)
