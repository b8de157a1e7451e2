"""A small gateway with clients in a stack that is not ours, and what must hold in it: one rule, one pure function."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from aws_cdk import App, Environment, Stack

from ml_gateway import (
    EdgeConfig,
    GatewayDistribution,
    GatewayUsagePlan,
    HttpBackend,
    PlanConfig,
    ProxyApi,
    RequestRate,
    Route,
)
from ml_gateway.config import CacheConfig, KeyForm
from ml_gateway.constructs import ClientKeys, GatewayClient, HeaderLock
from tests.policy.firewall_rules import redacted_field
from tests.synthesis import Json, resources, template_of

ROUTES = {
    Route(http_method="POST", path="/score"): HttpBackend(url="https://fraud.example.com/score"),
    Route(http_method="GET", path="/health"): HttpBackend(url="https://fraud.example.com/health"),
}
PLAN = PlanConfig(rate=RequestRate(5), burst=20)
CLIENTS: Mapping[str, tuple[str, ...]] = {"mobile-app": ("default",), "partner-x": ("a", "b"), "shop": ("default",)}
CACHE = CacheConfig(default=timedelta(0), max=timedelta(minutes=1))
FORMS: tuple[KeyForm, ...] = ("x-api-key", "bearer", "api-key")

DYNAMIC_REFERENCE = re.compile(r"^\{\{resolve:secretsmanager:[a-z0-9/-]+:SecretString:::\}\}$")
CREDENTIALS = {"x-origin-verify", "x-api-key", "authorization", "api-key", "x-goog-api-key", "cookie"}


def bare_stack(app: App | None = None) -> Stack:
    app = app or App(builtin_cloud_formation_validation=False)
    return Stack(app, "theirs", env=Environment(region="us-east-1"))


def define_api(stack: Stack) -> ProxyApi:
    return ProxyApi(stack, "Api", routes=ROUTES, name="fraud", description="Scores payments")


def define_clients(stack: Stack, api: ProxyApi, clients: Mapping[str, tuple[str, ...]] = CLIENTS) -> ClientKeys:
    plan = GatewayUsagePlan(stack, "UsagePlan", stage=api.stage, plan=PLAN)
    return ClientKeys(
        stack,
        "Clients",
        gateway_name="fraud",
        clients={name: GatewayClient(usage_plan=plan.usage_plan, keys=keys) for name, keys in clients.items()},
    )


def define_multi_tenant_gateway(stack: Stack, generation: int = 2) -> None:
    api = define_api(stack)
    define_clients(stack, api)
    lock = HeaderLock(stack, "OriginLock", gateway_name="fraud", generation=generation, stage=api.stage)
    GatewayDistribution(stack, "Edge", origin=api.origin(lock), edge=EdgeConfig(cache=CACHE, accept_keys=FORMS))


def multi_tenant_template(generation: int = 2) -> Json:
    stack = bare_stack()
    define_multi_tenant_gateway(stack, generation)
    return template_of(stack)


def with_clients(clients: Mapping[str, tuple[str, ...]]) -> Json:
    """The resources of a stack with these clients and nothing in front of it."""
    stack = bare_stack()
    define_clients(stack, define_api(stack), clients)
    found: Json = template_of(stack)["Resources"]
    return found


def first_rule(web_acl: Json) -> Json:
    rule: Json = min(web_acl["Rules"], key=lambda rule: rule["Priority"])
    return rule


def statements(value: Any, kind: str) -> Iterator[Any]:
    """Everything under that name, however deep it lies."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == kind:
                yield inner
            yield from statements(inner, kind)
    elif isinstance(value, list):
        for item in value:
            yield from statements(item, kind)


def the_first_rule_blocks_what_is_not_proven(template: Json) -> list[str]:
    def locks(web_acl: Json) -> bool:
        rule = first_rule(web_acl)
        return (
            rule.get("Action") == {"Block": {}}
            and list(rule["Statement"]) == ["NotStatement"]
            and any(statements(rule["Statement"]["NotStatement"], "ByteMatchStatement"))
            and not any(statements(rule["Statement"]["NotStatement"], "NotStatement"))
            and not any(statements(rule, "AndStatement"))
        )

    return [name for name, web_acl in resources(template, "AWS::WAFv2::WebACL").items() if not locks(web_acl)]


def the_secret_is_compared_as_it_is(template: Json) -> list[str]:
    """The whole value, no transformation, the header in lower case, the secret by a literal reference in plain."""

    def exact(match: Json) -> bool:
        return (
            match["PositionalConstraint"] == "EXACTLY"
            and [transformation["Type"] for transformation in match["TextTransformations"]] == ["NONE"]
            and match["FieldToMatch"] == {"SingleHeader": {"Name": "x-origin-verify"}}
            and isinstance(match.get("SearchString"), str)
            and bool(DYNAMIC_REFERENCE.match(match["SearchString"]))
            and "SearchStringBase64" not in match
        )

    return [
        name
        for name, web_acl in resources(template, "AWS::WAFv2::WebACL").items()
        if not all(map(exact, statements(first_rule(web_acl), "ByteMatchStatement")))
    ]


def every_web_acl_guards_a_stage(template: Json) -> list[str]:
    stages = resources(template, "AWS::ApiGateway::Stage")

    def guarded(association: Json) -> set[str]:
        parts = association["ResourceArn"]["Fn::Join"][1]
        whole = "/stages/" in parts and any(part == {"Ref": stage} for stage in stages for part in parts)
        return {association["WebACLArn"]["Fn::GetAtt"][0]} if whole else set()

    found = map(guarded, resources(template, "AWS::WAFv2::WebACLAssociation").values())
    return sorted(set(resources(template, "AWS::WAFv2::WebACL")) - set().union(*found))


def no_firewall_log_shows_a_credential(template: Json) -> list[str]:
    """Each web ACL has a log with all credentials redacted, and nothing samples requests, which redacts nothing."""

    def quiet(web_acl: str) -> bool:
        logs = [
            log
            for log in resources(template, "AWS::WAFv2::LoggingConfiguration").values()
            if log["ResourceArn"] == {"Fn::GetAtt": [web_acl, "Arn"]}
        ]
        redacted = [set(map(redacted_field, log.get("RedactedFields", []))) for log in logs]
        settings = list(statements(template["Resources"][web_acl], "VisibilityConfig"))
        return (
            bool(logs)
            and all(fields >= {*CREDENTIALS, "?"} for fields in redacted)
            and not any(setting["SampledRequestsEnabled"] for setting in settings)
        )

    return [web_acl for web_acl in resources(template, "AWS::WAFv2::WebACL") if not quiet(web_acl)]


def behaviors(template: Json) -> dict[str, Json]:
    """The default behavior of each distribution by its logical id, and the others by id and path pattern."""
    found: dict[str, Json] = {}
    for name, properties in resources(template, "AWS::CloudFront::Distribution").items():
        config = properties["DistributionConfig"]
        found[name] = config["DefaultCacheBehavior"]
        found |= {f"{name} {behavior['PathPattern']}": behavior for behavior in config.get("CacheBehaviors", [])}
    return found


def keys_travel_over_https_alone(template: Json) -> list[str]:
    return [name for name, one in behaviors(template).items() if one["ViewerProtocolPolicy"] != "https-only"]


def keys_are_accepted_at_viewer_request(template: Json) -> list[str]:
    functions = resources(template, "AWS::CloudFront::Function")

    def accepted(association: Json) -> bool:
        name = association["FunctionARN"]["Fn::GetAtt"][0]
        return (
            association["EventType"] == "viewer-request"
            and functions[name]["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
            and functions[name]["AutoPublish"] is True
        )

    return [
        name
        for name, one in behaviors(template).items()
        if [accepted(association) for association in one.get("FunctionAssociations", [])] != [True]
    ]


def no_client_gets_the_cached_answer_of_another(template: Json) -> list[str]:
    policies = resources(template, "AWS::CloudFront::CachePolicy")

    def keyed(behavior: Json) -> bool:
        policy = policies[behavior["CachePolicyId"]["Ref"]]["CachePolicyConfig"]
        headers = policy["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
        return "x-api-key" in {header.lower() for header in headers}

    return [name for name, one in behaviors(template).items() if not keyed(one)]


RULES: list[Callable[[Json], list[str]]] = [
    the_first_rule_blocks_what_is_not_proven,
    the_secret_is_compared_as_it_is,
    every_web_acl_guards_a_stage,
    no_firewall_log_shows_a_credential,
    keys_travel_over_https_alone,
    keys_are_accepted_at_viewer_request,
    no_client_gets_the_cached_answer_of_another,
]
