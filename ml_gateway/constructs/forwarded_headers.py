"""Which of a viewer's headers go on to the API."""

from functools import cached_property
from typing import Final

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

NOT_BESIDE_A_CACHE: Final = ("Host", "X-Forwarded-Proto", "X-Real-IP", "Proxy-Authorization")
"""Headers that do not reach a backend whose answers are kept. By another Host no API is found. The others are in no
cache key, and functions cannot remove them (CloudFront Developer Guide, "Restrictions on all edge functions"): an
answer that depends on what one viewer wrote there would be everybody's."""


class ForwardedHeaders:
    """The origin request policies of a distribution: all queries, all cookies, and all headers but a few.

    One of our own at most, for all behaviors that keep answers: an account has room for 20 (CloudFront quotas).
    """

    def __init__(self, scope: Construct) -> None:
        self._scope = scope

    def beside(self, cache_policy: cloudfront.ICachePolicy) -> cloudfront.IOriginRequestPolicy:
        """What fits a behavior with that cache policy. CachingDisabled is only named by CDK; all others are ours."""
        keeps_answers = isinstance(cache_policy, cloudfront.CachePolicy)
        return self._own if keeps_answers else cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER

    @cached_property
    def _own(self) -> cloudfront.OriginRequestPolicy:
        return cloudfront.OriginRequestPolicy(
            self._scope,
            "OriginRequests",
            comment="Leaves out what could change an answer that is kept",
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.all(),
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
            header_behavior=cloudfront.OriginRequestHeaderBehavior.deny_list(*NOT_BESIDE_A_CACHE),
        )
