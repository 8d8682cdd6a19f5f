"""The `omm` command, which `python -m omm` is, too."""

import gc
import signal
from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the process was started for."""
    on_interrupt = signal.getsignal(signal.SIGINT)
    if on_interrupt is signal.default_int_handler:  # else Ctrl-C is ignored, as by jobs in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nobody wants a trace of what was being imported
    gc.disable()  # PERF: importing leaves next to no garbage, and looking for it takes 6 ms
    from omm.cli import app

    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, on_interrupt)
    app.main()


if __name__ == "__main__":
    main()
