"""What all commands of one invocation share: settings and the client made of them."""

from __future__ import annotations

import dataclasses
import functools
from contextlib import ExitStack

from omm import values
from omm.cli.client import Client
from omm.cli.params import UsageError
from omm.config import Settings


@dataclasses.dataclass(frozen=True)
class Session:
    """Global options as given, before a command looks at the settings; `resources` are closed when it ends."""

    host: str | None = None
    no_start: bool | None = None
    resources: ExitStack = dataclasses.field(default_factory=ExitStack)

    @functools.cached_property
    def settings(self) -> Settings:
        """The merged settings."""
        if self.host is not None:
            _check_host(self.host)
        # The flag's port, or its default, wins over a port in the environment.
        port = None if self.host is None else 0
        return Settings.load(host=self.host, port=port, no_start=self.no_start)

    @functools.cached_property
    def client(self) -> Client:
        """The client for these settings."""
        return Client(self.settings)


def _check_host(text: str) -> None:
    if not text.strip():
        raise UsageError("--host needs a value: --host HOST")
    try:
        values.host(text)
    except ValueError as exc:
        raise UsageError(f"--host: {exc}") from exc
