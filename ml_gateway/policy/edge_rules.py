"""What must hold of every distribution in front of an API."""

from typing import Any, Final

from ml_gateway.policy.house_rule import HouseRule, house_rule
from ml_gateway.policy.template import (
    MANAGED_ALL_VIEWER_EXCEPT_HOST,
    MANAGED_CACHING_DISABLED,
    Json,
    Subjects,
    gateway_behaviors,
    gateway_distributions,
    is_secret,
    origins,
    resources,
)

CACHEABLE_ERRORS: Final = frozenset({400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504})
"""CloudFront developer guide, "How CloudFront processes and caches HTTP 4xx and 5xx status codes from your origin"."""


def policy_named(policy_id: Any, resource_type: str, template: Json) -> Json:
    """The policy of the same template that a behavior refers to. Raises KeyError for one that is not in it."""
    found: Json = resources(template, resource_type)[policy_id["Ref"]]
    return found


def cache_key(policy_id: Any, template: Json) -> Json:
    """What a cache policy of the same template puts into the cache key."""
    config = policy_named(policy_id, "AWS::CloudFront::CachePolicy", template)["CachePolicyConfig"]
    key: Json = config["ParametersInCacheKeyAndForwardedToOrigin"]
    return key


def headers_of_key(key: Json) -> set[str]:
    """The headers in a cache key, in lower case."""
    return {header.lower() for header in key["HeadersConfig"].get("Headers", [])}


def behaviors_that_keep(template: Json) -> Subjects:
    """The behaviors that keep answers at all."""
    return {
        name: behavior
        for name, behavior in gateway_behaviors(template).items()
        if behavior.get("CachePolicyId") != MANAGED_CACHING_DISABLED
    }


@house_rule(origins, source="docs/adr/0010-two-locks-one-edge-function.md")
def every_origin_gets_the_secret(_name: str, origin: Json, _template: Json) -> bool:
    """Each origin has a custom header, and each header's value is a secret by its literal name."""
    headers = origin["OriginCustomHeaders"]
    return bool(headers) and all(is_secret(header["HeaderValue"]) for header in headers)


@house_rule(origins, source="CloudFront developer guide, minimum origin SSL protocol")
def every_origin_is_fetched_over_tls_1_2(_name: str, origin: Json, _template: Json) -> bool:
    """The API is fetched over HTTPS, with TLS 1.2."""
    config = origin["CustomOriginConfig"]
    return bool(config["OriginProtocolPolicy"] == "https-only" and config["OriginSSLProtocols"] == ["TLSv1.2"])


@house_rule(gateway_behaviors, source="CloudFront developer guide, viewer protocol policy")
def viewers_are_never_served_in_clear(_name: str, behavior: Json, _template: Json) -> bool:
    """Plain HTTP is redirected or refused."""
    return behavior["ViewerProtocolPolicy"] in ("redirect-to-https", "https-only")


@house_rule(gateway_behaviors, source="CloudFront API reference, AllowedMethods")
def every_behavior_takes_posts(_name: str, behavior: Json, _template: Json) -> bool:
    """Models are asked by POST: no path leaves it out."""
    return "POST" in behavior["AllowedMethods"]


@house_rule(gateway_behaviors, source="CloudFront developer guide, managed origin request policies")
def every_header_but_host_is_forwarded(_name: str, behavior: Json, _template: Json) -> bool:
    """The API gets what callers send but their Host, which it would refuse."""
    return bool(behavior["OriginRequestPolicyId"] == MANAGED_ALL_VIEWER_EXCEPT_HOST)


@house_rule(behaviors_that_keep, source="docs/adr/0004-what-the-edge-caches.md")
def cached_answers_are_keyed_by_who_asks(_name: str, behavior: Json, template: Json) -> bool:
    """What is kept is keyed by all that a caller says, and never by Host."""
    key = cache_key(behavior["CachePolicyId"], template)
    headers = headers_of_key(key)
    return (
        {"authorization", "accept"} <= headers
        and "host" not in headers
        and key["QueryStringsConfig"]["QueryStringBehavior"] == "all"
        and key["CookiesConfig"]["CookieBehavior"] == "all"
    )


@house_rule(behaviors_that_keep, source="CloudFront developer guide, minimum TTL")
def no_answer_is_kept_against_its_will(_name: str, behavior: Json, template: Json) -> bool:
    """What says that it must not be kept is not kept: no minimum TTL above 0."""
    policy = policy_named(behavior["CachePolicyId"], "AWS::CloudFront::CachePolicy", template)
    return bool(policy["CachePolicyConfig"]["MinTTL"] == 0)


@house_rule(gateway_distributions, source="docs/adr/0010-two-locks-one-edge-function.md")
def one_function_sees_every_request_first(_name: str, config: Json, _template: Json) -> bool:
    """Either no behavior has a function, or all have the same one, at viewer request."""
    default = config["DefaultCacheBehavior"].get("FunctionAssociations", [])
    others = [behavior.get("FunctionAssociations", []) for behavior in config.get("CacheBehaviors", [])]
    events = [association["EventType"] for association in default]
    return events in ([], ["viewer-request"]) and all(other == default for other in others)


@house_rule(gateway_behaviors, source="docs/edge.md; Fetch standard, CORS protocol and credentials")
def every_behavior_tells_no_more_than_the_policy(_name: str, behavior: Json, template: Json) -> bool:
    """A response headers policy of its own removes Server, and lets no page use the credentials of a browser."""
    policy_id = behavior["ResponseHeadersPolicyId"]
    policy = policy_named(policy_id, "AWS::CloudFront::ResponseHeadersPolicy", template)
    config = policy["ResponseHeadersPolicyConfig"]
    removed = {item["Header"].lower() for item in config["RemoveHeadersConfig"]["Items"]}
    allowed = config.get("CorsConfig", {}).get("AccessControlAllowCredentials", False)
    return "server" in removed and allowed is False


@house_rule(gateway_distributions, source="docs/adr/0011-errors-of-the-edge.md")
def errors_pass_as_they_are(_name: str, config: Json, _template: Json) -> bool:
    """No page replaces the body of an error, and what one caller did wrong is not kept for the next."""

    def passes(error: Json) -> bool:
        kept = error["ErrorCachingMinTTL"]
        return (
            not {"ResponsePagePath", "ResponseCode"} & error.keys()
            and isinstance(kept, int)
            and (kept == 0 or error["ErrorCode"] not in (400, 403, 405, 416))
        )

    errors = config["CustomErrorResponses"]
    return {error["ErrorCode"] for error in errors} == CACHEABLE_ERRORS and all(map(passes, errors))


EDGE_RULES: Final[tuple[HouseRule, ...]] = (
    every_origin_gets_the_secret,
    every_origin_is_fetched_over_tls_1_2,
    viewers_are_never_served_in_clear,
    every_behavior_takes_posts,
    every_header_but_host_is_forwarded,
    cached_answers_are_keyed_by_who_asks,
    no_answer_is_kept_against_its_will,
    one_function_sees_every_request_first,
    every_behavior_tells_no_more_than_the_policy,
    errors_pass_as_they_are,
)
