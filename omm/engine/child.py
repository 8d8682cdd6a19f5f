"""The runner process: reads commands from stdin, runs one worker, writes replies to stdout."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import sys
import threading
from typing import IO, TYPE_CHECKING

from omm.engine import messages
from omm.engine.messages import LOAD_ID, Load, Outgoing

if TYPE_CHECKING:
    from omm.engine.worker import Worker


def main() -> None:
    """Serve one model until stdin closes: the server unloads it that way, or is gone, however it died."""
    # NOTE: Ctrl-C goes to the whole process group; the server decides when a runner ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    commands, replies = sys.stdin.buffer, _claim_stdout()
    lock = threading.Lock()  # guards replies: the reading thread answers tokenizing, the worker everything else

    def publish(out: list[Outgoing]) -> None:
        with lock:
            messages.write_replies(replies, out)

    load = messages.read_command(commands)
    try:
        if isinstance(load, Load):
            _serve(load, commands, publish)
    except Exception:
        logging.getLogger(__name__).exception("the runner failed")  # the server tells the last line to whoever waits
    # NOTE: not a return: the reader holds stdin, for which an interpreter that ends waits, and then aborts. Besides,
    # the kernel frees memory faster than llama.cpp's destructors, and GPU drivers hang in them less.
    os._exit(0)


def _claim_stdout() -> IO[bytes]:
    """Keep the pipe for replies and let anything that prints go to stderr."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


def _serve(load: Load, commands: IO[bytes], publish: messages.Publish) -> None:
    from omm.engine import host, llama, vocabulary
    from omm.engine.worker import Worker, failed
    from omm.errors import OmmError

    workers: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    threading.stack_size(vocabulary.STACK_SIZE)  # of the threads to come; memory is taken only where it is used
    # NOTE: reading begins before loading, so that a server that goes away takes a loading runner with it.
    threading.Thread(target=_read, args=(workers, commands), name="reader", daemon=True).start()
    llama.start_backend()
    try:
        model = host.load(load.spec)
    except OmmError as error:
        publish([(LOAD_ID, failed(error))])
        return
    worker = Worker(model, publish)
    workers.put(worker)
    publish([(LOAD_ID, model.loaded)])
    with contextlib.suppress(OSError):  # the server is gone
        worker.run()


def _read(workers: queue.SimpleQueue[Worker], commands: IO[bytes]) -> None:
    worker: Worker | None = None
    try:
        while (command := messages.read_command(commands)) is not None:
            worker = worker or workers.get()
            worker.submit(command)
    except Exception:
        logging.getLogger(__name__).exception("reading commands failed")
    # NOTE: not worker.close(): a decode may take seconds, and nobody is left to read its result.
    os._exit(0)


if __name__ == "__main__":
    main()
