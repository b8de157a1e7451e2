"""Rules about APIs and keys. They hold for all of an app, as cdk-nag's do: no template says whose one is."""

import json
from collections.abc import Iterator
from typing import Any, Final

from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_distributions import holds_a_gateway
from ml_gateway.policy.house_rule import all_of, house_rule
from ml_gateway.policy.template import Place, Template
from ml_gateway.policy.tokens import is_token


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
    unchained = [key for key in keys if not set(whole.template.resource(key).depends_on()) & set(keys)]
    for key in unchained[1:]:
        yield Finding(logical_id=key, location="DependsOn", found="names none of the other keys that join a plan")


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
    if "Fn::ImportValue" in resource.template.written[resource.logical_id]:
        yield resource.wrong("has an Fn::ImportValue")


@house_rule(
    "ReferencesAreLiteral",
    "a dynamic reference in what a gateway is made of is one text, and not glued together from others",
    subjects=_resources_of_gateways,
    source="docs/adr/0003-secrets-by-literal-name.md: what is glued together resolves to another region's secret",
)
def references_are_literal(resource: Place) -> Iterator[Finding]:
    if "{{resolve:" not in resource.template.written[resource.logical_id]:
        return
    for name, value in resource.template.properties(resource.logical_id).value.items():
        if _is_glued(value):
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
    stacks_are_not_tied,
    references_are_literal,
)
