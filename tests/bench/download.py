"""Speed of a pull against the simplest that could be done: `curl` into a file while `sha256sum` reads along.

Both fetch the same file from a server of this process's making on loopback and end with the bytes synced to the disk.
Run it with `python -m tests.bench.download --megabytes 2048`; it prints one JSON object and exits 1 above the limit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 1.15

SERVER = """
import re, socket, socketserver, sys, os
path = sys.argv[1]
size = os.path.getsize(path)

class Ranges(socketserver.StreamRequestHandler):
    def handle(self):
        with open(path, "rb") as file:
            while (line := self.rfile.readline()).strip():
                wanted = b""
                while (header := self.rfile.readline()).strip():
                    if header.lower().startswith(b"range:"):
                        wanted = header
                match = re.search(rb"bytes=(\\d+)-(\\d+)", wanted)
                start, end = (int(match[1]), int(match[2]) + 1) if match else (0, size)
                head = f"Content-Length: {end - start}\\r\\n"
                if match:
                    head = f"Content-Range: bytes {start}-{end - 1}/{size}\\r\\n" + head
                    head = "HTTP/1.1 206 Partial Content\\r\\n" + head
                else:
                    head = "HTTP/1.1 200 OK\\r\\n" + head
                self.wfile.write((head + "\\r\\n").encode())
                while start < end:
                    start += os.sendfile(self.connection.fileno(), file.fileno(), start, end - start)

class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass

with Server(("127.0.0.1", 0), Ranges) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""

PULL = """
import sys
from pathlib import Path
from omm.sources.base import SourceFile
from omm.sources.download import Downloads
from omm.store.blobs import BlobStore
root, digest, size, url = sys.argv[1:]
file = SourceFile(kind="model", digest=digest, size=int(size), location=url)
for _ in Downloads().fetch(file, BlobStore(Path(root)), {}):
    pass
"""

# What a person would type: the file is written, hashed along the way, and synced.
CURL = 'set -e; mkdir -p "$1"; curl -sS "$2" | tee "$1/file" | sha256sum > "$1/sum"; sync "$1/file"'


def written(path: Path, num_bytes: int) -> str:
    """Fill a file with bytes that do not compress; returns their digest."""
    sha256 = hashlib.sha256()
    block = os.urandom(1 << 20)
    with path.open("wb") as file:
        for index in range(num_bytes >> 20):
            chunk = index.to_bytes(8, "little") + block[8:]
            sha256.update(chunk)
            file.write(chunk)
    return f"sha256:{sha256.hexdigest()}"


def timed(run: Callable[[Path], object], folder: Path, name: str) -> float:
    """Seconds that one run takes in a fresh folder, which is emptied afterwards."""
    target = folder / name
    start_s = time.perf_counter()
    run(target)
    seconds = time.perf_counter() - start_s
    subprocess.run(["rm", "-rf", str(target)], check=True)
    return seconds


def measure(folder: Path, megabytes: int, rounds: int) -> dict[str, float]:
    """Alternate both, so that what else the machine does falls on either; figures are medians in seconds."""
    source = folder / "source"
    digest = written(source, megabytes << 20)
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(source)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = f"http://127.0.0.1:{int(server.stdout.readline())}/file"

    def pull(target: Path) -> None:
        subprocess.run([sys.executable, "-c", PULL, str(target), digest, str(megabytes << 20), url], check=True)

    def curl(target: Path) -> None:
        subprocess.run(["bash", "-o", "pipefail", "-c", CURL, "bash", str(target), url], check=True)
        if f"sha256:{(target / 'sum').read_text().split()[0]}" != digest:
            raise SystemExit("curl got other bytes")

    try:
        times = [(timed(pull, folder, "pull"), timed(curl, folder, "curl")) for _ in range(rounds)]
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    pull_s, curl_s = (statistics.median(column) for column in zip(*times, strict=True))
    peak_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"pull_s": pull_s, "curl_s": curl_s, "ratio": pull_s / curl_s, "peak_mib": peak_kib / 1024}


def main() -> None:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("OMM_BENCH_DIR")) as folder:
        found = measure(Path(folder), options.megabytes, options.rounds)
    print(json.dumps({"megabytes": options.megabytes} | found))
    sys.exit(found["ratio"] > LIMIT)


if __name__ == "__main__":
    main()
