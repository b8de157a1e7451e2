"""What must hold of an API, its keys and plans, and of the secrets and references of every template."""

import json
from collections.abc import Iterator
from typing import Any, Final

from ml_gateway.policy.house_rule import HouseRule, house_rule
from ml_gateway.policy.template import (
    Json,
    Subjects,
    every_resource,
    everything_named,
    is_secret,
    resources,
    web_acls,
)


def methods(template: Json) -> Subjects:
    return resources(template, "AWS::ApiGateway::Method")


def api_keys(template: Json) -> Subjects:
    return resources(template, "AWS::ApiGateway::ApiKey")


def usage_plans(template: Json) -> Subjects:
    return resources(template, "AWS::ApiGateway::UsagePlan")


def secrets(template: Json) -> Subjects:
    return resources(template, "AWS::SecretsManager::Secret")


def origin_secrets(template: Json) -> Subjects:
    """Those that a gateway names by their generation, in the stack of its API."""
    if not resources(template, "AWS::ApiGateway::Stage"):
        return {}
    return {name: secret for name, secret in secrets(template).items() if "/origin/" in str(secret.get("Name", ""))}


def keys_in_plans(template: Json) -> Subjects:
    """All keys of plans together, by the first of them."""
    names = sorted(resources(template, "AWS::ApiGateway::UsagePlanKey"))
    return {names[0]: names} if names else {}


def namings_of_secrets(template: Json) -> Subjects:
    """Each resource that names a secret of its own stack by a literal reference, and that secret's logical id."""
    named = {f":{secret['Name']}:": name for name, secret in secrets(template).items() if "Name" in secret}
    return {
        f"{name} {secret}": (resource, secret)
        for name, resource in template.get("Resources", {}).items()
        for reference, secret in named.items()
        if reference in json.dumps(resource.get("Properties", {}))
    }


@house_rule(methods, source="API Gateway developer guide, usage plans; docs/security.md")
def every_method_requires_a_key(_name: str, method: Json, _template: Json) -> bool:
    """Every method requires an API key, so that nothing passes without a plan."""
    return method["ApiKeyRequired"] is True


@house_rule(api_keys, source="docs/adr/0002-one-secret-for-each-generation.md")
def every_key_is_a_secret(_name: str, key: Json, _template: Json) -> bool:
    """The value of every API key is read from a secret, by a literal reference."""
    return is_secret(key["Value"])


@house_rule(secrets, source="docs/security.md")
def no_secret_has_a_value_in_the_template(_name: str, secret: Json, _template: Json) -> bool:
    """The value of a secret is generated: it never stands in a template."""
    return "SecretString" not in secret


@house_rule(origin_secrets, source="docs/adr/0010-two-locks-one-edge-function.md")
def every_origin_secret_locks_the_api(_name: str, secret: Json, template: Json) -> bool:
    """An origin secret beside an API is what opens it: the value of a key, or what the first web ACL compares with."""
    reference = f"{{{{resolve:secretsmanager:{secret['Name']}:SecretString:::}}}}"
    keys = [key["Value"] for key in api_keys(template).values()]
    compared = [
        match["SearchString"]
        for web_acl in web_acls(template, "REGIONAL").values()
        for match in everything_named("ByteMatchStatement", web_acl)
    ]
    return reference in (*keys, *compared)


@house_rule(usage_plans, source="API Gateway API reference, UsagePlan; docs/security.md")
def every_plan_throttles(_name: str, plan: Json, _template: Json) -> bool:
    """Every usage plan has a rate and a burst."""
    return all(isinstance(plan["Throttle"][limit], int | float) for limit in ("RateLimit", "BurstLimit"))


@house_rule(keys_in_plans, source="serverless#12065: keys that join at the same time give 409")
def every_key_of_a_plan_waits_for_the_one_before(_name: str, names: list[str], template: Json) -> bool:
    """Keys join their plans one after another."""
    waiting = [name for name in names if set(template["Resources"][name].get("DependsOn", [])) & set(names)]
    return len(waiting) >= len(names) - 1


@house_rule(namings_of_secrets, source="CloudFormation user guide, dynamic references: they order nothing")
def secrets_come_before_what_names_them(_name: str, naming: tuple[Json, str], _template: Json) -> bool:
    """What names a secret of its own stack waits for it."""
    resource, secret = naming
    return secret in resource.get("DependsOn", [])


@house_rule(every_resource, source="docs/adr/0003-secrets-by-literal-name.md; aws-cdk#25343")
def stacks_are_not_tied_together(_name: str, resource: Json, _template: Json) -> bool:
    """No custom resource between regions, no import of another stack's export."""
    return not resource["Type"].startswith("Custom::CrossRegion") and "Fn::ImportValue" not in json.dumps(resource)


@house_rule(every_resource, source="docs/adr/0003-secrets-by-literal-name.md")
def dynamic_references_are_literal(_name: str, resource: Json, _template: Json) -> bool:
    """No dynamic reference is glued together from other values: it would resolve to the wrong region, or to nothing."""
    return not any(_joined_references(resource.get("Properties", {})))


def _joined_references(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if any(name.startswith("Fn::") for name in value) and "{{resolve:" in json.dumps(value):
            yield value
        else:
            for item in value.values():
                yield from _joined_references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _joined_references(item)


API_RULES: Final[tuple[HouseRule, ...]] = (
    every_method_requires_a_key,
    every_key_is_a_secret,
    no_secret_has_a_value_in_the_template,
    every_origin_secret_locks_the_api,
    every_plan_throttles,
    every_key_of_a_plan_waits_for_the_one_before,
    secrets_come_before_what_names_them,
    stacks_are_not_tied_together,
    dynamic_references_are_literal,
)
