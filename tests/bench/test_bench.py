"""The bench's own parts, and the whole of it where a llama-server is installed."""

from __future__ import annotations

import asyncio
import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import masks, startup
from tests.bench.client import dechunk, last_object, stream
from tests.bench.throughput import prompts


class ChunkedAnswers(http.server.BaseHTTPRequestHandler):
    """Streams two NDJSON lines, cut in the middle of the second; or an error."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200 if self.path == "/good" else 503)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (b'{"n": 1}\n{"n"', b": 2}\n", b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), ChunkedAnswers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_client_reads_a_stream_to_its_last_object(port: int) -> None:
    answer = asyncio.run(stream(port, "/good", {"prompt": "x"}))
    assert answer.final == {"n": 2}
    assert 0 < answer.first_s <= answer.total_s


def test_client_reports_an_error_status(port: int) -> None:
    with pytest.raises(RuntimeError, match=r"/bad answered HTTP/1\.1 503"):
        asyncio.run(stream(port, "/bad", {}))


def test_dechunk_joins_what_the_chunks_cut() -> None:
    assert dechunk(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n") == b"abcde"


def test_last_object_of_an_sse_stream() -> None:
    assert last_object(b'data: {"a": 1}\n\ndata: {"a": 2}\n\ndata: [DONE]\n\n') == {"a": 2}


def test_prompts_share_no_beginning_and_repeat_with_the_seed() -> None:
    texts = prompts(32, 8, seed="a")
    assert len({text.split()[0] for text in texts}) == 32
    assert texts == prompts(32, 8, seed="a") != prompts(32, 8, seed="b")


def test_startup_is_measured_in_bare_pythons() -> None:
    own, times = startup.ratio(startup.BARE, 3)
    assert 0.2 < times < 5
    assert own > 0


@pytest.mark.model
@pytest.mark.slow
def test_masks_prints_a_row_for_each_number_of_streams(capsys: pytest.CaptureFixture[str]) -> None:
    masks.main(["--streams", "1", "2", "--tokens", "8", "--rounds", "1", "--threads", "1"])
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[-2:]]
    assert [row[0] for row in rows] == ["1", "2"]
    assert all(float(figure) > 0 for row in rows for figure in (*row[1:4], row[5]))


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.system("llama-server")
def test_bench_prints_a_row_for_each_number_of_streams(repository: Path) -> None:
    program = shutil.which("llama-server")
    assert program
    options = ["--streams", "1", "2", "--tokens", "8", "--rounds", "1"]
    result = subprocess.run(
        [sys.executable, "-m", "tests.bench.throughput", "--llama-server", program, *options],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert [line.split()[0] for line in result.stdout.splitlines()[-2:]] == ["1", "2"]
