"""llama.cpp's C API as a few classes that check every return code and free what they own.

With `samplers.py` and `quantizer.py` the only one that calls C. llama.cpp's own names (n_past, n_ubatch) stop here.
"""

from __future__ import annotations

import collections
import ctypes
import itertools
import logging
import os
from collections.abc import Iterator, Sequence
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt
from llama_cpp import _ggml

from omm.engine.memory import Device
from omm.errors import EngineFailed, LoadFailed, OutOfMemory

log = logging.getLogger(__name__)

_lib = llama_cpp.llama_cpp._lib
# PERF: a plain ctypes call gives the GIL up and must win it back; these take microseconds, so they keep it.
fast = ctypes.PyDLL(_lib._name)
fast.llama_get_logits_ith.argtypes = [ctypes.c_void_p, ctypes.c_int32]
fast.llama_get_logits_ith.restype = ctypes.POINTER(ctypes.c_float)
fast.llama_token_to_piece.argtypes = [
    ctypes.c_void_p, ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32, ctypes.c_int32, ctypes.c_bool,
]  # fmt: skip
fast.llama_token_to_piece.restype = ctypes.c_int32
fast.llama_vocab_is_eog.argtypes = [ctypes.c_void_p, ctypes.c_int32]
fast.llama_vocab_is_eog.restype = ctypes.c_bool
_get_attr = ctypes.PyDLL(_lib._name)["llama_vocab_get_attr"]

CONTROL, USER_DEFINED = 1 | 8, 16  # llama_token_attr; unknown tokens count as control
KV_TYPES = {"f16": 1, "q8_0": 8, "q4_0": 2}  # ggml type ids
FLASH_ATTENTION = {"auto": -1, "off": 0, "on": 1}
POOLING_NONE, POOLING_MEAN, POOLING_RANK = 0, 1, 4
GPU_DEVICE, INTEGRATED_GPU = 1, 2

_GGML_LEVELS = {1: logging.DEBUG, 2: logging.DEBUG, 3: logging.WARNING, 4: logging.ERROR, 5: logging.DEBUG}
last_log_lines: collections.deque[str] = collections.deque(maxlen=32)


@llama_cpp.llama_log_callback
def _on_log(level: int, text: bytes, _user_data: Any) -> None:
    line = text.decode("utf-8", "replace").rstrip()
    if level in (3, 4) and line:
        last_log_lines.append(line)
    log.log(_GGML_LEVELS.get(level, logging.DEBUG), "%s", line)


def start_backend() -> None:
    """Initialise llama.cpp once per process and take over its log."""
    llama_cpp.llama_log_set(_on_log, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()


def gpu_devices() -> list[Device]:
    """Accelerators with their free and total memory in bytes, as the driver measures them now."""
    ggml = _ggml.libggml
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.argtypes, ggml.ggml_backend_dev_get.restype = [ctypes.c_size_t], ctypes.c_void_p
    ggml.ggml_backend_dev_type.argtypes, ggml.ggml_backend_dev_type.restype = [ctypes.c_void_p], ctypes.c_int
    ggml.ggml_backend_dev_name.argtypes, ggml.ggml_backend_dev_name.restype = [ctypes.c_void_p], ctypes.c_char_p
    ggml.ggml_backend_dev_memory.argtypes = [
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_size_t),
        ctypes.POINTER(ctypes.c_size_t),
    ]
    devices = []
    for index in range(ggml.ggml_backend_dev_count()):
        handle = ggml.ggml_backend_dev_get(index)
        if ggml.ggml_backend_dev_type(handle) not in (GPU_DEVICE, INTEGRATED_GPU):
            continue
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        ggml.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
        devices.append(Device(name=ggml.ggml_backend_dev_name(handle).decode(), free=free.value, total=total.value))
    return devices


class Model:
    """Weights and vocabulary. The vocabulary may be read from any thread; caller closes."""

    def __init__(self, path: str, *, gpu_layers: int, main_gpu: int = 0, use_mmap: bool = True) -> None:
        params = llama_cpp.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        params.main_gpu = main_gpu
        params.load_mode = 1 if use_mmap else 0
        last_log_lines.clear()
        self.handle = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
        if not self.handle:
            raise _load_error("the model file could not be loaded")
        self.vocab = llama_cpp.llama_model_get_vocab(self.handle)
        self.num_vocab = llama_cpp.llama_vocab_n_tokens(self.vocab)
        self.num_embedding = llama_cpp.llama_model_n_embd_out(self.handle)
        self.size_bytes = llama_cpp.llama_model_size(self.handle)
        self.num_layers = llama_cpp.llama_model_n_layer(self.handle)
        self.sliding_window = llama_cpp.llama_model_n_swa(self.handle)
        self.is_recurrent = llama_cpp.llama_model_is_recurrent(self.handle) or llama_cpp.llama_model_is_hybrid(
            self.handle
        )
        self._adapters: list[Any] = []
        self._piece = ctypes.create_string_buffer(256)

    @property
    def tokenize_pointer(self) -> int | None:
        """Address of `llama_tokenize`."""
        return ctypes.cast(_lib.llama_tokenize, ctypes.c_void_p).value

    def load_adapter(self, path: str) -> None:
        """Read a LoRA adapter, for contexts to apply."""
        adapter = llama_cpp.llama_adapter_lora_init(self.handle, os.fsencode(path))
        if not adapter:
            raise _load_error("the adapter could not be loaded")
        self._adapters.append(adapter)

    @property
    def adapters(self) -> list[Any]:
        """Handles of the loaded LoRA adapters."""
        return self._adapters

    def tokenize(self, text: str, *, add_special: bool, parse_special: bool) -> list[int]:
        """Text to token ids. Thread-safe: only the vocabulary is read."""
        data = text.encode("utf-8", "replace")
        # NOTE: a token covers at least one byte, apart from the few that add_special puts around the text.
        buffer = (ctypes.c_int32 * (len(data) + 16))()
        count = llama_cpp.llama_tokenize(self.vocab, data, len(data), buffer, len(buffer), add_special, parse_special)
        if count < 0:
            raise EngineFailed(f"tokenization failed with code {count}")
        return buffer[:count]

    def piece(self, token: int, *, special: bool) -> bytes:
        """Bytes of one token; control tokens are empty unless `special`. Worker only: the buffer is shared."""
        length = fast.llama_token_to_piece(self.vocab, token, self._piece, len(self._piece), 0, special)
        if length < 0:
            self._piece = ctypes.create_string_buffer(-length)
            length = fast.llama_token_to_piece(self.vocab, token, self._piece, len(self._piece), 0, special)
        return ctypes.string_at(self._piece, length)  # NOTE: .raw would copy the whole buffer

    def is_end(self, token: int) -> bool:
        """Whether the token ends a generation (eos, eot and their kin)."""
        return bool(fast.llama_vocab_is_eog(self.vocab, token))

    def pieces(self) -> list[bytes]:
        """Bytes of all tokens, control tokens included."""
        buffer = ctypes.create_string_buffer(1 << 14)
        to_piece = fast.llama_token_to_piece
        lengths = (to_piece(self.vocab, token, buffer, len(buffer), 0, True) for token in range(self.num_vocab))
        return [ctypes.string_at(buffer, max(0, length)) for length in lengths]

    def token_kinds(self) -> Iterator[int]:
        """`llama_token_attr` of every token."""
        # PERF: without declared argument types a call takes half as long.
        return map(_get_attr, itertools.repeat(ctypes.c_void_p(self.vocab)), range(self.num_vocab))

    def token_text(self, token: int) -> str:
        """A token as the vocabulary spells it, which for a control token is the text that is parsed as it."""
        text: bytes = llama_cpp.llama_vocab_get_text(self.vocab, token)
        return text.decode("utf-8", "replace")

    def special_id(self, name: str) -> int:
        """Id of a special token (`bos`, `eos`, `eot`, `fim_pre`, `fim_suf`, `fim_mid`), negative if there is none."""
        return int(getattr(llama_cpp, f"llama_vocab_{name}")(self.vocab))

    def special_text(self, name: str) -> str:
        """Text of a special token, empty when there is none."""
        token = self.special_id(name)
        is_named = token >= 0 and not (name == "bos" and self._has_default_bos())
        return self.token_text(token) if is_named else ""

    def _has_default_bos(self) -> bool:
        """Whether the token that begins a text is not the file's choice.

        NOTE: for byte pairs llama.cpp then takes token 11, which is a comma in most of them.
        """
        buffer = ctypes.create_string_buffer(16)
        found = llama_cpp.llama_model_meta_val_str(self.handle, b"tokenizer.ggml.bos_token_id", buffer, len(buffer))
        return bool(found < 0 and llama_cpp.llama_vocab_type(self.vocab) == llama_cpp.LLAMA_VOCAB_TYPE_BPE)

    def detokenize(self, tokens: Sequence[int], *, special: bool) -> bytes:
        """Bytes of token ids as one text: a space that tokenizing put in front is gone. Ids must exist. Thread-safe."""
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        buffer = ctypes.create_string_buffer(16 * len(tokens) + 1)
        while True:
            length = llama_cpp.llama_detokenize(self.vocab, array, len(tokens), buffer, len(buffer), False, special)
            if length >= 0:
                return buffer.raw[:length]
            buffer = ctypes.create_string_buffer(-length)

    @property
    def adds_bos(self) -> bool:
        """Whether the vocabulary wants a beginning-of-sequence token before every text."""
        return bool(llama_cpp.llama_vocab_get_add_bos(self.vocab))

    @property
    def adds_eos(self) -> bool:
        """Whether the vocabulary wants an end-of-sequence token after every text."""
        return bool(llama_cpp.llama_vocab_get_add_eos(self.vocab))

    @property
    def adds_sep(self) -> bool:
        """Whether the vocabulary wants a separator after every text."""
        return bool(llama_cpp.llama_vocab_get_add_sep(self.vocab))

    @property
    def adds_closing(self) -> bool:
        """Whether the vocabulary wants a token after every text."""
        return self.adds_eos or self.adds_sep

    @property
    def is_reranker(self) -> bool:
        """Whether it scores pairs of texts and makes no vectors."""
        return _pooling(self) == POOLING_RANK

    def template(self, name: str) -> str:
        """A template of this name in the header, empty when there is none."""
        found = llama_cpp.llama_model_chat_template(self.handle, name.encode())
        return found.decode("utf-8", "replace") if found else ""

    def close(self) -> None:
        """Free adapters and weights; contexts must be closed before."""
        while self._adapters:
            llama_cpp.llama_adapter_lora_free(self._adapters.pop())
        if self.handle:
            llama_cpp.llama_model_free(self.handle)
            self.handle = None


class Batch:
    """Rows for one decode, in arrays that C reads in place."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.tokens = np.zeros(capacity, np.int32)
        self.positions = np.zeros(capacity, np.int32)
        self.sequences = np.zeros(capacity, np.int32)
        self.outputs = np.zeros(capacity, np.int8)
        self._ones = np.ones(capacity, np.int32)
        base = self.sequences.ctypes.data
        self._sequence_pointers = (ctypes.c_void_p * capacity)(*(base + 4 * row for row in range(capacity)))
        self.size = 0

    def clear(self) -> None:
        """Start over."""
        self.size = 0

    def add(self, tokens: list[int], position: int, sequence: int, *, outputs: str) -> int:
        """Append consecutive tokens of one sequence; returns the row of the last.

        `outputs` says which rows give logits or embeddings: `none`, `last` or `all`.
        """
        start, end = self.size, self.size + len(tokens)
        self.tokens[start:end] = tokens
        self.positions[start:end] = range(position, position + len(tokens))
        self.sequences[start:end] = sequence
        self.outputs[start:end] = outputs == "all"
        if outputs == "last":
            self.outputs[end - 1] = 1
        self.size = end
        return end - 1

    def struct(self) -> Any:
        """The batch as llama.cpp takes it; valid while this object lives and is not changed."""
        batch = llama_cpp.llama_batch()
        batch.n_tokens = self.size
        batch.token = self.tokens.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        batch.pos = self.positions.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        batch.n_seq_id = self._ones.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        batch.seq_id = ctypes.cast(self._sequence_pointers, ctypes.POINTER(ctypes.POINTER(ctypes.c_int32)))
        batch.logits = self.outputs.ctypes.data_as(ctypes.POINTER(ctypes.c_int8))
        return batch


class Context:
    """KV cache and compute buffers for `num_sequences` sequences. One thread; caller closes.

    `num_ctx` is tokens per sequence; of an embedding context, tokens of all sequences in one batch together.
    """

    def __init__(
        self,
        model: Model,
        *,
        num_ctx: int,
        num_sequences: int,
        num_batch: int,
        num_threads: int,
        flash_attention: str = "auto",
        kv_cache_type: str = "f16",
        embeddings: bool = False,
    ) -> None:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = num_ctx if embeddings else num_ctx * num_sequences
        params.n_seq_max = num_sequences
        # NOTE: pooled embeddings need a whole sequence in one micro-batch.
        params.n_batch = num_batch
        params.n_ubatch = num_batch if embeddings else min(num_batch, 512)
        params.n_threads = params.n_threads_batch = num_threads
        params.flash_attn_type = FLASH_ATTENTION[flash_attention]
        params.type_k = params.type_v = KV_TYPES[kv_cache_type]
        params.embeddings = embeddings
        params.no_perf = True
        if not embeddings:
            # PERF: by default room for the logits of a whole micro-batch is reserved, 311 MB with a 152k vocabulary.
            params.n_outputs_max, params.n_outputs_max_per_seq = num_sequences, 1
        # PERF: separate KV streams decode 8 short sequences in 14.6 ms against 18.2 ms unified, and a sequence's
        # numbers do not depend on its neighbours' cells.
        params.kv_unified = embeddings
        if embeddings and _pooling(model) == POOLING_NONE:
            params.pooling_type = POOLING_MEAN
        last_log_lines.clear()
        self.model = model
        self.handle = llama_cpp.llama_init_from_model(model.handle, params)
        if not self.handle:
            raise _load_error("the context could not be created")
        self.num_ctx = llama_cpp.llama_n_ctx(self.handle) if embeddings else llama_cpp.llama_n_ctx_seq(self.handle)
        self.memory = llama_cpp.llama_get_memory(self.handle)
        # NOTE: reading a whole vector would run past a reranker's scores.
        num_scores = llama_cpp.llama_model_n_cls_out(model.handle)
        self._num_pooled = int(num_scores if model.is_reranker else model.num_embedding)
        self._scales: tuple[float, ...] = ()

    def adapt(self, scales: tuple[float, ...]) -> None:
        """Apply the model's first adapters at these scales to what is decoded next, and none of the others.

        PERF: a change makes llama.cpp plan its memory anew, 11 ms with 16 layers where a step takes 16 ms.
        """
        if scales == self._scales:
            return
        adapters = self.model.adapters[: len(scales)]
        count = len(adapters)
        handles = (llama_cpp.llama_adapter_lora_p_ctypes * count)(*adapters)
        if llama_cpp.llama_set_adapters_lora(self.handle, handles, count, (ctypes.c_float * count)(*scales[:count])):
            raise EngineFailed("the adapters could not be applied")
        self._scales = scales

    def decode(self, batch: Batch) -> int:
        """Compute the batch. Returns 0, or 1 when the KV cache has no room (nothing was computed).

        Raises:
            EngineFailed: the computation failed; the sequences in the batch must be dropped.
        """
        code: int = llama_cpp.llama_decode(self.handle, batch.struct())
        if code in (0, 1):
            return code
        raise EngineFailed(_with_log(f"decoding failed with code {code}"))

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """`float32[vocab]` of an output row: a view that the next decode overwrites, and what samplers see."""
        pointer = fast.llama_get_logits_ith(self.handle, row)
        if not pointer:
            raise EngineFailed(f"no logits for row {row}")
        return np.ctypeslib.as_array(pointer, (self.model.num_vocab,))

    def embedding(self, sequence: int) -> npt.NDArray[np.float32]:
        """`float32[embedding]`, the pooled vector of a sequence, copied; of a reranker its scores, one or two."""
        pointer = llama_cpp.llama_get_embeddings_seq(self.handle, sequence)
        if not pointer:
            raise EngineFailed("the model gave no embedding")
        return np.ctypeslib.as_array(pointer, (self._num_pooled,)).copy()

    def remove(self, sequence: int, start: int = 0, end: int = -1) -> bool:
        """Forget cached tokens `[start, end)`; False when this kind of memory cannot forget a part."""
        return not self.memory or bool(llama_cpp.llama_memory_seq_rm(self.memory, sequence, start, end))

    def copy(self, source: int, destination: int) -> None:
        """Copy a sequence's whole cache to another sequence."""
        llama_cpp.llama_memory_seq_cp(self.memory, source, destination, 0, -1)

    def shift(self, sequence: int, start: int, end: int, by: int) -> None:
        """Move the positions `[start, end)` of a sequence by `by`."""
        llama_cpp.llama_memory_seq_add(self.memory, sequence, start, end, by)

    @property
    def can_shift(self) -> bool:
        """Whether positions can be moved."""
        return bool(self.memory) and bool(llama_cpp.llama_memory_can_shift(self.memory))

    def first_position(self, sequence: int) -> int:
        """The smallest position still cached, -1 when nothing is."""
        return int(llama_cpp.llama_memory_seq_pos_min(self.memory, sequence))

    def clear(self) -> None:
        """Forget everything."""
        if self.memory:
            llama_cpp.llama_memory_clear(self.memory, True)

    def close(self) -> None:
        """Free the context."""
        if self.handle:
            llama_cpp.llama_free(self.handle)
            self.handle = None


def _pooling(model: Model) -> int:
    """How the model makes one vector of many; generative models say nothing, and the mean of their tokens serves."""
    buffer = ctypes.create_string_buffer(64)
    length = llama_cpp.llama_model_meta_val_str(model.handle, b"general.architecture", buffer, len(buffer))
    key = buffer.raw[: max(length, 0)] + b".pooling_type"
    found = llama_cpp.llama_model_meta_val_str(model.handle, key, buffer, len(buffer))
    return int(buffer.value) if found > 0 and buffer.value.isdigit() else POOLING_NONE


def _with_log(message: str) -> str:
    return f"{message}: {last_log_lines[-1]}" if last_log_lines else message


def _load_error(message: str) -> LoadFailed:
    text = " ".join(last_log_lines).lower()
    kind = OutOfMemory if any(hint in text for hint in _MEMORY_HINTS) else LoadFailed
    return kind(_with_log(message))


# NOTE: llama.cpp tells "out of memory" from other failures in its log alone.
_MEMORY_HINTS = ("out of memory", "failed to allocate", "unable to allocate", "erroroutofdevicememory")
