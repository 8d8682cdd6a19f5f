"""The OpenAPI document, made of the route table and the shapes; and the pages that show it, which need no network.

Source: OpenAPI specification 3.1.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import falcon
import msgspec

import omm
from omm.api.errors import protocol_of, sent_status
from omm.api.operations import ERRORS, OPERATIONS, SSE, Operation, Query
from omm.api.services import Services
from omm.api.wire import send_json

METHODS = ("get", "post", "put", "patch", "delete", "head")
READ_ERRORS = (400, 401, 403, 404, 405, 500, 503)
BODY_ERRORS = (*READ_ERRORS, 409, 413, 415, 502)
PHRASES = {
    200: "Success",
    201: "Created",
    400: "The request is wrong, or asks for what the model cannot do",
    401: "The API key is missing or wrong",
    403: "The sender is not allowed to",
    404: "There is no such thing",
    405: "The route is not for this method",
    409: "The request contradicts what is there",
    413: "The body is too large",
    415: "The body is compressed in an unknown way",
    500: "The server failed",
    501: "The server keeps no responses",
    502: "Another server failed",
    503: "The server is busy",
    529: "The server is busy",
}
PROTOCOLS = {"ollama": "Ollama", "openai": "OpenAI", "anthropic": "Anthropic", "ollm": "Native"}
_PARAMETER = re.compile(r"\{([a-z_]+)(:path)?\}")
# msgspec names shapes of one name by their modules.
_QUALIFIED = re.compile(r"omm\.api\.([a-z_.]+?)(?:\.schema)?\.([A-Z]\w*)")

# --- the document -----------------------------------------------------------------------------------------------


def document(routes: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Describe every public route; paths and methods come from the table, shapes from `operations`."""
    described = list(_described(routes))
    types = list({id(kind): kind for _, _, _, operation in described for kind in _types(operation)}.values())
    types += [kind for kind in ERRORS.values() if kind not in types]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    known = {id(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for method, path, resource, operation in described:
        entry = _Writer(known, method, path).operation(resource, operation)
        paths.setdefault(path, {})[method] = entry
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "omm",
            "version": omm.__version__,
            "summary": "Language models on your own machine",
            "description": "The APIs of Ollama, OpenAI and Anthropic, and native routes, at one address.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server"}],
        "tags": [{"name": name} for name in ("omm", *PROTOCOLS.values())],
        # A server without a key takes requests without one.
        "security": [{}, {"bearer": []}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
        },
    }
    text = msgspec.json.encode(whole).decode()
    found: dict[str, Any] = msgspec.json.decode(_QUALIFIED.sub(_short_name, text))
    return found


def _short_name(match: re.Match[str]) -> str:
    """`ollama.ChatBody` of `omm.api.ollama.schema.ChatBody`."""
    return f"{match[1]}.{match[2]}"


def _described(routes: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str, Any, Operation]]:
    """Method, path as OpenAPI writes it, resource and operation of every route that has one."""
    for template, resource in routes:
        path = _PARAMETER.sub(r"{\1}", template)
        for method in METHODS:
            operation = OPERATIONS.get((method.upper(), path))
            if operation is not None and hasattr(resource, f"on_{method}"):
                yield method, path, resource, operation


def _types(operation: Operation) -> list[Any]:
    kinds = (operation.request, operation.reply, operation.anthropic, *operation.events)
    return [kind for kind in kinds if kind is not None and kind is not bytes]


class _Writer:
    """Writes one operation; `known` has the schemas by the identities of their types."""

    def __init__(self, known: dict[int, dict[str, Any]], method: str, path: str) -> None:
        self._known, self._method, self._path = known, method, path

    def operation(self, resource: Any, operation: Operation) -> dict[str, Any]:
        """Its entry in the document."""
        summary, _, more = operation.about.partition(". ")
        entry: dict[str, Any] = {
            "operationId": re.sub(r"[^a-z0-9]+", "_", f"{self._method}{self._path}".lower()).strip("_"),
            "summary": summary,
            "description": more,
            "tags": [PROTOCOLS.get(resource.__module__.split(".")[2], "omm")],
            "parameters": [*self._path_parameters(), *map(_query, operation.query)],
            "responses": self._responses(operation),
        }
        if operation.request is not None:
            content: dict[str, Any] = {"schema": self._schema(operation.request)}
            if operation.examples:
                content["examples"] = {name: {"value": value} for name, value in operation.examples.items()}
            entry["requestBody"] = {"required": True, "content": {operation.request_media: content}}
        return entry

    def _schema(self, kind: Any) -> dict[str, Any]:
        return {} if kind is bytes else self._known[id(kind)]

    def _piece(self, operation: Operation) -> dict[str, Any]:
        """One line of a stream, or one event, which has JSON in its data; an error may take the place of any."""
        protocol = protocol_of(self._path)
        kinds = dict.fromkeys((*operation.events, ERRORS[protocol]))
        schema = {"anyOf": [self._schema(kind) for kind in kinds]}
        if operation.stream != SSE:
            return schema
        data: dict[str, Any] = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
        if protocol == "openai":
            data = {"anyOf": [{"const": "[DONE]"}, data]}
        return {"type": "object", "properties": {"event": {"type": "string"}, "data": data}, "required": ["data"]}

    def _path_parameters(self) -> list[dict[str, Any]]:
        return [
            {"name": match[1], "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for match in _PARAMETER.finditer(self._path)
        ]

    def _responses(self, operation: Operation) -> dict[str, Any]:
        content: dict[str, Any] = {}
        if operation.reply is not None:
            kinds = filter(None, (operation.reply, operation.anthropic))
            schemas = [self._schema(kind) for kind in kinds]
            content[operation.media] = {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}
        if operation.events:
            content[operation.stream] = {"schema": self._piece(operation)}
        replies = {
            str(status): {"description": PHRASES[status], **({"content": content} if content else {})}
            for status in operation.statuses
        }
        usual = READ_ERRORS if operation.request is None else BODY_ERRORS
        shape = {"application/json": {"schema": self._schema(ERRORS[protocol_of(self._path)])}}
        for status in sorted({*usual, *operation.errors}):
            told = sent_status(status, self._path)
            replies[str(told)] = {"description": PHRASES[told], "content": shape}
        return replies


def _query(query: Query) -> dict[str, Any]:
    return {"name": query.name, "in": "query", "description": query.about, "schema": {"type": query.kind}}


class DocumentResource:
    """GET /openapi.json."""

    def __init__(self, services: Services) -> None:
        self._document: dict[str, Any] | None = None

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """All public routes with their shapes."""
        if self._document is None:
            # NOTE: the table has this route too.
            self._document = document(importlib.import_module("omm.api.app").ROUTES)
        send_json(resp, self._document)


# --- pages ------------------------------------------------------------------------------------------------------

# No script or picture from anywhere else, no script in the page itself, and no page around it.
# Both libraries write styles into the page; Redoc searches in a worker of its own making.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' "
    "data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CACHE = "public, max-age=86400"
PACKAGE = "offapi"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>omm API</title>
<link rel="icon" href="data:,">
{head}
</head>
<body>
{body}
</body>
</html>
"""
SWAGGER_PAGE = _PAGE.format(
    head='<link rel="stylesheet" href="/docs/swagger.css">',
    body='<div id="swagger-ui"></div>\n<script src="/docs/swagger.js"></script><script src="/docs/start.js"></script>',
)
# What starts them: a page of this policy has no script in itself.
STARTS = {
    "/docs/start.js": """\
SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});
""",
    # NOTE: left alone, Redoc tells its maker who reads what.
    "/redoc/start.js": """\
import { init } from "/redoc/redoc.js";
init("/openapi.json", { disableTelemetry: true }, document.getElementById("redoc"));
""",
}
REDOC_PAGE = _PAGE.format(
    head="<style>body { margin: 0 }</style>",
    body='<div id="redoc"></div>\n<script type="module" src="/redoc/start.js"></script>',
)

# Assets by path: the file in the package that brings them, and their type.
ASSETS = {
    "/docs/swagger.css": ("swagger_style.css", "text/css; charset=utf-8"),
    "/docs/swagger.js": ("swagger_bundle.js", "text/javascript; charset=utf-8"),
    "/redoc/redoc.js": ("redoc.js", "text/javascript; charset=utf-8"),
}


def asset_path(name: str) -> Path:
    """Where a file of the package lies; the package itself is not imported, as it would read all of them."""
    return Path(str(importlib.metadata.distribution(PACKAGE).locate_file(f"{PACKAGE}/{name}")))


def _send_page(resp: falcon.Response, html: str) -> None:
    resp.content_type = "text/html; charset=utf-8"
    resp.set_header("content-security-policy", POLICY)
    resp.set_header("x-content-type-options", "nosniff")
    resp.set_header("referrer-policy", "no-referrer")
    resp.text = html


class SwaggerResource:
    """GET /docs: the routes, to read and to try."""

    def __init__(self, services: Services) -> None:
        """Needs nothing."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A page of Swagger UI."""
        _send_page(resp, SWAGGER_PAGE)


class RedocResource:
    """GET /redoc: the routes, to read."""

    def __init__(self, services: Services) -> None:
        """Needs nothing."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A page of Redoc."""
        _send_page(resp, REDOC_PAGE)


class StartResource:
    """GET /docs/start.js and /redoc/start.js."""

    def __init__(self, services: Services) -> None:
        """Needs nothing."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A few lines."""
        resp.content_type = "text/javascript; charset=utf-8"
        resp.text = STARTS[str(req.uri_template)]


class AssetResource:
    """GET the scripts and styles of both."""

    def __init__(self, services: Services) -> None:
        """Needs nothing."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """One file of the package."""
        name, kind = ASSETS[str(req.uri_template)]
        resp.content_type = kind
        resp.set_header("cache-control", CACHE)
        resp.set_header("x-content-type-options", "nosniff")
        resp.data = asset_path(name).read_bytes()


ROUTES = (
    ("/openapi.json", DocumentResource),
    ("/docs", SwaggerResource),
    ("/redoc", RedocResource),
    *((path, StartResource) for path in STARTS),
    *((path, AssetResource) for path in ASSETS),
)
