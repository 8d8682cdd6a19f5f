"""pull and create: names, local files, Modelfiles."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from omm.cli import transfer
from omm.names import ModelName
from tests.cli.conftest import Omm
from tests.cli.scripted import ScriptedServer

CONTENT = b"GGUF" + bytes(range(256)) * 9000
DIGEST = "sha256:" + hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "My Model (Q8).gguf"
    path.write_bytes(CONTENT)
    return path


def test_pull_prints_each_status_once(omm: Omm, server: ScriptedServer) -> None:
    blob = {"status": "pulling 6a0746a1ec1a", "digest": "sha256:6a07", "total": 100}
    lines = [
        {"status": "pulling manifest"},
        {**blob, "completed": 1},
        {**blob, "completed": 100},
        {"status": "success"},
    ]
    server.answers["POST", "/api/pull"] = (200, lines)
    assert omm("pull", "tiny") == (0, "", "pulling manifest\npulling 6a0746a1ec1a\nsuccess\n")
    assert server.asked("/api/pull")[0].body == {"model": "tiny", "insecure": False}


def test_push_prints_each_status_once(omm: Omm, server: ScriptedServer) -> None:
    assert omm("push", "--insecure", "host/me/tiny") == (0, "", "retrieving manifest\nsuccess\n")
    assert server.asked("/api/push")[0].body == {"model": "host/me/tiny", "insecure": True}


def test_pull_refused_before_the_stream(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/pull"] = (400, {"error": "invalid model name"})
    assert omm("pull", "!") == (1, "", "Error: invalid model name\n")


def test_pull_of_a_file_uploads_it_and_names_the_model_after_it(
    omm: Omm, server: ScriptedServer, model_file: Path
) -> None:
    server.answers["POST", f"/api/blobs/{DIGEST}"] = (201, b"")
    result = omm("pull", str(model_file))
    assert result.code == 0
    head, upload = server.asked(f"/api/blobs/{DIGEST}")
    assert (head.method, upload.method, upload.body) == ("HEAD", "POST", CONTENT)
    assert server.asked("/api/create")[0].body == {"model": "my-model-q8", "files": {model_file.name: DIGEST}}


def test_file_the_server_has_is_not_sent_again(omm: Omm, server: ScriptedServer, model_file: Path) -> None:
    server.answers["HEAD", f"/api/blobs/{DIGEST}"] = (200, b"")
    assert omm("pull", str(model_file)).code == 0
    assert [request.method for request in server.asked(f"/api/blobs/{DIGEST}")] == ["HEAD"]


def test_upload_that_is_refused_before_it_was_read(omm: Omm, server: ScriptedServer, model_file: Path) -> None:
    server.answers["POST", f"/api/blobs/{DIGEST}"] = (413, {"error": "too large"})
    assert omm("pull", str(model_file)).err.endswith("Error: too large\n")


def test_run_of_a_file_imports_it_first(omm: Omm, server: ScriptedServer, model_file: Path) -> None:
    server.answers["POST", f"/api/blobs/{DIGEST}"] = (201, b"")
    assert omm("run", str(model_file), "Hi").out == "Hello world\n\n"
    assert server.asked("/api/generate")[0].body["model"] == "my-model-q8"


def test_pull_of_a_missing_file(omm: Omm, server: ScriptedServer) -> None:
    assert omm("pull", "./nothing.gguf") == (1, "", "Error: no such file: nothing.gguf\n")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Qwen3-0.6B-Q8_0.gguf", "qwen3-0.6b-q8_0"),
        ("My Model (Q8).gguf", "my-model-q8"),
        ("--x.gguf", "x"),
        ("模型.gguf", "model"),
        ("a" * 200 + ".gguf", "a" * 80),
        (".hidden.v1.gguf", "hidden.v1"),
    ],
)
def test_names_of_files_become_valid_names(file: str, name: str) -> None:
    assert transfer.name_for(Path(file)) == name
    assert ModelName.parse(name).model == name


@pytest.mark.parametrize(
    ("text", "is_file"),
    [("tiny", False), ("hf.co/a/b-GGUF:Q8_0", False), ("./x", True), ("~/x.gguf", True), ("x.gguf", False)],
)
def test_what_means_a_file(text: str, is_file: bool) -> None:
    assert transfer.is_file_name(text) == is_file


def test_create_from_a_file_beside_the_modelfile(omm: Omm, server: ScriptedServer, model_file: Path) -> None:
    server.answers["POST", f"/api/blobs/{DIGEST}"] = (201, b"")
    adapter = model_file.with_name("adapter.gguf")
    adapter.write_bytes(b"adapter")
    adapter_digest = "sha256:" + hashlib.sha256(b"adapter").hexdigest()
    server.answers["HEAD", f"/api/blobs/{adapter_digest}"] = (200, b"")
    recipe = model_file.with_name("Modelfile")
    recipe.write_text(
        f'FROM ./{model_file.name}\nADAPTER adapter.gguf 0.5\nPARAMETER temperature 0.5\nPARAMETER stop "a"\n'
        'SYSTEM """Be\nbrief."""\nTEMPLATE t\nLICENSE MIT\nMESSAGE user Hi\nMESSAGE assistant Hello\n'
    )
    assert omm("create", "mine", "-f", str(recipe), "--quantize", "q4_K_M").code == 0
    assert server.asked("/api/create")[0].body == {
        "model": "mine",
        "files": {model_file.name: DIGEST},
        "adapters": {"adapter.gguf": adapter_digest},
        "adapter_scales": {"adapter.gguf": 0.5},
        "parameters": {"temperature": 0.5, "stop": ["a"]},
        "system": "Be\nbrief.",
        "template": "t",
        "license": ["MIT"],
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
        "quantize": "q4_K_M",
    }


def test_create_brings_draft_and_importance_matrix(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    digests = {}
    for name in ("m.gguf", "d.gguf", "i.gguf"):
        (tmp_path / name).write_text(name)
        digests[name] = "sha256:" + hashlib.sha256(name.encode()).hexdigest()
        server.answers["POST", f"/api/blobs/{digests[name]}"] = (201, b"")
    (tmp_path / "Modelfile").write_text("FROM ./m.gguf\nDRAFT ./d.gguf\n")
    options = ("-f", str(tmp_path / "Modelfile"), "-q", "Q4_K_M", "--imatrix", str(tmp_path / "i.gguf"))
    assert omm("create", "mine", *options).code == 0
    assert server.asked("/api/create")[0].body == {
        "model": "mine",
        "files": {"m.gguf": digests["m.gguf"]},
        "draft_files": {"d.gguf": digests["d.gguf"]},
        "quantize": "Q4_K_M",
        "imatrix": digests["i.gguf"],
    }
    missing = omm("create", "mine", "-f", str(tmp_path / "Modelfile"), "-q", "Q4_0", "--imatrix", "./none")
    assert missing.err.startswith("Error: no such file: none")


def test_create_keeps_files_of_one_name_apart(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "m.gguf").write_text(folder)
        digest = "sha256:" + hashlib.sha256(folder.encode()).hexdigest()
        server.answers["HEAD", f"/api/blobs/{digest}"] = (200, b"")
    (tmp_path / "Modelfile").write_text("FROM ./a/m.gguf\nFROM ./b/m.gguf\n")
    assert omm("create", "mine", "-f", str(tmp_path / "Modelfile")).code == 0
    assert list(server.asked("/api/create")[0].body["files"]) == ["m.gguf", "1-m.gguf"]


def test_create_warns_of_what_it_ignores_and_refuses_two_models(
    omm: Omm, server: ScriptedServer, tmp_path: Path
) -> None:
    recipe = tmp_path / "Modelfile"
    recipe.write_text("FROM tiny\nRENDERER qwen3\nPARSER qwen3\n")
    warnings = [line for line in omm("create", "mine", "-f", str(recipe)).err.splitlines() if "warning" in line]
    assert [line.split()[1] for line in warnings] == ["RENDERER"]
    recipe.write_text("FROM tiny\nFROM small\n")
    result = omm("create", "mine", "-f", str(recipe))
    assert (result.code, result.err) == (1, "Error: only one FROM may name a model: tiny, small\n")


def test_create_from_a_model(omm: Omm, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Modelfile").write_text("FROM tiny\nSYSTEM You are a pirate.\n")
    monkeypatch.chdir(tmp_path)
    assert omm("create", "pirate") == (0, "", "writing manifest\nsuccess\n")
    assert server.asked("/api/create")[0].body == {
        "model": "pirate",
        "from": "tiny",
        "system": "You are a pirate.",
    }


def test_create_from_a_folder(omm: Omm, server: ScriptedServer, model_file: Path) -> None:
    server.answers["HEAD", f"/api/blobs/{DIGEST}"] = (200, b"")
    recipe = model_file.with_name("Modelfile")
    recipe.write_text("FROM .\n")
    assert omm("create", "mine", "-f", str(recipe)).code == 0
    assert server.asked("/api/create")[0].body["files"] == {model_file.name: DIGEST}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM ./missing.gguf\n", "no such file: "),
        ("FROM tiny\nADAPTER missing.gguf\n", "no such file: "),
        ("FROM tiny\nADAPTER .\n", ". is no GGUF file: convert the adapter"),
        ("FROM tiny\nADAPTER adapter_model.safetensors 0.5\n", "adapter_model.safetensors is no GGUF file"),
        ("FROM tiny\nADAPTER a.gguf nan\n", "(line 2): an adapter's scale must be between"),
        ("FROM .\n", "no GGUF file in "),
        ("SYSTEM x\n", "no FROM line"),
        ("FROM tiny\nPARAMETER nonsense 1\n", "(line 2): unknown parameter 'nonsense'"),
    ],
)
def test_bad_modelfiles_are_refused_before_anything_is_sent(
    omm: Omm, server: ScriptedServer, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "Modelfile").write_text(text)
    result = omm("create", "mine", "-f", str(tmp_path / "Modelfile"))
    assert result.code == 1
    assert result.err.startswith(f"Error: {message}")
    assert not server.requests


def test_create_without_a_modelfile(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    path = tmp_path / "Modelfile"
    assert omm("create", "mine", "-f", str(path)).err == (f"Error: cannot read {path}: No such file or directory\n")


def test_create_with_a_bad_name(omm: Omm, server: ScriptedServer) -> None:
    assert omm("create", "a/b/c/d").err == "Error: invalid model name: a/b/c/d\n"


def test_quiet_shows_errors_only(omm: Omm, server: ScriptedServer, model_file: Path) -> None:
    server.answers["POST", "/api/pull"] = (200, [{"status": "pulling manifest"}, {"status": "success"}])
    assert omm("pull", "--quiet", "llama3.2") == (0, "", "")
    server.answers["HEAD", f"/api/blobs/{DIGEST}"] = (200, b"")
    assert omm("pull", "--quiet", str(model_file)) == (0, "", "")
    server.answers["POST", "/api/push"] = (200, [{"status": "retrieving manifest"}, {"error": "no"}])
    assert omm("push", "--quiet", "host/a/b") == (1, "", "Error: no\n")


def test_a_model_that_nobody_has_is_missing(omm: Omm, server: ScriptedServer) -> None:
    server.answers["POST", "/api/pull"] = (
        200,
        [{"status": "pulling manifest"}, {"error": "none", "code": "not_found"}],
    )
    assert omm("pull", "nosuch")[0] == 3


def test_a_split_model_is_taken_whole(omm: Omm, server: ScriptedServer, tmp_path: Path) -> None:
    parts = [tmp_path / f"m-{number:05}-of-00002.gguf" for number in (1, 2)]
    for part in parts:
        part.write_bytes(part.name.encode())
        digest = hashlib.sha256(part.name.encode()).hexdigest()
        server.answers["HEAD", f"/api/blobs/sha256:{digest}"] = (200, b"")
    assert omm("pull", str(parts[1])).code == 0
    body = server.asked("/api/create")[-1].body
    assert (body["model"], list(body["files"])) == ("m", [part.name for part in parts])
    parts[0].unlink()
    assert "m-00001-of-00002.gguf is missing" in omm("pull", str(parts[1])).err


def test_a_type_that_nothing_is_quantized_to_is_refused_before_the_upload(
    omm: Omm, server: ScriptedServer, tmp_path: Path
) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    (tmp_path / "Modelfile").write_text("FROM m.gguf")
    result = omm("create", "mine", "-f", str(tmp_path / "Modelfile"), "-q", "nosuch")
    assert result.code == 1
    assert "unsupported quantization type nosuch" in result.err
    assert not server.requests
