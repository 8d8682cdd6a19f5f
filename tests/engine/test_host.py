"""Loading, embeddings and adapters on real llama.cpp."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt
import pytest

from omm.engine import host as host_module
from omm.engine import llama as llama_api
from omm.engine import prepare
from omm.engine.memory import Device
from omm.engine.messages import Embed, ModelShape, Tokenize, Tokens, Vectors
from omm.engine.runner import Runner
from omm.errors import ContextExceeded, EngineFailed, InvalidRequest, LoadFailed, OutOfMemory, Unsupported
from tests import ggufs
from tests.engine.real import PROMPTS, WAIT_S, Inline, ask, collect, embed, inline, spec_for, start, worker_of
from tests.ggufs import Shape, write_adapter, write_model

pytestmark = pytest.mark.model

ENCODER = ModelShape(
    num_layers=2, kv_bytes_per_token=512, weights_bytes=1 << 20, trained_context=128, is_embedding=True
)
TEXTS = [f"text number {number} {'with more words ' * (number % 4)}" for number in range(40)]


@pytest.fixture(scope="module", params=["llama", "gemma", "bert"])
def embedder(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Each kind of model, asked for embeddings."""
    path = request.getfixturevalue(request.param)
    fields: dict[str, Any] = {"shape": ENCODER, "num_ctx": 128} if request.param == "bert" else {}
    with inline(path, **fields) as loaded:
        yield loaded


def vectors(runner: Runner, *texts: str) -> list[npt.NDArray[np.float32]]:
    return [np.frombuffer(row, "<f4") for row in embed(runner, *texts).rows]


def cosine(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> float:
    return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))


# Embeddings.


def test_a_batch_embeds_as_each_alone(embedder: Runner) -> None:
    together = vectors(embedder, *TEXTS)
    alone = [vectors(embedder, text)[0] for text in TEXTS]
    assert all(vector.shape == (64,) for vector in together)
    assert min(cosine(left, right) for left, right in zip(together, alone, strict=True)) > 0.999


def test_other_texts_get_other_vectors(embedder: Runner) -> None:
    one, other = vectors(embedder, "some words", "9.?!")
    assert cosine(one, other) < 0.99


def test_tokens_are_counted(embedder: Runner) -> None:
    one, two = embed(embedder, "some words").num_tokens, embed(embedder, "some words", "some words").num_tokens
    assert two == 2 * one > 0


def test_a_text_that_is_too_long_keeps_its_start(embedder: Runner) -> None:
    long = "a b c d e f g h " * 100
    cut = embed(embedder, long)
    assert cut.num_tokens <= 256
    assert cosine(vectors(embedder, long)[0], vectors(embedder, long + "other end")[0]) > 0.999


def test_a_text_that_is_too_long_is_refused_when_it_must_not_be_cut(embedder: Runner) -> None:
    with pytest.raises(ContextExceeded, match="tokens"):
        embed(embedder, "short", "a b c d e f g h " * 100, truncate=False)


def test_an_encoder_keeps_its_closing_token(bert: Path) -> None:
    loaded = host_module.load(spec_for(bert, shape=ENCODER, num_ctx=128))
    try:
        tokens = loaded.vocabulary.tokenize("a b c d e f", special=False)
        cut = loaded.cut_embedding_input(tokens, 4)
        assert (len(cut), cut[0], cut[-1]) == (4, tokens[0], tokens[-1])
    finally:
        loaded.close()


def test_a_decoder_keeps_its_closing_token(models: Path) -> None:
    shape = Shape(seed=3).filled()
    writer = gguf.GGUFWriter(models / "closing.gguf", shape.arch)
    ggufs.add_metadata(writer, shape)
    ggufs.add_byte_level(writer, shape)
    writer.add_add_eos_token(True)
    ggufs.write_tensors(writer, shape)
    with inline(models / "closing.gguf") as loaded:
        host = worker_of(loaded)._host
        tokens = prepare.embedding(host, Embed(id=1, inputs=("a b c d e f g h " * 100,))).inputs[0]
    assert (len(tokens), tokens[-1]) == (256, 2)


def test_a_context_without_room_gives_no_stale_vectors(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inline(llama) as loaded:
        vectors(loaded, TEXTS[0])
        monkeypatch.setattr(llama_api.llama_cpp, "llama_decode", lambda handle, batch: 1)
        with pytest.raises(EngineFailed, match="no room"):
            vectors(loaded, TEXTS[1])


def test_an_empty_text_fails_alone(llama: Path) -> None:
    with inline(llama) as loaded:
        with pytest.raises(InvalidRequest, match="empty"):
            embed(loaded, "x", "")
        assert embed(loaded, "x").num_tokens == 1


def test_an_encoder_cannot_generate(bert: Path) -> None:
    with inline(bert, shape=ENCODER, num_ctx=128) as loaded:
        with pytest.raises(Unsupported, match="embedding"):
            ask(loaded, "hello")
        assert embed(loaded, "hello").num_tokens > 0


@pytest.fixture(scope="module")
def reranker(models: Path) -> Path:
    """An encoder with a classifier."""
    return write_model(models / "reranker.gguf", Shape(arch="bert", context=128, seed=5, ranks=True))


def scores(runner: Runner, query: str, *documents: str, truncate: bool = True) -> Vectors:
    command = functools.partial(Embed, inputs=documents, query=query, truncate=truncate)
    reply = runner.call(lambda request_id: command(id=request_id), WAIT_S)
    assert isinstance(reply, Vectors)
    return reply


def test_a_reranking_model_gives_no_embeddings(reranker: Path) -> None:
    with inline(reranker, shape=ENCODER, num_ctx=128) as loaded, pytest.raises(Unsupported, match="reranking"):
        embed(loaded, "hello")


def test_a_reranking_model_scores_each_document_alone(reranker: Path) -> None:
    with inline(reranker, shape=ENCODER, num_ctx=128) as loaded:
        together = scores(loaded, "what", *TEXTS)
        alone = [scores(loaded, "what", text).rows[0] for text in TEXTS]
        values = [np.frombuffer(row, "<f4") for row in together.rows]
        assert [value.shape for value in values] == [(1,)] * len(TEXTS)
        assert np.concatenate(values) == pytest.approx(
            np.concatenate([np.frombuffer(r, "<f4") for r in alone]), abs=0.02
        )
        assert scores(loaded, "what else", TEXTS[0]).rows[0] != alone[0]


def test_a_long_document_is_cut_and_a_long_query_is_not(reranker: Path) -> None:
    with inline(reranker, shape=ENCODER, num_ctx=128) as loaded:
        long = "a b c d " * 100
        assert scores(loaded, "what", long).num_tokens == 128
        with pytest.raises(ContextExceeded, match="query and document have"):
            scores(loaded, "what", long, truncate=False)
        with pytest.raises(ContextExceeded, match="query and document have"):
            scores(loaded, long, "what")


def test_other_models_give_no_scores(bert: Path, llama: Path) -> None:
    with inline(bert, shape=ENCODER, num_ctx=128) as loaded, pytest.raises(Unsupported, match="no reranking model"):
        scores(loaded, "q", "d")
    with inline(llama) as loaded, pytest.raises(Unsupported, match="no reranking model"):
        scores(loaded, "q", "d")


def test_embedding_beside_generating_changes_neither(llama: Path) -> None:
    with inline(llama) as loaded:
        text, vector = ask(loaded, PROMPTS[0]).text, vectors(loaded, TEXTS[1])[0]
        running = [start(loaded, PROMPTS[0]) for _ in range(3)]
        again = vectors(loaded, *TEXTS[:2])[1]
        assert {collect(outbox).text for outbox in running} == {text}
    assert cosine(vector, again) > 0.999


# Loading.


@pytest.mark.parametrize(
    "fields", [{"num_ctx": 4}, {"num_ctx": 5, "num_parallel": 16}, {"num_batch": 1, "num_parallel": 8}]
)
def test_the_smallest_sizes_work(llama: Path, fields: dict[str, Any]) -> None:
    with inline(llama, **fields) as loaded:
        outboxes = [start(loaded, "Q", num_predict=2) for _ in range(8)]
        assert [collect(outbox).finished.usage.prompt_tokens for outbox in outboxes] == [1] * 8
        assert embed(loaded, "Q").num_tokens == 1


def test_what_must_fit_on_an_accelerator_is_not_loaded_elsewhere(llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_module, "gpu_devices", lambda: [Device(name="full", free=1, total=1 << 30)])
    with pytest.raises(OutOfMemory, match="accelerators"):
        host_module.load(spec_for(llama, num_gpu=-1, must_fit=True))
    host_module.load(spec_for(llama, num_gpu=-1)).close()
    monkeypatch.setattr(host_module, "gpu_devices", list)
    host_module.load(spec_for(llama, num_gpu=-1, must_fit=True)).close()


@pytest.mark.parametrize("kind", ["q8_0", "q4_0"])
def test_a_quantised_cache_works(tmp_path: Path, kind: str) -> None:
    wide = write_model(tmp_path / "wide.gguf", Shape(head_dim=32))
    with inline(wide, kv_cache_type=kind, flash_attention="on", num_parallel=2) as loaded:
        assert ask(loaded, PROMPTS[0]).text


@pytest.mark.parametrize("kind", ["on", "off"])
def test_flash_attention_is_a_choice(llama: Path, kind: str) -> None:
    with inline(llama, flash_attention=kind, num_parallel=2) as loaded:
        assert ask(loaded, PROMPTS[0]).text


def test_what_is_loaded_is_described(llama: Path) -> None:
    runner = Runner(Inline)
    try:
        loaded = runner.load(spec_for(llama, num_ctx=100, num_parallel=3), WAIT_S)
    finally:
        runner.close()
    assert (loaded.num_ctx, loaded.num_parallel, loaded.gpu_layers) == (100, 3, 0)
    assert loaded.eos == "<|im_end|>"
    assert loaded.size >= llama.stat().st_size


def test_a_file_that_is_no_model_is_refused(garbage: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL), pytest.raises(LoadFailed, match="could not be loaded"), inline(garbage):
        pass


def test_a_missing_file_is_refused(tmp_path: Path, llama: Path) -> None:
    gone = tmp_path / "gone.gguf"
    gone.write_bytes(llama.read_bytes())
    spec = spec_for(gone)
    gone.unlink()
    with pytest.raises(LoadFailed):
        host_module.load(spec)


def test_control_tokens_in_a_prompt_are_tokens(llama: Path) -> None:
    with inline(llama) as loaded:
        reply = loaded.call(lambda request_id: Tokenize(id=request_id, text="<|im_start|>"), WAIT_S)
    assert reply == Tokens(ids=(1,))


def test_text_that_is_no_unicode_is_tokenized(llama: Path) -> None:
    with inline(llama) as loaded:
        assert ask(loaded, "a\ud800b", num_predict=1).finished.usage.prompt_tokens >= 3


# Adapters.


@pytest.fixture(scope="module")
def adapter(llama: Path, models: Path) -> Path:
    return write_adapter(models / "adapter.gguf", llama)


def test_an_adapter_changes_answers_and_embeddings(llama: Path, adapter: Path) -> None:
    with inline(llama) as plain:
        text, vector = ask(plain, PROMPTS[0]).text, vectors(plain, TEXTS[0])[0]
    with inline(llama, adapters=(str(adapter),)) as adapted:
        assert ask(adapted, PROMPTS[0], scales=(1.0,)).text != text
        changed = embed(adapted, TEXTS[0], scales=(1.0,))
        assert cosine(np.frombuffer(changed.rows[0], "<f4"), vector) < 0.99
        assert np.array_equal(vectors(adapted, TEXTS[0])[0], vector)


def test_an_adapter_of_another_model_is_refused(llama: Path, gemma: Path, adapter: Path, models: Path) -> None:
    with pytest.raises(LoadFailed, match="arch and LoRA arch mismatch"), inline(gemma, adapters=(str(adapter),)):
        pass
    wide = write_model(models / "wide.gguf", Shape(width=96, seed=3))
    with pytest.raises(LoadFailed, match="incorrect shape"), inline(wide, adapters=(str(adapter),)):
        pass


def test_an_adapter_that_is_none_is_refused(llama: Path, garbage: Path) -> None:
    with pytest.raises(LoadFailed, match="adapter"), inline(llama, adapters=(str(garbage),)):
        pass


# Sequences.


def test_nothing_is_left_after_clearing(llama: Path) -> None:
    loaded = host_module.load(spec_for(llama))
    try:
        loaded.batch.clear()
        loaded.batch.add([5, 6, 7], 0, 2, outputs="last")
        assert loaded.decode() == 0
        assert loaded.logits(2).shape == (512,)
        with pytest.raises(EngineFailed, match="no logits"):
            loaded.logits(0)
        loaded.clear()
        assert loaded.context.first_position(2) == -1
    finally:
        loaded.close()


def test_a_batch_without_rows_fails(llama: Path) -> None:
    loaded = host_module.load(spec_for(llama))
    try:
        loaded.batch.clear()
        with pytest.raises(EngineFailed, match="decoding failed"):
            loaded.decode()
    finally:
        loaded.close()


def test_closing_twice_is_harmless(llama: Path) -> None:
    llama_api.start_backend()
    model = llama_api.Model(str(llama), gpu_layers=0)
    model.close()
    model.close()
