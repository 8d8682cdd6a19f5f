"""Quantising in a child process: every result loads, says what its source said, and leaves nothing else behind."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import numpy as np
import psutil
import pytest
from gguf import GGUFReader, GGUFWriter

from omm.config import Settings
from omm.engine import quantizer
from omm.errors import Corrupt, InvalidRequest, OmmError
from omm.service import quantize
from omm.service.library import Library
from omm.store.gguf import read_header
from omm.types import CreateRequest, Progress
from tests.ggufs import Shape, write_model
from tests.service.test_split import split
from tests.service.uploads import upload

SHAPE = Shape(width=256, vocab=512, tied=False, layers=1)
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("source") / "f16.gguf", SHAPE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def library(root: Path) -> Library:
    return Library(Settings.load({}, models=root), ())


def create(library: Library, path: Path, wanted: str, imatrix: Path | None = None) -> list[Progress]:
    request = CreateRequest(
        model="small",
        files={path.name: upload(library, path)},
        quantize=wanted,
        importance=upload(library, imatrix) if imatrix else None,
    )
    return list(library.create(request))


def blobs(root: Path) -> set[str]:
    return {path.name for path in (root / "blobs").iterdir()}


def tokens(path: Path) -> list[bytes]:
    field = GGUFReader(path).fields["tokenizer.ggml.tokens"]
    return [bytes(field.parts[index]) for index in field.data]


def importance_of(shape: Shape, path: Path) -> Path:
    """An importance matrix as `llama-imatrix` writes it, of made-up numbers."""
    writer = GGUFWriter(path, "")
    writer.add_type("imatrix")
    rng = np.random.default_rng(1)
    for tensor in read_header(write_model(path.with_suffix(".f16"), shape)).tensors:
        if tensor.name.startswith("blk.") and len(tensor.shape) == 2:
            sums = rng.uniform(1, 100, (1, tensor.shape[0])).astype(np.float32)
            writer.add_tensor(f"{tensor.name}.in_sum2", sums)
            writer.add_tensor(f"{tensor.name}.counts", np.full((1, 1), 50, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.parametrize("wanted", ["Q4_K_M", "q8_0", "IQ4_NL"])
def test_result_is_of_the_type_and_has_the_same_vocabulary(library: Library, source: Path, wanted: str) -> None:
    steps = create(library, source, wanted)
    record = library.find("small")
    assert record.details.quantization_level == wanted.upper()
    assert tokens(Path(record.weights)) == tokens(source)
    assert Path(record.weights).stat().st_size < source.stat().st_size * 0.7
    assert next(step.status for step in steps if step.total) == f"quantizing F16 model to {wanted.upper()}"
    assert steps[-1].status == "success"


def test_progress_never_goes_back_and_reaches_the_end(library: Library, source: Path) -> None:
    done = [step.completed for step in create(library, source, "Q8_0") if step.total]
    assert done == sorted(done, key=lambda count: count or 0)
    assert done[-1] == sum(tensor.num_bytes for tensor in read_header(source).tensors)


def test_source_is_removed_when_nothing_else_uses_it(library: Library, root: Path, source: Path) -> None:
    create(library, source, "Q8_0")
    record = library.find("small")
    assert Path(record.weights).name in blobs(root)
    assert f"sha256-{hashlib.sha256(source.read_bytes()).hexdigest()}" not in blobs(root)
    assert len(blobs(root)) == 2  # the weights and the config


def test_source_stays_for_whoever_is_about_to_use_it_too(library: Library, root: Path, source: Path) -> None:
    upload(library, source)
    digest = f"sha256:{hashlib.sha256(source.read_bytes()).hexdigest()}"
    assert library.has_blob(digest)  # asks another client, which therefore sends nothing
    list(library.create(CreateRequest(model="first", files={"f16.gguf": digest}, quantize="Q8_0")))
    list(library.create(CreateRequest(model="second", files={"f16.gguf": digest}, quantize="Q4_0")))
    assert digest.replace(":", "-") not in blobs(root)


def test_model_here_is_quantized_under_another_name(library: Library, source: Path) -> None:
    list(library.create(CreateRequest(model="big", files={"f16.gguf": upload(library, source)}, system="Be kind.")))
    list(library.create(CreateRequest(model="small", base="big", quantize="Q8_0")))
    assert library.find("big").details.quantization_level == "F16"
    assert library.find("small").details.quantization_level == "Q8_0"
    assert library.find("small").system == "Be kind."


def test_embedding_model(library: Library, tmp_path: Path) -> None:
    create(library, write_model(tmp_path / "bert.gguf", Shape(arch="bert", width=64, vocab=256)), "Q8_0")
    assert library.find("small").details.quantization_level == "Q8_0"


def test_the_same_type_changes_nothing(library: Library, source: Path) -> None:
    create(library, source, "F16")
    assert Path(library.find("small").weights).read_bytes() == source.read_bytes()


def test_lowest_types_need_an_importance_matrix(library: Library, source: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="requires an imatrix"):
        create(library, source, "IQ2_XXS")
    create(library, source, "IQ2_XXS", importance_of(SHAPE, tmp_path / "imatrix.gguf"))
    assert library.find("small").details.quantization_level == "IQ2_XXS"


def test_importance_matrix_changes_the_weights(library: Library, source: Path, tmp_path: Path) -> None:
    create(library, source, "Q4_K_M")
    plain = Path(library.find("small").weights).name
    create(library, source, "Q4_K_M", importance_of(SHAPE, tmp_path / "imatrix.gguf"))
    assert Path(library.find("small").weights).name != plain


def test_importance_is_a_mean_of_squares(tmp_path: Path) -> None:
    path = importance_of(SHAPE, tmp_path / "imatrix.gguf")
    sums = {tensor.name: tensor.data for tensor in GGUFReader(path).tensors}
    found = quantizer.importance(str(path))
    assert set(found) == {name.removesuffix(".in_sum2") for name in sums if name.endswith(".in_sum2")}
    np.testing.assert_allclose(found["blk.0.attn_q.weight"], sums["blk.0.attn_q.weight.in_sum2"].ravel() / 50)


@pytest.mark.parametrize("content", [b"not GGUF", b""])
def test_file_that_is_no_importance_matrix(library: Library, source: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "imatrix.gguf").write_bytes(content)
    with pytest.raises(InvalidRequest, match="imatrix file"):
        create(library, source, "Q4_K_M", tmp_path / "imatrix.gguf")


def test_model_as_importance_matrix(library: Library, source: Path) -> None:
    with pytest.raises(InvalidRequest, match="holds no importance matrix"):
        create(library, source, "Q4_K_M", source)


def test_quantized_source_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="only supported for F16, BF16 and F32 models"):
        create(library, write_model(tmp_path / "q8.gguf", Shape(quant="Q8_0")), "Q4_K_M")


def test_unknown_type_is_refused_at_once(library: Library) -> None:
    request = CreateRequest(model="small", files={"x.gguf": "sha256:" + "0" * 64}, quantize="Q7_X")
    with pytest.raises(InvalidRequest, match="unsupported quantization type Q7_X - supported types are F32, F16"):
        library.create(request)


def with_nan(path: Path) -> Path:
    write_model(path, Shape(width=64, quant="F32", tied=False))
    norm = next(tensor for tensor in read_header(path).tensors if tensor.name == "output_norm.weight")
    with path.open("r+b") as file:
        file.seek(norm.offset)
        file.write(np.full(64, np.nan, np.float32).tobytes())
    return path


def test_source_with_nan_is_refused(library: Library, root: Path, tmp_path: Path) -> None:
    path = with_nan(tmp_path / "nan.gguf")
    with pytest.raises(OmmError, match="invalid data"):
        create(library, path, "Q8_0")
    assert blobs(root) == {f"sha256-{hashlib.sha256(path.read_bytes()).hexdigest()}"}


def test_result_that_computes_nan_is_found(tmp_path: Path) -> None:
    path = str(with_nan(tmp_path / "nan.gguf"))
    with pytest.raises(OmmError, match="not finite"):
        quantizer.check(path)


def test_closing_ends_the_child_and_leaves_no_file(library: Library, root: Path, source: Path) -> None:
    before = {child.pid for child in psutil.Process().children()}
    request = CreateRequest(model="small", files={"f16.gguf": upload(library, source)}, quantize="Q4_K_M")
    steps = library.create(request)
    assert any(step.total for step in steps)
    steps.close()  # type: ignore[attr-defined]
    assert {child.pid for child in psutil.Process().children()} <= before
    assert blobs(root) == {f"sha256-{hashlib.sha256(source.read_bytes()).hexdigest()}"}


def test_child_that_dies_is_an_error(library: Library, source: Path) -> None:
    request = CreateRequest(model="small", files={"f16.gguf": upload(library, source)}, quantize="Q4_K_M")
    before = {child.pid for child in psutil.Process().children()}
    steps = library.create(request)
    assert any(step.total for step in steps)
    for child in psutil.Process().children():
        if child.pid not in before:
            child.kill()
    with pytest.raises(OmmError, match="unexpectedly stopped"):
        list(steps)


def test_other_tensors_or_vocabulary_are_found(source: Path, tmp_path: Path) -> None:
    deeper = write_model(tmp_path / "deeper.gguf", Shape(width=256, vocab=512, tied=False, layers=2))
    other_words = write_model(tmp_path / "words.gguf", Shape(width=256, vocab=512, tied=False, layers=1, seed=1))
    with pytest.raises(Corrupt, match="other tensors"):
        quantize.compare(read_header(source), deeper)
    with pytest.raises(Corrupt, match="another vocabulary"):
        quantize.compare(read_header(source), other_words)
    quantize.compare(read_header(source), source)


def test_what_cannot_be_loaded_is_found(source: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.gguf"
    short.write_bytes(source.read_bytes()[:-4096])
    with pytest.raises(OmmError, match="could not be loaded"):
        quantizer.check(str(short))


def test_model_in_parts_becomes_one_file(library: Library, source: Path, tmp_path: Path) -> None:
    parts = split(source, tmp_path, max_tensors=5)
    files = {path.name: upload(library, path) for path in parts}
    list(library.create(CreateRequest(model="big", files=files)))
    assert len(library.find("big").parts) == len(parts) > 1
    list(library.create(CreateRequest(model="small", base="big", quantize="Q8_0")))
    record = library.find("small")
    assert (record.parts, record.details.quantization_level) == ((), "Q8_0")
    assert tokens(Path(record.weights)) == tokens(source)


def older_importance(path: Path, values: dict[str, tuple[int, list[float]]]) -> Path:
    """As `llama-imatrix` wrote it before it wrote GGUF."""
    content = struct.pack("<i", len(values))
    for name, (calls, numbers) in values.items():
        content += struct.pack("<i", len(name)) + name.encode() + struct.pack("<ii", calls, len(numbers))
        content += np.array(numbers, "<f4").tobytes()
    path.write_bytes(content + struct.pack("<ii", 3, 4) + b"text")
    return path


def test_older_importance_matrix_is_read(tmp_path: Path) -> None:
    path = older_importance(tmp_path / "i.dat", {"a.weight": (4, [2.0, 8.0]), "unseen.weight": (0, [5.0])})
    found = quantizer.importance(str(path))
    assert {name: list(values) for name, values in found.items()} == {"a.weight": [0.5, 2.0], "unseen.weight": [1.0]}


def test_older_importance_matrix_makes_the_same_weights(library: Library, source: Path, tmp_path: Path) -> None:
    newer = importance_of(SHAPE, tmp_path / "imatrix.gguf")
    means = {name: (50, list(values * 50)) for name, values in quantizer.importance(str(newer)).items()}
    create(library, source, "IQ2_XXS", older_importance(tmp_path / "imatrix.dat", means))
    assert library.find("small").details.quantization_level == "IQ2_XXS"


def test_older_importance_matrix_that_is_cut_off(tmp_path: Path) -> None:
    content = older_importance(tmp_path / "i.dat", {"a.weight": (4, [2.0, 8.0])}).read_bytes()[:-12]
    for size in range(len(content)):
        (tmp_path / "cut.dat").write_bytes(content[:size])
        with pytest.raises(InvalidRequest, match="imatrix file"):
            quantizer.importance(str(tmp_path / "cut.dat"))
