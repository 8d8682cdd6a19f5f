"""The table of dialects: how each is recognised, and how it thinks and calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from omm.chat.dialects import (
    apertus,
    apriel,
    cohere,
    command_r,
    deepseek_r1,
    deepseek_v4,
    deepseek_v31,
    deepseek_v32,
    exaone,
    firefunction,
    functionary,
    gemma3,
    gemma4,
    generic,
    gigachat,
    glm,
    grammars,
    granite,
    harmony,
    hermes,
    hunyuan,
    kimi_k2,
    kimi_k3,
    lfm2,
    ling,
    llama,
    minicpm5,
    minimax_m1,
    minimax_m2,
    minimax_m3,
    mistral,
    muse,
    nemotron_nano,
    phi4,
    plain,
    qwen_coder,
    seed_oss,
    solar,
)
from omm.chat.dialects.forms import Grammar
from omm.chat.dialects.reader import Context, NewId, Parser, Reader, Steps, new_call_id


@dataclass(frozen=True)
class Dialect:
    """One way of writing reasoning and calls.

    `signs` are groups of substrings of a chat template: the dialect is recognised when all of one group occur.
    `thinking` holds the markers around reasoning; the engine uses them to keep grammars out of it and to end it.
    `forced` is what is put into the output when reasoning must end, the closer on a line of its own by default.
    `stops` are texts that end a turn and that some models spell out in ordinary tokens.
    `grammar` says how calls are written when they must be, or must keep to their schemas.
    """

    name: str
    read: Callable[[Reader], Steps[None]]
    signs: tuple[tuple[str, ...], ...] = ()
    thinking: tuple[str, str] | None = None
    forced: str = ""
    calls: bool = True
    stops: tuple[str, ...] = ()
    new_id: NewId = field(default=new_call_id)
    grammar: Grammar | None = None

    def parser(self, context: Context) -> Parser:
        """A parser for one answer."""
        return Parser(self.read, context, self.new_id)


THINK = ("<think>", "</think>")

# The first whose signs are all in the template wins, so those with rarer signs come first.
DIALECTS: tuple[Dialect, ...] = (
    Dialect("harmony", harmony.read, (("<|channel|>",),), harmony.THINKING, forced="<|end|>", grammar=grammars.HARMONY),
    Dialect("muse", muse.read, (("<atem:function_calls>",),), muse.THINKING, forced="<|eom|>", grammar=grammars.MUSE),
    Dialect("functionary-v3.2", functionary.read_v32, ((">>>all",),), grammar=grammars.FUNCTIONARY_V32),
    Dialect(
        "kimi-k2",
        kimi_k2.read,
        (("<|tool_calls_section_begin|>",),),
        THINK,
        forced="</think>",
        new_id=kimi_k2.new_id,
        grammar=grammars.KIMI_K2,
    ),
    Dialect(
        "kimi-k3",
        kimi_k3.read,
        (("<|end_of_msg|>",),),
        kimi_k3.THINKING,
        forced=kimi_k3.END_THINK,
        grammar=grammars.KIMI_K3,
    ),
    Dialect(
        "north",
        cohere.read,
        (("<|START_ACTION|>", "<|START_TEXT|>"),),
        cohere.THINKING,
        forced=cohere.END_THINK,
        grammar=grammars.NORTH,
    ),
    Dialect(
        "command-r7b",
        cohere.read,
        (("<|START_ACTION|>",),),
        cohere.THINKING,
        forced=cohere.END_THINK,
        grammar=grammars.COMMAND_R7B,
    ),
    Dialect("command-r", command_r.read, (("Action:\\n```json",),), grammar=grammars.COMMAND_R),
    Dialect(
        "gigachat-3.1",
        gigachat.read,
        (("<|message_sep|>", "<|function_call|>"),),
        stops=("<|message_sep|>",),
        grammar=grammars.GIGACHAT_31,
    ),
    Dialect("gigachat-3", gigachat.read, (("<|message_sep|>",),), stops=gigachat.STOPS, grammar=grammars.GIGACHAT_3),
    Dialect(
        "deepseek-v3.2",
        deepseek_v32.read,
        (("DSML", "function_calls"),),
        THINK,
        forced="</think>",
        grammar=grammars.DEEPSEEK_V32,
    ),
    Dialect("deepseek-v4", deepseek_v4.read, (("DSML",),), THINK, forced="</think>", grammar=grammars.DEEPSEEK_V4),
    Dialect(
        "ling",
        ling.read,
        (("<role>ASSISTANT</role>", "<arg_key>"),),
        THINK,
        forced="</think>",
        stops=("<|role_end|>",),
        grammar=grammars.GLM,
    ),
    Dialect(
        "hunyuan-3",
        hunyuan.read,
        (("hy_Assistant", "arg_key"),),
        (f"<think{hunyuan.SUFFIX}>", f"</think{hunyuan.SUFFIX}>"),
        forced=f"</think{hunyuan.SUFFIX}>",
        stops=(f"<｜hy_eos{hunyuan.SUFFIX}｜>",),
        grammar=grammars.HUNYUAN_3,
    ),
    Dialect("hunyuan", hunyuan.read_answer, (("hy_Assistant",), ("<|extra_0|>",)), THINK, grammar=grammars.HUNYUAN),
    Dialect("laguna", glm.read, (("<arg_key>", "</assistant>"),), THINK, stops=("</assistant>",), grammar=grammars.GLM),
    Dialect(
        "glm",
        glm.read,
        (("<arg_key>",),),
        THINK,
        forced="</think>",
        stops=("<|user|>", "<|observation|>"),
        grammar=grammars.GLM,
    ),
    Dialect(
        "lfm2",
        lfm2.read,
        (("List of tools: ",), ("<|tool_call_start|>",)),
        THINK,
        forced="</think>",
        grammar=grammars.LFM2,
    ),
    Dialect(
        "minimax-m3",
        minimax_m3.read,
        ((minimax_m3.PREFIX,),),
        (minimax_m3.THINK, minimax_m3.END_THINK),
        forced=minimax_m3.END_THINK,
        stops=("[e~[",),
        grammar=grammars.MINIMAX_M3,
    ),
    Dialect("minimax-m2", minimax_m2.read, ((minimax_m2.OPEN,),), THINK, stops=("[e~[",), grammar=grammars.MINIMAX_M2),
    Dialect(
        "gemma-4",
        gemma4.read,
        (("<|tool_call>call:",),),
        (gemma4.CHANNEL + "thought", gemma4.END_CHANNEL),
        forced="\n" + gemma4.END_CHANNEL,
        stops=("<turn|>", "<|tool_response>"),
        grammar=grammars.GEMMA_4,
    ),
    Dialect(
        "functiongemma",
        gemma4.read_function,
        ((gemma4.FUNCTION,),),
        THINK,
        stops=("<start_function_response>",),
        grammar=grammars.FUNCTIONGEMMA,
    ),
    Dialect("minicpm5", minicpm5.read, (('<param name="',),), THINK, grammar=grammars.MINICPM5),
    Dialect(
        "seed-oss",
        seed_oss.read,
        ((seed_oss.OPEN,),),
        (seed_oss.THINK, seed_oss.END_THINK),
        forced=seed_oss.END_THINK,
        grammar=grammars.SEED_OSS,
    ),
    Dialect("qwen-coder", qwen_coder.read, (("<function=", "<parameter="),), THINK, grammar=grammars.QWEN_CODER),
    Dialect("functionary-v3.1", functionary.read_v31, (("<function=",),), grammar=grammars.FUNCTIONARY_V31),
    Dialect("deepseek-r1", deepseek_r1.read, (("<｜tool▁sep｜>", "```json"),), THINK, grammar=grammars.DEEPSEEK_R1),
    Dialect(
        "deepseek-v3.1",
        deepseek_v31.read,
        (("<｜tool▁sep｜>",),),
        THINK,
        forced="</think>",
        grammar=grammars.DEEPSEEK_V31,
    ),
    Dialect(
        "magistral",
        mistral.read_magistral,
        (("[INST]", "<think>"),),
        THINK,
        new_id=mistral.new_call_id,
        grammar=grammars.MAGISTRAL,
    ),
    Dialect(
        "mistral-ids",
        mistral.read,
        (("[TOOL_CALLS]", "[CALL_ID]"),),
        new_id=mistral.new_call_id,
        grammar=grammars.MISTRAL_IDS,
    ),
    Dialect(
        "mistral",
        mistral.read,
        (("[TOOL_CALLS]", "[ARGS]"), ("[THINK]",)),
        (mistral.THINK, mistral.END_THINK),
        forced=mistral.END_THINK,
        new_id=mistral.new_call_id,
        grammar=grammars.MISTRAL,
    ),
    Dialect(
        "mistral-list", mistral.read, (("[TOOL_CALLS]",),), new_id=mistral.new_call_id, grammar=grammars.MISTRAL_LIST
    ),
    Dialect("firefunction", firefunction.read, (("functools[",),), grammar=grammars.FIREFUNCTION),
    Dialect("llama-4", llama.read_4, (("<|header_start|>",),), grammar=grammars.LLAMA_4),
    Dialect("llama-3", llama.read_3, (('"parameters": dictionary of argument name',),), grammar=grammars.LLAMA_3),
    Dialect("phi-4-mini", phi4.read, (("<|/tool|>",), ("<|/tool_call|>",)), THINK, grammar=grammars.PHI_4),
    Dialect("granite-3", granite.read, ((granite.CALLS,),), THINK, forced="</think>", grammar=grammars.GRANITE_3),
    Dialect(
        "apertus",
        apertus.read,
        ((apertus.CALLS,),),
        (apertus.INNER, apertus.END_INNER),
        forced=apertus.END_INNER,
        grammar=grammars.APERTUS,
    ),
    Dialect("nemotron-nano", nemotron_nano.read, (("<TOOLCALL>",),), THINK, grammar=grammars.NEMOTRON_NANO),
    Dialect(
        "solar",
        solar.read,
        (("<|tool_call:begin|>",),),
        (solar.THINK, solar.END),
        forced=solar.END,
        new_id=solar.new_id,
        grammar=grammars.SOLAR,
    ),
    Dialect("apriel", apriel.read, (("<tool_calls>[",),), (apriel.THINK, apriel.END_THINK), grammar=grammars.APRIEL),
    Dialect("minimax-m1", minimax_m1.read, (("<tool_calls>",),), THINK, grammar=grammars.MINIMAX_M1),
    Dialect(
        "exaone-deep",
        exaone.read_deep,
        (("[|assistant|]", "<thought>"),),
        exaone.DEEP,
        calls=False,
        grammar=grammars.HERMES,
    ),
    Dialect("exaone", exaone.read, (("[|assistant|]", "<tool_call>"),), THINK, grammar=grammars.HERMES),
    Dialect("hermes", hermes.read, (("<tool_call>",),), THINK, grammar=grammars.HERMES),
    Dialect(
        "gemma-3",
        gemma3.read,
        (("<start_of_turn>", "<start_of_image>"), ("<start_of_turn>", "<image_soft_token>")),
        THINK,
        calls=False,
        grammar=grammars.GEMMA_3,
    ),
    Dialect("generic", generic.read, (("tools",),), THINK, grammar=grammars.GENERIC),
    Dialect(
        "rwkv",
        plain.read,
        (("'User: '", "'Assistant:'"),),
        THINK,
        calls=False,
        stops=("\n\nUser:",),
        grammar=grammars.HERMES,
    ),
    Dialect("plain", plain.read, ((),), THINK, calls=False, grammar=grammars.HERMES),
)


# Names of parsers in Modelfiles and manifests that were made for Ollama.
ALIASES = {
    **dict.fromkeys(("qwen3", "qwen3-thinking", "qwen3-vl-instruct", "qwen3-vl-thinking"), "hermes"),
    **dict.fromkeys(("qwen3-coder", "qwen3.5", "nemotron-3-nano"), "qwen-coder"),
    **dict.fromkeys(("lfm2-thinking",), "lfm2"),
    "deepseek3": "deepseek-v3.1",
    "ministral": "mistral",
    "glm-4.7": "glm",
    "gemma4": "gemma-4",
    "passthrough": "plain",
}


def named(name: str) -> Dialect | None:
    """The dialect of this name, or of one that Ollama has for it."""
    wanted = ALIASES.get(name, name)
    return next((dialect for dialect in DIALECTS if dialect.name == wanted), None)


def choose(template: str, override: str = "") -> Dialect:
    """The dialect of a chat template, or the one named `override` if there is one."""
    if dialect := named(override):
        return dialect
    return next(d for d in DIALECTS if any(all(sign in template for sign in group) for group in d.signs))
