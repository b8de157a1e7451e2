"""Rules about the integrations in an API's document: how each operation reaches what answers it."""

import re
from collections.abc import Iterator
from typing import Final

from ml_gateway.credentials import carries_a_credential, query_key_with_a_credential
from ml_gateway.policy.api_documents import (
    VARIABLE,
    api_of,
    declared,
    integrations,
    lets_invoke,
    named,
    of_type,
    operation_of,
)
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_distributions import ORIGIN_HEADERS
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import SECRET, Place

_EXTENSION: Final = "API Gateway Developer Guide, x-amazon-apigateway-integration object"
_ADR: Final = "docs/adr/0018-the-api-is-one-document.md"

NEEDED: Final = {
    "http_proxy": ("httpMethod", "uri"),
    "http": ("httpMethod", "uri", "responses"),
    "aws_proxy": ("httpMethod", "uri"),
    "aws": ("httpMethod", "uri", "responses"),
    "mock": ("requestTemplates", "responses"),
}
"""The types of integrations -> what each has to say."""

SHORTEST_MILLISECONDS: Final = 50
LONGEST_MILLISECONDS: Final = 900_000

_MAPPED: Final = re.compile(r"(?:method|integration)\.request\.(path|header)\.(.+)")
_SENT: Final = re.compile(r"integration\.request\.(header|querystring)\.(.+)")
_REFERRED: Final = re.compile(rf"'([\w-]+ )?{SECRET.pattern}'|'replaced-by-gateway'|(method|context)\..+")
"""A secret, which a scheme may stand before; what stands for a credential of ours; what comes from the request."""
_AS_TEXT: Final = "CONVERT_TO_TEXT"


@house_rule(
    "IntegrationsAreComplete",
    "an integration has a type that API Gateway knows, and all that the type needs",
    subjects=integrations,
    source=_EXTENSION,
)
def integrations_are_complete(integration: Place) -> Iterator[Finding]:
    kind = integration["type"].text().lower()
    if kind not in NEEDED:
        yield integration["type"].wrong(f"is none of {', '.join(NEEDED)}")
    connection = integration.get("connectionType")
    linked = ("connectionId",) if connection is not None and connection.text() == "VPC_LINK" else ()
    for key in (*NEEDED.get(kind, ()), *linked):
        if not integration[key].value or not named(integration[key]):
            yield integration[key].wrong("is empty")


@house_rule(
    "AnswersAreDeclared",
    "each answer of an integration, and each header of it, is one that its operation declares",
    subjects=integrations,
    source="API Gateway Developer Guide, Set up a method response: an answer without one is a 500",
)
def answers_are_declared(integration: Place) -> Iterator[Finding]:
    responses = operation_of(integration)["responses"].entries()
    for answer in integration.entries("responses").values():
        status = answer["statusCode"]
        if status.text() not in responses:
            yield status.wrong("is none of the operation's responses")
            continue
        sent = {name.removeprefix("method.response.header.") for name in answer.entries("responseParameters")}
        if missing := sorted(sent - responses[status.text()].entries("headers").keys()):
            yield answer.wrong(f"sends {', '.join(missing)}, which the operation does not declare")


@house_rule(
    "MappingsNameWhatIsDeclared",
    "an integration maps parameters that its operation declares, and every variable of its URI",
    subjects=integrations,
    source="API Gateway Developer Guide, Mapping data between method requests and integration requests",
)
def mappings_name_what_is_declared(integration: Place) -> Iterator[Finding]:
    mappings = integration.entries("requestParameters")
    taken = [(source, match) for source in mappings.values() if (match := _MAPPED.fullmatch(source.text()))]
    known = {where: declared(operation_of(integration), where) for where in {match[1] for _, match in taken}}
    for source, match in taken:
        where, name = match.groups()
        if name not in known[where]:
            yield source.wrong(f"is a {where} parameter that the operation does not declare")
    filled = {found[2] for target in mappings if (found := _MAPPED.fullmatch(target)) and found[1] == "path"}
    uri = integration.get("uri")
    variables = set(VARIABLE.findall(named(uri))) if uri else set()
    if wrong := sorted(variables ^ filled):
        yield integration.wrong(f"has {', '.join(wrong)} in its uri alone, or in its requestParameters alone")


@house_rule(
    "MappingsSpellHeadersAsTheyCome",
    "mappings name headers as CloudFront spells them after a function: X-Amzn-Sagemaker-Target-Model",
    subjects=integrations,
    source="CloudFront Developer Guide, CloudFront Functions event structure; mappings tell capitals apart",
)
def mappings_spell_headers_as_they_come(integration: Place) -> Iterator[Finding]:
    for target, source in integration.entries("requestParameters").items():
        for said in (target, source.text()):
            match = _MAPPED.fullmatch(said)
            if match and match[1] == "header" and match[2] != _spelled(match[2]):
                yield source.wrong(f"maps {match[2]}, which comes as {_spelled(match[2])}")


def _spelled(header: str) -> str:
    return "-".join(word.capitalize() for word in header.split("-"))


@house_rule(
    "CredentialsEndAtTheGateway",
    "whatever a proxy forwards, the gateway's own credentials are replaced by fixed values",
    subjects=integrations,
    source="docs/credentials.md",
)
def credentials_end_at_the_gateway(integration: Place) -> Iterator[Finding]:
    if of_type(integration, "http_proxy"):
        for header in ORIGIN_HEADERS:
            value = integration["requestParameters"][f"integration.request.header.{_spelled(header)}"]
            if not re.fullmatch("'.+'", value.text(), re.DOTALL):
                yield value.wrong("is no fixed value")


@house_rule(
    "SecretsOfBackendsAreReferences",
    "what a backend is sent under the name of a credential is a reference to a secret, and no URL holds one",
    subjects=integrations,
    source="docs/credentials.md; CloudFormation User Guide, Get values stored in other services",
)
def secrets_of_backends_are_references(integration: Place) -> Iterator[Finding]:
    for target, source in integration.entries("requestParameters").items():
        match = _SENT.fullmatch(target)
        if match and _is_of_a_credential(*match.groups()) and not _REFERRED.fullmatch(source.text()):
            yield source.wrong("is a credential in clear")
    if of_type(integration, "http_proxy", "http"):
        uri = integration["uri"]
        if query_key_with_a_credential(named(uri).partition("?")[2]):
            yield uri.wrong("has a credential in its query")
        if re.match(r"[^/?#]*//[^/?#]*@", named(uri)):
            yield uri.wrong("has a user name or a password")


def _is_of_a_credential(where: str, name: str) -> bool:
    return carries_a_credential(name) if where == "header" else query_key_with_a_credential(f"{name}=x") is not None


@house_rule(
    "IntegrationsTimeOut",
    f"an integration says how long it waits, {SHORTEST_MILLISECONDS} to {LONGEST_MILLISECONDS} ms, and only a proxy "
    "streams",
    subjects=integrations,
    source="API Gateway Developer Guide, Quotas; Stream the integration response for your proxy integrations",
)
def integrations_time_out(integration: Place) -> Iterator[Finding]:
    if not of_type(integration, "mock"):
        timeout = integration["timeoutInMillis"]
        if not SHORTEST_MILLISECONDS <= timeout.number() <= LONGEST_MILLISECONDS or timeout.number() % 1:
            yield timeout.wrong(f"is not {SHORTEST_MILLISECONDS} to {LONGEST_MILLISECONDS}")
    mode = integration.get("responseTransferMode")
    if mode is not None:
        yield from mode.must_be("BUFFERED", "STREAM")
        if mode.text() == "STREAM" and not of_type(integration, "http_proxy", "aws_proxy"):
            yield mode.wrong("is for proxies alone")


@house_rule(
    "TemplatesGetText",
    "where all bodies are binary a mock, and whatever answers by a template, converts to text",
    subjects=integrations,
    source="CodeGenieApp/serverless-express#58; API Gateway Developer Guide, Content type conversions",
)
def templates_get_text(integration: Place) -> Iterator[Finding]:
    binary = api_of(integration).get("BinaryMediaTypes")
    if binary is None or not binary.texts():
        return
    mock = of_type(integration, "mock")
    if mock:
        yield from integration["contentHandling"].must_be(_AS_TEXT)
    for answer in integration.entries("responses").values():
        if mock or answer.entries("responseTemplates"):
            yield from answer["contentHandling"].must_be(_AS_TEXT)


@house_rule(
    "IntegrationsMayCall",
    "what calls AWS has a role, or is a function that lets this API invoke it",
    subjects=integrations,
    source="API Gateway Developer Guide, API Gateway permissions model for invoking an API's backends",
)
def integrations_may_call(integration: Place) -> Iterator[Finding]:
    role = integration["credentials"] if of_type(integration, "aws") else integration.get("credentials")
    if role is not None and not named(role):
        yield role.wrong("is empty")
    if role is None and of_type(integration, "aws_proxy") and not lets_invoke(integration["uri"]):
        yield integration["uri"].wrong("is a function that does not permit this API to invoke it")


INTEGRATION_RULES: Final = (
    integrations_are_complete,
    answers_are_declared,
    mappings_name_what_is_declared,
    mappings_spell_headers_as_they_come,
    credentials_end_at_the_gateway,
    secrets_of_backends_are_references,
    integrations_time_out,
    templates_get_text,
    integrations_may_call,
)
