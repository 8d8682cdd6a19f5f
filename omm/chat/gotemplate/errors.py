"""What goes wrong with a template, and where."""

from __future__ import annotations


class TemplateError(ValueError):
    """A template that cannot be parsed, or failed. `line` and `column` count characters from 1; 0 means nowhere.

    The text reads as Go's: `template: :3:12: function "foo" not defined`. `is_broken`: whatever it is given, it fails.
    """

    def __init__(self, message: str, source: str = "", position: int | None = None, *, is_broken: bool = True) -> None:
        self.message, self.is_broken = message, is_broken
        self.line = self.column = 0
        if position is None:
            super().__init__(f"template: {message}")
            return
        self.line = source.count("\n", 0, position) + 1
        self.column = position - source.rfind("\n", 0, position)
        super().__init__(f"template: :{self.line}:{self.column}: {message}")
