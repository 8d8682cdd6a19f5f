"""Check data files for the corpus: `python check_families.py families_home.py`."""

from __future__ import annotations

import importlib
import re
import string
import sys
from pathlib import Path

NAMED = {"t", "n", "w", "C", "h", "c", "sum", "diff", "prod"}
KINDS = set(
    "city person name thing topic task phrase email date time file word int small number color bool language currency "
    "year size level unit".split()
)


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def kind_fault(kind: str) -> str:
    if kind[:1] in "=~":
        options = kind[1:].split(",")
        return "" if len(options) > 1 and all(o.strip() == o and o for o in options) else f"bad list {kind!r}"
    return "" if kind in KINDS else f"unknown kind {kind!r}"


def family_faults(family) -> list[str]:
    out = [f for spec in family.parameters if (f := kind_fault(spec.partition(":")[2]))]
    wanted = {str(i) for i in range(len(family.parameters))}
    out += [f"request {r!r}" for r in family.requests.split("|") if fields(r) != wanted or r != r.strip()]
    out += [f"result {r!r}" for r in family.result.split("|") if fields(r) - wanted - NAMED]
    if fields(family.answer) - wanted - NAMED - {"R"}:
        out.append(f"answer {family.answer!r}")
    out += [f"name {n!r}" for n in family.names.split("|") if not re.fullmatch(r"[A-Za-z][\w.-]*", n)]
    return [f"{family.names.split('|')[0]}: {fault}" for fault in out]


def json_faults(module) -> list[str]:
    known = set(module.FIELDS) | set(
        "name age city color email item quantity price date time job pet title country year available".split()
    )
    out = [f"field {n}: {f}" for n, (_, kind, _) in module.FIELDS.items() if (f := kind_fault(kind))]
    out += [f"sentence {s!r}" for s in split(module.SENTENCES) if fields(s) - known or not fields(s)]
    out += [f"ask {s!r}" for s in split(module.ASKS) if fields(s) - {"keys", "text", "schema"} or "{text}" not in s]
    return out + [f"system {s!r}" for s in split(module.SYSTEMS) if fields(s) - {"keys", "schema"}]


def split(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("|") if part.strip()]


def word_faults(module) -> list[str]:
    out = [f"parameter {n}: {f}" for n, kind in module.PARAMETERS.items() if (f := kind_fault(kind))]
    out += [w for w in (*module.VERBS, *module.NOUNS) if not re.fullmatch(r"[a-z][a-z_]*", w)]
    known = {"do", "Do", "name", "list", "and", "eq"}
    out += [f"request {r!r}" for r in module.REQUESTS if fields(r) - known or not fields(r) & {"list", "and", "eq"}]
    out += [f"value request {r!r}" for r in module.VALUE_REQUESTS if fields(r) - {"do", "Do", "name", "v"}]
    out += [f"pair {r!r}" for r in module.PAIRS if fields(r) != {"k", "v"}]
    return out + [f"description {r!r}" for r in module.DESCRIPTIONS if fields(r) - {"do", "Do", "names"}]


def main() -> None:
    module = importlib.import_module(Path(sys.argv[1]).stem)
    if hasattr(module, "FAMILIES"):
        faults = [fault for family in module.FAMILIES for fault in family_faults(family)]
        print(len(module.FAMILIES), "families,", sum(len(f.requests.split("|")) for f in module.FAMILIES), "requests")
    elif hasattr(module, "FIELDS"):
        faults = json_faults(module)
        counts = [len(module.FIELDS), *(len(split(t)) for t in (module.SENTENCES, module.ASKS, module.SYSTEMS))]
        print("fields, sentences, asks, systems:", counts)
    else:
        faults = word_faults(module)
        lists = ("VERBS", "NOUNS", "PARAMETERS", "DESCRIPTIONS", "REQUESTS", "VALUE_REQUESTS", "PAIRS")
        print({name: len(getattr(module, name)) for name in lists})
    print(*faults, sep="\n")


if __name__ == "__main__":
    main()
