"""One models directory and several processes: nobody loses what another needs, and the dead hold nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from omm.names import ModelName
from omm.store.manifests import CONFIG_TYPE, Layer, Manifest, encode
from omm.store.models import ModelStore

WAIT_S = 60
NAME = ModelName.parse("m")

# Creates and deletes models that share a blob, and checks each time that what it just named is there.
CHURN = """
import sys
from pathlib import Path
from omm.names import ModelName
from omm.store.manifests import CONFIG_TYPE, Layer, Manifest, encode
from omm.store.models import ModelStore

store, me, rounds = ModelStore(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
name = ModelName.parse(f"m{me}")
for turn in range(rounds):
    with store.pins() as pins:
        layers = []
        for content in (b"shared", f"{me} {turn}".encode()):
            with store.changing():
                digest, _ = store.blobs.add_bytes(content)
                pins.add([digest])
            layers.append(Layer(media_type=CONFIG_TYPE, digest=digest, size=len(content)))
        assert all(store.blobs.has(layer.digest) for layer in layers), "a pinned blob went"
        store.replace(name, encode(Manifest(config=layers[0], layers=tuple(layers))))
    assert all(store.blobs.has(layer.digest) for layer in layers), "a named blob went"
    if turn % 3 == 2 and turn < rounds - 1:
        store.delete(name)
"""

# Pins a blob, says so, and waits to be killed.
HOLD = """
import sys
from pathlib import Path
from omm.store.models import ModelStore

store = ModelStore(Path(sys.argv[1]))
with store.pins() as pins:
    pins.add([sys.argv[2]])
    print("holding", flush=True)
    sys.stdin.read()
"""


def python(code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def model_of(*layers: tuple[str, int]) -> bytes:
    made = tuple(Layer(media_type=CONFIG_TYPE, digest=digest, size=size) for digest, size in layers)
    return encode(Manifest(config=made[0], layers=made))


def test_processes_that_create_and_delete_lose_nothing(store: ModelStore, tmp_path: Path) -> None:
    running = [python(CHURN, str(tmp_path / "models"), str(me), "30") for me in range(4)]
    for process in running:
        process.communicate(timeout=WAIT_S)
        assert process.returncode == 0
    assert {stored.name.model for stored in store.stored()} == {"m0", "m1", "m2", "m3"}
    assert {path.name for path in store.blobs.folder.iterdir()} == {
        digest.replace(":", "-") for digest in store.named()
    }
    assert len(store.named()) == 5
    assert store.pinned() == set()


def test_what_another_process_pins_stays_until_it_is_gone(store: ModelStore, tmp_path: Path) -> None:
    digest, _ = store.blobs.add_bytes(b"needed")
    with python(HOLD, str(tmp_path / "models"), digest) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        store.sweep([digest])
        assert store.blobs.has(digest)
        assert store.pinned() == {digest}
        holder.kill()
    store.sweep([digest])
    assert not store.blobs.has(digest)
    assert [path.name for path in (tmp_path / "models" / ".omm").iterdir()] == ["lock"]


def test_a_model_another_process_is_about_to_write_keeps_its_blob(store: ModelStore, tmp_path: Path) -> None:
    digest, _ = store.blobs.add_bytes(b"needed")
    store.replace(NAME, model_of((digest, 6)))
    with python(HOLD, str(tmp_path / "models"), digest) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        store.delete(NAME)
        assert store.blobs.has(digest)
        holder.communicate("", timeout=WAIT_S)
    with store.pins():
        pass  # the end of any pull or create looks again at what was pinned then
    assert not store.blobs.has(digest)


def test_replacing_removes_what_only_the_old_one_used(store: ModelStore) -> None:
    old, new, both = (store.blobs.add_bytes(text)[0] for text in (b"old", b"new", b"both"))
    store.replace(NAME, model_of((both, 4), (old, 3)))
    store.replace(NAME, model_of((both, 4), (new, 3)))
    assert [store.blobs.has(digest) for digest in (old, new, both)] == [False, True, True]


def test_noprune_keeps_it(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models", noprune=True)
    old, new = (store.blobs.add_bytes(text)[0] for text in (b"old", b"new"))
    store.replace(NAME, model_of((old, 3)))
    store.replace(NAME, model_of((new, 3)))
    assert store.blobs.has(old)


def test_nothing_is_removed_while_a_manifest_cannot_be_read(store: ModelStore, tmp_path: Path) -> None:
    digest, _ = store.blobs.add_bytes(b"x")
    broken = tmp_path / "models/manifests/a/b/c/d"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    store.sweep([digest])
    assert store.blobs.has(digest)


def test_changing_may_be_nested(store: ModelStore) -> None:
    with store.changing(), store.changing():
        digest, _ = store.blobs.add_bytes(b"x")
        store.replace(NAME, model_of((digest, 1)))
    with store.changing():
        store.delete(NAME)
    assert not store.blobs.has(digest)
