"""The grammar of each dialect's calls, for the table. Layouts are those of the models' own templates."""

from __future__ import annotations

from omm.chat.dialects.forms import (
    Grammar,
    JSONKeys,
    Offer,
    Tagged,
    WriteCall,
    any_of,
    blocks,
    json_call,
    json_list,
    named,
    not_beginning,
    once,
    one_of,
)
from omm.chat.dialects.hunyuan import SUFFIX
from omm.chat.dialects.lark import Lark
from omm.chat.dialects.minimax_m3 import PREFIX
from omm.chat.dialects.notations import FUNCTION_GEMMA, GEMMA, PYTHON, Bracketed, Nested

# --- JSON ---------------------------------------------------------------------------------------------------------

PARAMETERS = JSONKeys(arguments="parameters")
COHERE = JSONKeys("tool_name", "parameters", first={"tool_call_id": {"type": "string", "pattern": "^[0-9]{1,3}$"}})
COMMAND = JSONKeys("tool_name", "parameters")
WITH_ID = JSONKeys(last={"id": {"type": "string", "pattern": "^[a-zA-Z0-9]{9}$"}})
NAME_IS_KEY = JSONKeys(name="")

HERMES = Grammar(
    "<tool_call>",
    blocks(json_call(), begin="{nl}", between="{nl}</tool_call>{nl}<tool_call>{nl}", end="{nl}</tool_call>"),
)
MINIMAX_M1 = Grammar("<tool_calls>", blocks(json_call(), begin="{nl}", between="\n", end="{nl}</tool_calls>"))
APRIEL = Grammar("<tool_calls>", json_list(end="</tool_calls>"))
HUNYUAN = Grammar(
    "<tool_calls>",
    json_list(begin="{nl}", end="{nl}</tool_calls>"),
    lead="{blank}{?<answer>}{nl}",
    answer=("{?<answer>}{nl}", "{nl}</answer>"),
)
NEMOTRON_NANO = Grammar("<TOOLCALL>", json_list(end="</TOOLCALL>"))
GRANITE_3 = Grammar("<|tool_call|>", json_list(begin="{nl}"), answer=("{?<response>}", "</response>"))
PHI_4 = Grammar("<|tool_call|>", json_list(end="<|/tool_call|>"))
APERTUS = Grammar("<|tools_prefix|>", json_list(NAME_IS_KEY, end="<|tools_suffix|>"))
FIREFUNCTION = Grammar("functools", json_list(), lead="{? }")
COMMAND_R = Grammar("Action:\n```json", json_list(COMMAND, begin="{nl}", end="{nl}```"))
COMMAND_R7B = Grammar(
    "<|START_ACTION|>",
    json_list(COHERE, end="<|END_ACTION|>"),
    answer=("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
)
NORTH = Grammar("<|START_ACTION|>", json_list(COHERE, end="<|END_ACTION|>"), answer=("<|START_TEXT|>", "<|END_TEXT|>"))
GIGACHAT_3 = Grammar("<|message_sep|>\n\nfunction call<|role_sep|>\n", once(json_call()), lead="")
GIGACHAT_31 = Grammar("<|function_call|>", once(json_call()), lead="")
LLAMA_3 = Grammar("", once(json_call(PARAMETERS)), free=not_beginning("{"), lead="")
_BARE = one_of(once(json_call()), once(json_call(PARAMETERS)), json_list())
GENERIC = Grammar("", _BARE, free=not_beginning("{["))

# --- a name, then JSON --------------------------------------------------------------------------------------------

KIMI_K2 = Grammar(
    "<|tool_calls_section_begin|>",
    blocks(
        named("functions.{name}:{number}<|tool_call_argument_begin|>"),
        begin="<|tool_call_begin|>",
        between="<|tool_call_end|><|tool_call_begin|>",
        end="<|tool_call_end|><|tool_calls_section_end|>",
    ),
)
_DEEPSEEK_END = "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
DEEPSEEK_R1 = Grammar(
    "<｜tool▁calls▁begin｜>",
    blocks(
        named("function<｜tool▁sep｜>{name}\n```json\n", "{nl}```"),
        begin="<｜tool▁call▁begin｜>",
        between="<｜tool▁call▁end｜>{nl}<｜tool▁call▁begin｜>",
        end=_DEEPSEEK_END,
    ),
)
DEEPSEEK_V31 = Grammar(
    "<｜tool▁calls▁begin｜>",
    blocks(
        named("{name}<｜tool▁sep｜>"),
        begin="<｜tool▁call▁begin｜>",
        between="<｜tool▁call▁end｜><｜tool▁call▁begin｜>",
        end=_DEEPSEEK_END,
    ),
)
SOLAR = Grammar(
    "<|tool_calls|>",
    blocks(
        named("<|tool_call:begin|>{id10}<|tool_call:name|>{name}<|tool_call:args|>", "<|tool_call:end|>"),
        end="<|calls|>",
    ),
    lead="{?<|begin|>assistant}",
    answer=("{?<|begin|>assistant}<|content|>", ""),
)
# The recipient may come before the channel or behind it. The token behind a call ends the turn.
HARMONY = Grammar(
    " to=functions.",
    once(
        any_of(
            named("{name}<|channel|>commentary{? json}<|message|>"),
            named("{name} <|constrain|>json<|message|>"),
            named("{name}<|message|>"),
        )
    ),
    lead="{?<|start|>assistant}{?<|channel|>commentary}",
    answer=("{?<|start|>assistant}<|channel|>final{? <|constrain|>json}<|message|>", ""),
)
FUNCTIONARY_V31 = Grammar("<function=", blocks(named("{name}>", "</function>"), between="{nl}<function="))
MISTRAL = Grammar("[TOOL_CALLS]", blocks(named("{name}[ARGS]"), between="[TOOL_CALLS]"))
MISTRAL_IDS = Grammar("[TOOL_CALLS]", blocks(named("{name}[CALL_ID]{id9}[ARGS]"), between="[TOOL_CALLS]"))
MISTRAL_LIST = Grammar("[TOOL_CALLS]", json_list(WITH_ID, begin="{? }"))
MAGISTRAL = Grammar("[TOOL_CALLS]", one_of(MISTRAL.body, MISTRAL_LIST.body))


def _addressed(lark: Lark, calls: str) -> str:
    """An answer to all, perhaps with calls behind it."""
    text = lark.terminal("/(?s:.*)/ & ~/(?s:.*)>>>(?s:.*)/")
    return f'"all\\n" ({lark.until(">>>")} {calls} | {text})'


FUNCTIONARY_V32 = Grammar("", blocks(named("{name}\n"), between=">>>"), free=_addressed, lead="", answer=("all\n", ""))

# --- tags ---------------------------------------------------------------------------------------------------------

GLM = Grammar(
    "<tool_call>",
    blocks(
        Tagged(
            "{name}{blank}",
            "<arg_key>{key}</arg_key>{nl}<arg_value>",
            end_value="</arg_value>",
            end_argument="{nl}",
        ),
        between="</tool_call>{nl}<tool_call>",
        end="</tool_call>",
    ),
)
HUNYUAN_3 = Grammar(
    f"<tool_calls{SUFFIX}>",
    blocks(
        Tagged(
            f"<tool_call{SUFFIX}>{{name}}<tool_sep{SUFFIX}>{{nl}}",
            f"<arg_key{SUFFIX}>{{key}}</arg_key{SUFFIX}>{{nl}}<arg_value{SUFFIX}>",
            end_value=f"</arg_value{SUFFIX}>",
            end_argument="{nl}",
            end=f"</tool_call{SUFFIX}>",
        ),
        begin="{nl}",
        between="{nl}",
        end=f"{{nl}}</tool_calls{SUFFIX}>",
    ),
)


def _invoked(prefix: str) -> WriteCall:
    """`<invoke name="tide">` with parameters in it, each tag with a prefix."""
    return Tagged(
        f'<{prefix}invoke name="{{name}}">{{nl}}',
        f'<{prefix}parameter name="{{key}}">',
        end_value=f"</{prefix}parameter>",
        end_argument="{nl}",
        end=f"</{prefix}invoke>",
    )


def _dsml(block: str) -> Grammar:
    return Grammar(
        f"<｜DSML｜{block}>",
        blocks(
            Tagged(
                '<｜DSML｜invoke name="{name}">{blank}',
                '<｜DSML｜parameter name="{key}" string="{type}">',
                end_value="</｜DSML｜parameter>",
                end_argument="{nl}",
                end="</｜DSML｜invoke>",
                said=lambda kind: "true" if kind == "string" else "false",
            ),
            begin="{nl}",
            between="{nl}",
            end=f"{{nl}}</｜DSML｜{block}>",
        ),
    )


MINIMAX_M2 = Grammar(
    "<minimax:tool_call>",
    blocks(_invoked(""), begin="{nl}", between="{nl}", end="{nl}</minimax:tool_call>"),
)


def _muse_message(lark: Lark, offer: Offer) -> str:
    """A message to a tool."""
    head = lark.layout(" to={name}<|message|><atem:function_calls>{nl}", name=offer.name)
    return f"{head} {_invoked('atem:')(lark, offer)} {lark.layout('{nl}</atem:function_calls>')}"


MUSE = Grammar(
    "<atem:function_calls>",
    blocks(_invoked("atem:"), begin="{nl}", between="{nl}", end="{nl}</atem:function_calls>"),
    forced=blocks(_muse_message, between="<|eom|><|start|>assistant"),
    lead="{?<|start|>assistant}",
    answer=("{?<|start|>assistant} to=user<|message|>", ""),
)
DEEPSEEK_V32 = _dsml("function_calls")
DEEPSEEK_V4 = _dsml("tool_calls")
MINICPM5 = Grammar(
    '<function name="',
    blocks(
        Tagged(
            '{name}">',
            '<param name="{key}">',
            end_value="</param>",
            content=r"/[^<&\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*/",
            quotes=("<![CDATA[", "]]>"),
        ),
        between='</function>{nl}<function name="',
        end="</function>",
    ),
)
SEED_OSS = Grammar(
    "<seed:tool_call>",
    blocks(
        Tagged("<function={name}>{nl}", "<parameter={key}>", "</parameter>", end_argument="{nl}", end="</function>"),
        begin="{nl}",
        between="{nl}</seed:tool_call>{nl}<seed:tool_call>{nl}",
        end="{nl}</seed:tool_call>",
    ),
)
# Known by its inner tag, since the models leave out the first of the outer ones.
QWEN_CODER = Grammar(
    "<tool_call>\n<function=",
    blocks(
        Tagged("{name}>{nl}", "<parameter={key}>\n", "\n</parameter>", end_argument="{nl}", end="</function>"),
        between="{nl}</tool_call>{nl}<tool_call>\n<function=",
        end="{nl}</tool_call>",
    ),
    trigger="<function=",
)
KIMI_K3 = Grammar(
    "<|open|>tools<|sep|>",
    blocks(
        Tagged(
            '<|open|>call tool="{name}" index="{number}"<|sep|>',
            '<|open|>argument key="{key}" type="{type}"<|sep|>',
            end_value="<|close|>argument<|sep|>",
            end="<|close|>call<|sep|>",
            said=lambda kind: "number" if kind == "integer" else kind,
        ),
        end="<|close|>tools<|sep|>",
    ),
    lead="{?<|open|>response<|sep|>}{?<|close|>response<|sep|>}",
    answer=("{?<|open|>response<|sep|>}", "<|close|>response<|sep|>"),
)

# --- notations of their own ---------------------------------------------------------------------------------------

_PYTHON_CALL = Bracketed(PYTHON, "{name}(", ")")
LFM2 = Grammar("<|tool_call_start|>", blocks(_PYTHON_CALL, begin="[", between=",{? }", end="]<|tool_call_end|>"))
LLAMA_4 = Grammar(
    "", blocks(_PYTHON_CALL, begin="{?<|python_start|>}[", between=",{? }", end="]"), free=not_beginning("{["), lead=""
)
GEMMA_3 = Grammar(
    "", one_of(_BARE, blocks(_PYTHON_CALL, begin="[", between=",{? }", end="]")), free=not_beginning("{["), lead=""
)
GEMMA_4 = Grammar(
    "<|tool_call>",
    blocks(Bracketed(GEMMA, "call:{name}{", "}"), between="<tool_call|>{nl}<|tool_call>", end="<tool_call|>"),
)
FUNCTIONGEMMA = Grammar(
    "<start_function_call>",
    blocks(
        Bracketed(FUNCTION_GEMMA, "call:{name}{", "}"),
        between="<end_function_call>{nl}<start_function_call>",
        end="<end_function_call>",
    ),
)
MINIMAX_M3 = Grammar(
    f"{PREFIX}<tool_call>",
    blocks(
        Nested(PREFIX, f'{PREFIX}<invoke name="{{name}}">', f"{PREFIX}</invoke>"),
        begin="{nl}",
        between="{nl}",
        end=f"{{nl}}{PREFIX}</tool_call>",
    ),
)
