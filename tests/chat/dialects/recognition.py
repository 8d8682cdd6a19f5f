"""Which dialect the common chat templates speak, and what to recognise it by.

    python tests/chat/dialects/recognition.py FOLDER

prints the dialect of every template (`*.jinja`) of a folder; the exit status is 1 if a known one is mistaken.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from omm.chat.dialects import choose

FAMILIES = {
    "apertus": "Apertus-8B-Instruct",
    "apriel": "Apriel-1.6-15b-Thinker-fixed unsloth-Apriel-1.5",
    "command-r": "CohereForAI-c4ai-command-r-plus-tool_use",
    "command-r7b": "CohereForAI-c4ai-command-r7b-12-2024-tool_use",
    "deepseek-r1": """
        deepseek-ai-DeepSeek-R1-Distill-Llama-8B deepseek-ai-DeepSeek-R1-Distill-Qwen-32B llama-cpp-deepseek-r1
    """,
    "deepseek-v3.1": "deepseek-ai-DeepSeek-V3.1",
    "deepseek-v3.2": "deepseek-ai-DeepSeek-V3.2",
    "deepseek-v4": "deepseek-ai-DeepSeek-V4 deepseek-ai-DeepSeek-V4-Flash-0731",
    "firefunction": "fireworks-ai-llama-3-firefunction-v2",
    "functionary-v3.1": "meetkai-functionary-medium-v3.1",
    "functionary-v3.2": "meetkai-functionary-medium-v3.2",
    "gemma-4": "google-gemma-4-31B-it google-gemma-4-31B-it-interleaved",
    "gigachat-3": "GigaChat3-10B-A1.8B",
    "gigachat-3.1": "GigaChat3.1-10B-A1.8B",
    "glm": "GLM-4.6 GLM-4.7-Flash Spark2.5",
    "granite-3": "ibm-granite-granite-3.3-2B-Instruct",
    "harmony": "openai-gpt-oss-120b",
    "hermes": """
        Bielik-11B-v3.0-Instruct ibm-granite-granite-4.0 ibm-granite-granite-4.1 MiMo-VL
        NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use NousResearch-Hermes-3-Llama-3.1-8B-tool_use
        Qwen-Qwen2.5-7B-Instruct Qwen-Qwen3-0.6B Qwen-QwQ-32B Reka-Edge
    """,
    "hunyuan-3": "tencent-Hy3",
    "kimi-k2": "Kimi-K2-Instruct Kimi-K2-Thinking moonshotai-Kimi-K2",
    "kimi-k3": "Kimi-K3",
    "laguna": "poolside-Laguna-S-2.1 poolside-Laguna-XS-2.1 poolside-Laguna-XS.2",
    "lfm2": "LFM2-8B-A1B LFM2.5-8B-A1B LFM2.5-Instruct",
    "ling": "inclusionai-ling-3.0-flash",
    "llama-3": """
        meta-llama-Llama-3.1-8B-Instruct meta-llama-Llama-3.2-3B-Instruct meta-llama-Llama-3.3-70B-Instruct
    """,
    "minicpm5": "openbmb-MiniCPM5-1B",
    "minimax-m1": "MiniMax-M1",
    "minimax-m2": "MiniMax-M2",
    "minimax-m3": "MiniMax-M3",
    "mistral": "mistralai-Ministral-3-14B-Reasoning-2512 unsloth-mistral-Devstral-Small-2507",
    "mistral-ids": "Mistral-Small-3.2-24B-Instruct-2506",
    "mistral-list": "mistralai-Mistral-Nemo-Instruct-2407",
    "muse": "muse-glimmer",
    "nemotron-nano": "NVIDIA-Nemotron-Nano-v2",
    "north": "Cohere2MoE",
    "plain": "google-gemma-2-2b-it HuggingFaceTB-SmolLM3-3B microsoft-Phi-3.5-mini-instruct",
    "qwen-coder": "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16 Qwen3-Coder Qwen3.5-4B StepFun3.5-Flash",
    "rwkv": "llama-cpp-rwkv-world",
    "seed-oss": "ByteDance-Seed-OSS",
    "solar": "upstage-Solar-Open-100B",
}
FILES = {name: dialect for dialect, names in FAMILIES.items() for name in names.split()}
"""The dialect of each template that llama.cpp ships, by the file's name."""

TOOLS = "{% for tool in tools %}{{ tool | tojson }}{% endfor %}"
SNIPPETS: dict[str, tuple[str, ...]] = {
    "apertus": (TOOLS + "<|tools_prefix|>[{{ call }}]<|tools_suffix|><|inner_prefix|>",),
    "apriel": (TOOLS + 'In <tool_calls>[{"name": …}]</tool_calls>, or <tool_call></tool_call>.',),
    "command-r": (TOOLS + "{{ 'Action:\\n```json\\n[' }}",),
    "command-r7b": (TOOLS + "<|START_THINKING|><|END_THINKING|><|START_ACTION|><|START_RESPONSE|>",),
    "deepseek-r1": (TOOLS + "<｜tool▁calls▁begin｜><｜tool▁sep｜>{{ name }}```json<think>",),
    "deepseek-v3.1": (TOOLS + "<｜tool▁calls▁begin｜>{{ name }}<｜tool▁sep｜></think>",),
    "deepseek-v3.2": (TOOLS + "{% set mark = '｜DSML｜' %}<{{ mark }}function_calls>",),
    "deepseek-v4": (TOOLS + "{% set mark = '｜DSML｜' %}<{{ mark }}tool_calls>",),
    "exaone": ("[|assistant|]<think>" + TOOLS + "<tool_call>",),
    "exaone-deep": ("[|assistant|]<thought>\n",),
    "firefunction": ("{{ functions }} functools[",),
    "functiongemma": (TOOLS + "<start_function_call>call:",),
    "functionary-v3.1": (TOOLS + "<function={{ name }}>{{ arguments }}</function>",),
    "functionary-v3.2": ("{{ '>>>all\\n' }}" + TOOLS,),
    "gemma-3": ("<start_of_turn>user\n<start_of_image>",),
    "gemma-4": (TOOLS + "<|tool_call>call:{{ name }}",),
    "generic": (TOOLS + "Answer with a JSON object.",),
    "gigachat-3": (TOOLS + "function call<|role_sep|>\n<|message_sep|>",),
    "gigachat-3.1": (TOOLS + "<|function_call|>{{ call }}<|message_sep|>",),
    "glm": (TOOLS + "<tool_call>{{ name }}<arg_key>{{ key }}</arg_key></tool_call>",),
    "granite-3": (TOOLS + "Begin with <|tool_call|>.",),
    "harmony": (TOOLS + "<|start|>assistant<|channel|>analysis<|message|>",),
    "hermes": (TOOLS + "<tool_call>\n{{ call }}\n</tool_call>", "<tools></tools><tool_call><think>"),
    "hunyuan": ("<｜hy_Assistant｜>" + TOOLS, "<|startoftext|>{{ content }}<|extra_0|>" + TOOLS),
    "hunyuan-3": (TOOLS + "<｜hy_Assistant{{ suffix }}｜><arg_key{{ suffix }}>",),
    "kimi-k2": (TOOLS + "<|tool_calls_section_begin|><|tool_call_begin|>",),
    "kimi-k3": (TOOLS + "<|open|>tools<|sep|><|end_of_msg|>",),
    "laguna": (TOOLS + "<tool_call><arg_key></assistant>",),
    "lfm2": ("List of tools: {{ tools }}", "<|tool_call_start|>[{{ tools }}]<|tool_call_end|>"),
    "ling": ("<role>ASSISTANT</role>" + TOOLS + "<tool_call><arg_key>",),
    "llama-3": (TOOLS + '{"name": function name, "parameters": dictionary of argument name and its value}',),
    "llama-4": ("<|header_start|>assistant<|header_end|>" + TOOLS,),
    "magistral": ("[INST]{{ content }}[/INST]<think>[TOOL_CALLS]",),
    "minicpm5": (TOOLS + '<function name="{{ name }}"><param name="{{ key }}">',),
    "minimax-m1": (TOOLS + "<tool_calls>\n{{ call }}\n</tool_calls>",),
    "minimax-m2": (TOOLS + '<minimax:tool_call><invoke name="{{ name }}">',),
    "minimax-m3": (TOOLS + "{% set mark = ']<]minimax[>[' %}{{ mark }}<tool_call>",),
    "mistral": (TOOLS + "[INST][/INST][TOOL_CALLS]{{ name }}[ARGS]", "[INST]{{ content }}[/INST][THINK]"),
    "mistral-ids": (TOOLS + "[INST][/INST][TOOL_CALLS]{{ name }}[CALL_ID]{{ id }}[ARGS]",),
    "mistral-list": (TOOLS + "[INST][/INST][TOOL_CALLS][{{ calls }}]",),
    "muse": (TOOLS + "to={{ name }}<atem:function_calls>",),
    "nemotron-nano": (TOOLS + "<TOOLCALL>[{{ calls }}]</TOOLCALL>",),
    "north": (TOOLS + "<|START_ACTION|><|START_TEXT|>",),
    "phi-4-mini": (TOOLS + "<|tool|><|/tool|>",),
    "plain": ("", "<|im_start|>{{ role }}\n{{ content }}<|im_end|>"),
    "qwen-coder": (TOOLS + "<tool_call>\n<function={{ name }}>\n<parameter={{ key }}>\n",),
    "rwkv": ("{{ 'User: ' + content }}{{ 'Assistant:' }}",),
    "seed-oss": (TOOLS + "<seed:tool_call><function={{ name }}><parameter={{ key }}>",),
    "solar": (TOOLS + "<|tool_calls|><|tool_call:begin|>",),
}
"""For each dialect the marks of its templates, in words of our own; also those that it shares with others."""


def mistaken(folder: Path) -> dict[str, str]:
    """What the known templates of a folder were taken for, if not for what they are."""
    found = {path.stem: choose(path.read_text(encoding="utf-8")).name for path in folder.glob("*.jinja")}
    return {name: dialect for name, dialect in found.items() if FILES.get(name, dialect) != dialect}


def main(folder: Path) -> int:
    wrong = mistaken(folder)
    for path in sorted(folder.glob("*.jinja")):
        remark = f"  should be {FILES[path.stem]}" if path.stem in wrong else ""
        print(f"{path.stem:50} {choose(path.read_text(encoding='utf-8')).name}{remark}")
    print(f"{len(wrong)} mistaken")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
