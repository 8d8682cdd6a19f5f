"""What a command's exit code means: the one table that code and documentation read."""

from __future__ import annotations

from typing import NamedTuple

from omm.cli.client import Unreachable
from omm.cli.params import UsageError
from omm.errors import NotFound, OmmError


class ExitCode(NamedTuple):
    """A code, its meaning, and the errors that end with it."""

    code: int
    meaning: str
    errors: tuple[type[BaseException], ...] = ()


INTERRUPTED = 130  # by signal 2, as shells tell it

# NOTE: a narrower error comes after its family.
EXIT_CODES = (
    ExitCode(0, "Success."),
    ExitCode(1, "The command failed; one line on standard error says why.", (OmmError, OSError)),
    ExitCode(2, "The command line makes no sense.", (UsageError,)),
    ExitCode(3, "There is no such model.", (NotFound,)),
    ExitCode(4, "No server answers, or it hung up.", (Unreachable,)),
    ExitCode(INTERRUPTED, "Interrupted by Ctrl-C.", (KeyboardInterrupt,)),
    ExitCode(141, "The reader of standard output went away, as head does.", (BrokenPipeError,)),
)
EXPECTED = tuple(error for row in EXIT_CODES for error in row.errors)


def code_of(error: BaseException) -> int:
    """The code that a command ends with because of an error, one of the `EXPECTED`."""
    return next(row.code for row in reversed(EXIT_CODES) if isinstance(error, row.errors))
