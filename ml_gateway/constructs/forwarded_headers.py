"""Which of a viewer's headers go on to the API, of those that no function decides about."""

from collections.abc import Collection
from typing import Final

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

NOT_BESIDE_A_CACHE: Final = ("Host", "X-Forwarded-Proto", "X-Real-IP", "Proxy-Authorization")
"""Headers that do not reach a backend whose answers are kept. By another Host no API is found. The others are in no
cache key, and functions cannot remove them (CloudFront Developer Guide, "Restrictions on all edge functions"): an
answer that depends on what one viewer wrote there would be everybody's."""

READ_BY_CORS: Final = "Origin"
"""What the edge answers pages by. The function leaves it to CloudFront, and it ends there unless it is in the key."""


class ForwardedHeaders:
    """The origin request policies of a distribution: all queries, all cookies, and all headers but a few.

    What is in no cache key the edge function takes out of a GET; these are for what it cannot, at most 5 of the 10 that
    a policy may name (CloudFront Developer Guide, "Quotas on policies"). An allow-list would hold for POST, too, which
    has to pass whole. One of our own for all behaviors that keep answers, or two where `cors` answers pages and some
    keys have Origin: an account has room for 20.
    """

    def __init__(self, scope: Construct, *, cors: bool) -> None:
        self._scope = scope
        self._cors = cors
        self._defined: dict[bool, cloudfront.OriginRequestPolicy] = {}

    def beside(self, keyed: Collection[str] | None) -> cloudfront.IOriginRequestPolicy:
        """What fits a behavior with these headers in the cache key; None: it keeps nothing."""
        if keyed is None:
            return cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
        withheld = self._cors and READ_BY_CORS.lower() not in {header.lower() for header in keyed}
        if withheld not in self._defined:
            self._defined[withheld] = self._define(withheld)
        return self._defined[withheld]

    def _define(self, without_origin: bool) -> cloudfront.OriginRequestPolicy:
        left_out = (*NOT_BESIDE_A_CACHE, READ_BY_CORS) if without_origin else NOT_BESIDE_A_CACHE
        return cloudfront.OriginRequestPolicy(
            self._scope,
            "OriginRequests" if without_origin == self._cors else "OriginRequestsWithOrigin",
            comment="Leaves out what could change an answer that is kept",
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.all(),
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
            header_behavior=cloudfront.OriginRequestHeaderBehavior.deny_list(*left_out),
        )
