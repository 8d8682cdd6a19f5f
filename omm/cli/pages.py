"""Manual pages that are about no command: the API, the configuration file, and Modelfiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from omm import config, tables
from omm.cli import manual, usage

Page = list[str]

PROTOCOLS = (
    ("Ollama", 'Ollama\'s API, as its own clients speak it. Answers stream as lines of JSON unless "stream" is false.'),
    ("OpenAI", "OpenAI's API: chat completions, completions, embeddings, responses. Streams are server-sent events."),
    ("Anthropic", "Anthropic's Messages API. With the prefix /anthropic it also lists models in its own way."),
    ("Native", "Sessions that keep their conversation, and plans of what would run where."),
    ("omm", "About the server itself."),
)
ACCESS = (
    "The server listens on http://127.0.0.1:11434 unless OMM_HOST says otherwise. If it has an API key, every request "
    "must carry it, as Authorization: Bearer KEY or as x-api-key: KEY. Requests with a foreign Host or Origin header "
    "are refused. GET /openapi.json describes all routes with their shapes, GET /docs shows them in a browser, offline."
)
API_EXAMPLE = (
    "curl http://127.0.0.1:11434/api/chat -d '{",
    '  "model": "tiny", "stream": false,',
    '  "messages": [{"role": "user", "content": "What is omm?"}]',
    "}'",
)
FILE_FORMAT = (
    "The file is TOML, one setting a line, then tables for models and aliases. It lies in the user's configuration "
    "directory as omm/config.toml, in OMM_HOME as config.toml if that is set, or where OMM_CONFIG says; omm config "
    "path tells where. Flags win over variables of the environment, these over the file, and the file over defaults; "
    "omm config show tells where each value is from. "
    "A setting that does not exist or has a bad value is an error, which names the file and the line. Durations are "
    'texts as "5m" or numbers of seconds, sizes texts as "64MB" or numbers of bytes, and a path is meant from the '
    "file's own folder."
)
MODEL_TABLES = (
    'A table [model."PATTERN"] holds what is said of the models whose names match: any parameter of omm-modelfile(5), '
    "and what is listed here. A pattern is a name with *, ? or [letters] in it, in upper or lower case; a model goes "
    "by its name with and without :latest, and by its full one (registry.ollama.ai/library/tiny). Where several tables "
    "match, each value is from the strongest that has it: a name without wildcards before a pattern, more letters that "
    "are no wildcard before fewer, then what comes later in the file. A table may also name an alias; it holds for "
    "requests by that alias, and goes before those of the model.",
    "A request, and what is set in a conversation, goes before these tables. They go before the Modelfile, as the file "
    "is its user's own; then comes what the model's file recommends, then the settings above, then omm's defaults. "
    "omm show MODEL --effective tells every value and where it is from. A server reads the file when it starts. In "
    "Anthropic's protocol every request says whether to think: it does not where it is silent.",
)
ALIASES = (
    "The table [alias] gives names that stand for models, in every protocol and command. A stored model of the same "
    "name wins; then a name without wildcards, then the pattern with the most letters that are no wildcard, then the "
    "later one. An alias may stand for another one without wildcards; a circle of them is an error. Commands that "
    "change or copy what is stored (rm, cp, push, export) take names of models; pull, and FROM in a Modelfile, follow "
    "aliases without wildcards. /v1/models lists an alias without wildcards once its model is stored; omm list and "
    "/api/tags list models only. omm show ALIAS tells the model.",
)
FILE_EXAMPLE = (
    'models = "/srv/models"',
    'keep_alive = "1h"',
    "max_queue = 64",
    'origins = ["https://chat.example.com"]',
    "",
    '[model."qwen3*"]',
    "temperature = 0.6",
    "num_ctx = 16384",
    "",
    "[alias]",
    'gpt-4o = "qwen3:8b"',
    '"claude-*" = "llama3.2"',
)
MODELFILE = (
    "A Modelfile says how omm create makes a model of another one or of files. Each instruction begins a line, in "
    'upper or lower case; # begins a comment. A text of several lines stands between """ and """.'
)
INSTRUCTIONS = (
    (
        "FROM model|file|folder",
        "What the model is made of: another model, a GGUF file, a folder of those, or the folder of a checkpoint "
        "(safetensors, config.json, tokenizer.json) of a dense Llama, Mistral, Qwen2, Qwen3, Gemma 2, Gemma 3 or Phi-3 "
        "model, which is converted. Required.",
    ),
    ("PARAMETER name value", "A default for an option, see below. Names may come several times where a list is meant."),
    ("TEMPLATE text", "The chat template, in Go's or in Jinja's syntax."),
    ("SYSTEM text", "The system prompt where a conversation has none."),
    ("MESSAGE role text", "A message before each conversation. The role is system, user or assistant."),
    ("ADAPTER file [scale]", "A LoRA adapter in GGUF and how strongly it applies, 1 unless said; may be repeated."),
    ("DRAFT model|file", "A small model that guesses tokens; it is kept with the model, and omm does not use it."),
    ("LICENSE text", "The licence. May come several times."),
    ("PARSER name", "How the model writes thinking and tool calls, where its template does not tell."),
    ("RENDERER name", "How Ollama makes prompts; ignored, as the template does it."),
    ("REQUIRES version", "The oldest version that can run the model."),
)
MODELFILE_EXAMPLE = (
    "FROM tiny",
    "PARAMETER temperature 0.2",
    'PARAMETER stop "###"',
    'SYSTEM """',
    "You answer like a pirate.",
    '"""',
)
OPTIONS = {
    "temperature": "How far answers stray from the likeliest words; 0 is always the likeliest.",
    "top_k": "Choose among so many likeliest tokens; 0 is all.",
    "top_p": "Choose among the likeliest tokens that together have this probability.",
    "min_p": "Leave out tokens less likely than this share of the likeliest one.",
    "typical_p": "Prefer tokens of typical surprise; 1 is off.",
    "top_n_sigma": "Leave out tokens so many standard deviations below the best; negative is off.",
    "repeat_last_n": "How many tokens back repetition counts; 0 is none, -1 the whole context.",
    "repeat_penalty": "Penalty for repeated tokens; 1 is none.",
    "presence_penalty": "Penalty for tokens that were there already.",
    "frequency_penalty": "Penalty for tokens, by how often they were there.",
    "penalize_newline": "Whether repetition counts for line breaks.",
    "mirostat": "Sampling that holds the surprise steady: 0 is off, else version 1 or 2.",
    "mirostat_eta": "How fast mirostat adapts.",
    "mirostat_tau": "The surprise that mirostat aims at.",
    "xtc_probability": "How often the likeliest tokens are left out.",
    "xtc_threshold": "From which probability on tokens may be left out.",
    "dry_multiplier": "Strength of the penalty for repeated sequences; 0 is off.",
    "dry_base": "How that penalty grows with their length.",
    "dry_allowed_length": "The longest sequence that may be repeated freely.",
    "dry_penalty_last_n": "How many tokens back sequences count; -1 is the whole context.",
    "dry_sequence_breakers": "Texts that end a sequence.",
    "dynatemp_range": "How far the temperature may move by itself.",
    "dynatemp_exponent": "How uncertainty becomes temperature.",
    "logit_bias": "By token id, what to add to its score.",
    "seed": "Makes answers repeatable.",
    "num_predict": "At most so many tokens; -1 is no limit.",
    "num_keep": "Tokens of the prompt that stay when the context is full.",
    "min_tokens": "At least so many tokens.",
    "ignore_eos": "Go on where the model would end.",
    "cache_prompt": "Begin where the prompt differs from an earlier one; false computes all of it.",
    "stop": "Text that ends the answer. May come several times.",
    "num_ctx": "Context in tokens.",
    "num_batch": "Tokens of a prompt computed together.",
    "num_gpu": "Layers on accelerators; -1 is as many as fit.",
    "main_gpu": "The accelerator to prefer.",
    "num_thread": "CPU threads.",
    "use_mmap": "Whether the file is mapped into memory.",
}


def api(paths: Mapping[str, Mapping[str, Any]]) -> str:
    """The page omm-api(7), out of the paths of the OpenAPI document."""
    sections = [_routes(protocol, about, paths) for protocol, about in PROTOCOLS]
    return manual.joined(
        manual.head("omm-api", "the HTTP interfaces of the omm server", 7),
        [".SH DESCRIPTION", manual.prose(ACCESS)],
        *sections,
        [".SH EXAMPLES", *_example(API_EXAMPLE)],
        _see("omm-serve (1)", "omm-config (5)"),
    )


def _routes(protocol: str, about: str, paths: Mapping[str, Mapping[str, Any]]) -> Page:
    rows = [
        (f"{method.upper()} {path}", f"{_sentence(operation['summary'])} {operation['description']}".rstrip())
        for path, methods in paths.items()
        for method, operation in methods.items()
        if protocol in operation["tags"]
    ]
    return [f".SH {protocol.upper()}", manual.prose(about), *manual.terms(rows)]


def _sentence(summary: str) -> str:
    return summary.replace("`", "").rstrip(".") + "."


def configuration() -> str:
    """The page omm-config(5)."""
    rows = []
    for name, field in config.SETTINGS.items():
        default = usage.default_text(field).replace("`", "")
        names = " or ".join(config.env_names(field))
        flag = "" if name in usage.CLIENT_ONLY else f" Flag: {usage.flag_name(name)}."
        usual = f" Default: {default}." if default else ""
        rows.append((name, f"{_sentence(field.metadata['help'])}{usual} Variable: {names}.{flag}"))
    return manual.joined(
        manual.head("omm-config", "settings of omm", 5),
        [".SH DESCRIPTION", manual.prose(FILE_FORMAT)],
        [".SH SETTINGS", *manual.terms(rows)],
        [
            ".SH MODELS",
            *_paragraphs(MODEL_TABLES),
            *manual.terms((name, row.help) for name, row in tables.MORE.items()),
        ],
        [".SH ALIASES", *_paragraphs(ALIASES)],
        [".SH EXAMPLES", *_example(FILE_EXAMPLE)],
        _see("omm-config (1)", "omm-modelfile (5)", "omm-serve (1)"),
    )


def modelfile() -> str:
    """The page omm-modelfile(5)."""
    return manual.joined(
        manual.head("omm-modelfile", "how a model is made", 5),
        [".SH DESCRIPTION", manual.prose(MODELFILE)],
        [".SH INSTRUCTIONS", *manual.terms(INSTRUCTIONS)],
        [".SH PARAMETERS", *manual.terms(OPTIONS.items())],
        [".SH EXAMPLES", *_example(MODELFILE_EXAMPLE)],
        _see("omm-create (1)", "omm-show (1)"),
    )


def _example(lines: Sequence[str]) -> Page:
    return [".EX", *map(manual.plain, lines), ".EE"]


def _paragraphs(texts: Sequence[str]) -> Page:
    return "\n.PP\n".join(map(manual.prose, texts)).split("\n")


def _see(*pages: str) -> Page:
    return [".SH SEE ALSO", *(f".BR {manual.plain(page)} ," for page in pages), ".BR omm (1)"]
