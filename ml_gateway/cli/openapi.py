"""`ml-gateway openapi`: the gateway's API as a document, for portals and generators of clients."""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ml_gateway.cli.files import usual_file
from ml_gateway.conflicts import ConfigError
from ml_gateway.credentials import KEY_FORMS, KeyForm
from ml_gateway.design import GatewayDesign, Identified, Keyed
from ml_gateway.errors import PAUSED, Dialect, GatewayError, error_body, gateway_errors
from ml_gateway.reading import load
from ml_gateway.rules import checked
from ml_gateway.serving import Route, ServedModel
from ml_gateway.serving.paths import in_url
from ml_gateway.wording import shown

Json = dict[str, Any]

_WITH_BODY: Final = ("PATCH", "POST", "PUT")
_OF_THE_BACKEND: Final = "The model's own answer."


def openapi(*, file: Path | None = None, server: str | None = None) -> int:
    """Print the API that callers see as an OpenAPI 3.1 document, in JSON: what to call and with which key, and what the
    gateway itself answers. What models take and give is theirs, and is not described.

    Parameters
    ----------
    file
        The file to read; by default the one that cdk.json names, or gateway.yaml.
    server
        The address, such as the output BaseUrl; by default the domain name of the file, if it has one.
    """
    if server is not None and not re.match(r"https?://[^/\s]", server):
        print(f"--server {shown(server)} is no address; write one such as https://ml.acme.com", file=sys.stderr)
        return 1
    try:
        design = checked(load(file or usual_file()).config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(render_openapi(design, server=server), indent=2))
    return 0


def render_openapi(design: GatewayDesign, *, server: str | None = None) -> Json:
    """The document of the API that callers see, through the distribution."""
    paths: dict[str, Json] = {}
    for name, model in design.models.items():
        for route in model.routes:
            operation = _operation(name, model.served, route, design)
            paths.setdefault(in_url(route.path), {})[route.http_method.lower()] = operation
    forms = design.callers.key_forms if isinstance(design.callers, Keyed) else ()
    schemes = {form: _scheme(form, design) for form in forms}
    return {
        "openapi": "3.1.0",
        "info": {"title": design.name, "description": design.description, "version": design.stage},
        "servers": [_server(design, server)],
        "tags": [{"name": name} for name in design.models],
        "paths": paths,
        **(
            {"components": {"securitySchemes": schemes}, "security": [{form: []} for form in schemes]}
            if schemes
            else {}
        ),
    }


def _server(design: GatewayDesign, server: str | None) -> Json:
    if server is None and design.edge.domain:
        server = f"https://{design.edge.domain.name}"
    if server is not None:
        return {"url": server.rstrip("/")}
    domain = {"default": "d111111abcdef8.cloudfront.net", "description": "the output DistributionDomainName"}
    return {"url": "https://{distribution}", "variables": {"distribution": domain}}


def _scheme(form: KeyForm, design: GatewayDesign) -> Json:
    if form == "bearer":
        issuers = ", ".join(issuer.url for issuer in design.issuers.values())
        return {
            "type": "http",
            "scheme": "bearer",
            **({"description": f"A key, or a token (JWT) of {issuers}."} if issuers else {}),
        }
    return {"type": "apiKey", "in": "header", "name": KEY_FORMS[form]}


def _operation(name: str, model: ServedModel, route: Route, design: GatewayDesign) -> Json:
    parameters = [
        {"name": variable, "in": "path", "required": True, "schema": {"type": "string"}} for variable in route.variables
    ]
    body = {"content": {_type(model): {}}, "required": True}
    return {
        "operationId": _operation_id(route),
        "tags": [name],
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": body} if route.http_method in _WITH_BODY else {}),
        "responses": {**_answers(model, route, design), **_errors(design)},
    }


def _operation_id(route: Route) -> str:
    """Of letters, digits and underscores, as generators make names of it; as unique as method and path."""
    spelled = "".join(each if each.isalnum() else "_" for each in route.path)
    return route.http_method.lower() + spelled.rstrip("_")


def _type(model: ServedModel) -> str:
    return "*/*" if model.protocol == "raw" else "application/json"


def _answers(model: ServedModel, route: Route, design: GatewayDesign) -> Json:
    if model.paused:
        return {str(PAUSED.status): _error([PAUSED], design.dialect)}
    if route.answer is not None:
        answer = {"application/json": {"example": json.loads(route.answer)}}
        return {"200": {"description": "The gateway's own answer.", "content": answer}}
    types = [_type(model), *(["text/event-stream"] if route.streams and model.protocol != "raw" else [])]
    return {"200": {"description": _OF_THE_BACKEND, "content": {each: {} for each in types}}}


def _errors(design: GatewayDesign) -> Mapping[str, Json]:
    """What the gateway itself refuses, by status; nothing where API Gateway's own answers remain."""
    if design.errors is None:
        return {"default": {"description": "An answer of API Gateway, or of the model."}}
    by_status: dict[int, list[GatewayError]] = {}
    for error in gateway_errors(identified=isinstance(design.callers, Identified)):
        if not error.keeps_status and (design.clients or error.status != 401):
            by_status.setdefault(error.status, []).append(error)
    return {str(status): _error(by_status[status], design.errors) for status in sorted(by_status)}


def _error(errors: list[GatewayError], dialect: Dialect) -> Json:
    examples = {error.response_type: {"value": json.loads(error_body(dialect, error))} for error in errors}
    said = dict.fromkeys(error.message for error in errors)
    return {"description": "; ".join(said), "content": {"application/json": {"examples": examples}}}
