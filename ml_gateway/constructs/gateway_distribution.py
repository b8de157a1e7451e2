"""The distribution in front of the API."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from ml_gateway.config import CacheConfig
from ml_gateway.config.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.constructs.accept_keys import define_accept_keys
from ml_gateway.constructs.gateway_origin import GatewayOrigin
from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.policy import acknowledge

USUAL_RESPONSE_TIMEOUT: Final = timedelta(seconds=30)
"""One second more than the usual integration timeout: the API's own 504 in JSON arrives before the edge gives up."""

_CACHEABLE_ERRORS: Final = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""The error codes that CloudFront would cache, most of them for 10 s (custom error responses take these codes)."""


class GatewayDistribution(Construct):
    """A distribution made for an API: all methods, every viewer header but Host, nothing cached by default.

    It adds the origin custom headers that prove to the API that a request came this way. With `cache` the answers to
    GET and HEAD are cached, keyed by the query string, all cookies, `ALWAYS_IN_CACHE_KEY` and `cache.headers`; an
    answer that varies on any other header would reach callers it was not meant for. Errors are never cached.

    `response_timeout` is how long CloudFront waits for the first byte of an answer, and in every gap of a stream: 1 to
    120 s, in whole seconds (its default quota).

    `accepted_keys`, some of `KEY_FORMS`, are the forms in which clients send keys of their own. With any, what comes
    over plain HTTP is refused, since a redirect would answer a key that has already travelled in clear; and
    `x-api-key` is in the cache key, so that no client gets what another one paid for. A cache hit counts for no quota.
    """

    distribution: cloudfront.Distribution

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        origin: GatewayOrigin,
        cache: CacheConfig | None = None,
        response_timeout: timedelta = USUAL_RESPONSE_TIMEOUT,
        comment: str | None = None,
        accepted_keys: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        keyed_headers = (*ALWAYS_IN_CACHE_KEY, API_KEY_HEADER) if accepted_keys else ALWAYS_IN_CACHE_KEY
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=comment,
            enabled=True,
            enable_ipv6=True,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=self._render_origin(origin, response_timeout),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cached_methods=cloudfront.CachedMethods.CACHE_GET_HEAD,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
                if accepted_keys
                else cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=self._define_cache_policy(cache, keyed_headers),
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                function_associations=self._define_functions(accepted_keys),
            ),
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in _CACHEABLE_ERRORS
            ],
        )
        self._acknowledge_policy()

    @property
    def domain_name(self) -> str:
        return self.distribution.distribution_domain_name

    def _define_functions(self, accepted_keys: Sequence[str]) -> list[cloudfront.FunctionAssociation] | None:
        if not accepted_keys:
            return None
        return [
            cloudfront.FunctionAssociation(
                function=define_accept_keys(self, "AcceptKeys", accepted_keys=accepted_keys),
                event_type=cloudfront.FunctionEventType.VIEWER_REQUEST,
            )
        ]

    def _define_cache_policy(self, cache: CacheConfig | None, keyed_headers: Sequence[str]) -> cloudfront.ICachePolicy:
        if cache is None:
            return cloudfront.CachePolicy.CACHING_DISABLED
        return cloudfront.CachePolicy(
            self,
            "CachePolicy",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(cache.default.total_seconds()),
            max_ttl=Duration.seconds(cache.max.total_seconds()),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*keyed_headers, *cache.headers),
            cookie_behavior=cloudfront.CacheCookieBehavior.all(),
            # Accept-Encoding reaches the backend, so a compressed answer must not go to who cannot read it: with
            # these two CloudFront puts the normalised header into the cache key.
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    @staticmethod
    def _render_origin(origin: GatewayOrigin, response_timeout: timedelta) -> origins.HttpOrigin:
        https = origin.protocol == "https"
        return origins.HttpOrigin(
            origin.domain_name,
            origin_path=origin.origin_path,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY
            if https
            else cloudfront.OriginProtocolPolicy.HTTP_ONLY,
            https_port=origin.port if https else None,
            http_port=None if https else origin.port,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            read_timeout=Duration.seconds(response_timeout.total_seconds()),
            # A second attempt would have the model compute, and somebody pay, twice.
            connection_attempts=1,
            custom_headers={
                header: SecretValue.secrets_manager(secret_name).unsafe_unwrap()
                for header, secret_name in origin.headers.items()
            },
        )

    def _acknowledge_policy(self) -> None:
        acknowledge(
            self.distribution, "AwsSolutions-CFR1", "an API for services: who may call is not decided by country"
        )
        acknowledge(
            self.distribution,
            "AwsSolutions-CFR2",
            "the usage plan limits what passes; a web ACL costs extra and is a decision of the file's owner",
        )
        acknowledge(
            self.distribution, "AwsSolutions-CFR3", "the API's access log has a line for each request that reaches it"
        )
        acknowledge(
            self.distribution,
            "AwsSolutions-CFR4",
            "CloudFront's default certificate does not let a distribution raise the viewer's TLS version",
        )
