"""The `omm` command, which `python -m omm` is, too."""

import gc
from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the process was started for."""
    gc.disable()  # PERF: importing leaves next to no garbage, and looking for it takes 6 ms
    from omm.cli import app

    gc.freeze()
    gc.enable()
    app.main()


if __name__ == "__main__":
    main()
