"""A checkpoint's folder becomes a model that answers: by the command line, by plain HTTP, by the official client."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import ollama
import pytest

from tests.convert import checkpoints
from tests.live.conftest import Http

pytestmark = pytest.mark.model


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return checkpoints.write_case(tmp_path / "checkpoint", "qwen2", dtype="BF16")


def test_create_from_a_folder_and_run(url: str, http: Http, checkpoint: Path) -> None:
    (checkpoint.parent / "Modelfile").write_text("FROM ./checkpoint\nPARAMETER num_predict 4\n")
    command = [sys.executable, "-m", "omm", "--host", url, "create", "from-folder", "-f", "Modelfile", "-q", "q8_0"]
    done = subprocess.run(command, cwd=checkpoint.parent, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "converting model" in done.stderr
    reply = http.post("/api/generate", json={"model": "from-folder", "prompt": "Hello", "stream": False}).json()
    assert (reply["done"], reply["eval_count"]) == (True, 4)


@pytest.mark.parametrize("command", ["pull", "run"])
def test_folder_of_a_checkpoint_becomes_a_model_of_its_name(url: str, checkpoint: Path, command: str) -> None:
    words = [sys.executable, "-m", "omm", "--host", url, command, str(checkpoint), *(["Hello"] * (command == "run"))]
    words += ["-o", "num_predict=2"] * (command == "run")
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    show = [sys.executable, "-m", "omm", "--host", url, "show", "checkpoint"]
    assert "qwen2" in subprocess.run(show, capture_output=True, text=True, timeout=60, check=True).stdout


def test_official_client_creates_one(sdk: ollama.Client, checkpoint: Path) -> None:
    files = {path.name: sdk.create_blob(path) for path in checkpoint.iterdir()}
    statuses = [part.status for part in sdk.create(model="from-client", files=files, stream=True)]
    assert statuses[0] == "converting model"
    assert statuses[-1] == "success"
    assert sdk.show("from-client").details.quantization_level == "BF16"


def test_broken_checkpoint_is_told_in_the_stream(http: Http, checkpoint: Path) -> None:
    (checkpoint / "config.json").write_text('{"architectures": ["Qwen2MoeForCausalLM"]}')
    files = {}
    for path in checkpoint.iterdir():
        content = path.read_bytes()
        files[path.name] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        http.post(f"/api/blobs/{files[path.name]}", data=content).raise_for_status()
    reply = http.post("/api/create", json={"model": "broken", "files": files, "stream": False})
    assert reply.status_code == 400
    assert "Qwen2MoeForCausalLM cannot be converted: omm converts LlamaForCausalLM" in reply.json()["error"]
    assert http.post("/api/show", json={"model": "broken"}).status_code == 404
