"""A request's `format` → a grammar for the engine, in llguidance's JSON form."""

from __future__ import annotations

import json
from typing import Any

from omm.errors import InvalidRequest
from omm.types import JSONSchema

# NOTE: without a bound a small model may write blanks for ever, which any JSON grammar allows.
_WHITESPACE = r"[ \n]{0,20}"


def grammar(wanted: str | JSONSchema | None) -> str | None:
    """The grammar, or None when the output is free.

    Raises:
        InvalidRequest: neither "json" nor a schema. Whether the schema compiles shows when the request starts.
    """
    if wanted is None or wanted == "":
        return None
    if wanted == "json":
        return _json_grammar({"type": "object"})
    if isinstance(wanted, dict):
        return _json_grammar(wanted)
    raise InvalidRequest(
        f'invalid format: {json.dumps(wanted)}; expected "json" or a valid JSON Schema object', param="format"
    )


def _json_grammar(schema: JSONSchema) -> str:
    guided = {"x-guidance": {"whitespace_pattern": _WHITESPACE}, **_closed(schema)}
    return json.dumps({"grammars": [{"json_schema": guided}]})


def _closed(schema: Any) -> Any:
    """Let objects have just the properties they name, where the schema does not say otherwise.

    NOTE: JSON Schema allows any others, and a model that may invent some does. llama.cpp's grammars do the same.
    Schemas that are combined with `allOf` are left alone, since each part names only some of the properties.
    """
    if not isinstance(schema, dict) or "allOf" in schema:
        return schema
    closed = {key: _closed_part(key, value) for key, value in schema.items()}
    if "properties" in schema and not _OPENERS & schema.keys():
        closed["additionalProperties"] = False
    return closed


_OPENERS = {"additionalProperties", "unevaluatedProperties", "patternProperties", "anyOf", "oneOf", "$ref", "if"}


def _closed_part(key: str, value: Any) -> Any:
    if key in ("properties", "$defs", "definitions") and isinstance(value, dict):
        return {name: _closed(part) for name, part in value.items()}
    if key in ("anyOf", "oneOf", "prefixItems") and isinstance(value, list):
        return [_closed(part) for part in value]
    return _closed(value) if key == "items" else value
