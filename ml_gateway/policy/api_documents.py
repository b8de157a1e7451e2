"""The documents of APIs as rules read them: their operations, and what is to be read from one."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from ml_gateway.policy.template import Place, Template
from ml_gateway.policy.tokens import reference, tokens_in

INTEGRATION: Final = "x-amazon-apigateway-integration"

METHODS: Final = frozenset(
    {"get", "put", "post", "delete", "options", "head", "patch", "trace", "x-amazon-apigateway-any-method"}
)
"""What is a method among the keys of a path (OpenAPI, Path Item Object; API Gateway's extension for all of them)."""

VARIABLE: Final = re.compile(r"\{([A-Za-z0-9_]+)\+?\}")


def apis_with_a_document(template: Template) -> list[Place]:
    """The properties of each API that is an OpenAPI document, or has no methods that are resources of its template."""
    of_methods = {reference(method["RestApiId"].value) for method in template.all_of("AWS::ApiGateway::Method")}
    apis = template.all_of("AWS::ApiGateway::RestApi")
    return [api for api in apis if api.get("Body") is not None or api.logical_id not in of_methods]


def operations(template: Template) -> Iterator[Place]:
    """Every operation of every document. Errors: a document that is not in the template, or has no paths."""
    for api in apis_with_a_document(template):
        paths = api["Body"]["paths"]
        if not paths.entries():
            raise paths.unreadable("is empty")
        for item in paths.entries().values():
            for key, value in item.entries().items():
                if key == "$ref":
                    raise value.unreadable("is elsewhere, which no check can read: write it out")
                if key in METHODS:
                    yield value


def integrations(template: Template) -> Iterator[Place]:
    """How each operation reaches its backend. Errors: an operation without one."""
    for operation in operations(template):
        yield operation[INTEGRATION]


def of_type(integration: Place, *types: str) -> bool:
    """API Gateway takes its types in any capitals."""
    return integration["type"].text().lower() in types


def operation_of(integration: Place) -> Place:
    """The operation that an integration is of."""
    return _item(integration).entry(integration.path[4])


def api_of(place: Place) -> Place:
    """The API whose document a place is in."""
    return place.template.properties(place.logical_id)


def _item(place: Place) -> Place:
    """What the document has at the path that a place is below."""
    return api_of(place)["Body"]["paths"].entry(path_of(place))


def path_of(operation: Place) -> str:
    """The path of an operation, such as `/fraud/{id}`."""
    return str(operation.path[3])


def declared(operation: Place, where: str) -> set[str]:
    """The names of the parameters that an operation, or its path, declares in `path` or `header`."""
    return {one["name"].text() for one in parameters(operation) if one["in"].text() == where}


def parameters(operation: Place) -> list[Place]:
    """What an operation declares, and what its path does for all of its methods."""
    lists = [found for place in (operation, _item(operation)) if (found := place.get("parameters")) is not None]
    return [one for each in lists for one in each.items()]


def named(place: Place) -> str:
    """What is named by a text or by tokens, each as one. Errors: a token that refers to nothing in the template."""
    for token in tokens_in(place.value):
        target = reference(token)
        if target is not None and not target.startswith("AWS::") and place.template.type_of(target) is None:
            raise place.unreadable(f"refers to {target}, which no check can read: write the value out")
    return as_text(place.value)


def lets_invoke(uri: Place) -> bool:
    """Whether the function that a URI of a document names permits that API to invoke it."""
    said = named(uri)
    return any(_permits(permission, said, uri) for permission in uri.template.all_of("AWS::Lambda::Permission"))


def _permits(permission: Place, uri: str, place: Place) -> bool:
    function = as_text(permission["FunctionName"].value)
    apis = {reference(token) for token in tokens_in(permission["SourceArn"].value)}
    return (
        f"/functions/{function}/" in uri
        and permission["Action"].value == "lambda:InvokeFunction"
        and permission["Principal"].value == "apigateway.amazonaws.com"
        and place.logical_id in apis
    )


def as_text(value: Any) -> str:
    """A text, or what it is joined from, with each token as one."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and isinstance(join := value.get("Fn::Join"), list) and join[:1] == [""]:
        return "".join(as_text(part) for part in join[1]) if isinstance(join[-1], list) else json.dumps(value)
    return json.dumps(value, sort_keys=True)
