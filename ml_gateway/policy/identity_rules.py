"""Rules about APIs whose callers an authorizer tells apart: the key that counts is the one that it says."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.api_documents import INTEGRATION, api_of, apis_with_a_document, lets_invoke, of_type, operations
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place, Template

AUTHORIZER: Final = "x-amazon-apigateway-authorizer"
KEY_SOURCE: Final = "x-amazon-apigateway-api-key-source"
IDENTITY_SOURCE: Final = "method.request.header.X-Api-Key"
CLIENT_HEADER: Final = "integration.request.header.X-Client-Id"

LONGEST_KEPT: Final = 3600
"""Seconds, of API Gateway (API reference, Authorizer)."""

_OUTPUT: Final = "API Gateway Developer Guide, Choose an API key source; docs/identity.md"


def _schemes(api: Place) -> dict[str, Place]:
    return api["Body"]["components"]["securitySchemes"].entries()


def _authorizers(template: Template) -> Iterator[Place]:
    """How documents ask a function, in their schemes."""
    for api in apis_with_a_document(template):
        for scheme in _schemes(api).values():
            if scheme.entries(AUTHORIZER):
                yield scheme[AUTHORIZER]


def _identified_operations(template: Template) -> Iterator[Place]:
    """The operations of documents that take the key from an authorizer, or that have one."""
    asked = {authorizer.logical_id for authorizer in _authorizers(template)}
    for operation in operations(template):
        if operation.logical_id in asked or api_of(operation)["Body"][KEY_SOURCE].text() == "AUTHORIZER":
            yield operation


@house_rule(
    "OperationsAskTheAuthorizer",
    "where callers are told apart by an authorizer each way in of an operation asks it",
    subjects=_identified_operations,
    source=_OUTPUT,
)
def operations_ask_the_authorizer(operation: Place) -> Iterator[Finding]:
    schemes = _schemes(api_of(operation))
    asking = {name for name, scheme in schemes.items() if scheme.entries(AUTHORIZER)}
    for way in operation["security"].items():
        if not asking & way.entries().keys():
            yield way.wrong("asks no authorizer of the document")


@house_rule(
    "AuthorizersNameTheKey",
    "an authorizer is asked by what the edge sends alone, X-Api-Key, and the key that counts is the one that it says",
    subjects=_authorizers,
    source=_OUTPUT,
)
def authorizers_name_the_key(authorizer: Place) -> Iterator[Finding]:
    scheme = _schemes(api_of(authorizer))[str(authorizer.path[-2])]
    yield from scheme["x-amazon-apigateway-authtype"].must_be("custom")
    yield from authorizer["type"].must_be("request")
    yield from authorizer["identitySource"].must_be(IDENTITY_SOURCE)
    kept = authorizer["authorizerResultTtlInSeconds"]
    if not 0 <= kept.number() <= LONGEST_KEPT:
        yield kept.wrong(f"is not 0 to {LONGEST_KEPT}")
    yield from api_of(authorizer)["Body"][KEY_SOURCE].must_be("AUTHORIZER")


@house_rule(
    "AuthorizersMayBeAsked",
    "the function of an authorizer lets this API invoke it",
    subjects=_authorizers,
    source="API Gateway Developer Guide, Configure a Lambda authorizer; without it each request is a 500",
)
def authorizers_may_be_asked(authorizer: Place) -> Iterator[Finding]:
    uri = authorizer["authorizerUri"]
    if not lets_invoke(uri):
        yield uri.wrong("is a function that does not permit this API to invoke it")


@house_rule(
    "BackendsAreToldTheClient",
    "where an authorizer knows the client a proxy sends its name as X-Client-Id, whatever the caller wrote there",
    subjects=_identified_operations,
    source="docs/identity.md",
)
def backends_are_told_the_client(operation: Place) -> Iterator[Finding]:
    integration = operation[INTEGRATION]
    if of_type(integration, "http_proxy"):
        yield from integration["requestParameters"][CLIENT_HEADER].must_be("context.authorizer.client")


IDENTITY_RULES: Final = (
    operations_ask_the_authorizer,
    authorizers_name_the_key,
    authorizers_may_be_asked,
    backends_are_told_the_client,
)
