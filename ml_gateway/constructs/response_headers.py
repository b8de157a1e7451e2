"""What the edge adds to answers, and what it takes away."""

from datetime import timedelta
from functools import cached_property
from typing import Any, Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.config import CorsConfig
from ml_gateway.design.cors import CORS_MAX_AGE, CORS_METHODS, EXPOSED_HEADERS, REGION_HEADER, request_headers

REMOVED_HEADERS: Final = ("Server", "x-amzn-remapped-server", "X-Powered-By")
"""Headers that tell what a backend runs on; API Gateway passes a backend's Server on under the second name."""

NOT_KEPT: Final = "Set-Cookie"
"""CloudFront keeps it with the answer and gives it to the next caller (CloudFront Developer Guide, "Cache content based
on cookies"). The policy takes it off what comes from the cache, too (there, "Add or remove HTTP headers in CloudFront
responses with a policy")."""

HSTS_MAX_AGE: Final = timedelta(days=365)

CONTENT_SECURITY_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""Answers are data: a browser that shows one as a page loads and runs nothing, and nobody frames it."""


class ResponseHeaders:
    """The policies for all answers of the API: its errors too, while CloudFront runs no function on 400 and above.

    `REMOVED_HEADERS` go. `x-gateway-region` says `region`, if it is known; else nobody says it. What a policy sets wins
    over what came. One for behaviors that keep nothing, and one, without `Set-Cookie`, for those that do: an account
    has room for 20.
    """

    def __init__(
        self, scope: Construct, *, region: str | None, security_headers: bool, cors: CorsConfig | None
    ) -> None:
        self._scope = scope
        self._removed = REMOVED_HEADERS if region else (*REMOVED_HEADERS, REGION_HEADER)
        self._settings: dict[str, Any] = {
            "custom_headers_behavior": _render_region(region) if region else None,
            "security_headers_behavior": _render_security_headers() if security_headers else None,
            "cors_behavior": _render_cors(cors) if cors else None,
        }

    def of(self, *, kept: bool) -> cloudfront.ResponseHeadersPolicy:
        """The policy of a behavior, by whether it keeps answers."""
        return self._kept if kept else self._passed

    @cached_property
    def _passed(self) -> cloudfront.ResponseHeadersPolicy:
        return self._define("ResponseHeaders", self._removed)

    @cached_property
    def _kept(self) -> cloudfront.ResponseHeadersPolicy:
        return self._define("KeptResponseHeaders", (*self._removed, NOT_KEPT))

    def _define(self, construct_id: str, removed: tuple[str, ...]) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self._scope, construct_id, remove_headers=list(removed), **self._settings
        )


def _render_region(region: str) -> cloudfront.ResponseCustomHeadersBehavior:
    header = cloudfront.ResponseCustomHeader(header=REGION_HEADER, value=region, override=True)
    return cloudfront.ResponseCustomHeadersBehavior(custom_headers=[header])


def _render_cors(cors: CorsConfig) -> cloudfront.ResponseHeadersCorsBehavior:
    return cloudfront.ResponseHeadersCorsBehavior(
        access_control_allow_credentials=False,
        access_control_allow_origins=list(cors.origins),
        access_control_allow_methods=list(CORS_METHODS),
        access_control_allow_headers=list(request_headers(cors)),
        access_control_expose_headers=list(EXPOSED_HEADERS),
        access_control_max_age=Duration.seconds(CORS_MAX_AGE.total_seconds()),
        origin_override=True,
    )


def _render_security_headers() -> cloudfront.ResponseSecurityHeadersBehavior:
    return cloudfront.ResponseSecurityHeadersBehavior(
        # Without includeSubDomains: what lies below the gateway's name is not the gateway's to decide about.
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=Duration.seconds(HSTS_MAX_AGE.total_seconds()), override=True
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption.DENY, override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
        ),
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=CONTENT_SECURITY_POLICY, override=True
        ),
    )
