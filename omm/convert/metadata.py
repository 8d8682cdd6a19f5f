"""The keys of a GGUF file, from the configuration and the vocabulary.

Source: llama.cpp's own conversion, whose keys these are; those that restate a default are left out.
"""

from __future__ import annotations

import math
import re

from gguf import GGML_QUANT_VERSION, GGUFWriter, LlamaFileType, RopeScalingType

from omm.convert import families
from omm.convert.config import Config, Rope
from omm.convert.families import Family, Planned
from omm.convert.folder import Folder
from omm.convert.special import Specials
from omm.convert.tokens import Vocabulary

FILE_TYPES = {
    "F32": LlamaFileType.ALL_F32,
    "F16": LlamaFileType.MOSTLY_F16,
    "BF16": LlamaFileType.MOSTLY_BF16,
}

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_FRONT = re.compile(r"---\r?\n(.*?)\r?\n---", re.DOTALL)
_LICENSE = re.compile(r"^license:[ \t]*[\"']?([A-Za-z0-9][A-Za-z0-9._+-]{0,63})", re.MULTILINE)


def add_general(
    writer: GGUFWriter, folder: Folder, family: Family, config: Config, vocabulary: Vocabulary, planned: list[Planned]
) -> None:
    """What the model is."""
    writer.add_type("model")
    writer.add_name(_name(family, config, vocabulary))
    if license_id := _license(folder):
        writer.add_license(license_id)
    writer.add_file_type(FILE_TYPES[_main_type(planned)])
    writer.add_quantization_version(GGML_QUANT_VERSION)


def _name(family: Family, config: Config, vocabulary: Vocabulary) -> str:
    found = config.name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = found if _NAME.fullmatch(found) else family.name
    # NOTE: by this name, and by nothing else, llama.cpp knows that blanks after a special token are dropped.
    is_phi3 = re.search("phi-?3", name, re.IGNORECASE) is not None
    if is_phi3 == vocabulary.strips_right:
        return name
    return f"Phi-3 {name}" if vocabulary.strips_right else family.name


def _license(folder: Folder) -> str:
    """The identifier in the front matter of the README."""
    front = _FRONT.match(folder.text("README.md"))
    found = _LICENSE.search(front[1]) if front else None
    return found[1] if found else ""


def _main_type(planned: list[Planned]) -> str:
    """The type of most weights."""
    sizes: dict[str, int] = {}
    for item in planned:
        if len(item.tensor.shape) > 1:
            sizes[item.tensor.dtype] = sizes.get(item.tensor.dtype, 0) + math.prod(item.tensor.shape)
    return max(sizes, key=lambda kind: sizes[kind])


# --- the architecture ---------------------------------------------------------------------------------------------


def add_architecture(writer: GGUFWriter, family: Family, config: Config) -> None:
    """Sizes, norms, positions and windows."""
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_kv_heads)
    writer.add_key_length(config.head_size)
    writer.add_value_length(config.head_size)
    writer.add_vocab_size(config.vocab_size)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.rope_dim)
    writer.add_rope_freq_base(config.rope.rope_theta or 10000.0)
    _add_scaling(writer, config.rope, config)
    _add_window(writer, family, config)
    if config.attn_logit_softcapping:
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
    if config.final_logit_softcapping:
        writer.add_final_logit_softcapping(config.final_logit_softcapping)


def _add_scaling(writer: GGUFWriter, rope: Rope, config: Config) -> None:
    match rope.type:
        case "linear":
            writer.add_rope_scaling_type(RopeScalingType.LINEAR)
            writer.add_rope_scaling_factor(rope.factor or 1.0)
        case "yarn":
            _add_yarn(writer, rope, config)
        case "longrope":
            writer.add_rope_scaling_type(RopeScalingType.LONGROPE)
            original = rope.original_max_position_embeddings or config.max_position_embeddings
            writer.add_rope_scaling_orig_ctx_len(original)
            scale = rope.factor or config.max_position_embeddings / original
            usual = math.sqrt(1 + math.log(scale) / math.log(original)) if scale > 1 else 1.0
            writer.add_rope_scaling_attn_factors(rope.attention_factor or usual)


def _add_yarn(writer: GGUFWriter, rope: Rope, config: Config) -> None:
    writer.add_rope_scaling_type(RopeScalingType.YARN)
    writer.add_rope_scaling_factor(rope.factor or 1.0)
    writer.add_rope_scaling_orig_ctx_len(rope.original_max_position_embeddings or config.max_position_embeddings)
    if rope.attention_factor:
        # llama.cpp multiplies with what the factor gives by itself.
        usual = 0.1 * math.log(rope.factor or 1.0) + 1.0
        writer.add_rope_scaling_attn_factors(rope.attention_factor / usual)
    if rope.beta_fast:
        writer.add_rope_scaling_yarn_beta_fast(rope.beta_fast)
    if rope.beta_slow:
        writer.add_rope_scaling_yarn_beta_slow(rope.beta_slow)


def _add_window(writer: GGUFWriter, family: Family, config: Config) -> None:
    if config.sliding_window is None or config.use_sliding_window is False:
        return
    writer.add_sliding_window(config.sliding_window)
    pattern = families.sees_window(family, config)
    if pattern != [(index + 1) % family.swa_period != 0 for index in range(len(pattern))]:
        writer.add_sliding_window_pattern(pattern)
    if pattern and config.local_theta:
        writer.add_rope_freq_base_swa(config.local_theta)


# --- the vocabulary -----------------------------------------------------------------------------------------------


def add_vocabulary(writer: GGUFWriter, vocabulary: Vocabulary, specials: Specials) -> None:
    """Tokens, how text becomes tokens, and which of them are special."""
    writer.add_tokenizer_model(vocabulary.model)
    writer.add_tokenizer_pre(vocabulary.pre)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    if vocabulary.model == "gpt2":
        writer.add_token_merges(vocabulary.merges)
    else:
        writer.add_token_scores(vocabulary.scores)
        writer.add_add_space_prefix(vocabulary.adds_space)
    writer.add_add_bos_token(specials.adds_bos)
    writer.add_add_eos_token(specials.adds_eos)
    ends = (writer.add_eos_token_id, writer.add_eot_token_id, writer.add_eom_token_id)
    for add, index in zip(ends, specials.ends, strict=False):
        add(index)
    for add, found in (
        (writer.add_bos_token_id, specials.bos),
        (writer.add_pad_token_id, specials.pad),
        (writer.add_unk_token_id, vocabulary.unknown_id),
    ):
        if found is not None:
            add(found)
    _add_templates(writer, specials.templates)
    for name, value in specials.sampling.items():
        if isinstance(value, int):
            writer.add_int32(f"general.sampling.{name}", value)
        else:
            writer.add_float32(f"general.sampling.{name}", value)


def _add_templates(writer: GGUFWriter, templates: dict[str, str]) -> None:
    for name, text in templates.items():
        if name == "default":
            writer.add_string("tokenizer.chat_template", text)
        else:
            writer.add_string(f"tokenizer.chat_template.{name}", text)
    if others := [name for name in templates if name != "default"]:
        writer.add_array("tokenizer.chat_templates", others)
