"""One turn in every dialect as its models write it: reasoning, an answer and calls, as far as the dialect has them.

The end of the prompt comes first; the token that ends the turn is left out, as the engine does.
"""

from __future__ import annotations

from typing import NamedTuple

from omm.chat.dialects import DIALECTS

THOUGHT, ANSWER = "First the tide.", "Let me look."


class Turn(NamedTuple):
    """What a model writes after a prompt. `prompt` is its end, from the start of the assistant's turn on."""

    model: str
    dialect: str
    prompt: str
    text: str

    @property
    def is_thinking(self) -> bool:
        """Whether the prompt has opened the reasoning."""
        markers = next(dialect.thinking for dialect in DIALECTS if dialect.name == self.dialect)
        return markers is not None and self.prompt.rstrip().endswith(markers[0])

    @property
    def events(self) -> list[tuple[object, ...]]:
        """What must come of it."""
        thought: list[tuple[object, ...]] = [("thinking", THOUGHT)] if THOUGHT in self.text else []
        answer: list[tuple[object, ...]] = [("text", ANSWER)] if ANSWER in self.text else []
        written = self.text.replace(THOUGHT, "")
        calls = [("call", "tide", {"port": "Oslo", "days": 2}), ("call", "moon", {})]
        return thought + answer + [call for call in calls if str(call[1]) in written]


TURNS = (
    Turn(
        "gpt-oss",
        "harmony",
        "<|start|>assistant",
        "<|channel|>analysis<|message|>First the tide.<|end|><|start|>assistant to=functions.tide<|channel|>"
        'commentary json<|message|>{"port": "Oslo", "days": 2}',
    ),
    Turn(
        "Muse Glimmer",
        "muse",
        "<|start|>assistant",
        " to=self<|message|>First the tide.<|eom|><|start|>assistant to=tide<|message|><atem:function_calls>\n"
        '<atem:invoke name="tide">\n<atem:parameter name="port">Oslo</atem:parameter>\n'
        '<atem:parameter name="days">2</atem:parameter>\n</atem:invoke>\n</atem:function_calls><|eom|><|start|>'
        'assistant to=moon<|message|><atem:function_calls>\n<atem:invoke name="moon">\n</atem:invoke>\n'
        "</atem:function_calls>",
    ),
    Turn(
        "Functionary v3.2",
        "functionary-v3.2",
        "<|start_header_id|>assistant<|end_header_id|>\n\n>>>",
        'all\nLet me look.>>>tide\n{"port": "Oslo", "days": 2}>>>moon\n{}',
    ),
    Turn(
        "Kimi K2-Thinking",
        "kimi-k2",
        "<|im_assistant|>assistant<|im_middle|>",
        "<think>First the tide.</think>Let me look.<|tool_calls_section_begin|><|tool_call_begin|>"
        'functions.tide:0<|tool_call_argument_begin|>{"port": "Oslo", "days": 2}<|tool_call_end|>'
        "<|tool_call_begin|>functions.moon:1<|tool_call_argument_begin|>{}<|tool_call_end|>"
        "<|tool_calls_section_end|>",
    ),
    Turn(
        "Kimi K3",
        "kimi-k3",
        '<|open|>message role="assistant"<|sep|><|open|>think<|sep|>',
        "First the tide.<|close|>think<|sep|><|open|>response<|sep|>Let me look.<|close|>response<|sep|>"
        '<|open|>tools<|sep|><|open|>call tool="tide" index="1"<|sep|><|open|>'
        'argument key="port" type="string"<|sep|>Oslo<|close|>argument<|sep|><|open|>'
        'argument key="days" type="number"<|sep|>2<|close|>argument<|sep|><|close|>call<|sep|><|open|>'
        'call tool="moon" index="2"<|sep|><|close|>call<|sep|><|close|>tools<|sep|><|close|>message<|sep|>',
    ),
    Turn(
        "Ling 3.0",
        "ling",
        "<role>ASSISTANT</role>\n<think>",
        "First the tide.</think>Let me look.\n<tool_call>tide\n<arg_key>port</arg_key>\n<arg_value>"
        "Oslo</arg_value><arg_key>days</arg_key>\n<arg_value>2</arg_value>\n</tool_call>\n<tool_call>moon\n\n"
        "</tool_call>",
    ),
    Turn(
        "Hunyuan 3",
        "hunyuan-3",
        "<｜hy_Assistant:opensource｜><think:opensource>",
        "First the tide.</think:opensource>Let me look.<tool_calls:opensource>\n<tool_call:opensource>"
        "tide<tool_sep:opensource>\n<arg_key:opensource>port</arg_key:opensource>\n<arg_value:opensource>"
        "Oslo</arg_value:opensource>\n<arg_key:opensource>days</arg_key:opensource>\n<arg_value:opensource>"
        "2</arg_value:opensource>\n</tool_call:opensource>\n<tool_call:opensource>moon<tool_sep:opensource>\n"
        "</tool_call:opensource>\n</tool_calls:opensource>",
    ),
    Turn(
        "GLM tagged arguments: GLM-4.6",
        "glm",
        "<|assistant|>",
        "\n<think>First the tide.</think>\nLet me look.\n<tool_call>tide\n<arg_key>port</arg_key>\n<arg_value>"
        "Oslo</arg_value>\n<arg_key>days</arg_key>\n<arg_value>2</arg_value>\n</tool_call>\n<tool_call>moon\n"
        "</tool_call>",
    ),
    Turn(
        "GLM tagged arguments: GLM-4.7",
        "glm",
        "<|assistant|><think>",
        "First the tide.</think>Let me look.<tool_call>tide<arg_key>port</arg_key><arg_value>Oslo</arg_value>"
        "<arg_key>days</arg_key><arg_value>2</arg_value></tool_call><tool_call>moon</tool_call>",
    ),
    Turn(
        "GLM tagged arguments: Laguna XS.2",
        "laguna",
        "<assistant>\n<think>",
        "\nFirst the tide.\n</think>\nLet me look.\n<tool_call>tide\n<arg_key>port</arg_key>\n<arg_value>"
        "Oslo</arg_value>\n<arg_key>days</arg_key>\n<arg_value>2</arg_value>\n</tool_call>\n<tool_call>moon\n"
        "</tool_call>\n",
    ),
    Turn(
        "Cohere2 MoE",
        "north",
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|>",
        "First the tide.<|END_THINKING|><|START_ACTION|>[\n"
        '    {"tool_call_id": "0", "tool_name": "tide", "parameters": {"port": "Oslo", "days": 2}},\n'
        '    {"tool_call_id": "1", "tool_name": "moon", "parameters": {}}\n]<|END_ACTION|>',
    ),
    Turn(
        "Command R7B",
        "command-r7b",
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
        "<|START_THINKING|>First the tide.<|END_THINKING|><|START_ACTION|>[\n"
        '    {"tool_call_id": "0", "tool_name": "tide", "parameters": {"port": "Oslo", "days": 2}},\n'
        '    {"tool_call_id": "1", "tool_name": "moon", "parameters": {}}\n]<|END_ACTION|>',
    ),
    Turn(
        "Command R+",
        "command-r",
        "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
        'Let me look.\nAction:\n```json\n[\n    {\n        "tool_name": "tide",\n'
        '        "parameters": {"port": "Oslo", "days": 2}\n    }\n]```',
    ),
    Turn(
        "LFM2.5-8B-A1B",
        "lfm2",
        "<|im_start|>assistant\n",
        "<think>First the tide.</think>Let me look.<|tool_call_start|>"
        "[tide(port='Oslo', days=2), moon()]<|tool_call_end|>",
    ),
    Turn(
        "GigaChat 3.1",
        "gigachat-3.1",
        "assistant<|role_sep|>\n",
        'Let me look.<|function_call|>{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}',
    ),
    Turn(
        "GigaChat 3",
        "gigachat-3",
        "assistant<|role_sep|>\n",
        "Let me look.<|message_sep|>\n\nfunction call<|role_sep|>\n"
        '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}',
    ),
    Turn(
        "MiniMax M3",
        "minimax-m3",
        "]~b]ai\n",
        "<mm:think>First the tide.</mm:think>Let me look.]<]minimax[>[<tool_call>\n]<]minimax[>"
        '[<invoke name="tide">]<]minimax[>[<port>Oslo]<]minimax[>[</port>]<]minimax[>[<days>2]<]minimax[>'
        '[</days>]<]minimax[>[</invoke>\n]<]minimax[>[<invoke name="moon">]<]minimax[>[</invoke>\n]<]minimax[>'
        "[</tool_call>",
    ),
    Turn(
        "MiniMax M2",
        "minimax-m2",
        "]~b]ai\n<think>\n",
        'First the tide.\n</think>\n\nLet me look.\n<minimax:tool_call>\n<invoke name="tide">\n'
        '<parameter name="port">Oslo</parameter>\n<parameter name="days">2</parameter>\n</invoke>\n'
        '<invoke name="moon">\n</invoke>\n</minimax:tool_call>',
    ),
    Turn(
        "DeepSeek V3.2",
        "deepseek-v3.2",
        "<｜Assistant｜><think>",
        'First the tide.</think>Let me look.\n\n<｜DSML｜function_calls>\n<｜DSML｜invoke name="tide">\n'
        '<｜DSML｜parameter name="port" string="true">Oslo</｜DSML｜parameter>\n'
        '<｜DSML｜parameter name="days" string="false">2</｜DSML｜parameter>\n</｜DSML｜invoke>\n'
        '<｜DSML｜invoke name="moon">\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    ),
    Turn(
        "DeepSeek V4",
        "deepseek-v4",
        "<｜Assistant｜><think>",
        'First the tide.</think>Let me look.\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name="tide">\n'
        '<｜DSML｜parameter name="port" string="true">Oslo</｜DSML｜parameter>\n'
        '<｜DSML｜parameter name="days" string="false">2</｜DSML｜parameter>\n</｜DSML｜invoke>\n'
        '<｜DSML｜invoke name="moon">\n\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>',
    ),
    Turn(
        "Gemma 4",
        "gemma-4",
        "<|turn>model\n",
        '<|channel>thought\nFirst the tide.\n<channel|>Let me look.<|tool_call>call:tide{port:<|"|>Oslo<|"|>'
        ",days:2}<tool_call|><|tool_call>call:moon{}<tool_call|>",
    ),
    Turn(
        "MiniCPM5",
        "minicpm5",
        "<|im_start|>assistant\n<think>\n",
        'First the tide.\n</think>\n\nLet me look.\n<function name="tide"><param name="port">Oslo</param>'
        '<param name="days">2</param></function>\n<function name="moon"></function>',
    ),
    Turn(
        "Seed-OSS",
        "seed-oss",
        "<seed:bos>assistant\n",
        "<seed:think>First the tide.</seed:think>\nLet me look.\n\n<seed:tool_call>\n<function=tide>\n"
        "<parameter=port>Oslo</parameter>\n<parameter=days>2</parameter>\n</function>\n</seed:tool_call>\n"
        "<seed:tool_call>\n<function=moon>\n</function>\n</seed:tool_call>",
    ),
    Turn(
        "Qwen3-Coder XML: Qwen3.5",
        "qwen-coder",
        "<|im_start|>assistant\n<think>\n",
        "First the tide.\n</think>\n\nLet me look.\n\n<tool_call>\n<function=tide>\n<parameter=port>\nOslo\n"
        "</parameter>\n<parameter=days>\n2\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n"
        "<function=moon>\n</function>\n</tool_call>",
    ),
    Turn(
        "Qwen3-Coder XML: StepFun",
        "qwen-coder",
        "<|im_start|>assistant\n<think>\n",
        "First the tide.\n</think>\nLet me look.<tool_call>\n<function=tide>\n<parameter=port>\nOslo\n"
        "</parameter>\n<parameter=days>\n2\n</parameter>\n</function>\n</tool_call><tool_call>\n<function=moon>"
        "\n</function>\n</tool_call>",
    ),
    Turn(
        "Functionary v3.1",
        "functionary-v3.1",
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        'Let me look.<function=tide>{"port": "Oslo", "days": 2}</function><function=moon>{}</function>',
    ),
    Turn(
        "DeepSeek R1",
        "deepseek-r1",
        "<｜Assistant｜><think>\n",
        "First the tide.\n</think>\n\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>tide\n"
        '```json\n{"port": "Oslo", "days": 2}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>'
        "moon\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    ),
    Turn(
        "DeepSeek V3.1",
        "deepseek-v3.1",
        "<｜Assistant｜><think>",
        "First the tide.</think>Let me look.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tide<｜tool▁sep｜>"
        '{"port": "Oslo", "days": 2}<｜tool▁call▁end｜><｜tool▁call▁begin｜>moon<｜tool▁sep｜>{}<｜tool▁call▁end｜>'
        "<｜tool▁calls▁end｜>",
    ),
    Turn(
        "Mistral with call ids",
        "mistral-ids",
        "[/INST]",
        '[TOOL_CALLS]tide[CALL_ID]aB3dE6gH9[ARGS]{"port": "Oslo", "days": 2}[TOOL_CALLS]moon[CALL_ID]zY8xW5vU2[ARGS]{}',
    ),
    Turn(
        "Ministral 3",
        "mistral",
        "[/INST]",
        '[THINK]First the tide.[/THINK]Let me look.[TOOL_CALLS]tide[ARGS]{"port": "Oslo", "days": 2}'
        "[TOOL_CALLS]moon[ARGS]{}",
    ),
    Turn(
        "Mistral list",
        "mistral-list",
        "[/INST]",
        '[TOOL_CALLS][{"name": "tide", "arguments": {"port": "Oslo", "days": 2}, "id": "aB3dE6gH9"}'
        ', {"name": "moon", "arguments": {}, "id": "zY8xW5vU2"}]',
    ),
    Turn(
        "FireFunction v2",
        "firefunction",
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        'Let me look. functools[{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}'
        ', {"name": "moon", "arguments": {}}]',
    ),
    Turn(
        "Llama 3",
        "llama-3",
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        '{"name": "tide", "parameters": {"port": "Oslo", "days": 2}}',
    ),
    Turn(
        "Granite 3.3",
        "granite-3",
        "<|start_of_role|>assistant<|end_of_role|>",
        '<|tool_call|>[{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}, {"name": "moon", "arguments": {}}]',
    ),
    Turn(
        "Apertus",
        "apertus",
        "<|assistant_start|>",
        'Let me look.<|tools_prefix|>[{"tide": {"port": "Oslo", "days": 2}}, {"moon": {}}]<|tools_suffix|>',
    ),
    Turn(
        "Nemotron Nano v2",
        "nemotron-nano",
        "<SPECIAL_11>Assistant\n<think>\n",
        "First the tide.\n</think>\n\n<TOOLCALL>"
        '[{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}, {"name": "moon", "arguments": {}}]</TOOLCALL>',
    ),
    Turn(
        "Solar Open",
        "solar",
        "<|begin|>assistant",
        "<|think|>First the tide.<|end|><|begin|>assistant<|tool_calls|><|tool_call:begin|>"
        'k3v9x1m2qa<|tool_call:name|>tide<|tool_call:args|>{"port": "Oslo", "days": 2}<|tool_call:end|>'
        "<|tool_call:begin|>p7t0c4w8zb<|tool_call:name|>moon<|tool_call:args|>{}<|tool_call:end|>",
    ),
    Turn(
        "Apriel 1.6",
        "apriel",
        "\n<|begin_assistant|>\nHere are my reasoning steps:\n",
        "First the tide.\n[BEGIN FINAL RESPONSE]\nLet me look.\n<tool_calls>"
        '[{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}, {"name": "moon", "arguments": {}}]</tool_calls>'
        "\n",
    ),
    Turn(
        "MiniMax M1",
        "minimax-m1",
        "<beginning_of_sentence>ai name=assistant\n",
        '<tool_calls>\n{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}\n'
        '{"name": "moon", "arguments": {}}\n</tool_calls>',
    ),
    Turn(
        "Hermes JSON: Qwen3",
        "hermes",
        "<|im_start|>assistant\n",
        "<think>\nFirst the tide.\n</think>\n\nLet me look.\n<tool_call>\n"
        '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}\n</tool_call>\n<tool_call>\n'
        '{"name": "moon", "arguments": {}}\n</tool_call>',
    ),
    Turn(
        "Hermes JSON: Reka Edge",
        "hermes",
        "assistant: <think>\n",
        "First the tide.\n</think>\n\nLet me look.\n<tool_call>\n"
        '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}\n</tool_call><tool_call>\n'
        '{"name": "moon", "arguments": {}}\n</tool_call>\n\n',
    ),
    Turn(
        "Hermes JSON: QwQ",
        "hermes",
        "<|im_start|>assistant\n<think>\n",
        "First the tide.\n</think>\n\nLet me look.\n<tool_call>\n"
        '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}\n</tool_call>',
    ),
    Turn(
        "Hunyuan A13B",
        "hunyuan",
        "<｜hy_Assistant｜>",
        "<think>\nFirst the tide.\n</think>\n<answer>\nLet me look.\n<tool_calls>"
        '[{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}, {"name": "moon", "arguments": {}}]</tool_calls>'
        "\n</answer>",
    ),
    Turn(
        "FunctionGemma",
        "functiongemma",
        "<start_of_turn>model\n",
        "Let me look.<start_function_call>call:tide{port:<escape>Oslo<escape>,days:2}<end_function_call>"
        "<start_function_call>call:moon{}<end_function_call>",
    ),
    Turn(
        "Magistral Small 1.0",
        "magistral",
        "[/INST]",
        "<think>\nFirst the tide.\n</think>\n"
        'Let me look.[TOOL_CALLS][{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}'
        ', {"name": "moon", "arguments": {}}]',
    ),
    Turn(
        "Llama 4",
        "llama-4",
        "<|header_start|>assistant<|header_end|>\n\n",
        'Let me look.<|python_start|>[tide(port="Oslo", days=2), moon()]<|python_end|>',
    ),
    Turn(
        "Phi 4 mini",
        "phi-4-mini",
        "<|assistant|>",
        "Let me look.<|tool_call|>"
        '[{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}, {"name": "moon", "arguments": {}}]<|/tool_call|>',
    ),
    Turn(
        "EXAONE 4",
        "exaone",
        "[|assistant|]<think>\n",
        "First the tide.\n</think>\n\nLet me look.\n<tool_call>"
        '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}</tool_call>\n<tool_call>'
        '{"name": "moon", "arguments": {}}</tool_call>',
    ),
    Turn(
        "EXAONE Deep",
        "exaone-deep",
        "[|assistant|]<thought>\n",
        "First the tide.\n</thought>\n\nLet me look.",
    ),
    Turn(
        "Gemma 3",
        "gemma-3",
        "<start_of_turn>model\n",
        'Let me look.\n```tool_code\n[tide(port="Oslo", days=2), moon()]\n```',
    ),
    Turn(
        "generic",
        "generic",
        "<|assistant|>\n",
        "<think>\nFirst the tide.\n</think>\n\n```json\n"
        '[{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}, {"name": "moon", "arguments": {}}]\n```',
    ),
    Turn(
        "SmolLM3",
        "plain",
        "<|im_start|>assistant\n",
        "<think>\nFirst the tide.\n</think>\nLet me look.\n<tool_call>"
        '{"name": "tide", "arguments": {"port": "Oslo", "days": 2}}</tool_call>\n<tool_call>'
        '{"name": "moon", "arguments": {}}</tool_call>',
    ),
    Turn(
        "RWKV",
        "rwkv",
        "Assistant: <think>",
        "First the tide.</think>Let me look.",
    ),
)
