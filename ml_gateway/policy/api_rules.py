"""Rules about APIs, keys and secrets. They hold for all of an app, as cdk-nag's do: no template says whose one is."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from ml_gateway.policy.gateway_distributions import holds_a_gateway
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Finding, Place, Template
from ml_gateway.policy.tokens import is_token


def all_of(resource_type: str) -> Callable[[Template], list[Place]]:
    """The properties of every resource of that type."""
    return lambda template: template.all_of(resource_type)


def depends_on(resource: Place) -> list[str]:
    found = resource.get("DependsOn")
    if found is None:
        return []
    return [found.text()] if isinstance(found.value, str) else found.texts()


@house_rule(
    "MethodsRequireKeys",
    "every method of an API requires an API key",
    subjects=all_of("AWS::ApiGateway::Method"),
    source="docs/security.md; API Gateway Developer Guide, Usage plans and API keys",
)
def methods_require_keys(method: Place) -> Iterator[Finding]:
    yield from method["ApiKeyRequired"].must_be(True)


@house_rule(
    "ApiKeysAreSecrets",
    "the value of every API key is a reference to a secret by its name",
    subjects=all_of("AWS::ApiGateway::ApiKey"),
    source="docs/adr/0003-secrets-by-literal-name.md",
)
def api_keys_are_secrets(key: Place) -> Iterator[Finding]:
    yield from key["Value"].must_be_a_secret()


@house_rule(
    "PlansThrottle",
    "every usage plan has a rate limit and a burst limit",
    subjects=all_of("AWS::ApiGateway::UsagePlan"),
    source="API Gateway Developer Guide, Throttle requests to your REST APIs",
)
def plans_throttle(plan: Place) -> Iterator[Finding]:
    for limit in ("RateLimit", "BurstLimit"):
        if plan["Throttle"][limit].number() <= 0:
            yield plan["Throttle"][limit].wrong("lets nobody through")


def _all_keys_of_plans(template: Template) -> list[Place]:
    """The template as a whole, if keys join plans in it."""
    return [template.whole] if template.all_of("AWS::ApiGateway::UsagePlanKey") else []


@house_rule(
    "KeysJoinPlansInTurn",
    "of the keys that join usage plans each waits for another, and the first for none",
    subjects=_all_keys_of_plans,
    source="serverless/serverless#12065: keys that join at the same time are answered by 409",
)
def keys_join_plans_in_turn(whole: Place) -> Iterator[Finding]:
    keys = sorted(key.logical_id for key in whole.template.all_of("AWS::ApiGateway::UsagePlanKey"))
    unchained = [key for key in keys if not set(depends_on(whole.template.resource(key))) & set(keys)]
    for key in unchained[1:]:
        yield Finding(logical_id=key, location="DependsOn", found="names none of the other keys that join a plan")


@house_rule(
    "SecretsHaveNoValueInTheTemplate",
    "a secret's value is generated, and stands in no template",
    subjects=all_of("AWS::SecretsManager::Secret"),
    source="Secrets Manager User Guide, best practices; docs/security.md",
)
def secrets_have_no_value_in_the_template(secret: Place) -> Iterator[Finding]:
    value = secret.get("SecretString")
    if value is not None:
        yield value.wrong("is in the template")


def _readers_of_secrets(template: Template) -> list[Place]:
    return [one for one in template.resources if "{{resolve:secretsmanager:" in json.dumps(one.value)]


@house_rule(
    "SecretsComeFirst",
    "what names a secret of its own stack depends on it",
    subjects=_readers_of_secrets,
    source="CloudFormation User Guide, Dynamic references: one to a secret of the same stack orders nothing",
)
def secrets_come_first(reader: Place) -> Iterator[Finding]:
    text = json.dumps(reader.value.get("Properties", {}))
    for secret in reader.template.all_of("AWS::SecretsManager::Secret"):
        name = secret.get("Name")
        # A secret without a name gets one that nobody can write down before.
        if name is not None and f":{name.text()}:" in text and secret.logical_id not in depends_on(reader):
            yield Finding(
                logical_id=reader.logical_id,
                location="DependsOn",
                found=f"lacks {secret.logical_id}, whose secret it names",
            )


def _resources_of_gateways(template: Template) -> list[Place]:
    """Of the services that a gateway is made of: what else lies in its stack, its owner may tie to other stacks."""
    made_of = ("AWS::ApiGateway::", "AWS::CloudFront::", "AWS::SecretsManager::", "AWS::WAFv2::", "Custom::CrossRegion")
    if not holds_a_gateway(template):
        return []
    return [one for one in template.resources if str(template.type_of(one.logical_id)).startswith(made_of)]


@house_rule(
    "StacksAreNotTied",
    "what a gateway is made of imports no export, and reads another region by no custom resource",
    subjects=_resources_of_gateways,
    source="aws/aws-cdk#25343; docs/adr/0003-secrets-by-literal-name.md",
)
def stacks_are_not_tied(resource: Place) -> Iterator[Finding]:
    if str(resource.template.type_of(resource.logical_id)).startswith("Custom::CrossRegion"):
        yield resource["Type"].wrong("is a custom resource that reads another region")
    if "Fn::ImportValue" in json.dumps(resource.value):
        yield resource.wrong("has an Fn::ImportValue")


@house_rule(
    "ReferencesAreLiteral",
    "a dynamic reference in what a gateway is made of is one text, and not glued together from others",
    subjects=_resources_of_gateways,
    source="docs/adr/0003-secrets-by-literal-name.md: what is glued together resolves to another region's secret",
)
def references_are_literal(resource: Place) -> Iterator[Finding]:
    for name, value in resource.template.properties(resource.logical_id).value.items():
        if "{{resolve:" in json.dumps(value) and _is_glued(value):
            found = "has a dynamic reference inside a function"
            yield Finding(logical_id=resource.logical_id, location=f"Properties.{name}", found=found)


def _is_glued(value: Any) -> bool:
    if isinstance(value, dict):
        return (is_token(value) and "{{resolve:" in json.dumps(value)) or any(map(_is_glued, value.values()))
    return isinstance(value, list) and any(map(_is_glued, value))


API_RULES: Final = (
    methods_require_keys,
    api_keys_are_secrets,
    plans_throttle,
    keys_join_plans_in_turn,
    secrets_have_no_value_in_the_template,
    secrets_come_first,
    stacks_are_not_tied,
    references_are_literal,
)
