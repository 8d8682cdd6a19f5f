"""One question to a conversation, and all that it takes: answers that call tools, what these say, the last answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from omm.cli import output
from omm.cli.answer import Printer
from omm.cli.client import Client
from omm.cli.replies import ModelInfo, Turn
from omm.cli.run import Answer, Asking, print_timings
from omm.errors import EngineFailed

P = TypeVar("P", bound=Printer)


def until_answered(
    client: Client,
    asking: Asking,
    info: ModelInfo,
    turns: list[Turn],
    *,
    new_printer: Callable[[], P],
    ask: Callable[[dict[str, Any], P, Answer], None],
) -> None:
    """Ask, carry out the calls in the answer and ask again, until an answer has none; all goes into `turns`.

    `ask` sends one request, shows its answer and gathers it.

    NOTE: what was said before Ctrl-C stays in the conversation, so that the user can refer to it.

    Raises:
        EngineFailed: too many answers in a row had calls.
    """
    for _ in range(client.settings.mcp_rounds):
        body = asking.chat(turns, info)
        if asking.show_prompt:
            output.note(client.rendered_prompt("chat", body))
        printer, answer = new_printer(), Answer()
        try:
            ask(body, printer, answer)
        except KeyboardInterrupt:
            if answer.text:
                turns.append(answer.turn())
            raise
        turns.append(answer.turn(with_calls=asking.toolbox is not None))
        if asking.toolbox is None or not answer.calls:
            printer.end(answer.last)
            if asking.verbose:
                print_timings(answer)
            return
        asking.toolbox.carry_out(answer.calls, turns, info, printer)
    raise EngineFailed(
        f"the model called tools in {client.settings.mcp_rounds} answers in a row; OMM_MCP_ROUNDS allows more"
    )
