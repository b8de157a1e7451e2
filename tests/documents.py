"""The document of an API, read from its template."""

from typing import Any

from tests.synthesis import Json, only


def document_of(template: Json) -> Json:
    """The only one."""
    found: Json = only(template, "AWS::ApiGateway::RestApi")["Body"]
    return found


def operations_of(template: Json) -> dict[str, Json]:
    """`METHOD /path` -> what the document says of it."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document_of(template)["paths"].items()
        for method, operation in methods.items()
    }


def operation_of(template: Json) -> Json:
    """The only operation."""
    (operation,) = operations_of(template).values()
    return operation


def integrations_of(template: Json) -> dict[str, Json]:
    """`METHOD /path` -> its integration."""
    return {name: operation["x-amazon-apigateway-integration"] for name, operation in operations_of(template).items()}


def integration_of(template: Json) -> Json:
    """The only integration."""
    (integration,) = integrations_of(template).values()
    return integration


def parameters_of(operation: Json, where: str) -> dict[str, Any]:
    """Name of each parameter in `path` or `header` -> whether it has to be there."""
    return {each["name"]: each["required"] for each in operation.get("parameters", []) if each["in"] == where}
