"""What a child process reports, as it is read."""

from __future__ import annotations

import fcntl
import os
import resource

from omm.service import jobs

HIGH = 1500  # above what select() takes


def test_lines_come_from_a_file_of_any_number() -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limits[0], 2 * HIGH), limits[1]))
    try:
        read, write = os.pipe()
        pipe = os.fdopen(fcntl.fcntl(read, fcntl.F_DUPFD, HIGH), "rb")
        os.close(read)
        with pipe:
            lines = jobs._lines(pipe)
            assert next(lines) == b""  # nothing yet
            os.write(write, b"one\ntw")
            assert next(lines) == b"one"
            os.write(write, b"o\n")
            os.close(write)
            assert [line for line in lines if line] == [b"two"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
