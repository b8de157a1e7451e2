"""How tests of templates look for things, wherever they lie, and ask house rules about them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aws_cdk import aws_apigateway as apigateway

from ml_gateway import (
    Backend,
    GatewayAnswer,
    HttpBackend,
    LambdaBackend,
    LoadBalancerBackend,
    ProxyApi,
    Route,
    SagemakerBackend,
)
from ml_gateway.backends import PausedBackend
from ml_gateway.policy import HOUSE_RULES, HouseRule, Template
from ml_gateway.policy.template import make_one_app
from ml_gateway.reading import load_config
from tests.synthesis import TOP, Json, bare_stack, resources, synthesize, template_of

LOAD_BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/llama/50dc6c495c0c9188"

# The ids that AWS documents for its managed policies.
MANAGED_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
MANAGED_CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"


def in_one_line(content: Json) -> Template:
    """A template as many tests read it: to write it as CDK does takes six times as long, and changes its size alone."""
    return Template(json.dumps(content))


def broken_rules(template: Json, rules: Iterable[HouseRule] = HOUSE_RULES) -> dict[str, list[str]]:
    """The id of each rule that a template breaks -> where, and what is wrong."""
    read = in_one_line(template)
    found = {rule.id: [f"{one.logical_id} {one.location} {one.found}" for one in rule.findings(read)] for rule in rules}
    return {rule: findings for rule, findings in found.items() if findings}


def broken_in_app(templates: Mapping[str, Json], rules: Iterable[HouseRule] = HOUSE_RULES) -> dict[str, set[str]]:
    """By the name of the template the ids of the rules that it breaks, where all of them are of one app."""
    read = {name: in_one_line(template) for name, template in templates.items()}
    make_one_app(list(read.values()))
    found = {name: {rule.id for rule in rules if rule.findings(template)} for name, template in read.items()}
    return {name: broken for name, broken in found.items() if broken}


def template_of_methods() -> Json:
    """An API of somebody's own, of methods that are resources."""
    stack = bare_stack()
    api = apigateway.RestApi(stack, "Api", cloud_watch_role=False)
    api.root.add_resource("score").add_method("POST", api_key_required=True)
    return template_of(stack)


def template_of_each_backend() -> Json:
    """An API with one route to each type of backend."""
    stack = bare_stack()
    routes: dict[Route, Backend] = {
        Route(http_method="GET", path="/files/{id}"): HttpBackend(url="https://files.example.com/{id}"),
        Route(http_method="GET", path="/llama/v1/models", answer="[]"): GatewayAnswer(),
        Route(http_method="POST", path="/language"): LambdaBackend(name="language", function="language"),
        Route(http_method="POST", path="/fraud"): SagemakerBackend(name="fraud", endpoint="fraud"),
        Route(http_method="POST", path="/llama/v1/chat/completions", streams=True): LoadBalancerBackend(
            name="llama",
            host="llama.internal",
            port=80,
            load_balancer=LOAD_BALANCER,
            subnets=("subnet-01234567",),
        ),
        Route(http_method="POST", path="/paused"): PausedBackend(
            backend=LambdaBackend(name="paused", function="paused")
        ),
    }
    ProxyApi(stack, "Api", routes=routes, name="each", description="One of each")
    return template_of(stack)


def behaviors(template: Json) -> dict[str, Json]:
    """Every behavior of every distribution, the default one first, by a name that says which it is."""
    found: dict[str, Json] = {}
    for logical_id, properties in resources(template, "AWS::CloudFront::Distribution").items():
        settings = properties["DistributionConfig"]
        found[f"{logical_id} default"] = settings["DefaultCacheBehavior"]
        found |= {
            f"{logical_id} {behavior['PathPattern']}": behavior for behavior in settings.get("CacheBehaviors", [])
        }
    return found


def web_acls(template: Json, scope: str) -> dict[str, Json]:
    """Those of API stages (REGIONAL) or of distributions (CLOUDFRONT)."""
    found = resources(template, "AWS::WAFv2::WebACL")
    return {logical_id: web_acl for logical_id, web_acl in found.items() if web_acl["Scope"] == scope}


def first_rule(web_acl: Json) -> Json:
    rule: Json = min(web_acl["Rules"], key=lambda rule: rule["Priority"])
    return rule


def everything_named(key: str, value: Any) -> Iterator[Any]:
    """What lies under that key, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from everything_named(key, inner)
    elif isinstance(value, list):
        for item in value:
            yield from everything_named(key, item)


def templates_of_apis() -> list[Json]:
    """APIs alone: of each type of backend, of methods, with an authorizer, and with versions; those with their edge."""
    identified = synthesize(load_config(TOP / "examples" / "identities.yaml"))["api"]
    versions = synthesize(load_config(TOP / "examples" / "rollouts.yaml"))
    return [template_of_each_backend(), template_of_methods(), identified, versions["api"], versions["edge"]]
