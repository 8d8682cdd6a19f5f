"""A loaded model with its contexts, as the worker uses it: the seam between the step loop and llama.cpp."""

from __future__ import annotations

import logging
from contextlib import ExitStack

import numpy as np
import numpy.typing as npt

from omm.engine import machine, memory, sampling
from omm.engine.constraint import Grammars
from omm.engine.guide import Guide
from omm.engine.llama import Batch, Context, Model, gpu_devices
from omm.engine.messages import Generate, Loaded, LoadSpec, SamplingParams
from omm.engine.pairs import Pairs
from omm.engine.samplers import Sampler
from omm.engine.vocabulary import Vocabulary
from omm.errors import EngineFailed, OmmError, OutOfMemory, Unsupported

log = logging.getLogger(__name__)

DEFAULT_BATCH = 2048
MAX_EMBED_CONTEXT = 8192
EMBED_GROUP = 32


class Host:
    """Model, generation context and, made when first needed, embedding context. Caller closes."""

    def __init__(self, spec: LoadSpec) -> None:
        devices = gpu_devices()
        plan = memory.plan(spec, devices, machine.free_memory())
        if spec.must_fit and devices and plan.gpu_layers <= spec.shape.num_layers:
            raise OutOfMemory("the accelerators have no room for the whole model")
        free_before = sum(device.free for device in devices)
        with ExitStack() as undo:
            use_mmap = spec.use_mmap is not False
            self.model = Model(spec.path, gpu_layers=plan.gpu_layers, main_gpu=spec.main_gpu, use_mmap=use_mmap)
            undo.callback(self.model.close)
            for path in spec.adapters:
                self.model.load_adapter(path)
            self._spec = spec
            self._threads = spec.num_thread or memory.num_threads(spec.shape, machine.usable_cores())
            # NOTE: a step decodes a token of each sequence, and llama.cpp aborts on a batch larger than this.
            self.num_batch = max(
                plan.num_parallel, min(spec.num_batch or DEFAULT_BATCH, plan.num_ctx * plan.num_parallel)
            )
            self._generation = None if spec.shape.is_embedding else self._generation_context(plan)
            if self._generation:
                undo.callback(self._generation.close)
            self._embedding: Context | None = None
            self.num_parallel = plan.num_parallel
            self.num_ctx = self._generation.num_ctx if self._generation else plan.num_ctx
            # NOTE: llama.cpp rounds the context up; what a user asked for is the limit they see.
            self.num_ctx = min(self.num_ctx, plan.num_ctx)
            self.num_embed_ctx = min(plan.num_ctx, MAX_EMBED_CONTEXT)
            undo.pop_all()
        self.batch = Batch(max(self.num_batch, self.num_embed_ctx))
        self.vocabulary = Vocabulary(self.model)
        self._grammars = Grammars(self.model, self.vocabulary)
        self.newline = (self.vocabulary.tokenize("\n", special=False, bos=False) or [0])[-1]
        self.max_embed_group = EMBED_GROUP
        vram = max(0, free_before - sum(device.free for device in gpu_devices()))
        self.loaded = self._describe(plan, vram)

    def _generation_context(self, plan: memory.Plan) -> Context:
        return Context(
            self.model,
            num_ctx=plan.num_ctx,
            num_sequences=plan.num_parallel,
            num_batch=self.num_batch,
            num_threads=self._threads,
            flash_attention=self._spec.flash_attention,
            kv_cache_type=self._spec.kv_cache_type,
        )

    def _describe(self, plan: memory.Plan, vram: int) -> Loaded:
        text = self.model.special_text
        return Loaded(
            num_ctx=self.num_ctx,
            num_parallel=self.num_parallel,
            gpu_layers=plan.gpu_layers,
            num_layers=self.model.num_layers + 1,
            size=max(plan.estimate, vram),
            size_vram=vram,
            bos=text("bos"),
            eos=text("eos"),
            fim_prefix=text("fim_pre"),
            fim_suffix=text("fim_suf"),
            fim_middle=text("fim_mid"),
            markers=self.vocabulary.markers,
        )

    # --- any thread -------------------------------------------------------------------------------------------

    def pairs(self) -> Pairs:
        """What joins queries and documents. Raises Unsupported for a model that is no reranker."""
        if not self.model.is_reranker:
            raise Unsupported("this is no reranking model: it gives no scores")
        return Pairs(self.model, self.vocabulary)

    def check_embeds(self) -> None:
        """Raises Unsupported for a model without embeddings."""
        if self.model.is_reranker:
            raise Unsupported("this is a reranking model: it gives scores, not embeddings")

    def cut_embedding_input(self, tokens: list[int], limit: int) -> list[int]:
        """The start of a too long input, with the token that closes every text: some models make the vector of it."""
        closing = self.vocabulary.closing
        return tokens[: limit - len(closing)] + closing

    def guide(self, command: Generate) -> Guide | None:
        """What holds an answer to its grammar and thinking budget, None when it is free; caller closes.

        Takes as long as compiling the grammar does.

        Raises:
            InvalidRequest: the grammar cannot be compiled.
        """
        thinking, wanted = command.thinking, command.constraint
        if wanted is None and (thinking is None or thinking.budget is None):
            return None
        matcher = self._grammars.start(wanted) if wanted else None
        return Guide(thinking, matcher, self.vocabulary.continuation, trigger=wanted.trigger if wanted else "")

    # --- worker only ------------------------------------------------------------------------------------------

    @property
    def context(self) -> Context:
        """The generation context."""
        if self._generation is None:
            raise Unsupported("this is an embedding model: it cannot generate text")
        return self._generation

    @property
    def can_copy(self) -> bool:
        """Whether a cached beginning may be copied to another sequence and cut there."""
        return not self.model.sliding_window and not self.model.is_recurrent

    @property
    def can_shift(self) -> bool:
        """Whether old tokens can be discarded while generating."""
        return self.context.can_shift

    def is_end(self, token: int) -> bool:
        """Whether the token ends a generation."""
        return self.model.is_end(token)

    def piece(self, token: int, *, special: bool) -> bytes:
        """Bytes of one token."""
        return self.model.piece(token, special=special)

    def sampler(self, params: SamplingParams) -> Sampler | None:
        """A sampler chain for one sequence, None when the most likely token is taken; caller closes."""
        chain = sampling.stages(params, self.num_ctx)
        return Sampler(self.model, chain) if chain else None

    def reuse(self, slot: int, num_cached: int, source: int | None) -> int:
        """Make a slot's cache hold just the first `num_cached` tokens; returns how many it really holds."""
        context = self.context
        if source is not None:
            context.remove(slot)
            context.copy(source, slot)
        is_gone = self.model.sliding_window and context.first_position(slot) > max(
            0, num_cached - self.model.sliding_window
        )
        if not is_gone and context.remove(slot, num_cached):
            return num_cached
        context.remove(slot)
        return 0

    def discard(self, slot: int, keep: int, count: int, end: int) -> None:
        """Drop `count` cached tokens after `keep` and close the gap."""
        self.context.remove(slot, keep, keep + count)
        self.context.shift(slot, keep + count, end, -count)

    def decode(self, scales: tuple[float, ...] = ()) -> int:
        """Compute `batch` with adapters at these scales; see `Context.decode`."""
        self.context.adapt(scales)
        return self.context.decode(self.batch)

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """`float32[vocab]` of an output row."""
        return self.context.logits(row)

    def embed(self, inputs: list[list[int]], scales: tuple[float, ...]) -> list[bytes]:
        """Pooled float32 vectors of inputs that fit into one batch together, with adapters at these scales."""
        if self._embedding is None:
            self._embedding = self._embedding_context()
        batch, context = self.batch, self._embedding
        batch.clear()
        for sequence, tokens in enumerate(inputs):
            batch.add(tokens, 0, sequence, outputs="all")
        context.clear()
        context.adapt(scales)
        if context.decode(batch):
            raise EngineFailed("the embedding context has no room left")
        return [context.embedding(sequence).astype("<f4").tobytes() for sequence in range(len(inputs))]

    def _embedding_context(self) -> Context:
        # NOTE: llama.cpp aborts where a batch has less room than a row for each sequence.
        room = max(self.num_embed_ctx, EMBED_GROUP)
        return Context(
            self.model,
            num_ctx=room,
            num_sequences=EMBED_GROUP,
            num_batch=room,
            num_threads=self._threads,
            flash_attention=self._spec.flash_attention,
            embeddings=True,
        )

    def clear(self) -> None:
        """Forget all cached tokens, after a failed step."""
        for context in (self._generation, self._embedding):
            if context:
                context.clear()

    def close(self) -> None:
        """Free contexts and weights."""
        for context in (self._generation, self._embedding):
            if context:
                context.close()
        self.model.close()


def load(spec: LoadSpec) -> Host:
    """Load a model. Raises LoadFailed or OutOfMemory."""
    try:
        return Host(spec)
    except OmmError as error:
        log.error("loading %s failed: %s", spec.path, error.message)
        raise
