"""A request's `format` → a grammar for the engine, in llguidance's JSON form."""

from __future__ import annotations

import json

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
    guided = {"x-guidance": {"whitespace_pattern": _WHITESPACE}, **schema}
    return json.dumps({"grammars": [{"json_schema": guided}]})
