"""What all commands of one invocation share: settings and the client made of them."""

from __future__ import annotations

import dataclasses
import functools

import typer

from omm.cli.client import Client
from omm.config import Settings


@dataclasses.dataclass(frozen=True)
class Session:
    """Global options as given, before a command looks at the settings."""

    host: str | None = None
    no_start: bool | None = None

    @functools.cached_property
    def settings(self) -> Settings:
        """The merged settings."""
        # The flag's port, or its default, wins over a port in the environment.
        port = None if self.host is None else 0
        return Settings.load(host=self.host, port=port, no_start=self.no_start)

    @functools.cached_property
    def client(self) -> Client:
        """The client for these settings."""
        return Client(self.settings)


def session_of(ctx: typer.Context) -> Session:
    """The invocation that a command belongs to."""
    session = ctx.find_object(Session)
    assert session is not None  # the root callback runs before every command
    return session


def client_of(ctx: typer.Context) -> Client:
    """The server that a command talks to."""
    return session_of(ctx).client
