"""Rules about an API that is an OpenAPI document: no other check reads what is in it.

API Gateway takes a document without any `security`, and cdk-nag, CloudFormation's validation and cfn-lint say nothing.
"""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.api_documents import (
    VARIABLE,
    api_of,
    apis_with_a_document,
    declared,
    named,
    operations,
    parameters,
    path_of,
)
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_distributions import API_KEY_HEADER
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place, Template
from ml_gateway.policy.tokens import reference

_ADR: Final = "docs/adr/0018-the-api-is-one-document.md"

# The property of a RestApi -> where the document says the same (API Gateway Developer Guide, OpenAPI extensions).
TWICE: Final = {
    "Name": ("info", "title"),
    "Description": ("info", "description"),
    "ApiKeySourceType": ("x-amazon-apigateway-api-key-source",),
    "BinaryMediaTypes": ("x-amazon-apigateway-binary-media-types",),
    "MinimumCompressionSize": ("x-amazon-apigateway-minimum-compression-size",),
    "Policy": ("x-amazon-apigateway-policy",),
}

BESIDE: Final = ("Authorizer", "GatewayResponse", "Method", "Model", "RequestValidator", "Resource")


@house_rule(
    "OperationsRequireKeys",
    "each operation of a document requires an API key, by a scheme that the document has",
    subjects=operations,
    source=_ADR,
)
def operations_require_keys(operation: Place) -> Iterator[Finding]:
    security = operation["security"]
    schemes = api_of(operation)["Body"]["components"]["securitySchemes"].entries()
    if not security.items():
        yield security.wrong("is empty, and lets everybody in")
    # Each is a way in.
    for way in security.items():
        if unknown := [name for name in way.entries() if name not in schemes]:
            yield way.wrong(f"names {', '.join(unknown)}, which is none of the document's schemes")
        elif not any(_wants_a_key(schemes[name]) for name in way.entries()):
            yield way.wrong("lets in who has no key")


def _wants_a_key(scheme: Place) -> bool:
    said = (scheme["type"].text(), scheme["in"].text(), scheme["name"].text().lower())
    return said == ("apiKey", "header", API_KEY_HEADER)


@house_rule(
    "VariablesAreDeclared",
    "the variables of an operation's path are its path parameters, each required",
    subjects=operations,
    source="API Gateway Developer Guide, Set up a method request; OpenAPI 3.0.1, Parameter Object",
)
def variables_are_declared(operation: Place) -> Iterator[Finding]:
    variables = set(VARIABLE.findall(path_of(operation)))
    if wrong := sorted(variables ^ declared(operation, "path")):
        yield operation.wrong(f"has {', '.join(wrong)} in its path alone, or in its parameters alone")
    for parameter in parameters(operation):
        if parameter["in"].text() == "path":
            yield from parameter["required"].must_be(True)


@house_rule(
    "DocumentsOverwrite",
    "a document replaces all that the API was, and a warning stops the deploy",
    subjects=apis_with_a_document,
    source="CloudFormation User Guide, AWS::ApiGateway::RestApi, Mode: by default removed paths stay",
)
def documents_overwrite(api: Place) -> Iterator[Finding]:
    yield from api["Mode"].must_be("overwrite")
    yield from api["FailOnWarnings"].must_be(True)


@house_rule(
    "SettingsStandTwice",
    "what an API is as a whole stands in its document and in its properties, alike",
    subjects=apis_with_a_document,
    source="aws/aws-sam-cli#2353: overwriting deletes what a document lacks, and nothing puts it back",
)
def settings_stand_twice(api: Place) -> Iterator[Finding]:
    document = api["Body"]
    api["Name"].text()
    for name, keys in TWICE.items():
        said, again = api.get(name), _at(document, keys)
        if (said.value if said else None) != (again.value if again else None):
            yield (said or again or api).wrong(f"differs from {'.'.join(keys)} of the document, or from {name}")
    types = api["EndpointConfiguration"]["Types"]
    yield from api["Parameters"]["endpointConfigurationTypes"].must_be(*types.texts()[:1])
    yield from types.must_be(["REGIONAL"])


def _at(document: Place, keys: tuple[str, ...]) -> Place | None:
    found: Place | None = document
    for key in keys:
        found = found.get(key) if found else None
    return found


def _parts_of_apis(template: Template) -> list[Place]:
    return [part for kind in BESIDE for part in template.all_of(f"AWS::ApiGateway::{kind}")]


@house_rule(
    "NothingStandsBesideTheDocument",
    "an API that is a document has no methods, gateway responses, models or authorizers that are resources",
    subjects=_parts_of_apis,
    source="aws/aws-cdk#28652: they vanish with the next change of the document",
)
def nothing_stands_beside_the_document(part: Place) -> Iterator[Finding]:
    named(part["RestApiId"])
    documents = {api.logical_id for api in apis_with_a_document(part.template)}
    if reference(part["RestApiId"].value) in documents:
        yield part["RestApiId"].wrong("is an API whose document would take it away: write it into the document")


DOCUMENT_RULES: Final = (
    operations_require_keys,
    variables_are_declared,
    documents_overwrite,
    settings_stand_twice,
    nothing_stands_beside_the_document,
)
