"""What the edge adds to answers, and what it takes away."""

from datetime import timedelta
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.config import CorsConfig
from ml_gateway.constructs.cors import CORS_MAX_AGE, CORS_METHODS, EXPOSED_HEADERS, REGION_HEADER, request_headers

REMOVED_HEADERS: Final = ("Server", "x-amzn-remapped-server", "X-Powered-By")
"""Headers that tell what a backend runs on; API Gateway passes a backend's Server on under the second name."""

HSTS_MAX_AGE: Final = timedelta(days=365)

CONTENT_SECURITY_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""Answers are data: a browser that shows one as a page loads and runs nothing, and nobody frames it."""


def define_response_headers_policy(
    scope: Construct, construct_id: str, *, region: str | None, security_headers: bool, cors: CorsConfig | None
) -> cloudfront.ResponseHeadersPolicy:
    """The policy for all answers of the API: its errors too, while CloudFront runs no function on 400 and above.

    `REMOVED_HEADERS` go, `x-gateway-region` says `region`, if it is known. What the policy sets wins over what came.
    """
    return cloudfront.ResponseHeadersPolicy(
        scope,
        construct_id,
        remove_headers=list(REMOVED_HEADERS),
        custom_headers_behavior=_render_region(region) if region else None,
        security_headers_behavior=_render_security_headers() if security_headers else None,
        cors_behavior=_render_cors(cors) if cors else None,
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
