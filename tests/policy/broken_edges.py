"""Edges of a gateway that were broken on purpose: each with the rule that has to refuse it."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

from ml_gateway.policy import HouseRule, cache_rules, edge_rules
from tests.policy.reading import MANAGED_CACHING_OPTIMIZED
from tests.synthesis import Json, resources

Broken = tuple[str, HouseRule, str, Callable[[Json], object]]
"""What is broken, the rule, the stack, and how to break it."""


def first(template: Json, resource_type: str) -> Json:
    """The properties of the first resource of that type."""
    return next(iter(resources(template, resource_type).values()))


def behavior(template: Json) -> Json:
    found: Json = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    return found


def origin(template: Json) -> Json:
    found: Json = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"][0]
    return found


CLEAR = "a-secret-that-stands-in-the-template"
JOINED = {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Secret"}, ":SecretString:::}}"]]}
MANAGED_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


def additional(template: Json) -> Json:
    """A second behavior like the first, for a path."""
    settings = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    found = {**copy.deepcopy(settings["DefaultCacheBehavior"]), "PathPattern": "/models/*"}
    settings.setdefault("CacheBehaviors", []).append(found)
    return found


def define_cache(template: Json, **changes: Any) -> Json:
    """A reference to a sound cache policy with `changes` in its key."""
    key = {
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["Authorization", "Accept"]},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
        "CookiesConfig": {"CookieBehavior": "all"},
    }
    config = {"MinTTL": 0, "ParametersInCacheKeyAndForwardedToOrigin": {**key, **changes}}
    template["Resources"]["Cache"] = {
        "Type": "AWS::CloudFront::CachePolicy",
        "Properties": {"CachePolicyConfig": config},
    }
    return {"Ref": "Cache"}


def cached_by_format_alone(template: Json) -> None:
    headers = {"HeaderBehavior": "whitelist", "Headers": ["Accept"]}
    behavior(template)["CachePolicyId"] = define_cache(template, HeadersConfig=headers)


def cached_without_queries(template: Json) -> None:
    queries = {"QueryStringBehavior": "none"}
    additional(template)["CachePolicyId"] = define_cache(template, QueryStringsConfig=queries)


def cached_without_cookies(template: Json) -> None:
    additional(template)["CachePolicyId"] = define_cache(template, CookiesConfig={"CookieBehavior": "none"})


def kept_for_a_minute_whatever_it_says(template: Json) -> None:
    behavior(template)["CachePolicyId"] = define_cache(template)
    first(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]["MinTTL"] = 60


def keep_answers(template: Json, **forwarded: Any) -> Json:
    """A sound second behavior that keeps answers, with `forwarded` changed in what goes on to the API."""
    found = additional(template)
    config = {
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
        "CookiesConfig": {"CookieBehavior": "all"},
        "HeadersConfig": {
            "HeaderBehavior": "allExcept",
            "Headers": ["Host", "X-Forwarded-Proto", "X-Real-IP", "Proxy-Authorization"],
        },
    }
    template["Resources"]["Forwarded"] = {
        "Type": "AWS::CloudFront::OriginRequestPolicy",
        "Properties": {"OriginRequestPolicyConfig": {**config, **forwarded}},
    }
    answered = copy.deepcopy(headers_policy(template))
    answered["RemoveHeadersConfig"]["Items"].append({"Header": "Set-Cookie"})
    template["Resources"]["Answered"] = {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {"ResponseHeadersPolicyConfig": answered},
    }
    found.update(CachePolicyId=define_cache(template), OriginRequestPolicyId={"Ref": "Forwarded"})
    found.update(ResponseHeadersPolicyId={"Ref": "Answered"})
    keep_to_key(template, found, ["accept", "authorization"])
    return found


def keep_to_key(template: Json, of: Json, keyed: list[str] | None) -> None:
    """A function for that behavior by which a GET takes on these headers."""
    kept = copy.deepcopy(function(template))
    kept["FunctionCode"] = re.sub(r'"keyed":[^}]*', f'"keyed":{json.dumps(keyed)}', kept["FunctionCode"], count=1)
    template["Resources"]["Kept"] = {"Type": "AWS::CloudFront::Function", "Properties": kept}
    of["FunctionAssociations"] = [{**association(template), "FunctionARN": {"Fn::GetAtt": ["Kept", "FunctionARN"]}}]


def function(template: Json) -> Json:
    return first(template, "AWS::CloudFront::Function")


def association(template: Json) -> Json:
    found: Json = behavior(template)["FunctionAssociations"][0]
    return found


def headers_policy(template: Json) -> Json:
    found: Json = first(template, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    return found


def error(template: Json, status: int) -> Json:
    errors: list[Json] = first(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["CustomErrorResponses"]
    (found,) = (one for one in errors if one["ErrorCode"] == status)
    return found


BROKEN_EDGES: list[Broken] = [
    ("no header on the origin", edge_rules.origins_get_the_secret, "edge",
     lambda t: origin(t).pop("OriginCustomHeaders")),
    ("header in other capitals", edge_rules.origins_get_the_secret, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderName="x-api-key")),
    ("header in clear", edge_rules.origins_get_the_secret, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=CLEAR)),
    ("header from a joined reference", edge_rules.origins_get_the_secret, "edge",
     lambda t: origin(t)["OriginCustomHeaders"][0].update(HeaderValue=JOINED)),
    ("http to the origin", edge_rules.origins_are_fetched_over_tls_1_2, "edge",
     lambda t: origin(t)["CustomOriginConfig"].update(OriginProtocolPolicy="http-only")),
    ("old TLS to the origin", edge_rules.origins_are_fetched_over_tls_1_2, "edge",
     lambda t: origin(t)["CustomOriginConfig"].update(OriginSSLProtocols=["TLSv1", "TLSv1.2"])),
    ("viewers in clear", edge_rules.viewers_are_not_served_in_clear, "edge",
     lambda t: behavior(t).update(ViewerProtocolPolicy="allow-all")),
    ("viewers of one path in clear", edge_rules.viewers_are_not_served_in_clear, "edge",
     lambda t: additional(t).update(ViewerProtocolPolicy="allow-all")),
    ("read-only distribution", edge_rules.behaviors_take_posts, "edge",
     lambda t: behavior(t).update(AllowedMethods=["GET", "HEAD"])),
    ("read-only path", edge_rules.behaviors_take_posts, "edge",
     lambda t: additional(t).update(AllowedMethods=["GET", "HEAD"])),
    ("Host forwarded", cache_rules.headers_but_host_are_forwarded, "edge",
     lambda t: behavior(t).update(OriginRequestPolicyId=MANAGED_ALL_VIEWER)),
    ("headers lost", cache_rules.headers_but_host_are_forwarded, "edge",
     lambda t: behavior(t).pop("OriginRequestPolicyId")),
    ("headers of one path lost", cache_rules.headers_but_host_are_forwarded, "edge",
     lambda t: additional(t).pop("OriginRequestPolicyId")),
    ("cached for everybody", cache_rules.cached_answers_are_keyed_by_who_asks, "edge",
     lambda t: behavior(t).update(CachePolicyId=MANAGED_CACHING_OPTIMIZED)),
    ("cached without Authorization", cache_rules.cached_answers_are_keyed_by_who_asks, "edge",
     cached_by_format_alone),
    ("one path cached for everybody", cache_rules.cached_answers_are_keyed_by_who_asks, "edge",
     lambda t: additional(t).update(CachePolicyId=MANAGED_CACHING_OPTIMIZED)),
    ("cached without the query", cache_rules.cached_answers_are_keyed_by_who_asks, "edge", cached_without_queries),
    ("cached without cookies", cache_rules.cached_answers_are_keyed_by_who_asks, "edge", cached_without_cookies),
    ("kept against its will", cache_rules.answers_are_not_kept_against_their_will, "edge",
     kept_for_a_minute_whatever_it_says),
    ("Host forwarded beside a cache", cache_rules.headers_but_host_are_forwarded, "edge",
     lambda t: keep_answers(t, HeadersConfig={"HeaderBehavior": "allViewer"})),
    ("what no function sees forwarded beside a cache", cache_rules.headers_but_host_are_forwarded, "edge",
     lambda t: keep_answers(t, HeadersConfig={"HeaderBehavior": "allExcept", "Headers": ["Host", "X-Real-IP"]})),
    ("the managed policy beside a cache", cache_rules.headers_but_host_are_forwarded, "edge",
     lambda t: keep_answers(t).update(OriginRequestPolicyId=behavior(t)["OriginRequestPolicyId"])),
    ("cookies lost beside a cache", cache_rules.headers_but_host_are_forwarded, "edge",
     lambda t: keep_answers(t, CookiesConfig={"CookieBehavior": "none"})),
    ("cookies kept", cache_rules.no_cookie_is_kept, "edge",
     lambda t: keep_answers(t).update(ResponseHeadersPolicyId=behavior(t)["ResponseHeadersPolicyId"])),
    ("answers kept as they come", cache_rules.no_cookie_is_kept, "edge",
     lambda t: keep_answers(t).pop("ResponseHeadersPolicyId")),
    ("what is in no key passes where answers are kept", cache_rules.what_is_in_no_key_does_not_pass, "edge",
     lambda t: keep_to_key(t, keep_answers(t), None)),
    ("a header in no key passes where answers are kept", cache_rules.what_is_in_no_key_does_not_pass, "edge",
     lambda t: keep_to_key(t, keep_answers(t), ["accept", "authorization", "x-tenant"])),
    ("nothing passes where nothing is kept", cache_rules.what_is_in_no_key_does_not_pass, "edge",
     lambda t: keep_to_key(t, additional(t), ["accept"])),
    ("no function", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: behavior(t).pop("FunctionAssociations")),
    ("path that the function misses", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: additional(t).pop("FunctionAssociations")),
    ("function that sees answers", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: association(t).update(EventType="viewer-response")),
    ("second function", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: behavior(t)["FunctionAssociations"].append({**association(t), "EventType": "viewer-response"})),
    ("function from elsewhere", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: association(t).update(FunctionARN="arn:aws:cloudfront::123456789012:function/theirs")),
    ("function of somebody else", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: function(t).update(FunctionCode="function handler(event) { return event.request; }")),
    ("function that begins like ours", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: function(t).update(FunctionCode=function(t)["FunctionCode"] + "handler=e=>e.request;")),
    ("function with something before its settings", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: function(t).update(FunctionCode="0;" + function(t)["FunctionCode"])),
    ("settings that are code", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: function(t).update(FunctionCode=function(t)["FunctionCode"].replace("={", "=f()||{", 1))),
    ("old runtime", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: function(t)["FunctionConfig"].update(Runtime="cloudfront-js-1.0")),
    ("function that is no more than a draft", edge_rules.one_function_sees_every_request_first, "edge",
     lambda t: function(t).update(AutoPublish=False)),
    ("no response headers policy", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: behavior(t).pop("ResponseHeadersPolicyId")),
    ("one path without response headers policy", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: additional(t).pop("ResponseHeadersPolicyId")),
    ("credentials of browsers", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: headers_policy(t).update(CorsConfig={"AccessControlAllowCredentials": True})),
    ("Server told", edge_rules.answers_tell_no_more_than_the_policy, "edge",
     lambda t: headers_policy(t).pop("RemoveHeadersConfig")),
    ("page instead of a body", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: error(t, 503).update(ResponsePagePath="/sorry.html", ResponseCode=503)),
    ("refusals kept", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: error(t, 403).update(ErrorCachingMinTTL=10)),
    ("errors as CloudFront likes", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: first(t, "AWS::CloudFront::Distribution")["DistributionConfig"].pop("CustomErrorResponses")),
    ("errors of one code as CloudFront likes", edge_rules.errors_pass_as_they_are, "edge",
     lambda t: error(t, 504).update(ErrorCode=418)),
]  # fmt: skip
