"""Rules about what the edge keeps: by which key, for how long, and that nothing else decides about it.

What is expected is spelled out here.
"""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.edge_functions import our_settings
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_distributions import gateway_behaviors
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place

# CloudFront Developer Guide: the ids of its managed policies.
MANAGED_CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
MANAGED_ALL_VIEWER_EXCEPT_HOST: Final = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

NOT_BESIDE_A_CACHE: Final = frozenset({"host", "x-forwarded-proto", "x-real-ip", "proxy-authorization"})
"""Headers that are in no cache key and that no function can remove: what a viewer wrote there, a kept answer must not
depend on (CloudFront Developer Guide, "Restrictions on all edge functions")."""


def _own_cache_policy(behavior: Place) -> Place | None:
    """The cache policy of a behavior, or None if nothing is cached. Errors: one that is not of this template."""
    policy_id = behavior["CachePolicyId"]
    if policy_id.value == MANAGED_CACHING_DISABLED:
        return None
    policy = policy_id.refers_to("AWS::CloudFront::CachePolicy")
    if policy is None:
        raise policy_id.unreadable("is neither CachingDisabled nor a cache policy of this template")
    return policy


def cache_policy(behavior: Place) -> Place | None:
    """What an own cache policy says, or None if nothing is cached. Errors: any other policy."""
    policy = _own_cache_policy(behavior)
    return policy["CachePolicyConfig"] if policy is not None else None


def keyed_headers(policy: Place) -> set[str]:
    """The headers in the cache key, in lower case."""
    headers = policy["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    return {header.lower() for header in headers.texts()}


@house_rule(
    "CachedAnswersAreKeyedByWhoAsks",
    "a cache key has Authorization, Accept, all queries and all cookies, and never Host",
    subjects=gateway_behaviors,
    source="docs/adr/0004-what-the-edge-caches.md",
)
def cached_answers_are_keyed_by_who_asks(behavior: Place) -> Iterator[Finding]:
    policy = cache_policy(behavior)
    if policy is None:
        return
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    headers = keyed_headers(policy)
    if not {"authorization", "accept"} <= headers or "host" in headers:
        yield key["HeadersConfig"]["Headers"].wrong("lacks Authorization or Accept, or has Host")
    yield from key["QueryStringsConfig"]["QueryStringBehavior"].must_be("all")
    yield from key["CookiesConfig"]["CookieBehavior"].must_be("all")


@house_rule(
    "AnswersAreNotKeptAgainstTheirWill",
    "a cache policy keeps nothing longer than the answer itself says: its minimum TTL is 0",
    subjects=gateway_behaviors,
    source="CloudFront Developer Guide, Manage how long content stays in the cache",
)
def answers_are_not_kept_against_their_will(behavior: Place) -> Iterator[Finding]:
    policy = cache_policy(behavior)
    if policy is not None:
        yield from policy["MinTTL"].must_be(0)


@house_rule(
    "HeadersButHostAreForwarded",
    "the API gets all queries, cookies and headers but Host, and of what could change a kept answer nothing",
    subjects=gateway_behaviors,
    source="CloudFront Developer Guide, Use managed origin request policies; docs/adr/0019-one-edge-function-always.md",
)
def headers_but_host_are_forwarded(behavior: Place) -> Iterator[Finding]:
    policy_id = behavior["OriginRequestPolicyId"]
    if _own_cache_policy(behavior) is None:
        yield from policy_id.must_be(MANAGED_ALL_VIEWER_EXCEPT_HOST)
        return
    policy = policy_id.refers_to("AWS::CloudFront::OriginRequestPolicy")
    if policy is None:
        raise policy_id.unreadable("is no origin request policy of this template, and answers are kept")
    forwarded = policy["OriginRequestPolicyConfig"]
    yield from forwarded["QueryStringsConfig"]["QueryStringBehavior"].must_be("all")
    yield from forwarded["CookiesConfig"]["CookieBehavior"].must_be("all")
    yield from forwarded["HeadersConfig"]["HeaderBehavior"].must_be("allExcept")
    left_out = forwarded["HeadersConfig"]["Headers"]
    wanted = NOT_BESIDE_A_CACHE | ({"origin"} if _ends_at_the_edge("origin", behavior) else frozenset())
    if {header.lower() for header in left_out.texts()} != wanted:
        yield left_out.wrong(f"is not {', '.join(sorted(wanted))}")


def _ends_at_the_edge(header: str, behavior: Place) -> bool:
    """Whether the gateway's function leaves the header to CloudFront, which answers pages by it, and no key has it."""
    if our_settings(behavior).get("cors") is None:
        return False
    policy = cache_policy(behavior)
    return policy is not None and header not in keyed_headers(policy)


@house_rule(
    "WhatIsInNoKeyDoesNotPass",
    "where answers are kept a GET takes on the headers in the cache key alone, and elsewhere all that it has",
    subjects=gateway_behaviors,
    source="docs/adr/0004-what-the-edge-caches.md",
)
def what_is_in_no_key_does_not_pass(behavior: Place) -> Iterator[Finding]:
    policy = cache_policy(behavior)
    passing = our_settings(behavior).get("keyed")
    wanted = sorted(keyed_headers(policy)) if policy is not None else None
    if passing != wanted:
        yield behavior["FunctionAssociations"].wrong(
            f"is of a function that keeps a GET to {'all' if passing is None else passing}, not {wanted or 'all'}"
        )


@house_rule(
    "NoCookieIsKept",
    "where answers are kept their Set-Cookie is removed: the next caller would get the cookie of the first",
    subjects=gateway_behaviors,
    source="CloudFront Developer Guide, Cache content based on cookies",
)
def no_cookie_is_kept(behavior: Place) -> Iterator[Finding]:
    if _own_cache_policy(behavior) is None:
        return
    policy = behavior["ResponseHeadersPolicyId"].refers_to("AWS::CloudFront::ResponseHeadersPolicy")
    if policy is None:
        yield behavior["ResponseHeadersPolicyId"].wrong("is no response headers policy of this template")
        return
    removed = policy["ResponseHeadersPolicyConfig"]["RemoveHeadersConfig"]["Items"]
    if "set-cookie" not in {item["Header"].text().lower() for item in removed.items()}:
        yield removed.wrong("lacks Set-Cookie")
