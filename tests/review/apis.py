"""Small APIs, each one document."""

import html
from typing import Any

from ml_gateway import naming
from tests.review.assemblies import resource
from tests.synthesis import Json

KEY: Json = {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
EMBED = ("POST /embed/v1/embeddings", "GET /embed/v1/models", "GET /embed/v1/models/embed")


def operation(uri: Any = "https://model.example.com", /, **integration: Any) -> Json:
    """An operation that asks for a key."""
    proxy = {"type": "http_proxy", "httpMethod": "POST", "uri": uri, "timeoutInMillis": 29_000, **integration}
    return {"security": [{"api_key": []}], "x-amazon-apigateway-integration": proxy}


def api(operations: dict[str, Json], /, *, models: Any = None, served_as: Any = None, **document: Any) -> Json:
    """A template's resources with this API: `METHOD /path` -> operation."""
    paths: Json = {}
    for name, content in operations.items():
        method, path = name.split(" ")
        paths.setdefault(path, {})[method.lower()] = content
    body = {"openapi": "3.0.1", "paths": paths, "components": {"securitySchemes": KEY}, **document}
    return with_body(body, models=models, served_as=served_as)


def with_body(body: Any, *, models: Any = None, served_as: Any = None) -> Json:
    said = {naming.MODELS_METADATA: models, naming.SERVED_AS_METADATA: served_as}
    metadata = {name: value for name, value in said.items() if value is not None}
    return {"Api": resource("AWS::ApiGateway::RestApi", Body=body) | {"Metadata": metadata}}


def answered(*names: str, **others: Json) -> dict[str, Json]:
    """An operation for each `METHOD /path`."""
    return {name: operation() for name in names} | others


def rows(comment: str) -> list[str]:
    """Of the table of an API, without the tags that a browser shows."""
    table = comment.partition("| | of the API |")[2].partition("\n\n")[0]
    return [plain(line) for line in table.splitlines()[2:]]


def lost(comment: str) -> list[str]:
    """What needs the label, without the stack."""
    return [plain(line).partition("): ")[2] for line in comment.splitlines() if line.startswith("* ")]


def plain(line: str) -> str:
    return html.unescape(line.replace("<code>", "").replace("</code>", ""))
