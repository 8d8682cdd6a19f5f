"""What PyTorch and transformers say: writes the fixtures, or compares llama.cpp with them live.

    python tests/convert/reference.py write     # fixtures, once; needs sentencepiece too
    python tests/convert/reference.py check     # every case: PyTorch's logits against those of the converted file

Needs torch and transformers, which the ordinary tests do without.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from omm.convert.tokens import PRE_TOKENIZERS
from tests.convert import checkpoints, llamacpp
from tests.convert.llamacpp import convert, logits

VOCAB = 384  # rows of each model; the tokenizers have fewer tokens
LAST = 4  # positions that are compared
SIZES = {
    "vocab_size": VOCAB,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
GEMMA = {**SIZES, "head_dim": 24, "query_pre_attn_scalar": 24, "sliding_window": 8, "rms_norm_eps": 1e-6}
FACTORS = [1.0 + index / 8 for index in range(8)]

# Name: model type, tokenizer, length of the prompt, what the configuration says beside the sizes. Those with `raw` are
# written as older versions of transformers did, the others as the one that runs here does.
CASES: dict[str, tuple[str, str, int, dict[str, Any]]] = {
    "llama2": ("llama", "spm-llama", 20, {**SIZES, "rope_theta": 10000.0}),
    "llama31": (
        "llama",
        "llama-bpe",
        40,
        {
            "raw": True,
            **SIZES,
            "architectures": ["LlamaForCausalLM"],
            "hidden_act": "silu",
            "rms_norm_eps": 1e-5,
            "tie_word_embeddings": True,
            "rope_theta": 500000.0,
            "rope_scaling": {
                "factor": 8.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 64,
                "rope_type": "llama3",
            },
        },
    ),
    "llama-bias": ("llama", "smollm", 20, {**SIZES, "attention_bias": True, "mlp_bias": True}),
    "llama-linear": (
        "llama",
        "gpt-2",
        40,
        {**SIZES, "rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 10000.0}},
    ),
    "mistral": ("mistral", "tekken", 20, {**SIZES, "head_dim": 24, "sliding_window": None}),
    "qwen2": ("qwen2", "qwen2", 20, {**SIZES, "use_sliding_window": False}),
    "qwen2-yarn": (
        "qwen2",
        "qwen2",
        60,
        {
            "raw": True,
            **SIZES,
            "architectures": ["Qwen2ForCausalLM"],
            "hidden_act": "silu",
            "rope_theta": 1000000.0,
            "rope_scaling": {"factor": 4.0, "original_max_position_embeddings": 64, "type": "yarn"},
            "sliding_window": 8,
            "use_sliding_window": False,
            "tie_word_embeddings": False,
        },
    ),
    "qwen3": ("qwen3", "qwen2", 20, {**SIZES, "head_dim": 24, "tie_word_embeddings": True}),
    "gemma2": (
        "gemma2",
        "spm-gemma",
        30,
        {**GEMMA, "attn_logit_softcapping": 5.0, "final_logit_softcapping": 3.0},
    ),
    "gemma3": (
        "gemma3_text",
        "spm-gemma",
        30,
        {
            "raw": True,
            **GEMMA,
            "num_hidden_layers": 7,
            "architectures": ["Gemma3ForCausalLM"],
            "model_type": "gemma3_text",
            "hidden_activation": "gelu_pytorch_tanh",
            "rope_local_base_freq": 10000.0,
            "rope_theta": 1000000.0,
            "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
            "sliding_window_pattern": 6,
        },
    ),
    "gemma3-pattern": (
        "gemma3_text",
        "spm-gemma",
        30,
        {**GEMMA, "num_hidden_layers": 3, "layer_types": ["full_attention", "sliding_attention", "full_attention"]},
    ),
    "phi3": ("phi3", "spm-phi3", 20, {**SIZES, "sliding_window": None, "pad_token_id": 0}),
    "phi3-long": (
        "phi3",
        "gpt-4o",
        60,
        {
            **SIZES,
            "sliding_window": None,
            "pad_token_id": 0,
            "original_max_position_embeddings": 32,
            "rope_parameters": {
                "rope_type": "longrope",
                "rope_theta": 10000.0,
                "partial_rotary_factor": 1.0,
                "long_factor": [2 * factor for factor in FACTORS],
                "short_factor": FACTORS,
            },
        },
    ),
}

CORPUS = """omm runs language models on your own machine, and that's what it's for. I've told 'em we're sure
they'll like it!
Numbers such as 3, 33, 333, 3333 and 1234567 are cut in pieces; so are words: running, runner, runs, ran.
def main(arguments):
    for index in range(10):
        print("index", index)
Der schnelle braune Fuchs springt über den faulen Hund. Слово за слово. 我想在苹果工作。 🦙🦙 naïve café
\tTabs\tand   spaces   here, "quotes", (brackets), [more], {most}. URL: https://example.org/path?query=1&other=2
"""
TEXTS = [
    "Hello, world!",
    "  two spaces, then   three\n\n\nand lines \n \t\ttabs",
    "I've told 'em THEY'LL see; we're DON'T'ing",
    "3 33 333 3333 33333 3.14 1,000,000 ½ ²",
    "naïve café 我想在apple工作 🦙🚀 нещо на Български កាន់តែ",
    "------======= ''''''```````\"\"\"\"......!!!!!!?????? <|end|> x",
    "camelCaseWords HTTPServer2 snake_case/path\\x\r\n\r\n end ",
    " leading",
    "",
]


# --- tokenizers ---------------------------------------------------------------------------------------------------


def write_tokenizers() -> None:
    for name, (cuts, ignores_merges) in {name: key for key, name in reversed(PRE_TOKENIZERS.items())}.items():
        save(name, byte_level(cuts, ignores_merges), begins=name in ("llama-bpe", "tekken"))
    save("spm-llama", pieces(prefix=True, strip=False), begins=True)
    (checkpoints.FIXTURES / "tokenizers" / "spm-llama" / "tokenizer.model").write_bytes(trained())
    save("spm-gemma", pieces(prefix=False, strip=False), begins=True)
    save("spm-phi3", pieces(prefix=True, strip=True), begins=True)


def byte_level(cuts: str, ignores_merges: bool) -> Tokenizer:
    """A byte-level tokenizer that cuts the text so."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignores_merges))
    by_name = {
        "gpt-2": [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)],
        "digits|gpt-2": [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ],
    }
    steps = by_name.get(cuts) or [
        pre_tokenizers.Split(Regex(cuts), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB - 20,
        special_tokens=["<pad>", "<s>", "</s>", "<|end|>"],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS.splitlines(keepends=True), trainer)
    return tokenizer


def trained() -> bytes:
    """The file that SentencePiece writes."""
    import sentencepiece  # for writing alone

    output = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS.splitlines() * 2),
        model_writer=output,
        model_type="bpe",
        vocab_size=VOCAB - 20,
        byte_fallback=True,
        character_coverage=0.98,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True,
        minloglevel=2,
    )
    return output.getvalue()


def pieces(*, prefix: bool, strip: bool) -> Tokenizer:
    """The same in the form that transformers gives to the tokenizers of Llama and Gemma."""
    import sentencepiece  # for writing alone

    processor = sentencepiece.SentencePieceProcessor(model_proto=trained())
    vocab = {processor.id_to_piece(index): index for index in range(processor.get_piece_size())}
    scores = {text: processor.get_score(index) for text, index in vocab.items()}
    pairs = [
        (text[:cut], text[cut:])
        for text in vocab
        for cut in range(1, len(text))
        if text[:cut] in vocab and text[cut:] in vocab
    ]
    merges = sorted(pairs, key=lambda pair: (-scores[pair[0] + pair[1]], vocab[pair[0]], vocab[pair[1]]))
    tokenizer = Tokenizer(models.BPE(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    replace = normalizers.Replace(" ", "▁")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), replace]) if prefix else replace
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.add_special_tokens(["<|endoftext|>", AddedToken("<|end|>", rstrip=strip, normalized=False, special=True)])
    return tokenizer


def save(name: str, tokenizer: Tokenizer, *, begins: bool) -> None:
    folder = checkpoints.FIXTURES / "tokenizers" / name
    folder.mkdir(parents=True)
    if begins:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))]
        )
    whole = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", clean_up_tokenization_spaces=False
    )
    whole.chat_template = "{% for message in messages %}{{ message.content }}<|end|>{% endfor %}"
    whole.save_pretrained(folder)
    ids = {text: whole(text)["input_ids"] for text in TEXTS}
    (folder / "expected.json").write_text(json.dumps(ids, ensure_ascii=False, indent=1) + "\n")


# --- models -------------------------------------------------------------------------------------------------------


def write_cases() -> None:
    for name, (kind, tokenizer, length, said) in CASES.items():
        folder = checkpoints.FIXTURES / "cases" / name
        folder.mkdir(parents=True)
        if said.get("raw"):
            config = {"model_type": kind, **{key: value for key, value in said.items() if key != "raw"}}
            (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        else:
            settings = AutoConfig.for_model(kind, **said)
            model = AutoModelForCausalLM.from_config(settings)
            model.config.architectures = [type(model).__name__]
            model.config.save_pretrained(folder)
        tensors = shapes(folder)
        prompt = np.random.default_rng(len(name)).integers(3, VOCAB - 20, length).tolist()
        said = {"tokenizer": tokenizer, "tensors": tensors, "prompt": prompt}
        (folder / "expected.json").write_text(json.dumps(said))
        with tempfile.TemporaryDirectory() as scratch:
            rows = torch_logits(checkpoints.write_case(Path(scratch), name), prompt)
        said["logits"] = [[round(float(value), 5) for value in row] for row in rows]
        (folder / "expected.json").write_text(json.dumps(said) + "\n")


def shapes(folder: Path) -> dict[str, list[int]]:
    """Names and sizes of the tensors that transformers would save."""
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder))
    seen: set[int] = set()
    found = {}
    for name, tensor in model.state_dict().items():
        if tensor.data_ptr() not in seen:
            found[name] = list(tensor.shape)
        seen.add(tensor.data_ptr())
    return found


def torch_logits(folder: Path, prompt: list[int]) -> np.ndarray:
    """`float32[LAST, vocab]` of the last positions."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        return model(torch.tensor([prompt])).logits[0, -LAST:].numpy()


# --- commands -----------------------------------------------------------------------------------------------------


def check() -> bool:
    """Print how far the two are from each other, for each case, and whether the tokenizers are still the same."""
    is_fine = True
    for name in checkpoints.TOKENIZERS:
        tokenizer = Tokenizer.from_file(str(checkpoints.FIXTURES / "tokenizers" / name / "tokenizer.json"))
        texts = checkpoints.expected("tokenizers", name)
        is_fine &= texts == {text: tokenizer.encode(text).ids for text in texts}
    for name in checkpoints.CASES:
        said = checkpoints.expected("cases", name)
        with tempfile.TemporaryDirectory() as scratch:
            folder = checkpoints.write_case(Path(scratch) / "checkpoint", name)
            wanted = torch_logits(folder, said["prompt"])
            found = logits(convert(folder, Path(scratch) / "model.gguf"), said["prompt"], LAST)
        difference, kept = np.abs(wanted - found).max(), np.abs(wanted - said["logits"]).max()
        largest = np.abs(wanted).max()
        print(f"{name:16} largest difference {difference:.1e} of logits to {largest:.1f}; kept {kept:.1e}")
        is_fine &= bool(difference < largest * llamacpp.tolerance(name) and kept < 1e-3)
    return is_fine


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        shutil.rmtree(checkpoints.FIXTURES, ignore_errors=True)
        write_tokenizers()
        write_cases()
    sys.exit(0 if sys.argv[1:] == ["write"] or (sys.argv[1:] == ["check"] and check()) else 1)
