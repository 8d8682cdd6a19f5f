"""GGUF headers: what is read from good files, and that no bad file gets further than a clear error."""

from __future__ import annotations

import os
import random
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import gguf as reference
import pytest

from omm.errors import Corrupt
from omm.store import ggml
from omm.store.cursor import LongArray
from omm.store.gguf import read_header
from tests.ggufs import Shape, write_model
from tests.store.small import TEMPLATE, write_small


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small.gguf")


def rewritten(path: Path, content: bytes) -> Path:
    other = path.with_name("other.gguf")
    other.write_bytes(content)
    return other


# --- good files -------------------------------------------------------------------------------------------------


def test_header_of_a_good_file(small: Path) -> None:
    header = read_header(small)
    assert header.architecture == "llama"
    assert (header.num_layers, header.context_length, header.embedding_length) == (2, 2048, 64)
    assert header.file_type == "Q8_0"
    assert header.metadata["tokenizer.ggml.tokens"] == ("<unk>", "<0x0A>", "a", "é")
    assert header.metadata["tokenizer.ggml.scores"] == (0.0, -1.0, -2.0, -3.0)
    assert header.num_parameters == 4 * 64 + 64 + 3 * 64
    assert [(t.name, t.type, t.shape) for t in header.tensors] == [
        ("token_embd.weight", "Q8_0", (64, 4)),
        ("output_norm.weight", "F32", (64,)),
        ("blk.0.ffn_up.weight", "F16", (64, 3)),
    ]
    assert header.kv_elements_per_token == (2 + 0) * (16 + 16)


@pytest.mark.parametrize("counts", [["a", "b"], [0.5, 2.5], [-1, 2], "4", 1.5])
def test_counts_that_are_none_are_not_reckoned_with(tmp_path: Path, counts: object) -> None:
    def replace(writer: reference.GGUFWriter) -> None:
        kinds = {list: writer.add_array, str: writer.add_string, float: writer.add_float32}
        for key in ("llama.attention.head_count", "llama.attention.head_count_kv"):
            del writer.kv_data[0][key]
            kinds[type(counts)](key, counts)  # type: ignore[operator]

    assert read_header(write_small(tmp_path / "m.gguf", extra=replace)).kv_elements_per_token == 0


def test_tensors_lie_where_the_reference_reader_finds_them(small: Path) -> None:
    found = [(t.name, t.offset, t.num_bytes) for t in read_header(small).tensors]
    assert found == [(t.name, t.data_offset, t.n_bytes) for t in reference.GGUFReader(small).tensors]


@pytest.mark.parametrize("arch", ["llama", "qwen3", "gemma3", "bert"])
def test_random_models_of_every_architecture_pass(tmp_path: Path, arch: str) -> None:
    header = read_header(write_model(tmp_path / "m.gguf", Shape(arch=arch, quant="Q8_0")))
    assert header.architecture == arch
    assert header.num_layers == 2


def test_long_arrays_stay_in_the_file(tmp_path: Path) -> None:
    tokens = [f"token {n}" for n in range(5000)]

    def vocabulary(writer: reference.GGUFWriter) -> None:
        writer.add_array("x.words", tokens)
        writer.add_array("x.numbers", list(range(5000)))

    header = read_header(write_small(tmp_path / "m.gguf", extra=vocabulary))
    assert isinstance(header.metadata["x.words"], LongArray)
    assert header.array("x.words") == tuple(tokens)
    assert header.array("x.numbers") == tuple(range(5000))
    assert header.array("absent") == ()


def test_file_type_is_told_by_the_weights_when_the_key_is_missing(small: Path) -> None:
    content = small.read_bytes().replace(b"general.file_type", b"general.file_tipe")
    assert read_header(rewritten(small, content)).file_type == "Q8_0"


def test_tensor_types_agree_with_the_reference() -> None:
    sizes = {int(kind): size for kind, size in reference.GGML_QUANT_SIZES.items()}
    ours = {number: (elements, size) for number, (_, elements, size) in ggml.TENSOR_TYPES.items()}
    del sizes[9], ours[9]  # the reference pads Q8_1, which no file uses, as ggml does not
    assert {number: ours[number] for number in sizes} == sizes


# --- bad files --------------------------------------------------------------------------------------------------


def test_a_file_cut_anywhere_in_the_header_is_refused(small: Path) -> None:
    content = small.read_bytes()
    end = read_header(small).data_offset
    for length in range(end + 1):
        with pytest.raises(Corrupt):
            read_header(rewritten(small, content[:length]))


def test_a_file_cut_in_the_weights_is_refused(small: Path) -> None:
    last = read_header(small).tensors[-1]
    content = small.read_bytes()
    read_header(rewritten(small, content[: last.offset + last.num_bytes]))
    with pytest.raises(Corrupt, match=r"'blk.0.ffn_up.weight' reaches past the end of the file"):
        read_header(rewritten(small, content[: last.offset + last.num_bytes - 1]))


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def u64(number: int) -> bytes:
    return struct.pack("<Q", number)


def key(name: str) -> bytes:
    return u64(len(name)) + name.encode()


def tensor_info(name: str, dims: tuple[int, ...], type_id: int, offset: int) -> bytes:
    return key(name) + u32(len(dims)) + b"".join(map(u64, dims)) + u32(type_id) + u64(offset)


EMBEDDING = tensor_info("token_embd.weight", (64, 4), 8, 0)
NORM = tensor_info("output_norm.weight", (64,), 0, 288)
TOKENS_HEAD = key("tokenizer.ggml.tokens") + u32(9) + u32(8)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"GGUF", b"GGML", "supplied file was not in GGUF format"),
        (b"GGUF" + u32(3), b"GGUF" + u32(1), "unsupported version 1"),
        (b"GGUF" + u32(3), b"GGUF" + u32(3 << 24), "big-endian"),
        (u64(3) + u64(11), u64(2**63) + u64(11), "claims 9223372036854775808 tensors"),
        (u64(3) + u64(11), u64(3) + u64(2**64 - 1), "claims 18446744073709551615 keys"),
        (key("llama.block_count"), u64(2**60) + b"llama.block_count", "a key of"),
        (key("llama.block_count") + u32(4) + u32(2), key("llama.block_count") + u32(4) + u32(0), "block_count is 0"),
        (key("llama.block_count") + u32(4), key("llama.block_count") + u32(99), "unknown value type 99"),
        (key("llama.block_count") + u32(4), key("llama.block_count") + u32(6), "llama.block_count is "),
        (TOKENS_HEAD + u64(4), TOKENS_HEAD + u64(2**61), "an array of"),
        (TOKENS_HEAD + u64(4), TOKENS_HEAD + u64(2**22), "cut off"),
        (TOKENS_HEAD, key("tokenizer.ggml.tokens") + u32(9) + u32(9), "an array of value type 9"),
        (u64(5) + b"<unk>", u64(2**40) + b"<unk>", "a string of"),
        (b"<0x0A>", b"<0x-1>", "'<0x-1>' is no byte token"),
        (EMBEDDING, tensor_info("token_embd.weight", (64, 4), 5, 0), "unknown type 5"),
        (EMBEDDING, tensor_info("token_embd.weight", (64, 4), 1000, 0), "unknown type 1000"),
        (EMBEDDING, tensor_info("token_embd.weight", (63, 4), 8, 0), "impossible shape"),
        (EMBEDDING, tensor_info("token_embd.weight", (64, 0), 8, 0), "impossible shape"),
        (EMBEDDING, tensor_info("token_embd.weight", (64, 2**62), 8, 0), "impossible shape"),
        (EMBEDDING, tensor_info("token_embd.weight", (2**32, 2**32), 0, 0), "impossible shape"),
        (EMBEDDING, tensor_info("token_embd.weight", (64, 5), 8, 0), "at offset 288, expected 352"),
        (EMBEDDING, tensor_info("token_embd.weight", (64, 2**40), 8, 0), "past the end"),
        (EMBEDDING, tensor_info("token_embd.weight", (64, 4), 8, 2**63), "expected 0"),
        (EMBEDDING, EMBEDDING.replace(u32(2), u32(5)), "5 dimensions"),
        (EMBEDDING, EMBEDDING.replace(u32(2), u32(0)), "0 dimensions"),
        (NORM, tensor_info("output_norm.weight", (64,), 0, 0), "at offset 0, expected 288"),
        (NORM, tensor_info("output_norm.weight", (64,), 0, 289), "at offset 289"),
        (NORM, tensor_info("output_norm.weight", (64,), 0, 2**64 - 32), "at offset"),
        (NORM, tensor_info("token_embd.weight", (64,), 0, 288), "tensor 'token_embd.weight' is there twice"),
        (u64(17) + b"token_embd.weight", u64(64) + b"token_embd.weight", "a tensor name of 64 bytes"),
        (b"general.architecture", b"general.arkhitecture", "general.architecture is missing"),
        (u64(5) + b"llama" + key("llama.block_count"), u64(5) + b"ll/ma" + key("llama.block_count"), "not a name"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(small: Path, old: bytes, new: bytes, message: str) -> None:
    content = small.read_bytes()
    assert content.count(old) == 1
    path = rewritten(small, content.replace(old, new))
    with pytest.raises(Corrupt, match=message):
        read_header(path)


@pytest.mark.parametrize("alignment", [0, 3, 24, 2**21, 2**32 - 1])
def test_impossible_alignment_is_refused(tmp_path: Path, alignment: int) -> None:
    path = write_small(tmp_path / "m.gguf", extra=lambda w: w.add_uint32("general.alignmend", alignment))
    path.write_bytes(path.read_bytes().replace(b"general.alignmend", b"general.alignment"))
    with pytest.raises(Corrupt, match=f"general.alignment is {alignment}"):
        read_header(path)


@pytest.mark.parametrize(("key", "value"), [("split.count", "two"), ("split.no", [0, 1]), ("split.count", True)])
def test_parts_that_are_no_numbers_are_refused(tmp_path: Path, key: str, value: object) -> None:
    def extra(writer: reference.GGUFWriter) -> None:
        kinds = {str: writer.add_string, list: writer.add_array, bool: writer.add_bool}
        kinds[type(value)](key, value)  # type: ignore[operator]

    with pytest.raises(Corrupt, match=f"{key} is "):
        read_header(write_small(tmp_path / "m.gguf", extra=extra))


def test_doubled_keys_are_refused(tmp_path: Path) -> None:
    path = write_small(tmp_path / "m.gguf", extra=lambda w: w.add_uint32("llama.block_kount", 2))
    path.write_bytes(path.read_bytes().replace(b"block_kount", b"block_count"))
    with pytest.raises(Corrupt, match=r"key 'llama.block_count' is there twice"):
        read_header(path)


@pytest.mark.parametrize(
    "extra",
    [
        lambda writer: writer.add_token_scores([0.0]),
        lambda writer: writer.add_token_types([1, 1, 1, 1, 1]),
        lambda writer: writer.add_array("tokenizer.ggml.scores", ["a", "b", "c", "d"]),
        lambda writer: writer.add_array("tokenizer.ggml.merges", [1, 2]),
        lambda writer: writer.add_array("tokenizer.ggml.tokens", [1, 2, 3, 4]),
        lambda writer: writer.add_string("tokenizer.ggml.tokens", "a"),
    ],
)
def test_a_vocabulary_that_does_not_fit_together_is_refused(
    tmp_path: Path, extra: Callable[[reference.GGUFWriter], None]
) -> None:
    def replace(writer: reference.GGUFWriter) -> None:
        added = reference.GGUFWriter(None, "llama")
        extra(added)
        writer.kv_data[0] |= {name: value for name, value in added.kv_data[0].items() if "tokenizer" in name}

    with pytest.raises(Corrupt, match=r"tokenizer\.ggml\."):
        read_header(write_small(tmp_path / "m.gguf", extra=replace))


def test_random_damage_never_escapes_as_another_error(small: Path) -> None:
    content = bytearray(small.read_bytes())
    end = read_header(small).data_offset
    rng = random.Random(1)
    refused = 0
    for _ in range(3000):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(4, end)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        try:
            read_header(rewritten(small, bytes(damaged)))
        except Corrupt:
            refused += 1
    assert refused > 1500


def test_byte_tokens_are_checked_in_large_vocabularies_too(tmp_path: Path) -> None:
    def vocabulary(writer: reference.GGUFWriter) -> None:
        added = reference.GGUFWriter(None, "llama")
        added.add_token_list([f"word {n}" for n in range(2000)] + ["<0x41>", "x", bad])
        added.add_token_types([1] * 2000 + [6, 1, 6])
        writer.kv_data[0] |= {name: value for name, value in added.kv_data[0].items() if "tokenizer" in name}
        del writer.kv_data[0]["tokenizer.ggml.scores"]

    bad = "<0xFF>"
    assert read_header(write_small(tmp_path / "m.gguf", extra=vocabulary)).array("tokenizer.ggml.tokens")[-1] == bad
    bad = "<0x100>"
    with pytest.raises(Corrupt, match="'<0x100>' is no byte token"):
        read_header(write_small(tmp_path / "m.gguf", extra=vocabulary))


def test_memory_stays_small_whatever_the_file_claims(tmp_path: Path) -> None:
    path = tmp_path / "sparse.gguf"
    with path.open("wb") as file:
        file.write(b"GGUF" + u32(3) + u64(2**17) + u64(1) + key("a") + u32(9) + u32(0) + u64(2**23))
        file.truncate(1 << 31)
    tracemalloc.start()
    try:
        with pytest.raises(Corrupt):
            read_header(path)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_texts_that_would_fill_the_memory_are_refused(tmp_path: Path) -> None:
    path, num_keys, size = tmp_path / "huge.gguf", 40, 1 << 24
    with path.open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, num_keys))
        for number in range(num_keys):
            file.write(struct.pack("<Q8sIQ", 8, b"key%05d" % number, 8, size))
            file.seek(size, os.SEEK_CUR)  # a hole: the file takes no space
        file.truncate()
    tracemalloc.start()
    try:
        with pytest.raises(Corrupt, match="invalid GGUF file: more than 64 MiB of texts and lists"):
            read_header(path)
        assert tracemalloc.get_traced_memory()[1] < 128 << 20
    finally:
        tracemalloc.stop()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(Corrupt, match="not in GGUF format"):
        read_header(tmp_path / "empty")


def test_template_is_read_as_text(tmp_path: Path) -> None:
    header = read_header(write_small(tmp_path / "m.gguf", extra=lambda w: w.add_chat_template(TEMPLATE)))
    assert header.text("tokenizer.chat_template") == TEMPLATE
    assert header.text("tokenizer.ggml.tokens") == ""


def test_further_templates_are_read_by_name(tmp_path: Path) -> None:
    templates = [
        {"name": "default", "template": TEMPLATE},
        {"name": "tool_use", "template": "{{ tools }}"},
        {"name": "rag", "template": "{{ documents }}"},
    ]
    header = read_header(write_small(tmp_path / "m.gguf", extra=lambda w: w.add_chat_template(templates)))
    assert header.text("tokenizer.chat_template") == TEMPLATE
    assert header.chat_templates == {"tool_use": "{{ tools }}", "rag": "{{ documents }}"}


def test_a_template_that_is_no_text_is_none(tmp_path: Path) -> None:
    header = read_header(write_small(tmp_path / "m.gguf", extra=lambda w: w.add_uint32("tokenizer.chat_template.x", 1)))
    assert header.chat_templates == {}
