"""prune, verify, export, import: what they print, and what they send."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer

BLOB = b"weights" * 1000
DIGEST = hashlib.sha256(BLOB).hexdigest()
MANIFEST = b'{"schemaVersion":2}'


def archive(*entries: tuple[str, bytes], **extended: str) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.pax_headers = extended
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return target.getvalue()


EXPORTED = archive(("manifests/registry.ollama.ai/library/tiny/8b", MANIFEST), (f"blobs/sha256-{DIGEST}", BLOB))


def test_prune_says_what_it_did(omm: Omm, server: ScriptedServer) -> None:
    lines = [{"status": "would remove abc (5 KB): no model uses it"}, {"status": "success"}]
    server.answers["POST", "/api/prune"] = (200, lines)
    assert omm("prune", "--dry-run") == (0, "would remove abc (5 KB): no model uses it\n", "")
    assert server.asked("/api/prune")[0].body == {"dry_run": True}


def test_verify_shows_results_apart_from_progress(omm: Omm, server: ScriptedServer) -> None:
    lines = [
        {"status": "verifying abc", "digest": "sha256:abc", "total": 5, "completed": 5},
        {"status": "1 model with 1 blob is as it should be"},
        {"status": "success"},
    ]
    server.answers["POST", "/api/verify"] = (200, lines)
    assert omm("verify", "tiny") == (0, "1 model with 1 blob is as it should be\n", "verifying abc\n")
    assert server.asked("/api/verify")[0].body == {"model": "tiny"}


def test_damage_is_an_error(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/verify"] = (200, [{"status": "x is damaged"}, {"error": "damaged: tiny:latest"}])
    assert omm("verify") == (1, "x is damaged\n", "Error: damaged: tiny:latest\n")


def test_export_writes_a_file(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    server.answers["GET", "/api/export?model=a%2Fb%3A1"] = (200, EXPORTED)
    path = tmp_path / "b.tar"
    assert omm("export", "a/b:1", str(path)) == (0, "", f"exporting a/b:1\nwrote {path}, 10 KB\n")
    assert path.read_bytes() == EXPORTED
    assert [found.name for found in tmp_path.iterdir() if found.is_file()] == ["b.tar"]


def test_export_into_a_pipe_leaves_it_where_it_is(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    server.answers["GET", "/api/export?model=tiny"] = (200, EXPORTED)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        assert omm("export", "tiny", str(pipe)).code == 0
        assert read.result() == EXPORTED
    assert pipe.is_fifo()


def test_export_through_a_link_leaves_it_a_link(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    server.answers["GET", "/api/export?model=tiny"] = (200, EXPORTED)
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to("disk/b.tar")
    for _ in "at first", "again":
        assert omm("export", "tiny", str(tmp_path / "link")).code == 0
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "disk" / "b.tar").read_bytes() == EXPORTED


def test_export_that_fails_leaves_the_file_as_it_was(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("older")
    server.answers["GET", "/api/export?model=none"] = (404, {"error": "model 'none:latest' not found"})
    result = omm("export", "none", str(tmp_path / "b.tar"))
    assert (result.code, result.err) == (3, "Error: model 'none:latest' not found\n")
    assert [path.read_text() for path in tmp_path.iterdir() if path.is_file()] == ["older"]


@pytest.mark.parametrize(("place", "why"), [("", "Is a directory"), ("/none/b.tar", "No such file or directory")])
def test_export_names_the_file_it_cannot_write(
    omm: Omm, server: ScriptedServer, tmp_path: Path, place: str, why: str
) -> None:
    assert omm("export", "tiny", f"{tmp_path}{place}") == (1, "", f"Error: {tmp_path}{place}: {why}\n")
    assert server.asked("/api/export?model=tiny") == []


def test_import_sends_what_the_server_lacks(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(EXPORTED)
    server.answers["POST", f"/api/blobs/sha256:{DIGEST}"] = (201, b"")
    server.answers["POST", "/api/import"] = (200, {"status": "success"})
    assert omm("import", str(tmp_path / "b.tar")) == (0, "", f"copying {DIGEST[:12]}\nimported tiny:8b\n")
    assert server.asked(f"/api/blobs/sha256:{DIGEST}")[1].body == BLOB
    assert server.asked("/api/import")[0].body == {"model": "tiny:8b", "manifest": MANIFEST.decode()}


def test_import_under_another_name_of_what_is_there(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(EXPORTED)
    server.answers["HEAD", f"/api/blobs/sha256:{DIGEST}"] = (200, b"")
    server.answers["POST", "/api/import"] = (200, {"status": "success"})
    assert omm("import", str(tmp_path / "b.tar"), "mine") == (0, "", "imported mine\n")
    assert [request.method for request in server.asked(f"/api/blobs/sha256:{DIGEST}")] == ["HEAD"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no tar at all" * 100,
        EXPORTED[: len(EXPORTED) // 2],
        archive(("blobs/../../etc/passwd", b"x")),
        archive(("manifests/a/b", MANIFEST)),
        archive(("manifests/h/n/m/t", MANIFEST), ("manifests/h/n/m/u", MANIFEST)),
        archive(("manifests/h/n/m/t", b"\xff")),
        archive((f"blobs/sha256-{DIGEST}", BLOB)),
        archive(("manifests/h/n/m/t", b"{}"), **{"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}),  # without a map
        archive((f"blobs/sha256-{DIGEST}", BLOB), **{"GNU.sparse.size": str(1 << 40), "GNU.sparse.map": "0,1"}),
    ],
)
def test_files_that_no_export_wrote(omm: Omm, server: ScriptedServer, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    server.answers["HEAD", f"/api/blobs/sha256:{DIGEST}"] = (200, b"")
    result = omm("import", str(tmp_path / "b.tar"))
    assert result.code == 1
    assert result.err.startswith("Error: ")
    assert server.asked("/api/import") == []


def test_import_of_a_missing_file(omm: Omm, server: ScriptedServer) -> None:
    assert omm("import", "./none.tar").err == "Error: none.tar: No such file or directory\n"
