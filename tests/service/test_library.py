"""The library over real stores: Ollama's layout, pull, create, copy, delete, and what each leaves on disk."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gguf import GGUFWriter

from omm.config import Settings
from omm.errors import Corrupt, Forbidden, InvalidRequest, NotFound, StorageFailed, Unsupported
from omm.service.library import Library
from omm.sources.download import Downloads
from omm.sources.embedded import Embedded
from omm.sources.huggingface import HuggingFace
from omm.types import CreateRequest, Message, Progress
from tests.service.uploads import upload
from tests.sources.hub import Hub, running_hub
from tests.store.small import TEMPLATE, write_small

WAIT_S = 60.0  # for what takes a moment


def sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.fixture
def gguf(tmp_path: Path) -> bytes:
    def extra(writer: Any) -> None:
        writer.add_chat_template(TEMPLATE)
        writer.add_license("apache-2.0")

    return write_small(tmp_path / "model.gguf", extra=extra).read_bytes()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as running:
        yield running


@pytest.fixture
def library(root: Path, hub: Hub, tmp_path: Path, gguf: bytes) -> Library:
    embedded = tmp_path / "embedded"
    embedded.mkdir()
    (embedded / "tiny.gguf").write_bytes(gguf)
    (embedded / "tiny.json").write_text('{"parameters": {"temperature": 0.5}, "system": "You are tiny."}')
    return Library(
        Settings.load({}, models=root),
        (Embedded(embedded), HuggingFace(hub.url, downloads=Downloads(retry_waits_s=()))),
    )


def create(library: Library, model: str, **request: Any) -> list[str]:
    return [step.status for step in library.create(CreateRequest(model=model, **request))]


def blob_names(root: Path) -> set[str]:
    return {path.name for path in (root / "blobs").iterdir()}


class OllamaStore:
    """A models directory as Ollama writes it, by hand."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "blobs").mkdir(parents=True)

    def blob(self, kind: str, content: bytes) -> dict[str, Any]:
        digest = sha256(content)
        (self.root / "blobs" / digest.replace(":", "-")).write_bytes(content)
        return {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": digest, "size": len(content)}

    def model(self, path: str, config: dict[str, Any], *layers: dict[str, Any]) -> bytes:
        entry = self.blob("config", json.dumps(config).encode())
        entry["mediaType"] = "application/vnd.docker.container.image.v1+json"
        content = json.dumps({"schemaVersion": 2, "config": entry, "layers": layers, "annotations": None}).encode()
        manifest = self.root / "manifests" / path
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_bytes(content)
        return content


CONFIG = {
    "model_format": "gguf",
    "model_family": "llama",
    "model_families": ["llama"],
    "model_type": "1.2B",
    "file_type": "Q8_0",
    "rootfs": {"type": "layers", "diff_ids": ["sha256:0"]},
    "os": "linux",
}


@pytest.fixture
def ollama(root: Path, gguf: bytes) -> OllamaStore:
    store = OllamaStore(root)
    store.manifest = store.model(  # type: ignore[attr-defined]
        "registry.ollama.ai/library/llama3.2/1b",
        CONFIG,
        store.blob("model", gguf),
        store.blob("template", b"{{ if .Tools }}{{ .Prompt }}{{ .Suffix }}{{ end }}"),
        store.blob("system", b"Be brief."),
        store.blob("params", b'{"stop": ["<|eot_id|>"], "temperature": 1, "num_gqa": 8}'),
        store.blob("messages", b'[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]'),
        store.blob("license", b"LLAMA LICENSE"),
        store.blob("license", b"USE POLICY"),
    )
    return store


# --- an Ollama directory ----------------------------------------------------------------------------------------


def test_models_of_ollama_are_listed(library: Library, ollama: OllamaStore) -> None:
    (summary,) = library.list()
    manifest: bytes = ollama.manifest  # type: ignore[attr-defined]
    assert summary.name == "llama3.2:1b"
    assert summary.digest == hashlib.sha256(manifest).hexdigest()
    assert summary.size == sum(path.stat().st_size for path in (ollama.root / "blobs").iterdir())
    assert summary.details.family == "llama"
    assert summary.details.parameter_size == "1.2B"
    assert summary.details.quantization_level == "Q8_0"
    assert summary.details.context_length == 2048
    assert summary.details.embedding_length == 64
    assert summary.capabilities == ("completion", "tools", "insert", "thinking")


def test_a_model_of_ollama_is_found_with_all_its_texts(library: Library, ollama: OllamaStore, gguf: bytes) -> None:
    record = library.find("LLAMA3.2:1B")
    assert Path(record.weights).read_bytes() == gguf
    assert record.template == "{{ if .Tools }}{{ .Prompt }}{{ .Suffix }}{{ end }}"
    assert record.chat_template == TEMPLATE
    assert record.system == "Be brief."
    assert record.licenses == ("LLAMA LICENSE", "USE POLICY")
    assert record.parameters == {"stop": ["<|eot_id|>"], "temperature": 1.0}
    assert record.messages == (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    assert record.metadata["llama.block_count"] == 2
    assert record.metadata["general.parameter_count"] == 512
    assert library.tensors("llama3.2:1b")[0].name == "token_embd.weight"


def test_the_modelfile_of_a_model_makes_it_again(library: Library, ollama: OllamaStore) -> None:
    record = library.find("llama3.2:1b")
    text = library.modelfile(record)
    assert text.startswith('# Modelfile generated by "omm show"\n')
    assert f"\nFROM {record.weights}\n" in text
    assert "\nPARAMETER stop <|eot_id|>\n" in text
    assert text.endswith("MESSAGE user hi\nMESSAGE assistant hello\n")


def test_an_embedding_model_does_not_complete(library: Library, root: Path, tmp_path: Path) -> None:
    store = OllamaStore(root)
    content = write_small(
        tmp_path / "e.gguf", "bert", lambda writer: writer.add_uint32("bert.pooling_type", 1)
    ).read_bytes()
    store.model("registry.ollama.ai/library/embed/latest", {}, store.blob("model", content))
    assert library.list()[0].capabilities == ("embedding",)
    assert library.list()[0].details.family == "bert"
    assert library.list()[0].details.parameter_size == "512"


def test_a_projector_gives_eyes(library: Library, root: Path, tmp_path: Path, gguf: bytes) -> None:
    eyes = write_small(tmp_path / "p.gguf", "clip", lambda writer: writer.add_bool("clip.has_vision_encoder", True))
    create(library, "seeing", files={"m.gguf": upload(library, gguf), "p.gguf": upload(library, eyes.read_bytes())})
    record = library.find("seeing")
    assert "vision" in record.capabilities
    assert [Path(path).read_bytes() for path in record.projectors] == [eyes.read_bytes()]
    assert record.details.families == ("llama", "clip")
    metadata = library.projector_metadata("seeing")
    assert metadata is not None
    assert metadata["clip.has_vision_encoder"] is True
    assert library.modelfile(record).count("\nFROM ") == 2


def test_models_that_are_not_gguf_are_listed_but_not_found(library: Library, root: Path) -> None:
    store = OllamaStore(root)
    store.model("registry.ollama.ai/library/mlx/latest", {"model_format": "safetensors", "capabilities": ["image"]})
    assert library.list()[0].details.format == "safetensors"
    assert library.list()[0].capabilities == ("image",)
    with pytest.raises(Unsupported, match="is in safetensors format; omm runs GGUF models"):
        library.find("mlx")


def test_a_model_that_runs_elsewhere_is_listed_and_refused_by_the_place(library: Library, root: Path) -> None:
    config = {"remote_host": "https://ollama.com", "remote_model": "big", "capabilities": ["completion"]}
    OllamaStore(root).model("registry.ollama.ai/library/big/cloud", config)
    assert [model.name for model in library.list()] == ["big:cloud"]
    with pytest.raises(Forbidden, match=r"runs at https://ollama\.com"):
        library.find("big:cloud")


@pytest.mark.parametrize("content", [b"{", b'{"model_family": 3}', b"[]", b'{"model_family": "\xff"}'])
def test_a_malformed_config_leaves_the_model_usable(library: Library, root: Path, gguf: bytes, content: bytes) -> None:
    store = OllamaStore(root)
    layer = store.blob("model", gguf)
    store.model("registry.ollama.ai/library/m/latest", {}, layer)
    (root / "blobs" / sha256(b"{}").replace(":", "-")).write_bytes(content)
    assert library.find("m").details.family == "llama"


def test_missing_and_broken_blobs(library: Library, ollama: OllamaStore, gguf: bytes) -> None:
    weights = ollama.root / "blobs" / sha256(gguf).replace(":", "-")
    weights.write_bytes(gguf[:100])
    assert library.list()[0].details.parameter_size == "1.2B"
    with pytest.raises(Corrupt, match="invalid GGUF file"):
        library.find("llama3.2:1b")
    weights.unlink()
    assert library.list()[0].capabilities == ()
    with pytest.raises(Corrupt, match=r"model 'llama3.2:1b' is incomplete: sha256:\w+ is missing"):
        library.find("llama3.2:1b")


def test_a_broken_manifest_hides_no_other_model(library: Library, ollama: OllamaStore) -> None:
    (ollama.root / "manifests/registry.ollama.ai/library/llama3.2/broken").write_text("{")
    assert [summary.name for summary in library.list()] == ["llama3.2:1b"]
    with pytest.raises(Corrupt):
        library.find("llama3.2:broken")


def test_newest_first(library: Library, gguf: bytes) -> None:
    digest = upload(library, gguf)
    for name in ("a", "b", "c"):
        create(library, name, files={"m.gguf": digest})
    assert [summary.name for summary in library.list()] == ["c:latest", "b:latest", "a:latest"]


def test_unknown_models_are_not_found(library: Library) -> None:
    for action in (library.find, library.tensors):
        with pytest.raises(NotFound, match=r"^model 'absent:latest' not found$"):
            action("absent")
    with pytest.raises(NotFound, match=r"^model 'absent' not found$"):
        library.delete("absent")
    with pytest.raises(InvalidRequest, match="invalid model name"):
        library.find("../x")
    assert library.list() == []


def test_long_arrays_are_read_when_asked_for(library: Library, tmp_path: Path) -> None:
    numbers = list(range(3000))
    content = write_small(tmp_path / "l.gguf", extra=lambda w: w.add_array("x.numbers", numbers)).read_bytes()
    create(library, "long", files={"m.gguf": upload(library, content)})
    assert library.find("long").metadata["x.numbers"] is None
    assert library.find("long", arrays=True).metadata["x.numbers"] == tuple(numbers)


def test_a_header_is_read_once_in_its_life(library: Library, root: Path, gguf: bytes) -> None:
    create(library, "m", files={"m.gguf": upload(library, gguf)})
    (listed,) = library.list()
    (root / "blobs" / sha256(gguf).replace(":", "-")).write_bytes(b"no header to read any more")
    assert Library(Settings.load({}, models=root)).list() == [listed]


def test_a_file_that_cannot_be_read_does_not_hide_the_other_models(library: Library, root: Path, gguf: bytes) -> None:
    store = OllamaStore(root)
    store.model("registry.ollama.ai/library/good/latest", {"model_family": "llama"}, store.blob("model", gguf))
    store.model("registry.ollama.ai/library/bad/latest", {"model_family": "x"}, store.blob("model", gguf[:-1]))
    config = root / "blobs" / sha256(b'{"model_family": "x"}').replace(":", "-")
    config.unlink()
    config.symlink_to(config)  # an error of the system, as files of another user are, and for root too
    assert {model.name: model.details.family for model in library.list()} == {"good:latest": "llama", "bad:latest": ""}


# --- pull -------------------------------------------------------------------------------------------------------


def check_progress(steps: list[Progress]) -> None:
    """Per blob, progress never falls and ends with all of it."""
    by_digest: dict[str, list[Progress]] = {}
    for step in steps:
        if step.digest:
            by_digest.setdefault(step.digest, []).append(step)
    for of_one in by_digest.values():
        completed = [step.completed or 0 for step in of_one]
        assert completed == sorted(completed)
        assert completed[-1] == of_one[-1].total


def test_pull_of_the_embedded_model(library: Library, gguf: bytes) -> None:
    steps = list(library.pull("tiny"))
    check_progress(steps)
    short = sha256(gguf)[7:19]
    statuses = list(dict.fromkeys(step.status for step in steps))
    assert statuses == [
        "pulling manifest",
        f"pulling {short}",
        "verifying sha256 digest",
        "writing manifest",
        "success",
    ]
    record = library.find("tiny")
    assert record.name == "tiny:latest"
    assert record.system == "You are tiny."
    assert record.parameters == {"temperature": 0.5}
    assert record.licenses == ("apache-2.0",)
    assert record.details.quantization_level == "Q8_0"
    list(library.pull("tiny"))
    assert library.find("tiny").digest == record.digest


def test_pull_from_hugging_face(library: Library, hub: Hub, gguf: bytes) -> None:
    hub.add("user/Repo-GGUF", **{"m-Q8_0__gguf": gguf})
    check_progress(list(library.pull("hf.co/user/Repo-GGUF:Q8_0")))
    assert library.list()[0].name == "hf.co/user/Repo-GGUF:Q8_0"
    list(library.pull("hf.co/user/Repo-GGUF:Q8_0"))
    assert len(hub.file_requests) == 1


def test_a_cancelled_pull_writes_nothing_and_resumes(library: Library, hub: Hub, root: Path, gguf: bytes) -> None:
    content = gguf + bytes(5_000_000)
    hub.add("user/repo", m__gguf=content)
    hub.hold = threading.Event()
    steps = library.pull("hf.co/user/repo")
    for step in steps:
        if step.completed:
            break
    steps.close()  # type: ignore[attr-defined]
    hub.hold.set()
    assert library.list() == []
    assert not library.has_blob(sha256(content))
    list(library.pull("hf.co/user/repo"))
    assert hub.file_requests[-1].headers["range"].startswith("bytes=")
    assert [name for name in blob_names(root) if not name.startswith("sha256-")] == []


def test_concurrent_pulls_of_one_model(library: Library, root: Path, hub: Hub, gguf: bytes) -> None:
    hub.add("user/repo", m__gguf=gguf + bytes(3_000_000))
    results: list[list[Progress]] = []
    threads = [threading.Thread(target=lambda: results.append(list(library.pull("hf.co/user/repo")))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    for steps in results:
        check_progress(steps)
        assert steps[-1].status == "success"
    assert len(library.list()) == 1
    assert len(hub.file_requests) == 1
    assert [name for name in blob_names(root) if not name.startswith("sha256-")] == []


def test_a_pull_that_only_watches_can_be_cancelled(library: Library, hub: Hub, gguf: bytes) -> None:
    hub.add("user/repo", m__gguf=gguf + bytes(3_000_000))
    hub.hold = threading.Event()
    first = threading.Thread(target=lambda: list(library.pull("hf.co/user/repo")))
    first.start()
    assert hub.half_sent.wait(WAIT_S)
    has_seen = threading.Event()

    def watch() -> None:
        steps = library.pull("hf.co/user/repo")
        for _ in zip(range(10), steps, strict=False):  # each step is a chance to leave, though nothing moves
            pass
        steps.close()  # type: ignore[attr-defined]
        has_seen.set()

    threading.Thread(target=watch).start()
    try:
        assert has_seen.wait(WAIT_S)
    finally:
        hub.hold.set()
        first.join()
    assert library.find("hf.co/user/repo")


def test_a_file_that_is_no_model_is_not_kept(library: Library, hub: Hub, root: Path) -> None:
    hub.add("user/repo", m__gguf=b"<html>not here</html>")
    with pytest.raises(Corrupt, match="not in GGUF format"):
        list(library.pull("hf.co/user/repo"))
    assert library.list() == []
    assert blob_names(root) == set()


def test_bad_names_fail_before_the_first_step(library: Library) -> None:
    with pytest.raises(InvalidRequest, match="invalid model name"):
        library.pull("a/b/c/d")
    with pytest.raises(NotFound, match="models that can be pulled: tiny"):
        library.pull("llama9")
    with pytest.raises(InvalidRequest, match="insecure protocol http"):
        library.pull("http://hf.co/a/b")


def test_pulling_over_a_model_removes_what_it_alone_used(library: Library, hub: Hub, root: Path, gguf: bytes) -> None:
    hub.add("user/repo", m__gguf=gguf + b"old")
    list(library.pull("hf.co/user/repo"))
    hub.add("user/repo", m__gguf=gguf + b"new")
    list(library.pull("hf.co/user/repo"))
    assert not library.has_blob(sha256(gguf + b"old"))
    assert library.has_blob(sha256(gguf + b"new"))


# --- create -----------------------------------------------------------------------------------------------------


def test_create_from_a_file(library: Library, gguf: bytes) -> None:
    digest = upload(library, gguf)
    statuses = create(
        library,
        "Mine",
        files={"model.gguf": digest},
        template="{{ .Prompt }}",
        system="Hi",
        parameters={"stop": ["x"], "temperature": 1},
        messages=(Message(role="user", content="a"),),
        licenses=("MIT",),
        requires="0.1.0",
    )
    assert statuses[:2] == ["parsing GGUF", f"using existing layer {digest}"]
    assert [status.split(" sha256")[0] for status in statuses[2:-2]] == ["creating new layer"] * 5
    assert (statuses[-2], statuses[-1]) == ("writing manifest", "success")
    record = library.find("mine")
    assert record.name == "Mine:latest"
    assert (record.template, record.system, record.licenses) == ("{{ .Prompt }}", "Hi", ("MIT",))
    assert record.parameters == {"stop": ["x"], "temperature": 1.0}
    assert record.messages == (Message(role="user", content="a"),)
    assert record.requires == "0.1.0"
    assert record.details.parameter_size == "512"
    assert set(create(library, "mine", files={"m.gguf": digest}, system="Hi")[1:3]) == {
        f"using existing layer {digest}",
        f"using existing layer {sha256(b'Hi')}",
    }


def test_parameters_recommended_in_the_file_yield_to_those_of_the_modelfile(library: Library, tmp_path: Path) -> None:
    def recommend(writer: GGUFWriter) -> None:
        writer.add_float32("general.sampling.temp", 0.2)
        writer.add_float32("general.sampling.penalty_repeat", 1.0)
        writer.add_int32("general.sampling.top_k", 20)
        writer.add_string("general.sampling.top_p", "nonsense")

    content = write_small(tmp_path / "own.gguf", extra=recommend).read_bytes()
    create(library, "own", files={"m.gguf": upload(library, content)}, parameters={"top_k": 7})
    assert library.find("own").parameters == {"temperature": 0.2, "repeat_penalty": 1.0, "top_k": 7}


def test_create_from_a_model_inherits_what_it_does_not_replace(library: Library, ollama: OllamaStore) -> None:
    create(library, "child", base="llama3.2:1b", system="Be long.", parameters={"temperature": 2}, licenses=("MORE",))
    parent, child = library.find("llama3.2:1b"), library.find("child")
    assert child.weights == parent.weights
    assert child.template == parent.template
    assert child.system == "Be long."
    assert child.parameters == {"stop": ["<|eot_id|>"], "temperature": 2.0}
    assert child.licenses == ("LLAMA LICENSE", "USE POLICY", "MORE")
    assert child.messages == parent.messages
    assert child.details.parameter_size == "1.2B"
    create(library, "child", base="child", template="", system="", messages=(Message(role="system", content="x"),))
    again = library.find("child")
    assert (again.template, again.system) == ("", "")
    assert again.messages == (Message(role="system", content="x"),)


def test_who_names_an_unknown_parser_is_told(library: Library) -> None:
    assert not any("parser" in status for status in create(library, "one", base="tiny", dialect="hermes"))
    assert library.find("one").dialect == "hermes"
    assert "PARSER hermes" in library.modelfile(library.find("one"))
    assert any("no parser is called odd" in status for status in create(library, "two", base="tiny", dialect="odd"))


def test_nothing_is_made_of_a_model_that_cannot_run(library: Library) -> None:
    list(library.pull("tiny"))
    Path(library.find("tiny").weights).unlink()
    with pytest.raises(Corrupt, match="model 'tiny:latest' is incomplete"):
        create(library, "m", base="tiny")
    assert [summary.name for summary in library.list()] == ["tiny:latest"]


def test_create_pulls_a_base_that_is_not_here(library: Library) -> None:
    statuses = create(library, "pirate", base="tiny", system="Arr.")
    assert statuses[0] == "pulling manifest"
    assert statuses.count("success") == 1
    assert {summary.name for summary in library.list()} == {"tiny:latest", "pirate:latest"}
    assert library.find("pirate").system == "Arr."


ZEROS = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("request_", "error", "message"),
    [
        ({}, InvalidRequest, "neither 'from' or 'files' was specified"),
        ({"base": "tiny", "quantize": "q7"}, InvalidRequest, "unsupported quantization type q7"),
        ({"base": "tiny", "importance": ZEROS}, InvalidRequest, "quantize is missing"),
        ({"base": "nope"}, NotFound, "models that can be pulled"),
        ({"base": "../x"}, InvalidRequest, "invalid model name"),
        ({"base": "tiny", "parameters": {"x": 1}}, InvalidRequest, "unknown parameter 'x'"),
        ({"base": "tiny", "parameters": {"temperature": -5}}, InvalidRequest, "temperature must be between 0 and 100"),
        ({"base": "tiny", "parameters": {"logit_bias": {"x": 1}}}, InvalidRequest, "parameters are wrong"),
        ({"base": "tiny", "messages": (Message(role="bot"),)}, InvalidRequest, "message role must be one of"),
        ({"files": {"m.gguf": "sha256:../x"}}, InvalidRequest, "invalid digest format"),
        ({"base": "tiny", "adapter_scales": {"a": 1.0}}, InvalidRequest, "adapter_scales names no file of adapters: a"),
        (
            {"base": "tiny", "adapters": {"a": ZEROS}, "adapter_scales": {"a": float("nan")}},
            InvalidRequest,
            "scale must be between -100 and 100, not nan",
        ),
        (
            {"base": "tiny", "template": "one\n{{ if .System }"},
            InvalidRequest,
            r"template is broken: template: :2:15: ",
        ),
        ({"base": "tiny", "template": "one\n{% if messages %}"}, InvalidRequest, "template is broken: line 2: "),
        *(
            ({"base": "tiny", **fields}, InvalidRequest, f"upload blob {ZEROS} first")
            for fields in (
                {"files": {"m.gguf": ZEROS}},
                {"adapters": {"a": ZEROS}},
                {"drafts": {"d": ZEROS}},
                {"quantize": "q8_0", "importance": ZEROS},
            )
        ),
        *(
            ({"files": {name: ZEROS}}, InvalidRequest, "file path must be relative")
            for name in ("/etc/passwd", "../x", "a/../../x", "C:\\x", "\\\\host\\x", "..\\x", "")
        ),
    ],
)
def test_bad_requests_fail_before_the_first_step(
    library: Library, request_: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        library.create(CreateRequest(model="m", **request_))


def test_files_that_will_not_do(library: Library, gguf: bytes, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no such file"):
        create(library, "m", files={"m.gguf": ZEROS})
    with pytest.raises(InvalidRequest, match="supplied file was not in GGUF format"):
        create(library, "m", files={"m.gguf": upload(library, b"hello")})
    with pytest.raises(InvalidRequest, match="is the download complete"):
        create(library, "m", files={"m.gguf": upload(library, gguf[:-200])})
    with pytest.raises(InvalidRequest, match="more than one of the files is a model"):
        create(library, "m", files={"a": upload(library, gguf), "b": upload(library, gguf + b"x")})
    part = write_small(tmp_path / "s.gguf", extra=lambda w: w.add_uint16("split.count", 2)).read_bytes()
    with pytest.raises(InvalidRequest, match="not all 2 parts of one split model"):
        create(library, "m", files={"m.gguf": upload(library, part)})
    assert library.list() == []


# --- copy, delete, blobs ----------------------------------------------------------------------------------------


def test_copy_shares_everything(library: Library, ollama: OllamaStore) -> None:
    library.copy("llama3.2:1b", "Copy")
    assert {summary.digest for summary in library.list()} == {library.find("copy").digest}
    library.delete("llama3.2:1b")
    assert library.find("copy").system == "Be brief."


def test_what_a_running_create_keeps_from_a_delete_goes_when_it_ends(library: Library, root: Path) -> None:
    list(library.pull("tiny"))
    steps = library.create(CreateRequest(model="derived", base="tiny", system="Never said."))
    next(iter(steps))
    library.delete("tiny")
    assert blob_names(root)
    steps.close()  # type: ignore[attr-defined]
    assert blob_names(root) == set()


def test_copy_over_a_model_removes_its_blobs(library: Library, ollama: OllamaStore, root: Path, gguf: bytes) -> None:
    create(library, "old", files={"m.gguf": upload(library, gguf)}, system="Nobody else says this.")
    library.copy("llama3.2:1b", "old")
    assert not (root / "blobs" / sha256(b"Nobody else says this.").replace(":", "-")).exists()
    assert library.find("old").system == "Be brief."


def test_copy_says_which_name_is_wrong(library: Library) -> None:
    with pytest.raises(InvalidRequest, match='source "a b" is invalid'):
        library.copy("a b", "c")
    with pytest.raises(InvalidRequest, match='destination "" is invalid'):
        library.copy("a", "")
    with pytest.raises(NotFound, match=r'^model "absent" not found$'):
        library.copy("absent", "c")


def test_delete_removes_blobs_that_nothing_else_uses(library: Library, ollama: OllamaStore, root: Path) -> None:
    before = blob_names(root)
    create(library, "child", base="llama3.2:1b", system="Own words.")
    library.delete("child")
    assert blob_names(root) == before
    library.delete("LLAMA3.2:1b")
    assert blob_names(root) == set()
    assert list((root / "manifests").iterdir()) == []
    with pytest.raises(InvalidRequest, match='name "a b" is invalid'):
        library.delete("a b")


def test_delete_keeps_blobs_while_a_manifest_cannot_be_read(library: Library, ollama: OllamaStore, root: Path) -> None:
    broken = ollama.root / "manifests/registry.ollama.ai/library/other/latest"
    broken.parent.mkdir()
    broken.write_text("{")
    before = blob_names(root)
    library.delete("llama3.2:1b")
    assert blob_names(root) == before
    library.delete("other")


def test_a_broken_model_can_be_deleted(library: Library, ollama: OllamaStore) -> None:
    (ollama.root / "manifests/registry.ollama.ai/library/llama3.2/1b").write_text("rubbish")
    library.delete("llama3.2:1b")
    assert library.list() == []


def test_delete_spares_what_a_running_pull_needs(library: Library, root: Path, gguf: bytes) -> None:
    create(library, "same", files={"m.gguf": upload(library, gguf)})
    pull = library.pull("tiny")
    for step in pull:
        if step.status == "verifying sha256 digest":
            library.delete("same")
            break
    assert [step.status for step in pull][-1] == "success"
    assert Path(library.find("tiny").weights).read_bytes() == gguf


def test_blobs_are_checked(library: Library) -> None:
    digest = sha256(b"hello")
    assert not library.has_blob(digest)
    with pytest.raises(InvalidRequest, match=r'digest mismatch, expected ".*", got ".*"'):
        library.put_blob(digest, [b"help"])
    assert not library.has_blob(digest)
    assert library.put_blob(digest, [b"hel", b"lo"])
    assert not library.put_blob(digest, [b"hello"])
    for action in (library.has_blob, lambda bad: library.put_blob(bad, [])):
        with pytest.raises(InvalidRequest, match="invalid digest format"):
            action("sha256:zz")


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path, gguf: bytes) -> None:
    (tmp_path / "models").write_text("a file in the way")
    with pytest.raises(StorageFailed, match="model store: "):
        Library(Settings.load({}, models=tmp_path / "models")).put_blob(sha256(gguf), [gguf])
