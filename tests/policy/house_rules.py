"""What must hold in every template that we hand out: one rule, one pure function that returns what breaks it."""

import json
from collections.abc import Iterator
from typing import Any

from tests.policy.reading import DYNAMIC_REFERENCE, MANAGED_CACHING_DISABLED, Rule, behaviors, distributions
from tests.synthesis import Json, resources

MANAGED_ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

# CloudFront developer guide, "How CloudFront processes and caches HTTP 4xx and 5xx status codes from your origin".
CACHEABLE_ERRORS = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}


def origins(template: Json) -> Iterator[Json]:
    for settings in distributions(template).values():
        yield from settings["Origins"]


def every_method_requires_a_key(template: Json) -> list[str]:
    methods = resources(template, "AWS::ApiGateway::Method")
    return [logical_id for logical_id, method in methods.items() if method.get("ApiKeyRequired") is not True]


def every_origin_gets_the_secret(template: Json) -> list[str]:
    """Each origin has a custom header, and each header's value is a dynamic reference to a secret by its name."""

    def proven(origin: Json) -> bool:
        headers = origin.get("OriginCustomHeaders", [])
        return bool(headers) and all(
            isinstance(header["HeaderValue"], str) and DYNAMIC_REFERENCE.match(header["HeaderValue"])
            for header in headers
        )

    return [origin["Id"] for origin in origins(template) if not proven(origin)]


def every_origin_is_fetched_over_tls_1_2(template: Json) -> list[str]:
    expected = {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    return [
        origin["Id"] for origin in origins(template) if not expected.items() <= origin["CustomOriginConfig"].items()
    ]


def every_key_is_a_secret(template: Json) -> list[str]:
    keys = resources(template, "AWS::ApiGateway::ApiKey")
    return [
        logical_id
        for logical_id, key in keys.items()
        if not (isinstance(key.get("Value"), str) and DYNAMIC_REFERENCE.match(key["Value"]))
    ]


def no_secret_has_a_value_in_the_template(template: Json) -> list[str]:
    secrets = resources(template, "AWS::SecretsManager::Secret")
    return [logical_id for logical_id, secret in secrets.items() if "SecretString" in secret]


def viewers_are_never_served_in_clear(template: Json) -> list[str]:
    return [
        name
        for name, behavior in behaviors(template).items()
        if behavior["ViewerProtocolPolicy"] not in ("redirect-to-https", "https-only")
    ]


def every_behavior_takes_posts(template: Json) -> list[str]:
    return [name for name, behavior in behaviors(template).items() if "POST" not in behavior.get("AllowedMethods", [])]


def every_header_but_host_is_forwarded(template: Json) -> list[str]:
    return [
        name
        for name, behavior in behaviors(template).items()
        if behavior.get("OriginRequestPolicyId") != MANAGED_ALL_VIEWER_EXCEPT_HOST
    ]


def cached_answers_are_keyed_by_who_asks(template: Json) -> list[str]:
    """A behavior either caches nothing or has an own policy that is keyed by all that a caller says, never by Host."""
    policies = resources(template, "AWS::CloudFront::CachePolicy")

    def keyed(policy_id: Any) -> bool:
        if policy_id == MANAGED_CACHING_DISABLED:
            return True
        if not isinstance(policy_id, dict) or policy_id.get("Ref") not in policies:
            return False
        key = policies[policy_id["Ref"]]["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
        headers = {header.lower() for header in key["HeadersConfig"].get("Headers", [])}
        return (
            {"authorization", "accept"} <= headers
            and "host" not in headers
            and key["QueryStringsConfig"]["QueryStringBehavior"] == "all"
            and key["CookiesConfig"]["CookieBehavior"] == "all"
        )

    return [name for name, behavior in behaviors(template).items() if not keyed(behavior.get("CachePolicyId"))]


def no_answer_is_kept_against_its_will(template: Json) -> list[str]:
    """A minimum TTL above 0 would keep what says that it must not be kept."""
    policies = resources(template, "AWS::CloudFront::CachePolicy")
    return [name for name, policy in policies.items() if policy["CachePolicyConfig"]["MinTTL"] != 0]


def one_function_sees_every_request_first(template: Json) -> list[str]:
    """Either no behavior of a distribution has a function, or all have the same one, at viewer request."""

    def alike(settings: Json) -> bool:
        default = settings["DefaultCacheBehavior"].get("FunctionAssociations", [])
        others = [behavior.get("FunctionAssociations", []) for behavior in settings.get("CacheBehaviors", [])]
        return [one["EventType"] for one in default] in ([], ["viewer-request"]) and all(
            other == default for other in others
        )

    return [logical_id for logical_id, settings in distributions(template).items() if not alike(settings)]


def every_behavior_tells_no_more_than_the_policy(template: Json) -> list[str]:
    """An own response headers policy that removes Server, and lets no page use the credentials of a browser."""
    policies = resources(template, "AWS::CloudFront::ResponseHeadersPolicy")

    def discreet(policy_id: Any) -> bool:
        if not isinstance(policy_id, dict) or policy_id.get("Ref") not in policies:
            return False
        config = policies[policy_id["Ref"]]["ResponseHeadersPolicyConfig"]
        removed = {item["Header"].lower() for item in config.get("RemoveHeadersConfig", {}).get("Items", [])}
        cors = config.get("CorsConfig", {})
        return "server" in removed and cors.get("AccessControlAllowCredentials", False) is False

    return [
        name for name, behavior in behaviors(template).items() if not discreet(behavior.get("ResponseHeadersPolicyId"))
    ]


def errors_pass_as_they_are(template: Json) -> list[str]:
    """No page replaces the body of an error, and what one caller did wrong is not kept for the next."""

    def passes(error: Json) -> bool:
        kept = error.get("ErrorCachingMinTTL")
        return (
            not {"ResponsePagePath", "ResponseCode"} & error.keys()
            and isinstance(kept, int)
            and (kept == 0 or error["ErrorCode"] not in (400, 403, 405, 416))
        )

    return [
        logical_id
        for logical_id, settings in distributions(template).items()
        if {error["ErrorCode"] for error in settings.get("CustomErrorResponses", [])} != CACHEABLE_ERRORS
        or not all(map(passes, settings["CustomErrorResponses"]))
    ]


def every_plan_throttles(template: Json) -> list[str]:
    plans = resources(template, "AWS::ApiGateway::UsagePlan")
    return [
        logical_id
        for logical_id, plan in plans.items()
        if not {"RateLimit", "BurstLimit"} <= plan.get("Throttle", {}).keys()
    ]


def every_key_of_a_plan_waits_for_the_one_before(template: Json) -> list[str]:
    keys = sorted(resources(template, "AWS::ApiGateway::UsagePlanKey"))
    unchained = [key for key in keys if not set(template["Resources"][key].get("DependsOn", [])) & set(keys)]
    return unchained[1:]


def secrets_come_before_what_names_them(template: Json) -> list[str]:
    """A dynamic reference to a secret of the same stack is no reference that CloudFormation orders by."""
    secrets = {
        f":{secret['Name']}:": logical_id
        for logical_id, secret in resources(template, "AWS::SecretsManager::Secret").items()
        if isinstance(secret.get("Name"), str)
    }
    return [
        logical_id
        for logical_id, resource in template["Resources"].items()
        for name, secret in secrets.items()
        if name in json.dumps(resource.get("Properties", {})) and secret not in resource.get("DependsOn", [])
    ]


def stacks_are_not_tied_together(template: Json) -> list[str]:
    """No custom resource between regions, no import of another stack's export."""
    tied = [
        logical_id
        for logical_id, resource in template["Resources"].items()
        if resource["Type"].startswith("Custom::CrossRegion")
    ]
    return tied + (["Fn::ImportValue"] if "Fn::ImportValue" in json.dumps(template) else [])


def dynamic_references_are_literal(template: Json) -> list[str]:
    """A dynamic reference that is glued together from other values resolves to the wrong region, or to nothing."""

    def joins(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if any(name.startswith("Fn::") for name in value) and "{{resolve:" in json.dumps(value):
                yield json.dumps(value)
            else:
                for item in value.values():
                    yield from joins(item)
        elif isinstance(value, list):
            for item in value:
                yield from joins(item)

    return list(joins(template["Resources"]))


HOUSE_RULES: list[Rule] = [
    every_method_requires_a_key,
    every_origin_gets_the_secret,
    every_origin_is_fetched_over_tls_1_2,
    every_key_is_a_secret,
    no_secret_has_a_value_in_the_template,
    viewers_are_never_served_in_clear,
    every_behavior_takes_posts,
    every_header_but_host_is_forwarded,
    cached_answers_are_keyed_by_who_asks,
    no_answer_is_kept_against_its_will,
    one_function_sees_every_request_first,
    every_behavior_tells_no_more_than_the_policy,
    errors_pass_as_they_are,
    every_plan_throttles,
    every_key_of_a_plan_waits_for_the_one_before,
    secrets_come_before_what_names_them,
    stacks_are_not_tied_together,
    dynamic_references_are_literal,
]
