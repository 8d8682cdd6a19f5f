"""llama.cpp's samplers and its grammars as classes: logits in, token ids out."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt

from omm.engine.llama import Context, Model, fast
from omm.engine.sampling import VOCAB, Stage
from omm.errors import EngineFailed, InvalidRequest

fast.llama_sampler_sample.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32]
fast.llama_sampler_sample.restype = ctypes.c_int32
fast.llama_sampler_accept.argtypes = [ctypes.c_void_p, ctypes.c_int32]
fast.llama_sampler_accept.restype = None

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class Sampler:
    """A chain of llama.cpp samplers ending in one that chooses a token. Caller closes."""

    def __init__(self, model: Model, stages: list[Stage]) -> None:
        with ExitStack() as undo:
            self.handle = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
            undo.callback(self.close)
            for name, *args in stages:
                sized = [model.num_vocab if arg == VOCAB else arg for arg in args]
                with_arrays = _STAGES.get(name)
                if with_arrays is not None:
                    stage = with_arrays(model, *sized)
                else:
                    stage = getattr(llama_cpp, f"llama_sampler_init_{name}")(*sized)
                if not stage:
                    raise EngineFailed(f"the sampler stage {name} could not be made")
                llama_cpp.llama_sampler_chain_add(self.handle, stage)
            undo.pop_all()

    def sample(self, context: Context, row: int) -> int:
        """Choose a token from an output row and remember it for the penalties."""
        return int(fast.llama_sampler_sample(self.handle, context.handle, row))

    def accept(self, token: int) -> None:
        """Remember a token that was not sampled."""
        fast.llama_sampler_accept(self.handle, token)

    def close(self) -> None:
        """Free the chain with its stages."""
        if self.handle:
            llama_cpp.llama_sampler_free(self.handle)
            self.handle = None


class Grammar:
    """Where one sequence stands in a GBNF grammar. Caller closes."""

    def __init__(self, model: Model, text: str) -> None:
        self.handle = llama_cpp.llama_sampler_init_grammar(model.vocab, text.encode("utf-8", "replace"), b"root")
        if not self.handle:
            raise InvalidRequest(
                "the grammar cannot be compiled: it is no GBNF with a rule named root", param="grammar"
            )

    def filter(self, tokens: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Those of the tokens that may come next."""
        candidates = np.zeros(len(tokens), _CANDIDATE)
        candidates["id"] = tokens
        array = llama_cpp.llama_token_data_array()
        array.data = candidates.ctypes.data_as(ctypes.POINTER(llama_cpp.llama_token_data))
        array.size, array.selected, array.sorted = len(candidates), -1, False
        llama_cpp.llama_sampler_apply(self.handle, ctypes.byref(array))
        allowed: npt.NDArray[np.int32] = tokens[candidates["logit"] == 0]
        return allowed

    def accept(self, token: int) -> None:
        """Take note of a token. It must be allowed: at any other llama.cpp ends the process."""
        llama_cpp.llama_sampler_accept(self.handle, token)

    def reset(self) -> None:
        """Go back to the beginning."""
        llama_cpp.llama_sampler_reset(self.handle)

    def close(self) -> None:
        """Free the grammar."""
        if self.handle:
            llama_cpp.llama_sampler_free(self.handle)
            self.handle = None


def _logit_bias(model: Model, biases: tuple[tuple[int, float], ...]) -> Any:
    array = (llama_cpp.llama_logit_bias * len(biases))()
    for entry, (token, bias) in zip(array, biases, strict=True):
        entry.token, entry.bias = token, bias
    return llama_cpp.llama_sampler_init_logit_bias(model.num_vocab, len(biases), array)


def _dry(model: Model, multiplier: float, base: float, length: int, window: int, breakers: tuple[str, ...]) -> Any:
    array = (ctypes.c_char_p * len(breakers))(*(text.encode() for text in breakers))
    return llama_cpp.llama_sampler_init_dry(model.vocab, multiplier, base, length, window, array, len(breakers))


# Stages whose arguments are C arrays.
_STAGES: dict[str, Callable[..., Any]] = {"logit_bias": _logit_bias, "dry": _dry}
