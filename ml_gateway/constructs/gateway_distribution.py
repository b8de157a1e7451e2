"""The distribution in front of the API."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from aws_cdk import Duration, SecretValue
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from ml_gateway.config import CountriesConfig
from ml_gateway.constructs.cache_policies import CachePolicies
from ml_gateway.constructs.edge_function import EdgeFunction
from ml_gateway.constructs.edge_functions import EdgeFunctions
from ml_gateway.constructs.forwarded_headers import ForwardedHeaders
from ml_gateway.constructs.gateway_domain import MINIMUM_TLS, GatewayDomain
from ml_gateway.constructs.gateway_origin import GatewayOrigin
from ml_gateway.constructs.response_headers import ResponseHeaders
from ml_gateway.design import EdgeDesign, Keyed, ServiceQuotas
from ml_gateway.headers import spelled
from ml_gateway.policy import acknowledge
from ml_gateway.wording import format_duration

_ERRORS_OF_THE_CALLER: Final = (400, 403, 405, 416)
"""Never kept: where nothing else is cached a caller's key is no part of the cache key, and one caller's refusal would
answer all others."""

_PAUSED: Final = 503
"""Never kept either: a model that goes on answers at once. CloudFront may keep an error for its caching minimum TTL
whatever the origin's Cache-Control says."""

_ERRORS_OF_THE_PATH: Final = (404, 414, 500, 501, 502, 504)
"""The other codes that CloudFront would keep, most of them for 10 s. It has custom error responses for both."""

_PRICE_CLASSES: Final = {
    "PriceClass_100": cloudfront.PriceClass.PRICE_CLASS_100,
    "PriceClass_200": cloudfront.PriceClass.PRICE_CLASS_200,
    "PriceClass_All": cloudfront.PriceClass.PRICE_CLASS_ALL,
}

_NOTHING_ELSE: Final = EdgeDesign()
_OF_EVERY_ACCOUNT: Final = ServiceQuotas()


class GatewayDistribution(Construct):
    """A distribution made for an API: all methods, every viewer header but Host, nothing cached by default.

    It adds the origin custom headers that prove to the API that a request came this way, and each behavior has the edge
    function. `edge` says what else it does. Bodies of errors always pass as they are. `CachePolicies` has what tells
    kept answers apart.

    Where `origin.callers` have keys of their own, what comes over plain HTTP is refused, since a redirect would answer
    a key that has already travelled in clear, and the key is in the key of each cache. A cache hit counts for no quota.

    A firewall and an access log are constructs of their own: `web_acl` is the first's, in us-east-1. `quotas` are those
    of the account. `overrides`: the store of `VersionOverrides`, where `edge` has splits. Errors: a response timeout
    beyond the quotas; splits without a store.
    """

    distribution: cloudfront.Distribution
    functions: tuple[EdgeFunction, ...]
    """That of the default behavior first."""
    domain_name: str
    """Of your own, or the one that CloudFront gave."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        origin: GatewayOrigin,
        edge: EdgeDesign = _NOTHING_ELSE,
        web_acl: wafv2.CfnWebACL | None = None,
        comment: str | None = None,
        quotas: ServiceQuotas = _OF_EVERY_ACCOUNT,
        overrides: cloudfront.IKeyValueStore | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        if edge.response_timeout > quotas.response_timeout:
            raise ValueError(
                f"edge.response_timeout: {format_duration(edge.response_timeout)} is longer than the "
                f"{format_duration(quotas.response_timeout)} that CloudFront waits; write at most that, or "
                "quotas=ServiceQuotas(response_timeout=...) once AWS raised it for the account"
            )
        domain = GatewayDomain(self, "Domain", domain=edge.domain) if edge.domain else None
        policies = CachePolicies(
            self,
            cache=edge.cache,
            model_caches=edge.model_caches,
            never_kept=edge.never_kept,
            callers=origin.callers,
        )
        functions = EdgeFunctions(
            self,
            callers=origin.callers,
            edge=edge,
            default=policies.keyed(policies.default),
            overrides=overrides,
        )
        behavior = self._behaviors(origin, edge, policies, functions)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=comment,
            enabled=True,
            enable_ipv6=True,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=_PRICE_CLASSES[edge.price_class],
            domain_names=[domain.name] if domain else None,
            certificate=domain.certificate if domain else None,
            minimum_protocol_version=MINIMUM_TLS if domain else None,
            ssl_support_method=cloudfront.SSLMethod.SNI if domain else None,
            default_behavior=behavior(policies.default),
            additional_behaviors={path: behavior(policy) for path, policy in policies.by_path.items()},
            error_responses=_render_errors(edge.error_caching),
            geo_restriction=_render_countries(edge.countries) if edge.countries else None,
            web_acl_id=web_acl.attr_arn if web_acl else None,
        )
        self.functions = functions.all
        # It names its secrets literally, so that no reference orders them.
        self.distribution.node.add_dependency(*origin.after)
        self.domain_name = domain.name if domain else self.distribution.distribution_domain_name
        if domain:
            domain.add_alias_records(self.distribution)
        self._acknowledge_policy(edge, web_acl)

    def _behaviors(
        self, origin: GatewayOrigin, edge: EdgeDesign, policies: CachePolicies, functions: EdgeFunctions
    ) -> Callable[[cloudfront.ICachePolicy], cloudfront.BehaviorOptions]:
        """What all behaviors have in common. They differ in how long answers are kept, and what that rules out."""
        alike = partial(
            cloudfront.BehaviorOptions,
            origin=_render_origin(origin, edge.response_timeout),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cached_methods=cloudfront.CachedMethods.CACHE_GET_HEAD,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY
            if isinstance(origin.callers, Keyed)
            else cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        )
        forwarded = ForwardedHeaders(self, cors=edge.cors is not None)
        answered = ResponseHeaders(self, region=origin.region, security_headers=edge.security_headers, cors=edge.cors)

        def behavior(policy: cloudfront.ICachePolicy) -> cloudfront.BehaviorOptions:
            keyed = policies.keyed(policy)
            return alike(
                cache_policy=policy,
                origin_request_policy=forwarded.beside(keyed),
                response_headers_policy=answered.of(kept=keyed is not None),
                function_associations=[functions.beside(keyed).association],
            )

        return behavior

    def _acknowledge_policy(self, edge: EdgeDesign, web_acl: wafv2.CfnWebACL | None) -> None:
        if edge.countries is None:
            acknowledge(
                self.distribution,
                "AwsSolutions-CFR1",
                "an API for services: who may call is not decided by country, or else by the web ACL",
            )
        if web_acl is None:
            acknowledge(
                self.distribution,
                "AwsSolutions-CFR2",
                "the usage plan limits what passes; a web ACL costs extra and is a decision of the file's owner",
            )
        acknowledge(
            self.distribution,
            "AwsSolutions-CFR3",
            "the rule sees CloudFront's older logging alone; the newer one is a delivery beside the distribution, and "
            "the API's access log has a line for each request that reaches it",
        )
        if edge.domain is None:
            acknowledge(
                self.distribution,
                "AwsSolutions-CFR4",
                "CloudFront's default certificate does not let a distribution raise the viewer's TLS version",
            )


def _render_origin(origin: GatewayOrigin, response_timeout: timedelta) -> origins.HttpOrigin:
    https = origin.protocol == "https"
    return origins.HttpOrigin(
        origin.domain_name,
        origin_path=origin.origin_path or None,
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
            spelled(header): SecretValue.secrets_manager(secret_name).unsafe_unwrap()
            for header, secret_name in origin.headers.items()
        },
    )


def _render_errors(kept: timedelta) -> list[cloudfront.ErrorResponse]:
    """How long errors are kept. No page: it would replace the body of every error of that code, whoever answered it."""
    never, as_said = Duration.seconds(0), Duration.seconds(kept.total_seconds())
    lifetimes = dict.fromkeys((*_ERRORS_OF_THE_CALLER, _PAUSED), never) | dict.fromkeys(_ERRORS_OF_THE_PATH, as_said)
    return [cloudfront.ErrorResponse(http_status=status, ttl=lifetimes[status]) for status in sorted(lifetimes)]


def _render_countries(countries: CountriesConfig) -> cloudfront.GeoRestriction:
    if countries.allow:
        return cloudfront.GeoRestriction.allowlist(*countries.allow)
    return cloudfront.GeoRestriction.denylist(*countries.deny)
